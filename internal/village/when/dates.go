package when

import "time"

// onDate is a date, and what to think of when its time has gone by.
type onDate struct {
	date wall
	// later is offered, and never taken, when date has gone by.
	later wall
	// unless makes date doubtful when the time on that day has gone by.
	unless wall
	// odd says why date can be offered but not taken.
	odd *Error
}

// smallHours is the hour until which people who are up late still call the coming day tomorrow.
const smallHours = 4

// date works out which calendar day is meant with one setting of the knobs.
func (e *expression) date(d day, k knobs) (onDate, *Error) {
	asleep := 0
	if d.asleep {
		asleep = k.late
	}
	switch d.shape {
	case shapeOffset:
		return onDate{date: e.today.AddDate(0, 0, d.offset-asleep+d.plus)}, nil
	case shapeWeekday:
		return e.weekday(d, k), nil
	case shapeNumber:
		return e.dayOfMonth(d, k)
	case shapeNth:
		return e.nth(d, k)
	case shapeOrder:
		d.month, d.dom = time.Month(d.a), d.b
		if k.order == 1 {
			d.month, d.dom = time.Month(d.b), d.a
		}
		if d.month < 1 || d.month > 12 {
			err := errorf(Impossible, d.words, "There is no month %d in %s.", d.month, quote(d.words))
			err.weak = true
			return onDate{}, err
		}
	}
	return e.written(d, k)
}

func (e *expression) weekday(d day, k knobs) onDate {
	ahead := (int(d.weekday-e.today.Weekday()) + 7) % 7
	if d.week != whichever {
		begins := (int(e.today.Weekday()) + 6) % 7 // days since Monday
		into := (int(d.weekday) + 6) % 7
		if k.week == 1 {
			begins, into = int(e.today.Weekday()), int(d.weekday)
		}
		ahead = into - begins
		if d.week == nextOne {
			ahead += 7
		}
		return onDate{date: e.today.AddDate(0, 0, ahead+d.plus)}
	}
	var on onDate
	switch {
	case d.which == lastOne && ahead == 0:
		ahead = -7
	case d.which == lastOne:
		ahead -= 7
	case d.which == nextOne && ahead == 0:
		ahead = 7
	case d.which == nextOne:
		ahead += 7 * k.next
	case ahead == 0 && k.today == 1:
		ahead = 7
		if d.plus == 0 {
			on.unless = e.today
		}
	}
	on.date = e.today.AddDate(0, 0, ahead+d.plus)
	return on
}

// dayOfMonth finds the next month that has the day: "the 8th".
func (e *expression) dayOfMonth(d day, k knobs) (onDate, *Error) {
	if d.dom < 1 || d.dom > 31 {
		return onDate{}, noSuchDay(d)
	}
	year, month := e.today.Year(), e.today.Month()
	var on onDate
	if d.dom < e.today.Day() || d.dom == e.today.Day() && k.today == 1 {
		month++
		if d.dom == e.today.Day() {
			on.unless = e.today
		}
	}
	for {
		if month > 12 {
			year, month = year+1, 1
		}
		var ok bool
		if on.date, ok = date(year, month, d.dom); ok {
			return on, nil
		}
		// Somebody who says "the 31st" in November may have miscounted.
		on.odd = errorf(Impossible, d.words, "%s has no such day as %s.", month, quote(d.words))
		month++
	}
}

func (e *expression) nth(d day, k knobs) (onDate, *Error) {
	find := func(year int) (wall, bool) {
		first := time.Date(year, d.month, 1, 0, 0, 0, 0, time.UTC)
		n := d.nth
		if n < 0 {
			n = 5
		}
		w := first.AddDate(0, 0, (int(d.weekday-first.Weekday())+7)%7+7*(n-1))
		if d.nth < 0 && w.Month() != d.month {
			w = w.AddDate(0, 0, -7)
		}
		return w, w.Month() == d.month
	}
	return e.inYear(d, k, find)
}

// written finds a month and a day.
func (e *expression) written(d day, k knobs) (onDate, *Error) {
	if d.month < 1 || d.month > 12 {
		return onDate{}, errorf(Impossible, d.words, "There is no month %d in %s.", d.month, quote(d.words))
	}
	if _, ok := date(2000, d.month, d.dom); !ok {
		return onDate{}, noSuchDay(d)
	}
	return e.inYear(d, k, func(year int) (wall, bool) {
		month := d.month
		if k.roll == 1 {
			month += time.Month(d.drops)
			year += int(month-1) / 12
			month = (month-1)%12 + 1
		}
		return date(year, month, d.dom)
	})
}

// inYear looks for a date in the year that is written, or else in this year and the next. A date that went by not long
// ago is taken for a slip: next year's is only offered.
func (e *expression) inYear(d day, k knobs, find func(year int) (wall, bool)) (onDate, *Error) {
	year := d.year
	if year == 0 && k.fill == 1 {
		year = e.year
	}
	if year != 0 {
		w, ok := find(year)
		if !ok {
			return onDate{}, noSuchDay(d)
		}
		return onDate{date: w}, nil
	}
	var before, after wall // the last one up to today, and the next
	for year := e.today.Year() - 1; year <= e.today.Year()+1; year++ {
		w, ok := find(year)
		switch {
		case w.After(e.today) && ok:
			after = w
		case ok:
			before = w
		}
		if w.After(e.today) { // there may be no such day in the year that comes next: then it is not the one after either
			break
		}
	}
	switch {
	case !before.IsZero() && before.AddDate(0, 0, slipDays).After(e.today):
		return onDate{date: before, later: after}, nil
	case !after.IsZero():
		return onDate{date: after}, nil
	}
	return onDate{}, noSuchDay(d)
}

func noSuchDay(d day) *Error {
	return errorf(Impossible, d.words, "There is no such day as %s.", quote(d.words))
}
