package scheduler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"village/internal/store"
)

// Why a job became a dead letter.
const (
	// ReasonUnreachable: the person or room cannot be reached until somebody changes
	// something.
	ReasonUnreachable = "unreachable"
	// ReasonNotSent: the platform did not take the message for days.
	ReasonNotSent = "not-sent"
	// ReasonNotPrepared: what the job comes to could not be found out; it is a fault
	// of the program.
	ReasonNotPrepared = "not-prepared"
)

// DeadLetter is the body of a document of kind KindDead, in the partition of
// its job. It is listed under [DeadIndex] of "" and of the ID of the person or
// room that was not reached, by the Unix milliseconds of At.
type DeadLetter struct {
	// Kind, ID and Body are the job's.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Body []byte `json:"body,omitempty"`
	// Due is when it was first due, At when it was given up, in UTC.
	Due time.Time `json:"due"`
	At  time.Time `json:"at"`
	// Reason is one of the constants above.
	Reason string `json:"reason"`
	// To is the ID of the person or room, empty when it was not prepared.
	To string `json:"to,omitempty"`
}

// DeadIndex is the index that lists the dead letters to a person or a room by
// ID; for "", those to anybody.
func DeadIndex(id string) string {
	if id == "" {
		return KindDead
	}
	name := KindDead + "/" + id
	safe := !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
	if safe && len(name) <= store.MaxName {
		return name
	}
	return KindDead + "/" + shortHash(id)
}

// bury ends a job as a dead letter, together with what the delivery wants
// committed and what it wants committed in this case.
func (s *Scheduler) bury(ctx context.Context, p *parcel, reason string, cause error) {
	s.cfg.Log.Warn("a job became a dead letter", "job", p, "reason", reason, "error", cause)
	if reason == ReasonNotPrepared {
		p.delivery = Delivery{}
	}
	for range staleRounds {
		letter, err := s.deadLetter(ctx, p, reason)
		if err != nil {
			s.left(p, err)
			return
		}
		extra, err := s.unreachable(ctx, p, cause)
		if err != nil && p.tries() < s.cfg.Tries {
			s.failed(ctx, p, ReasonNotPrepared, err)
			return
		}
		if err != nil {
			s.cfg.Log.Error("nothing more could be committed with a dead letter", "job", p, "error", err)
		}
		c := merge(s.ending(p), extra)
		c.Puts = append(c.Puts, letter)
		err = s.commit(ctx, c)
		if errors.Is(err, store.ErrInvalid) {
			s.cfg.Log.Error("a dead letter was kept without what was to come with it", "job", p, "error", err)
			p.delivery = Delivery{}
			c = s.ending(p)
			c.Puts = append(c.Puts, letter)
			err = s.commit(ctx, c)
		}
		switch {
		case err == nil:
			s.became(p, OutcomeDead)
			s.ended(p)
			s.Wake()
			return
		case errors.Is(err, store.ErrLeaseLost):
			return
		case !errors.Is(err, store.ErrStale):
			s.left(p, err)
			return
		case reason == ReasonNotPrepared:
			continue
		}
		if err := s.prepare(ctx, p); err != nil {
			s.failed(ctx, p, ReasonNotPrepared, err)
			return
		}
		if p.delivery.Out == nil {
			break // there is nothing to say any more
		}
	}
	s.later(ctx, p, s.cfg.Now().Add(spread(p, time.Second)), false)
}

func (s *Scheduler) deadLetter(ctx context.Context, p *parcel, reason string) (store.Doc, error) {
	key := store.Key{Partition: p.job.Partition, Kind: KindDead, ID: nonce(p.job)}
	docs, err := s.cfg.Store.Get(ctx, key)
	if err != nil {
		return store.Doc{}, err
	}
	now := s.cfg.Now()
	letter := DeadLetter{
		Kind: p.job.Kind, ID: p.job.ID, Body: p.job.Body,
		Due: p.job.Due.UTC(), At: now.UTC(), Reason: reason,
	}
	listed := []store.Entry{{Name: DeadIndex(""), Score: now.UnixMilli()}}
	if out := p.delivery.Out; out != nil {
		letter.To = out.To.Person + out.To.Room
		listed = append(listed, store.Entry{Name: DeadIndex(letter.To), Score: now.UnixMilli()})
	}
	return store.Doc{Key: key, Rev: docs[0].Rev, Body: encode(letter), Expires: now.Add(s.cfg.Keep), Listed: listed}, nil
}

// unreachable asks the delivery what else to commit.
func (s *Scheduler) unreachable(ctx context.Context, p *parcel, cause error) (c store.Change, err error) {
	if p.delivery.Unreachable == nil {
		return store.Change{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, prepareLimit)
	defer cancel()
	err = s.guard(p, func() (err error) {
		c, err = p.delivery.Unreachable(ctx, cause)
		return err
	})
	return c, err
}

// merge lays one change over another: where both write a document or put a
// job, the second one counts.
func merge(under, over store.Change) store.Change {
	c := under
	c.Checks = slices.Concat(under.Checks, over.Checks)
	c.Puts = slices.Concat(slices.DeleteFunc(slices.Clone(under.Puts), func(d store.Doc) bool { return writes(over, d.Key) }), over.Puts)
	c.Deletes = slices.Concat(slices.DeleteFunc(slices.Clone(under.Deletes), func(k store.Check) bool { return writes(over, k.Key) }), over.Deletes)
	c.Jobs = slices.Concat(slices.DeleteFunc(slices.Clone(under.Jobs), func(j store.Job) bool {
		return slices.Contains(over.Cancels, j.ID) || slices.ContainsFunc(over.Jobs, func(other store.Job) bool { return other.ID == j.ID })
	}), over.Jobs)
	c.Cancels = slices.Concat(under.Cancels, over.Cancels)
	return c
}
