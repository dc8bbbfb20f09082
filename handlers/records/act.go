package records

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"village/internal/store"
	"village/internal/village"
)

// KindAct is something that a moderator did.
const KindAct = "act"

// actsIndex lists all of a group's.
const actsIndex = "acts"

// ActIndex lists the acts that somebody did or that name them. It is not PersonIndex:
// not all that names somebody is told to them.
func ActIndex(id string) string { return "acts/" + KeyPart(id) }

func actKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindAct, ID: id}
}

// PutAct notes what somebody did, in the commit that does it.
func (t *Tx) PutAct(group string, a village.Act) {
	a.At = t.Rec.now().UTC()
	if a.ID == "" { // in the order in which they were done, also where the clock stands still
		a.ID = fmt.Sprintf("%d-%08d-%s", a.At.UnixMilli(), t.Rec.acts.Add(1), rand.Text()[:8])
	}
	t.putAct(group, a)
}

func (t *Tx) putAct(group string, a village.Act) {
	listed := []store.Entry{{Name: actsIndex, Score: a.At.UnixMilli()}}
	for _, p := range []village.Person{a.By, a.About} {
		e := store.Entry{Name: ActIndex(p.ID), Score: a.At.UnixMilli()}
		if p.ID != "" && p != village.Forgotten() && !slices.Contains(listed, e) {
			listed = append(listed, e)
		}
	}
	t.Put(actKey(group, a.ID), a, a.KeptUntil(), listed...)
}

// Acts are what was done in a group, the latest first, at most limit.
func (rec *Records) Acts(ctx context.Context, group string, limit int) ([]village.Act, error) {
	acts, err := List[village.Act](ctx, rec, store.Query{Partition: GroupPartition(group), Index: actsIndex, Backwards: true, Limit: limit}, KindAct)
	slices.SortStableFunc(acts, func(a, b village.Act) int { return strings.Compare(b.ID, a.ID) })
	return acts, err
}

// forgetAct takes somebody's name out of what was done.
func (rec *Records) forgetAct(ctx context.Context, d Document, person string) error {
	return rec.Change(ctx, d.Partition, func(t *Tx) error {
		var a village.Act
		if err := t.Get(d.Key, &a); err != nil || a.ID == "" {
			return err
		}
		t.putAct(d.Group, a.Forget(person))
		return nil
	})
}
