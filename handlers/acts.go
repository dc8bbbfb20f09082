package handlers

import (
	"context"
	"slices"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/scheduler"
)

// What moderators do is noted in the commit that does it, so that two of them can see
// who set, paused, removed, barred, moved or signed up, and when. No command of
// moderators that changes something may leave it out; a test goes over the table.

// actOf is an act as a request does it.
func actOf(r bot.Request, act village.Act) village.Act {
	act.By, act.What = who(r), strings.Join(r.Path, " ")
	return act
}

// noteAct notes what a request does to a group (an ID).
func noteAct(t *records.Tx, r bot.Request, group string, act village.Act) {
	t.PutAct(group, actOf(r, act))
}

// noteActOnNeed notes what a request does to a need that somebody else asked for. What
// people do with their own is nobody's business.
func noteActOnNeed(t *records.Tx, r bot.Request, group string, before, after village.Need) {
	what, helper := strings.Join(r.Path, " "), r.Arg("helper")
	if !before.ActsForOthers(r.From.ID, what, helper) {
		return
	}
	noteAct(t, r, group, village.Act{About: named(helper, before, after)}.OnNeed(after))
}

// named is the helper (an ID) of a need whom a request is about; without an ID whoever
// is down by now and was not before.
func named(helper string, before, after village.Need) village.Person {
	for _, c := range slices.Concat(after.Claims, before.Claims, before.Backups) {
		if c.Helper.ID == helper || helper == "" && !before.HelpedBy(c.Helper.ID) {
			return c.Helper
		}
	}
	return village.Person{ID: helper}
}

// someone is a person (an ID) as a group knows them.
func (a *App) someone(ctx context.Context, g village.Group, id string) (village.Person, error) {
	m, _, err := a.MemberOf(ctx, g.ID, id)
	return village.Person{ID: id, Name: m.Name}, err
}

// setupLog tells moderators what they all did, the latest first. What is quiet about
// whoever reads it is left out: a moderator can be who is kept from helping.
func (a *App) setupLog(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	page := 1
	if r.Arg("page") != "" {
		page = number(r, "page")
	}
	acts, err := a.Acts(ctx, g.ID, page*words.LogSize+1)
	if err != nil {
		return bot.Reply{}, err
	}
	from, to := min((page-1)*words.LogSize, len(acts)), min(page*words.LogSize, len(acts))
	more := len(acts) > to && page < words.LogPages
	shown := slices.DeleteFunc(acts[from:to:to], func(act village.Act) bool { return act.HiddenFrom(r.From.ID) })
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, village.ZoneNamed(g.Zone)).Log(shown, page, more)}}, nil
}

func actOnReminder(rem village.ChannelReminder) village.Act {
	return village.Act{Room: rem.Room, Value: scheduler.Describe(rem.Schedule), Zone: rem.Zone}
}
