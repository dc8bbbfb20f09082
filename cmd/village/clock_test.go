package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/bot/web"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/scheduler"
)

// tower is a platform with a clock that is right, and takes every message.
type tower struct {
	mu    sync.Mutex
	now   func() time.Time // this machine's clock
	away  bool
	ahead time.Duration
	told  time.Time
	asked int
	said  int
}

func (c *tower) Name() string                              { return "tower" }
func (c *tower) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (c *tower) Send(context.Context, bot.Outgoing) (bot.Posted, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said++
	return bot.Posted{Platform: "tower"}, nil
}

func (c *tower) Edit(context.Context, bot.Posted, bot.Message) error { return nil }

func (c *tower) Clock() (time.Duration, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead, c.told
}

func (c *tower) AskClock(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.away {
		return errors.New("nobody answers")
	}
	c.ahead, c.told = time.Until(c.now()), time.Now()
	return nil
}

func (c *tower) counts() (said, asked int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said, c.asked
}

func (c *tower) set(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = away
}

// TestAWrongClock: while this machine's clock is a year ahead, nothing is delivered or
// swept, and health says why; when it is set right, everything comes at its time.
func TestAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var skew time.Duration
		now := func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return time.Now().Add(skew)
		}
		jump := func(to time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			skew = to
		}
		s, err := bolt.OpenThrowaway(now)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		key := store.Key{Partition: "g/1", Kind: "session", ID: "a"}
		if err := s.Commit(t.Context(), store.Change{Partition: "g/1",
			Puts: []store.Doc{{Key: key, Expires: now().Add(30 * 24 * time.Hour), Listed: []store.Entry{{Name: "all"}}}},
			Jobs: []store.Job{{Partition: "g/1", ID: "a", Kind: "note", Due: now().Add(6 * time.Hour)}},
		}); err != nil {
			t.Fatal(err)
		}
		platform := &tower{now: now}
		guard := newClockGuard([]bot.Platform{platform}, now, slog.New(slog.DiscardHandler))
		deliveries, err := scheduler.New(scheduler.Config{Store: s, Platforms: map[string]bot.Platform{"tower": platform}, Now: now, Ready: guard.ready,
			Kinds: []scheduler.JobKind{{Name: "note", Prepare: func(context.Context, store.Job, bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Room: "tower/x"}}}, nil
			}}}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { _ = guard.run(ctx) })
		all.Go(func() { _ = deliveries.Run(ctx) })
		defer all.Wait()
		defer stop()
		wait := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		clock := func() web.Part {
			return guard.health(func(context.Context) []web.Part { return nil })(ctx)[0]
		}
		if part := clock(); !part.Waiting || part.Err != nil {
			t.Errorf("before the first answer: %+v", part)
		}
		if err := platform.AskClock(ctx); err != nil { // as it does when it connects
			t.Fatal(err)
		}
		wait(time.Second)
		if part := clock(); part.Waiting || part.Err != nil {
			t.Errorf("when it is right: %+v", part)
		}

		wait(time.Hour)
		jump(365 * 24 * time.Hour)
		if guard.ready() == nil {
			t.Error("a jump is not noticed at once")
		}
		wait(time.Hour)
		if part := clock(); part.Err == nil || !strings.Contains(part.Err.Error(), "8760h0m0s ahead of the platforms'") {
			t.Errorf("a year ahead: %+v", part)
		}
		jump(-365 * 24 * time.Hour)
		wait(time.Minute)
		if part := clock(); part.Err == nil || !strings.Contains(part.Err.Error(), "behind the platforms'") {
			t.Errorf("a year behind: %+v", part)
		}
		jump(0)
		wait(time.Minute)
		if said, _ := platform.counts(); said != 0 || clock().Err != nil {
			t.Errorf("set right, with %d said: %+v", said, clock())
		}
		if n, err := s.Count(ctx, "g/1", "all", 0, 0); n != 1 || err != nil {
			t.Errorf("%d are left, %v", n, err)
		}
		wait(4 * time.Hour)
		if said, asked := platform.counts(); said != 1 || asked > 1000 {
			t.Errorf("%d were said at last, after %d questions", said, asked)
		}

		// Asleep for half an hour: the clock is right, and asks to be sure.
		platform.set(true)
		jump(30 * time.Minute)
		wait(time.Minute)
		if guard.ready() == nil {
			t.Error("nobody has said that the clock is right")
		}
		platform.set(false)
		jump(0)
		wait(10 * time.Second)
		if err := guard.ready(); err != nil {
			t.Error(err)
		}
	})
}

// TestNobodySaysTheTime: a village whose platforms never answer is not held up for ever.
func TestNobodySaysTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		guard := newClockGuard([]bot.Platform{&tower{now: time.Now, away: true}}, time.Now, slog.New(slog.DiscardHandler))
		ended := make(chan error, 1)
		go func() { ended <- guard.run(ctx) }()
		<-time.After(30 * time.Second)
		if guard.ready() == nil {
			t.Error("nobody is waited for")
		}
		<-time.After(time.Minute)
		if err := guard.ready(); err != nil {
			t.Error(err)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// After a start what is owed waits for a platform's word about the time: it may have come
// before anybody listened for it, and otherwise it is asked for within seconds.
func TestTheTimeIsKnownSoonAfterAStart(t *testing.T) {
	for name, before := range map[string]bool{"said while connecting": true, "only when asked": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				platform := &tower{now: time.Now}
				guard := newClockGuard([]bot.Platform{platform}, time.Now, slog.New(slog.DiscardHandler))
				if before {
					if err := platform.AskClock(ctx); err != nil {
						t.Fatal(err)
					}
				}
				<-time.After(time.Second)
				ended := make(chan error, 1)
				go func() { ended <- guard.run(ctx) }()
				<-time.After(2 * time.Second)
				if err := guard.ready(); err != nil {
					t.Error(err)
				}
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}
