package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"village/internal/store"
)

// A process over a store that it shares has a name that it keeps over its restarts,
// so that it takes back at once what it had leased. While it lives it says so every
// beat; a name whose owner was not heard of for as long as watch is free.
const (
	nameBeat  = time.Second
	nameWatch = 5 * nameBeat / 2
	nameLook  = nameBeat / 4
	// nameKept is how long a name is remembered; after that it is free at once.
	nameKept = time.Minute
	// mostNames is how many processes may have been given the same name: the second
	// one is called NAME-2.
	mostNames = 16
)

const kindName = "process"

// errNameTaken ends a process that was silent for so long that another one has
// taken its name, and its work.
var errNameTaken = errors.New("another running village took over this one's name, because this one was not heard of for a while. Start it again, and give each its own VILLAGE_NAME")

// naming is the claim to a name.
type naming struct {
	store store.Store
	now   func() time.Time
	name  string
	doc   store.Doc
}

// named is what is kept of a name: which run has it, for those who look.
type named struct {
	Run string `json:"run"`
}

// ownName is the name that this process would like to have: VILLAGE_NAME, or that of
// this machine and of its data folder.
func (p *program) ownName() string {
	if name := p.getenv("VILLAGE_NAME"); name != "" {
		return name
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	dir, err := p.dataFolder()
	if err != nil {
		dir = "unknown"
	}
	return host + ":" + dir
}

// claimName takes the name, or, where a process lives that has it, the first free one
// after it. After a crash it takes as long as it has to be sure that nobody lives.
func claimName(ctx context.Context, s store.Store, now func() time.Time, wanted string) (*naming, error) {
	names, keys := namesLike(wanted)
	begun := time.Now()
	first, err := s.Get(ctx, keys...)
	for docs := first; err == nil; docs, err = s.Get(ctx, keys...) {
		silent := time.Since(begun) >= nameWatch
		for i := firstFree(docs, first, silent); i >= 0; i = firstFree(docs, first, silent) {
			n := &naming{store: s, now: now, name: names[i], doc: docs[i]}
			if err := n.beat(ctx, rand.Text()); !errors.Is(err, store.ErrStale) {
				return n, err
			}
			first[i].Rev = -1 // somebody was before us, and lives
		}
		if time.Since(begun) > 2*nameWatch {
			return nil, fmt.Errorf("%d processes are called %q already: give each its own VILLAGE_NAME", mostNames, wanted)
		}
		select {
		case <-time.After(nameLook):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, fmt.Errorf("looking whose name this process may have: %w", err)
}

// namesLike are the name and those after it, with where they are kept.
func namesLike(wanted string) (names []string, keys []store.Key) {
	for i := range mostNames {
		name := wanted
		if i > 0 {
			name = fmt.Sprintf("%s-%d", wanted, i+1)
		}
		sum := sha256.Sum256([]byte(name))
		names = append(names, name)
		keys = append(keys, store.Key{Partition: "processes", Kind: kindName, ID: hex.EncodeToString(sum[:20])})
	}
	return names, keys
}

// firstFree is the first name that nobody has: nothing is kept of it, or its owner was
// silent. It is -1 as long as one before it may be free too, or when all owners live.
func firstFree(docs, first []store.Doc, silent bool) int {
	for i, doc := range docs {
		same := doc.Rev == first[i].Rev
		switch {
		case doc.Rev == 0 && first[i].Rev >= 0, silent && same:
			return i
		case same:
			return -1
		}
	}
	return -1
}

// beat says that the process lives. A run that is not empty takes the name.
func (n *naming) beat(ctx context.Context, run string) error {
	body := n.doc.Body
	if run != "" {
		var err error
		if body, err = json.Marshal(named{Run: run}); err != nil {
			return err
		}
	}
	d := store.Doc{Key: n.doc.Key, Rev: n.doc.Rev, Body: body, Expires: n.now().Add(nameKept)}
	if err := n.store.Commit(ctx, store.Change{Partition: d.Partition, Puts: []store.Doc{d}}); err != nil {
		return err
	}
	d.Rev++
	n.doc = d
	return nil
}

// keep says every beat that the process lives, until ctx ends; then the name is free.
// The error is errNameTaken. While the store does not answer, nobody else can take
// the name either.
func (n *naming) keep(ctx context.Context, log *slog.Logger) error {
	tick := time.NewTicker(nameBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := n.again(ctx)
		if errors.Is(err, errNameTaken) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("that this process lives could not be said to others", "error", err)
		}
	}
}

// again beats. A beat whose answer was lost, and a name that was forgotten while the
// store was away, are this process's still.
func (n *naming) again(ctx context.Context) error {
	err := n.beat(ctx, "")
	if !errors.Is(err, store.ErrStale) {
		return err
	}
	docs, err := n.store.Get(ctx, n.doc.Key)
	if err != nil {
		return err
	}
	if docs[0].Rev > 0 && string(docs[0].Body) != string(n.doc.Body) {
		return errNameTaken
	}
	n.doc.Rev = docs[0].Rev
	err = n.beat(ctx, "")
	if errors.Is(err, store.ErrStale) {
		return errNameTaken
	}
	return err
}

// leave gives the name back, once the process does nothing any more.
func (n *naming) leave(ctx context.Context) error {
	err := n.store.Commit(ctx, store.Change{Partition: n.doc.Partition, Deletes: []store.Check{{Key: n.doc.Key, Rev: n.doc.Rev}}})
	if errors.Is(err, store.ErrStale) {
		return nil // somebody else's by now, or forgotten
	}
	return err
}
