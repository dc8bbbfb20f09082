package find

import (
	"cmp"
	"slices"
)

// Knows says whether there is a topic of that id.
func (f *Finder) Knows(id string) bool {
	_, ok := f.byID[id]
	return ok
}

// Approaches gives the topics for a question, best first, by the linear model alone, by likeness alone and by both.
func (f *Finder) Approaches(question string) (lists [3][]string) {
	odds, _ := f.ranker().odds(f.listen(Tokens(question)).plain)
	topics := slices.DeleteFunc(odds, func(c ranked) bool { return c.id[0] == '!' })
	best(topics)
	for i, score := range []func(ranked) float64{func(r ranked) float64 { return r.linear }, func(r ranked) float64 { return r.nearest }, func(r ranked) float64 { return r.p }} {
		slices.SortStableFunc(topics, func(a, b ranked) int { return cmp.Compare(score(b), score(a)) })
		for _, t := range topics {
			lists[i] = append(lists[i], t.id)
		}
	}
	return lists
}
