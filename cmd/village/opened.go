package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/internal/village"
)

// opened is the store as a running program has it: with the key that belongs to it,
// and in a name that the process keeps.
type opened struct {
	store.Store
	where string
	keys  *village.Keyring
	// holder names this process among those that hold leases.
	holder string
	name   *naming // nil when nobody shares the store
	// progress is how far the store has come.
	progress *progress
	// backups are of the embedded store, nil for another one.
	backups *backups
	log     *slog.Logger
}

// lastWords is how long the store is asked for at the end of the program.
const lastWords = 5 * time.Second

// open opens the store with its key, and takes back what this process had leased
// before it ended. A store that is gone, and a key that is not its own, are errors
// that say what to do; anew says that there may be nothing where something was.
func (p *program) open(ctx context.Context, anew bool, log *slog.Logger) (*opened, error) {
	if !anew && p.servedBefore() {
		if where, err := p.lookedFor(ctx); err != nil {
			return nil, err
		} else if where != "" {
			return nil, vanished(where)
		}
	}
	plan, err := p.backupPlan()
	if err != nil {
		return nil, err
	}
	s, where, err := p.openStore(ctx, time.Now)
	if err != nil {
		return nil, err
	}
	o := &opened{Store: s, where: where, holder: "alone", log: log}
	if file, ok := s.(*bolt.Store); ok {
		o.backups = &backups{store: file, plan: plan, folder: filepath.Dir(where), now: time.Now, log: log}
	} else if plan != nil {
		log.Warn("VILLAGE_BACKUP is for the embedded store, and does nothing here: Redis keeps its own files")
	}
	o.keys, err = p.rightKey(ctx, s, where, anew)
	if err == nil {
		err = o.pickUp(ctx, p, s, anew)
	}
	if shared, ok := s.(sharedStore); err == nil && ok {
		err = o.takeName(ctx, shared, p.ownName())
	}
	if err == nil {
		o.Store, err = unlocked(ctx, s, o.keys)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	o.Store = followed{o.Store, o.progress}
	return o, nil
}

// pickUp follows the store from where it was left. That it is not as far any more is an
// error, unless anew says that it is meant.
func (o *opened) pickUp(ctx context.Context, p *program, s store.Store, anew bool) error {
	var err error
	if o.progress, err = p.follow(ctx, s, o.where); err != nil {
		return err
	}
	if anew {
		o.progress.noted = 0
		return o.progress.beat(ctx, time.Now())
	}
	return o.progress.check(ctx)
}

// lookedFor is where a store was looked for in vain; "" when there is one. Nothing is
// made.
func (p *program) lookedFor(ctx context.Context) (string, error) {
	if p.getenv("REDIS_URL") == "" {
		dir, err := p.dataFolder()
		path := filepath.Join(dir, storeFile)
		if info, statErr := os.Stat(path); errors.Is(statErr, fs.ErrNotExist) || statErr == nil && info.Size() == 0 {
			return path, err
		}
		return "", err // what else is wrong shows when it is opened
	}
	s, where, err := p.lookInto(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return where, nil
	}
	if err != nil {
		return "", err
	}
	return "", s.Close()
}

// lookInto opens the store to be looked at. The error is fs.ErrNotExist where there is
// none, and nothing is made.
func (p *program) lookInto(ctx context.Context) (s store.Store, where string, err error) {
	if url := p.getenv("REDIS_URL"); url != "" {
		r, err := redis.OpenReadOnly(ctx, url, time.Now)
		if err != nil {
			return nil, "Redis", err
		}
		return r, "Redis", nil
	}
	dir, err := p.dataFolder()
	if err != nil {
		return nil, "", err
	}
	where = filepath.Join(dir, storeFile)
	b, err := bolt.OpenReadOnly(where, time.Now)
	if err != nil {
		return nil, where, err
	}
	return b, where, nil
}

// sharedStore is a store that several processes have at once, each in a name of its own.
type sharedStore interface {
	store.Store
	// As leases from now on in that name, and makes due again what was leased in it
	// before, for at most hold. It says how many jobs those were.
	As(ctx context.Context, name string, hold time.Duration) (freed int, err error)
}

// takeName gives the process its name, and back what it had leased under it.
func (o *opened) takeName(ctx context.Context, s sharedStore, wanted string) error {
	name, err := claimName(ctx, s, time.Now, wanted)
	if err != nil {
		return err
	}
	o.name, o.holder = name, name.doc.ID
	if name.name != wanted {
		o.log.Warn("another running village has this one's name, so this one takes another; set VILLAGE_NAME to give each its own", "name", name.name)
	}
	freed, err := s.As(ctx, name.name, leaseHold)
	if err != nil {
		return fmt.Errorf("taking back what this process had begun: %w", err)
	}
	if freed > 0 {
		o.log.Info("what this process had begun before it ended is taken up again", "jobs", freed)
	}
	return nil
}

// attend writes backups, and says to others that the process lives, until the context
// that it gives ends: when ctx does, or somebody has taken the name. done ends both,
// and closes the store.
func (o *opened) attend(ctx context.Context) (attended context.Context, done func() error) {
	attended, end := context.WithCancelCause(ctx)
	var all sync.WaitGroup
	if o.name != nil {
		all.Go(func() {
			if err := o.name.keep(attended, o.log); err != nil {
				end(err)
			}
		})
	}
	all.Go(func() { o.progress.keep(attended, o.log) })
	stop := func() {}
	if o.backups != nil {
		o.backups.asked, stop = backupSignals()
		all.Go(func() { o.backups.run(attended) })
	}
	return attended, func() error {
		stop()
		cause := context.Cause(attended)
		end(nil)
		all.Wait()
		var err error
		if errors.Is(cause, errNameTaken) {
			err = cause
		}
		if o.name != nil {
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
			defer cancel()
			if leaving := o.name.leave(last); leaving != nil {
				o.log.Warn("the name of this process could not be given back", "error", leaving)
			}
		}
		return errors.Join(err, o.Close())
	}
}
