package village

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// hourly comes at every full hour that passes; every comes that long after.
type hourly struct{ hours []int }

func (h hourly) Next(t time.Time) time.Time {
	for t = t.Truncate(time.Hour).Add(time.Hour); ; t = t.Add(time.Hour) {
		for _, hour := range h.hours {
			if t.UTC().Hour() == hour {
				return t
			}
		}
	}
}

type every time.Duration

func (e every) Next(t time.Time) time.Time { return t.Add(time.Duration(e)) }

// A season lets through what its schedule has from the first instant of its first
// day to the last one before the day after its last, each once and in order; what
// counts an interval begins to count with the first day. It is the same rule for a
// channel's reminder and for a person's.
func TestSeason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string, from, to int) time.Time {
			return time.Date(2026, 12, rapid.IntRange(from, to).Draw(t, label), 0, 0, 0, 0, time.UTC)
		}
		now := time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 72*60).Draw(t, "minutes")) * time.Minute)
		var season Season
		if rapid.Bool().Draw(t, "begins") {
			season.From = day("from", 1, 8)
		}
		season.Until = day("until", 9, 12)
		interval := rapid.Bool().Draw(t, "interval")
		var schedule Schedule = hourly{rapid.SliceOfNDistinct(rapid.IntRange(0, 23), 1, 5, rapid.ID).Draw(t, "hours")}
		if interval {
			schedule = every(time.Duration(rapid.IntRange(1, 30).Draw(t, "every")) * time.Hour)
		}
		var got []time.Time
		for at := season.Next(schedule, interval, now); !at.IsZero(); at = season.Next(schedule, interval, at) {
			got = append(got, at)
		}
		var want []time.Time
		begin := Later(season.From, now)
		switch {
		case interval:
			for at := schedule.Next(begin); at.Before(season.Until); at = schedule.Next(at) {
				want = append(want, at)
			}
		default:
			for at := begin.Truncate(time.Hour); at.Before(season.Until); at = at.Add(time.Hour) {
				if at.After(now) && !at.Before(season.From) && schedule.Next(at.Add(-time.Second)).Equal(at) {
					want = append(want, at)
				}
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d times, and %d were meant\n%v\n%v", len(got), len(want), got, want)
		}
		for i := range got {
			if !got[i].Equal(want[i]) {
				t.Fatalf("the %d. time is %v, not %v", i+1, got[i], want[i])
			}
		}
	})
}

// What is paused, sent, ended or over is planned as its owner would expect, and is
// kept for as long as somebody may still tap on it.
func TestOwnReminderPlan(t *testing.T) {
	now := time.Date(2026, 12, 3, 9, 30, 0, 0, time.UTC)
	at := func(day, hour int) time.Time { return time.Date(2026, 12, day, hour, 0, 0, 0, time.UTC) }
	daily := hourly{[]int{9}}
	for _, test := range []struct {
		name      string
		reminder  OwnReminder
		schedule  Schedule
		paused    time.Time
		due, kept time.Time
	}{
		{"once", OwnReminder{At: at(5, 9)}, nil, time.Time{}, at(5, 9), at(5, 9).Add(keepOnce)},
		{"once, in a pause", OwnReminder{At: at(5, 9)}, nil, at(6, 8), at(6, 8), at(6, 8).Add(keepOnce)},
		{"once, and it came", OwnReminder{At: at(2, 9), Sent: at(2, 9)}, nil, time.Time{}, time.Time{}, at(2, 9).Add(keepOnce)},
		{"daily", OwnReminder{}, daily, time.Time{}, at(4, 9), at(4, 9).Add(keepRepeating)},
		{"daily, paused", OwnReminder{}, daily, at(6, 12), at(7, 9), at(7, 9).Add(keepRepeating)},
		{"daily, until the 5th", OwnReminder{Reminder: Reminder{Season: Season{Until: at(6, 0)}}}, daily, time.Time{}, at(4, 9), at(6, 0).Add(keepOnce)},
		{"daily, and it has ended", OwnReminder{Reminder: Reminder{Season: Season{Until: at(3, 0)}}}, daily, time.Time{}, time.Time{}, now.Add(keepOnce)},
		{"daily, paused beyond its end", OwnReminder{Reminder: Reminder{Season: Season{Until: at(6, 0)}}}, daily, at(8, 0), time.Time{}, at(6, 0).Add(keepOnce)},
	} {
		due, kept := test.reminder.Plan(test.schedule, Preferences{Paused: test.paused}, now)
		if !due.Equal(test.due) || !kept.Equal(test.kept) {
			t.Errorf("%s: due %v, kept until %v; not %v, %v", test.name, due, kept, test.due, test.kept)
		}
	}
}

// A channel gets as many as it takes in a day, none in the quiet hours and none
// after the last day, and the next day begins anew.
func TestPosts(t *testing.T) {
	g := Group{Posts: 2, Zone: "UTC"}
	r := ChannelReminder{Reminder: Reminder{Zone: "UTC", Season: Season{Until: time.Date(2026, 12, 5, 0, 0, 0, 0, time.UTC)}}}
	var p Posts
	for _, test := range []struct {
		at   string
		want bool
	}{
		{"2026-12-03T03:00:00Z", false}, // quiet
		{"2026-12-03T10:00:00Z", true},
		{"2026-12-03T11:00:00Z", true},
		{"2026-12-03T12:00:00Z", false},
		{"2026-12-04T10:00:00Z", true},
		{"2026-12-05T10:00:00Z", false}, // over
	} {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		var got bool
		if p, got = p.Post(r, g, at); got != test.want {
			t.Errorf("%s: %v", test.at, got)
		}
	}
}

// interval is every so many hours, as package scheduler counts them.
type interval time.Duration

func (h interval) Next(t time.Time) time.Time { return t.Add(time.Duration(h)) }

// An interval keeps the hours that it began with, and says beforehand whether some of
// them are in the night; how late it may come goes with how often it comes.
func TestIntervals(t *testing.T) {
	nine := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	r := OwnReminder{Reminder: Reminder{Zone: "UTC", Schedule: "@every 6h"}, Anchor: nine, Due: nine.Add(6 * time.Hour)}
	six := interval(6 * time.Hour)
	for late, want := range map[time.Duration]time.Duration{0: 6, 17 * time.Minute: 6, 6 * time.Hour: 12, 23*time.Hour + time.Minute: 24} {
		if due, _ := r.Plan(six, Preferences{}, nine.Add(late)); !due.Equal(nine.Add(want * time.Hour)) {
			t.Errorf("after %v it comes at %s", late, due)
		}
	}
	r.Until = nine.Add(12 * time.Hour)
	if due, _ := r.Plan(six, Preferences{}, nine.Add(7*time.Hour)); !due.IsZero() {
		t.Errorf("after its last day it comes at %s", due)
	}
	r.Until = time.Time{}
	if !r.FallsInto(Night(), six) || r.FallsInto(Quiet{From: 60, To: 2 * 60}, six) {
		t.Error("which of its hours are in the night")
	}
	if !r.HeedsNight(false, nine, nine) {
		t.Error("it does not wait for the morning")
	}
	if r.Night = true; r.HeedsNight(false, nine, nine) {
		t.Error("it waits although it is for the night too")
	}
	for _, test := range []struct {
		schedule Schedule
		most     time.Duration
		named    bool
	}{{six, 3 * time.Hour, false}, {interval(24 * time.Hour), 12 * time.Hour, true}, {interval(7 * 24 * time.Hour), 12 * time.Hour, true}} {
		if r := (OwnReminder{}); r.TooLate(test.schedule, nine, nine.Add(test.most)) || !r.TooLate(test.schedule, nine, nine.Add(test.most+1)) || r.Named(test.schedule, nine) != test.named {
			t.Errorf("%v: not %v late at most", test.schedule, test.most)
		}
	}
}
