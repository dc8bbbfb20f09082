package village

import (
	"slices"
	"time"
)

// Where the program or a platform was away, two promises can come due together that say
// the same to the same reader: a note of the day and the request's own word, a question
// and its reminder. So a need keeps what was said of it lately and to whom, whichever
// promise said it; the other one is left out, unless something has come to pass since
// that makes it news.

// Saying is something that somebody was told of a need.
type Saying struct {
	What What `json:"what"`
	// To is a channel, a person (IDs), or Moderators for those who are told one by one.
	To string `json:"to"`
	// About is whom it was about (an ID), of a question about a helper.
	About string    `json:"about,omitempty"`
	At    time.Time `json:"at"`
	// Unheard is as in Alarm.
	Unheard bool `json:"unheard,omitempty"`
}

// Repeats says whether several promises can say this to the same reader, so that it has
// to be noted.
func (w What) Repeats() bool {
	switch w {
	case OwedRaised, OwedReopened, OwedStandIn, OwedApprove, OwedUrgent, OwedUncovered:
		return true
	}
	return false
}

// saying is what a notice comes to for its reader: that something is open again and that
// it still is are one.
func (j Notice) saying(now time.Time) Saying {
	s := Saying{What: j.What, To: j.To.Person + j.To.Room, At: now.UTC()}
	switch {
	case j.What == OwedReopened:
		s.What = OwedRaised
	case j.What == OwedApprove:
		s.About = j.About.ID
	case j.What.isAlarm():
		s.To, s.Unheard = j.listener(), j.Public
	}
	return s
}

// noted keeps what was just said, and forgets what was said long ago.
func (n Need) noted(j Notice, now time.Time) (Need, bool) {
	if !j.What.Repeats() || j.Reached {
		return n, false
	}
	s := j.saying(now)
	if j.Repeats([]Need{n}, now) {
		return n, false
	}
	n.Sayings = slices.DeleteFunc(slices.Clone(n.Sayings), func(o Saying) bool {
		return now.Sub(o.At) >= alarmApart || o.What == s.What && o.To == s.To && o.About == s.About
	})
	n.Sayings = append(n.Sayings, s)
	return n, true
}

// Unsaid is what is owed where something could not be said: the ladder goes on from where
// it was.
func (n Need) Unsaid() []Owed {
	if n.State() != Open || n.IsHeld() {
		return nil
	}
	return []Owed{n.climbing()}
}

// Repeats says whether the reader of a notice was told just that of each of the needs a
// moment ago. A note that says anything new says all of it.
func (j Notice) Repeats(about []Need, now time.Time) bool {
	if !j.What.Repeats() || j.Reached {
		return false
	}
	mine := j.saying(now)
	return !slices.ContainsFunc(about, func(n Need) bool {
		return !slices.ContainsFunc(n.Sayings, func(o Saying) bool {
			return o.What == mine.What && o.To == mine.To && o.About == mine.About && n.isKnown(o, now)
		})
	})
}

// isKnown says whether what was said would be no news if it were said again. What was
// said before a need was opened again is forgotten then.
func (n Need) isKnown(s Saying, now time.Time) bool {
	switch {
	case now.Sub(s.At) >= alarmApart:
		return false
	case s.What == OwedApprove, s.What == OwedStandIn:
		return !n.cameSince(s.At, s.About)
	case s.What.isAlarm(): // that the hour has come is news
		return s.At.Before(n.Start) == now.Before(n.Start)
	}
	return true
}

// cameSince says whether anybody, or only one helper (an ID), has said yes or offered
// to stand by since.
func (n Need) cameSince(at time.Time, helper string) bool {
	return slices.ContainsFunc(slices.Concat(n.Claims, n.Backups), func(c Claim) bool {
		return (helper == "" || helper == c.Helper.ID) && !c.At.Before(at)
	})
}

// openSayings are forgotten when a need is opened again.
func openSayings(s Saying) bool { return s.What == OwedRaised || s.What.isAlarm() }

// toldAlready are those who heard an alarm without the ladder, in a note of the day, and
// when the first of them did.
func (n Need) toldAlready(what What, now time.Time) (told []string, at time.Time, unheard bool) {
	for _, s := range n.Sayings {
		if s.What == what && n.isKnown(s, now) {
			told, unheard = append(told, s.To), unheard || s.Unheard
			if at.IsZero() || s.At.Before(at) {
				at = s.At
			}
		}
	}
	return told, at, unheard
}
