package village

import (
	"slices"
	"time"
)

const (
	// MaxWeeks and MaxSeries bound what comes again; a series is written in one go.
	MaxWeeks = 12
	// MaxSeries is how many needs one series may have.
	MaxSeries = 36
	// SeriesAhead is how long before its day each of a series is posted.
	SeriesAhead = 7 * 24 * time.Hour
)

// Series are the starts of what comes again: the same hour on these days for so many
// weeks, beginning with the first, which has to be on one of them. No days mean the
// first one's. Its errors are *Error.
func Series(first time.Time, days []time.Weekday, weeks int, zone *time.Location) ([]time.Time, error) {
	local := first.In(zone)
	if len(days) == 0 {
		days = []time.Weekday{local.Weekday()}
	}
	if !slices.Contains(days, local.Weekday()) {
		return nil, refusef("days-wrong", "Please name that day too, or choose another first day. For example: %s", "The first one is on a %s, and that is not among the days.", local.Weekday().String()).hinting(Carpool.Words().Example)
	}
	out := []time.Time{first} // as it was said: of an hour that the clocks show twice, the one that was meant
	for i := 1; i < 7*weeks; i++ {
		t := time.Date(local.Year(), local.Month(), local.Day()+i, local.Hour(), local.Minute(), 0, 0, zone)
		if slices.Contains(days, t.Weekday()) {
			out = append(out, t)
		}
	}
	return out, FitsSeries(len(out))
}

// FitsSeries refuses more times than can be asked for in one go. Its error is an
// *Error.
func FitsSeries(times int) error {
	if times > MaxSeries {
		return refusef("too-many", "Please ask for fewer weeks first.", "That makes %d times, and I can take %d at once.", times, MaxSeries)
	}
	return nil
}
