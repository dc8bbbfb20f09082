package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// copies is what several processes over one store remember together about a
// platform: which uses were already answered, forms that somebody has begun, and
// which process serves what. With the embedded store there is one process, and
// it remembers this past its own end.
//
// Leases run by the clocks of the processes: they should not be apart by more
// than a few seconds.
type copies struct {
	store    store.Store
	keys     *village.Keyring
	now      func() time.Time
	platform string
	// holder names this process among those that hold leases, run this one of those that
	// had the name one after another.
	holder, run string
}

// newCopies is for one platform. Whoever has the holder's name takes up what the one
// before has left that had it, even when that was killed; without a name nobody does.
func newCopies(s store.Store, keys *village.Keyring, now func() time.Time, platform, holder string) *copies {
	if holder == "" {
		holder = rand.Text()
	}
	return &copies{store: s, keys: keys, now: now, platform: platform, holder: holder, run: rand.Text()}
}

// Kinds of documents that copies keep.
const (
	kindSeen  = "seen"
	kindKept  = "kept"
	kindLease = "lease"
)

// key spreads what is kept over partitions, and so over a cluster. The names
// hold ids of people's doings, so only their hashes are stored.
func (c *copies) key(kind, name string) store.Key {
	sum := sha256.Sum256([]byte(c.platform + "\x00" + name))
	id := hex.EncodeToString(sum[:20])
	return store.Key{Partition: "copies/" + id[:1], Kind: kind, ID: id}
}

// First reports whether this is the first time in the given time that any
// process asks about the key.
func (c *copies) First(ctx context.Context, key string, during time.Duration) (bool, error) {
	err := c.put(ctx, store.Doc{Key: c.key(kindSeen, key), Body: []byte("{}"), Expires: c.now().Add(during)})
	if errors.Is(err, store.ErrStale) {
		return false, nil
	}
	return err == nil, err
}

// begun is the body of what was met: by whom, when, and whether it is answered. What
// was met with First has none of it.
type begun struct {
	By   string `json:"by,omitempty"`
	Run  string `json:"run,omitempty"`
	At   int64  `json:"at,omitempty"` // Unix milliseconds
	Done bool   `json:"done,omitempty"`
}

// atWork is how long somebody else is left alone with what they have begun. Whoever is
// still at it then has acknowledged it, and the platform does not deliver it again.
const atWork = 10 * time.Second

// takenOver says that whoever began has died over it.
func (c *copies) takenOver(b begun) bool {
	if b.By == "" || b.Done || b.Run == c.run {
		return false
	}
	return b.By == c.holder || c.now().Sub(time.UnixMilli(b.At)) > atWork
}

// Begin reports whether a key is to be seen to here, see [adapter.Unfinished].
func (c *copies) Begin(ctx context.Context, key string, during time.Duration) (fresh, busy bool, err error) {
	d := store.Doc{Key: c.key(kindSeen, key), Expires: c.now().Add(during)}
	if d.Body, err = json.Marshal(begun{By: c.holder, Run: c.run, At: c.now().UnixMilli()}); err != nil {
		return false, false, err
	}
	for range rounds {
		if err = c.put(ctx, d); !errors.Is(err, store.ErrStale) {
			return err == nil, false, err
		}
		have, err := c.store.Get(ctx, d.Key)
		if err != nil {
			return false, false, err
		}
		var before begun
		if d.Rev = have[0].Rev; d.Rev == 0 {
			continue
		}
		if err := json.Unmarshal(have[0].Body, &before); err != nil {
			return false, false, fmt.Errorf("what was met: %w", err)
		}
		if !c.takenOver(before) {
			return false, before.By != "" && !before.Done, nil
		}
	}
	return false, true, nil
}

// Done says that what was begun is answered.
func (c *copies) Done(ctx context.Context, key string, during time.Duration) error {
	have, err := c.store.Get(ctx, c.key(kindSeen, key))
	if err != nil {
		return err
	}
	body, err := json.Marshal(begun{By: c.holder, Run: c.run, At: c.now().UnixMilli(), Done: true})
	if err != nil {
		return err
	}
	return c.put(ctx, store.Doc{Key: c.key(kindSeen, key), Rev: have[0].Rev, Body: body, Expires: c.now().Add(during)})
}

// Keep remembers a value, sealed, for every process.
func (c *copies) Keep(ctx context.Context, key string, value []byte, during time.Duration) error {
	k := c.key(kindKept, key)
	sealed := c.keys.Seal(string(value), c.platform, k.ID, kindKept)
	for range rounds {
		have, err := c.store.Get(ctx, k)
		if err != nil {
			return err
		}
		err = c.put(ctx, store.Doc{Key: k, Rev: have[0].Rev, Body: sealed, Expires: c.now().Add(during)})
		if !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return fmt.Errorf("keeping what copies share: %w", store.ErrStale)
}

// Kept is the value that some process remembered, or nil when there is none any
// more.
func (c *copies) Kept(ctx context.Context, key string) ([]byte, error) {
	k := c.key(kindKept, key)
	have, err := c.store.Get(ctx, k)
	if err != nil || have[0].Rev == 0 {
		return nil, err
	}
	words, err := c.keys.Open(have[0].Body, c.platform, k.ID, kindKept)
	if err != nil {
		return nil, fmt.Errorf("what another copy kept: %w. Do all copies have the same VILLAGE_KEY?", err)
	}
	return []byte(words), nil
}

// Process is this process's name among those that share.
func (c *copies) Process() string { return c.holder }

// lease is who may do what only one process may do at a time, until when, and
// what the next one needs to know.
type lease struct {
	Holder string `json:"holder,omitempty"`
	Until  int64  `json:"until,omitempty"` // Unix milliseconds
	Left   []byte `json:"left,omitempty"`
}

const (
	// leftTime is how long what was left with a lease is remembered when nobody
	// has it.
	leftTime = 10 * time.Minute
	// rounds bounds how often a change is tried again that others were ahead of.
	rounds = 10
)

func (c *copies) leaseKey(group, name string) store.Key {
	return store.Key{Partition: "leases/" + c.platform, Kind: kindLease, ID: group + "/" + name}
}

// Take takes a lease of the group, or renews it: no other process gets it for the
// given time. What the holder before has left is given back, also when somebody
// else has the lease (false). What is left for the next one is replaced unless
// leave is nil.
func (c *copies) Take(ctx context.Context, group, name string, hold time.Duration, leave []byte) (left []byte, ok bool, err error) {
	err = c.lease(ctx, group, name, func(l *lease) bool {
		left, ok = l.Left, l.Holder == c.holder || l.Until <= c.now().UnixMilli()
		if !ok {
			return false
		}
		l.Holder, l.Until = c.holder, c.now().Add(hold).UnixMilli()
		if leave != nil {
			l.Left = leave
		}
		return true
	})
	return left, ok && err == nil, err
}

// Give gives a lease back, if it is still this process's, so that another one can
// have it at once.
func (c *copies) Give(ctx context.Context, group, name string, leave []byte) error {
	return c.lease(ctx, group, name, func(l *lease) bool {
		if l.Holder != c.holder {
			return false
		}
		l.Holder, l.Until, l.Left = "", 0, leave
		return true
	})
}

// Count is how many leases of the group somebody holds now.
func (c *copies) Count(ctx context.Context, group string) (int, error) {
	n, err := c.store.Count(ctx, "leases/"+c.platform, group, c.now().UnixMilli()+1, store.MaxScore)
	return int(n), err
}

// lease changes a lease unless change says that it is to stay as it is.
func (c *copies) lease(ctx context.Context, group, name string, change func(l *lease) bool) error {
	k := c.leaseKey(group, name)
	for range rounds {
		have, err := c.store.Get(ctx, k)
		if err != nil {
			return err
		}
		var l lease
		if have[0].Rev > 0 {
			if err := json.Unmarshal(have[0].Body, &l); err != nil {
				return fmt.Errorf("a lease: %w", err)
			}
		}
		if !change(&l) {
			return nil
		}
		body, err := json.Marshal(l)
		if err != nil {
			return err
		}
		err = c.put(ctx, store.Doc{
			Key: k, Rev: have[0].Rev, Body: body, Expires: time.UnixMilli(max(l.Until, c.now().UnixMilli())).Add(leftTime),
			Listed: []store.Entry{{Name: group, Score: l.Until}},
		})
		if !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return fmt.Errorf("a lease: %w", store.ErrStale)
}

func (c *copies) put(ctx context.Context, d store.Doc) error {
	return c.store.Commit(ctx, store.Change{Partition: d.Partition, Puts: []store.Doc{d}})
}
