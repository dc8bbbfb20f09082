package understand

import (
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

// strength is how much a word says about a time: 0 nothing, 1 something beside
// others, 2 by itself.
func strength(s sentence, i int) int {
	t := s.toks[i].text
	before, after := "", ""
	if i > 0 {
		before = s.toks[i-1].text
	}
	if i+1 < len(s.toks) {
		after = s.toks[i+1].text
	}
	digit := t != "" && t[0] >= '0' && t[0] <= '9'
	switch {
	case isWeekday(t), slices.Contains([]string{"today", "tomorrow", "tonight", "noon", "midday", "midnight", "everyday", "daily", "weekdays", "hourly"}, t):
		return 2
	case isMonth(t) && (isNumber(before) || isNumber(after) || before == "of" || before == "in" || t != "may" && t != "march" && t != "mar" && t != "sun" && t != "dec"):
		return 2
	case digit && (strings.Contains(s.raw[s.toks[i].from:s.toks[i].to], ":") || strings.Count(s.raw[s.toks[i].from:s.toks[i].to], "-") == 2 || isClockEnd(after) || isClockEnd(strings.TrimLeft(t, "0123456789.")) || isOrdinal(t)):
		return 2
	case isClockEnd(t) && isNumber(before):
		return 2
	case isNumber(t) && (before == "at" || before == "by") && after != "home" && after != "the":
		return 2
	case isNumber(t) && isUnit(after), isUnit(t) && (isNumber(before) || before == "an" || before == "every" || before == "other" || before == "half" || before == "next" || before == "few" || before == "couple"):
		return 2
	case t == "every" && (isUnit(after) || isWeekday(after) || after == "other" || isNumber(after) || after == "morning" || after == "evening" || after == "night"):
		return 2
	case isNumber(t), isUnit(t):
		return 1
	case slices.Contains([]string{"at", "on", "in", "the", "of", "and", "next", "this", "coming", "morning", "afternoon", "evening", "night", "half", "quarter", "past", "to", "a", "an", "other", "each", "from", "after", "week"}, t):
		return 1
	}
	return 0
}

func isWeekday(t string) bool {
	t = strings.TrimSuffix(t, "s")
	return slices.Contains([]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "weds", "wedne", "thu", "thur", "thurs", "fri", "weekday", "tuesdy", "thrusday", "wensday", "wednsday", "thurday"}, t) || t == "tues" || t == "sat" || t == "sun" || t == "thurs" || t == "weds"
}

func isMonth(t string) bool {
	return slices.Contains([]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}, t)
}

func isNumber(t string) bool {
	return t != "" && strings.Trim(t, "0123456789.") == "" || slices.Contains([]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirty", "fifteen", "twenty", "fortyfive"}, t) || isOrdinal(t)
}

func isOrdinal(t string) bool {
	n := strings.TrimLeft(t, "0123456789")
	return n != t && slices.Contains([]string{"st", "nd", "rd", "th"}, n)
}

func isClockEnd(t string) bool {
	return slices.Contains([]string{"am", "pm", "oclock", "a.m", "p.m"}, t)
}

func isUnit(t string) bool {
	return slices.Contains([]string{"minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "h", "day", "days", "week", "weeks", "morning", "mornings", "evening", "evenings", "night", "nights", "afternoon", "afternoons"}, t)
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
	if len(runs) <= 3 {
		found.when = strings.Join(runs, " ")
	} else {
		found.when = strings.Join(runs[:3], " ")
	}
	if len(found.when) > 100 {
		found.when = ""
	}
	found.place(s)
	return found
}

// trimmed takes little words off both ends of a run; what has nothing strong in it
// is empty.
func trimmed(s sentence, from, to int) (int, int) {
	strong := -1
	last := -1
	for i := from; i < to; i++ {
		if strength(s, i) == 2 {
			if strong < 0 {
				strong = i
			}
			last = i
		}
	}
	if strong < 0 {
		return 0, 0
	}
	for from < strong && !slices.Contains([]string{"next", "this", "in", "half", "quarter", "every", "at"}, s.toks[from].text) && !isNumber(s.toks[from].text) {
		from++
	}
	for from < strong && isNumber(s.toks[from].text) && strings.Trim(s.toks[from].text, "0123456789") != "" { // two kids on friday
		if next := s.toks[from+1].text; isUnit(next) || isMonth(next) || next == "past" || next == "to" || isClockEnd(next) {
			break
		}
		from++
	}
	for to > last+1 {
		if t := s.toks[to-1].text; isNumber(t) || isUnit(t) && t != "week" || t == "week" && s.toks[to-2].text != "the" {
			break
		}
		to--
	}
	return from, to
}

// place finds where something is: behind from, near, at or to, up to where the time
// or something else begins.
func (f *slots) place(s sentence) {
	for i := 0; i < len(s.toks); i++ {
		word := s.toks[i].text
		if f.timed[i] || s.toks[i].stop || !slices.Contains([]string{"from", "near", "at", "to", "by"}, word) || i+1 >= len(s.toks) || f.timed[i+1] {
			continue
		}
		from, to := i+1, i+1
		if word == "near" {
			from = i
		}
		for to < len(s.toks) && !f.timed[to] && !slices.Contains([]string{"to", "please", "because", "for", "but", "so", "if", "thanks", "from", "i", "we", "who", "around", "until", "with", "can", "is", "are", "on", "in"}, s.toks[to].text) && to-i < 7 {
			to++
			if s.toks[to-1].stop {
				break
			}
		}
		if to < len(s.toks) && slices.Contains([]string{"and", "at", "on", "the", "by"}, s.toks[to-1].text) {
			to--
		}
		if to <= i+1 && word != "near" || to <= i+2 && word == "near" && to <= i+1 {
			continue
		}
		words := s.text(from, to)
		first := s.toks[i+1].text
		switch {
		case words == "" || NamesIt(words) || words[0] >= '0' && words[0] <= '9', slices.Contains([]string{"me", "my", "you", "her", "him", "them", "home", "school", "work", "least", "all", "that", "this", "it", "somebody", "anybody", "a", "an", "now", "there", "here", "their", "his", "our", "us", "treatment", "session", "therapy", "infusion", "appointment"}, first) && word != "near":
			continue // an address is nobody's business, and “my house” says nothing
		case word == "to":
			if f.from != "" || slices.Contains([]string{"the"}, first) || upper(words) {
				if f.to == "" {
					f.to = words
				}
				break
			}
			continue
		case word == "at" && !upper(words) && first != "the", word == "by" && !upper(words):
			continue
		case f.from == "":
			f.from = words
		}
		for k := i; k < to; k++ {
			f.placed[k] = true
		}
		i = to - 1
	}
}

func upper(words string) bool { return words[0] >= 'A' && words[0] <= 'Z' }

// rest is what somebody is to be reminded of: what is left beside the order and the
// time.
func (p said) rest() string {
	first, last := -1, -1
	var parts []string
	flush := func() {
		if first >= 0 {
			parts = append(parts, p.text(first, last+1))
		}
		first = -1
	}
	begun := false
	for i := range p.toks {
		if p.command[i] {
			begun = true
			flush()
			continue
		}
		if p.timed[i] || !begun && p.before(i) {
			flush()
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	flush()
	text := strings.Join(parts, " ")
	for again := true; again; {
		again = false
		for _, little := range []string{"to ", "about ", "that ", "of ", "i have to ", "i need to ", "i should ", "please ", "on ", "at ", "for ", "in ", "every ", ", ", ": ", "- ", "and "} {
			if len(text) >= len(little) && strings.EqualFold(text[:len(little)], little) {
				text, again = text[len(little):], true
			}
		}
		for _, little := range []string{" on", " at", " in", " please", ",", " for", " by", " to", " every", " the", ".", "!", "?", " thanks"} {
			if t := strings.TrimSuffix(strings.TrimRight(text, " "), little); t != text {
				text, again = t, true
			}
		}
		for _, alone := range []string{"to", "about", "on", "at", "for", "in", "please", "of", "that", "every", "it", "the", "me"} {
			if strings.EqualFold(text, alone) {
				text = ""
			}
		}
	}
	return text
}

// before says whether a command is still to come behind a token.
func (p said) before(i int) bool {
	return slices.Contains(p.command[i:], true)
}
