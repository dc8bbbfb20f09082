package when

import (
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
		missing.on, missing.part = found[0], d.part
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
	e.writtenYear()
	var f findings
	tooMany := e.each(func(k knobs) { f.add(e.try(k)) })
	switch {
	case tooMany:
		return nil, e.unclear()
	case len(f.found) == 0:
		if f.worst.Word == "" {
			f.worst.Word = cut(strings.ToLower(e.words))
		}
		return nil, f.worst
	case len(f.found) == 1 && f.found[0].doubt == sure && !e.dayless():
		return f.found[0].times, nil
	}
	if e.r.one && slices.ContainsFunc(f.found, func(c candidate) bool { return len(c.times) > 1 }) {
		return nil, e.r.several(e.words, nil)
	}
	return nil, e.ask(f.found)
}

// writtenYear keeps the one year that is written, when some date has none.
func (e *expression) writtenYear() {
	var years []int
	lacks := false
	for _, d := range e.days {
		switch {
		case !d.hasMonth():
		case d.year == 0:
			lacks = true
		case !slices.Contains(years, d.year):
			years = append(years, d.year)
		}
	}
	if len(years) == 1 && lacks {
		e.year = years[0]
	}
}

// findings are what all readings come to: those that can be, and the error that says most about the others.
type findings struct {
	found []candidate
	worst *Error
}

func (f *findings) add(list []candidate, err *Error) {
	if err != nil && (f.worst == nil || rank(err) > rank(f.worst)) {
		f.worst = err
	}
	for _, c := range list {
		same := slices.IndexFunc(f.found, func(o candidate) bool { return slices.EqualFunc(o.times, c.times, time.Time.Equal) })
		if same < 0 {
			f.found = append(f.found, c)
		} else if c.doubt < f.found[same].doubt {
			f.found[same] = c
		}
	}
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

// knob is one decision that is open, and how many ways there are.
type knob struct {
	at   *int
	ways int
}

// each calls try with every setting of the knobs that the words use, and says whether there are too many.
func (e *expression) each(try func(knobs)) (tooMany bool) {
	k := knobs{clocks: make([]int, len(e.clocks))}
	used := e.open(&k)
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

// open are the knobs that the words leave open.
func (e *expression) open(k *knobs) []knob {
	has := func(test func(d day) bool) bool { return slices.ContainsFunc(e.days, test) }
	awake := wallOf(e.r.now, e.r.zone).Hour() < smallHours
	var used []knob
	for _, use := range []struct {
		at *int
		is bool
	}{
		{&k.order, has(func(d day) bool { return d.shape == shapeOrder })},
		{&k.next, has(func(d day) bool { return d.shape == shapeWeekday && d.which == nextOne })},
		{&k.today, has(e.mayBeToday)},
		{&k.week, has(func(d day) bool { return d.week != whichever })},
		{&k.roll, has(func(d day) bool { return d.drops > 0 })},
		{&k.fill, e.year > 0},
		{&k.bare, e.dayless()},
		{&k.late, awake && has(func(d day) bool { return d.asleep })},
		{&k.share, has(bareWeekday) && has(func(d day) bool { return d.shape == shapeWeekday && !bareWeekday(d) })},
	} {
		if use.is {
			used = append(used, knob{use.at, 2})
		}
	}
	for i, readings := range e.clocks {
		if len(readings) > 1 {
			used = append(used, knob{&k.clocks[i], len(readings)})
		}
	}
	return used
}

// mayBeToday says whether a day without a date is today, or the one after.
func (e *expression) mayBeToday(d day) bool {
	if d.shape == shapeNumber {
		return d.dom == e.today.Day()
	}
	return d.shape == shapeWeekday && d.weekday == e.today.Weekday() && (d.which == whichever || d.which == thisOne)
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
