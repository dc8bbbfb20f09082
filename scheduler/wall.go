package scheduler

import "time"

// everySchedule counts real time.
type everySchedule struct {
	every time.Duration
	zone  *time.Location
}

func (s everySchedule) Next(t time.Time) time.Time {
	return t.Add(s.every).In(s.zone)
}

// wallSchedule fires when the wall clock of a zone first shows, or has leapt
// over, one of its times.
type wallSchedule struct {
	walls
	zone *time.Location
}

// walls are times on a clock without a zone: nextWall is the first after wall, or
// the zero time when there is none.
type walls interface {
	nextWall(wall time.Time) time.Time
}

func (s wallSchedule) Next(t time.Time) time.Time {
	// Every wall time up to what the clock shows now has had its firing.
	wall := wallTime(t.In(s.zone))
	for {
		wall = s.nextWall(wall)
		if wall.IsZero() {
			return time.Time{}
		}
		at := firstInstant(wall, s.zone)
		// Not after t: the clocks went back and show again what has been.
		if at.After(t) && dayExists(wall, at, s.zone) {
			return at
		}
	}
}

// wallTime is what the wall clock shows at t, as a time on a clock without a
// zone.
func wallTime(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// firstInstant is the first instant at which the wall clock of a zone shows
// the given time or a later one. That one sentence covers both days: a time
// that is leapt over comes right after the leap, one that is there twice comes
// at the first of the two.
func firstInstant(wall time.Time, zone *time.Location) time.Time {
	// No offset is as much as a day, so two days before is before all of it.
	// From there, go through the spans of time that have one offset each.
	probe := wall.Add(-48 * time.Hour).In(zone)
	for {
		start, end := probe.ZoneBounds()
		if !end.IsZero() && !end.After(probe) {
			// On the last day of a leap year, Go takes its first instant for the
			// end: all that holds then is that clocks do not change within it.
			end = probe.Add(time.Hour)
		}
		_, offset := probe.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if at.Before(start) {
			at = start
		}
		if end.IsZero() || at.Before(end) {
			return at.In(zone)
		}
		probe = end
	}
}

// dayExists is false for the day that Samoa skipped in 2011 and its like: what
// would be due on a day that is not there is not due at all.
func dayExists(wall, at time.Time, zone *time.Location) bool {
	year, month, day := wall.Date()
	if y, m, d := at.Date(); y == year && m == month && d == day {
		return true
	}
	begin := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return firstInstant(begin, zone).Before(firstInstant(begin.AddDate(0, 0, 1), zone))
}
