package handlers

import (
	"strings"
	"testing"
	"time"
)

// alarms are what a moderator has read since of a request that has nobody.
func (b *bench) alarms(since int) (said []string) {
	for _, o := range b.sent[since:] {
		if o.To.Person == "console/mod" && o.Message.Title == "Still nobody" {
			said = append(said, b.clock().Format("15:04 ")+o.Message.Text)
		}
	}
	return said
}

// The bot comes back a quarter of an hour before the appointment begins. The word
// that nobody comes is late, the word that it begins is due, and both say the same:
// a moderator reads it once, and again when the hour has come.
func TestAnAlarmIsSaidOnceAfterAnOutage(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/need mine")
		b.mustSay(t, "maya", "/ask ride-home tomorrow 3pm from: near Union Station") // 22:00 in UTC
		before := len(b.sent)
		b.away(t, time.Date(2026, 11, 24, 19, 45, 0, 0, time.UTC))
		if err := b.wait(time.Date(2026, 11, 24, 21, 59, 0, 0, time.UTC), func() {}); err != nil {
			t.Fatal(err)
		}
		if said := b.alarms(before); len(said) != 1 {
			t.Errorf("a moderator is told %d times before the hour:\n%s", len(said), strings.Join(said, "\n"))
		}
		before = len(b.sent)
		if err := b.wait(time.Date(2026, 11, 24, 22, 20, 0, 0, time.UTC), func() {}); err != nil {
			t.Fatal(err)
		}
		if said := b.alarms(before); len(said) != 1 {
			t.Errorf("at the hour a moderator is told %d times:\n%s", len(said), strings.Join(said, "\n"))
		}
	})
}

// The platform takes nothing for the moderator for a day, while the clock climbs from
// rung to rung. What could not be said stands once, and is said as it is true then.
func TestAnAlarmThatCouldNotBeSaidStandsOnce(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/need mine")
		b.mustSay(t, "maya", "/ask ride-home tomorrow 3pm from: near Union Station")
		before := len(b.sent)
		b.refuses = map[string]bool{"console/mod": true}
		if err := b.wait(time.Date(2026, 11, 24, 22, 10, 0, 0, time.UTC), func() {}); err != nil {
			t.Fatal(err)
		}
		needs, err := b.needs()
		if err != nil || needs[0].ModeratorsKnow() {
			t.Errorf("the moderators are said to know what none of them could be told: %v", err)
		}
		b.refuses = nil
		if err := b.wait(time.Date(2026, 11, 24, 22, 50, 0, 0, time.UTC), func() {}); err != nil {
			t.Fatal(err)
		}
		if said := b.alarms(before); len(said) != 1 || !strings.Contains(said[0], "should have begun") {
			t.Errorf("a moderator is told %d times:\n%s", len(said), strings.Join(said, "\n"))
		}
		if needs, err = b.needs(); err != nil || !needs[0].ModeratorsKnow() {
			t.Errorf("the moderators know, and it is not noted: %v", err)
		}
	})
}
