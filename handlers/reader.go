package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/words"
	"village/internal/village"
)

// to is whoever uses a command, as a reader of what is said about times in a zone.
func (a *App) to(r bot.Request, zone *time.Location) words.Reader {
	return words.Reader{ID: r.From.ID, Zone: zone, Now: a.Now(), Language: a.languagesOf(r.From.ID).For(r.Locale)}
}

// toPerson is somebody (an ID) who is told something that they did not ask for
// just now; "" is a room. Their language is that of whoever has set none.
func (a *App) toPerson(id string, zone *time.Location) words.Reader {
	return words.Reader{ID: id, Zone: zone, Now: a.Now(), Language: a.Languages.For("")}
}

// toHelper is toPerson for what may be told to somebody with a personal link, who has
// chosen a language. group is where they have it.
func (a *App) toHelper(ctx context.Context, group, id string, zone *time.Location) (words.Reader, error) {
	to := a.toPerson(id, zone)
	if !village.IsFamily(id) {
		return to, nil
	}
	f, err := a.Family(ctx, group, id)
	to.Language = a.PageLanguages.For(f.Locale)
	return to, err
}

// languageOf is the language of words that are passed on to somebody (an ID) with a personal
// link; nil for everybody else.
func (a *App) languageOf(ctx context.Context, group, id string) (words.Language, error) {
	if !village.IsFamily(id) {
		return nil, nil
	}
	f, err := a.Family(ctx, group, id)
	return a.PageLanguages.For(f.Locale), err
}

// languagesOf are the languages that a person (an ID) can be spoken to in.
func (a *App) languagesOf(id string) words.Languages {
	if village.IsFamily(id) {
		return a.PageLanguages
	}
	return a.Languages
}

// update is an answer that takes the place of the message whose button was tapped.
func update(m bot.Message) bot.Reply { return bot.Reply{Update: true, Messages: []bot.Message{m}} }

// toNeed is whoever uses a command about a need, who reads its own times.
func (a *App) toNeed(r bot.Request, n village.Need) words.Reader {
	return a.to(r, village.ZoneNamed(n.Zone))
}
