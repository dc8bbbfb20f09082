package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"village/internal/store"
	"village/internal/store/bolt"
)

const pageSize = 4096

// TestDamagedPages: whatever page is lost or changed, the program ends in no panic
// and no circle, and a page that mattered becomes a sentence that says what to do.
func TestDamagedPages(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "village.db")
	s := open(t, path, time.Now)
	for p := range 12 {
		c := store.Change{Partition: fmt.Sprint("p/", p)}
		for i := range 25 {
			id := fmt.Sprint("n", i)
			c.Puts = append(c.Puts, store.Doc{
				Key: store.Key{Partition: c.Partition, Kind: "note", ID: id}, Body: []byte(strings.Repeat("kept ", 60)),
				Expires: time.Now().Add(time.Hour), Listed: []store.Entry{{Name: "all", Score: int64(i)}},
			})
			c.Jobs = append(c.Jobs, store.Job{Partition: c.Partition, ID: id, Kind: "notice", Due: time.Now()})
		}
		if err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, data []byte) bool {
		t.Helper()
		damaged := filepath.Join(folder, "damaged.db")
		write(t, damaged, data)
		err := use(t.Context(), damaged)
		if errors.Is(err, store.ErrDamaged) && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", what, err)
		}
		return err != nil
	}
	if try("the whole file", whole) {
		t.Fatal("the whole file cannot be used")
	}
	found := 0
	for at := 2 * pageSize; at < len(whole); at += pageSize {
		data := append([]byte{}, whole...)
		clear(data[at : at+pageSize])
		if try(fmt.Sprintf("page %d of nothing", at/pageSize), data) {
			found++
		}
	}
	if pages := len(whole)/pageSize - 2; found < pages/3 {
		t.Errorf("%d of %d pages were missed", found, pages)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		data := append([]byte{}, whole...)
		from, to := random.IntN(len(data)-64), random.IntN(len(data)-64)
		copy(data[to:to+1+random.IntN(64)], whole[from:])
		try(fmt.Sprintf("random damage %d", n), data)
	}
	for _, part := range []int{4, 2} {
		try("cut", whole[:len(whole)/part])
	}
}

// use does with a file what a program does.
func use(ctx context.Context, path string) error {
	s, err := bolt.Open(path, time.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Check(ctx); err != nil {
		return err
	}
	err = s.Walk(ctx, func(store.Doc) error { return nil }, func(store.Job) error { return nil })
	if err != nil {
		return err
	}
	if _, err := s.Lease(ctx, 20, time.Minute); err != nil {
		return err
	}
	if err := s.Commit(ctx, note); err != nil && !errors.Is(err, store.ErrStale) {
		return err
	}
	if _, err := s.Sweep(ctx, 100); err != nil {
		return err
	}
	return s.Health(ctx)
}

// TestReadOnly: to look at a store changes nothing and makes nothing.
func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "village.db")
	if _, err := bolt.OpenReadOnly(path, time.Now); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("where there is none: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder was made: %v", err)
	}
	s := open(t, path, time.Now)
	if err := errors.Join(s.Commit(t.Context(), note), s.Close()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err = bolt.OpenReadOnly(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := s.Get(t.Context(), note.Puts[0].Key)
	if err != nil || string(docs[0].Body) != "kept" {
		t.Errorf("read %v, %v", docs, err)
	}
	if err := errors.Join(s.Check(t.Context()), s.Health(t.Context())); err != nil {
		t.Error(err)
	}
	if err := s.Commit(t.Context(), note); err == nil {
		t.Error("it was written")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file has changed: %v", err)
	}
}

// TestRemovedWhileOpen: health notices that what is written goes nowhere.
func TestRemovedWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "village.db")
	s := open(t, path, time.Now)
	if err := errors.Join(s.Health(t.Context()), os.Remove(path)); err != nil {
		t.Fatal(err)
	}
	if err := s.Health(t.Context()); !errors.Is(err, store.ErrGone) {
		t.Errorf("removed: %v", err)
	}
}

// TestSnapshot: a copy that is taken while others write is whole.
func TestSnapshot(t *testing.T) {
	folder := t.TempDir()
	s := open(t, filepath.Join(folder, "village.db"), time.Now)
	if err := s.Commit(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(folder, "copy.db")
	out, err := os.Create(copied)
	if err != nil {
		t.Fatal(err)
	}
	more := note
	more.Puts = []store.Doc{{Key: store.Key{Partition: "p/maya", Kind: "note", ID: "b"}}}
	if err := errors.Join(s.Snapshot(t.Context(), out), out.Close(), s.Commit(t.Context(), more)); err != nil {
		t.Fatal(err)
	}
	c := open(t, copied, time.Now)
	docs, err := c.Get(t.Context(), note.Puts[0].Key, more.Puts[0].Key)
	if err = errors.Join(err, c.Check(t.Context())); err != nil || docs[0].Rev != 1 || docs[1].Rev != 0 {
		t.Errorf("the copy holds %v, %v", docs, err)
	}
}
