package records

import (
	"context"
	"fmt"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// Place says which group a workspace belongs to.
type Place struct {
	Group string `json:"group"`
}

// PlaceKey is a workspace, by ID.
func PlaceKey(workspace string) store.Key {
	return store.Key{Partition: SysPartition, Kind: KindPlace, ID: KeyPart(workspace)}
}

// KindPlace is a workspace, which belongs to a group.
const KindPlace = "place"

// GroupOf finds the group of a workspace; "" for none. A workspace starts as a
// group of its own; the kept place says which group, so that two workspaces can
// become one village.
func (rec *Records) GroupOf(ctx context.Context, workspace string) (string, error) {
	if workspace == "" {
		return "", nil
	}
	var p Place
	err := rec.Change(ctx, SysPartition, func(t *Tx) error {
		p = Place{}
		if err := t.Get(PlaceKey(workspace), &p); err != nil {
			return err
		}
		if p.Group == "" {
			p.Group = workspace
			t.Put(PlaceKey(workspace), p, time.Time{}, store.Entry{Name: "groups", Score: rec.now().UnixMilli()})
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return rec.JoinedTo(ctx, p.Group)
}

// JoinedTo follows a group to the one it has become part of.
func (rec *Records) JoinedTo(ctx context.Context, id string) (string, error) {
	for range maxJoins {
		var g village.Group
		if _, err := rec.Read(ctx, GroupKey(id), &g); err != nil {
			return "", err
		}
		if g.Joined == "" {
			return id, nil
		}
		id = g.Joined
	}
	return "", fmt.Errorf("a group has joined %d others in a row", maxJoins)
}

// maxJoins is how far joinedTo goes: a joined group can join another one.
const maxJoins = 8

// KindJoin is a code that joins a workspace to a group.
const KindJoin = "join"

// JoinCodeLife is how long a code can be used.
const JoinCodeLife = time.Hour

// JoinCode is the group that a code joins to.
type JoinCode struct {
	Group string `json:"group"`
}

// JoinKey is a code.
func JoinKey(code string) store.Key {
	return store.Key{Partition: SysPartition, Kind: KindJoin, ID: code}
}
