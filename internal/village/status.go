package village

import (
	"slices"
	"time"
)

// SetsOut says whether somebody on the road may be about to set out: the time of
// the reminder has come.
func SetsOut(n Need, now time.Time) bool {
	return n.Kind.Travels() && !n.RemindAt().After(now)
}

// atClinic is how long before a ride home whoever needs it is likely to be there
// already.
const atClinic = 3 * time.Hour

// AtTheClinic says whether whoever needs a ride home is likely to be there already,
// so that nothing can be moved any more.
func (n Need) AtTheClinic(now time.Time) bool {
	return n.Kind.BringsHome() && n.Start.Sub(now) < atClinic
}

// Thankable says whether somebody helped and has not been thanked yet.
func Thankable(n Need) bool {
	return n.Why == Past && len(n.Helpers()) > 0 && n.Thanked.IsZero()
}

// Unsettled says whether somebody's yes is not one yet: they wait for a yes, were
// asked again, or have not answered.
func (n Need) Unsettled() bool {
	return n.IsHeld() || slices.ContainsFunc(n.Claims, func(c Claim) bool { return c.Silent || c.Waiting || c.Unsure || c.Reread })
}

// Unanswered says whether somebody has not said in time that it is still on.
func (n Need) Unanswered() bool { return n.silent() >= 0 }

// IsCovered says whether somebody is down for a need of a kind.
func IsCovered(needs []Need, kind Kind) bool {
	return slices.ContainsFunc(needs, func(n Need) bool { return n.Kind == kind && n.State() == Covered })
}

// NextSession is the session that comes next, or the last one.
func NextSession(c Course, now time.Time) Session {
	for _, s := range c.Sessions {
		if s.Ahead(now) {
			return s
		}
	}
	return c.Sessions[len(c.Sessions)-1]
}

// SessionOr is a session of a course by its ID, or the course's first where it has none such.
func SessionOr(c Course, id string) Session {
	if s, ok := c.Session(id); ok {
		return s
	}
	return c.Sessions[0]
}

// Fetched says whether a driver has said that they are on the way home, or there.
func Fetched(n Need) bool {
	return n.Kind.BringsHome() && n.onTheWay()
}
