package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
)

func (a *App) needClaim(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("days") != "" {
		return a.needTake(ctx, r)
	}
	return a.claimOne(ctx, r)
}

func (a *App) claimOne(ctx context.Context, r bot.Request) (bot.Reply, error) {
	already := false
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		already = n.HelpedBy(r.From.ID)
		if already {
			return n, nil, nil
		}
		approved, err := a.mayHelp(t, g, n, who(r))
		if err != nil {
			return n, nil, err
		}
		after, owed, err := n.Claim(who(r), approved, a.Now())
		if err != nil {
			return n, nil, err
		}
		if !approved {
			if owed, err = a.askedOnce(t, g.ID, after, who(r), owed); err != nil {
				return n, nil, err
			}
		}
		return after, owed, a.Clash(t, g.ID, who(r), n, r.Arg("both") == "yes")
	})
	if err != nil {
		if village.IsCode(err, village.CodeBoth) {
			return a.doBoth(ctx, r)
		}
		return bot.Reply{}, a.to(r, nil).CannotClaim(err, r.Arg("need"))
	}
	to := a.toNeed(r, n)
	return bot.Say(to.WithReport(to.Claimed(n, already), n)), nil
}

// doBoth asks whether somebody can do two short runs at nearly the same time.
func (a *App) doBoth(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := a.Calendar(a.Begin(ctx, records.GroupPartition(g.ID)), g.ID, r.From.ID, n)
	if err != nil || c.Busy == nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.toNeed(r, n).CanYouDoBoth(n, *c.Busy)), nil
}

func (a *App) needRelease(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var was village.Need
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		was = n
		after, owed, err := n.Release(r.From.ID, a.Busy(t, g.ID, n), a.Now())
		if err != nil {
			return n, nil, err
		}
		if err := a.NoteRetreat(t, g.ID, who(r)); err != nil {
			return n, nil, err
		}
		return after, owed, a.DontAsk(t, g.ID, who(r), n.ID)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.toNeed(r, n)
	return update(to.WithReport(to.Released(was, n), n)), nil
}

func (a *App) needCancel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, _, err := n.Cancel(r.From.ID, r.From.Moderator, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, village.ZoneNamed(n.Zone))
	switch {
	case n.Why == village.Cancelled:
		return bot.Say(to.CancelledBefore()), nil
	case r.Arg("sure") != "yes":
		return bot.Say(to.SureToTakeDown(n)), nil
	}
	_, n, err = a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.Cancel(r.From.ID, r.From.Moderator, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(to.CancelledNow(n)), nil
}

func (a *App) needShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("with") == "day" {
		return a.day(ctx, r, g, n)
	}
	to := a.toNeed(r, n)
	if village.IsFamily(r.From.ID) {
		return bot.Say(to.PageNeed(n)), nil
	}
	m := to.NeedCard(n)
	m.Buttons = append(m.Buttons, to.Steering(n, r.From.Moderator)...)
	if n.Details && (n.Member.ID == r.From.ID || r.From.Moderator) {
		seen, err := a.whoHasSeen(ctx, g, n)
		if err != nil {
			return bot.Reply{}, err
		}
		m.Fields = append(m.Fields, to.SeenBy(seen)...)
	}
	return bot.Say(m), nil
}

func (a *App) needThanks(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return n.Thank(r.From.ID, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, nil)
	return update(to.WithReport(to.Thanked(n), n)), nil
}

// fillForm asks who is to be signed up, an account or a name.
func (a *App) fillForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, _, err := n.Fill(who(r), r.From.Moderator, village.Person{}, a.Now()); err != nil {
		return bot.Reply{}, err
	}
	f := a.to(r, nil).FillForm(n)
	f.Path, f.Args = r.Path, map[string]string{"need": n.ID}
	for _, o := range fillOptions() {
		f.Fields = append(f.Fields, bot.FormField{Option: o})
	}
	return bot.Reply{Form: &f}, nil
}

// fillOptions are the two ways to say who helps.
func fillOptions() []bot.Option {
	return []bot.Option{
		{Name: "helper", Label: "Their account", Summary: "Their account, such as @sam", Kind: bot.Someone},
		{Name: "name", Label: "Or a name, for somebody without one", Hint: "Aunt Rosa", Summary: "A name, for somebody without an account", Max: village.MaxGuest, Read: bot.Everybody},
	}
}

// toFill is whoever is to be signed up: an account that has used the bot here, or
// a name without one.
func (a *App) toFill(ctx context.Context, r bot.Request) (village.Person, error) {
	to := a.to(r, nil)
	id, name := r.Arg("helper"), r.Arg("name")
	if mentioned := bot.Mentioned(name, r.Platform); mentioned != "" && (id == "" || id == mentioned) {
		id, name = mentioned, ""
	}
	switch {
	case id != "" && name != "":
		return village.Person{}, to.OneOfTwo()
	case name != "":
		return village.Guest(r.Arg("need"), name)
	case id == "":
		return village.Person{}, to.WhoHelps()
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return village.Person{}, err
	}
	m, ok, err := a.MemberOf(ctx, g.ID, id)
	switch {
	case err != nil || ok:
	case r.Arg("name") != "":
		err = to.IsAnAccount(r.Arg("need"), r.Arg("name"))
	default:
		err = to.CannotReach(r.Arg("need"))
	}
	return village.Person{ID: id, Name: m.Name}, err
}

// needFill signs somebody up: an account, or a name without one.
func (a *App) needFill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if len(r.Args) == 1 && !r.Submitted {
		return a.fillForm(ctx, r)
	}
	helper, err := a.toFill(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	already := false
	g, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		already = n.HelpedBy(helper.ID)
		after, owed, err := n.Fill(who(r), r.From.Moderator, helper, a.Now())
		if err != nil || len(owed) == 0 || village.IsGuest(helper.ID) {
			return after, owed, err
		}
		if err := a.Welcome(t, g.ID, n, helper.ID); err != nil && !village.IsCode(err, village.CodePaused) { // this is somebody's word for them
			return n, nil, err
		}
		if err := a.MayPromise(t, g.ID, n, helper.ID); err != nil {
			return n, nil, a.to(r, nil).NotOnTheirPage(err, helper, r.From.Moderator)
		}
		if err := a.Vouch(t, g.ID, n, helper.ID); err != nil {
			return n, nil, err
		}
		return after, owed, a.Clash(t, g.ID, helper, n, true) // they are asked whether it suits them
	})
	to := a.to(r, village.ZoneNamed(n.Zone))
	switch {
	case err != nil:
		return bot.Reply{}, to.CannotFill(err, helper, r.From.Moderator)
	case already:
		return bot.Say(to.FilledBefore(n, helper)), nil
	}
	m := to.Filled(n, helper)
	if village.IsGuest(helper.ID) {
		m.File = a.entryFile(g.ID, n, to)
	}
	return bot.Say(m), nil
}

// needUnfill takes somebody off; they hear that no more help is needed.
func (a *App) needUnfill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var gone village.Person
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		gone = n.HelperWith(r.Arg("helper"))
		return n.Unfill(r.From.ID, r.From.Moderator, r.Arg("helper"), a.Busy(t, g.ID, n), a.Now())
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).Unfilled(n, gone)), nil
}

// needPass is a helper's no to being asked. The next one is asked at once, and
// nothing is kept of it.
func (a *App) needPass(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if n.OfferedTo(r.From.ID) {
		return a.notTaken(ctx, r)
	}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		n = village.Need{}
		if err := t.Get(records.NeedKey(g.ID, r.Arg("need")), &n); err != nil {
			return err
		}
		var h village.Helper
		if err := t.Get(records.HelperKey(g.ID, r.From.ID), &h); err != nil {
			return err
		}
		if !h.Passes(n.ID) || n.State() != village.Open || !a.Now().Before(n.Start) {
			return nil
		}
		h = h.Answered(n.ID)
		t.PutHelper(g.ID, h)
		owed, err := a.AskHelpers(t, g, n, 1)
		if err != nil {
			return err
		}
		if len(owed) > 0 {
			a.PutNeed(t, g, n, owed)
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).Passed()), nil
}

// needTake is a yes to the same thing on several days. What somebody else was quicker
// with, or what does not go with their other yeses, is left out; where that is all of it,
// the refusal says why.
func (a *App) needTake(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if n.HelpedBy(r.From.ID) || n.Member.ID == r.From.ID {
		return a.claimOne(ctx, r)
	}
	var taken []village.Need
	missed := 0
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		taken, missed = nil, 0
		if err := t.Get(records.GroupKey(g.ID), &g); err != nil {
			return err
		}
		series, err := a.InSeries(ctx, g.ID, n)
		if err != nil {
			return err
		}
		taken, missed, err = a.takeEach(t, g, who(r), village.Alike(n, series, r.Arg("days")))
		return err
	})
	switch {
	case err != nil:
		return bot.Reply{}, a.to(r, nil).CannotClaim(err, n.ID)
	case len(taken) == 1:
		return bot.Say(a.to(r, village.ZoneNamed(n.Zone)).Claimed(taken[0], false)), nil
	}
	return bot.Say(a.to(r, village.ZoneNamed(n.Zone)).Taken(taken, missed)), nil
}

// takeEach says yes to each of the needs that somebody can do. The error is the first
// refusal where that is none.
func (a *App) takeEach(t *records.Tx, g village.Group, helper village.Person, listed []village.Need) (taken []village.Need, missed int, err error) {
	keys := make([]store.Key, len(listed))
	for i, n := range listed {
		keys[i] = records.NeedKey(g.ID, n.ID)
	}
	if err := a.Fetch(t.Ctx, keys...); err != nil {
		return nil, 0, err
	}
	var refused error
	for _, l := range listed {
		var n village.Need
		if err := t.Get(records.NeedKey(g.ID, l.ID), &n); err != nil {
			return nil, 0, err
		}
		if slices.ContainsFunc(taken, n.Overlaps) {
			missed++
			continue
		}
		after, owed, err := a.takeOne(t, g, helper, n)
		var no *village.Error
		switch {
		case errors.As(err, &no):
			refused, missed = cmp.Or(refused, err), missed+1
		case err != nil:
			return nil, 0, err
		case len(owed) > 0:
			a.PutNeed(t, g, after, owed)
			taken = append(taken, after)
		}
	}
	if len(taken) == 0 {
		return nil, 0, cmp.Or(refused, village.TakenAlready())
	}
	return taken, missed, nil
}

// takeOne is a yes to one of several needs.
func (a *App) takeOne(t *records.Tx, g village.Group, helper village.Person, n village.Need) (village.Need, []village.Owed, error) {
	approved, err := a.mayHelp(t, g, n, helper)
	if err != nil {
		return n, nil, err
	}
	after, owed, err := n.Claim(helper, approved, a.Now())
	if err != nil || len(owed) == 0 {
		return n, nil, err
	}
	return after, owed, a.Clash(t, g.ID, helper, n, false)
}
