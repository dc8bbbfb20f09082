package when

import (
	"slices"
	"strings"
	"time"
)

// Days reads a set of weekdays, and gives them in order from Monday, each once:
//
//	days = item { (, | and | & | / | +) item }                     a space alone separates too
//	item = [every | each | weekly on] weekday | weekdays | weekends | daily | every (day | weekday | weekend)
//	     | weekday-name (- | to | through) weekday-name            it may run over the weekend
//
// A weekday is its name, its first letters from two on, or its plural. Every error is an *[Error]: [Empty], [Long],
// [Impossible] for a range from a day to itself, [Vague] for words that leave days open, and [Unknown] for any other
// word or a day that is named twice. Its choices are the whole set.
func Days(words string) ([]time.Weekday, error) {
	l, err := readable(words, "Which days?")
	if err != nil {
		return nil, err.or("tue thu")
	}
	var set weekdaySet
	if err := l.allDays(&set); err != nil {
		return nil, err.or("tue thu")
	}
	slices.SortFunc(set, func(a, b time.Weekday) int { return int(a+6)%7 - int(b+6)%7 })
	return set, nil
}

func (l line) allDays(set *weekdaySet) *Error {
	for i := 0; i < len(l.toks); {
		next, err := l.dayItem(i, set)
		if err != nil {
			return err
		}
		i = next
	}
	if len(*set) == 0 {
		return errorf(Missing, l.src, "Which days? I could not read any in that.")
	}
	return nil
}

// dayItem reads one item of a list of days, or what stands between two.
func (l line) dayItem(i int, set *weekdaySet) (int, *Error) {
	if l.word(i, ",", "and", "&", "/", "+", ";", "on", "the", "weekly") {
		return i + 1, nil
	}
	every := l.word(i, "every", "each")
	if every {
		i++
	}
	if every && l.word(i, "single") {
		i++
	}
	days, next, err := l.weekdays(i, every)
	switch {
	case err != nil:
		return i, err
	case next > i:
		return next, set.add(l.text(i, next), days...)
	case every && l.word(i, "week"):
		return i + 1, nil
	}
	return i, l.noDay(i, every)
}

// noDay refuses the token at i, where a day of the week should stand.
func (l line) noDay(i int, every bool) *Error {
	written := l.text(i, i+1)
	switch {
	case every && i == len(l.toks):
		return errorf(Missing, l.text(i-1, i), "Every what? Please name the days.")
	case every && l.word(i, "other"):
		return errorf(Vague, written, "I can't count every other day or week. Please name the days of the week.")
	case vague(l.tok(i).text) != "":
		return errorf(Vague, written, "I read %s. Please name the days of the week.", quote(written))
	}
	return l.suggest(errorf(Unknown, written, "I don't know the day %s.", quote(written)), i, dayNames())
}

// weekdaySet are weekdays, none of them twice.
type weekdaySet []time.Weekday

func (s *weekdaySet) add(words string, days ...time.Weekday) *Error {
	for _, d := range days {
		if slices.Contains(*s, d) {
			return errorf(Unknown, words, "I read %s twice.", quote(d.String()))
		}
		*s = append(*s, d)
	}
	return nil
}

func wholeWeek() []time.Weekday { return stretch(time.Sunday, time.Saturday) }

// stretch is the days from one to another, over the weekend where it has to be.
func stretch(from, to time.Weekday) []time.Weekday {
	days := []time.Weekday{from}
	for d := from; d != to; {
		d = (d + 1) % 7
		days = append(days, d)
	}
	return days
}

// weekdays reads one name of weekdays, and gives the token after it: i when there is none. After "every" a set may be
// called by a word that stands for a single day.
func (l line) weekdays(i int, every bool) (days []time.Weekday, next int, err *Error) {
	switch {
	case l.dayRange(i):
		return l.ranged(i)
	case l.dayList(i):
		return l.slashed(i)
	case every && l.word(i, "week", "business", "working", "work") && l.word(i+1, "day"):
		return stretch(time.Monday, time.Friday), i + 2, nil
	case l.tok(i).kind != tokenWord:
		return nil, i, nil
	}
	if days = daysCalled(l.tok(i).text, every); days == nil {
		return nil, i, nil
	}
	return days, i + 1, nil
}

// daysCalled are the weekdays that one word stands for.
func daysCalled(w string, every bool) []time.Weekday {
	switch w {
	case "daily", "everyday":
		return wholeWeek()
	case "weekdays", "workdays":
		return stretch(time.Monday, time.Friday)
	case "weekends":
		return stretch(time.Saturday, time.Sunday)
	case "day", "weekday", "weekend", "workday":
		if !every {
			return nil
		}
		return daysCalled(map[string]string{"day": "daily", "weekday": "weekdays", "weekend": "weekends", "workday": "weekdays"}[w], true)
	}
	if d, ok := weekdayWord(w); ok {
		return []time.Weekday{d}
	}
	if d, ok := pluralDay(w); ok {
		return []time.Weekday{d}
	}
	return nil
}

// ranged reads "mon-fri".
func (l line) ranged(i int) (days []time.Weekday, next int, err *Error) {
	from, _ := weekdayWord(l.tok(i).text)
	to, _ := weekdayWord(l.tok(i + 2).text)
	if words := l.text(i, i+3); from == to {
		return nil, i, errorf(Impossible, words, "Is %s one day, or all seven? Please write the day, or daily.", quote(words))
	}
	return stretch(from, to), i + 3, nil
}

// slashed reads "mon/wed/fri".
func (l line) slashed(i int) (days []time.Weekday, next int, err *Error) {
	var set weekdaySet
	for next = i; ; next++ {
		d, _ := weekdayWord(l.tok(next).text)
		if err := set.add(l.text(next, next+1), d); err != nil {
			return nil, i, err
		}
		if !l.dayList(next) {
			return set, next + 1, nil
		}
		next++
	}
}

// dayRange says whether "mon-fri" or "monday to friday" stands at i.
func (l line) dayRange(i int) bool {
	_, from := weekdayWord(l.tok(i).text)
	_, to := weekdayWord(l.tok(i + 2).text)
	return from && to && l.word(i+1, "-", "to", "through", "thru")
}

// dayList says whether "mon/wed" stands at i.
func (l line) dayList(i int) bool {
	_, first := weekdayWord(l.tok(i).text)
	_, second := weekdayWord(l.tok(i + 2).text)
	return first && second && l.glued(i+1, "/")
}

// weekdayWord knows the names of the weekdays, and their first letters from two on.
func weekdayWord(w string) (time.Weekday, bool) {
	if len(w) < 2 {
		return 0, false
	}
	if w == "weds" {
		return time.Wednesday, true
	}
	for d, name := range [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} {
		if strings.HasPrefix(name, w) {
			return time.Weekday(d), true
		}
	}
	return 0, false
}

// pluralDay is "mondays" and the like.
func pluralDay(w string) (time.Weekday, bool) {
	singular, ok := strings.CutSuffix(w, "s")
	if _, day := weekdayWord(w); day || !ok || len(singular) < 3 {
		return 0, false
	}
	return weekdayWord(singular)
}

// dayNames are the words for weekdays that a slip of the finger is compared with.
func dayNames() []string {
	words := []string{"every", "daily", "weekdays", "weekends"}
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		words = append(words, name, name+"s")
	}
	return words
}
