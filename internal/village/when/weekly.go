package when

import (
	"strings"
	"time"
)

// Weekly reads one day of the week with one time of day, and gives it in minutes after midnight:
//
//	[every | weekly on] weekday clock                              in either order, with a part of the day or without
//
// A weekday is what [Days] reads, a clock what [Clock] does. An hour that may be before or after noon is asked about,
// and so is one that may belong to the day before or after, such as midnight. Every error is an *[Error] of one of the
// time codes: [Several] for more days or times than one. Its choices are the whole words.
func Weekly(words string) (time.Weekday, int, error) {
	found, err := readWeekly(words)
	if err != nil {
		return 0, 0, err.or("sun 6pm")
	}
	return found.day, found.minute, nil
}

// weekTime is a minute of the week.
type weekTime struct {
	day    time.Weekday
	minute int
}

func (w weekTime) words() string { return strings.ToLower(w.day.String()) + " " + clockText(w.minute) }

func (w weekTime) say() string {
	if w.minute == 0 {
		return "midnight at the start of " + w.day.String()
	}
	return sayMinute(w.minute) + " on " + w.day.String()
}

func readWeekly(words string) (weekTime, *Error) {
	l, err := readable(words, "On which day of the week, and when?")
	if err != nil {
		return weekTime{}, err
	}
	p := repeatParser{line: l}
	if err := p.read(); err != nil {
		return weekTime{}, err
	}
	if err := p.onceAWeek(words); err != nil {
		return weekTime{}, err
	}
	readings, err := p.clocks[0].readings(false)
	if err != nil {
		return weekTime{}, err
	}
	var found []weekTime
	for _, r := range readings {
		found = append(found, weekTime{(p.days[0] + time.Weekday(r.days) + 7) % 7, (60*r.h + r.m) % (24 * 60)})
	}
	if len(found) > 1 {
		return weekTime{}, oneOf(errorf(Ambiguous, words, "%s can mean more than one time.", quote(words)), found, weekTime.words, weekTime.say)
	}
	return found[0], nil
}

// onceAWeek refuses what is not one weekday with one clock.
func (p *repeatParser) onceAWeek(words string) *Error {
	other := len(p.dates) > 0 || p.month || p.year || p.every > 0 || p.from != nil
	switch {
	case other:
		return errorf(Unknown, words, "I need a day of the week and an hour.")
	case len(p.days) == 0:
		return errorf(Missing, words, "On which day of the week?")
	case len(p.days) > 1:
		return errorf(Several, words, "I need just one day of the week.")
	case len(p.clocks) == 0 || p.bare != noPart:
		return errorf(Missing, words, "At what time%s?", p.bare.inWords())
	case len(p.clocks) > 1:
		return errorf(Several, words, "I need just one time of day.")
	}
	return nil
}
