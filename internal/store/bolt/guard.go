package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"village/internal/store"
)

// guard carries out what reads the file. bbolt panics where a page is not what it
// should be, and reading behind the end of a file that was cut is a fault of the
// machine; both are store.ErrDamaged here.
func guard(f func() error) (err error) {
	faults := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(faults)
	defer func() {
		if cause := recover(); cause != nil {
			err = damage("reading it ended in %T", cause) // what is panicked with may hold people's words
		}
	}()
	return f()
}

// note remembers that something could not be read, for Health.
func (s *Store) note(err error) error {
	if errors.Is(err, store.ErrDamaged) {
		s.broken.CompareAndSwap(nil, &err)
	}
	return err
}

// update writes in one transaction.
func (s *Store) update(f func(tx *bbolt.Tx) error) error {
	if s.readOnly {
		return errors.New("the store was opened to be looked at, and nothing can be written")
	}
	return s.note(guard(func() error { return s.db.Update(f) }))
}

// voidLeases makes what an earlier owner of the file had leased due again, as it was.
func (s *Store) voidLeases() error {
	var held [][]byte
	err := s.view(context.Background(), func(tx *bbolt.Tx, _ int64) error {
		return bucket(tx, jobs).ForEach(func(key, value []byte) error {
			if isLeased(value) {
				held = append(held, append([]byte{}, key...))
			}
			return nil
		})
	})
	if err != nil || len(held) == 0 {
		return err
	}
	return s.update(func(tx *bbolt.Tx) error {
		t := newTxn(tx, s.now().UnixMilli())
		for _, key := range held {
			before, found, err := t.job(key)
			if err != nil || !found {
				return err
			}
			after := before
			after.at, after.token = store.Place(before.due, before.urgent()), ""
			if err := t.moveJob(key, before, true, after); err != nil {
				return err
			}
		}
		return nil
	})
}

// Check looks at everything there is in the file: its pages, by bbolt's own rules too,
// and every record. The error is store.ErrDamaged, in words for an operator.
func (s *Store) Check(ctx context.Context) error {
	err := s.view(ctx, func(tx *bbolt.Tx, _ int64) error {
		var first error
		for err := range tx.Check() {
			if first == nil {
				first = damage("%v", err)
			}
		}
		return first
	})
	if err == nil {
		err = s.Walk(ctx, func(store.Doc) error { return nil }, func(store.Job) error { return nil })
	}
	if err != nil {
		return explain(s.path, err)
	}
	return nil
}

// Snapshot writes the store as it is at one instant to w, as a file that Open reads.
// The store goes on working meanwhile. An error means that the copy is not whole.
func (s *Store) Snapshot(ctx context.Context, w io.Writer) error {
	return s.view(ctx, func(tx *bbolt.Tx, _ int64) error {
		if _, err := tx.WriteTo(w); err != nil {
			return fmt.Errorf("copying the store's file: %w", err)
		}
		return nil
	})
}
