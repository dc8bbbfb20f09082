package village

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What is asked for can change at any time. Whoever is concerned hears of it
// once, with what has changed between what they last heard and what is true by
// then: a change soon after another is told together with it, and one that is
// taken back soon is not told at all.

const (
	// gather is how long a change waits for the next one before it is told, and
	// gatherMost how long changes one after the other can put that off.
	gather     = 2 * time.Minute
	gatherMost = 10 * time.Minute
	// gatherNear is how close to the start nothing waits any more.
	gatherNear = 2 * time.Hour
)

// Terms are what somebody says yes to.
type Terms struct {
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	From       string    `json:"from"`
	To         string    `json:"to,omitempty"`
	Note       string    `json:"note,omitempty"`
	Children   int       `json:"children,omitempty"`
	ChildSeats int       `json:"child_seats,omitempty"`
	Seats      int       `json:"seats,omitempty"`
	// Details says that there are private details, and Rewritten how often they
	// have been changed.
	Details   bool `json:"details,omitempty"`
	Rewritten int  `json:"rewritten,omitempty"`
}

// Terms are what the need asks for now.
func (n Need) Terms() Terms {
	return Terms{Start: n.Start, End: n.End, From: n.From, To: n.To, Note: n.Note,
		Children: n.Children, ChildSeats: n.ChildSeats, Seats: n.Seats, Details: n.Details, Rewritten: n.Rewritten}
}

// Moved says whether the times differ.
func (t Terms) Moved(o Terms) bool { return !t.Start.Equal(o.Start) || !t.End.Equal(o.End) }

// matters says whether somebody who said yes to one may not say yes to the
// other.
func (t Terms) matters(o Terms) bool {
	return t.Moved(o) || t.From != o.From || t.To != o.To || t.Children != o.Children || t.ChildSeats != o.ChildSeats || t.Seats != o.Seats
}

// public says whether they differ in what everybody may read.
func (t Terms) public(o Terms) bool { return t.matters(o) || t.Note != o.Note }

// Private says whether the private details differ.
func (t Terms) Private(o Terms) bool { return t.Details != o.Details || t.Rewritten != o.Rewritten }

// Heard is what somebody last heard about a need that has changed since, and
// how their yes stood then.
type Heard struct {
	Terms
	// Since is when it stopped being true.
	Since  time.Time `json:"since"`
	Sure   time.Time `json:"sure,omitzero"`
	Unsure bool      `json:"unsure,omitempty"`
	Reread bool      `json:"reread,omitempty"`
	Silent bool      `json:"silent,omitempty"`
	// Opened says that they had opened the private details.
	Opened bool `json:"opened,omitempty"`
}

// Edit is what is to be different. What is nil, or zero, stays as it is.
type Edit struct {
	Start, End, Begins                  time.Time
	From, To, Note                      *string
	Children, ChildSeats, Seats, Wanted *int
	// Details says that there are other private details (true), or none any
	// more (false).
	Details *bool
	// Opened are the helpers (IDs) who have opened the private details by now.
	Opened []string
}

// Change changes what a need asks for. Where that matters to whoever has said
// yes (the time, the place, the seats), they are asked whether it suits them
// too, and stay down for it only if they say so in time, see Silence. Other
// private details are asked about too, and silence is noticed; a note is told.
// Its errors are *Error.
func (n Need) Change(by string, moderator bool, e Edit, now time.Time) (Need, []Owed, error) {
	if by != n.Member.ID && !moderator {
		return n, nil, refuse(CodeNotYours, "Only the person who asked, or a moderator, can change this.", "")
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	before, was, state := n, n.Terms(), n.State()
	n = n.edited(e)
	is := n.Terms()
	if err := n.possible(was, now); err != nil {
		return before, nil, err
	}
	if !is.public(was) && !is.Private(was) && n.Wanted == before.Wanted {
		return before, nil, nil
	}
	if is.public(was) {
		n = n.another(now)
	}
	owed := []Owed{{What: OwedCard, Due: now, Standing: true}}
	if is.Moved(was) {
		owed = append(owed, Owed{What: OwedOver, Due: n.End, Standing: true})
	}
	n, spare := n.sparing(now)
	n, notices := n.tell(was, by, e.Opened, now)
	owed = slices.Concat(owed, spare, notices)
	if is.Moved(was) { // from here on it is as if it had been asked for now
		n.Asked = n.askedAgain(now)
	}
	if n.State() != state || is.Moved(was) {
		var climb Owed
		n, climb = n.reopened(now)
		owed = append(owed, climb)
	}
	if n.State() == Open && state == Covered {
		owed = append(owed, Owed{What: OwedReopened, Due: now})
	}
	return n, owed, nil
}

// another is the need as another edition of what a helper keeps.
func (n Need) another(now time.Time) Need {
	n.Edition, n.Edited = n.Edition+1, now.UTC()
	return n
}

// askedAgain is since when a need that is moved counts as asked for: from now on, or
// if the channel was not to hear of it yet, a week before its new day.
func (n Need) askedAgain(now time.Time) time.Time {
	if n.IsPosted(now) {
		return now.UTC()
	}
	return latest(now, n.Start.Add(-SeriesAhead)).UTC()
}

// edited is the need as it was asked to be.
func (n Need) edited(e Edit) Need {
	if !e.Start.IsZero() {
		n.Start, n.End = e.Start.UTC(), n.endFrom(e.Start).UTC()
	}
	if !e.End.IsZero() {
		n.End = e.End.UTC()
	}
	if !e.Begins.IsZero() {
		n.Begins = e.Begins.UTC()
	}
	for _, w := range []struct {
		is *string
		to *string
	}{{&n.From, e.From}, {&n.To, e.To}, {&n.Note, e.Note}} {
		if w.to != nil {
			*w.is = strings.TrimSpace(*w.to)
		}
	}
	for _, c := range []struct {
		is *int
		to *int
	}{{&n.Children, e.Children}, {&n.ChildSeats, e.ChildSeats}, {&n.Seats, e.Seats}, {&n.Wanted, e.Wanted}} {
		if c.to != nil {
			*c.is = *c.to
		}
	}
	n.Wanted = max(n.Wanted, 1)
	if e.Details != nil && (*e.Details || n.Details) {
		n.Details = *e.Details
		n.Rewritten++
	}
	return n
}

// endFrom is when it ends if it begins at another time: it takes as long as
// before, and company stays until the same hour of the morning.
func (n Need) endFrom(start time.Time) time.Time {
	same := start.Add(n.End.Sub(n.Start))
	if !n.Kind.Overnight() {
		return same
	}
	from, to, end := n.Start.In(n.zone()), start.In(n.zone()), n.End.In(n.zone())
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	days := int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
	morning := time.Date(end.Year(), end.Month(), end.Day()+days, end.Hour(), end.Minute(), 0, 0, end.Location())
	if !morning.After(start) {
		return same
	}
	return morning
}

// possible refuses what no need can be, or cannot become any more.
func (n Need) possible(was Terms, now time.Time) error {
	if n.Terms().Moved(was) {
		if err := checkTimes(n.Start, n.End, now); err != nil {
			return err
		}
	}
	if n.Wanted < n.Spoken() {
		return refusef("too-few", "If one of them is not needed, they can step back, or a moderator can take them off.", "%d people have said yes already, so I can't look for fewer.", n.Spoken())
	}
	return n.checkWords()
}

// checkWords refuses words and numbers that no need can have.
func (n Need) checkWords() error {
	switch {
	case n.From == "":
		return refuse("place-missing", "I still need to know where.", "A rough place is enough, such as “near Union Station”. Everybody in the group can read it.")
	case utf8.RuneCountInString(n.From) > MaxPlace || utf8.RuneCountInString(n.To) > MaxPlace || utf8.RuneCountInString(n.Note) > MaxNote:
		return refuse("too-long", "That is longer than fits on a card.", "Please use a few words; what is private or long belongs in the details.")
	case n.Wanted > MaxWanted:
		return refusef("too-many-helpers", "Please ask for fewer; you can ask twice.", "I can look for at most %d people for one request.", MaxWanted)
	}
	return nil
}

// tell notes what everybody concerned has to hear.
func (n Need) tell(was Terms, by string, opened []string, now time.Time) (Need, []Owed) {
	var owed []Owed
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	if n.Terms().Moved(was) { // whoever has been forgotten does not come another time
		n.Claims = slices.DeleteFunc(n.Claims, func(c Claim) bool { return c.Helper == Forgotten() })
	}
	for i := range n.Claims {
		if n.Claims[i].Helper != Forgotten() {
			owed = append(owed, n.tellClaim(&n.Claims[i], was, by, slices.Contains(opened, n.Claims[i].Helper.ID), now)...)
		}
	}
	for i := range n.Backups {
		owed = append(owed, n.tellBackup(&n.Backups[i], was, now))
	}
	if by != n.Member.ID || n.Heard != nil {
		owed = append(owed, n.tellMember(was, now))
	}
	return n, owed
}

// tellClaim notes what a helper has to hear, and how their yes stands now. opened says
// that they have opened the private details.
func (n Need) tellClaim(c *Claim, was Terms, by string, opened bool, now time.Time) []Owed {
	is := n.Terms()
	if is.Moved(was) {
		c.Got, c.Home, c.Late, c.Missed = time.Time{}, time.Time{}, time.Time{}, false
	}
	h, before := n.lastHeard(*c, was, opened, now)
	c.Heard = &h
	private := h.Private(is) && !c.Waiting && n.couldRead(*c, h, now)
	c.Sure, c.Unsure, c.Reread, c.Silent = h.Sure, h.Unsure, h.Reread, h.Silent
	switch {
	case h.matters(is):
		c.Sure, c.Unsure, c.Silent = time.Time{}, true, false
	case private && h.Details && n.DetailsOpen(now): // details that are new were missing before; what can't be read yet is not asked about
		c.Sure, c.Reread, c.Silent = time.Time{}, true, false
	}
	notice := n.toward(*c, Owed{What: OwedMoved, About: n.Member, Due: n.noticeDue(h.Since, now), Standing: true})
	byHand := notice.To == by && IsGuest(c.Helper.ID) // whoever looks after it has done it
	if notice.Withdrawn = !h.public(is) && !private || byHand; notice.Withdrawn {
		c.Heard = nil
	}
	promises := n.promises(*c, now)
	if n.opensSooner(*c, before, now) {
		i := slices.IndexFunc(promises, func(o Owed) bool { return o.What == OwedDetails })
		promises[i].Due, promises[i].Withdrawn = latest(notice.Due, now), false
	}
	return slices.Concat([]Owed{notice}, n.approveAgain(*c, now), promises)
}

// lastHeard is what a helper last heard, and the need as far as it counts for when they
// are given what is private.
func (n Need) lastHeard(c Claim, was Terms, opened bool, now time.Time) (h Heard, before Need) {
	h = Heard{Terms: was, Since: now.UTC(), Sure: c.Sure, Unsure: c.Unsure, Reread: c.Reread, Silent: c.Silent}
	if c.Heard != nil {
		h = *c.Heard
	}
	before = Need{Start: h.Start, Zone: n.Zone}
	if h.Opened = h.Opened || opened; !before.given(c, now) && !h.Opened { // they are given the right ones when it is time
		h.Details, h.Rewritten = n.Details, n.Rewritten
	}
	return h, before
}

// couldRead says whether a helper has been given the private details by now, or has
// opened them before.
func (n Need) couldRead(c Claim, h Heard, now time.Time) bool {
	return n.given(c, now) || h.Opened
}

// opensSooner says whether a helper's private details are to be given now only
// because the need was moved.
func (n Need) opensSooner(c Claim, before Need, now time.Time) bool {
	sooner := n.DetailsOpen(now) && !before.DetailsOpen(now) || n.given(c, now) && !before.given(c, now)
	return n.Details && sooner && !IsGuest(c.Helper.ID)
}

// tellBackup notes what somebody who stands by has to hear.
func (n Need) tellBackup(b *Claim, was Terms, now time.Time) Owed {
	if b.Heard == nil {
		b.Heard = &Heard{Terms: was, Since: now.UTC()}
	}
	notice := Owed{What: OwedMoved, To: b.Helper.ID, About: n.Member, Due: n.noticeDue(b.Heard.Since, now), Standing: true}
	if !b.Heard.public(n.Terms()) {
		b.Heard, notice.Withdrawn = nil, true
	}
	return notice
}

// tellMember notes what the member has to hear of a moderator's change.
func (n *Need) tellMember(was Terms, now time.Time) Owed {
	if n.Heard == nil {
		n.Heard = &Heard{Terms: was, Since: now.UTC()}
	}
	notice := Owed{What: OwedMoved, To: n.Member.ID, About: n.Member, Due: n.noticeDue(n.Heard.Since, now), Standing: true}
	if !n.Heard.public(n.Terms()) && !n.Heard.Private(n.Terms()) {
		n.Heard, notice.Withdrawn = nil, true
	}
	return notice
}

// noticeDue is when a change is told that began at since.
func (n Need) noticeDue(since, now time.Time) time.Time {
	if n.Start.Sub(now) < gatherNear {
		return now
	}
	due := now.Add(gather)
	if most := since.Add(gatherMost); most.Before(due) {
		due = latest(now, most)
	}
	return due
}

// HeardBy is what somebody last heard, where it is not true any more, and nil
// otherwise. guest is the guest whom they look after, or empty.
func (n Need) HeardBy(id, guest string) *Heard {
	if i := n.claim(guest); guest != "" && i >= 0 && n.Claims[i].AnswersFor(n) == id {
		return n.Claims[i].Heard
	}
	if guest != "" {
		return nil
	}
	if id == n.Member.ID {
		return n.Heard
	}
	if i := n.claim(id); i >= 0 {
		return n.Claims[i].Heard
	}
	if i := n.backup(id); i >= 0 {
		return n.Backups[i].Heard
	}
	return nil
}

// Told notes that somebody has heard what has changed: the notice of it is not
// owed any more.
func (n Need) Told(id, guest string) (Need, []Owed) {
	if n.HeardBy(id, guest) == nil {
		return n, nil
	}
	o := Owed{What: OwedMoved, To: id, About: n.Member, Standing: true, Withdrawn: true}
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	i, j := n.claim(id), n.backup(id)
	if guest != "" {
		i = n.claim(guest)
	}
	switch {
	case guest == "" && id == n.Member.ID:
		n.Heard = nil
	case i >= 0:
		n.Claims[i].Heard = nil
		o = n.toward(n.Claims[i], o)
	default:
		n.Backups[j].Heard = nil
	}
	return n, []Owed{o}
}

// Move changes when a need is, see Change. A zero end keeps the length, and for
// company the hour of the morning.
func (n Need) Move(by string, moderator bool, start, end, now time.Time) (Need, []Owed, error) {
	return n.Change(by, moderator, Edit{Start: start, End: end}, now)
}

// checkTimes refuses times that no need can have.
func checkTimes(start, end, now time.Time) error {
	switch {
	case !start.After(now):
		return refuse("time-past", "That time has already passed.", "Please give a time that is still ahead, such as “tomorrow 1pm”.")
	case start.Sub(now) > MaxAhead:
		return refuse("time-far", "That is more than a year ahead.", "Please check the date; I can take requests up to 400 days ahead.")
	case !end.After(start):
		return refuse("time-order", "It would end before it starts.", "Please check the two times.")
	case end.Sub(start) > MaxLasts:
		return refuse("time-long", "That is longer than two days in one go.", "Please ask for each day on its own, so that different people can help.")
	}
	return nil
}
