package handlers

import (
	"context"
	"slices"
	"strings"
	"testing"

	"village/bot"
)

// Whoever chooses a channel hears at once what stands in the way of writing there, and
// whoever chooses one for moderators that everybody reads along in it; until that is
// mended, the check and the doctor say so.
func TestChannelsAreLookedAt(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, b *bench) {
		for name, test := range map[string]struct {
			found              bot.Finding
			mods, channel, not string
		}{
			"public":   {bot.Finding{OK: true, Public: true}, "will read what people tell moderators", "I may write there", "only moderators are in it"},
			"private":  {bot.Finding{OK: true}, "not open to everybody", "I may write there", "Everybody in"},
			"archived": {bot.Finding{Say: "The channel is archived.", Do: "Bring it back."}, "Bring it back", "Bring it back", "I looked"},
			"unasked":  {bot.Finding{OK: true, Room: "console/another"}, "Please make sure", "Please make sure", "I looked"},
		} {
			b.app.Check = func(_ context.Context, rooms ...string) []bot.Finding {
				f := test.found
				if f.Room == "" && slices.Contains(rooms, "console/village") {
					f.Room = "console/village"
				}
				return []bot.Finding{{OK: true, Say: "The token is right."}, f}
			}
			for _, c := range [][2]string{{"/setup channel", test.channel}, {"/setup channel #console/square", ""}, {"/setup moderators", test.mods}} {
				line, want := c[0], c[1]
				if said := shown(b.mustSay(t, "mod", line).Messages[0]); !strings.Contains(said, want) || strings.Contains(said, test.not) {
					t.Errorf("%s: %s is answered: %s", name, line, said)
				}
			}
			said := shown(b.mustSay(t, "mod", "/setup check").Messages[0])
			if strings.Contains(said, "will read what people tell") != test.found.Public {
				t.Errorf("%s: the check says: %s", name, said)
			}
			rooms, err := b.app.Rooms(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			found := test.found
			found.Room = "console/village"
			if said := rooms.Overheard(found); (said != "") != test.found.Public {
				t.Errorf("%s: the doctor says: %s", name, said)
			}
		}
	})
}

// A group's own notes are for whoever is in its village, beside the crisis lines too; the
// lines themselves are for everybody.
func TestNotesAreForTheVillage(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, b *bench) {
		b.mustSay(t, "gil", "/need mine")
		b.mustSay(t, "mod", "/local add topic: crisis words: knock at gate nine")
		b.mustSay(t, "mod", "/local add topic: rides words: knock at gate nine")
		for standing, reads := range map[bot.Standing]bool{bot.In: true, bot.Guest: true, bot.Gone: false, bot.Unsaid: false} {
			b.standings["console/gil"] = standing
			for _, line := range []string{"/crisis", "/faq rides", "i want to die"} {
				r := b.from("", "gil", line, true, false)
				said := shown(r.Messages[0])
				if strings.Contains(said, "gate nine") != reads || line == "/crisis" && !r.Crisis {
					t.Errorf("%v: %s is answered: %s", standing, line, said)
				}
			}
		}
	})
}
