package village

import "time"

// ZoneNamed loads a zone that was checked when it was stored; UTC when the
// name has gone from the tables since, so that a message is late in words
// rather than lost.
func ZoneNamed(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return time.UTC
	}
	return zone
}

// Later is the Later one of two instants.
func Later(t, u time.Time) time.Time {
	if t.After(u) {
		return t
	}
	return u
}

// SameDay is the beginning of a day in one zone as that of the same day in
// another.
func SameDay(t time.Time, from, to string) time.Time {
	if t.IsZero() {
		return t
	}
	year, month, day := t.In(ZoneNamed(from)).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, ZoneNamed(to)).UTC()
}
