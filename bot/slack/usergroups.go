package slack

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// FindRole is a user group of this workspace, see [bot.Roled]. It is meant by its ID, its
// handle or its name.
func (p *Platform) FindRole(ctx context.Context, workspace, said string) (id, name string, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	groups, err := p.api.GetUserGroupsContext(ctx)
	if code(err) == "missing_scope" {
		return "", "", &bot.Error{Code: bot.CodeNoRole, Say: "I'm not allowed to read this workspace's user groups.",
			Hint: "A workspace admin can allow it: install me again with the permission usergroups:read. Until then, /setup trust and a name lets one person moderate."}
	}
	if err != nil {
		return "", "", fmt.Errorf("slack: the user groups: %w", err)
	}
	want := strings.TrimLeft(said, "@")
	if p.ids.has(said) {
		want = account(said)
	} else if _, own, found := strings.Cut(want, "/"); found {
		want = own
	}
	i := slices.IndexFunc(groups, func(g slackgo.UserGroup) bool {
		return g.DateDelete == 0 && slices.ContainsFunc([]string{g.ID, g.Handle, g.Name}, func(s string) bool { return s != "" && strings.EqualFold(s, want) })
	})
	if i < 0 {
		return "", "", &bot.Error{Code: bot.CodeNoRole, Say: "I can't find that user group in this workspace.", Hint: "Please type it as you would mention it, such as /setup trust role: @moderators."}
	}
	return p.ids.of(groups[i].ID), cmp.Or(groups[i].Handle, groups[i].Name), nil
}

// HasRole says whether somebody is in a user group of this workspace, see [bot.Roled].
func (p *Platform) HasRole(ctx context.Context, _, role, person string) (bool, error) {
	if !p.ids.has(role) || !p.ids.has(person) {
		return false, nil
	}
	group, user := account(role), account(person)
	known, ok := p.rosters.Get(group)
	if !ok {
		ctx, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		users, err := p.api.GetUserGroupMembersContext(ctx, group)
		switch {
		case code(err) == "no_such_subteam":
		case err != nil:
			return false, fmt.Errorf("slack: who is in a user group: %w", err)
		}
		known = roster{members: map[string]bool{}, at: time.Now()}
		for _, id := range users {
			known.members[id] = true
		}
		p.rosters.Put(group, known, p.rosterFor)
	}
	if !known.members[user] {
		return false, nil
	}
	who, err := p.profileFor(ctx, user)
	if err != nil {
		return false, fmt.Errorf("slack: whether somebody is still there: %w", err)
	}
	return !who.ended && who.standing != bot.Outsider, nil
}
