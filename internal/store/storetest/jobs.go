package storetest

import (
	"fmt"
	"strings"
	"time"

	"village/internal/store"
)

func jobLife(b *bench) {
	j := b.job("a", time.Hour)
	b.putJobs(j)
	b.leaseNone()
	b.clock.move(time.Hour - time.Millisecond)
	b.leaseNone()
	b.clock.move(time.Millisecond)
	leased := b.leaseOne()
	if leased.Token == "" {
		b.Error("a lease without a token")
	}
	want := j
	want.Attempt, want.Token = 1, leased.Token
	b.equal("as it was put", leased, want)
	b.leaseNone()
	b.commit(store.Change{Settles: done(leased)})
	b.clock.move(24 * time.Hour)
	b.leaseNone()
	b.equal("nothing pending", b.pending(), []store.Job(nil))
}

func dueOrder(b *bench) {
	for _, minutes := range []int{50, 20, 40, 10, 30, 60} {
		b.putJobs(b.job(fmt.Sprintf("m%d", minutes), time.Duration(minutes)*time.Minute))
	}
	b.clock.move(50 * time.Minute)
	b.equal("the oldest", jobIDs(b.lease(2)), "m10 m20")
	b.equal("the next", jobIDs(b.lease(10)), "m30 m40 m50")
	b.leaseNone()
}

func jobIDs(jobs []store.Job) string {
	var names []string
	for _, j := range jobs {
		names = append(names, j.ID)
	}
	return strings.Join(names, " ")
}

// dueSpread: with one process at work a lease is never smaller than it could be.
func dueSpread(b *bench) {
	const n = 200
	for i := range n {
		p := fmt.Sprintf("p/%d", i)
		b.commit(store.Change{Partition: p, Jobs: []store.Job{{Partition: p, ID: "j", Kind: "k", Due: b.clock.now().Add(-time.Duration(i) * time.Second)}}})
	}
	seen := map[string]bool{}
	for _, limit := range []int{1, 7, 50, 100, 1000} {
		want := min(limit, n-len(seen))
		jobs := b.lease(limit)
		if len(jobs) != want {
			b.Errorf("leased %d jobs of %d, want %d", len(jobs), limit, want)
		}
		for i, j := range jobs {
			if seen[j.Partition] {
				b.Errorf("%s was leased twice", j.Partition)
			}
			seen[j.Partition] = true
			if i > 0 && j.Due.Before(jobs[i-1].Due) {
				b.Errorf("a page is not in due order")
			}
		}
	}
	b.equal("all were leased", len(seen), n)
}

// urgent is a job that somebody waits for.
func (b *bench) urgent(id string, in time.Duration) store.Job {
	j := b.job(id, in)
	j.Urgent = true
	return j
}

// urgentFirst: whoever waits comes before what has been due for long.
func urgentFirst(b *bench) {
	b.putJobs(b.job("old", -time.Hour), b.job("older", -2*time.Hour), b.urgent("now", 0), b.urgent("before", -time.Minute), b.urgent("soon", time.Minute))
	next, ok, err := b.s.NextDue(b.ctx)
	if err != nil || !ok || !next.Equal(b.clock.now().Add(-2*time.Hour)) {
		b.Errorf("next due: %v %v %v", next, ok, err)
	}
	jobs := b.lease(3)
	b.equal("the urgent, then the oldest", jobIDs(jobs), "before now older")
	b.equal("their rank", []bool{jobs[0].Urgent, jobs[2].Urgent}, []bool{true, false})
	b.equal("the rest", jobIDs(b.lease(10)), "old")
	next, _, err = b.s.NextDue(b.ctx)
	b.equal("the next urgent one", []any{next, err}, []any{b.clock.now().Add(hold), nil})

	b.clock.move(hold)
	b.putJobs(b.job("late", 0))
	alone := func(limit int) []store.Job {
		b.Helper()
		jobs, err := b.s.LeaseUrgent(b.ctx, limit, hold)
		if err != nil {
			b.Fatalf("lease urgent: %v", err)
		}
		return jobs
	}
	b.equal("urgent ones alone", jobIDs(alone(2)), "before now")
	b.equal("all of them", jobIDs(alone(10)), "soon")
	b.equal("and no other", jobIDs(alone(10)), "")
	b.equal("which come after", jobIDs(b.lease(10)), "older old late")
}

// urgentSpread: the one who waits is found wherever the crowd is.
func urgentSpread(b *bench) {
	put := func(p string, urgent bool, n int) {
		c := store.Change{Partition: p}
		for i := range n {
			c.Jobs = append(c.Jobs, store.Job{Partition: p, ID: fmt.Sprint(i), Kind: "k", Due: b.clock.now().Add(-time.Hour), Urgent: urgent})
		}
		b.commit(c)
	}
	put("g/crowd", false, 300)
	for i := range 20 {
		put(fmt.Sprintf("p/%d", i), true, 1)
		put(fmt.Sprintf("q/%d", i), false, 10)
	}
	for _, limit := range []int{7, 13} {
		jobs := b.lease(limit)
		b.equal("as many as asked for", len(jobs), limit)
		for _, j := range jobs {
			b.equal("all urgent", j.Urgent, true)
		}
	}
	b.equal("then the crowd", len(b.lease(600)), 500)
}

// urgentStays: through leases, retries and another process's eyes; put anew, it is
// what it was put as.
func urgentStays(b *bench) {
	j := b.urgent("a", 0)
	b.putJobs(j)
	for range 3 {
		leased := b.leaseOne()
		b.equal("leased", leased.Urgent, true)
		b.equal("pending while leased", b.pending()[0].Urgent, true)
		b.commit(store.Change{Settles: []store.Settlement{{Job: store.Job{Partition: leased.Partition, ID: leased.ID, Token: leased.Token}, RetryAt: b.clock.now().Add(time.Minute)}}})
		b.equal("due again", b.pending()[0].Due, b.clock.now().Add(time.Minute))
		b.leaseNone()
		b.clock.move(time.Minute)
	}
	b.leaseOne()
	b.clock.move(hold)
	taken := b.leaseOne()
	b.equal("taken over", []any{taken.Urgent, taken.Attempt}, []any{true, 5})
	b.putJobs(b.job("a", 0))
	b.equal("put as another", b.leaseOne().Urgent, false)
	b.putJobs(b.urgent("a", 0))
	b.equal("and again", b.leaseOne().Urgent, true)
	b.commit(store.Change{Cancels: []string{"a"}})
	b.clock.move(hold)
	b.leaseNone()
}

func jobReplaced(b *bench) {
	b.putJobs(b.job("a", time.Minute))
	later := store.Job{Partition: group, ID: "a", Kind: "reminder", Due: b.clock.now().Add(time.Hour), Body: []byte("new")}
	b.putJobs(later)
	b.clock.move(time.Minute)
	b.leaseNone()
	b.equal("one is pending", b.pending(), []store.Job{later})
	b.putJobs(b.job("a", -time.Second))
	b.equal("moved earlier", b.leaseOne().Kind, "notice")
}

func jobReplacedLeased(b *bench) {
	b.putJobs(b.job("a", 0))
	old := b.leaseOne()
	replacement := b.job("a", time.Hour)
	replacement.Body = []byte("replacement")
	b.putJobs(replacement)
	b.equal("replaced", b.pending(), []store.Job{replacement})

	b.commit(store.Change{Settles: done(old), Puts: []store.Doc{doc("a", 0, "delivered")}})
	b.equal("written with the settlement", b.get("a").Rev, int64(1))
	b.equal("the replacement stays", b.pending(), []store.Job{replacement})
	b.commit(store.Change{Settles: []store.Settlement{{Job: old, RetryAt: b.clock.now().Add(time.Minute)}}})
	b.equal("also when a retry is asked for", b.pending(), []store.Job{replacement})

	b.clock.move(time.Hour)
	fresh := b.leaseOne()
	b.equal("attempts begin anew", fresh.Attempt, 1)
	b.equal("in place of another", []bool{old.Replaced, fresh.Replaced}, []bool{false, true})
	b.equal("another token", fresh.Token != old.Token, true)
	b.commit(store.Change{Settles: done(old)})
	b.equal("still leased by the other", len(b.pending()), 1)
	b.commit(store.Change{Settles: done(fresh)})
	b.equal("done", len(b.pending()), 0)
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(old)})

	b.putJobs(b.job("b", 0))
	first := b.leaseOne()
	b.putJobs(b.job("b", 0))
	second := b.leaseOne()
	b.putJobs(b.job("b", 0))
	b.putJobs(b.job("b", 0))
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(first)})
	b.commit(store.Change{Settles: done(second)})
	b.equal("replaced twice", b.leaseOne().ID, "b")

	b.putJobs(b.job("c", 0))
	b.commit(store.Change{Settles: []store.Settlement{{Job: b.leaseOne(), RetryAt: b.clock.now().Add(time.Minute)}}})
	b.putJobs(b.job("c", 0))
	again := b.leaseOne()
	b.equal("in place of one that did not work out", again.Replaced, true)
	b.commit(store.Change{Settles: done(again)})
	b.putJobs(b.job("c", 0))
	b.equal("in place of none", b.leaseOne().Replaced, false)
}

func jobCancelledLeased(b *bench) {
	b.putJobs(b.job("a", 0), b.job("b", time.Hour))
	leased := b.leaseOne()
	b.commit(store.Change{Cancels: []string{"a", "b"}})
	b.equal("gone", len(b.pending()), 0)
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(leased), Puts: []store.Doc{doc("a", 0, "")}})
	b.equal("nothing written", b.get("a").Rev, int64(0))
	b.putJobs(b.job("a", 0))
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(leased)})
	b.equal("put anew", b.leaseOne().Attempt, 1)
}

func jobCancelledAndPut(b *bench) {
	b.putJobs(b.job("a", 0))
	leased := b.leaseOne()
	b.commit(store.Change{Cancels: []string{"a"}, Jobs: []store.Job{b.job("a", time.Hour)}})
	b.equal("put last", len(b.pending()), 1)
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(leased)})

	b.putJobs(b.job("c", 0))
	leased = b.leaseOne()
	b.commit(store.Change{Settles: []store.Settlement{{Job: leased, RetryAt: b.clock.now()}}, Cancels: []string{"c"}})
	b.equal("settled, then cancelled", jobIDs(b.pending()), "a")
}

func leaseTakenOver(b *bench) {
	b.putJobs(b.job("a", 0))
	first := b.leaseOne()
	b.clock.move(hold - time.Millisecond)
	b.leaseNone()
	b.clock.move(time.Millisecond)
	second := b.leaseOne()
	b.equal("attempts", second.Attempt, 2)
	b.equal("its due time", second.Due, first.Due)
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(first)})
	b.refused(store.ErrLeaseLost, store.Change{Settles: []store.Settlement{{Job: first, RetryAt: b.clock.now()}}})
	b.commit(store.Change{Settles: done(second)})
	b.clock.move(time.Hour)
	b.leaseNone()
}

func lateSettlement(b *bench) {
	b.putJobs(b.job("a", 0))
	leased := b.leaseOne()
	b.clock.move(10 * hold)
	b.commit(store.Change{Settles: done(leased)})
	b.leaseNone()
}

func retry(b *bench) {
	b.putJobs(b.job("a", 0))
	for attempt := 1; attempt <= 4; attempt++ {
		leased := b.leaseOne()
		b.equal("attempt", leased.Attempt, attempt)
		again := b.clock.now().Add(time.Duration(attempt) * time.Minute)
		b.commit(store.Change{Settles: []store.Settlement{{Job: leased, RetryAt: again}}})
		b.equal("due again", b.pending()[0].Due, again)
		b.refused(store.ErrLeaseLost, store.Change{Settles: done(leased)})
		b.clock.move(time.Duration(attempt)*time.Minute - time.Millisecond)
		b.leaseNone()
		b.clock.move(time.Millisecond)
	}
	b.commit(store.Change{Settles: done(b.leaseOne())})
	b.equal("done", len(b.pending()), 0)
}

// settleWithNext is what a worker does: the delivery is noted, the job ends,
// its next occurrence and what follows from it begin, in one commit.
func settleWithNext(b *bench) {
	b.putJobs(b.job("daily", 0))
	leased := b.leaseOne()
	next := b.job("daily", 24*time.Hour)
	next.Attempt, next.Token = 7, "ignored"
	b.commit(store.Change{
		Puts:    []store.Doc{doc("delivered", 0, "once")},
		Settles: done(leased),
		Jobs:    []store.Job{next, b.job("follow-up", time.Hour)},
	})
	b.equal("what follows", jobIDs(b.pending()), "follow-up daily")
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(leased)})
	b.clock.move(24 * time.Hour)
	jobs := b.lease(10)
	b.equal("due a day later", jobIDs(jobs), "follow-up daily")
	b.equal("attempts begin anew", jobs[1].Attempt, 1)
}

func settleTwice(b *bench) {
	b.putJobs(b.job("a", 0), b.job("b", 0))
	jobs := b.lease(10)
	b.equal("both", len(jobs), 2)
	b.commit(store.Change{Settles: []store.Settlement{{Job: jobs[0]}, {Job: jobs[1]}}})
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(jobs[0])})
	b.refused(store.ErrLeaseLost, store.Change{Settles: done(store.Job{Partition: group, ID: "never", Token: "t"})})
}

func nextDue(b *bench) {
	expect := func(what string, in time.Duration) {
		b.Helper()
		next, ok, err := b.s.NextDue(b.ctx)
		if err != nil || !ok || !next.Equal(b.clock.now().Add(in)) {
			b.Errorf("%s: %v %v %v, want in %v", what, next, ok, err, in)
		}
	}
	none := func() {
		b.Helper()
		if next, ok, err := b.s.NextDue(b.ctx); ok || err != nil {
			b.Errorf("next due: %v %v", next, err)
		}
	}
	none()
	b.putJobs(b.job("b", 2*time.Hour), b.job("a", time.Hour))
	b.commit(store.Change{Partition: "p/maya", Jobs: []store.Job{{Partition: "p/maya", ID: "a", Kind: "k", Due: b.clock.now().Add(3 * time.Hour)}}})
	expect("the earliest", time.Hour)
	b.commit(store.Change{Cancels: []string{"a"}})
	expect("the next", 2*time.Hour)
	b.putJobs(b.job("now", -time.Second))
	expect("overdue", -time.Second)
	leased := b.leaseOne()
	expect("the lease's end", hold)
	b.commit(store.Change{Settles: done(leased), Cancels: []string{"b"}})
	expect("the other partition's", 3*time.Hour)
	b.commit(store.Change{Partition: "p/maya", Cancels: []string{"a"}})
	none()
}

func pending(b *bench) {
	b.putJobs(b.job("c", time.Hour), b.job("a", 2*time.Hour), b.job("d", time.Hour), b.job("b", 0))
	b.commit(store.Change{Partition: "g/maple2", Jobs: []store.Job{{Partition: "g/maple2", ID: "x", Kind: "k", Due: b.clock.now()}}})
	b.equal("both leased", len(b.lease(10)), 2)
	jobs := b.pending()
	b.equal("by due time, ties by id", jobIDs(jobs), "b c d a")
	b.equal("leased, without its token", jobs[0].Token, "")
	b.equal("attempts", []int{jobs[0].Attempt, jobs[1].Attempt}, []int{1, 0})
	first, err := b.s.Pending(b.ctx, group, 2)
	if err != nil || jobIDs(first) != "b c" {
		b.Errorf("the first two: %v, %v", jobIDs(first), err)
	}
	all, err := b.s.Pending(b.ctx, group, 0)
	if err != nil || jobIDs(all) != "b c d a" {
		b.Errorf("all of them: %v, %v", jobIDs(all), err)
	}
	empty, err := b.s.Pending(b.ctx, "g/nobody", 2)
	if err != nil || len(empty) != 0 {
		b.Errorf("nobody's: %v, %v", empty, err)
	}
}
