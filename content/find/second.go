package find

import "math"

// Opinion is what somebody else makes of words: how likely each class is (a topic, a refusal behind a !, !none or !crisis), 0 to 1.
// Nil when there is none to be had. It may be slow: it is asked only where the finder itself is unsure.
type Opinion func(words string) map[string]float32

// WithOpinion gives a finder that asks for a second opinion where it is unsure.
func (f *Finder) WithOpinion(second Opinion) *Finder {
	other := *f
	other.second = second
	return &other
}

// How a second opinion counts, found on the development set alone.
const (
	askedBelow  = 0.60 // the odds from which the finder needs none
	secondPower = 0.30 // of its odds, beside the finder's
	leastOdds   = 1e-4 // what is less likely counts as this
	dangerBoth  = 0.22 // how likely danger must be, by both together, for the lines to stand beside the answer
)

// together are the limits of the finder and a second opinion.
func together() limits {
	return limits{sure: 0.65, none: 0.07, alien: 0.40, refuse: 0.45, strange: 0.70}
}

// weighed puts a second opinion to the odds, and says whether there was one. A group's own topics, of which it can know nothing, lose nothing by it.
func (f *Finder) weighed(odds []ranked, words string) bool {
	if f.second == nil {
		return false
	}
	opinion := f.second(words)
	if opinion == nil {
		return false
	}
	total := 0.0
	for i, c := range odds {
		other, known := opinion[c.id]
		if !known {
			other = 1
		}
		odds[i].p *= math.Pow(max(float64(other), leastOdds), secondPower)
		total += odds[i].p
	}
	for i := range odds {
		odds[i].p /= total
	}
	return true
}
