package understand

import "strings"

// nobodyCame shows the ride that does not come; of one that did not, somebody only tells.
func nobodyCame(p said) []Thing {
	if p.has("last", "yesterday", "ago") {
		return nil
	}
	return look("need mine")(p)
}

// howItStands is what somebody asks about what is arranged: did kim confirm, is there a driver yet, when do i pick her up, and, of
// a moderator, who changed something.
func (p said) howItStands(who Role) (Thing, bool) {
	first := func(words ...string) bool { return among(p.toks[0].text, words...) }
	mine := Thing{Path: []string{"need", "mine"}, Look: true}
	switch {
	case !p.asked || len(p.toks) < 3:
	case who == Moderator && first("who") && among(p.toks[1].text, "changed", "deleted", "paused", "removed", "edited"):
		return Thing{Path: []string{"setup", "log"}, Look: true}, true
	case first("did", "has", "have") && p.has("confirm", "confirmed", "accept", "accepted", "agree", "agreed", "replied", "reply", "respond", "responded") && !p.is(session, plan, wants):
		return mine, who != Moderator
	case p.begins("is there") && p.has("yet") && p.is(ride, rideHome, rideThere, childcare, meal, schoolRun, errand, carpool, stayWith, request):
		return mine, true
	case who == Helper && p.begins("when do i", "what time do i", "where do i", "which day do i", "when am i", "where am i") && p.has("pick", "picking", "drive", "driving", "bring", "bringing", "come", "collect", "watch", "watching", "be", "get"):
		return mine, true
	}
	return Thing{}, false
}

// fewerAsks is for a helper who wants to be asked less, or not at all.
func fewerAsks(p said) []Thing {
	if p.has("anymore", "ever", "never", "leave", "stop", "off", "remove") && !p.has("about", "for", "only", "just") {
		return offer("helper leave", "helper settings")(p)
	}
	return offer("helper settings", "helper leave")(p)
}

// saysTogether says whether two words stand side by side.
func (s sentence) saysTogether(two string) bool {
	first, second, _ := strings.Cut(two, " ")
	for i := 0; i+1 < len(s.toks); i++ {
		if s.toks[i].text == first && s.toks[i+1].text == second {
			return true
		}
	}
	return false
}
