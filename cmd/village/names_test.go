package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"village/internal/store"
	"village/internal/store/bolt"
)

// TestNames: a process keeps its name over a crash and has it back within three
// seconds; one that lives keeps its own, and the next takes another; nobody waits for
// a name that was given back.
func TestNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := bolt.OpenThrowaway(time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		claim := func(want string, within time.Duration) *naming {
			t.Helper()
			begun := time.Now()
			n, err := claimName(t.Context(), s, time.Now, "maple")
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begun); n.name != want || took > within {
				t.Errorf("it is called %s after %v, want %s within %v", n.name, took, want, within)
			}
			return n
		}
		live := func(n *naming) (die func()) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() { ended <- n.keep(ctx, slog.New(slog.DiscardHandler)) }()
			return func() {
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
		}
		first := claim("maple", 0)
		die := live(first)
		second := claim("maple-2", 2*nameBeat)
		dieToo := live(second)
		<-time.After(time.Hour)

		die() // killed: it gives nothing back
		first = claim("maple", 3*time.Second)
		die = live(first)
		dieToo()
		claim("maple-2", 3*time.Second)

		die()
		if err := first.leave(t.Context()); err != nil {
			t.Error(err)
		}
		claim("maple", 0)
	})
}

// TestTwoWithOneName: of two that start at once each has its own name. One that was
// silent for so long that it was taken for dead ends when it comes back.
func TestTwoWithOneName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := bolt.OpenThrowaway(time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		old, err := claimName(t.Context(), s, time.Now, "maple")
		if err != nil {
			t.Fatal(err)
		}
		names := make(chan *naming)
		for range 2 {
			go func() {
				n, err := claimName(t.Context(), s, time.Now, "maple")
				if err != nil {
					t.Error(err)
				}
				names <- n
			}()
		}
		a, b := <-names, <-names
		if got := map[string]bool{a.name: true, b.name: true}; !got["maple"] || !got["maple-2"] {
			t.Errorf("they are called %s and %s", a.name, b.name)
		}
		if err := old.keep(t.Context(), slog.New(slog.DiscardHandler)); !errors.Is(err, errNameTaken) {
			t.Errorf("whose name was taken: %v", err)
		}
		if err := old.leave(t.Context()); err != nil {
			t.Errorf("and it gives it back: %v", err)
		}
		// A beat whose answer was lost, and a name that was forgotten meanwhile, are
		// nobody else's.
		a.doc.Rev--
		if err := a.again(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Commit(t.Context(), store.Change{Partition: a.doc.Partition, Deletes: []store.Check{{Key: a.doc.Key, Rev: a.doc.Rev}}}); err != nil {
			t.Fatal(err)
		}
		if err := a.again(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
