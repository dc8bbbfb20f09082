package village

import "time"

// Booked is what somebody has said yes to, beside a need.
type Booked struct {
	Busy      *Need // one that lies at the same time; nil for none
	Elsewhere bool  // there is one in another group
	Yeses     int   // how many there are in the month of the need's start
}

// Free says whether they have time.
func (c Booked) Free() bool { return c.Busy == nil && !c.Elsewhere }

// Clash refuses a yes to a need of somebody who has no time for it. Two short runs are
// asked about instead. Nothing is said about what is in another group.
func (c Booked) Clash(n Need) error {
	switch {
	case c.Busy != nil && c.Busy.Short() && n.Short() && !c.Elsewhere:
		return refuse(CodeBoth, "You have said yes to something else at nearly the same time.", "")
	case c.Busy != nil:
		return Clash(*c.Busy)
	case c.Elsewhere:
		return ClashElsewhere()
	}
	return nil
}

// shortRun is how long something takes at most that may go together with another one at
// nearly the same time: two children to the same school, a meal on the way.
const shortRun = 2 * time.Hour

// Short says whether one person could do it and another such thing at nearly the same
// time, if they say so themselves.
func (n Need) Short() bool { return !n.Kind.Lasting() && n.End.Sub(n.Start) <= shortRun }
