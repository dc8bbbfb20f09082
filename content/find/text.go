package find

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// No question needs more than this, and nobody must be able to make the bot slow with a long one: of a longer text the
// beginning and the end are read, because danger is often said last.
const (
	headBytes = 6 << 10
	tailBytes = 2 << 10
)

// bound cuts a text to what is read of it, at whole characters.
func bound(s string) string {
	if len(s) <= headBytes+tailBytes {
		return s
	}
	return clean(s[:headBytes]) + " . " + clean(s[len(s)-tailBytes:])
}

func clean(s string) string { return strings.ToValidUTF8(s, " ") }

// stop separates sentences in a list of tokens, so that a rule does not reach from one into the next.
const stop = "|"

// Tokens cuts a text into lower-case words of plain letters and digits, with stops between sentences. It undoes what people
// do to letters: capitals, accents, full-width and "fancy" alphabets, look-alikes from other scripts, invisible characters,
// apostrophes (don't becomes dont), letters drawn out (sooooo) and words spelled with spaces or dots (k m s, d.i.e).
func Tokens(text string) []string {
	text = bound(text)
	toks := make([]string, 0, min(24, len(text)/4+2))
	word := make([]byte, 0, 32)
	at := 0 // where the word ends in the text
	flush := func() {
		if len(word) == 0 {
			return
		}
		short := undraw(word)
		w := ""
		if from := at - len(short); from >= 0 && text[from:at] == string(short) {
			w = text[from:at] // as it was typed: no need of a copy
		} else {
			w = string(short)
		}
		if n := digitsBefore(w); n > 0 && unit(w[n:]) {
			toks = append(toks, w[:n])
			w = w[n:]
		}
		toks = append(toks, w)
		word = word[:0]
	}
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
			r = plain(r)
		}
		at = i
		next := byte(' ')
		if i+n < len(text) {
			next = text[i+n]
		}
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			word = append(word, byte(r))
		case 'A' <= r && r <= 'Z':
			word = append(word, byte(r)+'a'-'A')
		case r == -1: // nothing
		case r == '\'' || r == '’' || r == '`' || r == '´':
			if string(word) == "od" && next|0x20 == 'd' { // od'd, which without its apostrophe would be odd
				word = append(word, 'e')
			}
		case (r == '@' || r == '$' || r == '*' || r == '!' || r == '+') && inWord(next) && (len(word) > 0 || r == '@' || r == '$'):
			word = append(word, byte(r)) // leet: k!ll, su*cide, p@in
		case r == '.' && len(word) > 0 && '0' <= word[len(word)-1] && word[len(word)-1] <= '9' && '0' <= next && next <= '9':
			word = append(word, '.')
		case r == '.' && len(word) == 1 && letter(next) && (i+n+1 >= len(text) || !inWord(text[i+n+1])):
			flush() // k.m.s
		case r == '.' || r == '!' || r == '?' || r == ';' || r == '\n' || r == '…' || r == '。':
			flush()
			if len(toks) > 0 && toks[len(toks)-1] != stop {
				toks = append(toks, stop)
			}
		case unicode.IsLetter(r):
			flush() // another script: each letter is a word nobody knows
		default:
			flush()
		}
		i += n
	}
	at = len(text)
	flush()
	for len(toks) > 0 && toks[len(toks)-1] == stop {
		toks = toks[:len(toks)-1]
	}
	return joinSpelled(toks)
}

// digitsBefore counts the digits a word begins with, and unit says whether the rest is a unit: 300mg is 300 mg.
func digitsBefore(w string) int {
	n := 0
	for n < len(w) && ('0' <= w[n] && w[n] <= '9' || w[n] == '.') {
		n++
	}
	return n
}

func unit(w string) bool {
	switch w {
	case "mg", "mgs", "mcg", "ug", "ml", "mls", "g", "kg", "kgs", "lb", "lbs", "am", "pm", "h", "hr", "hrs", "min", "mins", "d", "days", "yo", "yr", "yrs", "x", "k":
		return true
	}
	return false
}

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func inWord(b byte) bool { return letter(b) || '0' <= b && b <= '9' }

// undraw shortens letters drawn out three times or more: sooooo becomes soo, and a later look-up tries one.
func undraw(word []byte) []byte {
	out := word[:0:len(word)]
	for i, c := range word {
		if i >= 2 && c == word[i-1] && c == word[i-2] && letter(c) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// joinSpelled puts three or more single letters in a row together: s u i c i d e.
func joinSpelled(toks []string) []string {
	run := 0
	for i := 0; i <= len(toks); i++ {
		if i < len(toks) && len(toks[i]) == 1 && letter(toks[i][0]) {
			run++
			continue
		}
		if run >= 3 {
			joined := strings.Join(toks[i-run:i], "")
			toks = append(append(toks[:i-run:i-run], joined), toks[i:]...)
			i = i - run
		}
		run = 0
	}
	return toks
}

// plain gives the plain letter that a character stands for, the character itself when there is none, and -1 for characters
// that are not to be seen.
func plain(r rune) rune {
	switch {
	case r == 0x200b || r == 0x200c || r == 0x200d || r == 0x2060 || r == 0xfeff || r == 0xad || unicode.Is(unicode.Mn, r):
		return -1
	case 0xff01 <= r && r <= 0xff5e: // full width
		return lower(r - 0xff01 + '!')
	case 0x1d400 <= r && r <= 0x1d6a3: // mathematical alphabets, 52 letters each
		return lower(foldMath((r - 0x1d400) % 52))
	case 0x24b6 <= r && r <= 0x24cf:
		return r - 0x24b6 + 'a'
	case 0x24d0 <= r && r <= 0x24e9:
		return r - 0x24d0 + 'a'
	case 0x1f130 <= r && r <= 0x1f149:
		return r - 0x1f130 + 'a'
	case 0x1f170 <= r && r <= 0x1f189:
		return r - 0x1f170 + 'a'
	}
	if i := strings.IndexRune(accented, r); i >= 0 {
		return rune(unaccented[utf8.RuneCountInString(accented[:i])])
	}
	return unicode.ToLower(r)
}

func foldMath(n rune) rune {
	if n < 26 {
		return 'a' + n
	}
	return 'a' + n - 26
}

func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// Accented letters and look-alikes from Cyrillic and Greek, each above the letter it is read as.
const (
	accented   = "àáâãäåāăąçćčďèéêëēęěìíîïīıłñńňòóôõöøōőřśšşťùúûüūůűýÿžźżÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝаеорсхуікѕАЕОРСХУІКНТМВαεικοτυν"
	unaccented = "aaaaaaaaacccdeeeeeeeiiiiiilnnnoooooooorssstuuuuuuuyyzzzaaaaaaceeeeiiiinoooooouuuuyaeopcxyiksaeopcxyikhtmbaeikotuv"
)

// unleet reads digits and signs inside a word as letters: su1cide, k1ll, d!e, $hot. Words without letters, and times and
// amounts (5am, 2nd, 40mg), stay as they are.
func unleet(w string) string {
	if strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) < 0 {
		return w
	}
	letters := 0
	for i := 0; i < len(w); i++ {
		if letter(w[i]) {
			letters++
		}
	}
	if letters == 0 || '0' <= w[0] && w[0] <= '9' && letters < 3 {
		return w
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			return 'o'
		case '1', '!':
			return 'i'
		case '3':
			return 'e'
		case '4', '@':
			return 'a'
		case '5', '$':
			return 's'
		case '7', '+':
			return 't'
		}
		return r
	}, w)
}
