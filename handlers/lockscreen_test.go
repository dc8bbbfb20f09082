package handlers

import (
	"testing"
	"time"

	"village/content"
	"village/internal/village"
)

// What is posted in a channel for a group's reminder may light up on anybody's
// locked screen: there it says nothing of what the group is about.
func TestChannelRemindersGiveNothingAway(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	a := New(Config{Content: library, Now: func() time.Time { return time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) }})
	seen := map[string]bool{}
	for _, deck := range []string{"", "integration", "grounding"} {
		for sent := range 60 {
			m := a.reminderPost(village.ChannelReminder{Reminder: village.Reminder{ID: "k7m2p9"}, Deck: deck, Sent: sent})
			shows := m.Title
			if shows == "" {
				shows = m.Text
			}
			if word := content.GivesAway(shows); word != "" {
				t.Errorf("deck %q: a locked screen shows %q: %s", deck, word, shows)
			}
			seen[m.Text] = true
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d different posts were looked at", len(seen))
	}
	if content.GivesAway("Shall we talk about your ketamine session?") == "" {
		t.Error("nothing gives anything away")
	}
}

// The reminders of a plan are read on a locked screen day after day for weeks: none says
// what they are about, in any of their ways of saying it, nor do buttons of theirs that a
// notification shows; and what comes every day is not said the same every day.
func TestPlansGiveNothingAwayOverAWholeCourse(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	deck, _ := library.Deck("reminders")
	for _, card := range deck.Cards {
		ways := map[string]bool{}
		for day := range 60 {
			says := card.DiscreetOn(20000 + day)
			if word := content.GivesAway(says); word != "" {
				t.Errorf("%s: a locked screen shows %q: %s", card.ID, word, says)
			}
			ways[says] = true
		}
		if least := 2; card.ID != "hydration" && card.ID != "note" && card.ID != "keep-medicines" && card.ID != "integration-appointment" && len(ways) < least {
			t.Errorf("%s is said in %d ways", card.ID, len(ways))
		}
		if card.ID == "check-in" && card.DiscreetOn(20000) == card.DiscreetOn(20001) {
			t.Error("what comes every day says the same two days running")
		}
	}
	for _, hint := range []string{"How is today? One tap will do: better, same, heavier, or I need help.", "Welcome home. Rest, sip some water, and leave the driving to others."} {
		if content.GivesAway(hint) == "" {
			t.Errorf("%q gives nothing away", hint)
		}
	}
}
