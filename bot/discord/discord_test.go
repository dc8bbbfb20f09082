package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
)

func TestSlashIsAnsweredPrivately(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	m := r.maya.Slash(r.room, "faq", map[string]any{"question": "can I drive *home*?"}).Answer()
	if !m.Ephemeral() || m.VisibleTo != r.maya {
		t.Error("others can see the answer")
	}
	if want := "Driving\nNot **today**. You asked: can I drive \\*home\\*?"; m.Text() != want {
		t.Errorf("answered %q, not %q", m.Text(), want)
	}
	got := r.last()
	if got.Once == "" {
		t.Error("the use has no id")
	}
	got.Once = ""
	want := bot.Request{
		Platform: "discord", Workspace: "discord/" + r.guild.ID,
		Room: bot.Room{ID: "discord/" + r.room.ID, Name: "village"},
		From: bot.Person{ID: "discord/" + r.maya.ID, Name: "Maya"}, Locale: "en-US",
		Path: []string{"faq"}, Args: map[string]string{"question": "can I drive *home*?"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestButtonsDoWhatTypingWould(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	m := r.maya.Slash(r.room, "faq", map[string]any{"question": "x"}).Answer()
	if got := m.Command("Claim"); got != "/need claim k7m2p9" {
		t.Errorf("the button runs %q", got)
	}
	if m := r.maya.Press(m, "More").Answer(); !strings.Contains(m.Text(), "You asked: more") {
		t.Errorf("the button answered %q", m.Text())
	}
	if m := r.maya.Choose(m, "rides").Answer(); !strings.Contains(m.Text(), "You asked: rides") {
		t.Errorf("the menu answered %q", m.Text())
	}
	use := r.maya.Press(m, "/need claim k7m2p9")
	if now := use.Answer(); now.ID != m.ID || now.Text() != "You drive k7m2p9" || len(now.Buttons()) != 0 {
		t.Errorf("the private message became %q with buttons %q", now.Text(), now.Buttons())
	}
	if more := use.More(1); more[0].Text() != "Thank you" || !more[0].Ephemeral() {
		t.Errorf("then came %q", more[0].Text())
	}
	if got := r.last(); !slices.Equal(got.Path, []string{"need", "claim"}) || got.Arg("need") != "k7m2p9" {
		t.Errorf("the button asked for %v %v", got.Path, got.Args)
	}
}

// Several things are ticked, the zone of a time is named, and what ticks cannot say is
// asked for in words.
func TestSeveralThingsAreTicked(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	form := r.maya.Slash(r.room, "plan", nil).Form()
	if f := form.Fields; len(f) != 2 || f[1].Kind != 3 || len(f[1].Options) != 3 {
		t.Fatalf("the form has %+v", form.Fields)
	}
	m := form.Submit(map[string]string{"when": "dec 8", "help": "ride home, meal"}).Answer()
	if m.Text() != "When is the meal?" {
		t.Fatalf("two things are answered %q", m.Text())
	}
	again := r.maya.Press(m, "Try again").Form()
	if f := again.Fields[1]; f.Kind != 4 || f.Value != "ride home, meal" {
		t.Errorf("they come back as %+v", f)
	}
	if m = again.Submit(map[string]string{"help": "ride home, meal 6pm"}).Answer(); m.Text() != "Planned dec 8 with ride home, meal 6pm" {
		t.Errorf("mended, they are answered %q", m.Text())
	}
}

func TestFormsGoRoundAndRound(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	form := r.maya.Slash(r.room, "ask ride-home", map[string]any{"from": "the clinic"}).Form()
	if form.Title != "A ride home" {
		t.Errorf("the form is called %q", form.Title)
	}
	var names []string
	for _, f := range form.Fields {
		names = append(names, f.Name)
	}
	if want := []string{"when", "size", "who", "address"}; !slices.Equal(names, want) {
		t.Errorf("the form asks for %q", names)
	}
	use := form.Submit(map[string]string{"when": "yesterday", "size": "big", "who": r.maya.ID, "address": "12 Pine Street"})
	m := use.Answer()
	if m.Text() != "That is in the past." || !m.Ephemeral() || !slices.Equal(m.Buttons(), []string{"Try again"}) {
		t.Fatalf("a mistake is answered %q with %q", m.Text(), m.Buttons())
	}
	again := r.maya.Press(m, "Try again").Form()
	for _, f := range again.Fields {
		if want := map[string]string{"when": "yesterday", "from": "the clinic", "size": "big", "address": "12 Pine Street", "who": ""}[f.Name]; f.Value != want {
			t.Errorf("%s is filled with %q, not %q", f.Name, f.Value, want)
		}
	}
	m = again.Submit(map[string]string{"when": "thu 1pm", "who": r.maya.ID}).Answer()
	if m.Text() != "Asked for thu 1pm from the clinic" {
		t.Errorf("the form was answered %q", m.Text())
	}
	got := r.last()
	want := map[string]string{"when": "thu 1pm", "from": "the clinic", "size": "big", "who": "discord/" + r.maya.ID, "address": "12 Pine Street"}
	if d := cmp.Diff(want, got.Args); d != "" || !got.Submitted {
		t.Errorf("submitted %v: %s", got.Submitted, d)
	}
}

func TestAForgottenFormBeginsAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	if f := r.maya.PressID(r.room, "f1:gone:/ask ride-home").Form(); f.Title != "A ride home" {
		t.Errorf("opened %q", f.Title)
	}
}

func TestOldButtonsAreAnsweredKindly(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	for _, id := range []string{"v0:/faq", "nonsense", "v1:", "v2:/hi", ":", "f1:", "f1::"} {
		m := r.maya.PressID(r.room, id).Answer()
		if !m.Ephemeral() || !strings.Contains(m.Text(), "/help") {
			t.Errorf("%q is answered %q", id, m.Text())
		}
	}
	if n := len(r.requests()); n != 0 {
		t.Errorf("%d handlers ran", n)
	}
}

func TestSuggestionsWhileTyping(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	for typed, want := range map[string][]discordtest.Pick{
		"can":   {{Name: "Can I drive?", Value: "driving-after"}, {Name: "Can I eat?", Value: "fasting"}},
		"eat":   {{Name: "Can I eat?", Value: "fasting"}},
		"my so": {{Name: "my so", Value: "my so"}}, // what was typed stays theirs to send
		"":      {{Name: "Can I drive?", Value: "driving-after"}, {Name: "Can I eat?", Value: "fasting"}},
	} {
		got := r.maya.Type(r.room, "faq", map[string]any{"question": typed}, "question").Picks()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", typed, d)
		}
	}
}

func TestOptionsArriveAsWords(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.maya.Moderator = true
	r.maya.Nick = "May"
	r.maya.Slash(r.room, "setup", map[string]any{"quiet": false, "hours": 7, "room": r.room}).Answer()
	got := r.last()
	if d := cmp.Diff(map[string]string{"quiet": "no", "hours": "7", "room": "discord/" + r.room.ID}, got.Args); d != "" {
		t.Error(d)
	}
	if !got.From.Moderator || got.From.Name != "May" {
		t.Errorf("asked by %+v", got.From)
	}
	sam := r.Person("Sam")
	if m := sam.Slash(r.room, "setup", nil).Answer(); !strings.Contains(m.Text(), "Only the moderators") {
		t.Errorf("somebody else is answered %q", m.Text())
	}
}

// Every interaction says what language its person has set; words in a message do not.
func TestLocales(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.maya.Locale = "de"
	use := r.maya.Slash(r.room, "ask ride-home", nil)
	use.Form().Submit(map[string]string{"from": "here", "when": "thu 1pm"}).Answer()
	if got := r.last().Locale; got != "de" {
		t.Errorf("a form says %q", got)
	}
	r.maya.Locale = "pt-BR"
	r.maya.Slash(r.room, "hi", nil).Answer()
	if got := r.last().Locale; got != "pt-BR" {
		t.Errorf("a command says %q", got)
	}
	r.maya.Say(r.maya.Direct(), "can I drive?")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Text() == "You said: can I drive?" })
	if got := r.last().Locale; got != "" {
		t.Errorf("words say %q", got)
	}
}

func TestOnOnesOwnMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	sam := r.Person("Sam")
	m := r.maya.Say(r.room, "from my clinic on Pine Street")
	if got := sam.OnMessage(r.room, "Ask the village", m).Answer(); !strings.Contains(got.Text(), "somebody else’s") {
		t.Errorf("somebody else is answered %q", got.Text())
	}
	form := r.maya.OnMessage(r.room, "Ask the village", m).Form()
	form.Submit(map[string]string{"when": "thu 1pm"}).Answer()
	if got := r.last().Arg("from"); got != "from my clinic on Pine Street" {
		t.Errorf("asked from %q", got)
	}
}

func TestSlowHandlersAreAnnounced(t *testing.T) {
	t.Parallel()
	for then, check := range map[string]func(t *testing.T, r *rig, use *discordtest.Use){
		"words": func(t *testing.T, r *rig, use *discordtest.Use) {
			if m := use.Answer(); m.Text() != "Here it is." || !m.Ephemeral() {
				t.Errorf("answered %q", m.Text())
			}
		},
		"nothing": func(t *testing.T, r *rig, use *discordtest.Use) {
			if m := use.Answer(); m.Text() != "Done." {
				t.Errorf("answered %q", m.Text())
			}
		},
		"form": func(t *testing.T, r *rig, use *discordtest.Use) {
			m := use.Answer()
			form := r.maya.Press(m, "Open the form").Form()
			form.Submit(map[string]string{"when": "thu 1pm"}).Answer()
			if got := r.last(); got.Arg("from") != "here" || got.Arg("when") != "thu 1pm" {
				t.Errorf("the form asked %v", got.Args)
			}
		},
	} {
		t.Run(then, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(c *discord.Config) { c.DeferAfter = time.Millisecond }).start()
			use := r.maya.Slash(r.room, "slow", map[string]any{"then": then})
			use.Announced()
			close(r.hold)
			check(t, r, use)
		})
	}
}

func TestSeveralMessagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	use := r.maya.Slash(r.room, "twice", nil)
	got := []string{use.Answer().Text()}
	for _, m := range use.More(2) {
		got = append(got, m.Text())
		if !m.Ephemeral() {
			t.Errorf("others can see %q", m.Text())
		}
	}
	if !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("said %q", got)
	}
}

func TestPicturesHaveWords(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	m := r.maya.Slash(r.room, "chart", nil).Answer()
	if string(m.Files["files[0]"]) != "\x89PNG" {
		t.Errorf("the files are %v", m.Files)
	}
	body := r.Requests("POST /interactions")[0].Body
	if !strings.Contains(string(body), `"description":"A line that rises"`) || !strings.Contains(string(body), "attachment://my-weeks.png") {
		t.Errorf("sent %s", body)
	}
}

// A file goes with the answer that its reader alone sees; what a button stands for that
// Discord does not take stands in the message, and is not said twice.
func TestAFileIsGiven(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	m := r.maya.Slash(r.room, "entry", nil).Answer()
	if string(m.Files["files[0]"]) != "BEGIN:VCALENDAR" || !m.Ephemeral() {
		t.Errorf("the files are %v", m.Files)
	}
	if text := m.Text(); !strings.Contains(text, "988") || strings.Contains(text, "e-mail") {
		t.Errorf("it says %q", text)
	}
	_, err := r.send(bot.Outgoing{To: bot.Address{Person: "discord/" + r.maya.ID}, Message: bot.Message{Text: "To keep.", File: &bot.File{Name: "a b.ics", Type: "text/calendar", Data: []byte("BEGIN")}}})
	if err != nil {
		t.Fatal(err)
	}
	r.maya.Direct().WaitMessage("the file", func(m *discordtest.Message) bool { return string(m.Files["files[0]"]) == "BEGIN" })
}

func TestAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.maya.Moderator = true
	m := r.maya.Slash(r.maya.Direct(), "hi", nil).Answer()
	if m.Ephemeral() {
		t.Error("an answer in direct messages will be gone tomorrow")
	}
	got := r.last()
	if got.Workspace != "" || !got.Room.Direct || got.From.Moderator || got.From.ID != "discord/"+r.maya.ID {
		t.Errorf("asked by %+v in %+v of %q", got.From, got.Room, got.Workspace)
	}

	r.maya.Say(r.maya.Direct(), "may I *eat*?")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return m.Text() == `You said: may I \*eat\*?` })
	got = r.last()
	if !got.Room.Direct || got.Room.ID != "discord/"+r.maya.Direct().ID || got.Once == "" || got.Workspace != "" {
		t.Errorf("asked in %+v", got)
	}
	r.maya.Say(r.maya.Direct(), "/faq question: rides")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "You asked: rides") })
	r.maya.Say(r.maya.Direct(), "/ask ride-home who: <@"+r.maya.ID+">")
	m = r.maya.Direct().WaitMessage("a form to be offered", func(m *discordtest.Message) bool { return slices.Contains(m.Buttons(), "Open the form") })
	r.maya.Press(m, "Open the form").Form().Submit(map[string]string{"from": "here", "when": "now"}).Answer()
	if got := r.last().Arg("who"); got != "discord/"+r.maya.ID {
		t.Errorf("asked for %q", got)
	}
}

// What holds no words may be a cry for help all the same: it is handed on as such, in
// no time. A bare name in a room is a question.
func TestWordless(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	part := []any{map[string]any{"id": "1"}}
	for name, parts := range map[string]map[string]any{
		"a recording": {"attachments": part, "flags": 1 << 13}, "a sticker": {"sticker_items": part},
		"a poll": {"poll": map[string]any{"question": map[string]any{"text": "?"}}}, "somebody else's words": {"message_snapshots": part, "message_reference": map[string]any{"type": 1}},
	} {
		before := len(r.maya.Direct().Messages())
		r.maya.Attach(r.maya.Direct(), parts)
		m := r.answerAfter(before + 1)
		if !slices.Equal(m.Buttons(), []string{"Somebody now"}) || !r.last().Wordless {
			t.Errorf("%s is answered %q with %q", name, m.Text(), m.Buttons())
		}
	}
	before := len(r.maya.Direct().Messages())
	r.maya.Say(r.room, "<@"+discordtest.BotID+">")
	if m := r.answerAfter(before); !strings.Contains(m.Text(), "/help") {
		t.Errorf("a bare name is answered %q", m.Text())
	}
}

// Words that somebody changes are heard once more, and once.
func TestChangedWords(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	m := r.maya.Say(r.maya.Direct(), "fine")
	r.answerAfter(1)
	r.maya.Change(m, "I want to end it")
	if m := r.answerAfter(2); !strings.Contains(m.Text(), "end it") {
		t.Errorf("answered %q", m.Text())
	}
	r.maya.Say(r.maya.Direct(), "thanks")
	r.answerAfter(4)
	if n := len(r.requests()); n != 3 {
		t.Errorf("%d were heard", n)
	}
}

// answerAfter is the bot's next message in the direct messages with maya, after so many.
func (r *rig) answerAfter(n int) (m *discordtest.Message) {
	r.t.Helper()
	r.WaitFor("an answer", func() bool {
		if all := r.maya.Direct().Messages(); len(all) > n && all[len(all)-1].Author == nil {
			m = all[len(all)-1]
		}
		return m != nil
	})
	return m
}

func TestNamedInARoom(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.maya.Say(r.room, "nobody's business")
	r.maya.Say(r.room, "<@"+discordtest.BotID+"> can I drive?")
	r.maya.Direct().WaitMessage("a direct answer", func(m *discordtest.Message) bool { return m.Text() == "You said: can I drive?" })
	if got := r.requests(); len(got) != 1 || got[0].Workspace != "discord/"+r.guild.ID || !got[0].Room.Direct || got[0].From.Moderator {
		t.Errorf("asked %+v", got)
	}

	r.maya.CloseDirect(true)
	r.maya.Say(r.room, "<@"+discordtest.BotID+"> can I eat?")
	m := r.room.WaitMessage("a word in the room", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "closed to me") })
	if strings.Contains(m.Text(), "eat") || len(m.Mentioned) != 0 {
		t.Errorf("in the room it says %q and pings %q", m.Text(), m.Mentioned)
	}
	r.maya.Say(r.room, "<@"+discordtest.BotID+"> I want to end it")
	r.room.WaitMessage("the lines for a crisis in the room", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "end it") })
}

func TestARefusedAnswerIsSaidPlainly(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	r.Fail(discordtest.Refused("POST /interactions", 1, 400, 50035))
	if m := r.maya.Slash(r.room, "faq", nil).Answer(); !strings.HasPrefix(m.Content, "Driving\n\nNot today.") {
		t.Errorf("said %q", m.Content)
	}
}

func TestAPublicCardIsNotReplaced(t *testing.T) {
	t.Parallel()
	r := newRig(t).start()
	r.WaitReady()
	if _, err := r.send(bot.Outgoing{To: bot.Address{Room: "discord/" + r.room.ID}, Message: bot.Message{
		Title: "A ride", Buttons: []bot.Button{{Label: "I can", Command: "/need claim k7m2p9"}},
	}}); err != nil {
		t.Fatal(err)
	}
	card := r.room.Messages()[0]
	m := r.maya.Press(card, "I can").Answer()
	if m.ID == card.ID || !m.Ephemeral() || m.Text() != "You drive k7m2p9" {
		t.Errorf("answered %q, for all to see: %v", m.Text(), !m.Ephemeral())
	}
	if now := card.Now(); now.Text() != "A ride" || now.Edits != 0 {
		t.Errorf("the card became %q", now.Text())
	}
}
