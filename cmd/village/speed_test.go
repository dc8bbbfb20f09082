package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/content"
	"village/internal/store/bolt"
)

// What it costs to answer a question over HTTP, by the whole program on the
// embedded store, beside a handler that checks the platform's signature and does
// nothing else: the figure is how much of its rate is left. One request follows
// another; Slack's answers are posts of their own, and all of them are waited for.
func BenchmarkOverHTTP(b *testing.B) {
	library, err := content.Load()
	if err != nil {
		b.Fatal(err)
	}
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("discord/bare", func(b *testing.B) { askOverHTTP(b, bareDiscord(pub), discordQuestions(b, key), nil) })
	b.Run("discord/village", func(b *testing.B) {
		cfg := discord.Config{Token: "x", PublicKey: hex.EncodeToString(pub), OverHTTP: true}
		var p *discord.Platform
		program := wholeProgram(b, library, discord.Name, func(both *copies) bot.Platform {
			cfg.State, cfg.Leases = both, both
			p, err = discord.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			return p
		})
		askOverHTTP(b, p.Handler(program.bot), discordQuestions(b, key), nil)
	})
	b.Run("slack/bare", func(b *testing.B) { askOverHTTP(b, bareSlack(), slackQuestions(b), nil) })
	b.Run("slack/village", func(b *testing.B) {
		answered := make(posts, b.N)
		ready := make(chan struct{})
		cfg := slack.Config{BotToken: "xoxb-1", SigningSecret: slacktest.SigningSecret, APIURL: "http://slack.invalid/api/", HTTP: &http.Client{Transport: answered},
			Log: slog.New(slog.NewTextHandler(tells{"signed in", ready}, nil))}
		var p *slack.Platform
		program := wholeProgram(b, library, p.Name(), func(both *copies) bot.Platform {
			cfg.State = both
			p, err = slack.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			return p
		})
		ctx, stop := context.WithCancel(b.Context())
		var running sync.WaitGroup
		running.Go(func() {
			if err := p.Run(ctx, program.bot); err != nil {
				b.Error(err)
			}
		})
		<-ready
		askOverHTTP(b, p.Handler(program.bot), slackQuestions(b), answered)
		stop()
		running.Wait()
	})
}

// wholeProgram is everything that answers, on an embedded store of its own.
func wholeProgram(b *testing.B, library *content.Library, platform string, open func(both *copies) bot.Platform) *assembly {
	s, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	p := open(newCopies(s, rehearsalKeys(), time.Now, platform, "alone"))
	program, err := assemble(s, library, rehearsalKeys(), time.Now, seeded(), []bot.Platform{p}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	return program
}

// askOverHTTP asks one question after another; when there are posts, it waits until
// there is one for each.
func askOverHTTP(b *testing.B, h http.Handler, questions arena, answered posts) {
	server := httptest.NewServer(h)
	defer server.Close()
	b.ReportAllocs()
	b.ResetTimer()
	before := processorTime(b)
	for i := range b.N {
		question, err := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(questions.at(2*i)))
		if err != nil {
			b.Fatal(err)
		}
		questions.sign(question.Header, string(questions.at(2*i+1)))
		response, err := server.Client().Do(question)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response.Status, err)
		}
	}
	if answered != nil {
		for range b.N {
			<-answered
		}
	}
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// processorTime is what this process has used of its processors, which says more than
// a clock where others work beside it.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// arena is bodies and their signatures, in turn and in one piece of memory that the
// collector need not look into.
type arena struct {
	all  []byte
	ends []int
	sign func(h http.Header, signature string)
}

func (a *arena) add(body, signature []byte) {
	for _, part := range [][]byte{body, signature} {
		a.all = append(a.all, part...)
		a.ends = append(a.ends, len(a.all))
	}
}

func (a *arena) at(i int) []byte {
	if i == 0 {
		return a.all[:a.ends[0]]
	}
	return a.all[a.ends[i-1]:a.ends[i]]
}

// peopleAsk is what people ask, one thing after another: the same question over and over
// would be answered from what the processor, or a cache, still has at hand.
func peopleAsk(b *testing.B) []string {
	file, err := os.Open("../../content/testdata/dev.tsv")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	var list []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if question, topic, ok := strings.Cut(lines.Text(), "\t"); ok && question[0] != '#' && topic[0] != '!' {
			list = append(list, question)
		}
	}
	return list
}

// discordQuestions are signed beforehand, each with an ID of its own.
func discordQuestions(b *testing.B, key ed25519.PrivateKey) arena {
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	questions := arena{sign: func(h http.Header, signature string) {
		h.Set("X-Signature-Timestamp", stamp)
		h.Set("X-Signature-Ed25519", signature)
	}}
	asked, first := peopleAsk(b), time.Now().UnixNano()
	for i := range b.N {
		body, err := json.Marshal(map[string]any{
			"id": strconv.FormatInt(first+int64(i), 10), "application_id": "1", "type": 2, "token": "t", "guild_id": "2", "channel_id": "3",
			"channel": map[string]any{"id": "3", "name": "village", "type": 0},
			"member":  map[string]any{"user": map[string]any{"id": "4", "username": "maya"}, "permissions": "0", "roles": []string{}},
			"data":    map[string]any{"id": "5", "name": "faq", "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": asked[i%len(asked)]}}},
		})
		if err != nil {
			b.Fatal(err)
		}
		questions.add(body, hex.AppendEncode(nil, ed25519.Sign(key, append([]byte(stamp), body...))))
	}
	return questions
}

func bareDiscord(pub ed25519.PublicKey) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		signature, err2 := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if err != nil || err2 != nil || !ed25519.Verify(pub, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":1}`)
	})
}

func slackQuestions(b *testing.B) arena {
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	questions := arena{sign: func(h http.Header, signature string) {
		h.Set("Content-Type", "application/x-www-form-urlencoded")
		h.Set("X-Slack-Request-Timestamp", stamp)
		h.Set("X-Slack-Signature", signature)
	}}
	asked := peopleAsk(b)
	for i := range b.N {
		body := url.Values{"command": {"/faq"}, "text": {asked[i%len(asked)]}, "team_id": {slacktest.Team}, "channel_id": {"C0VILLAGE"}, "channel_name": {"village"},
			"user_id": {"U0MAYA"}, "user_name": {"maya"}, "trigger_id": {strconv.Itoa(i)}, "response_url": {"http://slack.invalid/respond"}}.Encode()
		questions.add([]byte(body), []byte(slackSignature(stamp, []byte(body))))
	}
	return questions
}

// slackSignature is how Slack signs what it sends.
func slackSignature(stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(slacktest.SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func bareSlack() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !hmac.Equal([]byte(slackSignature(r.Header.Get("X-Slack-Request-Timestamp"), body)), []byte(r.Header.Get("X-Slack-Signature"))) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
}

// posts is a Slack that takes everything at once, and tells of each answer.
type posts chan struct{}

func (p posts) RoundTrip(r *http.Request) (*http.Response, error) {
	said := `{"ok":true,"team_id":"` + slacktest.Team + `","user_id":"U0BOT"}`
	switch r.URL.Path {
	case "/respond":
		p <- struct{}{}
	case "/api/users.info":
		said = `{"ok":true,"user":{"name":"maya"}}`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(said))}, nil
}

// tells is a log that tells when something is said in it for the first time.
type tells struct {
	what string
	said chan struct{}
}

func (l tells) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(l.what)) {
		close(l.said)
	}
	return len(line), nil
}
