package records

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"village/internal/store"
)

// Tx is one read-decide-commit round in one partition. Whatever was read must
// still be so when it commits.
type Tx struct {
	Ctx    context.Context
	Rec    *Records
	Change store.Change
	Revs   map[store.Key]int64
	joint  []jointJob
	Err    error // what went wrong on the way, see fail
}

// Begin starts a round in a partition that its caller commits, or looks at only.
func (rec *Records) Begin(ctx context.Context, partition string) *Tx {
	return &Tx{Ctx: ctx, Rec: rec, Change: store.Change{Partition: partition}, Revs: map[store.Key]int64{}}
}

// Fail lets the round Fail where there is no other way to say so.
func (t *Tx) Fail(err error) {
	if t.Err == nil {
		t.Err = err
	}
}

// maxRounds bounds how often a change is tried again. Every round that fails
// means that somebody else's succeeded.
const maxRounds = 100

// Change reads, lets f decide, and commits; when something it read has changed
// meanwhile, it starts again from the beginning. f must have no other effect
// than on its tx and on variables that it sets anew each time.
func (rec *Records) Change(ctx context.Context, partition string, f func(t *Tx) error) error {
	for range maxRounds {
		t := rec.Begin(ctx, partition)
		if err := f(t); err != nil {
			return err
		}
		if t.Err != nil {
			return t.Err
		}
		if !t.Dirty() {
			return nil
		}
		err := rec.store.Commit(ctx, t.Finish())
		visitOf(ctx).forget(t.Change)
		if errors.Is(err, store.ErrStale) {
			continue
		}
		if err != nil {
			return fmt.Errorf("committing: %w", err)
		}
		if len(t.Change.Jobs) > 0 {
			rec.wake()
		}
		return nil
	}
	return fmt.Errorf("committing: %w, %d times in a row", store.ErrStale, maxRounds)
}

// Dirty says whether there is anything to commit.
func (t *Tx) Dirty() bool {
	c := t.Change
	return len(c.Puts)+len(c.Deletes)+len(c.Jobs)+len(c.Cancels)+len(c.Settles) > 0
}

// Finish turns documents that were read and not written into checks.
func (t *Tx) Finish() store.Change {
	written := map[store.Key]bool{}
	for _, d := range t.Change.Puts {
		written[d.Key] = true
	}
	for _, d := range t.Change.Deletes {
		written[d.Key] = true
	}
	for key, rev := range t.Revs {
		if !written[key] {
			t.Change.Checks = append(t.Change.Checks, store.Check{Key: key, Rev: rev})
		}
	}
	return t.Change
}

// Get reads a document into v, which stays as it is when there is none. What was written
// in this round is read as it was written.
func (t *Tx) Get(key store.Key, v any) error {
	if i := slices.IndexFunc(t.Change.Puts, func(d store.Doc) bool { return d.Key == key }); i >= 0 {
		return json.Unmarshal(t.Change.Puts[i].Body, v)
	}
	rev, err := t.Rec.Read(t.Ctx, key, v)
	t.Revs[key] = rev
	return err
}

// Has says whether a document that was read is there.
func (t *Tx) Has(key store.Key) bool { return t.Revs[key] > 0 }

// Put writes a document that was read before, or a new one.
func (t *Tx) Put(key store.Key, v any, expires time.Time, listed ...store.Entry) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", v, err)) // a mistake in our own types
	}
	t.Change.Puts = slices.DeleteFunc(t.Change.Puts, func(d store.Doc) bool { return d.Key == key })
	t.Change.Puts = append(t.Change.Puts, store.Doc{Key: key, Rev: t.Revs[key], Body: body, Expires: expires, Listed: listed})
}

// Remove deletes a document that was read before.
func (t *Tx) Remove(key store.Key) {
	if t.Has(key) {
		t.Change.Deletes = append(t.Change.Deletes, store.Check{Key: key, Rev: t.Revs[key]})
	}
}

// Drop deletes a document, whatever is in it.
func (t *Tx) Drop(key store.Key) error {
	if err := t.Get(key, &json.RawMessage{}); err != nil {
		return err
	}
	t.Remove(key)
	return nil
}

// Puts says whether a document is written in this round already.
func (t *Tx) Puts(key store.Key) bool {
	return slices.ContainsFunc(t.Change.Puts, func(d store.Doc) bool { return d.Key == key })
}

// PutJob plans a job of the partition, in place of one with its ID. It is urgent when
// what it says is: somebody waits for it.
func (t *Tx) PutJob(id, kind string, due time.Time, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", body, err))
	}
	t.Change.Jobs = slices.DeleteFunc(t.Change.Jobs, func(j store.Job) bool { return j.ID == id })
	waited, ok := body.(interface{ Urgent() bool })
	t.Change.Jobs = append(t.Change.Jobs, store.Job{Partition: t.Change.Partition, ID: id, Kind: kind, Due: due, Body: raw, Urgent: ok && waited.Urgent()})
}

// Cancel takes a job back, one that was put in this round included.
func (t *Tx) Cancel(id string) {
	t.Change.Jobs = slices.DeleteFunc(t.Change.Jobs, func(j store.Job) bool { return j.ID == id })
	t.Change.Cancels = append(t.Change.Cancels, id)
}
