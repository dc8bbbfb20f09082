package handlers

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"village/bot"
)

// withNext has every command of a table offer, with a refusal whose hint names a
// command to go on with, that command as a button too: one tap, for a screen
// reader as for a thumb.
func withNext(table []bot.Command) []bot.Command {
	for i := range table {
		table[i].Subs = withNext(table[i].Subs)
		if run := table[i].Run; run != nil {
			table[i].Run = func(ctx context.Context, r bot.Request) (bot.Reply, error) {
				reply, err := run(ctx, r)
				return reply, offerNext(err)
			}
		}
	}
	return table
}

// namedNext finds a whole command in a hint. One in an example has other people's
// codes in it and is none to go on with.
var namedNext = regexp.MustCompile(`/need (open|mine|show|claim|release)( [a-z0-9]{6})?\b`)

func offerNext(err error) error {
	var said interface {
		Person() (code, say, hint string)
	}
	if !errors.As(err, &said) {
		return err
	}
	var own *bot.Error
	if errors.As(err, &own) && (len(own.Buttons) > 0 || own.Err != nil) {
		return err
	}
	_, _, hint := said.Person()
	named := namedNext.FindStringSubmatch(hint)
	if named == nil || strings.Contains(hint, "xample") || strings.Contains(hint, "k7m2p9") || strings.Contains(hint, "/need open once") {
		return err
	}
	label, known := map[string]string{
		"open": "What is open", "mine": "Mine", "show": "See it", "claim": "I can do it", "release": "I can't after all",
	}[named[1]]
	if whole := named[1] == "open" || named[1] == "mine"; !known || whole != (named[2] == "") {
		return err
	}
	return withButtons(err, bot.Button{Label: label, Command: named[0]})
}
