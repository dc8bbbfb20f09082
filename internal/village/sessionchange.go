package village

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Revision is what is to be different about a course. What is nil stays as it
// is.
type Revision struct {
	// Length is how long each session is that has still to begin.
	Length *time.Duration
	// Food and Drinks are the clinic's own rule; 0 means that the member does
	// not know it.
	Food, Drinks *time.Duration
	// Collect, Area and Home are public words.
	Collect, Area, Home *string
	// Help is what is asked of the village for each session that has still to
	// begin.
	Help *HelpWith
	// Talks are the talks with the therapist that are still ahead.
	Talks   *[]time.Time
	TouchUp *bool
	// Starts are further sessions, with an id for each.
	Starts []time.Time
	IDs    []string
}

// ofSessions says whether something of it means only sessions that have still
// to begin.
func (r Revision) ofSessions() bool {
	return r.Length != nil || r.Food != nil || r.Drinks != nil || r.Collect != nil || r.Area != nil || r.Home != nil || r.Help != nil
}

// Revised is the course as it was asked to be. Sessions that have begun stay
// as they were. Its errors are *Error.
func (c Course) Revised(r Revision, others []Course, now time.Time) (Course, error) {
	if err := c.revisable(r, now); err != nil {
		return c, err
	}
	before := c
	c.Sessions = slices.Clone(c.Sessions)
	length := c.usualLength()
	if r.Length != nil {
		length = *r.Length
		for i, s := range c.Sessions {
			if s.Ahead(now) {
				c.Sessions[i].End = s.Start.Add(length)
			}
		}
	}
	for i, start := range r.Starts {
		c.Sessions = append(c.Sessions, Session{ID: r.IDs[i], Start: start.UTC(), End: start.Add(length).UTC(), Planned: now.UTC()})
	}
	c.sort()
	c = c.reworded(r, now)
	for _, s := range c.Sessions {
		if was, there := before.Session(s.ID); there && was.Start.Equal(s.Start) && was.End.Equal(s.End) {
			continue
		}
		if err := s.placed(now); err != nil {
			return before, err
		}
		if err := c.clash(s, others); err != nil {
			return before, err
		}
	}
	if err := c.fits(length); err != nil {
		return before, err
	}
	return c, nil
}

// revisable refuses a revision that comes too late.
func (c Course) revisable(r Revision, now time.Time) error {
	ahead := slices.ContainsFunc(c.Sessions, func(s Session) bool { return s.Ahead(now) }) || len(r.Starts) > 0
	if !c.Draft && !ahead && r.ofSessions() {
		return refuse("over", "Every session of this plan has begun or is over, so that cannot be changed any more.", "/session add plans new sessions.")
	}
	if len(r.Starts) > 0 && !c.Stopped.IsZero() {
		return refuse("over", "You have ended this plan, so nothing can be added to it.", "/session add plans new sessions.")
	}
	return nil
}

// reworded is the course with what a revision says of all its sessions.
func (c Course) reworded(r Revision, now time.Time) Course {
	set(&c.Clinic.Food, r.Food)
	set(&c.Clinic.Drinks, r.Drinks)
	set(&c.TouchUp, r.TouchUp)
	for _, w := range []struct{ is, to *string }{{&c.Clinic.Collect, r.Collect}, {&c.Area, r.Area}, {&c.Home, r.Home}} {
		if w.to != nil {
			*w.is = strings.TrimSpace(*w.to)
		}
	}
	if r.Help != nil || c.Draft && len(c.Help) == 0 && !c.Alone {
		c = c.helped(r.Help)
	}
	if r.Talks != nil {
		past := slices.DeleteFunc(slices.Clone(c.Talks), func(t time.Time) bool { return t.After(now) })
		c.Talks = withTalks(past, *r.Talks)
	}
	return c
}

func set[T any](is, to *T) {
	if to != nil {
		*is = *to
	}
}

// usualLength is how long the sessions of a course are: the last one, where
// they differ.
func (c Course) usualLength() time.Duration {
	if len(c.Sessions) == 0 {
		return UsualLength
	}
	last := c.Sessions[len(c.Sessions)-1]
	return last.End.Sub(last.Start)
}

// Without takes one date off a draft. Its errors are *Error.
func (c Course) Without(id string) (Course, error) {
	if _, ok := c.Session(id); !ok {
		return c, noSuchSession()
	}
	if len(c.Sessions) == 1 {
		return c, refuse("last-date", "That is the only date of this plan.", "You can give it another date with /session move, or not save the plan at all.")
	}
	c.Sessions = slices.DeleteFunc(slices.Clone(c.Sessions), func(s Session) bool { return s.ID == id })
	return c, nil
}

// fits refuses a course that is more than can be planned, and help that nobody
// would know where to give.
func (c Course) fits(length time.Duration) error {
	switch {
	case len(c.Sessions) > MaxSessions:
		return refusef("too-many", "Please plan the first ones now and the others later.", "That is %d dates; I take %d at a time.", len(c.Sessions), MaxSessions)
	case length < MinLength || length > MaxLength:
		return refuse("length-bounds", "I can plan for a length of 15 minutes to 12 hours.", "Please check it, for example: length: 2 hours.")
	case c.Clinic.Food < 0 || c.Clinic.Drinks < 0 || c.Clinic.Food > MaxFast || c.Clinic.Drinks > MaxFast:
		return refuse("fast-bounds", "That is more than a day without food or drinks, and I am not sure I read it right.", "Please check it with your clinic. You can leave it out; then I'll remind you of what they told you.")
	case len(c.Talks) > MaxTalks:
		return refusef("too-many", "Please leave out the last ones.", "That is %d talks; I take %d.", len(c.Talks), MaxTalks)
	}
	for _, words := range []string{c.Area, c.Home, c.Clinic.Collect} {
		if utf8.RuneCountInString(words) > MaxPlace {
			return refuse("too-long", "That is longer than fits on a card.", "Please use a few words; what is private or long belongs in the details.")
		}
	}
	return c.helpIsPossible()
}

// withTalks adds talks to those there are, each once.
func withTalks(talks, more []time.Time) []time.Time {
	for _, talk := range more {
		if !slices.ContainsFunc(talks, talk.Equal) {
			talks = append(talks, talk.UTC())
		}
	}
	return talks
}

// String is the clinic's fasting rule as somebody would type it, empty without
// one.
func (c Clinic) String() string {
	var rules []string
	for _, r := range []struct {
		of   string
		fast time.Duration
	}{{"food", c.Food}, {"drinks", c.Drinks}} {
		switch hours, minutes := int(r.fast.Hours()), int(r.fast.Minutes())%60; {
		case r.fast == 0:
		case minutes == 0:
			rules = append(rules, fmt.Sprintf("%s %d hours", r.of, hours))
		default:
			rules = append(rules, fmt.Sprintf("%s %d minutes", r.of, int(r.fast.Minutes())))
		}
	}
	return strings.Join(rules, ", ")
}

// RevisedAsk is what becomes of one kind of help of a session when a course
// changes from before: what is different, or that nobody is asked for it any
// more. New is true when it was not asked for before.
func (c Course) RevisedAsk(before Course, s Session, k Kind, now time.Time) (ask Request, e Edit, wanted, isNew bool) {
	ask, wanted = c.ask(s, k, now)
	old, had := before.Session(s.ID)
	was, asked := before.ask(old, k, now)
	if !wanted || !had || !asked {
		return ask, e, wanted, wanted
	}
	if !ask.Start.Equal(was.Start) || !ask.End.Equal(was.End) {
		e.Start, e.End, e.Begins = ask.Start, ask.End, ask.Begins
	}
	for _, w := range []struct {
		is, was string
		to      **string
	}{{ask.From, was.From, &e.From}, {ask.To, was.To, &e.To}, {ask.Note, was.Note, &e.Note}} {
		if w.is != w.was {
			*w.to = &w.is
		}
	}
	return ask, e, true, false
}

// ask is what is asked for of one kind with a session, if anything.
func (c Course) ask(s Session, k Kind, now time.Time) (Request, bool) {
	for _, r := range c.Asks(s, now) {
		if r.Kind == k {
			return r, true
		}
	}
	return Request{}, false
}

// Confirm turns a draft into a plan.
func (c Course) Confirm(now time.Time) (Course, error) {
	if !c.Draft {
		return c, refuse("saved", "This plan is saved already. Nothing has changed.", "/session list shows it.")
	}
	for _, s := range c.Sessions {
		if err := s.placed(now); err != nil {
			return c, refuse("time-past", "One of these dates has passed by now, so nothing was saved.", "Please type the plan once more with the dates that are still ahead.")
		}
	}
	c.Draft, c.Since = false, now.UTC()
	c.Sessions = slices.Clone(c.Sessions)
	for i := range c.Sessions {
		c.Sessions[i].Planned = now.UTC()
	}
	return c, nil
}

// Move sets another start for a session; its length stays. With later, the
// sessions after it that are still ahead move by as many days and by as much
// on the clock.
func (c Course) Move(id string, start time.Time, later bool, others []Course, now time.Time) (Course, error) {
	s, ok := c.Session(id)
	if !ok {
		return c, noSuchSession()
	}
	if !s.Ahead(now) {
		return c, s.gone()
	}
	zone := c.zone()
	moved := []Session{s.movedTo(start, now)}
	if later {
		by := wall(start, zone).Sub(wall(s.Start, zone))
		for _, o := range c.Sessions {
			if o.ID != id && o.Start.After(s.Start) && o.Ahead(now) {
				moved = append(moved, o.movedTo(fromWall(wall(o.Start, zone).Add(by), zone), now))
			}
		}
	}
	for _, m := range moved {
		was, _ := c.Session(m.ID)
		c = c.With(m).hoursMoved(m.ID, clockOf(m.Start, zone)-clockOf(was.Start, zone))
	}
	for _, m := range moved {
		if err := m.placed(now); err != nil {
			return c, err
		}
		if err := c.clash(m, others); err != nil {
			return c, err
		}
	}
	c.sort()
	return c, nil
}

// hoursMoved moves the hours that the member has set for setting off and for
// being home by some minutes on the clock, as a session moves. One that would
// come to lie on another day falls back to the usual.
func (c Course) hoursMoved(session string, by int) Course {
	for _, name := range []string{TimeToGo, HomeRest} {
		at := c.tweak(session, name).At
		if at == nil || by == 0 {
			continue
		}
		moved := *at + by
		c = c.Tweaked(session, name, func(t *Tweak) {
			t.At = &moved
			if moved < 0 || moved >= 24*60 {
				t.At = nil
			}
		})
	}
	return c
}

// clockOf is what the clock on the wall shows, in minutes after midnight.
func clockOf(t time.Time, zone *time.Location) int {
	t = t.In(zone)
	return t.Hour()*60 + t.Minute()
}

func (s Session) movedTo(start, now time.Time) Session {
	length := s.End.Sub(s.Start)
	s.Start, s.End = start.UTC(), start.Add(length).UTC()
	s.Planned = now.UTC()
	return s
}

// Cancel takes a session off the plan, or all that are ahead. One that is under
// way is taken off only by its own id: its member may be waiting for a ride.
func (c Course) Cancel(id string, all bool, now time.Time) (Course, error) {
	s, ok := c.Session(id)
	if !ok {
		return c, noSuchSession()
	}
	if !all && (s.Why != "" || !now.Before(s.End)) {
		return c, s.gone()
	}
	c.Sessions = slices.Clone(c.Sessions)
	for i, o := range c.Sessions {
		if !all && o.ID == id || all && o.Ahead(now) {
			c.Sessions[i].Why, c.Sessions[i].Ended = Cancelled, now.UTC()
		}
	}
	return c, nil
}

// End says that a session is over and the member is out: early, or after it.
func (c Course) End(id string, now time.Time) (Course, error) {
	s, ok := c.Session(id)
	if !ok {
		return c, noSuchSession()
	}
	if s.Why == Cancelled {
		return c, s.gone()
	}
	if now.Before(s.Start) {
		return c, refuse(CodeNotBegun, "This one has not begun yet.", "If it does not take place, you can cancel or move it.")
	}
	if s.Why == Past {
		return c, nil
	}
	s.Why, s.Ended = Past, now.UTC()
	return c.With(s), nil
}

// Stop ends the whole course: what is ahead is cancelled, and no more
// reminders come.
func (c Course) Stop(now time.Time) Course {
	c.Sessions = slices.Clone(c.Sessions)
	for i, o := range c.Sessions {
		switch {
		case o.Ahead(now):
			c.Sessions[i].Why, c.Sessions[i].Ended = Cancelled, now.UTC()
		case o.Why == "":
			c.Sessions[i].Why, c.Sessions[i].Ended = Past, now.UTC()
		}
	}
	if c.Stopped.IsZero() {
		c.Stopped = now.UTC()
	}
	return c
}

// Said is a reminder's change after what a member says of it: do is "on", "off",
// "usual" for as it was at first, or "" for whichever it was. An hour or words of
// their own switch it on.
func (t Tweak) Said(do string, at *int, words string) Tweak {
	if do == "usual" {
		t = Tweak{}
	}
	if do != "" {
		t.Off = do == "off"
	}
	if at != nil {
		t.At, t.Off = at, false
	}
	if words != "" {
		t.Words, t.Off = words, false
	}
	return t
}

// Tweaked changes one reminder of the plan, for one session or, with an empty
// id, for all.
func (c Course) Tweaked(session, name string, change func(*Tweak)) Course {
	key := tweakKey(session, name)
	c.Tweaks = maps.Clone(c.Tweaks)
	if c.Tweaks == nil {
		c.Tweaks = map[string]Tweak{}
	}
	t, ok := c.Tweaks[key]
	if !ok && session != "" {
		t = c.Tweaks[name] // what holds for all is where one session's change begins
	}
	change(&t)
	c.Tweaks[key] = t
	if session == "" { // what is said of all goes for each
		maps.DeleteFunc(c.Tweaks, func(k string, _ Tweak) bool { return strings.HasSuffix(k, "/"+name) })
	}
	return c
}

func tweakKey(session, name string) string {
	if session == "" {
		return name
	}
	return session + "/" + name
}

// tweak is the member's change to a step, if any.
func (c Course) tweak(session, name string) Tweak {
	if t, ok := c.Tweaks[session+"/"+name]; ok {
		return t
	}
	return c.Tweaks[name]
}

func (s Session) gone() error {
	if s.Why == Cancelled {
		return refuse("cancelled", "This one was cancelled already.", "/session list shows what is planned. To plan it again: /session add.")
	}
	return refuse("over", "This one has begun or is over, so it cannot be changed any more.", "/session list shows what is planned.")
}

func noSuchSession() error {
	return refuse("no-such-session", "I can't find that in your plans.", "/session list shows what is planned.")
}

// wall is what the clock on the wall shows, on a clock without a zone.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}

func fromWall(w time.Time, zone *time.Location) time.Time {
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), 0, 0, zone)
}
