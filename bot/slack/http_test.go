package slack

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"village/bot/adapter"
	"village/bot/slack/slacktest"
)

// overHTTP is a rig that Slack reaches over HTTP, without a socket.
func overHTTP(t *testing.T, change ...func(*rig)) (*rig, string) {
	t.Helper()
	r := offline(t, append(change, func(r *rig) { r.p.cfg.AppToken = "" })...)
	web := httptest.NewServer(r.p.Handler(r.bot))
	t.Cleanup(web.Close)
	r.run()
	r.WaitCalls("auth.test", 1)
	<-r.p.ready
	r.UseHTTP(web.URL)
	return r, web.URL
}

func TestOverHTTPTheSame(t *testing.T) {
	r, _ := overHTTP(t)
	r.slash("U0MAYA", "/echo", "hello &amp; good evening")
	r.WaitText("U0MAYA", "You said: hello & good evening")
	r.slash("U0MAYA", "/card", "")
	card := r.WaitText("U0MAYA", "Please choose.")
	r.Press(card, "U0MAYA", "Turn it")
	r.WaitText("U0MAYA", "The other side.")
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.Submit(v, map[string]string{"From": "nowhere"})
	v = r.WaitView("U0MAYA", "I don't know that place.")
	r.Submit(v, map[string]string{"From": "home"})
	r.WaitText("U0MAYA", "Ride: thu 1pm from home")
	asked := r.DM("U0MAYA", "can I eat?")
	r.WaitText("U0MAYA", "You asked: can I eat?")
	for attempt := 1; attempt <= 3; attempt++ { // as Slack does, with X-Slack-Retry-Num
		r.WaitAck(r.Redeliver(asked, attempt))
	}
	r.Mention("C0VILLAGE", "U0MAYA", "and drink?", "")
	r.WaitText("U0MAYA", "You asked: and drink?")
	r.slash("U0MAYA", "/zone", "")
	zone := r.WaitView("U0MAYA", "Your zone")
	if payload := r.WaitAck(r.Suggest(zone, "Zone", "ber")); !strings.Contains(string(payload), "Europe/Berlin") {
		t.Errorf("suggested: %s", payload)
	}
	if err := r.stop(); err != nil { // when everything that was begun is done
		t.Fatal(err)
	}
	answers := 0
	for _, m := range r.Messages() {
		if strings.Contains(m.Words(), "can I eat?") {
			answers++
		}
	}
	if answers != 1 {
		t.Errorf("what was delivered four times has %d answers", answers)
	}
}

func TestSlowFormOverHTTP(t *testing.T) {
	r, _ := overHTTP(t, func(r *rig) { r.p.ackBy = time.Millisecond })
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	if payload := r.WaitAck(r.Submit(v, map[string]string{"From": "slowly home"})); !strings.Contains(string(payload), "One moment") {
		t.Errorf("acknowledged with %s", payload)
	}
	close(r.slow)
	r.WaitText("U0MAYA", "Ride: thu 1pm from slowly home")
}

// heldState is what copies share; once it is held, its store answers nobody until it
// is let go.
type heldState struct {
	held atomic.Bool
	gate chan struct{}
}

func (h *heldState) First(ctx context.Context, _ string, _ time.Duration) (bool, error) {
	if !h.held.Load() {
		return true, nil
	}
	select {
	case <-h.gate:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (h *heldState) Keep(context.Context, string, []byte, time.Duration) error { return nil }
func (h *heldState) Kept(context.Context, string) ([]byte, error)              { return nil, nil }

// While it cannot be asked whether another copy has seen it, everything is
// acknowledged all the same, and done when it can be asked again.
func TestAcknowledgedWhileTheStoreIsSlow(t *testing.T) {
	held := &heldState{gate: make(chan struct{})}
	r, _ := overHTTP(t, func(r *rig) {
		r.p.ackBy = time.Millisecond
		r.p.notes = adapter.NewNotebook(100, held, handleBy)
	})
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.slash("U0MAYA", "/card", "")
	card := r.WaitText("U0MAYA", "Please choose.")
	held.held.Store(true)
	if payload := r.WaitAck(r.Submit(v, map[string]string{"From": "home"})); !strings.Contains(string(payload), "One moment") {
		t.Errorf("the form is acknowledged with %s", payload)
	}
	r.WaitAck(r.Press(card, "U0MAYA", "Count one"))
	r.WaitAck(r.slash("U0MAYA", "/echo", "hello"))
	r.WaitAck(r.DM("U0MAYA", "can I eat?"))
	if n := r.uses.Load(); n != 0 {
		t.Errorf("counted %d times before it could be asked", n)
	}
	close(held.gate)
	r.WaitText("U0MAYA", "Ride: thu 1pm from home")
	r.WaitText("U0MAYA", "That was number 1.")
	r.WaitText("U0MAYA", "You said: hello")
	r.WaitText("U0MAYA", "You asked: can I eat?")
}

func post(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

const formType = "application/x-www-form-urlencoded"

func countForm(trigger string) []byte {
	return []byte(url.Values{"command": {"/count"}, "team_id": {slacktest.Team}, "channel_id": {"C0VILLAGE"}, "user_id": {"U0MAYA"}, "trigger_id": {trigger}}.Encode())
}

func TestSignatures(t *testing.T) {
	r, address := overHTTP(t)
	now := time.Now()
	signed := func() *http.Request { return slacktest.SignedRequest(address, formType, countForm("t1"), now) }
	for name, change := range map[string]func() *http.Request{
		"no signature": func() *http.Request { q := signed(); q.Header.Del("X-Slack-Signature"); return q },
		"no time":      func() *http.Request { q := signed(); q.Header.Del("X-Slack-Request-Timestamp"); return q },
		"another time": func() *http.Request { q := signed(); q.Header.Set("X-Slack-Request-Timestamp", "1531420618"); return q },
		"another body": func() *http.Request { q := signed(); q.Body = io.NopCloser(bytes.NewReader(countForm("t2"))); return q },
		"six minutes old": func() *http.Request {
			return slacktest.SignedRequest(address, formType, countForm("t1"), now.Add(-6*time.Minute))
		},
		"six minutes early": func() *http.Request {
			return slacktest.SignedRequest(address, formType, countForm("t1"), now.Add(6*time.Minute))
		},
		"payload in the address": func() *http.Request {
			q := signed()
			q.URL.RawQuery = "payload=%7B%7D"
			q.Header.Set("X-Slack-Signature", "v0=00")
			return q
		},
	} {
		if status, _ := post(t, change()); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := post(t, signed()); status != http.StatusOK {
		t.Errorf("signed: %d", status)
	}
	r.WaitFor("the count", func() bool { return len(r.Messages()) == 1 && r.uses.Load() == 1 })
	if status, _ := post(t, signed()); status != http.StatusOK {
		t.Errorf("a repeat: %d", status)
	}
	r.slash("U0MAYA", "/echo", "over")
	r.WaitText("U0MAYA", "You said: over")
	if r.uses.Load() != 1 {
		t.Errorf("counted %d times", r.uses.Load())
	}
}

func TestOddRequests(t *testing.T) {
	_, address := overHTTP(t)
	now := time.Now()
	check := `{"token":"x","challenge":"3eZbrw1aB","type":"url_verification"}`
	if status, body := post(t, slacktest.SignedRequest(address, "application/json", []byte(check), now)); status != http.StatusOK || body != "3eZbrw1aB" {
		t.Errorf("url_verification: %d %q", status, body)
	}
	for name, c := range map[string]struct {
		contentType, body string
		want              int
	}{
		"ssl_check":   {formType, "ssl_check=1", http.StatusOK},
		"nothing":     {formType, "", http.StatusBadRequest},
		"half JSON":   {"application/json", `{"type":`, http.StatusBadRequest},
		"odd payload": {formType, "payload=%7B", http.StatusBadRequest},
		"closed form": {formType, "payload=" + url.QueryEscape(`{"type":"view_closed","view":{"id":"V1","callback_id":"village/1/form"},"is_cleared":true}`), http.StatusOK},
		"no command":  {formType, "text=hello&user_id=U0MAYA", http.StatusBadRequest},
		"JSON twice":  {"application/json", `{"type":"event_callback","type":7}`, http.StatusBadRequest},
		"an array":    {"application/json", `[{"type":"url_verification","challenge":"x"}]`, http.StatusBadRequest},
		"unknown":     {formType, "payload=" + url.QueryEscape(`{"type":"something_new","trigger_id":"x"}`), http.StatusOK},
		"too long":    {formType, strings.Repeat("x", maxRequest+1), http.StatusRequestEntityTooLarge},
	} {
		if status, body := post(t, slacktest.SignedRequest(address, c.contentType, []byte(c.body), now)); status != c.want {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
	get, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := post(t, get); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", status)
	}
}

// Before Slack has said who the bot is, danger is answered; anything else is answered
// when it has.
func TestNotSignedInYet(t *testing.T) {
	r := offline(t, func(r *rig) { r.p.cfg.AppToken, r.p.ackSoon = "", time.Millisecond })
	web := httptest.NewServer(r.p.Handler(r.bot))
	t.Cleanup(web.Close)
	r.UseHTTP(web.URL)
	r.slash("U0MAYA", "/echo", "hello")
	r.slash("U0MAYA", "/lines", "")
	if m := r.WaitText("U0MAYA", "People who answer."); m.Via != "response_url" {
		t.Errorf("the lines came by %s", m.Via)
	}
	if n := len(r.Messages()); n != 1 {
		t.Errorf("%d messages before it has signed in", n)
	}
	r.run()
	r.WaitText("U0MAYA", "You said: hello")
}

// What asked is acknowledged when it is done, and not before: when the process ends in
// between, Slack says so itself. What takes longer is acknowledged in a second.
func TestAcknowledgedWhenDone(t *testing.T) {
	over := map[string]func(*testing.T, ...func(*rig)) *rig{
		"a socket": online, "HTTP": func(t *testing.T, change ...func(*rig)) *rig { r, _ := overHTTP(t, change...); return r },
	}
	for name, begin := range over {
		t.Run(name, func(t *testing.T) {
			r := begin(t, func(r *rig) { r.p.ackSoon = time.Hour })
			env := r.slash("U0MAYA", "/slow", "")
			r.WaitAck(r.slash("U0SAM", "/echo", "meanwhile"))
			if r.Acked(env) {
				t.Error("it is acknowledged before it is done")
			}
			close(r.slow)
			r.WaitAck(env)
			r.WaitText("U0MAYA", "At last.")
		})
	}
}

// Over HTTP nobody would notice that the bot's token was taken away.
func TestATokenTakenAwayOverHTTP(t *testing.T) {
	r := offline(t, func(r *rig) { r.p.cfg.AppToken, r.p.checkEvery = "", time.Millisecond })
	done := r.run()
	r.WaitFor("Slack to be heard", func() bool { return !r.p.Heard().IsZero() })
	r.Fail("auth.test", slacktest.Fault{Error: "token_revoked", Times: -1})
	if err := ended(t, done); err == nil || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN is no longer valid") {
		t.Errorf("Run said %v", err)
	}
	// It can be begun anew, and goes on when the token is taken again.
	r.Heal("auth.test")
	again := r.run()
	r.WaitCalls("auth.test", len(r.Calls("auth.test"))+2)
	select {
	case err := <-again:
		t.Errorf("Run said %v", err)
	default:
	}
}
