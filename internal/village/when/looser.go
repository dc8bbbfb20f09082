package when

import (
	"fmt"
	"strings"
)

// looserForms are ways to write a time that people use in haste, and that can mean one thing only.
func (r *reader) looserForms() []func(line, int) (string, int) {
	return []func(line, int) (string, int){leadIn, smile, zoneAlone, r.ownCity, loneLetter, quarterOf, plusSign, aroundChristmas, sameTime, allOfThem, datesInARow}
}

// leadIn takes "it's on" and "for" off the front of a day.
func leadIn(l line, i int) (string, int) {
	if i > 0 {
		return "", i
	}
	next := i
	switch {
	case l.word(i, "it's", "its", "it’s"):
		next = i + 1
	case l.word(i, "it") && (l.word(i+1, "is") || l.word(i+1, "'") && l.word(i+2, "s")):
		next = i + 2
	case l.word(i, "for") && (l.word(i+1, "today", "tomorrow", "tonight") || isDayName(l.tok(i+1).text)):
		next = i + 1
	}
	return "", next
}

// isDayName says whether a word is a day of the week.
func isDayName(word string) bool {
	for _, name := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		if len(word) >= 3 && strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}

// smile takes a smile off the end.
func smile(l line, i int) (string, int) {
	if i > 0 && l.word(i, ":", ";") && l.tok(i+1).is(")") && l.tok(i+1).glued && i+2 == len(l.toks) {
		return "", i + 2
	}
	return "", i
}

// zoneAlone reads "3pm eastern" as "3pm eastern time".
func zoneAlone(l line, i int) (string, int) {
	if i == 0 || !l.word(i, "pacific", "eastern", "central", "mountain") || l.word(i+1, "time", "standard", "daylight") {
		return "", i
	}
	if before := l.tok(i - 1); before.kind != tokenNumber && !l.word(i-1, "am", "pm", "noon", "o'clock") {
		return "", i
	}
	return l.tok(i).text + " time", i + 1
}

// ownCity drops the name of the place whose time is meant anyway.
func (r *reader) ownCity(l line, i int) (string, int) {
	name := r.zone.String()
	city := strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	if i > 0 && i+2 == len(l.toks) && l.tok(i).is(",") && l.word(i+1, city) {
		return "", i + 2
	}
	return "", i
}

// loneLetter reads the p of "1 p".
func loneLetter(l line, i int) (string, int) {
	if l.number(i) && l.word(i+1, "p") && !l.tok(i+1).glued && (i+2 == len(l.toks) || isDayName(l.tok(i+2).text)) {
		return l.text(i, i+1) + "pm", i + 2
	}
	return "", i
}

// quarterOf reads "quarter of two", which is before two.
func quarterOf(l line, i int) (string, int) {
	if l.word(i, "quarter") && l.word(i+1, "of") && i+2 < len(l.toks) {
		return "quarter to", i + 2
	}
	return "", i
}

// plusSign reads the sign that stands between two days.
func plusSign(l line, i int) (string, int) {
	if i > 0 && i+1 < len(l.toks) && l.tok(i).is("+") && !l.tok(i).glued && !l.tok(i+1).glued {
		return "and", i + 1
	}
	return "", i
}

// aroundChristmas reads the day before and the day after it.
func aroundChristmas(l line, i int) (string, int) {
	if !l.word(i, "day") || !l.word(i+1, "after", "before") || !l.word(i+2, "christmas", "xmas") || l.word(i+3, "eve") {
		return "", i
	}
	next := i + 3
	if l.word(next, "day") {
		next++
	}
	if l.word(i+1, "after") {
		return "december 26", next
	}
	return "december 24", next
}

// sameTime moves the one hour of several days to where "same time" stands: "dec 8 at 1pm and dec 11 same time".
func sameTime(l line, i int) (string, int) {
	from, to, same := sharedHour(l)
	switch {
	case same == 0:
	case i == same:
		return "at " + l.text(from, to), same + 2
	case i == from:
		return "", to
	case i+1 == from && l.word(i, "at"):
		return "", to
	case i+1 == same && l.word(i, "the"), i+2 == same && l.word(i, "at") && l.word(i+1, "the"):
		return "", same
	}
	return "", i
}

// sharedHour is where the only hour stands, and where "same time" does behind it; 0 where there is no such thing.
func sharedHour(l line) (from, to, same int) {
	for j := range l.toks {
		switch {
		case l.number(j) && l.word(j+1, "am", "pm") && to > 0:
			return 0, 0, 0
		case l.number(j) && l.word(j+1, "am", "pm"):
			from, to = j, j+2
			if j > 1 && l.signed(j-1, ":") {
				from = j - 2
			}
		case l.word(j, "same") && l.word(j+1, "time", "hour") && to > 0:
			same = j
		}
	}
	return from, to, same
}

// allOfThem are words that only say that an hour goes for every day before it.
func allOfThem(l line, i int) (string, int) {
	if i > 0 && l.word(i, "all", "always", "each") && (l.word(i+1, "at") || l.number(i+1)) {
		return "", i + 1
	}
	return "", i
}

// datesInARow puts a comma between "12/8 12/11".
func datesInARow(l line, i int) (string, int) {
	date := func(k int) bool { return l.number(k) && l.signed(k+1, "/") && l.number(k+2) && !l.signed(k+3, "/") }
	if !date(i) || !date(i+3) || l.tok(i+3).glued {
		return "", i
	}
	return fmt.Sprintf("%s,", l.text(i, i+3)), i + 3
}
