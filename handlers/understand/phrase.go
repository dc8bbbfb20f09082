package understand

import "strings"

// phrase is a way to say something.
type phrase[T any] struct {
	words []slot
	means T
}

// slot is a place in a phrase: any one of some words, apart by slashes, which may be
// left out.
type slot struct {
	any      string
	several  bool
	optional bool
}

// phrasebook is phrases by the words that they can begin with.
type phrasebook[T any] map[string][]*phrase[T]

// add writes ways of saying something down. They are apart by semicolons; a/b is a
// choice, a word in brackets may be left out, and one in braces stands for several.
func (b phrasebook[T]) add(means T, ways string) {
	for way := range strings.SplitSeq(ways, ";") {
		p := &phrase[T]{row(way), means}
		for _, s := range p.words {
			for w := range strings.SplitSeq(s.any, "/") {
				b[w] = append(b[w], p)
			}
			if !s.optional {
				break
			}
		}
	}
}

func row(way string) []slot {
	way = strings.TrimSpace(way)
	out := make([]slot, 0, strings.Count(way, " ")+1)
	for w := range strings.FieldsSeq(way) {
		inner, optional := strings.CutPrefix(w, "[")
		inner = strings.TrimSuffix(inner, "]")
		if name, class := strings.CutPrefix(inner, "{"); class {
			inner = oneFor(strings.TrimSuffix(name, "}"))
		}
		out = append(out, slot{inner, strings.Contains(inner, "/"), optional})
	}
	return out
}

// oneFor are words that stand for one another.
func oneFor(class string) string {
	switch class {
	case "we":
		return "i/we/he/she/they/everybody/all/us/both/you/mom/dad" // whoever is on the way
	case "them":
		return "her/him/them/you/me/us/it/everybody"
	case "be":
		return "am/is/are"
	case "my":
		return "my/our/the/this/that/a/an/his/her/their/your/all/any"
	case "kids":
		return "kid/kids/child/children/son/daughter/baby/toddler/boys/girls/twins/boy/girl/sons/daughters/babies"
	}
	return ""
}

// match is how many tokens a phrase takes, and whether it stands there.
func match(toks []token, words []slot) (int, bool) {
	if len(words) == 0 {
		return 0, true
	}
	if len(toks) > 0 && words[0].has(toks[0].text) {
		if n, ok := match(toks[1:], words[1:]); ok {
			return n + 1, true
		}
	}
	if words[0].optional {
		return match(toks, words[1:])
	}
	return 0, false
}

func (s slot) has(word string) bool {
	if !s.several {
		return s.any == word
	}
	for rest := s.any; ; {
		w, others, more := strings.Cut(rest, "/")
		if w == word {
			return true
		}
		if !more {
			return false
		}
		rest = others
	}
}

// longest is the phrase that takes the most tokens at the head of some, 0 where none
// stands there.
func (b phrasebook[T]) longest(toks []token) (means T, n int) {
	if len(toks) == 0 {
		return means, 0
	}
	for _, p := range b[toks[0].text] {
		if m, ok := match(toks, p.words); ok && m > n {
			means, n = p.means, m
		}
	}
	return means, n
}
