package village

import "time"

// Somebody's sister is told about a need by whoever signed her up, in words that they
// forward. Which words these are is a matter of how it stands with her.

// Passing is what is to be passed on to somebody outside the chat.
type Passing string

// What can be passed on.
const (
	PassAsk       Passing = "ask"       // can you?
	PassPlan      Passing = "plan"      // you are down for it: what, when, where
	PassChanged   Passing = "changed"   // it is different now: does it still suit you?
	PassStill     Passing = "still"     // it is near: is it still on?
	PassCancelled Passing = "cancelled" // not needed any more
	PassFree      Passing = "free"      // somebody else has it, or it is taken off you
	PassThanks    Passing = "thanks"    // thank you
)

// MayShare refuses whoever has nothing to pass on about a need: it is for whoever asked,
// whoever signed somebody up who has no account, and the moderators.
func (n Need) MayShare(by string, moderator bool) error {
	if by == n.Member.ID || moderator {
		return nil
	}
	for i := range n.Claims {
		if n.speaksFor(by, i) {
			return nil
		}
	}
	return refuse(CodeNotYours, "Only whoever asked for this, or signed somebody up for it, can pass it on.", "/need mine shows what you are part of.").then(NextMine)
}

// Guests are those without an account who are down for a need and for whom this person
// answers.
func (n Need) Guests(by string) []Claim {
	var out []Claim
	for i, c := range n.Claims {
		if n.speaksFor(by, i) {
			out = append(out, c)
		}
	}
	return out
}

// Passes says what there is to pass on to somebody (an ID) who is down for it, or to
// anybody who could be asked ("").
func (n Need) Passes(helper string, now time.Time) Passing {
	i := n.claim(helper)
	switch {
	case n.Why == Cancelled:
		return PassCancelled
	case i < 0 && helper != "":
		return PassFree
	case !now.Before(n.End) || i >= 0 && !n.Claims[i].Home.IsZero():
		return PassThanks
	case i < 0:
		return PassAsk
	case n.Claims[i].Unsure || n.Claims[i].Heard != nil:
		return PassChanged
	case !now.Before(n.AsksAt()) && !n.knows(n.Claims[i], now):
		return PassStill
	}
	return PassPlan
}
