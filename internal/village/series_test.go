package village

import (
	"testing"
	"time"
)

// What comes again keeps its hour on the wall through a change of clocks, begins
// with the first, and is bounded.
func TestSeries(t *testing.T) {
	denver, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(2026, 10, 27, 16, 0, 0, 0, denver) // a Tuesday; the clocks change on 1 November
	days := []time.Weekday{time.Thursday, time.Tuesday}
	got, err := Series(first, days, 2, denver)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"27 16:00 MDT", "29 16:00 MDT", "3 16:00 MST", "5 16:00 MST"}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i, at := range got {
		if said := at.Format("2 15:04 MST"); said != want[i] {
			t.Errorf("time %d is %s, want %s", i, said, want[i])
		}
	}
	if got, err := Series(first, nil, 1, denver); err != nil || len(got) != 1 || !got[0].Equal(first) {
		t.Errorf("without days: %v, %v", got, err)
	}
	twice := time.Date(2026, 11, 1, 1, 30, 0, 0, denver).Add(time.Hour) // half past one for the second time
	if got, err := Series(twice, nil, 1, denver); err != nil || len(got) != 1 || !got[0].Equal(twice) {
		t.Errorf("in the hour that comes twice: %v, %v, want %v", got, err, twice)
	}
	for _, test := range []struct {
		days  []time.Weekday
		weeks int
		code  string
	}{
		{[]time.Weekday{time.Friday}, 1, "days-wrong"},
		{[]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday}, MaxWeeks, "too-many"},
	} {
		if _, err := Series(first, test.days, test.weeks, denver); !IsCode(err, test.code) {
			t.Errorf("%v for %d weeks: %v, want %s", test.days, test.weeks, err, test.code)
		}
	}
}
