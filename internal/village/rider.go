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

// Untaken is the ride home of a session that nobody drives as it stands.
func Untaken(needs []Need) (Need, bool) {
	i := slices.IndexFunc(needs, Need.untaken)
	if i < 0 {
		return Need{}, false
	}
	return needs[i], true
}

// IsUntaken says whether a need is a ride home that nobody drives as it stands, and for
// which nobody has found another way.
func IsUntaken(n Need) bool { return n.untaken() }

func (n Need) untaken() bool {
	return n.Kind.BringsHome() && n.Why != Cancelled && len(n.Helpers()) == 0 && n.Came.IsZero() && n.Arrived.IsZero()
}

// CameHome says whether somebody has said that the member is home, by one of the
// needs of a session.
func CameHome(needs []Need) bool {
	return slices.ContainsFunc(needs, func(n Need) bool {
		home := func(c Claim) bool { return !c.Home.IsZero() }
		return n.Kind.BringsHome() && (!n.Arrived.IsZero() || slices.ContainsFunc(n.Claims, home))
	})
}

// AllThere says whether everybody who drove has said that they are there; what
// nobody drives for has nothing to wait for.
func (n Need) AllThere() bool {
	return !n.Kind.Travels() || !slices.ContainsFunc(n.Helpers(), func(c Claim) bool { return c.Home.IsZero() })
}

// stillToday is how long after a ride should be over it is still that day's.
const stillToday = 8 * time.Hour

// RideOfTheDay is the ride home that somebody (an ID) may be waiting for today: one
// that they asked for, from that morning on, and that nobody has said to be there.
func RideOfTheDay(needs []Need, id string, now time.Time) (Need, bool) {
	for _, n := range needs {
		today := sameDay(now, n.Start, n.zone()) || !now.Before(n.Start.Add(-homeFrom))
		if n.Member.ID == id && n.Kind.BringsHome() && n.Why != Cancelled && !n.onTheWay() && today && now.Before(n.End.Add(stillToday)) {
			return n, true
		}
	}
	return Need{}, false
}

// HasSessionToday says whether a course has a session on this day, or one whose evening
// it is.
func HasSessionToday(c Course, now time.Time) bool {
	if _, rests := c.Resting(now); rests {
		return true
	}
	return !c.Draft && slices.ContainsFunc(c.Sessions, func(s Session) bool { return s.live() && sameDay(now, s.Start, c.zone()) })
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	return a.In(zone).Format(time.DateOnly) == b.In(zone).Format(time.DateOnly)
}

// onTheWay says whether a driver has picked somebody up, or brought them home, or
// the member has found a way without one.
func (n Need) onTheWay() bool {
	return !n.Came.IsZero() || !n.Arrived.IsZero() || slices.ContainsFunc(n.Claims, Claim.setOut)
}

// setOut says whether a driver has picked somebody up, or brought them home.
func (c Claim) setOut() bool { return !c.Got.IsZero() || !c.Home.IsZero() }

// OnTheWayWith says whether a helper has said that they have picked somebody up, and not
// yet that they are there.
func (n Need) OnTheWayWith(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && n.Why != Cancelled && !n.Claims[i].Got.IsZero() && n.Claims[i].Home.IsZero()
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
	if len(n.Helpers()) == 0 {
		n.Came = now.UTC()
		owed := n.foundAWay(now)
		if stranded || n.urged() {
			owed = append(owed, Owed{What: OwedCame, To: Moderators, About: n.Member, Due: now})
		}
		n.Stranded = time.Time{}
		return n, owed, nil
	}
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
	n.Stranded, n.Came = now.UTC(), time.Time{} // a tap that was a slip
	for i := range n.Claims {
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

// foundAWay ends the asking for a ride that nobody took and nobody waits for any
// more.
func (n *Need) foundAWay(now time.Time) []Owed {
	if n.Why == "" {
		n.Ended, n.Why = now.UTC(), Past
	}
	return []Owed{
		{What: OwedCard, Due: now, Standing: true},
		{What: OwedOver, Standing: true, Withdrawn: true},
		{What: OwedLadder, Standing: true, Withdrawn: true},
	}
}

// homeAlone is the member's word that they are home, where nobody was down to bring
// them.
func (n Need) homeAlone(now time.Time) (Need, []Owed, error) {
	if err := n.asRider(n.Member.ID, now); err != nil || !n.Arrived.IsZero() {
		return n, nil, err
	}
	if now.Before(n.Start) && n.Came.IsZero() {
		return n, nil, refuse(CodeNotBegun, "This has not begun yet, so it can't be over.", "")
	}
	alarmed := n.isStranded() || n.urged() && n.Came.IsZero()
	n.Arrived = now.UTC()
	owed := n.foundAWay(now)
	if alarmed {
		owed = append(owed, Owed{What: OwedHome, To: Moderators, About: n.Member, Due: now})
	}
	return n, owed, nil
}

// Waited says whether this is the person who may be waiting for this ride, on its
// day and with nobody on the way.
func (n Need) Waited(by string, now time.Time) bool {
	return !n.onTheWay() && n.asRider(by, now) == nil
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
