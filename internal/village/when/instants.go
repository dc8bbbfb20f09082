package when

import (
	"slices"
	"time"
)

// inReach refuses what is past or too far.
func (r *reader) inReach(at time.Time) *Error {
	switch {
	case !at.After(r.now):
		return errorf(Past, "", "%s has already gone by.", sayAt(at, r.zone))
	case at.Sub(r.now) > Horizon:
		return errorf(Far, "", "%s is more than 400 days away. I can plan 400 days ahead.", sayAt(at, r.zone))
	}
	return nil
}

// pair finds the instants of one day and clock. With several guesses or a doubt, why says what is odd.
func (e *expression) pair(k knobs, p pair) (guesses []guess, why, err *Error) {
	d := day{shape: shapeOffset, offset: k.bare}
	if p.day >= 0 {
		d = e.shared(p.day, k)
	}
	on, err := e.date(d, k)
	if err != nil {
		return nil, nil, err
	}
	if e.r.dayOnly {
		guesses, why, err = e.wholeDay(d, on)
	} else {
		guesses, why, err = e.timeOn(k, p.clock, d, on)
	}
	if on.odd != nil && err == nil {
		for i := range guesses {
			guesses[i].doubt, why = contradict, on.odd
		}
	}
	return guesses, why, err
}

// timeOn finds the instants of a clock on the date that was worked out for a day.
func (e *expression) timeOn(k knobs, clock int, d day, on onDate) (guesses []guess, why, err *Error) {
	if mismatch := e.agrees(d, on.date); mismatch != nil {
		return e.disagree(k, clock, d, on.date, mismatch)
	}
	guesses, why, err = e.instants(on.date, clock, k.clocks[clock])
	switch {
	case err != nil && err.Code == Past && !on.later.IsZero():
		went := err
		if e.agrees(d, on.later) != nil {
			return nil, nil, went
		}
		if guesses, _, err = e.instants(on.later, clock, k.clocks[clock]); err != nil {
			return nil, nil, went
		}
		for i := range guesses {
			guesses[i].doubt = passed
		}
		return guesses, went, nil
	case err == nil && !on.unless.IsZero():
		if _, _, gone := e.instants(on.unless, clock, k.clocks[clock]); gone != nil && gone.Code == Past {
			for i := range guesses {
				guesses[i].doubt = max(guesses[i].doubt, passed)
			}
			why = gone
		}
	}
	return guesses, why, err
}

// bareWeekday says whether a weekday stands alone, so that words with another weekday may be meant for it too.
func bareWeekday(d day) bool {
	return d.shape == shapeWeekday && d.which == whichever && d.week == whichever && d.plus == 0
}

// shared gives a day, with the "next", "next week" or "a week from" of the weekday before it, or else after it, where
// that is tried.
func (e *expression) shared(at int, k knobs) day {
	d := e.days[at]
	if k.share == 0 || !bareWeekday(d) {
		return d
	}
	for _, near := range append(slices.Clone(e.days[at:]), e.days[:at]...) {
		if near.shape == shapeWeekday && !bareWeekday(near) {
			d.which, d.week, d.plus = near.which, near.week, near.plus
		}
	}
	return d
}

// oneDayTwice refuses a reading in which "friday and next friday" are one day.
func (e *expression) oneDayTwice(k knobs) *Error {
	for i, a := range e.days {
		for j, b := range e.days[:i] {
			if a.shape != shapeWeekday || b.shape != shapeWeekday || a.weekday != b.weekday || a.which == b.which && a.week == b.week && a.plus == b.plus {
				continue
			}
			if e.weekday(e.shared(i, k), k).date.Equal(e.weekday(e.shared(j, k), k).date) {
				err := errorf(Impossible, a.words, "%s and %s are the same day.", quote(b.words), quote(a.words))
				err.weak = true
				return err
			}
		}
	}
	return nil
}

// wholeDay is pair for Day.
func (e *expression) wholeDay(d day, on onDate) ([]guess, *Error, *Error) {
	if mismatch := e.agrees(d, on.date); mismatch != nil {
		return nil, nil, mismatch
	}
	var why *Error
	level := sure
	if on.date.Before(e.today) {
		why = errorf(Past, "", "%s has already gone by.", sayDay(on.date))
		if on.later.IsZero() || e.agrees(d, on.later) != nil {
			return nil, nil, why
		}
		level, on.date = passed, on.later
	}
	at, ok := startOfDay(on.date, e.r.zone)
	if !ok {
		return nil, nil, errorf(Gap, d.words, "%s does not exist in %s: the calendar skips it.", sayDay(on.date), e.r.zoneWords())
	}
	if at.Sub(e.r.now) > Horizon {
		return nil, nil, errorf(Far, "", "%s is more than 400 days away. I can plan 400 days ahead.", sayDay(on.date))
	}
	return []guess{{at, level}}, why, nil
}

// agrees checks a date against the weekday or the "next" that was written beside it.
func (e *expression) agrees(d day, on wall) *Error {
	if !d.named || d.shape == shapeWeekday {
		return nil
	}
	away := int(on.Sub(e.today) / (24 * time.Hour))
	switch {
	case on.Weekday() != d.weekday:
		return errorf(Impossible, d.words, "%s is a %s, not a %s.", on.Format("2 January 2006"), on.Weekday(), d.weekday)
	case d.which == thisOne && (away < 0 || away > 7), d.which == nextOne && (away < 1 || away > 14), d.which == lastOne && (away >= 0 || away < -7):
		return errorf(Impossible, d.words, "%s does not fit with the rest of %s.", sayDay(on), quote(d.words))
	}
	return nil
}

// disagree offers the date as it was written and the nearest day that is the weekday, and takes neither.
func (e *expression) disagree(k knobs, clock int, d day, on wall, why *Error) ([]guess, *Error, *Error) {
	if len(e.pairs)+len(e.ahead) > 1 || d.which != whichever || d.shape == shapeOrder || k.late == 1 {
		return nil, nil, why
	}
	shift := (int(d.weekday-on.Weekday()) + 7) % 7
	if shift > 3 {
		shift -= 7
	}
	var guesses []guess
	for _, date := range []wall{on, on.AddDate(0, 0, shift)} {
		found, odd, err := e.instants(date, clock, k.clocks[clock])
		if err == nil && odd == nil {
			guesses = append(guesses, guess{found[0].at, contradict})
		}
	}
	if len(guesses) == 0 {
		return nil, nil, why
	}
	return guesses, why, nil
}

// instants finds when the clocks show one reading of a clock on a date.
func (e *expression) instants(on wall, clock, way int) ([]guess, *Error, *Error) {
	r, m := e.r, e.marks[clock]
	w := e.clocks[clock][way].on(on)
	if m != nil && m.fixed && !m.strict {
		at := w.Add(-time.Duration(m.seconds) * time.Second).In(r.zone)
		if err := r.inReach(at); err != nil {
			return nil, nil, err
		}
		return []guess{{at, sure}}, nil, nil
	}
	found, level, why := e.shown(w, clock)
	var guesses []guess
	var last *Error
	for _, at := range found {
		if err := r.inReach(at); err != nil {
			last = err
			continue
		}
		guesses = append(guesses, guess{at, level})
	}
	switch {
	case len(guesses) == 0 && last == nil: // a day the calendar skips
		return nil, nil, why
	case len(guesses) == 0:
		return nil, nil, last
	case level == twice && len(guesses) == 1: // the first has gone by
		guesses[0].doubt, why = sure, nil
	}
	return guesses, why, nil
}

// shown finds when the zone's clocks show w, and what is odd about that.
func (e *expression) shown(w wall, clock int) (found []time.Time, level doubt, why *Error) {
	zone, m, said := e.r.zone, e.marks[clock], sayAt(w, time.UTC)
	if found = instants(w, zone); len(found) == 0 {
		return neighbours(w, zone), skipped, errorf(Gap, e.said[clock], "The clocks go forward then, so there is no %s.", said)
	}
	if m != nil {
		fits := slices.DeleteFunc(slices.Clone(found), func(t time.Time) bool { return !m.fits(t) })
		if len(fits) == 0 {
			return found, contradict, errorf(Impossible, e.said[clock], "On %s the clocks keep %s.", sayDay(w), mark(found[0], zone))
		}
		found = fits
	}
	if len(found) > 1 {
		return found, twice, errorf(Twice, e.said[clock], "The clocks go back then, so %s comes twice: first in %s, then in %s.", said, mark(found[0], zone), mark(found[1], zone))
	}
	return found, sure, nil
}

// fits says whether the clocks are at the marked offset at an instant.
func (m *offsetMark) fits(t time.Time) bool {
	name, offset := t.Zone()
	if m.fixed {
		return offset == m.seconds
	}
	return sameName(m.name, name)
}
