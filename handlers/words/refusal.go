package words

import (
	"errors"
	"strings"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// offering is a refusal with the steps that a handler offers with it.
type offering struct {
	error
	buttons []bot.Button
}

func (o *offering) Unwrap() error { return o.error }

// Offer gives a refusal its next steps, in place of those that would suit it
// otherwise. What is not for people stays as it is.
func Offer(err error, buttons ...bot.Button) error { return &offering{err, buttons} }

// Refusal is an error as it is told to the reader: a rule's refusal in their
// language, with a button for the next step, and so are words that were not
// understood. What is not for people stays as it is.
func (to Reader) Refusal(err error) error {
	var offered *offering
	var own *bot.Error
	var rule *village.Error
	var shown *example
	var unclear *when.Error
	var said interface {
		Person() (code, say, hint string)
	}
	switch {
	case !errors.As(err, &offered) && errors.As(err, &own):
		return err
	case errors.As(err, &rule):
		own = &bot.Error{Code: rule.Code, Say: to.say(rule.Say.English, rule.Say.Args...), Buttons: to.nextSteps(rule)}
		typed := strings.Contains(rule.Hint.English, "/") && village.IsFamily(to.ID) // nothing is typed on a page
		if rule.Hint.English != "" && !typed {
			own.Hint = to.say(rule.Hint.English, rule.Hint.Args...)
		}
	case errors.As(err, &shown):
		own = to.notUnderstood(shown.unclear)
	case errors.As(err, &unclear):
		code, _, hint := unclear.Person()
		own = &bot.Error{Code: code, Say: to.unclear(unclear), Hint: hint}
	case errors.As(err, &said):
		code, say, hint := said.Person()
		own = &bot.Error{Code: code, Say: say, Hint: hint}
	default:
		return err
	}
	if offered != nil {
		own.Buttons = offered.buttons
	}
	return own
}

// example is an error of package when that is said with words that are right.
type example struct{ unclear *when.Error }

func (e *example) Error() string { return e.unclear.Error() }
func (e *example) Unwrap() error { return e.unclear }

// WithExample is what was not understood, to be said with an example.
func WithExample(unclear *when.Error) error { return &example{unclear} }

func (to Reader) notUnderstood(unclear *when.Error) *bot.Error {
	code, _, hint := unclear.Person()
	return &bot.Error{Code: code, Say: to.unclear(unclear), Hint: to.say("For example: %s", hint)}
}

// unclear says what was not understood about words for a time.
func (to Reader) unclear(e *when.Error) string {
	var said []string
	for _, s := range e.Sentences {
		said = append(said, to.say(s.English, s.Args...))
	}
	return sentences(said...)
}

// nextSteps are the taps that a rule's refusal leads to: one step at most.
func (to Reader) nextSteps(e *village.Error) []bot.Button {
	button := func(label, command string) []bot.Button { return []bot.Button{{Label: label, Command: command}} }
	switch e.Next {
	case village.NextOpen:
		return button(to.say("What is open"), "/need open")
	case village.NextMine:
		return button(to.say("Mine"), "/need mine")
	case village.NextShow:
		return button(to.say("See it"), "/need show "+e.Need)
	case village.NextClaim:
		return button(to.say("I can do it"), "/need claim "+e.Need)
	case village.NextRelease:
		return button(to.say("I can't after all"), "/need release "+e.Need)
	}
	return nil
}

// DoneAlready answers what its platform has delivered a second time.
func (to Reader) DoneAlready() *bot.Error {
	return &bot.Error{Code: "done-already", Say: to.say("I have that already: I did it the first time you asked."),
		Hint: to.say("Nothing was done twice."), Buttons: []bot.Button{{Label: to.say("What is mine"), Command: "/home"}}}
}
