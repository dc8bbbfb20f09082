package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
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
			return bot.Reply{}, words.NoSuchSession()
		}
		r.Args = maps.Clone(r.Args)
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args["session"] = begun[0].Value
	}
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Draft {
		return bot.Reply{}, words.NotSaved()
	}
	s := village.SessionOr(c, r.Arg("session"))
	if r.Arg("which") == "all" {
		return a.courseStop(ctx, r, s)
	}
	if _, _, err = a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		return c.End(s.ID, a.Now())
	}); err != nil {
		return bot.Reply{}, err
	}
	m := a.homeMessage()
	needs, err := a.SessionNeeds(ctx, g, s)
	if err != nil {
		return bot.Reply{}, err
	}
	rest := a.reminderCard(village.HomeRest).Plain
	ride, some := a.RideToCome(needs)
	switch {
	case some:
		m.Text = words.RideStillAhead(ride, village.ZoneNamed(c.Zone)) + "\n\n" + rest
	case a.Now().Before(s.End.Add(village.HomeAfter)) && !slices.ContainsFunc(needs, village.Fetched):
		m.Text = "Good that you are out. **Let somebody bring you home.** The staff can ring them for you.\n\n" + rest
	}
	return bot.Reply{Update: true, Messages: []bot.Message{m}}, nil
}

// homeMessage is the plain mode: what somebody needs who has just come out.
func (a *App) homeMessage() bot.Message {
	return bot.Message{Title: "Good to hear from you", Tone: bot.Good, Text: a.reminderCard(village.HomeRest).Whole(),
		Buttons: []bot.Button{
			{Label: "I don't feel well", Command: "/faq side-effects", Style: bot.Primary},
			{Label: "Talk to somebody now", Command: "/crisis", Style: bot.Danger},
		}}
}

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

// sessionBag is the bag as a list whose items are tapped when they are packed.
func (a *App) sessionBag(ctx context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("bag")
	item := r.Arg("item")
	if _, known := deck.Card(item); item != "" && !known {
		return bot.Reply{}, &bot.Error{Code: "no-such-item", Say: "That is not on the list.", Hint: "Please tap an item on it.", Buttons: []bot.Button{{Label: "The list", Command: "/session bag " + r.Arg("session")}}}
	}
	var s village.Session
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		var ok bool
		if s, ok = c.Session(r.Arg("session")); !ok || c.Draft {
			return c, words.NoSuchSession()
		}
		switch i := slices.Index(s.Packed, item); {
		case item == "":
			return c, nil
		case i >= 0:
			s.Packed = slices.Delete(slices.Clone(s.Packed), i, i+1)
		default:
			s.Packed = append(slices.Clone(s.Packed), item)
		}
		return c.With(s), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: item != "", Messages: []bot.Message{bagMessage(deck, s)}}, nil
}

func bagMessage(deck content.Deck, s village.Session) bot.Message {
	m := bot.Message{Title: deck.Title}
	var packed, missing []string
	for _, card := range deck.Cards {
		label := words.Clip(card.Text, 62)
		if slices.Contains(s.Packed, card.ID) {
			packed = append(packed, "- "+bot.Literal(card.Text))
			label = "Packed: " + label
		} else {
			line := "- **" + bot.Literal(card.Text) + "**"
			if card.Why != "" {
				line += ": " + bot.Literal(card.Why)
			}
			missing = append(missing, line)
		}
		if len(m.Buttons) < 25 {
			m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/session bag " + s.ID + " " + card.ID})
		}
	}
	m.Text = bot.Literal(deck.About) + "\n\n" + fmt.Sprintf("%d of %d packed.", len(packed), len(deck.Cards))
	if len(missing) > 0 {
		m.Text += "\n\n" + strings.Join(missing, "\n")
	} else {
		m.Tone = bot.Good
	}
	if len(packed) > 0 {
		m.Text += "\n\nIn the bag:\n\n" + strings.Join(packed, "\n")
	}
	return m
}

// sessionDraw draws an intention from the deck, another one, or puts it back.
func (a *App) sessionDraw(ctx context.Context, r bot.Request) (bot.Reply, error) {
	deck, _ := a.Content.Deck("intention")
	var s village.Session
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		var ok bool
		if s, ok = c.Session(r.Arg("session")); !ok || c.Draft {
			return c, words.NoSuchSession()
		}
		if r.Arg("do") == "back" {
			s.Card = ""
			return c.With(s), nil
		}
		if s.Card != "" && r.Arg("do") == "" {
			return c, nil // the one that was drawn
		}
		var cards, drawn []string
		for _, card := range deck.Cards {
			cards = append(cards, card.ID)
		}
		prompts := map[string]string{}
		for key, id := range c.Prompts {
			prompts[key] = id
			if strings.HasPrefix(key, "intention/") {
				drawn = append(drawn, id)
			}
		}
		s.Card = village.Draw(c.ID, cards, drawn)
		prompts["intention/"+s.Card] = s.Card
		c.Prompts = prompts
		return c.With(s), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	another := bot.Button{Label: "Another card", Command: "/session card " + s.ID + " another"}
	if s.Card == "" {
		return bot.Reply{Update: true, Messages: []bot.Message{{Text: "It is back in the deck. Going without one is fine.", Buttons: []bot.Button{another}}}}, nil
	}
	card, _ := deck.Card(s.Card)
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: card.Title, Text: bot.Literal(card.Text), Footer: bot.Literal(deck.About),
		Buttons: []bot.Button{another, {Label: "Put it back", Command: "/session card " + s.ID + " back"}}}}}, nil
}
