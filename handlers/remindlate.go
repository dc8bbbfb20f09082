package handlers

import (
	"context"
	"time"

	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/scheduler"
)

// After an outage, a session or a pause, many of somebody's reminders are due at once. They
// come in one message: it is sent for the first, and the others have nothing left to say.

// lateWith are all others of a person's reminders whose time has come, which are seen to with
// the job at hand. said says that this one was itself seen to with another.
func (a *App) lateWith(t *records.Tx, job due, person string, p village.Preferences) (others []words.LateNote, said bool, err error) {
	all, err := a.OwnDue(t.Ctx, person)
	if err != nil {
		return nil, false, err
	}
	said = true
	for _, o := range all {
		if o.Job == job.ID {
			said = false
		}
	}
	if said {
		return nil, true, nil
	}
	for _, o := range all {
		if o.Job == job.ID {
			continue
		}
		late, comes, err := a.lateNote(t, o, p)
		if err != nil {
			return nil, false, err
		}
		if comes {
			others = append(others, late)
		}
	}
	return others, false, nil
}

// lateNote is one of those, noted as said, unless its own time is still to come or it comes
// no more and is not missed.
func (a *App) lateNote(t *records.Tx, o records.OwnDue, p village.Preferences) (late words.LateNote, comes bool, err error) {
	var rem village.OwnReminder
	if err := t.Get(records.OwnReminderKey(o.Person, o.ID), &rem); err != nil || rem.ID == "" || !rem.Open() && !o.Again {
		return late, false, err
	}
	waits, err := a.ownWaits(t.Ctx, rem, p, o.OwnReminderJob, o.At)
	if err != nil || !waits.IsZero() {
		return late, false, err
	}
	s, err := scheduleOf(rem.Reminder)
	if err != nil {
		return late, false, err
	}
	late = words.LateNote{OwnReminder: rem, Hour: rem.MeantFor(o.Again, o.For, o.At), Missed: o.Missed}
	if o.Missed {
		late.Hour = o.For
	}
	switch byItself := a.Now().Sub(late.Hour) <= village.OnTime; {
	case byItself && !o.Missed: // it is not late
		return late, false, nil
	case o.Again: // or missed, which plans no next one either
		t.Cancel(o.Job)
		return late, true, nil
	}
	return a.scheduledLate(t, o, late, s, p)
}

// scheduledLate is one of those that comes by its own time, with the next one planned.
func (a *App) scheduledLate(t *records.Tx, o records.OwnDue, late words.LateNote, s village.Schedule, p village.Preferences) (words.LateNote, bool, error) {
	rem := late.OwnReminder
	switch {
	case s != nil && rem.TooLate(s, o.At, a.Now()):
		if !rem.Named(s, o.At) {
			return late, false, nil
		}
		late.Missed = true
		t.PlanOwnReminder(&rem, s, p)
	case s != nil && keepsHour(rem, o.OwnReminderJob) && scheduler.Aim(s, o.At).After(a.Now()):
		return late, false, nil
	default:
		a.wasSaid(t, rem, late.Hour, s, p)
	}
	return late, true, nil
}

// keepsHour says whether a reminder comes at an hour of its schedule, and was not
// put off from it.
func keepsHour(rem village.OwnReminder, j records.OwnReminderJob) bool {
	return !rem.Counts() && !j.Again && !j.Waited
}

// ownWaits says until when a reminder that is due has to wait, or the zero time: a
// session is on, all are paused, or it is night and it heeds that.
func (a *App) ownWaits(ctx context.Context, rem village.OwnReminder, p village.Preferences, j records.OwnReminderJob, due time.Time) (time.Time, error) {
	now := a.Now()
	if p.OwnUntil().After(now) {
		return p.OwnUntil(), nil
	}
	if until, err := a.SilentUntil(ctx, rem.Person); err != nil || !until.IsZero() {
		return until, err
	}
	if !rem.HeedsNight(j.Again, due, now) {
		return time.Time{}, nil
	}
	m, err := a.Member(ctx, rem.Person)
	if err != nil {
		return time.Time{}, err
	}
	morning, err := a.Morning(ctx, m.Group, rem.Person, village.ZoneNamed(rem.Zone))
	if err != nil || !morning.After(now) {
		return time.Time{}, err
	}
	return morning, nil
}

// scheduleOf reads a reminder's schedule; nil for one that comes once.
func scheduleOf(r village.Reminder) (village.Schedule, error) {
	if r.Schedule == "" {
		return nil, nil
	}
	return scheduler.ParseSchedule(r.Schedule, village.ZoneNamed(r.Zone))
}

// wasSaid notes that a reminder was said now for an hour, and plans the next one.
func (a *App) wasSaid(t *records.Tx, rem village.OwnReminder, meant time.Time, s village.Schedule, p village.Preferences) {
	rem.Sent = a.Now().UTC()
	if rem.Counts() && rem.Anchor.IsZero() { // from before intervals kept their hours
		rem.Anchor = meant
	}
	t.PlanOwnReminder(&rem, s, p)
}
