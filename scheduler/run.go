package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"village/internal/store"
)

const (
	// leaseShare is the part of a lease, in quarters, in which a job is still
	// taken up: the rest is for the call that is then on its way.
	leaseShare = 3
	// preparers is how many jobs are prepared at a time: their reads share round
	// trips to the store.
	preparers = 64
	// idleWait is how long a goroutine that has nothing to deliver is kept.
	idleWait = 100 * time.Millisecond
	// fullWait is how often to make room while there is none, and how quickly
	// it has to be used up to be made larger.
	fullWait = 250 * time.Millisecond
	// keptShare is the part of a platform's calls that is kept for urgent messages:
	// one in so many.
	keptShare = 5
	// urgentEvery is how often to look for urgent jobs while there is no room for
	// others, urgentLeast the least time between two such looks when somebody says
	// that there is something new.
	urgentEvery = 100 * time.Millisecond
	urgentLeast = 10 * time.Millisecond
	// readyWait is how often to ask whether the clock can be trusted.
	readyWait = 100 * time.Millisecond
	// leaseRetry doubles up to leaseRetryMost while the store is away.
	leaseRetry     = 100 * time.Millisecond
	leaseRetryMost = 2 * time.Second
	// sweepEvery is how often expired documents are removed, sweepPage how many
	// at a time.
	sweepEvery = 10 * time.Minute
	sweepPage  = 1000
	// parting is how much longer Run waits for calls that do not end with their
	// context.
	parting = 2 * time.Second
	// tickRounds bounds a Tick: jobs that are due as soon as they are put
	// would keep it going for ever.
	tickRounds = 1000
)

// Run delivers what is due until ctx ends. Then it leases nothing more,
// finishes what is leased within Grace, and returns nil. A store that is away
// is waited for. The error is about calls that did not come back in the end;
// their jobs are taken up by whoever runs next.
func (s *Scheduler) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		for again := true; again; again = pause(ctx, sweepEvery) {
			for s.cfg.Ready() != nil && pause(ctx, readyWait) {
				continue
			}
			s.sweep(ctx)
		}
	}()
	s.leases = make(chan *parcel, mostLeft)
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		s.giveBack(ctx)
	}()
	s.loop(ctx, work)
	<-swept
	<-returned
	if s.drained(s.cfg.Grace) {
		return nil
	}
	stop()
	if s.drained(parting) {
		return nil
	}
	return errors.New("some messages were still on their way at the end, they will be sent again at the next start")
}

// drained waits until no job is on its way any more, but not longer than d.
func (s *Scheduler) drained(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	for !s.lanes.empty() {
		select {
		case <-s.lanes.freed:
		case <-t.C:
			return false
		}
	}
	return true
}

// loop leases until ctx ends; what is leased lives on with work.
func (s *Scheduler) loop(ctx, work context.Context) {
	failures, misses := 0, 0
	var looked time.Time
	for woken := false; ctx.Err() == nil; {
		if s.cfg.Ready() != nil {
			pause(ctx, readyWait)
			continue
		}
		free := s.lanes.free()
		if free == 0 {
			if ago := time.Since(looked); ago >= urgentEvery || woken && ago >= urgentLeast {
				looked, woken = time.Now(), false
				s.urgentRound(work)
			}
			woken = s.makeRoom(ctx, work, woken) || woken
			continue
		}
		n, err := s.round(work, free)
		switch {
		case err != nil:
			s.cfg.Log.Error("the store cannot say what is due", "error", err)
			pause(ctx, min(leaseRetry<<min(failures, 10), leaseRetryMost))
			failures++
		case n == 0:
			failures = 0
			misses = s.sleep(ctx, misses)
		default:
			failures, misses = 0, 0
		}
	}
}

// round leases what is due, so many jobs at most, and sends it on its way in
// the order in which it was due.
func (s *Scheduler) round(work context.Context, most int) (int, error) {
	begun := time.Now()
	jobs, err := s.lease(work, s.cfg.Store.Lease, most)
	if err != nil {
		return 0, err
	}
	if len(jobs) == most {
		s.lanes.full(begun)
	}
	s.dispatch(work, jobs, begun)
	return len(jobs), nil
}

// urgentRound leases what is urgent although there is no room for anything else.
func (s *Scheduler) urgentRound(work context.Context) {
	most := s.lanes.extra()
	if most == 0 {
		return
	}
	begun := time.Now()
	jobs, err := s.lease(work, s.cfg.Store.LeaseUrgent, most)
	if err != nil {
		s.cfg.Log.Error("the store cannot say what is urgent", "error", err)
		return
	}
	s.dispatch(work, jobs, begun)
}

// dispatch sends jobs on their way that were leased at a time.
func (s *Scheduler) dispatch(work context.Context, jobs []store.Job, begun time.Time) {
	until := begun.Add(s.cfg.Hold * leaseShare / 4)
	slices.SortStableFunc(jobs, func(a, b store.Job) int { return cmp.Compare(rank(a), rank(b)) })
	s.lanes.take(len(jobs))
	for _, j := range jobs {
		s.cfg.Watch.Leased(j)
	}
	ready := make([]*parcel, len(jobs))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(preparers, len(jobs)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(jobs)); i = next.Add(1) - 1 {
				if ready[i] = s.begin(work, jobs[i], until); ready[i] == nil {
					s.done(jobs[i])
				}
			}
		})
	}
	all.Wait()
	for _, p := range ready {
		if p != nil && s.lanes.join(p) {
			s.setOff(work, p)
		}
	}
}

// done says that a job is not in hand any more.
func (s *Scheduler) done(j store.Job) {
	s.cfg.Watch.Done(j)
	s.lanes.done(1)
}

// rank is 0 for what somebody waits for.
func rank(j store.Job) int {
	if j.Urgent {
		return 0
	}
	return 1
}

// setOff has a lane seen to: by a goroutine that has just seen to another one,
// whose stack has grown already, or by a new one.
func (s *Scheduler) setOff(work context.Context, p *parcel) {
	select {
	case s.idle <- p:
	default:
		go s.drive(work, p)
	}
}

// drive delivers what is in a lane, one after the other, and then what is in
// the next lane that comes within a moment.
func (s *Scheduler) drive(work context.Context, p *parcel) {
	moment := time.NewTimer(idleWait)
	defer moment.Stop()
	for {
		for p != nil {
			lane, job := p.lane, p.job
			s.deliver(work, p)
			p = s.lanes.leave(lane)
			s.done(job)
		}
		moment.Reset(idleWait)
		select {
		case p = <-s.idle:
		case <-moment.C:
			return
		case <-work.Done():
			return
		}
	}
}

// lease gives due jobs in the order of their due times, then partitions, then
// IDs.
func (s *Scheduler) lease(ctx context.Context, give func(context.Context, int, time.Duration) ([]store.Job, error), limit int) ([]store.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, commitLimit)
	defer cancel()
	jobs, err := give(ctx, limit, s.cfg.Hold)
	slices.SortFunc(jobs, func(a, b store.Job) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.ID, b.ID))
	})
	return jobs, err
}

// makeRoom waits until something has been seen to, or says that it was woken. Where
// nothing is, because some addresses are slow, those who wait for them come back
// later. Whoever was woken already waits but a moment.
func (s *Scheduler) makeRoom(ctx, work context.Context, woken bool) bool {
	wait := urgentEvery
	if woken {
		wait = urgentLeast
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake:
		return true
	case <-s.lanes.freed:
		s.freed = time.Now()
	case <-t.C:
		if time.Since(s.freed) < fullWait {
			return false
		}
		s.freed = time.Now()
		at := s.cfg.Now().Add(leastWait)
		for i, p := range s.lanes.shed(time.Now()) {
			s.later(work, p, at.Add(time.Duration(i)*time.Millisecond), false)
			s.done(p.job)
		}
	}
	return false
}

// sleep waits until the next job is due, a commit wakes it, or it is time to
// look what other processes have put. As it waits by the machine's running
// time, a jump of the clock costs no more than one look.
//
// misses counts how often something was due by then and yet was not given,
// because another process was before us or the clocks differ: that is asked
// again soon, but not without end. The new count is returned.
func (s *Scheduler) sleep(ctx context.Context, misses int) int {
	wait := s.cfg.Poll
	next, some, err := s.nextDue(ctx)
	if err == nil && some {
		left := next.Sub(s.cfg.Now())
		if left > 0 {
			misses = 0
		} else {
			left = time.Millisecond << min(misses, 8)
			misses++
		}
		wait = min(wait, left)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-t.C:
	}
	return misses
}

func (s *Scheduler) nextDue(ctx context.Context) (time.Time, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, commitLimit)
	defer cancel()
	return s.cfg.Store.NextDue(ctx)
}

// sweep removes what has expired.
func (s *Scheduler) sweep(ctx context.Context) {
	s.swept.Store(s.cfg.Now().Unix())
	for ctx.Err() == nil && s.cfg.Ready() == nil {
		n, err := s.cfg.Store.Sweep(ctx, sweepPage)
		if err != nil {
			s.cfg.Log.Warn("what has expired could not be removed", "error", err)
			return
		}
		if n < sweepPage {
			return
		}
	}
}

// Tick delivers everything that is due at the clock's now, one job after the
// other: by due time, then partition, then ID. What that makes due follows. It
// returns how many jobs were handed out. The error is the store's, the
// context's, or about jobs that put themselves again without end.
//
// It is for clocks that move only when told: with the same store and clock it
// does the same in the same order.
func (s *Scheduler) Tick(ctx context.Context) (int, error) {
	handled := 0
	for range tickRounds {
		jobs, err := s.lease(ctx, s.cfg.Store.Lease, store.MaxPage)
		if err != nil {
			return handled, err
		}
		if len(jobs) == 0 {
			if s.cfg.Now().Sub(time.Unix(s.swept.Load(), 0)) >= sweepEvery {
				s.sweep(ctx)
			}
			return handled, ctx.Err()
		}
		for _, job := range jobs {
			if err := ctx.Err(); err != nil {
				return handled, err
			}
			until := time.Now().Add(s.cfg.Hold * leaseShare / 4)
			s.cfg.Watch.Leased(job)
			if p := s.begin(ctx, job, until); p != nil {
				s.deliver(ctx, p)
			}
			s.cfg.Watch.Done(job)
			handled++
		}
	}
	return handled, fmt.Errorf("after %d rounds there is still something due at once", tickRounds)
}
