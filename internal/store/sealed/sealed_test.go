package sealed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
	"village/internal/village"
)

func ring(t testing.TB, keys ...byte) *village.Keyring {
	t.Helper()
	var words []string
	for _, k := range keys {
		words = append(words, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{k}, village.KeySize)))
	}
	r, err := village.ParseKeyring(strings.Join(words, ","))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func throwaway(t testing.TB, now func() time.Time) store.Store {
	t.Helper()
	s, err := bolt.OpenThrowaway(now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// What is sealed keeps the contract, but for the order of ties, for which names that
// sort as they did stand in.
func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		s, err := Open(t.Context(), throwaway(t, now), ring(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		s.names.of = func(_ byte, parts ...string) string {
			name := hex.EncodeToString([]byte(parts[len(parts)-1]))
			if len(name) > store.MaxName {
				return fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
			}
			return name
		}
		return s
	})
}

var (
	plainKey = store.Key{Partition: "g/maple", Kind: "need", ID: "zebedee"}
	plain    = store.Change{
		Partition: plainKey.Partition,
		Puts:      []store.Doc{{Key: plainKey, Body: []byte(`{"for":"zebedee"}`), Listed: []store.Entry{{Name: "person/zebedee", Score: 7}, {Name: "open", Score: 8}}}},
		Jobs:      []store.Job{{Partition: plainKey.Partition, ID: "need/zebedee", Kind: "need", Due: time.Unix(1e9, 0).UTC(), Body: []byte(`{"to":"zebedee"}`)}},
	}
)

// whole is all that a reader sees, and how often they see a name.
func whole(t *testing.T, s store.Store) (all string, names int) {
	t.Helper()
	err := s.Walk(t.Context(), func(d store.Doc) error {
		all += fmt.Sprintf("%s %s\n", d.Key, d.Body) + fmt.Sprint(d.Listed)
		return nil
	},
		func(j store.Job) error { all += fmt.Sprintf("%s %s %s\n", j.Partition, j.ID, j.Body); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return all, strings.Count(all, "zebedee")
}

func open(t *testing.T, inner store.Store, keys *village.Keyring) *Store {
	t.Helper()
	s, err := Open(t.Context(), inner, keys)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func holds(t *testing.T, s store.Store) {
	t.Helper()
	docs, err := s.List(t.Context(), store.Query{Partition: plainKey.Partition, Index: "person/zebedee"})
	if err != nil || len(docs) != 1 || docs[0].Key != plainKey || string(docs[0].Body) != string(plain.Puts[0].Body) || len(docs[0].Listed) != 2 {
		t.Errorf("listed %+v, %v", docs, err)
	}
	jobs, err := s.Pending(t.Context(), plainKey.Partition, 0)
	if err != nil || len(jobs) != 1 || jobs[0].ID != plain.Jobs[0].ID || string(jobs[0].Body) != string(plain.Jobs[0].Body) {
		t.Errorf("pending are %+v, %v", jobs, err)
	}
}

// What an older version left in clear is sealed when the store is opened, and reads
// as before; Look leaves it as it is.
func TestOpensWhatIsInClear(t *testing.T) {
	inner := throwaway(t, time.Now)
	if err := inner.Commit(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	as, err := Look(t.Context(), inner, ring(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, as)
	if _, names := whole(t, inner); names != 5 {
		t.Fatalf("%d names in clear before", names)
	}
	for range 2 {
		s := open(t, inner, ring(t, 1))
		holds(t, s)
		if all, names := whole(t, inner); names != 0 {
			t.Errorf("in clear: %s", all)
		}
		if _, names := whole(t, s); names != 5 {
			t.Errorf("%d names when opened", names)
		}
	}
	if as, err = Look(t.Context(), inner, ring(t, 1)); err != nil {
		t.Fatal(err)
	}
	holds(t, as)
}

// Sealing that was cut off after some of it was written is begun again.
func TestCutOff(t *testing.T) {
	for after := range 3 {
		inner := throwaway(t, time.Now)
		if err := inner.Commit(t.Context(), plain); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), &failing{inner, after}, ring(t, 1)); !errors.Is(err, errPower) {
			t.Fatalf("after %d: %v", after, err)
		}
		holds(t, open(t, inner, ring(t, 1)))
		if all, names := whole(t, inner); names != 0 {
			t.Errorf("after %d, in clear: %s", after, all)
		}
	}
}

var errPower = errors.New("the power is gone")

type failing struct {
	store.Store
	left int
}

func (f *failing) commit() error {
	f.left--
	if f.left < 0 {
		return errPower
	}
	return nil
}

func (f *failing) Commit(ctx context.Context, c store.Change) error {
	if err := f.commit(); err != nil {
		return err
	}
	return f.Store.Commit(ctx, c)
}

func (f *failing) CommitAll(ctx context.Context, cs []store.Change) []error {
	if err := f.commit(); err != nil {
		return []error{err}
	}
	return f.Store.CommitAll(ctx, cs)
}

// A new key takes over at the next start, and the old one can go then. With neither,
// nothing is opened and nothing is touched.
func TestAnotherKey(t *testing.T) {
	inner := throwaway(t, time.Now)
	if err := open(t, inner, ring(t, 1)).Commit(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	before, _ := whole(t, inner)
	for name, err := range map[string]error{
		"open": func() error { _, err := Open(t.Context(), inner, ring(t, 2)); return err }(),
		"look": func() error { _, err := Look(t.Context(), inner, ring(t, 2)); return err }(),
	} {
		if !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := whole(t, inner); after != before {
		t.Error("something was touched")
	}
	holds(t, open(t, inner, ring(t, 2, 1)))
	holds(t, open(t, inner, ring(t, 2)))
}

// A body opens nowhere but where it was kept.
func TestBound(t *testing.T) {
	inner := throwaway(t, time.Now)
	s := open(t, inner, ring(t, 1))
	other := plainKey
	other.ID = "quokka"
	if err := s.Commit(t.Context(), store.Change{Partition: other.Partition, Puts: []store.Doc{{Key: plainKey, Body: []byte("1")}, {Key: other, Body: []byte("2")}}}); err != nil {
		t.Fatal(err)
	}
	at, to := s.names.hide(plainKey), s.names.hide(other)
	docs, err := inner.Get(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	moved := store.Doc{Key: to, Rev: 1, Body: docs[0].Body}
	if err := inner.Commit(t.Context(), store.Change{Partition: to.Partition, Puts: []store.Doc{moved}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), other); !errors.Is(err, village.ErrSealed) {
		t.Errorf("moved, it reads with %v", err)
	}
	if _, err := s.Get(t.Context(), plainKey); err != nil {
		t.Error(err)
	}
}

// A job that cannot be opened does not hold up the others.
func TestSpoiltJob(t *testing.T) {
	inner := throwaway(t, time.Now)
	s := open(t, inner, ring(t, 1))
	if err := s.Commit(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	spoilt := store.Job{Partition: "g/spoilt", ID: "x", Kind: "need", Due: time.Unix(1, 0), Body: []byte("\x01spoilt spoilt spoilt spoilt spoilt spoilt")}
	if err := inner.Commit(t.Context(), store.Change{Partition: spoilt.Partition, Jobs: []store.Job{spoilt}}); err != nil {
		t.Fatal(err)
	}
	jobs, err := s.Lease(t.Context(), 10, time.Minute)
	if err != nil || len(jobs) != 1 || jobs[0].ID != plain.Jobs[0].ID {
		t.Errorf("leased %v, %v", jobs, err)
	}
}

func BenchmarkBolt(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		storetest.Bench(b, func(b *testing.B, now func() time.Time) store.Store { return throwaway(b, now) })
	})
	b.Run("sealed", func(b *testing.B) {
		storetest.Bench(b, func(b *testing.B, now func() time.Time) store.Store {
			s, err := Open(b.Context(), throwaway(b, now), ring(b, 1))
			if err != nil {
				b.Fatal(err)
			}
			return s
		})
	})
}
