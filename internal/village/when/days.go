package when

import "time"

type which int

const (
	whichever which = iota
	thisOne
	nextOne
	lastOne
)

type shape int

const (
	shapeWeekday shape = iota // only a weekday
	shapeOffset               // so many days from today
	shapeDate                 // a month and a day, perhaps a year
	shapeOrder                // two numbers, month or day first
	shapeNumber               // a day of a month that other words name, or the next such day
	shapeNth                  // the nth weekday of a month
)

// day is a calendar day as it was written.
type day struct {
	shape   shape
	offset  int  // days from today
	asleep  bool // counted from when people last slept: tomorrow
	plus    int  // days counted on from it: "a week from thursday"
	named   bool
	weekday time.Weekday
	which   which
	week    which // this week, next week
	year    int   // 0 when not written
	month   time.Month
	dom     int
	a, b    int // shapeOrder
	nth     int // 1 to 5, -1 for last
	iso     bool
	ordinal bool
	// monthFirst is "dec 8", not "8 dec".
	monthFirst bool
	group      int // dates that share a written month, from 1
	drops      int // how often the numbers of its group went down before it
	part       part
	words      string
}

// day reads a day that needs no other words to be one.
func (l line) day(i int) (day, int, *Error) {
	if d, n := l.relativeDay(i); n > i {
		return d, n, nil
	}
	if d, n := l.feast(i); n > i {
		return d, n, nil
	}
	if d, n, err := l.nthWeekday(i); err != nil || n > i {
		return d, n, err
	}
	if d, n, err := l.weekdayWords(i); err != nil || n > i {
		return d, n, err
	}
	if m, ok := monthWord(l.tok(i).text); ok && l.tok(i).kind == tokenWord {
		return l.monthFirst(i, m)
	}
	if l.number(i) {
		if d, n := l.figures(i); n > i {
			return d, n, nil
		}
		return l.numberFirst(i)
	}
	return day{}, i, nil
}

// feast reads the few days of a year that people call by a name and that have
// the same date every year.
func (l line) feast(i int) (day, int) {
	d := day{shape: shapeDate, monthFirst: true}
	var next int
	switch {
	case l.word(i, "christmas", "xmas") && l.word(i+1, "eve"):
		d.month, d.dom, next = time.December, 24, i+2
	case l.word(i, "christmas", "xmas"):
		d.month, d.dom, next = time.December, 25, i+1
		if l.word(next, "day") {
			next++
		}
	case l.word(i, "new") && l.word(i+1, "year's", "years", "year") && l.word(i+2, "eve"):
		d.month, d.dom, next = time.December, 31, i+3
	case l.word(i, "new") && l.word(i+1, "year's", "years", "year") && l.word(i+2, "day"):
		d.month, d.dom, next = time.January, 1, i+3
	default:
		return day{}, i
	}
	d.year, next = l.year(next)
	return d, next
}

func (l line) relativeDay(i int) (day, int) {
	d := day{shape: shapeOffset}
	switch {
	case l.word(i, "today"):
	case l.word(i, "tonight"):
		d.part = night
	case l.word(i, "tomorrow", "tmrw", "tmr"):
		d.offset, d.asleep = 1, true
	case l.word(i, "yesterday"):
		d.offset = -1
	case l.word(i, "day") && l.word(i+1, "after") && l.word(i+2, "tomorrow"):
		d.offset, d.asleep = 2, true
		return d, i + 3
	case l.word(i, "this", "last") && l.tok(i+1).kind == tokenWord && partWord(l.tok(i+1).text) != noPart:
		d.part = partWord(l.tok(i + 1).text)
		if l.word(i, "last") {
			d.offset = -1
		}
		return d, i + 2
	default:
		return d, i
	}
	if l.word(i+1, "week") && d.part == noPart {
		d.plus = 7
		return d, i + 2
	}
	return d, i + 1
}

func whichWord(w string) which {
	switch w {
	case "this":
		return thisOne
	case "next":
		return nextOne
	case "last":
		return lastOne
	}
	return whichever
}

func (l line) weekdayWords(i int) (day, int, *Error) {
	d := day{shape: shapeWeekday, named: true}
	j := i
	if l.word(j, "this", "next") && l.word(j+1, "week") {
		d.week = whichWord(l.tok(j).text)
		j += 2
		if l.word(j, "on") {
			j++
		}
		if w, ok := weekdayWord(l.tok(j).text); ok {
			d.weekday = w
			return d, j + 1, nil
		}
		words := l.text(i, i+2)
		return d, i, errorf(Missing, words, "Which day of %s week?", l.tok(i).text)
	}
	if l.word(j, "this", "next", "last") {
		d.which = whichWord(l.tok(j).text)
		j++
		if l.word(j, "coming") && d.which == thisOne {
			j++
		}
	}
	w, ok := weekdayWord(l.tok(j).text)
	if !ok {
		return d, i, nil
	}
	d.weekday = w
	j++
	if d.which != whichever {
		return d, j, nil
	}
	if l.word(j, "week") {
		d.plus = 7
		return d, j + 1, nil
	}
	k := j
	if l.word(k, "of") {
		k++
	}
	if l.word(k, "this", "next") && l.word(k+1, "week") {
		d.week = whichWord(l.tok(k).text)
		return d, k + 2, nil
	}
	return d, j, nil
}

// nthWeekday reads "first tuesday of december" and "last friday in january 2027".
func (l line) nthWeekday(i int) (day, int, *Error) {
	d := day{shape: shapeNth, nth: -1}
	if t := l.tok(i); t.kind == tokenNumber && t.ordinal {
		d.nth = t.n
	} else if !l.word(i, "last") {
		return d, i, nil
	}
	w, ok := weekdayWord(l.tok(i + 1).text)
	if !ok {
		return d, i, nil
	}
	d.weekday = w
	if l.word(i+2, "of", "in") {
		if m, ok := monthWord(l.tok(i + 3).text); ok && d.nth <= 5 {
			d.month = m
			var next int
			d.year, next = l.year(i + 4)
			return d, next, nil
		}
	}
	if d.nth < 0 {
		return d, i, nil // "last friday" is a weekday that went by
	}
	words := l.text(i, i+2)
	return d, i, errorf(Unknown, words, "I could not read %s. Please write the date, such as 8 december.", quote(words))
}

// year reads a year after a month and day, if one is there.
func (l line) year(i int) (year, next int) {
	j := i
	if l.word(j, ",") || l.word(j, "-") && l.tok(j).glued {
		j++
	}
	if t := l.tok(j); t.figures(4) && t.n >= 2000 && t.n < 2100 && !l.clockSign(j) {
		return t.n, j + 1
	}
	return 0, i
}

// dayOfMonth says whether the token at i can be a day of the month.
func (l line) dayOfMonth(i int) bool {
	t := l.tok(i)
	return t.kind == tokenNumber && t.width <= 2 && !l.clockSign(i)
}

func (l line) monthFirst(i int, m time.Month) (day, int, *Error) {
	j := i + 1
	if l.word(j, "the") || l.word(j, "-") && l.tok(j).glued && l.number(j+1) {
		j++
	}
	if !l.dayOfMonth(j) {
		return day{}, i, errorf(Missing, l.text(i, i+1), "Which day of %s?", m)
	}
	d := day{shape: shapeDate, month: m, dom: l.tok(j).n, monthFirst: true}
	var next int
	d.year, next = l.year(j + 1)
	return d, next, nil
}

func (l line) numberFirst(i int) (day, int, *Error) {
	if !l.dayOfMonth(i) {
		return day{}, i, nil
	}
	j := i + 1
	if l.word(j, "of", "-", ".") {
		j++
	}
	m, ok := monthWord(l.tok(j).text)
	if !ok || l.tok(j).kind != tokenWord {
		return day{}, i, nil
	}
	// "at 1 dec 8" could be the 1st and 8 o'clock, or 1 o'clock on the 8th.
	if l.dayOfMonth(j+1) && j == i+1 && !l.tok(i).ordinal {
		words := l.text(i, j+2)
		return day{}, i, errorf(Unknown, words, "In %s I cannot tell the day from the hour. Please write am or pm with the hour, or put a comma between.", quote(words))
	}
	d := day{shape: shapeDate, month: m, dom: l.tok(i).n}
	var next int
	d.year, next = l.year(j + 1)
	return d, next, nil
}

// figures reads dates written in numbers alone.
func (l line) figures(i int) (day, int) {
	sign, first, second, third := l.tok(i+1), l.tok(i), l.tok(i+2), l.tok(i+4)
	if !l.signed(i+1, "-", "/", ".") || !second.short() {
		return day{}, i
	}
	three := l.signed(i+3, sign.text)
	if three && first.figures(4) && third.short() && !sign.is(".") {
		return day{shape: shapeDate, iso: true, year: first.n, month: time.Month(second.n), dom: third.n}, i + 5
	}
	d := day{shape: shapeOrder, a: first.n, b: second.n, year: third.n}
	switch {
	case !first.short():
	case three && third.figures(4):
		return d, i + 5
	case three && third.figures(2) && !sign.is("-"):
		d.year += 2000
		return d, i + 5
	case !three && sign.is("/"):
		d.year = 0
		return d, i + 3
	}
	return day{}, i
}

// short says whether the token is a number of one or two digits.
func (t token) short() bool {
	return t.kind == tokenNumber && !t.ordinal && (t.width == 1 || t.width == 2)
}

// signed says whether one of the signs stands at i with something right before and behind it.
func (l line) signed(i int, signs ...string) bool {
	return l.word(i, signs...) && l.tok(i).glued && l.tok(i+1).glued
}
