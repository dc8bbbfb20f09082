package understand

import (
	"slices"
	"strings"

	"village/content"
)

// How far what a rule reads, or nobody, is believed beside what the words say as a whole; found on sentences that nothing was
// learnt from.
const (
	ruled     = 4.0  // how many times likelier a rule makes what it reads
	clearlyAt = 0.80 // from which one thing is offered
	insteadAt = 0.90 // from which it is offered in place of what a rule reads
	farAt     = 0.20 // under which another reading is far enough from what a rule reads
	nearAt    = 0.12 // from which it is asked about beside another
	perhapsAt = 0.30 // from which it is asked about at all
	hardly    = 0.05 // of what is left of a rule's reading that need not be asked about
	refusedAt = 0.95 // from which it is offered where the finder would refuse
	despiteAt = 0.50 // from which it is asked about beside an answer
)

// reading is something that words can mean, and how likely it is.
type reading struct {
	means string
	odds  float64
}

// inOrder are what words can mean, the likeliest first.
func inOrder(odds map[string]float64) []reading {
	list := make([]reading, 0, len(odds))
	for m, p := range odds {
		list = append(list, reading{m, p})
	}
	slices.SortFunc(list, func(a, b reading) int {
		switch {
		case a.odds > b.odds:
			return -1
		case a.odds < b.odds:
			return 1
		}
		return strings.Compare(a.means, b.means)
	})
	return list
}

// noOrder says whether a reading is none that something could be done for.
func (r reading) noOrder() bool { return among(r.means, "none", "know", "crisis") }

// kindly says whether it is a reply or a kind word.
func (r reading) kindly() bool {
	return strings.HasPrefix(r.means, "talk ") || strings.HasPrefix(r.means, "reply ")
}

// talks says whether it is a kind word.
func (r reading) talks() bool { return strings.HasPrefix(r.means, "talk ") }

// weighed is what a rule reads, held against what the words say as a whole: offered where both agree, asked about where they
// do not, and nothing where the words are surely none.
func (e *Ear) weighed(s sentence, h Heard, r Reading) (Reading, bool) {
	r, ok := e.againstOdds(s, h, r)
	return e.look(s).eitherWay(r), ok
}

// eitherWay is a reading as it is, but for what can be two things whatever it is likeliest: a request that could be a question
// about one (is anybody watching the kids on friday?), and somebody who would do one thing, or anything.
func (p said) eitherWay(r Reading) Reading {
	if r.Kind != Command && (r.Kind != Unsure || len(r.Do) == 0) {
		return r
	}
	mine, open := Thing{Path: []string{"need", "mine"}, Look: true}, Thing{Path: []string{"need", "open"}, Look: true}
	switch name := r.Do[0].Name(); {
	case r.Do[0].Path[0] == "ask" && p.wondersWho():
		r.Kind, r.Do = Unsure, []Thing{mine, r.Do[0]}
	case !p.is(offers) || p.asked || !among(name, "need claim", "need open"):
	case p.when != "" && p.is(ride, rideHome, rideThere, childcare, schoolRun, carpool, meal, errand, stayWith, request):
		r.Kind, r.Do = Unsure, []Thing{{Path: []string{"need", "claim"}}, open}
	case name == "need claim":
		r.Kind, r.Do = Command, []Thing{open}
	}
	return r
}

// wondersWho says whether it is asked what somebody is doing, which can be so already: is anybody watching the kids?
func (p said) wondersWho() bool {
	i := p.at(0, "somebody", "anybody")
	return i > 0 && among(p.toks[i-1].text, "is", "are") && i+2 < len(p.toks) && strings.HasSuffix(p.toks[i+1].text, "ing") &&
		!among(p.toks[i+1].text, "going", "heading") && (p.toks[i+1].text != "driving" || p.toks[i+2].text == "me")
}

func (e *Ear) againstOdds(s sentence, h Heard, r Reading) (Reading, bool) {
	p := e.look(s)
	if p.beyondDoubt(r.Do[0].Name()) {
		return r, true
	}
	odds := e.sense(h, r.Do)
	if odds == nil {
		return e.doubted(h, r)
	}
	r.Lines = odds["crisis"] >= nearAt
	if p.onlyTold(r.Do[0]) {
		return r, false
	}
	list, mine := inOrder(odds), r.likely(odds)
	first := list[0]
	switch {
	case first.kindly():
		return r, mine > hardly || p.offersTime(h, first)
	case first.noOrder():
		if none(odds) >= 0.75 || mine < 3*hardly {
			return r, false
		}
		return e.whether(r, r.Do[:1]), true
	case mine == first.odds && r.clear(list):
		return r, true
	case mine < hardly && first.odds >= insteadAt && !p.changes(first):
		if other, ok := e.meant(s, h, first.means); ok {
			other.Lines = r.Lines
			return other, true
		}
	}
	return e.whether(r, e.candidates(s, h, r.Do, list)), true
}

// changes says whether words want something changed that is asked for already, where another reading is a new request.
func (p said) changes(other reading) bool {
	return strings.HasPrefix(other.means, "ask ") && p.is(cancels, moves, unwanted)
}

// likely is how likely what a rule reads is.
func (r Reading) likely(odds map[string]float64) (p float64) {
	for _, t := range r.Do {
		p = max(p, odds[t.Name()])
	}
	return p
}

// offersTime says whether a yes that answers nothing is an offer: i can help on thursday.
func (p said) offersTime(h Heard, first reading) bool {
	return p.when != "" && first.means == "reply yes" && len(h.Asked) == 0
}

// none is how likely words are no order.
func none(odds map[string]float64) float64 { return odds["none"] + odds["know"] + odds["crisis"] }

// beyondDoubt says whether a rule is believed whatever the words say as a whole: nobody waits for somebody in vain, or wants to be
// left alone, and is asked what they mean.
func (p said) beyondDoubt(name string) bool {
	if name == "need mine" && p.asked && p.has("confirm", "confirmed", "accept", "accepted", "yet") || name == "checkin score" || name == "session progress" && p.is(progress) || name == "journal write" && saysJournal(p.raw) {
		return true
	}
	return p.is(noShow) && !p.asked && !p.has("how", "this", "works") && name == "need mine" ||
		among(name, "provider", "faq", "family tell", "setup log", "remind resume", "reminders pause", "reminders resume") || name == "remind pause" && !p.has("forget", "ask")
}

// onlyTold says whether what a rule reads is only guessed or told: they might move it, I canceled it.
func (p said) onlyTold(t Thing) bool {
	if t.Name() == "session cancel" {
		return p.tells()
	}
	return !t.Look && !ofOthers(t.Name()) && p.hedges()
}

// clear says whether a rule's reading, which is the likeliest, needs no question.
func (r Reading) clear(list []reading) bool {
	far := !r.Do[0].Look && list[0].odds >= 0.6 && list[1].odds < farAt
	return list[0].odds >= clearlyAt || len(r.Do) > 1 || far
}

// candidates are the three things that words mean likeliest, one of them what a rule reads.
func (e *Ear) candidates(s sentence, h Heard, rule []Thing, list []reading) []Thing {
	const most = 3
	var out []Thing
	p := e.look(s)
	for i, c := range list[:min(len(list), most+1)] {
		if i > 0 && c.odds < nearAt || c.noOrder() || c.kindly() || c.means == "session add" && p.is(cancels) {
			continue
		}
		if at := slices.IndexFunc(rule, func(t Thing) bool { return t.Name() == c.means }); at >= 0 {
			out = append(out, rule[at])
		} else if other, ok := e.meant(s, h, c.means); ok {
			out = append(out, other.Do...)
		}
	}
	if len(rule) > 0 && !slices.ContainsFunc(out, func(t Thing) bool { return t.Name() == rule[0].Name() }) {
		out = append(out[:min(len(out), most-1)], rule[0])
	}
	return out[:min(len(out), most)]
}

// whether is a reading that is only asked about: did you mean this, or that.
func (e *Ear) whether(r Reading, things []Thing) Reading {
	if len(things) == 0 {
		return r
	}
	return Reading{Kind: Unsure, Do: things, Lines: r.Lines}
}

// ratherKnow says whether words that could be an order are rather a question that has an answer: toast at 7 and my appointment is
// at 10, is that too late?
func (e *Ear) ratherKnow(s sentence, r Reading, found content.Finding) bool {
	answered, p := found.Kind == content.KindAnswer, e.look(s)
	asked, dated := s.question || e.asks(s) || s.asksAtLast(), p.when != "" && p.orders()
	switch {
	case r.Kind == Unsure:
		return found.Kind == content.KindRefuse && !dated || answered && asked && !p.asksFor()
	case r.Kind == Command && among(r.Do[0].Name(), "session add", "session move"):
		return found.Kind == content.KindRefuse && !dated || answered && asked && r.Do[0].Name() == "session add"
	}
	return false
}

// orders says whether words begin as an order to write something down: put down the 8th at 1.
func (p said) orders() bool {
	return p.begins("put", "add", "schedule", "book", "plan", "enter", "note", "set up", "write", "move", "change", "push", "shift", "can you put", "can you add", "could you put", "could you add", "can you move", "could you move")
}

// asksAtLast says whether words end in a question about what they have said: is that too late.
func (s sentence) asksAtLast() bool { return strings.Contains(strings.ToLower(s.raw), " is that ") }

// unruled is a reading by what the words say as a whole alone. Against says that the finder has an answer.
func (e *Ear) unruled(s sentence, h Heard, found content.Finding, odds map[string]float64, against bool) (Reading, bool) {
	list, p := inOrder(odds), e.look(s)
	first := list[0]
	switch {
	case first.noOrder() || first.odds < perhapsAt || !p.couldMean(first.means), found.Kind == content.KindRefuse && p.refused(first):
		return Reading{}, false
	case against && first.odds < surelyAt && !p.despite(first):
		return Reading{}, false
	case against && first.odds < surelyAt:
		list = list[:1]
	case first.kindly() && !likelyKind(list):
		return Reading{}, false
	case first.kindly():
		return e.meant(s, h, first.means)
	case first.odds >= clearlyAt:
		return e.meant(s, h, first.means)
	case none(odds) >= 0.5:
		return Reading{}, false
	}
	things := e.candidates(s, h, nil, list)
	return Reading{Kind: Unsure, Do: things, Found: found}, len(things) > 0
}

// despite says whether something to do is asked about although there is an answer.
func (p said) despite(first reading) bool {
	return first.odds >= despiteAt && !(p.asked && !p.wondersWho()) && !p.asksAtLast() && !first.kindly()
}

// likelyKind says whether a reply or a kind word is likely enough: of two kind words, both together.
func likelyKind(list []reading) bool {
	odds := list[0].odds
	if len(list) > 1 && list[0].talks() && list[1].talks() {
		odds += list[1].odds
	}
	return odds >= likelyAt
}

// refused says whether a reading is left where the finder refuses: what surely is none of its questions may be offered still.
func (p said) refused(r reading) bool {
	return r.odds < refusedAt || p.is(session) && !looks(strings.Fields(r.means))
}

// couldMean says whether a sentence is built so that it can mean something: what is told as past, wished, guessed or asked is
// no order, and neither is what somebody else wants.
func (p said) couldMean(means string) bool {
	path := strings.Fields(means)
	switch {
	case among(path[0], "talk", "reply"):
		return true
	case p.is(keeps), p.unsettled() && !ofOthers(means):
		return false
	case looks(path):
		return p.asked || !p.is(past)
	case ofOthers(means):
		return !p.asked || among(means, "setup check", "session bag", "my calendar")
	case p.asked && !p.asksFor(): // of somebody, at a time
		return p.when != "" && p.begins("can", "could", "would", "will", "who", "is", "are", "any", "how")
	}
	return !p.is(others) && (!p.is(past) || p.when != "" || p.is(unwanted) && path[0] == "need")
}

// ofOthers says whether something to do is about somebody else, or about what has been, so that it is told as such.
func ofOthers(means string) bool {
	return among(means, "need thanks", "report", "helper join", "helper leave", "helper settings", "helper may", "helper bar", "helper unbar",
		"need fill", "need unfill", "need give", "need details", "need approve", "need decline", "need nobody", "family add", "family remove", "family link",
		"journal write", "journal question", "journal delete", "checkin score", "checkin drop", "session bag", "my calendar", "privacy export",
		"setup check", "setup country", "setup trust", "setup quiet", "local add")
}

// unsettled says whether words only guess, wish or tell.
func (p said) unsettled() bool { return p.hedges() || p.tells() }

// hedges says whether nothing is settled yet: they might move it.
func (p said) hedges() bool {
	for i := 0; i+1 < len(p.toks); i++ {
		if among(p.toks[i].text, "i", "they", "we", "he", "she", "it") && among(p.toks[i+1].text, "might", "may") {
			return true
		}
	}
	return p.has("maybe", "perhaps", "thinking", "considering", "wish", "wondering") && !p.asked || p.has("sure") && p.has("not")
}

// tells says whether it is a story: we had dinner brought over on sunday.
func (p said) tells() bool {
	toks := p.toks
	for len(toks) > 1 && among(toks[0].text, "and", "so", "well", "but", "then", "yes", "no", "oh") {
		toks = toks[1:]
	}
	for i := 0; i+1 < min(len(toks), 4); i++ {
		if among(toks[i].text, "i", "we", "he", "she", "they", "it", "that") && among(toks[i+1].text, "had", "was", "were", "used", "drove", "went", "did", "came", "took", "made", "could", "would", "already", "canceled") {
			return !p.is(wants) && !p.asked && !p.begins("i would", "we would", "i could use", "we could use", "that would", "it would", "i was scheduled", "i was booked", "i was given", "i was told")
		}
	}
	return false
}
