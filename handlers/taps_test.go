package handlers

import (
	"strings"
	"testing"

	"village/bot"
)

// From asking to "sam drives you" it takes a tap, the driver's. Where nobody has let them
// in before, it takes one more, once; whoever is known, or was named beforehand, needs
// none more, and neither does anybody where a group lets anyone help.
func TestTapsToARide(t *testing.T) {
	onEveryStore(t, 37, func(t *testing.T, b *bench) {
		// taps are what is pressed, of what was shown to them, until the card says who drives.
		taps := func(asker, driver, when string) (n int) {
			t.Helper()
			b.sent = nil
			b.mustSay(t, asker, "/ask ride-home "+when+" from: the park")
			press := func(who string, shownTo func(bot.Outgoing) bool, command string) bool {
				t.Helper()
				if err := b.deliver(); err != nil {
					t.Fatal(err)
				}
				for _, o := range b.sent {
					for _, x := range o.Message.Flat().Buttons {
						if shownTo(o) && strings.HasPrefix(x.Command, command) {
							b.sent = nil
							b.mustSay(t, who, x.Command)
							n++
							return true
						}
					}
				}
				return false
			}
			in := func(o bot.Outgoing) bool { return o.To.Room != "" }
			to := func(o bot.Outgoing) bool { return o.To.Person == "console/"+asker }
			if !press(driver, in, "/need claim ") {
				t.Fatal("there is no card")
			}
			for press(asker, to, "/need approve ") {
			}
			if err := b.deliver(); err != nil {
				t.Fatal(err)
			}
			covered := false
			needs, err := b.app.NeedsWith(t.Context(), "console/village", "console/"+driver, b.clock(), 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, need := range needs {
				covered = covered || need.Member.Name == asker && need.MaySee("console/"+driver)
			}
			if !covered {
				t.Errorf("%s does not drive %s after %d taps", driver, asker, n)
			}
			return n
		}
		b.mustSay(t, "lee", "/need mine")
		b.mustSay(t, "zelda", "/helper may @lee")
		for _, c := range []struct {
			asker, driver, when string
			most                int
		}{
			{"maya", "sam", "dec 2 1pm", 2},
			{"maya", "sam", "dec 3 1pm", 1},
			{"maya", "kim", "dec 4 1pm", 2},
			{"zelda", "lee", "dec 5 1pm", 1},
		} {
			if n := taps(c.asker, c.driver, c.when); n > c.most {
				t.Errorf("%s drives %s after %d taps, at most %d", c.driver, c.asker, n, c.most)
			}
		}
		b.mustSay(t, "mod", "/setup helpers anyone")
		if n := taps("maya", "pat", "dec 8 1pm"); n > 1 {
			t.Errorf("where anyone may help it takes %d taps", n)
		}
	})
}
