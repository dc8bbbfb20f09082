package scheduler

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"time"

	"village/internal/store"
)

const (
	// commitLimit is as long as one call of the store may take.
	commitLimit = 10 * time.Second
	// commitRounds is how often a commit is tried while the store is away, when nothing
	// is lost by leaving the job to its lease. What a message that is out is to be
	// settled with is tried for as long as the lease lasts: whoever has the job next
	// would send the message again.
	commitRounds = 4
	// askLimit is as long as the store may take for one of those tries, mostPause the
	// time between two.
	askLimit  = 3 * time.Second
	mostPause = time.Second
	// What fails passes in a second most of the time, so the first waits are short;
	// then leastWait doubles with every try up to mostWait. Whoever waits for an urgent
	// one waits no longer than urgentWait when all is well again, or, once it is later
	// than urgentTime, a share of the time that it is late by.
	firstWait, secondWait = 500 * time.Millisecond, 2 * time.Second
	leastWait             = 5 * time.Second
	mostWait              = 10 * time.Minute
	urgentWait            = 4 * time.Second
	urgentTime            = 2 * time.Minute
	urgentShare           = 8
	// orderTries is how many failed tries a message may hold up the ones behind
	// it to the same address. After that it is taken to be the message's fault.
	orderTries = 5
)

// ending is the change that ends the job: what the delivery changes, and
// nothing left to remember.
func (s *Scheduler) ending(p *parcel) store.Change {
	c := p.delivery.Then
	if c.Partition == "" {
		c.Partition = p.job.Partition
	}
	c.Settles = append(slices.Clip(c.Settles), store.Settlement{Job: p.job})
	if p.rev > 0 {
		c.Deletes = append(slices.Clip(c.Deletes), store.Check{Key: p.tryKey(), Rev: p.rev})
	}
	return c
}

// ended counts, and looks after what the end has made due.
func (s *Scheduler) ended(p *parcel) {
	if p.late {
		s.became(p, OutcomeLate)
	}
	if len(p.delivery.Then.Jobs) > 0 || p.reposted {
		s.Wake()
	}
}

// failed has a job tried again after a while, or gives it up when that has
// been done often enough.
func (s *Scheduler) failed(ctx context.Context, p *parcel, reason string, err error) {
	if ctx.Err() != nil {
		s.left(p, ctx.Err())
		return
	}
	if p.tries() >= s.cfg.Tries && (reason == ReasonNotPrepared && isFault(err) || s.tooOld(p)) {
		s.bury(ctx, p, reason, err)
		return
	}
	s.cfg.Log.Warn("a job failed and will be tried again", "job", p, "step", reason, "error", err)
	fails := p.tried.Fails + 1
	wait := waitAfter(fails)
	if p.job.Urgent {
		wait = min(wait, max(urgentWait, (s.cfg.Now().Sub(p.job.Due)-urgentTime)/urgentShare))
	}
	at := s.cfg.Now().Add(spread(p, wait))
	if reason == ReasonNotSent && fails <= orderTries {
		s.lanes.hold(p.delivery.Out.To, at)
	}
	s.later(ctx, p, at, true)
}

// waitAfter is how long to wait after so many failures.
func waitAfter(fails int) time.Duration {
	switch fails {
	case 1:
		return firstWait
	case 2:
		return secondWait
	}
	return min(leastWait<<min(fails-3, 20), mostWait)
}

// faultError is a mistake in the program, which trying again does not mend.
type faultError struct{ error }

// isFault tells a mistake in the program from what may be well again later, such as
// a store that is away.
func isFault(err error) bool {
	var fault faultError
	return errors.As(err, &fault) || errors.Is(err, store.ErrInvalid)
}

func (s *Scheduler) tooOld(p *parcel) bool {
	return s.cfg.Now().Sub(p.job.Due) > s.cfg.GiveUp
}

// later gives the lease back and keeps the job for another time. Only a lease
// that counts is a try.
func (s *Scheduler) later(ctx context.Context, p *parcel, at time.Time, counts bool) {
	if err := s.putOff(ctx, p, at, counts, s.settled); err != nil {
		p.again, p.failed = at, counts
		s.left(p, err)
	}
}

// putOff is later, by one way to commit. It gives the error of a store that is away.
func (s *Scheduler) putOff(ctx context.Context, p *parcel, at time.Time, counts bool, commit func(context.Context, *parcel, store.Change) error) error {
	t := tried{Due: store.DueMilli(p.job.Due), Next: store.DueMilli(at), Seen: p.job.Attempt, Free: p.tried.Free, Fails: p.tried.Fails,
		Before: p.tried.Before, Words: p.words, Said: cmp.Or(p.said, p.stands)}
	if counts {
		t.Fails++
	} else {
		t.Free++
	}
	for range staleRounds {
		err := commit(ctx, p, store.Change{
			Partition: p.job.Partition,
			Puts:      []store.Doc{{Key: p.tryKey(), Rev: p.rev, Body: encode(t), Expires: at.Add(s.cfg.Keep)}},
			Settles:   []store.Settlement{{Job: p.job, RetryAt: at}},
		})
		switch {
		case err == nil:
			if counts {
				s.became(p, OutcomeRetried)
			} else {
				s.became(p, OutcomeDeferred)
			}
			s.Wake()
			return nil
		case errors.Is(err, store.ErrLeaseLost):
			s.keepCard(ctx, p)
			return nil
		case !errors.Is(err, store.ErrStale):
			return err
		}
		// Left behind by a job that had this ID before.
		docs, err := s.cfg.Store.Get(ctx, p.tryKey())
		if err != nil {
			return err
		}
		p.rev = docs[0].Rev
	}
	return store.ErrStale
}

// settled commits what ends a job. While the store is away that is tried again: a few
// times, and when the message is out, until the lease is about to end.
func (s *Scheduler) settled(ctx context.Context, p *parcel, c store.Change) error {
	if p.said == nil {
		return s.commit(ctx, c)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Until(p.until)+s.cfg.Hold/(4*2)) // half of what is left of the lease then
	defer cancel()
	return s.insist(ctx, c, math.MaxInt)
}

// commit tries a few times while the store is away.
func (s *Scheduler) commit(ctx context.Context, c store.Change) error {
	ctx, cancel := context.WithTimeout(ctx, commitLimit)
	defer cancel()
	return s.insist(ctx, c, commitRounds)
}

// insist commits, trying so often at the most, until ctx ends. A change that was
// applied all the same is answered with ErrLeaseLost the next time.
func (s *Scheduler) insist(ctx context.Context, c store.Change, rounds int) error {
	wait := 50 * time.Millisecond
	for round := 1; ; round++ {
		err := s.tryOnce(ctx, c)
		switch {
		case err == nil, round == rounds,
			errors.Is(err, store.ErrStale), errors.Is(err, store.ErrLeaseLost), errors.Is(err, store.ErrInvalid):
			return err
		}
		if !pause(ctx, wait) {
			return err
		}
		wait = min(4*wait, mostPause)
	}
}

func (s *Scheduler) tryOnce(ctx context.Context, c store.Change) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return s.cfg.Store.Commit(ctx, c)
}

// encode writes one of our own records, none of which JSON can refuse.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// pause waits for d, and is false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
