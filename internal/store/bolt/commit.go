package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"village/internal/store"
)

// errNothing rolls back a transaction that wrote nothing, to spare the sync.
var errNothing = errors.New("nothing to write")

// Commit applies a change or nothing of it.
func (s *Store) Commit(ctx context.Context, c store.Change) error {
	return s.CommitAll(ctx, []store.Change{c})[0]
}

// CommitAll applies the changes in one synced transaction, together with those
// of other goroutines that came while the disk was busy.
func (s *Store) CommitAll(ctx context.Context, cs []store.Change) []error {
	r := &request{changes: cs, errs: make([]error, len(cs)), done: make(chan struct{})}
	valid := false
	for i, c := range cs {
		r.errs[i] = c.Validate()
		valid = valid || r.errs[i] == nil
	}
	if err := ctx.Err(); err != nil {
		return fill(r.errs, err)
	}
	if !valid {
		return r.errs
	}
	s.queue.add(r)
	select {
	case <-r.done:
		return r.errs
	case <-ctx.Done():
		if s.queue.remove(r) {
			return fill(r.errs, ctx.Err())
		}
		// Somebody is writing it: the answer comes with the next sync.
		<-r.done
		return r.errs
	case s.queue.turn <- struct{}{}:
	}
	// Ours is among these, unless the goroutine before us took it along.
	if requests := s.queue.takeAll(); len(requests) > 0 {
		s.write(requests)
	}
	<-s.queue.turn
	<-r.done
	return r.errs
}

// write applies the requests in one transaction and tells their owners.
func (s *Store) write(requests []*request) {
	err := s.update(func(tx *bbolt.Tx) error {
		t := newTxn(tx, s.now().UnixMilli())
		for _, r := range requests {
			for i, c := range r.changes {
				if r.errs[i] != nil {
					continue
				}
				refused, err := t.apply(c)
				if err != nil {
					return err
				}
				r.errs[i] = refused
			}
		}
		if !t.wrote {
			return errNothing
		}
		return nil
	})
	for _, r := range requests {
		if err != nil && !errors.Is(err, errNothing) {
			fill(r.errs, fmt.Errorf("the store's file could not be written: %w", err))
		}
		close(r.done)
	}
}

// fill gives every change that has no error of its own yet the same one.
func fill(errs []error, err error) []error {
	for i := range errs {
		if errs[i] == nil {
			errs[i] = err
		}
	}
	return errs
}

// txn is one write transaction at one instant.
type txn struct {
	docs, index, expires, jobs, due *bbolt.Bucket
	now                             int64
	wrote                           bool
}

func newTxn(tx *bbolt.Tx, now int64) *txn {
	return &txn{
		docs: bucket(tx, docs), index: bucket(tx, index), expires: bucket(tx, expires),
		jobs: bucket(tx, jobs), due: bucket(tx, due), now: now,
	}
}

// apply compares everything first and writes afterwards. refused says why
// nothing was written; err is the file's own error and spoils the transaction.
func (t *txn) apply(c store.Change) (refused, err error) {
	if refused, err = t.compare(c); refused != nil || err != nil {
		return refused, err
	}
	for _, d := range c.Puts {
		if err := t.putDoc(d); err != nil {
			return nil, err
		}
	}
	for _, k := range c.Deletes {
		if err := t.deleteDoc(docKey(k.Key)); err != nil {
			return nil, err
		}
	}
	for _, settlement := range c.Settles {
		if err := t.settle(settlement); err != nil {
			return nil, err
		}
	}
	for _, id := range c.Cancels {
		if err := t.deleteJob(jobKey(c.Partition, id)); err != nil {
			return nil, err
		}
	}
	for _, j := range c.Jobs {
		if err := t.putJob(j); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (t *txn) compare(c store.Change) (refused, err error) {
	for _, settlement := range c.Settles {
		j := settlement.Job
		record, found, err := t.job(jobKey(j.Partition, j.ID))
		if err != nil {
			return nil, err
		}
		if !found || (record.token != j.Token && record.replaced != j.Token) {
			return store.ErrLeaseLost, nil
		}
	}
	for _, d := range c.Puts {
		if refused, err = t.compareRev(d.Key, d.Rev); refused != nil || err != nil {
			return refused, err
		}
	}
	for _, checks := range [][]store.Check{c.Checks, c.Deletes} {
		for _, k := range checks {
			if refused, err = t.compareRev(k.Key, k.Rev); refused != nil || err != nil {
				return refused, err
			}
		}
	}
	return nil, nil
}

func (t *txn) compareRev(k store.Key, rev int64) (refused, err error) {
	record, found, err := t.head(docKey(k))
	if err != nil {
		return nil, err
	}
	there := int64(0)
	if found && !record.gone(t.now) {
		there = record.rev
	}
	if there != rev {
		return store.ErrStale, nil
	}
	return nil, nil
}

// head reads a document but for its body, whether or not it has expired.
func (t *txn) head(key []byte) (docRecord, bool, error) {
	value := t.docs.Get(key)
	if value == nil {
		return docRecord{}, false, nil
	}
	record, err := decodeHead(value)
	return record, err == nil, err
}

// putDoc writes a document, and of its entries those that change.
func (t *txn) putDoc(d store.Doc) error {
	key := docKey(d.Key)
	before, _, err := t.head(key)
	if err != nil {
		return err
	}
	t.wrote = true
	record := docRecord{rev: d.Rev + 1, expires: store.ExpiryMilli(d.Expires), listed: d.Listed, body: d.Body}
	if before.expires != record.expires {
		if before.expires != 0 {
			if err := t.expires.Delete(timedKey(before.expires, key)); err != nil {
				return err
			}
		}
		if record.expires != 0 {
			if err := t.expires.Put(timedKey(record.expires, key), nil); err != nil {
				return err
			}
		}
	}
	for _, e := range before.listed {
		if slices.Contains(record.listed, e) {
			continue
		}
		if err := t.index.Delete(indexKey(d.Key, e)); err != nil {
			return err
		}
	}
	for _, e := range record.listed {
		if slices.Contains(before.listed, e) {
			continue
		}
		if err := t.index.Put(indexKey(d.Key, e), nil); err != nil {
			return err
		}
	}
	return t.docs.Put(key, record.encode())
}

// deleteDoc removes a document, if it is there, from everywhere.
func (t *txn) deleteDoc(key []byte) error {
	record, found, err := t.head(key)
	if err != nil || !found {
		return err
	}
	t.wrote = true
	if record.expires != 0 {
		if err := t.expires.Delete(timedKey(record.expires, key)); err != nil {
			return err
		}
	}
	k := splitDocKey(key)
	for _, e := range record.listed {
		if err := t.index.Delete(indexKey(k, e)); err != nil {
			return err
		}
	}
	return t.docs.Delete(key)
}

func (t *txn) job(key []byte) (jobRecord, bool, error) {
	value := t.jobs.Get(key)
	if value == nil {
		return jobRecord{}, false, nil
	}
	record, err := decodeJob(value)
	return record, err == nil, err
}

func (t *txn) putJob(j store.Job) error {
	key := jobKey(j.Partition, j.ID)
	before, found, err := t.job(key)
	if err != nil {
		return err
	}
	record := jobRecord{due: store.DueMilli(j.Due), at: store.Place(store.DueMilli(j.Due), j.Urgent), kind: j.Kind, body: j.Body}
	if found {
		record.replaced = before.replaced
		if before.token != "" {
			record.replaced = before.token
		}
		if record.replaced == "" && before.attempt > 0 {
			record.replaced = noToken
		}
	}
	return t.moveJob(key, before, found, record)
}

// settle ends a lease that compare has found to be held.
func (t *txn) settle(s store.Settlement) error {
	key := jobKey(s.Job.Partition, s.Job.ID)
	record, found, err := t.job(key)
	if err != nil || !found {
		return err
	}
	if record.token != s.Job.Token {
		return nil // replaced while it was leased: it stays as it is now
	}
	if s.RetryAt.IsZero() {
		return t.deleteJob(key)
	}
	again := record
	again.due, again.token = store.DueMilli(s.RetryAt), ""
	again.at = store.Place(again.due, record.urgent())
	return t.moveJob(key, record, true, again)
}

// moveJob writes a job at its place among the due ones.
func (t *txn) moveJob(key []byte, before jobRecord, existed bool, after jobRecord) error {
	t.wrote = true
	if existed && before.at != after.at {
		if err := t.due.Delete(timedKey(before.at, key)); err != nil {
			return err
		}
	}
	if !existed || before.at != after.at {
		if err := t.due.Put(timedKey(after.at, key), nil); err != nil {
			return err
		}
	}
	return t.jobs.Put(key, after.encode())
}

func (t *txn) deleteJob(key []byte) error {
	record, found, err := t.job(key)
	if err != nil || !found {
		return err
	}
	t.wrote = true
	if err := t.due.Delete(timedKey(record.at, key)); err != nil {
		return err
	}
	return t.jobs.Delete(key)
}
