package handlers

import (
	"strings"
	"testing"
	"time"

	"village/bot"
)

// While the platform cannot be asked, nobody comes to moderate by a role and nobody loses
// it; whoever lost it is not told what is for the moderators, and hears why.
func TestModeratorsByRole(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	b.roles = map[string][]string{"console/keepers": {"console/rory"}}
	moderates := func(who string) bool { return b.says(who, "/setup show").Code == "" }
	told := func(who string) (words string) {
		if err := b.deliver(); err != nil {
			t.Fatal(err)
		}
		for _, o := range b.sent {
			if o.To.Person == "console/"+who {
				words += o.Message.Title + o.Message.Text + "\n"
			}
		}
		b.sent = nil
		return words
	}
	if r := b.says("mod", "/setup trust role: @ghosts"); r.Code != bot.CodeNoRole {
		t.Error("a role that is not there:", r.Code)
	}
	if r := b.says("mod", "/setup trust role: @keepers no"); r.Code == "" {
		t.Error("taken back before it was given")
	}
	b.mustSay(t, "mod", "/setup trust @keepers") // mentioned as a person is
	b.roleless = true
	if moderates("rory") || told("rory") != "" {
		t.Error("a guess")
	}
	b.roleless = false
	if !moderates("rory") || !strings.Contains(told("rory"), "You moderate this group now") {
		t.Error("whoever has the role")
	}
	if !moderates("rory") || told("rory") != "" {
		t.Error("told twice")
	}
	b.roleless = true
	if moderates("rory") || told("rory") != "" {
		t.Error("a guess, or an end")
	}
	b.roleless = false

	b.roles["console/keepers"] = nil
	b.mustSay(t, "zelda", "/ask ride-home tomorrow 1:30pm from: near Quarry Lane")
	words := ""
	for range 28 { // until the moderators are told that nobody comes
		b.set(b.now.Add(time.Hour))
		words += told("rory")
	}
	if !strings.Contains(words, "You moderated this group because of a role") || strings.Contains(words, "Quarry Lane") {
		t.Errorf("whoever lost it is told %q", words)
	}
}
