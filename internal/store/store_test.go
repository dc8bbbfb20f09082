package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
)

var start = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return start }

func openBolt(t *testing.T) store.Store {
	t.Helper()
	s, err := bolt.OpenThrowaway(clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func openRedis(t *testing.T) store.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), "redis://"+miniredis.RunT(t).Addr(), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// fill puts a village of a few people into a store.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	for i := range 40 {
		p := fmt.Sprintf("p/%d", i)
		c := store.Change{Partition: p}
		for n := range 12 {
			d := store.Doc{
				Key:    store.Key{Partition: p, Kind: "note", ID: fmt.Sprint(n)},
				Body:   []byte(strings.Repeat("\x00\n<&>", n)),
				Listed: []store.Entry{{Name: "all", Score: int64(n - 3)}, {Name: "<&>", Score: store.MaxScore}},
			}
			if n%2 == 0 {
				d.Expires = start.Add(time.Duration(n+1) * time.Hour)
			}
			c.Puts = append(c.Puts, d)
			c.Jobs = append(c.Jobs, store.Job{Partition: p, ID: fmt.Sprint("j", n), Kind: "notice", Due: start.Add(time.Duration(n) * time.Minute), Body: []byte{0xff, byte(n)}})
		}
		if err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	big := store.Doc{Key: store.Key{Partition: "g/maple", Kind: "note", ID: "big"}, Body: bytes.Repeat([]byte{0xff, '"', '\\'}, store.MaxBody/3)}
	if err := s.Commit(t.Context(), store.Change{Partition: "g/maple", Puts: []store.Doc{big}}); err != nil {
		t.Fatal(err)
	}
}

const filled = 40*24 + 1

// everything lists what a store holds in a fixed order.
func everything(t *testing.T, s store.Store) (docs []store.Doc, jobs []store.Job) {
	t.Helper()
	err := s.Walk(t.Context(),
		func(d store.Doc) error { docs = append(docs, d); return nil },
		func(j store.Job) error { jobs = append(jobs, j); return nil })
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(docs, func(a, b store.Doc) int { return strings.Compare(fmt.Sprint(a.Key), fmt.Sprint(b.Key)) })
	slices.SortFunc(jobs, func(a, b store.Job) int { return strings.Compare(a.Partition+" "+a.ID, b.Partition+" "+b.ID) })
	return docs, jobs
}

func backup(t *testing.T, s store.Store) []byte {
	t.Helper()
	var stream bytes.Buffer
	if err := store.Backup(t.Context(), s, &stream); err != nil {
		t.Fatal(err)
	}
	return stream.Bytes()
}

// TestBackupBothWays: from the file to Redis, back, and nothing is missing.
func TestBackupBothWays(t *testing.T) {
	first, second, third := openBolt(t), openRedis(t), openBolt(t)
	fill(t, first)
	wantDocs, wantJobs := everything(t, first)
	from := first
	for _, to := range []store.Store{second, third} {
		n, err := store.Restore(t.Context(), to, bytes.NewReader(backup(t, from)), "")
		if err != nil || n != filled {
			t.Fatalf("restored %d of %d, %v", n, filled, err)
		}
		docs, jobs := everything(t, to)
		same := cmp.Comparer(bytes.Equal)
		if diff := cmp.Diff(wantDocs, docs, same) + cmp.Diff(wantJobs, jobs, same); diff != "" {
			t.Fatalf("%T (-want +got):\n%s", to, diff)
		}
		if n, err := to.Count(t.Context(), "p/7", "all", 0, 4); n != 5 || err != nil {
			t.Errorf("the index counts %d, %v", n, err)
		}
		from = to
	}
}

// TestDamagedBackups: whatever is wrong is noticed before anything is written.
func TestDamagedBackups(t *testing.T) {
	source := openBolt(t)
	person := func(id string) store.Change {
		return store.Change{
			Partition: "p/maya",
			Puts:      []store.Doc{{Key: store.Key{Partition: "p/maya", Kind: "note", ID: id}, Body: []byte("kept")}},
			Jobs:      []store.Job{{Partition: "p/maya", ID: id, Kind: "notice", Due: start}},
		}
	}
	if err := errors.Join(source.CommitAll(t.Context(), []store.Change{person("a"), person("b")})...); err != nil {
		t.Fatal(err)
	}
	whole := backup(t, source)
	target := openBolt(t)
	refuse := func(what string, stream []byte) {
		t.Helper()
		n, err := store.Restore(t.Context(), target, bytes.NewReader(stream), "")
		if !errors.Is(err, store.ErrBackup) || n != 0 {
			t.Errorf("%s: restored %d, %v", what, n, err)
		}
		if docs, jobs := everything(t, target); len(docs)+len(jobs) > 0 {
			t.Fatalf("%s: %d documents and %d jobs were written", what, len(docs), len(jobs))
		}
	}
	for n := range len(whole) - 1 { // the very last byte is only a line's end
		refuse(fmt.Sprintf("cut after %d bytes", n), whole[:n])
	}
	for i := range whole[:len(whole)-1] {
		changed := slices.Clone(whole)
		changed[i] ^= 1
		refuse(fmt.Sprintf("byte %d changed", i), changed)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	refuse("a line left out", slices.Concat(slices.Delete(slices.Clone(lines), 2, 3)...))
	refuse("two lines in another order", slices.Concat(lines[0], lines[2], lines[1], slices.Concat(lines[3:]...)))
	refuse("something behind the end", slices.Concat(whole, lines[1]))
	refuse("a letter", []byte("dear village,\n"))
	refuse("another program's lines", []byte(`{"backup":"garden","version":1}`+"\n"))
	refuse("a newer version", sealed(`{"backup":"village","version":2}`))
	refuse("a line of nothing", sealed(`{"backup":"village","version":1}`, `{}`))
	refuse("what the store would refuse", sealed(`{"backup":"village","version":1}`, `{"doc":{"partition":"p/a b","kind":"note","id":"x","body":""}}`))
	refuse("a line without end", append(slices.Clone(lines[0]), bytes.Repeat([]byte("x"), 2*store.MaxBody)...))

	if n, err := store.Restore(t.Context(), target, bytes.NewReader(whole), ""); n != 4 || err != nil {
		t.Errorf("the whole one: %d, %v", n, err)
	}
	if n, err := store.Restore(t.Context(), target, bytes.NewReader(whole), ""); n != 0 || !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("over what is there: %d, %v", n, err)
	}
}

// sealed ends lines with a true count and checksum.
func sealed(lines ...string) []byte {
	text := strings.Join(lines, "\n") + "\n"
	sum := sha256.Sum256([]byte(text))
	return fmt.Appendf(nil, `%s{"end":{"docs":%d,"jobs":0,"sha256":"%s"}}`+"\n", text, strings.Count(text, `"doc"`), hex.EncodeToString(sum[:]))
}

// TestBrokenPipes: an error on the way out or in is not a finished copy.
func TestBrokenPipes(t *testing.T) {
	source := openBolt(t)
	fill(t, source)
	full := errors.New("the disk is full")
	if err := store.Backup(t.Context(), source, broken{full}); !errors.Is(err, full) {
		t.Errorf("backup: %v", err)
	}
	if n, err := store.Restore(t.Context(), openBolt(t), broken{full}, t.TempDir()); n != 0 || !errors.Is(err, full) {
		t.Errorf("restore: %d, %v", n, err)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
func (b broken) Read([]byte) (int, error)  { return 0, b.err }

func TestMilli(t *testing.T) {
	exact := time.UnixMilli(1_795_000_000_123)
	between := exact.Add(time.Microsecond)
	for _, test := range []struct{ got, want int64 }{
		{store.DueMilli(exact), 1_795_000_000_123},
		{store.DueMilli(between), 1_795_000_000_124},
		{store.ExpiryMilli(exact), 1_795_000_000_123},
		{store.ExpiryMilli(between), 1_795_000_000_123},
		{store.ExpiryMilli(time.Time{}), 0},
	} {
		if test.got != test.want {
			t.Errorf("got %d, want %d", test.got, test.want)
		}
	}
	if !store.FromMilli(0).IsZero() || !store.FromMilli(1_795_000_000_123).Equal(exact) {
		t.Error("kept times do not come back")
	}
}
