package village

import (
	"sync"
	"time"
)

// zones are those that were loaded, by name: a zone is read from a file, which is
// a tenth of what a request costs, and never changes while the program runs. Only
// names that exist are kept, and of those there are six hundred.
var zones sync.Map

// LoadZone is time.LoadLocation for whoever asks often. Its errors are those of
// time.LoadLocation.
func LoadZone(name string) (*time.Location, error) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, zone)
	return zone, nil
}

// ZoneNamed loads a zone that was checked when it was stored; UTC when the
// name has gone from the tables since, so that a message is late in words
// rather than lost.
func ZoneNamed(name string) *time.Location {
	zone, err := LoadZone(name)
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
