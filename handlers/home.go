package handlers

import (
	"context"
	"slices"
	"village/bot"
	"village/handlers/words"
	"village/internal/village"
)

// HomeLine is the command that shows everything of a person's at a glance;
// platforms that give a person a page of their own fill it with the answer.
const HomeLine = "/home"

// home is a person's sessions, their needs and offers, what is open, and their
// reminders, in this order; on the day of a session, only what matters then.
func (a *App) home(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("show") == "" {
		rest, err := a.resting(ctx, r, bot.Button{Label: "All the rest", Command: HomeLine + " " + everything})
		if err != nil {
			return bot.Reply{}, err
		}
		if rest != nil {
			return bot.Say(*rest), nil
		}
	}
	r.Args = nil // the parts read none, and must not take ours for theirs
	var all bot.Reply
	for _, part := range []bot.Handler{a.sessionList, a.needMine, a.needOpen, a.remindList} {
		reply, err := part(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		// A page has room for a few buttons of each part.
		for _, m := range reply.Messages {
			m.Buttons = slices.Clone(m.Buttons[:min(len(m.Buttons), 5)])
			all.Messages = append(all.Messages, m)
		}
	}
	return all, nil
}

// resting answers somebody who is in a session, or has come out of one since
// the morning: who brings them home, and three large buttons. It is nil for
// everybody else.
func (a *App) resting(ctx context.Context, r bot.Request, all bot.Button) (*bot.Message, error) {
	known, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return nil, err
	}
	for _, group := range known.Groups {
		courses, err := a.CoursesIn(ctx, group, r.From.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range courses {
			s, ok := c.Resting(a.Now())
			if !ok {
				continue
			}
			needs, err := a.SessionNeeds(ctx, village.Group{ID: group}, s)
			if err != nil {
				return nil, err
			}
			return a.restMessage(c, needs, all), nil
		}
	}
	return nil, nil
}

// restInstead answers words that mean nothing to us and come from somebody in
// or after a session: they need not find better ones. It is nil for everybody
// else.
func (a *App) restInstead(ctx context.Context, r bot.Request) *bot.Message {
	rest, err := a.resting(ctx, r, bot.Button{Label: "Everything I can do", Command: "/help " + everything})
	if err != nil {
		a.Log.ErrorContext(ctx, "an answer could not look up a session", "request", r, "error", err)
	}
	if err != nil || rest == nil {
		return nil
	}
	rest.Text = "I did not get that, and that is all right.\n\n" + rest.Text
	return rest
}

// restMessage is the plain mode: short lines, nothing to decide. all leads to
// everything else.
func (a *App) restMessage(c village.Course, needs []village.Need, all bot.Button) *bot.Message {
	m := bot.Message{Title: "You can take it slowly now", Tone: bot.Good, Buttons: []bot.Button{
		{Label: "I don't feel well", Command: "/faq side-effects", Style: bot.Primary},
		{Label: "Talk to somebody now", Command: "/crisis", Style: bot.Danger}}}
	if ride, some := a.RideToCome(needs); some {
		m.Text = words.RideStillAhead(ride, village.ZoneNamed(c.Zone)) + "\n\n"
		m.Buttons = append([]bot.Button{{Label: "My ride home", Command: "/need show " + ride.ID}}, m.Buttons...)
	}
	m.Text += "There is nothing to decide today. Rest, and sip some water. No driving before tomorrow, and not until your clinic says."
	m.Buttons = append(m.Buttons, all)
	return &m
}
