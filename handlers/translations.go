package handlers

import (
	"context"
	"errors"

	"village/bot"
)

// translations are what the commands are called in other languages, by locale (one
// of bot.Locales) and by the English path, as bot.Translate reads them:
//
//	"de": {
//		"ask ride-home":      {Name: "heimfahrt", Summary: "Eine Fahrt nach Hause"},
//		"ask ride-home when": {Name: "wann", Summary: "Tag und Uhrzeit"},
//	}
//
// Discord shows them to whoever uses it in that language; what is left out stays
// English, and everybody may type the English names. The table's check holds them to
// the platforms' limits. A language belongs here together with the answers in it:
// there is none yet, because a command in one's own language that answers in another
// promises what it does not keep.
func translations() map[string]map[string]bot.Local { return nil }

// Table is everything that can be typed or pressed, in every language there is.
func (a *App) Table() []bot.Command { return a.table }

func (a *App) translated() ([]bot.Command, error) {
	table := a.refusing(a.commands())
	var problems []error
	for locale, words := range translations() {
		var err error
		table, err = bot.Translate(table, locale, words)
		problems = append(problems, err)
	}
	return table, errors.Join(problems...)
}

// refusing has every command of a table say its refusals to whoever asked, in their
// language and with the next step to tap, for a screen reader as for a thumb.
func (a *App) refusing(table []bot.Command) []bot.Command {
	for i := range table {
		table[i].Subs = a.refusing(table[i].Subs)
		if run := table[i].Run; run != nil {
			table[i].Run = func(ctx context.Context, r bot.Request) (bot.Reply, error) {
				reply, err := run(ctx, r)
				if err != nil {
					err = a.to(r, nil).Refusal(err)
				}
				return reply, err
			}
		}
	}
	return table
}
