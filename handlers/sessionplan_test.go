package handlers

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"village/content"
)

// A clinician's own words are said as they were written: nothing of them is cut
// off because ours begin in another way.
func TestAClinicsOwnReminderIsSaidWhole(t *testing.T) {
	library, err := content.Load(content.Overlay{Name: "own", FS: fstest.MapFS{"decks/reminders.yaml": {Data: []byte(`
title: Reminders
about: Ours.
review_by: 2027-05-22
cards:
  - id: fasting
    discreet: Your note is ready. Tap to read it.
    plain: Ring us if you take pills with food. We open at eight.
  - id: home-rest
    discreet: A note for you. Tap to read it.
    plain: Sip some water. Rest for a while.
`)}}})
	if err != nil {
		t.Fatal(err)
	}
	kind := boltStore
	b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 5)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	plan := b.mustSay(t, "maya", "/session add dec 1 at 1pm")
	buttons := plan.Messages[len(plan.Messages)-1].Buttons
	saved := b.mustSay(t, "maya", buttons[0].Command)
	code := strings.TrimPrefix(saved.Messages[0].Buttons[0].Command, "/session show ")
	early := b.mustSay(t, "maya", "/session read "+code+" fasting")
	if want := "Ring us if you take pills with food. We open at eight."; !strings.Contains(early.Messages[0].Text+"\n\n", "\n\n"+want+"\n\n") {
		t.Errorf("%q, not all of %q", early.Messages[0].Text, want)
	}
}
