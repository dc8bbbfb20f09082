package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"village/bot"
	"village/internal/store"
)

// errSimulated is what a boundary says that fails on purpose.
var errSimulated = errors.New("a fault of the simulator")

// simStore is a store with faults: it is slow, does nothing and says so, does what
// it was asked and says that it did not, calls stale what is not; and at some point
// everything through it fails, as for a program that has died.
type simStore struct {
	store.Store
	village *simVillage
	rate    float64
	crashIn int // calls until the crash; 0: none is to come
	dead    bool
}

// before is what happens ahead of a call.
func (s *simStore) before() error {
	if s.crashIn > 0 {
		s.crashIn--
		s.dead = s.crashIn == 0
	}
	v := s.village
	switch {
	case s.dead:
		return errSimulated
	case s.rate == 0 || v.rng.Float64() >= s.rate:
		return nil
	}
	v.count.faults++
	v.exam.trouble()
	if v.rng.IntN(3) == 0 {
		<-time.After(time.Duration(v.rng.IntN(4000)) * time.Millisecond)
		return nil
	}
	return errSimulated
}

func (s *simStore) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, keys...)
}

func (s *simStore) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, q)
}

func (s *simStore) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.Store.Counts(ctx, ranges...)
}

func (s *simStore) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.Store.Lease(ctx, limit, hold)
}

func (s *simStore) Commit(ctx context.Context, c store.Change) error {
	if err := s.before(); err != nil {
		return err
	}
	faulty := s.rate > 0 && s.village.rng.Float64() < s.rate/2
	if faulty && s.village.rng.IntN(2) == 0 {
		return store.ErrStale
	}
	err := s.Store.Commit(ctx, c)
	if err == nil {
		s.village.exam.committed(c)
	}
	if err == nil && faulty { // done, and the answer lost
		return errSimulated
	}
	return err
}

func (s *simStore) CommitAll(ctx context.Context, cs []store.Change) []error {
	out := make([]error, len(cs))
	for i, c := range cs {
		out[i] = s.Commit(ctx, c)
	}
	return out
}

// simWorld is a platform with faults: it refuses, limits, and takes a message while
// it says that it did not. Some people cannot be written to.
type simWorld struct {
	village *simVillage
	rate    float64
	posted  int
	seen    map[string]int // nonces that were taken
	repeats int
}

func (w *simWorld) Name() string                              { return "sim" }
func (w *simWorld) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

// before is what happens ahead of a call: whether it fails, and whether the answer of
// one that succeeds is lost.
func (w *simWorld) before() (lost bool, err error) {
	v := w.village
	if v.store.dead {
		return false, errSimulated
	}
	if w.rate == 0 || v.rng.Float64() >= w.rate {
		return false, nil
	}
	v.count.faults++
	switch v.rng.IntN(4) {
	case 0:
		return false, &bot.RetryError{After: time.Duration(1+v.rng.IntN(30)) * time.Second, Err: errSimulated}
	case 1:
		return true, nil
	case 2:
		<-time.After(time.Duration(v.rng.IntN(20)) * time.Second)
		return false, nil
	}
	return false, errSimulated
}

func (w *simWorld) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	v := w.village
	for _, p := range v.people {
		if p.closed && p.id == o.To.Person {
			return bot.Posted{}, fmt.Errorf("%s takes no messages: %w", p.name, bot.ErrUnreachable)
		}
	}
	lost, err := w.before()
	if err != nil {
		return bot.Posted{}, err
	}
	w.posted++
	w.seen[o.Nonce]++
	if w.seen[o.Nonce] > 1 {
		w.repeats++
	} else {
		v.count.sent++
		v.exam.sent(o)
		for _, p := range v.people {
			if o.To.Person == p.id || o.To.Room == simRoom || o.To.Room != "" && p.mod {
				v.hears(p, o.Message)
			}
		}
	}
	if lost {
		return bot.Posted{}, errSimulated
	}
	return bot.Posted{Platform: "sim", Room: o.To.Room + o.To.Person, Message: fmt.Sprint(w.posted)}, nil
}

func (w *simWorld) Edit(_ context.Context, _ bot.Posted, m bot.Message) error {
	lost, err := w.before()
	if err != nil {
		return err
	}
	w.village.exam.edited(m)
	if lost {
		return errSimulated
	}
	return nil
}
