package when

import (
	"slices"
	"strings"
	"time"
)

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

type clockForm int

const (
	exact    clockForm = iota // on the 24-hour clock
	open                      // an hour from 1 to 12, morning or not
	midnight                  // with minutes after it, or before when negative
)

// clock is a time of day as it was written.
type clock struct {
	form   clockForm
	h, m   int
	edge   which // of midnight: thisOne starts the day, nextOne ends it
	padded bool  // HH:MM, so the 24-hour clock beside an ISO date
	part   part
	mark   *offsetMark
	words  string
}

// offsetMark is an offset or the name of one, written after a time of day.
type offsetMark struct {
	name    string // lower case; or
	fixed   bool
	seconds int
	strict  bool // the zone itself must be at that offset then
}

type atomKind int

const (
	atomSep atomKind = iota
	atomDay
	atomClock
	atomPart
	atomSpan
)

// strength of what stands between two parts.
type strength int

const (
	none strength = iota
	comma
	and
	semicolon
)

type atom struct {
	kind  atomKind
	sep   strength
	day   day
	clock clock
	part  part
	span  int // minutes
	from  int // tokens
	to    int
}

type parser struct {
	src   string
	toks  []token
	r     *reader
	atoms []atom
	tForm bool // an ISO date and T stand just before
}

func (p *parser) tok(i int) token {
	if i < 0 || i >= len(p.toks) {
		return token{kind: tokenMark}
	}
	return p.toks[i]
}

func (p *parser) word(i int, texts ...string) bool {
	t := p.tok(i)
	return t.kind != tokenNumber && t.kind != tokenAside && slices.Contains(texts, t.text)
}

func (p *parser) number(i int) bool { return p.tok(i).kind == tokenNumber }

// text gives the person's words between two tokens.
func (p *parser) text(from, to int) string {
	if from >= to || from >= len(p.toks) {
		return ""
	}
	return p.src[p.toks[from].from:p.toks[min(to, len(p.toks))-1].to]
}

// parse turns the words into atoms, or says which word it cannot place.
func (p *parser) parse() *Error {
	for i := 0; i < len(p.toks); {
		if s, next := p.separator(i); next > i {
			if len(p.atoms) == 0 || next == len(p.toks) || p.atoms[len(p.atoms)-1].kind == atomSep {
				return p.misplaced(i)
			}
			p.add(atom{kind: atomSep, sep: s, from: i, to: next})
			i = next
			continue
		}
		next, err := p.atom(i)
		if err != nil {
			return err
		}
		i = next
	}
	return nil
}

func (p *parser) add(a atom) {
	a.day.words, a.clock.words = p.text(a.from, a.to), p.text(a.from, a.to)
	p.atoms = append(p.atoms, a)
}

func (p *parser) separator(i int) (strength, int) {
	switch {
	case p.word(i, ";"):
		next := i + 1
		for p.word(next, ";") {
			next++
		}
		if next == len(p.toks) { // a line break at the end
			return none, i
		}
		return semicolon, next
	case p.word(i, ",") && p.word(i+1, "and", "&"):
		return and, i + 2
	case p.word(i, ","):
		return comma, i + 1
	case p.word(i, "and", "&"):
		return and, i + 1
	}
	return none, i
}

// last gives the atom before, when nothing separates it.
func (p *parser) last() *atom {
	if len(p.atoms) == 0 {
		return nil
	}
	return &p.atoms[len(p.atoms)-1]
}

// atom reads one day, clock, part of the day or span, with the little words before it.
func (p *parser) atom(start int) (int, *Error) {
	i, at, the := start, false, false
	for ; p.word(i, "at", "@", "by", "on", "the", "of", "coming"); i++ {
		at = at || p.word(i, "at", "@", "by")
		the = p.word(i, "the")
		if p.word(i, "of") && (p.last() == nil || p.last().kind != atomPart) {
			return 0, p.misplaced(i)
		}
	}
	tForm := p.tForm
	p.tForm = false
	if tForm {
		at = true
	}
	if n, ok := p.partOfDay(i); ok {
		p.add(atom{kind: atomPart, part: partWord(p.tok(n - 1).text), from: i, to: n})
		return n, nil
	}
	if d, minutes, n, err := p.counted(i); err != nil {
		return 0, err
	} else if n > i {
		if minutes > 0 {
			p.add(atom{kind: atomSpan, span: minutes, from: i, to: n})
		} else {
			p.add(atom{kind: atomDay, day: d, from: i, to: n})
		}
		return n, nil
	}
	if d, n, err := p.day(i); err != nil {
		return 0, err
	} else if n > i {
		p.add(atom{kind: atomDay, day: d, from: i, to: n})
		if d.part != noPart {
			p.add(atom{kind: atomPart, part: d.part, from: i, to: n})
		}
		if d.iso && p.word(n, "t") && p.tok(n).glued && p.number(n+1) && p.tok(n+1).glued {
			p.tForm = true
			n++
		}
		return n, nil
	}
	if c, n, err := p.clock(i, at); err != nil {
		return 0, err
	} else if n > i {
		c.mark, n, err = p.mark(n, tForm)
		if err != nil {
			return 0, err
		}
		p.add(atom{kind: atomClock, clock: c, from: i, to: n})
		return n, nil
	}
	if i == start {
		if n, err := p.lateMark(i); err != nil || n > i {
			return n, err
		}
	}
	return p.bareNumber(i, the)
}

// partOfDay gives the token after "in the morning", "night" and the like.
func (p *parser) partOfDay(i int) (int, bool) {
	switch {
	case p.word(i, "in") && p.word(i+1, "the") && partWord(p.tok(i+2).text) != noPart:
		return i + 3, true
	case p.tok(i).kind == tokenWord && partWord(p.tok(i).text) != noPart:
		return i + 1, true
	}
	return i, false
}

// counted reads what is counted from now or from another day: "in 2 days", "a week from thursday", "3 hours from now".
func (p *parser) counted(i int) (d day, minutes, next int, err *Error) {
	j := i
	in := p.word(j, "in")
	if in {
		j++
	}
	s, k, ok := measure(p.toks, j, false)
	if !ok {
		return d, 0, i, nil
	}
	base, after, based := p.base(k, s)
	switch {
	case p.word(k, "ago"):
		return d, 0, i, errorf(Past, p.text(i, k+1), "%s is in the past. When is it?", quote(p.text(i, k+1)))
	case in && based && !(p.word(k, "from") && p.word(k+1, "now")):
		return d, 0, i, p.misplaced(k)
	case !in && !based:
		return d, 0, i, nil
	case !based:
		after = k
	}
	words := p.text(i, after)
	switch {
	case s.broken:
		return d, 0, i, errorf(Unknown, words, "%s is not a whole number of minutes.", quote(words))
	case s.days > 0 && s.minutes > 0:
		return d, 0, i, errorf(Unknown, words, "%s mixes days with hours. Please give the day and the time.", quote(words))
	case s.days > 400 || s.minutes > 400*24*60:
		return d, 0, i, errorf(Far, words, "%s is more than 400 days away. I can plan 400 days ahead.", quote(words))
	case s.days == 0 && s.minutes == 0:
		return d, 0, i, errorf(Unknown, words, "%s is now. Please give a later time.", quote(words))
	case s.days > 0:
		base.plus += s.days
		return base, 0, after, nil
	case based && !(p.word(k+1, "now")):
		return d, 0, i, errorf(Unknown, words, "I could not read %s. Please give the day and the time.", quote(words))
	}
	return d, s.minutes, after, nil
}

// base reads what a count of days starts from, after "a week", "3 days".
func (p *parser) base(k int, s span) (day, int, bool) {
	start := day{shape: shapeOffset}
	wholeWeeks := s.days > 0 && s.days%7 == 0 && s.minutes == 0
	j := k
	switch {
	case p.word(k, "from", "after"), p.word(k, "on") && wholeWeeks:
		j++
	case wholeWeeks && p.word(k, "today", "tomorrow"):
	default:
		return start, k, false
	}
	switch {
	case p.word(j, "now", "today"):
		return start, j + 1, true
	case p.word(j, "tomorrow", "tmrw", "tmr"):
		start.offset, start.asleep = 1, true
		return start, j + 1, true
	}
	start = day{shape: shapeWeekday, named: true}
	if p.word(j, "next") {
		start.which = nextOne
		j++
	}
	var ok bool
	start.weekday, ok = weekdayWord(p.tok(j).text)
	return start, j + 1, ok
}

// day reads a day that needs no other words to be one.
func (p *parser) day(i int) (day, int, *Error) {
	if d, n := p.relativeDay(i); n > i {
		return d, n, nil
	}
	if d, n := p.feast(i); n > i {
		return d, n, nil
	}
	if d, n, err := p.nthWeekday(i); err != nil || n > i {
		return d, n, err
	}
	if d, n, err := p.weekdayWords(i); err != nil || n > i {
		return d, n, err
	}
	if m, ok := monthWord(p.tok(i).text); ok && p.tok(i).kind == tokenWord {
		return p.monthFirst(i, m)
	}
	if p.number(i) {
		if d, n := p.figures(i); n > i {
			return d, n, nil
		}
		return p.numberFirst(i)
	}
	return day{}, i, nil
}

// feast reads the few days of a year that people call by a name and that have
// the same date every year.
func (p *parser) feast(i int) (day, int) {
	d := day{shape: shapeDate, monthFirst: true}
	var next int
	switch {
	case p.word(i, "christmas", "xmas") && p.word(i+1, "eve"):
		d.month, d.dom, next = time.December, 24, i+2
	case p.word(i, "christmas", "xmas"):
		d.month, d.dom, next = time.December, 25, i+1
		if p.word(next, "day") {
			next++
		}
	case p.word(i, "new") && p.word(i+1, "year's", "years", "year") && p.word(i+2, "eve"):
		d.month, d.dom, next = time.December, 31, i+3
	case p.word(i, "new") && p.word(i+1, "year's", "years", "year") && p.word(i+2, "day"):
		d.month, d.dom, next = time.January, 1, i+3
	default:
		return day{}, i
	}
	d.year, next = p.year(next)
	return d, next
}

func (p *parser) relativeDay(i int) (day, int) {
	d := day{shape: shapeOffset}
	switch {
	case p.word(i, "today"):
	case p.word(i, "tonight"):
		d.part = night
	case p.word(i, "tomorrow", "tmrw", "tmr"):
		d.offset, d.asleep = 1, true
	case p.word(i, "yesterday"):
		d.offset = -1
	case p.word(i, "day") && p.word(i+1, "after") && p.word(i+2, "tomorrow"):
		d.offset, d.asleep = 2, true
		return d, i + 3
	case p.word(i, "this", "last") && p.tok(i+1).kind == tokenWord && partWord(p.tok(i+1).text) != noPart:
		d.part = partWord(p.tok(i + 1).text)
		if p.word(i, "last") {
			d.offset = -1
		}
		return d, i + 2
	default:
		return d, i
	}
	if p.word(i+1, "week") && d.part == noPart {
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

func (p *parser) weekdayWords(i int) (day, int, *Error) {
	d := day{shape: shapeWeekday, named: true}
	j := i
	if p.word(j, "this", "next") && p.word(j+1, "week") {
		d.week = whichWord(p.tok(j).text)
		j += 2
		if p.word(j, "on") {
			j++
		}
		if w, ok := weekdayWord(p.tok(j).text); ok {
			d.weekday = w
			return d, j + 1, nil
		}
		words := p.text(i, i+2)
		return d, i, errorf(Missing, words, "Which day of %s week?", p.tok(i).text)
	}
	if p.word(j, "this", "next", "last") {
		d.which = whichWord(p.tok(j).text)
		j++
		if p.word(j, "coming") && d.which == thisOne {
			j++
		}
	}
	w, ok := weekdayWord(p.tok(j).text)
	if !ok {
		return d, i, nil
	}
	d.weekday = w
	j++
	if d.which != whichever {
		return d, j, nil
	}
	if p.word(j, "week") {
		d.plus = 7
		return d, j + 1, nil
	}
	k := j
	if p.word(k, "of") {
		k++
	}
	if p.word(k, "this", "next") && p.word(k+1, "week") {
		d.week = whichWord(p.tok(k).text)
		return d, k + 2, nil
	}
	return d, j, nil
}

// nthWeekday reads "first tuesday of december" and "last friday in january 2027".
func (p *parser) nthWeekday(i int) (day, int, *Error) {
	d := day{shape: shapeNth, nth: -1}
	if t := p.tok(i); t.kind == tokenNumber && t.ordinal {
		d.nth = t.n
	} else if !p.word(i, "last") {
		return d, i, nil
	}
	w, ok := weekdayWord(p.tok(i + 1).text)
	if !ok {
		return d, i, nil
	}
	d.weekday = w
	if p.word(i+2, "of", "in") {
		if m, ok := monthWord(p.tok(i + 3).text); ok && d.nth <= 5 {
			d.month = m
			var next int
			d.year, next = p.year(i + 4)
			return d, next, nil
		}
	}
	if d.nth < 0 {
		return d, i, nil // "last friday" is a weekday that went by
	}
	words := p.text(i, i+2)
	return d, i, errorf(Unknown, words, "I could not read %s. Please write the date, such as 8 december.", quote(words))
}

// year reads a year after a month and day, if one is there.
func (p *parser) year(i int) (year, next int) {
	j := i
	if p.word(j, ",") || p.word(j, "-") && p.tok(j).glued {
		j++
	}
	if t := p.tok(j); t.figures(4) && t.n >= 2000 && t.n < 2100 && !p.clockSign(j) {
		return t.n, j + 1
	}
	return 0, i
}

// clockSign says whether the number at i is a time of day by what follows it.
func (p *parser) clockSign(i int) bool {
	next := p.tok(i + 1)
	switch {
	case next.is(":") && next.glued, p.word(i+1, "am", "pm", "o'clock", "oclock"):
		return true
	case next.glued && p.word(i+1, "a", "p", "h"):
		return true
	case next.is(".") && next.glued && p.tok(i+2).figures(2):
		return p.word(i+3, "am", "pm") || p.tok(i+3).glued && p.word(i+3, "a", "p")
	}
	return false
}

// dayOfMonth says whether the token at i can be a day of the month.
func (p *parser) dayOfMonth(i int) bool {
	t := p.tok(i)
	return t.kind == tokenNumber && t.width <= 2 && !p.clockSign(i)
}

func (p *parser) monthFirst(i int, m time.Month) (day, int, *Error) {
	j := i + 1
	if p.word(j, "the") || p.word(j, "-") && p.tok(j).glued && p.number(j+1) {
		j++
	}
	if !p.dayOfMonth(j) {
		return day{}, i, errorf(Missing, p.text(i, i+1), "Which day of %s?", m)
	}
	d := day{shape: shapeDate, month: m, dom: p.tok(j).n, monthFirst: true}
	var next int
	d.year, next = p.year(j + 1)
	return d, next, nil
}

func (p *parser) numberFirst(i int) (day, int, *Error) {
	if !p.dayOfMonth(i) {
		return day{}, i, nil
	}
	j := i + 1
	if p.word(j, "of", "-", ".") {
		j++
	}
	m, ok := monthWord(p.tok(j).text)
	if !ok || p.tok(j).kind != tokenWord {
		return day{}, i, nil
	}
	// "at 1 dec 8" could be the 1st and 8 o'clock, or 1 o'clock on the 8th.
	if p.dayOfMonth(j+1) && j == i+1 && !p.tok(i).ordinal {
		words := p.text(i, j+2)
		return day{}, i, errorf(Unknown, words, "In %s I cannot tell the day from the hour. Please write am or pm with the hour, or put a comma between.", quote(words))
	}
	d := day{shape: shapeDate, month: m, dom: p.tok(i).n}
	var next int
	d.year, next = p.year(j + 1)
	return d, next, nil
}

// figures reads dates written in numbers alone.
func (p *parser) figures(i int) (day, int) {
	sign, first, second := p.tok(i+1), p.tok(i), p.tok(i+2)
	plain := func(t token) bool { return t.kind == tokenNumber && !t.ordinal && (t.width == 1 || t.width == 2) }
	if !(sign.is("-") || sign.is("/") || sign.is(".")) || !sign.glued || !second.glued || !plain(second) {
		return day{}, i
	}
	third := p.tok(i + 4)
	more := p.tok(i+3).is(sign.text) && p.tok(i+3).glued && third.glued
	switch {
	case first.figures(4) && more && plain(third) && !sign.is("."):
		return day{shape: shapeDate, iso: true, year: first.n, month: time.Month(second.n), dom: third.n}, i + 5
	case plain(first) && more && third.figures(4):
		return day{shape: shapeOrder, a: first.n, b: second.n, year: third.n}, i + 5
	case plain(first) && more && third.figures(2) && !sign.is("-"):
		return day{shape: shapeOrder, a: first.n, b: second.n, year: 2000 + third.n}, i + 5
	case plain(first) && !more && sign.is("/"):
		return day{shape: shapeOrder, a: first.n, b: second.n}, i + 3
	}
	return day{}, i
}

// clock reads a time of day. After at, a number alone is an hour.
func (p *parser) clock(i int, at bool) (clock, int, *Error) {
	switch {
	case p.word(i, "noon", "midday"):
		return clock{h: 12}, i + 1, nil
	case p.word(i, "midnight"):
		c := clock{form: midnight}
		j := i + 1
		if p.word(j, "at", "on") && p.word(j+1, "the") || p.word(j, "the") {
			for p.word(j, "at", "on", "the") {
				j++
			}
			if p.word(j, "start", "end") && p.word(j+1, "of") && p.word(j+2, "the", "that") && p.word(j+3, "day") {
				c.edge = thisOne
				if p.word(j, "end") {
					c.edge = nextOne
				}
				return c, j + 4, nil
			}
		}
		return c, i + 1, nil
	}
	if c, n, err := p.spokenClock(i); err != nil || n > i {
		return c, n, err
	}
	t := p.tok(i)
	if t.kind != tokenNumber || t.ordinal || t.width > 4 {
		return clock{}, i, nil
	}
	h, m, next, is, err := p.hourMinute(i, at)
	if err != nil || !is {
		return clock{}, i, err
	}
	half, next := p.half(next)
	words := p.text(i, next)
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return clock{}, i, errorf(Impossible, words, "There is no %s on the clock.", quote(words))
	}
	if half != "" && (h < 1 || h > 12) {
		return clock{}, i, errorf(Impossible, words, "%s is not a time: hours with am or pm go from 1 to 12.", quote(words))
	}
	if p.word(next, "noon", "midday", "midnight") && h == 12 && m == 0 && half == "" {
		return p.clock(next, at) // 12 noon, 12:00 midnight
	}
	padded := t.width == 2 && next-i >= 3
	return written(h, m, half, t.width == 2 && t.n < 10 || (t.width == 4 && t.n < 1000), padded), next, nil
}

// written makes a clock of an hour and minutes. Padded numbers such as 08:00 are on the 24-hour clock.
func written(h, m int, half string, zero, padded bool) clock {
	c := clock{h: h, m: m, padded: padded}
	switch {
	case half == "am" && h == 12 && m == 0, h == 24:
		return clock{form: midnight}
	case half == "am" && h == 12:
		c.h = 0
	case half == "pm" && h < 12:
		c.h += 12
	case half == "" && h >= 1 && h <= 12 && !zero:
		c.form = open
	}
	return c
}

// half reads am or pm at i.
func (p *parser) half(i int) (string, int) {
	switch {
	case p.word(i, "am", "pm"):
		return p.tok(i).text, i + 1
	case p.word(i, "a", "p") && p.tok(i).glued:
		return p.tok(i).text + "m", i + 1
	}
	return "", i
}

// hourMinute reads the numbers of a clock, without am or pm.
func (p *parser) hourMinute(i int, at bool) (h, m, next int, ok bool, err *Error) {
	t, sign, second := p.tok(i), p.tok(i+1), p.tok(i+2)
	half := func(k int) bool { h, _ := p.half(k); return h != "" }
	switch {
	case t.width >= 3:
		return p.runTogether(i, at)
	case sign.is(":") && sign.glued && second.figures(2) && second.glued:
		next, ok = p.seconds(i + 3)
		if !ok {
			words := p.text(i, i+5)
			return 0, 0, i, false, errorf(Unknown, words, "I keep whole minutes, so %s is too exact for me.", quote(words))
		}
		if p.word(next, "h", "hrs", "hours") {
			next++
		}
		return t.n, second.n, next, true, nil
	case sign.is(".") && sign.glued && second.figures(2) && second.glued:
		couldBeDate := second.n <= 31 && t.n >= 1 && second.n >= 1 && (t.n <= 12 || second.n <= 12)
		if couldBeDate && !at && !half(i+3) {
			words := p.text(i, i+3)
			return 0, 0, i, false, errorf(Unknown, words, "Is %s a date or a time? Please write the month as a word, or the time with “:”.", quote(words))
		}
		return t.n, second.n, i + 3, true, nil
	case p.word(i+1, "h") && sign.glued:
		if second.figures(2) && second.glued {
			return t.n, second.n, i + 3, true, nil
		}
		return t.n, 0, i + 2, true, nil
	case p.word(i+1, "o'clock", "oclock"):
		return t.n, 0, i + 2, true, nil
	case half(i + 1):
		return t.n, 0, i + 1, true, nil
	case t.n == 12 && p.word(i+1, "noon", "midday", "midnight"):
		return t.n, 0, i + 1, true, nil
	case t.width == 0 && t.n >= 1 && t.n <= 12 && second.width == 0 && sign.kind == tokenNumber && sign.width == 0 && !sign.ordinal && sign.n >= 10 && sign.n < 60:
		return t.n, sign.n, i + 2, true, nil // eleven thirty
	case at || p.hourByCompany(i):
		return t.n, 0, i + 1, true, nil
	}
	return 0, 0, i, false, nil
}

// runTogether reads 130pm, 0930, 1300 and 1300 hours. A number that could be a year needs "at".
func (p *parser) runTogether(i int, at bool) (h, m, next int, ok bool, err *Error) {
	t := p.tok(i)
	next = i + 1
	half, _ := p.half(next)
	switch {
	case half != "":
	case t.width == 4 && p.word(next, "h", "hrs", "hours"):
		next++
	case t.width == 4 && (at || t.n < 1000 || t.n >= 1300 && (t.n < 2000 || t.n > 2099)):
	default:
		return 0, 0, i, false, nil
	}
	return t.n / 100, t.n % 100, next, true, nil
}

// seconds reads :00 and .000, which change nothing; anything else is refused.
func (p *parser) seconds(i int) (int, bool) {
	if !p.tok(i).is(":") || !p.tok(i).glued {
		return i, true
	}
	if t := p.tok(i + 1); !t.figures(2) || t.n != 0 {
		return i, false
	}
	i += 2
	if p.tok(i).is(".") && p.tok(i).glued && p.number(i+1) && p.tok(i+1).glued {
		if p.tok(i+1).n != 0 {
			return i, false
		}
		i += 2
	}
	return i, true
}

// hourByCompany says whether the lone number at i must be an hour because of its neighbours: "tomorrow 9",
// "9 in the morning", "8 tonight", "9 thursday morning".
func (p *parser) hourByCompany(i int) bool {
	if n, ok := p.partOfDay(i + 1); ok && n > i+1 || p.word(i+1, "at") && p.word(i+2, "night") {
		return true
	}
	if d, n := p.relativeDay(i + 1); n > i+1 && d.offset >= 0 {
		return true
	}
	if _, ok := weekdayWord(p.tok(i + 1).text); ok && partWord(p.tok(i+2).text) != noPart {
		return true
	}
	last := p.last()
	return last != nil && (last.kind == atomPart || last.kind == atomDay && last.day.shape == shapeOffset)
}

// spokenClock reads "half past 2", "quarter to 5 pm", "ten minutes past noon".
func (p *parser) spokenClock(i int) (clock, int, *Error) {
	j, n, sure := i, 0, true
	if p.word(j, "a") && p.word(j+1, "quarter") {
		j++
	}
	switch t := p.tok(j); {
	case p.word(j, "half") && p.word(j+1, "past"):
		n = 30
		j++
	case p.word(j, "quarter"):
		n = 15
		j++
	case t.kind == tokenNumber && !t.ordinal && t.n > 0 && t.n < 60 && t.width <= 2:
		n = t.n
		sure = t.width == 0 && t.n > 12
		j++
		if p.word(j, "min", "mins", "minute", "minutes") {
			sure = true
			j++
		}
	default:
		return clock{}, i, nil
	}
	sign := 0
	switch {
	case p.word(j, "past", "after"):
		sign = 1
	case p.word(j, "to", "till", "before"):
		sign = -1
	default:
		return clock{}, i, nil
	}
	j++
	c, next, ok := p.wholeHour(j)
	words := p.text(i, next)
	switch {
	case !ok:
		return clock{}, i, nil
	case sign < 0 && !sure: // "5 to 7 pm" is two hours more often than 6:55
		return clock{}, i, errorf(Vague, words, "Is %s from one hour to another, or minutes before the hour? Please write one starting time, such as 4:45 pm.", quote(words))
	case c.form == midnight:
		c.m = sign * n
		return c, next, nil
	case sign < 0:
		c.h, c.m = c.h-1, 60-n
		if c.form == open && c.h == 0 {
			c.h = 12
		}
		return c, next, nil
	}
	c.m = n
	return c, next, nil
}

// wholeHour reads the hour that minutes are counted to or from.
func (p *parser) wholeHour(i int) (clock, int, bool) {
	switch t := p.tok(i); {
	case p.word(i, "noon", "midday"):
		return clock{h: 12}, i + 1, true
	case p.word(i, "midnight"):
		return clock{form: midnight}, i + 1, true
	case t.kind != tokenNumber || t.ordinal || t.width > 2 || t.n < 1 || t.n > 23 || p.tok(i+1).is(":") || p.tok(i+1).is("."):
		return clock{}, i, false
	default:
		next := i + 1
		if p.word(next, "o'clock", "oclock") {
			next++
		}
		half, next := p.half(next)
		if half != "" && t.n > 12 {
			return clock{}, i, false
		}
		return written(t.n, 0, half, t.width == 2 && t.n < 10, false), next, true
	}
}

// mark reads the offset after a time of day, if there is one: Z, UTC, UTC+5:30, -07:00, MST, (Denver time, MST).
func (p *parser) mark(i int, tForm bool) (*offsetMark, int, *Error) {
	t := p.tok(i)
	switch {
	case t.kind == tokenAside:
		for _, h := range p.r.habits() {
			for _, name := range []string{strings.ToLower(h.name), strings.ToLower("UTC" + offsetText(h.seconds))} {
				if t.text == "("+strings.TrimPrefix(strings.ToLower(label(p.r.zone))+", "+name, ", ")+")" {
					return &offsetMark{fixed: true, seconds: h.seconds, strict: true}, i + 1, nil
				}
			}
		}
		return nil, i, errorf(Unknown, p.text(i, i+1), "%s is not this group's time zone. I keep %s here.", quote(p.text(i, i+1)), p.r.zoneWords())
	case p.word(i, "z", "utc"):
		if seconds, n, ok := p.offset(i+1, true); ok {
			return &offsetMark{fixed: true, seconds: seconds}, n, nil
		}
		return &offsetMark{fixed: true}, i + 1, nil
	case t.kind == tokenWord && p.r.ownName(t.text):
		return &offsetMark{name: t.text}, i + 1, nil
	case p.word(i, "+", "-"):
		seconds, n, ok := p.offset(i, tForm)
		if !ok {
			return nil, i, nil
		}
		// "09:00 -10:00" is a range unless the zone has that offset.
		own := slices.ContainsFunc(p.r.habits(), func(h habit) bool { return h.seconds == seconds })
		if !tForm && (!own || t.glued) {
			return nil, i, errorf(Vague, p.text(i, n), "I need one starting time, and I could not read %s.", quote(p.text(i, n)))
		}
		return &offsetMark{fixed: true, seconds: seconds}, n, nil
	}
	return nil, i, nil
}

// offset reads +05:30, -0700 or, when short ones are allowed, -7.
func (p *parser) offset(i int, short bool) (seconds, next int, ok bool) {
	sign := 1
	switch {
	case p.word(i, "-"):
		sign = -1
	case !p.word(i, "+"):
		return 0, i, false
	}
	h, m := p.tok(i+1), p.tok(i+3)
	if h.kind != tokenNumber || !h.glued || h.ordinal {
		return 0, i, false
	}
	hh, mm := h.n, 0
	switch {
	case p.tok(i+2).is(":") && m.figures(2) && (h.width == 2 || short && h.width == 1):
		mm, next = m.n, i+4
	case h.width == 4:
		hh, mm, next = h.n/100, h.n%100, i+2
	case short && h.width <= 2 && h.width > 0:
		next = i + 2
	default:
		return 0, i, false
	}
	seconds = sign * (hh*3600 + mm*60)
	return seconds, next, mm < 60 && seconds >= -12*3600 && seconds <= 14*3600
}

// lateMark reads a mark that stands after a date which stands after its time: "1:00 pm on 8 december MST".
func (p *parser) lateMark(i int) (int, *Error) {
	last := p.last()
	if last == nil || last.kind != atomDay || len(p.atoms) < 2 {
		return i, nil
	}
	timed := &p.atoms[len(p.atoms)-2]
	if timed.kind != atomClock || timed.clock.mark != nil {
		return i, nil
	}
	m, n, err := p.mark(i, false)
	if m != nil {
		timed.clock.mark = m
	}
	return n, err
}

// bareNumber reads a number that is a day of the month because of where it stands, and refuses everything else.
func (p *parser) bareNumber(i int, the bool) (int, *Error) {
	t, last := p.tok(i), p.last()
	if t.kind != tokenNumber {
		return 0, p.misplaced(i)
	}
	free := last == nil || last.kind == atomSep || last.kind == atomDay && last.day.shape == shapeWeekday
	sure := t.ordinal || the
	if !(sure || free) || !p.dayOfMonth(i) {
		return 0, p.misplaced(i)
	}
	d := day{shape: shapeNumber, dom: t.n, ordinal: sure}
	var next int
	d.year, next = p.year(i + 1)
	p.add(atom{kind: atomDay, day: d, from: i, to: next})
	return next, nil
}

// misplaced refuses the token at i.
func (p *parser) misplaced(i int) *Error {
	if i >= len(p.toks) {
		i = len(p.toks) - 1
	}
	t := p.tok(i)
	written := p.text(i, i+1)
	switch {
	case vague(t.text) != "":
		return errorf(Vague, written, "I read %s. %s", quote(written), vague(t.text))
	case t.kind == tokenNumber && p.word(i+1, "-", "to", "until", "till"):
		return p.misplaced(i + 1)
	case t.kind == tokenNumber:
		return errorf(Unknown, written, "I am not sure what %s stands for. Please write an hour like 1pm or 13:00, and a day like 8 dec.", quote(written))
	case foreign(t.text):
		return p.r.foreignZone(written)
	}
	return errorf(Unknown, written, "I could not place %s there.", quote(written))
}
