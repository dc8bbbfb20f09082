package discord_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"village/bot/discord"
	"village/bot/discord/discordtest"
)

// newHTTPRig is a bot that hears of interactions over HTTP alone.
func newHTTPRig(t *testing.T, change ...func(*discord.Config)) (*rig, string) {
	t.Helper()
	r := newRig(t, append(change, func(c *discord.Config) { c.OverHTTP = true })...)
	srv := httptest.NewServer(r.platform.Handler(r.bot))
	t.Cleanup(srv.Close)
	r.DeliverTo(srv.URL)
	return r.start(), srv.URL
}

func TestTheSameOverHTTP(t *testing.T) {
	t.Parallel()
	r, _ := newHTTPRig(t)
	m := r.maya.Slash(r.room, "faq", map[string]any{"question": "x"}).Answer()
	if !m.Ephemeral() || !strings.HasPrefix(m.Text(), "Driving\n") {
		t.Errorf("answered %q", m.Text())
	}
	use := r.maya.Press(m, "Claim")
	if now := use.Answer(); now.ID != m.ID || now.Text() != "You drive k7m2p9" {
		t.Errorf("the message became %q", now.Text())
	}
	if more := use.More(1); more[0].Text() != "Thank you" || !more[0].Ephemeral() {
		t.Errorf("then came %q", more[0].Text())
	}
	if p := r.maya.Type(r.room, "faq", map[string]any{"question": "eat"}, "question").Picks(); len(p) != 1 {
		t.Errorf("suggested %v", p)
	}
	form := r.maya.Slash(r.room, "ask ride-home", nil).Form()
	if m := form.Submit(map[string]string{"from": "here", "when": "thu 1pm"}).Answer(); m.Text() != "Asked for thu 1pm from here" {
		t.Errorf("answered %q", m.Text())
	}
	if m := r.maya.Slash(r.room, "chart", nil).Answer(); len(m.Files) != 1 {
		t.Errorf("the files are %v", m.Files)
	}
	// Words in direct messages come over the gateway, and nowhere else.
	r.Gateway().Await(1)
	r.maya.Say(r.maya.Direct(), "I want to end it")
	r.maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "end it") && m.Author == nil })
}

func TestSlowOverHTTP(t *testing.T) {
	t.Parallel()
	r, _ := newHTTPRig(t, func(c *discord.Config) { c.DeferAfter = time.Millisecond })
	if m := r.slow().Answer(); m.Text() != "Here it is." || !m.Ephemeral() {
		t.Errorf("answered %q", m.Text())
	}
}

func TestSeveralOverHTTP(t *testing.T) {
	t.Parallel()
	r, _ := newHTTPRig(t)
	use := r.maya.Slash(r.room, "twice", nil)
	var got []string
	for _, m := range append([]*discordtest.Message{use.Answer()}, use.More(2)...) {
		got = append(got, m.Text())
	}
	if !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("said %q", got)
	}
}

func TestAReplayIsRecognised(t *testing.T) {
	t.Parallel()
	r, _ := newHTTPRig(t)
	r.WaitReady()
	r.Twice()
	r.works()
	if n := len(r.requests()); n != 1 {
		t.Errorf("%d handlers ran", n)
	}
}

func TestWhoMayKnock(t *testing.T) {
	t.Parallel()
	r, url := newHTTPRig(t)
	if status, body := r.Ping(url); status != 200 || body != `{"type":1}` {
		t.Errorf("a ping is answered %d %s", status, body)
	}
	ping := []byte(`{"type":1}`)
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for name, tc := range map[string]struct {
		req    func() *http.Request
		status int
	}{
		"fresh":           {func() *http.Request { return r.Signed(url, ping, time.Now().Add(-4*time.Minute)) }, 200},
		"old":             {func() *http.Request { return r.Signed(url, ping, time.Now().Add(-6*time.Minute)) }, 401},
		"from the future": {func() *http.Request { return r.Signed(url, ping, time.Now().Add(6*time.Minute)) }, 401},
		"of 1970":         {func() *http.Request { return r.Signed(url, ping, time.Unix(0, 0)) }, 401},
		"another body": {func() *http.Request {
			req := r.Signed(url, ping, time.Now())
			req.Body = io.NopCloser(strings.NewReader(`{"type":2}`))
			req.ContentLength = 10
			return req
		}, 401},
		"a stranger": {func() *http.Request {
			req := r.Signed(url, ping, time.Now())
			req.Header.Set("X-Signature-Timestamp", now)
			req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(stranger, append([]byte(now), ping...))))
			return req
		}, 401},
		"no signature": {func() *http.Request {
			req := r.Signed(url, ping, time.Now())
			req.Header.Del("X-Signature-Ed25519")
			return req
		}, 401},
		"half a signature": {func() *http.Request {
			req := r.Signed(url, ping, time.Now())
			req.Header.Set("X-Signature-Ed25519", "abcd")
			return req
		}, 401},
		"no time": {func() *http.Request {
			req := r.Signed(url, ping, time.Now())
			req.Header.Set("X-Signature-Timestamp", "yesterday")
			return req
		}, 401},
		"too much":       {func() *http.Request { return r.Signed(url, bytes.Repeat([]byte(" "), 1<<20+1), time.Now()) }, 413},
		"no interaction": {func() *http.Request { return r.Signed(url, []byte(`{"type":2}`), time.Now()) }, 400},
		"no JSON":        {func() *http.Request { return r.Signed(url, []byte(`hello`), time.Now()) }, 400},
	} {
		res, err := http.DefaultClient.Do(tc.req())
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != tc.status {
			t.Errorf("%s: %s", name, res.Status)
		}
	}
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %s", res.Status)
	}
	if n := len(r.requests()); n != 0 {
		t.Errorf("%d handlers ran", n)
	}
}

// Over HTTP nobody would notice that the token was reset; Run ends, and can be begun
// anew.
func TestATokenResetOverHTTP(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *discord.Config) { c.OverHTTP, c.AskEvery = true, time.Millisecond })
	r.run()
	r.WaitFor("Discord to be heard", func() bool { return !r.platform.Heard().IsZero() })
	r.Fail(discordtest.Refused("GET /applications/@me", 0, 401, 0))
	if err := r.failed(); err == nil || !strings.Contains(err.Error(), "DISCORD_TOKEN is not accepted") {
		t.Errorf("Run said %v", err)
	}
	r.Mend()
	before := len(r.Requests("GET /applications/@me"))
	r.start()
	r.WaitFor("Discord to be asked again and again", func() bool { return len(r.Requests("GET /applications/@me")) > before+2 })
}
