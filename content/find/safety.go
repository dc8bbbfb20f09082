package find

import "slices"

// bipolarMania is the topic that comes first where no sleep and feeling better than ever are said together.
const bipolarMania = "bipolar-mania"

// safely puts to a finding what matters more than the question, by the rules of words/safety.txt.
func (f *Finder) safely(toks []string, found Finding) Finding {
	rules := f.lists.safety
	words := rules.read(toks)
	found.Safety = f.signs(words)
	switch {
	case found.Kind == KindRefuse && found.Safety != "":
		found.Topics = ahead(found.Topics, found.Safety)
	case found.Kind == KindRefuse:
	case found.Safety == bipolarMania:
		found.Kind, found.None, found.Also = KindAnswer, false, nil
		found.Topics = ahead(found.Topics, bipolarMania)
	case rules.matches(words, "which") && f.has("fasting", "aftercare-same-day"):
		found.Kind, found.None, found.Also = KindUnsure, false, nil
		found.Either = []string{"fasting", "aftercare-same-day"}
		found.Topics = ahead(ahead(found.Topics, "aftercare-same-day"), "fasting")
	}
	return found
}

// signs gives the topic of the first signs in words, the gravest first; empty where there are none.
func (f *Finder) signs(words []string) string {
	rules := f.lists.safety
	for _, topic := range []string{"heart-blood-pressure", "side-effects", "pregnancy", "bladder-uti"} {
		if f.has(topic) && rules.matches(words, topic) {
			return topic
		}
	}
	if f.has(bipolarMania) && rules.matches(words, bipolarMania+"1") && rules.matches(words, bipolarMania+"2") {
		return bipolarMania
	}
	return ""
}

// has says whether there are all these topics.
func (f *Finder) has(topics ...string) bool {
	return !slices.ContainsFunc(topics, func(id string) bool { _, ok := f.byID[id]; return !ok })
}

// ahead gives topics with one in front of all others, as sure as a rule is.
func ahead(topics []Scored, first string) []Scored {
	rest := slices.DeleteFunc(slices.Clone(topics), func(s Scored) bool { return s.ID == first })
	return append([]Scored{{first, byRuleAt}}, rest[:min(len(rest), fewTopics-1)]...)
}

// byRuleAt is how sure a topic is that a rule puts first.
const byRuleAt = 0.9
