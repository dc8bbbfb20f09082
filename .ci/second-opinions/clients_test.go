// Package opinions holds the local Discord and Slack servers, with which the
// bot is tested, against clients that nobody here wrote: discord.js and
// @slack/bolt. A server that they are happy with is a fair model of the real
// one. It lives in a folder that "go test ./..." passes over, because it needs
// node and its packages; run (beside this file) installs them and starts it.
package opinions

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
)

// client is a running script and what it has said, a line at a time.
type client struct {
	t     *testing.T
	lines chan string
}

// start runs a script until the test ends.
func start(t *testing.T, script string, env ...string) *client {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", script)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errors := &strings.Builder{}
	cmd.Stderr = errors
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, lines: make(chan string, 1000)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(c.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			c.lines <- lines.Text()
		}
	}()
	t.Cleanup(func() {
		<-read
		_ = cmd.Wait() // it was interrupted
		if words := errors.String(); t.Failed() && words != "" {
			t.Logf("%s wrote:\n%s", script, words)
		} else if words != "" {
			t.Errorf("%s is unhappy:\n%s", script, words)
		}
	})
	return c
}

// says waits until the script prints the line; what it prints before that is
// noted.
func (c *client) says(want string) {
	c.t.Helper()
	timer := time.NewTimer(30 * time.Second)
	defer timer.Stop()
	for {
		select {
		case line, open := <-c.lines:
			if !open {
				c.t.Fatalf("it ended without saying %q", want)
			}
			if line == want {
				return
			}
			c.t.Logf("said: %s", line)
		case <-timer.C:
			c.t.Fatalf("waited in vain for it to say %q", want)
		}
	}
}

// discord.js signs in, registers commands and does everything that a bot does
// with what people do, through the gateway, and again after Discord has asked it
// to connect anew.
func TestDiscordJS(t *testing.T) {
	d := discordtest.New(t)
	d.Foreign()
	d.AnswerWithin(time.Minute)
	room := d.Guild("Friends").Channel("village")
	maya := d.Person("maya")
	c := start(t, "discord-client.mjs", "URL="+d.URL(), "TOKEN="+discordtest.Token)
	d.WaitReady()
	c.says("ready as village")

	conversation := func() {
		t.Helper()
		use := maya.Slash(room, "tea make", map[string]any{"leaf": "green", "cups": 2, "hot": true, "guest": d.Person("sam"), "where": room})
		c.says("maya in Friends wants green, 2 cups, hot true, for sam in village")
		m := room.WaitMessage("the reply to be edited", func(m *discordtest.Message) bool { return m.Content == "Which cup?" })
		expect(t, "the reply", m.Text(), "Which cup?\nTea: green\nsize: 2 cups\nfor maya")
		if !m.Ephemeral() {
			t.Error("the reply should be for its reader alone")
		}
		more := use.More(1)[0]
		expect(t, "the follow-up", more.Text(), "Sugar?")

		maya.Press(m, "/cup blue")
		room.WaitMessage("the reply to be changed", func(m *discordtest.Message) bool { return m.Content == "The blue cup" })
		maya.Choose(more, "two")
		c.says("sugar two")
		room.WaitMessage("the follow-up to be changed", func(m *discordtest.Message) bool { return m.Content == "Sugar: two" })

		slow := maya.Slash(room, "slow", nil)
		slow.Announced()
		expect(t, "the late answer", slow.Answer().Text(), "Here it is")

		picks := maya.Type(room, "tea make", map[string]any{"leaf": "gr"}, "leaf").Picks()
		if len(picks) != 1 || picks[0].Name != "Green gr" {
			t.Errorf("the suggestions are %v", picks)
		}

		form := maya.Slash(room, "form", nil).Form()
		expect(t, "the form", form.Title, "A form")
		done := form.Submit(map[string]string{"name": "Aunt Rosa", "leaf": "black"})
		c.says("form: Aunt Rosa, black")
		expect(t, "the answer to the form", done.Answer().Text(), "Thank you, Aunt Rosa")

		written := maya.Say(room, "something to ask about")
		expect(t, "the message command", maya.OnMessage(room, "Ask about this", written).Answer().Text(), "You mean: something to ask about")

		maya.Say(maya.Direct(), "hello")
		c.says("maya writes hello")
		maya.Direct().WaitMessage("an answer to hello", func(m *discordtest.Message) bool {
			return m.Content == "hello, maya" && m.ReplyTo != "" && len(m.Files) == 1
		})
		maya.Say(room, "<@"+discordtest.BotID+"> card")
		room.WaitMessage("a card that is changed", func(m *discordtest.Message) bool { return m.Content == "a covered card" && m.Edits > 0 })
	}
	conversation()
	d.Gateway().Reconnect()
	c.says("resumed")
	conversation()
	d.Gateway().Close(4000)
	c.says("resumed")
	d.Gateway().Invalidate(false)
	c.says("signed in anew")
	conversation()
}

// Bolt does everything that a bot does with what people do, over Socket Mode and
// over HTTP.
func TestBolt(t *testing.T) {
	for _, transport := range []string{"socket", "http"} {
		t.Run(transport, func(t *testing.T) {
			s := slacktest.New(t)
			s.AckWithin = time.Minute
			env := []string{"URL=" + s.URL(), "BOT_TOKEN=" + slacktest.BotToken}
			if transport == "http" {
				port := freePort(t)
				c := start(t, "bolt-client.mjs", append(env, "SIGNING_SECRET="+slacktest.SigningSecret, "PORT="+port)...)
				c.says("started")
				endpoint := "http://127.0.0.1:" + port + "/slack/events"
				refusesForgeries(t, endpoint)
				s.UseHTTP(endpoint)
				onSlack(t, s, c)
				return
			}
			c := start(t, "bolt-client.mjs", append(env, "APP_TOKEN="+slacktest.AppToken)...)
			c.says("started")
			s.WaitSockets(1)
			onSlack(t, s, c)
			s.Sockets()[0].Disconnect("refresh_requested")
			c.says("connected again")
			s.Mention("C0VILLAGE", "U0MAYA", "once more", "")
			s.WaitText("C0VILLAGE", "maya says: once more")
		})
	}
}

func onSlack(t *testing.T, s *slacktest.Server, c *client) {
	t.Helper()
	const room, maya = "C0VILLAGE", "U0MAYA"
	s.Slash(slacktest.Team, room, maya, "/tea", "green for <@U0SAM>")
	c.says("maya in village wants green for <@U0SAM>")
	m := s.WaitText(maya, "Which cup?")
	s.Press(m, maya, "Blue")
	c.says("cup blue")
	s.WaitText(maya, "The blue cup")
	s.Choose(s.WaitText(maya, "Sugar?"), maya, "two")
	c.says("sugar two")

	s.Slash(slacktest.Team, room, maya, "/form", "")
	v := s.WaitView(maya, "A form")
	if picks := string(s.WaitAck(s.Suggest(v, "Leaf", "gr"))); !strings.Contains(picks, "Green gr") {
		t.Errorf("the suggestions are %s", picks)
	}
	values := map[string]string{"Name": "nobody", "Day": "2026-12-08", "Hour": "13:00", "Helper": "U0SAM", "Leaf": "green", "Size": "big"}
	s.Submit(v, values)
	s.WaitView(maya, "Who is nobody?")
	values["Name"] = "Aunt Rosa"
	s.Submit(v, values)
	c.says("form: Aunt Rosa 2026-12-08 13:00 U0SAM green big")
	s.PressInView(s.WaitView(maya, "Thank you"), "Say it again")
	s.WaitView(maya, "Thank you again")

	s.DM(maya, "hello")
	s.WaitMessage("an answer to hello", func(m slacktest.Message) bool { return m.To() == maya && m.Text == "hello, maya" })
	s.Mention(room, maya, "over here", "1700000000.000001")
	if m := s.WaitText(room, "maya says: over here"); m.ThreadTS != "1700000000.000001" {
		t.Errorf("the thread is lost: %q", m.ThreadTS)
	}
	s.Mention(room, maya, "card", "")
	s.WaitMessage("a card that is changed", func(m slacktest.Message) bool { return m.Text == "a covered card" && m.Edits > 0 })
	s.Mention(room, maya, "psst", "")
	s.WaitMessage("a whisper", func(m slacktest.Message) bool { return m.Ephemeral && m.To() == maya && m.Text == "psst" })
	s.OpenHome(maya)
	s.WaitHome(maya, "Welcome home")
	s.OnMessage(room, maya, "U0SAM", "ask_about_this", "something to ask about")
	s.WaitText(maya, "You mean: something to ask about")
	event := s.DM(maya, "twice")
	s.WaitText(maya, "twice, maya")
	s.WaitAck(s.Redeliver(event, 1))
	c.says("delivered again: 1")
}

// refusesForgeries proves that Bolt checks the signatures that the server makes.
func refusesForgeries(t *testing.T, endpoint string) {
	t.Helper()
	forged := slacktest.SignedRequest(endpoint, "application/json", []byte(`{"type":"event_callback"}`), time.Now())
	forged.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
	res, err := http.DefaultClient.Do(forged)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a forged request is answered with %s", res.Status)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s reads %q and should read %q", what, got, want)
	}
}
