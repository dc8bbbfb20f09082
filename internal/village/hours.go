package village

import (
	"fmt"
	"time"
)

// QuietHours are the group's own, or the usual ones.
func (g Group) QuietHours() Quiet {
	if g.Quiet == nil {
		return Night()
	}
	return *g.Quiet
}

// Later gives t itself, or the end of the quiet hours that t lies in. When that
// end comes after limit, it cannot wait and stays where it is.
func (q Quiet) Later(t, limit time.Time, zone *time.Location) time.Time {
	if end := q.After(t, zone); !end.After(limit) {
		return end
	}
	return t
}

// String is "21:00-8:00", or "off". Where that could be read as before noon or after it, it is "8:00 am-10:00 am".
func (q Quiet) String() string {
	open := func(minute int) bool { return minute >= 60 && minute < 13*60 }
	switch {
	case q.From == q.To:
		return "off"
	case open(q.From) && open(q.To):
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		clock := func(minute int) string { return day.Add(time.Duration(minute) * time.Minute).Format("3:04 pm") }
		return clock(q.From) + "-" + clock(q.To)
	}
	return fmt.Sprintf("%d:%02d-%d:%02d", q.From/60, q.From%60, q.To/60, q.To%60)
}

// LongestQuiet is how long quiet hours may be, so that eight hours a day are left.
const LongestQuiet = 16 * time.Hour

// QuietBetween are the quiet hours from one minute after midnight to another. Its error is *Error: "quiet-long" for
// more than [LongestQuiet].
func QuietBetween(from, to int) (Quiet, error) {
	if length := time.Duration((to-from+24*60)%(24*60)) * time.Minute; length > LongestQuiet {
		return Quiet{}, refuse("quiet-long", "That leaves less than eight hours a day for everything I have to say.", "For example: 21:00-8:00.")
	}
	return Quiet{From: from, To: to}, nil
}
