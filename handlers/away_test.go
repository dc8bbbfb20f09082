package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// away lets time pass in which the bot does not run, and then has it do what has
// become due.
func (b *bench) away(t *testing.T, until time.Time) (said []string) {
	t.Helper()
	b.set(until)
	before := len(b.sent)
	if err := b.wait(until.Add(time.Minute), func() {}); err != nil {
		t.Fatal(err)
	}
	for _, o := range b.sent[before:] {
		said = append(said, fmt.Sprintf("%s%s: %s", o.To.Person, o.To.Room, shown(o.Message)))
	}
	return said
}

func told(said []string, to string, words ...string) bool {
	for _, s := range said {
		all := strings.HasPrefix(s, to)
		for _, w := range words {
			all = all && strings.Contains(s, w)
		}
		if all {
			return true
		}
	}
	return false
}

// A ride home that nobody took, and the bot was away until it should have begun:
// late is better than never. The member hears to stay where they are, and the
// moderators that somebody is waiting.
func TestAwayUntilARideNobodyTook(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/need mine")
		b.mustSay(t, "maya", "/ask ride-home tomorrow 3pm from: near Union Station")
		if err := b.wait(b.clock().Add(time.Hour), func() {}); err != nil {
			t.Fatal(err)
		}
		said := b.away(t, time.Date(2026, 11, 24, 22, 5, 0, 0, time.UTC)) // 3:05 pm in Denver
		if !told(said, "console/maya", "Nobody is down for this one", "stay where you are") {
			t.Errorf("maya waits at the clinic and hears nothing of use:\n%s", strings.Join(said, "\n"))
		}
		if !told(said, "console/mod", "call maya") {
			t.Errorf("no moderator hears that maya waits:\n%s", strings.Join(said, "\n"))
		}
		for _, untrue := range []string{"in time to call the clinic", "I have asked the channel", "Moving the appointment"} {
			if told(said, "", untrue) {
				t.Errorf("it is said that %q:\n%s", untrue, strings.Join(said, "\n"))
			}
		}
	})
}

// Whoever is asked late has time to answer before anybody is alarmed, and what is
// long over alarms nobody.
func TestAwayUntilARideWasOver(t *testing.T) {
	onEveryStore(t, 4, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/need mine")
		b.mustSay(t, "maya", "/ask ride-home tomorrow 3pm from: near Union Station")
		needs, err := b.needs()
		if err != nil {
			t.Fatal(err)
		}
		b.mustSay(t, "sam", "/need claim "+needs[0].ID)
		b.mustSay(t, "maya", "/need approve "+needs[0].ID+" @sam")
		if err := b.wait(time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC), func() {}); err != nil { // after "still on?"
			t.Fatal(err)
		}
		b.mustSay(t, "sam", "/need still "+needs[0].ID)
		if err := b.wait(time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC), func() {}); err != nil { // the morning of the day
			t.Fatal(err)
		}
		said := b.away(t, time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)) // 8 pm
		if !told(said, "console/sam", "Is everybody") && !told(said, "console/sam", "home") {
			t.Errorf("sam is not asked:\n%s", strings.Join(said, "\n"))
		}
		if told(said, "console/mod", "no word yet from") {
			t.Errorf("the moderators are alarmed in the minute in which sam is asked:\n%s", strings.Join(said, "\n"))
		}
		before := len(b.sent)
		if err := b.wait(b.clock().Add(2*time.Hour), func() {}); err != nil {
			t.Fatal(err)
		}
		alarmed := false
		for _, o := range b.sent[before:] {
			alarmed = alarmed || o.To.Person == "console/mod" && strings.Contains(shown(o.Message), "no word yet from")
		}
		if !alarmed {
			t.Error("sam said nothing for two hours, and the moderators were not told")
		}
	})
}

// A ride of last week is asked about once and alarms nobody.
func TestAwayForDays(t *testing.T) {
	onEveryStore(t, 5, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/need mine")
		b.mustSay(t, "maya", "/ask ride-home tomorrow 3pm from: near Union Station")
		needs, err := b.needs()
		if err != nil {
			t.Fatal(err)
		}
		b.mustSay(t, "sam", "/need claim "+needs[0].ID)
		b.mustSay(t, "sam", "/need still "+needs[0].ID)
		said := b.away(t, time.Date(2026, 11, 29, 18, 0, 0, 0, time.UTC))
		before := len(b.sent)
		if err := b.wait(b.clock().Add(26*time.Hour), func() {}); err != nil {
			t.Fatal(err)
		}
		for _, o := range b.sent[before:] {
			said = append(said, fmt.Sprintf("%s%s: %s", o.To.Person, o.To.Room, shown(o.Message)))
		}
		if told(said, "console/mod") {
			t.Errorf("the moderators are alarmed about last week:\n%s", strings.Join(said, "\n"))
		}
	})
}

// A daily reminder that the bot was away for comes late, with its hour, or its owner
// is told that it did not come; at night neither.
func TestAwayForADailyReminder(t *testing.T) {
	onEveryStore(t, 5, func(t *testing.T, b *bench) {
		b.mustSay(t, "maya", "/ask ride-home dec 20 3pm from: here") // so that her zone is known
		b.mustSay(t, "maya", "/remind voice plain")
		b.mustSay(t, "maya", "/remind add every day at 9am words: the pills")
		nine := time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC) // in Denver
		for _, test := range []struct {
			away time.Duration
			says string
		}{
			{61 * time.Minute, `For 9\:00 am: the pills`},
			{24*time.Hour + 11*time.Hour, `For 9\:00 am: the pills`},                                 // at 8 pm
			{3*24*time.Hour + 12*time.Hour + 30*time.Minute, "I was away, and this did not come on"}, // the night has come
		} {
			said := b.away(t, nine.Add(test.away))
			if test.away > 3*24*time.Hour {
				if told(said, "console/maya", "the pills") {
					t.Errorf("at night is said:\n%s", strings.Join(said, "\n"))
				}
				said = b.away(t, time.Date(2026, 11, 28, 15, 1, 0, 0, time.UTC)) // 8 am
			}
			if !told(said, "console/maya", test.says) {
				t.Errorf("away for %v, maya does not read %q:\n%s", test.away, test.says, strings.Join(said, "\n"))
			}
		}
	})
}

// Eye drops every six hours keep their hours, whatever of them falls into the night.
func TestAnIntervalKeepsItsHours(t *testing.T) {
	onEveryStore(t, 6, func(t *testing.T, b *bench) {
		b.mustSay(t, "maya", "/ask ride-home dec 20 3pm from: here")
		b.mustSay(t, "maya", "/remind voice plain")
		hours := func(d time.Duration) string {
			before, begun := len(b.sent), b.clock()
			if err := b.wait(begun.Add(d), func() {}); err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, o := range b.sent[before:] {
				if strings.Contains(o.Message.Text, "drops") {
					said += o.Message.Text + "; "
				}
			}
			return said
		}
		b.mustSay(t, "maya", "/remind add every 6 hours words: drops") // at 9 am: 3 pm, 9 pm, 3 am, 9 am
		if got := hours(48 * time.Hour); got != "drops; drops; drops; drops; " {
			t.Errorf("in two days: %s", got)
		}
	})
}
