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
//	rule         by                       from               to             owed
//	Ask          a member                 -                  open           card, ladder, over
//	Climb        the clock                open               open           channel, helpers, moderators, member: rung by rung; the next rung
//	Claim        anyone but the member    open               open, covered  card, member told, helper told (details), the helper's day, ladder gone
//	             ... where one is silent  covered            covered        the same, and the silent one told that they are free
//	             ... not known            open               open, covered  the same, but details withheld: member asked, moderators asked later
//	Approve      the member, a moderator  open, covered      open, covered  card, helper told (details), moderators not asked any more; who waited in vain told that they are free
//	             ... missing on the day   open, covered      (stays)        member, moderators and helper told that nobody comes like this
//	NoYes        the clock                open, covered      open           card, backups asked, ladder anew: nobody has said yes to a helper
//	Decline      the member, a moderator  open, covered      open, covered  card, helper told kindly, member told of a moderator's; backup asked, or ladder anew
//	Standby      anyone but the member    covered            covered        card, member told
//	Release      a helper, with backups   covered            covered        card, backup told and asked, member told, helper told, days changed
//	             a helper                 open, covered      open           card, member told, helper told, day gone
//	             ... of a covered one, or the last one                      the same, channel told, ladder anew
//	             a backup                 open, covered      (stays)        card
//	Still        a helper                 open, covered      (stays)        card, member told, day anew
//	Silence      the clock                open, covered      (stays)        helper asked again, backups or channel asked, member and moderators told
//	             ... if never confirmed   open, covered      open, covered  as Release, in other words
//	Change       the member, a moderator  open, covered      open, covered  card, helpers asked or told, backups and member told, days anew
//	             ... where the time does  open, covered      open, covered  the same, ladder and over anew
//	Told         the clock, a helper      any                (stays)        the notice of what has changed gone
//	Fill         a moderator, the member  open               open, covered  card, helper asked, member told, the helper's day, ladder gone
//	Unfill       a moderator, the member  open, covered      open, covered  as Release, in kinder words
//	PickedUp     a helper                 any but cancelled  (stays)        the way home
//	Late         a helper                 any but cancelled  (stays)        the way home, later
//	HomeSafe     a helper, the member     any but cancelled  (stays)        member told; moderators, if they heard of silence; way home gone; no Release after it
//	HomeSilence  the clock                any but cancelled  (stays)        moderators told
//	Thank        the member               any but cancelled  (stays)        helpers thanked, once
//	LeftBehind   somebody who leaves      any                (stays)        the day of whom they signed up, asked of the member
//	Departed     a helper who is gone     open, covered      open, covered  as Release, in other words; nothing to whoever is gone
//	             the member is gone       open, covered      (stays)        card, helpers told, ladder gone
//	Back         the member is here again open, covered      (stays)        card, helpers told, ladder anew
//	Cancel       the member, a moderator  open, covered      cancelled      card, helpers and backups told, days, ladder and over gone
//	Over         the clock                open, covered      over           card, ladder gone
//
// A helper's day is a reminder, the question the day before whether it is still
// on with what follows silence, and for rides the way home: the question
// whether everybody is there, with what follows silence.
//
// What is said because of the time waits for the end of the group's quiet
// hours, unless the need would come before; what is said because somebody did
// something does not wait.
//
// What has changed is told soon after, once, with all that is different from
// what was heard last (see Change).
//
// Where somebody steps back when it has begun, there is no time for rungs: all
// helpers and the moderators are asked at once, until it ends.
//
// Whoever is without an account (see Guest) is told nothing: whoever signed them
// up is asked in their place, and the member whether a ride came home.
//
// Promised: a need never lets in more helpers than it wants, and is always in one
// of the four states. Not promised: that anybody says yes.
package village

import "fmt"

// Error is a refusal by a rule, in words for the person who asked. What fills its
// sentences in stays apart from them, so that they can be said in any language.
type Error struct {
	Code string   // a stable word, such as "taken"
	Say  Sentence // what is the matter
	Hint Sentence // what to do next; may be empty
	// Next is what suits as the next step; Need is the request that it is about,
	// where it is about one.
	Next Next
	Need string
}

// Sentence is English with verbs as fmt has them, and what fills them in.
type Sentence struct {
	English string
	Args    []any
}

func (s Sentence) String() string {
	if len(s.Args) == 0 {
		return s.English
	}
	return fmt.Sprintf(s.English, s.Args...)
}

// Next is what somebody can do after a refusal.
type Next string

// The next steps. The first two are lists, the others are about one request.
const (
	NextOpen    Next = "open"
	NextMine    Next = "mine"
	NextShow    Next = "show"
	NextClaim   Next = "claim"
	NextRelease Next = "release"
)

func (e *Error) Error() string { return e.Code }

// Person gives the English words to whoever shows them.
func (e *Error) Person() (code, say, hint string) { return e.Code, e.Say.String(), e.Hint.String() }

// Codes of refusals that others look at, for the next step or for whom to tell.
const (
	CodeBusy       = "busy"        // they have said yes to something else at that time
	CodeBoth       = "both"        // they have, and may be able to do both
	CodeEnough     = "enough"      // no more help is needed
	CodeTaken      = "taken"       // somebody else was quicker
	CodeOnTheWay   = "on-the-way"  // whoever offered it has set out with it
	CodePaused     = "paused"      // their yeses wait for a moderator's word
	CodeOwnNeed    = "own-need"    // nobody helps themselves
	CodeStillOpen  = "still-open"  // it needs somebody before it needs a backup
	CodeNotBegun   = "not-begun"   // it lies ahead
	CodeNotYours   = "not-yours"   // somebody else decides this
	CodeNotHelping = "not-helping" // they are not down for it
	CodeNoSuchNeed = "no-such-need"
)

func refuse(code, say, hint string) *Error {
	return &Error{Code: code, Say: Sentence{English: say}, Hint: Sentence{English: hint}}
}

func refusef(code, hint, say string, args ...any) *Error {
	return &Error{Code: code, Say: Sentence{say, args}, Hint: Sentence{English: hint}}
}

// hinting fills the hint in.
func (e *Error) hinting(args ...any) *Error {
	e.Hint.Args = args
	return e
}

// then says what suits as the next step.
func (e *Error) then(next Next) *Error {
	e.Next = next
	return e
}

// thenAbout says which step with a request suits next; its code fills in the hint.
func (e *Error) thenAbout(next Next, need string) *Error {
	e.Next, e.Need = next, need
	return e.hinting(need)
}
