package records

import (
	"context"
	"testing"
	"time"

	"village/internal/store"
	"village/internal/store/bolt"
)

type countingGets struct {
	store.Store
	gets int
}

func (c *countingGets) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	c.gets++
	return c.Store.Get(ctx, keys...)
}

// Within a visit a document is read once, what the visit commits it sees, and
// what somebody else has changed meanwhile is read anew before anything is
// written.
func TestVisit(t *testing.T) {
	s, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	counting := &countingGets{Store: s}
	rec := New(counting, nil, time.Now, func() {})
	key := GroupKey("oak")
	add := func(ctx context.Context, n int) (seen int) {
		err := rec.Change(ctx, key.Partition, func(tx *Tx) error {
			seen = 0
			if err := tx.Get(key, &seen); err != nil {
				return err
			}
			tx.Put(key, seen+n, time.Time{})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	ctx := Visit(t.Context())
	if err := rec.Fetch(ctx, key, MemberKey("sam")); err != nil {
		t.Fatal(err)
	}
	var n int
	for range 3 {
		if _, err := rec.Read(ctx, key, &n); err != nil {
			t.Fatal(err)
		}
	}
	if counting.gets != 1 {
		t.Errorf("one document was read %d times", counting.gets)
	}
	add(ctx, 1)
	if seen := add(ctx, 1); seen != 1 {
		t.Errorf("the visit reads %d after its own 1", seen)
	}
	if _, err := rec.Read(ctx, key, &n); err != nil || n != 2 {
		t.Errorf("the visit reads %d, %v", n, err)
	}
	add(t.Context(), 10) // somebody else
	if seen := add(ctx, 1); seen != 12 {
		t.Errorf("the visit went on from %d when there was 12", seen)
	}
}
