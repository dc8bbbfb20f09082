package when

import (
	"slices"
	"time"
)

// Clock reads one time of day, and gives its minutes after midnight:
//
//	[at] [daypart] clock [daypart]                                 as in [Moment], without a zone's letters
//
// Midnight is the minute it begins at, whichever day it ends. An hour that may be before or after noon is asked about.
// Every error is an *[Error] of one of the time codes; its choices read back to one minute and have no At.
func Clock(words string) (int, error) {
	minute, err := readClock(words)
	if err != nil {
		return 0, err.or("6:30 pm, or 18:30")
	}
	return minute, nil
}

func readClock(words string) (int, *Error) {
	l, err := readable(words, "At what time?")
	if err != nil {
		return 0, err
	}
	c, next, err := l.timeOfDay(0, afterAt)
	switch said, end := l.partWords(0); {
	case err != nil:
		return 0, err
	case next == 0 && said != noPart && end == len(l.toks):
		return 0, errorf(Missing, words, "At what time%s?", said.inWords())
	case next < len(l.toks):
		return 0, l.afterClock(next)
	}
	found, err := c.minutes()
	switch {
	case err != nil:
		return 0, err
	case len(found) > 1:
		return 0, oneOf(errorf(Ambiguous, c.words, "%s can mean more than one time.", quote(c.words)), found, clockText, sayMinute)
	}
	return found[0], nil
}

// afterClock refuses the token at i, where one time of day has ended: another, or something else.
func (l line) afterClock(i int) *Error {
	j := i
	for l.word(j, ",", "and", "&") {
		j++
	}
	if _, next, err := l.timeOfDay(j, afterAt); i > 0 && err == nil && next > j {
		return errorf(Several, l.text(j, next), "I need just one time of day.")
	}
	return l.strange(i, typable())
}

// oneOf makes a question of what is left to choose from.
func oneOf[T any](e *Error, among []T, words, say func(T) string) *Error {
	for _, one := range among {
		e.Choices = append(e.Choices, Choice{Words: words(one), Say: say(one)})
	}
	return e.didYouMean()
}

// clockText writes a minute of the day so that every reader takes it for that and no other.
func clockText(minute int) string {
	if minute == 0 {
		return "00:00"
	}
	return sayMinute(minute)
}

func sayMinute(minute int) string {
	if minute == 0 {
		return "midnight"
	}
	return sayClock(time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC))
}

type clockForm int

const (
	exact    clockForm = iota // on the 24-hour clock
	open                      // an hour from 1 to 12, morning or not
	midnight                  // with minutes after it, or before when negative
)

// clock is a time of day as it was written.
type clock struct {
	form   clockForm
	h, m   int
	edge   which // of midnight: thisOne starts the day, nextOne ends it
	padded bool  // HH:MM, so the 24-hour clock beside an ISO date
	full   bool  // on the 24-hour clock by the way it is written
	part   part
	mark   *offsetMark
	words  string
}

// reading is one way to read a clock: a time of day, on the day itself or the one after.
type reading struct{ days, h, m int }

func (r reading) on(d wall) wall {
	return time.Date(d.Year(), d.Month(), d.Day()+r.days, r.h, r.m, 0, 0, time.UTC)
}

// minutes gives every minute of a day that the clock can mean, each once: midnight is the same at both ends.
func (c clock) minutes() ([]int, *Error) {
	readings, err := c.readings(false)
	var found []int
	for _, r := range readings {
		if m := (60*r.h + r.m) % (24 * 60); !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	return found, err
}

// readings gives every way to read the clock. Beside an ISO date, HH:MM is on the 24-hour clock.
func (c clock) readings(iso bool) ([]reading, *Error) {
	switch {
	case c.form == midnight:
		return c.aroundMidnight()
	case c.form == open && iso && c.padded:
		c.form = exact
	}
	if c.part != noPart {
		return c.inPart()
	}
	if c.form == exact {
		return []reading{{0, c.h, c.m}}, nil
	}
	if c.h == 12 {
		return []reading{{0, 12, c.m}, {0, 0, c.m}, {1, 0, c.m}}, nil
	}
	return []reading{{0, c.h, c.m}, {0, c.h + 12, c.m}}, nil
}

func (c clock) aroundMidnight() ([]reading, *Error) {
	switch {
	case c.part == morning || c.part == afternoon:
		return nil, c.notIn()
	case c.edge == thisOne:
		return []reading{{0, 0, 0}}, nil
	case c.edge == nextOne:
		return []reading{{1, 0, 0}}, nil
	case c.m < 0:
		return []reading{{0, 23, 60 + c.m}, {-1, 23, 60 + c.m}}, nil
	}
	return []reading{{0, 0, c.m}, {1, 0, c.m}}, nil
}

// inPart reads a clock with "in the morning" and the like beside it.
func (c clock) inPart() ([]reading, *Error) {
	hours := []int{c.h}
	if c.form != exact {
		hours = []int{c.h % 12, c.h%12 + 12}
	}
	var list []reading
	for _, h := range hours {
		on, after := c.part.has(h, c.form == open)
		if on {
			list = append(list, reading{0, h, c.m})
		}
		if after {
			list = append(list, reading{1, h, c.m})
		}
	}
	if len(list) == 0 {
		return nil, c.notIn()
	}
	return list, nil
}

// has says whether an hour is in that part of a day, and whether it may be in the part of it that runs into the next.
// A twelve without more is in the morning and in the evening too: it is asked about.
func (p part) has(h int, open bool) (on, after bool) {
	switch p {
	case morning:
		on = h < 12 || h == 12 && open
	case afternoon:
		on = h >= 12 && h < 20
	case evening:
		after = h == 0 && open
		on = h >= 16 || after
	case night:
		after = h < 6
		on = h >= 16 || after
	}
	return on, after
}

func (c clock) notIn() *Error {
	return errorf(Impossible, c.words, "%s is not%s. Please check the time.", quote(c.words), c.part.inWords())
}
