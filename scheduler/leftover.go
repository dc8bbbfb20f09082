package scheduler

import (
	"context"
	"errors"
	"time"

	"village/internal/store"
)

// Where the store is away when a job should be settled, its lease keeps everybody from it,
// this process too. So Run gives such leases back as soon as the store answers again.

const (
	// mostLeft is how many leases are to be given back at most; beyond that they run out.
	mostLeft = 4096
	// backEvery is how often that is tried.
	backEvery = 500 * time.Millisecond
)

// left is a job that could not be seen to because of the store. Its lease is given back
// when the store answers again; where that never happens it runs out, and somebody
// takes the job up again.
func (s *Scheduler) left(p *parcel, err error) {
	if errors.Is(err, context.Canceled) {
		return // the end of the program
	}
	s.cfg.Log.Warn("a job is left until the store answers again, or its lease runs out", "job", p, "error", err)
	select {
	case s.leases <- p:
	default: // nobody runs, or there are too many
	}
}

// giveBack gives leases back until ctx ends.
func (s *Scheduler) giveBack(ctx context.Context) {
	var held []*parcel
	for {
		var pause <-chan time.Time
		if len(held) > 0 {
			pause = time.After(backEvery)
		}
		select {
		case <-ctx.Done():
			return
		case p := <-s.leases:
			if len(held) < mostLeft {
				held = append(held, p)
			}
		case <-pause:
			held = s.givenBack(ctx, held)
		}
	}
}

// givenBack gives back what it can, and says what is left. The first that fails ends the
// round, and comes last in the next: others may be of a part of the store that answers.
func (s *Scheduler) givenBack(ctx context.Context, held []*parcel) []*parcel {
	for i, p := range held {
		if err := s.returned(ctx, p); err != nil {
			return append(append([]*parcel{}, held[i+1:]...), p)
		}
	}
	return nil
}

// returned gives one lease back, unless it has run out or is about to.
func (s *Scheduler) returned(ctx context.Context, p *parcel) error {
	if !time.Now().Before(p.until) {
		return nil
	}
	if p.unread {
		if err := s.recall(ctx, p); err != nil {
			return err
		}
	}
	at := s.cfg.Now()
	if p.again.After(at) {
		at = p.again
	}
	once := func(ctx context.Context, _ *parcel, c store.Change) error { return s.tryOnce(ctx, c) }
	return s.putOff(ctx, p, at, p.failed, once)
}
