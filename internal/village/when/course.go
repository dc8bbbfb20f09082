package when

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// course reads times that repeat and end, as a list: "tuesdays and fridays at 1pm for 3 weeks", "next 6 tuesdays at
// 1pm". Whether today is the first is asked about, and so is an hour that may be before or after noon. It gives nothing
// for words that are no such course.
func (r *reader) course(words string) ([]time.Time, *Error) {
	plain, count := r.courseWords(words)
	if len(plain) > longestWords {
		return nil, nil
	}
	s := seasonReader{line: lineOf(plain), now: r.now, zone: r.zone}
	rest, err := s.read()
	if err != nil || s.until.IsZero() && s.count == nil && count == 0 {
		return nil, nil
	}
	p := repeatParser{line: lineOf(rest), now: wallOf(r.now, r.zone)}
	if p.read() != nil {
		return nil, nil
	}
	p.said = p.said || len(p.days) > 0
	unclear := p.incomplete()
	several := len(p.days) > 1 && count > 0 && countedDays(words) // so many of each, or in all?
	switch {
	case unclear != nil && p.said && unclear.Code == Missing:
		return nil, unclear.or(repeatExample)
	case unclear != nil, several, p.every > 0, p.inMonths():
		return nil, nil
	}
	return r.courses(words, &p, &s, count)
}

// inMonths says whether what repeats is counted in months or years.
func (p *repeatParser) inMonths() bool {
	return p.onDates() || len(p.cad.nth) > 0 || p.cad.months || p.in != 0
}

// courses are the readings of a course: with each hour that is open, and with today or without.
func (r *reader) courses(words string, p *repeatParser, s *seasonReader, count int) ([]time.Time, *Error) {
	usual, other := make([]int, len(p.clocks)), make([]int, len(p.clocks))
	for i, c := range p.clocks {
		var err *Error
		if usual[i], other[i], err = p.hour(c); err != nil {
			return nil, err
		}
	}
	var readings [][]time.Time
	for _, times := range [][]int{usual, other} {
		for _, skip := range []bool{false, true} {
			list, err := r.expand(p, s, times, count, skip)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(readings, func(o []time.Time) bool { return slices.EqualFunc(o, list, time.Time.Equal) }) {
				readings = append(readings, list)
			}
		}
	}
	if len(readings) == 1 {
		return readings[0], nil
	}
	e := errorf(Ambiguous, words, "%s can mean more than one time.", quote(words))
	for _, list := range readings[:min(len(readings), mostChoices)] {
		e.Choices = append(e.Choices, r.choice(list))
	}
	return nil, e.didYouMean()
}

// expand lists the times of a course. To skip is to begin behind today, where nobody said on which day it begins.
func (r *reader) expand(p *repeatParser, s *seasonReader, times []int, count int, skip bool) ([]time.Time, *Error) {
	times = slices.Compact(slices.Sorted(slices.Values(times)))
	first, end := r.stretch(p, s, times[len(times)-1], skip)
	var list []time.Time
	for day := first; day.Before(end) && (count == 0 || len(list) < count*len(times)); day = day.AddDate(0, 0, 1) {
		if !p.fits(day) || !p.inCadence(first, day) {
			continue
		}
		for _, minute := range times {
			at, err := r.once(day.Add(time.Duration(minute) * time.Minute))
			if err != nil {
				return nil, err
			}
			list = append(list, at)
		}
		if len(list) > mostMoments {
			return nil, errorf(Several, "", "That is more than %d times at once. Please add them in smaller lists.", mostMoments)
		}
	}
	if len(list) == 0 {
		return nil, errorf(Impossible, "", "No such day comes before the end that you gave.")
	}
	return list, nil
}

// stretch is from the first day of a course, whose last hour of a day is given in minutes, to the day behind its end.
func (r *reader) stretch(p *repeatParser, s *seasonReader, latest int, skip bool) (first, end wall) {
	now := wallOf(r.now, r.zone)
	day := dateOf(now)
	switch {
	case !s.from.IsZero():
		day = dateOf(wallOf(s.from, r.zone))
	case skip, day.Add(time.Duration(latest)*time.Minute).Compare(now) <= 0:
		day = day.AddDate(0, 0, 1)
	}
	for n := 0; !p.fits(day) && n < 7; n++ {
		day = day.AddDate(0, 0, 1)
	}
	switch {
	case s.count != nil:
		return day, s.count(day)
	case !s.until.IsZero():
		return day, dateOf(wallOf(s.until, r.zone))
	}
	return day, day.AddDate(1, 2, 0)
}

// once is the instant at which the clocks show a time, where they do so once and it is near enough.
func (r *reader) once(w wall) (time.Time, *Error) {
	found := instants(w, r.zone)
	if len(found) != 1 {
		return time.Time{}, errorf(Gap, "", "The clocks change at %s, so please write that day on its own.", sayAt(w, time.UTC))
	}
	return found[0].In(r.zone), r.inReach(found[0])
}

// inCadence says whether a day is in a week, or is a day, that is counted from the first.
func (p *repeatParser) inCadence(first, day wall) bool {
	away := int(day.Sub(first) / (24 * time.Hour))
	switch n := max(p.cad.n, 1); {
	case p.cad.unit == days:
		return away%n == 0
	default:
		into := (int(first.Weekday()) + 6) % 7
		return (away+into)/7%n == 0
	}
}

// countedDays says whether the number is one of weekdays, as in "next 6 tuesdays".
func countedDays(words string) bool {
	l := lineOf(words)
	for i := range l.toks {
		if _, many := pluralDay(l.tok(i).text); many && l.number(i-1) {
			return true
		}
	}
	return false
}

// courseWords writes "next 6 tuesdays" as "tuesdays", with how many there are to be, "x 3 weeks" as "for 3 weeks", and
// "tuesdays in january" with the days on which that begins and ends.
func (r *reader) courseWords(words string) (plain string, count int) {
	l := lineOf(words)
	var edits []edit
	for i := 0; i < len(l.toks); i++ {
		text, next, n := r.courseWord(l, i)
		if next == i {
			continue
		}
		edits = append(edits, edit{l.tok(i).from, l.tok(next - 1).to, text})
		count, i = max(count, n), next-1
	}
	return applied(words, edits), count
}

// courseWord gives other words for those of a course at i, the token after them (i when they stay) and how many there are to be.
func (r *reader) courseWord(l line, i int) (text string, next, count int) {
	if next, count = l.counted(i); next > i {
		return "", next, count
	}
	for _, form := range []func(line, int) (string, int){timesWeeks, timesAWeek, allOfThem, plusSign, r.inMonth} {
		if text, next = form(l, i); next > i {
			return text, next, 0
		}
	}
	return "", i, 0
}

// counted says how many days there are to be, where that is said at i, and the token after it: next 6 tuesdays, 6 sessions.
func (l line) counted(i int) (next, count int) {
	if i == 0 && l.several(0) > 0 && l.times(1) {
		if l.word(2, ",", ":") {
			return 3, l.several(0)
		}
		return 2, l.several(0)
	}
	_, many := pluralDay(l.tok(i + 2).text)
	ends := l.word(i, "for", "x", "×") && i > 0 || l.word(i, ",") && i+3 == len(l.toks)
	switch {
	case l.several(i+1) == 0:
	case l.word(i, "next", "for") && many:
		return i + 2, l.several(i + 1)
	case ends && l.times(i+2):
		return i + 3, l.several(i + 1)
	}
	return i, 0
}

// several is a number above one, or 0.
func (l line) several(i int) int {
	if t := l.tok(i); t.kind == tokenNumber && !t.ordinal && t.n > 1 {
		return t.n
	}
	return 0
}

// times says whether the word is what one counts the days of a course as.
func (l line) times(i int) bool { return l.word(i, "times", "sessions", "appointments", "visits") }

// timesWeeks reads "x 3 weeks".
func timesWeeks(l line, i int) (string, int) {
	if l.word(i, "x", "×") && l.number(i+1) && l.word(i+2, "week", "weeks", "wks", "wk") {
		return "for " + strconv.Itoa(l.tok(i+1).n) + " weeks", i + 3
	}
	return "", i
}

// timesAWeek leaves "twice a week" to the days that are named; where none are, they are asked for.
func timesAWeek(l line, i int) (string, int) {
	switch {
	case !l.word(i, "twice", "2x") || !l.word(i+1, "a", "per", "each") || !l.word(i+2, "week"):
		return "", i
	case l.namesWeekday():
		return "", i + 3
	}
	return "weekly", i + 3
}

// namesWeekday says whether a day of the week is named.
func (l line) namesWeekday() bool {
	return slices.ContainsFunc(l.toks, func(t token) bool {
		_, many := pluralDay(t.text)
		return many || isDayName(t.text)
	})
}

// inMonth reads the "in january" of what repeats: from its first day, or from now on, until its last.
func (r *reader) inMonth(l line, i int) (string, int) {
	m, named := monthWord(l.tok(i + 1).text)
	if !l.word(i, "in") || !named || l.number(i+2) {
		return "", i
	}
	today := dateOf(wallOf(r.now, r.zone))
	year := today.Year()
	if lastDay(year, m).Before(today) {
		year++
	}
	last := lastDay(year, m)
	until := "until " + last.Format("2006-01-02")
	if first := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC); first.After(today) {
		return "starting " + first.Format("2006-01-02") + " " + until, i + 2
	}
	return until, i + 2
}

// Appointments is Moments for what has a length as well: "tue dec 8 1-3pm", "dec 8 1pm for 2 hours", "dec 8 1pm (2h)".
// The length is zero where none was written. Of several it is that of each, where they begin at one hour. A part of the
// day that may be read as more than one stretch is an error, whose choices Appointments reads with their lengths.
func Appointments(words string, now time.Time, zone *time.Location) (starts []time.Time, lasts time.Duration, err error) {
	r := newReader(now, zone)
	found, unclear := r.read(words, typoDepth)
	if unclear == nil {
		return found, 0, nil
	}
	if len(words) > longestWords {
		return nil, 0, unclear.withHint(r)
	}
	stretches := r.stretches(lineOf(unwrapped(words)))
	switch {
	case len(stretches) == 1 && (len(stretches[0].starts) == 1 || oneHour(stretches[0].starts, r.zone) && !strings.Contains(words, ",")):
		return stretches[0].starts, stretches[0].lasts, nil
	case len(stretches) > 1:
		e := errorf(Ambiguous, words, "%s can mean more than one time.", quote(words))
		for _, s := range stretches {
			if len(s.starts) != 1 || len(e.Choices) == mostChoices {
				return nil, 0, unclear.withHint(r)
			}
			c := r.choice(s.starts)
			e.Choices = append(e.Choices, Choice{Words: c.Words + " for " + lengthOf(s.lasts), Say: c.Say + ", for " + lengthOf(s.lasts), At: c.At})
		}
		slices.SortStableFunc(e.Choices, func(a, b Choice) int { return r.asleepAt(a.At) - r.asleepAt(b.At) })
		return nil, 0, e.didYouMean()
	}
	return nil, 0, unclear.withHint(r)
}

// stretchOf is a reading of words for times that have a length.
type stretchOf struct {
	starts []time.Time
	lasts  time.Duration
}

// stretches are the readings of words as times with a length.
func (r *reader) stretches(l line) []stretchOf {
	var list []stretchOf
	for _, form := range []func(line) []rephrasing{r.ranges, withoutLength, withoutAside} {
		for _, other := range form(l) {
			if found, err := r.read(other.words, typoDepth-1); err == nil && len(found) > 0 && other.lasts > 0 {
				list = append(list, stretchOf{found, other.lasts})
			}
		}
	}
	return list
}

// oneHour says whether times are at one hour of their days.
func oneHour(times []time.Time, zone *time.Location) bool {
	return !slices.ContainsFunc(times, func(t time.Time) bool { return t.In(zone).Format("15:04") != times[0].In(zone).Format("15:04") })
}

// lengthOf writes a length so that it is read.
func lengthOf(d time.Duration) string {
	if d%time.Hour == 0 {
		return strconv.Itoa(int(d/time.Hour)) + " hours"
	}
	return strconv.Itoa(int(d/time.Minute)) + " minutes"
}
