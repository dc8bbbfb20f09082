package bot

import (
	"context"
	"errors"
)

// Errors that platforms return. They are matched with errors.Is.
var (
	// ErrUnreachable: closed direct messages, a room that is gone or closed to
	// the bot, a person who left.
	ErrUnreachable = errors.New("cannot be reached there")
	// ErrGone: the message to be edited does not exist any more.
	ErrGone = errors.New("the message is gone")
)

// Codes that more than one place gives or looks at. They are stable: programs that
// read `village rehearse -json` and the conversations of this repository know them.
const (
	CodeInternal = "internal" // a fault of ours
	CodeLate     = "late"     // told that it failed before it came here (see Request.Late)

	CodeUnknownCommand    = "unknown-command"
	CodeIncompleteCommand = "incomplete-command"
	CodeUnknownOption     = "unknown-option"
	CodeOptionMissing     = "option-missing"
	CodeOptionWrong       = "option-wrong"
	CodeOptionTwice       = "option-twice"
	CodeTooMuch           = "too-much" // words that belong to no option
	CodeTooLong           = "too-long"
	CodeNotAllowed        = "not-allowed"
	CodeOldButton         = "old-button"
	CodeFormForgotten     = "form-forgotten"

	CodeNotHere    = "not-here"    // the person is not in the village now
	CodeCannotTell = "cannot-tell" // whether they are cannot be found out just now
	CodeNoGroup    = "no-group"    // the person is in none, or does not say in which
	CodeNoChannel  = "no-channel"  // none is set, and none was named
	CodeNoZone     = "no-zone"     // nobody has said which time zone counts
	CodeTooMany    = "too-many"    // as many as are kept
	CodeNever      = "never"       // a time that never comes
	CodeSealed     = "sealed"      // what cannot be opened with the key there is
)

// Error is a mistake explained to the person who made it, or a refusal. What
// somebody can do next is data: Hint says it, Buttons do it, and nobody has to find a
// command in a sentence.
type Error struct {
	// Code is a stable word for programs, one of the codes above or another.
	Code string
	// Say is one clear sentence about what is the matter; it is plain text.
	Say string
	// Hint says what to do next; it may be empty. Plain text.
	Hint string
	// Buttons offer the next step, as those of a Message; they stand below the hint.
	Buttons []Button
	// Err is what lies below; it is logged, never said.
	Err error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Err.Error()
	}
	return e.Code
}

func (e *Error) Unwrap() error { return e.Err }

// Person makes *Error one of the errors that can be said to people. Packages
// that do not know this one give their errors the same method.
func (e *Error) Person() (code, say, hint string) { return e.Code, e.Say, e.Hint }

// forPeople is an error with words in it for the person who caused it.
type forPeople interface {
	error
	Person() (code, say, hint string)
}

// failed is the reply to an error.
func (b *Bot) failed(ctx context.Context, r Request, err error) Reply {
	var said forPeople
	if !errors.As(err, &said) {
		b.cfg.Log.ErrorContext(ctx, "a request failed", "request", r, "error", err)
		return sorry()
	}
	code, say, hint := said.Person()
	m := Message{Text: Literal(say), Tone: Asking}
	if hint != "" {
		m.Text += "\n\n" + Literal(hint)
	}
	var own *Error
	if errors.As(err, &own) {
		m.Buttons = own.Buttons
		if own.Err != nil {
			b.cfg.Log.WarnContext(ctx, "a request was refused", "request", r, "code", code, "error", own.Err)
		}
	}
	return Reply{Messages: []Message{m}, Code: code}
}

func sorry() Reply {
	return Reply{Code: CodeInternal, Messages: []Message{{
		Tone: Asking,
		Text: "Something went wrong on my side, and I am sorry. Nothing was changed that I know of.\n\nPlease try again in a minute. If it is about a ride today, please call your driver or your clinic now rather than wait for me.",
	}}}
}
