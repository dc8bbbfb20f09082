package handlers

import (
	"context"
	"errors"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// group is the group of a request, of whoever is in its village now. The others are
// refused.
func (a *App) group(ctx context.Context, r bot.Request) (village.Group, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return g, err
	}
	return g, a.mustBeHere(ctx, r, g)
}

// ownGroup finds the group a request belongs to, whether or not its person is in the
// village, for what is theirs alone, starting it with its first use,
// and notes that the person uses the bot there. In a direct message it is the
// group of their last use.
func (a *App) ownGroup(ctx context.Context, r bot.Request) (village.Group, error) {
	c, err := a.caller(ctx, r)
	if err != nil {
		return village.Group{}, err
	}
	if a.nothingToNote(r, c) {
		return c.Group, nil
	}
	id, err := a.GroupOf(ctx, r.Workspace)
	if err != nil {
		return village.Group{}, err
	}
	var member village.Member
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		member = village.Member{}
		if err := t.Get(records.MemberKey(r.From.ID), &member); err != nil {
			return err
		}
		seen, changed := member.Seen(who(r), id)
		if changed {
			member = seen
			t.Put(records.MemberKey(r.From.ID), member, time.Time{})
		}
		return nil
	})
	if err != nil {
		return village.Group{}, err
	}
	if id == "" && member.Group != "" {
		if id, err = a.JoinedTo(ctx, member.Group); err != nil {
			return village.Group{}, err
		}
	}
	if id == "" {
		return village.Group{}, a.to(r, nil).WhichGroup()
	}
	var g village.Group
	err = a.Change(ctx, records.GroupPartition(id), func(t *records.Tx) error {
		g = village.Group{}
		if err := t.Get(records.GroupKey(id), &g); err != nil {
			return err
		}
		if g.ID == "" {
			g = village.Group{ID: id, Since: a.Now().UTC()}
			t.Put(records.GroupKey(id), g, time.Time{})
		}
		if awayFrom(r, g) { // they are there, and so it is
			g = g.WithoutAway(r.Workspace)
			t.Put(records.GroupKey(id), g, time.Time{})
			t.Cancel("removal/" + records.KeyPart(r.Workspace))
		}
		if r.Room.Direct { // there the platform does not say who moderates
			return nil
		}
		return t.SeeModerator(id, who(r), r.From.Moderates())
	})
	return g, err
}

// caller is who uses a command, and where.
func (a *App) caller(ctx context.Context, r bot.Request) (records.Caller, error) {
	if r.From.ID == "" {
		return records.Caller{}, nil
	}
	return a.Caller(ctx, r.Workspace, r.From.ID)
}

// nothingToNote says that a person has been in this group before, and is there as
// they were: nearly every request.
func (a *App) nothingToNote(r bot.Request, c records.Caller) bool {
	if !c.AtHome() || r.From.Moderator || awayFrom(r, c.Group) {
		return false
	}
	_, news := c.Member.Seen(who(r), c.Group.ID)
	return !news && (c.Moderator.ID == "" || c.Moderator.Chosen() || r.Room.Direct)
}

// lookIn is the group a request belongs to, and the groups in which a code may
// mean something: in a direct message all of the person's, latest first. Whether they
// are in the village there is another question, see mustBeHere.
func (a *App) lookIn(ctx context.Context, r bot.Request) (village.Group, []string, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return g, nil, err
	}
	groups := []string{g.ID}
	if r.Room.Direct {
		m, err := a.Member(ctx, r.From.ID)
		if err != nil {
			return g, nil, err
		}
		groups = append(groups, m.Groups...)
	}
	return g, groups, nil
}

// needZone is zoneOf for what cannot be done without a zone.
func (a *App) needZone(ctx context.Context, g village.Group, r bot.Request) (*time.Location, error) {
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil || zone != nil {
		return zone, err
	}
	return nil, a.to(r, nil).NeedsZone()
}

// awayFrom says that the bot was taken out of where a request comes from, by what is
// known: so it is back.
func awayFrom(r bot.Request, g village.Group) bool {
	return r.Workspace != "" && !g.DeletedAt(r.Workspace).IsZero()
}

// once has a request make what it makes once, also when its platform delivers it again
// to whoever takes over from a process that died.
func (a *App) once(t *records.Tx, r bot.Request) error {
	err := t.Once(r.Once)
	if errors.Is(err, records.ErrDone) {
		return a.to(r, nil).DoneAlready()
	}
	return err
}
