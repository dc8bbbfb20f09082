package village

import (
	"slices"
	"time"
)

// Trust is what somebody has said about a helper, once for all that they ask for:
// yes, no, or that they would rather be asked again. The zero Trust is no word.
type Trust struct {
	Yes bool `json:"yes"`
	// Grown says that the yes was about something without children; where
	// children are, they are asked once more.
	Grown bool `json:"grown,omitempty"`
	// Ask says that they have taken their word back, whichever it was.
	Ask bool      `json:"ask,omitempty"`
	At  time.Time `json:"at"`
}

// Said says whether there is a word at all.
func (w Trust) Said() bool { return !w.At.IsZero() }

// No says whether the word keeps the helper from everything that they ask for.
func (w Trust) No() bool { return w.Said() && !w.Yes && !w.Ask }

// For says whether the word is a yes for this kind of help.
func (w Trust) For(k Kind) bool { return w.Yes && !(w.Grown && k.WithChildren()) }

// And is the word after a yes about this kind of help: what was said about children
// stays said.
func (w Trust) And(k Kind, now time.Time) Trust {
	return Trust{Yes: true, Grown: !k.WithChildren() && !w.For(Childcare), At: now.UTC()}
}

// HasHelped says whether a helper is let in to something of this member's that is not
// over, among these needs. It stands for a word where there is none, as for those who
// said yes when nobody was asked about them.
func HasHelped(needs []Need, member, helper string, k Kind) bool {
	return slices.ContainsFunc(needs, func(n Need) bool {
		i := n.claim(helper)
		return i >= 0 && n.Member.ID == member && n.Why == "" && !n.Claims[i].Waiting && (n.Kind.WithChildren() || !k.WithChildren())
	})
}
