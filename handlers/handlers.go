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
	"io"
	"log/slog"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
)

// Config is what the handlers work with. Every field but Check, WorkspaceOf, Standing,
// Wake, Pages, Languages, Commands, PageLanguages and Log is required.
type Config struct {
	Store   store.Store
	Content *content.Library
	Keyring *village.Keyring
	Now     func() time.Time
	Random  io.Reader
	// Check examines the connection to the platforms and to these rooms (IDs);
	// nil where there is nothing to examine.
	Check func(ctx context.Context, rooms ...string) []bot.Finding
	// WorkspaceOf is the workspace (ID) that a room (ID) is in, with the errors of
	// [bot.Placed]; nil where nobody knows.
	WorkspaceOf func(ctx context.Context, room string) (string, error)
	// Standing is how a person (ID) stands to a room (ID) of a workspace (ID), as
	// [bot.Rostered] says it; nil where everybody is always there.
	Standing func(ctx context.Context, workspace, room, person string) bot.Standing
	// Answered is told what came of each request, as [bot.Config] says it; nil where
	// nobody wants to know.
	Answered func(r bot.Request, outcome string, took time.Duration)
	// Wake tells the scheduler that something may be due at once.
	Wake func()
	// Pages is the address (https://host) behind which helpers outside the chat have their
	// page; empty where there is none.
	Pages string
	// Mail says that they can be written to by mail.
	Mail bool
	// Languages are those there are beside English; Commands is what the commands are
	// called in them, by locale (one of bot.Locales) and by the English path, as
	// [bot.Translate] reads it. A language has both: a command in one's own language
	// that answers in another promises what it does not keep.
	Languages words.Languages
	Commands  map[string]map[string]bot.Local
	// PageLanguages are those of the pages of people with a personal link: what is said
	// there is less, so that a language can be whole there before it is in a chat.
	PageLanguages words.Languages
	// Ear is what words are heard with, of an App with the same table before this
	// one; nil makes one, which takes a while to read its books.
	Ear *understand.Ear
	Log *slog.Logger
}

// App is the handlers over one store.
type App struct {
	Config
	*records.Records
	table    []bot.Command
	tableErr error                  // what is wrong with it
	topics   map[string]bot.Message // the answers, by topic
	posts    map[string]bot.Handler // what runs when everybody may read its words, by path
	ear      *understand.Ear
	turns    turns
	shown    offered
}

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

// Ear is what this App hears words with.
func (a *App) Ear() *understand.Ear { return a.ear }

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
		After:     a.after,
		Answered:  a.Answered,
		Look:      a.look,
		Removed:   a.removed,
		Returned:  a.returned,
		Arrived:   a.arrived,
		Log:       a.Log,
	})
}

// who is the person of a request as the village remembers people.
func who(r bot.Request) village.Person {
	p := village.Person{ID: r.From.ID, Name: r.From.Name}
	switch r.From.Standing {
	case bot.Guest:
		p.Visits = village.AsGuest
	case bot.Outsider:
		p.Visits = village.FromOutside
	}
	return p
}

// group is the group of a request, of whoever is in its village now. The others are
// refused.
func (a *App) group(ctx context.Context, r bot.Request) (village.Group, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return g, err
	}
	return g, a.mustBeHere(ctx, r, g)
}

// ownGroup finds the group a request belongs to, whether or not its person is in the
// village, for what is theirs alone, starting it with its first use,
// and notes that the person uses the bot there. In a direct message it is the
// group of their last use.
func (a *App) ownGroup(ctx context.Context, r bot.Request) (village.Group, error) {
	c, err := a.caller(ctx, r)
	if err != nil {
		return village.Group{}, err
	}
	if a.nothingToNote(r, c) {
		return c.Group, nil
	}
	id, err := a.GroupOf(ctx, r.Workspace)
	if err != nil {
		return village.Group{}, err
	}
	var member village.Member
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		member = village.Member{}
		if err := t.Get(records.MemberKey(r.From.ID), &member); err != nil {
			return err
		}
		seen, changed := member.Seen(who(r), id)
		if changed {
			member = seen
			t.Put(records.MemberKey(r.From.ID), member, time.Time{})
		}
		return nil
	})
	if err != nil {
		return village.Group{}, err
	}
	if id == "" && member.Group != "" {
		if id, err = a.JoinedTo(ctx, member.Group); err != nil {
			return village.Group{}, err
		}
	}
	if id == "" {
		return village.Group{}, a.to(r, nil).WhichGroup()
	}
	var g village.Group
	err = a.Change(ctx, records.GroupPartition(id), func(t *records.Tx) error {
		g = village.Group{}
		if err := t.Get(records.GroupKey(id), &g); err != nil {
			return err
		}
		if g.ID == "" {
			g = village.Group{ID: id, Since: a.Now().UTC()}
			t.Put(records.GroupKey(id), g, time.Time{})
		}
		if awayFrom(r, g) { // they are there, and so it is
			g = g.WithoutAway(r.Workspace)
			t.Put(records.GroupKey(id), g, time.Time{})
			t.Cancel("removal/" + records.KeyPart(r.Workspace))
		}
		if r.Room.Direct { // there the platform does not say who moderates
			return nil
		}
		return t.SeeModerator(id, who(r), r.From.Moderator)
	})
	return g, err
}

// caller is who uses a command, and where.
func (a *App) caller(ctx context.Context, r bot.Request) (records.Caller, error) {
	if r.From.ID == "" {
		return records.Caller{}, nil
	}
	return a.Caller(ctx, r.Workspace, r.From.ID)
}

// nothingToNote says that a person has been in this group before, and is there as
// they were: nearly every request.
func (a *App) nothingToNote(r bot.Request, c records.Caller) bool {
	if !c.AtHome() || r.From.Moderator || awayFrom(r, c.Group) {
		return false
	}
	_, news := c.Member.Seen(who(r), c.Group.ID)
	return !news && (c.Moderator.ID == "" || c.Moderator.Trusted || r.Room.Direct)
}

// lookIn is the group a request belongs to, and the groups in which a code may
// mean something: in a direct message all of the person's, latest first. Whether they
// are in the village there is another question, see mustBeHere.
func (a *App) lookIn(ctx context.Context, r bot.Request) (village.Group, []string, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return g, nil, err
	}
	groups := []string{g.ID}
	if r.Room.Direct {
		m, err := a.Member(ctx, r.From.ID)
		if err != nil {
			return g, nil, err
		}
		groups = append(groups, m.Groups...)
	}
	return g, groups, nil
}

// needZone is zoneOf for what cannot be done without a zone.
func (a *App) needZone(ctx context.Context, g village.Group, r bot.Request) (*time.Location, error) {
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil || zone != nil {
		return zone, err
	}
	return nil, a.to(r, nil).NeedsZone()
}
