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
// FindRole, HasRole, Wake, Pages, Languages, Commands, PageLanguages and Log is required.
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
	// FindRole and HasRole are those of [bot.Roled], with [bot.ErrUnreachable] for a
	// platform that has no roles; nil where none has.
	FindRole func(ctx context.Context, workspace, said string) (id, name string, err error)
	HasRole  func(ctx context.Context, workspace, role, person string) (bool, error)
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

// Ear is what this App hears words with.
func (a *App) Ear() *understand.Ear { return a.ear }

// Table is everything that can be typed or pressed, in every language there is.
func (a *App) Table() []bot.Command { return a.table }

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

// reminderCard is the words of one kind of reminder.
func (a *App) reminderCard(name string) content.Card {
	deck, _ := a.Content.Deck("reminders")
	card, _ := deck.Card(name)
	return card
}
