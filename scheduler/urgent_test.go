package scheduler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"village/bot"
	"village/internal/store"
	"village/internal/store/redis"
	"village/internal/store/storetest"
	"village/scheduler"
)

// crowd is many reminders that are due at once, each to somebody else.
func crowd(t *testing.T, st store.Store, n int) {
	t.Helper()
	for from := 0; from < n; from += 500 {
		c := store.Change{Partition: fmt.Sprint("g/", from)}
		for i := from; i < min(from+500, n); i++ {
			c.Jobs = append(c.Jobs, job(c.Partition, fmt.Sprint("r", i), "note", time.Now(), fmt.Sprintf("stage/%d reminder", i)))
		}
		commit(t, st, c)
	}
}

func urgent(j store.Job) store.Job {
	j.Urgent = true
	return j
}

// slowly is a platform that takes its time over every call.
func slowly() *stage {
	return &stage{name: "stage", fault: func(ctx context.Context, _ bot.Outgoing) error {
		select {
		case <-time.After(200 * time.Millisecond):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
}

// TestPeopleBeforeRoutine: behind 2,500 reminders at 0.2 s a call, what somebody waits
// for comes within a second, however it joins them; and no call stands idle meanwhile.
func TestPeopleBeforeRoutine(t *testing.T) {
	servers := map[string]string{"bolt": "", "miniredis": "redis://" + miniredis.RunT(t).Addr()}
	if server := storetest.Redis(t); server != nil {
		servers["redis"] = server.URL
	}
	for name, url := range servers {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				st := store.Store(nil)
				if url == "" {
					st = open(t, time.Now)
				} else {
					var err error
					if st, err = redis.Open(t.Context(), url, time.Now); err != nil {
						t.Fatal(err)
					}
					defer st.Close()
				}
				platform := slowly()
				s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
				crowd(t, st, 2500)
				begin := time.Now()
				stop := start(t, s)
				asked := map[string]time.Time{}
				ask := func(to string) {
					text := "answer " + fmt.Sprint(len(asked))
					asked[text] = time.Now()
					put(t, st, urgent(job("p/maya", "u"+fmt.Sprint(len(asked)), "note", time.Now(), "stage/"+to+" "+text)))
					s.Wake()
				}
				for i := range 10 {
					wait(2 * time.Second)
					ask("helper")
					ask(fmt.Sprint(2400 + 3*i)) // somebody whose reminder waits
				}
				wait(30 * time.Second)
				stop()
				posts := platform.all()
				last := time.Time{}
				for _, p := range posts {
					if strings.HasPrefix(p.text, "reminder") {
						last = p.at
						continue
					}
					if took := p.at.Sub(asked[p.text]); took > time.Second {
						t.Errorf("%s came after %v", p.text, took)
					}
				}
				if len(posts) != 2520 {
					t.Errorf("%d of 2520 were sent", len(posts))
				}
				// 16 of 20 calls are the reminders': 80 a second.
				if took := last.Sub(begin); took > 34*time.Second {
					t.Errorf("all reminders were out after %v", took)
				}
				if got := s.Stats(); got.Deferred > 0 || got.Retried > 0 {
					t.Errorf("some went and came back: %+v", got)
				}
			})
		})
	}
}

// TestAnUrgentOnePassesThoseToTheSameAddress, but not the one that is on its way, and
// not the urgent ones before it.
func TestAnUrgentOnePassesThoseToTheSameAddress(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), slowly()
		s := build(t, scheduler.Config{Store: st, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
		start(t, s)
		begin := time.Now()
		for i := range 4 {
			put(t, st, job("p/maya", fmt.Sprint("r", i), "note", begin.Add(time.Duration(i-9)*time.Second), fmt.Sprintf("stage/maya reminder %d", i)))
		}
		s.Wake()
		wait(100 * time.Millisecond)
		put(t, st, urgent(job("p/maya", "y", "note", begin, "stage/maya yes")), urgent(job("p/maya", "z", "note", begin.Add(time.Millisecond), "stage/maya address")))
		s.Wake()
		wait(5 * time.Second)
		same(t, "maya reads", platform.said("stage/maya"), "reminder 0", "yes", "address", "reminder 1", "reminder 2", "reminder 3")
	})
}

// TestFewCalls: with one call there is none to keep, and yet who waits comes first.
func TestFewCalls(t *testing.T) {
	bubble(t, func(t *testing.T) {
		st, platform := open(t, time.Now), slowly()
		s := build(t, scheduler.Config{Store: st, Workers: 1, Platforms: map[string]bot.Platform{"stage": platform}, Kinds: []scheduler.JobKind{note("note")}})
		crowd(t, st, 10)
		start(t, s)
		synctest.Wait()
		put(t, st, urgent(job("p/maya", "u", "note", time.Now(), "stage/9 yes")))
		s.Wake()
		wait(5 * time.Second)
		// The one on its way, the reminder that stands in front of it at this address,
		// perhaps one that is let in while that is committed, then the yes.
		if said := platform.said(""); len(said) != 11 || !slices.Contains(said[2:4], "yes") {
			t.Errorf("said: %q", said)
		}
	})
}
