package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cadence is what "every other week", "every quarter" and "the last Friday of the month" add to days and clocks: what
// a cron line cannot say.
type cadence struct {
	n        int  // every nth of
	unit     unit // days or weeks; else months
	months   bool
	aligned  bool   // quarters begin in January
	nth      []int  // of a weekday in a month, -1 for the last
	lastDay  bool   // of the month
	yearly   []wall // days of every year, in the year 2000
	start    *clock // "every 8 hours starting at 7am"
	times    int    // "twice a day"
	sometime bool   // "that has one": months without the day are passed over
}

func (c cadence) plain() bool {
	return c.n <= 1 && len(c.nth) == 0 && !c.lastDay && !c.months
}

// everyNth takes down that something comes every nth day, week or month.
func (p *repeatParser) everyNth(t token, n int, u unit, months bool) *Error {
	switch {
	case p.cad.n > 0:
		return repeatError(Unknown, t.text, "I read two lengths of time.")
	case n < 1 || n > 52 || months && n > 12:
		return repeatError(Impossible, t.text, "I cannot count every %d of those. Please choose a smaller number.", n)
	}
	p.said = true
	p.cad.n, p.cad.unit, p.cad.months = n, u, months
	p.week = p.week || u == weeks
	p.month = p.month || months
	return nil
}

// everyOther reads what stands behind "every other".
func (p *repeatParser) everyOther(t token) *Error {
	switch {
	case p.accept("day"):
		return p.everyNth(t, 2, days, false)
	case p.accept("week"):
		return p.everyNth(t, 2, weeks, false)
	case p.accept("month"):
		return p.everyNth(t, 2, noUnit, true)
	case p.accept("weekday", "weekend", "morning", "afternoon", "evening", "night", "hour", "year"):
		return repeatError(Vague, t.text, "Every other of those can be counted in more than one way. Please name the days.")
	}
	return p.everyNth(t, 2, weeks, false) // the weekdays follow
}

// calendarWords reads what only a schedule of our own can say: the first form that takes any.
func (p *repeatParser) calendarWords() *Error {
	t := p.peek()
	switch {
	case p.accept("biweekly", "fortnightly"):
		return p.everyNth(t, 2, weeks, false)
	case p.accept("alternate", "alternating"):
		return p.everyOther(t)
	case p.accept("quarterly"):
		p.cad.aligned = true
		return p.everyNth(t, 3, noUnit, true)
	case p.word(p.at, "that") && p.word(p.at+1, "has") && p.tok(p.at+2).n == 1:
		p.at, p.cad.sometime = p.at+3, true
	case p.word(p.at, "month", "months") && p.word(p.at-1, "the", "a") && (p.onDates() || len(p.cad.nth) > 0):
		p.at, p.said = p.at+1, true
	case p.word(p.at, "last") && p.word(p.at+1, "day"):
		p.at, p.cad.lastDay = p.at+2, true
	case p.word(p.at, "starting", "beginning", "first"):
		p.startHere()
	}
	return nil
}

// startHere reads the clock from which so many hours are counted.
func (p *repeatParser) startHere() {
	if p.cad.start != nil || p.every == 0 {
		return
	}
	c, next, err := p.clock(p.littleAt(p.at+1), afterAt)
	if err == nil && c.words != "" && !p.word(next, "-", "to", "until", "till") {
		p.cad.start, p.at = &c, next
	}
}

// nthHere reads "first tuesday", "2nd and 4th thursday" and "last friday".
func (p *repeatParser) nthHere() *Error {
	nth, i := p.nthAt(p.at)
	d, ok := p.someWeekday(i)
	words := p.text(p.at, i+1)
	switch {
	case len(nth) == 0 || !ok:
		return nil
	case len(p.cad.nth) > 0:
		return repeatError(Several, words, "I can keep one such day of the month in a reminder. Please set another for %s.", quote(words))
	case slices.Equal(nth, []int{2}) && p.word(p.at-1, "every", "each") && !p.ofMonth(i+1):
		return p.secondOrOther(i, words)
	}
	for j, n := range nth {
		if slices.Contains(nth[:j], n) {
			return repeatError(Unknown, words, "I read one of these twice.")
		}
	}
	p.at, p.cad.nth, p.said = i+1, nth, true
	return p.days.add(words, d)
}

// nthAt reads "2nd and last", and gives the token behind it.
func (l line) nthAt(i int) (nth []int, next int) {
	for {
		switch t := l.tok(i); {
		case t.kind == tokenNumber && t.ordinal && t.within(1, 5):
			nth = append(nth, t.n)
		case l.word(i, "last"):
			nth = append(nth, -1)
		default:
			return nil, i
		}
		i++
		for l.word(i, "and", "&", ",", "the", "/") {
			i++
		}
		if t := l.tok(i); !(t.kind == tokenNumber && t.ordinal) && !l.word(i, "last") {
			return nth, i
		}
	}
}

// someWeekday reads one weekday, or several of it.
func (l line) someWeekday(i int) (time.Weekday, bool) {
	t := l.tok(i)
	if d, many := pluralDay(t.text); many {
		return d, t.kind == tokenWord
	}
	d, ok := weekdayWord(t.text)
	return d, ok && t.kind == tokenWord
}

// ofMonth says whether "of the month" or the like stands at i.
func (p *repeatParser) ofMonth(i int) bool {
	for p.word(i, "of", "in", "the", "every", "each", "a") {
		i++
	}
	return p.word(i, "month", "monthly")
}

// secondOrOther asks what "every second tuesday" is.
func (p *repeatParser) secondOrOther(i int, words string) *Error {
	e := repeatError(Ambiguous, words, "Is %s every other week, or once a month?", quote(words))
	from, to := p.tok(p.at).from, p.tok(i-1).to
	for _, w := range []string{p.src[:from] + "other" + p.src[to:], p.src[:p.tok(p.at-1).from] + "the 2nd " + p.text(i, i+1) + " of every month" + p.src[p.tok(i).to:]} {
		e.Choices = append(e.Choices, Choice{Words: w, Say: w})
	}
	return e
}

// figureDate reads 1/30, a day of every year.
func (p *repeatParser) figureDate() *Error {
	a, b := p.peek(), p.tok(p.at+2)
	if !a.short() || !p.signed(p.at+1, "/") || !b.short() || p.glued(p.at+3, "/") {
		return nil
	}
	words := p.text(p.at, p.at+3)
	month, dom := a.n, b.n
	if month > 12 {
		month, dom = dom, month
	}
	on, ok := date(2000, time.Month(month), dom)
	switch {
	case month < 1 || month > 12 || !ok:
		return repeatError(Impossible, words, "There is no such day as %s.", quote(words))
	case a.n <= 12 && b.n <= 12 && a.n != b.n:
		e := repeatError(Ambiguous, words, "Is the month first in %s, or the day?", quote(words))
		for _, on := range [][2]int{{a.n, b.n}, {b.n, a.n}} {
			w := p.src[:a.from] + fmt.Sprintf("%s %d", strings.ToLower(time.Month(on[0]).String()), on[1]) + p.src[b.to:]
			e.Choices = append(e.Choices, Choice{Words: w, Say: w})
		}
		return e
	}
	p.at += 3
	p.said, p.year, p.in = true, true, on.Month()
	p.dates = append(p.dates, dom)
	p.cad.yearly = append(p.cad.yearly, on)
	return nil
}

// severalMonths says whether days of a year are in more than one month.
func (c cadence) severalMonths() bool {
	return slices.ContainsFunc(c.yearly, func(w wall) bool { return w.Month() != c.yearly[0].Month() })
}

// needsCalendar says whether a cron line cannot say it: days that are counted, or clocks with different minutes.
func (p *repeatParser) needsCalendar(times []int) bool {
	return !p.cad.plain() || p.cad.severalMonths() || slices.ContainsFunc(times, func(m int) bool { return m%60 != times[0]%60 })
}

// calendarSpec writes minutes of the day as a schedule of our own.
func (p *repeatParser) calendarSpec(times []int) (string, *Error) {
	times = slices.Compact(slices.Sorted(slices.Values(times)))
	for i := 1; i < len(times); i++ {
		if times[i]-times[i-1] < 5 {
			return "", repeatError(Impossible, "", "Five minutes apart is the closest I can do.")
		}
	}
	at := make([]string, len(times))
	for i, m := range times {
		at[i] = fmt.Sprintf("%02d:%02d", m/60, m%60)
	}
	end := " from=" + p.anchor(times).Format(time.DateOnly) + " at=" + strings.Join(at, ",")
	n := strconv.Itoa(max(p.cad.n, 1))
	switch {
	case len(p.cad.yearly) > 0:
		var dates []string
		for _, w := range p.cad.yearly {
			dates = append(dates, w.Format("01-02"))
		}
		slices.Sort(dates)
		return "@calendar/1 dates=" + strings.Join(slices.Compact(dates), ",") + " at=" + strings.Join(at, ","), nil
	case len(p.cad.nth) > 0:
		return "@calendar/1 months=" + n + " nth=" + upwards(p.cad.nth) + " on=" + p.onDays() + end, nil
	case p.cad.lastDay:
		return "@calendar/1 months=" + n + " day=" + upwards(append(slices.Clone(p.dates), -1)) + end, nil
	case len(p.dates) > 0:
		return "@calendar/1 months=" + n + " day=" + upwards(p.dates) + end, nil
	case p.cad.unit == days || len(p.days) == 7 && p.cad.n <= 1:
		return "@calendar/1 days=" + n + end, nil
	}
	return "@calendar/1 weeks=" + n + " on=" + p.onDays() + end, nil
}

func (p *repeatParser) onDays() string {
	sorted := slices.SortedFunc(slices.Values(p.days), func(a, b time.Weekday) int { return int(a+6)%7 - int(b+6)%7 })
	var names []string
	for _, d := range sorted {
		names = append(names, strings.ToLower(d.String()[:3]))
	}
	return strings.Join(names, ",")
}

// upwards lists numbers with the last, -1, at the end.
func upwards(list []int) string {
	list = slices.Compact(slices.SortedFunc(slices.Values(list), func(a, b int) int { return (a+100)%100 - (b+100)%100 }))
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ",")
}

// anchor is the day that is counted from: the first from now on that fits, where more than the calendar decides.
func (p *repeatParser) anchor(times []int) wall {
	first := time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC)
	if p.cad.n <= 1 || p.cad.aligned || p.now.IsZero() {
		if p.cad.aligned {
			return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return first
	}
	day := dateOf(p.now)
	if p.first.After(day) {
		day = p.first
	} else if last := times[len(times)-1]; day.Add(time.Duration(last)*time.Minute).Compare(p.now) <= 0 {
		day = day.AddDate(0, 0, 1)
	}
	for range 400 {
		if p.fits(day) {
			return day
		}
		day = day.AddDate(0, 0, 1)
	}
	return first
}

// fits says whether a day is one of those that are counted.
func (p *repeatParser) fits(day wall) bool {
	last := lastDay(day.Year(), day.Month()).Day()
	switch {
	case len(p.cad.nth) > 0:
		return slices.Contains(p.days, day.Weekday()) && (slices.Contains(p.cad.nth, (day.Day()+6)/7) || day.Day()+7 > last && slices.Contains(p.cad.nth, -1))
	case p.cad.lastDay && day.Day() == last:
		return true
	case len(p.dates) > 0 || p.cad.lastDay:
		return slices.Contains(p.dates, day.Day())
	}
	return p.cad.unit == days || slices.Contains(p.days, day.Weekday())
}

// lateInMonth asks about a day that not every month has.
func (p *repeatParser) lateInMonth() *Error {
	late := slices.IndexFunc(p.dates, func(d int) bool { return d > 28 })
	if late < 0 || p.in != 0 || p.cad.sometime || p.cad.lastDay {
		return nil
	}
	at := slices.IndexFunc(p.toks, func(t token) bool { return t.kind == tokenNumber && t.ordinal && t.n == p.dates[late] })
	if at < 0 || len(p.dates) > 1 {
		return nil
	}
	words := p.text(at, at+1)
	var rest []string
	for i, c := range p.clocks {
		rest = append(rest, map[bool]string{true: "at "}[i == 0]+c.words)
	}
	e := repeatError(Ambiguous, words, "Not every month has a day %d. What about those?", p.dates[late])
	clocks := strings.Join(rest, " and ")
	last, passed := "the last day of every month "+clocks, "the "+words+" of every month that has one "+clocks
	e.Choices = []Choice{{Words: last, Say: last}, {Words: passed, Say: passed}}
	return e
}

// evenHours is "every 8 hours starting at 7am" as hours of the day.
func (p *repeatParser) evenHours() (Repetition, *Error) {
	daily := repeatParser{days: wholeWeek()}
	from, _, err := daily.hour(*p.cad.start)
	step := int(p.every / time.Minute)
	switch {
	case err != nil:
		return Repetition{}, err
	case 24*60%step != 0 || len(p.clocks) > 0:
		return Repetition{}, repeatError(Impossible, "", "That does not come out even in a day, so it would wander. Please name the hours.")
	case len(p.days) == 0:
		p.days = wholeWeek()
	}
	var times []int
	for m := from; m < from+24*60; m += step {
		times = append(times, m%(24*60))
	}
	return p.listed(times)
}

// listed is times of the day on the days that were named.
func (p *repeatParser) listed(times []int) (Repetition, *Error) {
	if len(times) > 31 {
		return Repetition{}, repeatError(Impossible, "", "That is more than I can keep in one reminder. Please choose longer pauses.")
	}
	slices.Sort(times)
	if len(p.days) == 0 && len(p.dates) == 0 {
		p.days = wholeWeek()
	}
	spec, err := p.spec(times)
	return Repetition{Spec: spec}, err
}

// letterDays writes the days that people write with a letter each, such as "M W F" and "T/Th", as names: those with
// which no other can be meant.
func letterDays(words string) string {
	l := lineOf(words)
	for i := range l.toks {
		for _, row := range [][2]string{{"m w f", "mon/wed/fri"}, {"mwf", "mon/wed/fri"}, {"t th", "tue/thu"}, {"tth", "tue/thu"}, {"t r", "tue/thu"}, {"m - f", "mon-fri"}} {
			next := i
			for w := range strings.FieldsSeq(row[0]) {
				for next > i && w != "-" && l.word(next, "/", ",", "and", "&", "+") {
					next++
				}
				if !l.word(next, w) {
					next = -1
					break
				}
				next++
			}
			if next > 0 && !l.number(i-1) {
				return l.src[:l.tok(i).from] + row[1] + l.src[l.tok(next-1).to:]
			}
		}
	}
	return words
}
