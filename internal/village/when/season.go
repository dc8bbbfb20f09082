package when

import (
	"errors"
	"strings"
	"time"
)

// RepeatIn reads words for something that repeats, as [Repeat] does, with the
// days between which it does:
//
//	words  = repeat | bound, one or both, before, behind or inside it
//	bound  = (starting | beginning | from) day
//	       | (until | till | through | ending | from day to) day      that day counts
//	       | for [the next] (N | a) (days | weeks | months)           counted from its first day, or from today
//	       | forever | always
//
// day is what [Day] reads. Errors are those of Repeat and of Day, of which the
// latter say which end they mean; a last day before the first is [Impossible].
// The days are of zone (nil means UTC).
func RepeatIn(words string, now time.Time, zone *time.Location) (Repetition, error) {
	if len(words) > longestWords {
		return Repeat(words)
	}
	words = unwrapped(words)
	s := seasonReader{line: lineOf(words), now: now, zone: orUTC(zone)}
	rest, err := s.read()
	if err != nil {
		return Repetition{}, err
	}
	var first wall
	if !s.from.IsZero() {
		first = dateOf(wallOf(s.from, s.zone))
	}
	r, repeatErr := repeat(rest, wallOf(now, s.zone), first)
	if repeatErr != nil {
		return r, s.startOnly(words, repeatErr)
	}
	r.From, r.Until, r.Endless = s.from, s.until, s.endless
	if s.count != nil {
		first := s.from
		if first.IsZero() {
			year, month, day := now.In(s.zone).Date()
			first = time.Date(year, month, day, 0, 0, 0, 0, s.zone)
		}
		r.Until = s.count(first)
	}
	if !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until) {
		return Repetition{}, repeatError(Impossible, "", "The last day comes before the first one.")
	}
	return r, nil
}

// startOnly offers the start of "tuesdays, 6-7pm", where an error offers nothing.
func (s *seasonReader) startOnly(words string, err error) error {
	var unclear *Error
	if !errors.As(err, &unclear) || len(unclear.Choices) > 0 || len(words) > longestWords {
		return err
	}
	if often := "every " + words; unclear.Code == Missing && !strings.HasPrefix(strings.ToLower(words), "every") {
		if r, err := Repeat(often); err == nil && r.Spec != "" {
			unclear.Choices = []Choice{{Words: often, Say: often}}
			unclear.also("Did you mean %s?", quote(often))
			return unclear
		}
	}
	l := lineOf(words)
	for at := 1; at+1 < len(l.toks); at++ {
		if !l.word(at, "-", "to", "until", "till", "til") {
			continue
		}
		for _, other := range l.rangeAt(at) {
			if r, err := Repeat(other.words); err == nil && r.Spec != "" {
				unclear.Choices = append(unclear.Choices, Choice{Words: other.words, Say: other.words})
				unclear.instead(other.say)
			}
		}
	}
	unclear.Choices = unclear.Choices[:min(len(unclear.Choices), mostChoices)]
	if elsewhere := inEnglish(words, unclear); len(unclear.Choices) == 0 && elsewhere != unclear {
		return elsewhere.or(repeatExample)
	}
	return unclear
}

// seasonReader takes the bounds out of words for something that repeats.
type seasonReader struct {
	line
	now  time.Time
	zone *time.Location

	from, until time.Time
	count       func(first time.Time) time.Time // the end that "for two weeks" means
	endless     bool
	fromEnded   int // the token behind "from dec 1", where a "to" may follow
}

// read gives the words without their bounds.
func (s *seasonReader) read() (rest string, err error) {
	var kept strings.Builder
	at := 0 // how far the source has been copied
	for i := 0; i < len(s.toks); {
		if past := s.hours(i); past > i { // no bound but part of what repeats: "from 9am to 5pm"
			i = past
			continue
		}
		next, bad := s.bound(i)
		if bad != nil {
			return "", bad
		}
		if next == i {
			i++
			continue
		}
		kept.WriteString(s.src[at:s.toks[i].from] + " ")
		at = s.toks[next-1].to
		i = next
	}
	kept.WriteString(s.src[at:])
	return kept.String(), nil
}

// hours gives the token after "from" and two clocks: i when they are not there.
func (s *seasonReader) hours(i int) int {
	if _, dated := s.figures(i + 1); dated > i+1 || !s.word(i, "from", "between") {
		return i
	}
	if _, _, next, err := s.clockSpan(i, place{}); err == nil && next > i {
		return next
	}
	return i
}

// bound reads one bound at i and gives where it ends, or i when there is none.
func (s *seasonReader) bound(i int) (int, *Error) {
	switch {
	case s.word(i, "forever", "always"):
		s.endless = true
		return i + 1, nil
	case s.word(i, "for"):
		return s.counted(i)
	case s.word(i, "starting", "beginning", "from"):
		return s.day(i, &s.from, 0, "From when?")
	case s.dayRange(i-1) && s.fromEnded != i:
		return i, nil // "monday to friday"
	case s.word(i, "until", "till", "til", "through", "thru", "ending"), s.word(i, "to") && s.fromEnded == i && i > 0:
		return s.day(i, &s.until, 1, "Until when?")
	}
	return i, nil
}

// day reads the day of a bound whose first word is at i. A clock is no bound.
func (s *seasonReader) day(i int, into *time.Time, more int, which string) (int, *Error) {
	first, end := s.dayOf(i)
	switch {
	case first == end && !s.word(i, "from") && !s.word(end, "at", "@"):
		return i, repeatError(Missing, s.toks[i].text, "Please name the day.").after(which)
	case first == end || s.word(first, "at", "@"):
		return i, nil
	}
	if _, next, err := s.clock(first, place{alone: true}); err == nil && next >= end {
		return i, nil
	}
	day, err := s.bounding(first, end, which)
	words := s.text(first, end)
	switch {
	case err != nil:
		return i, err
	case more > 0 && (!into.IsZero() || s.count != nil):
		return i, twoEnds(words)
	case !into.IsZero():
		return i, repeatError(Unknown, words, "I read two first days. Please write only one.")
	}
	*into = day.AddDate(0, 0, more)
	if more == 0 {
		s.fromEnded = end
	}
	return end, nil
}

// dayOf are the token at which the day of a bound begins, whose first word is at i, and the one behind it.
func (s *seasonReader) dayOf(i int) (first, end int) {
	first = i + 1
	for s.word(first, "on") {
		first++
	}
	for end = first; end < len(s.toks) && !s.stops(end); {
		end++
	}
	return first, end
}

// bounding reads the day between two tokens. What is asked about it, is asked about the whole.
func (s *seasonReader) bounding(first, end int, which string) (time.Time, *Error) {
	words := s.text(first, end)
	day, err := Day(words, s.now, s.zone)
	var unclear *Error
	switch {
	case err == nil:
		return day, nil
	case !errors.As(err, &unclear):
		return day, repeatError(Unknown, words, "I could not read that day.").after(which)
	}
	if m, ok := monthWord(words); ok { // until it begins, or until it ends
		for _, last := range []wall{lastDay(s.now.In(s.zone).Year(), m-1), lastDay(s.now.In(s.zone).Year(), m)} {
			if last.Before(dateOf(wallOf(s.now, s.zone))) {
				last = lastDay(last.Year()+1, last.Month())
			}
			unclear.Choices = append(unclear.Choices, Choice{Words: last.Format(time.DateOnly), Say: sayDay(last)})
		}
		unclear.instead(Sentence{"Is that the day before %s begins, or its last?", []any{m.String()}})
	}
	said := *unclear
	said.after(which).Choices = nil
	for _, c := range unclear.Choices {
		said.Choices = append(said.Choices, Choice{Words: s.src[:s.tok(first).from] + c.Words + s.src[s.tok(end-1).to:], Say: c.Say})
	}
	return day, &said
}

func twoEnds(words string) *Error {
	return repeatError(Unknown, words, "I read two last days. Please write only one.")
}

// stops says whether the day of a bound ends before the token at i.
func (s *seasonReader) stops(i int) bool {
	if s.word(i, ",") { // "december 25, 2026" goes on
		return i+1 >= len(s.toks) || !s.toks[i+1].figures(4)
	}
	_, plural := pluralDay(s.toks[i].text)
	return plural || s.word(i, "every", "each", "everyday", "daily", "nightly", "hourly", "weekly", "monthly", "yearly", "weekdays", "weekends", "once", "twice",
		"at", "@", "for", "forever", "always", "starting", "beginning", "from", "until", "till", "til", "through", "thru", "ending", "to")
}

// counted reads "for two weeks". What is no such length stays where it is.
func (s *seasonReader) counted(i int) (int, *Error) {
	j := i + 1
	for s.word(j, "the", "next", "another") {
		j++
	}
	if s.word(j, "ever") {
		s.endless = true
		return j + 1, nil
	}
	n := 1
	switch {
	case j < len(s.toks) && s.toks[j].kind == tokenNumber && !s.toks[j].ordinal:
		n = s.toks[j].n
	case !s.word(j, "a", "an"):
		return i, nil
	}
	var days, months int
	switch {
	case s.word(j+1, "day", "days"):
		days = 1
	case s.word(j+1, "week", "weeks"):
		days = 7
	case s.word(j+1, "month", "months"):
		months = 1
	default:
		return i, nil
	}
	words := s.src[s.toks[j].from:s.toks[j+1].to]
	switch {
	case !s.until.IsZero() || s.count != nil:
		return i, twoEnds(words)
	case n < 1:
		return i, repeatError(Impossible, words, "For how long? Please give at least a day.")
	case n > 400:
		return i, repeatError(Far, words, "%s is longer than I can plan. Without an end it simply goes on.", quote(words))
	}
	s.count = func(first time.Time) time.Time { return first.AddDate(0, n*months, n*days) }
	return j + 2, nil
}
