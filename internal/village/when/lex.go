package when

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	tokenWord   tokenKind = iota // letters, lower case
	tokenNumber                  // digits, or a number word
	tokenMark                    // one sign
	tokenAside                   // what stands in round brackets
)

// token is one word, number or sign, and where it stood in the source.
type token struct {
	kind     tokenKind
	text     string
	n        int  // the number
	width    int  // how many digits were written, 0 for a number word
	ordinal  bool // 8th, eighth
	glued    bool // no space before it
	from, to int
}

func (t token) is(text string) bool { return t.kind != tokenNumber && t.text == text }

// figures says whether the token is a number of exactly n written digits.
func (t token) figures(n int) bool {
	return t.kind == tokenNumber && t.width == n && !t.ordinal
}

// lex cuts the words into tokens. It never fails: what it does not know becomes a sign or a word that the parser refuses.
func lex(src string) []token {
	src = strings.TrimRight(src, " \t\r\n.!?")
	var toks []token
	glued := false
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRuneInString(src[i:])
		freshLine := r == '\n' && len(toks) > 0 && !toks[len(toks)-1].is(",") && !toks[len(toks)-1].is(";")
		if !freshLine && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)) {
			i, glued = i+size, false
			continue
		}
		t := lexOne(src, r, token{kind: tokenMark, from: i, to: i + size, glued: glued && len(toks) > 0})
		toks = append(toks, t)
		i, glued = t.to, true
		if t.kind == tokenWord && strings.HasPrefix(src[i:], ".") {
			i++ // the point of an abbreviation
		}
	}
	return joinNumberWords(toks)
}

// lexOne reads the token that begins with r.
func lexOne(src string, r rune, t token) token {
	switch {
	case r == '\n':
		t.text = ";" // each line stands for itself
	case r >= '0' && r <= '9':
		return lexNumber(src, t)
	case unicode.IsLetter(r):
		return lexWord(src, t)
	case r == '(':
		return lexAside(src, t)
	case strings.ContainsRune("–—−‐‑", r):
		t.text = "-"
	default:
		t.text = string(r)
	}
	return t
}

func lexNumber(src string, t token) token {
	for t.to < len(src) && src[t.to] >= '0' && src[t.to] <= '9' {
		t.to++
	}
	t.kind, t.text, t.width = tokenNumber, src[t.from:t.to], t.to-t.from
	if t.width > 9 {
		t.kind = tokenWord // no number that long means anything here
		return t
	}
	for _, d := range t.text {
		t.n = t.n*10 + int(d-'0')
	}
	if rest := src[t.to:]; len(rest) >= 2 && strings.EqualFold(rest[:2], ordinalEnding(t.n)) {
		if r, _ := utf8.DecodeRuneInString(rest[2:]); !unicode.IsLetter(r) {
			t.ordinal, t.to = true, t.to+2
		}
	}
	return t
}

func ordinalEnding(n int) string {
	switch {
	case n/10%10 == 1:
		return "th"
	case n%10 == 1:
		return "st"
	case n%10 == 2:
		return "nd"
	case n%10 == 3:
		return "rd"
	}
	return "th"
}

func lexWord(src string, t token) token {
	t.to = t.from
	for t.to < len(src) {
		r, size := utf8.DecodeRuneInString(src[t.to:])
		if r == '\'' || r == '’' {
			after, _ := utf8.DecodeRuneInString(src[t.to+size:])
			if !unicode.IsLetter(after) {
				break
			}
		} else if !unicode.IsLetter(r) {
			break
		}
		t.to += size
	}
	t.kind = tokenWord
	t.text = strings.ReplaceAll(strings.ToLower(src[t.from:t.to]), "’", "'")
	if rest := strings.ToLower(src[t.to:min(t.to+3, len(src))]); (t.text == "a" || t.text == "p") && strings.HasPrefix(rest, ".m") {
		if r, _ := utf8.DecodeRuneInString(src[t.to+2:]); !unicode.IsLetter(r) {
			t.text, t.to = t.text+"m", t.to+2
		}
	}
	if n, ordinal, ok := numberWord(t.text); ok {
		t.kind, t.n, t.ordinal = tokenNumber, n, ordinal
	}
	return t
}

func lexAside(src string, t token) token {
	t.text = "("
	closing := strings.IndexByte(src[t.from:], ')')
	if closing < 0 {
		return t
	}
	t.kind, t.to = tokenAside, t.from+closing+1
	t.text = "(" + strings.ToLower(strings.Join(strings.Fields(src[t.from+1:t.to-1]), " ")) + ")"
	return t
}

// joinNumberWords makes one number of "twenty one", "forty-five" and "thirty-first".
func joinNumberWords(toks []token) []token {
	var out []token
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		next := i + 1
		if next < len(toks) && toks[next].is("-") && toks[next].glued {
			next++
		}
		tens := t.kind == tokenNumber && t.width == 0 && !t.ordinal && t.n >= 20 && t.n%10 == 0
		if tens && next < len(toks) {
			if u := toks[next]; u.kind == tokenNumber && u.width == 0 && u.n < 10 {
				t.n, t.ordinal, t.to, i = t.n+u.n, u.ordinal, u.to, next
			}
		}
		out = append(out, t)
	}
	return out
}
