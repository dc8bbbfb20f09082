package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

func TestUnreachableBecomesADeadLetter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		platform.fault = func(_ context.Context, o bot.Outgoing) error {
			if o.To.Room == "stage/closed" {
				return fmt.Errorf("closed: %w", bot.ErrUnreachable)
			}
			return nil
		}
		told := store.Key{Partition: "g/1", Kind: "told", ID: "a"}
		kind := scheduler.JobKind{Name: "tell", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			next := j
			next.Due = j.Due.Add(time.Hour)
			return scheduler.Delivery{
				Out: message(j),
				Then: store.Change{
					Puts: []store.Doc{{Key: told, Body: []byte("yes")}},
					Jobs: []store.Job{next},
				},
				Unreachable: func(_ context.Context, reason error) (store.Change, error) {
					if !errors.Is(reason, bot.ErrUnreachable) {
						t.Errorf("the reason is %v", reason)
					}
					return store.Change{
						Puts: []store.Doc{{Key: told, Body: []byte("no")}},
						Jobs: []store.Job{job("g/1", "moderators", "note", j.Due, "stage/mods somebody was not reached")},
					}, nil
				},
			}, nil
		}}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind, note("note")}})
		begin := time.Now()
		put(t, st, job("g/1", "a", "tell", begin, "stage/closed private words"))
		stop := start(t, s)
		wait(time.Second)
		stop()
		found := letters(t, st, "g/1", "stage/closed")
		if len(found) != 1 || len(letters(t, st, "g/1", "")) != 1 {
			t.Fatalf("dead letters: %+v", found)
		}
		if l := found[0]; l.Kind != "tell" || l.ID != "a" || !l.Due.Equal(begin) || l.Reason != scheduler.ReasonUnreachable ||
			string(l.Body) != "stage/closed private words" || l.To != "stage/closed" {
			t.Errorf("%+v", l)
		}
		same(t, "said", platform.said(""), "somebody was not reached")
		same(t, "the next occurrence", pending(t, st, "g/1"), "a")
		if got := docs(t, st, "told"); len(got) != 1 || string(got[0].Body) != "no" {
			t.Errorf("told: %+v", got)
		}
		if got := s.Stats(); got.Dead != 1 || got.Sent != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestDeadIndexIsSafe(t *testing.T) {
	for id, want := range map[string]string{
		"":           "dead",
		"discord/80": "dead/discord/80",
	} {
		if got := scheduler.DeadIndex(id); got != want {
			t.Errorf("%q is listed under %q, want %q", id, got, want)
		}
	}
	for _, id := range []string{"console/maya b", "slack/\n", "console/zoë", strings.Repeat("x", 196)} {
		got := scheduler.DeadIndex(id)
		if err := (store.Key{Partition: "p", Kind: got, ID: "x"}).Validate(); err != nil {
			t.Errorf("%q is listed under %q: %v", id, got, err)
		}
		if got == scheduler.DeadIndex(id+"x") {
			t.Errorf("%q shares its index", id)
		}
	}
}

func TestAPrepareThatKeepsFailingBecomesADeadLetter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		asked := 0
		kinds := []scheduler.JobKind{
			{Name: "fails", Prepare: func(context.Context, store.Job, bool) (scheduler.Delivery, error) {
				asked++
				return scheduler.Delivery{}, errBroken
			}},
			{Name: "panics", Prepare: func(context.Context, store.Job, bool) (scheduler.Delivery, error) {
				panic("maya's words")
			}},
			{Name: "wrong", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: message(j), Then: store.Change{Partition: "g/9"}}, nil
			}},
			{Name: "nowhere", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: &bot.Outgoing{}}, nil
			}},
			{Name: "badcard", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: message(j), Card: "not a name"}, nil
			}},
		}
		var log strings.Builder
		s := build(t, scheduler.Config{
			Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: kinds,
			Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		for _, k := range kinds {
			put(t, st, job("g/1", k.Name, k.Name, time.Now(), "stage/x words"))
		}
		stop := start(t, s)
		wait(2 * time.Hour)
		if found := letters(t, st, "g/1", ""); len(found) != len(kinds)-1 { // what may be well again later is kept
			t.Errorf("%d dead letters after two hours", len(found))
		}
		wait(74 * time.Hour)
		stop()
		if asked < 200 {
			t.Errorf("asked %d times", asked)
		}
		same(t, "said", platform.said(""))
		same(t, "pending", pending(t, st, "g/1"))
		found := letters(t, st, "g/1", "")
		if len(found) != len(kinds) {
			t.Errorf("%d dead letters", len(found))
		}
		for _, l := range found {
			if l.Reason != scheduler.ReasonNotPrepared {
				t.Errorf("%+v", l)
			}
		}
		if strings.Contains(log.String(), "maya") || strings.Contains(log.String(), "words") {
			t.Errorf("people's words are in the log:\n%s", log.String())
		}
	})
}

func TestAPanickingPlatformIsAFailure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		first := true
		platform.fault = func(context.Context, bot.Outgoing) error {
			if first {
				first = false
				panic("a bug")
			}
			return nil
		}
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x hello"))
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		wait(time.Minute)
		same(t, "said", platform.said(""), "hello")
	})
}

func TestUnknownKindsAreKept(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		begin := time.Now()
		put(t, st, job("g/1", "a", "new", begin, "stage/x hello"))
		platforms := map[string]bot.Platform{"stage": platform}
		old := build(t, scheduler.Config{Store: st, Platforms: platforms, Kinds: []scheduler.JobKind{note("note")}})
		stop := start(t, old)
		wait(2 * 24 * time.Hour)
		stop()
		same(t, "pending", pending(t, st, "g/1"), "a")
		if got := old.Stats(); got.Deferred < 200 || got.Deferred > 400 || got.Dead != 0 {
			t.Errorf("%+v", got)
		}
		// A newer version knows it, and how late it is.
		newer := scheduler.JobKind{Name: "new", Late: scheduler.IfUseful, Limit: time.Hour,
			Prepare: func(_ context.Context, j store.Job, late bool) (scheduler.Delivery, error) {
				if !late || !j.Due.Equal(begin) {
					t.Errorf("late: %v, due %s", late, j.Due)
				}
				return scheduler.Delivery{Out: message(j)}, nil
			}}
		start(t, build(t, scheduler.Config{Store: st, Platforms: platforms, Kinds: []scheduler.JobKind{newer}}))
		wait(time.Hour)
		same(t, "said", platform.said(""), "hello")
	})
}

// TestAJobThatTakesTheProcessDown every time is given up in the end.
func TestAJobThatTakesTheProcessDown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st := open(t, time.Now)
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
		leasedInVain(t, st, 24)
		platform := &stage{name: "stage"}
		tried := 0
		for range 5 {
			process := dyingStore{st, &killer{at: "prepare", left: 1}}
			deadly := scheduler.JobKind{Name: "note", Prepare: func(context.Context, store.Job, bool) (scheduler.Delivery, error) {
				tried++
				return scheduler.Delivery{}, process.killer.step("prepare")
			}}
			stop := start(t, build(t, scheduler.Config{Store: process, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{deadly}}))
			wait(time.Second)
			stop()
			wait(2 * time.Minute) // until the lease is over
		}
		if tried != 3 {
			t.Errorf("tried %d times more", tried)
		}
		if found := letters(t, st, "g/1", ""); len(found) != 1 || found[0].Reason != scheduler.ReasonNotPrepared {
			t.Errorf("dead letters: %+v", found)
		}
	})
}

// dyingStore is a store as a process that dies sees it: afterwards it does nothing.
type dyingStore struct {
	store.Store
	killer *killer
}

func (d dyingStore) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	if d.killer.killed() {
		return nil, errKilled
	}
	return d.Store.Lease(ctx, limit, hold)
}

func (d dyingStore) Commit(ctx context.Context, c store.Change) error {
	if d.killer.killed() {
		return errKilled
	}
	return d.Store.Commit(ctx, c)
}

// leasedInVain is what is left of processes that took all that is due so often, and
// noted nothing.
func leasedInVain(t *testing.T, st store.Store, times int) {
	t.Helper()
	for range times {
		if jobs, err := st.Lease(t.Context(), 10, time.Second); err != nil || len(jobs) != 1 {
			t.Fatal(jobs, err)
		}
		wait(time.Second)
	}
}

// Found by the simulator: for half an hour the store hands out what is due, and fails
// at most of what follows, so that nothing can be noted. What was promised is said when
// it is well again.
func TestAStoreThatOnlyHandsOutLosesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
		leasedInVain(t, st, 24) // by a process that is gone by now
		handing := &onlyHanding{Store: st, left: 40}
		start(t, build(t, scheduler.Config{Store: handing, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		wait(2 * time.Hour)
		same(t, "said", platform.said(""), "one")
		same(t, "pending", pending(t, st, "g/1"))
		if found := letters(t, st, "g/1", ""); len(found) != 0 {
			t.Errorf("dead letters: %+v", found)
		}
	})
}

// onlyHanding is a store that has jobs leased, but reads nothing while it has
// failures left.
type onlyHanding struct {
	store.Store
	left int
}

func (o *onlyHanding) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if o.left > 0 {
		o.left--
		return nil, errBroken
	}
	return o.Store.Get(ctx, keys...)
}
