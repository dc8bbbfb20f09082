package when

import (
	"slices"
	"time"
)

// Repetition is what words for something that repeats come to.
type Repetition struct {
	// Spec is a cron line of five fields, or "@every" with a length.
	Spec string
	// Other is the same with the other half of the day, when an hour was
	// written without am or pm: "at 9" is read as in the morning, "at 3" as in
	// the afternoon, and the person is offered the other. Else it is empty.
	Other string
	// From is the first instant of its first day, Until that of the day after
	// its last; zero when none was said. Endless says that it is to have no end.
	// Only [RepeatIn] gives them.
	From, Until time.Time
	Endless     bool
}

// Repeats says whether words speak of something that repeats.
func Repeats(words string) bool {
	if len(words) > longestWords {
		return false
	}
	l := lineOf(letterDays(unwrapped(words)))
	for i, t := range l.toks {
		_, plural := pluralDay(t.text)
		plural = plural && !l.fewFromNow(i)
		if l.severalOfMonth(i) || t.kind == tokenWord && (plural || slices.Contains(repeating(), t.text)) || l.dayRange(i) || l.dayList(i) || l.timesA(i) > i {
			return true
		}
	}
	return false
}

// severalOfMonth says whether "2nd and 4th thursday" stands at i, which is no single day.
func (l line) severalOfMonth(i int) bool {
	if t := l.tok(i); !t.ordinal || !l.word(i+1, "and", "&", ",", "/") || !l.tok(i+2).ordinal {
		return false
	}
	_, day := weekdayWord(l.tok(i + 3).text)
	_, month := monthWord(l.tok(i + 5).text)
	return day && l.tok(i+3).kind == tokenWord && !month
}

// fewFromNow says whether the plural at i is of "two fridays from now", which is one day.
func (l line) fewFromNow(i int) bool {
	return l.number(i-1) && l.word(i+1, "from") && l.word(i+2, "now", "today")
}

// repeating are the words that say by themselves that something repeats.
func repeating() []string {
	return []string{"every", "each", "everyday", "daily", "nightly", "weekly", "biweekly", "fortnightly", "monthly", "quarterly", "alternate", "yearly", "annually", "hourly", "weekdays", "weekends"}
}

// timesA gives the token after "once a" or "3 times a", behind which stands what stands behind "every": i when it is
// not there. How often is not counted: the hours are.
func (l line) timesA(i int) int {
	j := i + 1
	switch t := l.tok(i); {
	case l.word(i, "once", "twice"):
	case t.kind == tokenNumber && !t.ordinal && l.word(j, "times"):
		j++
	default:
		return i
	}
	switch {
	case l.word(j, "daily"):
		return j
	case !l.word(j, "a", "per"):
		return i
	}
	return j + 1
}

// Repeat reads words for something that repeats:
//
//	repeat   = { days | clocks | interval }                     in any order, each once
//	days     = what [Days] reads
//	         | (every | each) (morning | afternoon | evening | night) | nightly
//	         | (once | twice | N times) a (day | week | month)
//	         | (every | each) week [on] weekday-name | weekly [on] weekday-name
//	         | (every | each) month [on] [the] Nth | monthly [on] [the] Nth | (every | each) Nth [of the month]
//	         | (every | each | yearly [on] | every year [on]) (month N | N [of] month)
//	clocks   = [at] clock { (, | and) clock }                   with a part of the day before or behind it
//	clock    = what [Clock] reads; what can belong to two days, such as midnight, on every day only
//	         | (every other | alternate | every N) (days | weeks | months | weekday-name) | biweekly | quarterly
//	         | (Nth | last) { (, | and) Nth } weekday-name [of every month] | last day of every month
//	         | N/N { and N/N }                                  days of every year
//	interval = (every | each) N (minutes | hours) | every hour | hourly, with a span of clocks as [Span] reads it
//
// An hour that may be before or after noon is not asked about: see Other.
//
// Every word is understood or the answer is an [Error] of code [Unknown],
// [Vague], [Missing] or [Impossible] that names it. Nothing comes more often
// than the caller's own limit allows: that is not checked here.
func Repeat(words string) (Repetition, error) { return repeat(words, wall{}, wall{}) }

// repeat is Repeat on a day, with the first day that was said: what is counted is counted from there.
func repeat(words string, now, first wall) (Repetition, error) {
	l, err := readable(letterDays(unwrapped(words)), "When shall it come?")
	if err == nil {
		p := repeatParser{line: l, now: now, first: first}
		if err = p.read(); err == nil {
			var r Repetition
			if r, err = p.result(); err == nil {
				return r, nil
			}
		}
	}
	return Repetition{}, err.or(repeatExample)
}

const repeatExample = "every day at 9am, or mondays and thursdays at 18:30, or every 2 hours from 9am to 5pm"

func repeatError(code Code, word, say string, args ...any) *Error {
	return errorf(code, word, say, args...).or(repeatExample)
}

type repeatParser struct {
	line
	at int

	said   bool // some word says that it repeats
	days   weekdaySet
	dates  []int
	week   bool // "weekly": a weekday has to follow
	month  bool // "monthly": a date has to follow
	year   bool // "yearly": a month and a date have to follow
	in     time.Month
	part   part // of the day, for the clocks that follow
	bare   part // a part of the day for which no clock has come yet
	fresh  bool // the last thing read was a clock
	often  bool // "twice a week": more than one day may be named
	clocks []clock
	every  time.Duration
	from   *clock
	to     *clock
	cad    cadence
	now    wall // on the zone's clock; zero where that is not known
	first  wall // the first day that was said
}

func (p *repeatParser) peek() token { return p.tok(p.at) }

func (p *repeatParser) ended() bool { return p.at >= len(p.toks) }

func (p *repeatParser) accept(words ...string) bool {
	if !p.word(p.at, words...) {
		return false
	}
	p.at++
	return true
}

func (p *repeatParser) read() *Error {
	for !p.ended() {
		if err := p.item(); err != nil {
			return err
		}
	}
	return nil
}

// item reads one word or group of words: the first of its forms that takes any.
func (p *repeatParser) item() *Error {
	t := p.peek()
	if p.accept("at", "on", "the", "and", ",", "&", "@", "of") {
		p.fresh = p.fresh && (t.is("at") || t.is("the"))
		return nil
	}
	behindClock := p.fresh
	p.fresh = false
	start := p.at
	forms := []func() *Error{p.everyWord, p.calendarWords, p.nthHere, p.figureDate, p.rhythm, p.weekdaysHere, p.fromTo, func() *Error { return p.partHere(behindClock) }, p.dateHere, p.clockHere}
	for _, form := range forms {
		if err := form(); err != nil || p.at > start {
			return err
		}
	}
	return p.unknown(t)
}

// everyWord reads "every", "each" and "twice a" with what stands behind them.
func (p *repeatParser) everyWord() *Error {
	t := p.peek()
	if after := p.timesA(p.at); after > p.at {
		p.often = p.often || !t.is("once")
		if p.word(after, "day", "daily") {
			p.cad.times = map[string]int{"once": 1, "twice": 2}[t.text] + t.n
		}
		p.at = after
	} else if !p.accept("every", "each") {
		return nil
	}
	p.said = true
	return p.afterEvery(t)
}

// rhythm reads the words that say in one how often something comes.
func (p *repeatParser) rhythm() *Error {
	t := p.peek()
	switch {
	case p.accept("nightly"):
		p.setPart(night, false)
		p.said = true
		return p.days.add(t.text, wholeWeek()...)
	case p.accept("yearly", "annually"):
		p.said, p.year = true, true
	case p.accept("weekly"):
		p.said, p.week = true, true
	case p.accept("monthly"):
		p.said, p.month = true, true
	case p.accept("hourly"):
		p.said = true
		return p.setEvery(t, time.Hour)
	}
	return nil
}

// weekdaysHere reads weekdays. A single one, unlike several, may be meant once.
func (p *repeatParser) weekdaysHere() *Error {
	_, plural := pluralDay(p.peek().text)
	days, next, err := p.weekdays(p.at, false)
	if err != nil || next == p.at {
		return err
	}
	p.said = p.said || plural || len(days) > 1
	words := p.text(p.at, next)
	p.at = next
	return p.days.add(words, days...)
}

// fromTo reads "from 9am to 5pm".
func (p *repeatParser) fromTo() *Error {
	if !p.word(p.at, "from") && !(p.every > 0 && p.word(p.at, "between")) {
		return nil
	}
	from, to, next, err := p.clockSpan(p.at, place{})
	switch {
	case err != nil:
		return err
	case p.from != nil, next == p.at && p.at+1 < len(p.toks):
		return p.unknown(p.tok(p.at))
	case next == p.at:
		return repeatError(Missing, "", "At what time?")
	}
	p.from, p.to, p.at = &from, &to, next
	return nil
}

// partHere reads a part of the day.
func (p *repeatParser) partHere(behindClock bool) *Error {
	if next, ok := p.partOfDay(p.at); ok {
		p.setPart(partWord(p.tok(next-1).text), behindClock)
		p.at = next
	}
	return nil
}

// dateHere reads a day of the month, of every month or of one.
func (p *repeatParser) dateHere() *Error {
	if p.atMonth() {
		return p.dateInMonth()
	}
	t := p.peek()
	switch {
	case t.kind != tokenNumber || !t.ordinal:
		return nil
	case t.n < 1 || t.n > 31:
		return repeatError(Impossible, t.text, "There is no day %d in any month.", t.n)
	}
	p.at++
	p.dates = append(p.dates, t.n)
	return nil
}

// clockHere reads a time of day.
func (p *repeatParser) clockHere() *Error {
	c, next, err := p.clock(p.at, place{alone: true, dotted: p.word(p.at-1, "at", "@")})
	if err != nil || next == p.at {
		return err
	}
	c.part = p.part
	if p.part == p.bare {
		p.bare = noPart
	}
	p.clocks = append(p.clocks, c)
	p.fresh, p.at = true, next
	return nil
}

// afterEvery reads what stands behind "every". A part of the day, a date and a day of the month stand for themselves,
// and are read as such afterwards.
func (p *repeatParser) afterEvery(every token) *Error {
	p.accept("single")
	t := p.peek()
	days, next, err := p.weekdays(p.at, true)
	switch {
	case err != nil:
		return err
	case p.ended():
		return repeatError(Missing, every.text, "Every what? A day, a weekday, or a number of hours?")
	case next > p.at:
		words := p.text(p.at, next)
		p.at = next
		return p.days.add(words, days...)
	case p.word(p.at, "year", "month", "week", "hour"):
		return p.everyUnit()
	case p.word(p.at, "other", "alternate", "fortnight", "quarter"):
		return p.everyLonger()
	case t.is("last"), t.kind == tokenNumber && p.signed(p.at+1, "/"), p.atMonth(), t.kind == tokenNumber && t.ordinal:
	case partWord(t.text) != noPart && t.kind == tokenWord:
		if len(p.days) < 7 {
			return p.days.add(t.text, wholeWeek()...)
		}
	case t.kind == tokenNumber:
		return p.everySoMany()
	default:
		return p.unknown(t)
	}
	return nil
}

// everyUnit reads a unit alone behind "every".
func (p *repeatParser) everyUnit() *Error {
	t := p.peek()
	switch {
	case p.accept("year"):
		p.year = true
	case p.accept("month"):
		p.month = true
	case p.accept("week"):
		p.week = true
	default:
		p.at++
		return p.setEvery(t, time.Hour)
	}
	return nil
}

// everyLonger reads the words behind "every" for what no cron line can say.
func (p *repeatParser) everyLonger() *Error {
	t := p.peek()
	switch {
	case p.accept("fortnight"):
		return p.everyNth(t, 2, weeks, false)
	case p.accept("quarter"):
		p.cad.aligned = true
		return p.everyNth(t, 3, noUnit, true)
	}
	p.at++
	return p.everyOther(t)
}

// everySoMany reads "2 hours" behind "every".
func (p *repeatParser) everySoMany() *Error {
	t := p.peek()
	p.at++
	unit := p.peek()
	switch {
	case p.accept("minutes", "minute", "mins", "min"):
		return p.setEvery(unit, time.Duration(t.n)*time.Minute)
	case p.accept("hours", "hour", "hrs", "hr", "h"):
		return p.setEvery(unit, time.Duration(t.n)*time.Hour)
	case p.accept("days", "day"):
		return p.everyNth(unit, t.n, days, false)
	case p.accept("weeks", "week"):
		return p.everyNth(unit, t.n, weeks, false)
	case p.accept("months", "month"):
		return p.everyNth(unit, t.n, noUnit, true)
	}
	return repeatError(Missing, t.text, "Every %d what? Minutes or hours?", t.n)
}

// setPart takes a part of the day down: for the clock it stands behind, or for
// those that have none yet, else for the ones that follow.
func (p *repeatParser) setPart(said part, behind bool) {
	if behind {
		p.clocks[len(p.clocks)-1].part = noPart
	}
	taken := false
	for i := range p.clocks {
		if p.clocks[i].part == noPart {
			p.clocks[i].part, taken = said, true
		}
	}
	if !taken {
		if p.bare == noPart {
			p.bare = said
		}
		p.part = said
	}
}

// atMonth says whether a date stands here: "dec 25", "25 december", "the 25th
// of december".
func (p *repeatParser) atMonth() bool {
	t := p.peek()
	if _, ok := monthWord(t.text); ok && t.kind == tokenWord {
		return true
	}
	i := p.at + 1
	if t.kind != tokenNumber || i >= len(p.toks) {
		return false
	}
	if p.toks[i].is("of") && i+1 < len(p.toks) {
		i++
	}
	_, ok := monthWord(p.toks[i].text)
	return ok && p.toks[i].kind == tokenWord
}

// dateInMonth reads a date of every year.
func (p *repeatParser) dateInMonth() *Error {
	t := p.peek()
	month, first := monthWord(t.text)
	day := t
	p.at++
	if first {
		p.accept("the")
		day = p.peek()
		if day.kind != tokenNumber {
			return repeatError(Missing, t.text, "Which day of %s?", month)
		}
		p.at++
	} else {
		p.accept("of")
		month, _ = monthWord(p.peek().text)
		p.at++
	}
	if day.n < 1 || day.n > daysIn(month) {
		return repeatError(Impossible, day.text, "%s has no day %d.", month, day.n)
	}
	p.in, p.year = month, true
	p.dates = append(p.dates, day.n)
	p.cad.yearly = append(p.cad.yearly, time.Date(2000, month, day.n, 0, 0, 0, 0, time.UTC))
	return nil
}

// daysIn is how many days a month can have.
func daysIn(m time.Month) int { return time.Date(2028, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

func (p *repeatParser) setEvery(t token, every time.Duration) *Error {
	switch {
	case p.every != 0:
		return repeatError(Unknown, t.text, "I read two lengths of time.")
	case every <= 0 || every > 24*time.Hour:
		return repeatError(Impossible, t.text, "Please choose something between minutes and 24 hours, or name the days.")
	}
	p.every = every
	return nil
}

func (p *repeatParser) unknown(t token) *Error {
	if p.every > 0 && (t.is("until") || t.is("till") || t.is("between") || t.is("to")) {
		return repeatError(Vague, t.text, "From when until when? For example every 2 hours from 9am to 9pm.")
	}
	if say := vague(t.text); say != "" && t.text != "every" && t.text != "each" {
		return repeatError(Vague, t.text, "I read %s. Please name the days and the hour.", quote(t.text))
	}
	e := repeatError(Unknown, t.text, "I don't know what %s means here.", quote(t.text))
	at := slices.IndexFunc(p.toks, func(o token) bool { return o.from == t.from })
	return p.suggest(e, at, slices.Concat(typable(), repeating(), dayNames(), []string{"day", "weekday", "weekend"}))
}
