package village

import (
	"cmp"
	"slices"
	"time"
)

// Somebody who rests is not to be rung for every thing by itself. What one person's
// plans have to say is planned together: what can wait has one hour in the evening and
// one in the day, and all that is due at the same time is one message, the note. It is
// sent for the step that comes first in it; the others have nothing left to say.

const (
	// morningNote, dayNote and eveNote are the hours of the notes, in minutes after
	// midnight on the member's clock, and restNote is that of an evening after a session.
	morningNote, dayNote, eveNote, restNote = 8 * 60, 10 * 60, 18 * 60, 19*60 + 30
	// lateNote is for what was planned after the evening's note.
	lateNote = 20*60 + 30
	// settling is how long after a session somebody is left alone.
	settling = 2 * time.Hour
	// morningTakes is how much sooner a rule of the clinic may be said, so that it is
	// said with what comes in the morning.
	morningTakes = 90 * time.Minute
	// MostPlanned is how many notes of their plans somebody has on one day at most.
	MostPlanned = 4
	// MostOnSessionDay is how many on the day of a session; the questions about the ride
	// are beside them.
	MostOnSessionDay = 5
)

// PlanStep is a step with the course that it belongs to.
type PlanStep struct {
	Course Course
	Step
}

// Notes are all that these plans of one person owe, beside all that they have, in the
// order in which they are due: each is what is said in one message, the step first for
// which it is sent.
func Notes(plans, beside []Course, quiet Quiet) [][]PlanStep {
	var all []PlanStep
	for _, c := range plans {
		if c.Draft {
			continue
		}
		here := c.Beside(beside)
		for _, step := range Plan(here, quiet) {
			if !step.Along {
				all = append(all, PlanStep{here, step})
			}
		}
	}
	slices.SortFunc(all, func(a, b PlanStep) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Key(), b.Key()))
	})
	var notes [][]PlanStep
	for _, step := range all {
		if last := len(notes) - 1; last >= 0 && notes[last][0].Due.Equal(step.Due) {
			notes[last] = append(notes[last], step)
			continue
		}
		notes = append(notes, []PlanStep{step})
	}
	return notes
}

// OnlyOffered says whether a note holds nothing that somebody has to know, or has chosen
// the hour of: on a full day it can be left out.
func OnlyOffered(note []PlanStep) bool {
	return !slices.ContainsFunc(note, func(s PlanStep) bool {
		return s.Own || !slices.Contains([]string{Hydration, SleepEarly, EveningCard, Integration, Intention}, s.Name)
	})
}

// GivesWay says whether a note is left out, because its day in a zone is full with what
// somebody has set themselves (own, when it comes) and with what they have to know: that
// all comes, and of what is only offered as much as there is room for.
func GivesWay(notes [][]PlanStep, note []PlanStep, courses []Course, own []time.Time, zone *time.Location) bool {
	p := planner{zone: zone}
	day, room := note[0].Due, MostPlanned
	for _, c := range courses {
		for _, s := range c.Sessions {
			if s.live() && p.sameDay(s.Start, day) {
				room = MostOnSessionDay
			}
		}
	}
	minutes := map[int64]bool{}
	for _, t := range own {
		minutes[t.Unix()/60] = true
	}
	room -= len(minutes)
	var offered [][]PlanStep
	for _, n := range notes {
		switch {
		case !p.sameDay(n[0].Due, day):
		case OnlyOffered(n):
			offered = append(offered, n)
		default:
			room--
		}
	}
	slices.SortStableFunc(offered, func(a, b []PlanStep) int { return cmp.Compare(a[0].rank(), b[0].rank()) })
	i := slices.IndexFunc(offered, func(n []PlanStep) bool { return n[0].Key() == note[0].Key() })
	return i >= max(room, 0) && len(own) > 0
}

// NoteWith is the note in which a step is said, by the step's key; nil where it is in
// none.
func NoteWith(notes [][]PlanStep, key string) []PlanStep {
	i := slices.IndexFunc(notes, func(note []PlanStep) bool {
		return slices.ContainsFunc(note, func(s PlanStep) bool { return s.Key() == key })
	})
	if i < 0 {
		return nil
	}
	return notes[i]
}

// rank is the place of a step in its note: first what cannot be left for later, last what
// is only offered.
func (s Step) rank() int {
	return slices.Index([]string{SessionToday, TimeToGo, HomeRest, CheckIn, TouchUp, BookRide, BookChild, Fasting, TalkAhead,
		PackBag, SomeoneToCall, Intention, KeepMeds, Hydration, SleepEarly, EveningCard, Integration}, s.Name)
}

// Prepares says whether a step is one of those that get somebody ready for the next day.
func (s Step) Prepares() bool {
	switch s.Name {
	case Fasting, PackBag, SomeoneToCall, Intention, SleepEarly:
		return true
	case Hydration:
		return s.Part == "before"
	}
	return false
}

// Dry says whether somebody with these courses is to hear nothing of drinking at an
// instant: a rule of a clinic holds, or a session goes on.
func Dry(courses []Course, t time.Time) bool {
	for _, c := range courses {
		for _, s := range c.Sessions {
			if !c.Draft && s.live() && c.appointment(s).holds(t) {
				return true
			}
		}
	}
	return false
}

func (o appointment) holds(t time.Time) bool { return !t.Before(o.dry) && t.Before(o.end) }

func (p *planner) dry(t time.Time) bool {
	return slices.ContainsFunc(p.days, func(o appointment) bool { return o.holds(t) })
}

// settled is when somebody is spoken to in the evening of a day with a session.
func (p *planner) settled(day time.Time) time.Time {
	due := onDay(day, 0, restNote)
	for _, o := range p.days {
		if p.sameDay(o.start, day) {
			due = latest(due, o.end.Add(settling))
		}
	}
	return due
}

func (p *planner) sameDay(a, b time.Time) bool {
	return onDay(a.In(p.zone), 0, 0).Equal(onDay(b.In(p.zone), 0, 0))
}

func (p *planner) busy(day time.Time) bool {
	return slices.ContainsFunc(p.days, func(o appointment) bool { return p.sameDay(o.start, day) })
}

// evening is when the note of an evening comes, some days after that of day: after a
// session of that day, and later where it was planned too late for it. Where that is in
// the night or in a session, it comes sooner.
func (p *planner) evening(s Session, day time.Time, days int) time.Time {
	day = onDay(day, days, 0)
	usual := onDay(day, 0, eveNote)
	if p.busy(day) {
		usual = p.settled(day)
	}
	for _, due := range []time.Time{usual, onDay(day, 0, lateNote), onDay(day, 0, eveNote), onDay(day, 0, 15*60), onDay(day, 0, dayNote)} {
		if p.sameDay(due, day) && due.After(s.Planned) && !p.quiet.Holds(due, p.zone) && p.outside(due).Equal(due) {
			return due
		}
	}
	return usual
}

// bookBy is when somebody is asked about their ride: a week ahead, or two days, whichever
// is still to come, on a day without a session, or in the evening where there is none. It is zero when it is
// too late for that.
func (p *planner) bookBy(s Session, day time.Time) time.Time {
	for _, ahead := range []struct{ days, later int }{{-7, 2}, {-2, 1}} {
		due := onDay(day, ahead.days, dayNote)
		if !due.After(s.Planned) {
			continue
		}
		for later := range ahead.later + 1 {
			if other := onDay(day, ahead.days+later, dayNote); !p.busy(other) {
				return other
			}
		}
		return p.evening(s, day, ahead.days)
	}
	return time.Time{}
}

// ruleDue is when a rule of the clinic is said that holds from an instant: with the note
// of the evening before where it begins later, or with that of the morning, else when it
// begins.
func (p *planner) ruleDue(s Session, from, eve time.Time) time.Time {
	if p.c.tweak(s.ID, Fasting).At != nil {
		return from
	}
	if said := p.quiet.Before(from, p.zone); p.sameDay(said, eve) && !said.Before(eve) {
		return eve
	}
	morning := onDay(s.Start.In(p.zone), 0, morningNote)
	if morning.After(s.Planned) && !from.Before(morning) && from.Sub(morning) <= morningTakes && !p.quiet.Holds(morning, p.zone) {
		return morning
	}
	return from
}

// fold makes the messages of a day as few as are good for somebody: the idea for the
// evening comes with the word about being home, and a rule with the message before it.
func (p *planner) fold() {
	days := map[time.Time]bool{}
	for _, o := range p.days {
		days[onDay(o.start.In(p.zone), 0, 0)] = true
	}
	for day := range days {
		for _, name := range []string{EveningCard, Fasting} {
			for p.count(day) > MostOnSessionDay && p.foldOne(day, name) {
			}
		}
	}
}

// count is how many messages there are on a day, by its midnight.
func (p *planner) count(day time.Time) int {
	var dues []time.Time
	if p.busy(onDay(day, 1, 0)) { // another plan has its note that evening
		dues = append(dues, p.settled(day))
	}
	for _, s := range p.steps {
		if p.sameDay(s.Due, day) && !s.Along && !slices.ContainsFunc(dues, s.Due.Equal) {
			dues = append(dues, s.Due)
		}
	}
	return len(dues)
}

// foldOne has a step of that name said in the message before its own, and says whether
// there was one.
func (p *planner) foldOne(day time.Time, name string) bool {
	for i, s := range p.steps {
		if s.Name != name || s.Own || s.Along || !p.sameDay(s.Due, day) {
			continue
		}
		before := p.noteBefore(s)
		if before.IsZero() {
			continue
		}
		for j, o := range p.steps { // and what is said along with it
			if j == i || o.Along && o.Name == name && o.Session == s.Session && o.Due.Equal(s.Due) {
				p.steps[j].Due = before
			}
		}
		return true
	}
	return false
}

// noteBefore is the last message of the same day in which a step can be said rather than
// by itself; zero for none.
func (p *planner) noteBefore(s Step) (before time.Time) {
	owner, _ := p.c.Session(s.Session)
	for _, o := range p.steps {
		fits := s.Name == Fasting || o.Name == HomeRest && o.Session == s.Session
		if fits && o.Due.Before(s.Due) && o.Due.After(owner.Planned) && p.sameDay(o.Due, s.Due) && !p.quiet.Holds(o.Due, p.zone) {
			before = latest(before, o.Due)
		}
	}
	return before
}
