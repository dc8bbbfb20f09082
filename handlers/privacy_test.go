package handlers

import (
	"context"
	"fmt"
	"testing"
	"time"

	"village/handlers/records"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/village"
)

// weighed is a store that counts the documents and the jobs that it gives.
type weighed struct {
	store.Store
	given int
}

func (w *weighed) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	docs, err := w.Store.List(ctx, q)
	w.given += len(docs)
	return docs, err
}

func (w *weighed) Pending(ctx context.Context, partition string, limit int) ([]store.Job, error) {
	jobs, err := w.Store.Pending(ctx, partition, limit)
	w.given += len(jobs)
	return jobs, err
}

func (w *weighed) Walk(ctx context.Context, doc func(store.Doc) error, job func(store.Job) error) error {
	return w.Store.Walk(ctx, func(d store.Doc) error { w.given++; return doc(d) }, func(j store.Job) error { w.given++; return job(j) })
}

// Forgetting somebody looks at their own groups alone, however much is owed to
// everybody else.
func TestForgettingLooksAtNobodyElse(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	var given [2]int
	for i, others := range []int{0, 1500} {
		var scale *weighed
		b, err := newBench(library, storeKind{open: func(now func() time.Time) (store.Store, error) {
			s, err := bolt.OpenThrowaway(now)
			scale = &weighed{Store: s}
			return scale, err
		}}, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 5)
		if err != nil {
			t.Fatal(err)
		}
		defer b.store.Close()
		err = b.app.Change(t.Context(), records.GroupPartition("console/oak"), func(t *records.Tx) error {
			for n := range others {
				t.PutJob(fmt.Sprint("x", n), records.KindNeedJob, b.clock().Add(time.Hour), struct{}{})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		b.mustSay(t, "maya", "/ask ride-home thu 1:30pm from: near Union Station")
		b.mustSay(t, "maya", "/remind add every day at 9am words: drink")
		scale.given = 0
		b.mustSay(t, "maya", "/privacy delete yes")
		given[i] = scale.given
	}
	if given[0] != given[1] || given[0] == 0 {
		t.Errorf("the store gives %d documents and jobs, and %d where others are owed something", given[0], given[1])
	}
}

// A group's jobs are all looked at, however many there are.
func TestForgottenAmongManyJobs(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, b *bench) {
		b.mustSay(t, "maya", "/need open")
		for some := range 3 {
			err := b.app.Change(t.Context(), records.GroupPartition("console/village"), func(t *records.Tx) error {
				for n := range 500 {
					t.PutJob(fmt.Sprint("x", some, "-", n), records.KindReminderJob, b.clock().Add(time.Hour), struct{}{})
				}
				t.PutJob(fmt.Sprint("last", some), records.KindNeedJob, b.clock().Add(48*time.Hour), village.Notice{To: village.Address{Person: "console/maya"}})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		b.mustSay(t, "maya", "/privacy delete yes")
		jobs, err := b.store.Pending(t.Context(), records.GroupPartition("console/village"), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.Kind == records.KindNeedJob {
				t.Errorf("%s is still owed to somebody who has gone", j.ID)
			}
		}
	})
}

// Whatever is kept about somebody has words for /privacy show and for an export.
func TestEveryKindIsTold(t *testing.T) {
	told, found := (&App{}).telling(t.Context()), map[string]bool{}
	for _, k := range aboutPeople() {
		if say, ok := told[k.Kind]; !ok || say.line == nil || say.all == nil {
			t.Errorf("nothing is said of a %s", k.Kind)
		}
		found[k.Kind] = true
	}
	for kind := range told {
		if found[kind] {
			continue
		}
		t.Errorf("a %s is told of, and found for nobody", kind)
	}
}
