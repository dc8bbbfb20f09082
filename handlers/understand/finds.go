package understand

import (
	"slices"
	"strings"
	"unicode"
)

// Finds says whether words can stand for something, of which is known what it is called,
// when and where it is: each word begins one of those. "Maya's ride on thursday" finds
// "maya ride home thursday 3 december 1pm". No words stand for everything.
func Finds(words string, about ...string) bool {
	known := plainWords(strings.Join(about, " "))
	return !slices.ContainsFunc(plainWords(words), func(w string) bool {
		return !little(w) && !slices.ContainsFunc(known, func(k string) bool { return stands(w, k) })
	})
}

// stands says whether a word stands for another: it begins it, or they are the same
// number, day, month or hour in other letters.
func stands(word, known string) bool {
	if unicode.IsDigit(rune(word[0])) {
		return number(word) == number(known)
	}
	if half := halfOfDay(word); half != "" && unicode.IsDigit(rune(known[0])) {
		return strings.HasSuffix(known, half)
	}
	if isWeekday(word) && isWeekday(known) || len(word) > 2 && len(known) > 2 && isMonth(word) && isMonth(known) {
		return word[:3] == known[:3]
	}
	return strings.HasPrefix(known, word) || len(word) > 3 && strings.TrimSuffix(word, "s") == known || word == "weds" && known == "wednesday"
}

// halfOfDay is am or pm, as the words for it are; empty for any other word.
func halfOfDay(word string) string {
	switch word {
	case "am", "morning":
		return "am"
	case "pm", "afternoon", "evening":
		return "pm"
	}
	return ""
}

// number is a number as it is compared: 8th is 8, 1:00pm is 1pm.
func number(word string) string {
	word = strings.Replace(word, ":00", "", 1)
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if n := strings.TrimSuffix(word, ending); n != word && isFigures(n) {
			return n
		}
	}
	return word
}

// little says whether a word in a name for something says nothing.
func little(word string) bool {
	return among(word, "the", "a", "an", "my", "that", "this", "one", "of", "on", "at", "for", "from", "to", "in", "near", "with", "please", "and", "request", "need", "code", "by", "is", "it", "next", "who", "is")
}

// plainWords are the words of a text in small letters, without marks and without the s
// of "maya's", an hour and its half of the day in one.
func plainWords(text string) []string {
	fields := strings.FieldsFunc(strings.ToLower(strings.Map(straight, text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != ':'
	})
	var out []string
	for _, w := range fields {
		w = strings.Trim(strings.TrimSuffix(strings.Trim(w, "':"), "'s"), "':")
		if isClockEnd(w) && len(out) > 0 && unicode.IsDigit(rune(out[len(out)-1][len(out[len(out)-1])-1])) {
			out[len(out)-1] += w
			continue
		}
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// Named is something that words can be about, with what is known of it.
type Named struct{ Value, Label, About string }

// Spoken are those of some things that a sentence speaks of: of whose words it has the
// most. Where it has none of any, that can be all of them.
func Spoken(sentence string, things []Named) []Named {
	var best []Named
	most, said := 0, plainWords(sentence)
	for _, x := range things {
		about := plainWords(x.About)
		n := 0
		for i, w := range said {
			if dayOfMonth(said, i) {
				if onDay(about, number(w)) {
					n++
				}
				continue
			}
			if !little(w) && len(w) > 1 && slices.ContainsFunc(about, func(k string) bool { return len(k) > 1 && stands(w, k) }) {
				n++
			}
		}
		if n > most {
			best, most = nil, n
		}
		if n == most {
			best = append(best, x)
		}
	}
	return best
}

// dayOfMonth says whether a word is the day of a month: 8th, and the 8 of dec 8 or 8 dec.
func dayOfMonth(said []string, i int) bool {
	if isOrdinal(said[i]) {
		return true
	}
	return isFigures(said[i]) && (i > 0 && isMonth(said[i-1]) || i+1 < len(said) && isMonth(said[i+1]))
}

// onDay says whether what is known of something has it on a day of a month, which stands before the month.
func onDay(about []string, day string) bool {
	for i := 0; i+1 < len(about); i++ {
		if about[i] == day && isMonth(about[i+1]) {
			return true
		}
	}
	return false
}

// Chosen is which of some things to choose from words name, by what is called so or by
// its place: "thursday", "the second one". It is false where they name none, or several.
func Chosen(words string, labels []string) (int, bool) {
	said := slices.DeleteFunc(plainWords(words), func(w string) bool {
		return little(w) || among(w, "it", "i", "mean", "meant", "choose", "take", "option", "number")
	})
	if len(said) == 0 || len(said) > 8 {
		return 0, false
	}
	if len(said) == 1 {
		places := []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"}
		i := slices.Index(places[:min(len(labels), len(places))], said[0])
		if said[0] == "last" {
			i = len(labels) - 1
		}
		if i >= 0 {
			return i, true
		}
	}
	at := -1
	for i, label := range labels {
		known := plainWords(label)
		if slices.ContainsFunc(said, func(w string) bool {
			return len(w) < 2 && !unicode.IsDigit(rune(w[0])) || !slices.ContainsFunc(known, func(k string) bool { return stands(w, k) })
		}) {
			continue
		}
		if at >= 0 {
			return 0, false
		}
		at = i
	}
	return at, at >= 0
}
