package content

import (
	"cmp"
	"slices"
	"strings"
)

// Kind says what a Finding is.
type Kind string

// The kinds of a finding.
const (
	KindAnswer Kind = "answer" // the first topic answers the question
	KindUnsure Kind = "unsure" // the first topics may; show up to three to choose from, or say honestly that there is nothing
	KindRefuse Kind = "refuse" // Refusal says kindly why not, and who can help
	KindCrisis Kind = "crisis" // show Library.Crisis before anything else
)

// Finding is what there is to say to a question.
type Finding struct {
	Kind      Kind
	None      bool     // with Unsure: nothing here seems to be about this; Topics are only the nearest
	Topics    []Scored // up to five, best first; also with Refuse and Danger, to be read afterwards
	Also      []string // with Answer: further topics that the same message surely asks about
	Refusal   Refusal  // with Refuse
	WithLines bool     // with any other kind: show the crisis lines beside the answer
}

// Scored is a topic and how sure the finder is of it: 0 to 1, and roughly how often it is right at that score.
type Scored struct {
	ID    string
	Score float64
}

// Find says what to answer to a question in people's own words, or to a topic's id. It reads the first six and the last
// two kilobytes, never fails, and may be called by many goroutines at once.
func (l *Library) Find(question string) Finding {
	toks := tokens(question)
	if id := strings.Join(toks, "-"); len(toks) <= 6 {
		if t, ok := l.Topic(id); ok {
			return Finding{Kind: KindAnswer, Topics: l.around(t), WithLines: t.ID == suicidalThoughts}
		}
	}
	h := l.listen(toks)
	f := l.decide(h.plain)
	f.WithLines = h.aware || len(f.Topics) > 0 && f.Topics[0].ID == suicidalThoughts && f.Kind != KindRefuse
	if h.danger {
		f = Finding{Kind: KindCrisis, Topics: f.Topics}
	}
	return f
}

// suicidalThoughts is the topic that is never shown without the lines.
const suicidalThoughts = "suicidal-thoughts"

// around gives a topic that was named by its id, then what is related to it.
func (l *Library) around(t Topic) []Scored {
	list := []Scored{{t.ID, 1}}
	for _, r := range t.Related {
		if len(list) < 5 {
			list = append(list, Scored{r, 0.1})
		}
	}
	return list
}

// Suggest returns up to n topics for words that are still being typed: those whose title or id begins so, or has words that
// begin so, then those that the finder thinks of. Nothing typed yet gives the first topics in order.
func (l *Library) Suggest(typed string, n int) []Topic {
	if n <= 0 {
		return nil
	}
	toks := slices.DeleteFunc(tokens(typed), func(t string) bool { return t == stop })
	if len(toks) == 0 {
		return slices.Clone(l.topics[:min(n, len(l.topics))])
	}
	type hit struct {
		topic int
		score float64
	}
	found := make([]hit, len(l.topics))
	ranked, _ := l.finder.rank(toks)
	for i, t := range l.topics {
		found[i] = hit{i, prefixScore(toks, tokens(t.Title), strings.Split(t.ID, "-"))}
	}
	for _, r := range ranked {
		if i, ok := l.byID[r.id]; ok {
			found[i].score += r.p
		}
	}
	slices.SortStableFunc(found, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	var topics []Topic
	for _, h := range found[:min(n, len(found))] {
		if h.score > 0.005 {
			topics = append(topics, l.topics[h.topic])
		}
	}
	return topics
}

// prefixScore says how well typed words fit a title or an id: each whole word counts, and the last may be only begun.
func prefixScore(typed, title, id []string) float64 {
	score := 0.0
	for i, t := range typed {
		begun := i == len(typed)-1
		for _, w := range [][]string{title, id} {
			if slices.Contains(w, t) || begun && len(t) > 0 && slices.ContainsFunc(w, func(s string) bool { return strings.HasPrefix(s, t) }) {
				score += 1 / float64(len(typed))
				break
			}
		}
	}
	if len(title) > 0 && len(typed) > 0 && strings.HasPrefix(strings.Join(title, " "), strings.Join(typed, " ")) {
		score++
	}
	return score
}

// Where the finder is sure; found on the part of the development set that is not held out (see the package comment).
const (
	sureAt    = 0.55 // the first topic's odds, of all topics'
	knownAt   = 0.35 // how much of the question must be in words of ours
	noneAt    = 0.12 // below these odds nothing is near
	alsoAt    = 0.60
	refuseAt  = 0.50
	fewTopics = 5
)

// decide turns the odds of the classes into what to say.
func (l *Library) decide(toks []string) Finding {
	list, r := l.finder.rank(toks)
	var f Finding
	refusal, nothing := map[string]float64{}, 0.0
	for _, c := range list {
		switch {
		case c.id == none:
			nothing = c.p
		case c.id == crisis: // listen has looked at that
		case strings.HasPrefix(c.id, "!"):
			refusal[c.id[1:]] = c.p
		default:
			if len(f.Topics) < fewTopics {
				f.Topics = append(f.Topics, Scored{c.id, c.p})
			}
		}
	}
	kind, odds := "", 0.0
	for id, p := range refusal {
		odds += p
		if kind == "" || p > refusal[kind] || p == refusal[kind] && id < kind {
			kind = id
		}
	}
	if ruled := l.mustRefuse(toks); ruled != "" {
		kind, odds = ruled, 1
	}
	for i := range f.Topics {
		f.Topics[i].Score = round(f.Topics[i].Score)
	}
	switch {
	case odds >= refuseAt:
		f.Kind, f.Refusal = KindRefuse, l.refusals[kind]
	case nothing > 0.4 || r.known < knownAt || len(f.Topics) == 0 || f.Topics[0].Score < noneAt || len(r.nums) == 0:
		f.Kind, f.None = KindUnsure, true
	case f.Topics[0].Score >= sureAt:
		f.Kind = KindAnswer
	default:
		f.Kind = KindUnsure
	}
	return f
}

func round(p float64) float64 { return float64(int(p*1000+0.5)) / 1000 }
