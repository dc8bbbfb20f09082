package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	toks := lex(words)
	for i, t := range toks {
		_, plural := pluralDay(t.text)
		if t.kind == tokenWord && (plural || slices.Contains(repeating(), t.text)) || isDayRange(toks[i:]) ||
			(t.is("a") || t.is("per")) && i > 0 && i+1 < len(toks) && isTimes(toks[:i]) {
			return true
		}
	}
	return false
}

// repeating are the words that say by themselves that something repeats.
func repeating() []string {
	return []string{"every", "each", "everyday", "daily", "nightly", "weekly", "biweekly", "fortnightly", "monthly", "yearly", "annually", "hourly", "weekdays", "weekends"}
}

// isDayRange says whether tokens begin with "mon-fri" or "monday to friday".
func isDayRange(toks []token) bool {
	if len(toks) < 3 || !slices.ContainsFunc([]string{"-", "to", "through", "thru"}, toks[1].is) {
		return false
	}
	_, from := weekdayWord(toks[0].text)
	_, to := weekdayWord(toks[2].text)
	return from && to
}

// isTimes says whether tokens end with "once", "twice" or "3 times".
func isTimes(toks []token) bool {
	last := toks[len(toks)-1]
	return last.is("once") || last.is("twice") || last.is("times") && len(toks) > 1 && toks[len(toks)-2].kind == tokenNumber
}

// Repeat reads words for something that repeats:
//
//	repeat   = { days | clocks | interval }                     in any order, each once
//	days     = (every | each) (day | weekday | weekend | weekday-name { , weekday-name })
//	         | (every | each) (morning | afternoon | evening | night) | nightly
//	         | daily | weekdays | weekends | mondays { , tuesdays } | weekday-name (- | to | through) weekday-name
//	         | (once | twice | N times) a (day | week | month)
//	         | (every | each) week [on] weekday-name | weekly [on] weekday-name
//	         | (every | each) month [on] [the] Nth | monthly [on] [the] Nth | (every | each) Nth [of the month]
//	         | (every | each | yearly [on] | every year [on]) (month N | N [of] month)
//	clocks   = [at] clock { (, | and) clock }                   with a part of the day before or behind it
//	clock    = N[:NN] [am | pm] | noon | midnight               midnight on every day only
//	interval = (every | each) N (minutes | hours) | every hour | hourly, [from clock (to | until) clock]
//
// Every word is understood or the answer is an [Error] of code [Unknown],
// [Vague], [Missing] or [Impossible] that names it. Nothing comes more often
// than the caller's own limit allows: that is not checked here.
func Repeat(words string) (Repetition, error) {
	if strings.TrimSpace(words) == "" {
		return Repetition{}, repeatError(Empty, "", "When shall it come?")
	}
	if len(words) > longestWords {
		return Repetition{}, repeatError(Long, words, "That is a lot of words for a time. Please write just the days and the hour.")
	}
	p := repeatParser{src: words, toks: lex(words)}
	if err := p.read(); err != nil {
		return Repetition{}, err
	}
	r, err := p.result()
	if err != nil {
		return Repetition{}, err
	}
	return r, nil
}

func repeatError(code Code, word, say string, args ...any) *Error {
	e := errorf(code, word, say, args...)
	e.hint = "every day at 9am, or mondays and thursdays at 18:30, or every 2 hours from 9am to 5pm"
	return e
}

type hourOf struct {
	h, m  int
	open  bool // without am or pm, and not as on a 24-hour clock
	part  part // of the day, where one was said with it
	words string
}

type repeatParser struct {
	src  string
	toks []token
	at   int

	said   bool // some word says that it repeats
	days   []time.Weekday
	dates  []int
	week   bool // "weekly": a weekday has to follow
	month  bool // "monthly": a date has to follow
	year   bool // "yearly": a month and a date have to follow
	in     time.Month
	part   part // of the day, for the clocks that follow
	bare   part // a part of the day for which no clock has come yet
	fresh  bool // the last thing read was a clock
	often  bool // "twice a week": more than one day may be named
	clocks []hourOf
	every  time.Duration
	from   *hourOf
	to     *hourOf
}

func (p *repeatParser) peek() token {
	if p.at < len(p.toks) {
		return p.toks[p.at]
	}
	return token{}
}

func (p *repeatParser) accept(words ...string) bool {
	if p.at < len(p.toks) && slices.ContainsFunc(words, p.toks[p.at].is) {
		p.at++
		return true
	}
	return false
}

func (p *repeatParser) read() *Error {
	for p.at < len(p.toks) {
		if err := p.item(); err != nil {
			return err
		}
	}
	return nil
}

// item reads one word or group of words.
func (p *repeatParser) item() *Error {
	t := p.peek()
	day, isDay := weekdayWord(t.text)
	plural, isPlural := pluralDay(t.text)
	if p.accept("at", "on", "the", "and", ",", "&", "@", "of") {
		p.fresh = p.fresh && (t.is("at") || t.is("the"))
		return nil
	}
	fresh := p.fresh
	p.fresh = false
	switch {
	case p.accept("every", "each"):
		p.said = true
		return p.afterEvery(t)
	case p.accept("daily", "everyday"):
		p.said = true
		return p.setDays(t, wholeWeek()...)
	case p.accept("nightly"):
		p.said = true
		if err := p.setDays(t, wholeWeek()...); err != nil {
			return err
		}
		p.setPart(night, false)
	case p.timesA():
		return p.afterEvery(t)
	case p.accept("yearly", "annually"):
		p.said, p.year = true, true
	case p.accept("biweekly", "fortnightly"):
		return p.everyOther(t)
	case isDayRange(p.toks[p.at:]):
		p.said = true
		return p.dayRange(day)
	case p.accept("weekdays"):
		p.said = true
		return p.setDays(t, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	case p.accept("weekends"):
		p.said = true
		return p.setDays(t, time.Saturday, time.Sunday)
	case p.accept("weekly"):
		p.said, p.week = true, true
	case p.accept("monthly"):
		p.said, p.month = true, true
	case p.accept("hourly"):
		p.said = true
		return p.setEvery(t, time.Hour)
	case t.kind == tokenWord && isPlural:
		p.at++
		p.said = true
		return p.setDays(t, plural)
	case t.kind == tokenWord && isDay:
		p.at++
		return p.setDays(t, day)
	case p.accept("from"):
		return p.readSpan(t)
	case p.accept("in"):
		if !p.accept("the") || partWord(p.peek().text) == noPart {
			return p.unknown(t)
		}
		p.setPart(partWord(p.peek().text), fresh)
		p.at++
	case t.kind == tokenWord && partWord(t.text) != noPart:
		p.setPart(partWord(t.text), fresh)
		p.at++
	case p.atMonth():
		return p.dateInMonth()
	case t.kind == tokenNumber && t.ordinal:
		p.at++
		if t.n < 1 || t.n > 31 {
			return repeatError(Impossible, t.text, "There is no day %d in any month.", t.n)
		}
		p.dates = append(p.dates, t.n)
	case t.kind == tokenNumber || t.is("noon") || t.is("midday") || t.is("midnight"):
		c, err := p.clock()
		if err != nil {
			return err
		}
		c.part = p.part
		if p.part == p.bare {
			p.bare = noPart
		}
		p.clocks = append(p.clocks, c)
		p.fresh = true
	default:
		return p.unknown(t)
	}
	return nil
}

// afterEvery reads what stands behind "every".
func (p *repeatParser) afterEvery(every token) *Error {
	t := p.peek()
	day, isDay := weekdayWord(t.text)
	switch {
	case p.at >= len(p.toks):
		return repeatError(Missing, every.text, "Every what? A day, a weekday, or a number of hours?")
	case p.accept("single"):
		return p.afterEvery(every)
	case p.accept("day"):
		return p.setDays(t, wholeWeek()...)
	case t.is("week") && p.at+1 < len(p.toks) && p.toks[p.at+1].is("day"):
		p.at += 2
		return p.setDays(t, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	case p.accept("year"):
		p.year = true
	case isDayRange(p.toks[p.at:]):
		return p.dayRange(day)
	case p.accept("weekday"):
		return p.setDays(t, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	case p.accept("weekend"):
		return p.setDays(t, time.Saturday, time.Sunday)
	case t.kind == tokenWord && isDay:
		p.at++
		return p.setDays(t, day)
	case p.accept("week"):
		p.week = true
	case p.accept("month"):
		p.month = true
	case p.accept("hour"):
		return p.setEvery(t, time.Hour)
	case p.accept("other"), p.accept("second"):
		return p.everyOther(t)
	case partWord(t.text) != noPart && t.kind == tokenWord:
		// the part stands for itself, and is read as such
		if len(p.days) == 7 {
			return nil
		}
		return p.setDays(t, wholeWeek()...)
	case p.atMonth():
		return nil // a date, read as such
	case t.kind == tokenNumber && t.ordinal:
		return nil // a day of the month, read as such
	case t.kind == tokenNumber:
		p.at++
		unit := p.peek()
		switch {
		case p.accept("minutes", "minute", "mins", "min"):
			return p.setEvery(unit, time.Duration(t.n)*time.Minute)
		case p.accept("hours", "hour", "hrs", "hr", "h"):
			return p.setEvery(unit, time.Duration(t.n)*time.Hour)
		case p.accept("days", "weeks", "months"):
			return repeatError(Vague, unit.text, "I can't count every %d %s. Please name the weekdays, or the days of the month.", t.n, unit.text)
		}
		return repeatError(Missing, t.text, "Every %d what? Minutes or hours?", t.n)
	default:
		return p.unknown(t)
	}
	return nil
}

func (p *repeatParser) setDays(t token, days ...time.Weekday) *Error {
	for _, d := range days {
		if slices.Contains(p.days, d) {
			return repeatError(Unknown, t.text, "I read %s twice.", quote(d.String()))
		}
		p.days = append(p.days, d)
	}
	return nil
}

func wholeWeek() []time.Weekday {
	return []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
}

// dayRange reads "mon-fri", from is its first day. It may run over the weekend.
func (p *repeatParser) dayRange(from time.Weekday) *Error {
	t := p.peek()
	to, _ := weekdayWord(p.toks[p.at+2].text)
	p.at += 3
	days := []time.Weekday{from}
	for d := from; d != to; {
		d = (d + 1) % 7
		days = append(days, d)
	}
	return p.setDays(t, days...)
}

// timesA reads "once a" or "3 times a", behind which stands what stands behind
// "every". How often is not counted: the hours are.
func (p *repeatParser) timesA() bool {
	n := 1
	switch t := p.peek(); {
	case t.is("once"), t.is("twice"):
	case t.kind == tokenNumber && !t.ordinal && p.at+1 < len(p.toks) && p.toks[p.at+1].is("times"):
		n = 2
	default:
		return false
	}
	if p.at+n >= len(p.toks) || !p.toks[p.at+n].is("a") && !p.toks[p.at+n].is("per") {
		return false
	}
	once := p.peek().is("once")
	p.at += n + 1
	p.said, p.often = true, !once
	return true
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
	if p.in != 0 && p.in != month {
		return repeatError(Several, t.text, "These are dates in two months. Please set a reminder for each of them.")
	}
	if day.n < 1 || day.n > daysIn(month) {
		return repeatError(Impossible, day.text, "%s has no day %d.", month, day.n)
	}
	p.in, p.year = month, true
	p.dates = append(p.dates, day.n)
	return nil
}

// daysIn is how many days a month can have.
func daysIn(m time.Month) int { return time.Date(2028, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

func (p *repeatParser) everyOther(t token) *Error {
	return repeatError(Vague, t.text, "I can't count every other day or week. Please name the weekdays, or the days of the month.")
}

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

// readSpan reads "9am to 5pm".
func (p *repeatParser) readSpan(from token) *Error {
	if p.from != nil {
		return p.unknown(from)
	}
	start, err := p.clock()
	if err != nil {
		return err
	}
	if !p.accept("to", "until", "till", "-") {
		return repeatError(Missing, from.text, "From %s until when?", quote(start.words))
	}
	end, err := p.clock()
	if err != nil {
		return err
	}
	p.from, p.to = &start, &end
	return nil
}

// clock reads one time of day.
func (p *repeatParser) clock() (hourOf, *Error) {
	t := p.peek()
	if p.accept("noon", "midday") {
		return hourOf{h: 12, words: t.text}, nil
	}
	if p.accept("midnight") {
		return hourOf{words: t.text}, nil
	}
	if t.kind != tokenNumber || t.ordinal {
		if p.at >= len(p.toks) {
			return hourOf{}, repeatError(Missing, "", "At what time?")
		}
		return hourOf{}, p.unknown(t)
	}
	p.at++
	c := hourOf{h: t.n, words: t.text, open: t.width == 1 || t.width == 2 && t.n >= 10 && t.n <= 12 || t.width == 0}
	if p.peek().is(":") && p.at+1 < len(p.toks) && p.toks[p.at+1].figures(2) {
		c.m = p.toks[p.at+1].n
		c.words += ":" + p.toks[p.at+1].text
		p.at += 2
	}
	switch half := p.peek(); {
	case p.accept("am"), p.accept("pm"):
		if c.h < 1 || c.h > 12 {
			return c, repeatError(Impossible, c.words, "There is no %s %s. Please check the hour.", c.words, half.text)
		}
		c.h %= 12
		if half.text == "pm" {
			c.h += 12
		}
		c.open = false
	case p.accept("o'clock"):
	}
	if c.h > 23 || c.m > 59 {
		return c, repeatError(Impossible, c.words, "There is no such time as %s.", quote(c.words))
	}
	c.open = c.open && c.h >= 1 && c.h <= 12
	return c, nil
}

func (p *repeatParser) unknown(t token) *Error {
	if p.every > 0 && (t.is("until") || t.is("till") || t.is("between") || t.is("to")) {
		return repeatError(Vague, t.text, "From when until when? For example every 2 hours from 9am to 9pm.")
	}
	if say := vague(t.text); say != "" && t.text != "every" && t.text != "each" {
		return repeatError(Vague, t.text, "I read %s. Please name the days and the hour.", quote(t.text))
	}
	e := repeatError(Unknown, t.text, "I don't know what %s means here.", quote(t.text))
	if t.kind != tokenWord || known(t.text) {
		return e
	}
	near := nearest(t.text, append(typable(), append(repeating(), "day", "weekday", "weekend", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")...))
	if len(near) == 1 {
		e.Say += " Did you mean " + quote(near[0]) + "?"
		words := p.src[:t.from] + near[0] + p.src[t.to:]
		e.Choices = []Choice{{Words: words, Say: words}}
	}
	return e
}

// result puts the parts together.
func (p *repeatParser) result() (Repetition, error) {
	switch {
	case !p.said && len(p.dates) == 0 || !p.said && p.every == 0 && !p.week && !p.month:
		return Repetition{}, repeatError(Missing, "", "How often? For example every day, or every Monday.")
	case p.year && p.in == 0:
		return Repetition{}, repeatError(Missing, "year", "On which day of the year? For example on december 25.")
	case p.every > 0 && (len(p.clocks) > 0 || p.part != noPart):
		return Repetition{}, repeatError(Unknown, "", "I read an hour and a length of time. Please write “every 2 hours from 9am to 5pm”, or an hour alone.")
	case p.from != nil && p.every == 0:
		return Repetition{}, repeatError(Missing, "", "How often between these two? For example every 2 hours.")
	case p.week && (len(p.days) == 0 || len(p.days) > 1 && !p.often):
		return Repetition{}, repeatError(Missing, "week", "On which day of the week?")
	case p.month && len(p.dates) == 0:
		return Repetition{}, repeatError(Missing, "month", "On which day of the month? For example on the 3rd.")
	case len(p.dates) > 0 && len(p.days) > 0:
		return Repetition{}, repeatError(Unknown, "", "I read days of the month and of the week. Please choose one of them.")
	case p.every == 0 && len(p.clocks) == 0:
		return Repetition{}, repeatError(Missing, "", "At what time?")
	case p.bare != noPart && p.every == 0:
		return Repetition{}, repeatError(Missing, p.bare.String(), "At what time%s?", p.bare.inWords())
	case p.every > 0:
		return p.interval()
	}
	if len(p.days) < 7 && slices.ContainsFunc(p.clocks, func(c hourOf) bool { return c.words == "midnight" }) {
		return Repetition{}, repeatError(Vague, "midnight", "Midnight at the start of that day, or at its end? Please write 00:00 or 23:59.")
	}
	spec, err := p.spec(false)
	if err != nil {
		return Repetition{}, err
	}
	r := Repetition{Spec: spec}
	if slices.ContainsFunc(p.clocks, func(c hourOf) bool { return c.open && c.part == noPart }) {
		if r.Other, err = p.spec(true); err != nil {
			return Repetition{}, err
		}
	}
	return r, nil
}

// spec writes the clocks as a cron line, with the hours that could be meant
// otherwise in the other half of the day.
func (p *repeatParser) spec(other bool) (string, error) {
	var hours []string
	minute := p.clocks[0].m
	for _, c := range p.clocks {
		if c.m != minute {
			return "", repeatError(Several, c.words, "These have different minutes. Please set a reminder for each of them.")
		}
		h := c.h
		if c.open {
			h = usualHour(h, c.part)
			if other && c.part == noPart {
				h = (h + 12) % 24
			}
		}
		if err := c.fits(h); err != nil {
			return "", err
		}
		if s := strconv.Itoa(h); !slices.Contains(hours, s) {
			hours = append(hours, s)
		}
	}
	return fmt.Sprintf("%d %s %s", minute, strings.Join(hours, ","), p.dayFields()), nil
}

// fits refuses "every morning at 5pm".
func (c hourOf) fits(h int) error {
	if c.part == morning && h >= 12 || c.part == afternoon && (h < 12 || h >= 20) || c.part == evening && h < 16 || c.part == night && h >= 6 && h < 18 {
		return repeatError(Impossible, c.words, "%s is not%s. Please check the time.", quote(c.words), c.part.inWords())
	}
	return nil
}

// usualHour is what an hour without am or pm most likely means.
func usualHour(h int, in part) int {
	switch {
	case in == morning:
		return h % 12
	case in == night:
		if h >= 6 && h < 12 {
			return h + 12
		}
		return h % 12
	case in == afternoon || in == evening || h < 7:
		return h%12 + 12
	}
	return h
}

func (p *repeatParser) dayFields() string {
	dates, days := "*", "*"
	if len(p.dates) > 0 {
		var list []string
		for _, d := range p.dates {
			list = append(list, strconv.Itoa(d))
		}
		dates = strings.Join(list, ",")
	}
	if n := len(p.days); n > 0 && n < 7 {
		sorted := slices.Sorted(slices.Values(p.days))
		var list []string
		for _, d := range sorted {
			list = append(list, strconv.Itoa(int(d)))
		}
		days = strings.Join(list, ",")
	}
	months := "*"
	if p.in != 0 {
		months = strconv.Itoa(int(p.in))
	}
	return dates + " " + months + " " + days
}

// interval writes "every 2 hours", on some days or between two hours as a cron
// line, else as a length.
func (p *repeatParser) interval() (Repetition, error) {
	if p.from == nil {
		if len(p.days) > 0 && len(p.days) < 7 || len(p.dates) > 0 {
			return Repetition{}, repeatError(Missing, "", "From when until when on these days? For example from 9am to 5pm.")
		}
		return Repetition{Spec: "@every " + p.every.String()}, nil
	}
	first, last := p.from.h, p.to.h
	if p.from.open {
		first = usualHour(first, noPart)
	}
	if p.to.open {
		last = usualHour(last, noPart)
		if last <= first {
			last = (last + 12) % 24
		}
	}
	switch {
	case last <= first:
		return Repetition{}, repeatError(Impossible, p.to.words, "The second hour has to be later on the same day.")
	case p.every%time.Hour == 0 && p.from.m == p.to.m:
		return Repetition{Spec: fmt.Sprintf("%d %d-%d/%d %s", p.from.m, first, last, p.every/time.Hour, p.dayFields())}, nil
	case p.every < time.Hour && time.Hour%p.every == 0 && p.from.m == 0 && p.to.m == 0:
		return Repetition{Spec: fmt.Sprintf("*/%d %d-%d %s", p.every/time.Minute, first, last-1, p.dayFields())}, nil
	}
	return Repetition{}, repeatError(Impossible, "", "I can't fit that between two hours. Please choose full hours.")
}

// pluralDay is "mondays" and the like.
func pluralDay(word string) (time.Weekday, bool) {
	singular, ok := strings.CutSuffix(word, "s")
	if !ok || len(singular) < 6 {
		return 0, false
	}
	return weekdayWord(singular)
}
