package find

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
)

// ranker ranks classes for a question. A class is a topic, a refusal (its id behind a !) or none, for questions that are not
// ours. It is built once and then only read.
type ranker struct {
	lex     *lexicon
	classes []string

	words  map[string]*word // every word of the examples and of the lists of phrases
	terms  map[string]int32 // every stem and every kind (@rideshare): its number
	pairs  *table           // two terms that stand together: one more than their number, counted on from the terms
	spells spellings        // a word with one letter left out: the words it may have been
	idf    []float32        // by number
	ours   []bool           // by number: stands in a question of ours, not only in answers or in what is not ours
	factor []float32        // by number: the weight of its sort
	count  int32            // of terms and pairs

	exps     *exps
	linear   []float32 // weights, rows of len(classes)
	row      []int32   // by number: its row, and the part of it that is its own
	part     []float32
	owner    []int32     // example: its class
	postings [][]posting // number: the examples it stands in
	scratch  sync.Pool
	none     int // the class of what is not ours
	crisis   int // the class of danger
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
	other bool    // it names something that is not ours, and nothing that is
}

type example struct {
	class  int32
	text   string
	toks   []string
	words  []*word // of toks
	weight float32 // how much it counts in training
	asked  bool    // written as somebody would type it, slips and all
	near   bool    // whether questions are compared with it
}

// The classes beside the topics and refusals.
const (
	none   = "!none"
	crisis = "!crisis"
)

// How the finder learns, found by cross-validation over the ways of asking.
const (
	pace       float32 = 8   // how far one example moves the weights
	slower     float32 = 1.5 // how much smaller the last step is: one part in so many and one
	nextWeight         = 0.5 // of a pair of neighbours, beside a word's 1
	farWeight          = 0.3 // of a pair with only words that say nothing between
	bodyWeight         = 0.3 // how much a sentence of an answer counts in training, beside a question's 1
	wellAsked          = 12  // with so many ways of asking, only the answer's first sentences are learnt from
	openers            = 3
	nearPower          = 8 // of likeness, beside the square root of the linear model's probability
)

func newRanker(topics []Topic, refusals map[string]string, lex *lexicon) *ranker {
	f := &ranker{lex: lex, exps: newExps(), words: make(map[string]*word, 1<<13), terms: make(map[string]int32, 1<<12), pairs: newTable(1 << 15)}
	examples := f.examples(topics, refusals)
	f.learnWords(examples, f.learnSpelling)
	lists := make([][]int32, len(examples))
	for i, e := range examples {
		lists[i], _ = f.numbers(e.words, true)
	}
	seen, entries := make([]int32, f.count), 0
	for _, list := range lists {
		entries += len(list)
		for _, n := range list {
			seen[n]++
		}
	}
	f.ours = make([]bool, f.count)
	f.idf = make([]float32, f.count)
	for n := range f.idf {
		f.idf[n] = float32(math.Log(float64(len(examples)+1) / (float64(seen[n]) + 0.5)))
	}
	vectors, weights := make([]vector, len(examples)), make([]float32, entries)
	for i := range examples {
		vectors[i] = f.weigh(lists[i], weights[:len(lists[i]):len(lists[i])])
		weights = weights[len(lists[i]):]
	}
	f.none, f.crisis = slices.Index(f.classes, none), slices.Index(f.classes, crisis)
	var compared sync.WaitGroup
	compared.Go(func() { f.compare(examples, vectors, seen) })
	f.train(examples, vectors, seen)
	compared.Wait()
	f.scratch.New = func() any {
		return &scratch{scores: make([]float32, len(f.classes)), best: make([][3]float32, len(f.classes)), sums: make([]float32, len(examples))}
	}
	return f
}

// examples are everything the finder learns from: what people ask, the words of the answers, and the hints.
func (f *ranker) examples(topics []Topic, refusals map[string]string) []example {
	list := make([]example, 0, 1<<14)
	class := func(id string, texts []string, weight float32, near bool) {
		n := int32(slices.Index(f.classes, id))
		if n < 0 {
			n = int32(len(f.classes))
			f.classes = append(f.classes, id)
		}
		for _, t := range texts {
			list = append(list, example{class: n, text: t, weight: weight, near: near})
		}
	}
	for _, t := range topics {
		class(t.ID, t.Ask, 1, true)
		for i := range t.Ask {
			list[len(list)-1-i].asked = true
		}
		class(t.ID, []string{t.Title}, 1, true)
		class(t.ID, []string{strings.ReplaceAll(t.ID, "-", " ")}, 1, true)
		class(t.ID, f.lex.hints[t.ID], 1, true)
		said := sentences(t.Body)
		if len(t.Ask) >= wellAsked {
			said = said[:min(openers, len(said))]
		}
		class(t.ID, said, bodyWeight, false)
	}
	for _, id := range sortedKeys(refusals) {
		class("!"+id, f.lex.hints["!"+id], 1, true)
		class("!"+id, []string{refusals[id]}, 0.5, false)
	}
	class(none, f.lex.hints[none], 1, true)
	class(crisis, f.lex.hints[crisis], 1, true)
	cut := func(part []example) {
		for i := range part {
			part[i].toks = Tokens(part[i].text)
		}
	}
	var other sync.WaitGroup
	other.Go(func() { cut(list[:len(list)/2]) })
	cut(list[len(list)/2:])
	other.Wait()
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

// compare notes the examples that questions are compared with, under each number that stands in them.
func (f *ranker) compare(examples []example, vectors []vector, seen []int32) {
	f.owner = make([]int32, len(examples))
	f.postings = make([][]posting, f.count)
	total := 0
	for _, n := range seen {
		total += int(n)
	}
	room := make([]posting, total)
	for n := range f.postings {
		f.postings[n], room = room[:0:seen[n]], room[seen[n]:]
	}
	for i, e := range examples {
		f.owner[i] = e.class
		if !e.near {
			continue
		}
		foreign := int(e.class) == f.none || int(e.class) == f.crisis
		for k, n := range vectors[i].nums {
			f.ours[n] = f.ours[n] || !foreign
			f.postings[n] = append(f.postings[n], posting{int32(i), vectors[i].weights[k]})
		}
	}
}

// numbers gives the terms and pairs of a text. When learning, what is new is added; otherwise it is left out. The second result is how many words that say anything there are, and what part of them is known.
func (f *ranker) numbers(words []*word, learning bool) ([]int32, reading) {
	words = f.inOurs(f.spelled(words, learning), learning)
	nums := make([]int32, 0, 3*len(words))
	var room [2 * longPiece]int32                                  // for most texts enough
	labels, heavy := room[:0:longPiece], room[longPiece:longPiece] // what a word is called in pairs: its kind, or its stem
	r := reading{}
	said, known := 0.0, 0.0
	other, anchored := false, false
	for i, w := range words {
		anchored = anchored || w.anchor
		if w.text == stop {
			labels = append(labels, -1)
			continue
		}
		n := f.term(w, learning)
		label := n
		if n >= 0 {
			nums = append(nums, n)
		}
		if p, ok := longest(w.kinds, words[i:]); ok {
			other = other || strings.HasPrefix(p.means[0], "@other")
			if k := f.number(p.means[0], learning); k >= 0 {
				nums = append(nums, k)
				label = k
			}
		}
		labels = append(labels, label)
		if w.stop {
			continue
		}
		heavy = append(heavy, label)
		weight, ours := f.says(n, label, learning)
		said, known = said+weight, known+ours
	}
	r.heavy = len(heavy)
	nums = f.pair(nums, labels, 0, learning)
	nums = f.pair(nums, heavy, 1, learning)
	slices.Sort(nums)
	nums = slices.Compact(nums)
	if said > 0 {
		r.known = known / said
	}
	r.other = other && !anchored
	return nums, r
}

// says is how much a word says, by its number and what it is called in pairs, and how much of that is known: of a word of
// which only the kind is, the half.
func (f *ranker) says(n, label int32, learning bool) (weight, known float64) {
	const unknown = 6.0
	switch {
	case n >= 0 && !learning && f.ours[n]:
		weight = float64(f.idf[n])
		return weight, weight
	case n >= 0 && !learning:
		return float64(f.idf[n]), 0
	case label >= 0:
		return unknown, unknown / 2
	}
	return unknown, 0
}

// pair adds the numbers of the labels that stand together.
func (f *ranker) pair(nums, labels []int32, far uint64, learning bool) []int32 {
	for i := 1; i < len(labels); i++ {
		a, b := labels[i-1], labels[i]
		if a < 0 || b < 0 {
			continue
		}
		if n := f.pairNumber(far<<63|uint64(a)<<31|uint64(b), learning); n >= 0 {
			nums = append(nums, n)
		}
	}
	return nums
}

// pairNumber gives the number of a pair; -1 when it is none.
func (f *ranker) pairNumber(key uint64, learning bool) int32 {
	n := f.pairs.get(key) - 1
	if n >= 0 || !learning {
		return n
	}
	n = f.count
	f.count++
	f.pairs.put(key, n+1)
	if key>>63 == 1 {
		f.factor = append(f.factor, farWeight)
	} else {
		f.factor = append(f.factor, nextWeight)
	}
	return n
}

func (f *ranker) number(term string, learning bool) int32 {
	n, ok := f.terms[term]
	if !ok {
		if !learning {
			return -1
		}
		n = f.count
		f.count++
		f.terms[term] = n
		f.factor = append(f.factor, 1)
	}
	return n
}

// term gives the number of a word, or of its stem when the word is new; -1 when it is none.
func (f *ranker) term(w *word, learning bool) int32 {
	if w.term >= 0 || len(w.text) > longWord {
		return w.term
	}
	if learning {
		if w.stem == "" { // of a list of phrases, not of an example
			w.stem = stem(w.text)
		}
		w.term = f.number(w.stem, true)
		return w.term
	}
	if n, ok := f.terms[stem(w.text)]; ok {
		return n
	}
	return -1
}

func (f *ranker) vector(nums []int32) vector { return f.weigh(nums, make([]float32, len(nums))) }

// weigh makes a vector of numbers, with its weights in memory that is given.
func (f *ranker) weigh(nums []int32, weights []float32) vector {
	v := vector{nums, weights}
	sum := float32(0)
	for i, n := range nums {
		v.weights[i] = f.idf[n] * f.factor[n]
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

func (f *ranker) read(toks []string) reading {
	var room [longPiece]*word
	words := room[:0]
	for _, t := range toks {
		words = append(words, f.word(t))
	}
	nums, r := f.numbers(words, false)
	r.vector = f.vector(nums)
	return r
}

// rank gives every class with its odds, best first, and how the question was read.
func (f *ranker) rank(toks []string) ([]ranked, reading) {
	list, r := f.odds(toks)
	best(list)
	return list, r
}

// apart gives the likeliest topics and all refusals of a list of odds, best first.
func (f *ranker) apart(odds []ranked) (topics, refusals []ranked) {
	topics, refusals = make([]ranked, 0, mostTopics+1), make([]ranked, 0, 8)
	for _, c := range odds {
		switch {
		case c.id[0] != '!':
			topics = amongBest(topics, c)
		case c.id != none && c.id != crisis:
			refusals = append(refusals, c)
		}
	}
	best(refusals)
	return topics, refusals
}

// mostTopics is how many topics are ever looked at behind one question.
const mostTopics = 2 + fewTopics

// amongBest puts a class in its place in a list, of which the last falls off when it
// grows too long.
func amongBest(list []ranked, c ranked) []ranked {
	i := len(list)
	for i > 0 && better(c, list[i-1]) < 0 {
		i--
	}
	if i == mostTopics {
		return list
	}
	return slices.Insert(list, i, c)[:min(len(list)+1, mostTopics)]
}

func best(list []ranked) { slices.SortFunc(list, better) }

// better orders classes by their odds, and equal ones by name.
func better(a, b ranked) int { return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.id, b.id)) }

// odds gives every class with its odds, in the order of f.classes, and how the question was read.
func (f *ranker) odds(toks []string) ([]ranked, reading) {
	r := f.read(toks)
	s := f.scratch.Get().(*scratch)
	defer f.scratch.Put(s)
	s.rows = f.inRows(r.vector, s.rows)
	score(f.linear, s.rows, s.scores)
	f.exps.softmax(s.scores)
	f.nearest(r.vector, s)
	list := make([]ranked, len(f.classes))
	total := 0.0
	for c := range list {
		best := s.best[c]
		near := float64(0.7*best[0] + 0.2*best[1] + 0.1*best[2])
		p := math.Sqrt(float64(s.scores[c])+1e-4) * math.Exp(nearPower*near)
		list[c] = ranked{f.classes[c], p, float64(s.scores[c]), near}
		total += p
	}
	for c := range list {
		list[c].p /= total
	}
	return list, r
}

// scratch is memory that one look at a question needs and the next can use again.
type scratch struct {
	scores  []float32    // by class
	best    [][3]float32 // by class: the likeness of its three nearest examples
	sums    []float32    // by example, all zero between uses
	touched []int32
	rows    vector
}

// nearest finds for each class the examples that are most like the question: the best counts, and a little the next two.
func (f *ranker) nearest(v vector, s *scratch) {
	sums, touched := s.sums, s.touched[:0]
	for i, n := range v.nums {
		w := v.weights[i]
		for _, p := range f.postings[n] {
			like := sums[p.example]
			if like == 0 {
				touched = append(touched, p.example)
			}
			sums[p.example] = like + w*p.weight
		}
	}
	s.touched = touched
	clear(s.best)
	for _, e := range touched {
		like := sums[e]
		sums[e] = 0
		b := &s.best[f.owner[e]]
		switch {
		case like > b[0]:
			b[0], b[1], b[2] = like, b[0], b[1]
		case like > b[1]:
			b[1], b[2] = like, b[1]
		case like > b[2]:
			b[2] = like
		}
	}
}

// danger gives the odds that words are danger: of the most dangerous sentence, since somebody may say much else around it. Long
// sentences are looked at in pieces. Of words that set phrases were cut from, pieces that say nothing are left out.
func (f *ranker) danger(toks []string, cut bool) float64 {
	worst := 0.0
	for part := range pieces(toks) {
		list, r := f.odds(part)
		if !cut || r.heavy > 0 && r.known >= 0.3 {
			worst = max(worst, list[f.crisis].p)
		}
	}
	return worst
}

// longPiece is how many words are looked at together for danger.
const longPiece = 24

// pieces yields the sentences of a text, and long ones in pieces that overlap.
func pieces(toks []string) iter.Seq[[]string] {
	const long, step = longPiece, longPiece / 2
	return func(yield func([]string) bool) {
		for len(toks) > 0 {
			part, rest := toks, []string(nil)
			if i := slices.Index(toks, stop); i >= 0 {
				part, rest = toks[:i], toks[i+1:]
			}
			for ; len(part) > long; part = part[step:] {
				if !yield(part[:long]) {
					return
				}
			}
			if len(part) > 0 && !yield(part) {
				return
			}
			toks = rest
		}
	}
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
