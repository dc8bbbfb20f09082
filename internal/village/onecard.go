package village

import (
	"cmp"
	"slices"
	"time"
)

// All that one day of one person needs is one message in the channel: the needs that
// came with a session share its card. The channel hears of what is still open once a
// day, in the evening, and the moderators once a day, at noon; what cannot wait for
// that comes at once, and all of one day together.

const (
	// eveningNote and noonNote are the hours of the two notes, on the group's clock.
	eveningNote, noonNote = 18, 12
	// noteAhead is how long before the start a note still comes in time.
	noteAhead = 12 * time.Hour
	// reopenedAhead is the same for what somebody has stepped back from.
	reopenedAhead = 24 * time.Hour
	// noteOpen is how long a note still takes in what is due.
	noteOpen = time.Hour
	// gathering is how long what is owed about one day waits for the rest of it.
	gathering = time.Minute
	// noteDays is how far ahead the evening's note looks.
	noteDays = 7
)

// Card is what the message of a need in the channel is called: its own, or that of all
// that its session needs.
func (n Need) Card() string {
	if n.Session != "" {
		return "day/" + n.Session
	}
	return "need/" + n.ID
}

// SameDay says whether two needs share a card.
func (n Need) SameDay(o Need) bool { return n.ID == o.ID || n.Session != "" && n.Session == o.Session }

// CardOf is the need for which a card stands: the one given while it goes on, or else one
// that does.
func CardOf(day []Need, n Need) Need {
	for _, o := range day {
		if n.Why != "" && o.Why == "" {
			n = o
		}
	}
	return n
}

// ByDay puts needs in the order in which they begin, and what begins together in that of
// the kinds.
func ByDay(needs []Need) []Need {
	order := SessionHelp()
	needs = slices.Clone(needs)
	slices.SortStableFunc(needs, func(x, y Need) int {
		return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(slices.Index(order, x.Kind), slices.Index(order, y.Kind)))
	})
	return needs
}

// IsPosted says whether the channel has been told of a need by now, or is just being
// told.
func (n Need) IsPosted(now time.Time) bool { return !n.Asked.After(now) }

// PostedFrom is when the channel hears of a session's needs: a week before, and of the
// next one of a plan at once, so that the village hears of the plan.
func (c Course) PostedFrom(s Session, now time.Time) time.Time {
	ahead := c.Ahead(now)
	if !slices.ContainsFunc(ahead, func(o Session) bool { return o.Start.Before(s.Start) }) {
		return now
	}
	return latest(now, s.Start.Add(-SeriesAhead))
}

// Note says of what else a notice speaks beside its need, all as it is when it is sent.
type Note string

// The notes.
const (
	NoNote      Note = ""
	EveningNote Note = "evening" // the channel: all that is still open
	NoonNote    Note = "noon"    // the moderators: all that nobody has taken and that is near
	DayNote     Note = "day"     // all that the same session needs
)

// NoteFor is the note in which something that is owed is said, under a name that it
// shares with all that belongs there, and when; NoNote where it stands alone. quiet and
// zone are the group's.
func (n Need) NoteFor(o Owed, quiet Quiet, zone *time.Location, now time.Time) (note Note, name string, due time.Time) {
	if o.Due.After(now) {
		return NoNote, "", o.Due
	}
	switch o.What {
	case OwedRaised, OwedReopened:
		ahead := noteAhead
		if o.What == OwedReopened {
			ahead = reopenedAhead
		}
		if due := noteAt(now, eveningNote, quiet, zone); !due.After(n.Start.Add(-ahead)) {
			return EveningNote, "note/evening", due
		}
	case OwedUrgent:
		if due := noteAt(now, noonNote, quiet, zone); !due.After(n.Start.Add(-noteAhead)) {
			return NoonNote, "note/noon", due
		}
	case OwedUncovered:
	case OwedNoAnswer:
		if !slices.ContainsFunc(n.KeptSilent(), func(c Claim) bool { return c.Helper.ID == o.About.ID }) {
			return NoNote, "", o.Due // it is said in other words
		}
	default:
		return NoNote, "", o.Due
	}
	if n.Session == "" || !now.Before(n.Start) {
		return NoNote, "", o.Due
	}
	return DayNote, "note/" + string(o.What) + "/" + n.Session, o.Due.Add(gathering)
}

// noteAt is the next time at which a note of that hour is sent, out of quiet hours. What
// comes a little late is still said in it.
func noteAt(now time.Time, hour int, quiet Quiet, zone *time.Location) time.Time {
	local := now.In(zone)
	for days := 0; ; days++ {
		if due := quiet.Before(onDay(local, days, hour*60), zone); due.Add(noteOpen).After(now) {
			return latest(due, now)
		}
	}
}

// Until is how far ahead a note looks from now on; the zero time is as far as there is.
func (note Note) Until(now time.Time) time.Time {
	if note == EveningNote {
		return now.AddDate(0, 0, noteDays)
	}
	return time.Time{}
}

// In says whether a need belongs into a note that is sent for another one, or for
// itself.
func (j Notice) In(n, sentFor Need, zone *time.Location, now time.Time) bool {
	if j.asksOfDay() && len(n.KeptSilent()) == 0 || j.Note != NoNote && !n.IsPosted(now) || !j.On(n).Stands(n, now) {
		return false
	}
	if n.Spoken() > 0 && (j.What == OwedUrgent || j.What == OwedUncovered) {
		return false // somebody comes
	}
	switch j.Note {
	case NoonNote: // what begins tomorrow is near, and what has been waiting for this
		return n.urged() || n.Start.Before(onDay(now.In(zone), 2, 0))
	case DayNote: // what has begun is no news, unless it is what this is about
		return n.SameDay(sentFor) && (now.Before(n.Start) || n.ID == sentFor.ID)
	}
	return true
}

// asksOfDay says whether a notice names all who have not answered about a day.
func (j Notice) asksOfDay() bool { return j.Note == DayNote && j.What == OwedNoAnswer }

// On is a notice of a day as it is about one need of that day.
func (j Notice) On(n Need) Notice {
	if silent := n.KeptSilent(); j.asksOfDay() && len(silent) > 0 {
		j.About = silent[0].Helper
	}
	return j
}

// KeptSilent are those who were asked whether it is still on, and have said nothing at
// all since.
func (n Need) KeptSilent() []Claim {
	return slices.DeleteFunc(slices.Clone(n.Claims), func(c Claim) bool {
		return !c.Silent || c.Stale || IsGuest(c.Helper.ID) || !c.Doubted.IsZero()
	})
}

// The ways to take several days at once.
const (
	AllDays     = "all"
	SameWeekday = "weekday"
)

// Alike are the needs of a series like one of them that are still open, itself included
// if it is: on all of its days, or on those of its weekday.
func Alike(n Need, series []Need, days string) []Need {
	var out []Need
	for _, o := range series {
		at, like := o.Start.In(o.zone()), o.Kind == n.Kind && o.Member.ID == n.Member.ID
		if like && o.State() == Open && !o.IsHeld() && (days == AllDays || at.Weekday() == n.Start.In(n.zone()).Weekday()) {
			out = append(out, o)
		}
	}
	return out
}

// Joins says whether words like these to the same person about several needs at once
// are one message.
func (w What) Joins() bool {
	switch w {
	case OwedYes, OwedThanks, OwedApprove, OwedCancelled, OwedReleased, OwedDeclined, OwedStepBack:
		return true
	}
	return false
}

// Joint says whether something that is owed may be said together with the same about
// other needs: it does not stand by itself, and carries nothing private.
func (n Need) Joint(o Owed, now time.Time) bool {
	return o.What.Joins() && !o.Standing && !(o.What == OwedThanks && n.Details && n.DetailsOpen(now))
}
