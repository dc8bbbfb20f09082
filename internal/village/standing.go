package village

import (
	"slices"
	"time"
)

// Who is no longer in the village is asked for nothing more and helps nobody more: a
// yes of theirs is taken back, and what they asked for is held. Nobody is blamed for
// it, and nobody waits for them unheard of.

// Departed takes somebody out of a need who is no longer in the village. A driver who has
// picked somebody up is left alone until they are there. busy says which of those who
// stand by cannot take it on.
func (n Need) Departed(person string, busy func(id string) bool, now time.Time) (Need, []Owed) {
	if n.Why != "" {
		return n, nil
	}
	if n.Member.ID == person {
		return n.hold(now)
	}
	i := n.claim(person)
	if i >= 0 && !n.Claims[i].Got.IsZero() {
		return n, nil
	}
	after, owed, err := n.release(person, busy, now)
	if err != nil {
		return n, nil // its time has passed, or they only signed somebody up
	}
	for i := range owed {
		if owed[i].What == OwedStepBack {
			owed[i].What = OwedLeft
		}
	}
	owed = slices.DeleteFunc(owed, func(o Owed) bool { return o.To == person && !o.Withdrawn })
	after, left := after.LeftBehind(person, now)
	return after, append(owed, left...)
}

// hold stops asking for what somebody wants who cannot be reached. Whoever said yes
// hears that they cannot, and stays down for it: they may know better.
func (n Need) hold(now time.Time) (Need, []Owed) {
	if n.IsHeld() || !now.Before(n.End) {
		return n, nil
	}
	n.Held = now.UTC()
	return n, append(n.tellHelpers(OwedHeld, now), Owed{What: OwedCard, Due: now, Standing: true}, n.climbing())
}

// resting refuses an offer for what is held.
func resting() error {
	return refuse("held", "Whoever asked for this cannot be reached just now, so it rests. Thank you for offering.", "/need open shows what is still open.").then(NextOpen)
}

// Back goes on with what was held: its member is in the village again. Who was to be
// asked meanwhile whether it is still on is asked now.
func (n Need) Back(person string, now time.Time) (Need, []Owed) {
	if !n.IsHeld() || n.Member.ID != person {
		return n, nil
	}
	n.Held = time.Time{}
	owed := append(n.tellHelpers(OwedBack, now), Owed{What: OwedCard, Due: now, Standing: true})
	for _, c := range n.Claims {
		if !c.Waiting && n.waitsForWord(c, now) {
			owed = append(owed, n.askAgain(c, now)...)
		}
	}
	if n.State() != Open {
		return n, owed
	}
	n, climb := n.reopened(now)
	return n, append(owed, climb)
}

// askAgain asks a helper whether it is still on, with time to answer.
func (n Need) askAgain(c Claim, now time.Time) []Owed {
	wait := min(unsureWait, n.Start.Sub(now)/3)
	return []Owed{n.toward(c, Owed{What: OwedStill, About: n.Member, Due: now, Standing: true}),
		{What: OwedSilent, To: c.Helper.ID, Due: now.Add(wait), Before: n.Start.Add(-waits), Standing: true}}
}

// IsHeld says whether a need rests because its member cannot be reached.
func (n Need) IsHeld() bool { return n.Why == "" && !n.Held.IsZero() }

// tellHelpers addresses something to everybody who said yes or stands by.
func (n Need) tellHelpers(what What, now time.Time) []Owed {
	var owed []Owed
	for _, c := range slices.Concat(n.Claims, n.Backups) {
		if o := n.toward(c, Owed{What: what, About: n.Member, Due: now}); o.To != n.Member.ID {
			owed = append(owed, o)
		}
	}
	return owed
}

// Visits says how a person is here who is none of the place's own, by the platform's
// word.
type Visits string

// The ways to visit.
const (
	AsGuest     Visits = "guest"   // a guest of the workspace
	FromOutside Visits = "outside" // from another company, in a channel that both share
)
