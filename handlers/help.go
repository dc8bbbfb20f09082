package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"village/bot"
)

// everything asks for all of it, also of somebody who is being spared it.
const everything = "all"

// helpLook bounds what is looked up before help is given.
const helpLook = time.Second

// help says what the bot can do, or explains one command.
func (a *App) help(ctx context.Context, r bot.Request) (bot.Reply, error) {
	name := strings.TrimLeft(strings.ToLower(r.Arg("command")), "/")
	if name != "" && name != everything {
		for _, cmd := range a.Table() {
			if first, _, _ := strings.Cut(name, " "); cmd.Name == first {
				usable := slices.DeleteFunc(append([]bot.Command{cmd}, cmd.Subs...), func(c bot.Command) bool { return c.Example == "" || !visible(c, r.From.Moderator) })
				return bot.Say(a.to(r, nil).HelpFor(cmd, usable)), nil
			}
		}
		return bot.Reply{}, a.to(r, nil).NoSuchCommand()
	}
	if name == "" {
		// Help needs no store: whoever rests is spared some of it, if that can be told.
		soon, cancel := context.WithTimeout(ctx, helpLook)
		defer cancel()
		rest, err := a.resting(soon, r, a.to(r, nil).EverythingICanDo("/help "+everything))
		if err != nil {
			a.Log.WarnContext(ctx, "whether somebody rests cannot be told, so they are shown everything", "request", r, "error", err)
		}
		if rest != nil && err == nil {
			return bot.Say(*rest), nil
		}
	}
	usable := slices.DeleteFunc(slices.Clone(a.Table()), func(c bot.Command) bool { return !visible(c, r.From.Moderator) })
	return bot.Say(a.to(r, nil).Help(usable)), nil
}

// visible says whether a person can use a command, or one of those below it.
func visible(cmd bot.Command, moderator bool) bool {
	if cmd.Who == bot.Anyone || cmd.Who == bot.Moderators && moderator {
		return true
	}
	for _, sub := range cmd.Subs {
		if visible(sub, moderator) {
			return true
		}
	}
	return false
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
			needs, err := a.SessionNeeds(ctx, group, s)
			if err != nil {
				return nil, err
			}
			return new(a.to(r, nil).Rest(c, needs, all)), nil
		}
	}
	return nil, nil
}
