package handlers

import (
	"context"
	"strconv"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
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

// helperBar keeps somebody from helping, now and later, with no word to anybody of why:
// what they have said yes to is asked for anew, as if a moderator had taken them off.
// Whoever has picked somebody up brings them home first.
func (a *App) helperBar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var b words.Barred
	about, err := a.setBar(ctx, r, true, func(t *records.Tx, group string) (err error) {
		b, err = a.endYeses(t, r, group)
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).Barred(about, b)), nil
}

func (a *App) helperUnbar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	about, err := a.setBar(ctx, r, false, func(*records.Tx, string) error { return nil })
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).Unbarred(about)), nil
}

// setBar keeps somebody from helping, or lets them help again, with what follows from it.
func (a *App) setBar(ctx context.Context, r bot.Request, on bool, follows func(t *records.Tx, group string) error) (village.Person, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return village.Person{}, err
	}
	about, err := a.someone(ctx, g, r.Arg("helper"))
	if err != nil {
		return about, err
	}
	return about, a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		noteAct(t, r, g.ID, village.Act{About: about})
		if err := a.PutBar(t, g.ID, about.ID, on); err != nil {
			return err
		}
		return follows(t, g.ID)
	})
}

// endYeses takes somebody off everything that they are down for or stand by for.
func (a *App) endYeses(t *records.Tx, r bot.Request, group string) (b words.Barred, err error) {
	var g village.Group
	if err := t.Get(records.GroupKey(group), &g); err != nil {
		return b, err
	}
	helper := r.Arg("helper")
	theirs, err := a.NeedsWith(t.Ctx, group, helper, a.Now().Add(-village.MaxLasts), 0)
	if err != nil {
		return b, err
	}
	for _, listed := range theirs {
		var n village.Need
		if err := t.Get(records.NeedKey(group, listed.ID), &n); err != nil {
			return b, err
		}
		if n.OnTheWayWith(helper) {
			b.Driving = append(b.Driving, n)
			continue
		}
		helped := n.HelpedBy(helper)
		after, owed, err := n.Bar(r.From.ID, helper, a.Busy(t, group, n), a.Now())
		if err != nil || len(owed) == 0 {
			continue // its time has passed
		}
		a.PutNeed(t, g, after, owed)
		if helped {
			b.Off = append(b.Off, after)
		}
	}
	return b, nil
}
