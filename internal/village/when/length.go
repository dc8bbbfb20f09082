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
	toks := lex(words)
	if len(toks) > 0 && toks[0].is("for") {
		toks = toks[1:]
	}
	if len(toks) == 0 {
		return 0, errorf(LengthMissing, "", "How long will it take?")
	}
	if len(toks) == 1 && toks[0].kind == tokenNumber && !toks[0].ordinal {
		return 0, errorf(LengthMissing, words, "Is that %d hours or %d minutes? Please add the word.", toks[0].n, toks[0].n)
	}
	if len(toks) == 3 && toks[0].kind == tokenNumber && toks[0].width <= 2 && toks[1].is(":") && toks[2].figures(2) && toks[2].n < 60 {
		return bounded(words, span{minutes: 60*toks[0].n + toks[2].n})
	}
	s, next, ok := measure(toks, 0, true)
	if ok && next == len(toks) {
		return bounded(words, s)
	}
	at := toks[min(next, len(toks)-1)]
	for _, t := range toks {
		if t.kind == tokenWord && !known(t.text) {
			at = t
			break
		}
	}
	if say := vague(at.text); say != "" {
		return 0, errorf(LengthUnknown, at.text, "I read %s. %s", quote(at.text), lengthVague(at.text))
	}
	return 0, lengthTypo(words, at, depth)
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
		err.Say += " Did you mean " + orList(list) + "?"
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

func bounded(words string, s span) (time.Duration, *Error) {
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

// span is a length as it was written: days are counted on the calendar by those who ask for that.
type span struct {
	days, minutes int
	broken        bool // not whole minutes
}

// size is how many minutes a unit has.
func (u unit) size() int {
	return [...]int{noUnit: 0, minutes: 1, hours: 60, days: 24 * 60, weeks: 7 * 24 * 60}[u]
}

// measure reads a length that begins at token i, and gives the token after it. In whole, nothing else follows, so a
// number after hours is minutes ("2 hours 30").
func measure(toks []token, i int, whole bool) (s span, next int, ok bool) {
	smallest := 1 << 50
	for {
		at := i
		if ok { // between two amounts
			if at < len(toks) && toks[at].is(",") {
				at++
			}
			if at < len(toks) && toks[at].is("and") {
				at++
			}
		}
		num, den, after, found := amount(toks, at)
		if !found {
			return s, i, ok
		}
		u := noUnit
		if after < len(toks) && toks[after].kind == tokenWord {
			u = unitWord(toks[after].text)
			if toks[after].text == "fortnight" || toks[after].text == "fortnights" {
				u, num = weeks, 2*num
			}
			if toks[after].text == "m" && !toks[after].glued {
				u = noUnit
			}
		}
		if u == noUnit && ok && smallest == hours.size() && den == 1 && num < 60 && at == i && after == i+1 && toks[i].width == 2 && (whole && after == len(toks) || toks[i].glued) {
			s.minutes += num // 1h30, 2 hours 30
			return s, after, true
		}
		// "3 hours and 5 hours" are two lengths, not one of eight hours.
		if u == noUnit || num*u.size() >= smallest*den {
			return s, i, ok
		}
		i, ok = after+1, true
		if n, d, end := andPart(toks, i); end > 0 {
			num, den, i = num*d+n*den, den*d, end
		}
		total := num * u.size()
		switch {
		case total%den != 0:
			s.broken = true
		case u >= days && total/den%days.size() == 0:
			s.days += total / den / days.size()
		default:
			s.minutes += total / den
		}
		smallest = u.size()
	}
}

// amount reads how many: 2, two, 1.5, 1½, 1 1/2, a, half a, three quarters of an, one and a half.
func amount(toks []token, i int) (num, den, next int, ok bool) {
	word := func(k int, texts ...string) bool { return k < len(toks) && slices.Contains(texts, toks[k].text) }
	article := func(k int) int {
		if word(k, "a", "an") {
			return k + 1
		}
		return k
	}
	of := func(k int) int {
		if word(k, "of") {
			return article(k + 1)
		}
		return article(k)
	}
	if i >= len(toks) {
		return 0, 0, i, false
	}
	if n, d, isPart := fraction(toks[i]); isPart {
		return n, d, article(i + 1), true
	}
	if k := article(i); k > i || word(i, "half", "quarter") {
		switch {
		case word(k, "half"):
			return 1, 2, article(k + 1), true
		case word(k, "quarter"):
			return 1, 4, of(k + 1), true
		}
		return 1, 1, k, true
	}
	t := toks[i]
	if t.kind != tokenNumber || t.ordinal || t.width > 5 {
		return 0, 0, i, false
	}
	is := func(k int, text string) bool { return k < len(toks) && toks[k].is(text) }
	number := func(k int) bool { return k < len(toks) && toks[k].kind == tokenNumber && !toks[k].ordinal }
	if i+1 < len(toks) {
		if n, d, isPart := fraction(toks[i+1]); isPart {
			return t.n*d + n, d, i + 2, true
		}
	}
	switch {
	case word(i+1, "quarters") && t.n == 3:
		return 3, 4, of(i + 2), true
	case is(i+1, ".") && number(i+2) && toks[i+2].width <= 3 && toks[i+2].glued:
		den = 1
		for range toks[i+2].width {
			den *= 10
		}
		return t.n*den + toks[i+2].n, den, i + 3, true
	case is(i+1, "/") && number(i+2) && t.n > 0 && t.n < toks[i+2].n && toks[i+2].n <= 4:
		return t.n, toks[i+2].n, article(i + 3), true
	case number(i+1) && !toks[i+1].glued && is(i+2, "/") && number(i+3) && toks[i+1].n > 0 && toks[i+1].n < toks[i+3].n && toks[i+3].n <= 4:
		return t.n*toks[i+3].n + toks[i+1].n, toks[i+3].n, i + 4, true
	}
	if n, d, end := andPart(toks, i+1); end > 0 {
		return t.n*d + n, d, end, true
	}
	return t.n, 1, i + 1, true
}

// andPart reads "and a half" and "and a quarter", unless they are an amount of their own ("and a half hour"). It
// gives 0 for next when they are not there.
func andPart(toks []token, i int) (num, den, next int) {
	if i+2 >= len(toks) || !toks[i].is("and") || !toks[i+1].is("a") {
		return 0, 0, 0
	}
	if follows := i + 3; follows < len(toks) && (toks[follows].is("of") || toks[follows].is("an")) {
		return 0, 0, 0
	}
	switch toks[i+2].text {
	case "half":
		return 1, 2, i + 3
	case "quarter":
		return 1, 4, i + 3
	}
	return 0, 0, 0
}

func fraction(t token) (num, den int, ok bool) {
	switch t.text {
	case "½":
		return 1, 2, true
	case "¼":
		return 1, 4, true
	case "¾":
		return 3, 4, true
	}
	return 0, 0, false
}
