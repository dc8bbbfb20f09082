package bolt

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"village/internal/store"
)

// walkPage is how much Walk reads at once: a transaction that stays open while
// the caller works would hold up a writer that has to grow the file.
const (
	walkPage      = 500
	walkPageBytes = 4 << 20
)

// Get reads documents; see store.Store.
func (s *Store) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if err := store.ValidateKeys(keys); err != nil {
		return nil, err
	}
	found := make([]store.Doc, len(keys))
	err := s.view(ctx, func(tx *bbolt.Tx, now int64) error {
		all := bucket(tx, docs)
		for i, k := range keys {
			found[i] = store.Doc{Key: k}
			value := all.Get(docKey(k))
			if value == nil {
				continue
			}
			record, err := decodeDoc(value)
			if err != nil {
				return err
			}
			if !record.gone(now) {
				found[i] = record.doc(k)
			}
		}
		return nil
	})
	return found, err
}

// List reads a page of an index; see store.Store.
func (s *Store) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	span, err := q.Span()
	if err != nil {
		return nil, err
	}
	var page []store.Doc
	err = s.view(ctx, func(tx *bbolt.Tx, now int64) error {
		all := bucket(tx, docs)
		for k := range entries(tx, q, span) {
			record, err := decodeDoc(all.Get(docKey(k)))
			if err != nil {
				return err
			}
			if record.gone(now) {
				continue
			}
			page = append(page, record.doc(k))
			if len(page) == span.Limit {
				return nil
			}
		}
		return nil
	})
	return page, err
}

// entries goes through an index between the span's bounds, behind its After.
func entries(tx *bbolt.Tx, q store.Query, span store.Span) func(yield func(store.Key) bool) {
	whole := prefix(q.Partition, q.Index)
	low := appendInt(slices.Clone(whole), span.From)
	// Names end below 0xff, so this lies behind everything at the last score.
	high := append(appendInt(slices.Clone(whole), span.To), 0xff)
	if span.HasAfter {
		after := indexKey(q.After.Key, span.After)
		if q.Backwards && bytes.Compare(after, high) < 0 {
			high = after
		}
		if !q.Backwards && bytes.Compare(after, low) >= 0 {
			low = append(after, 0)
		}
	}
	return func(yield func(store.Key) bool) {
		cursor := bucket(tx, index).Cursor()
		key, _ := cursor.Seek(low)
		step := cursor.Next
		if q.Backwards {
			key = lastBefore(cursor, high)
			step = cursor.Prev
		}
		for key != nil && bytes.Compare(key, low) >= 0 && bytes.Compare(key, high) < 0 {
			kind, id := splitJobKey(key[len(whole)+8:])
			if !yield(store.Key{Partition: q.Partition, Kind: kind, ID: id}) {
				return
			}
			key, _ = step()
		}
	}
}

func lastBefore(cursor *bbolt.Cursor, bound []byte) []byte {
	key, _ := cursor.Seek(bound)
	if key == nil {
		key, _ = cursor.Last()
		return key
	}
	key, _ = cursor.Prev()
	return key
}

// Count counts an index's entries; see store.Store.
func (s *Store) Count(ctx context.Context, partition, name string, from, to int64) (int64, error) {
	counts, err := s.Counts(ctx, store.Range{Partition: partition, Index: name, From: from, To: to})
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// Counts counts several ranges; see store.Store.
func (s *Store) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	spans, err := store.CountSpans(ranges)
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(ranges))
	err = s.view(ctx, func(tx *bbolt.Tx, _ int64) error {
		for i, r := range ranges {
			for range entries(tx, store.Query{Partition: r.Partition, Index: r.Index}, spans[i]) {
				counts[i]++
			}
		}
		return nil
	})
	return counts, err
}

// Lease hands out due jobs; see store.Store.
func (s *Store) Lease(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	return s.lease(ctx, limit, hold, false)
}

// LeaseUrgent hands out urgent jobs; see store.Store.
func (s *Store) LeaseUrgent(ctx context.Context, limit int, hold time.Duration) ([]store.Job, error) {
	return s.lease(ctx, limit, hold, true)
}

func (s *Store) lease(ctx context.Context, limit int, hold time.Duration, urgent bool) ([]store.Job, error) {
	if err := store.ValidateLease(limit, hold); err != nil {
		return nil, err
	}
	// A look first: most of the time nothing is due, and a look needs no disk.
	waiting := false
	err := s.view(ctx, func(tx *bbolt.Tx, now int64) error {
		waiting = len(dueJobs(bucket(tx, due), now, 1, urgent)) > 0
		return nil
	})
	if err != nil || !waiting {
		return nil, err
	}
	var leased []store.Job
	err = s.update(func(tx *bbolt.Tx) error {
		at := s.now()
		t := newTxn(tx, at.UnixMilli())
		until := store.DueMilli(at.Add(hold))
		for _, key := range dueJobs(t.due, t.now, limit, urgent) {
			before, _, err := t.job(key)
			if err != nil {
				return err
			}
			record := before
			record.at, record.token = store.Place(until, before.urgent()), rand.Text()
			record.attempt++
			if err := t.moveJob(key, before, true, record); err != nil {
				return err
			}
			job := record.job(splitJobKey(key))
			job.Replaced = record.replaced != ""
			leased = append(leased, job)
		}
		if !t.wrote {
			return errNothing
		}
		return nil
	})
	if err != nil {
		return nil, unlessNothing(err)
	}
	slices.SortStableFunc(leased, store.ByRank)
	return leased, nil
}

// dueJobs are the keys of jobs that are due now, urgent ones first, or alone.
func dueJobs(byTime *bbolt.Bucket, now int64, limit int, urgent bool) [][]byte {
	keys := reached(byTime, store.Place(1, true), store.Place(now, true), limit)
	if urgent {
		return keys
	}
	return append(keys, reached(byTime, 1, now, limit-len(keys))...)
}

// reached are the keys of a bucket ordered by time from one time to another, at most
// limit. They are copied first: a cursor must not be moved while its bucket is
// written.
func reached(byTime *bbolt.Bucket, from, to int64, limit int) [][]byte {
	var keys [][]byte
	cursor := byTime.Cursor()
	for timed, _ := cursor.Seek(timedKey(from, nil)); timed != nil && len(keys) < limit; timed, _ = cursor.Next() {
		at, key := splitTimed(timed)
		if at > to {
			break
		}
		keys = append(keys, slices.Clone(key))
	}
	return keys
}

// NextDue says when something is due; see store.Store.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var next time.Time
	found := false
	err := s.view(ctx, func(tx *bbolt.Tx, _ int64) error {
		cursor := bucket(tx, due).Cursor()
		for _, from := range []int64{store.Place(1, true), 1} { // the first urgent one, and the first of the others
			timed, _ := cursor.Seek(timedKey(from, nil))
			if timed == nil {
				continue
			}
			place, _ := splitTimed(timed)
			if at, _ := store.FromPlace(place); !found || store.FromMilli(at).Before(next) {
				next, found = store.FromMilli(at), true
			}
		}
		return nil
	})
	return next, found, err
}

// Pending lists a partition's jobs; see store.Store.
func (s *Store) Pending(ctx context.Context, partition string, limit int) ([]store.Job, error) {
	if err := store.ValidatePending(partition, limit); err != nil {
		return nil, err
	}
	var pending []store.Job
	err := s.view(ctx, func(tx *bbolt.Tx, _ int64) error {
		first := prefix(partition)
		cursor := bucket(tx, jobs).Cursor()
		for key, value := cursor.Seek(first); bytes.HasPrefix(key, first); key, value = cursor.Next() {
			record, err := decodeJob(value)
			if err != nil {
				return err
			}
			record.token = ""
			pending = append(pending, record.job(splitJobKey(key)))
		}
		return nil
	})
	slices.SortFunc(pending, store.ByDue)
	if limit == 0 {
		limit = len(pending)
	}
	return pending[:min(limit, len(pending))], err
}

// Walk visits everything; see store.Store.
func (s *Store) Walk(ctx context.Context, doc func(store.Doc) error, job func(store.Job) error) error {
	err := walk(ctx, s, docs, func(key, value []byte, now int64) (store.Doc, bool, error) {
		record, err := decodeDoc(value)
		return record.doc(splitDocKey(key)), !record.gone(now), err
	}, doc)
	if err != nil {
		return err
	}
	return walk(ctx, s, jobs, func(key, value []byte, _ int64) (store.Job, bool, error) {
		record, err := decodeJob(value)
		record.token = ""
		return record.job(splitJobKey(key)), true, err
	}, job)
}

// walk reads a bucket page by page and visits what decode wants visited.
func walk[T any](ctx context.Context, s *Store, name string, decode func(key, value []byte, now int64) (T, bool, error), visit func(T) error) error {
	next := []byte{0} // in front of every name
	for next != nil {
		var page []T
		err := s.view(ctx, func(tx *bbolt.Tx, now int64) error {
			cursor := bucket(tx, name).Cursor()
			key, value := cursor.Seek(next)
			size := 0
			for n := 0; key != nil && n < walkPage && size < walkPageBytes; n++ {
				size += len(value)
				item, wanted, err := decode(key, value, now)
				if err != nil {
					return err
				}
				if wanted {
					page = append(page, item)
				}
				key, value = cursor.Next()
			}
			next = slices.Clone(key)
			return nil
		})
		if err != nil {
			return err
		}
		for _, item := range page {
			if err := visit(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep removes what has expired; see store.Store.
func (s *Store) Sweep(ctx context.Context, limit int) (int, error) {
	if err := store.ValidateSweep(limit); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	var expired [][]byte
	err := s.update(func(tx *bbolt.Tx) error {
		t := newTxn(tx, s.now().UnixMilli())
		expired = reached(t.expires, 1, t.now, limit)
		if len(expired) == 0 {
			return errNothing
		}
		for _, key := range expired {
			if err := t.deleteDoc(key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, unlessNothing(err)
	}
	return len(expired), nil
}

// view reads at one instant.
func (s *Store) view(ctx context.Context, f func(tx *bbolt.Tx, now int64) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.note(guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error { return f(tx, s.now().UnixMilli()) })
	}))
}

func unlessNothing(err error) error {
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}
