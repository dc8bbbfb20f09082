package records

import (
	"context"

	"village/internal/store"
	"village/internal/village"
)

// The kinds of document of what a person writes down for themselves: an entry of their
// journal, that they are about to write one, and the numbers they were given. They are
// not a group's: they stand in the person's own partition.
const (
	KindEntry   = "entry"
	KindWaiting = "waiting"
	KindScores  = "scores"
)

const journalIndex = "journal"

// EntryKey is an entry of a person's journal, by both IDs.
func EntryKey(person, id string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindEntry, ID: id}
}

// WaitingKey is that a person (ID) is about to write.
func WaitingKey(person string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindWaiting, ID: "self"}
}

// ScoresKey is the numbers that a person (ID) was given.
func ScoresKey(person string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindScores, ID: "self"}
}

// Journal is all that a person (ID) has written, in that order.
func (rec *Records) Journal(ctx context.Context, person string) (village.Journal, error) {
	entries, err := List[village.Entry](ctx, rec, store.Query{Partition: MemberPartition(person), Index: journalIndex}, KindEntry)
	return village.NewJournal(entries), err
}

// PutEntry writes an entry of a person's journal.
func (t *Tx) PutEntry(person string, e village.Entry) {
	t.Put(EntryKey(person, e.ID), e, e.KeptUntil(),
		store.Entry{Name: PersonIndex(person), Score: e.At.UnixMilli()},
		store.Entry{Name: journalIndex, Score: e.At.UnixMilli()})
}

// PutWaiting notes that a person is about to write.
func (t *Tx) PutWaiting(person string, w village.Waiting) {
	t.Put(WaitingKey(person), w, w.Until(), store.Entry{Name: PersonIndex(person), Score: w.Since.UnixMilli()})
}

// PutScores writes the numbers that a person was given.
func (t *Tx) PutScores(person string, s village.Scores) {
	t.Put(ScoresKey(person), s, s.KeptUntil(t.Rec.now()), store.Entry{Name: PersonIndex(person), Score: t.Rec.now().UnixMilli()})
}
