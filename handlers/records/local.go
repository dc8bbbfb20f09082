package records

import (
	"context"
	"fmt"
	"time"

	"village/internal/store"
)

// KindLocal is a note of a group's own.
const KindLocal = "local"

// LocalNote is one of a group's own notes.
type LocalNote struct {
	ID    string    `json:"id"`
	Topic string    `json:"topic"`
	Words string    `json:"words"`
	Since time.Time `json:"since"`
}

// LocalKey is a note (ID) of a group.
func LocalKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindLocal, ID: id}
}

// LocalIndex lists a group's notes about a topic (ID).
func LocalIndex(topic string) string { return "local/" + KeyPart(topic) }

// localNotes lists all notes of a group.
const localNotes = "local"

// PutNote writes one of a group's own notes.
func (t *Tx) PutNote(group string, n LocalNote) {
	since := n.Since.UnixMilli()
	t.Put(LocalKey(group, n.ID), n, time.Time{}, store.Entry{Name: localNotes, Score: since}, store.Entry{Name: LocalIndex(n.Topic), Score: since})
}

// Notes are all of a group's own notes, in the order in which they were written.
func (rec *Records) Notes(ctx context.Context, group string) ([]LocalNote, error) {
	return List[LocalNote](ctx, rec, store.Query{Partition: GroupPartition(group), Index: localNotes}, KindLocal)
}

// NotesOn are the first of a group's notes on a topic, at most limit.
func (rec *Records) NotesOn(ctx context.Context, group, topic string, limit int) ([]LocalNote, error) {
	return List[LocalNote](ctx, rec, store.Query{Partition: GroupPartition(group), Index: LocalIndex(topic), Limit: limit}, KindLocal)
}

// CountNotes is how many a group has.
func (rec *Records) CountNotes(ctx context.Context, group string) (int, error) {
	n, err := rec.store.Count(ctx, GroupPartition(group), localNotes, 0, 0)
	if err != nil {
		return 0, fmt.Errorf("counting notes: %w", err)
	}
	return int(n), nil
}
