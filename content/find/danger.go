package find

import (
	"slices"
	"strings"
)

// Danger says whether words sound like a crisis: wanting to die, a plan or the means, a goodbye, having taken something,
// somebody who cannot be woken, voices that command; about oneself or another. It is meant for every free text that
// reaches the bot, not only questions. words/danger.txt says where the line is drawn, and why it leans to yes. English, and little of other languages.
func (f *Finder) Danger(text string) bool {
	return f.listen(Tokens(text)).danger
}

// Certain says whether a rule hears danger in words that were never meant as a question: an address, a note, a time. Danger
// also goes by likeness to what people ask and say about themselves, which has nothing to compare "ring at the blue door"
// with and would show the lines to many who only gave directions.
func (f *Finder) Certain(text string) bool {
	h, _ := f.byRule(Tokens(text))
	return h.ruled
}

// heard is what there is in somebody's words beside the question.
type heard struct {
	danger bool
	ruled  bool     // by a rule, not by likeness at all
	daily  bool     // they only report or arrange something, by a rule: likeness is not believed
	aware  bool     // they speak of danger without being in it: the lines belong beside the answer
	about  bool     // they ask about suicidal thoughts in general
	plain  []string // the words without set phrases such as "killing it"
	odds   []ranked // of plain, when they had to be looked at as a whole already
	read   reading
	words  string // as they were written
}

// Where no rule has decided, dangerAt is how likely danger must be to be taken for it, wondersAt how likely in a plain question of
// fact, and awareAt how likely it must be for the lines to stand beside the answer. All are low on purpose.
const (
	dangerAt  = 0.22
	wondersAt = 0.60
	awareAt   = 0.10
)

// listen looks for danger twice: by the rules, and, since nobody can think of every way to say it, by likeness to the ways we know.
func (f *Finder) listen(toks []string) heard {
	h, r := f.byRule(toks)
	if h.ruled {
		return h
	}
	if h.daily = f.everyday(r.words); h.daily {
		return h
	}
	odds := f.likeness(toks, &h, !changed(r.plain, r.words))
	if changed(r.left, r.words) {
		odds = min(odds, f.ranker().danger(without(toks, r.left), true))
	}
	least := dangerAt
	if len(toks) > 0 && wonders(toks[0]) && !slices.Contains(toks, stop) {
		least = wondersAt
	}
	h.danger = odds >= least
	h.aware = h.aware || odds >= awareAt
	return h
}

// everyday says whether words, every one of them, only report or arrange something.
func (f *Finder) everyday(words []string) bool {
	left := f.lists.danger.cover(words, "everyday", nil)
	return len(left) > 0 && !slices.ContainsFunc(left, func(w string) bool { return w != "_" && w != stop })
}

// ruling is what the rules of danger make of words: the words as they read them, without set phrases, and without everything
// they know to be harmless.
type ruling struct{ words, plain, left []string }

// byRule looks for danger by the rules alone.
func (f *Finder) byRule(toks []string) (heard, ruling) {
	rules := f.lists.danger
	words := rules.read(toks)
	r := ruling{words: words, plain: rules.cover(words, "idiom", nil)}
	h := heard{plain: toks}
	if changed(r.plain, words) {
		h.plain = slices.Clone(toks)
		for i, w := range r.plain {
			if w == "_" && rules.has("hard", words[i]) {
				h.plain[i] = stop
			}
		}
	}
	if rules.matches(words, "sure") {
		return h.certain(), r
	}
	asked := rules.cover(words, "ask", rules.speaksOfSelf)
	explained := rules.cover(asked, "info", nil)
	h.aware, h.about = changed(explained, words), changed(asked, words)
	r.left = rules.cover(rules.cover(explained, "idiom", nil), "safe", nil)
	if rules.matches(r.left, "yes") || slices.ContainsFunc(r.left, func(w string) bool { return strings.HasPrefix(w, "suicid") }) {
		return h.certain(), r
	}
	return h, r
}

// certain is what was heard when a rule has decided.
func (h heard) certain() heard {
	h.danger, h.ruled = true, true
	return h
}

// likeness gives the odds of danger by likeness, and leaves h what it found on the way when nothing was taken out of the words.
// Set phrases taken out may leave a torso that looks like anything, and left in they may look like danger: both readings count.
func (f *Finder) likeness(toks []string, h *heard, whole bool) float64 {
	if len(toks) > longPiece || slices.Contains(toks, stop) {
		return f.ranker().danger(toks, false)
	}
	list, read := f.ranker().odds(toks)
	if whole {
		h.odds, h.read = list, read
	}
	if read.other {
		return 0
	}
	return list[f.ranker().crisis].p
}

// without puts a stop in the place of every word that was covered.
func without(toks, covered []string) []string {
	rest := slices.Clone(toks)
	for i, w := range covered {
		if w == "_" {
			rest[i] = stop
		}
	}
	return rest
}

// wonders says whether a word begins a question of fact. Why, would and if are none: they begin too many cries (why am i even alive).
func wonders(w string) bool {
	switch w {
	case "can", "could", "do", "does", "did", "is", "are", "will", "should", "when", "where", "which", "how", "what":
		return true
	}
	return false
}

func changed(covered, words []string) bool {
	return len(words) > 0 && &covered[0] != &words[0]
}

// speaksOfSelf says whether words hold an i, my or the like: then they are no mere question about others.
func (b *rulebook) speaksOfSelf(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return b.has("me", w) })
}

// has says whether a word is in a set, or begins an entry of it.
func (b *rulebook) has(set, word string) bool {
	return b.sets[set][word] != nil
}
