package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"village/bot/console"
	"village/content"
	"village/internal/store/bolt"
)

// course is a rehearsal in which maya has planned a session on 1 December at
// one in the afternoon in Denver, with her clinic's fasting rule.
func course(t *testing.T) (*rehearsal, *bytes.Buffer) {
	t.Helper()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
	s, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var out bytes.Buffer
	r, err := newRehearsal(t.Context(), s, library, clock, console.Config{Out: &out, Moderators: []string{"mod"}})
	if err != nil {
		t.Fatal(err)
	}
	say(t, r, "mod: /setup zone Denver\nmaya: /session add dec 1 at 1pm fasting: food 4 hours\nmaya: /session save 32pn32")
	out.Reset()
	return r, &out
}

func say(t *testing.T, r *rehearsal, lines string) {
	t.Helper()
	if err := r.play(t.Context(), strings.NewReader(lines)); err != nil {
		t.Fatal(err)
	}
}

// outage moves the clock without anybody looking what is due.
func outage(t *testing.T, r *rehearsal, until time.Time) {
	t.Helper()
	r.clock.set(until)
	if err := r.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
}

const (
	fastingNote = "/session read 263mfz fasting"
	checkInNote = "/checkin today better"
	hourToGo    = "Time to get going."
)

// After an outage, what has become useless is not said: no fasting rule after
// its hour, no word to set off for what has begun, and one question about the
// day instead of one for each day.
func TestWhatAnOutageMakesOfAPlan(t *testing.T) {
	r, out := course(t)
	say(t, r, "wait until 2026-12-01 08:50")
	if strings.Contains(out.String(), fastingNote) {
		t.Fatal("the fasting reminder came before its hour")
	}
	out.Reset()
	outage(t, r, time.Date(2026, 12, 1, 17, 0, 0, 0, time.UTC)) // noon in Denver; the rule began at nine
	if strings.Contains(out.String(), fastingNote) {
		t.Errorf("the fasting reminder came three hours late:\n%s", out)
	}
	out.Reset()
	outage(t, r, time.Date(2026, 12, 1, 22, 0, 0, 0, time.UTC)) // three in the afternoon
	if strings.Contains(out.String(), hourToGo) {
		t.Errorf("told to set off when it was over:\n%s", out)
	}
	out.Reset()
	outage(t, r, time.Date(2026, 12, 6, 20, 0, 0, 0, time.UTC)) // five days without a look
	if n := strings.Count(out.String(), checkInNote); n != 1 {
		t.Errorf("%d questions about the day after five days away:\n%s", n, out)
	}
	if n := strings.Count(out.String(), "Tap to read"); n > 1 {
		t.Errorf("%d other reminders came all at once:\n%s", n, out)
	}
}

// What came due for one person while the bot was away comes in one message, each with its
// hour, and nothing of it again. What repeats goes on at its own hour.
func TestNotesAfterAnOutageAreOne(t *testing.T) {
	r, out := course(t)
	say(t, r, `maya: /remind voice plain
maya: /remind add 2026-11-24 09:00 words: feed the cat
maya: /remind add 2026-11-24 10:00 words: call mom
maya: /remind add every day at 9:30am words: pills
maya: /remind add every 3 hours words: stand up
sam: /remind add 2026-11-24 09:15 words: water the plants
wait until 2026-11-24 08:50`)
	out.Reset()
	outage(t, r, time.Date(2026, 11, 24, 20, 30, 0, 0, time.UTC)) // half past one in Denver
	got := out.String()
	for _, want := range []string{"For 9:00 am: feed the cat", "For 9:30 am: pills", "For 10:00 am: call mom"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is to come once:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "to maya"); n != 2 || strings.Count(got, "book-ride") != 1 { // the other one is of her session
		t.Errorf("%d messages to maya at once:\n%s", n, got)
	}
	if n := strings.Count(got, "to sam"); n != 1 || !strings.Contains(got, "Your note for 9:15 am") {
		t.Errorf("%d messages to sam, who has one note:\n%s", n, got)
	}
	out.Reset()
	say(t, r, "wait until 2026-11-25 10:30")
	if got = out.String(); strings.Contains(got, "feed the cat") || strings.Count(got, "pills") != 1 {
		t.Errorf("the day after:\n%s", got)
	}
}

// In time, each of them comes, and a short delay does no harm.
func TestAShortDelayLosesNothing(t *testing.T) {
	r, out := course(t)
	say(t, r, "maya: /session change 263mfz fasting: food 2 hours\nwait until 2026-12-01 10:59")
	out.Reset()
	outage(t, r, time.Date(2026, 12, 1, 18, 10, 0, 0, time.UTC))
	if !strings.Contains(out.String(), fastingNote) {
		t.Errorf("ten minutes late, the fasting reminder was dropped:\n%s", out)
	}
	out.Reset()
	outage(t, r, time.Date(2026, 12, 1, 19, 20, 0, 0, time.UTC))
	if !strings.Contains(out.String(), hourToGo) {
		t.Errorf("twenty minutes late, the word to set off was dropped:\n%s", out)
	}
}

// While a session goes on nothing of ours reaches its member, whatever else
// they have set; it comes when it is over, or when they say that they are out.
func TestSilenceHoldsForEverything(t *testing.T) {
	r, out := course(t)
	say(t, r, "maya: /remind add 2026-12-01 13:30 words: stretch a little\nmaya: /remind add 2026-12-01 14:30 words: stretch again\nwait until 2026-12-01 13:00")
	out.Reset()
	say(t, r, "wait until 2026-12-01 14:10")
	if strings.Contains(out.String(), "to maya") {
		t.Errorf("something came into the session:\n%s", out)
	}
	say(t, r, "maya@dm: /session end 263mfz\nwait until 2026-12-01 14:31")
	if n := strings.Count(out.String(), "Your note for"); n != 1 {
		t.Errorf("%d notes after she came out early:\n%s", n, out)
	}
	say(t, r, "wait until 2026-12-01 15:01")
	if n := strings.Count(out.String(), "Your note for"); n != 2 {
		t.Errorf("%d notes when it was to be over:\n%s", n, out)
	}
}

// Whoever sleeps is not woken by what an outage has made late: it comes in the
// morning if it is of use then. A rule that begins before the morning is said at
// once, and so is what was set to an hour of the night.
func TestAnOutageWakesNobody(t *testing.T) {
	r, out := course(t)
	say(t, r, "maya: /session change 263mfz fasting: food 8 hours\nmaya: /remind add 2026-11-30 21:30 words: lights out\nmaya: /remind add 2026-11-30 19:00 words: feed the cat\nmaya: /remind add 2026-12-01 03:30 words: look at the stars\nwait until 2026-11-30 16:50")
	out.Reset()
	night := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC) // three in the morning in Denver; the rule begins at five
	outage(t, r, night)
	if n := strings.Count(out.String(), "to maya"); n != 1 || !strings.Contains(out.String(), fastingNote) {
		t.Errorf("at three in the morning:\n%s", out)
	}
	out.Reset()
	say(t, r, "wait until 2026-12-01 04:00")
	if n := strings.Count(out.String(), "to maya"); n != 1 || !strings.Contains(out.String(), "Your note for 3:30 am") {
		t.Errorf("what was set to half past three:\n%s", out)
	}
	out.Reset()
	say(t, r, "wait until 2026-12-01 08:00")
	for _, late := range []string{"pack-bag", "session-today", "Your note for Mon 30 Nov, 9:30 pm", "Your note for Mon 30 Nov, 7:00 pm"} {
		if strings.Count(out.String(), late) != 1 {
			t.Errorf("in the morning, once, %s:\n%s", late, out)
		}
	}
}
