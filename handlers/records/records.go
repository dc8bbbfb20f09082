// Package records is what is kept: the key, the lists and the life of each kind
// of document, the jobs that are owed beside them, and the round of reading,
// deciding and committing in which they change. It says nothing to anybody; the
// rules are in village.
package records

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// Records is everything that is kept, over one store.
type Records struct {
	store   store.Store
	keyring *village.Keyring
	now     func() time.Time
	wake    func()
	acts    atomic.Uint32 // done so far
}

// New makes Records over a store. Sealed words are opened and sealed with the
// keyring, wake is told that something may be due at once.
func New(s store.Store, keyring *village.Keyring, now func() time.Time, wake func()) *Records {
	return &Records{store: s, keyring: keyring, now: now, wake: wake}
}

// All reads a whole index, page by page.
func (rec *Records) All(ctx context.Context, q store.Query) ([]store.Doc, error) {
	var out []store.Doc
	for {
		docs, err := rec.store.List(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", q.Index, err)
		}
		out = append(out, docs...)
		if len(docs) < 1000 {
			return out, nil
		}
		q.After = &docs[len(docs)-1]
	}
}

// RemoveDoc deletes a document, if it is there.
func (rec *Records) RemoveDoc(ctx context.Context, key store.Key) error {
	return rec.Change(ctx, key.Partition, func(t *Tx) error {
		var raw json.RawMessage
		if err := t.Get(key, &raw); err != nil {
			return err
		}
		t.Remove(key)
		return nil
	})
}

// EndOfTime is a score after everything.
const EndOfTime = 1 << 60

// Read reads one document into v and gives its revision, 0 when there is none.
func (rec *Records) Read(ctx context.Context, key store.Key, v any) (rev int64, err error) {
	docs, err := rec.get(ctx, key)
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

// List reads all documents of one kind in an index, oldest score first, at
// most limit.
func List[T any](ctx context.Context, rec *Records, q store.Query, kind string) ([]T, error) {
	most := q.Limit
	if most == 0 || most > store.MaxPage {
		q.Limit = store.MaxPage
	}
	var out []T
	for {
		docs, err := rec.list(ctx, q)
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
