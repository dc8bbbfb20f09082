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
	var b strings.Builder
	for i := 0; i < len(markdown); i++ {
		switch c := markdown[i]; {
		case c == '*' || c == '_' || c == '[' || c == '`':
		case c == ']' && i+1 < len(markdown) && markdown[i+1] == '(':
			if end := strings.IndexByte(markdown[i:], ')'); end > 0 {
				i += end
			}
		case c == '\n' && i+1 < len(markdown) && (markdown[i+1] == '\n' || markdown[i+1] == '-'):
			b.WriteString(" . ")
		case c == '-' && (i == 0 || markdown[i-1] == '\n'): // a bullet
		default:
			b.WriteByte(c)
		}
	}
	var sentences []string
	text := b.String()
	start := 0
	for i := range text {
		ends := strings.IndexByte(".!?:;", text[i]) >= 0 && (i+1 == len(text) || strings.IndexByte(" \n\"')", text[i+1]) >= 0)
		if !ends {
			continue
		}
		sentences = append(sentences, text[start:i])
		start = i + 1
	}
	sentences = append(sentences, text[start:])
	kept := sentences[:0]
	for _, s := range sentences {
		s = strings.Trim(s, " .\n\"')(")
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// Syllables counts the syllables of an English word as it is likely spoken: groups of vowels, without a silent e. A number counts
// as one, what has no letter or digit as none.
func Syllables(word string) int {
	w := strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') }))
	if w == "" {
		return 0
	}
	if parts := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '/' || r == '–' || r == '—' }); len(parts) > 1 {
		n := 0
		for _, p := range parts {
			n += Syllables(p)
		}
		return n
	}
	w = strings.NewReplacer("'", "", "’", "").Replace(w)
	n, before := 0, false
	for i := range w {
		vowel := strings.IndexByte("aeiouy", w[i]) >= 0 && (w[i] != 'y' || i > 0)
		if vowel && !before {
			n++
		}
		before = vowel
	}
	for _, two := range []string{"ia", "io", "eo", "ua", "iu"} { // usually said apart, not in -tion, -cious, -gion, qua
		if i := strings.Index(w, two); i > 0 && strings.IndexByte("tcsgxq", w[i-1]) < 0 {
			n++
		}
	}
	for _, two := range []string{"iet", "ient", "eing", "ying", "oing", "uing"} { // qui-et, cli-ent, be-ing, try-ing
		if i := strings.LastIndex(w, two); i > 0 && i+len(two) == len(w) && strings.IndexByte("tcs", w[i-1]) < 0 {
			n++
		}
	}
	switch {
	case w == "people":
		n = 2
	case w == "idea" || w == "ideas":
		n = 3
	case strings.HasSuffix(w, "le") && len(w) > 2 && strings.IndexByte("aeiouy", w[len(w)-3]) < 0: // ta-ble
	case strings.HasSuffix(w, "ed") && len(w) > 3 && strings.IndexByte("td", w[len(w)-3]) < 0 && strings.IndexByte("aeiouy", w[len(w)-3]) < 0:
		n--
	case strings.HasSuffix(w, "es") && len(w) > 3 && strings.IndexByte("sxzcgh", w[len(w)-3]) < 0 && strings.IndexByte("aeiouy", w[len(w)-3]) < 0:
		n--
	case strings.HasSuffix(w, "e") && len(w) > 2 && strings.IndexByte("aeiouy", w[len(w)-2]) < 0:
		n--
	}
	return max(n, 1)
}
