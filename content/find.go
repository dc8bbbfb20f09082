package content

import "village/content/find"

// Kind says what a Finding is.
type Kind = find.Kind

// The kinds of a finding.
const (
	KindAnswer = find.KindAnswer // the first topic answers the question
	KindUnsure = find.KindUnsure // the first topics may; show up to three to choose from, or say honestly that there is nothing
	KindRefuse = find.KindRefuse // Refusal says kindly why not, and who can help
	KindCrisis = find.KindCrisis // show Library.Crisis before anything else
)

// SuicidalThoughts is the topic that is never shown without the lines.
const SuicidalThoughts = find.SuicidalThoughts

// Scored is a topic and how sure the finder is of it.
type Scored = find.Scored

// Finding is what there is to say to a question.
type Finding struct {
	find.Finding
	Refusal Refusal // with Refuse
}

// Ready learns what there is to learn from the words, so that nobody who asks waits for it; see [find.Finder.Ready].
func (l *Library) Ready() { l.finder.Ready() }

// UnsureInSpanish is said to somebody who writes in Spanish, to whom nothing can be answered.
func (l *Library) UnsureInSpanish() string { return l.spanish }

// Spanish says whether words are Spanish rather than English.
func Spanish(words string) bool { return find.Spanish(words) }

// Find says what to answer to a question in people's own words, or to a topic's id; see [find.Finder.Find]. It may be
// called by many goroutines at once.
func (l *Library) Find(question string) Finding {
	f := l.finder.Find(question)
	return Finding{f, l.refusals[f.Refuse]}
}

// Danger says whether words sound like a crisis; see [find.Finder.Danger].
func (l *Library) Danger(text string) bool { return l.finder.Danger(text) }

// Certain says whether a rule hears danger in words that were never meant as a question; see [find.Finder.Certain].
func (l *Library) Certain(text string) bool { return l.finder.Certain(text) }

// Suggest returns up to n topics for words that are still being typed; see [find.Finder.Suggest].
func (l *Library) Suggest(typed string, n int) []Topic {
	var topics []Topic
	for _, id := range l.finder.Suggest(typed, n) {
		topics = append(topics, l.topics[l.byID[id]])
	}
	return topics
}

// learn makes the finder of the topics and refusals that the library has.
func (l *Library) learn() {
	l.finder = find.New(l.known()).WithOpinion(l.opinion())
}

// Examples are all words that the finder has learnt from, the sentences of the answers left out.
func (l *Library) Examples() []find.Example { return find.Examples(l.known()) }

// known is what the finder learns from.
func (l *Library) known() ([]find.Topic, map[string]string, *find.Lists) {
	topics := make([]find.Topic, len(l.topics))
	for i, t := range l.topics {
		topics[i] = find.Topic{ID: t.ID, Title: t.Title, Body: t.Body, Ask: t.Ask, Related: t.Related}
	}
	refusals := make(map[string]string, len(l.refusals))
	for id, r := range l.refusals {
		refusals[id] = r.Title
	}
	return topics, refusals, l.lists
}
