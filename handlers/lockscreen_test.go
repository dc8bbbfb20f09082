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
