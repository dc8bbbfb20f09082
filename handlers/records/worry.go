package records

import (
	"context"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindWorry is what somebody told the moderators was not right.
const KindWorry = "worry"

// WorryKept is how long it is kept.
const WorryKept = 90 * 24 * time.Hour

// worries lists all of a group's.
const worries = "worries"

// Worry is what somebody told the moderators: in their words, and about which request
// (an ID), if about one.
type Worry struct {
	ID    string         `json:"id"`
	By    village.Person `json:"by"`
	Words string         `json:"words"`
	Need  string         `json:"need,omitempty"`
	At    time.Time      `json:"at"`
	// Named says that the moderators may know who it is.
	Named bool `json:"named,omitempty"`
}

// KeptUntil is when it is wiped.
func (w Worry) KeptUntil() time.Time { return w.At.Add(WorryKept) }

// WorriesOf are the reports that a person made in a group and that are kept still, the first first.
func (rec *Records) WorriesOf(ctx context.Context, group, person string) ([]Worry, error) {
	return List[Worry](ctx, rec, store.Query{Partition: GroupPartition(group), Index: PersonIndex(person), To: EndOfTime}, KindWorry)
}

// WorryJob tells the moderators of a worry, at one of their addresses. Its words stand
// in the worry.
type WorryJob struct {
	Group string          `json:"group"`
	ID    string          `json:"id"`
	To    village.Address `json:"to"`
}

// WorryKey is a worry (ID) of a group.
func WorryKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindWorry, ID: id}
}

// PutWorry keeps a worry, listed with whoever told it and with nobody else, and has
// the moderators told.
func (t *Tx) PutWorry(group string, w Worry, to []village.Address) {
	at := w.At.UnixMilli()
	t.Put(WorryKey(group, w.ID), w, w.KeptUntil(), store.Entry{Name: worries, Score: at}, store.Entry{Name: PersonIndex(w.By.ID), Score: at})
	for _, address := range to {
		id := "worry/" + w.ID + "/" + KeyPart(address.Person+address.Room)
		if w.Named {
			id += "/named"
		}
		t.PutJob(id, KindWorryJob, t.Rec.now(), WorryJob{Group: group, ID: w.ID, To: address})
	}
}

// WorriesSince counts what somebody has told the moderators of a group since then.
func (rec *Records) WorriesSince(ctx context.Context, group, person string, since time.Time) (int, error) {
	all, err := List[Worry](ctx, rec, store.Query{Partition: GroupPartition(group), Index: PersonIndex(person), From: since.UnixMilli(), To: EndOfTime}, KindWorry)
	return len(all), err
}
