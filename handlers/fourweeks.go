package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/calendar"
	"village/handlers/words"
	"village/internal/village"
)

// weeks are this week and the three after it, on a clock without a zone, and when they end.
type weeks struct {
	begins      time.Weekday
	today, last time.Time
	until       time.Time
}

// weeksFor are the weeks of a group's zone, which begin as they do where the asker lives.
func (a *App) weeksFor(ctx context.Context, r bot.Request, g village.Group, to words.Reader) (weeks, error) {
	begins, err := a.weekBegins(ctx, r, g)
	today := wallDate(a.Now(), to.Zone)
	last := calendar.WeekOf(begins, today).AddDate(0, 0, 7*calendar.Weeks)
	return weeks{begins, today, last, time.Date(last.Year(), last.Month(), last.Day(), 0, 0, 0, 0, to.Zone)}, err
}

// fourWeeks is a moderator's look at them: how many requests of each day are open and how
// many have somebody, and how many reminders are posted. It says nothing of whom they are
// for. Nil where nothing is asked for.
func (a *App) fourWeeks(ctx context.Context, g village.Group, to words.Reader, w weeks, needs []village.Need) (*bot.Image, error) {
	days := map[string]calendar.Load{}
	for _, n := range needs {
		day := n.Start.In(to.Zone).Format(time.DateOnly)
		l := days[day]
		switch {
		case n.Why != "":
			continue
		case n.State() == village.Open:
			l.Open++
		default:
			l.Held++
		}
		days[day] = l
	}
	if len(days) == 0 {
		return nil, nil
	}
	if err := a.channelPosts(ctx, g, w.until, days); err != nil {
		return nil, err
	}
	var shown []words.DayLoad
	for day := w.today; day.Before(w.last); day = day.AddDate(0, 0, 1) {
		if l, ok := days[day.Format(time.DateOnly)]; ok {
			shown = append(shown, words.DayLoad{Day: day, Open: l.Open, Held: l.Held, Posts: l.Posts})
		}
	}
	title, alt := to.FourWeeks(shown)
	picture, err := calendar.Loads(title, calendar.Key(to.FourWeeksKey()), w.begins, w.today, days)
	if err != nil {
		return nil, err
	}
	return &bot.Image{Name: "weeks.png", PNG: picture, Alt: alt}, nil
}

// channelPosts adds the times at which the group's reminders are posted.
func (a *App) channelPosts(ctx context.Context, g village.Group, until time.Time, days map[string]calendar.Load) error {
	list, err := a.Reminders(ctx, g.ID)
	if err != nil {
		return err
	}
	for _, rem := range list {
		s, err := scheduleOf(rem.Reminder)
		if err != nil {
			return err
		}
		if rem.Paused || s == nil {
			continue
		}
		times, _ := rem.Preview(s, g.QuietHours(), a.Now(), 7*calendar.Weeks*village.MaxPosts)
		for _, t := range times {
			if !t.Before(until) {
				break
			}
			day := t.In(until.Location()).Format(time.DateOnly)
			l := days[day]
			l.Posts++
			days[day] = l
		}
	}
	return nil
}
