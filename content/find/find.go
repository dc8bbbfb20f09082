package find

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Topic is a question people have and the answer to it, as far as it is learnt from.
type Topic struct {
	ID, Title, Body string
	Ask             []string // ways people type it
	Related         []string // ids of topics that exist, the most useful first
}

// Finder finds the topic, the refusal or the danger in people's words. It never changes, and may be used by many
// goroutines at once.
type Finder struct {
	topics []Topic
	byID   map[string]int
	kinds  []string // the refusals' ids
	lists  *Lists
	ranker func() *ranker
	second Opinion // nil: none
}

// New is a finder that learns from topics, from refusals (their titles by id) and from the lists when it is first asked something
// that no rule decides, or told to get [Finder.Ready]. Learning takes as long as loading everything the bot says.
func New(topics []Topic, refusals map[string]string, lists *Lists) *Finder {
	f := &Finder{topics: topics, byID: make(map[string]int, len(topics)), kinds: sortedKeys(refusals), lists: lists}
	for i, t := range topics {
		f.byID[t.ID] = i
	}
	f.ranker = sync.OnceValue(func() *ranker { return newRanker(topics, refusals, lists.lexicon) })
	return f
}

// Ready learns what there is to learn, so that nobody who asks waits for it.
func (f *Finder) Ready() { f.ranker() }

// Example is words that a finder learns from, and what they are about: a topic, a refusal behind a !, !none or !crisis.
type Example struct{ Class, Text string }

// Examples are the questions and hints that New learns from, without the sentences of the answers.
func Examples(topics []Topic, refusals map[string]string, lists *Lists) []Example {
	f := &ranker{lex: lists.lexicon}
	var list []Example
	for _, e := range f.examples(topics, refusals) {
		if e.near {
			list = append(list, Example{f.classes[e.class], e.text})
		}
	}
	return list
}

// Kind says what a Finding is.
type Kind string

// The kinds of a finding.
const (
	KindAnswer Kind = "answer" // the first topic answers the question
	KindUnsure Kind = "unsure" // the first topics may; show up to three to choose from, or say honestly that there is nothing
	KindRefuse Kind = "refuse" // Refuse says which refusal tells kindly why not, and who can help
	KindCrisis Kind = "crisis" // a rule hears danger: show the lines for a crisis before anything else
)

// Finding is what there is to say to a question.
type Finding struct {
	Kind      Kind
	Danger    bool     // what Finder.Danger says of the words, whatever the kind: by rule or by likeness alone
	None      bool     // with Unsure: nothing here seems to be about this; Topics are only the nearest
	Topics    []Scored // up to five, best first; also with Refuse and Danger, to be read afterwards
	Also      []string // with Answer: further topics that the same message surely asks about
	Refuse    string   // with Refuse: the refusal's id
	WithLines bool     // with any other kind: show the crisis lines beside the answer
	Safety    string   // the topic whose safety sentence comes before whatever else is said, a refusal too
	Either    []string // with Unsure: the topic for before a session and the one for after, which the words leave open
}

// Scored is a topic and how sure the finder is of it: 0 to 1, and roughly how often it is right at that score.
type Scored struct {
	ID    string
	Score float64
}

// Find says what to answer to a question in people's own words, or to a topic's id. It reads the first six and the last
// two kilobytes, and never fails.
func (f *Finder) Find(question string) Finding {
	toks := Tokens(question)
	h := f.listen(toks)
	h.words = bound(question)
	if len(toks) <= 6 {
		if i, ok := f.byID[strings.Join(toks, "-")]; ok {
			t := f.topics[i]
			return Finding{Kind: KindAnswer, Danger: h.danger, Topics: around(t), WithLines: t.ID == SuicidalThoughts}
		}
	}
	found := f.safely(toks, f.decide(&h))
	found.Danger = h.danger
	found.WithLines = h.aware || len(found.Topics) > 0 && found.Topics[0].ID == SuicidalThoughts && found.Kind != KindRefuse
	if h.ruled {
		return Finding{Kind: KindCrisis, Danger: true, Topics: found.Topics}
	}
	found.WithLines = found.WithLines || h.danger
	return found
}

// SuicidalThoughts is the topic that is never shown without the lines.
const SuicidalThoughts = "suicidal-thoughts"

// around gives a topic that was named by its id, then what is related to it.
func around(t Topic) []Scored {
	list := []Scored{{t.ID, 1}}
	for _, r := range t.Related {
		if len(list) < fewTopics {
			list = append(list, Scored{r, 0.1})
		}
	}
	return list
}

// Suggest returns the ids of up to n topics for words that are still being typed: those whose title or id begins so, or has
// words that begin so, then those that the finder thinks of. Nothing typed yet gives the first topics in order.
func (f *Finder) Suggest(typed string, n int) []string {
	if n <= 0 {
		return nil
	}
	toks := slices.DeleteFunc(Tokens(typed), func(t string) bool { return t == stop })
	if len(toks) == 0 {
		return ids(f.topics[:min(n, len(f.topics))])
	}
	scores := make([]float64, len(f.topics))
	for i, t := range f.topics {
		scores[i] = prefixScore(toks, Tokens(t.Title), strings.Split(t.ID, "-"))
	}
	ranked, _ := f.ranker().rank(toks)
	for _, r := range ranked {
		if i, ok := f.byID[r.id]; ok {
			scores[i] += r.p
		}
	}
	found := make([]int, len(f.topics))
	for i := range found {
		found[i] = i
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var topics []Topic
	for _, i := range found[:min(n, len(found))] {
		if scores[i] > 0.005 {
			topics = append(topics, f.topics[i])
		}
	}
	return ids(topics)
}

func ids(topics []Topic) []string {
	var list []string
	for _, t := range topics {
		list = append(list, t.ID)
	}
	return list
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

// limits are where the finder is sure; see the package comment for what they give on questions it has not seen.
type limits struct {
	sure    float64 // the odds from which the first topic is the answer
	none    float64 // the odds below which nothing is near
	alien   float64 // the odds of being about something else from which it is
	refuse  float64 // the odds of all refusals from which it is one
	words   bool    // whether words that are not ours are enough to say that it is about something else
	strange float64 // the odds, of an answer or of refusals, from which words that are not ours are believed all the same
}

// alone are the limits of the finder alone.
func alone() limits {
	return limits{sure: sureAt, none: 0.12, alien: 0.34, refuse: 0.50, words: true, strange: 2}
}

const (
	sureAt     = 0.50
	knownAt    = 0.35 // the least part of a question that must be in words of ours
	surelyOurs = 0.60 // the least part that must be for an answer without hesitation
	fewTopics  = 5
)

// decide says what to answer to what was heard, danger left aside. Who is unsure asks for a second opinion.
func (f *Finder) decide(h *heard) Finding {
	if h.odds == nil {
		h.odds, h.read = f.ranker().odds(h.plain)
	}
	found := f.choose(*h, alone())
	if h.ruled || found.sure() || len(h.read.nums) == 0 && h.read.heavy == 0 || spanish(h.plain) || !f.weighed(h.odds, h.words) {
		return found
	}
	h.danger = h.danger || !h.daily && h.odds[f.ranker().crisis].p >= dangerBoth
	return f.choose(*h, together())
}

// sure says whether a finding needs no second opinion.
func (found Finding) sure() bool {
	switch found.Kind {
	case KindRefuse:
		return true
	case KindAnswer:
		return len(found.Also) > 0 || found.Topics[0].Score >= askedBelow
	}
	return false
}

// choose says what the odds come to. What the words alone cannot tell (whether they are ours at all) is asked of them only where
// nobody else was asked.
func (f *Finder) choose(h heard, at limits) Finding {
	if h.about {
		readFirst(h.odds, SuicidalThoughts)
	}
	topics, refusals := f.ranker().apart(h.odds)
	var found Finding
	for _, t := range topics[:min(fewTopics, len(topics))] {
		found.Topics = append(found.Topics, Scored{t.id, round(t.p)})
	}
	if kind := f.refused(h.plain, refusals, h.read, at); kind != "" {
		found.Kind, found.Refuse = KindRefuse, kind
		return found
	}
	alien := h.odds[f.ranker().none].p >= at.alien || h.read.other || at.words && h.read.alien()
	if both := f.both(h.plain, topics, h.odds); both != nil && !alien {
		found.Kind, found.Topics, found.Also = KindAnswer, both, []string{both[1].ID}
		return found
	}
	switch {
	case alien || len(topics) == 0 || topics[0].p < at.none:
		found.Kind, found.None = KindUnsure, true
	case topics[0].p >= at.sure && (h.read.ours() || topics[0].p >= at.strange):
		found.Kind = KindAnswer
	default:
		found.Kind = KindUnsure
	}
	return found
}

// readFirst makes a topic the answer whatever else a question is about.
func readFirst(odds []ranked, topic string) {
	for i := range odds {
		if odds[i].id == topic {
			odds[i].p = max(odds[i].p, sureAt)
		} else {
			odds[i].p *= 1 - sureAt
		}
	}
}

// ours says whether most of a question is in words of ours.
func (r reading) ours() bool { return r.known >= surelyOurs || r.heavy == 0 }

// alien says whether the words of a question are not ours.
func (r reading) alien() bool {
	return r.other || r.heavy > 0 && r.known < knownAt || len(r.nums) == 0
}

// refused gives the refusal that is called for, by rule or by likeness, or nothing. What the safe rules cover counts for neither,
// and words that are not ours, or not English, are like nothing that is refused.
func (f *Finder) refused(toks []string, refusals []ranked, read reading, at limits) string {
	rules := f.lists.refuse
	words := rules.read(toks)
	left := rules.cover(words, "safe", nil)
	for _, kind := range f.kinds {
		if rules.matches(left, kind) {
			return kind
		}
	}
	least := at.refuse
	if read.alien() {
		least = at.strange
	}
	if read.other || spanish(toks) {
		return ""
	}
	likely := likelyRefusal(refusals, least)
	if likely != "" && changed(left, words) {
		odds, _ := f.ranker().odds(without(toks, left))
		_, refusals = f.ranker().apart(odds)
		likely = likelyRefusal(refusals, alone().refuse)
	}
	return likely
}

// likelyRefusal gives the likeliest refusal when all of them together are likely enough, or nothing.
func likelyRefusal(refusals []ranked, least float64) string {
	odds := 0.0
	for _, r := range refusals {
		odds += r.p
	}
	if odds < least {
		return ""
	}
	return strings.TrimPrefix(refusals[0].id, "!")
}

// both gives the topics of two questions in one message, or nil when there are not two that are sure. The whole must not point
// elsewhere.
func (f *Finder) both(toks []string, whole, odds []ranked) []Scored {
	parts := questions(toks)
	if len(parts) != 2 {
		return nil
	}
	var found []Scored
	for _, part := range parts {
		topic, ok := f.surely(part)
		if !ok {
			return nil
		}
		found = append(found, topic)
	}
	if found[0].ID == found[1].ID {
		return nil
	}
	together := 0.0
	for _, t := range odds {
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

// surely gives the topic of a part of a message that is a question, when it is sure.
func (f *Finder) surely(part []string) (Scored, bool) {
	if !slices.ContainsFunc(part, asks) {
		return Scored{}, false
	}
	odds, read := f.ranker().odds(part)
	topics, _ := f.ranker().apart(odds)
	first := topics[0]
	return Scored{first.id, round(first.p)}, first.p >= sureAt && read.heavy > 0 && read.known >= knownAt
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
