package when

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Move reads the new time of something that was to be at another, in zone (nil means UTC). What the words leave open
// is as it was: an hour alone is on the same day, a day alone at the same hour, "an hour later" is counted from it. A day
// of the week is read in the week of the thing itself; where the next such day from now on is another one, both are
// asked about. Every error is an *[Error] of one of the time codes.
func Move(words string, was, now time.Time, zone *time.Location) (time.Time, error) {
	zone = orUTC(zone)
	was = was.In(zone)
	day := was.Format(time.DateOnly)
	var unclear *Error
	if _, err := Clock(words); err == nil || errors.As(err, &unclear) && unclear.Code == Ambiguous {
		return Moment(day+" "+hourAlone(words), now, zone)
	}
	if at, ok := shifted(words, was, zone); ok {
		return later(at, words, now, zone)
	}
	words, at, err := withHourOf(words, was, now, zone)
	if !namesWeekdayOnly(words) {
		return at, err
	}
	monday := time.Date(was.Year(), was.Month(), was.Day()-(int(was.Weekday())+6)%7, 0, 0, 0, 0, zone)
	own, ownErr := Moment(words, monday, zone)
	both := stillAhead(own, ownErr, now, zone)
	for _, c := range stillAhead(at, err, now, zone) {
		if !slices.ContainsFunc(both, func(x Choice) bool { return x.At.Equal(c.At) }) {
			both = append(both, c)
		}
	}
	if len(both) < 2 {
		return at, err
	}
	e := errorf(Ambiguous, words, "%s can mean more than one day.", quote(words))
	e.Choices = both[:min(len(both), mostChoices)]
	return time.Time{}, e.didYouMean()
}

// withHourOf reads words, with the hour at which something was where they name none.
func withHourOf(words string, was, now time.Time, zone *time.Location) (string, time.Time, error) {
	at, err := Moment(words, now, zone)
	var unclear *Error
	if errors.As(err, &unclear) && unclear.Code == Missing && len(unclear.Choices) == 0 {
		full := words + " " + was.Format("15:04")
		if same, err := Moment(full, now, zone); err == nil {
			return full, same, nil
		}
	}
	return words, at, err
}

// stillAhead are the readings that are still ahead: the one there is, or the choices of a question.
func stillAhead(at time.Time, err error, now time.Time, zone *time.Location) []Choice {
	if err == nil {
		if !at.After(now) {
			return nil
		}
		return []Choice{newReader(now, zone).choice([]time.Time{at})}
	}
	var unclear *Error
	if !errors.As(err, &unclear) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(unclear.Choices), func(c Choice) bool { return !c.At.After(now) })
}

// hourAlone is a time of day without the words that lead to it.
func hourAlone(words string) string {
	words = strings.TrimSpace(words)
	if rest, cut := strings.CutPrefix(strings.ToLower(words), "at "); cut {
		return "at " + rest
	}
	if strings.Trim(words, "0123456789") == "" {
		return "at " + words
	}
	return words
}

// later is an instant that was counted out, which has to be ahead.
func later(at time.Time, words string, now time.Time, zone *time.Location) (time.Time, error) {
	if at.After(now) {
		return at, nil
	}
	return Moment(canonical(at, zone), now, zone)
}

// shifted reads "an hour later", "30 minutes earlier" and "a week later": days by the calendar, what is shorter by
// the clock.
func shifted(words string, was time.Time, zone *time.Location) (time.Time, bool) {
	fields := strings.Fields(strings.ToLower(words))
	if len(fields) < 3 || len(fields) > 4 {
		return was, false
	}
	sign := map[string]int{"later": 1, "earlier": -1, "sooner": -1}[fields[len(fields)-1]]
	length, err := Length(strings.Join(fields[:len(fields)-1], " "))
	if sign == 0 || err != nil {
		return was, false
	}
	const oneDay = 24 * time.Hour
	if days := int(length / oneDay); length%oneDay == 0 {
		return time.Date(was.Year(), was.Month(), was.Day()+sign*days, was.Hour(), was.Minute(), 0, 0, zone), true
	}
	return was.Add(time.Duration(sign) * length), true
}

// namesWeekdayOnly says whether words name a day by its weekday and by nothing that says which week.
func namesWeekdayOnly(words string) bool {
	names := false
	fields := strings.FieldsFunc(strings.ToLower(words), func(c rune) bool { return !unicode.IsLetter(c) })
	for _, w := range fields {
		if slices.Contains([]string{"next", "this", "coming", "today", "tomorrow", "week", "weeks", "after", "from", "now", "in", "following"}, w) {
			return false
		}
		if _, month := monthWord(w); month {
			return false
		}
		_, day := weekdayWord(w)
		names = names || day
	}
	return names && !strings.Contains(words, "/") && strings.Count(words, "-") < 2
}
