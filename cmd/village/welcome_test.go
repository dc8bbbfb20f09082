package main

import (
	"context"
	"strings"
	"testing"

	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
)

// From a server where nothing is set up to the first covered ride: a moderator and two
// members type no command, and tap at most 4, 3 and 1 times.
func TestFirstRideWithoutACommandOnDiscord(t *testing.T) {
	d := discordtest.New(t)
	p := unhurriedProgram(t, map[string]string{"VILLAGE_DATA": t.TempDir(), "DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL()})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, nil) }()
	guild := d.Guild("Friends")
	room := guild.Channel("village")
	d.WaitReady()
	mod, maya, sam := d.Person("Mod"), d.Person("Maya"), d.Person("Sam")
	mod.Moderator = true
	taps := map[string]int{}
	tap := func(who *discordtest.Person, m *discordtest.Message, label string) *discordtest.Message {
		t.Helper()
		taps[who.Username]++
		return who.Press(m, label).Answer()
	}
	saying := func(words string) func(*discordtest.Message) bool {
		return func(m *discordtest.Message) bool { return strings.Contains(m.Text(), words) }
	}
	guild.Invite()
	hello := room.WaitMessage("the greeting", saying("Hello, I am Village"))
	asked := tap(mod, hello, "Set me up")
	here := tap(mod, asked, labelWith(asked, "Denver"))
	ready := tap(mod, here, "Yes, in #village")
	if !strings.Contains(ready.Text(), "Your village is ready") {
		t.Fatalf("after three taps: %q", ready.Text())
	}
	guild.Invite() // said once
	maya.Say(room, "<@"+discordtest.BotID+"> i need a ride home in 110 minutes from near Union Station")
	offer := maya.Direct().WaitMessage("the offer", saying("Shall I?"))
	tap(maya, offer, labelWith(offer, "Ask"))
	card := room.WaitMessage("the card", saying("Nobody yet"))
	tap(sam, card, "Drive Maya home")
	may := maya.Direct().WaitMessage("the question", saying("May Sam drive you?"))
	tap(maya, may, "Yes, Sam may")
	d.WaitFor("the card to change", func() bool { return strings.Contains(card.Now().Text(), "Sam. Thank you!") })
	if taps["Mod"] > 4 || taps["Maya"] > 3 || taps["Sam"] > 1 {
		t.Errorf("too many taps: %v", taps)
	}
	// They know each other now: the driver's tap is the only one.
	clear(taps)
	maya.Slash(room, "ask ride-home", map[string]any{"when": "in 3 days at 1pm", "from": "the mall"}).Answer()
	second := room.WaitMessage("the second card", func(m *discordtest.Message) bool { return saying("the mall")(m) && saying("Nobody yet")(m) })
	tap(sam, second, "Drive Maya home")
	d.WaitFor("the second card to change", func() bool { return strings.Contains(second.Now().Text(), "Sam. Thank you!") })
	if taps["Maya"] > 0 || taps["Sam"] > 1 {
		t.Errorf("too many taps for two who know each other: %v", taps)
	}
	hellos := 0
	for _, m := range d.Messages() {
		if saying("Hello, I am Village")(m) {
			hellos++
		}
	}
	if hellos != 1 {
		t.Errorf("it greeted %d times", hellos)
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}

// labelWith is the label of a message's button that holds a word.
func labelWith(m *discordtest.Message, word string) string {
	for _, label := range m.Buttons() {
		if strings.Contains(label, word) {
			return label
		}
	}
	return "a button with " + word
}

// The same on Slack, where the zone is the moderator's own.
func TestFirstRideWithoutACommandOnSlack(t *testing.T) {
	s := slacktest.New(t)
	s.AddUser(slacktest.User{ID: "U0MOD", Name: "mod", Admin: true, Zone: "America/Chicago"})
	p := unhurriedProgram(t, map[string]string{"VILLAGE_DATA": t.TempDir(), "SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL()})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, nil) }()
	s.WaitSockets(1)
	const room = "C0VILLAGE"
	taps := map[string]int{}
	tap := func(m slacktest.Message, user, label string) {
		t.Helper()
		taps[user]++
		s.Press(m, user, label)
	}
	s.Event(map[string]any{"type": "member_joined_channel", "user": slacktest.BotUser, "channel": room, "team": slacktest.Team, "inviter": "U0MOD"})
	tap(s.WaitText(room, "Hello, I am Village"), "U0MOD", "Set me up")
	zone := s.WaitText("U0MOD", "What time is it where your group is?")
	if !strings.Contains(zone.Words(), "Chicago") || strings.Contains(zone.Words(), "Denver") {
		t.Errorf("it offers %q", zone.Words())
	}
	tap(zone, "U0MOD", "/setup start zone: America/Chicago")
	tap(s.WaitText("U0MOD", "Shall requests for help go here?"), "U0MOD", "Yes, in #village")
	s.WaitText("U0MOD", "Your village is ready")
	s.Mention(room, "U0MAYA", "i need a ride home in 110 minutes from near Union Station", "")
	offer := s.WaitText("U0MAYA", "Shall I?")
	tap(offer, "U0MAYA", offer.Commands()[0])
	tap(s.WaitText(room, "Nobody yet"), "U0SAM", "Drive maya home")
	tap(s.WaitText("U0MAYA", "May sam drive you?"), "U0MAYA", "Yes, sam may")
	s.WaitText(room, "sam. Thank you!")
	if taps["U0MOD"] > 4 || taps["U0MAYA"] > 3 || taps["U0SAM"] > 1 {
		t.Errorf("too many taps: %v", taps)
	}
	// They know each other now: the driver's tap is the only one.
	clear(taps)
	s.Slash(slacktest.Team, room, "U0MAYA", "/village", "ask ride-home in 3 days at 1pm from: the mall")
	tap(s.WaitText(room, "the mall"), "U0SAM", "Drive maya home")
	s.WaitFor("the second card to change", func() bool {
		for _, m := range s.Messages() {
			if m.To() == room && strings.Contains(m.Words(), "the mall") && strings.Contains(m.Words(), "sam. Thank you!") {
				return true
			}
		}
		return false
	})
	if taps["U0MAYA"] > 0 || taps["U0SAM"] > 1 {
		t.Errorf("too many taps for two who know each other: %v", taps)
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}

// Whoever opens the bot on Slack and has never met it reads once who it is: in its
// Messages tab or on its Home. A moderator sets it up from there with four taps, and
// nobody else is offered to.
func TestOpenedForTheFirstTimeOnSlack(t *testing.T) {
	s := slacktest.New(t)
	s.AddUser(slacktest.User{ID: "U0MOD", Name: "mod", Admin: true, Zone: "America/Chicago"})
	s.AddUser(slacktest.User{ID: "U0ZOE", Name: "zoe"})
	p := unhurriedProgram(t, map[string]string{"VILLAGE_DATA": t.TempDir(), "SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL()})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, nil) }()
	s.WaitSockets(1)
	const hello = "Hello, I am Village"
	opens := func(user string) {
		s.Event(map[string]any{"type": "app_home_opened", "user": user, "channel": slacktest.DirectChannel(user), "tab": "messages", "event_ts": "1700000000.000100"})
	}
	opens("U0ZOE")
	if m := s.WaitText("U0ZOE", hello); strings.Contains(m.Words(), "Set me up") || len(m.Commands()) != 3 {
		t.Errorf("a stranger is offered %q", m.Commands())
	}
	opens("U0MOD")
	m := s.WaitText("U0MOD", hello)
	taps := 1
	s.Press(m, "U0MOD", "Set me up")
	zone := s.WaitText("U0MOD", "What time is it where your group is?")
	views := len(s.Views())
	taps++
	s.Press(zone, "U0MOD", "/setup start zone: America/Chicago")
	s.WaitFor("the form", func() bool { return len(s.Views()) > views })
	taps++
	s.Submit(s.Views()[views], map[string]string{"The channel where requests are posted": "C0VILLAGE"})
	s.WaitText("U0MOD", "Your village is ready")
	if taps > 4 {
		t.Errorf("%d taps", taps)
	}
	for _, user := range []string{"U0ZOE", "U0MOD"} {
		opens(user)
	}
	s.OpenHome("U0SAM")
	home := func() string {
		v, _ := s.Home("U0SAM")
		return v.Words()
	}
	s.WaitFor("the Home", func() bool { return strings.Contains(home(), hello) })
	opens("U0SAM")
	s.OpenHome("U0SAM")
	s.WaitFor("the Home again", func() bool { return home() != "" && !strings.Contains(home(), hello) })
	hellos := map[string]int{}
	for _, m := range s.Messages() {
		if strings.Contains(m.Words(), hello) {
			hellos[m.To()]++
		}
	}
	// The moderator's has become the questions and their answer.
	if hellos["U0ZOE"] != 1 || hellos["U0MOD"] != 0 || hellos["U0SAM"] != 0 {
		t.Errorf("it greeted %v", hellos)
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}
