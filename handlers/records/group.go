package records

import (
	"context"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// Start gives a workspace that needs no setting up (the console's) its channel
// and its zone, unless somebody has chosen others already.
func (rec *Records) Start(ctx context.Context, workspace, roomID, roomName string, zone *time.Location) error {
	id, err := rec.GroupOf(ctx, workspace)
	if err != nil {
		return err
	}
	return rec.Change(ctx, GroupPartition(id), func(t *Tx) error {
		var g village.Group
		if err := t.Get(GroupKey(id), &g); err != nil || g.ID != "" {
			return err
		}
		g = village.Group{ID: id, Zone: zone.String(), Since: rec.now().UTC()}.WithRoom(village.Room{ID: roomID, Name: roomName})
		t.Put(GroupKey(id), g, time.Time{})
		return nil
	})
}

// Zone is the zone of a workspace's group, UTC when none is set.
func (rec *Records) Zone(ctx context.Context, workspace string) (*time.Location, error) {
	id, err := rec.GroupOf(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var g village.Group
	_, err = rec.Read(ctx, GroupKey(id), &g)
	return village.ZoneNamed(g.Zone), err
}

// ChangeGroup changes a group's settings, and gives them as they are then.
func (rec *Records) ChangeGroup(ctx context.Context, id string, change func(t *Tx, g *village.Group) error) (village.Group, error) {
	var g village.Group
	err := rec.Change(ctx, GroupPartition(id), func(t *Tx) error {
		g = village.Group{}
		if err := t.Get(GroupKey(id), &g); err != nil {
			return err
		}
		if err := change(t, &g); err != nil {
			return err
		}
		t.Put(GroupKey(id), g, time.Time{})
		return nil
	})
	return g, err
}

// Groups are the settings of all Groups there are.
func (rec *Records) Groups(ctx context.Context) ([]village.Group, error) {
	places, err := List[Place](ctx, rec, store.Query{Partition: SysPartition, Index: "groups"}, KindPlace)
	if err != nil {
		return nil, err
	}
	var out []village.Group
	seen := map[string]bool{}
	for _, p := range places {
		if seen[p.Group] {
			continue
		}
		seen[p.Group] = true
		g := village.Group{ID: p.Group}
		if _, err := rec.Read(ctx, GroupKey(p.Group), &g); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// KindGroup is a group's settings.
const KindGroup = "group"

// SettingsID is the document of a group's settings.
const SettingsID = "settings"

// GroupKey is the settings of a group (ID).
func GroupKey(group string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindGroup, ID: SettingsID}
}
