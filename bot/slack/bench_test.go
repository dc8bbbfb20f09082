package slack

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"villagebot/bot"
	"villagebot/bot/slack/slacktest"
)

// The price of answering over HTTP, beside a handler that checks the signature
// and does nothing else.
func BenchmarkHTTP(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		serve(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
			if err != nil {
				http.Error(w, "unreadable", http.StatusBadRequest)
				return
			}
			mac := hmac.New(sha256.New, []byte(slacktest.SigningSecret))
			fmt.Fprintf(mac, "v0:%s:%s", r.Header.Get("X-Slack-Request-Timestamp"), body)
			if !hmac.Equal([]byte("v0="+hex.EncodeToString(mac.Sum(nil))), []byte(r.Header.Get("X-Slack-Signature"))) {
				http.Error(w, "wrong", http.StatusUnauthorized)
			}
		}))
	})
	b.Run("answered", func(b *testing.B) {
		p, err := New(Config{BotToken: "xoxb-1", SigningSecret: slacktest.SigningSecret, APIURL: "http://slack.invalid/api/",
			HTTP: &http.Client{Transport: instant{}}})
		if err != nil {
			b.Fatal(err)
		}
		village, err := bot.New(bot.Config{Table: (&rig{}).table()})
		if err != nil {
			b.Fatal(err)
		}
		close(p.ready)
		serve(b, p.Handler(village))
		p.work.finish(time.Minute)
	})
}

// instant is a Slack that says yes to everything at once.
type instant struct{}

func (instant) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
		Body: io.NopCloser(bytes.NewReader([]byte(`{"ok":true,"user":{"name":"maya"}}`)))}, nil
}

// serve sends a signed command many times over one listener.
func serve(b *testing.B, h http.Handler) {
	web := httptest.NewServer(h)
	defer web.Close()
	now := time.Now()
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for b.Loop() {
		n++
		body := []byte(url.Values{"command": {"/echo"}, "text": {"hello"}, "team_id": {slacktest.Team}, "channel_id": {"C0VILLAGE"}, "user_id": {"U0MAYA"},
			"trigger_id": {fmt.Sprint(n)}, "response_url": {"http://slack.invalid/respond"}}.Encode())
		resp, err := web.Client().Do(slacktest.SignedRequest(web.URL, formType, body, now))
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
	}
}
