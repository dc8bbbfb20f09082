package when

import (
	"fmt"
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

// stretch is a time in which a zone keeps one offset.
type stretch struct {
	from, to time.Time // zero when open
	offset   time.Duration
	name     string
}

func (s stretch) has(t time.Time) bool {
	return (s.from.IsZero() || !t.Before(s.from)) && (s.to.IsZero() || t.Before(s.to))
}

// stretches lists the offsets a zone keeps between two instants, in order.
func stretches(from, to time.Time, zone *time.Location) []stretch {
	var list []stretch
	for t := from.In(zone); ; {
		name, offset := t.Zone()
		start, end := t.ZoneBounds()
		list = append(list, stretch{start, end, time.Duration(offset) * time.Second, name})
		if end.IsZero() || !end.Before(to) {
			return list
		}
		t = end
	}
}

// around is wide enough for every offset there is, and a day skipped whole.
const around = 50 * time.Hour

// instants gives every instant at which the zone's clocks show w: one as a rule, none in a gap, two in an overlap.
func instants(w wall, zone *time.Location) []time.Time {
	var found []time.Time
	for _, s := range stretches(w.Add(-around), w.Add(around), zone) {
		if t := w.Add(-s.offset); s.has(t) {
			found = append(found, t.In(zone))
		}
	}
	return found
}

// neighbours gives the two instants that a skipped wall time could have meant: read with the clocks as they were
// after the change, and as they were before it. Both exist; the first is the earlier.
func neighbours(w wall, zone *time.Location) []time.Time {
	list := stretches(w.Add(-around), w.Add(around), zone)
	for i := 1; i < len(list); i++ {
		before, after := list[i-1], list[i]
		late, early := w.Add(-before.offset), w.Add(-after.offset)
		if !late.Before(before.to) && early.Before(after.from) {
			return []time.Time{early.In(zone), late.In(zone)}
		}
	}
	return nil
}

// startOfDay gives the first instant of a day, and false when the zone skips the whole day.
func startOfDay(w wall, zone *time.Location) (time.Time, bool) {
	if found := instants(w, zone); len(found) > 0 {
		return found[0], true
	}
	for _, s := range stretches(w.Add(-around), w.Add(around), zone) {
		if start := s.from; !start.IsZero() && dateOf(wallOf(start, zone)).Equal(w) {
			return start.In(zone), true
		}
	}
	return time.Time{}, false
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
