package village

import (
	"slices"
	"time"
)

// The ladder is what is done for a need that nobody has said yes to, rung by
// rung: the channel hears of it again, helpers who agreed to be asked are asked
// one by one, then the moderators, and the member while the clinic can still be
// called. It stops as soon as the need is covered, and starts anew from where
// the clock is when a helper steps back.

// Moderators stands in Owed.To for whoever moderates the group.
const Moderators = "moderators"

// How many helpers are asked at a time: at first, and when nobody has come.
const (
	AskFirst = 3
	AskMore  = 5
)

const (
	// waits is how close to the start the ladder still waits for the quiet
	// hours to end.
	waits = 4 * time.Hour
	// usualLength is how long an appointment takes where nobody said.
	usualLength = 2 * time.Hour
	// lastWord is how soon after it was opened the last rungs are of no use.
	lastWord = 30 * time.Minute
	// answering is how long whoever was asked late has to answer before the
	// moderators hear of it, or an eighth of the time there is.
	answering = time.Hour
)

// Rung is one step of the ladder. One with nothing to say (an empty What) keeps the
// place of one that the hours of this need have no use for, so that a rung has the
// same number whenever the ladder is worked out.
type Rung struct {
	What What
	Due  time.Time
	Many int // of helpers, for OwedAsk
}

// Ladder gives the rungs of a need since it was last opened, in the order in
// which they come. It is the same whenever it is asked.
func (n Need) Ladder() []Rung {
	open, ahead := n.Opened, n.Start.Sub(n.Opened)
	if ahead <= 0 { // somebody waits already: whoever can be asked is asked at once
		return []Rung{{What: OwedAsk, Due: open, Many: AskFirst + AskMore}, {What: OwedUrgent, Due: open}}
	}
	call := n.callBy()
	var rungs []Rung
	raise := func(due time.Time) { rungs = append(rungs, Rung{What: OwedRaised, Due: due}) }

	// The channel was told at the beginning; soon after is no use.
	if due := n.Start.Add(-7 * 24 * time.Hour); due.Sub(open) >= 24*time.Hour {
		raise(due)
	}
	if due := n.Start.Add(-72 * time.Hour); due.Sub(open) >= 12*time.Hour {
		raise(due)
	}
	if due := n.Start.Add(-24 * time.Hour); due.Sub(open) >= 2*time.Hour {
		raise(due)
	} else {
		raise(open.Add(ahead / 2))
	}

	// Helpers and moderators come before the member's call, in what time there
	// is. A step back in the last day cannot wait at all.
	part := func(usual time.Time, quarters time.Duration) time.Time {
		if n.Opened.After(n.Asked) && ahead <= 24*time.Hour {
			return open
		}
		return latest(usual, open.Add(call.Sub(open)*quarters/4))
	}
	rungs = append(rungs,
		Rung{What: OwedAsk, Due: part(call.Add(-24*time.Hour), 1), Many: AskFirst},
		Rung{What: OwedAsk, Due: part(call.Add(-12*time.Hour), 2), Many: AskMore},
		Rung{What: OwedUrgent, Due: part(call.Add(-3*time.Hour), 3)},
		Rung{What: OwedUncovered, Due: n.awake(call)},
	)
	slices.SortStableFunc(rungs, func(a, b Rung) int { return a.Due.Compare(b.Due) })
	return append(rungs, n.onTheDayItself()...)
}

// onTheDayItself are the last rungs of a ride home: the moderators hear when the
// appointment begins and when it ends that nobody is down for it, and whoever waits
// when it ends.
func (n Need) onTheDayItself() []Rung {
	if !n.Kind.BringsHome() {
		return nil
	}
	begins := n.begins()
	rungs := []Rung{{Due: n.Start}}
	if begins.Sub(n.Opened) >= lastWord && !begins.Before(n.awake(n.callBy())) {
		rungs[0] = Rung{What: OwedUrgent, Due: begins}
	}
	if n.Start.Sub(n.Opened) >= lastWord {
		rungs = append(rungs, Rung{What: OwedUrgent, Due: n.Start}, Rung{What: OwedUncovered, Due: n.Start})
	}
	return rungs
}

// begins is when the appointment begins that a need is for.
func (n Need) begins() time.Time {
	if n.Begins.IsZero() || !n.Begins.Before(n.Start) {
		return n.Start.Add(-usualLength)
	}
	return n.Begins
}

// callBy is when the member hears that nobody has said yes: the day before,
// while a clinic answers its phone, or halfway for what comes late.
func (n Need) callBy() time.Time {
	due := n.Start.Add(-24 * time.Hour)
	ofSession := n.Session != "" && n.Begins.After(n.Opened) // all that it needs is said at once
	if ofSession {
		due = n.Begins.Add(-24 * time.Hour)
	}
	if ofSession || n.Kind.NeedsClinic() {
		t := due.In(n.zone())
		at := func(days, hour int) time.Time {
			return time.Date(t.Year(), t.Month(), t.Day()+days, hour, 0, 0, 0, t.Location())
		}
		switch {
		case t.Weekday() == time.Saturday:
			due = at(-1, 14)
		case t.Weekday() == time.Sunday:
			due = at(-2, 14)
		case t.Hour() < 9:
			due = at(0, 9)
		case t.Hour() >= 15:
			due = at(0, 15)
		}
	}
	if due.Before(n.Opened) {
		due = n.Opened.Add(n.Start.Sub(n.Opened) / 2)
	}
	return due
}

// awake puts off to the morning what a member can do nothing about at night,
// as long as an hour is left.
func (n Need) awake(t time.Time) time.Time {
	local := t.In(n.zone())
	days := 0
	switch {
	case local.Hour() >= 22:
		days = 1
	case local.Hour() >= 6:
		return t
	}
	morning := time.Date(local.Year(), local.Month(), local.Day()+days, 6, 30, 0, 0, local.Location())
	if last := n.Start.Add(-time.Hour); last.Before(morning) {
		morning = last
	}
	return latest(t, morning)
}

// climbing promises the next rung, or takes it back when there is none to come.
func (n Need) climbing() Owed {
	o := Owed{What: OwedLadder, Standing: true}
	rungs := n.Ladder()
	if n.State() != Open || n.IsHeld() || n.Rung >= len(rungs) {
		o.Withdrawn = true
		return o
	}
	o.Due, o.Before = n.rungDue(rungs), n.Start.Add(-waits)
	return o
}

// rungDue is when the next rung comes. The moderators' clock starts when the rung
// before was done: where that came late, because the program was away, whoever was
// asked has time to answer all the same.
func (n Need) rungDue(rungs []Rung) time.Time {
	due := rungs[n.Rung].Due
	if rungs[n.Rung].What != OwedUrgent || n.Rung == 0 || n.Climbed.IsZero() {
		return due
	}
	between, left := due.Sub(rungs[n.Rung-1].Due), max(n.Start.Sub(n.Climbed)/8, 0)
	return latest(due, n.Climbed.Add(min(between, answering, left)))
}

// Climb does what the ladder has come to by now, and promises the next rung.
// What several rungs ask for at once is done once. It changes nothing when
// nothing is due, or when nobody is missing any more.
func (n Need) Climb(now time.Time) (Need, []Owed) {
	rungs := n.Ladder()
	if n.State() != Open || n.IsHeld() || n.Rung >= len(rungs) || n.rungDue(rungs).After(now) {
		return n, nil
	}
	var owed []Owed
	for ; n.Rung < len(rungs) && !n.rungDue(rungs).After(now); n.Rung++ {
		rung := rungs[n.Rung]
		if rung.What == "" || !n.StillWants(now) {
			continue // of no use, or too late to help; the rung is passed over
		}
		if rung.What.isAlarm() {
			var news bool
			if n, news = n.alarmed(rung.What, now); !news {
				continue
			}
		}
		n.Climbed = now.UTC()
		o := Owed{What: rung.What, About: n.Member, Due: now, Many: rung.Many, Standing: true}
		switch rung.What {
		case OwedUrgent:
			o.To = Moderators
		case OwedUncovered:
			o.To = n.Member.ID
		}
		if i := slices.IndexFunc(owed, func(p Owed) bool { return p.What == o.What }); i >= 0 {
			owed[i].Many += o.Many
			continue
		}
		owed = append(owed, o)
	}
	return n, append(owed, n.climbing())
}

// StillWants says whether it is of use to ask for somebody: it is open, and has
// not begun, was left by a helper since, or is a ride home that nobody took, for
// which somebody waits.
func (n Need) StillWants(now time.Time) bool {
	waits := !n.Opened.Before(n.Start) || n.Kind.BringsHome() && n.Spoken() == 0
	return n.State() == Open && !n.IsHeld() && n.Came.IsZero() && (now.Before(n.Start) || waits && now.Before(n.End))
}

// reopened starts the ladder anew.
func (n Need) reopened(now time.Time) (Need, Owed) {
	n.Opened, n.Rung, n.Climbed, n.Left, n.Alarms = latest(now, n.Asked).UTC(), 0, time.Time{}, "", nil
	n.Sayings = slices.DeleteFunc(slices.Clone(n.Sayings), openSayings)
	return n, n.climbing()
}

// zone is where the member is; UTC when the name means nothing any more.
func (n Need) zone() *time.Location {
	return ZoneNamed(n.Zone)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
