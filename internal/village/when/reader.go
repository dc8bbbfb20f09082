package when

import (
	"slices"
	"strings"
	"time"
)

// typoDepth is how many misspelled words are mended for suggestions.
const typoDepth = 2

// reader reads words at one time and place.
type reader struct {
	now     time.Time
	zone    *time.Location
	dayOnly bool
	one     bool    // a list is no answer
	note    bool    // for a note to oneself: a bare length is how long from now
	kept    []habit // of the zone from now to the horizon, once asked for
}

func newReader(now time.Time, zone *time.Location) *reader {
	return &reader{now: now, zone: orUTC(zone)}
}

// readOne reads words that must name exactly one moment or day.
func (r *reader) readOne(words string) (time.Time, error) {
	r.one = true
	found, err := r.read(words, typoDepth)
	if err == nil && len(found) > 1 {
		err = r.several(words, found)
	}
	if err != nil {
		return time.Time{}, err.withHint(r)
	}
	return found[0], nil
}

// read gives the moments the words name, earliest first and without repeats, or the question to ask. Words that cannot
// be read as they are written are tried in plainer ones, and then in those that may have been meant, which are offered.
func (r *reader) read(words string, depth int) ([]time.Time, *Error) {
	found, err := r.asWritten(words, 0)
	if at, ok := r.hoursAlone(words); ok && err != nil && depth == typoDepth {
		return r.hoursOrClock(words, at, err)
	}
	if err == nil || len(err.Choices) > 0 || depth <= 0 {
		return found, err
	}
	if !slices.Contains([]Code{Unknown, Vague, Missing}, err.Code) || !err.on.IsZero() {
		return nil, r.withHours(err)
	}
	return r.inOtherWords(words, depth, err)
}

// inOtherWords reads words that the grammar refuses, with its error.
func (r *reader) inOtherWords(words string, depth int, err *Error) ([]time.Time, *Error) {
	if plain := r.plainer(words); plain != words {
		return r.read(plain, depth)
	}
	if !r.one && !r.dayOnly && depth == typoDepth {
		if found, other := r.course(words); found != nil || other != nil {
			return found, other
		}
	}
	if found, other := r.otherwise(words, depth); found != nil || other != nil {
		if other != nil && other.on.IsZero() {
			other.Code = err.Code
		}
		return found, r.withHours(other)
	}
	if err.Code == Unknown {
		_, err = r.asWritten(words, depth) // with the words that a slip may stand for
		err = inEnglish(words, err)
	}
	return nil, r.withHours(err)
}

// asWritten reads words by the grammar alone.
func (r *reader) asWritten(words string, depth int) ([]time.Time, *Error) {
	if len(words) > longestWords {
		return nil, errorf(Long, words, "That is a lot of words for a time. Please write just the day and the time.")
	}
	p := &parser{line: lineOf(words), r: r}
	if len(p.toks) == 0 {
		return nil, errorf(Empty, "", "When is it?")
	}
	if err := r.strangers(p, depth); err != nil {
		return nil, err
	}
	if err := p.parse(); err != nil {
		return nil, err
	}
	groups, err := p.groups()
	if err != nil {
		return nil, err
	}
	return r.meaning(words, groups)
}

// strangers refuses the first word that is nowhere in the grammar.
func (r *reader) strangers(p *parser, depth int) *Error {
	for i, t := range p.toks {
		if t.kind != tokenWord || known(t.text) || r.ownName(t.text) {
			continue
		}
		written := p.text(i, i+1)
		switch {
		case vague(t.text) != "":
			return errorf(Vague, written, "I read %s. %s", quote(written), vague(t.text))
		case foreign(t.text):
			return r.foreignZone(written)
		}
		return r.typo(p.src, t, depth)
	}
	return nil
}

// typo refuses an unknown word, and offers what the whole would mean with the nearest known ones.
func (r *reader) typo(src string, t token, depth int) *Error {
	written := src[t.from:t.to]
	err := errorf(Unknown, written, "I do not know the word %s.", quote(written))
	if depth == 0 {
		return err
	}
	var meant []string
	for _, better := range nearest(t.text, typable()) {
		choices, makesSense := r.mended(src[:t.from]+better+src[t.to:], depth-1)
		if makesSense {
			meant = append(meant, quote(better))
		}
		for _, c := range choices {
			if !slices.Contains(err.Choices, c) {
				err.Choices = append(err.Choices, c)
			}
		}
	}
	slices.SortStableFunc(err.Choices, func(a, b Choice) int { return a.At.Compare(b.At) })
	if len(err.Choices) > mostChoices {
		err.Choices = nil
	}
	if len(meant) > 0 {
		err.also("Did you mean %s?", orList(meant))
	}
	return err
}

// mended gives what words name after a slip was mended, and whether they name anything or only leave something open.
func (r *reader) mended(words string, depth int) (choices []Choice, makesSense bool) {
	found, err := r.read(words, depth)
	switch {
	case err == nil && r.one && len(found) > 1:
		return nil, false
	case err == nil:
		return []Choice{r.choice(found)}, true
	case err.Code != Several:
		choices = err.Choices
	}
	return choices, len(choices) > 0 || err.Code == Missing || err.Code == Ambiguous
}

func (r *reader) choice(times []time.Time) Choice {
	var words []string
	for _, t := range times {
		if r.dayOnly {
			words = append(words, t.In(r.zone).Format("2006-01-02"))
		} else {
			words = append(words, canonical(t, r.zone))
		}
	}
	return Choice{Words: strings.Join(words, ", "), Say: r.sayTimes(times), At: times[0]}
}

// several refuses a list where one time was wanted.
func (r *reader) several(words string, found []time.Time) *Error {
	what := "times"
	if r.dayOnly {
		what = "days"
	}
	err := errorf(Several, words, "That names several %s, and I need just one.", what)
	if len(found) <= mostChoices {
		for _, t := range found {
			err.Choices = append(err.Choices, r.choice([]time.Time{t}))
		}
	}
	return err
}

// habits are the offsets of the zone for every time that can be accepted, and a little around that.
func (r *reader) habits() []habit {
	if r.kept == nil {
		r.kept = habits(r.now.Add(-reach), r.now.Add(Horizon+reach), r.zone)
	}
	return r.kept
}

// ownName says whether w is one of the zone's own short names, or their everyday form: MST, MDT or MT in Denver.
func (r *reader) ownName(w string) bool {
	return slices.ContainsFunc(r.habits(), func(h habit) bool { return sameName(w, h.name) })
}

func sameName(w, name string) bool {
	name = strings.ToLower(name)
	if len(w) < 2 || strings.ContainsAny(name, "+-0123456789") {
		return false
	}
	everyday := len(w) == 2 && len(name) == 3 && w[1] == 't' && w[0] == name[0] && name[2] == 't' && (name[1] == 's' || name[1] == 'd')
	return w == name || everyday
}

func (r *reader) foreignZone(written string) *Error {
	return errorf(Unknown, written, "%s is not this group's time zone. I keep %s here, so please write the time in that.", quote(written), r.zoneWords())
}

func (r *reader) zoneWords() string {
	if l := label(r.zone); l != "" {
		return l
	}
	return mark(r.now, r.zone)
}
