package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/village"
)

// Words that a process had in hand when it was killed are new to the next one, and what
// it has answered is not; a copy that lives is left alone for a while.
func TestWhatIsBegunIsNotDone(t *testing.T) {
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	onEveryStore(t, func(t *testing.T, clock *clock, s store.Store) {
		killed, next, other := newCopies(s, keys, clock.Now, "slack", "a"), newCopies(s, keys, clock.Now, "slack", "a"), newCopies(s, keys, clock.Now, "slack", "b")
		begin := func(c *copies, key string, fresh, busy bool) {
			t.Helper()
			gotFresh, gotBusy, err := c.Begin(t.Context(), key, time.Hour)
			if err != nil || gotFresh != fresh || gotBusy != busy {
				t.Errorf("%s: fresh %v, busy %v, %v", key, gotFresh, gotBusy, err)
			}
		}
		done := func(c *copies, key string) {
			t.Helper()
			if err := c.Done(t.Context(), key, time.Hour); err != nil {
				t.Error(err)
			}
		}
		begin(killed, "in hand", true, false)
		begin(killed, "in hand", false, true)
		begin(killed, "answered", true, false)
		done(killed, "answered")
		begin(other, "in hand", false, true)
		begin(other, "answered", false, false)
		begin(next, "in hand", true, false)
		begin(killed, "in hand too", true, false)
		clock.set(clock.Now().Add(11 * time.Second))
		begin(other, "in hand too", true, false)
		done(next, "in hand")
		begin(killed, "in hand", false, false)
		begin(next, "answered", false, false)
		if _, err := other.First(t.Context(), "met", time.Hour); err != nil {
			t.Error(err)
		}
		begin(next, "met", false, false)
	})
}

// The same in the bot: Slack delivers an event again that the one before was killed
// over, and it is answered, once.
func TestAnEventAfterAKill(t *testing.T) {
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	killed := newCopies(kept, keys, time.Now, "slack", "alone")
	for _, event := range []string{"event Ev1", "event Ev2"} {
		if fresh, _, err := killed.Begin(t.Context(), event, time.Hour); err != nil || !fresh {
			t.Fatal(fresh, err)
		}
	}
	if err := killed.Done(t.Context(), "event Ev2", time.Hour); err != nil {
		t.Fatal(err)
	}

	s := slacktest.New(t)
	p, err := slack.New(slack.Config{BotToken: slacktest.BotToken, SigningSecret: slacktest.SigningSecret, APIURL: s.URL(),
		State: newCopies(kept, keys, time.Now, "slack", "alone"), AnswerWithin: unhurried})
	if err != nil {
		t.Fatal(err)
	}
	a, err := assemble(kept, library, keys, time.Now, rand.Reader, []bot.Platform{p}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx, a.bot) }()
	web := httptest.NewServer(p.Handler(a.bot))
	defer web.Close()
	for event, words := range map[string]string{"Ev1": "can I drive home after", "Ev2": "what is ketamine"} {
		body, err := json.Marshal(map[string]any{"type": "event_callback", "team_id": slacktest.Team, "event_id": event, "event": map[string]any{
			"type": "message", "channel_type": "im", "channel": slacktest.DirectChannel("U0MAYA"), "user": "U0MAYA", "text": words, "ts": "1.2"}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := deliver(t, slacktest.SignedRequest(web.URL, "application/json", body, time.Now())); got != http.StatusOK {
				t.Errorf("%s is acknowledged with %d", event, got)
			}
		}
	}
	s.WaitText("U0MAYA", "drive again")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	var said []string
	for _, m := range s.Messages() {
		said = append(said, m.Words())
	}
	if len(said) != 1 {
		t.Errorf("said:\n%s", strings.Join(said, "\n"))
	}
}

// The program is killed when Slack has two direct messages and it does not know that
// yet. The next one takes up what it had begun within seconds, sees that they are
// there, and sends neither again.
func TestKilledAfterADirectMessage(t *testing.T) {
	s := slacktest.New(t)
	s.AllowUnacked()
	env := []string{"VILLAGE_DATA=" + t.TempDir(), "SLACK_BOT_TOKEN=" + slacktest.BotToken, "SLACK_APP_TOKEN=" + slacktest.AppToken, "SLACK_API_URL=" + s.URL()}
	village := start(t, env, "village")
	s.WaitSockets(1)
	for _, set := range [][2]string{{"setup zone UTC", "UTC"}, {"setup helpers anyone", "may help"}, {"setup channel", "channel is set"}} {
		s.Slash(slacktest.Team, "C0VILLAGE", "U0MOD", "/village", set[0])
		s.WaitText("U0MOD", set[1])
	}
	s.Slash(slacktest.Team, "C0VILLAGE", "U0MAYA", "/ask", "ride-home in 5 hours from: the clinic")
	card := s.WaitText("C0VILLAGE", "Nobody yet")
	direct := func() (said []string) {
		for _, m := range s.Messages() {
			if m.Via == "chat.postMessage" && m.Channel != "C0VILLAGE" {
				said = append(said, m.Words())
			}
		}
		return said
	}
	held := make(chan struct{})
	s.Fail("chat.postMessage", slacktest.Fault{Until: held, Done: true, Times: 2})
	s.Press(card, "U0SAM", "Drive maya home")
	s.WaitFor("two direct messages", func() bool { return len(direct()) == 2 })
	if err := village.cmd.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	if err := village.cmd.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	close(held)

	begun := time.Now()
	village = start(t, env, "village")
	s.WaitCalls("conversations.history", 2)
	t.Logf("what it had begun is taken up after %v", time.Since(begun))
	s.WaitSockets(1)
	if err := village.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := village.cmd.Wait(); err != nil { // what it has leased is finished first
		t.Error(err)
	}
	if said := direct(); len(said) != 2 {
		t.Errorf("%d direct messages:\n%s", len(said), strings.Join(said, "\n\n"))
	}
}
