package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/scheduler"
)

const kindGreetingJob = "greeting"

// greetingJob is what is said where the bot was just brought to.
type greetingJob struct {
	Room string `json:"room"`
}

// arrived greets whoever has brought the bot to a place where nothing is set up.
func (a *App) arrived(ctx context.Context, at bot.Arrival) {
	if at.Room == "" {
		return
	}
	id, err := a.GroupOf(ctx, at.Workspace)
	if err == nil {
		_, err = a.ChangeGroup(ctx, id, func(t *records.Tx, g *village.Group) error {
			if !g.ToGreet(a.Now()) {
				return nil
			}
			if g.ID == "" {
				g.ID, g.Since = id, a.Now().UTC()
			}
			g.Greeted = a.Now().UTC()
			t.PutJob("greeting", kindGreetingJob, a.Now(), greetingJob{Room: at.Room})
			return nil
		})
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "a place that the bot was brought to could not be greeted", "workspace", at.Workspace, "error", err)
		return
	}
	a.Wake()
}

// prepareGreeting says who the bot is, in the room it was brought to.
func (a *App) prepareGreeting(_ *records.Tx, _ due, j greetingJob) (scheduler.Delivery, error) {
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Room: j.Room}, Message: a.toPerson("", nil).Greeting()}}, nil
}

// setupStart sets a group up in a few taps: its clock, its channel, and what the bot
// offers beside.
func (a *App) setupStart(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, nil)
	if r.Arg("zone") != "" {
		zone, err := a.zone(r)
		if err != nil {
			return bot.Reply{}, err
		}
		if g, _, err = a.setZone(ctx, r, zone); err != nil {
			return bot.Reply{}, err
		}
	}
	here := village.Room{ID: r.Room.ID, Name: r.Room.Name}
	if r.Arg("channel") != "" {
		if here, err = a.roomSaid(ctx, r, "/setup start channel: #village"); err != nil {
			return bot.Reply{}, err
		}
		if g, err = a.setChannel(ctx, r, here); err != nil {
			return bot.Reply{}, err
		}
	}
	country, _ := village.CountryFor(village.Member{}, g)
	lines := a.Content.Crisis(country).Country.Name
	room, chosen := g.RoomOn(r.Platform)
	switch {
	case g.Zone == "":
		return tidied(to.StartZone(zonesToOffer(r, a.Now()))), nil
	case !chosen && r.Room.Direct:
		return tidied(to.StartElsewhere()), nil
	case !chosen:
		return tidied(to.StartChannel(here, a.lookAround(ctx, here), lines)), nil
	}
	zone := village.ZoneNamed(g.Zone)
	return tidied(a.to(r, zone).Started(room, a.lookAround(ctx, room), lines)), nil
}

// tidied replaces the question before it, where that was answered with a button.
func tidied(m bot.Message) bot.Reply {
	return bot.Reply{Update: true, Messages: []bot.Message{m}}
}

// zonesToOffer are the zones that somebody is most likely in: the one their platform
// knows, else those of the country of their language.
func zonesToOffer(r bot.Request, now time.Time) []words.ZoneOffer {
	names := village.ZonesOfLocale(r.Locale)
	if _, err := time.LoadLocation(r.From.Zone); err == nil && r.From.Zone != "" {
		names = []string{r.From.Zone}
	}
	var out []words.ZoneOffer
	for _, name := range names {
		out = append(out, words.ZoneOffer{Name: name, Now: now.In(village.ZoneNamed(name))})
	}
	return out
}
