package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"village/bot"
	"village/bot/discord"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/scheduler"
)

// owedWithin is how soon after a restart everything that is due has been said.
const owedWithin = 5 * time.Second

// A process is killed with messages on their way and shards in its hands. The next one
// of its name has said all of them, and what became due meanwhile, and has the shards
// with their sessions, within five seconds: far sooner than those leases run out.
func TestOwedSoonAfterARestart(t *testing.T) {
	t.Run("bolt", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), storeFile)
		synctest.Test(t, func(t *testing.T) {
			owedSoon(t, func() (*reach, *opened) {
				s, err := bolt.Open(path, time.Now)
				if err != nil {
					t.Fatal(err)
				}
				// As open has it: nobody shares the file.
				return &reach{Store: s, call: func(f func()) { f() }}, &opened{holder: "alone", log: slog.New(slog.DiscardHandler)}
			})
		})
	})
	t.Run("redis", func(t *testing.T) {
		url := "redis://" + miniredis.RunT(t).Addr()
		call, now := outside(t)
		synctest.Test(t, func(t *testing.T) {
			owedSoon(t, func() (*reach, *opened) {
				r, o := &reach{call: call}, &opened{log: slog.New(slog.DiscardHandler)}
				var err error
				call(func() { r.Store, err = redis.Open(context.Background(), url, now) })
				if err == nil {
					err = o.takeName(t.Context(), r, "maple")
				}
				if err != nil {
					t.Fatal(err)
				}
				return r, o
			})
		})
	})
}

func owedSoon(t *testing.T, open func() (*reach, *opened)) {
	const many, shards, lease = 60, 4, 20 * time.Second
	hung := &hearer{hangs: true}
	first := beginOwed(t, open, hung)
	var change store.Change
	change.Partition = "g/elm"
	for i := range many {
		change.Jobs = append(change.Jobs, store.Job{Partition: "g/elm", ID: fmt.Sprint("due", i), Kind: "note", Due: time.Now(), Urgent: i%3 == 0, Body: fmt.Append(nil, i%20)})
	}
	change.Jobs = append(change.Jobs, store.Job{Partition: "g/elm", ID: "meanwhile", Kind: "note", Due: time.Now().Add(30 * time.Second), Body: []byte("7")})
	if err := first.reach.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	<-time.After(28 * time.Second) // it says every beat that it lives
	shard := func(p *owing, id int) (string, bool) {
		t.Helper()
		left, ok, err := p.copies.Take(t.Context(), "shards-1", fmt.Sprint(id), lease, []byte("session"))
		if err != nil {
			t.Fatal(err)
		}
		return string(left), ok
	}
	for id := range shards {
		if _, ok := shard(first, id); !ok {
			t.Errorf("shard %d is somebody else's from the beginning", id)
		}
	}
	first.kill()
	if n := len(hung.heard()); n != 0 {
		t.Fatalf("%d were said by a platform that hangs", n)
	}
	<-time.After(2 * time.Second)

	restarted := time.Now()
	said := &hearer{}
	second := beginOwed(t, open, said)
	for id := range shards {
		if left, ok := shard(second, id); !ok || left != "session" {
			t.Errorf("shard %d is not taken back with its session: %q, %v", id, left, ok)
		}
	}
	if took := time.Since(restarted); took >= owedWithin {
		t.Errorf("the shards are back after %v", took)
	}
	<-time.After(time.Until(restarted.Add(owedWithin)) - time.Nanosecond)
	synctest.Wait()
	if n := len(said.heard()); n != many+1 {
		t.Errorf("%d of %d were said within %v of the restart: %s", n, many+1, owedWithin, strings.Join(said.heard(), " "))
	}
	second.kill()
}

// owing is a process that delivers, and says that it lives, until it is killed.
type owing struct {
	reach  *reach
	copies *copies
	stop   context.CancelFunc
	t      *testing.T
}

func beginOwed(t *testing.T, open func() (*reach, *opened), platform bot.Platform) *owing {
	t.Helper()
	r, o := open()
	note := scheduler.JobKind{Name: "note", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
		return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Room: "stage/" + string(j.Body)}, Message: bot.Message{Text: j.ID}}}, nil
	}}
	s, err := scheduler.New(scheduler.Config{Store: r, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note}, Hold: leaseHold, Log: o.log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	if o.name != nil {
		all.Go(func() {
			if err := o.name.keep(ctx, o.log); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(all.Wait)
	return &owing{reach: r, copies: newCopies(r, rehearsalKeys(), time.Now, discord.Name, o.holder), stop: cancel, t: t}
}

// kill ends the process: nothing that it still does has an effect.
func (p *owing) kill() {
	p.t.Helper()
	p.reach.dead.Store(true)
	p.stop()
	synctest.Wait()
	var err error
	p.reach.call(func() { err = p.reach.Close() })
	if err != nil {
		p.t.Error(err)
	}
}

// outside calls from within a bubble what waits for a network, whose clock stands still
// meanwhile. That clock is given to those out there.
func outside(t *testing.T) (call func(func()), now func() time.Time) {
	type line struct {
		calls chan func()
		done  chan struct{}
	}
	lines := make(chan line, 8)
	for range cap(lines) {
		l := line{make(chan func()), make(chan struct{})}
		go func() {
			for f := range l.calls {
				f()
				l.done <- struct{}{}
			}
		}()
		lines <- l
	}
	t.Cleanup(func() {
		for range cap(lines) {
			close((<-lines).calls)
		}
	})
	var at atomic.Int64
	call = func(f func()) {
		l := <-lines
		at.Store(time.Now().UnixNano())
		l.calls <- f
		<-l.done
		lines <- l
	}
	return call, func() time.Time { return time.Unix(0, at.Load()) }
}

// reach is a store as a process has it that can be killed.
type reach struct {
	store.Store
	call func(func())
	dead atomic.Bool
}

func (r *reach) try(f func(ctx context.Context) error) error {
	err := errSilent
	r.call(func() {
		if !r.dead.Load() {
			err = f(context.Background())
		}
	})
	return err
}

func (r *reach) Get(_ context.Context, keys ...store.Key) (docs []store.Doc, err error) {
	err = r.try(func(ctx context.Context) error { docs, err = r.Store.Get(ctx, keys...); return err })
	return docs, err
}

func (r *reach) Commit(_ context.Context, c store.Change) error {
	return r.try(func(ctx context.Context) error { return r.Store.Commit(ctx, c) })
}

func (r *reach) CommitAll(_ context.Context, cs []store.Change) []error {
	var errs []error
	if err := r.try(func(ctx context.Context) error { errs = r.Store.CommitAll(ctx, cs); return nil }); err != nil {
		errs = make([]error, len(cs))
		for i := range errs {
			errs[i] = err
		}
	}
	return errs
}

func (r *reach) Lease(_ context.Context, limit int, hold time.Duration) (jobs []store.Job, err error) {
	err = r.try(func(ctx context.Context) error { jobs, err = r.Store.Lease(ctx, limit, hold); return err })
	return jobs, err
}

func (r *reach) LeaseUrgent(_ context.Context, limit int, hold time.Duration) (jobs []store.Job, err error) {
	err = r.try(func(ctx context.Context) error { jobs, err = r.Store.LeaseUrgent(ctx, limit, hold); return err })
	return jobs, err
}

func (r *reach) NextDue(context.Context) (at time.Time, some bool, err error) {
	err = r.try(func(ctx context.Context) error { at, some, err = r.Store.NextDue(ctx); return err })
	return at, some, err
}

func (r *reach) Sweep(_ context.Context, limit int) (n int, err error) {
	err = r.try(func(ctx context.Context) error { n, err = r.Store.Sweep(ctx, limit); return err })
	return n, err
}

func (r *reach) As(_ context.Context, name string, hold time.Duration) (n int, err error) {
	shared, ok := r.Store.(sharedStore)
	if !ok {
		return 0, fmt.Errorf("%T is shared with nobody", r.Store)
	}
	err = r.try(func(ctx context.Context) error { n, err = shared.As(ctx, name, hold); return err })
	return n, err
}

// hearer is a platform that keeps what was said, or hangs.
type hearer struct {
	hangs bool
	mu    sync.Mutex
	texts []string
}

func (h *hearer) Name() string                              { return "stage" }
func (h *hearer) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (h *hearer) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if h.hangs {
		<-ctx.Done()
		return bot.Posted{}, ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.texts = append(h.texts, o.Message.Text)
	return bot.Posted{Platform: "stage", Room: o.To.Room, Message: o.Message.Text}, nil
}

func (h *hearer) Edit(context.Context, bot.Posted, bot.Message) error { return bot.ErrGone }

func (h *hearer) heard() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.texts...)
}
