package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
)

// unhurried is how long Discord and Slack wait here for a first answer: what is
// slow is the machine that tests. It is reached only by a test that fails.
const unhurried = 2 * time.Minute

// unhurriedProgram is the program with these settings, on platforms that wait.
func unhurriedProgram(t *testing.T, env map[string]string) *program {
	return &program{
		getenv: func(name string) string { return env[name] },
		stdin:  strings.NewReader(""), stdout: io.Discard, stderr: testLog{t}, answerWithin: unhurried,
	}
}

// The whole program, connected to Discord and to Slack at once, over one
// store: a question, a ride asked for in a form, one yes, a step back and
// another yes, and the set-up for moderators only.
func TestBothPlatforms(t *testing.T) {
	d, s := discordtest.New(t), slacktest.New(t)
	env := map[string]string{
		"VILLAGE_DATA":    t.TempDir(),
		"DISCORD_TOKEN":   discordtest.Token,
		"DISCORD_API_URL": d.URL(),
		"SLACK_BOT_TOKEN": slacktest.BotToken,
		"SLACK_APP_TOKEN": slacktest.AppToken,
		"SLACK_API_URL":   s.URL(),
	}
	doctor := func(wantCode int, want string) {
		t.Helper()
		var said strings.Builder
		p := unhurriedProgram(t, env)
		p.stdout = &said
		if code := p.run(t.Context(), []string{"doctor"}); code != wantCode || !strings.Contains(said.String(), want) {
			t.Errorf("the doctor ends with %d and does not say %q:\n%s", code, want, said.String())
		}
		if strings.Contains(said.String(), discordtest.Token) || strings.Contains(said.String(), slacktest.AppToken) {
			t.Error("the doctor says a secret")
		}
	}
	doctor(exitOK, "-      discord: No commands are registered yet. Start the bot; it registers them.")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- unhurriedProgram(t, env).run(ctx, nil) }()
	t.Run("discord", func(t *testing.T) { onDiscord(t, d) })
	t.Run("slack", func(t *testing.T) { onSlack(t, s) })
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
	doctor(exitOK, "The app-level token opens a socket.")
	if problems := d.Problems(); len(problems) > 0 {
		t.Errorf("Discord's published rules were broken:\n%s", strings.Join(problems, "\n"))
	}
}

// A Discord server and a Slack workspace become one village: what is asked on
// Slack shows on both, a helper on Discord says yes, and both cards change.
func TestOneVillageOnTwoPlatforms(t *testing.T) {
	d, s := discordtest.New(t), slacktest.New(t)
	env := map[string]string{
		"VILLAGE_DATA":  t.TempDir(),
		"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL(),
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL(),
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- unhurriedProgram(t, env).run(ctx, nil)
	}()
	d.WaitReady()
	room := d.Guild("Friends").Channel("village")
	mod, sam := d.Person("Mod"), d.Person("Sam")
	mod.Moderator = true
	mod.Slash(room, "setup zone", map[string]any{"zone": "Denver"}).Answer()
	mod.Slash(room, "setup channel", nil).Answer()
	invite := mod.PressID(room, "v1:/setup join").Answer().Text()
	_, code, _ := strings.Cut(invite, "/setup join ")
	code, _, _ = strings.Cut(code, "**")

	const slackRoom = "C0VILLAGE"
	s.Slash(slacktest.Team, slackRoom, "U0MOD", "/setup", "channel")
	s.WaitText("U0MOD", "The village channel is set")
	s.Slash(slacktest.Team, slackRoom, "U0MOD", "/setup", "join nnnnnnnnnnnn")
	s.WaitText("U0MOD", "I don't know that code")
	s.Slash(slacktest.Team, slackRoom, "U0MAYA", "/setup", "join "+code)
	s.WaitText("U0MAYA", "Only the moderators")
	s.Slash(slacktest.Team, slackRoom, "U0MOD", "/setup", "join "+code)
	s.WaitText("U0MOD", "You are one village now")

	s.Slash(slacktest.Team, slackRoom, "U0MAYA", "/ask", "ride-home in 110 minutes from: near Union Station details: ring at the blue door")
	s.WaitText(slackRoom, "Nobody yet")
	card := room.WaitMessage("the card", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "Nobody yet") })
	sam.Press(card, "Drive maya home").Answer()
	s.Press(s.WaitText("U0MAYA", "May Sam drive you?"), "U0MAYA", "Yes, Sam may")
	behind := sam.Direct().WaitMessage("the details", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "For you to keep") })
	if shown := sam.Press(behind, "Show me the details").Answer().Text(); !strings.Contains(shown, "ring at the blue door") {
		t.Errorf("the details are %q", shown)
	}
	s.WaitText(slackRoom, "Sam. Thank you!")
	d.WaitFor("the card on Discord to change", func() bool { return strings.Contains(card.Now().Text(), "Sam. Thank you!") })

	s.Slash(slacktest.Team, slackRoom, "U0MOD", "/setup", "leave")
	s.WaitText("U0MOD", "a village of its own again")
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}

// Whoever moderates one group cannot have the bot write in another one's channel,
// wherever they type it; in their own they can, also from elsewhere.
func TestNobodyElsesChannel(t *testing.T) {
	d, s := discordtest.New(t), slacktest.New(t)
	env := map[string]string{
		"VILLAGE_DATA":  t.TempDir(),
		"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL(),
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL(),
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- unhurriedProgram(t, env).run(ctx, nil) }()
	d.WaitReady()
	s.WaitSockets(1)
	friends := d.Guild("Friends")
	ours, second, theirs := friends.Channel("village"), friends.Channel("rides"), d.Guild("Strangers").Channel("village")
	mod, lee := d.Person("Mod"), d.Person("Lee")
	mod.Moderator = true
	mod.Slash(theirs, "need open", nil).Answer() // the other group is known, too
	mod.Slash(ours, "setup zone", map[string]any{"zone": "Denver"}).Answer()
	mod.Slash(ours, "setup channel", nil).Answer()
	lee.Slash(ours, "need open", nil).Answer() // so that the bot knows their group
	mod.PressID(ours, "v1:/setup trust "+discord.Name+"/"+lee.ID).Answer()
	d.WaitFor("Lee to hear that they moderate", func() bool { return len(lee.Direct().Messages()) > 0 })
	types := func(line, want string) string {
		t.Helper()
		before := len(lee.Direct().Messages())
		lee.Say(lee.Direct(), line)
		text := ""
		d.WaitFor("an answer to "+line, func() bool {
			for _, m := range lee.Direct().Messages()[before:] {
				if m.Author == nil {
					text = m.Text()
				}
			}
			return text != ""
		})
		if !strings.Contains(text, want) {
			t.Errorf("%s is answered %q, not %q", line, text, want)
		}
		return text
	}
	const refused = "can’t find that channel in your group"
	types("/reminders add schedule: every day at 9am words: Water channel: <#"+second.ID+">", "The reminder is set")
	_, id, _ := strings.Cut(types("/reminders list", "every day"), "**")
	id, _, _ = strings.Cut(id, "**")
	for _, line := range []string{"/setup channel ", "/setup moderators ", "/reminders add schedule: every day at 9am words: Boo channel: ", "/reminders copy " + id + " ", "/reminders edit " + id + " channel: "} {
		types(line+"<#"+theirs.ID+">", refused)
		types(line+"discord/"+theirs.ID, refused)
		types(line+"slack/C0VILLAGE", refused)
		types(line+"<#12345678901234567>", refused)
	}
	types("/setup channel <#"+second.ID+">", "The village channel is set")

	onSlack := func(line, want string) {
		t.Helper()
		s.Slash(slacktest.Team, "C0VILLAGE", "U0MOD", "/setup", line)
		s.WaitText("U0MOD", want)
	}
	onSlack("moderators discord/"+ours.ID, refused)
	_, code, _ := strings.Cut(mod.PressID(ours, "v1:/setup join").Answer().Text(), "/setup join ")
	code, _, _ = strings.Cut(code, "**")
	onSlack("join "+code, "You are one village now")
	onSlack("moderators discord/"+theirs.ID, refused)
	onSlack("moderators discord/"+ours.ID, "The moderators' channel is set")
	onSlack("channel <#C0VILLAGE|village>", "The village channel is set")
	if n := len(theirs.Messages()); n != 1 { // the answer to /need open, which one person sees
		t.Errorf("%d messages in the strangers' channel", n)
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}

// That somebody uses the bot in another group is nobody's business: asked to sign them
// up, or to trust them, it answers as if it had never met them, and they hear nothing.
func TestNobodyElsesPeople(t *testing.T) {
	d := discordtest.New(t)
	env := map[string]string{"VILLAGE_DATA": t.TempDir(), "DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL()}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- unhurriedProgram(t, env).run(ctx, nil) }()
	d.WaitReady()
	ours, theirs := d.Guild("Friends").Channel("village"), d.Guild("Strangers").Channel("village")
	mod, maya, zoe, nobody, sam := d.Person("Mod"), d.Person("Maya"), d.Person("Zoe"), d.Person("Nobody"), d.Person("Sam")
	mod.Moderator = true
	zoe.Slash(theirs, "need open", nil).Answer()
	sam.Slash(ours, "need open", nil).Answer()
	mod.Slash(ours, "setup zone", map[string]any{"zone": "Denver"}).Answer()
	mod.Slash(ours, "setup channel", nil).Answer()
	maya.Slash(ours, "ask ride-home", map[string]any{"when": "in 110 minutes", "from": "near Union Station"}).Answer()
	card := ours.WaitMessage("the card", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "Nobody yet") })
	_, need, _ := strings.Cut(card.Command("Drive Maya home"), "/need claim ")
	fill := func(p *discordtest.Person) string {
		return maya.PressID(ours, "v1:/need fill "+need+" "+discord.Name+"/"+p.ID).Answer().Text()
	}
	trust := func(p *discordtest.Person) string {
		return mod.PressID(ours, "v1:/setup trust "+discord.Name+"/"+p.ID).Answer().Text()
	}
	for name, ask := range map[string]func(*discordtest.Person) string{"signed up": fill, "trusted": trust} {
		if got, want := ask(zoe), ask(nobody); got != want || !strings.Contains(got, "That person has never used me") {
			t.Errorf("when a stranger shall be %s: %q, and when nobody shall: %q", name, got, want)
		}
		if got := ask(sam); !strings.Contains(got, "Sam") {
			t.Errorf("when a friend shall be %s: %q", name, got)
		}
	}
	sam.Direct().WaitMessage("the news", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "Union Station") })
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
	if said := zoe.Direct().Messages(); len(said) > 0 {
		t.Errorf("the stranger is told %q", said[0].Text())
	}
}

// A token that is not taken ends the program with a sentence for the operator.
func TestWrongTokens(t *testing.T) {
	d, s := discordtest.New(t), slacktest.New(t)
	for want, env := range map[string]map[string]string{
		"DISCORD_TOKEN": {"DISCORD_TOKEN": "wrong", "DISCORD_API_URL": d.URL()},
		"SLACK_BOT_TOKEN": {
			"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL()},
		"SLACK_APP_TOKEN": {
			"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": "xapp-wrong", "SLACK_API_URL": s.URL()},
	} {
		env["VILLAGE_DATA"] = t.TempDir()
		var said strings.Builder
		code := run(t.Context(), nil, func(name string) string { return env[name] }, strings.NewReader(""), io.Discard, &said)
		if code != exitFailed || !strings.Contains(said.String(), want) {
			t.Errorf("with a wrong %s it ends with %d and says:\n%s", want, code, said.String())
		}
		if strings.Contains(said.String(), "wrong-") || strings.Contains(said.String(), slacktest.AppToken) {
			t.Errorf("it says a token:\n%s", said.String())
		}
	}
}

func onDiscord(t *testing.T, d *discordtest.Server) {
	d.WaitReady()
	room := d.Guild("Friends").Channel("village")
	mod, maya, sam, lee := d.Person("Mod"), d.Person("Maya"), d.Person("Sam"), d.Person("Lee")
	mod.Moderator = true
	says := func(use *discordtest.Use, want string) {
		t.Helper()
		answer := use.Answer()
		if !strings.Contains(answer.Text(), want) {
			t.Errorf("answered %q, not %q", answer.Text(), want)
		}
		if !answer.Ephemeral() {
			t.Errorf("others see the answer %q", answer.Text())
		}
	}
	told := func(p *discordtest.Person, want string) *discordtest.Message {
		t.Helper()
		return p.Direct().WaitMessage(want, func(m *discordtest.Message) bool { return strings.Contains(m.Text(), want) })
	}
	says(maya.Slash(room, "faq", map[string]any{"question": "can i drive home after"}), "When can I drive again?")
	says(maya.Slash(room, "setup zone", map[string]any{"zone": "Denver"}), "Only the moderators")
	says(mod.Slash(room, "setup zone", map[string]any{"zone": "Denver"}), "America/Denver")
	says(mod.Slash(room, "setup channel", nil), "The village channel is set")

	maya.Attach(maya.Direct(), map[string]any{"attachments": []any{map[string]any{"id": "1"}}, "flags": 1 << 13}) // a recording
	told(maya, "can't listen to recordings")
	form := maya.Slash(room, "ask ride-home", nil).Form()
	says(form.Submit(map[string]string{"when": "in 110 minutes", "from": "near Union Station", "details": "ring at the blue door"}), "I'm asking your village")
	card := room.WaitMessage("the card", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "Nobody yet") })
	claim := strings.Fields(card.Command("Drive Maya home"))
	id := claim[len(claim)-1]
	if strings.Contains(card.Text(), "blue door") {
		t.Error("the card gives the private details away")
	}
	says(sam.Press(card, "Drive Maya home"), "You are down for this one")
	if yes := maya.Press(told(maya, "May Sam drive you?"), "Yes, Sam may").Answer().Text(); !strings.Contains(yes, "Sam can help now") {
		t.Errorf("the one yes is answered %q", yes)
	}
	// what is private stands in no message of the chat, and is shown so that it does not
	says(sam.Press(told(sam, "For you to keep"), "Show me the details"), "ring at the blue door")
	sam.Say(sam.Direct(), "/need details "+id)
	says(sam.Press(told(sam, "My words here stay in our chat"), "Show me the details"), "ring at the blue door")
	d.WaitFor("the card to change", func() bool { return strings.Contains(card.Now().Text(), "Sam. Thank you!") })
	// lee's screen still shows the button
	says(lee.PressID(room, "v1:/need claim "+id), "Somebody else has just said yes")

	says(sam.PressID(room, "v1:/need release "+id), "That is all right")
	told(maya, "can't make it after all")
	d.WaitFor("the card to be open again", func() bool { return strings.Contains(card.Now().Text(), "Nobody yet") })
	says(maya.PressID(room, "v1:/helper may "+discord.Name+"/"+lee.ID), "may help you with everything")
	says(lee.Press(card.Now(), "Drive Maya home"), "You are down for this one")
	says(lee.Press(told(lee, "For you to keep"), "Show me the details"), "ring at the blue door")
	told(maya, "**Lee** will help")

	// somebody deletes the card: it comes back with the next change, and a moderator hears of it
	card.Delete()
	says(lee.PressID(room, "v1:/need release "+id), "That is all right")
	room.WaitMessage("the card once more", func(m *discordtest.Message) bool {
		return strings.Contains(m.Text(), "near Union Station") && strings.Contains(m.Text(), "Nobody yet")
	})
	told(mod, "A message of mine was gone")

	says(mod.PressID(room, "v1:/setup rehearsal"), "The rehearsal is on its way")
	rehearsal := room.WaitMessage("the rehearsal", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "Nobody needs a ride") })
	says(sam.Press(rehearsal, "I can drive"), "This was a rehearsal")
	says(mod.PressID(room, "v1:/setup check"), "all is well")
	room.Forbid()
	says(mod.PressID(room, "v1:/setup rehearsal"), "The rehearsal is on its way")
	told(mod, "I may not write there")
}

func onSlack(t *testing.T, s *slacktest.Server) {
	s.AddUser(slacktest.User{ID: "U0LEE", Name: "lee"})
	const room = "C0VILLAGE"
	s.Slash(slacktest.Team, room, "U0MAYA", "/faq", "can i drive home after")
	if m := s.WaitText("U0MAYA", "When can I drive again?"); !m.Ephemeral {
		t.Error("others see the answer")
	}
	s.Slash(slacktest.Team, room, "U0MAYA", "/setup", "zone Denver")
	s.WaitText("U0MAYA", "Only the moderators")
	s.Slash(slacktest.Team, room, "U0MOD", "/village", "setup zone Denver")
	s.WaitText("U0MOD", "America/Denver")
	s.Slash(slacktest.Team, room, "U0MOD", "/setup", "channel")
	s.WaitText("U0MOD", "The village channel is set")

	s.Slash(slacktest.Team, room, "U0MAYA", "/ask", "ride-home in 110 minutes from: near Union Station details: ring at the blue door")
	s.WaitText("U0MAYA", "I'm asking your village")
	card := s.WaitText(room, "Nobody yet")
	if strings.Contains(card.Words(), "blue door") {
		t.Error("the card gives the private details away")
	}
	s.Press(card, "U0SAM", "Drive maya home")
	s.WaitText("U0SAM", "You are down for this one")
	s.Press(s.WaitText("U0MAYA", "May sam drive you?"), "U0MAYA", "Yes, sam may")
	// what is private stands in no message of the chat, and is shown so that it does not
	thanks := s.WaitText("U0SAM", "For you to keep")
	shown := func(in slacktest.Message, who string) {
		t.Helper()
		s.Press(in, who, "Show me the details")
		if m := s.WaitText(who, "ring at the blue door"); !m.Ephemeral {
			t.Errorf("the private details stay in the chat: %+v", m)
		}
	}
	shown(thanks, "U0SAM")
	command := strings.Fields(card.Commands()[0])
	s.DM("U0SAM", "/need details "+command[len(command)-1])
	s.WaitText("U0SAM", "My words here stay in our chat")
	s.WaitText(room, "sam. Thank you!")
	s.Press(card, "U0LEE", "Drive maya home")
	s.WaitText("U0LEE", "Somebody else has just said yes")

	s.OpenHome("U0SAM")
	s.WaitHome("U0SAM", "You said yes to")
	s.Press(thanks, "U0SAM", "I can't after all")
	s.WaitText("U0SAM", "That is all right")
	s.WaitText("U0MAYA", "can't make it after all")
	again := s.WaitText(room, "Open again")
	s.Slash(slacktest.Team, room, "U0MAYA", "/helper", "may <@U0LEE|lee>")
	s.WaitText("U0MAYA", "may help you with everything")
	s.Press(again, "U0LEE", "Drive maya home")
	shown(s.WaitText("U0LEE", "For you to keep"), "U0LEE")
	s.WaitText("U0MAYA", "lee")
	// Maya's account ends while somebody is about to drive her: Slack says so, and they hear it.
	s.WaitAck(s.ChangeUser(slacktest.User{ID: "U0MAYA", Name: "maya", Disabled: true}))
	s.WaitText("U0LEE", "maya can't be reached here any more")
	s.WaitText("U0MOD", "maya left, was removed, or has no account here any more")
	for _, m := range s.Messages() {
		if strings.Contains(m.Words(), "blue door") && !m.Ephemeral {
			t.Errorf("the private details stay in a chat: %q", m.Words())
		}
	}
}

// testLog keeps the program's log with the test it belongs to.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
