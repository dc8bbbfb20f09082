package scheduler_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/scheduler"
)

func TestDueJobsAreSentOnTimeAndOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
		start(t, s)
		begin := time.Now()
		put(t, st, job("g/1", "b", "note", begin.Add(90*time.Minute), "stage/x later"), job("p/2", "a", "note", begin, "stage/y now"))
		s.Wake()
		wait(time.Second)
		same(t, "after a second", platform.said(""), "now")
		wait(89*time.Minute + 58*time.Second)
		same(t, "just before", platform.said(""), "now")
		wait(24 * time.Hour)
		same(t, "a day later", platform.said(""), "now", "later")
		posts := platform.all()
		if late := posts[1].at.Sub(begin.Add(90 * time.Minute)); late < 0 || late > 5*time.Millisecond {
			t.Errorf("it was sent %v after it was due", late)
		}
		for _, p := range posts {
			if p.nonce == "" || len(p.nonce) > 25 {
				t.Errorf("the nonce %q", p.nonce)
			}
		}
		if posts[0].nonce == posts[1].nonce {
			t.Error("two messages have the same nonce")
		}
		same(t, "pending", pending(t, st, "g/1"))
	})
}

func TestRetriesKeepTheNonceAndBackOff(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		var tries []time.Time
		var nonces []string
		begin := time.Now()
		platform.fault = func(_ context.Context, o bot.Outgoing) error {
			if again := len(tries) > 0; again != o.Since.Equal(begin) {
				t.Errorf("try %d may have been sent since %v", len(tries)+1, o.Since)
			}
			tries, nonces = append(tries, time.Now()), append(nonces, o.Nonce)
			if len(tries) < 6 {
				return errBroken
			}
			return nil
		}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
		start(t, s)
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x at last"))
		s.Wake()
		wait(time.Hour)
		same(t, "said", platform.said(""), "at last")
		for i := 1; i < len(tries); i++ {
			if nonces[i] != nonces[0] {
				t.Errorf("try %d has the nonce %q, the first had %q", i+1, nonces[i], nonces[0])
			}
			gap, normal := tries[i].Sub(tries[i-1]), []time.Duration{500 * time.Millisecond, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second}[i-1]
			if gap < normal*3/4 || gap > normal*5/4 {
				t.Errorf("the wait before try %d is %v, want about %v", i+1, gap, normal)
			}
		}
		if got := s.Stats(); got.Retried != 5 || got.Sent != 1 {
			t.Errorf("%+v", got)
		}
		if left := docs(t, st, "try"); len(left) != 0 {
			t.Errorf("%d notes of tries are left behind", len(left))
		}
	})
}

// Processes were killed in the middle of it, which is no reason to let people wait when
// the platform then fails once.
func TestKillsAreNoFailures(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x at last"))
		for range 7 {
			if jobs, err := st.Lease(t.Context(), 1, time.Second); err != nil || len(jobs) != 1 {
				t.Fatal(jobs, err)
			}
			wait(time.Second)
		}
		tries, begin := 0, time.Now()
		platform.fault = func(context.Context, bot.Outgoing) error {
			if tries++; tries == 1 {
				return errBroken
			}
			return nil
		}
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		wait(time.Second)
		if same(t, "said", platform.said(""), "at last"); t.Failed() {
			t.Logf("%d tries in %v", tries, time.Since(begin))
		}
	})
}

// Somebody waits for it: it comes within five seconds of the platform being well again.
func TestUrgentOnesAreTriedAgainSoon(t *testing.T) {
	for _, away := range []time.Duration{3 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second} {
		bubble(t, func(t *testing.T) {
			st, platform := open(t, time.Now), &stage{name: "stage"}
			well := time.Now().Add(away)
			platform.fault = func(context.Context, bot.Outgoing) error {
				if time.Now().Before(well) {
					return errBroken
				}
				return nil
			}
			urgent := job("g/1", "a", "note", time.Now(), "stage/x at last")
			urgent.Urgent = true
			put(t, st, urgent)
			start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
			wait(away + 5*time.Second)
			same(t, fmt.Sprintf("after %v", away), platform.said(""), "at last")
		})
	}
}

func TestAStaleNoteOfTriesIsNotBelieved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		begin := time.Now()
		again := begin.Add(time.Hour)
		var asked, mended atomic.Int32
		kind := scheduler.JobKind{Name: "note", Prepare: func(_ context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
			want := begin
			if asked.Add(1) > 1 {
				want = again
			}
			if !j.Due.Equal(want) {
				t.Errorf("Prepare is told that it was due at %s", j.Due)
			}
			if mended.Load() == 0 {
				return scheduler.Delivery{}, errBroken
			}
			return scheduler.Delivery{Out: message(j)}, nil
		}}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{kind}})
		start(t, s)
		put(t, st, job("g/1", "a", "note", begin, "stage/x old"))
		s.Wake()
		wait(200 * time.Millisecond)
		// Replaced while it waits for its second try; the note stays behind.
		put(t, st, job("g/1", "a", "note", again, "stage/x new"))
		wait(59 * time.Minute)
		if n := asked.Load(); n != 1 {
			t.Fatalf("%d tries before the new time", n)
		}
		wait(2 * time.Minute)
		mended.Store(1)
		wait(time.Hour)
		same(t, "said", platform.said(""), "new")
		if n := asked.Load(); n < 3 {
			t.Errorf("%d tries", n)
		}
	})
}

func TestALimitedRoomWaitsAloneAndInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		begin := time.Now()
		free := begin.Add(40 * time.Second)
		calls := 0
		platform.fault = func(_ context.Context, o bot.Outgoing) error {
			if o.To.Room == "stage/limited" {
				calls++
				if time.Now().Before(free) {
					return &bot.RetryError{After: time.Until(free), Err: errBroken}
				}
			}
			return nil
		}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
		start(t, s)
		for i := range 5 {
			put(t, st, job("g/1", fmt.Sprintf("z%d", 9-i), "note", begin.Add(time.Duration(i)*time.Millisecond), fmt.Sprintf("stage/limited %d", i)))
			put(t, st, job("g/1", fmt.Sprintf("other%d", i), "note", begin.Add(time.Duration(i)*time.Second), fmt.Sprintf("stage/free %d", i)))
		}
		s.Wake()
		wait(10 * time.Second)
		same(t, "the other room", platform.said("stage/free"), "0", "1", "2", "3", "4")
		same(t, "the limited room", platform.said("stage/limited"))
		wait(time.Minute)
		same(t, "the limited room later", platform.said("stage/limited"), "0", "1", "2", "3", "4")
		if calls != 6 {
			t.Errorf("%d calls for 5 messages and one refusal", calls)
		}
		for _, p := range platform.all() {
			if p.again {
				t.Errorf("%q was refused, and is taken for sent", p.text)
			}
			if p.to == "stage/limited" && p.at.Before(free) {
				t.Errorf("sent at %s, before it was allowed", p.at)
			}
		}
		if got := s.Stats(); got.Dead != 0 || got.Retried != 0 || got.Deferred != 5 {
			t.Errorf("%+v", got)
		}
	})
}

func TestAFailureKeepsTheOrderForAWhile(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		var hiccups atomic.Int64 // several rooms are served at once
		platform.fault = func(_ context.Context, o bot.Outgoing) error {
			if o.Message.Text == "hiccup" && hiccups.Add(1) < 3 || o.Message.Text == "poison" {
				return errBroken
			}
			return nil
		}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}, GiveUp: 6 * time.Hour})
		start(t, s)
		now := time.Now()
		put(t, st,
			job("g/1", "z", "note", now, "stage/x hiccup"), job("g/1", "a", "note", now.Add(time.Millisecond), "stage/x second"),
			job("g/2", "z", "note", now, "stage/y poison"), job("g/2", "a", "note", now.Add(time.Millisecond), "stage/y second"),
		)
		s.Wake()
		wait(2 * time.Minute)
		same(t, "after a hiccup", platform.said("stage/x"), "hiccup", "second")
		same(t, "behind a message that never works", platform.said("stage/y"), "second")
		wait(7 * time.Hour)
		found := letters(t, st, "g/2", "stage/y")
		if len(found) != 1 || found[0].Reason != scheduler.ReasonNotSent || found[0].ID != "z" || !found[0].Due.Equal(now) {
			t.Errorf("dead letters: %+v", found)
		}
	})
}

// TestASlowRoomHoldsUpNobody has one room with calls that hang, with more
// messages waiting than there is space for.
func TestASlowRoomHoldsUpNobody(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, slow, quick := open(t, time.Now), &stage{name: "slow"}, &stage{name: "quick"}
		slow.fault = func(ctx context.Context, o bot.Outgoing) error {
			if o.To.Room != "slow/free" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		s := build(t, scheduler.Config{
			Store: st, Kinds: []scheduler.JobKind{note("note")},
			Platforms: map[string]bot.Platform{"slow": slow, "quick": quick},
		})
		start(t, s)
		begin := time.Now()
		var jobs []store.Job
		for i := range 600 {
			jobs = append(jobs, job("g/1", fmt.Sprintf("s%d", i), "note", begin, fmt.Sprintf("slow/x %d", i)))
		}
		jobs = append(jobs,
			job("g/1", "free", "note", begin.Add(time.Second), "slow/free hello"),
			job("g/1", "quick", "note", begin.Add(time.Second), "quick/x hello"))
		commit(t, st, store.Change{Partition: "g/1", Jobs: jobs})
		s.Wake()
		wait(8 * time.Second)
		same(t, "the same platform's other room", slow.said("slow/free"), "hello")
		same(t, "the other platform", quick.said(""), "hello")
		if n := len(pending(t, st, "g/1")); n != 100 { // the most that is listed
			t.Errorf("%d jobs left", n)
		}
	})
}

// TestAHangingPlatformHoldsUpNobody takes up every worker of a platform.
func TestAHangingPlatformHoldsUpNobody(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, slow, quick := open(t, time.Now), &stage{name: "slow"}, &stage{name: "quick"}
		slow.fault = func(ctx context.Context, _ bot.Outgoing) error {
			<-ctx.Done()
			return ctx.Err()
		}
		s := build(t, scheduler.Config{
			Store: st, Kinds: []scheduler.JobKind{note("note")}, Workers: 4,
			Platforms: map[string]bot.Platform{"slow": slow, "quick": quick},
		})
		start(t, s)
		begin := time.Now()
		var jobs []store.Job
		for i := range 600 {
			jobs = append(jobs, job("g/1", fmt.Sprintf("s%d", i), "note", begin, fmt.Sprintf("slow/%d hello", i)))
		}
		jobs = append(jobs, job("g/1", "quick", "note", begin.Add(time.Second), "quick/x hello"))
		commit(t, st, store.Change{Partition: "g/1", Jobs: jobs})
		s.Wake()
		wait(8 * time.Second)
		same(t, "the other platform", quick.said(""), "hello")
	})
}

func TestAPlatformThatIsNotConnectedIsWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x hello"))
		kinds := []scheduler.JobKind{note("note")}
		stop := start(t, build(t, scheduler.Config{Store: st, Kinds: kinds, Platforms: map[string]bot.Platform{"other": &stage{name: "other"}}}))
		wait(2 * 24 * time.Hour)
		stop()
		same(t, "pending", pending(t, st, "g/1"), "a")
		// The first failure after all that waiting is only the first.
		failed := false
		platform.fault = func(context.Context, bot.Outgoing) error {
			if !failed {
				failed = true
				return errBroken
			}
			return nil
		}
		start(t, build(t, scheduler.Config{Store: st, Kinds: kinds, Platforms: map[string]bot.Platform{"stage": platform}}))
		wait(2 * time.Minute)
		same(t, "said", platform.said(""), "hello")
	})
}

func TestLateness(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		kind := func(name string, rule scheduler.Late) scheduler.JobKind {
			return scheduler.JobKind{Name: name, Late: rule, Limit: time.Hour, Prepare: func(_ context.Context, j store.Job, late bool) (scheduler.Delivery, error) {
				next := j
				next.Due = time.Now().Add(24 * time.Hour)
				d := scheduler.Delivery{Out: message(j), Then: store.Change{Jobs: []store.Job{next}}}
				if rule == scheduler.IfUseful && late {
					d.Out = nil
					if strings.Contains(j.ID, "still") {
						d.Out = message(j)
					}
				}
				return d, nil
			}}
		}
		kinds := []scheduler.JobKind{kind("once", scheduler.Once), kind("drop", scheduler.Drop), kind("skip", scheduler.Skip), kind("useful", scheduler.IfUseful)}
		begin := time.Now()
		wait(6 * time.Hour) // an outage
		for _, hours := range []int{0, 5} {
			for _, id := range []string{"once", "drop", "skip", "useful", "useful-still"} {
				name, _, _ := strings.Cut(id, "-")
				due := begin.Add(time.Duration(hours) * time.Hour)
				put(t, st, job("g/1", fmt.Sprintf("%s-%d", id, hours), name, due, fmt.Sprintf("stage/%s %d", id, hours)))
			}
		}
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: kinds})
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		// The limit itself is not late.
		same(t, "once", platform.said("stage/once"), "0", "5")
		same(t, "drop", platform.said("stage/drop"), "5")
		same(t, "skip", platform.said("stage/skip"), "5")
		same(t, "useful", platform.said("stage/useful"), "5")
		same(t, "useful still", platform.said("stage/useful-still"), "0", "5")
		if got := s.Stats(); got.Late != 5 {
			t.Errorf("%+v", got)
		}
		if n := len(pending(t, st, "g/1")); n != 10 {
			t.Errorf("%d next occurrences, want 10", n)
		}
	})
}
