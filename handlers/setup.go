package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
)

func (a *App) setupShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "How this group is set up"}
	add := func(name, value, missing string, b bot.Button) {
		if value == "" {
			value = missing
			m.Buttons = append(m.Buttons, b)
		}
		m.Fields = append(m.Fields, bot.Field{Name: name, Value: value})
	}
	zone := ""
	if g.Zone != "" {
		zone = bot.Literal(g.Zone) + ", where it is now " + bot.Literal(when.Short(a.Now(), village.ZoneNamed(g.Zone)))
	}
	add("Time zone", zone, "Not set. Nobody can ask for a ride before it is: /setup zone Denver", bot.Button{Label: "Set the time zone", Command: "/setup zone"})
	add("Village channel", words.RoomNames(g), "Not set. Requests go where they are first asked: /setup channel", bot.Button{Label: "Use this channel", Command: "/setup channel"})
	country := ""
	if g.Country != "" {
		country = bot.Literal(a.Content.Crisis(g.Country).Country.Name)
	}
	add("Crisis lines", country, "Not set. Lines of several countries are shown: /setup country US", bot.Button{Label: "Choose the country", Command: "/setup country"})
	add("Moderators' channel", words.RoomLinks(g.Moderation), "Not set. I tell moderators directly: /setup moderators", bot.Button{Label: "Use this channel for moderators", Command: "/setup moderators"})
	trusted, err := a.trusted(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(trusted) > 0 {
		m.Fields = append(m.Fields, bot.Field{Name: "Chosen moderators", Value: words.AndList(trusted)})
	}
	m.Fields = append(m.Fields, bot.Field{Name: "Quiet hours", Value: bot.Literal(g.QuietHours().String())})
	next, err := a.nextDigest(g)
	if err != nil {
		return bot.Reply{}, err
	}
	digest := ""
	if !next.IsZero() {
		digest = "Once a week, next on " + bot.Literal(when.Short(next, village.ZoneNamed(g.Zone)))
	}
	add("The week ahead", digest, "Not set. I can post once a week what is asked for: /setup digest sun 6pm", bot.Button{Label: "Post it on Sundays", Command: "/setup digest sun 6pm"})
	n := village.Need{KeepDetails: g.KeepDetails, Keep: g.Keep}
	m.Fields = append(m.Fields,
		bot.Field{Name: "How long things are kept", Value: fmt.Sprintf("Private details are wiped %s after the day, everything about a request %d days after it.", n.WipedAfter(), int(n.KeptUntil().Sub(n.End)/(24*time.Hour)))},
		bot.Field{Name: "Reminders", Value: fmt.Sprintf("A channel gets at most %s a day.", words.Count(g.MostPosts(), "reminder", "reminders"))})
	unreached, err := a.Store.Count(ctx, records.GroupPartition(g.ID), "dead", 0, 0)
	if err != nil {
		return bot.Reply{}, err
	}
	if unreached > 0 {
		m.Fields = append(m.Fields, bot.Field{Name: "Could not be delivered", Value: words.Messages(unreached) + ". People are told at their next command; a channel may need a look at my permissions."})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "Step by step", Command: "/setup guide"}, bot.Button{Label: "Is everything all right?", Command: "/setup check"})
	return bot.Say(m), nil
}

// changeGroup changes the settings of a request's group.
func (a *App) changeGroup(ctx context.Context, r bot.Request, change func(t *records.Tx, g *village.Group) error) (village.Group, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return g, err
	}
	id := g.ID
	err = a.Change(ctx, records.GroupPartition(id), func(t *records.Tx) error {
		g = village.Group{}
		if err := t.Get(records.GroupKey(id), &g); err != nil {
			return err
		}
		if err := change(t, &g); err != nil {
			return err
		}
		t.Put(records.GroupKey(id), g, time.Time{})
		return nil
	})
	return g, err
}

// setupZone sets the group's zone, and the reminders with it: nine o'clock
// stays nine o'clock.
func (a *App) setupZone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.zone(r)
	if err != nil {
		return bot.Reply{}, err
	}
	moved := 0
	_, err = a.changeGroup(ctx, r, func(t *records.Tx, g *village.Group) error {
		g.Zone = zone.String()
		moved = 0
		if err := a.putDigest(t, *g); err != nil {
			return err
		}
		rems, err := records.List[reminder](ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: "reminders"}, kindReminder)
		if err != nil {
			return err
		}
		for _, rem := range rems {
			if err := t.Get(reminderKey(g.ID, rem.ID), &rem); err != nil {
				return err
			}
			if !t.Has(reminderKey(g.ID, rem.ID)) || rem.OwnZone || rem.Zone == g.Zone {
				continue
			}
			rem.moveTo(g.Zone)
			if err := a.putReminder(t, rem); err != nil {
				return err
			}
			moved++
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "The group's time zone is set", Tone: bot.Good,
		Text: fmt.Sprintf("It is %s. Right now that is %s.", bot.Literal(zone.String()), bot.Literal(when.Full(a.Now(), zone)))}
	switch {
	case moved == 1:
		m.Text += " The reminder keeps its hour and follows it."
	case moved > 1:
		m.Text += fmt.Sprintf(" The %d reminders keep their hours and follow it.", moved)
	}
	return bot.Say(m), nil
}

// roomSaid is the channel of the group that somebody names, or the one they are in.
func (a *App) roomSaid(ctx context.Context, r bot.Request, example string) (village.Room, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return village.Room{}, err
	}
	if id := r.Arg("channel"); id != "" && id != r.Room.ID {
		return village.Room{ID: id, Name: words.RoomName(id)}, nil
	}
	if r.Room.Direct {
		return village.Room{}, &bot.Error{Code: bot.CodeNoChannel, Say: "This is a direct message, so please say which channel.", Hint: "For example: " + example}
	}
	return village.Room{ID: r.Room.ID, Name: r.Room.Name}, nil
}

func (a *App) setupChannel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	room, err := a.roomSaid(ctx, r, "/setup channel #village")
	if err != nil {
		return bot.Reply{}, err
	}
	_, err = a.changeGroup(ctx, r, func(t *records.Tx, g *village.Group) error {
		for _, before := range g.Rooms {
			if bot.PlatformOf(before.ID) == bot.PlatformOf(room.ID) && before.ID != room.ID {
				if err := a.moveCards(t, g.ID, before, room); err != nil {
					return err
				}
			}
		}
		*g = g.WithRoom(room)
		return a.putDigest(t, *g)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "The village channel is set", Tone: bot.Good,
		Text: "Requests for help are posted in " + bot.RoomLink(bot.Room{ID: room.ID, Name: room.Name}) + " from now on. Please make sure that I may write there."}), nil
}

func (a *App) setupCountry(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.changeGroup(ctx, r, func(_ *records.Tx, g *village.Group) error {
		g.Country = r.Arg("country")
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "The country is set", Tone: bot.Good,
		Text:    "People here see the lines for " + bot.Literal(a.Content.Crisis(g.Country).Country.Name) + " first.",
		Buttons: []bot.Button{{Label: "See them", Command: "/crisis"}}}), nil
}

// zone reads the zone option. Where the words fit several, each is a button.
func (a *App) zone(r bot.Request) (*time.Location, error) {
	zone, err := when.Zone(r.Arg("zone"))
	var unclear *when.Error
	if !errors.As(err, &unclear) {
		return zone, err
	}
	mistake := words.NotUnderstood(unclear)
	for _, c := range unclear.Choices {
		mistake.Hint = "Please choose, or name a large city nearby."
		args := maps.Clone(r.Args)
		args["zone"] = c.Words
		if line := bot.FormatLine(a.Table(), r.Path, args); len(line) <= bot.MaxLine {
			mistake.Buttons = append(mistake.Buttons, bot.Button{Label: c.Words, Command: line})
		}
	}
	return nil, mistake
}

// completeZone offers the zones that the words so far could mean.
func (a *App) completeZone(_ context.Context, _ bot.Request, typed string) []bot.Pick {
	var picks []bot.Pick
	for _, name := range when.Zones(typed, 25) {
		picks = append(picks, bot.Pick{Label: name, Value: name})
	}
	return picks
}
