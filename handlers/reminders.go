package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// planReminder writes a channel's reminder together with when it is due next.
func planReminder(t *records.Tx, rem village.ChannelReminder) error {
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return err
	}
	t.PutReminder(rem, s)
	return nil
}

func (a *App) reminderAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, village.ZoneNamed(g.Zone))
	if g.Zone == "" {
		return bot.Reply{}, to.NoZoneForReminder()
	}
	rem := village.ChannelReminder{Group: g.ID, Room: village.Room{ID: r.Room.ID, Name: r.Room.Name}, Reminder: village.Reminder{Zone: g.Zone, Since: a.Now().UTC()}}
	if r.Arg("channel") == "" && r.Room.Direct {
		return bot.Reply{}, to.NoChannelForReminder()
	}
	other, err := a.editReminder(r, &rem)
	if err != nil {
		return bot.Reply{}, err
	}
	if twin, err := a.twin(ctx, rem); err != nil || twin.ID != "" {
		return bot.Say(to.OneLikeIt(twin)), err
	}
	if err := a.newReminder(ctx, r, &rem); err != nil {
		return bot.Reply{}, err
	}
	m := a.reminderWithTimes(to, g, rem, to.ReminderSet(), nextShown)
	m.Tone = bot.Good
	if line := "/reminders edit " + rem.ID + " schedule: " + other; other != "" && len(line) <= bot.MaxLine {
		m.Buttons = append([]bot.Button{to.OtherHour(scheduler.Describe(other), line)}, m.Buttons...)
	}
	return bot.Say(m), nil
}

// twin is a reminder that says the same in the same channel at the same times.
func (a *App) twin(ctx context.Context, rem village.ChannelReminder) (village.ChannelReminder, error) {
	others, err := a.Reminders(ctx, rem.Group)
	if err != nil {
		return village.ChannelReminder{}, err
	}
	if i := slices.IndexFunc(others, rem.Like); i >= 0 {
		return others[i], nil
	}
	return village.ChannelReminder{}, nil
}

// newReminder writes one more, unless a group has as many as it may have.
func (a *App) newReminder(ctx context.Context, r bot.Request, rem *village.ChannelReminder) error {
	var err error
	if rem.ID, err = village.NewID(a.Random); err != nil {
		return err
	}
	return a.Change(ctx, records.GroupPartition(rem.Group), func(t *records.Tx) error {
		n, err := a.CountReminders(ctx, rem.Group)
		if err != nil {
			return err
		}
		if n >= village.MaxChannelReminders {
			return a.to(r, time.UTC).TooManyReminders(n)
		}
		if err := a.once(t, r); err != nil {
			return err
		}
		noteAct(t, r, rem.Group, actOnReminder(*rem))
		return planReminder(t, *rem)
	})
}

// editReminder puts what was said into a reminder. other is another way to
// read the hour, to be offered.
func (a *App) editReminder(r bot.Request, rem *village.ChannelReminder) (other string, err error) {
	if r.Arg("zone") != "" {
		zone, err := a.zone(r)
		if err != nil {
			return "", err
		}
		rem.MoveTo(zone.String())
		rem.OwnZone = true
	}
	zone := village.ZoneNamed(rem.Zone)
	if r.Arg("schedule") != "" {
		if other, err = a.editSchedule(r, rem, zone); err != nil {
			return "", err
		}
	}
	if channel := r.Arg("channel"); channel != "" {
		rem.Room = village.Room{ID: channel, Name: words.RoomName(channel)}
	}
	switch says, deck := r.Arg("words"), r.Arg("deck"); {
	case says != "" && deck != "":
		return "", a.to(r, time.UTC).WordsOrDeck()
	case says != "" || deck != "":
		rem.Words, rem.Deck = says, deck
	}
	if err := a.editSeason(r, rem, zone); err != nil {
		return "", err
	}
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return "", err
	}
	if rem.Ended(s, a.Now()) {
		return "", a.to(r, time.UTC).NeverComes(false)
	}
	return other, nil
}

// editSchedule reads when a reminder comes. other is another way to read the hour.
func (a *App) editSchedule(r bot.Request, rem *village.ChannelReminder, zone *time.Location) (other string, err error) {
	said, repeats, err := a.repeats(r, "schedule", zone)
	if err != nil {
		return "", err
	}
	if repeats {
		rem.Repeat(said.schedule, said.season, said.endless)
		return said.other, nil
	}
	text := r.Arg("schedule")
	if everyWeek := a.everyWeek(r, "schedule", zone); len(everyWeek) > 0 || isOneTime(text, a.Now(), zone) {
		return "", a.to(r, time.UTC).ReminderComesOnce(everyWeek)
	}
	rem.Schedule = text // which is refused with the rest, with what is wrong about it
	return "", nil
}

// editSeason reads the first and the last day of a reminder, which counts.
func (a *App) editSeason(r bot.Request, rem *village.ChannelReminder, zone *time.Location) error {
	for _, day := range []struct {
		option string
		into   *time.Time
		after  int
	}{{"from", &rem.From, 0}, {"until", &rem.Until, 1}} {
		switch text := r.Arg(day.option); text {
		case "":
		case "always", "none", "off":
			*day.into = time.Time{}
		default:
			t, err := when.Day(text, a.Now(), zone)
			if err != nil {
				return plainly(err)
			}
			*day.into = t.AddDate(0, 0, day.after).UTC()
		}
	}
	return nil
}

// isOneTime says whether words are a time, well or badly put, that comes once.
func isOneTime(words string, now time.Time, zone *time.Location) bool {
	_, err := when.Moment(words, now, zone)
	var unclear *when.Error
	return err == nil || errors.As(err, &unclear) && unclear.Code != when.Unknown
}

// reminderEdit changes what was said, and leaves the rest.
func (a *App) reminderEdit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, time.UTC)
	if len(r.Args) < 2 {
		return bot.Reply{}, to.WhatToChange(r.Arg("reminder"))
	}
	g, rem, err := a.withReminder(ctx, r, func(t *records.Tx, rem *village.ChannelReminder) error {
		if _, err := a.editReminder(r, rem); err != nil {
			return err
		}
		return planReminder(t, *rem)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.reminderWithTimes(to, g, rem, to.ReminderChanged(), nextShown)), nil
}

// reminderCopy sets the same reminder in another channel.
func (a *App) reminderCopy(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.ownRoom(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	_, rem, err := a.withReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	rem.Room = village.Room{ID: r.Arg("channel"), Name: words.RoomName(r.Arg("channel"))}
	rem.Sent, rem.Since = 0, a.Now().UTC()
	if err := a.newReminder(ctx, r, &rem); err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, time.UTC)
	return bot.Say(a.reminderMessage(to, rem, to.ReminderCopied())), nil
}

// reminderTest shows a moderator what will be posted. Nobody else sees it.
func (a *App) reminderTest(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, rem, err := a.withReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Messages: []bot.Message{a.to(r, time.UTC).ReminderLooksLike(rem), a.reminderPost(rem)}}, nil
}

// reminderMessage is a reminder as a moderator sees it.
func (a *App) reminderMessage(to words.Reader, rem village.ChannelReminder, title string) bot.Message {
	to.Zone = village.ZoneNamed(rem.Zone)
	s, err := scheduleOf(rem.Reminder)
	says := a.reminderPost(rem)
	if says.Title != "" {
		says.Text = "**" + bot.Literal(says.Title) + "**\n\n" + says.Text
	}
	return to.Reminder(rem, title, described(rem.Reminder), says.Text, err == nil && rem.Ended(s, a.Now()))
}

// How many of its next times are said with a reminder, and how many to whoever asks.
const nextShown, nextAsked = 3, 5

// reminderWithTimes is a reminder with when it comes the next times, at most so many.
func (a *App) reminderWithTimes(to words.Reader, g village.Group, rem village.ChannelReminder, title string, most int) bot.Message {
	m := a.reminderMessage(to, rem, title)
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return m
	}
	to.Zone = village.ZoneNamed(rem.Zone)
	quiet := g.QuietHours()
	times, passed := rem.Preview(s, quiet, a.Now(), most)
	overfull := rem.MostInADay(s, quiet, a.Now()) > g.MostPosts()
	m.Fields = append(m.Fields, to.ReminderTimes(rem, g, times, passed, overfull, content.GivesAway(rem.Words))...)
	return m
}

// reminderPost is a group's own words, or the next of a deck or of our lines, so
// that the same one does not come every day. A card has a title, which is what a
// locked screen shows of it: the card itself may speak of what the group is for.
func (a *App) reminderPost(rem village.ChannelReminder) bot.Message {
	to := a.toPerson("", village.ZoneNamed(rem.Zone))
	if rem.Words != "" {
		return bot.Message{Text: bot.Literal(rem.Words)}
	}
	deck, ok := a.Content.Deck(rem.Deck)
	if !ok {
		return bot.Message{Text: to.WaterLine(rem.Sent)}
	}
	var cards, drawn []string
	for _, c := range deck.Cards {
		cards = append(cards, c.ID)
	}
	for range rem.Sent % len(cards) {
		drawn = append(drawn, village.Draw(rem.ID, cards, drawn))
	}
	card, _ := deck.Card(village.Draw(rem.ID, cards, drawn))
	m := bot.Message{Title: card.Title, Text: card.Text}
	if m.Title == "" {
		m.Title = to.SmallIdea()
	}
	return m
}

func (a *App) reminderList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rems, err := a.Reminders(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var all []words.ReminderLine
	for _, rem := range rems {
		line := words.ReminderLine{ChannelReminder: rem, How: described(rem.Reminder)}
		if s, err := scheduleOf(rem.Reminder); err != nil {
			line.Unreadable = true
		} else {
			line.Upcoming = rem.Next(s, a.Now())
		}
		all = append(all, line)
	}
	return listedAt(r, a.to(r, time.UTC).Reminders(all, pageOf(r))), nil
}

// withReminder changes one reminder of the group, or only reads it.
func (a *App) withReminder(ctx context.Context, r bot.Request, change func(t *records.Tx, rem *village.ChannelReminder) error) (village.Group, village.ChannelReminder, error) {
	var rem village.ChannelReminder
	g, err := a.group(ctx, r)
	if err != nil {
		return g, rem, err
	}
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		rem = village.ChannelReminder{}
		if err := t.Get(records.ReminderKey(g.ID, r.Arg("reminder")), &rem); err != nil {
			return err
		}
		if rem.ID == "" {
			return a.to(r, time.UTC).NoSuchReminder()
		}
		if change == nil {
			return nil
		}
		if err := change(t, &rem); err != nil || !t.Dirty() {
			return err
		}
		noteAct(t, r, g.ID, actOnReminder(rem))
		return nil
	})
	return g, rem, err
}

func (a *App) reminderPreview(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, rem, err := a.withReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, time.UTC)
	return bot.Say(a.reminderWithTimes(to, g, rem, to.ReminderShown(), nextAsked)), nil
}

func (a *App) reminderRemove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, rem, err := a.withReminder(ctx, r, func(t *records.Tx, rem *village.ChannelReminder) error {
		t.RemoveReminder(*rem)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, time.UTC).ReminderRemoved(rem.ID)), nil
}

// prepareReminder posts a reminder and plans the next in the same commit. When
// it is too late for this one, the group is quiet, or the channel has had as
// many as it takes today, only the next is planned.
func (a *App) prepareReminder(t *records.Tx, job due, j records.ReminderJob) (scheduler.Delivery, error) {
	var rem village.ChannelReminder
	if err := t.Get(records.ReminderKey(j.Group, j.ID), &rem); err != nil {
		return scheduler.Delivery{}, err
	}
	if rem.ID == "" || rem.Paused {
		return scheduler.Delivery{}, nil
	}
	if rem.PausedUntil.After(a.Now()) {
		if err := planReminder(t, rem); err != nil {
			return scheduler.Delivery{}, err
		}
		return scheduler.Delivery{Then: t.Finish()}, nil
	}
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if at := scheduler.Aim(s, job.Due); at.After(a.Now()) && !rem.Counts() { // the zone has other rules by now
		return job.again(t, at, j), nil
	}
	posts := false
	if !job.late {
		if posts, err = a.takePost(t, rem); err != nil {
			return scheduler.Delivery{}, err
		}
	}
	d := scheduler.Delivery{}
	if posts {
		d.Out = &bot.Outgoing{To: bot.Address{Room: rem.Room.ID}, Message: a.reminderPost(rem)}
		rem.Sent++
	}
	t.PutReminder(rem, s)
	d.Then = t.Finish()
	return d, nil
}

// takePost says whether a reminder is posted this time, and counts it where it is.
func (a *App) takePost(t *records.Tx, rem village.ChannelReminder) (bool, error) {
	var g village.Group
	if _, err := a.Read(t.Ctx, records.GroupKey(rem.Group), &g); err != nil {
		return false, err
	}
	key := records.PostsKey(rem.Group, rem.Room.ID)
	var p village.Posts
	if err := t.Get(key, &p); err != nil {
		return false, err
	}
	p, ok := p.Post(rem, g, a.Now())
	if ok {
		t.Put(key, p, a.Now().Add(48*time.Hour))
	}
	return ok, nil
}

func (a *App) completeReminder(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	rems, err := a.Reminders(ctx, g.ID)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, rem := range rems {
		label := a.to(r, nil).ReminderLabel(rem, scheduler.Describe(rem.Schedule))
		if understand.Finds(typed, rem.ID, label, rem.Words) {
			picks = append(picks, bot.Pick{Label: label, Value: rem.ID})
		}
	}
	return picks
}
