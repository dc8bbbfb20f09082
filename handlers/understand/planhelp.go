package understand

import (
	"regexp"
	"slices"
	"strings"
)

// Help that comes with a plan and has hours of its own: "the school run at 3pm". Its
// hours are not those of the sessions, so it is taken out before the dates are read.
var ownHelp = regexp.MustCompile(`(?i)[,;.]?\s*(?:\b(?:and|plus|also|with|i|we|need|a|an|the|my|our|for)\s+)*\b(school run|school pick ?up|car ?pool|child ?care|baby ?sitter|sitter|baby ?sitting)s?\s+(?:(?:is|for|at|from|between|,)\s*)*` +
	anHour + `(?:\s*(?:to|till?|until|and|-|–)\s*` + anHour + `)?`)

const anHour = `(noon|midnight|\d{1,2}(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?)`

// driven says that somebody brings the speaker home already.
var driven = regexp.MustCompile(`(?i)\b(?:my (?:\w+ )?\w+|somebody|someone|he|she|they)(?: will| can| is going to|'ll|’ll| is| are)? (?:drives?|driving|brings?|bringing|picks?|picking|takes?|taking|collects?|collecting|gets?) me\b|\bi(?: already)? have (?:a ride|a driver|my ride|somebody to drive)\b|\bi(?:'ve| have) got (?:a ride|a driver)\b`)

// planWithHours is a plan for which the same words ask for help that has its own hours.
func (e *Ear) planWithHours(s sentence, who Role) []Thing {
	var help []string
	rest := ownHelp.ReplaceAllStringFunc(s.raw, func(clause string) string {
		m := ownHelp.FindStringSubmatch(clause)
		words := strings.ToLower(m[1]) + " " + m[2]
		if m[3] != "" {
			words += " to " + m[3]
		}
		help = append(help, words)
		return ""
	})
	if len(help) == 0 || who == Helper || strings.TrimSpace(rest) == "" {
		return nil
	}
	things := e.things(e.parse(rest), who)
	if len(things) == 0 || strings.Join(things[0].Path, " ") != "session add" || things[0].Args["when"] == "" {
		return nil
	}
	plan := things[0]
	if asked := plan.Args["help"]; asked != "" && asked != "none" {
		help = append([]string{asked}, help...)
	} else if asked == "" {
		help = append([]string{"ride home"}, help...)
	}
	plan.Args["help"] = strings.Join(help, ", ")
	return []Thing{plan}
}

// clauseEnd is where a sentence about something else may begin.
var clauseEnd = regexp.MustCompile(`(?i)[,;.!?]\s*|\s+(?:and|so|but|plus|then)\s+`)

// planBeside is a plan of which the same words say, after its dates, what help it needs:
// one date makes both. Where it may be another appointment, help alone is offered as well.
func (e *Ear) planBeside(s sentence, who Role) []Thing {
	if who == Helper {
		return nil
	}
	if plan := e.planFirst(s, who); plan != nil {
		return plan
	}
	for _, cut := range slices.Backward(clauseEnd.FindAllStringIndex(s.raw, -1)) {
		before, after := e.parse(s.raw[:cut[0]]), e.parse(s.raw[cut[1]:])
		if len(before.toks) == 0 || len(after.toks) == 0 {
			continue
		}
		tail := e.look(after)
		if !tail.onlyAsks() {
			continue
		}
		head := e.look(before)
		plan := e.planIn(before.raw, head, who)
		if plan == nil {
			continue
		}
		asked := strings.Split(plan[0].Args["help"]+", "+planHelp(tail), ", ")
		help := slices.DeleteFunc(planned(), func(kind string) bool { return !slices.Contains(asked, kind) })
		if len(help) > 0 {
			plan[0].Args["help"] = strings.Join(help, ", ")
		}
		if tail.from != "" && plan[0].Args["area"] == "" {
			plan[0].Args["area"] = tail.from
		}
		if head.has("appointment", "procedure", "visit") && !head.has("ketamine", "kap") {
			tail.when = plan[0].Args["when"]
			plan = append(plan, ask(tail)...)
		}
		return plan
	}
	return nil
}

// sentenceEnd is where the next sentence begins.
var sentenceEnd = regexp.MustCompile(`[.!?]\s+`)

// planFirst is a plan that one sentence tells of, with the help that those behind it ask for at no hour of their own: my sessions
// are on the 8th and 11th at 1. my sister drives me on the 8th, i need somebody for the other.
func (e *Ear) planFirst(s sentence, who Role) []Thing {
	for _, cut := range sentenceEnd.FindAllStringIndex(s.raw, -1) {
		before, after := e.parse(s.raw[:cut[0]]), e.parse(s.raw[cut[1]:])
		if len(before.toks) == 0 || len(after.toks) == 0 {
			continue
		}
		tail := e.look(after)
		help := planHelp(tail)
		if tail.when == "" || hasHour.MatchString(tail.raw) || help == "" || help == "none" || !tail.is(wants, wantsBare, nobody) || tail.is(cancels, moves, unwanted, session) {
			continue
		}
		plan := e.planIn(before.raw, e.look(before), who)
		if plan == nil {
			continue
		}
		asked := strings.Split(plan[0].Args["help"]+", "+help, ", ")
		plan[0].Args["help"] = strings.Join(slices.DeleteFunc(planned(), func(kind string) bool { return !slices.Contains(asked, kind) }), ", ")
		return plan
	}
	return nil
}

// hasHour finds an hour.
var hasHour = regexp.MustCompile(`(?i)\d\s?[ap]\.?m\b|\d:\d\d|\b(?:noon|midnight)\b|\bat \d`)

// courseDates are the words for the dates of several sessions, as they are said in one sentence, without what stands between them;
// empty where they name one.
func (p said) courseDates() string {
	raw := p.raw
	if cut := sentenceEnd.FindStringIndex(raw); cut != nil && hasHour.MatchString(raw[:cut[0]]) {
		raw = raw[:cut[0]]
	}
	if len(dateWords.FindAllString(raw, 3)) < 2 && !courseWord.MatchString(raw) {
		return ""
	}
	var kept []string
	for _, w := range strings.Fields(raw) {
		word, comma := strings.TrimRight(w, ",;"), ""
		if word != w {
			comma = ","
		}
		small := strings.ToLower(word)
		switch {
		case dateWord.MatchString(small) && (len(kept) > 0 || !among(small, tiedToDates()...)):
			kept = append(kept, word+comma)
		case len(kept) > 0 && comma != "" && !strings.HasSuffix(kept[len(kept)-1], ","):
			kept[len(kept)-1] += comma
		}
	}
	for len(kept) > 0 && among(strings.ToLower(strings.TrimRight(kept[len(kept)-1], ",")), tiedToDates()...) {
		kept = kept[:len(kept)-1]
	}
	return strings.TrimRight(strings.Join(kept, " "), ",")
}

// tiedToDates are words of dates that neither begin nor end them.
func tiedToDates() []string {
	return []string{"and", "&", "+", "at", "all", "always", "same", "for", "a", "in", "on", "the", "x"}
}

var (
	// dateWords are days; dateWord is any word that can belong to some of them, and courseWord one that makes them several.
	dateWords  = regexp.MustCompile(`(?i)\b(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}|\d{1,2}/\d{1,2}|\d{1,2}(?:st|nd|rd|th))\b`)
	dateWord   = regexp.MustCompile(`^(?:[\d:/.-]+(?:st|nd|rd|th|am|pm|a\.m\.?|p\.m\.?)?|[ap]\.?m\.?|noon|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?s?|and|&|\+|at|all|always|same|time|every|for|weeks?|twice|a|x|starting|until|till|in)$`)
	courseWord = regexp.MustCompile(`(?i)\b(?:same time|twice a week|for \d+ weeks|starting)\b`)
)

// planned is the help that comes with a plan at its own hours.
func planned() []string { return []string{"ride home", "ride there", "childcare", "meal"} }

// onlyAsks says whether words ask for help at no time of their own.
func (p said) onlyAsks() bool {
	return p.when == "" && p.is(wants, wantsBare, nobody) && !p.is(cancels, moves, unwanted) && len(ask(p)) > 0
}

// planIn is the plan that a part of a sentence tells of, with its dates.
func (e *Ear) planIn(words string, p said, who Role) []Thing {
	if r, ok := e.Order(Heard{Words: words, Who: who}); ok && r.Kind == Command && r.Do[0].Name() == "session add" && r.Do[0].Args["when"] != "" {
		return r.Do[:1]
	}
	tells := p.is(session) || p.is(plan) && p.is(adds) || p.begins("i start", "i begin", "i am starting", "we start", "starting")
	if !tells || p.when == "" || p.asked || p.is(others, cancels, moves, theyMoved, unwanted, remindMe, remindAll, wants, past) {
		return nil
	}
	return addSession(p)
}

// planHelp is the help that comes with a plan, as somebody could type it.
func planHelp(p said) string {
	var help []string
	isDriven := driven.MatchString(p.raw) && !p.is(nobody, wants)
	if p.is(rideHome, ride) && !isDriven {
		help = append(help, "ride home")
	}
	if p.is(rideThere) && !isDriven {
		help = append(help, "ride there")
	}
	if p.is(childcare) || p.is(children) && p.is(nobody, wants, has) {
		help = append(help, "childcare")
	}
	if p.is(meal) {
		help = append(help, "meal")
	}
	if isDriven && len(help) == 0 {
		help = append(help, "none")
	}
	return strings.Join(help, ", ")
}
