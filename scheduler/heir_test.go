package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

// knowing is a platform that shows what has the same nonce once, and can do what it was
// asked and say that it did not.
type knowing struct {
	*stage
	there map[string]bot.Posted
	shows map[string]string // what each message says
	lost  func() error      // the answer to a post
}

func newKnowing() *knowing {
	return &knowing{stage: &stage{name: "stage"}, there: map[string]bot.Posted{}, shows: map[string]string{}}
}

func (k *knowing) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	p, known := k.there[o.Nonce]
	if !known {
		var err error
		if p, err = k.stage.Send(ctx, o); err != nil {
			return p, err
		}
		k.there[o.Nonce], k.shows[p.Message] = p, o.Message.Text
	}
	if k.lost != nil {
		return bot.Posted{}, k.lost()
	}
	return p, nil
}

func (k *knowing) Edit(ctx context.Context, p bot.Posted, m bot.Message) error {
	if err := k.stage.Edit(ctx, p, m); err != nil {
		return err
	}
	k.shows[p.Message] = m.Text
	return nil
}

// A card was posted, the answer was lost, and what it shows changed before it was tried
// again: another job stands in place of the first. The card stands once, and says what is
// so.
func TestACardIsLookedForWhenItsJobIsReplaced(t *testing.T) {
	for _, how := range []string{"the answer is lost", "the process is killed"} {
		t.Run(how, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				st, platform := open(t, time.Now), newKnowing()
				kind := scheduler.JobKind{Name: "card", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
					return scheduler.Delivery{Out: message(j), Card: "need-k7"}, nil
				}}
				cfg := scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind}}
				ctx, kill := context.WithCancel(t.Context())
				platform.lost = func() error {
					if how == "the process is killed" {
						kill() // nothing can be noted any more
					}
					return errors.New("lost")
				}
				put(t, st, job("g/1", "a", "card", time.Now(), "stage/x open"))
				if _, err := build(t, cfg).Tick(ctx); err != nil && ctx.Err() == nil {
					t.Fatal(err)
				}
				put(t, st, job("g/1", "a", "card", time.Now(), "stage/x taken"))
				platform.lost = nil
				s := build(t, cfg)
				for range 20 {
					if _, err := s.Tick(t.Context()); err != nil {
						t.Fatal(err)
					}
					wait(time.Second)
				}
				if len(platform.shows) != 1 || platform.shows["m1"] != "taken" {
					t.Errorf("%v", platform.shows)
				}
				if left := pending(t, st, "g/1"); len(left) > 0 {
					t.Errorf("still owed: %v", left)
				}
			})
		})
	}
}

// The same words to the same person are said once, whichever job says them; other words
// are said all the same, and the same words again another day.
func TestAJobSaysWhatTheOneBeforeMayHaveSaid(t *testing.T) {
	for _, step := range []struct {
		what, words string
		after       time.Duration
		want        []string
	}{
		{"the same at once", "stage/x nobody yet", 0, []string{"nobody yet"}},
		{"other words", "stage/x somebody", 0, []string{"nobody yet", "somebody"}},
		{"another day", "stage/x nobody yet", 24 * time.Hour, []string{"nobody yet", "nobody yet"}},
	} {
		t.Run(step.what, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				st, platform := open(t, time.Now), newKnowing()
				s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
				tick := func() {
					if _, err := s.Tick(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				platform.lost = func() error { return errors.New("lost") }
				put(t, st, job("g/1", "a", "note", time.Now(), "stage/x nobody yet"))
				tick()
				wait(100*time.Millisecond + step.after)
				put(t, st, job("g/1", "a", "note", time.Now(), step.words))
				platform.lost = nil
				for range 3 { // the address is held up for a moment
					tick()
					wait(time.Second)
				}
				same(t, step.what, platform.said(""), step.want...)
				if left := pending(t, st, "g/1"); len(left) > 0 {
					t.Errorf("still owed: %v", left)
				}
			})
		})
	}
}
