package handlers

import (
	"context"
	"slices"

	"village/bot"
)

// HomeLine is the command that shows everything of a person's at a glance;
// platforms that give a person a page of their own fill it with the answer.
const HomeLine = "/home"

// home is where one can begin, then a person's sessions, their needs and offers, what is open, and their
// reminders, in this order; on the day of a session, only what matters then.
func (a *App) home(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("show") == "" {
		rest, err := a.resting(ctx, r, a.to(r, nil).AllTheRest(HomeLine+" "+everything))
		if err != nil {
			return bot.Reply{}, err
		}
		if rest != nil {
			return bot.Say(*rest), nil
		}
	}
	r.Args = nil // the parts read none, and must not take ours for theirs
	first, err := a.atHome(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	all := bot.Say(first)
	for _, part := range []bot.Handler{a.sessionList, a.needMine, a.needOpen, a.remindList} {
		reply, err := part(ctx, r)
		if e := elsewhere(err); e != nil { // what is theirs is shown all the same
			all.Messages = append(all.Messages, bot.Message{Text: bot.Literal(e.Say), Tone: bot.Asking})
			continue
		}
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

// restInstead answers words that mean nothing to us and come from somebody in
// or after a session: they need not find better ones. It is nil for everybody
// else.
func (a *App) restInstead(ctx context.Context, r bot.Request) *bot.Message {
	rest, err := a.resting(ctx, r, a.to(r, nil).EverythingICanDo("/help "+everything))
	if err != nil {
		a.Log.ErrorContext(ctx, "an answer could not look up a session", "request", r, "error", err)
	}
	if err != nil || rest == nil {
		return nil
	}
	return new(a.to(r, nil).RestInstead(*rest))
}
