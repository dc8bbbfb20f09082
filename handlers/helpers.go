package handlers

import (
	"context"
	"strings"
	"time"

	"strconv"

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
	m := helperMessage(h, "Thank you. I may ask you now")
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
	return bot.Say(helperMessage(h, "What I ask you for")), nil
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
	return bot.Say(helperMessage(h, "That is noted")), nil
}

// helperMessage says what somebody is asked for, with a tap to change each.
func helperMessage(h village.Helper, title string) bot.Message {
	m := bot.Message{Title: title, Text: helperWords(h)}
	toggle := func(option string, off bool, on, offLabel string) {
		value, label := "no", offLabel
		if off {
			value, label = "yes", on
		}
		m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/helper settings " + option + ": " + value})
	}
	if h.Joined.IsZero() {
		m.Buttons = append(m.Buttons, bot.Button{Label: "You may ask me", Command: "/helper join", Style: bot.Primary})
		return m
	}
	toggle("rides", h.NoRides, "Do ask for rides", "Not for rides")
	toggle("children", h.NoChildren, "Do ask for children", "Not for children")
	toggle("other", h.NoOther, "Do ask for meals and errands", "Not for meals or errands")
	toggle("mornings", h.NoMornings, "Mornings are fine", "Not in the morning")
	if h.AMonth == 0 {
		m.Buttons = append(m.Buttons, bot.Button{Label: "At most twice a month", Command: "/helper settings month: 2"})
	} else {
		m.Buttons = append(m.Buttons, bot.Button{Label: "As often as needed", Command: "/helper settings month: 0"})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "Don't ask me", Command: "/helper leave"})
	return m
}

func helperWords(h village.Helper) string {
	if h.Joined.IsZero() {
		return "I don't ask you directly. You can say yes to anything in the channel: /need open shows it."
	}
	var wanted []string
	for _, w := range []struct {
		no    bool
		words string
	}{{h.NoRides, "rides"}, {h.NoChildren, "help with children"}, {h.NoOther, "meals, errands and company"}} {
		if !w.no {
			wanted = append(wanted, w.words)
		}
	}
	words := "I may ask you for " + andList(wanted)
	if len(wanted) == 0 {
		words = "I ask you for nothing at the moment, because everything is switched off"
	}
	if h.NoMornings {
		words += ", but not in the morning"
	}
	if h.AMonth > 0 {
		words += ". You are asked until you have said yes " + times(h.AMonth) + " in a month"
	}
	return words + "."
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

// andList is "a, b and c".
func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
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
