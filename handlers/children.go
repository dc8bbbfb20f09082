package handlers

import (
	"context"
	"slices"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

func (a *App) needApprove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	j, err := a.judge(ctx, r, true)
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).Approved(j)), nil
}

func (a *App) needDecline(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	helper := r.Arg("helper")
	if _, _, err := n.Decline(r.From.ID, r.From.Moderator, helper, nil, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("sure") != "yes" && !n.Waits(helper) { // they were let in, and a slip would leave the children's day without them
		return bot.Say(a.to(r, nil).SureToDecline(n, helper)), nil
	}
	j, err := a.judge(ctx, r, false)
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).Declined(j)), nil
}

// judge carries out the member's or a moderator's word about a helper and remembers
// it: a no for every request of this member's, a yes for every one too, or, if it was
// about something without children, for every such one.
func (a *App) judge(ctx context.Context, r bot.Request, yes bool) (j words.Judgment, err error) {
	helper := r.Arg("helper")
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		j = words.Judgment{Helper: village.Person{ID: helper}}
		for _, c := range slices.Concat(n.Claims, n.Backups) {
			if c.Helper.ID == helper {
				j.Helper, j.Waited = c.Helper, c.Waiting
			}
		}
		after, owed, err := a.judged(t, g, r, n, yes)
		if yes && village.IsCode(err, village.CodeNotHelping) {
			j.TakenBack, err = a.TakeBackNo(t, g.ID, n, helper, err)
			return n, nil, err
		}
		if err != nil || len(owed) == 0 {
			return n, nil, err
		}
		if j.Others, err = a.judgeOthers(t, g, r, n, yes); err != nil {
			return n, nil, err
		}
		if yes {
			return after, owed, a.Vouch(t, g.ID, n, helper)
		}
		if _, err := a.Trust(t, g.ID, n.Member.ID, helper); err != nil {
			return n, nil, err
		}
		a.PutTrust(t, g.ID, n.Member.ID, helper, village.Trust{})
		return after, owed, nil
	})
	j.Need = n
	return j, err
}

func (a *App) judged(t *records.Tx, g village.Group, r bot.Request, n village.Need, yes bool) (village.Need, []village.Owed, error) {
	if yes {
		return n.Approve(r.From.ID, r.From.Moderator, r.Arg("helper"), a.Now())
	}
	return n.Decline(r.From.ID, r.From.Moderator, r.Arg("helper"), a.Busy(t, g.ID, n), a.Now())
}

// judgeOthers carries the word over to what else of the same member's this helper
// is down for, or stands by for.
func (a *App) judgeOthers(t *records.Tx, g village.Group, r bot.Request, n village.Need, yes bool) (settled int, err error) {
	theirs, err := a.NeedsWith(t.Ctx, g.ID, r.Arg("helper"), a.Now().Add(-village.MaxLasts), 0)
	if err != nil {
		return 0, err
	}
	for _, listed := range theirs {
		if listed.ID == n.ID || listed.Member.ID != n.Member.ID || yes && listed.Kind.WithChildren() && !n.Kind.WithChildren() {
			continue
		}
		var other village.Need
		if err := t.Get(records.NeedKey(g.ID, listed.ID), &other); err != nil {
			return 0, err
		}
		after, owed, err := a.judged(t, g, r, other, yes)
		if err != nil || len(owed) == 0 {
			continue // they have gone from it, it is over, or it was settled before
		}
		a.PutNeed(t, g, after, owed)
		settled++
	}
	return settled, nil
}
