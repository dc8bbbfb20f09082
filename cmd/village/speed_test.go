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
	"testing"
	"time"

	"village/bot"
	"village/bot/discord"
	"village/bot/slack"
	"village/bot/slack/slacktest"
	"village/content"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

// What it costs to answer a question over HTTP, by the whole program on each store,
// beside a handler that checks the platform's signature and does nothing else: the
// figure is how much of its rate is left. One request follows another; Slack's answers
// are posts of their own, and all of them are waited for. A list of fifty requests says
// what everything costs that reads many documents.
func BenchmarkOverHTTP(b *testing.B) {
	library, err := content.Load()
	if err != nil {
		b.Fatal(err)
	}
	library.Ready()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("discord/bare", func(b *testing.B) {
		askOverHTTP(b, bareDiscord(pub), discordQuestions(b, key, askingOf(b)), nil)
	})
	b.Run("slack/bare", func(b *testing.B) { askOverHTTP(b, bareSlack(), slackQuestions(b), nil) })
	for name, ground := range grounds(b) {
		b.Run("discord/village on "+name, func(b *testing.B) {
			_, handler := discordProgram(b, library, ground, pub)
			askOverHTTP(b, handler, discordQuestions(b, key, askingOf(b)), nil, ground.servers...)
		})
		b.Run("discord/need open on "+name, func(b *testing.B) {
			program, handler := discordProgram(b, library, ground, pub)
			say := func(who int, line string) {
				r := program.bot.Do(b.Context(), bot.Request{Platform: discord.Name, Workspace: "discord/2", Room: bot.Room{ID: "discord/3", Name: "village"},
					Line: line, From: bot.Person{ID: fmt.Sprintf("discord/1%02d", who), Name: fmt.Sprint("maya", who), Moderator: who == 0}})
				if r.Code != "" {
					b.Fatal(r.Messages[0].Text)
				}
			}
			say(0, "/setup zone Denver")
			for i := range 50 {
				say(i, fmt.Sprintf("/ask ride-home thu %d:%02dpm from: near Union Station", 1+i/12, i%12*5))
			}
			asked := discordQuestions(b, key, func(int) map[string]any {
				return map[string]any{"id": "6", "name": "need", "type": 1, "options": []any{map[string]any{"name": "open", "type": 1}}}
			})
			askOverHTTP(b, handler, asked, nil, ground.servers...)
		})
		b.Run("slack/village on "+name, func(b *testing.B) { slackOverHTTP(b, library, ground) })
	}
}

// ground is a store to measure on.
type ground struct {
	open    func(b *testing.B) store.Store
	servers []*storetest.Server
}

// grounds are the embedded store and, where there is one, a real Redis.
func grounds(b *testing.B) map[string]ground {
	all := map[string]ground{"bolt": {open: func(b *testing.B) store.Store {
		s, err := bolt.OpenThrowaway(time.Now)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}}}
	if server := storetest.Redis(b); server != nil { // otherwise it has said so
		all["redis"] = ground{servers: []*storetest.Server{server}, open: func(b *testing.B) store.Store {
			server.Flush(b)
			s, err := redis.Open(b.Context(), server.URL, time.Now)
			if err != nil {
				b.Fatal(err)
			}
			return s
		}}
	}
	return all
}

func discordProgram(b *testing.B, library *content.Library, ground ground, pub ed25519.PublicKey) (*assembly, http.Handler) {
	cfg := discord.Config{Token: "x", PublicKey: hex.EncodeToString(pub), OverHTTP: true}
	var p *discord.Platform
	program := wholeProgram(b, library, ground, discord.Name, func(both *copies) bot.Platform {
		var err error
		cfg.State, cfg.Leases = both, both
		if p, err = discord.New(cfg); err != nil {
			b.Fatal(err)
		}
		return p
	})
	return program, p.Handler(program.bot)
}

func slackOverHTTP(b *testing.B, library *content.Library, ground ground) {
	answered := make(posts, b.N)
	ready := make(chan struct{})
	cfg := slack.Config{BotToken: "xoxb-1", SigningSecret: slacktest.SigningSecret, APIURL: "http://slack.invalid/api/", HTTP: &http.Client{Transport: answered},
		Log: slog.New(slog.NewTextHandler(tells{"signed in", ready}, nil))}
	var p *slack.Platform
	program := wholeProgram(b, library, ground, p.Name(), func(both *copies) bot.Platform {
		var err error
		cfg.State = both
		if p, err = slack.New(cfg); err != nil {
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
	askOverHTTP(b, p.Handler(program.bot), slackQuestions(b), answered, ground.servers...)
	stop()
	running.Wait()
}

// wholeProgram is everything that answers, on a store of its own.
func wholeProgram(b *testing.B, library *content.Library, ground ground, platform string, open func(both *copies) bot.Platform) *assembly {
	s := ground.open(b)
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
func askOverHTTP(b *testing.B, h http.Handler, questions arena, answered posts, servers ...*storetest.Server) {
	server := httptest.NewServer(h)
	defer server.Close()
	b.ReportAllocs()
	b.ResetTimer()
	meter := storetest.NewMeter(b, servers...)
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
	meter.Report(b, 1)
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

// askingOf is what Discord says of the nth question.
func askingOf(b *testing.B) func(n int) map[string]any {
	asked := peopleAsk(b)
	return func(n int) map[string]any {
		return map[string]any{"id": "5", "name": "faq", "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": asked[n%len(asked)]}}}
	}
}

// discordQuestions are signed beforehand, each with an ID of its own.
func discordQuestions(b *testing.B, key ed25519.PrivateKey, data func(n int) map[string]any) arena {
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	questions := arena{sign: func(h http.Header, signature string) {
		h.Set("X-Signature-Timestamp", stamp)
		h.Set("X-Signature-Ed25519", signature)
	}}
	first := time.Now().UnixNano()
	for i := range b.N {
		body, err := json.Marshal(map[string]any{
			"id": strconv.FormatInt(first+int64(i), 10), "application_id": "1", "type": 2, "token": "t", "guild_id": "2", "channel_id": "3",
			"channel": map[string]any{"id": "3", "name": "village", "type": 0},
			"member":  map[string]any{"user": map[string]any{"id": "4", "username": "maya"}, "permissions": "0", "roles": []string{}},
			"data":    data(i),
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
