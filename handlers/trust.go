package handlers

import (
	"cmp"
	"context"
	"fmt"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
)

// recognise makes a moderator of somebody whom the moderators have chosen to
// be one. The platform need not know; in a direct message it cannot.
func (a *App) recognise(ctx context.Context, r bot.Request) bot.Request {
	if r.From.Moderator || r.From.ID == "" {
		return r
	}
	trusted, err := a.isTrusted(ctx, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "who moderates could not be looked up", "request", r, "error", err)
		return r
	}
	r.From.Moderator = trusted
	return r
}

func (a *App) isTrusted(ctx context.Context, r bot.Request) (bool, error) {
	if err := a.arrive(ctx, r); err != nil {
		return false, err
	}
	group, err := a.GroupOf(ctx, r.Workspace)
	if err != nil {
		return false, err
	}
	if group == "" {
		m, err := a.Member(ctx, r.From.ID)
		if err != nil || m.Group == "" {
			return false, err
		}
		if group, err = a.JoinedTo(ctx, m.Group); err != nil {
			return false, err
		}
	}
	var m records.Moderator
	_, err = a.Read(ctx, records.ModeratorKey(group, r.From.ID), &m)
	return m.Trusted, err
}

// setupTrust makes somebody a moderator of this group, or no longer.
func (a *App) setupTrust(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, yes := r.Arg("person"), r.Arg("do") != "no"
	known, ok, err := a.MemberOf(ctx, g.ID, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok && yes {
		return bot.Reply{}, &bot.Error{Code: "not-known", Say: "They have never used me, so I don't know them yet.", Hint: "Please ask them to type /need open here once, and then choose them again.",
			Buttons: []bot.Button{{Label: "What is open", Command: "/need open"}}}
	}
	who := village.Person{ID: id, Name: cmp.Or(known.Name, "They")}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		var m records.Moderator
		if err := t.Get(records.ModeratorKey(g.ID, id), &m); err != nil {
			return err
		}
		if !yes {
			t.Remove(records.ModeratorKey(g.ID, id)) // noted again if the platform shows them to be one
			return nil
		}
		m.Person, m.Seen, m.Trusted = who, a.Now().UTC(), true
		t.PutModerator(g.ID, m)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	them := "**" + bot.Literal(who.Name) + "**"
	m := bot.Message{Title: "They moderate with you now", Tone: bot.Good,
		Text:    them + " can set up this group, see what is uncovered, and fill or cancel any request: here, and in a direct message with me.",
		Buttons: []bot.Button{{Label: "Take it back", Command: fmt.Sprintf("/setup trust %s no", id)}}}
	if !yes {
		m = bot.Message{Title: "They no longer moderate because of me", Text: them + " can do what everybody can. Whoever may manage this place on the platform itself stays a moderator."}
	}
	return bot.Say(m), nil
}

// trusted are those whom moderators have chosen, by name.
func (a *App) trusted(ctx context.Context, group string) ([]string, error) {
	known, err := records.List[records.Moderator](ctx, a.Records, store.Query{Partition: records.GroupPartition(group), Index: records.ModeratorsIndex}, records.KindModerator)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range known {
		if m.Trusted {
			names = append(names, bot.Literal(m.Name))
		}
	}
	return names, nil
}
