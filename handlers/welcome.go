package handlers

import (
	"context"
	"slices"
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

const kindHelloJob = "hello"

// helloJob is what is said to somebody who has just met the bot. Start says that they may
// set it up.
type helloJob struct {
	Person string `json:"person"`
	Start  bool   `json:"start,omitempty"`
}

// opened greets whoever opens their conversation with the bot and has never met it.
func (a *App) opened(ctx context.Context, r bot.Request) {
	c, err := a.caller(ctx, r)
	if err == nil && c.Member.ID == "" {
		err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
			key := records.MemberKey(r.From.ID)
			if err := t.Get(key, &village.Member{}); err != nil || t.Has(key) {
				return err
			}
			t.Put(key, village.Member{Person: who(r)}, a.Now().Add(village.GreetAgain))
			t.PutJob("hello", kindHelloJob, a.Now(), helloJob{Person: r.From.ID, Start: mayStart(r, c.Group)})
			return nil
		})
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "somebody who opened their conversation could not be greeted", "request", r, "error", err)
		return
	}
	a.Wake()
}

// prepareHello says who the bot is, to somebody who has just met it.
func (a *App) prepareHello(_ *records.Tx, _ due, j helloJob) (scheduler.Delivery, error) {
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Person: j.Person}, Message: a.toPerson(j.Person, nil).FirstHello(j.Start)}}, nil
}

// mayStart says whether somebody may set a group up, and nobody has.
func mayStart(r bot.Request, g village.Group) bool {
	return (r.From.Manages || r.From.Moderator) && len(g.Rooms) == 0 && g.Joined == ""
}

// atHome is where one can begin: for a stranger with who the bot is, and for whoever may
// with setting it up, where nobody has.
func (a *App) atHome(ctx context.Context, r bot.Request) (bot.Message, error) {
	c, err := a.caller(ctx, r)
	start := err == nil && mayStart(r, c.Group)
	if err == nil && c.Member.ID == "" && !village.IsFamily(r.From.ID) {
		return a.to(r, nil).FirstHello(start), nil
	}
	return a.to(r, nil).AtHome(start), err
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
		reply := tidied(to.StartElsewhere())
		reply.Form = a.channelForm(r)
		return reply, nil
	case !chosen:
		return tidied(to.StartChannel(here, a.lookAround(ctx, here), lines)), nil
	}
	zone := village.ZoneNamed(g.Zone)
	return tidied(a.to(r, zone).Started(room, a.lookAround(ctx, room), lines)), nil
}

// channelForm asks for the channel that requests are posted in.
func (a *App) channelForm(r bot.Request) *bot.Form {
	cmd := bot.Find(a.table, r.Path)
	i := slices.IndexFunc(cmd.Options, func(o bot.Option) bool { return o.Name == "channel" })
	o := cmd.Options[i]
	o.Required = true
	return &bot.Form{Title: a.to(r, nil).WhereToPost(), Path: r.Path, Fields: []bot.FormField{{Option: o}}}
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
