package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"village/bot"
	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
	"village/content"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/sealed"
	"village/internal/store/storetest"
)

// watched is a store that remembers what was committed.
type watched struct {
	store.Store

	mu      sync.Mutex
	changes []store.Change
}

func (w *watched) Commit(ctx context.Context, c store.Change) error {
	w.mu.Lock()
	w.changes = append(w.changes, c)
	w.mu.Unlock()
	return w.Store.Commit(ctx, c)
}

// touched names what of a group was changed since the last call, beside the question
// whether somebody is still there. any says that anything was committed at all.
func (w *watched) touched(group string) (out []string, anything bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.changes {
		anything = true
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
	w.changes = nil
	return out, anything
}

// Where somebody can say something.
const (
	inVillage = "the village channel"
	inLobby   = "another channel"
	elsewhere = "a place of others"
	directly  = "direct messages"
)

// visitor is somebody in the matrix: how the platform sees them, and what they may.
type visitor struct {
	role, name string
	// arrive makes them what they are, once the village has been set up.
	arrive func()
	inside bool
	// knows are private words that they were given.
	knows  string
	places []string
}

// door is a stage at which the matrix knocks.
type door interface {
	stage
	visitors() []visitor
	// tries has somebody type a line at a place, or press a button for it that nobody
	// ever showed there. What it gives says whether the answer is there; nil where no
	// client would send it.
	tries(who, place, line string, pressed bool) (answered func() bool)
}

func (s *onDiscordStage) visitors() []visitor {
	elm := s.d.Guild("Elm")
	leaves := func(name string) func() { return func() { s.guild.Leave(s.d.Person(name)) } }
	return []visitor{
		{role: "former member", name: "gil", arrive: leaves("gil"), places: []string{directly, elsewhere}},
		{role: "former moderator who left", name: "tess", arrive: func() { leaves("tess")(); s.d.Person("tess").Moderator = true }, places: []string{directly, elsewhere}},
		{role: "moderator of another guild", name: "ogre", arrive: func() { leaves("ogre")(); s.d.Person("ogre").Moderator = true; elm.Owner(s.d.Person("ogre")) }, places: []string{directly, elsewhere}},
		{role: "person of another guild", name: "ona", arrive: leaves("ona"), places: []string{directly, elsewhere}},
		{role: "not let into the channel", name: "eve", arrive: func() { s.room.Overwrite(s.d.Person("eve").ID, 0, discordtest.ViewChannel) }, places: []string{directly, inLobby}},
		{role: "former moderator", name: "fred", inside: true, arrive: func() { s.d.Person("fred").Moderator = false }, places: []string{inVillage, directly}},
		{role: "released helper", name: "lee", inside: true, places: []string{inLobby, directly}},
		{role: "helper let in", name: "sam", inside: true, knows: "blue door", places: []string{inLobby, directly}},
	}
}

func (s *onDiscordStage) tries(who, place, line string, pressed bool) func() bool {
	p, c := s.d.Person(who), s.room
	switch place {
	case inLobby:
		c = s.guild.Channel("lobby")
	case elsewhere:
		c = s.d.Guild("Elm").Channel("elm")
	case directly:
		c = p.Direct()
	}
	var u *discordtest.Use
	r, ok := s.request(who, place == directly || place == elsewhere, line)
	switch id := "v1:" + line; {
	case !pressed && ok && listed(s.table, r.Path):
		u = p.Slash(c, strings.Join(r.Path, " "), s.typed(r))
	case len(id) <= longestID:
		u = p.PressID(c, id)
	default:
		return nil
	}
	return func() bool { return u.Answered() != nil || u.Opened() }
}

func (s *onSlackStage) visitors() []visitor {
	is := func(u slacktest.User) func() {
		return func() {
			u.Name, u.ID = strings.ToLower(u.ID), "U0"+strings.ToUpper(u.ID)
			s.s.AddUser(u)
		}
	}
	out := func(u slacktest.User) func() {
		return func() { is(u)(); s.s.Leave(slackVillage, "U0"+strings.ToUpper(u.ID)) }
	}
	s.s.AddChannel(slacktest.Channel{ID: "C0LOBBY", Name: "lobby"})
	s.s.AddChannel(slacktest.Channel{ID: "C0SHARED", Name: "shared"})
	return []visitor{
		{role: "former member", name: "gil", arrive: out(slacktest.User{ID: "gil"}), places: []string{directly, inLobby}},
		{role: "former moderator who left", name: "tess", arrive: out(slacktest.User{ID: "tess"}), places: []string{directly, inLobby}},
		{role: "never in the channel", name: "eve", arrive: out(slacktest.User{ID: "eve"}), places: []string{directly, inLobby}},
		{role: "deactivated", name: "dee", arrive: is(slacktest.User{ID: "dee", Disabled: true}), places: []string{directly}},
		{role: "administrator of another workspace", name: "ogre", arrive: out(slacktest.User{ID: "ogre", Team: "T0OTHER", Admin: true, Owner: true}), places: []string{directly, elsewhere}},
		{role: "guest who is not in the channel", name: "gail", arrive: out(slacktest.User{ID: "gail", Guest: true}), places: []string{directly, inLobby}},
		{role: "guest", name: "gus", inside: true, arrive: is(slacktest.User{ID: "gus", Guest: true}), places: []string{inVillage, directly}},
		{role: "from another company", name: "ona", inside: true, arrive: is(slacktest.User{ID: "ona", Team: "T0OTHER", Admin: true}), places: []string{inVillage, directly}},
		{role: "former moderator", name: "fred", inside: true, arrive: is(slacktest.User{ID: "fred"}), places: []string{inVillage, directly}},
		{role: "released helper", name: "lee", inside: true, places: []string{inLobby, directly}},
		{role: "helper let in", name: "sam", inside: true, knows: "blue door", places: []string{inLobby, directly}},
	}
}

func (s *onSlackStage) tries(who, place, line string, pressed bool) func() bool {
	user := s.person(who)
	channel, team := slackVillage, slacktest.Team
	switch place {
	case inLobby:
		channel = "C0LOBBY"
	case elsewhere:
		channel, team = "C0SHARED", "T0OTHER"
	case directly:
		channel = slacktest.DirectChannel(user)
	}
	before, envelope := s.s.Changes(), ""
	if pressed {
		forged := slacktest.Message{Channel: channel, TS: "1600000000.000100", Text: "old", Blocks: []map[string]any{{"type": "actions", "elements": []any{
			map[string]any{"type": "button", "action_id": "village/1/0", "text": map[string]any{"type": "plain_text", "text": "old"}, "value": line}}}}}
		envelope = s.s.Press(forged, user, line)
	} else {
		envelope = s.s.Slash(team, channel, user, "/village", strings.TrimPrefix(line, "/"))
	}
	return func() bool { return s.s.Changes() > before && s.s.Acked(envelope) }
}

// knocked is what came of the matrix at one door.
type knocked struct{ tried, changes, leaks, welcome int }

// The access matrix through the adapters: whoever the platform says somebody is, in
// whatever place, with codes and buttons of their own, of old and made up, they read and
// change nothing that is not for them.
func TestAccessOnPlatforms(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	// Where few lines are tried, those of the village may read nothing on one of the doors.
	var welcome atomic.Int64
	t.Cleanup(func() {
		if welcome.Load() == 0 {
			t.Error("nobody of the village could read what is said in it, so that this shows nothing")
		}
	})
	for turn, at := range []struct {
		name string
		open func(t *testing.T) stage
	}{
		{"discord-gateway", func(t *testing.T) stage { return discordStage(t, false) }},
		{"discord-http", func(t *testing.T) stage { return discordStage(t, true) }},
		{"slack-socket", func(t *testing.T) stage { return slackStage(t, false) }},
		{"slack-http", func(t *testing.T) stage { return slackStage(t, true) }},
	} {
		t.Run(at.name, func(t *testing.T) {
			t.Parallel()
			var closing sync.WaitGroup
			t.Cleanup(closing.Wait)
			m := openMatrix(t, library, at.open(t).(door), &closing)
			every := 12 // each line by somebody; the handlers' own matrix tries them all
			if storetest.RaceDetector {
				every = 24
			}
			total := knocked{}
			for i, v := range m.door.visitors() {
				if v.arrive != nil {
					v.arrive()
				}
				m.knock(v, 5*i+turn, every, &total)
			}
			t.Logf("%d times somebody said something or pressed a button, as %d kinds of people: %d leaks, %d changes; %d times somebody of the village read what is said in it",
				total.tried, len(m.door.visitors()), total.leaks, total.changes, total.welcome)
			if total.tried < 3000/every {
				t.Error("that shows nothing")
			}
			welcome.Add(int64(total.welcome))
		})
	}
}

// matrix is a village behind a door, with what can be tried there.
type matrix struct {
	t         *testing.T
	door      door
	real      *rehearsal
	kept      *watched
	workspace string
	lines     []string
}

// openMatrix sets a village up in which all of them have been.
func openMatrix(t *testing.T, library *content.Library, s door, closing *sync.WaitGroup) *matrix {
	workspace, room := s.place()
	clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
	db, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	inner, err := sealed.Open(t.Context(), db, rehearsalKeys())
	if err != nil {
		t.Fatal(err)
	}
	m := &matrix{t: t, door: s, kept: &watched{Store: inner}, workspace: workspace}
	parts, err := assemble(m.kept, library, rehearsalKeys(), clock.Now, seeded(), []bot.Platform{s.platform()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := parts.app.Start(t.Context(), workspace, room.ID, room.Name, time.UTC); err != nil {
		t.Fatal(err)
	}
	m.real = &rehearsal{clock: clock, store: m.kept, parts: parts, workspace: workspace}
	runBeside(t, s.platform(), parts.bot, closing)
	s.begin(parts.bot)
	s.settled()
	m.furnish()
	return m
}

// furnish fills the village, and notes every command with every code and every button.
func (m *matrix) furnish() {
	var codes []string
	do := func(who, line string) (buttons []string) {
		m.t.Helper()
		m.say(who, line)
		for _, f := range m.door.shown() {
			for _, command := range f.commands {
				if command != "" && !strings.Contains(command, "://") {
					buttons = append(buttons, command)
				}
			}
		}
		m.lines = append(m.lines, buttons...)
		m.door.settled()
		return buttons
	}
	asked := func(who, line string) string {
		m.t.Helper()
		for _, command := range do(who, line) {
			if code, ok := strings.CutPrefix(command, "/need claim "); ok {
				codes = append(codes, code)
				return code
			}
		}
		m.t.Fatalf("nothing came of %s", line)
		return ""
	}
	for _, v := range m.door.visitors() {
		do(v.name, "/need mine")
	}
	for _, line := range []string{"/setup zone Denver", "/setup trust @tess", "/setup trust @fred", "/setup trust @fred no", "/local add topic: rides words: gate seven", "/reminders add every day at 9am words: lanterns"} {
		do("mod", line)
	}
	ride := asked("zelda", "/ask ride-home thu 1:30pm from: near Quarry Lane details: the blue door")
	meal := asked("nora", "/ask meal fri 6pm where: by the Old Mill details: the red gate")
	old := asked("zelda", "/ask errand wed 6pm where: near Quarry Lane details: the blue door")
	do("zelda", "/need cancel "+old+" yes")
	for _, yes := range []struct{ who, need, by string }{{"gil", meal, "nora"}, {"lee", ride, "zelda"}, {"sam", ride, "zelda"}} {
		do(yes.who, "/need claim "+yes.need)
		do(yes.by, "/need approve "+yes.need+" @"+yes.who)
		if yes.who == "lee" {
			do("lee", "/need release "+ride)
		}
	}
	do("zelda", "/session add dec 1 at 1pm area: near Quarry Lane help: ride home home: by the Old Mill")
	m.lines = append(m.lines, tableLines(m.real.parts.bot.Table(), append(codes, "zzzzzz"))...)
	m.lines = slices.DeleteFunc(m.lines, func(line string) bool { return strings.HasPrefix(line, "/privacy delete") })
	slices.Sort(m.lines)
	m.lines = slices.Compact(m.lines)
}

// tableLines are every command of a table with every code.
func tableLines(table []bot.Command, codes []string) []string {
	var lines []string
	for _, c := range table {
		for _, sub := range append(slices.Clone(c.Subs), c) {
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
	return lines
}

// say has somebody say a line in the village, and delivers what follows.
func (m *matrix) say(who, line string) {
	m.t.Helper()
	request, ok := m.door.request(who, false, line)
	if !ok {
		m.t.Fatalf("nobody can say this: %s", line)
	}
	m.door.say(request, line)
	m.door.waitFor("an answer to "+line, func() bool { return len(m.door.shown()) > 0 })
	if err := m.real.deliver(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
}

// knock tries every so manieth line as somebody, in each of their places.
func (m *matrix) knock(v visitor, nth, every int, total *knocked) {
	m.kept.touched(m.workspace)
	request, _ := m.door.request(v.name, true, "/help")
	for i, place := range v.places {
		for k, line := range m.lines {
			if (k+nth+i)%every != 0 {
				continue
			}
			answered := m.door.tries(v.name, place, line, k%2 == 0)
			if answered == nil {
				continue
			}
			total.tried++
			m.door.waitFor(v.role+" in "+place+": "+line, answered)
			changed, committed := m.kept.touched(m.workspace)
			if len(changed) > 0 && !(v.inside && m.anyone(line)) {
				total.changes++
				m.t.Errorf("%s in %s: %s\nchanges %q", v.role, place, line, changed)
			}
			if committed {
				if err := m.real.deliver(m.t.Context()); err != nil {
					m.t.Fatal(err)
				}
				m.kept.touched(m.workspace)
			}
		}
		m.read(v, place, request.From.ID, total)
	}
}

// anyone says whether a line is a command that anyone in the village may use.
func (m *matrix) anyone(line string) bool {
	path, _, err := bot.ParseLine(m.real.parts.bot.Table(), line)
	cmd := bot.Find(m.real.parts.bot.Table(), path)
	return err == nil && cmd != nil && cmd.Who == bot.Anyone
}

// read looks at all that has been shown to somebody (an ID), and to everybody outside
// the village channel.
func (m *matrix) read(v visitor, place, id string, total *knocked) {
	private, village := []string{"blue door", "red gate"}, []string{"Quarry Lane", "zelda", "gate seven", "lanterns", "Old Mill"}
	_, room := m.door.place()
	for _, f := range m.door.shown() {
		forbidden := private
		switch {
		case f.to != id && (f.to == room.ID || strings.HasPrefix(f.frame.Reader, "#") == false):
			continue // what others were told, who may know it
		case !v.inside || f.to != id:
			forbidden = append(slices.Clone(private), village...)
		case slices.ContainsFunc(village, func(word string) bool { return strings.Contains(f.words, word) }):
			total.welcome++
		}
		for _, word := range forbidden {
			if word != v.knows && strings.Contains(f.words, word) {
				total.leaks++
				m.t.Errorf("%s in %s reads %q:\n%s", v.role, place, word, f.words)
			}
		}
	}
	m.door.settled()
}
