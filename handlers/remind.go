package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

func (a *App) remindCommands() []bot.Command {
	ref := bot.Option{Name: "note", Summary: "Which one: its words, or its code", Kind: bot.Ref, Required: true, Complete: a.completeOwnReminder}
	whenOption := bot.Option{Name: "when", Label: "When", Hint: "every weekday at 9, in 3 hours, thu 18:00", Summary: "Such as every weekday at 9, in 3 hours, thu 18:00, or a cron line", Required: true, Max: 200, Read: bot.Meaning, Dates: true}
	says := bot.Option{Name: "words", Label: "Words", Hint: "Take a walk", Summary: "The words you want to read then", Required: true, Max: 300, Read: bot.Writer}
	ask := bot.Option{Name: "done", Summary: "Ask me for a tap when it is done: yes or no", Kind: bot.YesNo}
	editWhen, editWords := whenOption, says
	editWhen.Required, editWords.Required = false, false
	pauseUntil := a.pauseOption(true)
	night := bot.Option{Name: "night", Summary: "For every so many hours: shall it come at night too? yes or no", Kind: bot.YesNo}
	return []bot.Command{
		{Name: "add", Summary: "Remind me of something, once or again and again", Example: "/remind add every weekday at 9am words: take a walk", Who: bot.Anyone, Run: a.remindAdd, Form: "Remind me",
			Options: []bot.Option{whenOption, says, ask}},
		{Name: "list", Summary: "Your own reminders", Example: "/remind list", Who: bot.Anyone, Run: a.remindList, Options: []bot.Option{pageOption()}},
		{Name: "read", Summary: "Open one of your reminders", Example: "/remind read k7m2p9", Who: bot.Anyone, Run: a.remindRead, Options: []bot.Option{ref}},
		{Name: "edit", Summary: "Another time or other words", Example: "/remind edit k7m2p9 when: every day at 10am", Who: bot.Anyone, Run: a.remindEdit, Options: []bot.Option{ref, editWhen, editWords, ask, night}},
		{Name: "done", Summary: "Say that it is done", Example: "/remind done k7m2p9", Who: bot.Anyone, Run: a.remindDone, Options: []bot.Option{ref}},
		{Name: "snooze", Summary: "Remind me again a little later", Example: "/remind snooze k7m2p9 30 min", Who: bot.Anyone, Run: a.remindSnooze,
			Options: []bot.Option{ref, {Name: "for", Summary: "How much later; an hour when left out", Max: 40, Read: bot.Meaning}}},
		{Name: "pause", Summary: "No reminders until a day: your own, or all that can wait", Example: "/remind pause dec 3 9am", Who: bot.Anyone, Run: a.remindPause, Form: "Pause until",
			Options: []bot.Option{pauseUntil, {Name: "what", Summary: "What is paused; your own reminders when left out", Kind: bot.Choice, Choices: []bot.Pick{
				{Label: "My own reminders", Value: "mine"}, {Label: "Everything that can wait", Value: everything}}}}},
		{Name: "less", Summary: "Fewer messages: what I write to you about, and how to turn it down", Example: "/remind less", Who: bot.Anyone, Run: a.remindLess,
			Options: []bot.Option{{Name: "more", Summary: "Whatever else there is: yes or no", Kind: bot.YesNo}}},
		{Name: "resume", Summary: "Let everything that is paused go on now", Example: "/remind resume", Who: bot.Anyone, Run: a.remindResume},
		{Name: "delete", Summary: "Delete one of your reminders", Example: "/remind delete k7m2p9", Who: bot.Anyone, Final: true, Run: a.remindDelete, Options: []bot.Option{ref}},
		{Name: "voice", Summary: "Show your reminders at once, or behind a tap", Example: "/remind voice discreet", Who: bot.Anyone, Run: a.remindVoice,
			Options: []bot.Option{{Name: "voice", Summary: "Discreet: behind a tap. Plain: at once", Kind: bot.Choice, Required: true, Choices: []bot.Pick{{Label: "Discreet: behind a tap", Value: "discreet"}, {Label: "Plain: at once", Value: "plain"}}}}},
		{Name: "quiet", Summary: "Your own quiet hours", Example: "/remind quiet 22:00-7:00", Who: bot.Anyone, Run: a.remindQuiet, Form: "Your quiet hours",
			Options: []bot.Option{{Name: "hours", Summary: "Such as 22:00-7:00, off, or group for the group's", Required: true, Max: 40, Read: bot.Meaning}}},
	}
}

// ownZone finds the zone that somebody's own reminders are in. It needs no
// group.
func (a *App) ownZone(ctx context.Context, r bot.Request) (*time.Location, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return nil, err
	}
	return a.needZone(ctx, g, r)
}

// described is how a reminder's schedule is said; "" for one that comes once.
func described(r village.Reminder) string {
	if r.Schedule == "" {
		return ""
	}
	return scheduler.Describe(r.Schedule)
}

// setOwnTime gives somebody's reminder another time. Its first and last day stay
// for as long as it repeats, unless others are said.
func (a *App) setOwnTime(rem *village.OwnReminder, said timing) error {
	rem.Anchor = time.Time{}
	if said.schedule == "" {
		rem.Once(said.at)
		return nil
	}
	rem.At = time.Time{}
	rem.Repeat(said.schedule, said.season, said.endless)
	if rem.Counts() {
		rem.Anchor = a.Now().UTC()
	}
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return err
	}
	if rem.Reminder.Next(s, a.Now()).IsZero() {
		return a.toOwner(*rem).NeverComes(true)
	}
	return nil
}

// toOwner is whoever a reminder is of.
func (a *App) toOwner(rem village.OwnReminder) words.Reader {
	return a.toPerson(rem.Person, village.ZoneNamed(rem.Zone))
}

// planOwn writes somebody's reminder together with when it is due next.
func planOwn(t *records.Tx, rem *village.OwnReminder, p village.Preferences) error {
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return err
	}
	t.PlanOwnReminder(rem, s, p)
	return nil
}

func (a *App) remindAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rem := village.OwnReminder{Person: r.From.ID, Ask: r.Arg("done") == "yes",
		Reminder: village.Reminder{Zone: zone.String(), Words: r.Arg("words"), Since: a.Now().UTC()}}
	said, err := a.timing(r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.setOwnTime(&rem, said); err != nil {
		return bot.Reply{}, err
	}
	if rem.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	var p village.Preferences
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		p = village.Preferences{}
		if err := t.Get(records.PreferencesKey(r.From.ID), &p); err != nil {
			return err
		}
		kept, err := a.CountOwnReminders(ctx, r.From.ID)
		if err != nil {
			return fmt.Errorf("counting reminders: %w", err)
		}
		if kept >= village.MaxOwnReminders {
			return a.to(r, zone).TooManyOwnReminders(kept)
		}
		if err := a.once(t, r); err != nil {
			return err
		}
		return planOwn(t, &rem, p)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, zone)
	m := a.ownReminder(to, rem, p, to.OwnReminderSet())
	m.Tone = bot.Good
	if err := a.askAboutNight(ctx, r, to, rem, &m); err != nil {
		return bot.Reply{}, err
	}
	if other := said.other; other != "" {
		m.Text += "\n\n" + to.ReadAsMeant()
		if line := "/remind edit " + rem.ID + " when: " + other; len(line) <= bot.MaxLine {
			m.Buttons = append([]bot.Button{to.OtherHour(scheduler.Describe(other), line)}, m.Buttons...)
		}
	}
	return bot.Say(m), nil
}

// askAboutNight says what becomes of an interval's hours in the night, and asks whether
// it shall come then too.
func (a *App) askAboutNight(ctx context.Context, r bot.Request, to words.Reader, rem village.OwnReminder, m *bot.Message) error {
	s, err := scheduleOf(rem.Reminder)
	if err != nil || s == nil || rem.Night {
		return err
	}
	group, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return err
	}
	quiet, err := a.QuietIn(ctx, group.Group, r.From.ID)
	if err != nil || !rem.FallsInto(quiet, s) {
		return err
	}
	text, buttons := to.WaitsAtNight(rem, quiet)
	m.Text += "\n\n" + text
	m.Buttons = append(buttons, m.Buttons...)
	return nil
}

// ownReminder is a reminder as its owner sees it.
func (a *App) ownReminder(to words.Reader, rem village.OwnReminder, p village.Preferences, title string) bot.Message {
	to.Zone = village.ZoneNamed(rem.Zone)
	var coming []time.Time
	if s, err := scheduleOf(rem.Reminder); err == nil && s != nil {
		coming = rem.Coming(s, 3)
	}
	return to.OwnReminder(rem, p, title, described(rem.Reminder), coming)
}

func (a *App) remindList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rems, err := a.OwnReminders(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	p, err := a.PreferencesOf(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var zone *time.Location
	if len(rems) > 0 {
		zone = village.ZoneNamed(rems[0].Zone)
	} else if zone, err = a.ownZone(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	var open []words.OwnReminderLine
	for _, rem := range rems {
		if rem.Open() {
			open = append(open, words.OwnReminderLine{OwnReminder: rem, How: described(rem.Reminder)})
		}
	}
	return listedAt(r, a.to(r, zone).OwnReminders(open, p, pageOf(r))), nil
}

// withOwnReminder changes one of the asker's reminders, or only reads it.
func (a *App) withOwnReminder(ctx context.Context, r bot.Request, change func(t *records.Tx, rem *village.OwnReminder, p village.Preferences) error) (village.OwnReminder, village.Preferences, error) {
	var rem village.OwnReminder
	var p village.Preferences
	err := a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		rem, p = village.OwnReminder{}, village.Preferences{}
		if err := t.Get(records.OwnReminderKey(r.From.ID, r.Arg("note")), &rem); err != nil {
			return err
		}
		if rem.ID == "" {
			return a.to(r, time.UTC).NoSuchOwnReminder()
		}
		if err := t.Get(records.PreferencesKey(r.From.ID), &p); err != nil {
			return err
		}
		if change == nil {
			return nil
		}
		return change(t, &rem, p)
	})
	return rem, p, err
}

func (a *App) remindRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rem, p, err := a.withOwnReminder(ctx, r, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.toOwner(rem)
	m := a.ownReminder(to, rem, p, to.OwnReminderShown())
	if !rem.Sent.IsZero() {
		m.Buttons = append(to.OwnReminderTaps(rem), m.Buttons...)
	}
	return bot.Say(m), nil
}

// timingAnew is timing for a reminder that there is: what comes once keeps what the
// words leave open.
func (a *App) timingAnew(ctx context.Context, r bot.Request, zone *time.Location) (timing, error) {
	mine, err := a.OwnReminders(ctx, r.From.ID)
	if err != nil {
		return timing{}, err
	}
	var was time.Time
	if i := slices.IndexFunc(mine, func(rem village.OwnReminder) bool { return rem.ID == r.Arg("note") }); i >= 0 {
		was = mine[i].At
	}
	return a.timingFrom(r, was, zone)
}

func (a *App) remindEdit(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, zone)
	if r.Arg("when") == "" && r.Arg("words") == "" && r.Arg("done") == "" && r.Arg("night") == "" {
		return bot.Reply{}, to.WhatToChangeOfOwn(r.Arg("note"))
	}
	var said timing
	if r.Arg("when") != "" {
		if said, err = a.timingAnew(ctx, r, zone); err != nil {
			return bot.Reply{}, err
		}
	}
	rem, p, err := a.withOwnReminder(ctx, r, func(t *records.Tx, rem *village.OwnReminder, p village.Preferences) error {
		if r.Arg("when") != "" {
			rem.Sent, rem.Zone = time.Time{}, zone.String()
			if err := a.setOwnTime(rem, said); err != nil {
				return err
			}
		}
		if r.Arg("words") != "" {
			rem.Words = r.Arg("words")
		}
		if r.Arg("done") != "" {
			rem.Ask = r.Arg("done") == "yes"
		}
		if r.Arg("night") != "" {
			rem.Night = r.Arg("night") == "yes"
		}
		return planOwn(t, rem, p)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.ownReminder(to, rem, p, to.OwnReminderChanged())}}, nil
}

func (a *App) remindDone(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rem, _, err := a.withOwnReminder(ctx, r, func(t *records.Tx, rem *village.OwnReminder, p village.Preferences) error {
		rem.Done = a.Now().UTC()
		t.EndSnooze(*rem)
		s, err := scheduleOf(rem.Reminder)
		if err == nil {
			_, keptUntil := rem.Plan(s, p, a.Now())
			t.PutOwnReminder(*rem, keptUntil) // what is due stays as it is
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.toOwner(rem).OwnReminderDone(rem)}}, nil
}

func (a *App) remindSnooze(ctx context.Context, r bot.Request) (bot.Reply, error) {
	later := village.UsualSnooze
	if r.Arg("for") != "" {
		var err error
		if later, err = a.untilThen(ctx, r); err != nil {
			return bot.Reply{}, err
		}
	}
	if later > village.MaxSnooze {
		return bot.Reply{}, a.to(r, time.UTC).SnoozeTooLong(r.Arg("note"))
	}
	due := a.Now().Add(later)
	rem, _, err := a.withOwnReminder(ctx, r, func(t *records.Tx, rem *village.OwnReminder, _ village.Preferences) error {
		if rem.Sent.IsZero() {
			return a.toOwner(*rem).NotSentYet(rem.ID)
		}
		t.Snooze(*rem, due)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.toOwner(rem).OwnReminderSnoozed(due)}}, nil
}

// untilThen reads how much later: a length, or the time itself.
func (a *App) untilThen(ctx context.Context, r bot.Request) (time.Duration, error) {
	length, err := when.Length(r.Arg("for"))
	if err == nil {
		return length, nil
	}
	zone, zoneErr := a.ownZone(ctx, r)
	if zoneErr != nil {
		return 0, plainly(err)
	}
	at, timeErr := when.Moment(r.Arg("for"), a.Now(), zone)
	if timeErr == nil {
		return at.Sub(a.Now()), nil
	}
	if village.IsCode(plainly(timeErr), string(when.Unknown)) || village.IsCode(plainly(err), string(when.LengthMissing)) {
		return 0, plainly(err)
	}
	_, err = a.moment(r, "for", zone)
	return 0, err
}

func (a *App) remindDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	rem, _, err := a.withOwnReminder(ctx, r, func(t *records.Tx, rem *village.OwnReminder, _ village.Preferences) error {
		t.RemoveOwnReminder(*rem)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.toOwner(rem).OwnReminderDeleted(rem)}}, nil
}

// prepareOwnReminder says a person's reminder, and plans the next one in the same
// commit.
func (a *App) prepareOwnReminder(t *records.Tx, job due, j records.OwnReminderJob) (scheduler.Delivery, error) {
	var rem village.OwnReminder
	var p village.Preferences
	if err := errors.Join(t.Get(records.OwnReminderKey(j.Person, j.ID), &rem), t.Get(records.PreferencesKey(j.Person), &p)); err != nil {
		return scheduler.Delivery{}, err
	}
	if rem.ID == "" || !rem.Open() && !j.Again {
		return scheduler.Delivery{}, nil
	}
	s, scheduleErr := scheduleOf(rem.Reminder)
	waits, err := a.ownWaits(t.Ctx, rem, p, j, job.Due)
	if err := errors.Join(err, scheduleErr); err != nil {
		return scheduler.Delivery{}, err
	}
	repeats := s != nil && !j.Again
	if at := village.Later(waits, a.Now()); repeats && (rem.TooLate(s, job.Due, a.Now()) || rem.Counts() && rem.TooLate(s, job.Due, at)) {
		return a.passOver(t, job, j, rem, s, p, at), nil
	}
	if !waits.IsZero() {
		return putOffOwnReminder(t, job, j, rem, waits), nil
	}
	if s != nil && keepsHour(rem, j) && scheduler.Aim(s, job.Due).After(a.Now()) { // the zone has other rules by now
		return job.again(t, scheduler.Aim(s, job.Due), j), nil
	}
	return a.sayOwnReminder(t, job, j, rem, s, p)
}

// sayOwnReminder says a reminder, and plans the next one unless it was put off by hand.
// With one that comes late come all others of its owner that do.
func (a *App) sayOwnReminder(t *records.Tx, job due, j records.OwnReminderJob, rem village.OwnReminder, s village.Schedule, p village.Preferences) (scheduler.Delivery, error) {
	late := words.LateNote{OwnReminder: rem, Hour: rem.MeantFor(j.Again, j.For, job.Due), Missed: j.Missed}
	if j.Missed {
		late.Hour = j.For
	}
	to := a.toOwner(rem)
	out := &bot.Outgoing{To: bot.Address{Person: rem.Person}}
	switch {
	case j.Missed:
		out.Message = to.OwnReminderMissed(rem, p, j.For)
	default:
		out.Message = to.OwnReminderDue(rem, p, late.Hour)
	}
	d := scheduler.Delivery{Out: out}
	if j.Missed || a.Now().Sub(late.Hour) > village.OnTime {
		others, said, err := a.lateWith(t, job, rem.Person, p)
		if err != nil || said {
			return scheduler.Delivery{}, err
		}
		d.Afresh = true
		if len(others) > 0 {
			out.Message = to.LateNotes(append(others, late), p)
		}
	}
	if !j.Again {
		a.wasSaid(t, rem, late.Hour, s, p)
	}
	d.Then = t.Finish()
	return d, nil
}

// passOver plans the next of a reminder that would come too late. Of one that is missed
// its owner is told, at a time at which they can be.
func (a *App) passOver(t *records.Tx, job due, j records.OwnReminderJob, rem village.OwnReminder, s village.Schedule, p village.Preferences, at time.Time) scheduler.Delivery {
	if rem.TooLate(s, job.Due, a.Now()) && rem.Named(s, job.Due) { // the bot was away, and it is not only night
		t.Missed(rem, at, rem.MeantFor(false, j.For, job.Due))
	}
	t.PlanOwnReminder(&rem, s, p)
	return scheduler.Delivery{Then: t.Finish()}
}

// putOffOwnReminder lets a reminder that is due wait. It keeps in mind the hour that
// it was first meant for.
func putOffOwnReminder(t *records.Tx, job due, j records.OwnReminderJob, rem village.OwnReminder, until time.Time) scheduler.Delivery {
	if !j.Again {
		rem.Due = until.UTC()
		t.PutOwnReminder(rem, rem.KeptAfter(until))
	}
	if !j.Waited {
		j.Waited, j.For = true, job.Due
	}
	return job.again(t, until, j)
}

// completeOwnReminder suggests a person's own reminders: what has come last stands
// first, because that is what a tap or a word is about.
func (a *App) completeOwnReminder(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	rems, err := a.OwnReminders(ctx, r.From.ID)
	if err != nil {
		return nil
	}
	slices.SortStableFunc(rems, func(x, y village.OwnReminder) int { return y.Sent.Compare(x.Sent) })
	var picks []bot.Pick
	for _, rem := range rems {
		if (rem.Open() || a.Now().Sub(rem.Sent) < village.JustCame) && understand.Finds(typed, rem.ID, rem.Words) {
			picks = append(picks, bot.Pick{Label: words.Clip(rem.Words, 100), Value: rem.ID})
		}
	}
	return picks
}
