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
	gets, lists int
}

func (c *countingGets) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	c.lists++
	return c.Store.List(ctx, q)
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

// Within a visit an index is listed once, until something is committed.
func TestVisitLists(t *testing.T) {
	s, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	counting := &countingGets{Store: s}
	rec := New(counting, nil, time.Now, func() {})
	ctx := Visit(t.Context())
	look := func(want int) {
		t.Helper()
		for range 2 {
			found, err := List[int](ctx, rec, store.Query{Partition: GroupPartition("oak"), Index: PersonIndex("maya")}, KindCourse)
			if err != nil || len(found) != want {
				t.Errorf("listed %v, %v; want %d", found, err, want)
			}
		}
	}
	look(0)
	err = rec.Change(ctx, GroupPartition("oak"), func(tx *Tx) error {
		tx.Put(CourseKey("oak", "k7m2p9"), 1, time.Time{}, store.Entry{Name: PersonIndex("maya"), Score: 1})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	look(1)
	if counting.lists != 2 {
		t.Errorf("listed %d times, and once before and once after the change is enough", counting.lists)
	}
}
