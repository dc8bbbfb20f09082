package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
)

// someAddress is one that nobody listens at.
func someAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// installed is the program with an app that many workspaces install.
type installed struct {
	t       *testing.T
	app     *slacktest.App
	env     map[string]string
	log     *bothLog
	address string
	stop    func() int
}

// bothLog keeps what the program logs.
type bothLog struct {
	testLog
	mu   sync.Mutex
	said strings.Builder
	more chan struct{} // is told of every line
}

func (l *bothLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.said.Write(p)
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.testLog.Write(p)
}

// wait waits until something is logged.
func (l *bothLog) wait(words string) {
	l.t.Helper()
	late := time.After(time.Minute)
	for !l.holds(words) {
		select {
		case <-l.more:
		case <-late:
			l.t.Fatalf("nothing is logged about %q", words)
		}
	}
}

func (l *bothLog) holds(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.said.String(), words)
}

func startInstalled(t *testing.T, app *slacktest.App, more map[string]string) *installed {
	t.Helper()
	listen := someAddress(t)
	in := &installed{t: t, app: app, address: "http://" + listen, log: &bothLog{testLog: testLog{t}, more: make(chan struct{}, 1)}, env: map[string]string{
		"VILLAGE_DATA": t.TempDir(), "VILLAGE_LISTEN": listen, "VILLAGE_PUBLIC_URL": "http://" + listen,
		"SLACK_CLIENT_ID": slacktest.ClientID, "SLACK_CLIENT_SECRET": slacktest.ClientSecret,
		"SLACK_SIGNING_SECRET": slacktest.SigningSecret, "SLACK_API_URL": app.URL(),
	}}
	for name, value := range more {
		in.env[name] = value
	}
	in.start()
	return in
}

func (in *installed) start() {
	in.t.Helper()
	p := unhurriedProgram(in.t, in.env)
	p.stderr = in.log
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, nil) }()
	in.stop = sync.OnceValue(func() int {
		cancel()
		return <-ended
	})
	in.t.Cleanup(func() { in.stop() })
	in.log.wait("serving the workspaces that the app is installed in")
}

// install installs the app as somebody of a workspace does.
func (in *installed) install(key string) {
	in.t.Helper()
	status, page := in.app.Browser(key).Open(in.address + "/slack/install")
	if status != 200 || !strings.Contains(page, "I&#39;m installed") {
		in.t.Fatalf("installing in %s ends with %d: %s", key, status, page)
	}
	if s := in.app.Workspace(key); s != nil {
		s.UseHTTP(in.address + "/slack")
	}
}

// everything is all that anybody in a workspace can see.
func everything(t *testing.T, s *slacktest.Server) string {
	t.Helper()
	all, err := json.Marshal(map[string]any{"messages": s.Messages(), "views": s.Views(), "acks": s.Acks(), "home": first(s.Home("U0MAYA"))})
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func first[T any](v T, _ bool) T { return v }

// Three workspaces whose people and channels have the same ids, and a Discord server, in
// one process: what is said in one is heard in no other. One that takes the app out ends
// alone, and finds everything again when it comes back. Tokens change while it goes on.
func TestThreeWorkspacesAndAGuild(t *testing.T) {
	teams := []string{"T1AAA", "T2BBB", "T3CCC"}
	app, d := slacktest.NewApp(t, teams...), discordtest.New(t)
	app.Rotate = 12 * 60 * 60
	in := startInstalled(t, app, map[string]string{"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL()})
	d.WaitReady()
	marker := map[string]string{"T1AAA": "near Alder Station", "T2BBB": "near Birch Station", "T3CCC": "near Cedar Station", "guild": "near Dogwood Station"}
	secret := func(place string) string { return "ring at door " + marker[place] }
	codes := map[string]string{}
	const room = "C0VILLAGE"

	guild := d.Guild("Friends").Channel("village")
	mod, maya, sam := d.Person("Mod"), d.Person("Maya"), d.Person("Sam")
	mod.Moderator = true
	mod.Slash(guild, "setup zone", map[string]any{"zone": "Denver"}).Answer()
	mod.Slash(guild, "setup channel", nil).Answer()
	maya.Slash(guild, "ask ride-home", map[string]any{"when": "in 110 minutes", "from": marker["guild"], "details": secret("guild")}).Answer()
	card := guild.WaitMessage("the card", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "Nobody yet") })
	codes["guild"] = lastWord(card.Command("Drive Maya home"))
	sam.Slash(guild, "need open", nil).Answer()

	for _, team := range teams {
		in.install(team)
		s := app.Workspace(team)
		s.Slash(team, room, "U0MOD", "/village", "setup zone Denver")
		s.WaitText("U0MOD", "America/Denver")
		s.Slash(team, room, "U0MOD", "/village", "setup channel")
		s.WaitText("U0MOD", "The village channel is set")
		s.Slash(team, room, "U0MAYA", "/village", "ask ride-home in 110 minutes from: "+marker[team]+" details: "+secret(team))
		s.WaitText("U0MAYA", "I'm asking your village")
		codes[team] = lastWord(s.WaitText(room, "Nobody yet").Commands()[0])
		s.Slash(team, room, "U0SAM", "/village", "need open")
		s.WaitText("U0SAM", marker[team])
	}
	app.Expire("T3CCC") // and the rest goes on in the middle of it

	tries := 0
	for n, team := range teams {
		s := app.Workspace(team)
		for _, other := range []string{teams[(n+1)%len(teams)], "guild"} {
			away := "slack/" + other + "-U0SAM"
			if other == "guild" {
				away = "discord/" + sam.ID
			}
			for _, line := range []string{
				"need claim " + codes[other], "need details " + codes[other], "need show " + codes[other], "need cancel " + codes[other],
				"need fill " + codes[team] + " " + away, "helper may " + away, "setup trust " + away, "need approve " + codes[other] + " " + away,
				"setup channel slack/" + other + "-" + room, "reminders add schedule: every day at 9am words: Boo channel: slack/" + other + "-" + room,
			} {
				who := "U0MOD"
				before := len(s.Messages())
				s.Slash(team, room, who, "/village", line)
				s.WaitFor("an answer to "+line, func() bool { return len(s.Messages()) > before })
				tries++
			}
		}
		for _, words := range []string{"need open", "need mine", "privacy show", "calendar", "helper list", "home"} {
			before := len(s.Messages())
			s.Slash(team, room, "U0MAYA", "/village", words)
			s.WaitFor("an answer to "+words, func() bool { return len(s.Messages()) > before })
			tries++
		}
		s.OpenHome("U0MAYA")
		s.WaitHome("U0MAYA", marker[team])
		s.Press(s.WaitText(room, "Nobody yet"), "U0SAM", "Drive maya home")
		s.Press(s.WaitText("U0MAYA", "May sam drive you?"), "U0MAYA", "Yes, sam may")
		s.WaitText(room, "sam. Thank you!")
		s.Press(s.WaitText("U0SAM", "For you to keep"), "U0SAM", "Show me the details")
		s.WaitText("U0SAM", secret(team))
	}
	t.Logf("%d tries to reach what is elsewhere", tries)
	isolated := func() {
		t.Helper()
		for _, team := range teams {
			seen := everything(t, app.Workspace(team))
			for other, words := range marker {
				if got := strings.Contains(seen, words); got != (other == team) {
					t.Errorf("in %s the words of %s can be read: %v", team, other, got)
				}
			}
		}
		for _, m := range d.Messages() {
			for _, team := range teams {
				if strings.Contains(fmt.Sprint(m.Text()), marker[team]) {
					t.Errorf("on Discord the words of %s can be read", team)
				}
			}
		}
	}
	isolated()

	two := app.Workspace("T2BBB")
	app.Uninstall("T2BBB")
	in.log.wait("the app is installed there no more")
	in.log.wait("deleted unless it comes back")
	two.Slash("T2BBB", room, "U0SAM", "/village", "need open")
	two.WaitText("U0SAM", "I'm not installed in this workspace")
	two.Slash("T2BBB", room, "U0SAM", "/village", "i want to kill myself")
	two.WaitText("U0SAM", "988")
	for _, team := range []string{"T1AAA", "T3CCC"} {
		s := app.Workspace(team)
		s.Slash(team, room, "U0MAYA", "/village", "need mine")
		s.WaitText("U0MAYA", marker[team])
	}
	in.install("T2BBB")
	before := len(two.Messages())
	two.Slash("T2BBB", room, "U0MAYA", "/village", "need mine")
	two.WaitFor("what was asked before", func() bool {
		for _, m := range two.Messages()[before:] {
			if strings.Contains(m.Words(), marker["T2BBB"]) {
				return true
			}
		}
		return false
	})
	isolated()
	if n := app.Refreshed(); n != 1 {
		t.Errorf("one token that was over was changed %d times", n)
	}

	// The doctor and the next start know all of them.
	if code := in.stop(); code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
	var said strings.Builder
	p := unhurriedProgram(t, in.env)
	p.stdout = &said
	if code := p.run(t.Context(), []string{"doctor"}); code != exitOK || !strings.Contains(said.String(), "The app is installed in 3 places") || !strings.Contains(said.String(), in.address+"/slack/install") {
		t.Errorf("the doctor ends with %d:\n%s", code, said.String())
	}
	if strings.Contains(said.String(), "xoxe") || strings.Contains(said.String(), slacktest.ClientSecret) {
		t.Error("the doctor says a secret")
	}
}

func lastWord(line string) string {
	words := strings.Fields(line)
	return words[len(words)-1]
}
