package scheduler

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCalendarLines(t *testing.T) {
	denver, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, denver)
	for _, c := range []struct{ spec, how, next string }{
		{"@calendar/1 days=2 from=2026-12-01 at=09:00", "every other day at 9:00 am, counted from 1 December 2026", "2026-12-01 09:00,2026-12-03 09:00,2026-12-05 09:00"},
		{"@calendar/1 days=3 from=2026-01-01 at=08:00,20:30", "every 3 days at 8:00 am and 8:30 pm, counted from 1 January 2026", "2026-11-30 20:30,2026-12-03 08:00,2026-12-03 20:30"},
		{"@calendar/1 weeks=2 on=tue from=2026-12-08 at=12:00", "every other Tuesday at noon, counted from 8 December 2026", "2026-12-08 12:00,2026-12-22 12:00,2027-01-05 12:00"},
		{"@calendar/1 weeks=3 on=tue,sun from=2026-12-01 at=12:00", "Tuesdays and Sundays of every 3 weeks at noon, counted from 1 December 2026", "2026-12-01 12:00,2026-12-06 12:00,2026-12-22 12:00"},
		{"@calendar/1 weeks=1 on=mon,tue,wed,thu,fri from=2000-01-01 at=10:00,11:30", "Monday to Friday at 10:00 am and 11:30 am", "2026-11-30 10:00,2026-11-30 11:30,2026-12-01 10:00"},
		{"@calendar/1 months=1 nth=2,4 on=thu from=2000-01-01 at=19:00", "the 2nd and 4th Thursday of every month at 7:00 pm", "2026-12-10 19:00,2026-12-24 19:00,2027-01-14 19:00"},
		{"@calendar/1 months=1 nth=-1 on=fri from=2000-01-01 at=09:00", "the last Friday of every month at 9:00 am", "2026-12-25 09:00,2027-01-29 09:00,2027-02-26 09:00"},
		{"@calendar/1 months=1 day=-1 from=2000-01-01 at=09:30", "the last day of every month at 9:30 am", "2026-11-30 09:30,2026-12-31 09:30,2027-01-31 09:30"},
		{"@calendar/1 months=3 day=1 from=2027-01-01 at=09:00", "the 1st day of every 3 months at 9:00 am, counted from 1 January 2027", "2027-01-01 09:00,2027-04-01 09:00,2027-07-01 09:00"},
		{"@calendar/1 dates=01-30,09-30 at=12:00", "January 30 and September 30 of every year at noon", "2027-01-30 12:00,2027-09-30 12:00,2028-01-30 12:00"},
		{"@calendar/1 dates=02-29 at=12:00", "February 29 of every year at noon", "2028-02-29 12:00,2032-02-29 12:00,2036-02-29 12:00"},
		{"0 9 L * *", "the last day of every month at 9:00 am", "2026-12-31 09:00,2027-01-31 09:00,2027-02-28 09:00"},
		{"0 9 * * 5L", "the last Friday of every month at 9:00 am", "2026-12-25 09:00,2027-01-29 09:00,2027-02-26 09:00"},
		{"0 10 * * 5#3", "the 3rd Friday of every month at 10:00 am", "2026-12-18 10:00,2027-01-15 10:00,2027-02-19 10:00"},
		{"0 9 * * MON-SUN", "every day at 9:00 am", "2026-12-01 09:00,2026-12-02 09:00,2026-12-03 09:00"},
		{"0 9 * * 5-7", "Fridays, Saturdays and Sundays at 9:00 am", "2026-12-04 09:00,2026-12-05 09:00,2026-12-06 09:00"},
		{"0 0 9 ? * MON-FRI", "Monday to Friday at 9:00 am", "2026-12-01 09:00,2026-12-02 09:00,2026-12-03 09:00"},
	} {
		s, err := ParseSchedule(c.spec, denver)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		var next []string
		for _, at := range Preview(s, now, 3) {
			next = append(next, at.Format("2006-01-02 15:04"))
		}
		if got := strings.Join(next, ","); got != c.next {
			t.Errorf("%s: next %s, want %s", c.spec, got, c.next)
		}
		if how := Describe(c.spec); how != c.how {
			t.Errorf("%s: %q, want %q", c.spec, how, c.how)
		}
	}
}

// One schedule has one spelling: whatever is left out, added, turned round or of another form is refused.
func TestCalendarIsStrict(t *testing.T) {
	for _, spec := range []string{
		"@calendar/1", "@calendar/1 at=09:00", "@calendar/2 days=2 from=2026-12-01 at=09:00", "@calendar days=2 from=2026-12-01 at=09:00",
		"@calendar/1 days=0 from=2026-12-01 at=09:00", "@calendar/1 days=2 at=09:00", "@calendar/1 days=2 from=2026-12-01",
		"@calendar/1 from=2026-12-01 days=2 at=09:00", "@calendar/1 days=2 from=2026-12-01 at=9:00", "@calendar/1 days=02 from=2026-12-01 at=09:00",
		"@calendar/1 days=2 from=2026-02-30 at=09:00", "@calendar/1 days=2 from=2026-12-01 at=09:00 on=mon", "@calendar/1 days=2 from=2026-12-01 at=20:00,09:00",
		"@calendar/1 weeks=2 on=fri,mon from=2026-12-01 at=09:00", "@calendar/1 weeks=2 on=mon,mon from=2026-12-01 at=09:00", "@calendar/1 weeks=60 on=mon from=2026-12-01 at=09:00",
		"@calendar/1 months=1 nth=6 on=mon from=2026-12-01 at=09:00", "@calendar/1 months=1 day=32 from=2026-12-01 at=09:00", "@calendar/1 months=12 day=30 from=2026-02-01 at=09:00",
		"@calendar/1 dates=02-30 at=09:00", "@calendar/1 days=1 from=2026-12-01 at=09:00,09:03", "@calendar/1 days=1 from=2026-12-01 at=24:00", "0 9 L 2 *", "0 9 * * 8L", "0 9 * * 5#6", "5 0 9 * * 1",
	} {
		if _, err := ParseSchedule(spec, time.UTC); err == nil {
			t.Errorf("%s is taken", spec)
		}
	}
}

// drawnRule is a schedule and, written otherwise, the days that it has.
func drawnRule(t *rapid.T) (rule string, from time.Time, has func(day time.Time) bool) {
	from = time.Date(2020, 1, 1+rapid.IntRange(0, 4000).Draw(t, "from"), 0, 0, 0, 0, time.UTC)
	n := rapid.IntRange(1, 12).Draw(t, "n")
	weekday := time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
	date := from.Format(time.DateOnly)
	inMonth := func(day time.Time) bool {
		months := 0
		for m := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); m.Year() != day.Year() || m.Month() != day.Month(); m = m.AddDate(0, 1, 0) {
			months++
		}
		return months%n == 0
	}
	switch rapid.IntRange(0, 3).Draw(t, "rule") {
	case 0:
		next := from
		return fmt.Sprintf("days=%d from=%s", n, date), from, func(day time.Time) bool {
			for next.Before(day) {
				next = next.AddDate(0, 0, n)
			}
			return next.Equal(day)
		}
	case 1:
		first := from
		for first.Weekday() != time.Monday {
			first = first.AddDate(0, 0, -1)
		}
		for first.Weekday() != weekday {
			first = first.AddDate(0, 0, 1)
		}
		return fmt.Sprintf("weeks=%d on=%s from=%s", n, weekdays[weekday], date), from, func(day time.Time) bool {
			for first.Before(day) {
				first = first.AddDate(0, 0, 7*n)
			}
			return first.Equal(day)
		}
	case 2:
		return fmt.Sprintf("months=%d day=-1 from=%s", n, date), from, func(day time.Time) bool {
			return inMonth(day) && day.AddDate(0, 0, 1).Day() == 1
		}
	}
	nth := rapid.SampledFrom([]int{1, 2, 3, 4, 5, -1}).Draw(t, "nth")
	if nth == 5 {
		n = 1 // so that it comes within nine years
	}
	return fmt.Sprintf("months=%d nth=%d on=%s from=%s", n, nth, weekdays[weekday], date), from, func(day time.Time) bool {
		if nth < 0 {
			return inMonth(day) && day.Weekday() == weekday && day.AddDate(0, 0, 7).Month() != day.Month()
		}
		count := 0
		for d := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC); !d.After(day); d = d.AddDate(0, 0, 1) {
			if d.Weekday() == weekday {
				count++
			}
		}
		return inMonth(day) && day.Weekday() == weekday && count == nth
	}
}

// Over six years and every change of the clocks, it comes on the days that the rule has and on no other, once, at the
// time of day that was said or at the first instant behind it that the clocks show.
func TestCalendarComesWhenItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"America/Denver", "Europe/London", "Australia/Lord_Howe", "UTC", "America/Santiago", "Asia/Kolkata"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		rule, from, has := drawnRule(t)
		minute := rapid.SampledFrom([]int{0, 90, 150, 570, 780, 1439}).Draw(t, "minute")
		spec := fmt.Sprintf("@calendar/1 %s at=%02d:%02d", rule, minute/60, minute%60)
		s, err := ParseSchedule(spec, zone)
		if err != nil {
			t.Fatalf("%s: %v", spec, err)
		}
		at := from.AddDate(0, 0, -3)
		for day := from; day.Before(from.AddDate(6, 0, 0)); day = day.AddDate(0, 0, 1) {
			if !has(day) {
				continue
			}
			at = s.Next(at)
			asked := time.Date(day.Year(), day.Month(), day.Day(), minute/60, minute%60, 0, 0, zone)
			if at.Format(time.DateOnly) != day.Format(time.DateOnly) {
				t.Fatalf("%s in %s comes at %v, and not on %s", spec, zone, at, day.Format(time.DateOnly))
			}
			if shown := asked.Format("15:04") == fmt.Sprintf("%02d:%02d", minute/60, minute%60); shown && at.Format("15:04") != asked.Format("15:04") {
				t.Fatalf("%s in %s comes at %v, and not at %v", spec, zone, at, asked)
			} else if !shown && at.Sub(asked).Abs() > time.Hour {
				t.Fatalf("%s in %s comes at %v, far from %v", spec, zone, at, asked)
			}
		}
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add("@calendar/1 days=2 from=2026-12-01 at=09:00")
	f.Add("@calendar/1 months=1 nth=2,-1 on=thu from=2026-12-01 at=09:00,20:00")
	f.Add("0 9 L * *")
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := ParseSchedule(spec, time.UTC)
		if err != nil {
			return
		}
		now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
		if next := s.Next(now); next.IsZero() || !next.After(now) {
			t.Errorf("%q comes next at %v", spec, next)
		}
	})
}
