package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"village/internal/store"
)

// A store that came back without the last of what it had acknowledged looks whole: half
// of an append-only file, an old copy of a disk. So every beat a running program has it
// keep how far it has come, and notes that beside it, in the data folder, once it is
// acknowledged. What Redis may lose with everysec, and clocks of several processes that
// differ, are within the slack.
const (
	reachedBeat  = 10 * time.Second
	reachedSlack = 20 * time.Second
	kindReached  = "reached"
	reachedFile  = "reached"
)

// reached is how far a store has come, in Unix milliseconds.
type reached struct {
	At int64 `json:"at"`
}

func reachedKey() store.Key { return store.Key{Partition: "sys", Kind: kindReached, ID: "here"} }

// errOlder: the store is not as far as it was.
var errOlder = errors.New("a part of what was kept is not here any more")

// older says what can be done about a store that is not as far as it was.
func older(where string, is, was time.Time) error {
	say := func(at time.Time) string {
		if at.UnixMilli() == 0 {
			return "an earlier time"
		}
		return at.UTC().Format("Mon 2 Jan 2006, 15:04:05 UTC")
	}
	return fmt.Errorf("%w: what is in %s is of %s, and I had kept more until %s. There are two ways out:\n"+
		"  bring it back: put all the data back in its place;\n"+
		"  or go on with what is there: village -anew. People may rely on what is gone: tell them.\nNothing was changed", errOlder, where, say(is), say(was))
}

// progress is how far a store has come, as its program follows it.
type progress struct {
	store    store.Store
	where    string
	instance string
	path     string // where it is noted; "" where no file can be written
	noted    int64
	gone     atomic.Pointer[error] // the store went back while it was used
}

// follow is the progress of a store, with what was noted of it last. Where the store is
// another one by now, nothing was.
func (p *program) follow(ctx context.Context, s store.Store, where string) (*progress, error) {
	o := &progress{store: s, where: where}
	c, err := readCanary(ctx, s)
	dir, dirErr := p.dataFolder()
	if err != nil || c == nil || dirErr != nil {
		return o, err
	}
	o.instance, o.path = c.Instance, filepath.Join(dir, reachedFile)
	note, err := os.ReadFile(o.path)
	if err != nil {
		return o, nil // none yet, or not to be read
	}
	instance, at, _ := strings.Cut(strings.TrimSpace(string(note)), " ")
	if was, err := time.Parse(time.RFC3339Nano, at); err == nil && instance == o.instance {
		o.noted = was.UnixMilli()
	}
	return o, nil
}

// stillThere is errOlder, with what to do, or the store's error.
func (p *program) stillThere(ctx context.Context, s store.Store, where string) error {
	o, err := p.follow(ctx, s, where)
	if err != nil {
		return err
	}
	return o.check(ctx)
}

// check is errOlder, with what to do, when the store is not as far as it was, or the
// store's error.
func (o *progress) check(ctx context.Context) error {
	is, _, err := o.read(ctx)
	if err == nil && o.fellBack(is) {
		err = older(o.where, time.UnixMilli(is.At), time.UnixMilli(o.noted))
	}
	return err
}

func (o *progress) fellBack(is reached) bool { return is.At < o.noted-reachedSlack.Milliseconds() }

func (o *progress) read(ctx context.Context) (is reached, rev int64, err error) {
	docs, err := o.store.Get(ctx, reachedKey())
	if err != nil || docs[0].Rev == 0 {
		return is, 0, err
	}
	if err := json.Unmarshal(docs[0].Body, &is); err != nil {
		return is, 0, fmt.Errorf("%w: how far it has come cannot be read", store.ErrDamaged)
	}
	return is, docs[0].Rev, nil
}

// keep has the store keep how far it has come, every beat until ctx ends. Once it has
// gone back that is left as it is, for whoever starts the program next.
func (o *progress) keep(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(reachedBeat)
	defer tick.Stop()
	for {
		err := o.beat(ctx, time.Now())
		switch {
		case errors.Is(err, errOlder):
			log.Error("the store has lost what it had acknowledged", "error", err)
			o.gone.Store(&err)
			return
		case err != nil && ctx.Err() == nil:
			log.Warn("how far the store has come could not be noted", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// beat has the store keep that it has come so far, and notes it. Where another process
// is just doing the same, that is enough.
func (o *progress) beat(ctx context.Context, now time.Time) error {
	is, rev, err := o.read(ctx)
	if err != nil {
		return err
	}
	if o.fellBack(is) {
		return older(o.where, time.UnixMilli(is.At), time.UnixMilli(o.noted))
	}
	is.At = max(now.UnixMilli(), is.At+1)
	body, err := json.Marshal(is)
	if err != nil {
		return err
	}
	key := reachedKey()
	err = o.store.Commit(ctx, store.Change{Partition: key.Partition, Puts: []store.Doc{{Key: key, Rev: rev, Body: body}}})
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	if err != nil || o.path == "" {
		return err
	}
	o.noted = is.At
	return o.note()
}

// note writes down what the store has acknowledged, all of it or nothing.
func (o *progress) note() error {
	half := o.path + ".new"
	line := o.instance + " " + time.UnixMilli(o.noted).UTC().Format(time.RFC3339Nano) + "\n"
	if err := os.WriteFile(half, []byte(line), 0o600); err != nil {
		return err
	}
	return os.Rename(half, o.path)
}

// forgetReached has nothing noted: what is in the store now was brought there on purpose.
func (p *program) forgetReached() {
	if dir, err := p.dataFolder(); err == nil {
		_ = os.Remove(filepath.Join(dir, reachedFile)) // there may be none
	}
}

// followed is a store that is not well once it has gone back.
type followed struct {
	store.Store
	progress *progress
}

func (f followed) Health(ctx context.Context) error {
	if gone := f.progress.gone.Load(); gone != nil {
		return *gone
	}
	return f.Store.Health(ctx)
}
