// Package sealed keeps what a store holds from whoever reads the store without the
// key: its file, its server or a backup of it. It stands between the program and a
// store, and is one itself.
//
// The promise: every body is encrypted, and bound to the place where it is kept. The
// names of partitions, documents, jobs and indexes are kept as keyed hashes, so that
// nobody's account can be looked up. All of the store's contract holds, but for the
// order of ties in an index: that is by kind, and then one of the store's own that
// stays the same.
//
// Not promised: what is needed to sort, expire and count stays to be seen. These are
// the kinds of documents and jobs, how many there are and how long their bodies are,
// which of them share a partition or an index (not whose it is), the scores of
// indexes, revisions, due times and expiries.
package sealed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"village/internal/store"
)

// Keyring is what seals. It is safe for use by many goroutines.
type Keyring interface {
	// SealFor hides bytes that belong to one place, which open for no other, and
	// appends them to what is given.
	SealFor(to, place, plain []byte) []byte
	// OpenFor gives them back, in the memory of those that were sealed, or an error.
	OpenFor(place, sealed []byte) ([]byte, error)
	// Current says whether bytes were sealed with the key that seals now.
	Current(sealed []byte) bool
	// NamesKey is the key from which names are hashed, by the key that seals now.
	NamesKey() []byte
}

// ErrKey says that the store was sealed with a key that is not on the ring. Nothing
// was touched.
var ErrKey = errors.New("the store was sealed with another key: start with the key that it was sealed with (VILLAGE_KEY, or the key file), the new one in front of it")

// Store is a store whose contents are sealed.
type Store struct {
	inner store.Store
	keys  Keyring
	names names
	// below are the kinds of document that are kept in clear, by others.
	below []string
	rooms sync.Pool
}

func newStore(inner store.Store, keys Keyring, key []byte) *Store {
	return &Store{inner: inner, keys: keys, names: newNames(key), rooms: sync.Pool{New: func() any { return &room{} }}}
}

// marker is the document that holds the key of the names, itself sealed. It is there
// once everything in the store is sealed.
func marker() store.Key { return store.Key{Partition: "seal", Kind: "seal", ID: "names"} }

// markerPlace is what the marker is bound to.
func markerPlace() []byte { return []byte("village/seal") }

// Open seals a store: what an older version left in clear, or what another key of the
// ring has sealed, is written anew, once, before anybody uses it. That no process of
// an older version uses the store meanwhile is for the operator to see to. Documents
// of the kinds given are left alone: whoever has the store itself keeps them there, and
// here they are not seen. The error is ErrKey or the store's own; it can be opened
// again after any of them.
func Open(ctx context.Context, inner store.Store, keys Keyring, below ...string) (*Store, error) {
	s, current, err := look(ctx, inner, keys)
	if err != nil || current {
		return s, err
	}
	if s == nil {
		s = newStore(inner, keys, keys.NamesKey())
	}
	s.below = below
	if err := s.sealAll(ctx); err != nil {
		return nil, fmt.Errorf("sealing what was in the store: %w", err)
	}
	if err := s.mark(ctx); err != nil {
		return nil, fmt.Errorf("sealing the store: %w", err)
	}
	return s, nil
}

// Look opens a store as it is and changes nothing in it: one in which nothing is
// sealed yet is given back itself. The error is ErrKey or the store's own.
func Look(ctx context.Context, inner store.Store, keys Keyring) (store.Store, error) {
	s, _, err := look(ctx, inner, keys)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return inner, nil
	}
	return s, nil
}

// look is nil where nothing is sealed yet; current says that all of it is, and with
// the key that seals now.
func look(ctx context.Context, inner store.Store, keys Keyring) (s *Store, current bool, err error) {
	docs, err := inner.Get(ctx, marker())
	if err != nil || docs[0].Rev == 0 {
		return nil, false, err
	}
	key, err := keys.OpenFor(markerPlace(), docs[0].Body)
	if err != nil {
		return nil, false, fmt.Errorf("%w (%w)", ErrKey, err)
	}
	return newStore(inner, keys, key), keys.Current(docs[0].Body), nil
}

// mark notes that all is sealed now, unless another process has just done so.
func (s *Store) mark(ctx context.Context) error {
	other, current, err := look(ctx, s.inner, s.keys)
	switch {
	case err != nil:
		return err
	case other != nil && !bytes.Equal(other.names.key, s.names.key):
		return ErrKey
	case current:
		return nil
	}
	docs, err := s.inner.Get(ctx, marker())
	if err != nil {
		return err
	}
	d := store.Doc{Key: marker(), Rev: docs[0].Rev, Body: s.keys.SealFor(nil, markerPlace(), s.names.key)}
	err = s.inner.Commit(ctx, store.Change{Partition: d.Partition, Puts: []store.Doc{d}})
	if errors.Is(err, store.ErrStale) {
		return s.mark(ctx)
	}
	return err
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := store.ValidateKeys(keys); err != nil {
		return nil, err
	}
	hidden := make([]store.Key, len(keys))
	for i, k := range keys {
		hidden[i] = s.names.hide(k)
	}
	docs, err := s.inner.Get(ctx, hidden...)
	if err != nil {
		return nil, err
	}
	for i := range docs {
		if docs[i].Rev == 0 {
			docs[i].Key = keys[i]
			continue
		}
		if docs[i], err = s.openDoc(docs[i]); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// List implements [store.Store].
func (s *Store) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	if _, err := q.Span(); err != nil {
		return nil, err
	}
	hidden := q
	hidden.Partition, hidden.Index = s.names.partition(q.Partition), s.names.index(q.Partition, q.Index)
	if q.After != nil {
		after := store.Doc{Key: s.names.hide(q.After.Key)}
		for _, e := range q.After.Listed {
			if e.Name == q.Index {
				after.Listed = []store.Entry{{Name: hidden.Index, Score: e.Score}}
			}
		}
		hidden.After = &after
	}
	docs, err := s.inner.List(ctx, hidden)
	if err != nil {
		return nil, err
	}
	for i := range docs {
		if docs[i], err = s.openDoc(docs[i]); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// Count implements [store.Store].
func (s *Store) Count(ctx context.Context, partition, index string, from, to int64) (int64, error) {
	if _, _, err := store.CountSpan(partition, index, from, to); err != nil {
		return 0, err
	}
	return s.inner.Count(ctx, s.names.partition(partition), s.names.index(partition, index), from, to)
}

// Counts implements [store.Store].
func (s *Store) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	if _, err := store.CountSpans(ranges); err != nil {
		return nil, err
	}
	hidden := make([]store.Range, len(ranges))
	for i, r := range ranges {
		hidden[i] = r
		hidden[i].Partition, hidden[i].Index = s.names.partition(r.Partition), s.names.index(r.Partition, r.Index)
	}
	return s.inner.Counts(ctx, hidden...)
}

// Commit implements [store.Store].
func (s *Store) Commit(ctx context.Context, c store.Change) error {
	if err := c.Validate(); err != nil {
		return err
	}
	return s.inner.Commit(ctx, s.seal(c))
}

// CommitAll implements [store.Store].
func (s *Store) CommitAll(ctx context.Context, cs []store.Change) []error {
	errs := make([]error, len(cs))
	var hidden []store.Change
	var which []int
	for i, c := range cs {
		if errs[i] = c.Validate(); errs[i] == nil {
			hidden, which = append(hidden, s.seal(c)), append(which, i)
		}
	}
	for i, err := range s.inner.CommitAll(ctx, hidden) {
		errs[which[i]] = err
	}
	return errs
}

// Lease implements [store.Store]. A job that cannot be opened is an error when there
// is no other; else it waits until its lease has run out.
func (s *Store) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	return s.openJobs(s.inner.Lease(ctx, limit, hold))
}

// LeaseUrgent implements [store.Store], as Lease does.
func (s *Store) LeaseUrgent(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	return s.openJobs(s.inner.LeaseUrgent(ctx, limit, hold))
}

func (s *Store) openJobs(leased []store.Job, err error) ([]store.Job, error) {
	if err != nil {
		return nil, err
	}
	jobs := leased[:0]
	var failed error
	for _, j := range leased {
		opened, err := s.openJob(j)
		if err != nil {
			failed = err
			continue
		}
		jobs = append(jobs, opened)
	}
	if len(jobs) == 0 {
		return nil, failed
	}
	return jobs, nil
}

// NextDue implements [store.Store].
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) { return s.inner.NextDue(ctx) }

// Pending implements [store.Store].
func (s *Store) Pending(ctx context.Context, partition string, limit int) ([]store.Job, error) {
	if err := store.ValidatePending(partition, limit); err != nil {
		return nil, err
	}
	jobs, err := s.inner.Pending(ctx, s.names.partition(partition), limit)
	if err != nil {
		return nil, err
	}
	for i := range jobs {
		if jobs[i], err = s.openJob(jobs[i]); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// Walk implements [store.Store].
func (s *Store) Walk(ctx context.Context, doc func(store.Doc) error, job func(store.Job) error) error {
	return s.inner.Walk(ctx, func(d store.Doc) error {
		if d.Key == marker() || !isSealed(d.Body) {
			return nil // ours, and what is kept below
		}
		opened, err := s.openDoc(d)
		if err != nil {
			return err
		}
		return doc(opened)
	}, func(j store.Job) error {
		opened, err := s.openJob(j)
		if err != nil {
			return err
		}
		return job(opened)
	})
}

// Sweep implements [store.Store].
func (s *Store) Sweep(ctx context.Context, limit int) (int, error) { return s.inner.Sweep(ctx, limit) }

// Health implements [store.Store].
func (s *Store) Health(ctx context.Context) error { return s.inner.Health(ctx) }

// Close implements [store.Store].
func (s *Store) Close() error { return s.inner.Close() }
