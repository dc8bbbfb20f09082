// Package calendar draws a small picture of a few weeks: sessions, whether
// their help is covered, and how the days were. It is read on a phone: letters are 26
// pixels high in a picture 800 wide, and only weeks with something in them are drawn.
// Every colour stands beside a word, so that nothing depends on telling colours apart,
// and the same facts belong into words for those who do not see the picture.
//
// Promised: the same weeks give the same picture, byte for byte. Not promised:
// that more than ten weeks fit.
package calendar

import (
	"fmt"
	"image"
	"strconv"
	"strings"
	"time"

	"village/handlers/picture"
)

// MaxWeeks is how many weeks are drawn at most.
const MaxWeeks = 10

// Day is what there is to show of one day.
type Day struct {
	// Session is the hour in a few letters, such as "1:00 pm"; empty: none.
	Session string
	Done    bool // the session is behind
	// Covered of Wanted requests for help have somebody.
	Covered, Wanted int
	// Feeling is the day's check-in in a short word.
	Feeling string
}

// sizes in pixels
const (
	margin = 15
	cellW  = (picture.Width - 2*margin) / 7
	cellH  = 140
	head   = 108
	foot   = 16
	// Many weeks are drawn closer together, with letters of the same size: what a day was
	// like stands where its help stood.
	roomy = 4
	tight = 104
)

// PNG draws the weeks from first to last in which there is something, and that of
// today, at most MaxWeeks of them; they begin on the given weekday. Days are found by
// their date, such as "2026-12-01"; first, last and today are dates on a clock without
// a zone. The error is the encoder's or the fonts'.
func PNG(title string, begins time.Weekday, first, last, today time.Time, days map[string]Day) ([]byte, error) {
	weeks := drawn(begins, first, last, today, days)
	high := cellH
	if len(weeks) > roomy {
		high = tight
	}
	c, err := grid(title, weeks, high, 0)
	if err != nil {
		return nil, err
	}
	each(c, weeks, high, today, func(d cell) { d.draw(days[d.date.Format(time.DateOnly)]) })
	return c.PNG()
}

// grid is an empty calendar with room below it.
func grid(title string, weeks []time.Time, high, below int) (*picture.Canvas, error) {
	c, err := picture.New(head + len(weeks)*high + foot + below)
	if err != nil {
		return nil, err
	}
	c.Text(c.Large, c.Ink, margin, 46, title)
	for i := range 7 {
		c.Text(c.Small, c.Grey, margin+i*cellW+8, head-14, weeks[0].AddDate(0, 0, i).Format("Mon"))
	}
	return c, nil
}

// each visits the days of weeks as cells.
func each(c *picture.Canvas, weeks []time.Time, high int, today time.Time, visit func(cell)) {
	for w, week := range weeks {
		for i := range 7 {
			date := week.AddDate(0, 0, i)
			visit(cell{Canvas: c, at: image.Pt(margin+i*cellW, head+w*high), high: high, date: date, today: date.Equal(today), month: i == 0 || date.Day() == 1})
		}
	}
}

// WeekOf is the first day of the week that a date is in.
func WeekOf(begins time.Weekday, date time.Time) time.Time {
	return date.AddDate(0, 0, -(int(date.Weekday())-int(begins)+7)%7)
}

// drawn are the first days of the weeks with something in them.
func drawn(begins time.Weekday, first, last, today time.Time, days map[string]Day) []time.Time {
	var weeks []time.Time
	for week := WeekOf(begins, first); !week.After(last) && len(weeks) < MaxWeeks; week = week.AddDate(0, 0, 7) {
		some := WeekOf(begins, today).Equal(week)
		for i := range 7 {
			_, day := days[week.AddDate(0, 0, i).Format(time.DateOnly)]
			some = some || day
		}
		if some {
			weeks = append(weeks, week)
		}
	}
	if len(weeks) == 0 {
		weeks = []time.Time{WeekOf(begins, first)}
	}
	return weeks
}

// cell is one day in the picture.
type cell struct {
	*picture.Canvas
	at           image.Point
	high         int
	date         time.Time
	today, month bool
}

// ground draws the cell and its number.
func (c cell) ground() {
	area := image.Rect(c.at.X, c.at.Y, c.at.X+cellW, c.at.Y+c.high)
	c.Fill(area, c.Line)
	inside := area
	inside.Max = inside.Max.Sub(image.Pt(2, 2))
	shade := c.Ground
	number, face := strconv.Itoa(c.date.Day()), c.Small
	if c.month {
		number = c.date.Format("2 Jan")
	}
	if c.today {
		shade, face = c.Pale, c.Strong
		if !c.month {
			number += " today"
		}
	}
	c.Fill(inside, shade)
	if c.today {
		c.Fill(image.Rect(c.at.X, c.at.Y, c.at.X+cellW-2, c.at.Y+5), c.Blue)
	}
	c.Text(face, c.Ink, c.at.X+8, c.at.Y+32, number)
}

// draw writes the number, then the session, the help and the feeling.
func (c cell) draw(d Day) {
	c.ground()
	if d.Session != "" {
		shade, label := c.Blue, strings.ReplaceAll(d.Session, " ", "")
		if d.Done {
			shade, label = c.Grey, "done"
		}
		c.Fill(image.Rect(c.at.X+3, c.at.Y+40, c.at.X+cellW-5, c.at.Y+72), shade)
		c.Text(c.Small, c.Pale, c.at.X+5, c.at.Y+65, label)
	}
	if d.Wanted > 0 {
		shade := c.Green
		if d.Covered < d.Wanted {
			shade = c.Amber
		}
		c.Text(c.Strong, shade, c.at.X+8, c.at.Y+100, fmt.Sprintf("help %d/%d", d.Covered, d.Wanted))
	}
	switch {
	case d.Feeling == "":
	case c.high == cellH:
		c.Text(c.Small, c.Ink, c.at.X+8, c.at.Y+130, d.Feeling)
	case d.Wanted == 0: // a day that is behind needs nobody any more
		c.Text(c.Small, c.Ink, c.at.X+8, c.at.Y+97, d.Feeling)
	}
}
