package understand

import "strings"

// handedOver hears that somebody else could do in one's place what one has said yes to,
// such as "can Sam take my ride on thursday". Whom is the name as it was written; empty
// where nobody is named that one could ask for.
func handedOver(s sentence, who Role) (Thing, bool) {
	if who != Helper {
		return Thing{}, false
	}
	for i := range s.toks {
		name, at := s.whoTakes(i)
		if at == 0 || !s.inMyPlace(at) {
			continue
		}
		return Thing{Path: []string{"need", "give"}, Whom: name}, true
	}
	return Thing{}, false
}

// whoTakes is the one who takes something, and where the words for what begin; 0 where
// the words at this place say no such thing. "Can sam take", "sam could do", "give my
// ride to sam".
func (s sentence) whoTakes(i int) (name string, at int) {
	takes := func(k int) bool {
		return among(s.said(k), "take", "takes", "do", "does", "cover", "drive", "have", "handle", "swap")
	}
	if among(s.said(i), "give", "hand", "pass", "swap", "switch", "trade") && among(s.said(i+1), "my", "mine", "it", "this", "that", "over") && !s.has("not") {
		k := s.at(i+1, "to", "with")
		if name, ok := s.named(k + 1); k > 0 && ok {
			return name, i + 1
		}
		return "", 0
	}
	name, ok := s.named(i)
	before := i - 1
	if s.said(before) == "my" {
		before--
	}
	switch {
	case !ok:
		return "", 0
	case among(s.said(before), "can", "could", "will", "would", "may", "might") && takes(i+1):
		return name, i + 2
	case among(s.said(i+1), "can", "could", "will", "would", "might") && takes(i+2):
		return name, i + 3
	case among(s.said(i+1), "takes", "does", "covers"):
		return name, i + 2
	}
	return "", 0
}

// named is who the word at this place stands for: their name or mention as it was
// written, and nothing for "my sister". It is false for no person, and for whoever is
// spoken to.
func (s sentence) named(i int) (name string, ok bool) {
	if i < 0 || i >= len(s.toks) {
		return "", false
	}
	t := strings.TrimPrefix(s.said(i), "@")
	switch {
	case s.said(i-1) == "my" && among(t, "sister", "brother", "wife", "husband", "partner", "friend", "neighbor", "mom", "dad", "mother", "father", "son", "daughter", "girlfriend", "boyfriend"):
		return "", true
	case strings.HasPrefix(s.written(i), "@"), strings.HasPrefix(s.written(i), "<@"):
		return s.written(i), true
	case len(t) < 2 || !isLetters(t):
		return "", false
	case isWeekday(t), isMonth(t), isNumber(t), isUnit(t), among(t, notNames()...):
		return "", false
	}
	return s.written(i), true
}

// said is the word at a place; "" where there is none.
func (s sentence) said(i int) string {
	if i < 0 || i >= len(s.toks) {
		return ""
	}
	return s.toks[i].text
}

// written is a word as it was written, mentions with what stands around them.
func (s sentence) written(i int) string {
	return strings.TrimSuffix(strings.Trim(s.raw[s.toks[i].from:s.toks[i].to], ".,!?;:"), "'s")
}

func isLetters(t string) bool { return strings.IndexFunc(t, func(r rune) bool { return r < 'a' }) < 0 }

// notNames are words that stand where a name could.
func notNames() []string {
	return strings.Fields("i you we he she they it one who what that this there here where when how why which someone somebody anybody everybody nobody people else somebody's village bot can could will would may might should do does did is are was be have has had not no yes ok and or but so if then please hi hey hello thanks my your our her his their me us them him the a an to of for in on at from with also just maybe still now later today tomorrow tonight home ride drive help again ever even really always never car kids kid child children baby clinic doctor driver sitter")
}

// inMyPlace says whether the words from one on are about what one has said yes to: my
// ride, it for me, it instead.
func (s sentence) inMyPlace(at int) bool {
	for i := at; i < len(s.toks); i++ {
		next, then := s.said(i+1), s.said(i+2)
		switch s.said(i) {
		case "mine", "instead":
			return true
		case "over":
			if next == "to" {
				return true
			}
		case "for", "from":
			if next == "me" && i > at && !among(s.said(at), "a", "some", "something", "dinner") {
				return true
			}
		case "my":
			if next == "place" || myDuty(next, then) {
				return true
			}
		}
	}
	return false
}

// myDuty is for what stands behind "my": ride, thursday ride, school run.
func myDuty(next, then string) bool {
	between := isWeekday(next) || among(next, "next", "school")
	return isDuty(next) || between && (isDuty(then) || then == "")
}

// isDuty is for what a helper calls what they are down for.
func isDuty(t string) bool {
	return among(t, "ride", "rides", "drive", "run", "shift", "turn", "slot", "spot", "meal", "errand", "carpool", "pickup", "sitting", "one", "duty", "commitment")
}
