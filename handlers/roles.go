package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// Who has a role (on Slack: is in a user group) that moderates is the platform's to say,
// when they use the bot and when something is to be told to the moderators. What it says
// is kept only so that those concerned hear of it.

// roleOf is the role by which somebody (an ID) moderates a group, by the platform's word.
func (a *App) roleOf(ctx context.Context, g village.Group, person string) (village.Role, village.Word) {
	return g.ByRole(func(role village.Role) village.Word {
		if bot.PlatformOf(role.ID) != bot.PlatformOf(person) {
			return village.No
		}
		has, err := a.HasRole(ctx, role.Workspace, role.ID, person)
		switch {
		case err != nil:
			a.Log.InfoContext(ctx, "whether somebody has a role could not be found out", "person", bot.HashID(person), "error", err)
			return village.Unsure
		case has:
			return village.Yes
		}
		return village.No
	})
}

// moderatorsKnown are those moderators (IDs) of a group who are told what is for them,
// without whoever no longer has the role by which they were one.
func (a *App) moderatorsKnown(ctx context.Context, g village.Group) ([]string, error) {
	known, err := a.KnownModerators(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	still := known[:0]
	for _, id := range known {
		var m records.Moderator
		if _, err := a.Read(ctx, records.ModeratorKey(g.ID, id), &m); err != nil {
			return nil, err
		}
		if m.Role != "" && !m.Trusted {
			if _, word := a.roleOf(ctx, g, id); word == village.No {
				if err := a.SeeRole(ctx, g.ID, m.Person, village.Role{}); err != nil {
					return nil, err
				}
				continue
			}
		}
		still = append(still, id)
	}
	return still, nil
}

// trustRole lets those who have a role moderate, or no longer.
func (a *App) trustRole(ctx context.Context, r bot.Request, g village.Group, said string, yes bool) (bot.Reply, error) {
	if !yes {
		return a.untrustRole(ctx, r, g, said)
	}
	role, err := a.findRole(ctx, r, g, said)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := a.changeGroup(ctx, r, village.Act{Value: role.Name}, func(_ *records.Tx, g *village.Group) error {
		var err error
		*g, err = g.WithRole(role)
		return err
	}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).RoleTrusted(role)), nil
}

// findRole asks the platform which role is meant.
func (a *App) findRole(ctx context.Context, r bot.Request, g village.Group, said string) (village.Role, error) {
	role := village.Role{Workspace: r.Workspace}
	if role.Workspace == "" && bot.PlatformOf(g.ID) == r.Platform {
		role.Workspace = g.ID
	}
	if role.Workspace == "" {
		return role, a.to(r, nil).RoleWhere()
	}
	var err error
	role.ID, role.Name, err = a.FindRole(ctx, role.Workspace, said)
	if errors.Is(err, bot.ErrUnreachable) {
		return role, a.to(r, nil).NoRolesHere()
	}
	return role, err
}

// untrustRole takes a role back, whether or not the platform still has it. Whoever
// moderated by it hears of it.
func (a *App) untrustRole(ctx context.Context, r bot.Request, g village.Group, said string) (bot.Reply, error) {
	i := slices.IndexFunc(g.Roles, func(role village.Role) bool {
		return role.ID == said || strings.EqualFold(role.Name, strings.TrimLeft(bot.Account(said), "@&"))
	})
	if i < 0 {
		return bot.Reply{}, a.to(r, nil).NotTheirRole(g.Roles)
	}
	role := g.Roles[i]
	if _, err := a.changeGroup(ctx, r, village.Act{Value: role.Name, No: true}, func(t *records.Tx, g *village.Group) error {
		*g, _ = g.WithoutRole(role.ID)
		return a.EndRole(t, g.ID, role, r.From.Name)
	}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).RoleNotTrusted(role)), nil
}

// meansRole says whether somebody who is not known here is in truth a role: people mention
// both alike.
func (a *App) meansRole(ctx context.Context, r bot.Request, g village.Group, said string) bool {
	if r.Arg("do") == "no" {
		return slices.ContainsFunc(g.Roles, func(role village.Role) bool {
			return role.ID == said || strings.EqualFold(role.Name, bot.Account(said))
		})
	}
	_, _, err := a.FindRole(ctx, cmp.Or(r.Workspace, g.ID), said)
	return err == nil
}
