package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/content"
	"village/internal/store/bolt"
	"village/internal/village"
)

// Every command there is gets its first answer within three seconds while each
// answer of the store takes five, and its whole answer in the end: typed, pressed as
// a button and sent as a form, on both platforms. So do suggestions.
func TestEveryCommandInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		over := startOverHTTP(t, func(ctx context.Context) error {
			select {
			case <-time.After(5 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		// ask makes a request and then waits until everything that it leads to is over.
		ask := func(what string, h http.Handler, req *http.Request) *httptest.ResponseRecorder {
			t.Helper()
			rec := over.request(h, req)
			if rec.took > 2500*time.Millisecond || rec.Code != http.StatusOK {
				t.Errorf("%s is answered after %v with %d", what, rec.took, rec.Code)
			}
			<-time.After(10 * time.Minute)
			return rec.ResponseRecorder
		}
		askDiscord := func(what string, kind int, data map[string]any) {
			t.Helper()
			token, req := over.discordRequest(kind, data)
			rec := ask(what+" on Discord", over.discord.Handler(over.bot), req)
			if put := strings.Contains(rec.Body.String(), `{"type":5`); put && over.far.count("PATCH "+token) == 0 {
				t.Errorf("%s on Discord is put off and never answered", what)
			}
		}
		askSlack := func(what string, fields url.Values) {
			t.Helper()
			before := over.far.count("r")
			ask(what+" on Slack", over.slack.Handler(over.bot), over.slackRequest(fields))
			if over.far.count("r") == before {
				t.Errorf("%s on Slack is never answered", what)
			}
		}
		payload := func(kind string, more map[string]any) url.Values {
			t.Helper()
			more["type"], more["trigger_id"], more["response_url"] = kind, fmt.Sprint(over.uses, " ", kind), "https://hooks.slack.com/r"
			more["user"], more["team"], more["channel"] = map[string]any{"id": "U0MOD"}, map[string]any{"id": slacktest.Team}, map[string]any{"id": "C0VILLAGE"}
			data, err := json.Marshal(more)
			if err != nil {
				t.Fatal(err)
			}
			return url.Values{"payload": {string(data)}}
		}
		commands := leaves("", over.bot.Table())
		if len(commands) < 60 {
			t.Fatalf("only %d commands were found", len(commands))
		}
		for path, cmd := range commands {
			var typed, filled []any
			for _, o := range cmd.Options {
				if !o.Private {
					typed = append(typed, sampleOption(o))
				}
				filled = append(filled, map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": o.Name, "value": "in 26 hours"}}})
				if o.Complete != nil {
					at := map[string]any{"name": o.Name, "type": 3, "value": "in", "focused": true}
					askDiscord("a suggestion for "+o.Name+" of /"+path, 4, slashData(path, []any{at}))
				}
			}
			askDiscord("/"+path, 2, slashData(path, typed))
			askDiscord("the button of "+cmd.Example, 3, map[string]any{"custom_id": "v1:" + cmd.Example, "component_type": 2})
			askDiscord("the form of /"+path, 5, map[string]any{"custom_id": "v1:" + path, "components": filled})
			askSlack(cmd.Example, slashFields(cmd.Example))
			askSlack("the button of "+cmd.Example, payload("block_actions", map[string]any{"actions": []any{map[string]any{"action_id": "village/1/1", "value": cmd.Example}}}))
			meta, err := json.Marshal(map[string]any{"p": strings.Fields(path), "c": "C0VILLAGE", "u": "https://hooks.slack.com/r"})
			if err != nil {
				t.Fatal(err)
			}
			askSlack("the form of /"+path, payload("view_submission", map[string]any{"view": map[string]any{"id": "V1", "callback_id": "village/1/form", "private_metadata": string(meta)}}))
			if t.Failed() {
				break
			}
		}
		over.end()
	})
}

// overHTTP is the bot on both platforms over HTTP, inside a bubble, where nobody
// looks at what it sends.
type overHTTP struct {
	t       *testing.T
	key     ed25519.PrivateKey
	far     *farSide
	discord *discord.Platform
	slack   *slack.Platform
	bot     *bot.Bot
	uses    int
	end     func()
}

// startOverHTTP starts it over a store that answers when wait returns.
func startOverHTTP(t *testing.T, wait func(ctx context.Context) error) *overHTTP {
	t.Helper()
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	slow := waitingStore{embedded, wait}
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &overHTTP{t: t, key: key, far: &farSide{said: map[string]int{}}}
	o.discord, err = discord.New(discord.Config{
		Token: discordtest.Token, PublicKey: hex.EncodeToString(pub), HTTP: &http.Client{Transport: o.far},
		State: newCopies(slow, keys, time.Now, discord.Name, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	o.slack, err = slack.New(slack.Config{
		BotToken: slacktest.BotToken, SigningSecret: slacktest.SigningSecret, HTTP: &http.Client{Transport: o.far},
		State: newCopies(slow, keys, time.Now, "slack", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := assemble(slow, library, keys, time.Now, rand.Reader, []bot.Platform{o.discord, o.slack}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	o.bot = a.bot
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.slack.Run(ctx, a.bot) }()
	synctest.Wait() // it has signed in
	o.end = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		embedded.Close()
	}
	return o
}

func (o *overHTTP) request(h http.Handler, req *http.Request) *timedRecorder {
	rec := &timedRecorder{ResponseRecorder: httptest.NewRecorder(), begun: time.Now()}
	h.ServeHTTP(rec, req)
	rec.Flush()
	return rec
}

// discordRequest is an interaction of a kind with its data, and its token.
func (o *overHTTP) discordRequest(kind int, data map[string]any) (token string, req *http.Request) {
	o.t.Helper()
	o.uses++
	token = fmt.Sprint("t", o.uses)
	body, err := json.Marshal(map[string]any{
		"id": fmt.Sprint(o.uses), "application_id": discordtest.AppID, "type": kind, "token": token, "guild_id": "2", "channel_id": "3",
		"channel": map[string]any{"id": "3", "name": "village", "type": 0}, "data": data,
		"member": map[string]any{"user": map[string]any{"id": "4", "username": "mod"}, "permissions": "32"},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req = httptest.NewRequest(http.MethodPost, discordRoute, bytes.NewReader(body))
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(o.key, append([]byte(stamp), body...))))
	return token, req
}

// slackRequest is a slash command or an interaction.
func (o *overHTTP) slackRequest(fields url.Values) *http.Request {
	o.uses++
	fields.Set("trigger_id", fmt.Sprint(o.uses))
	return slacktest.SignedRequest("https://village.example"+slackRoute, "application/x-www-form-urlencoded", []byte(fields.Encode()), time.Now())
}

// slackEvent is something that happened.
func (o *overHTTP) slackEvent(event map[string]any) *http.Request {
	o.t.Helper()
	o.uses++
	body, err := json.Marshal(map[string]any{"type": "event_callback", "team_id": slacktest.Team, "event_id": fmt.Sprint("Ev", o.uses), "event": event})
	if err != nil {
		o.t.Fatal(err)
	}
	return slacktest.SignedRequest("https://village.example"+slackRoute, "application/json", body, time.Now())
}

// slashFields are what Slack says about a line behind /village.
func slashFields(line string) url.Values {
	return url.Values{
		"command": {"/village"}, "text": {strings.TrimPrefix(line, "/")}, "team_id": {slacktest.Team},
		"channel_id": {"C0VILLAGE"}, "user_id": {"U0MOD"}, "response_url": {"https://hooks.slack.com/r"},
	}
}

// timedRecorder notes how long it takes until an answer is on its way: it is sent
// when the handler says so, or when it returns.
type timedRecorder struct {
	*httptest.ResponseRecorder
	begun time.Time
	took  time.Duration
	sent  bool
}

func (r *timedRecorder) Flush() {
	if !r.sent {
		r.sent, r.took = true, time.Since(r.begun)
	}
	r.ResponseRecorder.Flush()
}

// farSide is Discord and Slack where nobody looks at what they are sent: everything
// is taken at once.
type farSide struct {
	mu    sync.Mutex
	said  map[string]int
	lines []time.Time // when the lines for a crisis came
}

func (f *farSide) RoundTrip(req *http.Request) (*http.Response, error) {
	parts := strings.Split(req.URL.Path, "/")
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if givesLines(body) {
		f.lines = append(f.lines, time.Now())
	}
	switch what := parts[len(parts)-1]; {
	case what == "@original": // of /webhooks/app/token/messages/@original
		f.said[req.Method+" "+parts[len(parts)-3]]++
	case what == "r", strings.HasPrefix(what, "views."): // what a person on Slack sees
		f.said["r"]++
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"ok":true,"team_id":"` + slacktest.Team + `","ts":"1.1","channel":"C0VILLAGE"}`))}, nil
}

// forget forgets when the lines for a crisis came, and linesAt is when they came
// first since then.
func (f *farSide) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines = nil
}

func (f *farSide) linesAt() (at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.lines) > 0 {
		at = f.lines[0]
	}
	return at
}

func (f *farSide) count(what string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.said[what]
}

// slashData is a command at a path with its options.
func slashData(path string, options []any) map[string]any {
	words := strings.Fields(path)
	data := map[string]any{"type": 1, "name": words[len(words)-1], "options": options}
	for i := len(words) - 2; i >= 0; i-- {
		data["type"] = min(len(words)-1-i, 2) // a sub-command, or a group of them
		data = map[string]any{"type": 1, "name": words[i], "options": []any{data}}
	}
	return data
}

// sampleOption is an option with something that Discord lets somebody put into it.
func sampleOption(o bot.Option) map[string]any {
	switch v := sample(o, nil, nil).(type) {
	case *discordtest.Person:
		return map[string]any{"name": o.Name, "type": 6, "value": "5"}
	case *discordtest.Channel:
		return map[string]any{"name": o.Name, "type": 7, "value": "3"}
	case bool:
		return map[string]any{"name": o.Name, "type": 5, "value": v}
	case int:
		return map[string]any{"name": o.Name, "type": 4, "value": v}
	default:
		return map[string]any{"name": o.Name, "type": 3, "value": v}
	}
}
