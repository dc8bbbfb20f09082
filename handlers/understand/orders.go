package understand

import (
	"cmp"
	"slices"
	"strings"

	"village/bot"
	"village/internal/village"
)

// order is something to do, and how one hears that somebody wants it done.
type order struct {
	// all are groups of hints: of each, one is there. none of not is.
	all [][]hint
	not []hint
	// who may want it; empty: anybody.
	who []Role
	// firm orders are heard even where words look like a question, somebody else's
	// wish or the past.
	firm bool
	// part is how much of the words, in percent, belongs to the order at least.
	part int
	// only says that they say nothing else.
	only bool
	do   func(p said) []Thing
}

// said is a sentence and what was found in it.
type said struct {
	sentence
	hints []hint
	slots
	// part is how much of the words, in percent, is understood.
	part int
	// asked says that it is a question.
	asked bool
}

func (p said) is(h ...hint) bool {
	return slices.ContainsFunc(h, func(h hint) bool { return slices.Contains(p.hints, h) })
}

// oneOf are hints of which one is enough.
func oneOf(h ...hint) []hint { return h }

// every is for orders that need every group.
func every(groups ...[]hint) [][]hint { return groups }

// look is a command that is carried out at once, because it changes nothing.
func look(path string) func(said) []Thing {
	return func(said) []Thing { return []Thing{{Path: strings.Fields(path), Look: true}} }
}

// offer is a command to be offered as it is, or several.
func offer(paths ...string) func(said) []Thing {
	return func(said) []Thing {
		var out []Thing
		for _, path := range paths {
			out = append(out, Thing{Path: strings.Fields(path)})
		}
		return out
	}
}

// orders are everything that can be wanted, the most particular first.
func orders() []order {
	kinds := oneOf(rideHome, rideThere, ride, childcare, schoolRun, carpool, meal, errand, stayWith)
	return []order{
		{all: every(oneOf(erases)), part: 50, firm: true, do: offer("privacy delete")},
		{all: every(oneOf(exports)), part: 50, do: look("privacy export")},
		{all: every(oneOf(kept)), part: 60, firm: true, do: look("privacy show")},
		{all: every(oneOf(noShow)), who: []Role{Helper}, part: 40, firm: true, do: nobodyCame},
		{all: every(oneOf(noShow)), not: oneOf(session), part: 50, firm: true, do: nobodyCame},
		{all: every(oneOf(provider)), not: oneOf(remindMe, remindAll), who: []Role{Member, Moderator}, part: 60, firm: true, do: providerList},
		{all: every(oneOf(topics)), part: 60, firm: true, do: look("faq")},
		{all: every(oneOf(dayChart)), not: oneOf(feels, remindMe), part: 60, firm: true, do: look("checkin chart")},
		{all: every(oneOf(feels)), part: 50, firm: true, do: look("checkin today")},
		{all: every(oneOf(noMore)), not: oneOf(keeps), part: 50, firm: true, do: fewerAsks},
		{all: every(oneOf(resumes), oneOf(remindAll)), who: []Role{Moderator}, part: 50, do: groupGoesOn},
		{all: every(oneOf(resumes), oneOf(reminders)), part: 60, do: offer("remind resume")},
		{all: every(oneOf(resumes)), only: true, do: offer("remind resume")},
		{all: every(oneOf(pauses), oneOf(remindAll, digest)), not: oneOf(remindMe), who: []Role{Moderator}, part: 45, do: pauseGroup},
		{all: every(oneOf(leaveBe)), not: oneOf(remindMe), part: 45, firm: true, do: stop},
		{all: every(oneOf(quiet), oneOf(stops)), part: 45, do: offer("remind quiet", "remind pause")},
		{all: every(oneOf(quiet), oneOf(reminders, asksMe)), not: oneOf(remindMe), part: 60, firm: true, do: offer("remind quiet")},
		{all: every(oneOf(cancels), oneOf(reminders), oneOf(remindMe)), part: 60, do: look("remind list")},
		{all: every(oneOf(stopAlone)), only: true, do: stop},
		{all: every(oneOf(stops)), not: oneOf(session), part: 50, firm: true, do: stop},
		{all: every(oneOf(pauses), oneOf(reminders)), part: 50, do: stop},
		{all: every(oneOf(cancels, moves, erases), oneOf(reminders)), not: oneOf(remindAll), part: 55, do: look("remind list")},

		{all: every(oneOf(uncovered)), who: []Role{Moderator}, part: 50, firm: true, do: look("need uncovered")},
		{all: every(oneOf(reminders, remindAll), oneOf(shows)), who: []Role{Moderator}, part: 60, firm: true, do: look("reminders list")},
		{all: every(oneOf(remindAll)), who: []Role{Moderator}, part: 25, do: remindGroup},
		{all: every(oneOf(digest)), who: []Role{Moderator}, part: 40, do: offer("setup digest")},
		{all: every(oneOf(trust)), who: []Role{Moderator}, part: 40, do: offer("setup trust")},
		{all: every(oneOf(asModerator)), who: []Role{Moderator}, part: 40, do: trusts},
		{all: every(oneOf(groupZone)), not: oneOf(ownZone, remindMe, remindAll), who: []Role{Moderator}, part: 30, do: offer("setup zone")},
		{all: every(oneOf(setUp)), not: oneOf(plan, session, remindMe, remindAll, reminders), who: []Role{Moderator}, part: 60, do: look("setup guide")},
		{all: every(oneOf(ownZone, groupZone)), part: 30, do: offer("my zone")},

		{all: every(oneOf(reminders)), only: true, do: look("remind list")},
		{all: every(oneOf(reminders), oneOf(shows)), not: oneOf(remindMe), part: 70, firm: true, do: look("remind list")},
		{all: every(oneOf(remindMe)), not: oneOf(others), part: 10, do: remind},

		{all: every(oneOf(isOut)), not: oneOf(wants, cancels, moves, remindMe, others, release), who: []Role{Member, Moderator}, part: 85, do: offer("session end")},
		{all: every(oneOf(progress)), part: 60, firm: true, do: look("session progress")},
		{all: every(oneOf(thanksTo)), not: oneOf(wants, cancels), part: 50, firm: true, do: offer("need thanks")},

		{all: every(oneOf(unwanted), append(slices.Clone(kinds), request)), not: oneOf(others, keeps), who: []Role{Member, Moderator}, part: 50, firm: true, do: dropRequest},
		{all: every(oneOf(unwanted, cancels, release, ill), oneOf(session)), not: oneOf(others, keeps, rideHome, rideThere), who: []Role{Member, Moderator}, part: 55, do: dropSession},
		{all: every(oneOf(cancels), oneOf(plan)), not: oneOf(others, past, request), part: 60, do: offer("session cancel")},
		{all: every(oneOf(cancels), append(slices.Clone(kinds), request)), not: oneOf(others, past, nobody, wants), who: []Role{Member, Moderator}, part: 55, do: dropRequest},
		{all: every(oneOf(release, ill, cancels, unwanted)), not: oneOf(others, wants, session, remindMe), who: []Role{Helper}, part: 40, do: stepBack},
		{all: every(oneOf(theyMoved), oneOf(session, moves, theyMoved)), not: oneOf(others), who: []Role{Member, Moderator}, part: 55, firm: true, do: moveSession},
		{all: every(oneOf(moves, theyMoved), oneOf(session, plan)), not: oneOf(others, request, rideHome, ride, childcare), part: 50, do: moveSession},
		{all: every(oneOf(moves), append(slices.Clone(kinds), request)), not: oneOf(others, past), who: []Role{Member, Moderator}, part: 50, do: moveRequest},
		{all: every(oneOf(private)), not: oneOf(others, past), who: []Role{Member, Moderator}, part: 60, do: offer("need change")},

		{all: every(oneOf(outside)), not: oneOf(cancels, erases, past), who: []Role{Member, Moderator}, part: 35, firm: true, do: offer("family add")},
		{all: every(oneOf(tells)), not: oneOf(cancels, erases, past), who: []Role{Member, Moderator}, part: 60, firm: true, do: offer("family tell")},
		{all: every(oneOf(asksMe)), part: 50, do: offer("helper join")},
		{all: every(oneOf(mine)), who: []Role{Helper}, part: 50, firm: true, do: look("need mine")},
		{all: every(oneOf(mine), append(slices.Clone(kinds), request, mine)), not: oneOf(wants, adds, nobody), part: 70, firm: true, do: look("need mine")},
		{all: every(oneOf(nextOne)), not: oneOf(wants, nobody, cancels, theyMoved, others, rideHome, rideThere, childcare), part: 75, firm: true, do: mySessions},
		{all: every(oneOf(open)), not: oneOf(wants, nobody), part: 70, firm: true, do: look("need open")},
		{all: every(oneOf(offers)), not: oneOf(others, session, wants, nobody), part: 35, do: volunteer},

		{all: every(oneOf(wants, wantsBare, nobody), kinds), not: oneOf(unwanted, cancels, moves, mine), who: []Role{Member, Moderator}, part: 30, do: ask},
		{all: every(oneOf(wants, wantsBare, nobody), kinds), not: oneOf(unwanted, others, cancels, moves, mine), who: []Role{Helper}, part: 45, do: ask},
		{all: every(oneOf(has, adds, session), oneOf(session)), not: oneOf(others, cancels, moves, unwanted, mine, kept), who: []Role{Member, Moderator}, part: 40, do: addSession},
		{all: every(kinds), not: oneOf(others, past, cancels, moves, unwanted, mine, session, remindMe, remindAll, offers, private, has), who: []Role{Member, Moderator}, part: 80, do: bareAsk},
		{all: every(oneOf(session, plan)), only: true, do: look("session list")},
		{all: every(oneOf(bag), oneOf(shows, bag)), part: 75, do: offer("session bag")},
		{all: every(oneOf(shows), oneOf(session, plan)), not: oneOf(others, cancels, moves), who: []Role{Member, Moderator}, part: 85, firm: true, do: look("session list")},
	}
}

// things are what somebody wants done, the likeliest first.
func (e *Ear) things(s sentence, who Role) []Thing {
	if scale, value, ok := Score(s.raw); ok {
		return []Thing{{Path: []string{"checkin", "score"}, Args: args("value", value, "scale", scale)}}
	}
	if t, ok := noted(s.raw); ok {
		return []Thing{t}
	}
	if plan := e.planWithHours(s, who); plan != nil {
		return plan
	}
	p := e.look(s)
	if NotRight(s.raw) && !p.asked && !p.is(noShow) {
		return []Thing{{Path: []string{"report"}}}
	}
	if t, ok := p.howItStands(who); ok {
		return []Thing{t}
	}
	for _, o := range e.known().orders {
		if !o.heardIn(p, who) {
			continue
		}
		if things := o.do(p); len(things) > 0 {
			return things
		}
	}
	return nil
}

// heardIn says whether somebody gives this order.
func (o order) heardIn(p said, who Role) bool {
	switch {
	case o.only && (p.part < 100 || len(p.toks) > 5 || !p.alone(o.all[0])),
		len(o.who) > 0 && !slices.Contains(o.who, who),
		p.part < o.part || p.is(o.not...):
		return false
	case !o.firm && p.noOrder():
		return false
	}
	return !slices.ContainsFunc(o.all, func(group []hint) bool { return !p.is(group...) })
}

// noOrder says whether words sound as if nobody wanted anything done: a question,
// what is past, what somebody else wants, or what is to stay as it is.
func (p said) noOrder() bool {
	return p.asked && !p.asksFor() || p.asksBeside() || p.is(past) && p.when == "" || p.is(others) && !p.is(wants) && !(p.is(nobody) && p.has("i", "we")) || p.is(keeps)
}

// alone says whether nothing but these hints is in the words.
func (p said) alone(only []hint) bool {
	return !slices.ContainsFunc(p.hints, func(h hint) bool {
		return !slices.Contains(only, h) && !slices.Contains([]hint{shows, mine, reminders, plan, session, pauses}, h)
	})
}

// orderVerbs are what one asks to be allowed, or how to do.
func orderVerbs() []string {
	return []string{"cancel", "move", "reschedule", "change", "postpone", "push", "get", "have", "ask", "request", "plan", "add", "delete", "pause", "set", "drop", "skip", "call", "switch", "export", "book", "see", "find", "shift", "step", "back", "make", "remove", "stop", "turn", "sign", "volunteer", "help", "offer", "resume", "thank"}
}

// asksBeside says whether a question comes in the middle: my sister is late, can I
// just drive.
func (p said) asksBeside() bool {
	if p.has("allowed", "legally", "normal", "safe", "usually") {
		return true
	}
	for i := 1; i+2 < len(p.toks); i++ {
		verb := p.toks[i+2].text
		if verb == "just" && i+3 < len(p.toks) {
			verb = p.toks[i+3].text
		}
		if slices.Contains([]string{"can", "could", "should", "may", "does", "do", "is"}, p.toks[i].text) && slices.Contains([]string{"i", "it", "we", "they"}, p.toks[i+1].text) && !slices.Contains(orderVerbs(), verb) {
			return true
		}
	}
	return false
}

// asksFor says whether a question is a polite order: can I cancel, could somebody
// drive me.
func (p said) asksFor() bool {
	if p.begins("can somebody", "can anybody", "could somebody", "could anybody", "would somebody", "would anybody", "will somebody", "is somebody", "is anybody", "is there somebody", "is there anybody", "does anybody", "does somebody", "who can", "who could", "who would", "who will", "who might", "might somebody", "can you", "could you", "would you", "will you", "any chance", "is there any chance", "hey can", "hi can") {
		return !p.begins("can you drive", "can you eat", "can you drink", "can you take", "can you tell me about", "can you explain", "is there somebody i", "can you die", "can you overdose", "can you get addicted", "can you feel")
	}
	i := 0
	if p.begins("how do i", "how can i", "how would i", "where do i", "where can i") {
		i = 3
	} else if p.begins("can i", "could i", "may i", "can we", "could we", "may we", "do i", "how to") {
		i = 2
	}
	return i > 0 && i < len(p.toks) && slices.Contains(orderVerbs(), p.toks[i].text) &&
		!(i == 2 && p.has("eat", "drink", "drive", "addicted", "high", "better", "sick", "pregnant", "dose", "ketamine", "during") && !p.begins("can i move around", "can i get up", "can i get addicted", "can i get high", "can i have coffee", "can i have a drink", "can i have alcohol", "can i have water", "can i have food", "can i have tea", "can i have breakfast"))
}

// asks says whether words are a question.
func (e *Ear) asks(s sentence) bool {
	if len(s.toks) < 2 {
		return false
	}
	first, second := s.toks[0].text, s.toks[1].text
	for i := 0; i < len(s.toks)-2 && slices.Contains([]string{"hi", "hey", "hello", "ok", "so", "and", "but", "please", "um", "well", "yes", "no", "also", "oh"}, first); i++ {
		first, second = s.toks[i+1].text, s.toks[i+2].text
	}
	switch first {
	case "what", "when", "where", "who", "how", "why", "which", "whose", "should", "does", "did", "has", "was", "whats":
		return true
	case "can", "could", "do", "is", "are", "will", "would", "may", "am", "were", "have", "must", "might":
		return slices.Contains([]string{"i", "we", "you", "he", "she", "they", "it", "my", "the", "there", "this", "that", "your", "somebody", "anybody", "people", "everybody", "a", "ketamine", "kap", "our", "her", "his"}, second)
	}
	return false
}

// begins says whether the sentence begins with one of these words, hellos aside.
func (s sentence) begins(rows ...string) bool {
	toks := s.toks
	for len(toks) > 1 && slices.Contains([]string{"hi", "hey", "hello", "ok", "so", "and", "please", "um", "village", "also", "oh", "there"}, toks[0].text) {
		toks = toks[1:]
	}
	return slices.ContainsFunc(rows, func(r string) bool {
		i := 0
		for w := range strings.SplitSeq(r, " ") {
			if i >= len(toks) || toks[i].text != w {
				return false
			}
			i++
		}
		return true
	})
}

// span is a phrase that stands in a sentence.
type span struct {
	from, to int
	means    hint
}

// spans are all phrases of a sentence that hint at something.
func (e *Ear) spans(s sentence) []span {
	var out []span
	hears := e.known()
	for i := range s.toks {
		for _, p := range hears.hints[s.toks[i].text] {
			if n, ok := match(s.toks[i:], p.words); ok {
				out = append(out, span{i, i + n, p.means})
			}
		}
	}
	return out
}

// swallows says whether a phrase says what a shorter one inside it would say alone.
func (y span) swallows(x span) bool {
	return y.from <= x.from && x.to <= y.to && y.to-y.from > x.to-x.from && !(isNoun(x.means) && isLook(y.means))
}

// look finds the hints and the slots of a sentence.
func (e *Ear) look(s sentence) said {
	p := said{sentence: s, slots: e.slots(s), asked: e.asks(s)}
	spans, known := e.spans(s), make([]bool, len(s.toks))
	for _, x := range spans {
		if slices.ContainsFunc(spans, func(y span) bool { return y.swallows(x) }) || known[x.from] && p.is(x.means) {
			continue
		}
		p.hints = append(p.hints, x.means)
		for i := x.from; i < x.to; i++ {
			known[i] = true
			p.command[i] = p.command[i] || x.means == remindMe || x.means == remindAll
		}
	}
	p.part = p.understood(known, e.known().little)
	return p
}

// understood is how much of the words, in percent, is known, is a time or a place, or
// is little and says nothing.
func (p said) understood(known []bool, little map[string]bool) int {
	n := 0
	for i, t := range p.toks {
		if known[i] || p.timed[i] || p.placed[i] || little[t.text] {
			n++
		}
	}
	return 100 * n / len(p.toks)
}

// isNoun says whether a hint is what something is about; isLook whether it is a way
// to talk of things one has, which leaves what they are in place.
func isNoun(h hint) bool {
	return slices.Contains([]hint{session, request, reminders, plan, children, ride, rideHome, rideThere, childcare, schoolRun, carpool, meal, errand}, h)
}

func isLook(h hint) bool {
	return slices.Contains([]hint{nextOne, mine, open, shows, uncovered, request, pauses, theyMoved, stops, cancels, nobody, offers}, h)
}

// littleWords say nothing by themselves.
func littleWords() map[string]bool {
	known := map[string]bool{}
	for w := range strings.FieldsSeq("a an the my our your his her their this that these those i we me us you it he she they to for on at in of from with and or but so as by be am is are was been do does not no yes please just can could would will shall may might if there here now then too also about all any some up out off over after before again still really very much more hi hey hello thanks thank ok sorry good like have has had got get go going one two need want maybe around until till because who what when where how day days time oh um well hour hours minutes week anymore myself actually unfortunately village already today tomorrow") {
		known[w] = true
	}
	return known
}

// typed is a command whose slash was forgotten.
func (e *Ear) typed(s sentence, who Role) (Thing, bool) {
	line := strings.ToLower(strings.TrimRight(strings.TrimSpace(s.raw), ".!?"))
	line, _ = strings.CutPrefix(line, "village ")
	words := strings.Fields(line)
	if len(words) == 0 || len(words) > 3 && !strings.Contains(line, ":") || strings.HasPrefix(line, "/") || len(line) > bot.MaxLine || bot.Find(e.table, words[:1]) == nil {
		return Thing{}, false
	}
	path, args, err := bot.ParseLine(e.table, "/"+line)
	if err != nil || bot.Find(e.table, path).Who == bot.Moderators && who != Moderator || among(path[0], "faq", "crisis", "help") {
		return Thing{}, false
	}
	if !slices.Equal(path, words[:min(len(path), len(words))]) || len(path) != 2 && len(words) != 1 {
		return Thing{}, false // what only looks like one: "need somebody to drive me"
	}
	return Thing{Path: path, Args: args, Look: len(words) <= 2 && looks(path)}, true
}

// looks says whether a command changes nothing.
func looks(path []string) bool {
	switch strings.Join(path, " ") {
	case "provider", "need mine", "need open", "need uncovered", "session list", "session progress", "remind list", "reminders list", "checkin chart", "checkin today", "checkin scores", "journal read", "journal back", "journal write", "session summary", "privacy show", "privacy export", "home", "setup guide", "setup show", "setup log", "helper show", "local list", "session show", "need show", "help":
		return true
	}
	return false
}

// stop is what somebody can mean who wants to hear less.
func stop(p said) []Thing {
	if len(p.toks) > 5 && !p.is(reminders, pauses) && p.part < 80 || p.has("of", "him", "taking") {
		return nil
	}
	what := "all"
	if p.is(reminders) && !p.has("all", "everything") {
		what = "mine"
	}
	return []Thing{{Path: []string{"remind", "pause"}, Args: args("until", p.pauseEnd(), "what", what)}, {Path: []string{"remind", "list"}}, {Path: []string{"privacy", "delete"}}}
}

// pauseEnd is until when somebody wants quiet: until the morning where they say no day.
func (p said) pauseEnd() string {
	if p.when == "" || p.has("tonight", "night", "evening") {
		return "tonight"
	}
	return p.when
}

// pauseGroup pauses all that a channel is reminded of, for a moderator.
func pauseGroup(p said) []Thing {
	return []Thing{{Path: []string{"reminders", "pause"}, Args: args("reminder", "all", "until", p.when)}, {Path: []string{"reminders", "list"}}}
}

func groupGoesOn(said) []Thing {
	return []Thing{{Path: []string{"reminders", "resume"}, Args: args("reminder", "all")}}
}

func stepBack(p said) []Thing {
	if p.question || p.is(keeps) || p.has("but") && p.has("will", "still", "ready", "fine") {
		return nil
	}
	return []Thing{{Path: []string{"need", "release"}}}
}

func dropRequest(said) []Thing { return []Thing{{Path: []string{"need", "cancel"}}} }

func dropSession(p said) []Thing {
	if p.is(past) && !(p.is(must) && p.when != "") {
		return nil
	}
	if e := (Thing{Path: []string{"session", "move"}}); p.is(ill) || p.is(release) && !p.is(cancels) {
		return []Thing{{Path: []string{"session", "cancel"}}, e}
	}
	return []Thing{{Path: []string{"session", "cancel"}}}
}

func moveSession(p said) []Thing {
	if p.when == "" && !p.is(session, plan) || p.is(keeps) || !p.ownDate() {
		return nil
	}
	return []Thing{{Path: []string{"session", "move"}, Args: args("to", p.when)}}
}

// ownDate says whether what was moved can be one's own session, and not the soccer game.
func (p said) ownDate() bool {
	return p.is(session, plan) && !p.has("building", "office", "street", "address") || p.has("it", "me", "mine", "us")
}

func moveRequest(p said) []Thing {
	return []Thing{{Path: []string{"need", "move"}, Args: args("when", p.when)}}
}

func remindGroup(p said) []Thing {
	return []Thing{{Path: []string{"reminders", "add"}, Args: args("schedule", p.when, "words", p.rest())}}
}

func remind(p said) []Thing {
	if p.is(stops, unwanted) {
		return stop(p)
	}
	rest := p.rest()
	if p.when == "" && (rest == "" || !p.begins("remind", "please remind", "set a reminder", "can you remind", "could you remind", "will you remind", "i want to be reminded", "i need a reminder", "nudge", "ping", "note to self", "add a reminder", "a reminder", "reminder", "do not let me forget", "set reminder", "new reminder", "create a reminder", "make a reminder", "help me remember", "set me a reminder", "i need to be reminded", "i would like to be reminded", "would you remind")) {
		return nil
	}
	if p.is(past) && !p.begins("remind", "please remind", "can you remind", "could you remind", "set") { // "the reminder at 9 was a blessing"
		return nil
	}
	if p.has("me") && p.begins("tell me", "text me", "message me", "write me", "wake me") && p.when == "" || p.begins("tell me") {
		return nil
	}
	return []Thing{{Path: []string{"remind", "add"}, Args: args("when", p.when, "words", rest)}}
}

// providerList is what to check, or what to ask them.
func providerList(p said) []Thing {
	thing := Thing{Path: []string{"provider"}, Look: true}
	if p.has("questions", "ask") {
		thing.Args = args("show", "questions")
	}
	return []Thing{thing}
}

// trusts lets somebody moderate.
func trusts(p said) []Thing {
	if !p.has("make", "let", "add", "name", "appoint") || p.has("me") && !p.has("with") {
		return nil
	}
	return offer("setup trust")(p)
}

// bareAsk is a request that names what it is and when, and no more.
func bareAsk(p said) []Thing {
	if p.when == "" || p.question {
		return nil
	}
	return ask(p)
}

// mySessions shows them, unless one is being told when they are.
func mySessions(p said) []Thing {
	if p.when != "" && !p.asked && p.is(adds, has, moves) {
		return nil
	}
	return look("session list")(p)
}

func volunteer(p said) []Thing {
	if p.is(asksMe) {
		return []Thing{{Path: []string{"helper", "join"}}}
	}
	return []Thing{{Path: []string{"need", "open"}, Look: true}}
}

// ask is a request for help, filled in.
func ask(p said) []Thing {
	if p.is(others) && !p.begins("can somebody", "can anybody", "could somebody", "could anybody") && !p.has("i", "we", "me", "my") {
		return nil
	}
	if p.is(keeps) || p.is(past) && p.when == "" {
		return nil
	}
	if p.is(session) && p.is(has, nobody) && p.when != "" && !p.is(wants) {
		return addSession(p)
	}
	var out []Thing
	for _, k := range kindsIn(p) {
		where, to := "where", ""
		if k.Travels() {
			where, to = "from", p.to
		}
		at, until := p.when, ""
		if strings.Contains(k.Words().Options, "until") {
			at, until = stretch(p.when)
		}
		out = append(out, Thing{Path: []string{"ask", string(k)}, Args: args("when", at, where, p.from, "to", to, "until", until)})
	}
	return out
}

// kindsIn are the kinds of help that words ask for.
func kindsIn(p said) []village.Kind {
	var kinds []village.Kind
	add := func(wanted bool, k ...village.Kind) {
		if wanted {
			kinds = append(kinds, k...)
		}
	}
	add(p.is(carpool), village.Carpool)
	add(p.is(schoolRun), village.SchoolRun)
	add(p.is(childcare), village.Childcare)
	add(!p.is(schoolRun, carpool), ridesIn(p)...)
	add(p.is(stayWith) && !p.is(childcare), village.StayWith)
	add(p.is(meal), village.Meal)
	add(p.is(errand), village.Errand)
	return kinds
}

// bothWays says whether a ride is to go there and back.
func (p said) bothWays() bool {
	return p.is(ride) && !p.is(rideHome, rideThere, schoolRun, carpool) && p.has("both", "there") && p.has("ways", "back", "home")
}

// ridesIn are the rides that words ask for, the likelier first where they do not say
// which.
func ridesIn(p said) []village.Kind {
	var rides []village.Kind
	switch {
	case p.is(rideHome) && p.is(rideThere):
		rides = []village.Kind{village.RideHome, village.RideThere}
	case p.is(rideHome):
		rides = []village.Kind{village.RideHome}
	case p.is(rideThere):
		rides = []village.Kind{village.RideThere}
	case !p.is(ride):
	case p.bothWays():
		rides = []village.Kind{village.RideThere, village.RideHome}
	case p.has("home", "back", "after", "afterwards"), p.leavesClinic():
		rides = []village.Kind{village.RideHome}
	case p.has("there") || p.to != "", p.saysTogether("be at"):
		rides = []village.Kind{village.RideThere, village.RideHome}
	default:
		rides = []village.Kind{village.RideHome, village.RideThere}
	}
	if p.is(errand) && !p.has("home") { // what is brought home is no ride
		return slices.DeleteFunc(rides, func(k village.Kind) bool { return k == village.RideHome })
	}
	return rides
}

// leavesClinic says whether a ride is from where one is treated: clinic to lakewood.
func (p said) leavesClinic() bool {
	i := p.at(1, "to")
	return i > 0 && among(p.toks[i-1].text, "clinic", "hospital", "office", "appointment", "session")
}

// addSession is a plan, with the help that the same words ask for.
func addSession(p said) []Thing {
	if p.when == "" && (!p.is(adds) || p.part < 90 || !p.begins("add", "plan", "schedule", "i want to plan", "i want to add", "i would like to plan", "i would like to add", "i need to plan", "set up", "book", "put", "enter", "new", "create", "i have a new", "make a plan", "let us plan", "help me plan", "can i add", "can i plan", "how do i add", "how do i plan", "i have a date", "i have a session", "i have an appointment", "note", "log", "i have my date", "i have dates", "i got a date", "i got my date", "i have my dates")) {
		return nil
	}
	if p.is(past) && !p.is(has) || p.has("eat", "drink", "drive", "fast", "fasting", "nervous", "scared", "afraid", "worried", "anxious", "take", "wear", "normal") && !p.is(nobody) {
		return nil
	}
	at := cmp.Or(p.courseDates(), p.when)
	return []Thing{{Path: []string{"session", "add"}, Args: args("when", at, "area", p.from, "help", planHelp(p))}}
}

// args are a command's, without those that were not said.
func args(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}
