package village

import (
	"maps"
	"time"
)

// Preferences is how somebody wants to be written to.
type Preferences struct {
	// Plain words are shown at once; else they wait behind a tap.
	Plain bool `json:"plain,omitempty"`
	// Quiet are the person's own quiet hours; nil means the group's.
	Quiet *Quiet `json:"quiet,omitempty"`
	// Paused is until when none of their own reminders comes, Away until when nothing
	// comes that can wait: neither those, nor what their plans and requests only remind of.
	Paused time.Time `json:"paused,omitzero"`
	Away   time.Time `json:"away,omitzero"`
	// Plans are until when the reminders of a plan (its ID) do not come.
	Plans map[string]time.Time `json:"plans,omitempty"`
}

// OwnUntil is until when their own reminders are paused; past or zero for not at all.
func (p Preferences) OwnUntil() time.Time { return Later(p.Paused, p.Away) }

// PlanUntil is until when the reminders of a plan (its ID) are paused; past or zero for
// not at all.
func (p Preferences) PlanUntil(course string) time.Time { return Later(p.Away, p.Plans[course]) }

// PausePlan pauses the reminders of a plan (its ID) until an instant, or lets them go on
// where it is zero. What is over is forgotten.
func (p Preferences) PausePlan(course string, until, now time.Time) Preferences {
	plans := maps.Clone(p.Plans)
	if plans == nil {
		plans = map[string]time.Time{}
	}
	plans[course] = until.UTC()
	maps.DeleteFunc(plans, func(_ string, until time.Time) bool { return !until.After(now) })
	p.Plans = plans
	return p
}

// Resume lets everything go on.
func (p Preferences) Resume() Preferences {
	p.Paused, p.Away, p.Plans = time.Time{}, time.Time{}, nil
	return p
}

// NeverPaused says whether a step of a plan comes although its reminders are paused: the
// clinic's rule for food and drinks, and the word about a ride home that nobody is down
// for (open).
func (s Step) NeverPaused(open bool) bool {
	switch s.Name {
	case Fasting:
		return true
	case SessionToday, TimeToGo, HomeRest:
		return open
	}
	return false
}

// WaitsFor says until when a notice waits for somebody who wants to be left alone until
// an instant: what only reminds, of something that begins well after it. It is zero for
// what comes all the same: an answer, an alarm, a ride that is near.
func (j Notice) WaitsFor(away time.Time, n Need, now time.Time) time.Time {
	if !away.After(now) || j.Urgent() || n.Start.Sub(away) < stillAhead {
		return time.Time{}
	}
	return away
}

// stillAhead is how long before its hour a reminder is still in time.
const stillAhead = 12 * time.Hour
