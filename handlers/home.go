package handlers

import (
	"context"
	"slices"

	"village/bot"
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
