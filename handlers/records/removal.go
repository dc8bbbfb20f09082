package records

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindRemovalJob is the end of the time for which a group is kept that the bot was taken
// out of.
const KindRemovalJob = "removal"

// RemovalJob says from which workspace (ID).
type RemovalJob struct {
	Group     string `json:"group"`
	Workspace string `json:"workspace"`
}

// Away notes that the bot was taken out of a workspace (ID), and plans its end; the group
// is the zero one where nobody ever used the bot there. Noted twice, the first time counts.
func (rec *Records) Away(ctx context.Context, workspace string) (village.Group, error) {
	var g village.Group
	var p Place
	if _, err := rec.Read(ctx, PlaceKey(workspace), &p); err != nil || p.Group == "" {
		return g, err
	}
	id, err := rec.JoinedTo(ctx, p.Group)
	if err != nil {
		return g, err
	}
	return rec.ChangeGroup(ctx, id, func(t *Tx, g *village.Group) error {
		*g = g.WithAway(workspace, rec.now())
		t.PutJob("removal/"+KeyPart(workspace), KindRemovalJob, g.DeletedAt(workspace), RemovalJob{Group: id, Workspace: workspace})
		return nil
	})
}

// Returned notes that the bot is in a workspace (ID), where it was taken out of it.
func (rec *Records) Returned(ctx context.Context, workspace string) error {
	var p Place
	if _, err := rec.Read(ctx, PlaceKey(workspace), &p); err != nil || p.Group == "" {
		return err
	}
	id, err := rec.JoinedTo(ctx, p.Group)
	if err != nil {
		return err
	}
	return rec.Change(ctx, GroupPartition(id), func(t *Tx) error {
		var g village.Group
		if err := t.Get(GroupKey(id), &g); err != nil || g.DeletedAt(workspace).IsZero() {
			return err
		}
		t.Put(GroupKey(id), g.WithoutAway(workspace), time.Time{})
		t.Cancel("removal/" + KeyPart(workspace))
		return nil
	})
}

// DeleteWorkspace deletes what is kept of a workspace (ID): its group with all that is in
// it, or where others are in the same village, its channels there. People keep what is
// theirs alone. spare is the ID of a job that its caller settles.
func (rec *Records) DeleteWorkspace(ctx context.Context, g village.Group, workspace, spare string) error {
	places, err := List[Place](ctx, rec, store.Query{Partition: SysPartition, Index: "groups"}, KindPlace)
	if err != nil {
		return err
	}
	var p Place
	if _, err := rec.Read(ctx, PlaceKey(workspace), &p); err != nil {
		return err
	}
	shared := g.ID != workspace || slices.ContainsFunc(places, func(o Place) bool { return o.Group == g.ID && o != p })
	if !shared {
		joined, err := rec.joinedBy(ctx, g.ID, places)
		if err != nil {
			return err
		}
		shared = joined
	}
	if shared {
		if _, err := rec.ChangeGroup(ctx, g.ID, func(_ *Tx, g *village.Group) error {
			*g = g.WithoutAway(workspace).WithoutPlatform(workspace)
			return nil
		}); err != nil {
			return err
		}
	}
	if g.ID != workspace || !shared {
		if err := rec.deletePartition(ctx, GroupPartition(workspace), spare); err != nil {
			return err
		}
		if err := rec.forgetGroup(ctx, workspace); err != nil {
			return err
		}
	}
	return rec.RemoveDoc(ctx, PlaceKey(workspace))
}

// joinedBy says whether the group of another workspace has become part of this one.
func (rec *Records) joinedBy(ctx context.Context, group string, places []Place) (bool, error) {
	for _, p := range places {
		id, err := rec.JoinedTo(ctx, p.Group)
		if err != nil {
			return false, err
		}
		if id == group && p.Group != group {
			return true, nil
		}
	}
	return false, nil
}

// deletePartition deletes all that is in a partition, but for one job.
func (rec *Records) deletePartition(ctx context.Context, partition, spare string) error {
	var doomed []store.Check
	err := rec.store.Walk(ctx, func(d store.Doc) error {
		if d.Partition == partition {
			doomed = append(doomed, store.Check{Key: d.Key, Rev: d.Rev})
		}
		return nil
	}, func(store.Job) error { return nil })
	if err != nil {
		return fmt.Errorf("looking for what is to be deleted: %w", err)
	}
	jobs, err := rec.pending(ctx, partition)
	if err != nil {
		return err
	}
	const some = store.MaxItems / 2
	for chunk := range slices.Chunk(doomed, some) {
		if err := rec.store.Commit(ctx, store.Change{Partition: partition, Deletes: chunk}); err != nil {
			return fmt.Errorf("deleting: %w", err)
		}
	}
	for chunk := range slices.Chunk(jobs, some) {
		c := store.Change{Partition: partition}
		for _, j := range chunk {
			if j.ID != spare {
				c.Cancels = append(c.Cancels, j.ID)
			}
		}
		if len(c.Cancels) == 0 {
			continue
		}
		if err := rec.store.Commit(ctx, c); err != nil {
			return fmt.Errorf("taking back what was owed: %w", err)
		}
	}
	return nil
}

// forgetGroup takes a group out of what is known of people across groups.
func (rec *Records) forgetGroup(ctx context.Context, group string) error {
	var people []string
	err := rec.store.Walk(ctx, func(d store.Doc) error {
		var m village.Member
		if d.Kind == KindMember && json.Unmarshal(d.Body, &m) == nil && slices.Contains(m.Groups, group) {
			people = append(people, m.ID)
		}
		return nil
	}, func(store.Job) error { return nil })
	if err != nil {
		return fmt.Errorf("looking for who was in a group: %w", err)
	}
	for _, id := range people {
		err := rec.Change(ctx, MemberPartition(id), func(t *Tx) error {
			var m village.Member
			if err := t.Get(MemberKey(id), &m); err != nil {
				return err
			}
			m.Groups = slices.DeleteFunc(slices.Clone(m.Groups), func(g string) bool { return g == group })
			if m.Group == group {
				m.Group = ""
			}
			t.Put(MemberKey(id), m, time.Time{})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
