package scheduler_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

func TestACardIsEdited(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage", gone: map[string]bool{}}
		kind := scheduler.JobKind{Name: "card", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			return scheduler.Delivery{Out: message(j), Card: "need-k7"}, nil
		}}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind}})
		tick := func(body string) {
			t.Helper()
			put(t, st, job("g/1", "a", "card", time.Now(), body))
			if _, err := s.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			wait(time.Hour)
		}
		tick("stage/x open")
		tick("stage/x taken")
		platform.gone["m1"] = true
		tick("stage/x open again")
		tick("stage/x taken again")
		tick("stage/y moved")
		var got []string
		for _, p := range platform.all() {
			got = append(got, p.to+" "+p.edits+" "+p.text)
		}
		same(t, "posts", got, "stage/x  open", "stage/x m1 taken", "stage/x  open again", "stage/x m3 taken again", "stage/y  moved")
		if st := s.Stats(); st.Sent != 3 || st.Edited != 2 {
			t.Errorf("%+v", st)
		}
		if cards := docs(t, st, scheduler.KindCard); len(cards) != 1 || cards[0].ID != "need-k7" || !strings.Contains(string(cards[0].Body), "stage/y") {
			t.Errorf("%+v", cards)
		}
	})
}

// TestACardThatIsGone: what was owed for that is put when it was posted anew,
// and not before; a card that is only to be edited is not posted at all.
func TestACardThatIsGone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage", gone: map[string]bool{}}
		kinds := []scheduler.JobKind{
			{Name: "card", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: message(j), Card: "need-k7", EditOnly: strings.HasSuffix(string(j.Body), "over"),
					Reposted: []store.Job{job("g/1", "news", "news", time.Now(), "stage/mod it was gone")}}, nil
			}},
			{Name: "news", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: message(j)}, nil
			}},
		}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: kinds})
		for _, step := range []struct{ body, gone string }{
			{"stage/x over", ""}, {"stage/x open", ""}, {"stage/x taken", ""}, {"stage/x open again", "m1"}, {"stage/x over", ""}, {"stage/x really over", "m3"},
		} {
			platform.gone[step.gone] = true
			put(t, st, job("g/1", "a", "card", time.Now(), step.body))
			for range 2 {
				if _, err := s.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			wait(time.Hour)
		}
		var got []string
		for _, p := range platform.all() {
			got = append(got, p.to+" "+p.edits+" "+p.text)
		}
		same(t, "posts", got, "stage/x  open", "stage/x m1 taken", "stage/x  open again", "stage/mod  it was gone", "stage/x m3 over")
	})
}

// TestSomethingChangesWhileItIsSent: what is committed with the message turns
// stale, and nobody gets the message twice.
func TestSomethingChangesWhileItIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		key := store.Key{Partition: "g/1", Kind: "need", ID: "k7"}
		commit(t, st, store.Change{Partition: "g/1", Puts: []store.Doc{{Key: key, Body: []byte("one")}}})
		prepare := func(card string) func(context.Context, store.Job, bool) (scheduler.Delivery, error) {
			return func(ctx context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				got, err := st.Get(ctx, key)
				if err != nil {
					return scheduler.Delivery{}, err
				}
				out := message(j)
				out.Message.Text += " " + string(got[0].Body)
				changed := got[0]
				changed.Body = append(changed.Body, '!')
				return scheduler.Delivery{Out: out, Card: card, Then: store.Change{Puts: []store.Doc{changed}}}, nil
			}
		}
		kinds := []scheduler.JobKind{{Name: "plain", Prepare: prepare("")}, {Name: "card", Prepare: prepare("c")}}
		meddle := true
		platform.fault = func(ctx context.Context, _ bot.Outgoing) error {
			if !meddle {
				return nil
			}
			meddle = false
			got, err := st.Get(ctx, key)
			if err != nil {
				return err
			}
			got[0].Body = []byte("two")
			return st.Commit(ctx, store.Change{Partition: "g/1", Puts: got})
		}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: kinds})
		put(t, st, job("g/1", "a", "plain", time.Now(), "stage/plain it is"))
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "a message", platform.said("stage/plain"), "it is one")
		if got := docs(t, st, "need"); string(got[0].Body) != "two!" {
			t.Errorf("committed on %q", got[0].Body)
		}
		meddle = true
		put(t, st, job("g/1", "b", "card", time.Now(), "stage/card it is"))
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "a card", platform.said("stage/card"), "it is two!", "it is two")
		same(t, "pending", pending(t, st, "g/1"))
	})
}

// TestAMessageThatIsOutIsNotSentAgain: the commit keeps being stale for a
// while, longer than one lease tries.
func TestAMessageThatIsOutIsNotSentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		missing := store.Check{Key: store.Key{Partition: "g/1", Kind: "need", ID: "k7"}, Rev: 1}
		kind := scheduler.JobKind{Name: "stale", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			return scheduler.Delivery{Out: message(j), Card: j.ID, Then: store.Change{Checks: []store.Check{missing}}}, nil
		}}
		plain := scheduler.JobKind{Name: "plain", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			return scheduler.Delivery{Out: message(j), Then: store.Change{Checks: []store.Check{missing}}}, nil
		}}
		put(t, st, job("g/1", "a", "stale", time.Now(), "stage/x card"), job("g/1", "b", "plain", time.Now(), "stage/y plain"))
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind, plain}}))
		wait(3 * time.Second)
		commit(t, st, store.Change{Partition: "g/1", Puts: []store.Doc{{Key: missing.Key}}})
		wait(time.Minute)
		same(t, "pending", pending(t, st, "g/1"))
		same(t, "plain", platform.said("stage/y"), "plain")
		for i, p := range platform.all() {
			if p.to == "stage/x" && i > 1 && p.edits == "" {
				t.Error("the card was posted twice")
			}
		}
		if left := docs(t, st, "try"); len(left) != 0 {
			t.Errorf("%d notes of tries are left behind", len(left))
		}
	})
}

// When a message is out, the store has nearly all of the lease to come back before
// somebody else takes the job up and sends the message again, also when it does not
// even say no.
func TestAMessageIsOutAndTheStoreIsAway(t *testing.T) {
	for name, answers := range map[string]func(context.Context) error{
		"refuses": func(context.Context) error { return errBroken },
		"hangs":   func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				st, platform := open(t, time.Now), &stage{name: "stage"}
				away := &awayStore{Store: st, answers: answers}
				platform.fault = func(context.Context, bot.Outgoing) error {
					away.on.Store(true)
					return nil
				}
				cfg := scheduler.Config{Store: away, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}
				put(t, st, job("g/1", "a", "note", time.Now(), "stage/x once"))
				start(t, build(t, cfg))
				wait(40 * time.Second)
				away.on.Store(false)
				cfg.Store = st
				start(t, build(t, cfg))
				wait(5 * time.Minute)
				same(t, "said", platform.said(""), "once")
				same(t, "pending", pending(t, st, "g/1"))
			})
		})
	}
}

// awayStore takes no change while it is on.
type awayStore struct {
	store.Store
	on      atomic.Bool
	answers func(ctx context.Context) error
}

func (s *awayStore) Commit(ctx context.Context, c store.Change) error {
	if s.on.Load() {
		return s.answers(ctx)
	}
	return s.Store.Commit(ctx, c)
}

func TestAJobCancelledWhileItIsSentIsLeft(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		kind := scheduler.JobKind{Name: "card", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			next := j
			next.Due = j.Due.Add(time.Hour)
			return scheduler.Delivery{Out: message(j), Card: "c", Then: store.Change{Jobs: []store.Job{next}}}, nil
		}}
		platform.fault = func(ctx context.Context, _ bot.Outgoing) error {
			return st.Commit(ctx, store.Change{Partition: "g/1", Cancels: []string{"a"}})
		}
		put(t, st, job("g/1", "a", "card", time.Now(), "stage/x hello"))
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind}}))
		wait(3 * time.Hour)
		same(t, "said", platform.said(""), "hello")
		same(t, "pending", pending(t, st, "g/1"))
		if cards := docs(t, st, scheduler.KindCard); len(cards) != 1 {
			t.Errorf("%d cards are known", len(cards))
		}
	})
}
