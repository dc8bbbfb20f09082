package understand

import (
	"cmp"
	_ "embed"
	"math"
	"strings"

	"village/content"
	"village/internal/village"
)

//go:embed ways.txt
var waysText string

// ways are whole sentences, to compare with what no rule knows. What a sentence is
// about is compared, not how it is built: words count by how rare they are, a time
// and a place count alike, and so do words of one meaning.
type ways struct {
	means []string             // what each sentence says, as ways.txt has it
	size  []float64            // the length of each
	with  map[string][]int     // the sentences that have a feature
	rare  map[string]float64   // what a feature weighs
	has   []map[string]float64 // the features of each sentence
}

// likest is how like the nearest sentences are, 0 to 1, by what they say.
type likest struct {
	means string
	score float64
	// ahead is by how much that is more than the next thing that is meant.
	ahead float64
}

// readWays reads ways.txt.
func (e *Ear) readWays(text string) ways {
	w := ways{with: map[string][]int{}, rare: map[string]float64{}}
	eachWay(text, func(means, line string) {
		features := e.features(line)
		for f := range features {
			w.with[f] = append(w.with[f], len(w.means))
		}
		w.means, w.has = append(w.means, means), append(w.has, features)
	})
	for f, in := range w.with {
		w.rare[f] = math.Log(1 + float64(len(w.means))/float64(len(in)))
	}
	for _, features := range w.has {
		w.size = append(w.size, w.length(features))
	}
	return w
}

func (w ways) length(features map[string]float64) float64 {
	sum := 0.0
	for f, n := range features {
		sum += n * w.weight(f) * n * w.weight(f)
	}
	return math.Sqrt(sum)
}

// weight of what no sentence has is that of the rarest.
func (w ways) weight(feature string) float64 {
	if known := w.rare[feature]; known > 0 {
		return known
	}
	return math.Log(1 + float64(len(w.means)))
}

// near says how like each meaning's nearest sentence is.
func (w ways) near(features map[string]float64) map[string]float64 {
	scores := map[int]float64{}
	for f, n := range features {
		for _, i := range w.with[f] {
			scores[i] += n * w.weight(f) * w.has[i][f] * w.weight(f)
		}
	}
	size := w.length(features)
	best := map[string]float64{}
	for i, dot := range scores {
		best[w.means[i]] = max(best[w.means[i]], dot/(size*w.size[i]))
	}
	return best
}

// like finds what a sentence is most like.
func (w ways) like(features map[string]float64) likest { return mostLike(w.near(features)) }

func mostLike(best map[string]float64) likest {
	var l likest
	next := 0.0
	for means, score := range best {
		switch {
		case score > l.score || score == l.score && means < l.means:
			l.means, l.score, next = means, score, max(next, l.score)
		default:
			next = max(next, score)
		}
	}
	l.ahead = l.score - next
	return l
}

// features are what a sentence is compared by: its words, and half as much each two
// that stand together.
func (e *Ear) features(words string) map[string]float64 {
	s := e.parse(words)
	found := e.slots(s)
	features := map[string]float64{}
	last := "^"
	for i, t := range s.toks {
		word := alike(t.text)
		switch {
		case found.timed[i]:
			word = "@time"
		case found.placed[i]:
			word = "@place"
		}
		if word == last || word == "" {
			continue
		}
		features[word] = 1
		features[last+" "+word] = 0.5
		last = word
	}
	return features
}

// alike is one word for all that mean the same here, without its ending; empty for
// words that say nothing.
func alike(word string) string {
	switch {
	case among(word, "please", "hi", "hey", "hello", "so", "just", "really", "oh", "um", "well", "ok", "village", "also", "very", "the", "a", "an", "there", "some", "be", "is", "are", "am", "was"):
		return ""
	case among(word, "needed", "needs"):
		return "need"
	case among(word, "anybody", "people", "friend", "neighbor", "volunteer", "helper", "helpers"):
		return "somebody"
	case among(word, "appointment", "appointments", "infusion", "treatment", "treatments", "procedure", "sessions", "infusions"):
		return "session"
	case among(word, "kids", "kid", "children", "child", "boys", "girls", "daughter", "son", "twins", "toddler", "baby", "sons", "daughters"):
		return "kids"
	case among(word, "sister", "brother", "mom", "dad", "husband", "wife", "partner", "cousin", "aunt", "boyfriend", "girlfriend", "mother", "father"):
		return "kin"
	case among(word, "he", "him", "she", "her", "they", "them", "sam", "maya", "kim", "rosa"):
		return "them"
	case among(word, "pick", "collect", "fetch", "grab"):
		return "get"
	case among(word, "dinner", "supper", "food", "meals", "lunch"):
		return "meal"
	case among(word, "lift", "rides"):
		return "ride"
	case among(word, "sitter", "nanny", "babysitting", "babysat"):
		return "babysitter"
	case among(word, "text", "texts", "message", "messages", "write", "writing"):
		return "message"
	}
	return stem(word)
}

// stem is a word without its ending.
func stem(word string) string {
	for _, ending := range []string{"ing", "ed", "es", "s"} {
		if rest, cut := strings.CutSuffix(word, ending); cut && len(rest) > 3 {
			return rest
		}
	}
	return word
}

// How much likeness is believed: where nothing else is known, against what a rule
// reads, and against an answer that the finder is sure of.
func (l likest) likely() bool   { return l.score >= 0.36 && l.ahead >= 0.09 }
func (l likest) strongly() bool { return l.score >= 0.5 && l.ahead >= 0.2 }
func (l likest) surely() bool   { return l.score >= 0.65 && l.ahead >= 0.35 }

// told says whether somebody would be given what the finder has.
func (h Heard) told(found content.Finding) bool {
	return found.Kind == content.KindRefuse || found.Kind == content.KindAnswer && (h.Who != Helper || NamesIt(h.Words))
}

// likened is a reading by likeness alone: an order is offered, never carried out
// unless it only looks, and a reply has its buttons again.
func (e *Ear) likened(s sentence, h Heard, found content.Finding) (Reading, bool) {
	const story = 25 // words that are no order any more, nor a reply
	if len(s.toks) == 0 || len(s.toks) > story || found.Either != nil {
		return Reading{}, false
	}
	told := h.told(found)
	l := e.ways().like(e.features(h.Words))
	if told && sure(found) || l.means == "crisis" && l.likely() {
		return e.likenedByWords(s, h, l, told || found.Danger, found.Danger)
	}
	odds := e.sense(h, nil)
	if odds == nil {
		return e.likenedByWords(s, h, l, told || found.Danger, found.Danger)
	}
	r, ok := e.unruled(s, h, found, odds, told || found.Danger)
	r = e.look(s).eitherWay(r)
	r.Lines = found.WithLines || found.Danger || s.ominous() || odds["crisis"] >= linesAt
	return r, ok
}

// likenedByWords goes by likeness to single sentences, where nobody has to be asked
// what the words say as a whole, or nobody can be.
func (e *Ear) likenedByWords(s sentence, h Heard, l likest, against, danger bool) (Reading, bool) {
	if !l.likely() || against && !l.surely() {
		return Reading{}, false
	}
	if !e.look(s).couldMean(l.means) {
		return Reading{}, false
	}
	r, ok := e.meant(s, h, l.means)
	r.Lines = danger
	return r, ok
}

// doubted is a reading by rule, unless the words are much more like something else:
// then that, or nothing; and a reply is not sure.
func (e *Ear) doubted(h Heard, r Reading) (Reading, bool) {
	l := e.ways().like(e.features(h.Words))
	switch {
	case !l.strongly():
		return r, true
	case r.Kind == Reply:
		return e.doubtedReply(h, r, l)
	case r.Do[0].Name() == l.means:
		return r, true
	}
	if other, ok := e.meant(e.parse(h.Words), h, l.means); ok && (other.Kind != Talk || l.surely()) {
		return other, true
	}
	return r, l.means != "none" && l.means != "know"
}

// doubtedReply is a reply by rule, not sure where the words are like something else.
func (e *Ear) doubtedReply(h Heard, r Reading, l likest) (Reading, bool) {
	kind, rest, _ := strings.Cut(l.means, " ")
	if kind == "talk" && len(h.Asked) == 0 {
		return e.meant(e.parse(h.Words), h, l.means)
	}
	other := kind == "none" || kind == "know" || kind == "crisis"
	r.Sure = r.Sure && (kind == "reply" && Said(rest) == r.Said || l.score < 0.6 || len(h.Asked) > 0 && !other)
	return r, true
}

// meant is the reading that ways.txt has a name for; false for none and know.
func (e *Ear) meant(s sentence, h Heard, means string) (Reading, bool) {
	kind, rest, _ := strings.Cut(means, " ")
	switch kind {
	case "none", "know":
		return Reading{}, false
	case "crisis":
		return Reading{Kind: Crisis, Lines: true}, true
	case "talk":
		return Reading{Kind: Talk, Word: Word(rest)}, true
	case "reply":
		return Reading{Kind: Reply, Said: Said(rest)}, true
	}
	thing, ok := e.likeThing(e.look(s), h.Who, means)
	if !ok {
		return Reading{}, false
	}
	return Reading{Kind: Command, Do: []Thing{thing}}, true
}

// likeThing is a command that words are like, filled in; false where they cannot mean
// it.
func (e *Ear) likeThing(p said, who Role, name string) (Thing, bool) {
	path := strings.Fields(name)
	thing := Thing{Path: path, Look: looks(path)}
	switch {
	case moderates(name) && who != Moderator,
		name == "need release" && p.is(session),
		path[0] == "ask" && who == Helper && !p.is(wants, wantsBare, nobody) && !p.asksFor(),
		path[0] == "ask" && (p.is(others, theyMoved) || p.is(unwanted) && !p.is(wants) && !p.begins("i do not want to be")),
		path[0] == "session" && !thing.Look && p.aboutHelp(),
		!thing.Look && p.is(keeps),
		name == "session add" && p.when == "":
		return thing, false
	}
	thing.Args = p.filledIn(path)
	return thing, true
}

// aboutHelp says whether words name help, and no session.
func (p said) aboutHelp() bool {
	return p.is(ride, rideHome, rideThere, childcare, schoolRun, carpool, meal, errand, stayWith) && !p.is(session, plan, has)
}

// filledIn are a command's arguments, as far as they are said.
func (p said) filledIn(path []string) map[string]string {
	switch strings.Join(path, " ") {
	case "session add":
		return args("when", cmp.Or(p.courseDates(), p.when))
	case "need move":
		return args("when", p.when)
	case "session move":
		return args("to", p.when)
	case "remind add":
		return args("when", p.when, "words", p.rest())
	case "reminders add":
		return args("schedule", p.when, "words", p.rest())
	case "remind pause":
		return args("until", p.pauseEnd())
	case "reminders pause":
		return args("reminder", "all", "until", p.when)
	case "reminders resume":
		return args("reminder", "all")
	}
	if path[0] != "ask" {
		return nil
	}
	if village.Kind(path[1]).Travels() {
		return args("when", p.when, "from", p.from)
	}
	return args("when", p.when, "where", p.from)
}
