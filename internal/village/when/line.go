package when

import "slices"

// line is what was written, cut into tokens. Everything that reads a day, a clock or a length reads it here.
type line struct {
	src  string
	toks []token
}

func lineOf(src string) line { return line{src, lex(src)} }

// tok gives the token at i; beyond both ends, one that is nothing.
func (l line) tok(i int) token {
	if i < 0 || i >= len(l.toks) {
		return token{kind: tokenMark}
	}
	return l.toks[i]
}

// word says whether one of the texts, none of them a number, stands at i.
func (l line) word(i int, texts ...string) bool {
	t := l.tok(i)
	return t.kind != tokenNumber && t.kind != tokenAside && slices.Contains(texts, t.text)
}

func (l line) number(i int) bool { return l.tok(i).kind == tokenNumber }

// glued says whether the sign stands at i without a space before it.
func (l line) glued(i int, sign string) bool { return l.tok(i).glued && l.tok(i).is(sign) }

// text gives the person's words between two tokens.
func (l line) text(from, to int) string {
	if from >= to || from >= len(l.toks) {
		return ""
	}
	return l.src[l.toks[from].from:l.toks[min(to, len(l.toks))-1].to]
}
