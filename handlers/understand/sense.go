package understand

import (
	_ "embed"
	"math"
	"strings"
	"sync"

	"village/content"
	"village/content/encoder"
)

//go:generate go run ./internal/heads

// waysHead is what the encoder's numbers say about what people want; see internal/heads.
//
//go:embed ways.head
var waysHead string

// Example is a sentence and what it says, as ways.txt has it.
type Example struct{ Means, Text string }

// Examples are the sentences of ways.txt.
func Examples() []Example {
	var list []Example
	eachWay(waysText, func(means, line string) { list = append(list, Example{means, line}) })
	return list
}

// eachWay calls do with every sentence of ways.txt and what it says.
func eachWay(text string, do func(means, line string)) {
	means := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		head, isHead := strings.CutPrefix(line, "= ")
		switch {
		case line == "", line[0] == '#':
		case isHead:
			means = head
		default:
			do(means, line)
		}
	}
}

// readHead gives the head when it is first needed; nil when it cannot be used, which a test would say.
func readHead() func() *encoder.Head {
	return sync.OnceValue(func() *encoder.Head {
		h, err := encoder.ReadHead(waysHead)
		if err != nil {
			return nil
		}
		return h
	})
}

// LearntFrom is the hash of the examples that the head was learnt from; empty when there is none.
func LearntFrom() string {
	if h := readHead()(); h != nil {
		return h.From()
	}
	return ""
}

// How much is believed of what words say as a whole, found on the development sets.
const (
	likelyAt = 0.50 // of a reply or a kind word, where nothing else is known
	surelyAt = 0.85 // against an answer, and where there is danger
	linesAt  = 0.30 // from which the lines for a crisis stand beside whatever is offered
)

// sure says whether an answer is so sure that nobody has to be asked.
func sure(found content.Finding) bool {
	return found.Kind != content.KindRefuse && len(found.Topics) > 0 && found.Topics[0].Score >= 0.9
}

// How the two ways of looking are weighed, found on the development sets.
const (
	sensePower = 0.6 // of the encoder's odds
	nearPower  = 8.0 // of likeness by words
)

// sense says what words mean by their words and by what they say as a whole, 0 to 1 and 1 in all; nil where there is no
// encoder. What a rule reads in them counts for more.
func (e *Ear) sense(h Heard, rule []Thing) map[string]float64 {
	head := e.head()
	if head == nil {
		return nil
	}
	numbers := e.finder.Numbers(h.Words)
	if numbers == nil {
		return nil
	}
	near := e.ways().near(e.features(h.Words))
	odds, total := map[string]float64{}, 0.0
	for i, p := range head.Odds(numbers) {
		means := head.Classes()[i]
		if moderates(means) && h.Who != Moderator {
			continue
		}
		odds[means] = math.Pow(float64(p)+1e-4, sensePower) * math.Exp(nearPower*near[means])
	}
	for _, t := range rule {
		odds[t.Name()] = max(odds[t.Name()], math.Pow(1e-4, sensePower)) * ruled
	}
	for _, p := range odds {
		total += p
	}
	for means := range odds {
		odds[means] /= total
	}
	return odds
}

// moderates says whether only moderators can mean it.
func moderates(means string) bool {
	first, _, _ := strings.Cut(means, " ")
	return among(first, "setup", "reminders", "local") || among(means, "need uncovered", "helper bar", "helper unbar")
}
