package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result puts the parts together.
func (p *repeatParser) result() (Repetition, *Error) {
	if err := p.incomplete(); err != nil {
		return Repetition{}, err
	}
	if p.every > 0 && p.cad.start != nil {
		return p.evenHours()
	}
	if p.every > 0 {
		return p.interval()
	}
	if err := p.lateInMonth(); err != nil {
		return Repetition{}, err
	}
	spec, other := make([]int, len(p.clocks)), make([]int, len(p.clocks))
	for i, c := range p.clocks {
		var err *Error
		if spec[i], other[i], err = p.hour(c); err != nil {
			return Repetition{}, err
		}
	}
	var r Repetition
	var err *Error
	if r.Spec, err = p.spec(spec); err == nil && !slices.Equal(spec, other) {
		r.Other, err = p.spec(other)
	}
	if err != nil {
		return Repetition{}, err
	}
	return r, nil
}

// gap is something that is missing, or a choice between what does not go together.
type gap struct {
	is        bool
	code      Code
	word, say string
}

// incomplete asks about the first gap there is.
func (p *repeatParser) incomplete() *Error {
	for _, gap := range slices.Concat(p.lengthGaps(), p.dayGaps(), p.hourGaps()) {
		if gap.is {
			return repeatError(gap.code, gap.word, "%s", gap.say)
		}
	}
	return nil
}

func (p *repeatParser) lengthGaps() []gap {
	timed := len(p.clocks) > 0
	return []gap{
		{!p.said, Missing, "", "How often? For example every day, or every Monday."},
		{p.year && p.in == 0, Missing, "year", "On which day of the year? For example on december 25."},
		{p.every > 0 && (timed || p.part != noPart), Unknown, "", "I read an hour and a length of time. Please write “every 2 hours from 9am to 5pm”, or an hour alone."},
		{p.from != nil && p.every == 0, Missing, "", "How often between these two? For example every 2 hours."},
		{p.cad.times > 0 && timed && len(p.clocks) != p.cad.times, Unknown, "", "I read how often a day, and another number of hours. Please write the hours."},
		{p.every > 0 && !p.cad.plain(), Unknown, "", "I read two lengths of time."},
	}
}

func (p *repeatParser) dayGaps() []gap {
	dates, weekdays, nth := p.onDates(), len(p.days) > 0, len(p.cad.nth) > 0
	return []gap{
		{nth && (dates || len(p.days) > 1), Unknown, "", "I read days of the month and of the week. Please choose one of them."},
		{p.countsIn(days) && (weekdays || dates), Unknown, "", "I read a number of days, and days beside it. Please choose one of them."},
		{p.countsIn(weeks) && (dates || nth), Unknown, "", "I read a number of weeks, and days of the month. Please choose one of them."},
		{p.cad.n > 0 && p.year, Unknown, "", "I read two lengths of time."},
		{p.countsIn(weeks) && !weekdays, Missing, "week", "On which day of the week?"},
		{p.week && p.cad.n == 0 && !p.weekdayChosen(), Missing, "week", "On which day of the week?"},
		{p.month && !dates && !nth, Missing, "month", "On which day of the month? For example on the 3rd."},
		{dates && weekdays, Unknown, "", "I read days of the month and of the week. Please choose one of them."},
	}
}

func (p *repeatParser) hourGaps() []gap {
	return []gap{
		{p.every == 0 && len(p.clocks) == 0, Missing, "", "At what time?"},
		{p.every == 0 && p.bare != noPart, Missing, p.bare.String(), "At what time" + p.bare.inWords() + "?"},
	}
}

// weekdayChosen says whether the day of "weekly" is named, or the days of "twice a week".
func (p *repeatParser) weekdayChosen() bool { return len(p.days) == 1 || p.often && len(p.days) > 1 }

// onDates says whether days of the month are named.
func (p *repeatParser) onDates() bool { return len(p.dates) > 0 || p.cad.lastDay }

// countsIn says whether it comes every so many of a unit.
func (p *repeatParser) countsIn(u unit) bool { return p.cad.unit == u && p.cad.n > 0 }

// hour gives the minute of the day that a clock most likely means, and another that it could.
func (p *repeatParser) hour(c clock) (usual, other int, err *Error) {
	found, err := c.minutes()
	if err != nil {
		return 0, 0, err
	}
	usual, other = found[0], found[len(found)-1]
	if h := usualHour(c.h, c.part)*60 + c.m; c.form == open && h == other {
		usual, other = other, usual
	}
	if len(p.days) == 7 || p.countsIn(days) {
		return usual, other, nil
	}
	return usual, other, c.onOneDay(usual)
}

// onOneDay refuses a clock that on a single day may belong to the day before or after.
func (c clock) onOneDay(minute int) *Error {
	readings, err := c.readings(false)
	for _, r := range readings {
		switch {
		case r.days == 0 || (60*r.h+r.m)%(24*60) != minute:
		case c.form == midnight:
			return repeatError(Vague, c.words, "Midnight at the start of that day, or at its end? Please write 00:00 or 23:59.")
		default:
			return repeatError(Vague, c.words, "Is %s early on that day, or in the night after it? Please write am or pm, and the day on the calendar.", quote(c.words+c.part.inWords()))
		}
	}
	return err
}

// spec writes minutes of the day as a cron line.
func (p *repeatParser) spec(times []int) (string, *Error) {
	if p.needsCalendar(times) {
		return p.calendarSpec(times)
	}
	var hours []string
	for _, at := range times {
		if h := strconv.Itoa(at / 60); !slices.Contains(hours, h) {
			hours = append(hours, h)
		}
	}
	return fmt.Sprintf("%d %s %s", times[0]%60, strings.Join(hours, ","), p.dayFields()), nil
}

// usualHour is what an hour without am or pm most likely means.
func usualHour(h int, in part) int {
	switch {
	case in == morning:
		return h % 12
	case in == night:
		if h >= 6 && h < 12 {
			return h + 12
		}
		return h % 12
	case in == afternoon || in == evening || h < 7:
		return h%12 + 12
	}
	return h
}

func (p *repeatParser) dayFields() string {
	dates, days := "*", "*"
	if len(p.dates) > 0 {
		var list []string
		for _, d := range p.dates {
			list = append(list, strconv.Itoa(d))
		}
		dates = strings.Join(list, ",")
	}
	if n := len(p.days); n > 0 && n < 7 {
		sorted := slices.Sorted(slices.Values(p.days))
		var list []string
		for _, d := range sorted {
			list = append(list, strconv.Itoa(int(d)))
		}
		days = strings.Join(list, ",")
	}
	months := "*"
	if p.in != 0 {
		months = strconv.Itoa(int(p.in))
	}
	return dates + " " + months + " " + days
}

// interval writes "every 2 hours", on some days or between two hours as a cron
// line, else as a length.
func (p *repeatParser) interval() (Repetition, *Error) {
	if p.from == nil {
		if len(p.days) > 0 && len(p.days) < 7 || len(p.dates) > 0 {
			return Repetition{}, repeatError(Missing, "", "From when until when on these days? For example from 9am to 5pm.")
		}
		return Repetition{Spec: "@every " + p.every.String()}, nil
	}
	from, to, err := p.between()
	if err != nil {
		return Repetition{}, err
	}
	switch step := p.every; {
	case step%time.Hour == 0 && from%60 == to%60:
		return Repetition{Spec: fmt.Sprintf("%d %d-%d/%d %s", from%60, from/60, to/60, step/time.Hour, p.dayFields())}, nil
	case step < time.Hour && time.Hour%step == 0 && from%60 == 0 && to%60 == 0:
		return Repetition{Spec: fmt.Sprintf("*/%d %d-%d %s", step/time.Minute, from/60, to/60-1, p.dayFields())}, nil
	}
	var times []int
	for m := from; m <= to; m += int(p.every / time.Minute) {
		times = append(times, m)
	}
	return p.listed(times)
}

// between are the minutes of the day between which an interval comes.
func (p *repeatParser) between() (from, to int, err *Error) {
	daily := repeatParser{days: wholeWeek()}
	if from, _, err = daily.hour(*p.from); err != nil {
		return 0, 0, err
	}
	to, later, err := daily.hour(*p.to)
	if err != nil {
		return 0, 0, err
	}
	if to <= from {
		to = later
	}
	if to <= from {
		return 0, 0, repeatError(Impossible, p.to.words, "The second hour has to be later on the same day.")
	}
	return from, to, nil
}
