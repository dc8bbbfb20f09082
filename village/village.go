// Package village is the heart: groups, needs and claims, and every rule about
// them, once, as plain functions. A rule takes the old state and the time and
// gives the new state and what is owed to people because of it; it reads no
// clock, no store and no network, and it never changes what it was given.
//
// # The states of a need
//
//	state      means                                 becomes
//	open       fewer helpers than wanted             covered, cancelled, over
//	covered    as many helpers as wanted             open, cancelled, over
//	cancelled  the member needs it no longer         (stays)
//	over       its time has passed                   (stays)
//
//	rule     by                       from           to                    owed
//	Ask      a member                 -              open                  card, ladder, over
//	Climb    the clock                open           open                  channel, helpers, moderators, member: rung by rung; the next rung
//	Claim    anyone but the member    open           open, covered         card, member told, helper told (details), helper reminded, ladder gone
//	Release  a helper of it           open, covered  open                  card, channel told, member told, helper told, reminder gone, ladder anew
//	Cancel   the member, a moderator  open, covered  cancelled             card, helpers told, reminders, ladder and over gone
//	Over     the clock                open, covered  over                  card, ladder gone
//
// What is said because of the time waits for the end of the group's quiet
// hours, unless the need would come before; what is said because somebody did
// something does not wait.
//
// Promised: a need never has more helpers than it wants, and is always in one
// of the four states. Not promised: that anybody says yes.
package village

import "fmt"

// Error is a refusal by a rule, in words for the person who asked.
type Error struct {
	Code string // a stable word, such as "taken"
	Say  string // one clear sentence
	Hint string // what to do next; may be empty
}

func (e *Error) Error() string { return e.Code }

// Person gives the words to whoever shows them.
func (e *Error) Person() (code, say, hint string) { return e.Code, e.Say, e.Hint }

func refuse(code, say, hint string) error { return &Error{Code: code, Say: say, Hint: hint} }

func refusef(code, hint, say string, args ...any) error {
	return &Error{Code: code, Say: fmt.Sprintf(say, args...), Hint: hint}
}
