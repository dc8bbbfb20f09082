package village

import (
	"cmp"
	"slices"
	"time"
)

// Feeling is an answer to "how is today?".
type Feeling string

// The answers.
const (
	Better  Feeling = "better"
	Same    Feeling = "same"
	Heavier Feeling = "heavier"
	HelpMe  Feeling = "help"
)

// keepDays is how many days a check-in is kept.
const keepDays = 120

// Diary is a person's own check-ins, a day each, by day. Nobody else reads
// them.
type Diary struct {
	Days []DiaryDay `json:"days"`
}

// DiaryDay is one check-in; Day is a date such as "2026-12-02".
type DiaryDay struct {
	Day     string  `json:"day"`
	Feeling Feeling `json:"feeling"`
}

// Noted adds a check-in, in place of an earlier one of the same day. What is
// older than 120 days goes.
func (d Diary) Noted(f Feeling, now time.Time, zone *time.Location) Diary {
	day := now.In(zone).Format(time.DateOnly)
	oldest := now.In(zone).AddDate(0, 0, -keepDays).Format(time.DateOnly)
	d.Days = slices.DeleteFunc(slices.Clone(d.Days), func(e DiaryDay) bool { return e.Day == day || e.Day < oldest })
	d.Days = append(d.Days, DiaryDay{Day: day, Feeling: f})
	slices.SortFunc(d.Days, func(a, b DiaryDay) int { return cmp.Compare(a.Day, b.Day) })
	return d
}

// KeptUntil is when the whole diary is removed: 120 days after the last entry.
func (Diary) KeptUntil(now time.Time) time.Time { return now.AddDate(0, 0, keepDays) }

// Step is which way a day went beside the one before: up, level or down.
func (f Feeling) Step() int {
	switch f {
	case Better:
		return 1
	case Heavier, HelpMe:
		return -1
	}
	return 0
}

// Between are the days from one date to another (such as "2026-12-02"), both included.
func (d Diary) Between(first, last string) Diary {
	d.Days = slices.DeleteFunc(slices.Clone(d.Days), func(e DiaryDay) bool { return e.Day < first || e.Day > last })
	return d
}
