package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

var errKilled = errors.New("the process is dead")

// killer ends a process the nth time it comes to a step, of the store or of the
// platform: from then on nothing that it does has an effect.
type killer struct {
	at   string
	mu   sync.Mutex
	left int
	dead bool
}

func (k *killer) step(name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.dead && name == k.at {
		k.left--
		k.dead = k.left == 0
	}
	if k.dead {
		return errKilled
	}
	return nil
}

func (k *killer) killed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dead
}

// mortal is a platform as a process that can be killed sees it.
type mortal struct {
	*stage
	killer *killer
}

func (m mortal) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if err := m.killer.step("before send"); err != nil {
		return bot.Posted{}, err
	}
	p, err := m.stage.Send(ctx, o)
	return p, errors.Join(m.killer.step("after send"), err)
}

func (m mortal) Edit(ctx context.Context, p bot.Posted, msg bot.Message) error {
	if err := m.killer.step("before edit"); err != nil {
		return err
	}
	err := m.stage.Edit(ctx, p, msg)
	return errors.Join(m.killer.step("after edit"), err)
}

// TestCrashes kills the process at every step of its work in turn, and has
// another one take over. Everything owed arrives; what comes twice has the same
// nonce or is an edit.
func TestCrashes(t *testing.T) {
	for _, step := range []string{
		"before lease", "after lease", "before get", "after get", "before send", "after send",
		"before edit", "after edit", "before commit", "after commit", "before next",
	} {
		t.Run(step, func(t *testing.T) {
			n, killed := 0, true
			for killed && !t.Failed() {
				n++
				bubble(t, func(t *testing.T) { killed = crashAt(t, step, n) })
			}
			if n == 1 {
				t.Error("the work never comes to this step")
			}
			t.Logf("killed at %d places", n-1)
		})
	}
}

func crashAt(t *testing.T, step string, n int) (killed bool) {
	st, platform := open(t, time.Now), &stage{name: "stage"}
	begin := time.Now()
	flaky := 0
	platform.fault = func(_ context.Context, o bot.Outgoing) error {
		switch {
		case o.To.Person == "stage/closed":
			return bot.ErrUnreachable
		case o.To.Room == "stage/flaky" && flaky < 2:
			flaky++
			return errBroken
		}
		return nil
	}
	kinds := func(st store.Store) []scheduler.JobKind {
		return []scheduler.JobKind{note("note"),
			{Name: "card", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{Out: message(j), Card: "need-k7"}, nil
			}},
			{Name: "repeat", Prepare: func(ctx context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return repeat(ctx, st, j)
			}},
			{Name: "closed", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
				return scheduler.Delivery{
					Out: &bot.Outgoing{To: bot.Address{Person: "stage/closed"}, Message: bot.Message{Text: "nobody reads this"}},
					Unreachable: func(context.Context, error) (store.Change, error) {
						return store.Change{Jobs: []store.Job{job("g/1", "told", "note", j.Due, "stage/mods not reached")}}, nil
					},
				}, nil
			}},
		}
	}
	commit(t, st, store.Change{Partition: "g/1", Jobs: []store.Job{
		job("g/1", "z", "note", begin.Add(time.Second), "stage/maya first"),
		job("g/1", "a", "note", begin.Add(2*time.Second), "stage/maya second"),
		job("g/1", "open", "card", begin.Add(time.Second), "stage/village open"),
		job("g/1", "taken", "card", begin.Add(3*time.Second), "stage/village taken"),
		job("g/1", "water", "repeat", begin.Add(time.Second), ""),
		job("g/1", "closed", "closed", begin.Add(time.Second), ""),
		job("g/1", "flaky", "note", begin.Add(time.Second), "stage/flaky at last"),
	}})

	k := &killer{at: step, left: n}
	mine := &faulty{Store: st}
	mine.set(k.step)
	first := build(t, scheduler.Config{
		Store: mine, Platforms: map[string]bot.Platform{"stage": mortal{platform, k}}, Kinds: kinds(mine),
		Poll: time.Hour,
	})
	stop := start(t, first)
	wait(25 * time.Minute)
	stop()
	if killed = k.killed(); killed {
		stop = start(t, build(t, scheduler.Config{
			Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: kinds(st),
			Poll: time.Hour,
		}))
		wait(3 * time.Hour)
		stop()
	}

	nonces := map[string]string{}
	var order []string
	for _, p := range platform.all() {
		if p.edits != "" {
			if p.text != "taken" && p.text != "open" {
				t.Errorf("%s is an edit", p.text)
			}
			continue
		}
		before, twice := nonces[p.text]
		if twice && before != p.nonce {
			t.Errorf("killed %s %d: %q came twice and cannot be told apart", step, n, p.text)
		}
		if !twice {
			order = append(order, p.text)
		}
		nonces[p.text] = p.nonce
	}
	for _, text := range []string{"first", "second", "open", "water 1", "water 2", "water 3", "not reached", "at last"} {
		if nonces[text] == "" {
			t.Errorf("killed %s %d: %q never came", step, n, text)
		}
	}
	if at := platform.said("stage/village"); at[len(at)-1] != "taken" {
		t.Errorf("killed %s %d: the card says %q in the end", step, n, at)
	}
	seen := map[string]int{}
	for i, text := range order {
		seen[text] = i
	}
	if seen["first"] > seen["second"] || seen["water 1"] > seen["water 2"] || seen["water 2"] > seen["water 3"] {
		t.Errorf("killed %s %d: the order was %q", step, n, order)
	}
	same(t, fmt.Sprintf("killed %s %d: still pending", step, n), pending(t, st, "g/1"))
	if found := letters(t, st, "g/1", "stage/closed"); len(found) != 1 {
		t.Errorf("killed %s %d: %d dead letters", step, n, len(found))
	}
	if counts := docs(t, st, "count"); len(counts) != 1 || string(counts[0].Body) != "3" || counts[0].Rev != 3 {
		t.Errorf("killed %s %d: counted %+v", step, n, counts)
	}
	if left := docs(t, st, "try"); len(left) != 0 {
		t.Errorf("killed %s %d: %d notes of tries are left behind", step, n, len(left))
	}
	return killed
}

// repeat comes three times, ten minutes apart, and counts in a document.
func repeat(ctx context.Context, st store.Store, j store.Job) (scheduler.Delivery, error) {
	key := store.Key{Partition: "g/1", Kind: "count", ID: "water"}
	got, err := st.Get(ctx, key)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	count := got[0].Rev + 1
	got[0].Body = []byte(strconv.FormatInt(count, 10))
	then := store.Change{Puts: got}
	if count < 3 {
		next := j
		next.Due = j.Due.Add(10 * time.Minute)
		then.Jobs = []store.Job{next}
	}
	return scheduler.Delivery{
		Out:  &bot.Outgoing{To: bot.Address{Room: "stage/water"}, Message: bot.Message{Text: fmt.Sprintf("water %d", count)}},
		Then: then,
	}, nil
}
