package handlers

import (
	"context"
	"strconv"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// withHelper changes what is kept about the helper who asks.
func (a *App) withHelper(ctx context.Context, r bot.Request, change func(h *village.Helper)) (village.Helper, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return village.Helper{}, err
	}
	var h village.Helper
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		h = village.Helper{}
		if err := t.Get(records.HelperKey(g.ID, r.From.ID), &h); err != nil {
			return err
		}
		if change == nil {
			return nil
		}
		h.Person = who(r)
		change(&h)
		t.PutHelper(g.ID, h)
		return nil
	})
	return h, err
}

func (a *App) helperJoin(ctx context.Context, r bot.Request) (bot.Reply, error) {
	h, err := a.withHelper(ctx, r, func(h *village.Helper) {
		if h.Joined.IsZero() {
			h.Joined = a.Now().UTC()
		}
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).HelperJoined(h)), nil
}

func (a *App) helperLeave(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if _, err := a.withHelper(ctx, r, func(h *village.Helper) { h.Joined = time.Time{} }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).HelperLeft()), nil
}

func (a *App) helperShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	h, err := a.withHelper(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).HelperShown(h)), nil
}

func (a *App) helperSettings(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if len(r.Args) == 0 {
		return a.helperShow(ctx, r)
	}
	h, err := a.withHelper(ctx, r, func(h *village.Helper) {
		no := func(option string, field *bool) {
			if v := r.Arg(option); v != "" {
				*field = v == "no"
			}
		}
		no("rides", &h.NoRides)
		no("children", &h.NoChildren)
		no("other", &h.NoOther)
		no("mornings", &h.NoMornings)
		if n, err := strconv.Atoi(r.Arg("month")); err == nil { // the table has checked it
			h.AMonth = n
		}
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).HelperSet(h)), nil
}

// helperBar keeps somebody from future needs without a word to anybody. What
// they have said yes to stays; a moderator can take them off each.
func (a *App) helperBar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.setBar(ctx, r, true)
	if err != nil {
		return bot.Reply{}, err
	}
	theirs, err := a.Yeses(ctx, g.ID, r.Arg("helper"), a.Now(), time.UnixMilli(records.EndOfTime))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).Barred(r.Arg("helper"), theirs)), nil
}

func (a *App) helperUnbar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if _, err := a.setBar(ctx, r, false); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).Unbarred()), nil
}

func (a *App) setBar(ctx context.Context, r bot.Request, on bool) (village.Group, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return g, err
	}
	about, err := a.someone(ctx, g, r.Arg("helper"))
	if err != nil {
		return g, err
	}
	return g, a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		noteAct(t, r, g.ID, village.Act{About: about})
		if err := a.PutBar(t, g.ID, about.ID, on); err != nil || !on {
			return err
		}
		return a.endStandbys(t, g.ID, r.Arg("helper"))
	})
}

// endStandbys takes somebody off everything that they only stand by for, without
// a word: they are not to be put in anybody's place.
func (a *App) endStandbys(t *records.Tx, group, helper string) error {
	var g village.Group
	if err := t.Get(records.GroupKey(group), &g); err != nil {
		return err
	}
	theirs, err := a.NeedsWith(t.Ctx, group, helper, a.Now(), 0)
	if err != nil {
		return err
	}
	for _, listed := range theirs {
		var n village.Need
		if err := t.Get(records.NeedKey(group, listed.ID), &n); err != nil {
			return err
		}
		if !n.StandsBy(helper) {
			continue
		}
		after, owed, err := n.Release(helper, nil, a.Now())
		if err != nil {
			continue // its time has passed
		}
		a.PutNeed(t, g, after, owed)
	}
	return nil
}
