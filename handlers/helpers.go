package handlers

import (
	"context"
	"time"

	"strconv"

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
	m := words.HelperMessage(h, "Thank you. I may ask you now")
	m.Tone = bot.Good
	m.Text = "When nobody has said yes to a request in the channel, I ask a few people directly, whoever was asked longest ago first. A no is always fine.\n\n" + m.Text
	return bot.Say(m), nil
}

func (a *App) helperLeave(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if _, err := a.withHelper(ctx, r, func(h *village.Helper) { h.Joined = time.Time{} }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "I won't ask you directly any more", Text: "What you have already said yes to stays: /need mine shows it. You can still say yes in the channel whenever you like. Thank you for having been there.",
		Buttons: []bot.Button{{Label: "Mine", Command: "/need mine"}, {Label: "Ask me again", Command: "/helper join"}}}), nil
}

func (a *App) helperShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	h, err := a.withHelper(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(words.HelperMessage(h, "What I ask you for")), nil
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
	return bot.Say(words.HelperMessage(h, "That is noted")), nil
}

// needPass is a helper's no to being asked. The next one is asked at once, and
// nothing is kept of it.
func (a *App) needPass(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, n, err := a.findNeed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
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
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: "That is fine. Thank you for looking.",
		Buttons: []bot.Button{{Label: "What I am asked for", Command: "/helper show"}}}}}, nil
}
