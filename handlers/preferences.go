package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
)

// changePreferences changes how somebody wants to be written to, and what is due
// because of it.
func (a *App) changePreferences(ctx context.Context, person string, change func(p *village.Preferences)) error {
	return a.Change(ctx, records.MemberPartition(person), func(t *records.Tx) error {
		var p village.Preferences
		if err := t.Get(records.PreferencesKey(person), &p); err != nil {
			return err
		}
		paused := p.OwnUntil()
		change(&p)
		t.Put(records.PreferencesKey(person), p, time.Time{}, store.Entry{Name: records.PersonIndex(person), Score: 0})
		if p.OwnUntil().Equal(paused) {
			return nil
		}
		return a.replanOwn(t, person, p, nil)
	})
}

// replanOwn puts all reminders of a person anew, changed by f where it is given.
func (a *App) replanOwn(t *records.Tx, person string, p village.Preferences, f func(rem *village.OwnReminder)) error {
	rems, err := a.OwnReminders(t.Ctx, person)
	if err != nil {
		return err
	}
	for _, listed := range rems {
		var rem village.OwnReminder
		if err := t.Get(records.OwnReminderKey(person, listed.ID), &rem); err != nil {
			return err
		}
		if rem.ID == "" || rem.Schedule == "" && !rem.Open() { // what repeats may begin anew after a pause
			continue
		}
		if f != nil {
			f(&rem)
		}
		if err := planOwn(t, &rem, p); err != nil {
			return err
		}
	}
	return nil
}

// moveOwn lets somebody's repeating reminders follow them into another zone: nine
// o'clock stays nine o'clock. What comes once stays at its instant.
func (a *App) moveOwn(ctx context.Context, person, zone string) error {
	return a.Change(ctx, records.MemberPartition(person), func(t *records.Tx) error {
		var p village.Preferences
		if err := t.Get(records.PreferencesKey(person), &p); err != nil {
			return err
		}
		return a.replanOwn(t, person, p, func(rem *village.OwnReminder) { rem.MoveTo(zone) })
	})
}

func (a *App) remindVoice(ctx context.Context, r bot.Request) (bot.Reply, error) {
	plain := r.Arg("voice") == "plain"
	if err := a.changePreferences(ctx, r.From.ID, func(p *village.Preferences) { p.Plain = plain }); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, time.UTC).VoiceSet(plain)), nil
}

func (a *App) remindQuiet(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var quiet *village.Quiet
	if r.Arg("hours") != "group" {
		q, err := a.quietHours(r)
		if err != nil {
			return bot.Reply{}, err
		}
		quiet = &q
	}
	before, err := a.PreferencesOf(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.changePreferences(ctx, r.From.ID, func(p *village.Preferences) { p.Quiet = quiet }); err != nil {
		return bot.Reply{}, err
	}
	if err := a.ReplanCourses(ctx, r.From.ID, before.Quiet, quiet); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, time.UTC).OwnQuietSet(quiet)), nil
}
