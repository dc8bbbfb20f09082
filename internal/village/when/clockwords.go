package when

// place is what is known of a clock by where it stands.
type place struct {
	alone  bool // a number without anything beside it is an hour
	dotted bool // so 9.30 is no date, and 2030 no year
	ranged bool // "to" leads from one clock to the next, not from minutes to their hour
}

// afterAt is the place of a clock where nothing but a clock can stand.
var afterAt = place{alone: true, dotted: true}

// clock reads a time of day, and gives the token after it: i when there is none.
func (l line) clock(i int, in place) (clock, int, *Error) {
	for _, read := range []func(int, place) (clock, int, *Error){l.namedClock, l.spokenClock, l.figureClock} {
		if c, next, err := read(i, in); err != nil || next > i {
			c.words = l.text(i, next)
			return c, next, err
		}
	}
	return clock{}, i, nil
}

// timeOfDay reads a clock with the part of the day that stands before or behind it, and gives the token after it: i
// when there is none.
func (l line) timeOfDay(i int, in place) (clock, int, *Error) {
	at := l.littleAt(i)
	before, at := l.partWords(at)
	c, next, err := l.clock(l.littleAt(at), in)
	if err != nil || c.words == "" {
		return clock{}, i, err
	}
	behind, next := l.partWords(next)
	switch {
	case behind == noPart:
		c.part = before
	case before == noPart || before == behind:
		c.part = behind
	default:
		return clock{}, i, errorf(Impossible, l.text(i, next), "Is it in the %s or in the %s?", before, behind)
	}
	c.words = l.text(i, next)
	return c, next, nil
}

// littleAt passes over the words that announce a clock.
func (l line) littleAt(i int) int {
	for l.word(i, "at", "@", "by") {
		i++
	}
	return i
}

// partOfDay gives the token after "in the morning", "night" and the like.
func (l line) partOfDay(i int) (int, bool) {
	switch {
	case l.word(i, "in") && l.word(i+1, "the") && partWord(l.tok(i+2).text) != noPart:
		return i + 3, true
	case l.tok(i).kind == tokenWord && partWord(l.tok(i).text) != noPart:
		return i + 1, true
	}
	return i, false
}

// partWords reads a part of the day, with "at" before night, and gives the token after it.
func (l line) partWords(i int) (part, int) {
	start := i
	if l.word(i, "at") && l.word(i+1, "night") {
		i++
	}
	if next, ok := l.partOfDay(i); ok {
		return partWord(l.tok(next - 1).text), next
	}
	return noPart, start
}

// namedClock reads noon, and midnight with the edge of the day that it is.
func (l line) namedClock(i int, _ place) (clock, int, *Error) {
	switch {
	case l.word(i, "noon", "midday"):
		return clock{h: 12}, i + 1, nil
	case !l.word(i, "midnight"):
		return clock{}, i, nil
	}
	c := clock{form: midnight}
	j := i + 1
	for l.word(j, "at", "on") {
		j++
	}
	if !l.word(j, "the") {
		return c, i + 1, nil
	}
	j++
	edge := map[string]which{"start": thisOne, "end": nextOne}[l.tok(j).text]
	if edge != whichever && l.word(j+1, "of") && l.word(j+2, "the", "that") && l.word(j+3, "day") {
		c.edge = edge
		return c, j + 4, nil
	}
	return c, i + 1, nil
}

// spokenClock reads "half past 2", "quarter to 5 pm", "ten minutes past noon".
func (l line) spokenClock(i int, in place) (clock, int, *Error) {
	n, sure, j := l.spokenMinutes(i)
	sign := 0
	switch {
	case n == 0:
		return clock{}, i, nil
	case l.word(j, "past", "after"):
		sign = 1
	case l.word(j, "to", "till", "before"):
		sign = -1
	}
	c, next, ok := l.wholeHour(j + 1)
	switch {
	case sign == 0 || !ok || sign < 0 && !sure && in.ranged:
		return clock{}, i, nil
	case sign < 0 && !sure: // "5 to 7 pm" is two hours more often than 6:55
		words := l.text(i, next)
		return clock{}, i, errorf(Vague, words, "Is %s from one hour to another, or minutes before the hour? Please write one starting time, such as 4:45 pm.", quote(words))
	}
	return c.moved(sign * n), next, nil
}

// spokenMinutes reads what stands before "past" and "to", and says whether it can be nothing but minutes.
func (l line) spokenMinutes(i int) (n int, sure bool, next int) {
	if l.word(i, "a") && l.word(i+1, "quarter") {
		i++
	}
	t := l.tok(i)
	switch {
	case l.word(i, "half") && l.word(i+1, "past"):
		return 30, true, i + 1
	case l.word(i, "quarter"):
		return 15, true, i + 1
	case t.kind != tokenNumber || t.ordinal || t.n == 0 || t.n >= 60 || t.width > 2:
		return 0, false, i
	case l.word(i+1, "min", "mins", "minute", "minutes"):
		return t.n, true, i + 2
	}
	return t.n, t.width == 0 && t.n > 12, i + 1
}

// moved is a whole hour so many minutes later, or earlier.
func (c clock) moved(n int) clock {
	c.m = n
	if n > 0 || c.form == midnight {
		return c
	}
	c.h, c.m = c.h-1, 60+n
	if c.form == open && c.h == 0 {
		c.h = 12
	}
	return c
}

// wholeHour reads the hour that minutes are counted to or from.
func (l line) wholeHour(i int) (clock, int, bool) {
	switch t := l.tok(i); {
	case l.word(i, "noon", "midday"):
		return clock{h: 12}, i + 1, true
	case l.word(i, "midnight"):
		return clock{form: midnight}, i + 1, true
	case t.kind != tokenNumber || t.ordinal || t.width > 2 || t.n < 1 || t.n > 23 || l.tok(i+1).is(":") || l.tok(i+1).is("."):
		return clock{}, i, false
	default:
		next := i + 1
		if l.word(next, "o'clock", "oclock") {
			next++
		}
		half, next := l.half(next)
		if half != "" && t.n > 12 {
			return clock{}, i, false
		}
		return written(t.n, 0, half, t.width == 2 && t.n < 10, false), next, true
	}
}

// figureClock reads an hour in numbers, with its minutes, am or pm.
func (l line) figureClock(i int, in place) (clock, int, *Error) {
	t := l.tok(i)
	if t.kind != tokenNumber || t.ordinal || t.width > 4 {
		return clock{}, i, nil
	}
	h, m, next, err := l.hourMinute(i, in)
	if err != nil || next == i {
		return clock{}, i, err
	}
	half, next := l.half(next)
	if err := noSuchClock(h, m, half, l.text(i, next)); err != nil {
		return clock{}, i, err
	}
	if half == "" && h == 12 && m == 0 && l.word(next, "noon", "midday", "midnight") {
		return l.namedClock(next, in) // 12 noon, 12:00 midnight
	}
	padded := t.width == 2 && next-i >= 3
	return written(h, m, half, t.width == 2 && t.n < 10 || t.width == 4 && t.n < 1000, padded), next, nil
}

// noSuchClock refuses numbers that no clock shows.
func noSuchClock(h, m int, half, words string) *Error {
	switch {
	case h > 24 || m > 59 || h == 24 && m > 0:
		return errorf(Impossible, words, "There is no %s on the clock.", quote(words))
	case half != "" && (h < 1 || h > 12):
		return errorf(Impossible, words, "%s is not a time: hours with am or pm go from 1 to 12.", quote(words))
	}
	return nil
}

// written makes a clock of an hour and minutes. Padded numbers such as 08:00 are on the 24-hour clock.
func written(h, m int, half string, zero, padded bool) clock {
	c := clock{h: h, m: m, padded: padded, full: half == "" && (zero || h == 0 || h > 12)}
	switch {
	case half == "am" && h == 12 && m == 0, h == 24:
		return clock{form: midnight, full: c.full}
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
func (l line) half(i int) (string, int) {
	switch {
	case l.word(i, "am", "pm"):
		return l.tok(i).text, i + 1
	case l.word(i, "a", "p") && l.tok(i).glued:
		return l.tok(i).text + "m", i + 1
	}
	return "", i
}

// hourMinute reads the numbers of a clock, without am or pm.
func (l line) hourMinute(i int, in place) (h, m, next int, err *Error) {
	if l.tok(i).width >= 3 {
		h, m, next = l.runTogether(i, in)
		return h, m, next, nil
	}
	for _, read := range []func(int, place) (m, next int, err *Error){l.colonMinutes, l.pointMinutes, l.letterMinutes, l.noMinutes, l.wordMinutes, l.loneHour} {
		if m, next, err = read(i, in); err != nil || next > i {
			return l.tok(i).n, m, next, err
		}
	}
	return 0, 0, i, nil
}

// colonMinutes reads 9:30, 09:30:00 and 13:00 hours.
func (l line) colonMinutes(i int, _ place) (m, next int, err *Error) {
	second := l.tok(i + 2)
	if !l.word(i+1, ":") || !second.figures(2) {
		return 0, i, nil
	}
	next, ok := l.seconds(i + 3)
	if !ok {
		words := l.text(i, i+5)
		return 0, i, errorf(Unknown, words, "I keep whole minutes, so %s is too exact for me.", quote(words))
	}
	if l.word(next, "h", "hrs", "hours") {
		next++
	}
	return second.n, next, nil
}

// pointMinutes reads 9.30, which could be a date as well.
func (l line) pointMinutes(i int, in place) (m, next int, err *Error) {
	t, second := l.tok(i), l.tok(i+2)
	if !l.glued(i+1, ".") || !second.figures(2) || !second.glued {
		return 0, i, nil
	}
	couldBeDate := second.n <= 31 && t.n >= 1 && second.n >= 1 && (t.n <= 12 || second.n <= 12)
	if half, _ := l.half(i + 3); couldBeDate && half == "" && !in.dotted {
		words := l.text(i, i+3)
		return 0, i, errorf(Unknown, words, "Is %s a date or a time? Please write the month as a word, or the time with “:”.", quote(words))
	}
	return second.n, i + 3, nil
}

// letterMinutes reads 8h30 and 8h.
func (l line) letterMinutes(i int, _ place) (m, next int, err *Error) {
	second := l.tok(i + 2)
	switch {
	case !l.glued(i+1, "h"):
		return 0, i, nil
	case second.figures(2) && second.glued:
		return second.n, i + 3, nil
	}
	return 0, i + 2, nil
}

// noMinutes reads the hour of "9 o'clock", "9 am" and "12 noon".
func (l line) noMinutes(i int, _ place) (m, next int, err *Error) {
	t := l.tok(i)
	half, _ := l.half(i + 1)
	switch {
	case l.word(i+1, "o'clock", "oclock"):
		return 0, i + 2, nil
	case half != "", t.n == 12 && l.word(i+1, "noon", "midday", "midnight"):
		return 0, i + 1, nil
	}
	return 0, i, nil
}

// loneHour reads an hour with nothing beside it, where it is one.
func (l line) loneHour(i int, in place) (m, next int, err *Error) {
	if in.alone {
		return 0, i + 1, nil
	}
	return 0, i, nil
}

// wordMinutes reads "eleven thirty".
func (l line) wordMinutes(i int, _ place) (m, next int, err *Error) {
	t, second := l.tok(i), l.tok(i+1)
	inWords := t.width == 0 && second.kind == tokenNumber && second.width == 0 && !second.ordinal
	digitsFollow := l.tok(i+2).width > 0 // "one fifteen 12": no reader could say what is what
	if inWords && !digitsFollow && t.n >= 1 && t.n <= 12 && second.n >= 10 && second.n < 60 {
		return second.n, i + 2, nil
	}
	return 0, i, nil
}

// runTogether reads 130pm, 0930, 1300 and 1300 hours. A number that could be a year needs "at".
func (l line) runTogether(i int, in place) (h, m, next int) {
	t := l.tok(i)
	next = i + 1
	half, _ := l.half(next)
	switch {
	case half != "":
	case t.width == 4 && l.word(next, "h", "hrs", "hours"):
		next++
	case t.width == 4 && (in.dotted || t.n < 1000 || t.n >= 1300 && (t.n < 2000 || t.n > 2099)):
	default:
		return 0, 0, i
	}
	return t.n / 100, t.n % 100, next
}

// seconds reads :00 and .000, which change nothing; anything else is refused.
func (l line) seconds(i int) (int, bool) {
	if !l.tok(i).is(":") || !l.tok(i).glued {
		return i, true
	}
	if t := l.tok(i + 1); !t.figures(2) || t.n != 0 {
		return i, false
	}
	i += 2
	if l.tok(i).is(".") && l.tok(i).glued && l.number(i+1) && l.tok(i+1).glued {
		if l.tok(i+1).n != 0 {
			return i, false
		}
		i += 2
	}
	return i, true
}

// clockSign says whether the number at i is a time of day by what follows it.
func (l line) clockSign(i int) bool {
	next := l.tok(i + 1)
	switch {
	case next.is(":"), l.word(i+1, "am", "pm", "o'clock", "oclock"):
		return true
	case next.glued && l.word(i+1, "a", "p", "h"):
		return true
	case next.is(".") && next.glued && l.tok(i+2).figures(2):
		return l.word(i+3, "am", "pm") || l.tok(i+3).glued && l.word(i+3, "a", "p")
	}
	return false
}
