package when

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// knobs are the decisions the words leave open. Every one is tried both ways; what survives is the meaning, or the choices.
type knobs struct {
	order  int   // numeric dates: 0 month first, 1 day first
	next   int   // "next tuesday": 0 the coming one, 1 a week later
	today  int   // a weekday, or a day of the month, that is today: 0 today, 1 the one after
	week   int   // weeks begin on 0 Monday, 1 Sunday
	roll   int   // "dec 29, 2": 0 the same month, 1 the next
	fill   int   // dates without a year beside one with: 0 their own next, 1 that year
	bare   int   // no day at all: 0 today, 1 tomorrow
	late   int   // "tomorrow" in the small hours: 0 the next date, 1 this date's daylight
	share  int   // "next week tuesday and thursday": 0 the second stands for itself, 1 it is next week too
	clocks []int // which reading of each clock
}

// doubt says why a reading is offered and never taken.
type doubt int

const (
	sure       doubt = iota
	passed           // the nearer reading has gone by
	skipped          // stands for a time the clocks skip
	twice            // one of two
	contradict       // the words disagree
)

// guess is one instant with its doubt.
type guess struct {
	at    time.Time
	doubt doubt
}

// candidate is one reading of all the words.
type candidate struct {
	times []time.Time
	doubt doubt
	why   *Error // says more about the doubt
}

// meaning works out what the groups name.
func (r *reader) meaning(words string, groups []group) ([]time.Time, *Error) {
	if r.dayOnly {
		for _, g := range groups {
			if len(g.clocks) > 0 || len(g.ahead) > 0 || slices.ContainsFunc(g.days, func(d day) bool { return d.part != noPart }) {
				return nil, errorf(Unknown, words, "I only need the day here, without a time.")
			}
		}
	}
	e := &expression{r: r, words: words, today: dateOf(wallOf(r.now, r.zone))}
	for _, g := range groups {
		if err := e.add(g); err != nil {
			return nil, err
		}
	}
	if err := e.missing(); err != nil {
		return nil, err
	}
	return e.decide()
}

// expression is all groups together, ready to be tried.
type expression struct {
	r      *reader
	words  string
	today  wall
	days   []day
	clocks [][]reading // the ways to read each clock
	marks  []*offsetMark
	said   []string // each clock's words
	pairs  []pair
	ahead  []int
	year   int // the one year that is written, if there is one and a date lacks it
	lacks  bool
}

func (e *expression) add(g group) *Error {
	iso := slices.ContainsFunc(g.days, func(d day) bool { return d.iso })
	for _, c := range g.clocks {
		readings, err := c.readings(iso)
		if err != nil {
			return err
		}
		if m := c.mark; m != nil && m.fixed && !m.strict {
			for _, d := range g.days {
				if d.shape != shapeDate && d.shape != shapeOrder {
					return errorf(Unknown, c.words, "With another zone's clock I need the date as well. Or write the time in %s.", e.r.zoneWords())
				}
			}
			if len(g.days) == 0 {
				return errorf(Missing, c.words, "Which day? With another zone's clock, please write the date.")
			}
		}
		e.clocks = append(e.clocks, readings)
		e.marks = append(e.marks, c.mark)
		e.said = append(e.said, c.words)
	}
	for _, p := range g.pairs {
		if p.day >= 0 {
			p.day += len(e.days)
		}
		if p.clock >= 0 {
			p.clock += len(e.clocks) - len(g.clocks)
		}
		e.pairs = append(e.pairs, p)
	}
	e.days = append(e.days, g.days...)
	e.ahead = append(e.ahead, g.ahead...)
	return nil
}

// missing asks for what was not written: the time of day.
func (e *expression) missing() *Error {
	if e.r.dayOnly {
		return nil
	}
	at := slices.IndexFunc(e.pairs, func(p pair) bool { return p.clock < 0 })
	if at < 0 {
		return nil
	}
	d := e.days[e.pairs[at].day]
	days := &expression{r: &reader{now: e.r.now, zone: e.r.zone, dayOnly: true}, words: e.words, today: e.today, days: []day{d}, pairs: []pair{{0, -1}}}
	found, err := days.decide()
	switch {
	case err == nil:
		missing := errorf(Missing, d.words, "What time%s on %s?", d.part.inWords(), sayDay(found[0]))
		missing.hint = found[0].Format("2006-01-02 ") + [...]string{noPart: "13:00", morning: "10:00", afternoon: "13:00", evening: "19:00", night: "21:00"}[d.part]
		return missing
	case err.Code == Ambiguous || len(err.Choices) > 0:
		return errorf(Missing, d.words, "I need the time of day as well, such as 1pm.")
	}
	return err
}

// decide tries every reading.
func (e *expression) decide() ([]time.Time, *Error) {
	if len(e.pairs)+len(e.ahead) > mostMoments {
		return nil, errorf(Several, e.words, "That is more than %d times at once. Please add them in smaller lists.", mostMoments)
	}
	var years []int
	for _, d := range e.days {
		switch {
		case d.shape != shapeDate && d.shape != shapeOrder && d.shape != shapeNth:
		case d.year == 0:
			e.lacks = true
		case !slices.Contains(years, d.year):
			years = append(years, d.year)
		}
	}
	if len(years) == 1 && e.lacks {
		e.year = years[0]
	}
	var found []candidate
	var worst *Error
	tooMany := e.each(func(k knobs) {
		list, err := e.try(k)
		if err != nil {
			if worst == nil || rank(err) > rank(worst) {
				worst = err
			}
			return
		}
		for _, c := range list {
			same := slices.IndexFunc(found, func(f candidate) bool { return slices.EqualFunc(f.times, c.times, time.Time.Equal) })
			if same < 0 {
				found = append(found, c)
			} else if c.doubt < found[same].doubt {
				found[same] = c
			}
		}
	})
	switch {
	case tooMany:
		return nil, e.unclear()
	case len(found) == 0:
		if worst.Word == "" {
			worst.Word = cut(strings.ToLower(e.words))
		}
		return nil, worst
	case len(found) == 1 && found[0].doubt == sure && !e.dayless():
		return found[0].times, nil
	}
	if e.r.one && slices.ContainsFunc(found, func(c candidate) bool { return len(c.times) > 1 }) {
		return nil, e.r.several(e.words, nil)
	}
	return nil, e.ask(found)
}

// dayless says whether a time has no day: then a day is never taken for granted.
func (e *expression) dayless() bool {
	return slices.ContainsFunc(e.pairs, func(p pair) bool { return p.day < 0 })
}

// rank orders errors by how much they help: what is known to be past or far says more than a month that does not exist.
func rank(err *Error) int {
	switch {
	case err.Code == Past || err.Code == Far:
		return 3
	case err.weak:
		return 1
	}
	return 2
}

// each calls try with every setting of the knobs that the words use, and says whether there are too many.
func (e *expression) each(try func(knobs)) (tooMany bool) {
	var k knobs
	k.clocks = make([]int, len(e.clocks))
	type knob struct {
		at   *int
		ways int
	}
	var used []knob
	use := func(at *int, is bool) {
		if is {
			used = append(used, knob{at, 2})
		}
	}
	has := func(test func(d day) bool) bool { return slices.ContainsFunc(e.days, test) }
	use(&k.order, has(func(d day) bool { return d.shape == shapeOrder }))
	use(&k.next, has(func(d day) bool { return d.shape == shapeWeekday && d.which == nextOne }))
	use(&k.today, has(func(d day) bool {
		return d.shape == shapeNumber && d.dom == e.today.Day() || d.shape == shapeWeekday && d.weekday == e.today.Weekday() && (d.which == whichever || d.which == thisOne)
	}))
	use(&k.week, has(func(d day) bool { return d.week != whichever }))
	use(&k.roll, has(func(d day) bool { return d.drops > 0 }))
	use(&k.fill, e.year > 0)
	use(&k.bare, e.dayless())
	use(&k.late, wallOf(e.r.now, e.r.zone).Hour() < smallHours && has(func(d day) bool { return d.asleep }))
	use(&k.share, has(bareWeekday) && has(func(d day) bool { return d.shape == shapeWeekday && !bareWeekday(d) }))
	for i, readings := range e.clocks {
		if len(readings) > 1 {
			used = append(used, knob{&k.clocks[i], len(readings)})
		}
	}
	total := 1
	for _, u := range used {
		if total *= u.ways; total > mostReadings {
			return true
		}
	}
	for n := range total {
		for _, u := range used {
			*u.at = n % u.ways
			n /= u.ways
		}
		try(k)
	}
	return false
}

// try reads the whole expression with one setting of the knobs. It gives several candidates when the clocks change.
func (e *expression) try(k knobs) ([]candidate, *Error) {
	if err := e.oneDayTwice(k); err != nil {
		return nil, err
	}
	list := []candidate{{}}
	extend := func(guesses []guess, why *Error) {
		var longer []candidate
		for _, c := range list {
			for _, g := range guesses {
				n := candidate{append(slices.Clone(c.times), g.at), max(c.doubt, g.doubt), c.why}
				if g.doubt != sure && n.why == nil {
					n.why = why
				}
				longer = append(longer, n)
			}
		}
		list = longer[:min(len(longer), 2*mostChoices)]
	}
	for _, p := range e.pairs {
		guesses, why, err := e.pair(k, p)
		if err != nil {
			return nil, err
		}
		extend(guesses, why)
	}
	for _, minutes := range e.ahead {
		at := e.r.now.Truncate(time.Minute).Add(time.Duration(minutes) * time.Minute).In(e.r.zone)
		if err := e.r.inReach(at); err != nil {
			return nil, err
		}
		extend([]guess{{at, sure}}, nil)
	}
	for i := range list {
		slices.SortFunc(list[i].times, time.Time.Compare)
		list[i].times = slices.CompactFunc(list[i].times, time.Time.Equal)
	}
	return list, nil
}

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
	found := instants(w, r.zone)
	level := sure
	var why *Error
	said := sayAt(w, time.UTC)
	switch {
	case len(found) == 0:
		found, level = neighbours(w, r.zone), skipped
		why = errorf(Gap, e.said[clock], "The clocks go forward then, so there is no %s.", said)
	case m != nil:
		var fits []time.Time
		for _, t := range found {
			if name, offset := t.Zone(); m.fixed && offset == m.seconds || !m.fixed && sameName(m.name, name) {
				fits = append(fits, t)
			}
		}
		if len(fits) == 0 {
			level = contradict
			why = errorf(Impossible, e.said[clock], "On %s the clocks keep %s.", sayDay(w), mark(found[0], r.zone))
			break
		}
		found = fits
	}
	if len(found) > 1 && level == sure {
		level = twice
		why = errorf(Twice, e.said[clock], "The clocks go back then, so %s comes twice: first in %s, then in %s.", said, mark(found[0], r.zone), mark(found[1], r.zone))
	}
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

// ask makes the question of the candidates that are left.
func (e *expression) ask(found []candidate) *Error {
	slices.SortFunc(found, func(a, b candidate) int { return slices.CompareFunc(a.times, b.times, time.Time.Compare) })
	level := found[0].doubt
	for _, c := range found {
		if c.doubt != level {
			level = sure
		}
	}
	if len(found) > mostChoices {
		return e.unclear()
	}
	var choices []Choice
	var said []string
	for _, c := range found {
		choices = append(choices, e.r.choice(c.times))
		said = append(said, e.r.sayTimes(c.times))
	}
	var err *Error
	switch {
	case level != sure && found[0].why != nil:
		err = found[0].why
		if err.Word == "" {
			err.Word = cut(strings.ToLower(e.words))
		}
	case e.dayless() && (len(found) == 1 || e.oneClock()):
		err = errorf(Missing, e.words, "Which day?")
	case len(found) == 1:
		err = errorf(Ambiguous, e.words, "I am not sure about %s.", quote(e.words))
	default:
		err = errorf(Ambiguous, e.words, "%s can mean more than one time.", quote(e.words))
		if e.r.dayOnly {
			err.Say = fmt.Sprintf("%s can mean more than one day.", quote(e.words))
		}
	}
	err.Choices = choices
	err.Say += didYouMean(said)
	return err
}

// oneClock says whether the hour is clear, so that only the day is asked for.
func (e *expression) oneClock() bool {
	return !slices.ContainsFunc(e.clocks, func(r []reading) bool { return len(r) > 1 })
}

// unclear asks for clearer words when there are more readings than choices fit.
func (e *expression) unclear() *Error {
	var odd []string
	for _, d := range e.days {
		if d.shape == shapeOrder || d.which == nextOne {
			odd = append(odd, d.words)
		}
	}
	for i, readings := range e.clocks {
		if len(readings) > 1 {
			odd = append(odd, e.said[i])
		}
	}
	if len(odd) == 0 {
		odd = []string{e.words}
	}
	return errorf(Ambiguous, odd[0], "%s can mean more than one time. Please write months as words, and am or pm with every hour.", quote(odd[0]))
}
