package when

import (
	"slices"
	"time"
)

// Span reads from when until when something holds every day, and gives both in minutes after midnight. It may run over
// midnight:
//
//	[from] clock (- | to | until | till | through) clock
//	between clock and clock
//
// A clock is what [Clock] reads. When one of the two is written as on the 24-hour clock, so is the other: 21:00-8:00.
// Where an hour may be before or after noon, readings longer than most are left aside if there is a shorter one; what
// is left after that is asked about. A span that can only be longer is given as it is: its bound is the caller's.
// Every error is an *[Error] of one of the time codes; a span of no length is [Impossible]. Choices are whole spans.
func Span(words string, most time.Duration) (from, to int, err error) {
	s, e := readSpan(words, most)
	if e != nil {
		return 0, 0, e.or("9pm to 8am, or 21:00-8:00")
	}
	return s.from, s.to, nil
}

// daySpan is from one minute of the day to another.
type daySpan struct{ from, to int }

func (s daySpan) long() time.Duration {
	return time.Duration((s.to-s.from+24*60)%(24*60)) * time.Minute
}

func (s daySpan) words() string { return clockText(s.from) + " to " + clockText(s.to) }

func (s daySpan) say() string { return sayMinute(s.from) + " to " + sayMinute(s.to) }

func readSpan(words string, most time.Duration) (daySpan, *Error) {
	l, err := readable(words, "From when until when?")
	if err != nil {
		return daySpan{}, err
	}
	from, to, next, err := l.clockSpan(0, afterAt)
	switch {
	case err != nil:
		return daySpan{}, err
	case next < len(l.toks):
		return daySpan{}, l.strange(next, typable())
	}
	if from.full || to.full {
		from.form, to.form = from.onFullClock(), to.onFullClock()
	}
	list, err := spansOf(from, to)
	if err != nil {
		return daySpan{}, err
	}
	shorter := func(s daySpan) bool { return s.long() <= most }
	if slices.ContainsFunc(list, shorter) {
		list = slices.DeleteFunc(list, func(s daySpan) bool { return !shorter(s) })
	}
	switch len(list) {
	case 0:
		return daySpan{}, errorf(Impossible, words, "%s begins and ends at the same time.", quote(words))
	case 1:
		return list[0], nil
	}
	return daySpan{}, oneOf(errorf(Ambiguous, words, "%s can mean more than one time.", quote(words)), list, daySpan.words, daySpan.say)
}

// onFullClock is the form of a clock that stands beside one that is written as on the 24-hour clock.
func (c clock) onFullClock() clockForm {
	if c.form == open && c.part == noPart {
		return exact
	}
	return c.form
}

// spansOf are the ways to read two clocks as a span.
func spansOf(from, to clock) ([]daySpan, *Error) {
	starts, err := from.minutes()
	if err != nil {
		return nil, err
	}
	ends, err := to.minutes()
	if err != nil {
		return nil, err
	}
	var list []daySpan
	for _, start := range starts {
		for _, end := range ends {
			if start != end {
				list = append(list, daySpan{start, end})
			}
		}
	}
	return list, nil
}

// clockSpan reads from one clock to another, and gives the token after it. When only the first is there, next is the
// token that should have joined them and the error says so; when there is none, next is i.
func (l line) clockSpan(i int, in place) (from, to clock, next int, err *Error) {
	in.alone, in.ranged = true, true
	start, joins := i, []string{"-", "to", "until", "till", "til", "through", "thru"}
	switch {
	case l.word(i, "from"):
		start++
	case l.word(i, "between"):
		start, joins = start+1, []string{"and", "-"}
	}
	from, next, err = l.timeOfDay(start, in)
	if err != nil || next == start {
		return from, to, i, err
	}
	if !l.word(next, joins...) {
		return from, to, next, errorf(Missing, l.text(i, next), "From %s until when?", quote(from.words))
	}
	to, end, err := l.timeOfDay(next+1, in)
	switch {
	case err != nil:
	case end == next+1 && end < len(l.toks):
		err = l.strange(end, typable())
	case end == next+1:
		err = errorf(Missing, l.text(i, end), "From %s until when?", quote(from.words))
	}
	return from, to, end, err
}
