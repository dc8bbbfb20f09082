package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// setupCommands are what moderators set for their group. How each setting is shown
// stands in words.Settings.
func (a *App) setupCommands(zone, country bot.Option) []bot.Command {
	channel := func(summary string) []bot.Option {
		return []bot.Option{{Name: "channel", Summary: summary, Kind: bot.Place}}
	}
	return append([]bot.Command{
		{Name: "show", Summary: "What is set and what is missing", Example: "/setup show", Who: bot.Moderators, Run: a.setupShow},
		{Name: "export", Summary: "Everything that is set, as lines to copy", Example: "/setup export", Who: bot.Moderators, Run: a.setupExport},
		{Name: "log", Summary: "What moderators did in the last 90 days, and who", Example: "/setup log", Who: bot.Moderators, Run: a.setupLog,
			Options: []bot.Option{{Name: "page", Summary: "Which page, from the latest on", Kind: bot.Number, Min: 1, Max: words.LogPages}}},
		{Name: "start", Summary: "Set me up in a few taps", Example: "/setup start", Who: bot.Moderators, Run: a.setupStart,
			Options: append([]bot.Option{{Name: "zone", Summary: "The group's time zone: a big city, such as Denver", Max: 40, Read: bot.Meaning}}, channel("The channel where requests are posted")...)},
		{Name: "zone", Summary: "The group's time zone", Example: "/setup zone Denver", Who: bot.Moderators, Run: a.setupZone, Options: []bot.Option{zone}},
		{Name: "channel", Summary: "The channel where requests for help are posted", Example: "/setup channel #village", Who: bot.Moderators, Run: a.setupChannel,
			Options: channel("The village channel; this one when left out")},
		{Name: "moderators", Summary: "Where moderators hear that somebody has nobody yet", Example: "/setup moderators #mods", Who: bot.Moderators, Run: a.setupModerators,
			Options: channel("A channel that only moderators can read; this one when left out")},
		{Name: "digest", Summary: "When the week ahead is posted in the village channel", Example: "/setup digest sun 6pm", Who: bot.Moderators, Run: a.setupDigest,
			Options: []bot.Option{{Name: "when", Summary: "A day and an hour, such as sun 6pm, or off", Required: true, Max: 40, Read: bot.Meaning}}},
		{Name: "keep", Summary: "How long requests and their private details are kept", Example: "/setup keep details: 48 requests: 90", Who: bot.Moderators, Run: a.setupKeep,
			Options: []bot.Option{
				{Name: "details", Summary: "Hours after the day until the private details are wiped", Kind: bot.Number, Min: 1, Max: 336},
				{Name: "requests", Summary: "Days after it until everything about a request is gone", Kind: bot.Number, Min: 1, Max: 365}}},
		{Name: "quiet", Summary: "The hours in which nothing comes that can wait", Example: "/setup quiet 21:00-8:00", Who: bot.Moderators, Run: a.setupQuiet,
			Options: []bot.Option{{Name: "hours", Summary: "Such as 21:00-8:00, or off", Required: true, Max: 40, Read: bot.Meaning}}},
		{Name: "helpers", Summary: "Whether a helper needs a yes from whoever asked, once", Example: "/setup helpers known", Who: bot.Moderators, Run: a.setupHelpers,
			Options: []bot.Option{{Name: "who", Summary: "Who may help before whoever asked has said yes to them", Kind: bot.Choice, Required: true, Choices: []bot.Pick{
				{Label: "Only who is known to whoever asked", Value: helpersKnown}, {Label: "Anyone in the village", Value: helpersAnyone}}}}},
		{Name: "join", Summary: "Share one village between Discord and Slack", Example: "/setup join", Who: bot.Moderators, Run: a.setupJoin,
			Options: []bot.Option{{Name: "code", Summary: "The other side's code; without one you get a code for them", Kind: bot.Ref}}},
		{Name: "guide", Summary: "Everything that can be set, step by step", Example: "/setup guide", Who: bot.Moderators, Run: a.setupGuide,
			Options: []bot.Option{{Name: "step", Summary: "Where to begin", Kind: bot.Number, Min: 1, Max: words.GuideSteps}}},
		{Name: "check", Summary: "Whether I may write where I should", Example: "/setup check", Who: bot.Moderators, Run: a.setupCheck},
		{Name: "rehearsal", Summary: "Post a request that is not real, to see that all works", Example: "/setup rehearsal", Who: bot.Moderators, Run: a.setupRehearsal},
		{Name: "trust", Summary: "Let somebody moderate this group with you", Example: "/setup trust @sam", Who: bot.Moderators, Run: a.setupTrust,
			Options: []bot.Option{{Name: "person", Summary: "Who, such as @sam", Kind: bot.Someone},
				{Name: "do", Summary: "No takes it back", Kind: bot.YesNo},
				{Name: "role", Summary: "Everybody who has this role, or is in this user group", Kind: bot.Role}}},
		{Name: "leave", Summary: "Be a village of one's own again", Example: "/setup leave", Who: bot.Moderators, Run: a.setupLeave},
		{Name: "country", Summary: "Whose crisis lines are shown first", Example: "/setup country US", Who: bot.Moderators, Run: a.setupCountry, Options: []bot.Option{country}},
	}, a.numberCommands("setup")...)
}

// numberCommands set the numbers that a family has.
func (a *App) numberCommands(family string) []bot.Command {
	var out []bot.Command
	for _, s := range village.NumberSettings() {
		if s.Family != family {
			continue
		}
		out = append(out, bot.Command{Name: s.Name, Summary: s.Summary, Example: s.Example, Who: bot.Moderators,
			Options: []bot.Option{{Name: s.Option, Summary: s.Asked, Kind: bot.Number, Required: true, Min: s.Least, Max: s.Most}},
			Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
				n := number(r, s.Option)
				_, err := a.changeGroup(ctx, r, village.Act{Value: strconv.Itoa(n)}, func(_ *records.Tx, g *village.Group) error {
					*g = g.WithNumber(s.Name, n)
					return nil
				})
				if err != nil {
					return bot.Reply{}, err
				}
				return bot.Say(a.to(r, nil).NumberSet(s, n)), nil
			}})
	}
	return out
}

func (a *App) setupShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, err := a.setupOf(ctx, g)
	if err != nil {
		return bot.Reply{}, err
	}
	undelivered, err := a.Store.Count(ctx, records.GroupPartition(g.ID), "dead", 0, 0)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).SetupShown(s, undelivered)), nil
}

// setupExport gives the settings as commands, for another group or to keep.
func (a *App) setupExport(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, err := a.setupOf(ctx, g)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).SetupExported(s)), nil
}

// setupZone sets the group's zone, and the reminders with it: nine o'clock
// stays nine o'clock.
func (a *App) setupZone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.zone(r)
	if err != nil {
		return bot.Reply{}, err
	}
	_, moved, err := a.setZone(ctx, r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, zone).ZoneSet(zone, moved)), nil
}

// setZone sets a group's zone, and says how many reminders have followed it.
func (a *App) setZone(ctx context.Context, r bot.Request, zone *time.Location) (g village.Group, moved int, err error) {
	g, err = a.changeGroup(ctx, r, village.Act{Value: zone.String()}, func(t *records.Tx, g *village.Group) error {
		g.Zone = zone.String()
		if err := a.putDigest(t, *g); err != nil {
			return err
		}
		moved, err = a.moveReminders(t, *g)
		return err
	})
	return g, moved, err
}

// moveReminders takes a group's reminders to its zone, those that have none of
// their own, and says how many.
func (a *App) moveReminders(t *records.Tx, g village.Group) (moved int, err error) {
	rems, err := a.Reminders(t.Ctx, g.ID)
	if err != nil {
		return 0, err
	}
	for _, rem := range rems {
		if err := t.Get(records.ReminderKey(g.ID, rem.ID), &rem); err != nil {
			return 0, err
		}
		if !t.Has(records.ReminderKey(g.ID, rem.ID)) || rem.OwnZone || rem.Zone == g.Zone {
			continue
		}
		rem.MoveTo(g.Zone)
		if err := planReminder(t, rem); err != nil {
			return 0, err
		}
		moved++
	}
	return moved, nil
}

func (a *App) setupChannel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	room, err := a.roomSaid(ctx, r, "/setup channel #village")
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := a.setChannel(ctx, r, room); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).ChannelSet(room, a.lookAround(ctx, room))), nil
}

// setChannel makes a room the village channel on its platform; the cards move there.
func (a *App) setChannel(ctx context.Context, r bot.Request, room village.Room) (village.Group, error) {
	return a.changeGroup(ctx, r, village.Act{Room: room}, func(t *records.Tx, g *village.Group) error {
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
}

func (a *App) setupCountry(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.changeGroup(ctx, r, village.Act{Value: a.Content.Crisis(r.Arg("country")).Country.Name}, func(_ *records.Tx, g *village.Group) error {
		g.Country = r.Arg("country")
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).CountrySet(a.Content.Crisis(g.Country).Country.Name)), nil
}

// setupModerators chooses where the moderators hear what is for them alone.
func (a *App) setupModerators(ctx context.Context, r bot.Request) (bot.Reply, error) {
	room, err := a.roomSaid(ctx, r, "/setup moderators #mods")
	if err != nil {
		return bot.Reply{}, err
	}
	g, err := a.changeGroup(ctx, r, village.Act{Room: room}, func(t *records.Tx, g *village.Group) error {
		*g = g.WithModeration(room)
		var m records.Moderator
		if err := t.Get(records.ModeratorKey(g.ID, r.From.ID), &m); err != nil {
			return err
		}
		m.Person, m.Seen, m.Chose = who(r), a.Now().UTC(), true
		t.PutModerator(g.ID, m)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	found := a.lookAround(ctx, room)
	found.Public = found.Public || slices.ContainsFunc(g.Rooms, func(own village.Room) bool { return own.ID == room.ID })
	return bot.Say(a.to(r, nil).ModerationSet(room, found)), nil
}

// setupQuiet sets the group's quiet hours. What is promised already keeps its
// time.
func (a *App) setupQuiet(ctx context.Context, r bot.Request) (bot.Reply, error) {
	quiet, err := a.quietHours(r)
	if err != nil {
		return bot.Reply{}, err
	}
	g, err := a.changeGroup(ctx, r, village.Act{Value: quiet.String(), No: quiet.From == quiet.To}, func(_ *records.Tx, g *village.Group) error {
		g.Quiet = &quiet
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).QuietSet(quiet, village.ZoneNamed(g.Zone))), nil
}

// setupDigest sets when the week ahead is posted, or that it is not.
func (a *App) setupDigest(ctx context.Context, r bot.Request) (bot.Reply, error) {
	spec := ""
	if !strings.EqualFold(strings.TrimSpace(r.Arg("when")), "off") {
		g, err := a.group(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		if g.Zone == "" {
			return bot.Reply{}, a.to(r, nil).NeedsGroupZone()
		}
		if spec, err = a.weekly(r); err != nil {
			return bot.Reply{}, err
		}
	}
	g, err := a.changeGroup(ctx, r, village.Act{Value: r.Arg("when"), No: spec == ""}, func(t *records.Tx, g *village.Group) error {
		g.Digest = spec
		return a.putDigest(t, *g)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	next, err := a.nextDigest(g)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).WeekAheadSet(next, village.ZoneNamed(g.Zone))), nil
}

// weekly reads "sun 6pm" as a cron line.
func (a *App) weekly(r bot.Request) (string, error) {
	day, minute, err := when.Weekly(r.Arg("when"))
	if err != nil {
		return "", a.mistold(r, "when", err, a.to(r, nil).WeekAheadUnclear())
	}
	return fmt.Sprintf("%d %d * * %d", minute%60, minute/60, day), nil
}

// setupKeep sets how long needs asked from now on are kept.
func (a *App) setupKeep(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.changeGroup(ctx, r, village.Act{Value: r.Arg("details"), Also: r.Arg("requests")}, func(_ *records.Tx, g *village.Group) error {
		if n, err := strconv.Atoi(r.Arg("details")); err == nil {
			g.KeepDetails = n
		}
		if n, err := strconv.Atoi(r.Arg("requests")); err == nil {
			g.Keep = n
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).KeepSet(g)), nil
}

// setupTrust makes somebody a moderator of this group, or no longer.
func (a *App) setupTrust(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, yes := r.Arg("person"), r.Arg("do") != "no"
	if role := r.Arg("role"); role != "" {
		return a.trustRole(ctx, r, g, role, yes)
	}
	if id == "" {
		return bot.Reply{}, a.to(r, nil).WhoOrRole()
	}
	known, ok, err := a.MemberOf(ctx, g.ID, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok && a.meansRole(ctx, r, g, id) {
		return a.trustRole(ctx, r, g, id, yes)
	}
	if !ok && yes {
		return bot.Reply{}, a.to(r, nil).NotKnownHere()
	}
	who := village.Person{ID: id, Name: known.Name}
	what := records.StandingModerates
	if !yes {
		what = records.StandingRetired
	}
	if err := a.ChooseModerator(ctx, g.ID, who, yes, records.StandingJob{Group: g.ID, What: what, About: who, By: r.From.Name, To: village.Address{Person: id}},
		actOf(r, village.Act{About: who, No: !yes})); err != nil {
		return bot.Reply{}, err
	}
	if !yes {
		return bot.Say(a.to(r, nil).NotTrusted(who)), nil
	}
	return bot.Say(a.to(r, nil).NowTrusted(who)), nil
}
