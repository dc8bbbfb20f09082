package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
)

func BenchmarkBolt(b *testing.B) {
	storetest.Bench(b, func(b *testing.B, now func() time.Time) store.Store {
		s, err := bolt.Open(filepath.Join(b.TempDir(), "village.db"), now)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.Close() })
		return s
	})
	for _, many := range storetest.AtOnce() {
		b.Run(fmt.Sprintf("a bare update of the same keys, %d at once", many), func(b *testing.B) { benchBare(b, many) })
	}
}

// benchBare writes what a yes writes, unlooked at, in a transaction of its own.
func benchBare(b *testing.B, many int) {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("all")); return err }); err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	meter := storetest.NewMeter(b)
	storetest.EachAtOnce(b, many, func(worker, round int64) error {
		c := storetest.Yes(worker, round, now)
		return db.Update(func(tx *bbolt.Tx) error {
			all := tx.Bucket([]byte("all"))
			var errs []error
			for _, d := range c.Puts {
				errs = append(errs, all.Put([]byte("doc "+d.Partition+d.Kind+d.ID), d.Body))
			}
			for _, j := range c.Jobs {
				errs = append(errs, all.Put([]byte("job "+j.Partition+j.ID), j.Body), all.Put([]byte(j.Due.Format("due 20060102150405")+j.ID), nil))
			}
			for _, id := range c.Cancels {
				errs = append(errs, all.Delete([]byte("job "+c.Partition+id)))
			}
			return errors.Join(errs...)
		})
	})
	meter.Report(b, 1)
}
