package find

import (
	"math"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// spellings finds words by what is left of them without one letter. What is left is kept as a hash only: two that have the same by
// chance do no harm, because a word found is measured before it is believed.
type spellings struct {
	words []*word
	last  *table // hash: the last form that has it; 0 is none
	forms []form
}

type form struct {
	word   int32 // in words
	before int32 // another form with the same hash; 0 is none
}

func (s *spellings) add(key uint64, word int32) {
	s.forms = append(s.forms, form{word, s.last.get(key)})
	s.last.put(key, int32(len(s.forms)-1))
}

// hash gives a number (FNV-1a) for a word without its letter at without; -1 leaves none out.
func hash(w string, without int) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(w) {
		if i != without {
			h = (h ^ uint64(w[i])) * 1099511628211
		}
	}
	return h
}

// learnSpelling notes every word we know, people's words for ours among them, under itself and under itself with each one
// letter left out, so that a misspelling meets its word in a few look-ups (a letter too few, too many, wrong, or two swapped).
func (f *ranker) learnSpelling() {
	for _, list := range []map[string][]phrase{f.lex.same, f.lex.kinds} {
		for _, ps := range list {
			for _, p := range ps {
				for _, text := range p.words {
					w := f.learnWord(text)
					w.often = max(w.often, 2)
				}
			}
		}
	}
	var words, slips []*word
	for _, w := range f.words {
		if w.slip() {
			w.often = 0
			slips = append(slips, w)
		} else if w.often > 0 && len(w.text) >= 4 && len(w.text) <= 16 && w.text[0] >= 'a' {
			words = append(words, w)
		}
	}
	byText := func(a, b *word) int { return strings.Compare(a.text, b.text) }
	slices.SortFunc(words, byText)
	f.spells = newSpellings(words)
	slices.SortFunc(slips, byText)
	for _, w := range slips {
		if f.seek(w) == w {
			w.often = 1
		}
	}
}

// slip says whether a word stands in one question only, and so may be none.
func (w *word) slip() bool { return w.asked == 1 && w.often == 1 && len(w.text) > 4 && !w.plain }

func newSpellings(words []*word) spellings {
	s := spellings{words: words, last: newTable(8 * len(words)), forms: make([]form, 1, 9*len(words))}
	for n, w := range slices.Backward(words) { // the last added is found first
		s.add(hash(w.text, -1), int32(n))
		for i := range w.text {
			if i == 0 || w.text[i] != w.text[i-1] {
				s.add(hash(w.text, i), int32(n))
			}
		}
	}
	return s
}

// spelled puts the words that were meant in the place of misspelt ones. Words that nobody knows stay.
func (f *ranker) spelled(words []*word, learning bool) []*word {
	out := words
	for i, w := range words {
		c := w.meant
		if c == nil {
			if c = f.seek(w); learning {
				w.meant = c
			}
		}
		if c == w {
			continue
		}
		if &out[0] == &words[0] {
			out = slices.Clone(words)
		}
		out[i] = c
	}
	return out
}

// seek finds the word that was meant.
func (f *ranker) seek(w *word) *word {
	if w.often > 0 || len(w.text) < 3 || len(w.text) > 20 || w.plain || w.stop {
		return w
	}
	for _, as := range []func(string) string{unleet, squeeze} {
		if text := as(w.text); text != w.text {
			if c := f.word(text); c.often > 0 {
				return c
			}
		}
	}
	if w.text[0] < 'a' || w.text[0] > 'z' || len(w.text) < 4 {
		return w
	}
	if len(f.terms) > 0 {
		if _, known := f.terms[stem(w.text)]; known {
			return w
		}
	}
	return f.spells.nearest(w)
}

// nearest gives the word that is most like one that nobody knows; when none is like it, the word itself.
func (s *spellings) nearest(w *word) *word {
	best, bestCost := w, 100.0
	for i := -1; i < len(w.text); i++ {
		for n := s.last.get(hash(w.text, i)); n > 0; n = s.forms[n].before {
			c := s.words[s.forms[n].word]
			if cost, ok := slipCost(w.text, c); ok && cost < bestCost {
				best, bestCost = c, cost
			}
		}
	}
	return best
}

// slipCost says how far a word is from one that may have been meant, and whether it may. Of two as near, the more common costs less.
func slipCost(text string, meant *word) (float64, bool) {
	d, short := distance(text, meant.text), len(text) < 7
	if d > 2 || d > 1 && short || text[0] != meant.text[0] && (d > 1 || short) {
		return 0, false
	}
	cost := float64(d)
	if text[len(text)-1] != meant.text[len(meant.text)-1] {
		cost += 0.2
	}
	return cost - 0.05*math.Log(float64(meant.often)), true
}

// distance counts letters too few, too many or wrong; two swapped count as one.
func distance(a, b string) int {
	d := levenshtein.ComputeDistance(a, b)
	if d == 2 && len(a) == len(b) {
		for i := 0; i+1 < len(a); i++ {
			if a[i] != b[i] {
				if a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:] {
					return 1
				}
				break
			}
		}
	}
	return d
}
