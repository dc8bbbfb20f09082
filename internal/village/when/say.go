package when

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// midnightWords follow a date whose first minute is meant.
const midnightWords = "midnight at the start of the day"

// Full writes a time so that nobody can misread it, in zone (nil means UTC): weekday, date with the month as a word,
// time with am or pm, and zone: "Tuesday 8 December 2026, 1:00 pm (Denver time, MST)". Twelve o'clock is "noon", or
// "midnight at the start of the day". Seconds are not shown. Moment reads it back to the same minute.
func Full(t time.Time, zone *time.Location) string {
	zone = orUTC(zone)
	t = t.In(zone)
	return sayDay(t) + ", " + sayClock(t) + " (" + aside(t, zone) + ")"
}

// Short writes a time for lists, in zone (nil means UTC): "Tue 8 Dec, 1:00 pm". It has neither year nor zone, so it
// belongs under a heading that has them.
func Short(t time.Time, zone *time.Location) string {
	t = t.In(orUTC(zone))
	return t.Format("Mon 2 Jan") + ", " + sayClock(t)
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

func sayDay(t time.Time) string { return t.Format("Monday 2 January 2006") }

func sayClock(t time.Time) string {
	switch {
	case t.Hour() == 0 && t.Minute() == 0:
		return midnightWords
	case t.Hour() == 12 && t.Minute() == 0:
		return "noon"
	}
	return t.Format("3:04 pm")
}

// sayAt writes a time inside a sentence.
func sayAt(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	clock := sayClock(t)
	if clock == midnightWords {
		return "midnight at the start of " + sayDay(t)
	}
	if len(instants(wallOf(t, zone), zone)) > 1 {
		clock += " " + mark(t, zone)
	}
	return clock + " on " + sayDay(t)
}

// sayTimes writes one time inside a sentence, or a list of them short.
func (r *reader) sayTimes(times []time.Time) string {
	if r.dayOnly {
		return sayDay(times[0].In(r.zone))
	}
	if len(times) == 1 {
		return sayAt(times[0], r.zone)
	}
	var list []string
	for i, t := range times {
		t = t.In(r.zone)
		words := t.Format("Mon 2 Jan")
		if t.Year() != r.now.In(r.zone).Year() {
			words = t.Format("Mon 2 Jan 2006")
		}
		clock := sayClock(t)
		if len(instants(wallOf(t, r.zone), r.zone)) > 1 {
			clock += " " + mark(t, r.zone)
		}
		// One clock for all is said once, at the end.
		if next := i + 1; next == len(times) || sayClock(times[next].In(r.zone)) != clock {
			words += " at " + clock
		}
		list = append(list, words)
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// after puts a question first.
func (e *Error) after(question string) *Error {
	e.Say = question + " " + e.Say
	e.Sentences = append([]Sentence{{English: question}}, e.Sentences...)
	return e
}

// didYouMean asks which of the choices is right.
func (e *Error) didYouMean() *Error {
	for i, c := range e.Choices {
		if i == 0 {
			e.also("Did you mean %s?", c.Say)
		} else {
			e.also("Or %s?", c.Say)
		}
	}
	return e
}

// quote shows the person's own words, cut when long.
func quote(words string) string { return "“" + cut(words) + "”" }

// cut keeps words short, on one line, and free of signs that cannot be seen.
func cut(words string) string {
	const most = 40
	words = strings.ToValidUTF8(words[:min(len(words), 20*most)], "?")
	words = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, words)
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return words
}

func errorf(code Code, word, say string, args ...any) *Error {
	e := &Error{Code: code, Word: cut(strings.ToLower(word))}
	e.also(say, args...)
	return e
}

// also adds a sentence.
func (e *Error) also(say string, args ...any) {
	e.Say = strings.TrimSpace(e.Say + " " + fmt.Sprintf(say, args...))
	e.Sentences = append(slices.Clip(e.Sentences), Sentence{say, args})
}

// instead says another sentence alone.
func (e *Error) instead(s Sentence) {
	e.Say, e.Sentences = "", nil
	e.also(s.English, s.Args...)
}

// or sets the example that Person shows, where there is none yet.
func (e *Error) or(hint string) *Error {
	if e.hint == "" {
		e.hint = hint
	}
	return e
}

// orList joins choices for a sentence: "a, b, or c".
func orList(list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + ", or " + list[len(list)-1]
}
