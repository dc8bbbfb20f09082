package village

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Step is one reminder of a course's plan. Words are looked up when it is sent.
type Step struct {
	// Session is the session it belongs to.
	Session string
	// Name is what it is called, in commands and in the deck of reminders.
	Name string
	// Part tells steps of one name apart: "before" and "after", "food" and
	// "drinks", or the day.
	Part string
	// Due is when it is sent, Until when it would mean nothing any more.
	Due, Until time.Time
	// Along marks a rule that is said along with the one before it, at the same
	// time, and not by itself.
	Along bool
	// Own says that the member has chosen its hour.
	Own bool
}

// Key is the same for the same step of the same session, whenever it is due.
func (s Step) Key() string {
	key := s.Session + "/" + s.Name
	if s.Part != "" {
		key += "/" + s.Part
	}
	return key
}

// CanWait says whether a step that is late may wait for the morning.
func (s Step) CanWait() bool { return s.Name != TimeToGo && s.Name != HomeRest }

// The names of the steps, as in the deck of reminders.
const (
	BookRide      = "book-ride"
	BookChild     = "book-childcare"
	Hydration     = "hydration"
	Fasting       = "fasting"
	PackBag       = "pack-bag"
	Intention     = "intention"
	SleepEarly    = "sleep-early"
	SomeoneToCall = "someone-to-call"
	SessionToday  = "session-today"
	TimeToGo      = "time-to-go"
	HomeRest      = "home-rest"
	EveningCard   = "evening-prompt"
	Integration   = "integration"
	TalkAhead     = "integration-appointment"
	KeepMeds      = "keep-medicines"
	CheckIn       = "check-in"
	TouchUp       = "touch-up-question"
)

// StepNames are all names in the order in which they come.
func StepNames() []string {
	return []string{BookRide, BookChild, Hydration, SomeoneToCall, PackBag, Fasting, Intention, SleepEarly, SessionToday, TimeToGo,
		HomeRest, EveningCard, CheckIn, KeepMeds, Integration, TalkAhead, TouchUp}
}

// CheckInDays is for how many days after a session a check-in comes.
const CheckInDays = 14

// patience is what happens to a step whose time lies in quiet hours.
type patience int

const (
	cannotWait  patience = iota // it cannot wait, and comes all the same
	comesBefore                 // it comes before them
	comesAfter                  // it comes after them
)

// Plan is every reminder that a course owes, in the order in which they are
// due: those of sessions that are not cancelled, after the time at which their
// date was set, and before the course was stopped. It is a pure function of
// the course, those it stands beside, and the quiet hours. Nothing is due while a session goes on, and
// only what cannot wait is due in quiet hours, unless the member has set the
// time.
func Plan(c Course, quiet Quiet) []Step {
	p := planner{c: c, quiet: quiet, zone: c.zone(), days: slices.Clone(c.beside)}
	for _, s := range c.Sessions {
		if s.live() {
			p.live = append(p.live, s)
			p.days = append(p.days, c.appointment(s))
		}
	}
	for i, s := range p.live {
		p.before(i, s)
		p.onTheDay(s)
		p.after(i, s)
	}
	p.talks()
	p.fold()
	slices.SortFunc(p.steps, func(a, b Step) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Key(), b.Key()))
	})
	return p.steps
}

type planner struct {
	c     Course
	quiet Quiet
	zone  *time.Location
	live  []Session
	days  []appointment // all of the member's, those of other plans too
	steps []Step
}

// before is the days up to a session. What can wait for the evening before is one note
// then.
func (p *planner) before(i int, s Session) {
	day := s.Start.In(p.zone)
	if due := p.bookBy(s, day); !due.IsZero() {
		p.add(s, BookRide, "", due, s.Start, comesBefore)
		if p.c.wantsChildcare() {
			p.add(s, BookChild, "", due, s.Start, comesBefore)
		}
	}
	eve, leave := p.evening(s, day, -1), s.Start.Add(-Leave)
	p.add(s, Hydration, "before", eve, onDay(day, 0, 0), comesBefore)
	if i == 0 {
		p.add(s, SomeoneToCall, "", eve, s.Start, comesBefore)
	}
	p.add(s, PackBag, "", eve, leave, comesBefore)
	p.fasting(s, eve)
	p.add(s, Intention, "", eve, s.Start, comesBefore)
	p.add(s, SleepEarly, "", eve, onDay(day, 0, 0), comesBefore)
}

// OnTime is how late something that belongs to an hour may come and still count as
// coming at that hour: a clinic's rule, a note, a channel's reminder.
const OnTime = 15 * time.Minute

// fasting follows the clinic's own rule. Without one it comes the evening
// before and says so. It is not for reading afterwards.
func (p *planner) fasting(s Session, eve time.Time) {
	if p.c.Clinic.Food == 0 && p.c.Clinic.Drinks == 0 {
		p.add(s, Fasting, "", eve, s.Start.Add(-Leave), comesBefore)
		return
	}
	for _, part := range []struct {
		name string
		fast time.Duration
	}{{"food", p.c.Clinic.Food}, {"drinks", p.c.Clinic.Drinks}} {
		if part.fast > 0 {
			from := s.Start.Add(-part.fast)
			p.add(s, Fasting, part.name, p.ruleDue(s, from, eve), from.Add(OnTime), comesBefore)
		}
	}
	p.sayOnce()
}

// sayOnce lets one of the two fasting reminders that have just been added speak
// for both where both are due at the same time: each says both rules.
func (p *planner) sayOnce() {
	n := len(p.steps)
	if n < 2 {
		return
	}
	food, drinks := p.steps[n-2], &p.steps[n-1]
	drinks.Along = food.Name == Fasting && drinks.Name == Fasting && food.Session == drinks.Session && food.Due.Equal(drinks.Due)
}

func (p *planner) onTheDay(s Session) {
	day := s.Start.In(p.zone)
	leave := s.Start.Add(-Leave)
	if morning := onDay(day, 0, morningNote); morning.Before(leave.Add(-30 * time.Minute)) {
		p.add(s, SessionToday, "", morning, leave, comesBefore)
	}
	p.add(s, TimeToGo, "", leave, s.Start, cannotWait)
	home := s.End.Add(HomeAfter)
	if s.Why == Past { // the member has said that they are out, and was answered then
		return
	}
	p.add(s, HomeRest, "", home, home.Add(4*time.Hour), cannotWait)
}

func (p *planner) after(i int, s Session) {
	day := s.Start.In(p.zone)
	evening := p.settled(day)
	if !p.quiet.Holds(evening, p.zone) {
		p.add(s, EveningCard, "", evening, onDay(day, 1, 0), comesAfter)
	}
	p.checkIns(i, s)
	if !p.taken(i, day, 1) {
		p.add(s, Hydration, "after", onDay(day, 1, dayNote), onDay(day, 1, 15*60), comesAfter)
	}
	last := i == len(p.live)-1
	if i == 0 && !p.taken(i, day, 1) {
		p.add(s, KeepMeds, "1", onDay(day, 1, dayNote), onDay(day, 2, 12*60), comesAfter)
	}
	if last && !p.taken(i, day, 7) {
		p.add(s, KeepMeds, "7", onDay(day, 7, dayNote), onDay(day, 9, 12*60), comesAfter)
	}
	if last && p.c.TouchUp && !p.taken(i, day, 42) {
		p.add(s, TouchUp, "", onDay(day, 42, dayNote), onDay(day, 56, 11*60), comesAfter)
	}
}

// checkIns come day after day, until the next session begins its own days.
func (p *planner) checkIns(i int, s Session) {
	day := s.Start.In(p.zone)
	for d := 1; d <= CheckInDays && !p.taken(i, day, d); d++ {
		p.add(s, CheckIn, fmt.Sprint(d), onDay(day, d, dayNote), onDay(day, d+1, dayNote), comesAfter)
		if d == 1 || d == 3 || d == 7 {
			p.add(s, Integration, fmt.Sprint(d), onDay(day, d, dayNote), onDay(day, d+1, dayNote), comesAfter)
		}
	}
}

// taken says whether another session has begun its own days by then.
func (p *planner) taken(i int, day time.Time, d int) bool {
	by := func(start time.Time) bool { return !onDay(start.In(p.zone), 0, 0).After(onDay(day, d, 0)) }
	if i+1 < len(p.live) && by(p.live[i+1].Start) {
		return true
	}
	return slices.ContainsFunc(p.c.beside, func(o appointment) bool { return o.start.After(p.live[i].Start) && by(o.start) })
}

// talks are reminded of that morning, or the evening before an early one. They
// belong to the session before them, or to the first.
func (p *planner) talks() {
	if len(p.live) == 0 {
		return
	}
	for _, talk := range p.c.Talks {
		owner := p.live[0]
		for _, s := range p.live {
			if s.Start.Before(talk) {
				owner = s
			}
		}
		local := talk.In(p.zone)
		due := onDay(local, 0, dayNote)
		if due.After(talk.Add(-2 * time.Hour)) {
			due = p.evening(owner, local, -1)
		}
		p.add(owner, TalkAhead, fmt.Sprint(talk.Unix()), due, talk, comesBefore)
	}
}

// add puts a step where it may be: where the member wants it, else out of
// quiet hours; never into a session.
func (p *planner) add(s Session, name, part string, due, until time.Time, r patience) {
	tweak := p.c.tweak(s.ID, name)
	if tweak.Off {
		return
	}
	chosen, own := p.chosen(s, name, due, until, tweak.At)
	if own {
		due = p.outside(chosen)
		if !until.After(chosen) {
			until = chosen.Add(time.Hour)
		}
	} else {
		due = p.undisturbed(due, r)
	}
	if !due.After(s.Planned) || !due.Before(until) || p.isOver(s, name, due, r) || r != cannotWait && !own && p.quiet.Holds(due, p.zone) || name == Hydration && p.dry(due) {
		return
	}
	p.steps = append(p.steps, Step{Session: s.ID, Name: name, Part: part, Due: due.UTC(), Until: until.UTC(), Own: own})
}

// isOver says whether a step has nothing left to be about: the course was stopped, or the
// session that it gets ready for has begun.
func (p *planner) isOver(s Session, name string, due time.Time, r patience) bool {
	return !p.c.Stopped.IsZero() && due.After(p.c.Stopped) || r == comesBefore && name != TalkAhead && !due.Before(s.Start)
}

// undisturbed is when a step disturbs neither a night nor a session.
func (p *planner) undisturbed(due time.Time, r patience) time.Time {
	switch r {
	case comesBefore:
		due = p.quiet.Before(due, p.zone)
	case comesAfter: // a session may end in the night
		due = p.quiet.After(p.outside(p.quiet.After(due, p.zone)), p.zone)
	}
	return p.outside(due)
}

// soonest is how long before a session somebody may be told to set off for it.
const soonest = 6 * time.Hour

// chosen is the hour that the member has set for a step, on the day of due. It
// keeps its side of the session, whatever day and hour that is moved to: what
// can be of use only before some time is not put behind it, and what comes out
// of a session not before its end. A fasting rule is said the evening before
// rather than when it holds already; any other hour that would be on the wrong
// side does not count.
func (p *planner) chosen(s Session, name string, due, until time.Time, at *int) (time.Time, bool) {
	if at == nil {
		return time.Time{}, false
	}
	local := due.In(p.zone)
	t := onDay(local, 0, *at)
	switch name {
	case Fasting:
		if !t.Before(until) {
			t = onDay(local, -1, *at)
		}
	case SessionToday:
		return t, t.Before(s.Start)
	case TimeToGo:
		return t, t.Before(s.Start) && !t.Before(s.Start.Add(-soonest))
	case TalkAhead:
		return t, t.Before(until)
	case HomeRest, EveningCard:
		return t, !t.Before(s.end())
	}
	return t, true
}

// outside is the first instant from t on at which no session goes on.
func (p *planner) outside(t time.Time) time.Time {
	for _, s := range p.live { // by start, and none runs into the next
		if s.silent(t) {
			t = s.End
		}
	}
	return t
}

// silent says whether t lies in the time that was planned for a session that
// takes place, or has.
func (s Session) silent(t time.Time) bool {
	return s.live() && !t.Before(s.Start) && t.Before(s.end())
}

// end is when a session really ended, as far as is known.
func (s Session) end() time.Time {
	if s.Why == Past && s.Ended.Before(s.End) {
		return s.Ended
	}
	return s.End
}

func (c Course) wantsChildcare() bool { return slices.Contains(c.Help, Childcare) }

// Silence is until when nothing is sent to the member of these courses, or the
// zero time when anything may be.
func Silence(courses []Course, now time.Time) (until time.Time) {
	for _, c := range courses {
		for _, s := range c.Sessions {
			if !c.Draft && s.On(now) && s.End.After(until) {
				until = s.End
			}
		}
	}
	return until
}

// Draw picks one of the cards that has not been drawn yet, in an order that
// differs from course to course and is always the same for one. When all have
// been drawn, it begins again. It is "" when there are no cards.
func Draw(seed string, cards, drawn []string) string {
	best, least := "", uint64(0)
	for again := range 2 {
		for _, card := range cards {
			if again == 0 && slices.Contains(drawn, card) {
				continue
			}
			if h := mix(seed, card, again*len(drawn)); best == "" || h < least {
				best, least = card, h
			}
		}
		if best != "" {
			return best
		}
	}
	return ""
}

func mix(seed, card string, round int) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(fmt.Sprintf("%s/%d/%s", seed, round, card)) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h ^ h>>29
}

// BothRules is the part of a step that says two rules in one.
const BothRules = "food and drinks"

// Spoken are the steps that come by themselves. One that says another rule along
// with its own has both for its part.
func Spoken(steps []Step) []Step {
	var out []Step
	for _, step := range steps {
		if step.Along {
			continue
		}
		if slices.ContainsFunc(steps, func(o Step) bool {
			return o.Along && o.Session == step.Session && o.Name == step.Name && o.Due.Equal(step.Due)
		}) {
			step.Part = BothRules
		}
		out = append(out, step)
	}
	return out
}

// ComesAt says whether a step of this name that is still to come has that hour, in
// minutes after midnight on the member's clock, or none is to come at all.
func (c Course) ComesAt(name string, minutes int, quiet Quiet, now time.Time) bool {
	none := true
	for _, step := range Spoken(Plan(c, quiet)) {
		if step.Name != name || !step.Due.After(now) {
			continue
		}
		none = false
		if clockOf(step.Due, c.zone()) == minutes {
			return true
		}
	}
	return none
}

// Books is the kind of need that a step asks the member to see to, if any.
func (s Step) Books() Kind {
	switch s.Name {
	case BookRide:
		return RideHome
	case BookChild:
		return Childcare
	}
	return ""
}

// Early says whether a fasting step comes before its rule begins.
func (c Course) Early(s Session, step Step) bool {
	begins := s.Start.Add(-c.Clinic.Food)
	if step.Part == "drinks" {
		begins = s.Start.Add(-c.Clinic.Drinks)
	}
	return step.Part == "" || step.Due.Before(begins)
}

// RulesHold says which of the clinic's rules for a session hold already: what was
// had since has broken them unknowingly.
func (c Course) RulesHold(s Session, now time.Time) (food, drinks bool) {
	holds := func(fast time.Duration) bool { return fast > 0 && s.Ahead(now) && !now.Before(s.Start.Add(-fast)) }
	return holds(c.Clinic.Food), holds(c.Clinic.Drinks)
}
