package handlers

import (
	"testing"
	"time"
)

// A plan that is longer than the picture shows the weeks around today.
func TestTheWeeksOfTheCalendar(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tt := range []struct {
		story, first, last, today, from string
		all                             bool
	}{
		{"two weeks", "2026-12-01", "2026-12-18", "2026-12-05", "2026-12-01", true},
		{"ten weeks to the day", "2026-12-01", "2027-02-07", "2027-02-01", "2026-12-01", true},
		{"twelve weeks, at the start", "2026-12-01", "2027-02-16", "2026-11-23", "2026-12-01", false},
		{"twelve weeks, in the middle", "2026-12-01", "2027-02-16", "2026-12-22", "2026-12-14", false},
		{"twelve weeks, at the end", "2026-12-01", "2027-02-16", "2027-02-15", "2026-12-14", false},
	} {
		from, to, all := window(time.Monday, day(tt.first), day(tt.last), day(tt.today))
		if !from.Equal(day(tt.from)) || !to.Equal(day(tt.last)) || all != tt.all {
			t.Errorf("%s: from %v to %v, all %v", tt.story, from, to, all)
		}
	}
}
