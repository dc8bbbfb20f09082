package bolt_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
)

func TestMain(m *testing.M) {
	victim := storetest.IsVictim(func(path string) (store.Store, error) { return bolt.Open(path, time.Now) })
	if victim {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		return open(t, filepath.Join(t.TempDir(), "data", "village.db"), now)
	})
}

func TestContractThrowaway(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		s, err := bolt.OpenThrowaway(now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}

func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "village.db")
	storetest.SurvivesKill(t, path, func() (store.Store, error) { return bolt.Open(path, time.Now) })
}

// TestRestart: the file has one owner, so whatever is leased when it is opened is
// nobody's.
func TestRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "village.db")
	var last *bolt.Store
	storetest.Restart(t, func(t *testing.T, now func() time.Time, _ string) store.Store {
		if last != nil {
			if err := last.Close(); err != nil {
				t.Fatal(err)
			}
		}
		last = open(t, path, now)
		return last
	})
}

// TestLayoutOne: a file of an earlier version is read as it is.
func TestLayoutOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "village.db")
	old := note
	old.Jobs = []store.Job{{Partition: "p/maya", ID: "a", Kind: "notice", Due: time.Now()}}
	s := open(t, path, time.Now)
	if err := errors.Join(s.Commit(t.Context(), old), s.Close()); err != nil {
		t.Fatal(err)
	}
	setVersion(t, path, "1")
	jobs, err := open(t, path, time.Now).Lease(t.Context(), 10, time.Minute)
	if err != nil || len(jobs) != 1 || jobs[0].Urgent {
		t.Errorf("leased %v, %v", jobs, err)
	}
}

func open(t *testing.T, path string, now func() time.Time) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var note = store.Change{
	Partition: "p/maya",
	Puts:      []store.Doc{{Key: store.Key{Partition: "p/maya", Kind: "note", ID: "a"}, Body: []byte("kept")}},
}

func TestKeptAfterClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "village.db")
	s := open(t, path, time.Now)
	if err := s.Commit(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	docs, err := open(t, path, time.Now).Get(t.Context(), note.Puts[0].Key)
	if err != nil || string(docs[0].Body) != "kept" {
		t.Errorf("got %v, %v", docs, err)
	}
}

// TestForOneUserAlone: what people entrust to the program is nobody else's.
func TestForOneUserAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "village.db")
	open(t, path, time.Now)
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v: %v", filepath.Base(name), info.Mode().Perm(), want, err)
		}
	}
}

func TestInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "village.db")
	open(t, path, time.Now)
	_, err := bolt.Open(path, time.Now)
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "VILLAGE_DATA") {
		t.Errorf("a second process got: %v", err)
	}
}

func TestThrowawayLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	s, err := bolt.OpenThrowaway(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	during, _ := os.ReadDir(folder)
	if err := errors.Join(s.Commit(t.Context(), note), s.Close()); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadDir(folder)
	if len(during) != 1 || len(after) != 0 || err != nil {
		t.Errorf("during: %v, after: %v, %v", during, after, err)
	}
}

// TestFilesThatCannotBeUsed: the operator reads what is wrong and what to do,
// and the file is as it was.
func TestFilesThatCannotBeUsed(t *testing.T) {
	for name, test := range map[string]struct {
		make func(t *testing.T, path string)
		want error
		says string
	}{
		"a newer version": {
			make: func(t *testing.T, path string) { setVersion(t, path, "3") },
			want: store.ErrNewer, says: "nothing was touched",
		},
		"a damaged version": {
			make: func(t *testing.T, path string) { setVersion(t, path, "x") },
			says: "version cannot be read",
		},
		"something else's file": {
			make: func(t *testing.T, path string) {
				write(t, path, bytes.Repeat([]byte("this is a diary. "), 5000))
			},
			says: "restore a backup",
		},
		"another program's bolt file": {
			make: func(t *testing.T, path string) {
				edit(t, path, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
			},
			says: "not written by village",
		},
		"a file that was cut short": {
			make: func(t *testing.T, path string) {
				s := open(t, path, time.Now)
				if err := errors.Join(s.Commit(t.Context(), note), s.Close()); err != nil {
					t.Fatal(err)
				}
				if err := os.Truncate(path, 3*int64(os.Getpagesize())); err != nil {
					t.Fatal(err)
				}
			},
			says: "cut short",
		},
		"a folder in its place": {
			make: func(t *testing.T, path string) {
				if err := os.Mkdir(path, 0o700); err != nil {
					t.Fatal(err)
				}
			},
			says: "is a folder",
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "village.db")
			test.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := bolt.Open(path, time.Now)
			if err == nil {
				t.Fatal("it was opened", s.Close())
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			for _, words := range []string{test.says, path} {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("it does not say %q: %v", words, err)
				}
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// TestFoldersThatCannotBeUsed uses a file where a folder should be: it stops
// the administrator too, whom no mode stops.
func TestFoldersThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, []byte("x"))
	for _, path := range []string{filepath.Join(file, "village.db"), filepath.Join(file, "deeper", "village.db")} {
		_, err := bolt.Open(path, time.Now)
		if err == nil || !strings.Contains(err.Error(), "VILLAGE_DATA") {
			t.Errorf("%s: %v", path, err)
		}
	}
	t.Setenv("TMPDIR", file)
	if _, err := bolt.OpenThrowaway(time.Now); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("no temporary folder: %v", err)
	}
}

// TestEmptyFile: a process that died while it made its file has lost nothing.
func TestEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "village.db")
	write(t, path, nil)
	if err := open(t, path, time.Now).Commit(t.Context(), note); err != nil {
		t.Error(err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path string, f func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func setVersion(t *testing.T, path, version string) {
	t.Helper()
	if err := open(t, path, time.Now).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte(version)) })
}
