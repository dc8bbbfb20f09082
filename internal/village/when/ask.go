package when

import (
	"slices"
	"strings"
	"time"
)

// wakingHour is the first hour that is offered before those of the night.
const wakingHour = 6

// ask makes the question of the candidates that are left.
func (e *expression) ask(found []candidate) *Error {
	slices.SortFunc(found, func(a, b candidate) int { return slices.CompareFunc(a.times, b.times, time.Time.Compare) })
	slices.SortStableFunc(found, func(a, b candidate) int { return e.r.asleepAt(a.times[0]) - e.r.asleepAt(b.times[0]) })
	level := found[0].doubt
	for _, c := range found {
		if c.doubt != level {
			level = sure
		}
	}
	if len(found) > mostChoices {
		return e.unclear()
	}
	var choices []Choice
	for _, c := range found {
		choices = append(choices, e.r.choice(c.times))
	}
	var err *Error
	switch {
	case level != sure && found[0].why != nil:
		err = found[0].why
		if err.Word == "" {
			err.Word = cut(strings.ToLower(e.words))
		}
	case e.dayless() && (len(found) == 1 || e.oneClock()):
		err = errorf(Missing, e.words, "Which day?")
	case len(found) == 1:
		err = errorf(Ambiguous, e.words, "I am not sure about %s.", quote(e.words))
	default:
		err = errorf(Ambiguous, e.words, "%s can mean more than one time.", quote(e.words))
		if e.r.dayOnly {
			err = errorf(Ambiguous, e.words, "%s can mean more than one day.", quote(e.words))
		}
	}
	err.Choices = choices
	return err.didYouMean()
}

// asleepAt is 1 for hours at which nobody makes an appointment, which are offered last, and else 0.
func (r *reader) asleepAt(t time.Time) int {
	if h := t.In(r.zone).Hour(); !r.dayOnly && h < wakingHour {
		return 1
	}
	return 0
}

// oneClock says whether the hour is clear, so that only the day is asked for.
func (e *expression) oneClock() bool {
	return !slices.ContainsFunc(e.clocks, func(r []reading) bool { return len(r) > 1 })
}

// unclear asks for clearer words when there are more readings than choices fit.
func (e *expression) unclear() *Error {
	var odd []string
	for _, d := range e.days {
		if d.shape == shapeOrder || d.which == nextOne {
			odd = append(odd, d.words)
		}
	}
	for i, readings := range e.clocks {
		if len(readings) > 1 {
			odd = append(odd, e.said[i])
		}
	}
	if len(odd) == 0 {
		odd = []string{e.words}
	}
	return errorf(Ambiguous, odd[0], "%s can mean more than one time. Please write months as words, and am or pm with every hour.", quote(odd[0]))
}
