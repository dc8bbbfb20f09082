// Package when reads the words people use for times, and writes times back so that nobody can misread them.
//
// The promise: every word is understood or the whole answer is a question. A word that is not in the grammar, a word
// in a place where it means nothing, and words that can mean two times are all refused with an [Error] that names the
// word and spells the choices out. Nothing is guessed and nothing is dropped. Callers still echo [Full] to the person
// before they save anything: the grammar cannot know that somebody meant another day than they wrote.
//
// What comes out is a whole minute in the zone that was passed in, later than now and at most [Horizon] ahead.
//
// # Grammar
//
// Capital letters do not matter. [x] may be left out, | is a choice, N is a number in digits or in words.
// A point after a word and a full stop at the end mean nothing; so do the little words at, @, by, on, the, of and coming.
//
//	words     = group { ";" group }                                each group stands for itself
//	group     = part { sep part }                                  sep = "," | "and" | "&" | ", and"
//	part      = ahead | [day] [clock] [daypart]                    in any order
//
//	day       = today | tomorrow | the day after tomorrow
//	          | [this | next] weekday | weekday (this | next) week | (this | next) week weekday
//	          | in N (days | weeks) | N (days | weeks) (from | after | on) base | base week       "thursday week"
//	          | [weekday] date [weekday]                           they must agree
//	          | (first .. fifth | last) weekday (of | in) month [year]
//	base      = now | today | tomorrow | [next] weekday
//	date      = 2026-12-08 | 2026/12/8 | month N [year] | N [of] month [year]
//	          | N/N[/year] | N.N.year | N-N-year                   month or day first: asked when both can be
//	          | the N | Nth                                        the next such day of a month
//	          | (christmas | new year's) [day | eve] [year]
//	clock     = N[:NN] [am | pm] | N.NN (am | pm) | NhNN | NNNN | N o'clock | noon
//	          | (half | quarter | N [minutes]) past N | (quarter | N [minutes]) (to | till | before) N
//	          | midnight [at the (start | end) of the day]
//	          | clock (UTC | Z | offset | the zone's own letters, such as MST)
//	daypart   = [in the] morning | afternoon | evening | [at] night | tonight | this (morning | afternoon | evening)
//	ahead     = in LENGTH | LENGTH from now                        hours and minutes, counted on a stopwatch
//
// A weekday is its name or its first letters from two on. [Clock], [Days], [Span], [Weekly], [Repeat] and [RepeatIn]
// read days and clocks with the readers of [Moment], so that no word is an hour in one place and unknown in another.
//
// # What it decides
//
//   - A date without a year is the next one. If it went by in the last 90 days, or today at an earlier hour, that is
//     more likely a slip than next year: an error of code [Past] that offers next year.
//   - A weekday is the next such day. If that is today, the question is: today, or in a week. If the hour has gone by
//     today, the week ahead is offered and not taken.
//   - "next tuesday" is always asked about, except on a Tuesday, when it can only be in a week.
//   - "tomorrow" before four in the morning is asked about: people who are still up mean the coming daylight.
//   - "the 31st" in a month without one is asked about.
//   - "next week" and "this week" are read with weeks that begin on Monday and on Sunday, and asked about where those differ.
//   - An hour from 1 to 12 without am, pm, a part of the day, a leading zero or an ISO date beside it is asked about,
//     unless one of the two has gone by. "08:00" and "13:00" are clear; "8:00" is not.
//   - "midnight", "12 am" and "24:00" can end a day or start it, so they are asked about. "00:00" starts the day.
//   - Numeric dates in one expression are all read the same way round: in "12/8, 12/15" the second decides the first.
//   - Days are counted on the calendar ("in 2 days at 9"), hours and minutes on a stopwatch ("in 48 hours").
//   - A time that the clocks skip is never moved in silence ([Gap]); one that comes twice is asked about ([Twice]).
//   - One time is shared by a list of days when it stands before or after all of them ("dec 1, 4 and 8 at 1pm",
//     "1pm on tue and thu"). Otherwise each day has its own time beside it. One day may have several times.
//   - A month is shared by the numbers after it ("dec 1, 4, 8") or before it ("1, 4 and 8 december"), and a year by all
//     days of that month. When a number could belong to two months, the question is which.
//   - In "tuesday and thursday next week", it is asked whether "next week" goes for both.
//
// # What it offers and never takes
//
// Words that cannot be read are tried in plainer ones first: short forms, marks and pictures around them, a chat's own
// time stamps, days with a name. Then what they most likely mean is offered: the start of "1 to 3pm", the hours of
// "sunday 6", "3pm ET" as the zone's own clock shows it, a length alone ("90m"; [Note] takes it). [Appointments] takes a
// stretch with its length, and [Moments] a course that ends ("tuesdays at 1pm for 3 weeks").
//
// # What it refuses
//
// Repeats without an end, anything vague ("around 1", "1ish", "dec 8 or 9", "before noon"), and seconds. Whoever writes
// in another language is told that times are read in English, with a form that needs no words.
package when

import (
	"strings"
	"time"
)

const (
	// Horizon is how far ahead a time may be: 400 days of 24 hours.
	Horizon = 400 * 24 * time.Hour

	longestWords = 1000 // bytes; a list of forty written-out dates still fits
	mostMoments  = 40
	mostReadings = 64 // ways to read one expression that are looked at before giving up on choices
	mostChoices  = 4
	slipDays     = 90 // a date without a year that went by this recently is taken for a slip
)

// Code says what sort of question an [Error] asks. Its text is the code that [Error.Person] gives.
type Code string

// The codes of errors. Every function documents which it gives.
const (
	Unknown    Code = "time-unknown"    // a word, or a word in this place, that means nothing here
	Vague      Code = "time-vague"      // a word that is understood but names no one time: around, every, or, until
	Ambiguous  Code = "time-ambiguous"  // more than one time fits
	Missing    Code = "time-missing"    // no day, no time of day, or no month
	Impossible Code = "time-impossible" // February 30th, 25:00, a weekday that is not the date's
	Past       Code = "time-past"       // not later than now
	Far        Code = "time-far"        // more than Horizon ahead
	Gap        Code = "time-gap"        // skipped when the clocks go forward
	Twice      Code = "time-twice"      // comes twice when the clocks go back
	Several    Code = "time-several"    // a list where one time was wanted, or too long a list
	Empty      Code = "time-empty"      // nothing was written
	Long       Code = "time-long"       // far more was written than a time needs

	LengthUnknown Code = "length-unknown" // not a length of time
	LengthMissing Code = "length-missing" // nothing written, or a number without hours or minutes
	LengthBounds  Code = "length-bounds"  // under a minute, over Horizon, or not whole minutes

	ZoneUnknown   Code = "zone-unknown"   // no such time zone
	ZoneAmbiguous Code = "zone-ambiguous" // the name fits several zones
)

// Choice is one answer to an [Error]'s question, ready to be typed or tapped.
type Choice struct {
	// Words parse to exactly At, by the function that gave the error. For a list they are the whole list, so that
	// taking a choice never loses a date. For Zone they are the zone's name.
	Words string
	// Say names the choice as Person's question does.
	Say string
	// At is the moment, in the asker's zone; for a list the first one; for Day the first instant of the day; for
	// Zone and Length the zero time.
	At time.Time
}

// Error says what was not understood, and what could have been meant.
type Error struct {
	Code Code
	// Word is the word or words the question is about, as they were written (lower case, cut when very long).
	Word string
	// Say is one or two plain sentences for the person. It may quote their words: adapters neutralise mark-up.
	Say string
	// Sentences are those of Say, each apart from what is filled in, for whoever says them in another language.
	Sentences []Sentence
	// Choices are at most four. An Ambiguous error has two to four, or none when there are more than that: then Say
	// asks for clearer words.
	Choices []Choice

	hint string
	weak bool      // says less than any other error
	on   time.Time // the day that an hour is missing for
	part part      // of that day
}

// Sentence is English with verbs as fmt has them, and what fills them in.
type Sentence struct {
	English string
	Args    []any
}

// Error gives Say.
func (e *Error) Error() string { return e.Say }

// Person gives what a person needs: a stable code, a sentence, and an example of words that work.
func (e *Error) Person() (code, say, hint string) {
	hint = e.hint
	if len(e.Choices) > 0 {
		var words []string
		for _, c := range e.Choices {
			words = append(words, c.Words)
		}
		hint = strings.Join(words, " | ")
	}
	return string(e.Code), e.Say, hint
}

// Moment reads words that must name exactly one instant, and gives it in zone (nil means UTC). Every error is an
// *[Error] of one of the time codes; a list of several times is [Several].
func Moment(words string, now time.Time, zone *time.Location) (time.Time, error) {
	return newReader(now, zone).readOne(words)
}

// Note is Moment for what somebody wants to be told themselves: a length alone ("90m", "3 days") is how long from now,
// and a day without an hour is asked about with hours to choose from.
func Note(words string, now time.Time, zone *time.Location) (time.Time, error) {
	r := newReader(now, zone)
	r.note = true
	return r.readOne(words)
}

// Moments reads one instant or a list of up to forty ("dec 1, 4, 8, 11, 15 and 18 at 1pm"), and gives them in zone
// (nil means UTC), earliest first and without repeats. Every error is an *[Error] of one of the time codes. When one
// item of a list cannot be used, the whole list is refused.
func Moments(words string, now time.Time, zone *time.Location) ([]time.Time, error) {
	r := newReader(now, zone)
	found, err := r.read(words, typoDepth)
	if err != nil {
		return nil, err.withHint(r)
	}
	return found, nil
}

// Day reads words that name one calendar day of zone (nil means UTC), today included, and gives its first instant:
// midnight, or the first minute that exists where the clocks skip midnight. A time of day in the words is an error:
// it would be lost. Every error is an *[Error] of one of the time codes; a day that the zone skips altogether is [Gap].
func Day(words string, now time.Time, zone *time.Location) (time.Time, error) {
	r := newReader(now, zone)
	r.dayOnly = true
	return r.readOne(words)
}

// withHint adds the example that Person shows when there are no choices.
func (e *Error) withHint(r *reader) *Error {
	example := r.now.In(r.zone).AddDate(0, 0, 15)
	switch {
	case e.hint != "":
	case r.dayOnly:
		e.hint = "thu, or " + example.Format("2006-01-02")
	default:
		e.hint = "thu 1pm, or " + example.Format("2006-01-02") + " 13:00"
	}
	return e
}
