package village

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// SessionState is how a session stands.
type SessionState int

// A session is ahead, cancelled, going on, or over.
const (
	SessionAhead SessionState = iota
	SessionOff
	SessionNow
	SessionDone
)

// Standing is how a session stands with its help.
type Standing struct {
	State SessionState
	// Covered is how many of the Asked needs have everybody they want.
	Covered, Asked int
}

// Standing is how a session stands. needs are those of it that are not cancelled.
func (s Session) Standing(needs []Need, now time.Time) Standing {
	st := Standing{Asked: len(needs)}
	for _, n := range needs {
		if n.Spoken() >= n.Wanted {
			st.Covered++
		}
	}
	switch {
	case s.Why == Cancelled:
		st.State = SessionOff
	case s.On(now):
		st.State = SessionNow
	case s.done(now):
		st.State = SessionDone
	}
	return st
}

// RideToCome is the ride home that somebody may be waiting for.
func RideToCome(needs []Need, now time.Time) (Need, bool) {
	for _, n := range needs {
		if n.Kind.BringsHome() && n.ToCome(now) && !Fetched(n) {
			return n, true
		}
	}
	return Need{}, false
}

// ToCome says whether a need still stands and is not over.
func (n Need) ToCome(now time.Time) bool { return n.Why == "" && now.Before(n.End) }

// IdeaFor draws the card that belongs to a step, when it is first needed: none
// comes twice within a course before all of the cards (ids) have come.
func (c Course) IdeaFor(step Step, cards []string) (Course, string) {
	if id, ok := c.Prompts[step.Key()]; ok && slices.Contains(cards, id) {
		return c, id
	}
	return c.drawn(step.Key(), Draw(c.ID, cards, slices.Collect(maps.Values(c.Prompts))))
}

// drawn notes a card that was drawn.
func (c Course) drawn(key, card string) (Course, string) {
	c.Prompts = maps.Clone(c.Prompts)
	if c.Prompts == nil {
		c.Prompts = map[string]string{}
	}
	c.Prompts[key] = card
	return c, card
}

// WithoutIdea lets another card be drawn for a step. The one before counts as
// seen.
func (c Course) WithoutIdea(step Step) Course {
	before, ok := c.Prompts[step.Key()]
	if !ok {
		return c
	}
	c, _ = c.drawn(step.Key()+"/"+before, before)
	delete(c.Prompts, step.Key())
	return c
}

// intentions begin the keys of the cards that were drawn as an intention.
const intentions = "intention/"

// DrawIntention draws a card (of these ids) for a session.
func (c Course) DrawIntention(s Session, cards []string, now time.Time) (Course, Session) {
	var seen []string
	for key, id := range c.Prompts {
		if strings.HasPrefix(key, intentions) {
			seen = append(seen, id)
		}
	}
	s.Card, s.Drawn = Draw(c.ID, cards, seen), now.UTC()
	c, _ = c.drawn(intentions+s.Card, s.Card)
	return c.With(s), s
}

// Pack ticks an item of the bag, or takes its tick away.
func (s Session) Pack(item string) Session {
	if i := slices.Index(s.Packed, item); i >= 0 {
		s.Packed = slices.Delete(slices.Clone(s.Packed), i, i+1)
		return s
	}
	s.Packed = append(slices.Clone(s.Packed), item)
	return s
}

// MoreAhead says whether other sessions than this one (an ID) are still ahead.
func (c Course) MoreAhead(id string, now time.Time) bool {
	return slices.ContainsFunc(c.Sessions, func(s Session) bool { return s.ID != id && s.Ahead(now) })
}

// OnTheWayHome says whether a ride home has somebody who has not yet said that the
// member is there.
func (n Need) OnTheWayHome() bool {
	return n.Kind.BringsHome() && !n.Came.IsZero() && n.Arrived.IsZero() || n.Kind.BringsHome() && slices.ContainsFunc(n.Claims, func(c Claim) bool { return c.Home.IsZero() })
}

// Ahead are the sessions that have still to begin.
func (c Course) Ahead(now time.Time) []Session {
	return slices.DeleteFunc(slices.Clone(c.Sessions), func(s Session) bool { return !s.Ahead(now) })
}

// Cancelling are the sessions that are cancelled in a later state of the course and
// not yet in this one.
func (c Course) Cancelling(after Course) []Session {
	return slices.DeleteFunc(slices.Clone(after.Sessions), func(s Session) bool {
		was, _ := c.Session(s.ID)
		return was.Why == s.Why || s.Why != Cancelled
	})
}
