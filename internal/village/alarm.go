package village

import (
	"slices"
	"time"
)

// An alarm is one standing promise: whatever rungs of the ladder ask for it, it is owed
// once, and kept with the need until it has really been said to everybody it is for.
// What has been said is not said again soon, and what has not is never passed over.

// Alarm is a promise to say that nobody comes.
type Alarm struct {
	// What is OwedUrgent or OwedUncovered, and Rung the number of the rung that
	// promised it.
	What What `json:"what"`
	Rung int  `json:"rung"`
	// Told are those who have heard it: channels (IDs), Moderators for those among
	// them who are told one by one, the asker for the member. Said is when the first of them did.
	Told []string  `json:"told,omitempty"`
	Said time.Time `json:"said,omitzero"`
	// Unheard says that no moderator could be reached: of OwedUrgent that everybody reads
	// it in place of them, of OwedUncovered that the member was told so with it.
	Unheard bool `json:"unheard,omitempty"`
}

// asker stands in Alarm.Told for whoever asked.
const asker = "member"

// alarmApart is how soon after something was said the same says nothing new.
const alarmApart = 30 * time.Minute

// isAlarm says whether a rung tells somebody that nobody comes.
func (w What) isAlarm() bool { return w == OwedUrgent || w == OwedUncovered }

// alarmed promises an alarm, and says whether it is news: nobody comes, and it was not
// just said. One that has not been said to anybody yet stands for both; what a note of
// the day has just said of itself is said.
func (n Need) alarmed(what What, now time.Time) (after Need, news bool) {
	if n.Spoken() > 0 || n.knownAlready(what, now) { // more hands would be welcome, and no more
		return n, false
	}
	n.Alarms = slices.DeleteFunc(slices.Clone(n.Alarms), func(a Alarm) bool { return a.What == what && a.Said.IsZero() })
	told, at, unheard := n.toldAlready(what, now)
	n.Alarms = append(n.Alarms, Alarm{What: what, Rung: n.Rung, Told: told, Said: at, Unheard: unheard})
	return n, at.IsZero()
}

// knownAlready says whether an alarm was said so lately that it would say the same:
// that the hour has come is news.
func (n Need) knownAlready(what What, now time.Time) bool {
	return slices.ContainsFunc(n.Alarms, func(a Alarm) bool {
		return a.What == what && !a.Said.IsZero() && now.Sub(a.Said) < alarmApart && a.Said.Before(n.Start) == now.Before(n.Start)
	})
}

// listener is how an alarm notes for whom it was said.
func (j Notice) listener() string {
	switch {
	case j.To.Room != "":
		return j.To.Room
	case j.Council || j.To.Person == Moderators:
		return Moderators
	}
	return asker
}

// promised says whether a notice of an alarm is still to be said to its reader: a
// moderator who comes after another hears the same alarm.
func (s situation) promised() bool {
	mine := func(a Alarm) bool { return a.What == s.What }
	if s.Reached || !slices.ContainsFunc(s.need.Alarms, mine) {
		return true
	}
	return slices.ContainsFunc(s.need.Alarms, func(a Alarm) bool { return mine(a) && !slices.Contains(a.Told, s.listener()) })
}

// Said notes that what a rung owed has really been said. The moderators' clock starts
// then: where others were asked late, because a platform was away, they have time to
// answer first. It owes nothing when there is nothing to note.
func (n Need) Said(j Notice, now time.Time) (Need, []Owed, bool) {
	n, noted := n.noted(j, now)
	switch {
	case j.What.isAlarm():
		after, told := n.alarmSaid(j, now)
		return after, nil, noted || told
	case (j.What == OwedAsk || j.What == OwedRaised) && j.Note == NoNote && n.State() == Open && !n.IsHeld() && now.Sub(n.Climbed) > OnTime && !n.Climbed.IsZero():
		n.Climbed = now.UTC()
		return n, []Owed{n.climbing()}, true
	}
	return n, nil, noted
}

func (n Need) alarmSaid(j Notice, now time.Time) (Need, bool) {
	noted := false
	n.Alarms = slices.Clone(n.Alarms)
	for i, a := range n.Alarms {
		if a.What != j.What || slices.Contains(a.Told, j.listener()) {
			continue
		}
		if noted = true; a.Said.IsZero() {
			n.Alarms[i].Said, n.Alarms[i].Unheard = now.UTC(), j.unheardBy(n)
		}
		n.Alarms[i].Told = append(slices.Clone(a.Told), j.listener())
	}
	return n, noted
}

// ModeratorsKnow says whether the moderators have heard that nobody comes, or are
// told that somebody waits.
func (n Need) ModeratorsKnow() bool {
	said := func(a Alarm) bool { return a.What == OwedUrgent && !a.Said.IsZero() && !a.Unheard }
	return len(n.Helpers()) == 0 && slices.ContainsFunc(n.Alarms, said) || n.isStranded()
}

// ModeratorsUnheard says whether no moderator could be reached when they were last to hear
// that nobody comes.
func (n Need) ModeratorsUnheard() bool {
	for _, a := range slices.Backward(n.Alarms) {
		if a.What == OwedUrgent && !a.Said.IsZero() {
			return a.Unheard
		}
	}
	return false
}

// unheardBy says whether a notice of an alarm is said because no moderator could be
// reached, or says so.
func (j Notice) unheardBy(n Need) bool {
	return j.What == OwedUrgent && j.Public || j.What == OwedUncovered && n.ModeratorsUnheard()
}

// saidAlone says whether the member has heard since the hour that nobody comes, and that
// no moderator could be reached.
func (n Need) saidAlone() bool {
	return slices.ContainsFunc(n.Alarms, func(a Alarm) bool {
		return a.What == OwedUncovered && a.Unheard && !a.Said.Before(n.Start)
	})
}

// urged says whether the moderators hear that nobody comes, or have heard it, and
// nobody who was let in has come since.
func (n Need) urged() bool {
	return len(n.Helpers()) == 0 && slices.ContainsFunc(n.Alarms, func(a Alarm) bool { return a.What == OwedUrgent })
}
