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
