package content

import "strings"

// Grade is the Flesch-Kincaid school grade of a Markdown text: 0.39 words a sentence and 11.8 syllables a word, less 15.59.
// A paragraph, a bullet and a colon end a sentence too, as they do for a reader. A text without words has grade 0.
func Grade(markdown string) float64 {
	words, sentences, syllables := 0, 0, 0
	for _, s := range readable(markdown) {
		n := 0
		for _, w := range strings.Fields(s) {
			if k := Syllables(w); k > 0 {
				n++
				syllables += k
			}
		}
		words += n
		if n > 0 {
			sentences++
		}
	}
	if words == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

// Words counts the words a reader sees in a Markdown text; the address behind a link is none.
func Words(markdown string) int {
	n := 0
	for _, s := range readable(markdown) {
		n += len(strings.Fields(s))
	}
	return n
}

// readable gives the sentences of a Markdown text without its marks.
func readable(markdown string) []string {
	text := unmarked(markdown)
	var sentences []string
	add := func(s string) {
		if s = strings.Trim(s, " .\n\"')("); s != "" {
			sentences = append(sentences, s)
		}
	}
	start := 0
	for i := range len(text) {
		if endsAt(text, i) {
			add(text[start:i])
			start = i + 1
		}
	}
	add(text[start:])
	return sentences
}

// unmarked takes the marks out of a Markdown text, with a full stop where a paragraph or a bullet ends.
func unmarked(markdown string) string {
	var b strings.Builder
	for i := 0; i < len(markdown); i++ {
		after := byte(0)
		if i+1 < len(markdown) {
			after = markdown[i+1]
		}
		switch c := markdown[i]; {
		case strings.IndexByte("*_[`", c) >= 0:
		case c == ']' && after == '(':
			i += max(0, strings.IndexByte(markdown[i:], ')'))
		case c == '\n' && (after == '\n' || after == '-'):
			b.WriteString(" . ")
		case c == '-' && (i == 0 || markdown[i-1] == '\n'): // a bullet
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// endsAt says whether a sentence ends with the character at i.
func endsAt(text string, i int) bool {
	return strings.IndexByte(".!?:;", text[i]) >= 0 && (i+1 == len(text) || strings.IndexByte(" \n\"')", text[i+1]) >= 0)
}

// Syllables counts the syllables of an English word as it is likely spoken: groups of vowels, without a silent e. A number counts
// as one, what has no letter or digit as none.
func Syllables(word string) int {
	n := 0
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("-/–—", r) }) {
		n += spoken(part)
	}
	return n
}

// spoken counts the syllables of a word without hyphens.
func spoken(word string) int {
	w := strings.TrimFunc(word, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
	w = strings.NewReplacer("'", "", "’", "").Replace(strings.ToLower(w))
	switch w {
	case "":
		return 0
	case "people":
		return 2
	case "idea", "ideas":
		return 3
	}
	return max(1, groups(w)+apart(w)-silent(w))
}

// groups counts the groups of vowels; a y at the beginning is none.
func groups(w string) int {
	n, before := 0, false
	for i := range len(w) {
		now := vowel(w[i]) || w[i] == 'y' && i > 0
		if now && !before {
			n++
		}
		before = now
	}
	return n
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// apart counts vowels that stand side by side and are spoken one after the other.
func apart(w string) int {
	n := 0
	for _, two := range []string{"ia", "io", "eo", "ua", "iu"} { // not in -tion, -cious, -gion, qua
		if i := strings.Index(w, two); i > 0 && strings.IndexByte("tcsgxq", w[i-1]) < 0 {
			n++
		}
	}
	for _, end := range []string{"iet", "ient", "eing", "ying", "oing", "uing"} { // qui-et, cli-ent, be-ing, try-ing
		if before, ok := strings.CutSuffix(w, end); ok && before != "" && strings.IndexByte("tcs", before[len(before)-1]) < 0 {
			n++
		}
	}
	return n
}

// silent counts an e at the end that is not spoken: not in ta-ble, want-ed, hous-es.
func silent(w string) int {
	for _, end := range []struct{ letters, spokenAfter string }{{"ed", "td"}, {"es", "sxzcgh"}, {"e", ""}} {
		before, ok := strings.CutSuffix(w, end.letters)
		if !ok || len(before) < 2 {
			continue
		}
		last := before[len(before)-1]
		table := end.letters == "e" && last == 'l' && !vowelOrY(before[len(before)-2])
		if table || vowelOrY(last) || strings.IndexByte(end.spokenAfter, last) >= 0 {
			return 0
		}
		return 1
	}
	return 0
}

func vowelOrY(c byte) bool { return vowel(c) || c == 'y' }
