package calendar

import (
	"fmt"
	"time"
)

// Load is what a day asks of a group.
type Load struct {
	// Open requests have nobody, Held ones somebody; Posts are reminders in channels.
	Open, Held, Posts int
}

// Key is the words of a load, each with what it means.
type Key struct{ Open, OpenMeans, Held, HeldMeans, Posts, PostsMean string }

// Weeks is how many weeks of loads are drawn.
const Weeks = 4

// line is how far below one another the lines of the key are.
const line = 36

// Loads draws the week of today and the three after it, with what each day asks of a
// group. Days are found by their date, and today is a date on a clock without a zone. The
// error is the encoder's or the fonts'.
func Loads(title string, key Key, begins time.Weekday, today time.Time, days map[string]Load) ([]byte, error) {
	var weeks []time.Time
	for i := range Weeks {
		weeks = append(weeks, WeekOf(begins, today).AddDate(0, 0, 7*i))
	}
	c, err := grid(title, weeks, cellH, 3*line)
	if err != nil {
		return nil, err
	}
	each(c, weeks, cellH, today, func(d cell) {
		d.ground()
		d.load(key, days[d.date.Format(time.DateOnly)])
	})
	y := head + Weeks*cellH + line
	for _, k := range [][2]string{{key.Open, key.OpenMeans}, {key.Held, key.HeldMeans}, {key.Posts, key.PostsMean}} {
		c.Text(c.Small, c.Ink, margin+8, y, k[0]+": "+k[1])
		y += line
	}
	return c.PNG()
}

// load writes what there is, a line each, the words first.
func (c cell) load(key Key, l Load) {
	y := c.at.Y + 66
	if l.Open > 0 {
		c.Text(c.Strong, c.Amber, c.at.X+8, y, fmt.Sprintf("%s %d", key.Open, l.Open))
		y += 32
	}
	if l.Held > 0 {
		c.Text(c.Strong, c.Green, c.at.X+8, y, fmt.Sprintf("%s %d", key.Held, l.Held))
		y += 32
	}
	if l.Posts > 0 {
		c.Text(c.Small, c.Grey, c.at.X+8, y, fmt.Sprintf("%s %d", key.Posts, l.Posts))
	}
}
