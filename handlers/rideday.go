package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/understand"
	"village/internal/village"
)

// rideTrouble answers whoever says on the day itself that their ride home is not
// there, or that they have none: with their own request and what to do now. It is
// false for words that say something else, and for those who wait for nothing.
func (a *App) rideTrouble(ctx context.Context, r bot.Request, said string) (bot.Reply, bool) {
	trouble := a.ear.RideTrouble(said)
	if trouble == "" {
		return bot.Reply{}, false
	}
	m, err := a.rideToday(ctx, r, trouble)
	if err != nil {
		a.Log.ErrorContext(ctx, "somebody's ride of the day could not be looked up", "request", r, "error", err)
	}
	if err != nil || m == nil {
		return bot.Reply{}, false
	}
	return bot.Say(*m), true
}

// rideToday is what there is to say about somebody's ride home of the day, or nil
// where they have no session and no ride today.
func (a *App) rideToday(ctx context.Context, r bot.Request, trouble understand.Trouble) (*bot.Message, error) {
	known, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return nil, err
	}
	for _, group := range known.Groups {
		needs, err := a.NeedsWith(ctx, group, r.From.ID, a.Now().Add(-36*time.Hour), 0)
		if err != nil {
			return nil, err
		}
		if n, some := village.RideOfTheDay(needs, r.From.ID, a.Now()); some {
			to := a.toNeed(r, n)
			return new(to.WithReport(to.RideOfTheDay(n), n)), nil
		}
	}
	if trouble != understand.NoRide {
		return nil, nil
	}
	for _, group := range known.Groups {
		courses, err := a.CoursesIn(ctx, group, r.From.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range courses {
			if village.HasSessionToday(c, a.Now()) {
				return new(a.to(r, village.ZoneNamed(c.Zone)).NoRideAsked()), nil
			}
		}
	}
	return nil, nil
}

// beforeAnswering is what comes before the library's answer: somebody's own ride of
// the day, with two lines where the words called for them.
func (a *App) beforeAnswering(ctx context.Context, r bot.Request, said string, lines bool) (bot.Reply, bool) {
	reply, ok := a.rideTrouble(ctx, r, said)
	if !ok {
		if reply, ok = a.notRight(ctx, r, said); ok {
			return reply, true // with lines of its own
		}
	}
	if ok && lines {
		reply.Messages = append(reply.Messages, a.twoLinesFor(ctx, r))
	}
	return reply, ok
}
