package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"village/bot"
	"village/bot/discord"
	"village/bot/discord/discordtest"
	"village/internal/store/redis"
	"village/internal/store/storetest"
	"village/internal/village"
)

// Two processes divide four shards. One is killed, and the other takes its shards
// over when their leases are over; a third joins and gets its part; the second ends
// as it should, and the third has everything. Whatever people did meanwhile is done
// once, and every session is taken up where it was left.
func TestShardsAreShared(t *testing.T) {
	servers := map[string]string{"miniredis": "redis://" + miniredis.RunT(t).Addr()}
	if server := storetest.Redis(t); server != nil { // otherwise it has said so
		servers["redis"] = server.URL
	}
	for name, address := range servers {
		t.Run(name, func(t *testing.T) {
			d := discordtest.New(t)
			d.Gateway().Shards(4)
			maya := d.Person("Maya")
			var mu sync.Mutex
			done := map[string]int{}
			village, err := bot.New(bot.Config{Table: []bot.Command{{Name: "hi", Summary: "Says hello", Example: "/hi", Who: bot.Anyone,
				Run: func(_ context.Context, r bot.Request) (bot.Reply, error) {
					mu.Lock()
					defer mu.Unlock()
					done[r.Once]++
					return bot.Say(bot.Message{Text: "Hello."}), nil
				}}}})
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			ask := func() (answered func()) {
				t.Helper()
				var uses []*discordtest.Use
				for i := range 8 {
					uses = append(uses, maya.Slash(d.Guild(fmt.Sprint("Friends ", i)).Channel("village"), "hi", nil))
				}
				asked += len(uses)
				return func() {
					t.Helper()
					for _, use := range uses {
						use.Answer()
					}
				}
			}
			part := func(p *worker, shards int) {
				t.Helper()
				d.WaitFor(fmt.Sprintf("a part of %d shards", shards), func() bool { return len(p.platform.Link().Shards) == shards })
			}

			now := &leaping{}
			a := startWorker(t, d, address, village, now)
			b := startWorker(t, d, address, village, now)
			d.WaitReady()
			part(a, 2)
			part(b, 2)
			ask()()

			a.kill()
			answered := ask() // half of it while nobody is there
			now.leap()
			part(b, 4)
			answered()

			c := startWorker(t, d, address, village, now)
			answered = ask()
			part(b, 2)
			part(c, 2)
			answered()
			ask()()

			b.end()
			answered = ask()
			part(c, 4)
			answered()
			c.end()

			mu.Lock()
			defer mu.Unlock()
			if len(done) != asked {
				t.Errorf("%d of %d were done", len(done), asked)
			}
			for id, n := range done {
				if n != 1 {
					t.Errorf("%s was done %d times", id, n)
				}
			}
			if _, begun, resumed := d.Gateway().Counts(); begun != 4 || resumed < 6 {
				t.Errorf("%d sessions were begun and %d taken up again", begun, resumed)
			}
		})
	}
}

// A process that cannot reach the store for a while keeps what it has; when another
// has taken its shards over, it does not take them back and forth, and gets its part
// again when it reaches the store.
func TestASilentProcessIsReplaced(t *testing.T) {
	address := "redis://" + miniredis.RunT(t).Addr()
	d := discordtest.New(t)
	d.Gateway().Shards(2)
	maya := d.Person("Maya")
	village, err := bot.New(bot.Config{Table: []bot.Command{{Name: "hi", Summary: "Says hello", Example: "/hi", Who: bot.Anyone,
		Run: func(context.Context, bot.Request) (bot.Reply, error) {
			return bot.Say(bot.Message{Text: "Hello."}), nil
		}}}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() {
		t.Helper()
		for i := range 4 {
			maya.Slash(d.Guild(fmt.Sprint("Friends ", i)).Channel("village"), "hi", nil).Answer()
		}
	}
	part := func(p *worker, shards int) {
		t.Helper()
		d.WaitFor(fmt.Sprintf("a part of %d shards", shards), func() bool { return len(p.platform.Link().Shards) == shards })
	}
	// Here the leases run by the machine's clock: nobody else wants those of whoever
	// lives, and whoever is cut off shall notice for how long it was.
	a := startWorker(t, d, address, village, nil)
	d.WaitReady()
	part(a, 2)
	ask() // so both sessions are known
	a.noted()
	a.leases.setSilent(true)
	ask()
	b := startWorker(t, d, address, village, nil)
	d.WaitFor("the other to take both sessions up", func() bool {
		_, _, resumed := d.Gateway().Counts()
		return len(b.platform.Link().Shards) == 2 && resumed >= 2
	})
	ask()
	if _, begun, resumed := d.Gateway().Counts(); begun != 2 || resumed != 2 {
		t.Errorf("%d sessions were begun and %d taken up again", begun, resumed)
	}
	a.leases.setSilent(false)
	part(b, 1)
	part(a, 1)
	ask()
}

// leaping is a clock by which leases run. They are so long that none runs out
// because a busy machine keeps its owner waiting, and all do when the clock leaps
// over their end; those who live then renew theirs, which nobody else wants. A nil
// one is the machine's clock, and leases are as long as the program wants them.
type leaping struct{ ahead atomic.Int64 }

// longLease is shorter than what was done is remembered.
const longLease = 5 * time.Minute

func (l *leaping) now() time.Time {
	if l == nil {
		return time.Now()
	}
	return time.Now().Add(time.Duration(l.ahead.Load()))
}

func (l *leaping) leap() { l.ahead.Add(int64(longLease)) }

// worker is one process that serves Discord's gateway.
type worker struct {
	t        *testing.T
	platform *discord.Platform
	leases   *mortal
	stop     context.CancelFunc
	ended    chan error
}

func startWorker(t *testing.T, d *discordtest.Server, address string, b *bot.Bot, clock *leaping) *worker {
	t.Helper()
	keys, err := village.ParseKeyring(base64.StdEncoding.EncodeToString(make([]byte, village.KeySize)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := redis.Open(t.Context(), address, clock.now)
	if err != nil {
		t.Fatal(err)
	}
	shared := newCopies(s, keys, clock.now, discord.Name, "")
	w := &worker{t: t, leases: &mortal{Leases: shared, clock: clock, noted: map[string]bool{}, changed: make(chan struct{})}, ended: make(chan error, 1)}
	w.platform, err = discord.New(discord.Config{
		Token: discordtest.Token, APIURL: d.URL(), State: shared, Leases: w.leases,
		AnswerWithin: unhurried, Lease: 600 * time.Millisecond, Backoff: 2 * time.Millisecond, Log: slog.New(slog.NewTextHandler(testLog{t}, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	go func() {
		w.ended <- w.platform.Run(ctx, b)
		close(w.ended)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-w.ended; err != nil { // nil when it has ended before
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// end stops the process and waits until it has given everything back.
func (w *worker) end() {
	w.t.Helper()
	w.stop()
	if err := <-w.ended; err != nil {
		w.t.Error(err)
	}
}

// noted waits until the process has noted the session of every shard it serves.
func (w *worker) noted() {
	w.t.Helper()
	late := time.After(unhurried)
	for {
		missing, changed := w.leases.missing(w.platform.Link().Shards)
		if !missing {
			return
		}
		select {
		case <-changed:
		case <-late:
			w.t.Fatal("a session was not noted")
		}
	}
}

// kill ends the process in the middle, once its sessions are noted: nothing is
// given back.
func (w *worker) kill() {
	w.t.Helper()
	w.noted()
	w.leases.setSilent(true)
	w.end()
}

// mortal is the leases of a process that can be killed, or cut off from the store.
type mortal struct {
	discord.Leases
	clock   *leaping
	mu      sync.Mutex
	silent  bool
	noted   map[string]bool
	changed chan struct{} // closed when another session is noted
}

var errSilent = errors.New("this process does not reach the store")

func (m *mortal) setSilent(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent = on
}

func (m *mortal) isSilent() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.silent
}

func (m *mortal) Take(ctx context.Context, group, name string, hold time.Duration, leave []byte) ([]byte, bool, error) {
	if m.isSilent() {
		return nil, false, errSilent
	}
	if m.clock != nil {
		hold = longLease
	}
	left, ok, err := m.Leases.Take(ctx, group, name, hold, leave)
	m.mu.Lock()
	defer m.mu.Unlock()
	if ok && strings.Contains(string(leave), "session") && !m.noted[name] {
		m.noted[name] = true
		close(m.changed)
		m.changed = make(chan struct{})
	}
	return left, ok, err
}

// missing says whether the session of a shard is not noted for others yet, and gives
// what is closed when another one is.
func (m *mortal) missing(shards []int) (bool, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range shards {
		if !m.noted[strconv.Itoa(id)] {
			return true, m.changed
		}
	}
	return false, nil
}

func (m *mortal) Give(ctx context.Context, group, name string, leave []byte) error {
	if m.isSilent() {
		return errSilent
	}
	m.mu.Lock()
	delete(m.noted, name)
	m.mu.Unlock()
	return m.Leases.Give(ctx, group, name, leave)
}

// What somebody writes to the bot while its one process is started anew is
// answered: the session waits in the store.
func TestARestartLosesNoWords(t *testing.T) {
	d := discordtest.New(t)
	env := map[string]string{"VILLAGE_DATA": t.TempDir(), "DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL()}
	maya := d.Person("Maya")
	start := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan int, 1)
		go func() {
			ended <- unhurriedProgram(t, env).run(ctx, nil)
		}()
		d.WaitReady()
		return func() {
			cancel()
			if code := <-ended; code != exitOK {
				t.Errorf("the program ended with %d", code)
			}
		}
	}
	stop := start()
	maya.Slash(maya.Direct(), "help", nil).Answer()
	stop()
	maya.Say(maya.Direct(), "can I drive home after")
	stop = start()
	maya.Direct().WaitMessage("an answer", func(m *discordtest.Message) bool { return strings.Contains(m.Text(), "drive again") }) // what /help says speaks of driving, too
	stop()
	if _, begun, resumed := d.Gateway().Counts(); begun != 1 || resumed != 1 {
		t.Errorf("%d sessions were begun and %d taken up again", begun, resumed)
	}
}
