package find

import (
	"fmt"
	"io/fs"
	"math/bits"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// A rulebook finds phrases in people's words. It is read from a text file, one rule a line, so that somebody who is no
// programmer can read what is looked for and why:
//
//	# a comment
//	name = word word two_words      a set; @name stands for any of its entries
//	spell suicide: sucide suiside   ways a word is misspelt; read as that word
//	safe: ego death                 words that mean no harm: covered up before any rule looks
//	yes wish-to-die: @want to @die  a rule, with its name
//	ask no-sleep: ...               the same, of a weaker kind
//
// In a pattern a word stands for itself, suicid~ for every word that begins so, @set for any entry of a set, ?x for an x that
// may be missing, !@set for "neither of the two words before is one of these", * for up to three words of any kind (*6: up to six), and ^ and $ for the beginning and the end of a sentence.
// No pattern reaches from one sentence into the next.
type rulebook struct {
	sets  map[string]wordset
	spell map[string]string // a misspelling: the word
	fuzzy []string          // long words that are recognised with a typo in them
	vocab map[string]bool   // every word of the rules
	plain map[string]bool   // words that are no misspelling of another
	rules []rule
	needs []need // by rule
	kinds map[string]*ruleset
}

// wordset holds entries of one or more words under their first word, so that a rule with a long list is as quick as one with a word.
type wordset map[string][][]string

// ruleset is where the rules of one kind are found.
type ruleset struct {
	byFirst map[string][]int // first word: the rules that may begin with it
	prefix  []int            // rules that begin with a prefix
}

type rule struct {
	kind, name string // kind: safe, yes, ask ...
	pattern    []elem
	line       int
}

type elem struct {
	word     string // a word, or the beginning of one when prefix
	set      wordset
	gap      int // up to so many words of any kind
	optional bool
	prefix   bool
	edge     bool // ^ or $
	notAfter bool // neither of the two words before is in the set
}

// match is a place where a rule was found: words i to j of the tokens.
type match struct {
	rule *rule
	i, j int
}

// readRules reads a file of rules. The error names the file and the line.
func readRules(fsys fs.FS, file string) (*rulebook, error) {
	b := &rulebook{sets: map[string]wordset{}, spell: map[string]string{}, vocab: map[string]bool{}, plain: map[string]bool{}, kinds: map[string]*ruleset{}}
	if err := eachText(fsys, file, b.add); err != nil {
		return nil, err
	}
	b.index()
	return b, nil
}

// add takes in one line: a set, words of a kind, or a rule.
func (b *rulebook) add(line string, n int) error {
	if name, words, ok := strings.Cut(line, " = "); ok && !strings.ContainsAny(name, " :") {
		return b.addSet(name, strings.Fields(words))
	}
	head, rest, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%q is no rule: a colon is missing", line)
	}
	kind, name, _ := strings.Cut(head, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case rest == "":
		return fmt.Errorf("rule %q is empty", head)
	case kind == "spell":
		for _, w := range strings.Fields(rest) {
			b.spell[w] = name
		}
		return nil
	case kind == "fuzzy":
		b.fuzzy = append(b.fuzzy, strings.Fields(rest)...)
		return nil
	case kind == "plain":
		for _, w := range strings.Fields(rest) {
			b.plain[w] = true
		}
		return nil
	case name == "":
		name = kind
	}
	for _, alt := range strings.Split(rest, " / ") {
		pattern, err := b.parse(alt)
		if err != nil {
			return err
		}
		b.rules = append(b.rules, rule{kind: kind, name: name, pattern: pattern, line: n})
	}
	return nil
}

// addSet adds words, and the entries of other sets, to a set.
func (b *rulebook) addSet(name string, words []string) error {
	set := b.sets[name]
	if set == nil {
		set = wordset{}
		b.sets[name] = set
	}
	for _, w := range words {
		other, ok := strings.CutPrefix(w, "@")
		if !ok {
			entry := strings.Split(w, "_")
			set[entry[0]] = append(set[entry[0]], entry)
			continue
		}
		if b.sets[other] == nil {
			return fmt.Errorf("set @%s is not known yet", other)
		}
		for first, entries := range b.sets[other] {
			set[first] = append(set[first], entries...)
		}
	}
	return nil
}

func (b *rulebook) parse(pattern string) ([]elem, error) {
	var elems []elem
	for _, f := range strings.Fields(pattern) {
		e, err := b.elem(f)
		if err != nil {
			return nil, err
		}
		elems = append(elems, e)
	}
	if len(elems) == 0 || elems[0].optional || elems[0].gap > 0 {
		return nil, fmt.Errorf("pattern %q must begin with a word, a set or ^", pattern)
	}
	return elems, nil
}

// elem reads one piece of a pattern.
func (b *rulebook) elem(f string) (e elem, err error) {
	f, e.optional = strings.CutPrefix(f, "?")
	switch {
	case f == "^" || f == "$":
		e.edge = true
	case f == "*":
		e.gap = 3
	case strings.HasPrefix(f, "*"):
		if _, err := fmt.Sscanf(f, "*%d", &e.gap); err != nil || e.gap < 1 || e.gap > 20 {
			return e, fmt.Errorf("%q is no gap", f)
		}
	case strings.HasPrefix(f, "@"), strings.HasPrefix(f, "!@"):
		_, name, _ := strings.Cut(f, "@")
		if e.set, e.notAfter = b.sets[name], f[0] == '!'; e.set == nil {
			return e, fmt.Errorf("set %s is not known", f)
		}
	case strings.HasSuffix(f, "~"):
		e.prefix, e.word = true, strings.TrimSuffix(f, "~")
	default:
		e.word = f
	}
	return e, nil
}

// index notes which rules may begin with which word, and which words the rules have.
func (b *rulebook) index() {
	for n, r := range b.rules {
		at := b.kinds[r.kind]
		if at == nil {
			at = &ruleset{byFirst: map[string][]int{}}
			b.kinds[r.kind] = at
		}
		for _, e := range r.pattern {
			b.learn(e)
		}
		b.needs = append(b.needs, needOf(r.pattern))
		first := slices.IndexFunc(r.pattern, func(e elem) bool { return !e.edge && !e.notAfter })
		if first >= 0 {
			at.add(n, r.pattern[first])
		}
	}
}

// A need is words without which a rule cannot match, as marks: of each of the three, one is among those of the words. Most rules
// are done with so, without a look at their patterns.
type need [3]uint64

// needOf gives what a pattern needs: its rarest words and sets.
func needOf(pattern []elem) need {
	n := need{^uint64(0), ^uint64(0), ^uint64(0)}
	for _, e := range pattern {
		marks := e.marks()
		for i := range n {
			if bits.OnesCount64(marks) < bits.OnesCount64(n[i]) {
				n[i], marks = marks, n[i]
			}
		}
	}
	return n
}

// marks gives the marks of the words of which one must be there for a piece of a pattern.
func (e *elem) marks() uint64 {
	switch {
	case e.optional, e.edge, e.notAfter, e.gap > 0, e.prefix:
		return ^uint64(0)
	case e.set == nil:
		return mark(e.word)
	}
	all := uint64(0)
	for first := range e.set {
		all |= mark(first)
	}
	return all
}

// mark is one of 64, by the letters of a word.
func mark(w string) uint64 {
	if w == "" {
		return 1
	}
	return 1 << ((uint(len(w)) + 31*uint(w[0]) + 13*uint(w[len(w)/2]) + 7*uint(w[len(w)-1])) & 63)
}

func (n *need) in(marks uint64) bool { return marks&n[0] != 0 && marks&n[1] != 0 && marks&n[2] != 0 }

// learn notes the words of a piece of a pattern.
func (b *rulebook) learn(e elem) {
	if e.word != "" && !e.prefix {
		b.vocab[e.word] = true
	}
	for _, entries := range e.set {
		for _, entry := range entries {
			for _, w := range entry {
				b.vocab[w] = true
			}
		}
	}
}

// add notes with which words a rule may begin.
func (s *ruleset) add(n int, first elem) {
	switch {
	case first.prefix || first.gap > 0 || first.optional:
		s.prefix = append(s.prefix, n)
	case first.set != nil:
		for w := range first.set {
			s.byFirst[w] = append(s.byFirst[w], n)
		}
	default:
		s.byFirst[first.word] = append(s.byFirst[first.word], n)
	}
}

// read turns tokens into the words the rules are written in: unleeted, undrawn, corrected.
func (b *rulebook) read(toks []string) []string {
	words := make([]string, len(toks))
	for i, t := range toks {
		words[i] = b.word(t)
	}
	return words
}

func (b *rulebook) word(t string) string {
	if w, ok := b.spell[t]; ok {
		return w
	}
	if len(t) < 2 || len(t) > 40 || b.vocab[t] {
		return t
	}
	t = unleet(t)
	if w, ok := b.spell[t]; ok {
		return w
	}
	if w, ok := b.unmasked(t); ok {
		return w
	}
	if w, ok := b.undrawn(t); ok {
		return w
	}
	if len(t) < 5 || b.plain[t] {
		return t
	}
	return b.slip(t)
}

// unmasked gives the long word of which t hides letters, if any.
func (b *rulebook) unmasked(t string) (string, bool) {
	if strings.IndexByte(t, '*') > 0 {
		for _, w := range b.fuzzy {
			if masked(t, w) {
				return w, true
			}
		}
	}
	return "", false
}

// undrawn gives the word of the rules of which t has letters twice, if any.
func (b *rulebook) undrawn(t string) (string, bool) {
	w := squeeze(t)
	if w == t {
		return "", false
	}
	if c, ok := b.spell[w]; ok {
		return c, true
	}
	return w, len(w) > 2 && b.vocab[w] && !b.plain[t]
}

// slip gives the long word that t is a slip of, or t itself.
func (b *rulebook) slip(t string) string {
	for _, w := range b.fuzzy {
		near := 1
		if len(w) >= 8 {
			near = 2
		}
		if d := len(w) - len(t); t[0] == w[0] && -near <= d && d <= near && levenshtein.ComputeDistance(t, w) <= near {
			return w
		}
	}
	return t
}

// masked says whether t is w with letters hidden behind stars: su**ide, k*ll.
func masked(t, w string) bool {
	if len(t) != len(w) {
		return false
	}
	for i := 0; i < len(t); i++ {
		if t[i] != '*' && t[i] != w[i] {
			return false
		}
	}
	return true
}

// squeeze makes double letters single: diie becomes die.
func squeeze(w string) string {
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		if i == 0 || w[i] != w[i-1] {
			out = append(out, w[i])
		}
	}
	return string(out)
}

// find returns where the rules of a kind are found in the words, at most one for each place and rule.
func (b *rulebook) find(words []string, kind string) []match {
	var found []match
	b.each(words, kind, func(m match) bool {
		found = append(found, m)
		return true
	})
	return found
}

// matches says whether any rule of a kind is found in the words.
func (b *rulebook) matches(words []string, kind string) bool {
	any := false
	b.each(words, kind, func(match) bool {
		any = true
		return false
	})
	return any
}

func (b *rulebook) each(words []string, kind string, yield func(match) bool) {
	at := b.kinds[kind]
	if at == nil {
		return
	}
	marks := uint64(0)
	for _, w := range words {
		marks |= mark(w)
	}
	for i, w := range words {
		for _, rules := range [2][]int{at.byFirst[w], at.prefix} {
			for _, n := range rules {
				if !b.needs[n].in(marks) {
					continue
				}
				r := &b.rules[n]
				if j := matchAt(r.pattern, words, i); j >= 0 && !yield(match{r, i, j}) {
					return
				}
			}
		}
	}
}

// cover hides the words that the rules of a kind match, so that no other rule sees them, unless except (may be nil) says no.
func (b *rulebook) cover(words []string, kind string, except func([]string) bool) []string {
	out := words
	for _, m := range b.find(words, kind) {
		if except != nil && except(words[m.i:m.j]) {
			continue
		}
		if &out[0] == &words[0] {
			out = slices.Clone(words)
		}
		for i := m.i; i < m.j; i++ {
			out[i] = "_"
		}
	}
	return out
}

// matchAt returns where the pattern ends when it matches words from i on, or -1. The pattern is short and its gaps are small,
// so trying every way is cheap and bounded.
func matchAt(pattern []elem, words []string, i int) int {
	if len(pattern) == 0 {
		return i
	}
	e, rest := &pattern[0], pattern[1:]
	j := e.matchAt(rest, words, i)
	if j < 0 && e.optional {
		return matchAt(rest, words, i)
	}
	return j
}

// matchAt is matchAt for a pattern that begins with e and goes on with rest.
func (e *elem) matchAt(rest []elem, words []string, i int) int {
	switch {
	case e.edge:
		if i == 0 || i >= len(words) || words[i] == stop || words[i-1] == stop {
			return matchAt(rest, words, i)
		}
	case e.notAfter:
		if !e.before(words, i) {
			return matchAt(rest, words, i)
		}
	case e.gap > 0:
		return e.matchGap(rest, words, i)
	case i >= len(words):
	case e.set != nil:
		return e.matchSet(rest, words, i)
	case e.prefix && strings.HasPrefix(words[i], e.word), e.word == words[i]:
		return matchAt(rest, words, i+1)
	}
	return -1
}

// before says whether one of the two words before i, in the same sentence, is in the set.
func (e *elem) before(words []string, i int) bool {
	for back := 1; back <= 2 && i-back >= 0 && words[i-back] != stop; back++ {
		if slices.ContainsFunc(e.set[words[i-back]], func(entry []string) bool { return len(entry) == 1 }) {
			return true
		}
	}
	return false
}

func (e *elem) matchGap(rest []elem, words []string, i int) int {
	for n := 0; n <= e.gap && i+n <= len(words); n++ {
		if n > 0 && words[i+n-1] == stop {
			return -1
		}
		if j := matchAt(rest, words, i+n); j >= 0 {
			return j
		}
	}
	return -1
}

func (e *elem) matchSet(rest []elem, words []string, i int) int {
	for _, entry := range e.set[words[i]] {
		if len(entry) <= len(words)-i && slices.Equal(entry, words[i:i+len(entry)]) {
			if j := matchAt(rest, words, i+len(entry)); j >= 0 {
				return j
			}
		}
	}
	return -1
}
