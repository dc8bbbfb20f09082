package handlers

import (
	"context"
	"maps"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/calendar"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// sessionEnd is the member's word that they are out. What follows is written
// for somebody who is foggy: short lines, large buttons, nothing to decide.
func (a *App) sessionEnd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("session") == "" {
		begun := a.completeSession(ctx, r, "")
		if len(begun) == 0 {
			return bot.Reply{}, a.to(r, nil).NoSuchSession()
		}
		r.Args = maps.Clone(r.Args)
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args["session"] = begun[0].Value
	}
	_, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Draft {
		return bot.Reply{}, a.to(r, nil).NotSaved()
	}
	s := village.SessionOr(c, r.Arg("session"))
	if r.Arg("which") == "all" {
		return a.courseStop(ctx, r, s)
	}
	g, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		return c.End(s.ID, a.Now())
	})
	if err != nil {
		return bot.Reply{}, err
	}
	needs, err := a.SessionNeeds(ctx, g.ID, s)
	if err != nil {
		return bot.Reply{}, err
	}
	card := a.reminderCard(village.HomeRest)
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).OutOf(c, s, needs, card.Plain, card.Whole())}}, nil
}

// sessionProgress shows a plan as a line and as a small calendar. Only its
// member sees either.
func (a *App) sessionProgress(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, village.ZoneNamed(c.Zone))
	if c.Draft {
		return bot.Reply{}, to.NotSaved()
	}
	if _, all := c.Done(a.Now()); all == 0 {
		return bot.Say(to.ProgressNone()), nil
	}
	var diary village.Diary
	if _, err := a.Read(ctx, records.DiaryKey(r.From.ID), &diary); err != nil {
		return bot.Reply{}, err
	}
	x := words.ProgressShown{Course: c}
	if x.Needs, err = a.NeedsOf(ctx, g.ID, c.Sessions...); err != nil {
		return bot.Reply{}, err
	}
	days := map[string]calendar.Day{}
	for _, s := range c.Sessions {
		if s.Why != village.Cancelled {
			days[s.Start.In(to.Zone).Format(time.DateOnly)] = calendarDay(to, s, x.Needs[s.ID])
		}
	}
	first, last := wallDate(c.Sessions[0].Start, to.Zone), wallDate(c.Sessions[len(c.Sessions)-1].Start, to.Zone)
	for _, d := range diary.Days {
		at, err := time.Parse(time.DateOnly, d.Day)
		if err != nil || at.Before(first) {
			continue // not written by us, or before this plan
		}
		day := days[d.Day]
		day.Feeling = to.FeelingLabel(d.Feeling)
		days[d.Day] = day
		x.Days = append(x.Days, d)
		if at.After(last) && at.Sub(first) < calendar.MaxWeeks*7*24*time.Hour {
			last = at
		}
	}
	picture, err := a.drawCalendar(ctx, r, g, to, first, last, days, &x)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.HowFar(x, picture)), nil
}

// drawCalendar draws days as a picture, and notes how many weeks it has room for where
// that is not all of them. Weeks begin as they do where the asker lives.
func (a *App) drawCalendar(ctx context.Context, r bot.Request, g village.Group, to words.Reader, first, last time.Time, days map[string]calendar.Day, x *words.ProgressShown) ([]byte, error) {
	begins, err := a.weekBegins(ctx, r, g)
	if err != nil {
		return nil, err
	}
	today := wallDate(a.Now(), to.Zone)
	first, last, all := window(begins, first, last, today)
	if !all {
		x.Weeks = calendar.MaxWeeks
	}
	return calendar.PNG(to.ProgressTitle(), begins, first, last, today, days)
}

// weekBegins is the day on which a week begins where somebody lives, as far as is known.
func (a *App) weekBegins(ctx context.Context, r bot.Request, g village.Group) (time.Weekday, error) {
	known, err := a.Member(ctx, r.From.ID)
	country, _ := village.CountryFor(known, g)
	return village.WeekBegins(country), err
}

// calendarDay is the day of a session in the calendar. What is behind needs nobody
// any more.
func calendarDay(to words.Reader, s village.Session, needs []village.Need) calendar.Day {
	st := s.Standing(needs, to.Now)
	day := calendar.Day{Session: words.ClockOf(s.Start.In(to.Zone)), Done: st.State == village.SessionDone}
	if !day.Done {
		day.Wanted, day.Covered = st.Asked, st.Covered
	}
	return day
}

// window is the part of a long plan that the picture has room for, as near to
// today as may be, and whether that is all of it.
func window(begins time.Weekday, first, last, today time.Time) (from, to time.Time, all bool) {
	week := func(t time.Time) time.Time { return calendar.WeekOf(begins, t) }
	room := (calendar.MaxWeeks - 1) * 7
	if !week(first).AddDate(0, 0, room).Before(week(last)) {
		return first, last, true
	}
	from = week(today).AddDate(0, 0, -7)
	if latest := week(last).AddDate(0, 0, -room); from.After(latest) {
		from = latest
	}
	if from.Before(first) {
		from = first
	}
	return from, last, false
}

// wallDate is the date in a zone, on a clock without one.
func wallDate(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// sessionBag is the bag as a list whose items are tapped when they are packed.
func (a *App) sessionBag(ctx context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("bag")
	item := r.Arg("item")
	if _, known := deck.Card(item); item != "" && !known {
		return bot.Reply{}, a.to(r, nil).NotInBag(r.Arg("session"))
	}
	s, err := a.withSession(ctx, r, func(c village.Course, s village.Session) (village.Course, village.Session) {
		if item != "" {
			s = s.Pack(item)
		}
		return c.With(s), s
	})
	if err != nil {
		return bot.Reply{}, err
	}
	var items []words.Item
	for _, card := range deck.Cards {
		items = append(items, words.Item{ID: card.ID, Text: card.Text, Why: card.Why})
	}
	return bot.Reply{Update: item != "", Messages: []bot.Message{a.to(r, nil).Bag(deck.Title, deck.About, items, s)}}, nil
}

// sessionDraw draws an intention from the deck, another one, or puts it back.
func (a *App) sessionDraw(ctx context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("intention")
	s, err := a.withSession(ctx, r, func(c village.Course, s village.Session) (village.Course, village.Session) {
		switch {
		case r.Arg("do") == "back":
			s.Card = ""
			return c.With(s), s
		case s.Card != "" && r.Arg("do") == "":
			return c, s // the one that was drawn
		}
		return c.DrawIntention(s, cardIDs(deck.Cards), a.Now())
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := a.to(r, nil).IntentionBack(s)
	if card, drawn := deck.Card(s.Card); drawn {
		m = a.to(r, nil).Intention(s, card.Title, card.Text, deck.About)
	}
	return bot.Reply{Update: true, Messages: []bot.Message{m}}, nil
}

// cardIDs are the IDs of cards.
func cardIDs(cards []content.Card) []string {
	var ids []string
	for _, card := range cards {
		ids = append(ids, card.ID)
	}
	return ids
}

// withSession changes one session of a plan that is saved.
func (a *App) withSession(ctx context.Context, r bot.Request, rule func(village.Course, village.Session) (village.Course, village.Session)) (village.Session, error) {
	var s village.Session
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		var ok bool
		if s, ok = c.Session(r.Arg("session")); !ok || c.Draft {
			return c, a.to(r, nil).NoSuchSession()
		}
		c, s = rule(c, s)
		return c, nil
	})
	return s, err
}
