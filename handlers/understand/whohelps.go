package understand

import "strings"

// AboutHelper hears what somebody says of a person who could help them: not Bob, Sam may
// always drive me, can Sam take my ride, take Sam off my ride. Whom is the name as it was
// written. Whether anybody has that name is for whoever asks to find out: what is said of
// nobody here was meant in another way.
func (e *Ear) AboutHelper(said string) (Thing, bool) {
	s := e.parse(said)
	if len(s.toks) == 0 || len(s.toks) > 16 {
		return Thing{}, false
	}
	for i := range s.toks {
		name, ok := s.named(i)
		if !ok || name == "" {
			continue
		}
		before, after := s.between(0, i), s.between(i+1, len(s.toks))
		switch {
		case mayAlways(before, after):
			return Thing{Path: []string{"helper", "may"}, Args: args("do", "yes"), Whom: name}, true
		case rather(before, after):
			return Thing{Path: []string{"helper", "may"}, Args: args("do", "never"), Whom: name}, true
		case strings.TrimSpace(before) == "" && startsAny(after, "can drive me again", "may drive me again", "can help me again", "may help me again"):
			return Thing{Path: []string{"helper", "may"}, Args: args("do", "again"), Whom: name}, true
		case takenOff(before, after):
			return Thing{Path: []string{"need", "unfill"}, Whom: name}, true
		case couldHelpMe(before, after):
			return Thing{Path: []string{"need", "fill"}, Whom: name}, true
		}
	}
	return Thing{}, false
}

// between are the words from one place to another, with a space around each.
func (s sentence) between(from, to int) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range s.toks[from:to] {
		b.WriteString(t.text)
		b.WriteByte(' ')
	}
	return b.String()
}

func holdsAny(text string, phrases ...string) bool {
	for _, p := range phrases {
		if strings.Contains(text, " "+p+" ") {
			return true
		}
	}
	return false
}

func startsAny(text string, phrases ...string) bool {
	for _, p := range phrases {
		if strings.HasPrefix(text, " "+p+" ") {
			return true
		}
	}
	return false
}

func endsAny(text string, phrases ...string) bool {
	for _, p := range phrases {
		if strings.HasSuffix(text, " "+p+" ") {
			return true
		}
	}
	return false
}

// helping says whether words are about help for whoever speaks.
func helping(text string) bool {
	return holdsAny(text, "drive me", "drives me", "driving me", "help me", "helps me", "helping me", "take me", "bring me", "pick me", "sit with me", "stay with me", "my ride", "my rides", "my kids", "my children", "my driver", "my meal", "my errand", "my errands", "my helper", "me home")
}

// mayAlways: sam may always drive me; let sam drive me without asking; sam does not have
// to ask; you need not ask me about sam.
func mayAlways(before, after string) bool {
	switch {
	case holdsAny(before+after, "not always", "why", "how", "what if", "should"):
		return false
	case startsAny(after, "may always", "can always", "could always"), startsAny(after, "may", "can") && endsAny(after, "always", "any time", "anytime"):
		return helping(after)
	case endsAny(before, "let") && holdsAny(after, "without asking", "always"):
		return helping(after)
	case startsAny(after, "does not have to ask", "does not need to ask", "does not need my yes", "need not ask"):
		return true
	}
	return endsAny(before, "not have to ask me about", "not need to ask me about", "no need to ask me about", "not ask me about")
}

// rather: not sam please; anyone but sam; i do not want sam to drive me; keep sam away
// from my rides. That somebody can not is no such word, nor is a question.
func rather(before, after string) bool {
	again := after == " " || startsAny(after, "please", "again", "any more", "anymore", "this time", "ever", "thank", "thanks") && len(strings.Fields(after)) < 4
	switch {
	case endsAny(before, "anyone but", "anybody but", "somebody but", "anyone except", "anybody except", "anyone else but", "other than", "else than", "rather not have", "not with"):
		return again || helping(after) || startsAny(after, "as")
	case before == " not " || before == " please not " || before == " but not " || before == " no not " || before == " never ":
		return again
	case endsAny(before, "do not want", "would not want", "would not like", "never want", "not let", "do not send", "do not ask", "would rather not", "do not like"):
		return again || helping(after)
	case endsAny(before, "keep"):
		return startsAny(after, "away from me", "away from my", "off my")
	}
	return startsAny(after, "should not", "must not", "may not", "is not to") && helping(after)
}

// takenOff: take sam off my ride.
func takenOff(before, after string) bool {
	return endsAny(before, "take", "remove", "get") && startsAny(after, "off my", "from my", "off the", "off of my") && holdsAny(after, "ride", "rides", "meal", "errand", "request", "list", "school", "carpool")
}

// couldHelpMe: can sam take my ride; could sam drive me on thursday.
func couldHelpMe(before, after string) bool {
	return endsAny(before, "can", "could", "would", "will", "may", "might", "can my friend", "could my friend") &&
		startsAny(after, "take my", "do my", "drive me", "drive my", "take me home", "bring me home", "take over my", "have my", "cover my") &&
		!holdsAny(after, "why", "how", "meds", "medicine", "car", "phone", "number", "crazy", "mad", "insane")
}
