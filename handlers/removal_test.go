package handlers

import (
	"strings"
	"testing"
	"time"

	"village/handlers/records"
)

// The bot is taken out of a workspace: nothing is said there any more, the operator is
// told, and after thirty days nothing of it is left but what is people's own. Where it
// comes back before, all goes on.
func TestTakenOut(t *testing.T) {
	onEveryStore(t, 13, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/reminders add every monday at 9am words: drink")
		b.mustSay(t, "maya", "/ask ride-home 2027-01-20 1pm from: near the park details: the blue door")
		b.mustSay(t, "maya", "/remind add every monday at noon words: breathe")
		if err := b.deliver(); err != nil {
			t.Fatal(err)
		}
		days := func(n int) (inRoom int) {
			b.sent = nil
			if err := b.wait(b.clock().Add(time.Duration(n)*24*time.Hour), func() {}); err != nil {
				t.Fatal(err)
			}
			for _, o := range b.sent {
				if o.To.Room != "" {
					inRoom++
				}
			}
			return inRoom
		}
		if days(8) == 0 {
			t.Fatal("the reminder does not come")
		}
		b.bot.Removed(t.Context(), "console/nowhere")
		b.bot.Removed(t.Context(), "console/village")
		b.bot.Removed(t.Context(), "console/village")
		if told, err := b.app.Removed(t.Context()); err != nil || len(told) != 1 || !strings.Contains(told[0], "2026-12-31") {
			t.Error("the operator hears", told, err)
		}
		if n := days(10); n != 0 {
			t.Errorf("%d are said where it is not any more", n)
		}
		b.mustSay(t, "maya", "/need mine") // so it is back
		if told, err := b.app.Removed(t.Context()); err != nil || len(told) != 0 || days(8) == 0 {
			t.Error("back again, it does not go on:", told, err)
		}
		b.bot.Removed(t.Context(), "console/village")
		days(5)
		b.bot.Returned(t.Context(), "console/village")
		if days(26) == 0 || len(b.kept(t, records.GroupPartition("console/village"))) == 0 {
			t.Error("back again, it is deleted")
		}
		b.bot.Removed(t.Context(), "console/village")
		days(31)
		if left := b.kept(t, records.GroupPartition("console/village")); len(left) != 0 {
			t.Errorf("of the group is left: %v", left)
		}
		if left := b.kept(t, records.MemberPartition("console/maya")); len(left) < 2 {
			t.Errorf("of what is maya's own is left only: %v", left)
		}
		if r := b.from("village", "maya", "/need mine", true, false); r.Code == "" {
			t.Error("somebody is still known there")
		}
	})
}
