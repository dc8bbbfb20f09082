package village

import (
	"slices"
	"time"
)

// Nobody has to help, and everybody may change their mind. What is bounded is what
// nobody does who means well: saying yes and no to the same request over and over, and
// opening one address after another.

const (
	// maxSteps is how often somebody may step back from the same request and still say
	// yes to it again.
	maxSteps = 2
	// MaxStepsAWeek is how often somebody may step back in a week before a moderator
	// has a look.
	MaxStepsAWeek = 3
	// MaxOpenedADay is how many requests' private details somebody may open in a day
	// before a moderator has a look.
	MaxOpenedADay = 5
	// breath is how long after one piece of news about a request and a helper the next
	// one waits, so that several become one; not where it begins within soonStart.
	breath    = time.Minute
	soonStart = 2 * time.Hour
)

// Retreat is a helper's stepping back from a need.
type Retreat struct {
	Helper string    `json:"helper"` // an ID
	At     time.Time `json:"at"`
}

// stepped notes that a helper has stepped back.
func (n Need) stepped(helper string, now time.Time) Need {
	n.Retreats = append(slices.Clone(n.Retreats), Retreat{Helper: helper, At: now.UTC()})
	return n
}

// Stepped are the IDs of the helpers who have stepped back and do not help again, each
// once.
func (n Need) Stepped() []string {
	var ids []string
	for _, s := range n.Retreats {
		if !slices.Contains(ids, s.Helper) && !n.HelpedBy(s.Helper) && !n.StandsBy(s.Helper) {
			ids = append(ids, s.Helper)
		}
	}
	return ids
}

// steps are how often a helper has stepped back, and when they last did.
func (n Need) steps(helper string) (often int, last time.Time) {
	for _, s := range n.Retreats {
		if s.Helper == helper {
			often, last = often+1, s.At
		}
	}
	return often, last
}

// mayAgain refuses somebody who has stepped back from this need often enough.
func (n Need) mayAgain(helper string) error {
	if often, _ := n.steps(helper); often < maxSteps {
		return nil
	}
	return refuse("stepped-back", "You have stepped back from this one twice, so I'll leave it to the others now. That is all right, and thank you for trying.",
		"If you can do it after all, whoever asked or a moderator can put you down for it. There may be another one that suits you.").then(NextOpen)
}

// takingBreath is news of a helper: told at once, or where there was other news of theirs
// just before, a little later and once, so that only what holds by then is said.
func (n Need) takingBreath(o Owed, last, now time.Time) Owed {
	o.Due = now
	if !last.IsZero() && now.Sub(last) < breath && n.Start.Sub(now) >= soonStart {
		o.Due, o.Standing, o.Each = last.Add(breath), true, o.To != ""
	}
	return o
}

// Opening is that a helper read the private details of a need.
type Opening struct {
	Need string    `json:"need"`
	At   time.Time `json:"at"`
}

// Bounds is how often somebody has done what is seldom done, and since when a moderator
// is waited for because of it.
type Bounds struct {
	// Retreats are when they stepped back in the last week, Openings whose private details
	// they opened in the last day, and Paused since when no yes of theirs is taken; zero:
	// it is.
	Retreats []time.Time `json:"retreats,omitempty"`
	Openings []Opening   `json:"openings,omitempty"`
	Paused   time.Time   `json:"paused,omitzero"`
}

// BoundsKept is how long all of this matters, as long as no moderator is waited for.
const BoundsKept = 7 * 24 * time.Hour

// Stepped notes that a helper has stepped back from something. stop says that this is
// the time for a moderator to have a look.
func (b Bounds) Stepped(now time.Time) (after Bounds, stop bool) {
	b.Retreats = append(slices.DeleteFunc(slices.Clone(b.Retreats), func(t time.Time) bool { return now.Sub(t) >= BoundsKept }), now.UTC())
	return b.pausedWhere(len(b.Retreats) > MaxStepsAWeek, now)
}

// Opens notes that a helper opens the private details of a need. ok is false where
// they may not: it would be one too many in a day. stop says that this is the time for
// a moderator to have a look.
func (b Bounds) Opens(need string, now time.Time) (after Bounds, ok, stop bool) {
	b.Openings = slices.DeleteFunc(slices.Clone(b.Openings), func(o Opening) bool { return now.Sub(o.At) >= 24*time.Hour })
	if slices.ContainsFunc(b.Openings, func(o Opening) bool { return o.Need == need }) {
		return b, true, false
	}
	if len(b.Openings) >= MaxOpenedADay {
		after, stop = b.pausedWhere(true, now)
		return after, false, stop
	}
	b.Openings = append(b.Openings, Opening{Need: need, At: now.UTC()})
	return b, true, false
}

// pausedWhere ends somebody's yeses until a moderator says so, where there is reason.
func (b Bounds) pausedWhere(reason bool, now time.Time) (Bounds, bool) {
	if !reason || !b.Paused.IsZero() {
		return b, false
	}
	b.Paused = now.UTC()
	return b, true
}

// MayClaim refuses somebody whose yeses wait for a moderator's word.
func (b Bounds) MayClaim() error {
	if b.Paused.IsZero() {
		return nil
	}
	return refuse(CodePaused, "You have said yes and stepped back, or opened addresses, more often than is usual, so I won't take a new yes from you for the moment. What you are down for stays yours.",
		"That may well be for good reasons. A moderator knows, and can let you go on with one tap: please have a word with them.").then(NextMine)
}

// SteppedAt is when a helper (an ID) last stepped back from a need; zero: never.
func (n Need) SteppedAt(helper string) time.Time {
	var at time.Time
	for _, r := range n.Retreats {
		if r.Helper == helper {
			at = latest(at, r.At)
		}
	}
	return at
}
