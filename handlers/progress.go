package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/handlers/calendar"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// maxAlt is how long the words beside a picture may be, in characters.
const maxAlt = 1000

// sessionProgress shows a plan as a line and as a small calendar. Only its
// member sees either.
func (a *App) sessionProgress(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Draft {
		return bot.Reply{}, words.NotSaved()
	}
	var diary village.Diary
	if _, err := a.Read(ctx, records.DiaryKey(r.From.ID), &diary); err != nil {
		return bot.Reply{}, err
	}
	zone := village.ZoneNamed(c.Zone)
	days, lines, err := a.courseDays(ctx, g, c, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(lines) == 0 {
		return bot.Say(bot.Message{Title: "How far you have come", Text: "All sessions of this plan are cancelled, so there is nothing to draw.",
			Buttons: []bot.Button{{Label: "My sessions", Command: "/session list"}, {Label: "My days", Command: "/checkin chart"}, {Label: "Plan sessions", Command: "/session add"}}}), nil
	}
	first, last := wallDate(c.Sessions[0].Start, zone), wallDate(c.Sessions[len(c.Sessions)-1].Start, zone)
	var feelings []string
	for _, d := range diary.Days {
		at, err := time.Parse(time.DateOnly, d.Day)
		if err != nil || at.Before(first) {
			continue // not written by us, or before this plan
		}
		day := days[d.Day]
		day.Feeling, day.Level = words.FeelingShort(d.Feeling)
		days[d.Day] = day
		feelings = append(feelings, at.Format("2 Jan")+" "+day.Feeling)
		if at.After(last) && at.Sub(first) < calendar.MaxWeeks*7*24*time.Hour {
			last = at
		}
	}
	alt := "A calendar. " + strings.Join(lines, " ")
	if len(feelings) > 0 {
		alt += " Your check-ins: " + strings.Join(feelings, "; ") + "."
	}
	footer := "Only you see this."
	first, last, all := window(first, last, wallDate(a.Now(), zone))
	if !all {
		footer += fmt.Sprintf(" The picture has room for %d weeks; the list has everything.", calendar.MaxWeeks)
	}
	return a.progressMessage(c, lines, alt, footer, first, last, days)
}

// window is the part of a long plan that the picture has room for, as near to
// today as may be, and whether that is all of it.
func window(first, last, today time.Time) (from, to time.Time, all bool) {
	monday := func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
	room := (calendar.MaxWeeks - 1) * 7
	if !monday(first).AddDate(0, 0, room).Before(monday(last)) {
		return first, last, true
	}
	from = monday(today).AddDate(0, 0, -7)
	if latest := monday(last).AddDate(0, 0, -room); from.After(latest) {
		from = latest
	}
	if from.Before(first) {
		from = first
	}
	return from, last, false
}

// progressMessage draws a plan between two days.
func (a *App) progressMessage(c village.Course, lines []string, alt, footer string, first, last time.Time, days map[string]calendar.Day) (bot.Reply, error) {
	zone := village.ZoneNamed(c.Zone)
	picture, err := calendar.PNG("Your sessions", first, last, wallDate(a.Now(), zone), days)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "How far you have come", Tone: bot.Good,
		Text:    "**" + c.Progress(a.Now()) + "**\n\n- " + strings.Join(lines, "\n- "),
		Image:   &bot.Image{Name: "calendar.png", PNG: picture, Alt: words.Clip(alt, maxAlt)},
		Footer:  footer,
		Buttons: []bot.Button{{Label: "My sessions", Command: "/session list"}, {Label: "My days", Command: "/checkin chart"}}}), nil
}

// courseDays are the days of a plan for the calendar, and the same in words.
func (a *App) courseDays(ctx context.Context, g village.Group, c village.Course, zone *time.Location) (map[string]calendar.Day, []string, error) {
	days := map[string]calendar.Day{}
	var lines []string
	for _, s := range c.Sessions {
		if s.Why == village.Cancelled {
			continue
		}
		start := s.Start.In(zone)
		day := calendar.Day{Session: words.ClockOf(start), Done: s.Why == village.Past || !a.Now().Before(s.End)}
		line := start.Format("Mon 2 Jan") + ", " + day.Session
		needs, err := a.SessionNeeds(ctx, g, s)
		if err != nil {
			return nil, nil, err
		}
		if !day.Done { // what is behind needs nobody any more
			day.Wanted = len(needs)
		}
		for _, n := range needs {
			if !day.Done && len(n.Claims) >= n.Wanted {
				day.Covered++
			}
		}
		switch {
		case day.Done:
			line += ": done."
		case day.Wanted > 0:
			line += fmt.Sprintf(": help %d of %d covered.", day.Covered, day.Wanted)
		default:
			line += ": no help asked for."
		}
		days[start.Format(time.DateOnly)] = day
		lines = append(lines, line)
	}
	return days, lines, nil
}

// wallDate is the date in a zone, on a clock without one.
func wallDate(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
