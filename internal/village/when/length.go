package when

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Length reads a length of time in whole minutes: "2 hours", "90 min", "1h30", "1:30", "an hour and a half", "2 days".
// A day is 24 hours and a week seven of those. Every error is an *[Error]: [LengthUnknown] for words that are no
// length, [LengthMissing] for nothing or for a number without its unit, [LengthBounds] for less than a minute, more
// than [Horizon], or a part of a minute.
func Length(words string) (time.Duration, error) {
	d, err := readLength(words, typoDepth)
	if err != nil {
		if err.hint == "" {
			err.hint = "2 hours, or 90 min"
		}
		return 0, err
	}
	return d, nil
}

func readLength(words string, depth int) (time.Duration, *Error) {
	if len(words) > longestWords {
		return 0, errorf(LengthUnknown, words, "That is a lot of words for a length of time. Please write just the hours or minutes.")
	}
	l := lineOf(words)
	if l.word(0, "for") {
		l.toks = l.toks[1:]
	}
	n, alone := l.tok(0), len(l.toks) == 1
	switch {
	case len(l.toks) == 0:
		return 0, errorf(LengthMissing, "", "How long will it take?")
	case alone && n.kind == tokenNumber && !n.ordinal:
		return 0, errorf(LengthMissing, words, "Is that %d hours or %d minutes? Please add the word.", n.n, n.n)
	}
	s, next, ok := l.hoursMinutes()
	if !ok {
		s, next, ok = l.measure(0, true)
	}
	if ok && next == len(l.toks) {
		return bounded(words, s)
	}
	at := l.tok(min(next, len(l.toks)-1))
	if first := slices.IndexFunc(l.toks, func(t token) bool { return t.kind == tokenWord && !known(t.text) }); first >= 0 {
		at = l.tok(first)
	}
	if vague(at.text) != "" {
		return 0, errorf(LengthUnknown, at.text, "I read %s. %s", quote(at.text), lengthVague(at.text))
	}
	return 0, lengthTypo(words, at, depth)
}

// hoursMinutes reads 1:30, where that is all.
func (l line) hoursMinutes() (s length, next int, ok bool) {
	h, m := l.tok(0), l.tok(2)
	if len(l.toks) != 3 || h.kind != tokenNumber || h.width > 2 || !l.word(1, ":") || !m.figures(2) || m.n >= 60 {
		return s, 0, false
	}
	return length{minutes: 60*h.n + m.n}, 3, true
}

func lengthVague(w string) string {
	if w == "-" || w == "to" || w == "or" || w == "between" {
		return "Please give one length: the longest it could take is the safest."
	}
	return "Please give the hours or minutes as you would plan them."
}

// lengthTypo refuses a word, and offers what it may have been meant to be.
func lengthTypo(words string, at token, depth int) *Error {
	err := errorf(LengthUnknown, at.text, "I could not read %s as a length of time.", quote(at.text))
	if depth == 0 || at.kind != tokenWord || known(at.text) {
		return err
	}
	for _, better := range nearest(at.text, []string{"minutes", "minute", "hours", "hour", "half", "quarter", "days", "day", "weeks", "week", "min", "mins", "hrs"}) {
		mended := words[:at.from] + better + words[at.to:]
		if d, e := readLength(mended, depth-1); e == nil {
			if c := (Choice{Words: lengthWords(d), Say: lengthWords(d)}); !slices.Contains(err.Choices, c) {
				err.Choices = append(err.Choices, c)
			}
		}
	}
	if len(err.Choices) > 0 {
		var list []string
		for _, c := range err.Choices {
			list = append(list, c.Words)
		}
		err.also("Did you mean %s?", orList(list))
	}
	return err
}

// lengthWords writes a length so that Length reads it back.
func lengthWords(d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	var list []string
	if h > 0 {
		list = append(list, plural(h, "hour"))
	}
	if m > 0 {
		list = append(list, plural(m, "minute"))
	}
	return strings.Join(list, " ")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func bounded(words string, s length) (time.Duration, *Error) {
	d := time.Duration(s.days)*24*time.Hour + time.Duration(s.minutes)*time.Minute
	switch {
	case s.broken:
		return 0, errorf(LengthBounds, words, "I count in whole minutes. Please write it in minutes.")
	case d <= 0:
		return 0, errorf(LengthBounds, words, "It has to take at least a minute.")
	case d > Horizon:
		return 0, errorf(LengthBounds, words, "That is longer than 400 days. Please check the number.")
	}
	return d, nil
}

// length is a length of time as it was written: days are counted on the calendar by those who ask for that.
type length struct {
	days, minutes int
	broken        bool // not whole minutes
}

// add adds so much of a unit.
func (s *length) add(much fraction, u unit) {
	total := much.num * u.size()
	switch {
	case total%much.den != 0:
		s.broken = true
	case u >= days && total/much.den%days.size() == 0:
		s.days += total / much.den / days.size()
	default:
		s.minutes += total / much.den
	}
}

// size is how many minutes a unit has.
func (u unit) size() int {
	return [...]int{noUnit: 0, minutes: 1, hours: 60, days: 24 * 60, weeks: 7 * 24 * 60}[u]
}

// measure reads a length that begins at token i, and gives the token after it. In whole, nothing else follows, so a
// number after hours is minutes ("2 hours 30").
func (l line) measure(i int, whole bool) (s length, next int, ok bool) {
	smallest := 1 << 50
	for {
		at := i
		if ok {
			at = l.betweenAmounts(i)
		}
		much, after := l.amount(at)
		if after == at {
			return s, i, ok
		}
		u, times := l.unit(after)
		much.num *= times
		if ok && at == i && after == i+1 && u == noUnit && smallest == hours.size() && l.minutesOf(i, whole) {
			s.minutes += much.num // 1h30, 2 hours 30
			return s, after, true
		}
		// "3 hours and 5 hours" are two lengths, not one of eight hours.
		if u == noUnit || much.num*u.size() >= smallest*much.den {
			return s, i, ok
		}
		i, ok = after+1, true
		if more, end := l.andPart(i); end > i {
			much, i = much.plus(more), end
		}
		s.add(much, u)
		smallest = u.size()
	}
}

// betweenAmounts passes over what stands between two amounts of one length.
func (l line) betweenAmounts(i int) int {
	if l.word(i, ",") {
		i++
	}
	if l.word(i, "and") {
		i++
	}
	return i
}

// unit reads a unit, and how many of it the word stands for.
func (l line) unit(i int) (u unit, times int) {
	switch {
	case l.tok(i).kind != tokenWord, l.word(i, "m") && !l.tok(i).glued:
		return noUnit, 1
	case l.word(i, "fortnight", "fortnights"):
		return weeks, 2
	}
	return unitWord(l.tok(i).text), 1
}

// minutesOf says whether the number at i, after hours, can only be their minutes.
func (l line) minutesOf(i int, whole bool) bool {
	t := l.tok(i)
	return t.width == 2 && t.n < 60 && (t.glued || whole && i+1 == len(l.toks))
}

// fraction is how much of a unit.
type fraction struct{ num, den int }

func (f fraction) plus(g fraction) fraction {
	return fraction{f.num*g.den + g.num*f.den, f.den * g.den}
}

// amount reads how many: 2, two, 1.5, 1½, 1 1/2, a, half a, three quarters of an, one and a half. It gives the token
// after it: i when there is none.
func (l line) amount(i int) (much fraction, next int) {
	for _, read := range []func(int) (fraction, int){l.partOfOne, l.threeQuarters, l.decimal, l.broken, l.mixed, l.wholeAmount} {
		if much, next = read(i); next > i {
			return much, next
		}
	}
	return fraction{}, i
}

// counts says whether a number of something stands at i.
func (l line) counts(i int) bool {
	return l.number(i) && !l.tok(i).ordinal && l.tok(i).width <= 5
}

// article passes over "a".
func (l line) article(i int) int {
	if l.word(i, "a", "an") {
		return i + 1
	}
	return i
}

// ofOne passes over "of a".
func (l line) ofOne(i int) int {
	if l.word(i, "of") {
		i++
	}
	return l.article(i)
}

// partOfOne reads ½, a, half a, a quarter of an.
func (l line) partOfOne(i int) (much fraction, next int) {
	if part, ok := partSign(l.tok(i)); ok {
		return part, l.article(i + 1)
	}
	k := l.article(i)
	switch {
	case l.word(k, "half"):
		return fraction{1, 2}, l.article(k + 1)
	case l.word(k, "quarter"):
		return fraction{1, 4}, l.ofOne(k + 1)
	}
	return fraction{1, 1}, k
}

// threeQuarters reads "three quarters of an".
func (l line) threeQuarters(i int) (much fraction, next int) {
	if l.counts(i) && l.tok(i).n == 3 && l.word(i+1, "quarters") {
		return fraction{3, 4}, l.ofOne(i + 2)
	}
	return fraction{}, i
}

// decimal reads 1.5.
func (l line) decimal(i int) (much fraction, next int) {
	t, behind := l.tok(i), l.tok(i+2)
	if !l.counts(i) || !l.word(i+1, ".") || !l.counts(i+2) || behind.width > 3 || !behind.glued {
		return fraction{}, i
	}
	den := 1
	for range behind.width {
		den *= 10
	}
	return fraction{t.n*den + behind.n, den}, i + 3
}

// broken reads 1/2 and 3/4.
func (l line) broken(i int) (much fraction, next int) {
	num, den := l.tok(i).n, l.tok(i+2).n
	if l.counts(i) && l.word(i+1, "/") && l.counts(i+2) && num > 0 && num < den && den <= 4 {
		return fraction{num, den}, l.article(i + 3)
	}
	return fraction{}, i
}

// mixed reads 1½, "1 1/2" and "one and a half".
func (l line) mixed(i int) (much fraction, next int) {
	if !l.counts(i) {
		return fraction{}, i
	}
	n := fraction{l.tok(i).n, 1}
	if part, ok := partSign(l.tok(i + 1)); ok {
		return n.plus(part), i + 2
	}
	if part, end := l.broken(i + 1); end > i+1 && !l.tok(i+1).glued {
		return n.plus(part), i + 4
	}
	if part, end := l.andPart(i + 1); end > i+1 {
		return n.plus(part), end
	}
	return fraction{}, i
}

// wholeAmount reads 2 and two.
func (l line) wholeAmount(i int) (much fraction, next int) {
	if l.counts(i) {
		return fraction{l.tok(i).n, 1}, i + 1
	}
	return fraction{}, i
}

// andPart reads "and a half" and "and a quarter", unless they are an amount of their own ("and a half hour"). It gives
// the token after it: i when it is not there.
func (l line) andPart(i int) (much fraction, next int) {
	den := map[string]int{"half": 2, "quarter": 4}[l.tok(i+2).text]
	if den == 0 || !l.word(i, "and") || !l.word(i+1, "a") || l.word(i+3, "of", "an") {
		return fraction{}, i
	}
	return fraction{1, den}, i + 3
}

func partSign(t token) (part fraction, ok bool) {
	part, ok = map[string]fraction{"½": {1, 2}, "¼": {1, 4}, "¾": {3, 4}}[t.text]
	return part, ok
}
