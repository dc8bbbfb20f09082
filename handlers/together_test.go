package handlers

import (
	"strings"
	"testing"
	"time"
)

// heard is what has been said to somebody or somewhere (an ID) since, that contains
// these words.
func (b *bench) heard(since int, to, words string) (said []string) {
	for _, o := range b.sent[since:] {
		if text := shown(o.Message); o.To.Person+o.To.Room == to && strings.Contains(text, words) {
			said = append(said, text)
		}
	}
	return said
}

// Whoever asked could not be reached since a helper offered, and is to be asked once
// more: both questions are due, and one is asked.
func TestAQuestionAndItsReminderAreOne(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, b *bench) {
		b.mustSay(t, "maya", "/ask childcare Thursday 3pm where: near Union Station")
		needs, err := b.needs()
		if err != nil {
			t.Fatal(err)
		}
		before := len(b.sent)
		b.refuses = map[string]bool{"console/maya": true}
		b.mustSay(t, "sam", "/need claim "+needs[0].ID)
		if err := b.wait(time.Date(2026, 11, 25, 17, 30, 0, 0, time.UTC), func() {}); err != nil { // Wednesday, 10:30 am
			t.Fatal(err)
		}
		b.refuses = nil
		if err := b.wait(b.clock().Add(20*time.Minute), func() {}); err != nil {
			t.Fatal(err)
		}
		if said := b.heard(before, "console/maya", "**sam** offers to help"); len(said) != 1 {
			t.Errorf("maya is asked %d times:\n%s", len(said), strings.Join(said, "\n"))
		}
	})
}
