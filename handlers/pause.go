package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// pauseOption says until when something is paused.
func (a *App) pauseOption(required bool) bot.Option {
	return bot.Option{Name: "until", Summary: "When it goes on, such as tonight, thu 9am, in 3 days or jan 3", Kind: bot.Time, Required: required, Max: 100, Complete: a.completeTime, Dates: true}
}

// dayBegins is when a day begins for somebody who paused something until it, in hours
// after midnight on their own clock.
const dayBegins = 8

// pauseEnd reads until when a pause lasts: a time, a length, or a day, which then
// begins at eight in the morning. Tonight ends with the next morning. It is said back in
// full.
func (a *App) pauseEnd(r bot.Request, zone *time.Location) (time.Time, error) {
	said := strings.ToLower(strings.TrimSpace(r.Arg("until")))
	for _, small := range []string{"until ", "till ", "for ", "the "} {
		said = strings.TrimPrefix(said, small)
	}
	now := a.Now().In(zone)
	if slices.Contains([]string{"tonight", "night", "this evening", "today", "morning", "tomorrow morning"}, said) {
		until := time.Date(now.Year(), now.Month(), now.Day(), dayBegins, 0, 0, 0, zone)
		if !until.After(now) {
			until = time.Date(now.Year(), now.Month(), now.Day()+1, dayBegins, 0, 0, 0, zone)
		}
		return until, nil
	}
	if length, err := when.Length(said); err == nil {
		return now.Add(length), nil
	}
	if day, err := when.Day(said, now, zone); err == nil && day.After(now) {
		return time.Date(day.Year(), day.Month(), day.Day(), dayBegins, 0, 0, 0, zone), nil
	}
	if at, err := when.Moment(said, now, zone); err == nil {
		return at, nil
	}
	return a.moment(r, "until", zone)
}

// pausedUntil is when a pause ends, as it is understood, or as it was said.
func (a *App) pausedUntil(ctx context.Context, r bot.Request, said string) string {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return said
	}
	r.Args = map[string]string{"until": said}
	until, err := a.pauseEnd(r, zone)
	if err != nil {
		return said
	}
	return a.to(r, zone).Until(until)
}

// remindPause pauses somebody's own reminders, or all that can wait.
func (a *App) remindPause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, err := a.ownZone(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	until, err := a.pauseEnd(r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	all := r.Arg("what") == everything
	err = a.changePreferences(ctx, r.From.ID, func(p *village.Preferences) {
		if all {
			p.Away = until.UTC()
		} else {
			p.Paused = until.UTC()
		}
	})
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, zone)
	if !all {
		return bot.Say(to.OwnPaused(until)), nil
	}
	still, waiting, err := a.before(ctx, r, until)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.AllPaused(until, still, waiting)), nil
}

// before is what somebody has before an instant: their requests and yeses, which still
// bring news, and their own reminders, which wait.
func (a *App) before(ctx context.Context, r bot.Request, until time.Time) ([]village.Need, []village.OwnReminder, error) {
	m, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return nil, nil, err
	}
	var needs []village.Need
	for _, group := range m.Groups {
		with, err := a.NeedsWith(ctx, group, r.From.ID, a.Now(), mostFound)
		if err != nil {
			return nil, nil, err
		}
		needs = append(needs, slices.DeleteFunc(with, func(n village.Need) bool { return n.Why != "" || !n.Start.Before(until) })...)
	}
	slices.SortStableFunc(needs, func(x, y village.Need) int { return x.Start.Compare(y.Start) })
	rems, err := a.OwnReminders(ctx, r.From.ID)
	rems = slices.DeleteFunc(rems, func(rem village.OwnReminder) bool {
		s, broken := scheduleOf(rem.Reminder)
		if broken != nil {
			return true
		}
		due, _ := rem.Plan(s, village.Preferences{}, a.Now())
		return due.IsZero() || !due.Before(until)
	})
	return needs, rems, err
}

// remindResume lets all that is paused go on.
func (a *App) remindResume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := a.changePreferences(ctx, r.From.ID, func(p *village.Preferences) { *p = p.Resume() }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, time.UTC).OwnResumed()}}, nil
}

// sessionPause pauses the reminders of one plan.
func (a *App) sessionPause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.planPause(ctx, r, func(zone *time.Location) (time.Time, error) { return a.pauseEnd(r, zone) })
}

// sessionResume lets the reminders of one plan go on.
func (a *App) sessionResume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.planPause(ctx, r, func(*time.Location) (time.Time, error) { return time.Time{}, nil })
}

func (a *App) planPause(ctx context.Context, r bot.Request, end func(zone *time.Location) (time.Time, error)) (bot.Reply, error) {
	_, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone := village.ZoneNamed(c.Zone)
	until, err := end(zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.changePreferences(ctx, r.From.ID, func(p *village.Preferences) { *p = p.PausePlan(c.ID, until, a.Now()) }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, zone).PlanPaused(c, until)), nil
}

// unpaused are the steps of a note that come now: those whose plan is not paused, and what
// is never paused.
func (a *App) unpaused(ctx context.Context, group string, note []village.PlanStep) ([]village.PlanStep, error) {
	var come []village.PlanStep
	for _, step := range note {
		p, err := a.PreferencesOf(ctx, step.Course.Member.ID)
		if err != nil {
			return nil, err
		}
		if !p.PlanUntil(step.Course.ID).After(a.Now()) {
			come = append(come, step)
			continue
		}
		s, _ := step.Course.Session(step.Session)
		needs, err := a.SessionNeeds(ctx, group, s)
		if err != nil {
			return nil, err
		}
		asked := slices.ContainsFunc(needs, func(n village.Need) bool { return n.Kind == village.RideHome })
		if step.NeverPaused(asked && !village.IsCovered(needs, village.RideHome)) {
			come = append(come, step)
		}
	}
	return come, nil
}

// leftAlone is until when a notice waits for somebody who wants to be left alone; zero
// for what comes all the same.
func (a *App) leftAlone(ctx context.Context, j village.Notice, n village.Need) (time.Time, error) {
	if j.To.Person == "" || j.Council {
		return time.Time{}, nil
	}
	p, err := a.PreferencesOf(ctx, j.To.Person)
	if err != nil || !p.Away.After(a.Now()) {
		return time.Time{}, err
	}
	if j.What == village.OwedAsk { // nobody is asked for more who has had enough
		return p.Away, nil
	}
	return j.WaitsFor(p.Away, n, a.Now()), nil
}

// reminderPause pauses a channel's reminder, or all of the group's.
func (a *App) reminderPause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var until time.Time
	if r.Arg("until") != "" {
		zone, err := a.ownZone(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		if until, err = a.pauseEnd(r, zone); err != nil {
			return bot.Reply{}, err
		}
	}
	return a.reminderToggle(ctx, r, until.IsZero(), until)
}

func (a *App) reminderResume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return a.reminderToggle(ctx, r, false, time.Time{})
}

// reminderToggle pauses what is meant, for good or until an instant, or lets it go on.
func (a *App) reminderToggle(ctx context.Context, r bot.Request, paused bool, until time.Time) (bot.Reply, error) {
	change := func(t *records.Tx, rem *village.ChannelReminder) error {
		if rem.Paused == paused && rem.PausedUntil.Equal(until) {
			return nil
		}
		rem.Paused, rem.PausedUntil = paused, until.UTC()
		return planReminder(t, *rem)
	}
	if r.Arg("reminder") == everything {
		return a.allReminders(ctx, r, change, paused, until)
	}
	_, rem, err := a.withReminder(ctx, r, change)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, village.ZoneNamed(rem.Zone))
	return bot.Say(a.reminderMessage(to, rem, to.ReminderToggled(paused || !until.IsZero()))), nil
}

// allReminders changes every reminder of the group in one commit.
func (a *App) allReminders(ctx context.Context, r bot.Request, change func(t *records.Tx, rem *village.ChannelReminder) error, paused bool, until time.Time) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	n := 0
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		rems, err := a.Reminders(ctx, g.ID)
		if err != nil {
			return err
		}
		n = len(rems)
		for _, listed := range rems {
			var rem village.ChannelReminder
			if err := t.Get(records.ReminderKey(g.ID, listed.ID), &rem); err != nil {
				return err
			}
			if rem.ID == "" {
				continue
			}
			if err := change(t, &rem); err != nil {
				return err
			}
			if t.Puts(records.ReminderKey(g.ID, rem.ID)) {
				noteAct(t, r, g.ID, actOnReminder(rem))
			}
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, village.ZoneNamed(g.Zone)).AllRemindersToggled(n, paused, until)), nil
}

// completeReminderOrAll suggests a group's reminders, and all of them.
func (a *App) completeReminderOrAll(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	picks := a.completeReminder(ctx, r, typed)
	all := bot.Pick{Label: words.Clip(a.to(r, nil).AllReminders(), 100), Value: everything}
	if understand.Finds(typed, all.Label, everything) {
		picks = append([]bot.Pick{all}, picks...)
	}
	return picks
}
