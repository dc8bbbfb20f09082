package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

func TestConfigurationIsCheckedWhole(t *testing.T) {
	prepare := note("a").Prepare
	_, err := scheduler.New(scheduler.Config{
		Hold: time.Millisecond, Workers: -1, Grace: -time.Second,
		Kinds: []scheduler.JobKind{
			{Name: "a", Prepare: prepare}, {Name: "a", Prepare: prepare}, {Prepare: prepare},
			{Name: "b"}, {Name: "c", Late: scheduler.Drop, Prepare: prepare},
		},
	})
	if err == nil {
		t.Fatal("a configuration with everything wrong is taken")
	}
	for _, want := range []string{"store", "lease", "workers", "length of time", `"a"`, "no name", `"b"`, `"c"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: says nothing about %s", err, want)
		}
	}
}

// TestAJobOfAnotherProcessIsFound puts a job without waking the scheduler.
func TestAJobOfAnotherProcessIsFound(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		wait(time.Second)
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x found"))
		wait(11 * time.Second)
		same(t, "within a look", platform.said(""), "found")
	})
}

func TestTickGoesInOrder(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	run := func() []string {
		st, platform := open(t, func() time.Time { return now }), &stage{name: "stage"}
		chain := scheduler.JobKind{Name: "chain", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			return scheduler.Delivery{Then: store.Change{Jobs: []store.Job{job(j.Partition, "next", "note", now, "stage/z follows")}}}, nil
		}}
		s := build(t, scheduler.Config{
			Store: st, Platforms: map[string]bot.Platform{"stage": platform},
			Kinds: []scheduler.JobKind{note("note"), chain}, Now: func() time.Time { return now },
		})
		for i := range 40 {
			due := now.Add(-time.Duration(i%3) * time.Second)
			put(t, st, job(fmt.Sprintf("g/%d", i%5), fmt.Sprintf("j%02d", 40-i), "note", due, fmt.Sprintf("stage/x %d g/%d j%02d", 2-i%3, i%5, 40-i)))
		}
		put(t, st, job("g/0", "a", "chain", now, ""), job("g/0", "tomorrow", "note", now.Add(time.Millisecond), "stage/x early"))
		n, err := s.Tick(t.Context())
		if err != nil || n != 42 {
			t.Errorf("%d, %v", n, err)
		}
		if again, err := s.Tick(t.Context()); again != 0 || err != nil {
			t.Errorf("then %d, %v", again, err)
		}
		return platform.said("")
	}
	first := run()
	if len(first) != 41 || first[40] != "follows" {
		t.Errorf("%d messages, the last is %q", len(first), first[40])
	}
	for i := 1; i < 40; i++ {
		if first[i-1] > first[i] {
			t.Errorf("%q comes before %q", first[i-1], first[i])
		}
	}
	same(t, "the second time", run(), first...)
}

func TestTickEnds(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	st := open(t, func() time.Time { return now })
	again := scheduler.JobKind{Name: "again", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
		return scheduler.Delivery{Then: store.Change{Jobs: []store.Job{j}}}, nil
	}}
	s := build(t, scheduler.Config{Store: st, Kinds: []scheduler.JobKind{again}, Now: func() time.Time { return now }})
	put(t, st, job("g/1", "a", "again", now, ""))
	if _, err := s.Tick(t.Context()); err == nil {
		t.Error("jobs without end are no error")
	}
}

func TestTheEndWaitsForWhatIsOnItsWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		calls := make(chan struct{}, 1)
		platform.fault = func(ctx context.Context, _ bot.Outgoing) error {
			calls <- struct{}{}
			select {
			case <-time.After(3 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
		ctx, cancel := context.WithCancel(t.Context())
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		<-calls
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		same(t, "said", platform.said(""), "one")
		same(t, "pending", pending(t, st, "g/1"))
	})
}

// TestTheEndDoesNotWaitForEver: a call that hangs is cut off, and the job is
// done by whoever comes next.
func TestTheEndDoesNotWaitForEver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		release := make(chan struct{})
		calls := make(chan struct{}, 1)
		platform.fault = func(context.Context, bot.Outgoing) error {
			calls <- struct{}{}
			<-release // and not even the context ends it
			return errBroken
		}
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
		ctx, cancel := context.WithCancel(t.Context())
		kinds := []scheduler.JobKind{note("note")}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: kinds})
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		<-calls
		begin := time.Now()
		cancel()
		if err := <-ended; err == nil {
			t.Error("nothing is said about the call that hangs")
		}
		if took := time.Since(begin); took > 11*time.Second {
			t.Errorf("the end took %v", took)
		}
		close(release)
		synctest.Wait()
		next := &stage{name: "stage"}
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": next}, Kinds: kinds}))
		wait(time.Minute)
		same(t, "said by the next", next.said(""), "one")
	})
}

// TestTakeover: a process dies with leases in its hands, and another one has
// them after the lease time, without their being lost.
func TestTakeover(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st := open(t, time.Now)
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"), job("g/1", "b", "note", time.Now(), "stage/x two"))
		// The first process leases, and is never heard of again.
		if jobs, err := st.Lease(t.Context(), 10, time.Minute); err != nil || len(jobs) != 2 {
			t.Fatal(jobs, err)
		}
		platform := &stage{name: "stage"}
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		wait(59 * time.Second)
		same(t, "within the lease", platform.said(""))
		wait(2 * time.Second)
		same(t, "after the lease", platform.said(""), "one", "two")
		for _, p := range platform.all() {
			if !p.again {
				t.Errorf("%q is not looked for, and the one before may have sent it", p.text)
			}
		}
	})
}

// TestTheStoreGoesAway for a while: the scheduler is there when it is back.
func TestTheStoreGoesAway(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		away := &faulty{Store: st}
		away.set(func(string) error { return errBroken })
		start(t, build(t, scheduler.Config{Store: away, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
		wait(5 * time.Minute)
		same(t, "while it is away", platform.said(""))
		away.set(nil)
		wait(3 * time.Second)
		same(t, "when it is back", platform.said(""), "one")
		same(t, "pending", pending(t, st, "g/1"))
	})
}

// What was leased when the store went away is due again as soon as it is back, and not
// only when the lease runs out.
func TestLeasesAreGivenBackWhenTheStoreIs(t *testing.T) {
	for _, what := range []string{"the message was refused", "it was not tried yet", "earlier tries cannot be read"} {
		t.Run(what, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				st, platform := open(t, time.Now), &stage{name: "stage"}
				away := &faulty{Store: st}
				gone := func(step string) error {
					if step == "before lease" || step == "after lease" || step == "before next" {
						return nil
					}
					return errBroken
				}
				refuse := what == "the message was refused"
				kind := scheduler.JobKind{Name: "note", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
					if away.at("before get") != nil && !refuse {
						return scheduler.Delivery{}, errBroken
					}
					return scheduler.Delivery{Out: message(j)}, nil
				}}
				platform.fault = func(context.Context, bot.Outgoing) error {
					if !refuse {
						return nil
					}
					refuse = false
					away.set(gone)
					return errBroken
				}
				if !refuse {
					away.set(gone)
				}
				put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
				if what == "earlier tries cannot be read" {
					if _, err := st.Lease(t.Context(), 1, time.Second); err != nil {
						t.Fatal(err)
					}
					wait(time.Second)
				}
				start(t, build(t, scheduler.Config{Store: away, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind}}))
				wait(20 * time.Second)
				same(t, "while it is away", platform.said(""))
				away.set(nil)
				wait(5 * time.Second)
				same(t, "when it is back", platform.said(""), "one")
				same(t, "pending", pending(t, st, "g/1"))
			})
		})
	}
}

// TestTheClockJumps: forward, what is due comes within a look; back, nothing
// is early and nothing comes twice.
func TestTheClockJumps(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var mu sync.Mutex
		var skew time.Duration
		now := func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return time.Now().Add(skew)
		}
		jump := func(d time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			skew += d
		}
		st, platform := open(t, now), &stage{name: "stage"}
		begin := now()
		put(t, st, job("g/1", "a", "note", begin.Add(5*time.Hour), "stage/x five"), job("g/1", "b", "note", begin.Add(6*time.Hour), "stage/x six"))
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}, Now: now}))
		wait(time.Hour)
		jump(4 * time.Hour)
		wait(11 * time.Second)
		same(t, "after the jump forward", platform.said(""), "five")
		jump(-4 * time.Hour)
		wait(4*time.Hour + 59*time.Minute)
		same(t, "after the jump back", platform.said(""), "five")
		wait(time.Minute)
		same(t, "in the end", platform.said(""), "five", "six")
	})
}

func TestExpiredDocumentsAreSwept(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st := open(t, time.Now)
		key := store.Key{Partition: "g/1", Kind: "old", ID: "a"}
		commit(t, st, store.Change{Partition: "g/1", Puts: []store.Doc{{
			Key: key, Expires: time.Now().Add(time.Minute), Listed: []store.Entry{{Name: "all", Score: 1}},
		}}})
		start(t, build(t, scheduler.Config{Store: st}))
		wait(time.Hour)
		n, err := st.Count(t.Context(), "g/1", "all", 0, 0)
		if n != 0 || err != nil {
			t.Errorf("%d are still counted (%v)", n, err)
		}
	})
}

// faulty is a store that fails when told to. The fault is asked before and
// after every step; a fault after it hides that the step was done.
type faulty struct {
	store.Store
	mu    sync.Mutex
	fault func(step string) error
}

func (f *faulty) set(fault func(string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

func (f *faulty) at(step string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fault == nil {
		return nil
	}
	return f.fault(step)
}

func (f *faulty) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := f.at("before get"); err != nil {
		return nil, err
	}
	got, err := f.Store.Get(ctx, keys...)
	return got, errors.Join(err, f.at("after get"))
}

func (f *faulty) Commit(ctx context.Context, c store.Change) error {
	if err := f.at("before commit"); err != nil {
		return err
	}
	err := f.Store.Commit(ctx, c)
	return errors.Join(err, f.at("after commit"))
}

func (f *faulty) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	if err := f.at("before lease"); err != nil {
		return nil, err
	}
	jobs, err := f.Store.Lease(ctx, limit, hold)
	if after := f.at("after lease"); after != nil {
		return nil, after
	}
	return jobs, err
}

func (f *faulty) NextDue(ctx context.Context) (time.Time, bool, error) {
	if err := f.at("before next"); err != nil {
		return time.Time{}, false, err
	}
	return f.Store.NextDue(ctx)
}
