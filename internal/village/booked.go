package village

// Booked is what somebody has said yes to, beside a need.
type Booked struct {
	Busy      *Need // one that lies at the same time; nil for none
	Elsewhere bool  // there is one in another group
	Yeses     int   // how many there are in the month of the need's start
}

// Free says whether they have time.
func (c Booked) Free() bool { return c.Busy == nil && !c.Elsewhere }

// Clash refuses a yes of somebody who has no time. Nothing is said about what
// is in another group.
func (c Booked) Clash() error {
	switch {
	case c.Busy != nil:
		return Clash(*c.Busy)
	case c.Elsewhere:
		return ClashElsewhere()
	}
	return nil
}
