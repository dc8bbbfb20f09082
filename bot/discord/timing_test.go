package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/bot/adapter"
)

// wire stands for Discord where the clock is the test's: it notes what comes and
// when.
type wire struct {
	mu    sync.Mutex
	begun time.Time
	log   []string
	seen  int
	quiet bool // counts only
	// untimed leaves the time out of the log; panics are requests, counted from 1,
	// that do not even leave.
	untimed bool
	panics  map[int]bool
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	var c struct {
		Type    int    `json:"type"`
		Content string `json:"content"`
		Data    struct {
			Content string   `json:"content"`
			Choices []choice `json:"choices"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen++
	if w.panics[w.seen] {
		panic("oh")
	}
	if !w.quiet {
		line := req.Method + " " + strconv.Itoa(c.Type) + " " + c.Content + c.Data.Content
		for _, pick := range c.Data.Choices {
			line += fmt.Sprint(pick.Value)
		}
		if !w.untimed {
			line = time.Since(w.begun).String() + " " + line
		}
		w.log = append(w.log, line)
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}")), Header: http.Header{}}, nil
}

func onWire(t testing.TB, w *wire, table []bot.Command) (*Platform, *bot.Bot) {
	t.Helper()
	b, err := bot.New(bot.Config{Table: table})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Token: "x", HTTP: &http.Client{Transport: w}})
	if err != nil {
		t.Fatal(err)
	}
	return p, b
}

func slash(id int) []byte {
	return []byte(`{"id":"` + strconv.Itoa(id) + `","application_id":"1","token":"t","type":2,"guild_id":"2","channel_id":"3",
		"member":{"user":{"id":"4","username":"maya"},"permissions":"0"},"data":{"name":"wait","type":1}}`)
}

// Whatever a handler takes, Discord hears of it within its three seconds.
func TestTheFirstAnswerIsInTime(t *testing.T) {
	for _, tc := range []struct {
		takes time.Duration
		want  []string
	}{
		{0, []string{"0s POST 4 Here."}},
		{1499 * time.Millisecond, []string{"1.499s POST 4 Here."}},
		{5 * time.Second, []string{"1.5s POST 5 ", "5s PATCH 0 Here."}},
		{10 * time.Minute, []string{"1.5s POST 5 ", "2m0s PATCH 0 "}},
	} {
		t.Run(tc.takes.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{begun: time.Now()}
				p, b := onWire(t, w, []bot.Command{{Name: "wait", Summary: "Waits", Example: "/wait", Who: bot.Anyone,
					Run: func(ctx context.Context, _ bot.Request) (bot.Reply, error) {
						if err := adapter.Sleep(ctx, tc.takes); err != nil {
							return bot.Reply{}, errors.New("the store did not answer")
						}
						return bot.Say(bot.Message{Text: "Here."}), nil
					}}})
				p.gatewayInteraction(context.Background(), b, slash(1), false)
				if len(w.log) != len(tc.want) {
					t.Fatalf("said %q", w.log)
				}
				for i, want := range tc.want {
					if !strings.HasPrefix(w.log[i], want) {
						t.Errorf("said %q, not %q", w.log[i], want)
					}
				}
			})
		})
	}
}

// Suggestions come in time, whatever looks them up; what was typed stays to be sent.
func TestSuggestionsAreInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{begun: time.Now()}
		let := make(chan struct{})
		p, b := onWire(t, w, []bot.Command{{Name: "wait", Summary: "Waits", Example: "/wait", Who: bot.Anyone,
			Options: []bot.Option{{Name: "what", Summary: "What", Complete: func(context.Context, bot.Request, string) []bot.Pick {
				<-let // whatever its context says
				return nil
			}}},
			Run: func(context.Context, bot.Request) (bot.Reply, error) { return bot.Reply{}, nil }}})
		p.gatewayInteraction(context.Background(), b, []byte(`{"id":"1","application_id":"1","token":"t","type":4,"guild_id":"2","channel_id":"3",
			"member":{"user":{"id":"4","username":"maya"},"permissions":"0"},"data":{"name":"wait","type":1,"options":[{"name":"what","type":3,"value":"tea","focused":true}]}}`), false)
		if want := "2s POST 8 tea"; len(w.log) != 1 || w.log[0] != want {
			t.Errorf("said %q, not %q", w.log, want)
		}
		close(let)
	})
}

// A panic, wherever it is, ends one answer and nothing else, and whoever waits is
// told.
func TestAPanicEndsOneAnswer(t *testing.T) {
	hi := []byte(`{"id":"7","channel_id":"3","author":{"id":"4","username":"maya"},"content":"hello"}`)
	for name, tc := range map[string]struct {
		panics map[int]bool // which requests do
		slow   bool
		want   []string
	}{
		"at the first answer":    {map[int]bool{1: true}, false, []string{"POST 4 Something went wrong"}},
		"while it is filled in":  {map[int]bool{2: true}, true, []string{"POST 5 ", "PATCH 0 Something went wrong"}},
		"and when that is said":  {map[int]bool{1: true, 2: true}, false, nil},
		"in words to it":         {map[int]bool{1: true}, false, nil},
		"in what hears a crisis": {nil, false, []string{"POST 4 Here."}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{begun: time.Now(), untimed: true, panics: tc.panics}
				cfg := bot.Config{Table: []bot.Command{{Name: "wait", Summary: "Waits", Example: "/wait", Who: bot.Anyone,
					Options: []bot.Option{{Name: "x", Summary: "Something"}},
					Run: func(ctx context.Context, _ bot.Request) (bot.Reply, error) {
						if tc.slow {
							return bot.Say(bot.Message{Text: "Here."}), adapter.Sleep(ctx, 2*time.Second)
						}
						return bot.Say(bot.Message{Text: "Here."}), nil
					}}}}
				if name == "in what hears a crisis" {
					cfg.Screen = func(bot.Request, string) (bot.Alarm, any) { panic("oh") }
				}
				p, _ := onWire(t, w, cfg.Table)
				b, err := bot.New(cfg)
				if err != nil {
					t.Fatal(err)
				}
				if name == "in words to it" {
					p.event(context.Background(), b, "MESSAGE_CREATE", hi, false)
				} else {
					p.event(context.Background(), b, "INTERACTION_CREATE", []byte(strings.Replace(string(slash(1)), `"type":1}`, `"type":1,"options":[{"name":"x","type":3,"value":"y"}]}`, 1)), false)
				}
				p.tasks.Drain(time.Hour)
				w.mu.Lock()
				defer w.mu.Unlock()
				if len(w.log) != len(tc.want) {
					t.Fatalf("said %q", w.log)
				}
				for i, want := range tc.want {
					if !strings.HasPrefix(w.log[i], want) {
						t.Errorf("said %q, not %q", w.log[i], want)
					}
				}
			})
		})
	}
}

// Routes that Discord has closed are remembered no longer than that, and no more of
// them than fit.
func TestRoutesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAPI(Config{})
		for i := range maxRoutesKnown + 10 {
			a.block(call{route: strconv.Itoa(i)}, time.Hour, false)
		}
		if n := len(a.blocked); n != maxRoutesKnown {
			t.Errorf("%d routes are remembered", n)
		}
		if wait := a.closedFor(call{route: "0"}); wait != time.Hour {
			t.Errorf("the first one is closed for %v", wait)
		}
		<-time.After(time.Hour)
		if wait := a.closedFor(call{route: "0"}); wait > 0 || len(a.blocked) != maxRoutesKnown-1 {
			t.Errorf("it is still closed for %v, with %d routes", wait, len(a.blocked))
		}
		a.block(call{route: "x"}, time.Hour, false)
		a.block(call{route: "y"}, time.Hour, false)
		if n := len(a.blocked); n != 2 {
			t.Errorf("%d routes are remembered", n)
		}
	})
}

// TestMemoryReturns: what an interaction took is given back. The benchmark of the
// same name does it with as many as one likes.
func TestMemoryReturns(t *testing.T) { manyInteractions(t, 3000) }

func BenchmarkInteraction(b *testing.B) {
	b.ReportAllocs()
	manyInteractions(b, b.N)
}

func manyInteractions(t testing.TB, n int) {
	w := &wire{quiet: true}
	p, b := onWire(t, w, []bot.Command{{Name: "wait", Summary: "Waits", Example: "/wait", Who: bot.Anyone,
		Run: func(context.Context, bot.Request) (bot.Reply, error) { return bot.Say(bot.Message{Text: "Here."}), nil }}})
	p.cfg.AnswerWithin, p.cfg.DeferAfter = time.Hour, time.Minute // what is slow here is the machine that tests
	// Fill what is bounded first.
	for i := range maxRemembered {
		p.notes.FirstHere("use/x"+strconv.Itoa(i), time.Hour)
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, goroutines := heap(), runtime.NumGoroutine()
	for i := range n {
		p.goDo(func() { p.gatewayInteraction(context.Background(), b, slash(i), false) })
	}
	p.tasks.Drain(time.Hour)
	if w.seen < n { // on a very busy machine some are announced first
		t.Errorf("%d of %d were answered", w.seen, n)
	}
	if len(p.api.blocked) != 0 {
		t.Errorf("%d routes are remembered", len(p.api.blocked))
	}
	after := heap()
	if after > before+4<<20 {
		t.Errorf("the heap went from %d to %d bytes", before, after)
	}
	for limit := time.Now().Add(time.Minute); runtime.NumGoroutine() > goroutines+2 && time.Now().Before(limit); {
		runtime.Gosched() // they are done and about to end
	}
	if got := runtime.NumGoroutine(); got > goroutines+2 {
		t.Errorf("%d goroutines were left of %d", got, goroutines)
	}
}

// gatewayAnswer answers what the gateway's address is.
type gatewayAnswer string

func (g gatewayAnswer) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(g))), Header: http.Header{}}, nil
}

// sharedTurns is a State that two processes share.
type sharedTurns struct{ *adapter.Memory[[]byte] }

func (s sharedTurns) First(_ context.Context, key string, during time.Duration) (bool, error) {
	return s.Memory.First(key, during), nil
}
func (s sharedTurns) Keep(context.Context, string, []byte, time.Duration) error { return nil }
func (s sharedTurns) Kept(context.Context, string) ([]byte, error)              { return nil, nil }

// Discord resets the token of a bot that begins more sessions in a day than it may.
func TestNoSessionBeforeTomorrow(t *testing.T) {
	for remaining, wait := range map[int]time.Duration{0: time.Hour, 1: 0} {
		synctest.Test(t, func(t *testing.T) {
			p, err := New(Config{Token: "x", HTTP: &http.Client{Transport: gatewayAnswer(fmt.Sprintf(
				`{"url":"wss://gateway","session_start_limit":{"total":1000,"remaining":%d,"reset_after":3600000,"max_concurrency":1}}`, remaining))}})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			if address, err := p.gatewayAddress(t.Context(), 0); address != "wss://gateway" || err != nil || time.Since(begun) != wait {
				t.Errorf("%q, %v, after %v", address, err, time.Since(begun))
			}
		})
	}
}

// A session that cannot be taken up again for minutes is given up; until then nothing
// waits for a turn, which only those do who begin one.
func TestASessionIsGivenUp(t *testing.T) {
	for after, kept := range map[time.Duration]bool{sessionTime: true, sessionTime + 1: false} {
		synctest.Test(t, func(t *testing.T) {
			p, err := New(Config{Token: "x", HTTP: &http.Client{Transport: gatewayAnswer(
				`{"url":"wss://gateway","shards":1,"session_start_limit":{"total":1000,"remaining":1000,"max_concurrency":1}}`)}})
			if err != nil {
				t.Fatal(err)
			}
			if !p.turn(t.Context(), "identify/0") {
				t.Error("it is somebody else's turn")
			}
			s := &session{p: p, at: position{Session: "s1", Seq: 7, Resume: "wss://named"}, failures: 9, failing: time.Now()}
			<-time.After(after)
			p.turn(t.Context(), "identify/0")
			begun := time.Now()
			address, err := s.whereTo(t.Context())
			if waited := time.Since(begun); address != "wss://gateway" || err != nil || (waited == 0) != kept {
				t.Errorf("to %q after %v, %v", address, waited, err)
			}
			if (s.position().Session != "") != kept {
				t.Errorf("after %v it is at %+v", after, s.position())
			}
		})
	}
}

// Discord lets two shards of a turn begin a session every five seconds, and those
// of different turns at once; that holds for all processes together.
func TestShardsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := sharedTurns{adapter.NewMemory[[]byte](100)}
		var mu sync.Mutex
		begun := map[int][]time.Duration{}
		start := time.Now()
		var wait sync.WaitGroup
		for process := range 2 {
			p, err := New(Config{Token: "x", State: shared, HTTP: &http.Client{Transport: gatewayAnswer(
				`{"url":"wss://gateway","shards":8,"session_start_limit":{"total":1000,"remaining":1000,"max_concurrency":2}}`)}})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 4 {
				shard := 4*process + i
				wait.Go(func() {
					if address, err := p.gatewayAddress(t.Context(), shard); address != "wss://gateway" || err != nil {
						t.Errorf("%q, %v", address, err)
					}
					mu.Lock()
					defer mu.Unlock()
					begun[shard%2] = append(begun[shard%2], time.Since(start))
				})
			}
		}
		wait.Wait()
		for turn, at := range begun {
			if len(at) != 4 || at[0] != 0 || at[3] > 20*time.Second {
				t.Errorf("turn %d: sessions began at %v", turn, at)
			}
			for i := 1; i < len(at); i++ {
				if at[i]-at[i-1] < 5*time.Second {
					t.Errorf("turn %d: sessions began at %v", turn, at)
				}
			}
		}
	})
}
