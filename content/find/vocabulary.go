package find

import (
	"maps"
	"slices"
	"sync"

	"github.com/kljensen/snowball/english"
)

// word is everything the finder knows of a word, so that reading a text looks each of its words up once.
type word struct {
	text   string
	same   []phrase // people's phrases that begin with it, with ours for them
	kinds  []phrase // phrases that begin with it and are of a kind
	stop   bool     // says nothing about what is asked
	anchor bool     // ties a question to us
	plain  bool     // an everyday word, no misspelling of another
	often  int      // how often it stands in questions, as people write it
	asked  int      // how often in a way of asking
	stem   string   // known of the words of the examples
	term   int32    // its number; -1 is none
	meant  *word    // the word it is a misspelling of, or itself; nil when nobody has looked
}

// word gives what is known of a word. A word that no example and no list has is not kept, so that questions may be read by many at
// once and leave nothing behind.
func (f *ranker) word(text string) *word {
	if w, ok := f.words[text]; ok {
		return w
	}
	x := f.lex
	return &word{text: text, same: x.same[text], kinds: x.kinds[text], stop: x.stop[text], anchor: x.anchor[text], plain: x.common[text], term: -1}
}

// learnWord is word for one that is to be kept.
func (f *ranker) learnWord(text string) *word {
	if w, ok := f.words[text]; ok {
		return w
	}
	w := f.word(text)
	f.words[text] = w
	return w
}

// learnWords notes the words of the examples and how often they stand in questions, and finds their stems on two cores, because it
// takes long, with other work done meanwhile.
func (f *ranker) learnWords(examples []example, meanwhile func()) {
	count := 0
	for i := range examples {
		count += len(examples[i].toks)
	}
	room := make([]*word, count)
	for i := range examples {
		e := &examples[i]
		e.words, room = room[:len(e.toks):len(e.toks)], room[len(e.toks):]
		for j, t := range e.toks {
			w := f.learnWord(t)
			e.words[j] = w
			switch {
			case e.near:
				w.often++
			case w.often == 0:
				w.often = 1
			}
			if e.asked {
				w.asked++
			}
		}
	}
	words := slices.Collect(maps.Values(f.words))
	stemAll := func(words []*word) {
		for _, w := range words {
			if len(w.text) <= longWord {
				w.stem = stem(w.text)
			}
		}
	}
	most := len(words) * 4 / 5 // what is done meanwhile takes as long as the fifth part and two more
	var others sync.WaitGroup
	others.Go(func() { stemAll(words[:most]) })
	meanwhile()
	stemAll(words[most:])
	others.Wait()
}

// longWord is how many letters a word may have that is looked up.
const longWord = 30

func stem(w string) string {
	if w[0] < 'a' || w[0] > 'z' {
		return w
	}
	return english.Stem(w, false)
}

// inOurs puts our words in the place of people's.
func (f *ranker) inOurs(words []*word, learning bool) []*word {
	first := slices.IndexFunc(words, func(w *word) bool { return w.same != nil })
	if first < 0 {
		return words
	}
	out := append(make([]*word, 0, len(words)+4), words[:first]...)
	for i := first; i < len(words); {
		p, ok := longest(words[i].same, words[i:])
		if !ok {
			out = append(out, words[i])
			i++
			continue
		}
		for _, text := range p.means {
			if learning {
				out = append(out, f.learnWord(text))
			} else {
				out = append(out, f.word(text))
			}
		}
		i += len(p.words)
	}
	return out
}

// longest gives the first of the phrases (the longest stand first) that the words begin with.
func longest(ps []phrase, words []*word) (phrase, bool) {
next:
	for _, p := range ps {
		if len(p.words) > len(words) {
			continue
		}
		for i, text := range p.words {
			if words[i].text != text {
				continue next
			}
		}
		return p, true
	}
	return phrase{}, false
}

// table maps numbers to numbers above zero; zero is none. It does the little that is needed of a map in a third of the time.
type table struct {
	keys   []uint64
	values []int32
	taken  int
}

// newTable has room for so many at least.
func newTable(room int) *table {
	size := 16
	for size < 2*room {
		size *= 2
	}
	return &table{keys: make([]uint64, size), values: make([]int32, size)}
}

func (t *table) at(key uint64) int {
	mask := len(t.keys) - 1
	i := int((key*0x9e3779b97f4a7c15)>>32) & mask
	for t.values[i] != 0 && t.keys[i] != key {
		i = (i + 1) & mask
	}
	return i
}

func (t *table) get(key uint64) int32 { return t.values[t.at(key)] }

func (t *table) put(key uint64, value int32) {
	i := t.at(key)
	if t.values[i] == 0 {
		if t.taken++; 4*t.taken > 3*len(t.keys) {
			bigger := newTable(len(t.keys))
			for j, v := range t.values {
				if v != 0 {
					bigger.put(t.keys[j], v)
				}
			}
			*t = *bigger
			t.put(key, value)
			return
		}
	}
	t.keys[i], t.values[i] = key, value
}
