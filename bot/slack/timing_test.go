package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/bot/adapter"
	"village/bot/slack/slacktest"
)

// wire stands for Slack where the clock is the test's: it answers as late as it is
// told to, and notes what it was asked, and when.
type wire struct {
	takes time.Duration
	begun time.Time

	mu     sync.Mutex
	log    []string
	panics int // so many requests do not even leave
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	method := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
	w.log = append(w.log, time.Since(w.begun).String()+" "+method)
	panics := w.panics > 0
	w.panics--
	w.mu.Unlock()
	if panics {
		panic("oh")
	}
	if adapter.Sleep(req.Context(), w.takes) != nil {
		return nil, req.Context().Err()
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"ok":true,"ts":"1.1","channel":"D0MAYA"}`)), Header: http.Header{}}, nil
}

// onWire is a bot whose one command takes its time.
func onWire(t *testing.T, w *wire, takes time.Duration) (*Platform, *bot.Bot) {
	t.Helper()
	linger := func(ctx context.Context, _ bot.Request) (bot.Reply, error) {
		if adapter.Sleep(ctx, takes) != nil {
			return bot.Reply{}, errors.New("the store did not answer")
		}
		return bot.Say(bot.Message{Text: "Here."}), nil
	}
	b, err := bot.New(bot.Config{Direct: linger, Table: []bot.Command{{
		Name: "wait", Summary: "Waits", Example: "/wait", Who: bot.Anyone, Run: linger, OnOwnMessage: "Wait for this",
		Options: []bot.Option{{Name: "what", Summary: "For what", Complete: func(context.Context, bot.Request, string) []bot.Pick {
			<-time.After(takes) // whatever its context says
			return nil
		}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, SigningSecret: slacktest.SigningSecret, Home: "/wait", HTTP: &http.Client{Transport: w}})
	if err != nil {
		t.Fatal(err)
	}
	close(p.ready)
	return p, b
}

// deliveries are everything that Slack delivers and wants acknowledged, by kind.
func deliveries() map[string][2]string {
	const who = `"user":{"id":"U0MAYA"},"team":{"id":"T0TEAM"},"trigger_id":"1","response_url":"https://hooks.slack.com/r"`
	const view = `"view":{"id":"V1","type":"modal","callback_id":"village/1/form","private_metadata":"{\"p\":[\"wait\"],\"c\":\"C0VILLAGE\"}"}`
	return map[string][2]string{
		"a command":           {"slash_commands", `{"command":"/wait","user_id":"U0MAYA","channel_id":"C0VILLAGE","trigger_id":"1","response_url":"https://hooks.slack.com/r"}`},
		"a button":            {"interactive", `{"type":"block_actions",` + who + `,"channel":{"id":"C0VILLAGE"},"actions":[{"action_id":"village/1/1","value":"/wait"}]}`},
		"a link":              {"interactive", `{"type":"block_actions",` + who + `,"channel":{"id":"C0VILLAGE"},"actions":[{"action_id":"village/1/1"}]}`},
		"an unknown button":   {"interactive", `{"type":"block_actions",` + who + `,"channel":{"id":"C0VILLAGE"},"actions":[{"action_id":"another app","value":"/wait"}]}`},
		"a form":              {"interactive", `{"type":"view_submission",` + who + `,` + view + `}`},
		"a form closed":       {"interactive", `{"type":"view_closed",` + who + `,` + view + `}`},
		"an unknown form":     {"interactive", `{"type":"view_submission",` + who + `,"view":{"id":"V1","callback_id":"another"}}`},
		"a form without this": {"interactive", `{"type":"view_submission",` + who + `,"view":{"id":"V1","callback_id":"village/1/form","private_metadata":"{"}}`},
		"a lookup":            {"interactive", `{"type":"block_suggestion",` + who + `,"block_id":"village/1/o/what","value":"tea",` + view + `}`},
		"a message":           {"interactive", `{"type":"message_action","callback_id":"village/1/own/wait",` + who + `,"channel":{"id":"C0VILLAGE"},"message":{"user":"U0MAYA","text":"tea"}}`},
		"an unknown shortcut": {"interactive", `{"type":"message_action","callback_id":"another",` + who + `,"message":{"user":"U0MAYA","text":"tea"}}`},
		"something new":       {"interactive", `{"type":"something_new",` + who + `}`},
		"words":               {"events_api", `{"type":"event_callback","event_id":"1","event":{"type":"message","channel_type":"im","channel":"D0MAYA","user":"U0MAYA","text":"hello"}}`},
		"its name":            {"events_api", `{"type":"event_callback","event_id":"1","event":{"type":"app_mention","channel":"C0VILLAGE","user":"U0MAYA","text":"hello"}}`},
		"the Home tab":        {"events_api", `{"type":"event_callback","event_id":"1","event":{"type":"app_home_opened","tab":"home","channel":"D0MAYA","user":"U0MAYA"}}`},
		"its end":             {"events_api", `{"type":"event_callback","event_id":"1","event":{"type":"app_uninstalled"}}`},
		"no business of ours": {"events_api", `{"type":"event_callback","event_id":"1","event":{"type":"reaction_added","user":"U0MAYA"}}`},
	}
}

// Whatever a handler takes, and whatever Slack itself takes to say who somebody is,
// everything is acknowledged within Slack's three seconds, over both transports.
func TestTheAcknowledgementIsInTime(t *testing.T) {
	for name, d := range deliveries() {
		for _, takes := range []time.Duration{5 * time.Second, 10 * time.Minute} {
			t.Run(fmt.Sprintf("%s, %v", name, takes), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := &wire{takes: takes, begun: time.Now()}
					p, b := onWire(t, w, takes)
					acked := make(chan time.Duration, 1)
					in := inbound{p: p, house: p, bot: b, ack: func(any) {
						select {
						case acked <- time.Since(w.begun):
						default: // only the first counts
						}
					}}
					if err := in.take(d[0], json.RawMessage(d[1])); err != nil {
						t.Fatal(err)
					}
					if at := <-acked; at > 2*time.Second {
						t.Errorf("over a socket it is acknowledged after %v", at)
					}
					p.tasks.Drain(time.Hour)
				})
				synctest.Test(t, func(t *testing.T) {
					w := &wire{takes: takes, begun: time.Now()}
					p, b := onWire(t, w, takes)
					contentType, body := "application/json", d[1]
					switch d[0] {
					case "interactive":
						contentType, body = formType, url.Values{"payload": {d[1]}}.Encode()
					case "slash_commands":
						var fields map[string]string
						if err := json.Unmarshal([]byte(d[1]), &fields); err != nil {
							t.Fatal(err)
						}
						form := url.Values{}
						for k, v := range fields {
							form.Set(k, v)
						}
						contentType, body = formType, form.Encode()
					}
					rec := &answered{}
					p.Handler(b).ServeHTTP(rec, slacktest.SignedRequest("http://village.example/", contentType, []byte(body), time.Now()))
					if at := time.Since(w.begun); at > 2*time.Second || rec.status != 0 && rec.status != http.StatusOK {
						t.Errorf("over HTTP it is answered after %v with %d", at, rec.status)
					}
					p.tasks.Drain(time.Hour)
				})
			})
		}
	}
}

// answered is an http.ResponseWriter that keeps the status.
type answered struct{ status int }

func (*answered) Header() http.Header         { return http.Header{} }
func (*answered) Write(b []byte) (int, error) { return len(b), nil }
func (a *answered) WriteHeader(status int)    { a.status = status }

// A panic, wherever it is, ends one answer and nothing else.
func TestAPanicEndsOneAnswer(t *testing.T) {
	for name, d := range deliveries() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{begun: time.Now(), panics: 100}
				p, b := onWire(t, w, 0)
				in := inbound{p: p, house: p, bot: b, ack: func(any) {}}
				if err := in.take(d[0], json.RawMessage(d[1])); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				w.mu.Lock()
				w.panics = 0
				w.mu.Unlock()
				if err := in.take("slash_commands", json.RawMessage(`{"command":"/wait","user_id":"U0MAYA","channel_id":"C0VILLAGE","trigger_id":"2","response_url":"https://hooks.slack.com/r"}`)); err != nil {
					t.Fatal(err)
				}
				p.tasks.Drain(time.Hour)
				if last := w.log[len(w.log)-1]; last != "0s r" {
					t.Errorf("the next one is not answered: %q", w.log)
				}
			})
		})
	}
}
