package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	round  int   // how often something was in the way before
	once   store.Key
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
	for round := range maxRounds {
		t := rec.Begin(ctx, partition)
		t.round = round
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
		if err != nil && !t.isDone() {
			return fmt.Errorf("committing: %w", err)
		}
		if len(t.Change.Jobs) > 0 {
			rec.wake()
		}
		return nil
	}
	return fmt.Errorf("committing: %w, %d times in a row", store.ErrStale, maxRounds)
}

// useKept is how long a use is known that made something: as long as platforms deliver
// it again.
const useKept = 30 * time.Minute

// ErrDone says that a use has made what it was to make: the platform delivers it again.
var ErrDone = errors.New("it was done when it came first")

// Once has the round happen once for a use, however often and to how many processes its
// platform delivers it: that it was done is written with what it does. A use without an
// id is always new. At most one round of a use in a partition may ask. The error is
// ErrDone, or the store's.
func (t *Tx) Once(use string) error {
	if use == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(use))
	t.once = store.Key{Partition: t.Change.Partition, Kind: "use", ID: hex.EncodeToString(sum[:20])}
	if t.round > 0 { // what was in the way may have been this
		if err := t.Get(t.once, &json.RawMessage{}); err != nil {
			return err
		}
		if t.Has(t.once) {
			return ErrDone
		}
	}
	t.Put(t.once, struct{}{}, t.Rec.now().Add(useKept))
	return nil
}

// isDone says of a round that failed whether it was written all the same, and only the
// answer was lost.
func (t *Tx) isDone() bool {
	if t.once.ID == "" {
		return false
	}
	docs, err := t.Rec.store.Get(t.Ctx, t.once)
	return err == nil && docs[0].Rev > 0
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
