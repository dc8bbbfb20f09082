// Package bolt keeps a store in one file, for one process. It promises that
// what Commit acknowledged survives the death of the process, and the death of
// the machine as far as its disk keeps what it was asked to sync.
//
// It does not promise that two processes can share the file: the second one is
// refused with store.ErrInUse.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"

	"village/internal/store"
)

// version is the layout of the file. A program refuses the files of a newer
// one. Layout 1 knew no urgent jobs; it is read as it is, so that Open only notes
// the new number.
const version = 2

// lockWait is how long Open waits for another process to let go of the file:
// long enough for a service manager's quick restart.
const lockWait = time.Second

// Buckets of the file. The keys are in key.go, the values in record.go.
const (
	docs    = "docs"    // document key -> document record
	index   = "index"   // partition, index, score, kind, id -> nothing
	expires = "expires" // time, document key -> nothing
	jobs    = "jobs"    // job key -> job record
	due     = "due"     // time, job key -> nothing; the time is the lease's end while leased
	meta    = "meta"    // facts about the file: versionKey, healthKey
)

const (
	versionKey = "version"
	healthKey  = "health"
)

// Store is a store in one file.
type Store struct {
	db  *bbolt.DB
	now func() time.Time
	// folder is removed by Close; it is set for a throw-away store.
	folder string
	queue  queue
	// path and file are what was opened; file is nil for a throw-away store.
	path string
	file fs.FileInfo
	// readOnly says that nothing can be written, broken (an error) that something
	// could not be read.
	readOnly bool
	broken   atomic.Pointer[error]
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, or makes it (and its folder, for this user
// alone). The clock says what is due and what has expired. The file has one owner:
// whatever an earlier one had leased is due again.
//
// Its errors are sentences for an operator: store.ErrInUse when another
// process has the file, store.ErrNewer when a newer version wrote it,
// store.ErrDamaged when its pages are not what they should be (nothing is
// touched), and others for a folder or file that cannot be used.
func Open(path string, now func() time.Time) (*Store, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made (%w): set VILLAGE_DATA to a folder this user may write", folder, cause(err))
	}
	existed, err := inspect(path)
	if err != nil {
		return nil, err
	}
	s := &Store{now: now, queue: newQueue(), path: path}
	err = guard(func() (err error) {
		// Which pages are free is found out at the start, and not written with every commit.
		s.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
		return err
	})
	if err != nil {
		return nil, explain(path, err)
	}
	err = guard(func() error { return prepare(s.db) })
	if err == nil {
		err = s.voidLeases()
	}
	if err == nil {
		s.file, err = os.Stat(path)
	}
	if err != nil {
		return nil, errors.Join(explain(path, err), s.db.Close())
	}
	if !existed {
		syncFolder(folder)
	}
	return s, nil
}

// OpenReadOnly opens the file at path to be looked at, and changes nothing: where
// there is none the error is fs.ErrNotExist. All other errors are Open's.
func OpenReadOnly(path string, now func() time.Time) (*Store, error) {
	existed, err := inspect(path)
	if err == nil && !existed {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	s := &Store{now: now, queue: newQueue(), path: path, readOnly: true}
	err = guard(func() (err error) {
		s.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true})
		return err
	})
	if err == nil {
		s.file, err = os.Stat(path)
	}
	if err != nil {
		return nil, explain(path, err)
	}
	return s, nil
}

// OpenThrowaway opens a store for a rehearsal or a test: in a temporary file
// that is not synced, and that Close removes.
func OpenThrowaway(now func() time.Time) (*Store, error) {
	folder, err := os.MkdirTemp("", "village-")
	if err != nil {
		return nil, fmt.Errorf("no temporary folder can be made (%w): set TMPDIR to a folder this user may write", cause(err))
	}
	path := filepath.Join(folder, "throwaway.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, NoSync: true, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, errors.Join(explain(path, err), os.RemoveAll(folder))
	}
	if err := prepare(db); err != nil {
		return nil, errors.Join(explain(path, err), db.Close(), os.RemoveAll(folder))
	}
	return &Store{db: db, now: now, folder: folder, path: path, queue: newQueue()}, nil
}

// Close waits for what is being written and lets go of the file.
func (s *Store) Close() error {
	err := s.db.Close()
	if s.folder != "" {
		err = errors.Join(err, os.RemoveAll(s.folder))
	}
	return err
}

// Health looks whether the file is still in its place, writes to it and waits for
// the disk. A store that is only looked at is asked whether it could be written.
func (s *Store) Health(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if broken := s.broken.Load(); broken != nil {
		return explain(s.path, *broken)
	}
	if s.file != nil {
		if there, err := os.Stat(s.path); err != nil || !os.SameFile(there, s.file) {
			return fmt.Errorf("%w: %s was removed or replaced while it was in use: stop the program, put the file back or restore a backup, and start it again", store.ErrGone, s.path)
		}
	}
	if s.readOnly {
		f, err := os.OpenFile(s.path, os.O_WRONLY, 0)
		if err != nil {
			return explain(s.path, err)
		}
		return f.Close()
	}
	err := s.update(func(tx *bbolt.Tx) error {
		return bucket(tx, meta).Put([]byte(healthKey), strconv.AppendInt(nil, s.now().UnixMilli(), 10))
	})
	if err != nil {
		return fmt.Errorf("the store's file cannot be written (%w): check that its disk has room and may be written", cause(err))
	}
	return nil
}

// inspect looks at an existing file without changing a byte of it, and says
// whether it exists.
func inspect(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, explain(path, err)
	}
	if info.IsDir() {
		return false, fmt.Errorf("%s is a folder and not a store's file: move it away, or set VILLAGE_DATA to another folder", path)
	}
	if info.Size() == 0 {
		// A process that died before its first write, or somebody's mistake: whoever
		// has served this store before knows.
		return false, nil
	}
	err = guard(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true})
		if err != nil {
			return err
		}
		return errors.Join(look(db, path, info.Size()), db.Close())
	})
	if err != nil {
		return true, explain(path, err)
	}
	return true, nil
}

// look holds a file that nobody writes against its own layout.
func look(db *bbolt.DB, path string, size int64) error {
	if err := db.View(func(tx *bbolt.Tx) error {
		if tx.Size() > size {
			return damage("it was cut short, %d bytes of %d are left", size, tx.Size())
		}
		return nil
	}); err != nil {
		return err
	}
	if err := checkPages(path); err != nil {
		return err
	}
	return db.View(func(tx *bbolt.Tx) error {
		_, err := readVersion(tx)
		return err
	})
}

// prepare makes the buckets of a new file.
func prepare(db *bbolt.DB) error {
	found := 0
	err := db.View(func(tx *bbolt.Tx) (err error) {
		found, err = readVersion(tx)
		return err
	})
	if err != nil || found == version {
		return err
	}
	return db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{docs, index, expires, jobs, due, meta} {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		return bucket(tx, meta).Put([]byte(versionKey), strconv.AppendInt(nil, version, 10))
	})
}

// readVersion is 0 for a file that holds nothing yet.
func readVersion(tx *bbolt.Tx) (int, error) {
	facts := bucket(tx, meta)
	if facts == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return 0, errors.New("it was not written by village")
		}
		return 0, nil
	}
	found, err := strconv.Atoi(string(facts.Get([]byte(versionKey))))
	if err != nil || found < 1 {
		return 0, errors.New("its version cannot be read")
	}
	if found > version {
		return 0, fmt.Errorf("%w (layout %d, this one knows %d)", store.ErrNewer, found, version)
	}
	return found, nil
}

func bucket(tx *bbolt.Tx, name string) *bbolt.Bucket { return tx.Bucket([]byte(name)) }

// explain turns what went wrong with a file into a sentence with a way out.
func explain(path string, err error) error {
	switch {
	case errors.Is(err, bolterr.ErrTimeout):
		return fmt.Errorf("%s: %w: stop the other village, or set VILLAGE_DATA to another folder", path, store.ErrInUse)
	case errors.Is(err, store.ErrDamaged):
		return fmt.Errorf("%s: %w. Move it aside and restore a backup: village restore FILE", path, err)
	case errors.Is(err, store.ErrNewer):
		return fmt.Errorf("%s: %w: start the newer version, or set VILLAGE_DATA to another folder; nothing was touched", path, err)
	case errors.As(err, new(*fs.PathError)):
		return fmt.Errorf("%s cannot be written (%w): give this user the right to write there, or set VILLAGE_DATA to another folder", path, cause(err))
	}
	return fmt.Errorf("%s cannot be used as a store (%w): restore a backup, or set VILLAGE_DATA to another folder", path, cause(err))
}

// cause leaves out the operation and path that our sentence already says.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// syncFolder makes a new file's name survive the machine. Some systems cannot
// sync a folder; the file itself is synced with every commit.
func syncFolder(folder string) {
	f, err := os.Open(folder)
	if err != nil {
		return
	}
	defer f.Close()
	_ = f.Sync()
}

// queue collects the commits that wait while another one syncs, so that they
// share the next sync.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	// turn is held by the one goroutine that writes.
	turn chan struct{}
}

type request struct {
	changes []store.Change
	errs    []error
	done    chan struct{}
}

func newQueue() queue { return queue{turn: make(chan struct{}, 1)} }

func (q *queue) add(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, r)
}

// remove takes a request back and says whether it was still waiting.
func (q *queue) remove(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, w := range q.waiting {
		if w == r {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return true
		}
	}
	return false
}

func (q *queue) takeAll() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.waiting
	q.waiting = nil
	return taken
}
