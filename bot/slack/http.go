package slack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// maxRequest bounds a request over HTTP, in bytes.
const maxRequest = 1 << 20

// Handler takes what Slack sends over HTTP, for installations without Socket
// Mode: slash commands, buttons and forms, and events, all at one address. Run
// must run beside it. Nothing is read before its signature over the raw body has
// been checked; requests more than five minutes old (or ahead) are refused, and a
// repeated one is acknowledged and not done again, whichever copy it comes to when
// they share a Config.State.
//
// Statuses: 401 for a signature that is wrong or too old, 405 for anything but
// POST, 413 for more than a megabyte, 400 for what cannot be read, 503 while the
// program ends (Slack then tries again). What comes before Run has signed in is done
// when it has; danger is answered at once.
func (p *Platform) Handler(b *bot.Bot) http.Handler { return p.handler(b, p) }

// handler takes what Slack sends to any workspace of a house.
func (p *Platform) handler(b *bot.Bot, h house) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "only POST", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			status := http.StatusBadRequest
			if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, "the body could not be read", status)
			return
		}
		if !p.signed(r.Header, body) {
			http.Error(w, "the signature is not right", http.StatusUnauthorized)
			return
		}
		p.serveHTTP(w, r, inbound{p: p, house: h, bot: b}, body)
	})
}

// signed checks Slack's signature.
func (p *Platform) signed(header http.Header, body []byte) bool {
	v, err := slackgo.NewSecretsVerifier(header, p.cfg.SigningSecret)
	if err != nil {
		return false
	}
	if _, err := v.Write(body); err != nil {
		return false
	}
	return v.Ensure() == nil
}

// serveHTTP answers a request that is Slack's.
func (p *Platform) serveHTTP(w http.ResponseWriter, r *http.Request, in inbound, body []byte) {
	acked := make(chan any, 1)
	var once sync.Once
	in.ack = func(payload any) { once.Do(func() { acked <- payload }) }
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var check struct {
			Type      string `json:"type"`
			Challenge string `json:"challenge"`
		}
		if json.Unmarshal(body, &check) == nil && check.Type == "url_verification" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, check.Challenge)
			return
		}
		err = in.take("events_api", body)
	} else {
		err = in.takeForm(body)
	}
	if err != nil {
		p.log.WarnContext(r.Context(), "Slack sent something unexpected", "error", err)
		http.Error(w, "the request could not be read", http.StatusBadRequest)
		return
	}
	late := time.NewTimer(p.answerBy)
	defer late.Stop()
	select {
	case payload := <-acked:
		acknowledge(w, payload)
	case <-late.C:
		http.Error(w, "too late", http.StatusServiceUnavailable)
	case <-p.tasks.Context().Done():
		http.Error(w, "ending", http.StatusServiceUnavailable)
	case <-r.Context().Done():
	}
}

// takeForm reads a slash command or an interaction.
func (in inbound) takeForm(body []byte) error {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return wordless(err)
	}
	if payload := form.Get("payload"); payload != "" {
		return in.take("interactive", json.RawMessage(payload))
	}
	if form.Get("command") == "" {
		if form.Get("ssl_check") == "1" {
			in.ack(nil)
			return nil
		}
		return errors.New("neither a command nor an interaction")
	}
	in.takeSlash(slackgo.SlashCommand{
		TeamID: form.Get("team_id"), EnterpriseID: form.Get("enterprise_id"), ChannelID: form.Get("channel_id"), ChannelName: form.Get("channel_name"),
		UserID: form.Get("user_id"), UserName: form.Get("user_name"), Command: form.Get("command"), Text: form.Get("text"),
		ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
	})
	return nil
}

func acknowledge(w http.ResponseWriter, payload any) {
	if payload == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(payload)
}
