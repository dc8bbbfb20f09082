package bot

import "errors"

// Errors that platforms return. They are matched with errors.Is.
var (
	// ErrUnreachable: closed direct messages, a room that is gone or closed to
	// the bot, a person who left.
	ErrUnreachable = errors.New("cannot be reached there")
	// ErrGone: the message to be edited does not exist any more.
	ErrGone = errors.New("the message is gone")
)

// Error is a mistake explained to the person who made it, or a refusal.
type Error struct {
	// Code is a stable word for programs, such as "not-understood".
	Code string
	// Say is one clear sentence about what is the matter; it is plain text.
	Say string
	// Hint says what to do next; it may be empty. Plain text.
	Hint string
	// Buttons offer the next step.
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
