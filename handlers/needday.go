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

func (a *App) needStandby(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		approved, err := a.mayHelp(t, g, n, who(r))
		if err != nil {
			return n, nil, err
		}
		return n.Standby(who(r), approved, a.Now())
	})
	if village.IsCode(err, village.CodeStillOpen) {
		return bot.Reply{}, words.Offer(err, a.to(r, nil).ClaimButton(n))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.toNeed(r, n)
	return bot.Say(to.WithReport(to.ThanksForStandingBy(n), n)), nil
}

// needStill is a helper's word that it is still on, or the word of whoever looks
// after somebody without an account. Who has not heard of a change yet hears of
// it first.
func (a *App) needStill(ctx context.Context, r bot.Request) (bot.Reply, error) {
	helper := village.Person{ID: r.From.ID}
	guest := ""
	if id := r.Arg("helper"); id != "" && id != r.From.ID {
		helper.ID, guest = id, id
	}
	var untold village.Need
	g, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		untold = village.Need{}
		for _, c := range n.Claims {
			if c.Helper.ID == helper.ID {
				helper = c.Helper
			}
		}
		if hearsFirst(n, r.From.ID, helper.ID, guest) {
			untold = n
			after, owed := n.Told(r.From.ID, guest)
			return after, owed, nil
		}
		after, owed, err := n.Still(r.From.ID, r.From.Moderator, helper.ID, a.Now())
		if err != nil || len(owed) == 0 || guest != "" {
			return after, owed, err
		}
		return after, owed, a.Clash(t, g.ID, who(r), n, true)
	})
	if village.IsCode(err, village.CodeBusy) {
		return bot.Reply{}, words.Offer(err, a.to(r, nil).MineButton(), a.to(r, nil).ReleaseButton(n))
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if untold.ID != "" {
		if guest == "" {
			helper = village.Person{}
		}
		return a.stillChanged(ctx, r, g, untold, helper)
	}
	to := a.toNeed(r, n)
	m := to.StillOn(n)
	if guest != "" {
		m = to.GuestStillOn(n, helper)
	}
	return update(to.WithReport(m, n)), nil
}

// hearsFirst says whether somebody has to hear of a change before their yes means anything:
// of what was called off there is nothing to say yes to.
func hearsFirst(n village.Need, by, helper, guest string) bool {
	return n.Why == "" && n.HelpedBy(helper) && !village.IsFamily(guest) && n.HeardBy(by, guest) != nil
}

func (a *App) needGot(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.tapOnTheWay(ctx, r, village.Need.PickedUp, words.Reader.OnTheRoad)
}

func (a *App) needLate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.tapOnTheWay(ctx, r, village.Need.Late, words.Reader.NoHurry)
}

// needHere and needNobody are the words of whoever waits for a ride home.
func (a *App) needHere(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.tapOnTheWay(ctx, r, village.Need.RideIsHere, words.Reader.RideIsHere)
}

func (a *App) needNobody(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.tapOnTheWay(ctx, r, village.Need.NobodyCame, words.Reader.NobodyCame)
}

func (a *App) tapOnTheWay(ctx context.Context, r bot.Request, rule func(n village.Need, by string, now time.Time) (village.Need, []village.Owed, error), say func(words.Reader, village.Need) bot.Message) (bot.Reply, error) {
	_, n, err := a.withNeed(ctx, r, func(n village.Need, now time.Time) (village.Need, []village.Owed, error) {
		return rule(n, r.From.ID, now)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.toNeed(r, n)
	return update(to.WithReport(say(to, n), n)), nil
}

func (a *App) needHome(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var told []village.Family
	_, n, err := a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed, err := n.HomeSafe(r.From.ID, a.Now())
		if err != nil || len(owed) == 0 {
			return after, owed, err
		}
		theirs, err := a.FamilyOf(t.Ctx, g.ID, n.Member.ID)
		if err != nil {
			return n, nil, err
		}
		arrivals := after.Arrivals(n, theirs, a.Now())
		told = nil
		for _, o := range arrivals {
			told = append(told, theirs[slices.IndexFunc(theirs, func(f village.Family) bool { return f.ID == o.To })])
		}
		return after, append(owed, arrivals...), nil
	})
	to := a.toNeed(r, n)
	switch {
	case village.IsCode(err, village.CodeNotBegun) && n.Member.ID == r.From.ID:
		return bot.Reply{}, to.NotBegun(n)
	case village.IsCode(err, village.CodeNotBegun):
		return bot.Reply{}, words.Offer(err, to.HomeButtons(n)[0])
	case err != nil:
		return bot.Reply{}, err
	}
	m := to.AllAreThere(n)
	if r.From.ID == n.Member.ID && n.Kind.BringsHome() {
		m = to.ToldHome(a.to(r, nil).GoodToHear(a.reminderCard(village.HomeRest).Whole()), told)
	}
	return update(to.WithReport(m, n)), nil
}

// stillChanged answers a yes to what was so before: it says first what has
// changed, and asks again.
func (a *App) stillChanged(ctx context.Context, r bot.Request, g village.Group, n village.Need, guest village.Person) (bot.Reply, error) {
	j := village.Notice{Group: g.ID, Need: n.ID, What: village.OwedMoved, To: village.Address{Person: r.From.ID}, About: guest}
	m, err := a.notice(ctx, j, n)
	if err != nil || m == nil {
		return bot.Reply{}, err
	}
	m.Notify = nil
	return bot.Reply{Update: true, Messages: []bot.Message{*m}}, nil
}
