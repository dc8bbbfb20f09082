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
	var slips []*word
	for _, w := range f.words { // a slip in one question is no word
		if w.asked == 1 && w.often == 1 && len(w.text) > 4 && !w.plain {
			w.often = 0
			slips = append(slips, w)
		} else if w.often > 0 && len(w.text) >= 4 && len(w.text) <= 16 && w.text[0] >= 'a' {
			f.spells.words = append(f.spells.words, w)
		}
	}
	byText := func(a, b *word) int { return strings.Compare(a.text, b.text) }
	slices.SortFunc(f.spells.words, byText)
	f.spells.last = newTable(8 * len(f.spells.words))
	f.spells.forms = make([]form, 1, 9*len(f.spells.words))
	for n, w := range slices.Backward(f.spells.words) { // the last added is found first
		f.spells.add(hash(w.text, -1), int32(n))
		for i := range w.text {
			if i == 0 || w.text[i] != w.text[i-1] {
				f.spells.add(hash(w.text, i), int32(n))
			}
		}
	}
	slices.SortFunc(slips, byText)
	for _, w := range slips {
		if f.seek(w) == w {
			w.often = 1
		}
	}
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
	if u := unleet(w.text); u != w.text {
		if c := f.word(u); c.often > 0 {
			return c
		}
	}
	if s := squeeze(w.text); s != w.text {
		if c := f.word(s); c.often > 0 {
			return c
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
	best, bestCost := w, 100.0
	try := func(key uint64) {
		for n := f.spells.last.get(key); n > 0; n = f.spells.forms[n].before {
			c := f.spells.words[f.spells.forms[n].word]
			d := distance(w.text, c.text)
			if d > 1 && len(w.text) < 7 || d > 2 || w.text[0] != c.text[0] && (d > 1 || len(w.text) < 7) {
				continue
			}
			cost := float64(d)
			if w.text[len(w.text)-1] != c.text[len(c.text)-1] {
				cost += 0.2
			}
			cost -= 0.05 * math.Log(float64(c.often)) // of two as near, the more common
			if cost < bestCost {
				best, bestCost = c, cost
			}
		}
	}
	try(hash(w.text, -1))
	for i := range w.text {
		try(hash(w.text, i))
	}
	return best
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
