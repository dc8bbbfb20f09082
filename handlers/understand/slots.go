package understand

import (
	"cmp"
	"slices"
	"strings"
)

// slots are what can be filled in from a sentence.
type slots struct {
	// when is the words for a time, as they were written; from and to are places.
	when, from, to string
	// timed, placed and command say which tokens those are.
	timed, placed, command []bool
}

// spot is a word with its neighbours.
type spot struct {
	before, text, after string
	written             string // the word as it was written
}

func (s sentence) spot(i int) spot {
	t := s.toks[i]
	w := spot{text: t.text, written: s.raw[t.from:t.to]}
	if i > 0 {
		w.before = s.toks[i-1].text
	}
	if i+1 < len(s.toks) {
		w.after = s.toks[i+1].text
	}
	return w
}

// strength is how much a word says about a time: 0 nothing, 1 something beside
// others, 2 by itself.
func strength(s sentence, i int) int {
	w := s.spot(i)
	switch {
	case w.namesDay(), w.namesMonth(), w.figures(), w.clockHour(), w.counts(), w.repeats():
		return 2
	case isNumber(w.text), isUnit(w.text), among(w.text, "at", "on", "in", "the", "of", "and", "next", "this", "coming", "half", "quarter", "past", "to", "a", "an", "other", "each", "from", "after", "for", "until", "till", "around", "about"):
		return 1
	}
	return 0
}

// namesDay is for "tuesday", "tonight", "noon" and "daily".
func (w spot) namesDay() bool {
	return isWeekday(w.text) || among(w.text, "today", "tomorrow", "tonight", "noon", "midday", "midnight", "everyday", "daily", "weekdays", "hourly")
}

// namesMonth is for months; of those that are words of their own, or short for one,
// only beside a number or behind "in".
func (w spot) namesMonth() bool {
	dated := isNumber(w.before) || isNumber(w.after) || among(w.before, "of", "in")
	return isMonth(w.text) && (dated || !among(w.text, "may", "march", "mar", "dec"))
}

// figures is for 1:30, 1pm, 1 pm, 8th and 2026-12-08.
func (w spot) figures() bool {
	if w.text == "" || w.text[0] < '0' || w.text[0] > '9' {
		return false
	}
	clock := strings.Contains(w.written, ":") || isClockEnd(w.after) || isClockEnd(strings.TrimLeft(w.text, "0123456789."))
	return clock || isOrdinal(w.text) || strings.Count(w.written, "-") == 2
}

// clockHour is for the pm of "one pm", and the one of "at one".
func (w spot) clockHour() bool {
	if isClockEnd(w.text) {
		return isNumber(w.before)
	}
	return isNumber(w.text) && among(w.before, "at", "by") && !among(w.after, "home", "the")
}

// counts is for "two days", "an hour" and "next week".
func (w spot) counts() bool {
	if isUnit(w.text) && (isNumber(w.before) || among(w.before, "an", "every", "other", "half", "next", "few", "couple")) {
		return true
	}
	return isNumber(w.text) && isUnit(w.after)
}

// repeats is for the every of "every other day".
func (w spot) repeats() bool {
	return w.text == "every" && (isUnit(w.after) || isWeekday(w.after) || isNumber(w.after) || w.after == "other")
}

// among says whether a word is one of some.
func among(word string, words ...string) bool { return slices.Contains(words, word) }

func isWeekday(t string) bool {
	return among(strings.TrimSuffix(t, "s"), "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "wedne", "thu", "thur", "fri", "sat", "sun", "weekday", "tuesdy", "thrusday", "wensday", "wednsday", "thurday")
}

func isMonth(t string) bool {
	return among(t, "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec")
}

func isNumber(t string) bool {
	return isFigures(t) || isOrdinal(t) || among(t, "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirty", "fifteen", "twenty", "fortyfive")
}

func isFigures(t string) bool { return t != "" && strings.Trim(t, "0123456789.") == "" }

func isOrdinal(t string) bool {
	n := strings.TrimLeft(t, "0123456789")
	return n != t && among(n, "st", "nd", "rd", "th")
}

func isClockEnd(t string) bool { return among(t, "am", "pm", "oclock", "a.m", "p.m") }

func isUnit(t string) bool {
	return among(t, "minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "h", "day", "days", "week", "weeks", "morning", "mornings", "evening", "evenings", "night", "nights", "afternoon", "afternoons")
}

// slots finds times and places.
func (e *Ear) slots(s sentence) slots {
	n := len(s.toks)
	found := slots{timed: make([]bool, n), placed: make([]bool, n), command: make([]bool, n)}
	var runs []string
	for i := 0; i < n; {
		if strength(s, i) == 0 {
			i++
			continue
		}
		from := i
		for i < n && strength(s, i) > 0 {
			i++
		}
		a, b := trimmed(s, from, i)
		if a >= b {
			continue
		}
		for k := a; k < b; k++ {
			found.timed[k] = true
		}
		runs = append(runs, strings.Trim(s.text(a, b), " ,.!?;:"))
	}
	found.when = strings.Join(runs[:min(len(runs), 3)], " ")
	if len(found.when) > 100 {
		found.when = ""
	}
	found.place(s)
	return found
}

// trimmed takes little words off both ends of a run; what has nothing strong in it
// is empty.
func trimmed(s sentence, from, to int) (int, int) {
	first, last := -1, -1
	for i := from; i < to; i++ {
		if strength(s, i) == 2 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return 0, 0
	}
	return headOf(s, from, first), tailOf(s, last+1, to)
}

// headOf is where a time begins whose first strong word is given: behind little
// words, and behind the number of "two kids on friday".
func headOf(s sentence, from, strong int) int {
	for from < strong && !isNumber(s.toks[from].text) && !among(s.toks[from].text, "next", "this", "in", "half", "quarter", "every", "at") {
		from++
	}
	for ; from < strong; from++ {
		t, next := s.toks[from].text, s.toks[from+1].text
		timely := isUnit(next) || isMonth(next) || isClockEnd(next) || among(next, "past", "to")
		if !isNumber(t) || strings.Trim(t, "0123456789") == "" || timely {
			break
		}
	}
	return from
}

// tailOf is where a time ends, at the earliest behind its last strong word: before
// little words, and before "the week".
func tailOf(s sentence, least, to int) int {
	for ; to > least; to-- {
		t := s.toks[to-1].text
		if isNumber(t) || isUnit(t) && !(t == "week" && s.toks[to-2].text == "the") {
			break
		}
	}
	return to
}

// place finds where something is: behind from, near, at or to, up to where the time
// or something else begins.
func (f *slots) place(s sentence) {
	for i := 0; i+1 < len(s.toks); i++ {
		word := s.toks[i].text
		if !among(word, "from", "near", "at", "to", "by", "in") || s.toks[i].stop || f.timed[i] || f.timed[i+1] {
			continue
		}
		from, to := i+1, f.placeEnds(s, i+1)
		if to == from {
			continue
		}
		if word == "near" {
			from = i
		}
		if !f.takePlace(word, s.toks[i+1].text, s.text(from, to)) {
			continue
		}
		for k := i; k < to; k++ {
			f.placed[k] = true
		}
		i = to - 1
	}
}

// placeEnds is the token behind a place that begins at one.
func (f *slots) placeEnds(s sentence, from int) int {
	to := from
	for to < len(s.toks) && to < from+6 && !f.timed[to] && !among(s.toks[to].text, "to", "please", "because", "for", "but", "so", "if", "thanks", "from", "i", "we", "who", "around", "until", "with", "can", "is", "are", "on", "in") {
		to++
		if s.toks[to-1].stop {
			break
		}
	}
	if to < len(s.toks) && among(s.toks[to-1].text, "and", "at", "on", "the", "by") {
		to--
	}
	return max(from, to)
}

// takePlace keeps the words of a place, the first of which is given, behind the word
// that leads to it. It is false for what is no place.
func (f *slots) takePlace(word, first, words string) bool {
	switch {
	case noPlace(words) || word != "near" && noPlaceBegins(first):
		return false
	case word == "to":
		if f.from == "" && first != "the" && !upper(words) {
			return false
		}
		f.to = cmp.Or(f.to, words)
	case !upper(words) && (word == "by" || word == "in" || word == "at" && first != "the"):
		return false
	default:
		f.from = cmp.Or(f.from, words)
	}
	return true
}

// noPlace says whether words are not to be passed on as a place: an address is
// nobody's business, and what the appointment is neither.
func noPlace(words string) bool {
	return words == "" || words[0] >= '0' && words[0] <= '9' || NamesIt(words)
}

// noPlaceBegins says whether a place that begins so says nothing to anybody else:
// "my house".
func noPlaceBegins(first string) bool {
	return among(first, "me", "my", "you", "her", "him", "them", "home", "school", "work", "least", "all", "that", "this", "it", "somebody", "anybody", "a", "an", "now", "there", "here", "their", "his", "our", "us", "treatment", "session", "therapy", "infusion", "appointment")
}

func upper(words string) bool { return words[0] >= 'A' && words[0] <= 'Z' }

// rest is what somebody is to be reminded of: what is left beside the order and the
// time.
func (p said) rest() string {
	order := slices.Index(p.command, true)
	var parts []string
	from := 0 // of the part that is being read
	for i := 0; i <= len(p.toks); i++ {
		if i < len(p.toks) && !p.command[i] && !p.timed[i] && (order < 0 || i > order) {
			continue
		}
		if from < i {
			parts = append(parts, p.text(from, i))
		}
		from = i + 1
	}
	return bare(strings.Join(parts, " "))
}

// bare takes the words off both ends of a text that only tie it to the order or the
// time.
func bare(text string) string {
	for before := text + " "; text != before; {
		before = text
		for _, little := range []string{"to ", "about ", "that ", "of ", "i have to ", "i need to ", "i should ", "please ", "on ", "at ", "for ", "in ", "every ", ", ", ": ", "- ", "and "} {
			if len(text) >= len(little) && strings.EqualFold(text[:len(little)], little) {
				text = text[len(little):]
			}
		}
		for _, little := range []string{" on", " at", " in", " please", ",", " for", " by", " to", " every", " the", ".", "!", "?", " thanks"} {
			text = strings.TrimSuffix(strings.TrimRight(text, " "), little)
		}
	}
	if among(strings.ToLower(text), "to", "about", "on", "at", "for", "in", "please", "of", "that", "every", "it", "the", "me") {
		return ""
	}
	return text
}
