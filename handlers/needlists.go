package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// mostListed is how many requests a list goes through.
const mostListed = 200

// reading is the group of a request, and its reader with the zone that they or
// their group think in, where either has one.
func (a *App) readingHere(ctx context.Context, r bot.Request) (village.Group, words.Reader, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return g, words.Reader{}, err
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	return g, a.to(r, zone), err
}

func (a *App) needOpen(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, to, err := a.readingHere(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	counts, err := a.Board(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	b := words.OpenBoard{Week: r.Arg("when") != "all", Page: pageOf(r), Matching: counts.AllOpen, All: counts.AllOpen, Covered: counts.Covered(), Asked: counts.Asked}
	var until time.Time
	if b.Week {
		b.Matching, until = counts.Open, a.Now().Add(records.Week)
	}
	if b.Needs, err = a.OpenNeeds(ctx, g.ID, until, mostListed); err != nil {
		return bot.Reply{}, err
	}
	if b.Unwelcome, err = a.Unwelcome(ctx, g.ID, b.Needs, r.From.ID); err != nil {
		return bot.Reply{}, err
	}
	return listedAt(r, to.Open(b)), nil
}

func (a *App) needMine(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, zone)
	// a day back, so that today's ride is still there in the evening
	needs, err := a.NeedsWith(ctx, g.ID, r.From.ID, a.Now().Add(-24*time.Hour), 0)
	if err != nil {
		return bot.Reply{}, err
	}
	if needs, err = a.theirs(ctx, r, g, needs); err != nil {
		return bot.Reply{}, err
	}
	return listedAt(r, to.Mine(needs, pageOf(r))), nil
}

// theirs are the needs that somebody may be shown of those they have a part in: who is
// not in the village, what they asked for themselves. Whoever is back finds what they
// asked for going on.
func (a *App) theirs(ctx context.Context, r bot.Request, g village.Group, needs []village.Need) ([]village.Need, error) {
	mine := func(n village.Need) bool { return n.Member.ID == r.From.ID }
	if slices.ContainsFunc(needs, func(n village.Need) bool { return mine(n) && n.IsHeld() }) {
		if err := a.LookAfter(ctx, g.ID, who(r)); err != nil {
			return nil, err
		}
	}
	if !slices.ContainsFunc(needs, func(n village.Need) bool { return !mine(n) }) {
		return needs, nil
	}
	err := a.mustBeHere(ctx, r, g)
	if elsewhere(err) == nil {
		return needs, err
	}
	return slices.DeleteFunc(needs, func(n village.Need) bool { return !mine(n) }), nil
}

// needUncovered is the moderators' view of what is not settled in the next
// seven days, with a look at four weeks.
func (a *App) needUncovered(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, village.ZoneNamed(g.Zone))
	weeks, err := a.weeksFor(ctx, r, g, to)
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := a.ComingUntil(ctx, g.ID, weeks.until)
	if err != nil {
		return bot.Reply{}, err
	}
	counts, err := a.Board(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	week := a.Now().Add(records.Week)
	needs := slices.DeleteFunc(slices.Clone(all), func(n village.Need) bool { return n.Start.After(week) })
	m := to.Uncovered(needs, counts.Covered(), counts.Asked, pageOf(r))
	if pageOf(r) == 1 {
		m.Image, err = a.fourWeeks(ctx, g, to, weeks, all)
	}
	return listedAt(r, m), err
}
