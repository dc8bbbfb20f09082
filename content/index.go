package content

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/kljensen/snowball/english"
)

// finder ranks classes for a question. A class is a topic, a refusal (its id behind a !) or none, for questions that are not
// ours. It is built once and then only read.
type finder struct {
	lex     *lexicon
	classes []string

	words  map[string]int32    // every word of the examples: its term
	terms  map[string]int32    // every stem and every kind (@rideshare): its number
	pairs  map[uint64]int32    // two terms that stand together: their number, counted on from the terms
	spells map[string][]string // a word with one letter left out: the words it may have been
	idf    []float32           // by number
	count  int32               // of terms and pairs

	linear   []float32 // weights, a row of len(classes) for each number
	bias     []float32
	owner    []int32     // example: its class
	postings [][]posting // number: the examples it stands in
}

type posting struct {
	example int32
	weight  float32
}

// vector is a text as numbers, each once, of length one.
type vector struct {
	nums    []int32
	weights []float32
}

// ranked is a class with what each way of looking says of it, and the odds they give together.
type ranked struct {
	id      string
	p       float64
	linear  float64 // probability by the linear model
	nearest float64 // likeness to the examples of the class, 0 to 1
}

// reading is a question as the finder sees it.
type reading struct {
	vector
	known float64 // how much of what it says is in words of ours, 0 to 1, rare words counting more
	heavy int     // how many words that say anything
}

type example struct {
	class  int32
	text   string
	weight float32 // how much it counts in training
	near   bool    // whether questions are compared with it
}

const none = "!none"

func newFinder(topics []Topic, refusals map[string]Refusal, lex *lexicon) *finder {
	f := &finder{lex: lex, words: map[string]int32{}, terms: map[string]int32{}, pairs: map[uint64]int32{}, spells: map[string][]string{}}
	examples := f.examples(topics, refusals)
	readings := make([]vector, len(examples))
	lists := make([][]int32, len(examples))
	seen := []int32{}
	for i, e := range examples {
		lists[i], _ = f.numbers(tokens(e.text), true)
		for _, n := range lists[i] {
			for int(n) >= len(seen) {
				seen = append(seen, 0)
			}
			seen[n]++
		}
	}
	f.idf = make([]float32, f.count)
	for n := range f.idf {
		f.idf[n] = float32(math.Log(float64(len(examples)+1) / (float64(seen[n]) + 0.5)))
	}
	f.postings = make([][]posting, f.count)
	f.owner = make([]int32, len(examples))
	for i, e := range examples {
		readings[i] = f.vector(lists[i])
		f.owner[i] = e.class
		if !e.near {
			continue
		}
		for k, n := range readings[i].nums {
			f.postings[n] = append(f.postings[n], posting{int32(i), readings[i].weights[k]})
		}
	}
	f.learnSpelling()
	f.train(examples, readings)
	return f
}

// examples are everything the finder learns from: what people ask, the words of the answers, and the hints.
func (f *finder) examples(topics []Topic, refusals map[string]Refusal) []example {
	var list []example
	class := func(id string, texts []string, weight float32, near bool) {
		n := int32(slices.Index(f.classes, id))
		if n < 0 {
			n = int32(len(f.classes))
			f.classes = append(f.classes, id)
		}
		for _, t := range texts {
			list = append(list, example{n, t, weight, near})
		}
	}
	for _, t := range topics {
		class(t.ID, t.Ask, 1, true)
		class(t.ID, []string{t.Title}, 1, true)
		class(t.ID, []string{strings.ReplaceAll(t.ID, "-", " ")}, 1, true)
		class(t.ID, f.lex.hints[t.ID], 1, true)
		class(t.ID, sentences(t.Body), 0.15, false)
	}
	for _, id := range sortedKeys(refusals) {
		class("!"+id, f.lex.hints["!"+id], 1, true)
		class("!"+id, []string{refusals[id].Title}, 0.5, false)
	}
	class(none, f.lex.hints[none], 1, true)
	return list
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// numbers gives the terms and pairs of a text; learning adds those that are new, and otherwise they are left out. The second
// result is how many words that say anything there are, and what part of them is known.
func (f *finder) numbers(toks []string, learning bool) ([]int32, reading) {
	words := f.lex.ours(toks)
	nums := make([]int32, 0, 3*len(words))
	labels := make([]int32, 0, len(words)) // what a word is called in pairs: its kind, or its stem
	var heavy []int32
	r := reading{}
	said, known := 0.0, 0.0
	for i, w := range words {
		if w == stop {
			labels = append(labels, -1)
			continue
		}
		n := f.term(w, learning)
		label := n
		if n >= 0 {
			nums = append(nums, n)
		}
		if p, ok := longest(f.lex.kinds[w], words[i:]); ok {
			if k := f.number(p.means[0], learning); k >= 0 {
				nums = append(nums, k)
				label = k
			}
		}
		if p, ok := longest(f.lex.kinds[unleet(w)], nil); ok && label < 0 {
			label = f.number(p.means[0], learning)
		}
		labels = append(labels, label)
		if f.lex.stop[w] {
			continue
		}
		heavy = append(heavy, label)
		r.heavy++
		weight := 6.0
		if n >= 0 && !learning {
			weight = float64(f.idf[n])
			known += weight
		} else if label >= 0 {
			known += weight / 2
		}
		said += weight
	}
	for i := 1; i < len(labels); i++ {
		nums = f.pair(nums, labels[i-1], labels[i], 0, learning)
	}
	for i := 1; i < len(heavy); i++ {
		nums = f.pair(nums, heavy[i-1], heavy[i], 1, learning)
	}
	slices.Sort(nums)
	nums = slices.Compact(nums)
	if said > 0 {
		r.known = known / said
	}
	return nums, r
}

func (f *finder) pair(nums []int32, a, b int32, far uint64, learning bool) []int32 {
	if a < 0 || b < 0 {
		return nums
	}
	key := far<<63 | uint64(a)<<31 | uint64(b)
	n, ok := f.pairs[key]
	if !ok {
		if !learning {
			return nums
		}
		n = f.count
		f.count++
		f.pairs[key] = n
	}
	return append(nums, n)
}

func (f *finder) number(term string, learning bool) int32 {
	n, ok := f.terms[term]
	if !ok {
		if !learning {
			return -1
		}
		n = f.count
		f.count++
		f.terms[term] = n
	}
	return n
}

// term gives the number of a word, of its stem when the word is new, or of the word it is a misspelling of; -1 when it is none.
func (f *finder) term(w string, learning bool) int32 {
	if n, ok := f.words[w]; ok {
		return n
	}
	if len(w) > 30 {
		return -1
	}
	if learning {
		n := f.number(stem(w), true)
		f.words[w] = n
		return n
	}
	if n, ok := f.terms[stem(w)]; ok {
		return n
	}
	if u := unleet(w); u != w {
		if n, ok := f.words[u]; ok {
			return n
		}
	}
	if s := squeeze(w); s != w {
		if n, ok := f.words[s]; ok {
			return n
		}
	}
	if f.lex.common[w] || f.lex.stop[w] || len(w) < 4 {
		return -1
	}
	if c := f.corrected(w); c != "" {
		return f.words[c]
	}
	return -1
}

func stem(w string) string {
	if w[0] < 'a' || w[0] > 'z' {
		return w
	}
	return english.Stem(w, false)
}

// learnSpelling notes every word of four letters or more under itself and under itself with each one letter left out, so that
// a misspelling meets its word in a few look-ups (a letter too few, too many, wrong, or two swapped).
func (f *finder) learnSpelling() {
	for _, w := range sortedKeys(f.words) {
		if len(w) < 4 || len(w) > 16 {
			continue
		}
		f.spells[w] = append(f.spells[w], w)
		for i := range w {
			d := w[:i] + w[i+1:]
			f.spells[d] = append(f.spells[d], w)
		}
	}
}

// corrected gives the word that w most likely was meant to be, or nothing.
func (f *finder) corrected(w string) string {
	best, bestCost := "", 100.0
	try := func(key string) {
		for _, c := range f.spells[key] {
			cost := float64(distance(w, c))
			if cost > 1 && len(w) < 7 {
				continue
			}
			if w[0] != c[0] {
				cost += 0.6
			}
			if w[len(w)-1] != c[len(c)-1] {
				cost += 0.2
			}
			cost += 0.02 * float64(f.idf[f.words[c]]) // of two as near, the more common
			if cost < bestCost {
				best, bestCost = c, cost
			}
		}
	}
	try(w)
	for i := range w {
		try(w[:i] + w[i+1:])
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

func (f *finder) vector(nums []int32) vector {
	v := vector{nums, make([]float32, len(nums))}
	sum := float32(0)
	for i, n := range nums {
		v.weights[i] = f.idf[n]
		sum += v.weights[i] * v.weights[i]
	}
	if sum > 0 {
		norm := 1 / float32(math.Sqrt(float64(sum)))
		for i := range v.weights {
			v.weights[i] *= norm
		}
	}
	return v
}

func (f *finder) read(toks []string) reading {
	nums, r := f.numbers(toks, false)
	r.vector = f.vector(nums)
	return r
}

const (
	epochs = 6
	pace   = 12 // how far one example moves the weights
)

// train fits the linear model: softmax regression by stochastic gradient descent, in an order that is always the same.
func (f *finder) train(examples []example, vectors []vector) {
	k := len(f.classes)
	f.linear = make([]float32, int(f.count)*k)
	f.bias = make([]float32, k)
	p := make([]float32, k)
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	random := uint32(2463534242)
	for epoch := range epochs {
		for i := len(order) - 1; i > 0; i-- {
			random ^= random << 13
			random ^= random >> 17
			random ^= random << 5
			j := int(random % uint32(i+1))
			order[i], order[j] = order[j], order[i]
		}
		rate := float32(pace) / (1 + 0.5*float32(epoch))
		for _, i := range order {
			e, v := examples[i], vectors[i]
			f.score(v, p)
			softmax(p)
			step := rate * e.weight
			for c := range p {
				p[c] = -p[c]
			}
			p[e.class]++
			for c, g := range p {
				if g > -0.002 && g < 0.002 {
					p[c] = 0
				}
			}
			for n, num := range v.nums {
				s := step * v.weights[n]
				row := f.linear[int(num)*k : int(num)*k+k]
				for c, g := range p {
					row[c] += s * g
				}
			}
		}
	}
}

func (f *finder) score(v vector, out []float32) {
	k := len(f.classes)
	copy(out, f.bias)
	for i, n := range v.nums {
		w := v.weights[i]
		row := f.linear[int(n)*k : int(n)*k+k]
		row = row[:len(out)]
		for c := range out {
			out[c] += w * row[c]
		}
	}
}

func softmax(x []float32) {
	top := slices.Max(x)
	sum := float32(0)
	for i, v := range x {
		if v < top-14 {
			x[i] = 0
			continue
		}
		x[i] = float32(math.Exp(float64(v - top)))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

// rank gives every class with its odds, best first, and how the question was read.
func (f *finder) rank(toks []string) ([]ranked, reading) {
	r := f.read(toks)
	k := len(f.classes)
	scores := make([]float32, k)
	f.score(r.vector, scores)
	softmax(scores)
	near := f.nearest(r.vector)
	list := make([]ranked, k)
	total := 0.0
	for c := range list {
		p := math.Pow(float64(scores[c])+1e-4, linearPower) * math.Exp(nearPower*near[c])
		list[c] = ranked{f.classes[c], p, float64(scores[c]), near[c]}
		total += p
	}
	for c := range list {
		list[c].p /= total
	}
	slices.SortFunc(list, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.id, b.id)) })
	return list, r
}

// How the two ways of looking are weighed together; found by trying on the development set (see the package comment).
const (
	linearPower = 1.0
	nearPower   = 6.0
)

// nearest says for each class how like the question its examples are: the best, and a little of the next two.
func (f *finder) nearest(v vector) []float64 {
	sums := make([]float32, len(f.owner))
	for i, n := range v.nums {
		for _, p := range f.postings[n] {
			sums[p.example] += v.weights[i] * p.weight
		}
	}
	near := make([]float64, len(f.classes))
	best := make([][3]float32, len(f.classes))
	for e, s := range sums {
		if s == 0 {
			continue
		}
		b := &best[f.owner[e]]
		switch {
		case s > b[0]:
			b[0], b[1], b[2] = s, b[0], b[1]
		case s > b[1]:
			b[1], b[2] = s, b[1]
		case s > b[2]:
			b[2] = s
		}
	}
	for c, b := range best {
		near[c] = float64(0.7*b[0] + 0.2*b[1] + 0.1*b[2])
	}
	return near
}

// sentences cuts Markdown into its sentences.
func sentences(body string) []string {
	var list []string
	for _, s := range strings.FieldsFunc(body, func(r rune) bool { return r == '.' || r == '?' || r == '!' || r == '\n' }) {
		if s = strings.TrimSpace(s); len(s) > 3 {
			list = append(list, s)
		}
	}
	return list
}
