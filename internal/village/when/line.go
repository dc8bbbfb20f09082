package when

import "slices"

// line is what was written, cut into tokens. Everything that reads a day, a clock or a length reads it here.
type line struct {
	src  string
	toks []token
}

func lineOf(src string) line { return line{src, lex(src)} }

// readable cuts words into a line, when it is neither empty nor far too long. Nothing written is asked about.
func readable(words, question string) (line, *Error) {
	if len(words) > longestWords {
		return line{}, errorf(Long, words, "That is a lot of words for a time. Please write just the days and the hour.")
	}
	l := lineOf(words)
	if len(l.toks) == 0 {
		return line{}, errorf(Empty, "", "%s", question)
	}
	return l, nil
}

// strange refuses the token at i, which has no place there.
func (l line) strange(i int, among []string) *Error {
	written := l.text(i, i+1)
	if say := vague(l.tok(i).text); say != "" {
		return errorf(Vague, written, "I read %s. %s", quote(written), say)
	}
	return l.suggest(errorf(Unknown, written, "I don't know what %s means here.", quote(written)), i, among)
}

// suggest offers the whole words with the one at i mended, when it is unknown and a slip away from a single other.
func (l line) suggest(e *Error, i int, among []string) *Error {
	t := l.tok(i)
	if t.kind != tokenWord || known(t.text) {
		return e
	}
	if near := nearest(t.text, among); len(near) == 1 {
		e.also("Did you mean %s?", quote(near[0]))
		words := l.src[:t.from] + near[0] + l.src[t.to:]
		e.Choices = []Choice{{Words: words, Say: words}}
	}
	return e
}

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
