package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/bot/discord/discordtest"
	"village/bot/slack/slacktest"
)

// moody is a platform that is not let in while it is refused.
type moody struct {
	bot.Platform
	name string

	mu      sync.Mutex
	refused error
	begun   []time.Time
	heard   time.Time
	end     chan error // ends a run
}

func (m *moody) Name() string { return m.name }

func (m *moody) Run(ctx context.Context, _ *bot.Bot) error {
	m.mu.Lock()
	m.begun = append(m.begun, time.Now())
	refused := m.refused
	m.mu.Unlock()
	if refused != nil && ctx.Err() == nil {
		return refused
	}
	select {
	case err := <-m.end:
		return err
	case <-ctx.Done():
		return nil
	}
}

func (m *moody) Heard() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heard
}

func (m *moody) set(refused error, heard time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused, m.heard = refused, heard
}

// runs are when it was begun.
func (m *moody) runs() []time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.begun)
}

// A platform that is not let in goes down alone, and is tried again, less and less
// often; the others go on. When there is no other, that is the end.
func TestOnePlatformsTroubleStaysThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		well, sick := &moody{name: "well", end: make(chan error)}, &moody{name: "sick", end: make(chan error), refused: errors.New("the token was reset")}
		k := newKeepers([]connection{{Platform: well}, {Platform: sick}}, 0, slog.New(slog.DiscardHandler))
		begun := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 2)
		for _, one := range k.all {
			go func() { ended <- k.run(ctx, one, nil) }()
		}
		<-time.After(4 * time.Minute)
		var at []time.Duration
		for _, b := range sick.runs() {
			at = append(at, b.Sub(begun))
		}
		if want := []time.Duration{0, 30 * time.Second, 90 * time.Second, 210 * time.Second}; !slices.Equal(at, want) || len(well.runs()) != 1 {
			t.Errorf("tried at %v, want %v; the other was begun %d times", at, want, len(well.runs()))
		}
		if part := k.state(k.all[1]); part.Err == nil || !strings.Contains(part.Err.Error(), "token was reset") {
			t.Errorf("it is said to be %+v", part)
		}
		sick.set(nil, time.Time{})
		<-time.After(time.Hour)
		if part := k.state(k.all[1]); part.Err == nil || part.Err.Error() != "not heard for 56m30s" || !part.Waiting {
			t.Errorf("let in and never heard, it is said to be %+v", part)
		}
		sick.set(nil, time.Now().Add(-bot.MaxSilence))
		if part := k.state(k.all[1]); part.Err != nil || part.Waiting {
			t.Errorf("heard, it is said to be %+v", part)
		}
		// It ran well for an hour: what was before does not count.
		sick.end <- errors.New("closed")
		<-time.After(firstPause)
		synctest.Wait()
		if part := k.state(k.all[1]); part.Err != nil {
			t.Errorf("begun anew, it is said to be %+v", part)
		}
		sick.end <- errors.New("closed")
		synctest.Wait()
		well.end <- errors.New("the key is wrong")
		err := <-ended
		if err == nil || err.Error() != "well: the key is wrong\nsick: closed" {
			t.Errorf("when all are down, the end is %v", err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("at the end: %v", err)
		}
	})
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// The whole program: Slack takes the token away, and gives it back; Discord notices
// nothing, and whoever looks after the program does.
func TestSlackTakenAwayAndGivenBack(t *testing.T) {
	d, s := discordtest.New(t), slacktest.New(t)
	address := freeAddress(t)
	p := unhurriedProgram(t, map[string]string{
		"VILLAGE_DATA": t.TempDir(), "VILLAGE_LISTEN": address,
		"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL(),
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken, "SLACK_API_URL": s.URL(),
	})
	p.tryAgain = time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, nil) }()
	d.WaitReady()
	s.WaitSockets(1)
	waitAsked(t, address, "readyz", "slack: ok")
	for _, method := range []string{"auth.test", "chat.postMessage"} {
		s.Fail(method, slacktest.Fault{Error: "account_inactive", Times: -1})
	}
	s.Event(map[string]any{"type": "app_uninstalled"})
	waitAsked(t, address, "healthz", "slack: down: slack: the app was removed")
	var doctor strings.Builder
	look := *p
	look.stdout = &doctor
	if code := look.run(t.Context(), []string{"doctor"}); code != exitFailed || !strings.Contains(doctor.String(), "and it is not healthy: slack: down") {
		t.Errorf("the doctor ends with %d:\n%s", code, doctor.String())
	}
	maya, room := d.Person("Maya"), d.Guild("Friends").Channel("village")
	if m := maya.Slash(room, "crisis", nil).Answer(); !strings.Contains(m.Text(), "You matter") {
		t.Errorf("on Discord it answers %q", m.Text())
	}
	s.Heal("auth.test")
	s.Heal("chat.postMessage")
	s.WaitSockets(1)
	waitAsked(t, address, "healthz", "ok\n")
	s.Slash(slacktest.Team, "C0VILLAGE", "U0MAYA", "/crisis", "")
	s.WaitText("U0MAYA", "You matter")
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("the program ended with %d", code)
	}
}

// waitAsked asks again and again until the answer holds what is wanted: what is
// said of the health is kept for a moment, and stays the same after the last thing that
// a platform notices.
func waitAsked(t *testing.T, address, page, want string) {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	last, deadline := "", time.After(unhurried)
	for {
		if last = asked(t, address, page); strings.Contains(last, want) {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("/%s says in the end %q, and not %q", page, last, want)
		}
	}
}

// asked is what the program answers whoever looks after it.
func asked(t *testing.T, address, page string) string {
	res, err := http.Get("http://" + address + "/" + page)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

// A service without a platform has nobody to talk to, and says so; lines from a pipe
// are somebody.
func TestNobodyToTalkTo(t *testing.T) {
	run := func(stdin io.Reader, env map[string]string) (int, string) {
		var said strings.Builder
		env["VILLAGE_DATA"] = t.TempDir()
		p := &program{getenv: func(name string) string { return env[name] }, stdin: stdin, stdout: io.Discard, stderr: &said}
		return p.run(t.Context(), nil), said.String()
	}
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer nothing.Close()
	if code, said := run(nothing, map[string]string{"DISCORD_TOKN": "x"}); code != exitFailed || !strings.Contains(said, "nobody to talk to") {
		t.Errorf("as a service it ends with %d and says %q", code, said)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if code, said := run(read, map[string]string{"VILLAGE_LISTEN": "127.0.0.1:0"}); code != exitFailed || !strings.Contains(said, "misspelt") {
		t.Errorf("in a container it ends with %d and says %q", code, said)
	}
	write.Close()
	if code, said := run(read, map[string]string{}); code != exitOK {
		t.Errorf("with a pipe it ends with %d and says %q", code, said)
	}
}
