package records

import (
	"context"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// MaxModeratorsKnown is among how many of the latest they are looked for.
const MaxModeratorsKnown = 50

// KnownModerators are the IDs of those who set up the moderators' channel or
// have used the bot lately, the latest first.
func (rec *Records) KnownModerators(ctx context.Context, group string) ([]string, error) {
	known, err := List[Moderator](ctx, rec, store.Query{Partition: GroupPartition(group), Index: ModeratorsIndex, Limit: MaxModeratorsKnown, Backwards: true}, KindModerator)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i, m := range known {
		if i < MaxModerators || m.Chose {
			ids = append(ids, m.ID)
		}
	}
	return ids, nil
}

// KindModerator is somebody who moderates a group.
const KindModerator = "moderator"

// Moderator is somebody whom a platform has shown to be one.
type Moderator struct {
	village.Person
	Seen time.Time `json:"seen"`
	// Chose says that they chose the moderators' channel: they are told when it
	// cannot be written, however long ago they were seen.
	Chose bool `json:"chose,omitempty"`
	// Trusted is somebody whom the moderators have chosen to be one.
	Trusted bool `json:"trusted,omitempty"`
}

const (
	ModeratorsIndex = "moderators"
	// maxModerators is how many are told when the moderators have no channel.
	MaxModerators = 3
	// moderatorSeen is how often it is noted that somebody still moderates, and
	// moderatorKept how long they are taken for one without a sign.
	ModeratorSeen = 7 * 24 * time.Hour
	ModeratorKept = 90 * 24 * time.Hour
)

func ModeratorKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindModerator, ID: KeyPart(id)}
}

func (t *Tx) PutModerator(group string, m Moderator) {
	expires := m.Seen.Add(ModeratorKept)
	if m.Chose || m.Trusted {
		expires = time.Time{}
	}
	t.Put(ModeratorKey(group, m.ID), m, expires,
		store.Entry{Name: ModeratorsIndex, Score: m.Seen.UnixMilli()},
		store.Entry{Name: PersonIndex(m.ID), Score: m.Seen.UnixMilli()})
}

// ChooseModerator makes somebody a moderator of a group, or no longer. The latter is
// noted again if a platform shows them to be one.
func (rec *Records) ChooseModerator(ctx context.Context, group string, p village.Person, yes bool) error {
	key := ModeratorKey(group, p.ID)
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		if !yes {
			return t.Drop(key)
		}
		var m Moderator
		if err := t.Get(key, &m); err != nil {
			return err
		}
		m.Person, m.Seen, m.Trusted = p, rec.now().UTC(), true
		t.PutModerator(group, m)
		return nil
	})
}

// ChosenModerators are those whom moderators have chosen.
func (rec *Records) ChosenModerators(ctx context.Context, group string) ([]village.Person, error) {
	known, err := List[Moderator](ctx, rec, store.Query{Partition: GroupPartition(group), Index: ModeratorsIndex}, KindModerator)
	if err != nil {
		return nil, err
	}
	var chosen []village.Person
	for _, m := range known {
		if m.Trusted {
			chosen = append(chosen, m.Person)
		}
	}
	return chosen, nil
}
