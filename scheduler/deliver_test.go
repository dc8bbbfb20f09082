package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
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

func TestRetriesKeepTheNonceAndBackOff(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), &stage{name: "stage"}
		var tries []time.Time
		var nonces []string
		platform.fault = func(_ context.Context, o bot.Outgoing) error {
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
			gap, normal := tries[i].Sub(tries[i-1]), 5*time.Second<<(i-1)
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
		wait(2 * time.Second)
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
		stop()
		if asked != 10 {
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
	})
}

// TestAJobThatTakesTheProcessDown every time is given up in the end.
func TestAJobThatTakesTheProcessDown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st := open(t, time.Now)
		put(t, st, job("g/1", "a", "note", time.Now(), "stage/x one"))
		for range 20 {
			if jobs, err := st.Lease(t.Context(), 10, time.Second); err != nil || len(jobs) != 1 {
				t.Fatal(jobs, err)
			}
			wait(time.Second)
		}
		platform := &stage{name: "stage"}
		start(t, build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}}))
		wait(time.Minute)
		same(t, "said", platform.said(""))
		if found := letters(t, st, "g/1", ""); len(found) != 1 || found[0].Reason != scheduler.ReasonNotPrepared {
			t.Errorf("dead letters: %+v", found)
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
		wait(11 * time.Second)
		same(t, "when it is back", platform.said(""), "one")
		same(t, "pending", pending(t, st, "g/1"))
	})
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
