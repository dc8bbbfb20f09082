package handlers

import (
	"slices"
	"strings"
	"testing"

	"village/bot"
)

// No words that everybody reads escape: each option of free text says who reads it, and
// whatever everybody would read waits for a tap where it gives somebody away.
func TestPublicWordsAreLookedAt(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	b, kept, codes, _ := accessBench(t, library, everyStore(t)[0])
	plan := strings.Fields(b.mustSay(t, "zelda", "/session add dec 9 at 1pm area: near the park").Messages[0].Buttons[0].Command)
	looked := 0
	for _, c := range b.app.Table() {
		for _, sub := range append(slices.Clone(c.Subs), c) {
			path := strings.TrimSpace(c.Name + " " + sub.Name)
			if sub.Run == nil {
				continue
			}
			for _, o := range sub.Options {
				if o.Kind == bot.Words && o.Read == bot.Undecided && !o.Private {
					t.Errorf("/%s %s: does not say who reads it", path, o.Name)
				}
				if o.Kind != bot.Words || o.Read != bot.Everybody {
					continue
				}
				looked++
				_, args, err := bot.ParseLine(b.app.Table(), strings.Replace(sub.Example, "k7m2p9", codes[0], 1))
				if err != nil {
					t.Fatal(path, err)
				}
				if args["session"] != "" {
					args["session"] = plan[2]
				}
				args[o.Name] = "ring Ava at 303 555 0100"
				kept.changes = nil
				who := bot.Person{ID: "console/zelda", Name: "zelda"}
				if sub.Who == bot.Moderators {
					who = bot.Person{ID: "console/mod", Name: "mod", Moderator: true}
				}
				r := b.bot.Do(t.Context(), bot.Request{Platform: "console", Workspace: "console/village", Room: bot.Room{ID: "console/village", Name: "village"},
					From: who, Path: strings.Fields(path), Args: args})
				asks := len(r.Messages) > 0 && slices.ContainsFunc(r.Messages[0].Buttons, func(x bot.Button) bool { return strings.HasPrefix(x.Command, "/need post ") })
				if changed := kept.touched("console/village"); !asks || len(changed) > 0 {
					t.Errorf("/%s %s: is posted, and nobody has looked at it: %v, %q", path, o.Name, r, changed)
				}
			}
		}
	}
	if looked < 30 {
		t.Errorf("%d options are looked at, and that is too few", looked)
	}
}

// What was held back as a moderator's is posted by a moderator.
func TestHeldBackForModerators(t *testing.T) {
	onEveryStore(t, 31, func(t *testing.T, b *bench) {
		r := b.mustSay(t, "mod", "/reminders add every day at 9am words: ring Ava at 303 555 0100")
		tap := r.Messages[0].Buttons[0].Command
		if r := b.from("village", "mod", tap, false, false); r.Code != bot.CodeNotAllowed {
			t.Errorf("somebody who moderates no more posts it: %q", r.Code)
		}
		b.mustSay(t, "mod", tap)
		if all, err := b.app.Reminders(t.Context(), "console/village"); err != nil || len(all) != 1 || all[0].Words != "ring Ava at 303 555 0100" {
			t.Errorf("posted is %v, %v", all, err)
		}
	})
}
