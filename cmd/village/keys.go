package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"village/internal/store"
	"village/internal/store/sealed"
	"village/internal/village"
)

// canary is kept in the store: which one it is, and words that only the key opens
// that has sealed everything else in it. It comes along in backups.
type canary struct {
	Instance string `json:"instance"`
	Sealed   []byte `json:"sealed"`
}

const (
	kindCanary  = "canary"
	canaryWords = "the right key"
	// keyFile and instanceFile stand in the data folder: the key, where it is not in
	// the environment, and which store was served from here last.
	keyFile      = "key"
	instanceFile = "instance"
)

func canaryKey() store.Key { return store.Key{Partition: "sys", Kind: kindCanary, ID: "key"} }

// The two things that are a question and no fresh start.
var (
	errNoKey    = errors.New("the key that sealed it is not here")
	errWrongKey = errors.New("the key that is here did not seal it")
	errNoStore  = errors.New("what was kept is not here any more")
)

// wayOut says what can be done about a key that is missing or wrong.
func wayOut(why error, where, moveAside, path string) error {
	return fmt.Errorf("what is kept in %s cannot be opened: %w. There are two ways out:\n"+
		"  bring the key back: set VILLAGE_KEY to it, or put it into %s again (it was kept apart from the backups);\n"+
		"  or start anew: %s, and start again. What was kept then stays closed.\nNothing was changed", where, why, path, moveAside)
}

// vanished says what can be done when the store is empty and was not.
func vanished(where string) error {
	return fmt.Errorf("%w: %s is empty, and something was kept there before. There are two ways out:\n"+
		"  bring it back: put the data back in its place, or restore a backup with: village restore FILE;\n"+
		"  or start anew, with nothing: village -anew.\nNothing was changed", errNoStore, where)
}

// readKey reads the key from the environment or its file, and makes none: it is nil
// where there is no key. path is where its file is, or would be.
func (p *program) readKey() (k *village.Keyring, path string, err error) {
	dir, dirErr := p.dataFolder()
	path = filepath.Join(dir, keyFile)
	if key := p.getenv("VILLAGE_KEY"); key != "" {
		k, err := village.ParseKeyring(key)
		if err != nil {
			return nil, path, fmt.Errorf("VILLAGE_KEY: %w. Make one with: head -c 32 /dev/urandom | base64", err)
		}
		return k, path, nil
	}
	if dirErr != nil {
		return nil, "", dirErr
	}
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, path, nil
	}
	if err != nil {
		return nil, path, fmt.Errorf("the key that seals what is kept cannot be read: %w. Set VILLAGE_KEY, or let me read the file", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, path, fmt.Errorf("the key in %s can be read by others. Please run: chmod 600 %s", path, path)
	}
	if k, err = village.ParseKeyring(strings.TrimSpace(string(key))); err != nil {
		return nil, path, fmt.Errorf("%s: %w", path, err)
	}
	return k, path, nil
}

// newKey makes a key in a file that only this user can read.
func newKey(path string) (*village.Keyring, error) {
	raw := make([]byte, village.KeySize)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	key := base64.StdEncoding.EncodeToString(raw)
	if err := writeNew(path, []byte(key+"\n")); err != nil {
		return nil, fmt.Errorf("the key that seals what is kept cannot be made: %w. Set VILLAGE_KEY, or let me write to the folder", err)
	}
	return village.ParseKeyring(key)
}

// writeNew writes a file that must not be there yet, for this user alone.
func writeNew(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// readCanary reads it; nil when there is none.
func readCanary(ctx context.Context, s store.Store) (*canary, error) {
	docs, err := s.Get(ctx, canaryKey())
	if err != nil || docs[0].Rev == 0 {
		return nil, err
	}
	var c canary
	if err := json.Unmarshal(docs[0].Body, &c); err != nil {
		return nil, fmt.Errorf("%w: its key's mark cannot be read", store.ErrDamaged)
	}
	return &c, nil
}

// fits says why a key, which may be nil, is not the store's.
func (c *canary) fits(k *village.Keyring) error {
	if k == nil {
		return errNoKey
	}
	if words, err := k.Open(c.Sealed, "", c.Instance, kindCanary); err != nil || words != canaryWords {
		return errWrongKey
	}
	return nil
}

// putCanary marks a store with its key; store.ErrStale when another process was first.
func putCanary(ctx context.Context, s store.Store, k *village.Keyring) (*canary, error) {
	c := canary{Instance: rand.Text()}
	c.Sealed = k.Seal(canaryWords, "", c.Instance, kindCanary)
	body, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return &c, s.Commit(ctx, store.Change{Partition: canaryKey().Partition, Puts: []store.Doc{{Key: canaryKey(), Body: body}}})
}

// unlocked is a store with its key as handlers and the scheduler use it: whatever they
// keep is sealed. The mark of the key and the names of processes stay beside it. When
// another key seals now, the mark follows.
func unlocked(ctx context.Context, s store.Store, k *village.Keyring) (store.Store, error) {
	out, err := sealed.Open(ctx, s, k, kindCanary, kindName, kindReached)
	if err != nil {
		return nil, err
	}
	docs, err := s.Get(ctx, canaryKey())
	if err != nil || docs[0].Rev == 0 {
		return out, err
	}
	var c canary
	if err := json.Unmarshal(docs[0].Body, &c); err != nil {
		return nil, fmt.Errorf("%w: its key's mark cannot be read", store.ErrDamaged)
	}
	if k.Current(c.Sealed) {
		return out, nil
	}
	c.Sealed = k.Seal(canaryWords, "", c.Instance, kindCanary)
	if docs[0].Body, err = json.Marshal(c); err != nil {
		return nil, err
	}
	err = s.Commit(ctx, store.Change{Partition: canaryKey().Partition, Puts: docs})
	if errors.Is(err, store.ErrStale) { // another process was first
		err = nil
	}
	return out, err
}

// isEmpty says whether a store holds nothing.
func isEmpty(ctx context.Context, s store.Store) (bool, error) {
	something := errors.New("something is there")
	err := s.Walk(ctx, func(store.Doc) error { return something }, func(store.Job) error { return something })
	if errors.Is(err, something) {
		return false, nil
	}
	return true, err
}

// servedBefore says whether this data folder has had a store before: its instance is
// noted, or, for the embedded store, its key is there.
func (p *program) servedBefore() bool {
	dir, err := p.dataFolder()
	if err != nil {
		return false
	}
	there := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	return there(instanceFile) || p.getenv("REDIS_URL") == "" && there(keyFile)
}

// noteInstance notes which store is served from here. Where no file can be written,
// as with Redis and a key in the environment, nothing is noted.
func (p *program) noteInstance(c *canary) {
	dir, err := p.dataFolder()
	if err != nil {
		return
	}
	path := filepath.Join(dir, instanceFile)
	if was, err := os.ReadFile(path); err == nil && strings.TrimSpace(string(was)) == c.Instance {
		return
	}
	if os.MkdirAll(dir, 0o700) == nil {
		_ = os.WriteFile(path, []byte(c.Instance+"\n"), 0o600) // see above
	}
}

// rightKey is the key of the store, which is made only for a store that is new. anew
// says that it may be new although there was one.
func (p *program) rightKey(ctx context.Context, s store.Store, where string, anew bool) (*village.Keyring, error) {
	k, path, err := p.readKey()
	if err != nil {
		return nil, err
	}
	c, err := readCanary(ctx, s)
	if err != nil {
		return nil, err
	}
	if c == nil {
		if c, k, err = p.mark(ctx, s, where, k, path, anew); err != nil {
			return nil, err
		}
	}
	if err := c.fits(k); err != nil {
		return nil, wayOut(err, where, p.moveAside(where), path)
	}
	p.noteInstance(c)
	return k, nil
}

// mark marks a store that has no mark: it is new, or an earlier version wrote it.
func (p *program) mark(ctx context.Context, s store.Store, where string, k *village.Keyring, path string, anew bool) (*canary, *village.Keyring, error) {
	empty, err := isEmpty(ctx, s)
	switch {
	case err != nil:
		return nil, nil, err
	case !empty && k == nil:
		return nil, nil, wayOut(errNoKey, where, p.moveAside(where), path)
	case empty && !anew && p.servedBefore():
		return nil, nil, vanished(where)
	case k == nil:
		if k, err = newKey(path); err != nil {
			return nil, nil, err
		}
	}
	c, err := putCanary(ctx, s, k)
	if errors.Is(err, store.ErrStale) { // another process was first
		c, err = readCanary(ctx, s)
	}
	return c, k, err
}

// moveAside says how to make room for a new store.
func (p *program) moveAside(where string) string {
	if p.getenv("REDIS_URL") != "" {
		return "point REDIS_URL at an empty database"
	}
	dir := filepath.Dir(where)
	return fmt.Sprintf("move the folder aside (mv %s %s.old)", dir, dir)
}
