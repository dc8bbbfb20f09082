package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"village/bot"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// Start gives a workspace that needs no setting up (the console's) its channel
// and its zone, unless somebody has chosen others already.
func (a *App) Start(ctx context.Context, workspace, roomID, roomName string, zone *time.Location) error {
	id, err := a.groupOf(ctx, workspace)
	if err != nil {
		return err
	}
	return a.change(ctx, groupPartition(id), func(t *tx) error {
		var g village.Group
		if err := t.get(groupKey(id), &g); err != nil || g.ID != "" {
			return err
		}
		g = village.Group{ID: id, Zone: zone.String(), Since: a.Now().UTC()}.WithRoom(village.Room{ID: roomID, Name: roomName})
		t.put(groupKey(id), g, time.Time{})
		return nil
	})
}

// Zone is the zone of a workspace's group, UTC when none is set.
func (a *App) Zone(ctx context.Context, workspace string) (*time.Location, error) {
	id, err := a.groupOf(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var g village.Group
	_, err = a.read(ctx, groupKey(id), &g)
	return zoneNamed(g.Zone), err
}

// Firings says when each group's reminders are due next, n lines a reminder at
// most, for an operator.
func (a *App) Firings(ctx context.Context, n int) ([]string, error) {
	groups, err := a.groups(ctx)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, g := range groups {
		rems, err := list[reminder](ctx, a, store.Query{Partition: groupPartition(g.ID), Index: "reminders"}, kindReminder)
		if err != nil {
			return nil, err
		}
		for _, rem := range rems {
			line, err := a.firing(rem, n)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line...)
		}
	}
	return lines, nil
}

// Rooms are the channels that groups have chosen, by platform, for an operator.
func (a *App) Rooms(ctx context.Context) (map[string][]string, error) {
	groups, err := a.groups(ctx)
	if err != nil {
		return nil, err
	}
	rooms := map[string][]string{}
	for _, g := range groups {
		all, err := a.roomsOf(ctx, g)
		if err != nil {
			return nil, err
		}
		for _, room := range all {
			rooms[bot.PlatformOf(room)] = append(rooms[bot.PlatformOf(room)], room)
		}
	}
	return rooms, nil
}

// roomsOf are the channels (IDs) in which a group wants to read something: the
// village channel, the moderators', and those with reminders.
func (a *App) roomsOf(ctx context.Context, g village.Group) ([]string, error) {
	var out []string
	for _, room := range slices.Concat(g.Rooms, g.Moderation) {
		out = append(out, room.ID)
	}
	rems, err := list[reminder](ctx, a, store.Query{Partition: groupPartition(g.ID), Index: "reminders"}, kindReminder)
	if err != nil {
		return nil, err
	}
	for _, rem := range rems {
		if !slices.Contains(out, rem.Room.ID) {
			out = append(out, rem.Room.ID)
		}
	}
	return out, nil
}

// ownRoom refuses a channel that is not the group's own: nobody may have the bot write
// where strangers read. What somebody chooses in a room of theirs, on its platform,
// the platform has let them choose; what is typed anywhere else is looked up.
func (a *App) ownRoom(ctx context.Context, r bot.Request) error {
	id := r.Arg("channel")
	if id == "" || !r.Room.Direct && bot.PlatformOf(id) == r.Platform {
		return nil
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return err
	}
	var p place
	workspace, err := a.WorkspaceOf(ctx, id)
	if err == nil {
		_, err = a.read(ctx, placeKey(workspace), &p)
	}
	if err != nil && !errors.Is(err, bot.ErrUnreachable) {
		return err
	}
	group := ""
	if p.Group != "" {
		if group, err = a.joinedTo(ctx, p.Group); err != nil {
			return err
		}
	}
	if group != g.ID {
		return &bot.Error{Code: "not-our-channel", Say: "I can’t find that channel in your group.",
			Hint: "Please type this in a channel of your group, and make sure that I may see the one you mean."}
	}
	return nil
}

// groups are the settings of all groups there are.
func (a *App) groups(ctx context.Context) ([]village.Group, error) {
	places, err := list[place](ctx, a, store.Query{Partition: sysPartition, Index: "groups"}, kindPlace)
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
		if _, err := a.read(ctx, groupKey(p.Group), &g); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

func (a *App) firing(rem reminder, n int) ([]string, error) {
	if rem.Paused {
		return []string{"reminder " + rem.ID + " is paused"}, nil
	}
	s, err := rem.schedule()
	var wrong *scheduler.SpecError
	if errors.As(err, &wrong) {
		return []string{"reminder " + rem.ID + " has a schedule that cannot be read: " + rem.Schedule}, nil
	}
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, t := range scheduler.Preview(s, a.Now(), n) {
		lines = append(lines, "reminder "+rem.ID+": "+when.Full(t, zoneNamed(rem.Zone)))
	}
	return lines, nil
}

// place says which group a workspace belongs to.
type place struct {
	Group string `json:"group"`
}

func placeKey(workspace string) store.Key {
	return store.Key{Partition: sysPartition, Kind: kindPlace, ID: keyPart(workspace)}
}
