package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// preparePlan says what a reminder of a plan comes to now. What has become
// useless is dropped; what would come into a session waits for its end. All that is due
// with it is said in the same message, once.
func (a *App) preparePlan(t *records.Tx, job due, j records.PlanJob) (scheduler.Delivery, error) {
	var c village.Course
	if err := t.Get(records.CourseKey(j.Group, j.Course), &c); err != nil || c.ID == "" || c.Draft {
		return scheduler.Delivery{}, err
	}
	notes, all, err := a.PlanNotes(t.Ctx, j.Group, c)
	note := village.NoteWith(notes, j.Key())
	i := slices.IndexFunc(note, func(s village.PlanStep) bool { return s.Key() == j.Key() })
	if err != nil || i < 0 {
		return scheduler.Delivery{}, err
	}
	step := note[i].Step
	note, err = a.coming(t.Ctx, j.Group, c, notes, note, all)
	if err != nil || !slices.ContainsFunc(note, func(s village.PlanStep) bool { return s.Key() == j.Key() }) {
		return scheduler.Delivery{}, err
	}
	later, err := a.stepWaits(t.Ctx, j.Group, c, all, step)
	switch {
	case err != nil || !later.Before(step.Until) || !a.Now().Before(step.Until):
		return scheduler.Delivery{}, err
	case !later.IsZero():
		return job.again(t, later, j), nil
	}
	m, err := a.noteMessage(t, j.Group, c, a.stillOfUse(note), all, step, false)
	if err != nil || m == nil {
		return scheduler.Delivery{}, err
	}
	m.Notify = []string{c.Member.ID}
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Person: c.Member.ID}, Message: *m}}
	if t.Dirty() {
		d.Then = t.Finish()
	}
	return d, nil
}

// coming is what of a note comes: nothing that is paused, and nothing of what is only
// offered on a day that is full.
func (a *App) coming(ctx context.Context, group string, c village.Course, notes [][]village.PlanStep, note []village.PlanStep, all []village.Course) ([]village.PlanStep, error) {
	note, err := a.unpaused(ctx, group, note)
	if err != nil {
		return nil, err
	}
	return a.withinBudget(ctx, c, notes, note, all)
}

// withinBudget is a note, or nothing of it where it is left out: what somebody has set
// themselves comes at its minute, and their day is full.
func (a *App) withinBudget(ctx context.Context, c village.Course, notes [][]village.PlanStep, note []village.PlanStep, all []village.Course) ([]village.PlanStep, error) {
	if len(note) == 0 || !village.OnlyOffered(note) {
		return note, nil
	}
	p, err := a.PreferencesOf(ctx, c.Member.ID)
	if err != nil || p.OwnUntil().After(a.Now()) {
		return note, err
	}
	rems, err := a.OwnReminders(ctx, c.Member.ID)
	if err != nil {
		return nil, err
	}
	zone := village.ZoneNamed(c.Zone)
	var own []time.Time
	for _, rem := range rems {
		s, err := scheduleOf(rem.Reminder)
		if err != nil {
			return nil, err
		}
		own = append(own, rem.ComesOn(s, note[0].Due.In(zone))...)
	}
	if village.GivesWay(notes, note, all, own, zone) {
		return nil, nil
	}
	return note, nil
}

// stillOfUse are the steps of a note whose time has not passed.
func (a *App) stillOfUse(note []village.PlanStep) []village.PlanStep {
	return slices.DeleteFunc(slices.Clone(note), func(s village.PlanStep) bool { return !a.Now().Before(s.Until) })
}

// stepWaits is until when a step has to wait: the quiet hours have changed since, a
// session goes on, or an outage has made it late and it is night. The zero time is
// not at all. all are the member's plans.
func (a *App) stepWaits(ctx context.Context, group string, c village.Course, all []village.Course, step village.Step) (time.Time, error) {
	now := a.Now()
	if step.Due.After(now) {
		return step.Due, nil
	}
	if until := village.Silence(all, now); !until.IsZero() || !step.CanWait() || now.Sub(step.Due) <= village.OnTime {
		return until, nil
	}
	morning, err := a.Morning(ctx, group, c.Member.ID, village.ZoneNamed(c.Zone))
	if err != nil || !morning.After(now) || !morning.Before(step.Until) {
		return time.Time{}, err
	}
	return morning, nil
}

// noteMessage is the message of a note, for the step that it is sent for: nil where that
// is said in the message of another one. tapped is for who has opened it.
func (a *App) noteMessage(t *records.Tx, group string, c village.Course, note []village.PlanStep, all []village.Course, step village.Step, tapped bool) (*bot.Message, error) {
	x, err := a.noteOf(t.Ctx, group, note, all, tapped)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(x, func(r words.Reminder) bool { return r.Step.Key() == step.Key() })
	if i < 0 || i > 0 && !tapped {
		return nil, nil
	}
	m, err := a.stepMessage(t, group, c, step, tapped)
	if err != nil || m == nil || i > 0 || len(x) == 1 {
		return m, err
	}
	wanted, err := a.PreferencesOf(t.Ctx, c.Member.ID)
	if err != nil {
		return nil, err
	}
	to := a.toPerson(c.Member.ID, village.ZoneNamed(c.Zone))
	if !tapped && !wanted.Plain {
		return new(to.NoteBehindATap(*m, x)), nil
	}
	return new(to.NoteInFull(*m, x)), nil
}

// noteOf are the reminders of a note: without what somebody has seen to by now, and
// without water while a rule of the clinic holds.
func (a *App) noteOf(ctx context.Context, group string, note []village.PlanStep, all []village.Course, tapped bool) ([]words.Reminder, error) {
	var out []words.Reminder
	dry := village.Dry(all, a.Now())
	for _, step := range note {
		s, ok := step.Course.Session(step.Session)
		if !ok || step.Name == village.Hydration && dry {
			continue
		}
		needs, err := a.SessionNeeds(ctx, group, s)
		if err != nil {
			return nil, err
		}
		if kind := step.Books(); kind != "" && !tapped && village.IsCovered(needs, kind) {
			continue
		}
		out = append(out, a.reminder(step.Course, s, step.Step, needs))
	}
	return out, nil
}

// reminder is a step of a plan with the words that belong to it.
func (a *App) reminder(c village.Course, s village.Session, step village.Step, needs []village.Need) words.Reminder {
	card := a.reminderCard(step.Name)
	x := words.Reminder{Course: c, Session: s, Step: step, Needs: needs, Discreet: card.Discreet, Whole: card.Whole(), Plain: card.Plain}
	if c.Words(step) != "" {
		x.Discreet = a.reminderCard("note").Discreet
	}
	return x
}

// stepMessage is a reminder of a plan: behind a tap, or in full when it was
// tapped or the member has chosen plain words. It is nil when there is nothing
// to remind of. A card that is drawn for it is noted in the plan.
func (a *App) stepMessage(t *records.Tx, group string, c village.Course, step village.Step, tapped bool) (*bot.Message, error) {
	s, ok := c.Session(step.Session)
	if !ok {
		return nil, nil
	}
	needs, err := a.SessionNeeds(t.Ctx, group, s)
	if err != nil {
		return nil, err
	}
	if kind := step.Books(); kind != "" && !tapped && village.IsCovered(needs, kind) {
		return nil, nil // somebody has said yes: there is nothing to do
	}
	wanted, err := a.PreferencesOf(t.Ctx, c.Member.ID)
	if err != nil {
		return nil, err
	}
	to, x := a.toPerson(c.Member.ID, nil), a.reminder(c, s, step, needs)
	if !tapped && !wanted.Plain {
		return new(to.ReminderBehindATap(x)), nil
	}
	if step.Name == village.EveningCard || step.Name == village.Integration {
		var idea content.Card
		c, idea = a.prompt(c, step)
		a.NoteCourse(t, group, c)
		x.Idea = idea.Text
	}
	if step.Name == village.TouchUp {
		if x.Then, err = a.then(t.Ctx, c.Member.ID, s, village.ZoneNamed(c.Zone)); err != nil {
			return nil, err
		}
	}
	return new(to.ReminderInFull(x)), nil
}

// then is what somebody noted in the two weeks after a session.
func (a *App) then(ctx context.Context, person string, s village.Session, zone *time.Location) (words.Then, error) {
	var x words.Then
	if _, err := a.Read(ctx, records.DiaryKey(person), &x.Diary); err != nil {
		return x, err
	}
	scores, err := a.scores(ctx, person)
	first, last := s.Start.In(zone).Format(time.DateOnly), s.Start.In(zone).AddDate(0, 0, village.CheckInDays).Format(time.DateOnly)
	x.Diary = x.Diary.Between(first, last)
	x.Scores.All = scores.At(last)
	return x, err
}

// sessionRead is the tap behind a discreet reminder.
func (a *App) sessionRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, ok := c.Session(r.Arg("session"))
	if !ok || c.Draft {
		return bot.Reply{}, a.to(r, nil).NoSuchSession()
	}
	step := village.Step{Session: s.ID, Name: r.Arg("reminder"), Part: r.Arg("part")}
	var m *bot.Message
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		var now village.Course
		if err := t.Get(records.CourseKey(g.ID, c.ID), &now); err != nil {
			return err
		}
		note, all, err := a.PlanNote(ctx, g.ID, now, step.Key())
		if err != nil {
			return err
		}
		if len(note) > 0 {
			m, err = a.noteMessage(t, g.ID, now, note, all, step, true)
		}
		if m == nil && err == nil { // it was sent, and its plan is another one by now
			m, err = a.stepMessage(t, g.ID, now, step, true)
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if m == nil {
		return bot.Reply{}, a.to(r, nil).NoSuchSession()
	}
	return bot.Say(*m), nil
}

// prompt is the idea that belongs to a step, drawn when it is first needed. In the
// evening of a session it is something to do alone and gently.
func (a *App) prompt(c village.Course, step village.Step) (village.Course, content.Card) {
	deck, _ := a.Content.Deck("integration")
	cards := slices.DeleteFunc(slices.Clone(deck.Cards), func(card content.Card) bool { return step.Name == village.EveningCard && card.Kind == "talking" })
	c, id := c.IdeaFor(step, cardIDs(cards))
	card, _ := deck.Card(id)
	return c, card
}

// sessionOther puts another idea in place of one that does not fit today. The
// one before counts as seen.
func (a *App) sessionOther(ctx context.Context, r bot.Request) (bot.Reply, error) {
	step := village.Step{Session: r.Arg("session"), Name: r.Arg("reminder"), Part: r.Arg("part")}
	if step.Name != village.EveningCard && step.Name != village.Integration {
		return bot.Reply{}, a.to(r, nil).NoOther()
	}
	var idea content.Card
	_, err := a.withSession(ctx, r, func(c village.Course, s village.Session) (village.Course, village.Session) {
		c, idea = a.prompt(c.WithoutIdea(step), step)
		return c, s
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).AnotherIdea(step, idea.Text)}}, nil
}

// sessionRemind shows one reminder of a plan, and switches it off or on, moves
// or rewords it: for the whole plan, or for one session.
func (a *App) sessionRemind(ctx context.Context, r bot.Request) (bot.Reply, error) {
	name, do := r.Arg("reminder"), r.Arg("do")
	var at *int
	if r.Arg("at") != "" {
		minutes, err := when.Clock(r.Arg("at"))
		if err != nil {
			return bot.Reply{}, a.mistold(r, "at", err, a.to(r, nil).NotAnHour())
		}
		at = &minutes
	}
	changed := do != "" || at != nil || r.Arg("words") != ""
	g, c, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if c.Draft {
			return c, a.to(r, nil).NotSaved()
		}
		if !changed {
			return c, nil
		}
		only := ""
		if r.Arg("only") == "yes" {
			only = village.SessionOr(c, r.Arg("session")).ID
		}
		return c.Tweaked(only, name, func(t *village.Tweak) { *t = t.Said(do, at, r.Arg("words")) }), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if c, err = a.Beside(ctx, g.ID, c); err != nil {
		return bot.Reply{}, err
	}
	if at != nil && c.ComesAt(name, *at, quiet, a.Now()) {
		at = nil // as it was said
	}
	m := a.to(r, nil).ReminderSettings(c, village.SessionOr(c, r.Arg("session")), name, village.Plan(c, quiet), at)
	return bot.Reply{Update: changed, Messages: []bot.Message{m}}, nil
}
