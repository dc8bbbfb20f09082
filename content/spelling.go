package content

import (
	"math"
	"slices"

	"github.com/agnivade/levenshtein"
)

// spellings finds words by what is left of them without one letter. What is left is kept as a hash only: two that have the same by
// chance do no harm, because a word found is measured before it is believed.
type spellings struct {
	words []string
	last  map[uint64]int32 // hash: the last form that has it; 0 is none
	forms []form
}

type form struct {
	word   int32 // in words
	before int32 // another form with the same hash; 0 is none
}

func (s *spellings) add(key uint64, word int32) {
	s.forms = append(s.forms, form{word, s.last[key]})
	s.last[key] = int32(len(s.forms) - 1)
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
func (f *finder) learnSpelling(texts []example) {
	asked, slips := map[string]int{}, []string{}
	for _, e := range texts {
		for _, w := range e.toks {
			if e.near {
				f.common[w]++
				if e.asked {
					asked[w]++
				}
			} else if f.common[w] == 0 {
				f.common[w] = 1
			}
		}
	}
	for _, table := range []map[string][]phrase{f.lex.same, f.lex.kinds} {
		for _, ps := range table {
			for _, p := range ps {
				for _, w := range p.words {
					f.common[w] = max(f.common[w], 2)
				}
			}
		}
	}
	for w, n := range asked { // a slip in one question is no word
		if n == 1 && f.common[w] == 1 && len(w) > 4 && !f.lex.common[w] {
			delete(f.common, w)
			slips = append(slips, w)
		}
	}
	f.spells.words = slices.DeleteFunc(sortedKeys(f.common), func(w string) bool { return len(w) < 4 || len(w) > 16 || w[0] < 'a' })
	f.spells.last = make(map[uint64]int32, 8*len(f.spells.words))
	f.spells.forms = make([]form, 1, 9*len(f.spells.words))
	for n, w := range slices.Backward(f.spells.words) { // the last added is found first
		f.spells.add(hash(w, -1), int32(n))
		for i := range w {
			if i == 0 || w[i] != w[i-1] {
				f.spells.add(hash(w, i), int32(n))
			}
		}
	}
	slices.Sort(slips)
	for _, w := range slips {
		if f.meant(w) == w {
			f.common[w] = 1
		}
	}
}

// spelled puts the words that were meant in the place of misspelt ones. Words that nobody knows stay.
func (f *finder) spelled(toks []string) []string {
	out := toks
	for i, w := range toks {
		c := f.meant(w)
		if c == w {
			continue
		}
		if &out[0] == &toks[0] {
			out = slices.Clone(toks)
		}
		out[i] = c
	}
	return out
}

func (f *finder) meant(w string) string {
	if f.common[w] > 0 || len(w) < 3 || len(w) > 20 || f.lex.common[w] || f.lex.stop[w] {
		return w
	}
	if u := unleet(w); u != w && f.common[u] > 0 {
		return u
	}
	if s := squeeze(w); s != w && f.common[s] > 0 {
		return s
	}
	if w[0] < 'a' || w[0] > 'z' || len(w) < 4 {
		return w
	}
	if _, known := f.terms[stem(w)]; known {
		return w
	}
	best, bestCost := w, 100.0
	try := func(key uint64) {
		for n := f.spells.last[key]; n > 0; n = f.spells.forms[n].before {
			c := f.spells.words[f.spells.forms[n].word]
			d := distance(w, c)
			if d > 1 && len(w) < 7 || d > 2 || w[0] != c[0] && (d > 1 || len(w) < 7) {
				continue
			}
			cost := float64(d)
			if w[len(w)-1] != c[len(c)-1] {
				cost += 0.2
			}
			cost -= 0.05 * math.Log(float64(f.common[c])) // of two as near, the more common
			if cost < bestCost {
				best, bestCost = c, cost
			}
		}
	}
	try(hash(w, -1))
	for i := range w {
		try(hash(w, i))
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
