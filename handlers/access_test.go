package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/internal/store"
)

// recorded is a store that remembers what is committed.
type recorded struct {
	store.Store
	changes []store.Change
}

func (r *recorded) Commit(ctx context.Context, c store.Change) error {
	r.changes = append(r.changes, c)
	return r.Store.Commit(ctx, c)
}

// touched names what of a group was changed since the last call, beside the question
// whether somebody is still there.
func (r *recorded) touched(group string) []string {
	var out []string
	for _, c := range r.changes {
		if c.Partition != records.GroupPartition(group) {
			continue
		}
		for _, d := range c.Puts {
			out = append(out, d.Kind+"/"+d.ID)
		}
		for _, d := range c.Deletes {
			out = append(out, d.Key.Kind+"/"+d.Key.ID)
		}
		for _, j := range c.Jobs {
			if !strings.HasPrefix(j.ID, "standing/"+records.StandingLook) {
				out = append(out, "job "+j.ID)
			}
		}
	}
	r.changes = nil
	return out
}

// What nobody may read who is not in the village, and what nobody may read who was not
// let in.
func villageWords() []string {
	return []string{"Quarry Lane", "zelda", "gate seven", "lanterns", "Old Mill"}
}
func privateWords() []string { return []string{"blue door", "red gate"} }

// reader is somebody in the matrix, and what they may.
type reader struct {
	role, name string
	standing   bot.Standing
	// inside: they may read what everybody in the village reads, and do what anybody may.
	inside, moderates bool
	// knows are private words that they were given.
	knows string
	// byRole: they moderate by what the platform gives them, not by its own word.
	byRole bool
	// workspace is where they come from, when not from the village's.
	workspace string
}

func readers() []reader {
	return []reader{
		{role: "member", name: "nora", standing: bot.In, inside: true, knows: "red gate"},
		{role: "helper never let in", name: "kim", standing: bot.In, inside: true},
		{role: "helper let in", name: "sam", standing: bot.In, inside: true, knows: "blue door"},
		{role: "released helper", name: "lee", standing: bot.In, inside: true},
		{role: "declined helper", name: "pat", standing: bot.In, inside: true},
		{role: "barred helper", name: "bob", standing: bot.In, inside: true},
		{role: "guest", name: "gus", standing: bot.Guest, inside: true},
		{role: "from another company", name: "ona", standing: bot.Outsider, inside: true},
		{role: "moderator", name: "mod", standing: bot.In, inside: true, moderates: true},
		{role: "moderator by a role", name: "rory", standing: bot.In, inside: true, moderates: true, byRole: true},
		{role: "had a role that moderates", name: "rex", standing: bot.In, inside: true},
		{role: "has the role, and left", name: "ruth", standing: bot.Gone},
		{role: "former moderator", name: "fred", standing: bot.In, inside: true},
		{role: "former member", name: "gil", standing: bot.Gone},
		{role: "former moderator who left", name: "tess", standing: bot.Gone},
		{role: "never in the channel", name: "eve", standing: bot.Gone},
		{role: "cannot be told", name: "uma", standing: bot.Unsaid},
		{role: "of another workspace", name: "mallory", standing: bot.Gone, workspace: "oak"},
		{role: "moderator of another guild", name: "ogre", standing: bot.Gone, workspace: "elm", moderates: true},
	}
}

// deliver sends what is due.
func (b *bench) deliver() error {
	for {
		if n, err := b.sched.Tick(context.Background()); n == 0 || err != nil {
			return err
		}
	}
}

// accessBench is a village in which all of them have been, with the codes of what there
// is and every button that was shown.
func accessBench(t *testing.T, library *content.Library, kind storeKind) (b *bench, kept *recorded, codes, buttons []string) {
	t.Helper()
	open := kind.open
	kind.open = func(now func() time.Time) (store.Store, error) {
		s, err := open(now)
		kept = &recorded{Store: s}
		return kept, err
	}
	b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	button := map[string]bool{}
	note := func(messages ...bot.Message) {
		for _, m := range messages {
			for _, x := range m.Flat().Buttons {
				if x.Command != "" && !button[x.Command] {
					button[x.Command] = true
					buttons = append(buttons, x.Command)
				}
			}
		}
	}
	do := func(who, line string) bot.Reply {
		r := b.mustSay(t, who, line)
		note(r.Messages...)
		if err := b.deliver(); err != nil {
			t.Fatal(err)
		}
		return r
	}
	code := func(r bot.Reply) string {
		fields := strings.Fields(r.Messages[0].Buttons[0].Command)
		codes = append(codes, fields[len(fields)-1])
		return fields[len(fields)-1]
	}
	for _, who := range readers() {
		if who.workspace != "" {
			b.from(who.workspace, who.name, "/need mine", false, who.moderates)
			continue
		}
		do(who.name, "/need mine")
	}
	do("mod", "/setup trust @tess")
	do("mod", "/setup trust @fred")
	do("mod", "/setup trust @fred no")
	b.roles = map[string][]string{"console/keepers": {"console/rory", "console/rex", "console/ruth"}}
	do("mod", "/setup trust role: @keepers")
	for _, who := range []string{"rory", "rex", "ruth"} {
		do(who, "/need uncovered")
	}
	b.roles["console/keepers"] = []string{"console/rory", "console/ruth"}
	do("mod", "/helper bar @bob")
	do("mod", "/local add topic: rides words: gate seven")
	do("mod", "/reminders add every day at 9am words: lanterns")
	ride := code(do("zelda", "/ask ride-home thu 1:30pm from: near Quarry Lane details: the blue door"))
	meal := code(do("nora", "/ask meal fri 6pm where: by the Old Mill details: the red gate"))
	old := code(do("zelda", "/ask errand wed 6pm where: near Quarry Lane details: the blue door"))
	do("zelda", "/need cancel "+old+" yes")
	letIn := func(who, need, by string) {
		do(who, "/need claim "+need)
		if r := b.says(by, "/need approve "+need+" @"+who); r.Code != "" {
			t.Fatal(r.Code)
		}
		if err := b.deliver(); err != nil {
			t.Fatal(err)
		}
	}
	letIn("gil", meal, "nora")
	letIn("lee", ride, "zelda")
	do("lee", "/need release "+ride)
	do("pat", "/need claim "+ride)
	do("zelda", "/need decline "+ride+" @pat yes")
	letIn("sam", ride, "zelda")
	do("zelda", "/session add dec 1 at 1pm area: near Quarry Lane help: ride home home: by the Old Mill")
	for _, o := range b.sent {
		note(o.Message)
	}
	b.sent = nil
	for _, who := range readers() {
		b.standings["console/"+who.name] = who.standing
	}
	return b, kept, append(codes, "zzzzzz"), buttons
}

// accessLines are every command of the table with every code, and every button.
func accessLines(b *bench, codes, buttons []string) []string {
	lines := slices.Clone(buttons)
	for _, c := range b.app.Table() {
		for _, sub := range append(c.Subs, c) {
			switch {
			case sub.Run == nil, c.Name == "faq", c.Name == "crisis":
			case strings.Contains(sub.Example, "k7m2p9"):
				for _, code := range codes {
					line := strings.Replace(sub.Example, "k7m2p9", code, 1)
					if slices.ContainsFunc(sub.Options, func(o bot.Option) bool { return o.Name == "sure" }) {
						line += " yes"
					}
					lines = append(lines, line)
				}
			default:
				lines = append(lines, sub.Example)
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// places are where somebody can say something.
func (who reader) places() []bot.Request {
	direct := bot.Request{Room: bot.Room{ID: "console/dm-" + who.name, Direct: true}}
	if who.workspace != "" {
		own := "console/" + who.workspace
		return []bot.Request{direct, {Workspace: own, Room: bot.Room{ID: own, Name: who.workspace}}}
	}
	lobby := bot.Request{Workspace: "console/village", Room: bot.Room{ID: "console/lobby", Name: "lobby"}}
	if !who.inside {
		return []bot.Request{direct, lobby}
	}
	return []bot.Request{direct, lobby, {Workspace: "console/village", Room: bot.Room{ID: "console/village", Name: "village"}}}
}

// leak is the first of the words that somebody reads.
func leak(messages []bot.Message, words []string, except string) string {
	for _, m := range messages {
		text := shown(m)
		for _, word := range words {
			if word != except && strings.Contains(text, word) {
				return word + ": " + text
			}
		}
	}
	return ""
}

// The access matrix: whoever it is, wherever they say it, with whatever code, nobody
// reads or changes what is not for them.
func TestAccess(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	tried, leaks, changes := 0, 0, 0
	for _, kind := range everyStore(t) {
		b, kept, codes, buttons := accessBench(t, library, kind)
		lines := accessLines(b, codes, buttons)
		for _, who := range readers() {
			if who.inside { // they may change things: each finds the village as it was
				b, kept, _, _ = accessBench(t, library, kind)
			}
			for _, place := range who.places() {
				for _, line := range lines {
					if strings.HasPrefix(line, "/privacy delete") {
						continue
					}
					tried++
					kept.changes, b.sent = nil, nil
					r := place
					r.Platform, r.Line = "console", line
					r.From = bot.Person{ID: "console/" + who.name, Name: who.name, Moderator: who.moderates && !who.byRole && !r.Room.Direct}
					if who.standing.Visits() {
						r.From.Standing = who.standing
					}
					reply := b.bot.Do(context.Background(), r)
					committed := len(kept.changes) > 0
					said := fmt.Sprintf("%s, %s in %s: %s", kind.name, who.role, r.Room.ID, line)
					if reply.Code == bot.CodeInternal {
						t.Error(said, "fails")
					}
					if changed := kept.touched("console/village"); len(changed) > 0 && !who.mayChange(b, line) {
						changes++
						t.Errorf("%s\nchanges %q", said, changed)
					}
					if committed {
						if err := b.deliver(); err != nil {
							t.Fatal(err)
						}
					}
					read := reply.Messages
					for _, o := range b.sent {
						if o.To.Person == r.From.ID {
							read = append(read, o.Message)
						}
					}
					forbidden := privateWords()
					if !who.inside {
						forbidden = append(forbidden, villageWords()...)
					}
					if text := leak(read, forbidden, who.knows); text != "" {
						leaks++
						t.Errorf("%s\nshows %s", said, text)
					}
					if t.Failed() && leaks+changes > 20 {
						t.FailNow()
					}
				}
			}
		}
	}
	t.Logf("%d times somebody said something, %d roles in up to 3 places: %d leaks, %d changes", tried, len(readers()), leaks, changes)
	if tried < 5000 {
		t.Error("that is too few")
	}
}

// mayChange says whether somebody may change something of the village with a line.
func (who reader) mayChange(b *bench, line string) bool {
	path, _, err := bot.ParseLine(b.app.Table(), line)
	if err != nil || !who.inside {
		return false
	}
	cmd := bot.Find(b.app.Table(), path)
	return cmd != nil && (cmd.Who == bot.Anyone || who.moderates)
}

// Whoever is none of the place's own is named as such before anything private is told,
// also where a group lets anyone help.
func TestVisitorsAreNamed(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for standing, words := range map[bot.Standing]string{bot.Guest: "is a guest in your workspace", bot.Outsider: "is from another company"} {
		b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 9)
		if err != nil {
			t.Fatal(err)
		}
		defer b.store.Close()
		b.mustSay(t, "mod", "/setup helpers anyone")
		fields := strings.Fields(b.mustSay(t, "maya", "/ask ride-home thu 1:30pm from: near the park details: the blue door").Messages[0].Buttons[0].Command)
		need := fields[len(fields)-1]
		claim := bot.Request{Platform: "console", Workspace: "console/village", Line: "/need claim " + need,
			Room: bot.Room{ID: "console/village", Name: "village"}, From: bot.Person{ID: "console/gus", Name: "gus", Standing: standing}}
		if r := b.bot.Do(t.Context(), claim); r.Code != "" {
			t.Fatal(r.Code)
		}
		if err := b.deliver(); err != nil {
			t.Fatal(err)
		}
		asked := false
		for _, o := range b.sent {
			asked = asked || o.To.Person == "console/maya" && strings.Contains(shown(o.Message), words) && strings.Contains(shown(o.Message), "/need approve "+need)
			if o.To.Person == "console/gus" && strings.Contains(shown(o.Message), "blue door") {
				t.Error("they are told what is private before anybody said yes:", shown(o.Message))
			}
		}
		if !asked {
			t.Errorf("nobody is asked whether somebody may help who %s: %v", words, b.sent)
		}
	}
}
