package words

import (
	"strings"
	"time"
)

// DayLoad is what a day asks of a group: requests that are open and that have somebody,
// and reminders in channels. Day is a date on a clock without a zone.
type DayLoad struct {
	Day               time.Time
	Open, Held, Posts int
}

// FourWeeks is the title of the picture of some weeks, and the same in words.
func (to Reader) FourWeeks(days []DayLoad) (title, alt string) {
	title = to.say("Four weeks at a glance")
	var lines []string
	posts := 0
	for _, d := range days {
		posts += d.Posts
		if d.Open+d.Held > 0 {
			lines = append(lines, to.say("%s: %d open, %d with somebody", d.Day.Format("Mon 2 Jan"), d.Open, d.Held))
		}
	}
	alt = title + ". " + strings.Join(lines, "; ") + "."
	if posts > 0 {
		alt = sentences(alt, to.say("Reminders in channels: %d.", posts))
	}
	return title, Clip(alt, 1000)
}

// FourWeeksKey is the words in the picture and what they mean.
func (to Reader) FourWeeksKey() struct{ Open, OpenMeans, Held, HeldMeans, Posts, PostsMean string } {
	return struct{ Open, OpenMeans, Held, HeldMeans, Posts, PostsMean string }{
		to.say("open"), to.say("nobody has said yes"), to.say("yes"), to.say("somebody is down for it"), to.say("posts"), to.say("reminders in channels")}
}
