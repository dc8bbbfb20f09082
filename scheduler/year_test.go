package scheduler_test

import (
	"context"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

// TestAYearOfADailyReminder runs four zones at once, each with a time that its
// clocks leap over or show twice.
func TestAYearOfADailyReminder(t *testing.T) {
	zones := map[string]string{
		"America/New_York":    "30 2 * * *",
		"Europe/London":       "30 1 * * *",
		"Australia/Lord_Howe": "45 1 * * *",
		"Asia/Kolkata":        "0 9 * * *",
	}
	bubble(t, func(t *testing.T) {
		st := open(t, time.Now)
		schedules := map[string]scheduler.Schedule{}
		for name, spec := range zones {
			schedules[name] = parse(t, spec, zone(t, name))
		}
		daily := scheduler.JobKind{
			Name: "daily", Late: scheduler.Skip, Limit: time.Hour,
			Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				next := j
				next.Due = schedules[j.ID].Next(time.Now())
				return scheduler.Delivery{
					Out:  &bot.Outgoing{To: bot.Address{Room: "stage/" + j.ID}, Message: bot.Message{Text: "drink some water"}},
					Then: store.Change{Jobs: []store.Job{next}},
				}, nil
			},
		}
		for name, s := range schedules {
			put(t, st, job("g/1", name, "daily", s.Next(time.Now()), ""))
		}
		platform := &stage{name: "stage"}
		s := build(t, scheduler.Config{
			Store: st, Platforms: map[string]bot.Platform{"stage": platform},
			Kinds: []scheduler.JobKind{daily}, Poll: time.Hour,
		})
		stop := start(t, s)
		begin := time.Now()
		wait(366 * 24 * time.Hour) // 2000 is a leap year
		stop()
		seen := map[string]map[string]int{}
		for _, p := range platform.all() {
			name := p.to[len("stage/"):]
			if seen[name] == nil {
				seen[name] = map[string]int{}
			}
			local := p.at.In(zone(t, name))
			seen[name][local.Format(time.DateOnly)]++
			if expected := schedules[name].Next(p.at.Add(-time.Millisecond)); p.at.Before(expected) || p.at.Sub(expected) > 10*time.Millisecond {
				t.Errorf("%s: sent at %s, due at %s", name, p.at, expected)
			}
		}
		for name := range zones {
			z := zone(t, name)
			// The first local day may have begun before the test, the last not ended.
			for day := begin.AddDate(0, 0, 1); day.Before(begin.AddDate(0, 0, 364)); day = day.AddDate(0, 0, 1) {
				date := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, z).Format(time.DateOnly)
				if n := seen[name][date]; n != 1 {
					t.Errorf("%s: %d reminders on %s", name, n, date)
				}
			}
		}
		if st := s.Stats(); st.Sent < 4*365 || st.Late != 0 || st.Dead != 0 || st.Retried != 0 {
			t.Errorf("%+v", st)
		}
	})
}
