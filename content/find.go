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
	Danger    bool     // what Library.Danger says of the words, whatever the kind
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
	h := l.listen(toks)
	if id := strings.Join(toks, "-"); len(toks) <= 6 {
		if t, ok := l.Topic(id); ok {
			return Finding{Kind: KindAnswer, Danger: h.danger, Topics: l.around(t), WithLines: t.ID == suicidalThoughts}
		}
	}
	f := l.decide(h)
	f.Danger = h.danger
	f.WithLines = h.aware || len(f.Topics) > 0 && f.Topics[0].ID == suicidalThoughts && f.Kind != KindRefuse
	if h.danger && (f.Kind != KindRefuse || h.sure) {
		return Finding{Kind: KindCrisis, Danger: true, Topics: f.Topics}
	}
	f.WithLines = f.WithLines || h.danger
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

// Where the finder is sure; see the package comment for what they give on questions it has not seen.
const (
	sureAt     = 0.50 // the odds from which the first topic is the answer
	noneAt     = 0.12 // the odds below which nothing is near
	knownAt    = 0.35 // the least part of a question that must be in words of ours
	surelyOurs = 0.60 // the least part that must be for an answer without hesitation
	alienAt    = 0.34 // the odds of being about something else from which it is
	refuseAt   = 0.50 // the odds of all refusals from which it is one
	surelyBad  = 0.70 // danger by likeness alone that comes before a refusal; below it the refusal has the lines beside it
	fewTopics  = 5
)

// decide says what to answer to what was heard, danger left aside.
func (l *Library) decide(h heard) Finding {
	if h.odds == nil {
		h.odds, h.read = l.finder.odds(h.plain)
	}
	if h.about { // whatever else is in the question, this must be read first
		for i := range h.odds {
			if h.odds[i].id == suicidalThoughts {
				h.odds[i].p = max(h.odds[i].p, sureAt)
			} else {
				h.odds[i].p *= 1 - sureAt
			}
		}
	}
	topics, refusals := l.finder.apart(h.odds)
	var f Finding
	for _, t := range topics[:min(fewTopics, len(topics))] {
		f.Topics = append(f.Topics, Scored{t.id, round(t.p)})
	}
	if kind := l.refused(h.plain, refusals); kind != "" {
		f.Kind, f.Refusal = KindRefuse, l.refusals[kind]
		return f
	}
	alien := h.odds[l.finder.none].p >= alienAt || h.read.other || h.read.heavy > 0 && h.read.known < knownAt || len(h.read.nums) == 0
	if both := l.both(h.plain, topics); both != nil && !alien {
		f.Kind, f.Topics, f.Also = KindAnswer, both, []string{both[1].ID}
		return f
	}
	switch {
	case alien || len(topics) == 0 || topics[0].p < noneAt:
		f.Kind, f.None = KindUnsure, true
	case topics[0].p >= sureAt && (h.read.known >= surelyOurs || h.read.heavy == 0):
		f.Kind = KindAnswer
	default:
		f.Kind = KindUnsure
	}
	return f
}

// refused gives the refusal that is called for, by rule or by likeness, or nothing. What the safe rules cover counts for neither.
func (l *Library) refused(toks []string, refusals []ranked) string {
	words := l.refuse.read(toks)
	left := l.refuse.cover(words, "safe", nil)
	for _, kind := range sortedKeys(l.refusals) {
		if l.refuse.matches(left, kind) {
			return kind
		}
	}
	likely := likelyRefusal(refusals)
	if likely != "" && changed(left, words) {
		rest := slices.Clone(toks)
		for i, w := range left {
			if w == "_" {
				rest[i] = stop
			}
		}
		odds, _ := l.finder.odds(rest)
		_, refusals = l.finder.apart(odds)
		likely = likelyRefusal(refusals)
	}
	return likely
}

// likelyRefusal gives the likeliest refusal when all of them together are likely enough, or nothing.
func likelyRefusal(refusals []ranked) string {
	odds := 0.0
	for _, r := range refusals {
		odds += r.p
	}
	if odds < refuseAt {
		return ""
	}
	return strings.TrimPrefix(refusals[0].id, "!")
}

// both gives the topics of two questions in one message, or nil when there are not two that are sure. The whole must not point
// elsewhere.
func (l *Library) both(toks []string, whole []ranked) []Scored {
	parts := questions(toks)
	if len(parts) != 2 {
		return nil
	}
	var found []Scored
	for _, part := range parts {
		if !slices.ContainsFunc(part, asks) {
			return nil
		}
		odds, read := l.finder.odds(part)
		topics, _ := l.finder.apart(odds)
		if topics[0].p < sureAt || read.heavy == 0 || read.known < knownAt {
			return nil
		}
		found = append(found, Scored{topics[0].id, round(topics[0].p)})
	}
	if found[0].ID == found[1].ID {
		return nil
	}
	together := 0.0
	for _, t := range whole {
		if t.id == found[0].ID || t.id == found[1].ID {
			together += t.p
		}
	}
	if together < sureAt {
		return nil
	}
	for _, t := range whole {
		if len(found) < fewTopics && t.id != found[0].ID && t.id != found[1].ID {
			found = append(found, Scored{t.id, round(t.p)})
		}
	}
	return found
}

// questions cuts words where a second question may begin.
func questions(toks []string) [][]string {
	var parts [][]string
	start := 0
	for i := 0; i <= len(toks); i++ {
		if i < len(toks) && toks[i] != stop && toks[i] != "and" && toks[i] != "also" && toks[i] != "plus" {
			continue
		}
		if i-start >= 2 {
			parts = append(parts, toks[start:i])
		}
		start = i + 1
	}
	return parts
}

// asks says whether a word makes words a question.
func asks(w string) bool {
	switch w {
	case "can", "could", "do", "does", "did", "is", "are", "am", "will", "would", "should", "may", "how", "hows", "what", "whats", "when", "whens",
		"where", "wheres", "who", "whos", "whose", "why", "which", "if":
		return true
	}
	return false
}

func round(p float64) float64 { return float64(int(p*1000+0.5)) / 1000 }
