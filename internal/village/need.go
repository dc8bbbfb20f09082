package village

import (
	"slices"
	"strings"
	"time"
)

// Limits of a need.
const (
	// MaxAhead is how far ahead a need may lie: its day could hardly be meant
	// beyond that.
	MaxAhead = 400 * 24 * time.Hour
	// MaxWanted is how many helpers one need can want.
	MaxWanted = 6
	// MaxLasts is how long one need may take.
	MaxLasts = 48 * time.Hour
	// MaxPlace, MaxNote are in characters.
	MaxPlace = 120
	MaxNote  = 300
	// MaxDetails is how long private details may be, in characters.
	MaxDetails = 1000
	// MaxOpen is how many needs one member may have ahead of them: enough for
	// a course of sessions with several legs each.
	MaxOpen = 60
	// RemindBefore is how long before the start a helper is reminded; what
	// starts before earlyHour, in the evening before, at eveningHour.
	RemindBefore = 3 * time.Hour
	earlyHour    = 11
	eveningHour  = 18
	// KeepDetails is how long after the end private details are kept.
	KeepDetails = 48 * time.Hour
	// KeepNeed is how long after the end everything about a need is kept.
	KeepNeed = 90 * 24 * time.Hour
)

// Person is somebody as a need remembers them: the account (platform/account)
// and the name that others know.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Visits says how they are here who are none of the place's own.
	Visits Visits `json:"visits,omitempty"`
}

// Need is one thing that somebody else can do at a time.
type Need struct {
	ID     string `json:"id"`
	Kind   Kind   `json:"kind"`
	Member Person `json:"member"`
	// Start and End are instants in UTC; Zone is the IANA zone in which the
	// member thinks of them.
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Zone  string    `json:"zone"`
	// Session (an ID) is what it came with, if anything: all that came with it share a
	// card. Series names what was asked for in one go, on several days.
	Session string `json:"session,omitempty"`
	Series  string `json:"series,omitempty"`
	// From, To and Note are public words.
	From string `json:"from"`
	To   string `json:"to,omitempty"`
	Note string `json:"note,omitempty"`
	// Children and ChildSeats say how many, Seats how many people are driven;
	// 0: not said.
	Children   int `json:"children,omitempty"`
	ChildSeats int `json:"child_seats,omitempty"`
	Seats      int `json:"seats,omitempty"`
	// Hidden: the member's name is not shown to those who do not help.
	Hidden bool `json:"hidden,omitempty"`
	// Details says that there are private details, sealed elsewhere.
	Details bool `json:"details,omitempty"`
	// Wanted is how many helpers are wanted, at least 1.
	Wanted int     `json:"wanted"`
	Claims []Claim `json:"claims,omitempty"`
	// Backups stand by, the first one first.
	Backups []Claim `json:"backups,omitempty"`
	// Ended is when it was cancelled or over, and Why; zero while it lasts.
	Ended time.Time `json:"ended,omitzero"`
	Why   Ending    `json:"why,omitempty"`
	Asked time.Time `json:"asked"`
	// Opened is when it last became open, and Rung how many rungs of the
	// ladder have been climbed since.
	Opened time.Time `json:"opened"`
	Rung   int       `json:"rung,omitempty"`
	// Thanked is when the member sent their thanks.
	Thanked time.Time `json:"thanked,omitzero"`
	// Begins is when the appointment begins that it is for; zero where nobody said.
	Begins time.Time `json:"begins,omitzero"`
	// Climbed is when the last rung was done or really said, and Left why it was last opened
	// again, where a helper's place became free.
	Climbed time.Time `json:"climbed,omitzero"`
	Left    Leaving   `json:"left,omitempty"`
	// Alarms are what the ladder has promised to say since it was last opened, and
	// what of it has been said.
	Alarms []Alarm `json:"alarms,omitempty"`
	// Sayings are what was said of it lately.
	Sayings []Saying `json:"sayings,omitempty"`
	// Stranded is when the member last said that their ride had not come. Came is
	// when they said that they have one after all where nobody was down for it, and
	// Arrived when they said so of being home.
	Stranded time.Time `json:"stranded,omitzero"`
	Came     time.Time `json:"came,omitzero"`
	Arrived  time.Time `json:"arrived,omitzero"`
	// Rewritten is how often the private details have been changed, and Heard
	// what the member last heard of what a moderator has changed; nil: all.
	Rewritten int    `json:"rewritten,omitempty"`
	Heard     *Heard `json:"heard,omitempty"`
	// Edition counts what has become different of what a helper keeps, and Edited is when
	// it last did; zero: nothing yet.
	Edition int       `json:"edition,omitempty"`
	Edited  time.Time `json:"edited,omitzero"`
	// Held is since when nobody is asked for it because its member cannot be reached;
	// Retreats are the helpers' steps back.
	Held     time.Time `json:"held,omitzero"`
	Retreats []Retreat `json:"retreats,omitempty"`
	// Echo counts the messages beside the card that asked the channel for somebody.
	Echo int `json:"echo,omitempty"`
	// KeepDetails and Keep are how many hours and days after the end the
	// details and the rest are kept; 0: the usual ones.
	KeepDetails int `json:"keep_details,omitempty"`
	Keep        int `json:"keep,omitempty"`
}

// Claim is a helper's yes.
type Claim struct {
	Helper Person    `json:"helper"`
	At     time.Time `json:"at"`
	// Offered is to whom they have offered their yes, and Offers how often they have to
	// anybody. Instead is whose yes they have taken over. Gave says that they stand by
	// only until whoever took over theirs is let in.
	Offered Person `json:"offered,omitzero"`
	Offers  int    `json:"offers,omitempty"`
	Instead Person `json:"instead,omitzero"`
	Gave    bool   `json:"gave,omitempty"`
	// By is who signed somebody up who has no account, and answers for them.
	By Person `json:"by,omitzero"`
	// Sure is when they last said that it is still on. Unsure means that they
	// have not said yes to the need as it is now, Reread that they have not to
	// its private details alone, Silent that others were told that they have
	// not answered.
	Sure time.Time `json:"sure,omitzero"`
	// Doubted is when they last said in words of their own that they can't, and have
	// not tapped what follows.
	Doubted time.Time `json:"doubted,omitzero"`
	Unsure  bool      `json:"unsure,omitempty"`
	Reread  bool      `json:"reread,omitempty"`
	Silent  bool      `json:"silent,omitempty"`
	// Awaited means that the moderators are told when they have said yes: they know that
	// somebody else signed them up.
	Awaited bool `json:"awaited,omitempty"`
	// Heard is what they last heard, where that has changed; nil: all is told.
	Heard *Heard `json:"heard,omitempty"`
	// Waiting means that the member has not said yes to this helper yet, and Stale
	// that no yes has come in time, so that others are asked as well.
	Waiting bool `json:"waiting,omitempty"`
	Stale   bool `json:"stale,omitempty"`
	// Unreached is when they could last not be told something here, Late when they
	// last said that it takes longer.
	Unreached time.Time `json:"unreached,omitzero"`
	Unseen    time.Time `json:"unseen,omitzero"` // since when something lies on their page that they have not seen
	Late      time.Time `json:"late,omitzero"`
	// Got and Home are the taps of the day, Missed that the moderators were
	// told that the last one never came.
	Got    time.Time `json:"got,omitzero"`
	Home   time.Time `json:"home,omitzero"`
	Missed bool      `json:"missed,omitempty"`
}

// left is a need that a helper has left in this way now, where that opened it.
func (n Need) left(why Leaving, now time.Time) Need {
	if n.Left == TakenOff && n.Opened.Equal(now) {
		n.Left = why
	}
	return n
}

// Leaving says why a helper's place became free.
type Leaving string

// The ways to leave a place.
const (
	SteppedBack Leaving = "stepped-back"
	FellSilent  Leaving = "fell-silent" // they did not say yes to what had changed
	TakenOff    Leaving = "taken-off"
)

// Ending says why a need has ended.
type Ending string

// The endings.
const (
	Cancelled Ending = "cancelled"
	Past      Ending = "over"
)

// State is one of the four states of the package comment.
type State string

// The states of a need.
const (
	Open           State = "open"
	Covered        State = "covered"
	StateCancelled State = "cancelled"
	Over           State = "over"
)

// State derives the state from what is kept.
func (n Need) State() State {
	switch {
	case n.Why == Cancelled:
		return StateCancelled
	case n.Why == Past:
		return Over
	case n.Spoken() >= n.Wanted:
		return Covered
	}
	return Open
}

// HelpedBy says whether this person has said yes to the need.
func (n Need) HelpedBy(id string) bool {
	return slices.ContainsFunc(n.Claims, func(c Claim) bool { return c.Helper.ID == id })
}

// Overlaps says whether nobody can do both: they are at the same time, and one
// is not part of the other.
func (n Need) Overlaps(o Need) bool {
	return n.Start.Before(o.End) && o.Start.Before(n.End) && !n.goesWith(o) && !o.goesWith(n)
}

// goesWith says whether somebody who stays with a member overnight does the
// other thing as well: bringing the same member home, cooking for them, being
// there for the children.
func (n Need) goesWith(o Need) bool {
	return n.Kind.Overnight() && n.Member.ID == o.Member.ID && o.Kind.known().alongside
}

// What names a thing that is owed.
type What string

// What can be owed because of a need. To is whoever it is owed to; where it is
// empty, the village channel.
const (
	OwedCard      What = "card"        // the need's message in the channel says what is true now
	OwedReopened  What = "reopened"    // the channel hears that it is open again
	OwedRaised    What = "raised"      // the channel hears that it is still open
	OwedYes       What = "yes"         // the member: About will help
	OwedThanks    What = "thanks"      // the helper: what, when, where, and the details
	OwedStepBack  What = "step-back"   // the member: About cannot after all
	OwedTakenOff  What = "taken-off"   // the member: a moderator has taken About off
	OwedReleased  What = "released"    // the helper: you are free again
	OwedLeft      What = "left"        // the member: About is not in the village any more
	OwedHeld      What = "held"        // the helper: the member cannot be reached
	OwedBack      What = "back"        // the helper, after that: they are here again
	OwedApprove   What = "approve"     // the member, the moderators: may About help?
	OwedLastYes   What = "last-yes"    // the member, the moderators, the helper: that yes is missing, and it is near
	OwedDeclined  What = "declined"    // the helper: no more help needed
	OwedMoved     What = "moved"       // helpers, backups, the member: what has changed
	OwedSignedUp  What = "signed-up"   // the helper: somebody put you down for it
	OwedThankYou  What = "thank-you"   // the helper: the member says thank you
	OwedLapsed    What = "lapsed"      // the helper: they did not answer, so somebody else is asked
	OwedNoReply   What = "no-reply"    // the member: About did not answer, so somebody else is asked
	OwedCancelled What = "cancelled"   // the helper: not needed any more
	OwedReminder  What = "reminder"    // the helper: it is today
	OwedReplaced  What = "replaced"    // the helper: somebody else stands in
	OwedPromoted  What = "promoted"    // a backup: it is yours now
	OwedStepIn    What = "step-in"     // the member: About, the backup, will help
	OwedStandby   What = "standby"     // the member: About stands by
	OwedStandIn   What = "stand-in"    // a backup, or the channel: could you stand in?
	OwedStill     What = "still"       // the helper: is it still on?
	OwedSure      What = "sure"        // the member: About says that it is still on
	OwedNoAnswer  What = "no-answer"   // the member, the moderators: About has not answered
	OwedHasCome   What = "has-come"    // the member: is your ride there?
	OwedStranded  What = "stranded"    // the driver, backups, the moderators: the member says that nobody has come
	OwedCame      What = "came"        // the moderators, after that: the ride is there
	OwedLate      What = "late"        // the member, the moderators who know that they wait: About says that it takes longer
	OwedCantReach What = "cant-reach"  // the member, the moderators: About can't be told anything here
	OwedWriteToMe What = "write-to-me" // the channel, without a word about what: About can't be told anything here
	OwedHomeAsk   What = "home-ask"    // the driver: is everybody home?
	OwedHome      What = "home"        // the member: About says that you are home
	OwedArrived   What = "arrived"     // somebody whom the member wants to know it: they are home
	OwedNoWord    What = "no-word"     // the moderators: nobody has said that they are home
	OwedAsk       What = "ask"         // a helper who agreed to be asked: can you?
	OwedUrgent    What = "urgent"      // the moderators: still nobody
	OwedUnheard   What = "unheard"     // the member: the moderators could not be reached
	OwedUnposted  What = "unposted"    // the member, the moderators: the channel could not be written
	OwedSettled   What = "settled"     // the moderators: About has said yes, or that it is still on, or cancelled it, after they were asked
	OwedPutDown   What = "put-down"    // the moderators: somebody else signed About up, after they were asked
	OwedUncovered What = "uncovered"   // the member: nobody has said yes, and it is near
	OwedEcho      What = "echo"        // a message beside the card says what has become of it
	OwedLadder    What = "ladder"      // nobody: the next rung
	OwedSilent    What = "silent"      // nobody: has the helper answered?
	OwedDetails   What = "details"     // the helper: the private details can be opened, the evening before
	OwedStale     What = "stale"       // nobody: has anybody said yes to the helper?
	OwedHomeCheck What = "home-check"  // nobody: has the driver answered?
	OwedUnreached What = "unreached"   // nobody: the helper could not be told something
	OwedUnseen    What = "unseen"      // nobody: has the helper looked at their page?
	OwedPassOn    What = "pass-on"     // the member: something is on About's page, which can't ring
	OwedGive      What = "give"        // somebody: About can't, can you?
	OwedNotTaken  What = "not-taken"   // the helper: About can't take it over
	OwedHandsOver What = "hands-over"  // the helper: About takes it over, once the member has said yes
	OwedOver      What = "over"        // nobody: the need ends by the clock
)

// ByClock says whether it is a step that the clock asks for, rather than words
// to somebody.
func (w What) ByClock() bool {
	return w == OwedOver || w == OwedLadder || w == OwedSilent || w == OwedStale || w == OwedHomeCheck || w == OwedUnreached || w == OwedUnseen
}

// Invites says whether it asks somebody to say yes.
func (w What) Invites() bool {
	return w == OwedCard || w == OwedReopened || w == OwedRaised || w == OwedAsk || w == OwedStandIn || w == OwedUrgent
}

// Owed is a promise that a rule makes. The same What, To and need name the
// same promise when Standing is set (a later one replaces it); otherwise every
// change owes anew.
type Owed struct {
	What  What
	To    string // a person's ID, Moderators, or empty
	About Person // whom it is about, where it is about somebody
	Due   time.Time
	// Before is how long it may wait for the quiet hours to end; zero means
	// that it is said when it is due.
	Before time.Time
	// Each keeps a standing promise about one person apart from that about
	// another.
	Each bool
	// Many is how many helpers are to be asked, for OwedAsk.
	Many int
	// Standing promises can be replaced and taken back.
	Standing bool
	// Withdrawn takes a standing promise back.
	Withdrawn bool
}

// Request is what a member says when asking.
type Request struct {
	ID         string
	Kind       Kind
	Member     Person
	Start, End time.Time // a zero End means as long as the kind takes
	Begins     time.Time // as in Need
	Session    string    // as in Need
	Series     string    // as in Need
	Zone       string
	From, To   string
	Note       string
	Details    bool
	Hidden     bool
	// Children, ChildSeats and Seats are 0 where nobody said; Wanted is how
	// many helpers, 1 where nobody said.
	Children, ChildSeats, Seats, Wanted int
	// Posted is when the village hears of it, for what is asked long ahead;
	// zero means now.
	Posted time.Time
	// Ahead is how many needs the member already has that have not ended.
	Ahead int
}

// Ask makes a need. Its errors are *Error.
func Ask(r Request, now time.Time) (Need, []Owed, error) {
	zone := ZoneNamed(r.Zone)
	switch {
	case r.End.IsZero() && r.Kind.Overnight():
		r.End = overnight(r.Start, zone)
	case r.End.IsZero():
		r.End = r.Start.Add(r.Kind.Lasts())
	}
	posted := latest(now, r.Posted)
	if err := checkTimes(r.Start, r.End, now); err != nil {
		return Need{}, nil, err
	}
	if r.Ahead >= MaxOpen {
		return Need{}, nil, refusef("too-many", "Cancel one that you do not need any more: /need mine shows them.", "You already have %d requests ahead of you.", r.Ahead).then(NextMine)
	}
	n := Need{
		ID: r.ID, Kind: r.Kind, Member: r.Member,
		Start: r.Start.UTC(), End: r.End.UTC(), Begins: r.Begins.UTC(), Zone: r.Zone, Session: r.Session, Series: r.Series,
		From: strings.TrimSpace(r.From), To: strings.TrimSpace(r.To), Note: strings.TrimSpace(r.Note),
		Details: r.Details, Hidden: r.Hidden, Children: r.Children, ChildSeats: r.ChildSeats, Seats: r.Seats,
		Wanted: max(r.Wanted, 1), Asked: posted.UTC(), Opened: posted.UTC(),
	}
	if err := n.checkWords(); err != nil {
		return Need{}, nil, err
	}
	return n, []Owed{
		{What: OwedCard, Due: posted, Standing: true},
		{What: OwedOver, Due: n.End, Standing: true},
		n.climbing(),
	}, nil
}

// Claim is a helper's yes. The first wins; a second yes of the same helper
// changes nothing and is no mistake. Where a helper has not said in time that
// it is still on, the next yes takes their place. approved says that nobody has to
// say yes to this helper any more, see Trust.
func (n Need) Claim(helper Person, approved bool, now time.Time) (Need, []Owed, error) {
	if err := n.mayAgain(helper.ID); err != nil && !n.HelpedBy(helper.ID) {
		return n, nil, err
	}
	return n.claimed(Claim{Helper: helper, At: now.UTC(), Waiting: !approved}, now)
}

func (n Need) claimed(c Claim, now time.Time) (Need, []Owed, error) {
	helper := c.Helper
	if n.HelpedBy(helper.ID) {
		return n, nil, nil
	}
	if err := n.takesAYes(c, now); err != nil {
		return n, nil, err
	}
	var owed []Owed
	alarmed := n.urged()
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	giver := n.offered(helper.ID)
	if n.State() == Covered && giver < 0 {
		alarmed = true
		i := n.silent()
		if i < 0 {
			return n, nil, n.refuseSecond(helper.ID)
		}
		gone := n.Claims[i]
		n.Claims = slices.Delete(n.Claims, i, i+1)
		owed = append(n.free(gone), n.toward(gone, Owed{What: OwedReplaced, About: n.Member, Due: now}))
	}
	if i := n.backup(helper.ID); i >= 0 {
		owed = append(owed, n.leave(n.Backups[i]))
		n.Backups = slices.Delete(n.Backups, i, i+1)
	}
	if giver >= 0 {
		c.Instead = n.Claims[giver].Helper
		var taken []Owed
		n, taken = n.takenFrom(giver, c, now)
		owed = append(owed, taken...)
	}
	n.Claims = append(n.Claims, c)
	n, spare := n.sparing(now)
	owed = slices.Concat(owed, spare, n.accepted(c, now))
	if alarmed && !c.Waiting {
		owed = append(owed, Owed{What: OwedSettled, To: Moderators, About: helper, Due: now})
	}
	owed = append(owed, Owed{What: OwedCard, Due: now, Standing: true})
	owed = append(owed, n.promises(c, now)...)
	if n.State() == Covered {
		owed = append(owed, n.climbing())
	}
	return n, owed, nil
}

// TakenAlready refuses whoever was not the first.
func TakenAlready() error {
	return refuse(CodeTaken, "Somebody else has just said yes, so this one is taken care of.", "Thank you for offering. It counts. You can stand by in case they can't.")
}

// Release takes a helper's yes back, or a backup's, as they wish. The first backup who
// is free then is promoted; busy says who is not, and may be nil.
func (n Need) Release(helper string, busy func(id string) bool, now time.Time) (Need, []Owed, error) {
	after, owed, err := n.release(helper, busy, now)
	if err != nil {
		return n, nil, err
	}
	if i := n.claim(helper); i >= 0 {
		for k, o := range owed {
			switch o.What {
			case OwedReleased: // once, however often they do so in one breath
				owed[k].Standing = true
			case OwedStepBack, OwedReopened:
				owed[k] = n.takingBreath(o, n.Claims[i].At, now)
				owed[k].Standing, owed[k].Each = true, o.To != ""
			}
		}
	}
	return after.left(SteppedBack, now).stepped(helper, now).another(now), owed, nil
}

// release takes a yes back, whoever wishes it.
func (n Need) release(helper string, busy func(id string) bool, now time.Time) (Need, []Owed, error) {
	i, j := n.claim(helper), n.backup(helper)
	if i < 0 && j < 0 {
		return n, nil, refuse(CodeNotYours, "You are not down for this one, so there is nothing to take back.", "/need mine shows what you have said yes to.").then(NextMine)
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	owed := []Owed{{What: OwedCard, Due: now, Standing: true}}
	if i < 0 {
		owed = append(owed, n.leave(n.Backups[j]))
		n.Backups = slices.Delete(n.Backups, j, j+1)
		return n, owed, nil
	}
	if !n.Claims[i].Home.IsZero() {
		return n, nil, refuse("over", "This one is done: everybody is there safely, so there is nothing to take back.", "/need mine shows what is still ahead.").then(NextMine)
	}
	owed = append(owed, Owed{What: OwedReleased, To: helper, About: n.Member, Due: now})
	was, gone := n.State(), n.Claims[i]
	owed = append(owed, n.free(gone)...)
	n.Claims = slices.Delete(n.Claims, i, i+1)

	next := slices.IndexFunc(n.Backups, func(b Claim) bool { return busy == nil || !busy(b.Helper.ID) })
	if next >= 0 && n.State() == Open && !n.IsHeld() {
		c := n.Backups[next]
		owed = append(owed, n.leave(c))
		c.Unsure, c.Heard, c.Gave = true, nil, false // they are told all of it now
		n.Backups = slices.Delete(n.Backups, next, next+1)
		n.Claims = append(n.Claims, c)
		n, spare := n.sparing(now)
		owed = append(append(owed, spare...),
			Owed{What: OwedPromoted, To: c.Helper.ID, About: n.Member, Due: now},
			Owed{What: OwedStepIn, To: n.Member.ID, About: c.Helper, Due: now})
		if c.Waiting {
			owed = append(append(owed, n.approvers(c.Helper, now)), n.approveAgain(c, now)...)
		}
		if was == Open {
			owed = append(owed, n.climbing())
		}
		return n, append(owed, n.promises(c, now)...), nil
	}
	owed = append(owed, Owed{What: OwedStepBack, To: n.Member.ID, About: gone.Helper, Due: now})
	if !gone.Stale && (was == Covered || n.Spoken() == 0) { // while others come, or are asked already, the ladder goes on from where it is
		var climb Owed
		n, climb = n.reopened(now)
		n.Left = TakenOff // unless they left by themselves, see left
		owed = append(owed, Owed{What: OwedReopened, Due: now}, climb)
	}
	return n, owed, nil
}

// Cancel ends a need that is not needed any more.
func (n Need) Cancel(by string, moderator bool, now time.Time) (Need, []Owed, error) {
	if by != n.Member.ID && !moderator {
		return n, nil, refuse(CodeNotYours, "Only the person who asked, or a moderator, can cancel this.", "")
	}
	if n.Why == Cancelled {
		return n, nil, nil
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	alarmed := n.urged() || n.silent() >= 0
	n = n.another(now)
	n.Ended, n.Why = now.UTC(), Cancelled
	owed := []Owed{
		{What: OwedCard, Due: now, Standing: true},
		{What: OwedOver, Standing: true, Withdrawn: true},
		{What: OwedLadder, Standing: true, Withdrawn: true},
	}
	for _, c := range n.Claims {
		owed = append(owed, n.free(c)...)
		told := n.toward(c, Owed{What: OwedCancelled, About: n.Member, Due: now})
		if !IsGuest(c.Helper.ID) || told.To != by && told.To != n.Member.ID { // they know, or hear of it anyway
			owed = append(owed, told)
		}
	}
	for _, b := range n.Backups {
		owed = append(owed, n.leave(b), Owed{What: OwedCancelled, To: b.Helper.ID, About: n.Member, Due: now})
	}
	owed = append(owed, Owed{What: OwedMoved, To: n.Member.ID, Standing: true, Withdrawn: true})
	if alarmed && now.Before(n.Start) {
		owed = append(owed, Owed{What: OwedSettled, To: Moderators, About: n.Member, Due: now})
	}
	if by != n.Member.ID {
		owed = append(owed, Owed{What: OwedCancelled, To: n.Member.ID, About: n.Member, Due: now})
	}
	return n, owed, nil
}

// Over ends a need whose time has passed; before that, and once it has ended,
// it changes nothing.
func (n Need) Over(now time.Time) (Need, []Owed) {
	if n.Why != "" || now.Before(n.End) {
		return n, nil
	}
	n.Ended, n.Why = now.UTC(), Past
	return n, []Owed{
		{What: OwedCard, Due: now, Standing: true},
		{What: OwedLadder, Standing: true, Withdrawn: true},
	}
}

// stillAhead refuses what comes too late to mean anything.
func (n Need) stillAhead(now time.Time) error {
	switch {
	case n.Why == Cancelled:
		return refuse("cancelled", "This request was cancelled; it is not needed any more.", "/need open shows what is still open.").then(NextOpen)
	case n.Why == Past || !now.Before(n.End):
		return refuse("over", "The time for this one has passed.", "/need open shows what is still open.").then(NextOpen)
	}
	return nil
}
