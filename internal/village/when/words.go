package when

import (
	"slices"
	"strings"
	"time"
)

func monthWord(w string) (time.Month, bool) {
	if w == "sept" {
		return time.September, true
	}
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); w == name || w == name[:3] {
			return m, true
		}
	}
	return 0, false
}

// numberWord knows the numbers to ninety as words; joinNumberWords adds their sums.
func numberWord(w string) (n int, ordinal, ok bool) {
	cardinals := [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
	ordinals := [...]string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
		"thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"}
	tens := [...]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	switch {
	case w == "":
		return 0, false, false
	case w == "thirtieth":
		return 30, true, true
	case slices.Contains(cardinals[:], w):
		return slices.Index(cardinals[:], w), false, true
	case slices.Contains(ordinals[:], w):
		return slices.Index(ordinals[:], w), true, true
	case slices.Contains(tens[:], w):
		return 10 * slices.Index(tens[:], w), false, true
	}
	return 0, false, false
}

// unit is what a length is counted in.
type unit int

const (
	noUnit unit = iota
	minutes
	hours
	days
	weeks
)

func unitWord(w string) unit {
	switch w {
	case "m", "min", "mins", "minute", "minutes":
		return minutes
	case "h", "hr", "hrs", "hour", "hours":
		return hours
	case "d", "day", "days":
		return days
	case "w", "wk", "wks", "week", "weeks":
		return weeks
	}
	return noUnit
}

// part is a part of the day.
type part int

const (
	noPart part = iota
	morning
	afternoon
	evening
	night
)

func partWord(w string) part {
	switch w {
	case "morning":
		return morning
	case "afternoon":
		return afternoon
	case "evening":
		return evening
	case "night":
		return night
	}
	return noPart
}

func (p part) String() string {
	return [...]string{"", "morning", "afternoon", "evening", "night"}[p]
}

// inWords is " in the morning" and the like, or "".
func (p part) inWords() string {
	switch p {
	case noPart:
		return ""
	case night:
		return " at night"
	}
	return " in the " + p.String()
}

// known says whether the grammar has a place for the word somewhere.
func known(w string) bool {
	if _, ok := weekdayWord(w); ok {
		return true
	}
	if _, ok := monthWord(w); ok {
		return true
	}
	if unitWord(w) != noUnit || partWord(w) != noPart {
		return true
	}
	switch w {
	case "at", "by", "on", "the", "of", "in", "and", "coming", "this", "next", "last", "from", "after", "before", "to", "till", "past", "ago",
		"a", "an", "half", "quarter", "quarters", "fortnight", "fortnights",
		"today", "tomorrow", "tmrw", "tmr", "yesterday", "tonight", "now",
		"noon", "midday", "midnight", "start", "end", "am", "pm", "p", "o'clock", "oclock",
		"t", "z", "utc", "gmt",
		"christmas", "xmas", "eve", "new", "year's":
		return true
	}
	return false
}

// typable are the words a slip of the finger is compared with.
func typable() []string {
	words := []string{"today", "tomorrow", "tonight", "noon", "midday", "midnight", "morning", "afternoon", "evening", "night",
		"next", "this", "half", "quarter", "past", "week", "weeks", "hour", "hours", "minutes", "days", "fortnight", "after", "from",
		"tues", "weds", "thurs", "sept", "o'clock"}
	for d := time.Sunday; d <= time.Saturday; d++ {
		words = append(words, strings.ToLower(d.String()), strings.ToLower(d.String()[:3]))
	}
	for m := time.January; m <= time.December; m++ {
		words = append(words, strings.ToLower(m.String()), strings.ToLower(m.String()[:3]))
	}
	return words
}

// nearest gives up to four words that are a slip or two away from w, the nearest only.
func nearest(w string, among []string) []string {
	if len(w) < 3 || len(w) > 20 {
		return nil
	}
	best := 1
	if len(w) >= 5 {
		best = 2
	}
	var found []string
	for _, k := range among {
		switch d := slips(w, k); {
		case len(k) < 3 || d > best:
		case d < best:
			best, found = d, []string{k}
		case !slices.Contains(found, k):
			found = append(found, k)
		}
	}
	return found[:min(len(found), mostChoices)]
}

// slips counts the letters that were left out, added, changed or swapped with their neighbour between a and b.
func slips(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := last[j-1]
			if x[i-1] != y[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// vague gives the reply to a word that is understood but can never name one time, or "".
func vague(w string) string {
	if strings.HasSuffix(w, "ish") {
		w = "around"
	}
	if _, ok := pluralDay(w); ok {
		w = "every"
	}
	switch w {
	case "around", "about", "approximately", "approx", "roughly", "circa", "nearly", "almost", "maybe", "perhaps", "probably":
		return "People plan around this, so I need one exact time. You can add “give or take” in the notes."
	case "or", "either":
		return "That leaves it open. Please choose one, or join several with “and”."
	case "for", "between", "until", "til", "through", "thru", "since", "within", "to", "-", "from", "before", "after", "till":
		return "I need one starting time. If it has a length, that is asked on its own."
	case "early", "late", "later", "soon", "sometime", "anytime", "asap", "lunchtime", "lunch", "dinner", "breakfast", "bedtime", "dawn", "dusk", "sunrise", "sunset":
		return "That is a different time for everyone. Please give the hour."
	case "every", "each", "daily", "weekly", "weekdays", "weekends":
		return "That repeats, and I need single days here. You can list them, joined with commas."
	case "weekend":
		return "Saturday or Sunday? Please name the day."
	case "month", "months", "year", "years":
		return "Months are not all the same length. Please give the date."
	case "second", "seconds", "sec", "secs":
		return "I count in whole minutes."
	case "not", "except", "but", "without":
		return "Please write only the times you do mean."
	case "couple", "few", "several", "some":
		return "That could be two or more. Please give the number."
	}
	return ""
}

// foreign says whether the word is the short name of a time zone somewhere.
func foreign(w string) bool {
	switch w {
	case "est", "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "mt", "pst", "pdt", "pt", "akst", "akdt", "hst", "ast", "adt", "nst", "ndt",
		"gmt", "bst", "wet", "west", "cet", "cest", "eet", "eest", "msk", "ist", "pkt", "jst", "kst", "hkt", "sgt", "aest", "aedt", "acst", "acdt",
		"awst", "nzst", "nzdt", "sast", "wat", "cat", "eat", "idt", "chst", "sst", "wib":
		return true
	}
	return false
}
