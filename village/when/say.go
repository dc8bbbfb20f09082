package when

import (
	"fmt"
	"strings"
	"time"
)

// midnightWords follow a date whose first minute is meant.
const midnightWords = "midnight at the start of the day"

// Full writes a time so that nobody can misread it, in zone (nil means UTC): weekday, date with the month as a word,
// time with am or pm, and zone: "Tuesday 8 December 2026, 1:00 pm (Denver time, MST)". Twelve o'clock is "noon", or
// "midnight at the start of the day". Seconds are not shown. Moment reads it back to the same minute.
func Full(t time.Time, zone *time.Location) string {
	zone = orUTC(zone)
	return sayFull(t, zone) + " (" + aside(t, zone) + ")"
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

// sayFull is Full without the zone.
func sayFull(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return sayDay(t) + ", " + sayClock(t)
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

// sayTimes writes one time in full, or a list short.
func (r *reader) sayTimes(times []time.Time) string {
	if r.dayOnly {
		return sayDay(times[0].In(r.zone))
	}
	if len(times) == 1 {
		return sayFull(times[0], r.zone)
	}
	var list []string
	for _, t := range times {
		list = append(list, Short(t, r.zone))
	}
	return strings.Join(list, "; ")
}

// quote shows the person's own words, cut when long.
func quote(words string) string { return "“" + cut(words) + "”" }

func cut(words string) string {
	const most = 40
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return words
}

func errorf(kind Kind, word, say string, args ...any) *Error {
	return &Error{Kind: kind, Word: cut(strings.ToLower(word)), Say: fmt.Sprintf(say, args...)}
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
