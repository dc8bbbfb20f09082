// Package handlers is what this bot can do: the command table, a file for each
// family of commands, and the words of everything it says about them. The
// rules are in village, the facts in content, the times in scheduler; here
// they meet what a person asked.
//
// Promised: nothing is sent to anybody but the person who asked unless it was
// committed first, together with what changed. Not promised: that a message
// arrives in the same second.
package handlers

import (
	"context"
	"log/slog"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
)

// New makes an App.
func New(c Config) *App {
	if c.Check == nil {
		c.Check = func(context.Context, ...string) []bot.Finding { return nil }
	}
	if c.WorkspaceOf == nil {
		c.WorkspaceOf = func(context.Context, string) (string, error) { return "", bot.ErrUnreachable }
	}
	if c.Standing == nil {
		c.Standing = func(context.Context, string, string, string) bot.Standing { return bot.In }
	}
	if c.FindRole == nil {
		c.FindRole = func(context.Context, string, string) (string, string, error) { return "", "", bot.ErrUnreachable }
	}
	if c.HasRole == nil {
		c.HasRole = func(context.Context, string, string, string) (bool, error) { return false, bot.ErrUnreachable }
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{Config: c, Records: records.New(c.Store, c.Keyring, c.Now, c.Wake), topics: map[string]bot.Message{}, posts: map[string]bot.Handler{}}
	a.table, a.tableErr = a.translated()
	if a.ear = c.Ear; a.ear == nil {
		a.ear = understand.New(a.table, c.Content)
	}
	for _, t := range c.Content.Topics() {
		for _, part := range []string{"", partAll, partSources} {
			m := a.topic(words.Reader{}, t, part)
			m.Page = "faq " + t.ID + " " + part // the same for everybody who reads English
			a.topics[m.Page] = m
		}
	}
	return a
}

// Bot is the bot with every command of this package. The error lists whatever
// is wrong with the table.
func (a *App) Bot() (*bot.Bot, error) {
	if a.tableErr != nil {
		return nil, a.tableErr
	}
	return bot.New(bot.Config{
		Table:     a.table,
		Direct:    a.direct,
		Wordless:  a.wordless,
		Half:      a.half,
		Begin:     records.Visit,
		Screen:    a.screen,
		Lines:     a.linesFor,
		Recognise: a.recognise,
		Zone:      a.formZone,
		After:     a.after,
		Answered:  a.Answered,
		Look:      a.look,
		Removed:   a.removed,
		Returned:  a.returned,
		Arrived:   a.arrived,
		Opened:    a.opened,
		Log:       a.Log,
	})
}
