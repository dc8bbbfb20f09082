package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// findNeed is the request that a command names, and its group.
func (a *App) findNeed(ctx context.Context, r bot.Request) (village.Group, village.Need, error) {
	g, groups, err := a.lookIn(ctx, r)
	if err != nil {
		return g, village.Need{}, err
	}
	for _, id := range groups {
		var n village.Need
		if _, err := a.Read(ctx, records.NeedKey(id, r.Arg("need")), &n); err != nil {
			return g, n, err
		}
		if n.ID == "" {
			continue
		}
		if _, err := a.Read(ctx, records.GroupKey(id), &g); err != nil {
			return g, n, err
		}
		return g, n, a.mustBeHereFor(ctx, r, g, n)
	}
	return g, village.Need{}, a.to(r, nil).NoSuchNeed()
}

// withNeed finds a need for somebody and changes it by a rule. The group is the
// request's, or in a direct message whichever of the person's groups has it.
func (a *App) withNeed(ctx context.Context, r bot.Request, rule func(n village.Need, now time.Time) (village.Need, []village.Owed, error)) (village.Group, village.Need, error) {
	if rule == nil {
		return a.findNeed(ctx, r)
	}
	return a.changeNeed(ctx, r, func(_ *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
		return rule(n, a.Now())
	})
}

// changeNeed is withNeed for rules that look at more than the need.
func (a *App) changeNeed(ctx context.Context, r bot.Request, rule func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error)) (village.Group, village.Need, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return g, n, err
	}
	n, err = a.ChangeNeed(ctx, g.ID, r.Arg("need"), func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed, err := rule(t, g, n)
		if err == nil && (len(owed) > 0 || t.Dirty()) {
			noteActOnNeed(t, r, g.ID, n, after)
		}
		return after, owed, err
	})
	if err == nil && n.ID == "" {
		err = a.to(r, nil).NoSuchNeed()
	}
	return g, n, err
}

// mayHelp says whether somebody is let in to a need at once; who is not to help is
// refused.
func (a *App) mayHelp(t *records.Tx, g village.Group, n village.Need, helper village.Person) (bool, error) {
	if err := a.Welcome(t, g.ID, n, helper.ID); err != nil {
		return false, err
	}
	if err := a.MayPromise(t, g.ID, n, helper.ID); err != nil {
		return false, err
	}
	if helper.Visits != "" { // "anyone" was not said of them
		g.Anyone = false
	}
	return a.Known(t, g, n, helper.ID)
}

// askedOnce leaves the question whether somebody may help out where the member was asked
// it of late, for another day, and has not answered: one yes is for all of it.
func (a *App) askedOnce(t *records.Tx, group string, n village.Need, helper village.Person, owed []village.Owed) ([]village.Owed, error) {
	others, err := a.NeedsWith(t.Ctx, group, helper.ID, a.Now(), mostNoted)
	if err != nil || !slices.ContainsFunc(others, func(o village.Need) bool { return o.AsksAlready(n, helper.ID, a.Now()) }) {
		return owed, err
	}
	return slices.DeleteFunc(owed, func(o village.Owed) bool { return o.What == village.OwedApprove && o.To == n.Member.ID && !o.Standing }), nil
}
