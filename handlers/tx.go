package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"village/internal/store"
)

// tx is one read-decide-commit round in one partition. Whatever was read must
// still be so when it commits.
type tx struct {
	ctx    context.Context
	app    *App
	change store.Change
	revs   map[store.Key]int64
	err    error // what went wrong on the way, see fail
}

// fail lets the round fail where there is no other way to say so.
func (t *tx) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// maxRounds bounds how often a change is tried again. Every round that fails
// means that somebody else's succeeded.
const maxRounds = 100

// change reads, lets f decide, and commits; when something it read has changed
// meanwhile, it starts again from the beginning. f must have no other effect
// than on its tx and on variables that it sets anew each time.
func (a *App) change(ctx context.Context, partition string, f func(t *tx) error) error {
	for range maxRounds {
		t := &tx{ctx: ctx, app: a, change: store.Change{Partition: partition}, revs: map[store.Key]int64{}}
		if err := f(t); err != nil {
			return err
		}
		if t.err != nil {
			return t.err
		}
		if !t.dirty() {
			return nil
		}
		err := a.Store.Commit(ctx, t.finish())
		if errors.Is(err, store.ErrStale) {
			continue
		}
		if err != nil {
			return fmt.Errorf("committing: %w", err)
		}
		if len(t.change.Jobs) > 0 {
			a.Wake()
		}
		return nil
	}
	return fmt.Errorf("committing: %w, %d times in a row", store.ErrStale, maxRounds)
}

func (t *tx) dirty() bool {
	c := t.change
	return len(c.Puts)+len(c.Deletes)+len(c.Jobs)+len(c.Cancels)+len(c.Settles) > 0
}

// finish turns documents that were read and not written into checks.
func (t *tx) finish() store.Change {
	written := map[store.Key]bool{}
	for _, d := range t.change.Puts {
		written[d.Key] = true
	}
	for _, d := range t.change.Deletes {
		written[d.Key] = true
	}
	for key, rev := range t.revs {
		if !written[key] {
			t.change.Checks = append(t.change.Checks, store.Check{Key: key, Rev: rev})
		}
	}
	return t.change
}

// get reads a document into v, which stays as it is when there is none.
func (t *tx) get(key store.Key, v any) error {
	rev, err := t.app.read(t.ctx, key, v)
	t.revs[key] = rev
	return err
}

// has says whether a document that was read is there.
func (t *tx) has(key store.Key) bool { return t.revs[key] > 0 }

// put writes a document that was read before, or a new one.
func (t *tx) put(key store.Key, v any, expires time.Time, listed ...store.Entry) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", v, err)) // a mistake in our own types
	}
	t.change.Puts = slices.DeleteFunc(t.change.Puts, func(d store.Doc) bool { return d.Key == key })
	t.change.Puts = append(t.change.Puts, store.Doc{Key: key, Rev: t.revs[key], Body: body, Expires: expires, Listed: listed})
}

// remove deletes a document that was read before.
func (t *tx) remove(key store.Key) {
	if t.has(key) {
		t.change.Deletes = append(t.change.Deletes, store.Check{Key: key, Rev: t.revs[key]})
	}
}

// drop deletes a document, whatever is in it.
func (t *tx) drop(key store.Key) error {
	if err := t.get(key, &json.RawMessage{}); err != nil {
		return err
	}
	t.remove(key)
	return nil
}

// puts says whether a document is written in this round already.
func (t *tx) puts(key store.Key) bool {
	return slices.ContainsFunc(t.change.Puts, func(d store.Doc) bool { return d.Key == key })
}

func (t *tx) job(id, kind string, due time.Time, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", body, err))
	}
	t.change.Jobs = slices.DeleteFunc(t.change.Jobs, func(j store.Job) bool { return j.ID == id })
	t.change.Jobs = append(t.change.Jobs, store.Job{Partition: t.change.Partition, ID: id, Kind: kind, Due: due, Body: raw})
}

// cancel takes a job back, one that was put in this round included.
func (t *tx) cancel(id string) {
	t.change.Jobs = slices.DeleteFunc(t.change.Jobs, func(j store.Job) bool { return j.ID == id })
	t.change.Cancels = append(t.change.Cancels, id)
}

// read reads one document into v and gives its revision, 0 when there is none.
func (a *App) read(ctx context.Context, key store.Key, v any) (rev int64, err error) {
	docs, err := a.Store.Get(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("reading %s: %w", key.Kind, err)
	}
	if docs[0].Rev == 0 {
		return 0, nil
	}
	if err := json.Unmarshal(docs[0].Body, v); err != nil {
		return 0, fmt.Errorf("reading %s: %w", key.Kind, err)
	}
	return docs[0].Rev, nil
}

// list reads all documents of one kind in an index, oldest score first, at
// most limit.
func list[T any](ctx context.Context, a *App, q store.Query, kind string) ([]T, error) {
	most := q.Limit
	if most == 0 || most > store.MaxPage {
		q.Limit = store.MaxPage
	}
	var out []T
	for {
		docs, err := a.Store.List(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", kind, err)
		}
		for i := range docs {
			if docs[i].Kind != kind {
				continue
			}
			var v T
			if err := json.Unmarshal(docs[i].Body, &v); err != nil {
				return nil, fmt.Errorf("listing %s: %w", kind, err)
			}
			out = append(out, v)
			if most > 0 && len(out) == most {
				return out, nil
			}
		}
		if len(docs) < q.Limit {
			return out, nil
		}
		q.After = &docs[len(docs)-1]
	}
}
