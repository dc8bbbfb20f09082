package handlers

import (
	"context"
	"fmt"
	"slices"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// Two workspaces become one village: a moderator of one gets a code, a
// moderator of the other enters it. The second group then points to the first
// (Group.Joined), so whatever is asked on one platform shows on both, and one
// yes wins. Nothing is moved: what was in the second group stays there, which
// is why it must have nothing ahead of it. A village has one channel a platform, by
// which is told who is in it, so two places of one platform cannot be one village.

// setupJoin gives a code, or uses one.
func (a *App) setupJoin(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("code") == "" {
		return a.joinInvite(ctx, r, g)
	}
	return a.joinWith(ctx, r, g)
}

func (a *App) joinInvite(ctx context.Context, r bot.Request, g village.Group) (bot.Reply, error) {
	var code string
	for range 2 { // twelve letters cannot be guessed within the hour
		id, err := village.NewID(a.Random)
		if err != nil {
			return bot.Reply{}, err
		}
		code += id
	}
	// A code lets others in, so it is noted before there is one.
	err := a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		noteAct(t, r, g.ID, village.Act{})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.SysPartition, func(t *records.Tx) error {
		if err := t.Get(records.JoinKey(code), &records.JoinCode{}); err != nil {
			return err
		}
		t.Put(records.JoinKey(code), records.JoinCode{Group: g.ID}, a.Now().Add(records.JoinCodeLife))
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).JoinCode(code)), nil
}

func (a *App) joinWith(ctx context.Context, r bot.Request, own village.Group) (bot.Reply, error) {
	var code records.JoinCode
	if rev, err := a.Read(ctx, records.JoinKey(r.Arg("code")), &code); err != nil || rev == 0 {
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{}, a.to(r, nil).NoSuchJoinCode()
	}
	target, err := a.JoinedTo(ctx, code.Group) // it may have joined another meanwhile
	if err != nil {
		return bot.Reply{}, err
	}
	if target == own.ID {
		return bot.Reply{}, a.to(r, nil).SameVillage()
	}
	switch twice, err := a.twice(ctx, own.ID, target); {
	case err != nil:
		return bot.Reply{}, err
	case twice:
		return bot.Reply{}, a.to(r, nil).OnePlatformTwice()
	}
	pending, err := a.Store.Pending(ctx, records.GroupPartition(own.ID), 1)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("looking for what is ahead: %w", err)
	}
	if len(pending) > 0 {
		return bot.Reply{}, a.to(r, nil).MuchAhead()
	}
	act := village.Act{Value: r.Platform}
	if err := a.spend(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	if _, err := a.ChangeGroup(ctx, target, func(t *records.Tx, joined *village.Group) error {
		noteAct(t, r, joined.ID, act)
		*joined, err = joined.With(own)
		return err
	}); err != nil {
		return bot.Reply{}, err
	}
	if own, err = a.ChangeGroup(ctx, own.ID, func(t *records.Tx, g *village.Group) error {
		noteAct(t, r, g.ID, act)
		g.Joined = target
		return nil
	}); err != nil {
		return bot.Reply{}, err
	}
	channel := slices.ContainsFunc(own.Rooms, func(room village.Room) bool { return bot.PlatformOf(room.ID) == r.Platform })
	return bot.Say(a.to(r, nil).Joined(channel)), nil
}

// twice says whether two groups (IDs), each with those that have joined it, have places
// on the same platform.
func (a *App) twice(ctx context.Context, own, other string) (bool, error) {
	groups, err := a.Groups(ctx)
	if err != nil {
		return false, err
	}
	sides := map[string][]string{}
	for _, g := range groups {
		to, err := a.JoinedTo(ctx, g.ID)
		if err != nil {
			return false, err
		}
		sides[to] = append(sides[to], bot.PlatformOf(g.ID))
	}
	return slices.ContainsFunc(sides[own], func(platform string) bool { return slices.Contains(sides[other], platform) }), nil
}

// spend uses a code up; of two who use it at once, one is refused.
func (a *App) spend(ctx context.Context, r bot.Request) error {
	key := records.JoinKey(r.Arg("code"))
	return a.Change(ctx, records.SysPartition, func(t *records.Tx) error {
		if err := t.Get(key, &records.JoinCode{}); err != nil {
			return err
		}
		if !t.Has(key) {
			return a.to(r, nil).JoinCodeSpent()
		}
		t.Remove(key)
		return nil
	})
}

// setupLeave makes a workspace a village of its own again.
func (a *App) setupLeave(ctx context.Context, r bot.Request) (bot.Reply, error) {
	shared, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Workspace == "" {
		return bot.Reply{}, a.to(r, nil).WhichSide()
	}
	var p records.Place
	if _, err := a.Read(ctx, records.PlaceKey(r.Workspace), &p); err != nil {
		return bot.Reply{}, err
	}
	if p.Group == shared.ID {
		return bot.Reply{}, a.to(r, nil).NotJoined()
	}
	act := village.Act{Value: r.Platform}
	if _, err := a.ChangeGroup(ctx, p.Group, func(t *records.Tx, own *village.Group) error {
		noteAct(t, r, own.ID, act)
		own.Joined = ""
		return nil
	}); err != nil {
		return bot.Reply{}, err
	}
	if _, err := a.ChangeGroup(ctx, shared.ID, func(t *records.Tx, g *village.Group) error {
		noteAct(t, r, g.ID, act)
		*g = g.WithoutRolesOf(r.Workspace)
		g.Rooms = slices.DeleteFunc(slices.Clone(g.Rooms), func(room village.Room) bool { return bot.PlatformOf(room.ID) == r.Platform })
		return nil
	}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).JoinLeft()), nil
}
