package village

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// # Courses and sessions
//
//	session    means                        becomes
//	planned    it is ahead, or on just now  cancelled, over
//	cancelled  it does not take place       (stays)
//	over       the member has said so       (stays)
//
// A course is the sessions that a member has planned together. It is a draft
// until the member has seen the whole plan and said yes to it; a draft owes
// nobody anything. What a course owes is a pure function of it: see Plan for
// reminders, Asks for help.

// Limits of a course.
const (
	// MaxCourses is how many courses one person may have at a time.
	MaxCourses = 12
	// MaxSessions is how many sessions one course may have.
	MaxSessions = 12
	// UsualLength is how long a session is when nobody says.
	UsualLength = 2 * time.Hour
	// MinLength is how long a session is at least.
	MinLength = 15 * time.Minute
	// MaxLength is how long a session is at most.
	MaxLength = 12 * time.Hour
	// MaxFast is the longest fasting rule that is taken down. What is longer
	// is more likely a slip, and it is the clinic's to say.
	MaxFast = 24 * time.Hour
	// Leave is how long before the start it is time to go.
	Leave = time.Hour
	// HomeAfter is how long after the end somebody is most likely at home.
	HomeAfter = time.Hour
	// MaxTalks is how many talks with the therapist one course may have.
	MaxTalks = 24
	// KeepCourse is how long after everything in it a course is kept.
	KeepCourse = 90 * 24 * time.Hour
	// KeepDraft is how long a plan waits for its yes.
	KeepDraft = 24 * time.Hour
)

// Course is the sessions that a member has planned together, and what belongs
// to all of them.
type Course struct {
	ID     string `json:"id"`
	Member Person `json:"member"`
	// Zone is the IANA zone in which the member thinks of the sessions.
	Zone     string    `json:"zone"`
	Sessions []Session `json:"sessions"` // by start
	Clinic   Clinic    `json:"clinic,omitzero"`
	// Help is what is asked of the village for every session.
	Help []Kind `json:"help,omitempty"`
	// Hours are those that a kind of help has of its own.
	Hours map[Kind]Hours `json:"hours,omitempty"`
	// Alone says that the member has somebody already, and asks for nobody.
	Alone bool `json:"alone,omitempty"`
	// Hidden asks without the member's name.
	Hidden bool `json:"hidden,omitempty"`
	// Area is roughly where the sessions are, Home where the member lives: both
	// are public words.
	Area string `json:"area,omitempty"`
	Home string `json:"home,omitempty"`
	// Private says that there are private words for whoever helps. They are kept
	// beside it, sealed, see DetailsUntil.
	Private bool `json:"private,omitempty"`
	// KeepDetails is as in Need.
	KeepDetails int `json:"keep_details,omitempty"`
	// Talks are the talks with the therapist afterwards.
	Talks []time.Time `json:"talks,omitempty"`
	// TouchUp asks weeks later how to go on.
	TouchUp bool `json:"touch_up,omitempty"`
	// Tweaks are the member's changes to reminders: by a reminder's name, or
	// by a session's id, a slash and the name, which counts for more.
	Tweaks map[string]Tweak `json:"tweaks,omitempty"`
	// Prompts are the cards that were drawn, by the step's key.
	Prompts map[string]string `json:"prompts,omitempty"`
	Draft   bool              `json:"draft,omitempty"`
	Since   time.Time         `json:"since"`
	// Stopped is when the member ended the whole course; nothing is due after.
	Stopped time.Time `json:"stopped,omitzero"`

	beside []appointment // the member's sessions in other courses
}

// appointment is a session as the plan of another day sees it.
type appointment struct {
	start, end time.Time
	dry        time.Time // from when on nothing is said of drinking
}

// appointment is one of the course's own sessions. Where only the rule for food is known,
// it is taken for that of drinks, too.
func (c Course) appointment(s Session) appointment {
	return appointment{start: s.Start, end: s.end(), dry: s.Start.Add(-cmp.Or(c.Clinic.Drinks, c.Clinic.Food))}
}

// Beside is the course among the member's other ones: the days after a session
// end where those of a session in another course begin. It is not written down.
func (c Course) Beside(courses []Course) Course {
	c.beside = nil
	for _, o := range courses {
		if o.ID == c.ID || o.Draft {
			continue
		}
		for _, s := range o.Sessions {
			if s.live() {
				c.beside = append(c.beside, o.appointment(s))
			}
		}
	}
	return c
}

// Session is one appointment.
type Session struct {
	ID string `json:"id"`
	// Start and End are instants in UTC.
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	// Planned is when this date was set: nothing is due before it.
	Planned time.Time `json:"planned"`
	Why     Ending    `json:"why,omitempty"`
	// Ended is when it was cancelled or said to be over.
	Ended time.Time `json:"ended,omitzero"`
	// Needs are the ids of what is asked for, by kind.
	Needs map[Kind]string `json:"needs,omitempty"`
	// Packed are the cards of the bag that have been ticked, Card the intention
	// that was drawn.
	Packed []string `json:"packed,omitempty"`
	Card   string   `json:"card,omitempty"`
	// Drawn is when that card was drawn.
	Drawn time.Time `json:"drawn,omitzero"`
}

// Clinic is the clinic's own rules, in its own numbers. There are no others.
type Clinic struct {
	// Food and Drinks are how long before the start there is no more of them;
	// 0 means that the member has not said.
	Food   time.Duration `json:"food,omitempty"`
	Drinks time.Duration `json:"drinks,omitempty"`
	// Collect is who has to collect the member, in public words.
	Collect string `json:"collect,omitempty"`
}

// Tweak is a member's change to a reminder.
type Tweak struct {
	Off bool `json:"off,omitempty"`
	// At is another time of its day, in minutes after midnight; nil leaves it.
	At *int `json:"at,omitempty"`
	// Words stand in place of ours.
	Words string `json:"words,omitempty"`
}

// CourseRequest is what a member says when planning.
type CourseRequest struct {
	ID     string
	IDs    []string // one for each start
	Member Person
	Zone   string
	Starts []time.Time
	Length time.Duration // 0: the usual length
	Clinic Clinic
	// Help is what was asked for; nil: the usual, see usualHelp.
	Help   *HelpWith
	Hidden bool
	Area   string
	Home   string
	Talks  []time.Time
	// TouchUp asks for the question weeks later.
	TouchUp bool
	// Others are the member's other courses.
	Others []Course
}

// NewCourse makes the draft of a course. Its errors are *Error.
func NewCourse(r CourseRequest, now time.Time) (Course, error) {
	if r.Length == 0 {
		r.Length = UsualLength
	}
	if len(r.Starts) == 0 || len(r.Starts) != len(r.IDs) {
		return Course{}, refuse("time-missing", "I still need the day and the time.", "For example: dec 1, 4 and 8 at 1pm.")
	}
	if len(r.Others) >= MaxCourses {
		return Course{}, refusef("too-many", "Please end or cancel one first: /session list.", "You have %d plans with me, which is as many as I keep.", len(r.Others))
	}
	c := Course{ID: r.ID, Member: r.Member, Zone: r.Zone, Clinic: r.Clinic, Hidden: r.Hidden,
		Area: strings.TrimSpace(r.Area), Home: strings.TrimSpace(r.Home), TouchUp: r.TouchUp, Draft: true, Since: now.UTC()}
	c.Talks = withTalks(nil, r.Talks)
	c = c.helped(r.Help)
	for i, start := range r.Starts {
		c.Sessions = append(c.Sessions, Session{ID: r.IDs[i], Start: start.UTC(), End: start.Add(r.Length).UTC(), Planned: now.UTC()})
	}
	c.sort()
	if err := c.fits(r.Length); err != nil {
		return Course{}, err
	}
	for _, s := range c.Sessions {
		if err := s.placed(now); err != nil {
			return Course{}, err
		}
		if err := c.clash(s, r.Others); err != nil {
			return Course{}, err
		}
	}
	return c, nil
}

func (c *Course) sort() {
	slices.SortStableFunc(c.Sessions, func(a, b Session) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
}

// placed refuses a date that cannot be planned.
func (s Session) placed(now time.Time) error {
	switch {
	case !s.Start.After(now):
		return refuse("time-past", "That time has already passed.", "Please give a time that is still ahead, such as “tomorrow 1pm”.")
	case s.Start.Sub(now) > MaxAhead:
		return refuse("time-far", "That is more than a year ahead.", "Please check the date; I can plan up to 400 days ahead.")
	}
	return nil
}

// clash refuses a session that runs into another one of the member's.
func (c Course) clash(s Session, others []Course) error {
	for _, other := range others {
		if other.ID == c.ID || other.Draft {
			continue
		}
		if slices.ContainsFunc(other.Sessions, s.runsInto) {
			return refuse("overlap", "You have already planned something at that time.", "/session list shows what is planned. You can move or cancel it.")
		}
	}
	if slices.ContainsFunc(c.Sessions, s.runsInto) {
		return refuse("overlap", "Two of your dates run into each other.", "Please check the dates and the length.")
	}
	return nil
}

func (s Session) runsInto(o Session) bool {
	return o.ID != s.ID && o.live() && o.Start.Before(s.End) && s.Start.Before(o.End)
}

// helpIsPossible refuses help that nobody would know where to give.
func (c Course) helpIsPossible() error {
	for _, k := range c.Help {
		if !slices.Contains(SessionHelp(), k) {
			return refusef("help-unknown", "I can ask for these with a plan: %s.", "I can't ask for %q with a plan.", string(k)).hinting(sessionHelpNames())
		}
		if _, own := c.Hours[k]; !own && k.known().planned.times == nil {
			return refusef("hours-missing", "For example: %s 3pm, or %s 3pm from the north side", "When is %s? It has an hour of its own.", k.Words().Noun).hinting(k.Words().Short, k.Words().Short)
		}
		if c.Hours[k].Place != "" {
			continue
		}
		way := k.known().planned
		if (way.fetches || way.brings) && c.Area == "" {
			return refuse("place-missing", "I can ask for rides once I know roughly where your appointment is.", "A rough place is enough; everybody in the group can read it. For example: area: near Union Station")
		}
		if !way.fetches && c.Home == "" {
			return refusef("place-missing", "A rough place is enough; everybody in the group can read it. For example: home: the west side. Or with its hour: childcare noon to 6pm at the west side",
				"To ask for %s I need to know roughly where you live.", k.Words().Noun)
		}
	}
	return nil
}

func sessionHelpNames() string {
	var names []string
	for _, k := range SessionHelp() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func (s Session) live() bool { return s.Why != Cancelled }

// Ahead says whether a session has still to begin.
func (s Session) Ahead(now time.Time) bool { return s.Why == "" && now.Before(s.Start) }

// On says whether it is going on: nothing is sent then.
func (s Session) On(now time.Time) bool {
	return s.Why == "" && !now.Before(s.Start) && now.Before(s.End)
}

func (s Session) done(now time.Time) bool { return s.Why == Past || !now.Before(s.End) }

// morning is when somebody who had a session the day before is spoken to as on
// other days again, in minutes after midnight on their own clock.
const morning = 8 * 60

// Resting is the session that a member is in, or has come out of, until the
// next morning. Whatever is said to them then is short, and leaves nothing to
// decide.
func (c Course) Resting(now time.Time) (Session, bool) {
	for _, s := range c.Sessions {
		if !c.Draft && s.live() && !now.Before(s.Start) && now.Before(onDay(s.Start.In(c.zone()), 1, morning)) {
			return s, true
		}
	}
	return Session{}, false
}

// Ended says whether nothing of a course is ahead any more.
func (c Course) Ended(now time.Time) bool {
	return !slices.ContainsFunc(c.Sessions, func(s Session) bool { return s.Why == "" && now.Before(s.End) })
}

// KeptUntil is when everything about a course is removed.
func (c Course) KeptUntil() time.Time {
	if c.Draft {
		return c.Since.Add(KeepDraft)
	}
	var last time.Time
	for _, s := range c.Sessions {
		if s.End.After(last) {
			last = s.End
		}
	}
	for _, talk := range c.Talks {
		if talk.After(last) {
			last = talk
		}
	}
	return last.Add(KeepCourse)
}

// DetailsUntil is when the private words of a course are wiped: as long after
// its last session as those of a need after that.
func (c Course) DetailsUntil() time.Time {
	if c.Draft {
		return c.KeptUntil()
	}
	var last time.Time
	for _, s := range c.Sessions {
		if s.live() && s.End.After(last) {
			last = s.End
		}
	}
	if last.IsZero() {
		last = c.Since // nothing takes place
	}
	return last.Add(c.DetailsKept())
}

// DetailsKept is how long after the end private words are kept.
func (c Course) DetailsKept() time.Duration { return keptFor(c.KeepDetails) }

// Session finds a session by its id.
func (c Course) Session(id string) (Session, bool) {
	i := slices.IndexFunc(c.Sessions, func(s Session) bool { return s.ID == id })
	if i < 0 {
		return Session{}, false
	}
	return c.Sessions[i], true
}

// With is the course with one of its sessions replaced.
func (c Course) With(s Session) Course {
	c.Sessions = slices.Clone(c.Sessions)
	if i := slices.IndexFunc(c.Sessions, func(o Session) bool { return o.ID == s.ID }); i >= 0 {
		c.Sessions[i] = s
	}
	return c
}

// Words are the member's own for a step, if any.
func (c Course) Words(s Step) string { return c.tweak(s.Session, s.Name).Words }

// Asks are the needs that come with a session, without ids. One that would
// have to begin before now is left out.
func (c Course) Asks(s Session, now time.Time) []Request {
	zone := c.zone()
	var out []Request
	for _, k := range c.Help {
		way := k.known().planned
		own, has := c.Hours[k]
		if way.times == nil && !has {
			continue // from a newer version's store
		}
		r := Request{Kind: k, Member: c.Member, Zone: c.Zone, From: c.Home, Hidden: c.Hidden, Begins: s.Start,
			Session: s.ID, Series: c.ID, Posted: c.PostedFrom(s, now)}
		if has {
			r.Start, r.End = own.on(s.Start.In(zone))
		} else {
			r.Start, r.End = way.times(s, zone)
		}
		switch {
		case own.Place != "":
			r.From, r.To = own.Place, c.Home
		case way.fetches:
			r.From, r.To, r.Note = c.Area, c.Home, c.Clinic.Collect
		case way.brings:
			r.To = c.Area
		}
		if r.Start.After(now) {
			out = append(out, r)
		}
	}
	return out
}

func (c Course) zone() *time.Location {
	return ZoneNamed(c.Zone)
}

// Done is how many sessions are behind the member, out of how many that take
// place.
func (c Course) Done(now time.Time) (done, all int) {
	for _, s := range c.Sessions {
		if !s.live() {
			continue
		}
		all++
		if s.done(now) {
			done++
		}
	}
	return done, all
}
