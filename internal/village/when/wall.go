package when

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// A wall is what a clock and a calendar on the wall show, without a zone. It is kept as a time.Time in UTC, so that
// sums with it meet no daylight saving.
type wall = time.Time

// wallOf reads the wall clock of the zone at an instant.
func wallOf(t time.Time, zone *time.Location) wall {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// dateOf drops the time of day.
func dateOf(w wall) wall { return time.Date(w.Year(), w.Month(), w.Day(), 0, 0, 0, 0, time.UTC) }

// date gives the day, and false when that month has no such day.
func date(year int, month time.Month, day int) (wall, bool) {
	w := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return w, w.Month() == month && w.Day() == day
}

// offsetAt gives the zone's offset from UTC at an instant. Offsets are always asked for one instant at a time:
// Time.ZoneBounds stands still on the last day of some leap years (Santiago, 2108), and a loop over it never ends.
func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// reach is further than any offset there is, and than a change of date line.
const reach = 26 * time.Hour

// instants gives every instant at which the zone's clocks show w, in order: one as a rule, none in a gap, two in an
// overlap.
func instants(w wall, zone *time.Location) []time.Time {
	var found []time.Time
	for near := -reach; near <= reach; near += reach / 4 {
		offset := offsetAt(w.Add(near), zone)
		t := w.Add(-offset).In(zone)
		if offsetAt(t, zone) == offset && !slices.ContainsFunc(found, t.Equal) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, time.Time.Compare)
	return found
}

// neighbours gives the two instants that a skipped wall time could have meant: read with the clocks as they are after
// the change, and as they were before it. Both exist; the first is the earlier.
func neighbours(w wall, zone *time.Location) []time.Time {
	before, after := offsetAt(w.Add(-reach), zone), offsetAt(w.Add(reach), zone)
	return []time.Time{w.Add(-after).In(zone), w.Add(-before).In(zone)}
}

// startOfDay gives the first instant of a day, and false when the zone skips the whole day.
func startOfDay(w wall, zone *time.Location) (time.Time, bool) {
	if found := instants(w, zone); len(found) > 0 {
		return found[0], true
	}
	around := neighbours(w, zone)
	seconds := int(around[1].Sub(around[0]) / time.Second)
	first := sort.Search(seconds, func(n int) bool {
		return !wallOf(around[0].Add(time.Duration(n)*time.Second), zone).Before(w)
	})
	start := around[0].Add(time.Duration(first) * time.Second)
	return start, dateOf(wallOf(start, zone)).Equal(w)
}

// habit is one offset of a zone and its name then.
type habit struct {
	name    string
	seconds int
}

// habits gives the offsets a zone keeps between two instants, each once.
func habits(from, to time.Time, zone *time.Location) []habit {
	var list []habit
	for t := from; t.Before(to); t = t.Add(7 * 24 * time.Hour) {
		name, seconds := t.In(zone).Zone()
		if h := (habit{name, seconds}); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

// mark names the offset in force at t, so that nobody confuses the two sides of a change of clocks: the zone's own
// letters where it has some and they differ, else "UTC+10:30".
func mark(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	name, offset := t.Zone()
	lettered := name != "" && strings.IndexFunc(name, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') }) < 0
	if lettered {
		for _, other := range instants(wallOf(t, zone), zone) {
			if n, o := other.Zone(); n == name && o != offset {
				lettered = false
			}
		}
	}
	if lettered {
		return name
	}
	return "UTC" + offsetText(offset)
}

// offsetText writes an offset as +HH:MM.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
}

// label is what people call the zone: "Denver time".
func label(zone *time.Location) string {
	name := zone.String()
	if name == "UTC" || name == "Local" || name == "" || !strings.Contains(name, "/") {
		return ""
	}
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ") + " time"
}

// aside is the zone as Full writes it in brackets.
func aside(t time.Time, zone *time.Location) string {
	if l := label(zone); l != "" {
		return l + ", " + mark(t, zone)
	}
	return mark(t, zone)
}

// canonical writes t so that it can be read back whatever the day and the rules: "2026-12-08 13:00", with the offset
// where the clocks show that time twice.
func canonical(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	words := t.Format("2006-01-02 15:04")
	if len(instants(wallOf(t, zone), zone)) == 1 {
		return words
	}
	m := mark(t, zone)
	return words + " " + strings.TrimPrefix(m, "UTC")
}
