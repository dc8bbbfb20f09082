package village

import "time"

// GuestOf is whom a promise is about who has no account, or empty.
func (j Notice) GuestOf() string {
	if IsGuest(j.About.ID) {
		return j.About.ID
	}
	return ""
}

// Notice is a promise about a need. It names people and needs, never details:
// what is said is looked up when it is said.
type Notice struct {
	Group string  `json:"group"`
	Need  string  `json:"need"`
	What  What    `json:"what"`
	To    Address `json:"to"`
	About Person  `json:"about,omitzero"`
	// Council says that it is for the moderators, and Public that everybody
	// reads it all the same. Next are the moderators (IDs) to tell after this
	// one, and Reached says that one of them was.
	Council bool     `json:"council,omitempty"`
	Public  bool     `json:"public,omitempty"`
	Next    []string `json:"next,omitempty"`
	Reached bool     `json:"reached,omitempty"`
	// Instead is the moderators' channel, and Closed the village channel, that
	// could not be written.
	Instead string `json:"instead,omitempty"`
	Closed  string `json:"closed,omitempty"`
	// For is what the moderators could not be told, or what is to be passed on.
	For What `json:"for,omitempty"`
	// Note says of what else it speaks, and Also names further needs of which it says
	// the same.
	Note Note     `json:"note,omitempty"`
	Also []string `json:"also,omitempty"`
	// Echo is which of the messages beside the card it is, see Need.Echo.
	Echo int `json:"echo,omitempty"`
}

// Stands says whether a notice still means something, by how its need is now.
// What is no longer so is not said.
func (j Notice) Stands(n Need, now time.Time) bool {
	s := situation{j, n, now}
	for _, holds := range conditions()[j.What] {
		if !holds(s) {
			return false
		}
	}
	return true
}

// Urgent says that somebody waits for it: an answer, a yes, an address, an alarm, a
// card. What only reminds, or asks what can be asked a little later, is not.
func (j Notice) Urgent() bool {
	switch j.What {
	case OwedReminder, OwedStill, OwedHomeAsk, OwedThankYou, OwedOver:
		return false
	}
	return true
}

// tooOld is how late a check by the clock may be and still alarm anybody.
const tooOld = 24 * time.Hour

// Overdue says what becomes of a check by the clock that comes late because the
// program was away. Whoever was asked late has time to answer before anybody is
// alarmed: again is then when it comes, else zero. Of what is old nothing is made.
func (j Notice) Overdue(n Need, due, now time.Time) (again time.Time, old bool) {
	late, left := now.Sub(due), n.Start.Sub(now)
	switch {
	case late <= OnTime:
		return time.Time{}, false
	case j.What == OwedHomeCheck:
		return now.Add(homeCheck), late > tooOld
	case j.What == OwedSilent && left > 0:
		return now.Add(min(unsureWait, left/3)), false
	}
	return time.Time{}, false
}

// condition is something that has to be so for a notice to be said.
type condition func(s situation) bool

// conditions are what has to be so for each thing that is owed. What is not named
// is said however things stand.
func conditions() map[What][]condition {
	return map[What][]condition{
		OwedReopened:  {situation.open, situation.unfinished, not(situation.held)},
		OwedRaised:    {situation.wants},
		OwedAsk:       {situation.wants},
		OwedUrgent:    {situation.wants, situation.promised},
		OwedUncovered: {situation.wants, situation.promised},
		OwedUnposted:  {situation.open},
		OwedUnheard:   {situation.unheard},

		OwedThanks:   {situation.unended, situation.toHelper, not(situation.toWaiting)},
		OwedReminder: {situation.unended, situation.toHelper, not(situation.toWaiting), situation.unfinished},
		OwedYes:      {situation.aboutHelper, situation.unfinished},
		OwedDetails:  {situation.unended, situation.toHelper, not(situation.toWaiting), situation.unfinished, situation.private},
		OwedReleased: {not(situation.toHelper)},
		OwedStepBack: {situation.unended, not(situation.aboutHelper)},
		OwedLeft:     {situation.unended, not(situation.aboutHelper)},
		OwedHeld:     {situation.held, situation.unfinished},
		OwedBack:     {situation.unended, not(situation.held), situation.unfinished},
		OwedTakenOff: {situation.unended},
		OwedMoved:    {situation.stillOn, situation.toUntold},
		OwedSignedUp: {situation.stillOn, situation.toHelper, not(situation.toSetOut)},
		OwedLapsed:   {situation.stillOn, not(situation.toHelper)},
		OwedNoReply:  {situation.stillOn, not(situation.aboutHelper)},

		OwedApprove:  {situation.stillOn, situation.aboutWaiting},
		OwedLastYes:  {situation.stillOn, situation.aboutWaiting},
		OwedDeclined: {situation.stillOn},

		OwedGive:      {situation.ahead, situation.toOffered},
		OwedNotTaken:  {situation.stillOn, situation.toHelper, not(situation.toSetOut)},
		OwedHandsOver: {situation.stillOn, situation.aboutHelper},

		OwedStandby:  {situation.stillOn, situation.aboutBackup},
		OwedPromoted: {situation.stillOn, situation.toHelper, not(situation.toSetOut)},
		OwedStepIn:   {situation.unended, situation.aboutHelper},
		OwedStandIn:  {situation.asksToStandIn},
		OwedStill:    {situation.ahead, situation.askedHelper, not(situation.held)},
		OwedSure:     {situation.stillOn, situation.aboutHelper},
		OwedNoAnswer: {situation.ahead, situation.silent, situation.aboutHelper, not(situation.held)},
		OwedSettled:  {situation.settled},
		OwedPutDown:  {situation.settled, situation.putDown},

		OwedHasCome:  {situation.expected},
		OwedLate:     {situation.aboutHelper, situation.waiting},
		OwedStranded: {situation.stranded},

		OwedHomeAsk: {situation.driven, not(situation.home)},
		OwedNoWord:  {situation.driven, not(situation.home)},
		OwedHome:    {situation.arrived},
		OwedArrived: {situation.back},

		OwedCantReach: {situation.stillOn, situation.lost},
		OwedWriteToMe: {situation.stillOn, situation.lost},
		OwedPassOn:    {situation.unlooked},
	}
}

func not(c condition) condition { return func(s situation) bool { return !c(s) } }

// situation is a notice, and how its need is by now.
type situation struct {
	Notice
	need Need
	now  time.Time
}

func (s situation) back() bool          { return s.need.IsBack() }
func (s situation) expected() bool      { return s.need.Expected(s.now) }
func (s situation) stranded() bool      { return s.need.isStranded() }
func (s situation) waiting() bool       { return s.need.Why != Cancelled && !s.need.onTheWay() }
func (s situation) arrived() bool       { return !s.need.Arrived.IsZero() || s.driven() }
func (s situation) private() bool       { return s.need.Details }
func (s situation) unended() bool       { return s.need.Why == "" }
func (s situation) held() bool          { return s.need.IsHeld() }
func (s situation) open() bool          { return s.need.State() == Open }
func (s situation) wants() bool         { return s.need.StillWants(s.now) }
func (s situation) silent() bool        { return s.need.Why == "" && s.need.silent() >= 0 }
func (s situation) asksToStandIn() bool { return s.need.asksToStandIn(s.now) }
func (s situation) unfinished() bool    { return s.now.Before(s.need.End) }
func (s situation) ahead() bool         { return s.unended() && s.now.Before(s.need.Start) }

// stillOn: its hour may have come, but somebody may be waiting, or on their way, until it is over.
func (s situation) stillOn() bool { return s.unended() && s.unfinished() }

// The reader helps, waits for a yes, has not heard of a change.
func (s situation) toHelper() bool  { return s.need.HelpedBy(s.To.Person) }
func (s situation) toWaiting() bool { return s.need.Waits(s.To.Person) }
func (s situation) toUntold() bool  { return s.need.HeardBy(s.To.Person, s.GuestOf()) != nil }

// toSetOut: the reader has said that they picked somebody up, or that all are there.
func (s situation) toSetOut() bool {
	i := s.need.claim(s.To.Person)
	return i >= 0 && s.need.Claims[i].setOut()
}

func (s situation) toOffered() bool { return s.need.OfferedTo(s.To.Person) }

// Whom it is about helps, stands by, waits for a yes.
func (s situation) aboutHelper() bool  { return s.need.HelpedBy(s.About.ID) }
func (s situation) aboutBackup() bool  { return s.need.StandsBy(s.About.ID) }
func (s situation) aboutWaiting() bool { return s.need.Waits(s.About.ID) }

// askedHelper: whoever is to be asked about helps, the reader or their guest.
func (s situation) askedHelper() bool {
	if guest := s.GuestOf(); guest != "" {
		return s.need.HelpedBy(guest)
	}
	return s.toHelper()
}

// settled: what the moderators looked after is, and the card does not say it to
// everybody who reads along.
func (s situation) settled() bool {
	return !s.Public && (s.need.Why == Cancelled || s.unended() && s.aboutHelper())
}

// putDown: whom it is about has not said yes to it themselves.
func (s situation) putDown() bool {
	return s.need.Unsure(s.About.ID) || s.GuestOf() != "" && s.aboutHelper()
}

// driven: the driver is still down for it.
func (s situation) driven() bool { return s.need.Why != Cancelled && s.need.driver(s.Notice) >= 0 }

// lost: whom it is about could not be told something here, and has said nothing since.
func (s situation) lost() bool {
	i := s.need.claim(s.About.ID)
	return i >= 0 && !s.need.Claims[i].Unreached.IsZero()
}

// unlooked: whom it is about has not seen it on their page, as far as that is known.
func (s situation) unlooked() bool {
	return s.For != OwedMoved || s.stillOn() && !s.need.HasSeen(s.About.ID)
}

// home: the driver has come where they were going.
func (s situation) home() bool { return !s.need.Claims[s.need.driver(s.Notice)].Home.IsZero() }

// driver is the place of the claim that a notice after a ride is about, or -1.
func (n Need) driver(j Notice) int {
	if i := n.claim(j.About.ID); i >= 0 {
		return i
	}
	if j.GuestOf() != "" {
		return -1
	}
	return n.claim(j.To.Person)
}

// unheard: the member has to do what the moderators could not be told.
func (s situation) unheard() bool {
	switch s.For {
	case OwedUrgent:
		return s.ahead() && s.open() || s.wants() && !s.need.saidAlone()
	case OwedStranded:
		return s.stranded()
	case OwedNoAnswer:
		return s.ahead() && s.silent() && s.aboutHelper()
	case OwedApprove:
		return s.stillOn() && s.aboutWaiting()
	case OwedNoWord:
		return !s.need.IsHome(s.About.ID)
	}
	return false
}

// OffersPrivate says whether a notice lets a helper open the private details by now:
// with what they keep, and where the details have changed.
func (j Notice) OffersPrivate(n Need, now time.Time) bool {
	helper := j.To.Person
	if !n.DetailsOpen(now) {
		return false
	}
	switch j.What {
	case OwedThanks, OwedReminder, OwedPromoted, OwedDetails:
		return n.Details && n.MaySee(helper)
	case OwedMoved:
		h := n.HeardBy(helper, j.GuestOf())
		return h != nil && j.GuestOf() == "" && n.HelpedBy(helper) && n.MaySee(helper) && h.Private(n.Terms())
	}
	return false
}
