package when

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A rephrasing is words that people may have meant by those they wrote. It is offered and never taken.
type rephrasing struct {
	words string
	say   Sentence      // why it has to be asked about, or ""
	lasts time.Duration // how long it takes, where that was said
}

// otherwise looks for what was meant by words that could not be read, and makes a question of it; nil when there is
// nothing to offer. In a few cases the words are plain after all: then it gives the times.
func (r *reader) otherwise(words string, depth int) ([]time.Time, *Error) {
	l := lineOf(words)
	if found, err := r.elsewhere(l, depth); found != nil || err != nil {
		return found, err
	}
	if found, err := r.bareLength(l); found != nil || err != nil {
		return found, err
	}
	question, open := r.rephrased(l, depth)
	if question == nil {
		return nil, open
	}
	slices.SortStableFunc(question.Choices, func(a, b Choice) int { return r.asleepAt(a.At) - r.asleepAt(b.At) })
	question.Choices = question.Choices[:min(len(question.Choices), mostChoices)]
	return nil, question.didYouMean()
}

// rephrased asks whether one of the rephrasings was meant. Where none can be offered, but one lacks only an hour, open
// asks for that.
func (r *reader) rephrased(l line, depth int) (question, open *Error) {
	for _, form := range []func(line) []rephrasing{minutesTo, r.ranges, withoutLength, withoutAside, hourOrDay, pointed, slipped, weekend, r.counting, r.endOf, r.monthsAhead, inClock, secondsSince} {
		for _, other := range form(l) {
			if other.words == l.src {
				continue
			}
			found, err := r.read(other.words, depth-1)
			switch {
			case err == nil && (!r.one || len(found) == 1):
				question = question.offering(other, l.src, r.choice(found))
			case err == nil || err.Code == Several:
			case len(err.Choices) > 0:
				question = question.offering(other, l.src, err.Choices...)
			case open == nil && err.Code == Missing && !err.on.IsZero():
				open = err
			}
		}
	}
	return question, open
}

// offering adds choices to a question, which is made with the first of them.
func (e *Error) offering(other rephrasing, words string, choices ...Choice) *Error {
	if e == nil {
		e = &Error{Code: Unknown, Word: cut(strings.ToLower(words))}
		if other.say.English == "" {
			e.also("I am not sure about %s.", quote(words))
		} else {
			e.also(other.say.English, other.say.Args...)
		}
	}
	for _, c := range choices {
		if !slices.ContainsFunc(e.Choices, func(o Choice) bool { return o.Words == c.Words }) {
			e.Choices = append(e.Choices, c)
		}
	}
	return e
}

// cutOut is the words without some of their tokens, and with others there.
func (l line) cutOut(from, to int, instead string) string {
	start := l.tok(from).from
	if from >= len(l.toks) {
		return l.src
	}
	return strings.TrimSpace(l.src[:start] + " " + instead + " " + l.src[l.tok(to-1).to:])
}

// ranges offers the start of "1-3pm" and "1pm to 3pm", and of two instants with a slash between them.
func (r *reader) ranges(l line) []rephrasing {
	if first, second, ok := strings.Cut(l.src, "/"); ok && isInstant(first) && isInstant(second) {
		return []rephrasing{{first, Sentence{English: "I need the start alone here."}, between(first, second)}}
	}
	var list []rephrasing
	for at := 1; at+1 < len(l.toks) && len(list) < mostChoices; at++ {
		if l.word(at, "-", "to", "until", "till", "til", "through", "thru") {
			list = append(list, l.rangeAt(at)...)
		}
	}
	return list
}

// between is how far apart two instants are, or 0.
func between(first, second string) time.Duration {
	a, err := time.Parse(time.RFC3339, first)
	b, bad := time.Parse(time.RFC3339, second)
	if err != nil || bad != nil {
		return 0
	}
	return b.Sub(a)
}

// isInstant says whether words are a date, a T and a time.
func isInstant(words string) bool {
	l := lineOf(words)
	d, next := l.figures(0)
	return next > 0 && d.iso && l.glued(next, "t") && l.number(next+1)
}

// rangeAt offers the starts of the range whose sign or word is at a token.
func (l line) rangeAt(at int) []rephrasing {
	in := place{alone: true, dotted: true, ranged: true}
	to, end, err := l.timeOfDay(at+1, in)
	if err != nil || end == at+1 {
		return nil
	}
	for start := max(0, at-6); start < at; start++ {
		from, next, err := l.timeOfDay(start, in)
		if err != nil || next != at {
			continue
		}
		spans, err := spansOf(from, to)
		if err != nil {
			continue
		}
		first := start
		if l.word(first-1, "from") {
			first--
		}
		var list []rephrasing
		for _, s := range spans {
			if s.long() <= rangeOfOpen || from.form != open && s.long() <= rangeLongest {
				list = append(list, rephrasing{l.cutOut(first, end, clockText(s.from)), Sentence{"I read %s as a start and an end, and I need the start here.", []any{quote(l.text(first, end))}}, s.long()})
			}
		}
		return list
	}
	return nil
}

const (
	rangeLongest = 12 * time.Hour // from one clock to another, as people write it
	rangeOfOpen  = 8 * time.Hour  // where the first may be before or after noon
)

// minutesTo offers ten minutes to three for "ten to 3".
func minutesTo(l line) []rephrasing {
	for i, t := range l.toks {
		if t.kind == tokenNumber && t.n < 30 && t.n > 0 && t.n%5 == 0 && l.word(i+1, "to", "till", "before") && l.number(i+2) {
			return []rephrasing{{l.cutOut(i+1, i+2, "minutes to"), Sentence{"Is %s minutes before the hour?", []any{quote(l.text(i, i+3))}}, 0}}
		}
	}
	return nil
}

// withoutLength offers the time of "1pm for 2 hours" and "1pm (2h)" alone.
func withoutLength(l line) []rephrasing {
	for i := range l.toks {
		next, lasts := i, time.Duration(0)
		if l.word(i, "for") {
			if s, end, ok := l.measure(i+1, false); ok {
				if s.days > 0 || s.broken {
					return nil
				}
				next, lasts = end, time.Duration(s.minutes)*time.Minute
			} else if _, end, err := l.timeOfDay(i+1, afterAt); err == nil {
				next = end
			}
		}
		if next > i+1 {
			return []rephrasing{{l.cutOut(i, next, ""), Sentence{English: "I need the start alone here: how long it takes is asked on its own."}, lasts}}
		}
	}
	return nil
}

// withoutAside offers the time without what stands in brackets.
func withoutAside(l line) []rephrasing {
	for i, t := range l.toks {
		if t.kind == tokenAside {
			inner := strings.Trim(t.text, "()")
			lasts, err := readLength(inner, 0)
			if err != nil {
				lasts = 0
			}
			return []rephrasing{{words: l.cutOut(i, i+1, inner)}, {l.cutOut(i, i+1, ""), Sentence{"I need the time alone here, without %s. You can put that in the notes.", []any{quote(t.text)}}, lasts}}
		}
	}
	return nil
}

// hourOrDay offers the hours that "sunday 6" may mean.
func hourOrDay(l line) []rephrasing {
	for i := range l.toks {
		_, named := weekdayWord(l.tok(i - 1).text)
		if t := l.tok(i); named && t.kind == tokenNumber && !t.ordinal && t.width < 3 && t.n >= 1 && t.n <= 24 && !l.clockSign(i) {
			return []rephrasing{{l.cutOut(i, i, "at"), Sentence{"Is %s the hour? If it is the day of the month, please write the month as well.", []any{quote(t.text)}}, 0}}
		}
	}
	return nil
}

// pointed offers the date and the time that 8.30 may be.
func pointed(l line) []rephrasing {
	for i := range l.toks {
		if a, b := l.tok(i), l.tok(i+2); a.short() && l.signed(i+1, ".") && b.figures(2) && !(l.tok(i-1).is(".") && a.glued) && !l.signed(i+3, ".") {
			why := Sentence{"Is %s a date or a time?", []any{quote(l.text(i, i+3))}}
			return []rephrasing{{l.cutOut(i, i+3, a.text+":"+b.text), why, 0}, {l.cutOut(i, i+3, a.text+"/"+b.text), why, 0}}
		}
		if t := l.tok(i); t.figures(4) && t.n >= 100 && t.n < 2400 && t.n%100 < 60 {
			return []rephrasing{{l.cutOut(i, i+1, t.text[:2]+":"+t.text[2:]), Sentence{"Is %s an hour and minutes?", []any{quote(t.text)}}, 0}}
		}
	}
	return nil
}

// slipped mends 1;00pm and 2,5 hours.
func slipped(l line) []rephrasing {
	for i := range l.toks {
		a, b := l.tok(i), l.tok(i+2)
		if !a.short() || !b.glued || b.kind != tokenNumber {
			continue
		}
		half, _ := l.half(i + 3)
		switch {
		case l.glued(i+1, ";") && b.figures(2) && half != "":
			return []rephrasing{{l.cutOut(i+1, i+3, "")[:0] + l.src[:a.to] + ":" + l.src[b.from:], Sentence{}, 0}}
		case l.glued(i+1, ",") && unitWord(l.tok(i+3).text) != noUnit:
			return []rephrasing{{l.src[:a.to] + "." + l.src[b.from:], Sentence{}, 0}}
		}
	}
	return nil
}

// weekend offers both of its days.
func weekend(l line) []rephrasing {
	for i := range l.toks {
		if !l.word(i, "weekend") {
			continue
		}
		from, which := i, ""
		if l.word(i-1, "this", "next", "the", "coming") {
			from--
		}
		if l.word(i-1, "next") {
			which = "next "
		}
		why := Sentence{English: "Saturday or Sunday? Please name the day and the hour."}
		return []rephrasing{{l.cutOut(from, i+1, which+"saturday"), why, 0}, {l.cutOut(from, i+1, which+"sunday"), why, 0}}
	}
	return nil
}

// counting offers the days of "two fridays from now", "friday after next" and "week 50 tuesday".
func (r *reader) counting(l line) []rephrasing {
	today := dateOf(wallOf(r.now, r.zone))
	for i := range l.toks {
		for _, form := range []func(line, int, wall) []rephrasing{afterNext, soManyFromNow, inNumberedWeek} {
			if list := form(l, i, today); list != nil {
				return list
			}
		}
	}
	return nil
}

// daysUntil is how many days ahead the next such weekday is, today left out.
func daysUntil(d time.Weekday, today wall) int { return (int(d-today.Weekday())+6)%7 + 1 }

// onDay is the words with a day in the place of some tokens.
func (l line) onDay(from, to int, day wall) rephrasing {
	return rephrasing{words: l.cutOut(from, to, day.Format(time.DateOnly))}
}

func afterNext(l line, i int, today wall) []rephrasing {
	d, ok := weekdayWord(l.tok(i).text)
	if !ok || !l.word(i+1, "after") || !l.word(i+2, "next") {
		return nil
	}
	ahead := daysUntil(d, today)
	return []rephrasing{l.onDay(i, i+3, today.AddDate(0, 0, ahead+7)), l.onDay(i, i+3, today.AddDate(0, 0, ahead+14))}
}

func soManyFromNow(l line, i int, today wall) []rephrasing {
	t := l.tok(i)
	d, ok := pluralDay(l.tok(i + 1).text)
	if !ok || t.kind != tokenNumber || t.ordinal || !t.within(2, 50) || !l.word(i+2, "from") || !l.word(i+3, "now", "today") {
		return nil
	}
	return []rephrasing{l.onDay(i, i+4, today.AddDate(0, 0, daysUntil(d, today)+7*(t.n-1)))}
}

func inNumberedWeek(l line, i int, today wall) []rephrasing {
	week := l.tok(i + 1)
	if !l.word(i, "week", "wk", "kw") || !week.short() || !week.within(1, 53) {
		return nil
	}
	for _, at := range []int{i - 1, i + 2} {
		if d, ok := weekdayWord(l.tok(at).text); ok && l.tok(at).kind == tokenWord {
			return []rephrasing{l.onDay(min(at, i), max(at+1, i+2), numberedWeek(today, week.n, d))}
		}
	}
	return nil
}

// numberedWeek is a weekday of the next week of that number.
func numberedWeek(today wall, week int, d time.Weekday) wall {
	number := (int(d)+6)%7 + 1
	on := dayOfWeek(today.Year(), week, number)
	if on.Before(today) {
		on = dayOfWeek(today.Year()+1, week, number)
	}
	return on
}

// endOf asks for the hour of "end of day friday", and offers the last day of "end of december".
func (r *reader) endOf(l line) []rephrasing {
	for i := range l.toks {
		why := Sentence{English: "The end of it is a different hour for everyone."}
		if l.word(i, "cob", "eod", "eob") {
			return []rephrasing{{r.orToday(l.cutOut(i, i+1, "")), why, 0}}
		}
		j := i + 2
		for l.word(j, "the", "this") {
			j++
		}
		if !l.word(i, "end", "close") || !l.word(i+1, "of") {
			continue
		}
		_, month := monthWord(l.tok(j).text)
		switch from := max(0, i-boolInt(l.word(i-1, "the", "at", "by"))); {
		case l.word(j, "day", "business", "play"):
			return []rephrasing{{r.orToday(l.cutOut(from, j+1, "")), why, 0}}
		case month, l.word(j, "month", "year"):
			return []rephrasing{{l.cutOut(from, j, "last day of"), Sentence{}, 0}}
		}
	}
	return nil
}

func boolInt(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (r *reader) orToday(words string) string {
	if words == "" {
		return "today"
	}
	return words
}

// monthsAhead offers the same day of a month that is counted from now, where it has one.
func (r *reader) monthsAhead(l line) []rephrasing {
	for i := range l.toks {
		n, at := l.tok(i).n, i+1
		if l.word(i, "a", "one") {
			n = 1
		} else if !l.number(i) {
			continue
		}
		if !l.word(at, "month", "months") || n < 1 || n > 13 {
			continue
		}
		from, next := i, at+1
		if l.word(i-1, "in", "+") {
			from--
		} else if l.word(next, "from") && l.word(next+1, "now", "today") {
			next += 2
		}
		today := dateOf(wallOf(r.now, r.zone))
		on, ok := date(today.Year(), today.Month()+time.Month(n), today.Day())
		if first := time.Date(today.Year(), today.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC); !ok && on.Month() != first.Month() {
			return nil // no such day in that month
		}
		day := on.Format("2006-01-02")
		if rest := l.cutOut(from, next, day); rest != day {
			return []rephrasing{{rest, Sentence{}, 0}}
		}
		return []rephrasing{{day + " " + wallOf(r.now, r.zone).Format("15:04"), Sentence{English: "Months are not all the same length."}, 0}, {day, Sentence{}, 0}}
	}
	return nil
}

// inClock offers so long from now for "in 0:45" and "in 1h 30".
func inClock(l line) []rephrasing {
	for i := range l.toks {
		if !l.word(i, "in") || !l.tok(i+1).short() {
			continue
		}
		h := l.tok(i + 1)
		at := i + 2
		if u, _ := l.unit(at); u != hours && !l.word(at, ":") {
			continue
		}
		if m := l.tok(at + 1); m.figures(2) && m.n < 60 && at+2 == len(l.toks) {
			if h.n == 0 {
				return []rephrasing{{l.cutOut(i+1, at+2, strconv.Itoa(m.n)+" minutes"), Sentence{}, 0}}
			}
			return []rephrasing{{l.cutOut(i+1, at+2, strconv.Itoa(h.n)+" hours "+strconv.Itoa(m.n)+" minutes"), Sentence{}, 0}}
		}
	}
	return nil
}

// secondsSince offers the instant that ten digits alone stand for on a computer.
func secondsSince(l line) []rephrasing {
	if len(l.toks) != 1 || len(l.src) != 10 {
		return nil
	}
	seconds, err := strconv.ParseInt(l.src, 10, 64)
	if err != nil {
		return nil
	}
	return []rephrasing{{time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05Z"), Sentence{}, 0}}
}

// bareLength reads "1h30m", "+2 hours" and "10 minutes" with nothing else. For a note to oneself a length is how long
// from now; elsewhere it may be how long something takes, so it is asked about.
func (r *reader) bareLength(l line) ([]time.Time, *Error) {
	i := 0
	for l.word(i, "+", "after") {
		i++
	}
	s, next, ok := l.measure(i, true)
	if !ok || next < len(l.toks) || r.dayOnly || s.ahead(l.src) != nil && (s.days == 0 || s.minutes == 0 || s.broken || s.days > 400) {
		return nil, nil
	}
	at, ok := r.after(s)
	if !ok || r.inReach(at) != nil {
		return nil, nil
	}
	if r.note && i < 2 {
		return []time.Time{at}, nil
	}
	e := errorf(Unknown, l.src, "Is %s how long from now?", quote(l.src))
	e.Choices = []Choice{r.choice([]time.Time{at})}
	return nil, e.didYouMean()
}

// fewHours is up to how many hours "2h" alone is how long from now and no hour of the clock, to somebody who is to be
// told something.
const fewHours = 5

// hoursAlone reads "2h" as so many hours from now.
func (r *reader) hoursAlone(words string) (time.Time, bool) {
	l := lineOf(words)
	if n := l.tok(0); len(l.toks) != 2 || !n.short() || !l.glued(1, "h") || r.dayOnly || n.n == 0 {
		return time.Time{}, false
	}
	at, _ := r.after(length{minutes: 60 * l.tok(0).n})
	return at, r.inReach(at) == nil
}

// hoursOrClock adds the length that "8h" may be to the hours of the clock.
func (r *reader) hoursOrClock(words string, at time.Time, err *Error) ([]time.Time, *Error) {
	if l := lineOf(words); r.note && l.tok(0).n <= fewHours {
		return []time.Time{at}, nil
	}
	c := r.choice([]time.Time{at})
	if len(err.Choices) < mostChoices && !slices.ContainsFunc(err.Choices, func(o Choice) bool { return o.At.Equal(at) }) {
		err.Choices = append([]Choice{c}, err.Choices...)
		err.also("Or %s?", c.Say)
	}
	return nil, err
}

// after is so long from now: days on the calendar, and the rest on a stopwatch. It is false where the clocks do not
// show this hour once on that day.
func (r *reader) after(s length) (time.Time, bool) {
	at := r.now.Truncate(time.Minute).In(r.zone)
	if s.days > 0 {
		found := instants(wallOf(at, r.zone).AddDate(0, 0, s.days), r.zone)
		if len(found) != 1 {
			return at, false
		}
		at = found[0]
	}
	return at.Add(time.Duration(s.minutes) * time.Minute), true
}
