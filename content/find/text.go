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
	c := cutter{text: text, word: make([]byte, 0, 32), toks: make([]string, 0, min(24, len(text)/4+2))}
	for c.at < len(text) {
		c.step()
	}
	c.flush()
	for len(c.toks) > 0 && c.toks[len(c.toks)-1] == stop {
		c.toks = c.toks[:len(c.toks)-1]
	}
	return joinSpelled(c.toks)
}

// cutter reads a text character by character.
type cutter struct {
	text string
	at   int    // what is read next
	word []byte // the word that is being read
	toks []string
}

func (c *cutter) step() {
	r, n := rune(c.text[c.at]), 1
	if r >= utf8.RuneSelf {
		r, n = utf8.DecodeRuneInString(c.text[c.at:])
		r = plain(r)
	}
	c.at += n
	switch {
	case r == unseen:
	case r < utf8.RuneSelf && inWord(byte(r)):
		c.word = append(c.word, byte(lower(r)))
	case isApostrophe(r):
		if string(c.word) == "od" && c.next(0)|0x20 == 'd' { // od'd, which without its apostrophe would be odd
			c.word = append(c.word, 'e')
		}
	case c.isLeet(r), r == '.' && c.inNumber():
		c.word = append(c.word, byte(r))
	default:
		c.separate(r)
	}
}

// separate ends a word, and a sentence where r ends one.
func (c *cutter) separate(r rune) {
	initial := r == '.' && c.afterInitial() // k.m.s
	c.flush()
	if isEnd(r) && !initial && len(c.toks) > 0 && c.toks[len(c.toks)-1] != stop {
		c.toks = append(c.toks, stop)
	}
}

// next is the byte so many places behind what was read last; a blank behind the end.
func (c *cutter) next(places int) byte {
	if c.at+places < len(c.text) {
		return c.text[c.at+places]
	}
	return ' '
}

// flush ends the word that is being read. 300mg is 300 and mg.
func (c *cutter) flush() {
	if len(c.word) == 0 {
		return
	}
	w := string(undraw(c.word))
	if n := digitsBefore(w); n > 0 && unit(w[n:]) {
		c.toks = append(c.toks, w[:n])
		w = w[n:]
	}
	c.toks = append(c.toks, w)
	c.word = c.word[:0]
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '`' || r == '´' }

// isEnd says whether a sentence ends with a character.
func isEnd(r rune) bool {
	switch r {
	case '.', '!', '?', ';', '\n', '…', '。':
		return true
	}
	return false
}

// isLeet says whether a sign stands for a letter: k!ll, su*cide, p@in.
func (c *cutter) isLeet(r rune) bool {
	switch r {
	case '@', '$':
		return inWord(c.next(0))
	case '*', '!', '+':
		return inWord(c.next(0)) && len(c.word) > 0
	}
	return false
}

// inNumber says whether a point stands between digits.
func (c *cutter) inNumber() bool {
	return len(c.word) > 0 && isDigit(c.word[len(c.word)-1]) && isDigit(c.next(0))
}

// afterInitial says whether a full stop stands between single letters.
func (c *cutter) afterInitial() bool {
	return len(c.word) == 1 && letter(c.next(0)) && !inWord(c.next(1))
}

// digitsBefore counts the digits a word begins with.
func digitsBefore(w string) int {
	n := 0
	for n < len(w) && (isDigit(w[n]) || w[n] == '.') {
		n++
	}
	return n
}

// unit says whether a word is a unit of something.
func unit(w string) bool {
	switch w {
	case "mg", "mgs", "mcg", "ug", "ml", "mls", "g", "kg", "kgs", "lb", "lbs", "am", "pm", "h", "hr", "hrs", "min", "mins", "d", "days", "yo", "yr", "yrs", "x", "k":
		return true
	}
	return false
}

func letter(b byte) bool  { return 'a' <= b|0x20 && b|0x20 <= 'z' }
func isDigit(b byte) bool { return '0' <= b && b <= '9' }
func inWord(b byte) bool  { return letter(b) || isDigit(b) }

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

// unseen stands for a character that is not to be seen.
const unseen = -1

// plain gives the plain letter that a character stands for, the character itself when there is none, and unseen for characters
// that are not to be seen.
func plain(r rune) rune {
	if invisible(r) {
		return unseen
	}
	if 0x1d400 <= r && r <= 0x1d6a3 { // mathematical alphabets, 52 letters each
		return lower(foldMath((r - 0x1d400) % 52))
	}
	for _, a := range [...]struct{ first, last, as rune }{
		{0xff01, 0xff5e, '!'},                        // full width
		{0x24b6, 0x24cf, 'a'}, {0x24d0, 0x24e9, 'a'}, // in circles
		{0x1f130, 0x1f149, 'a'}, {0x1f170, 0x1f189, 'a'}, // in squares
	} {
		if a.first <= r && r <= a.last {
			return lower(r - a.first + a.as)
		}
	}
	if i := strings.IndexRune(accented, r); i >= 0 {
		return rune(unaccented[utf8.RuneCountInString(accented[:i])])
	}
	return unicode.ToLower(r)
}

// invisible says whether a character has no width of its own.
func invisible(r rune) bool {
	switch r {
	case 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad:
		return true
	}
	return unicode.Is(unicode.Mn, r)
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
