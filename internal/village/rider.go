package village

import (
	"slices"
	"time"
)

const (
	// rideCheck is how long after the hour of a ride home whoever needs it is asked
	// whether it has come.
	rideCheck = 15 * time.Minute
	// strandedAgain is how soon everybody is told again that nobody has come.
	strandedAgain = 10 * time.Minute
)

// Expected says whether somebody waits for a ride home that somebody said yes to:
// its hour has come, and nobody has said that they are on the way or there.
func (n Need) Expected(now time.Time) bool {
	return n.Kind.BringsHome() && n.Why != Cancelled && len(n.Helpers()) > 0 && !n.onTheWay() &&
		!now.Before(n.Start) && now.Before(n.End.Add(homeUntil))
}

// Untaken is the ride home of a session that nobody has said yes to.
func Untaken(needs []Need) (Need, bool) {
	i := slices.IndexFunc(needs, func(n Need) bool { return n.Kind.BringsHome() && n.Why != Cancelled && len(n.Claims) == 0 })
	if i < 0 {
		return Need{}, false
	}
	return needs[i], true
}

// onTheWay says whether a driver has picked somebody up, or brought them home.
func (n Need) onTheWay() bool {
	return slices.ContainsFunc(n.Claims, func(c Claim) bool { return !c.Got.IsZero() || !c.Home.IsZero() })
}

// isStranded says whether the member's word that nobody has come still holds.
func (n Need) isStranded() bool {
	return n.Why != Cancelled && !n.Stranded.IsZero() && !n.onTheWay()
}

// rideAsked promises the question to the member, soon after the hour.
func (n Need) rideAsked() []Owed {
	if !n.Kind.BringsHome() {
		return nil
	}
	return []Owed{{What: OwedHasCome, To: n.Member.ID, Due: n.Start.Add(rideCheck), Standing: true}}
}

// RideIsHere is the member's word that their ride has come.
func (n Need) RideIsHere(by string, now time.Time) (Need, []Owed, error) {
	if err := n.asRider(by, now); err != nil || n.onTheWay() {
		return n, nil, err
	}
	stranded := n.isStranded()
	var owed []Owed
	for i := range n.Claims {
		n = n.with(i, func(c *Claim) { c.Got = now.UTC() })
		owed = append(owed, n.homecoming(n.Claims[i], now, 0)...)
	}
	if stranded {
		n.Stranded = time.Time{}
		owed = append(owed, Owed{What: OwedCame, To: Moderators, About: n.Member, Due: now})
	}
	return n, owed, nil
}

// NobodyCame is the member's word that their ride has not come: the driver, those
// who stand by and the moderators hear it at once, and again when it is said again
// some minutes later.
func (n Need) NobodyCame(by string, now time.Time) (Need, []Owed, error) {
	if err := n.asRider(by, now); err != nil || n.isStranded() && now.Sub(n.Stranded) < strandedAgain {
		return n, nil, err
	}
	n.Stranded = now.UTC()
	for i := range n.Claims { // a tap that was a slip
		n = n.with(i, func(c *Claim) { c.Got = time.Time{} })
	}
	owed := []Owed{{What: OwedStranded, To: Moderators, About: n.Member, Due: now}}
	for _, c := range slices.Concat(n.Claims, n.Backups) {
		if !c.Waiting && !IsGuest(c.Helper.ID) {
			owed = append(owed, Owed{What: OwedStranded, To: c.Helper.ID, About: n.Member, Due: now})
		}
	}
	return n, owed, nil
}

// asRider refuses whoever is not waiting for this ride, or not yet, or not any more.
func (n Need) asRider(by string, now time.Time) error {
	switch {
	case by != n.Member.ID || !n.Kind.BringsHome():
		return refuse(CodeNotYours, "Only the person whose ride home it is can say that.", "")
	case n.Why == Cancelled:
		return n.stillAhead(now)
	case now.Before(n.Start.Add(-homeFrom)):
		return refuse("too-early", "That is for the day itself, so it is a little early.", "I'll ask you soon after the hour.")
	case now.After(n.End.Add(homeUntil)):
		return refuse("over", "That was a while ago, so there is nothing more to tap.", "")
	}
	return nil
}
