package when

import (
	"fmt"
	"strings"
	"time"
)

// Writing is how a language writes times. The zero Writing is English.
type Writing struct {
	// weekdays begin with Sunday and months with January; short are as lists have them.
	weekdays, months           []string
	shortWeekdays, shortMonths []string
	// dated is a day of weekday, day of the month, month and year; dateOnly without the
	// weekday, listed without the year, for lists. zoned is a place's clock.
	dated, dateOnly, listed, zoned string
	am, pm                         string
	noon, midnight                 string
}

// In is how a language (an ISO 639 code) writes times, and whether that is known.
func In(code string) (Writing, bool) {
	switch code {
	case "en":
		return Writing{}, true
	case "es":
		return spanish(), true
	}
	return Writing{}, false
}

func spanish() Writing {
	return Writing{
		weekdays:      strings.Fields("domingo lunes martes miércoles jueves viernes sábado"),
		months:        strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
		shortWeekdays: strings.Fields("dom lun mar mié jue vie sáb"),
		shortMonths:   strings.Fields("ene feb mar abr may jun jul ago sept oct nov dic"),
		dated:         "%[1]s %[2]d de %[3]s de %[4]d", dateOnly: "%d de %s de %d", listed: "%[1]s %[2]d %[3]s", zoned: "hora de %s",
		am: "a.\u00a0m.", pm: "p.\u00a0m.", noon: "mediodía", midnight: "medianoche, cuando empieza el día",
	}
}

// Full writes a time as the function Full does, in this language.
func (w Writing) Full(t time.Time, zone *time.Location) string {
	if w.weekdays == nil {
		return Full(t, zone)
	}
	zone = orUTC(zone)
	t = t.In(zone)
	return w.day(t) + ", " + w.clock(t) + " (" + w.Zone(t, zone) + ")"
}

// FullDay writes a day as the function FullDay does, in this language.
func (w Writing) FullDay(t time.Time, zone *time.Location) string {
	zone = orUTC(zone)
	t = t.In(zone)
	return w.day(t) + " (" + w.Zone(t, zone) + ")"
}

// Short writes a time as the function Short does, in this language.
func (w Writing) Short(t time.Time, zone *time.Location) string {
	if w.weekdays == nil {
		return Short(t, zone)
	}
	return w.ShortDay(t, zone) + ", " + w.clock(t.In(orUTC(zone)))
}

// ShortDay is the day of Short: "Tue 8 Dec".
func (w Writing) ShortDay(t time.Time, zone *time.Location) string {
	t = t.In(orUTC(zone))
	if w.weekdays == nil {
		return t.Format("Mon 2 Jan")
	}
	return fmt.Sprintf(w.listed, w.shortWeekdays[t.Weekday()], t.Day(), w.shortMonths[t.Month()-1])
}

// Date is a day without its name, in t's own zone: "8 December 2026".
func (w Writing) Date(t time.Time) string {
	if w.weekdays == nil {
		return t.Format("2 January 2006")
	}
	return fmt.Sprintf(w.dateOnly, t.Day(), w.months[t.Month()-1], t.Year())
}

// Day writes a day without its zone: "Tuesday 8 December 2026".
func (w Writing) Day(t time.Time, zone *time.Location) string { return w.day(t.In(orUTC(zone))) }

// Weekday is the name of a day: "Tuesday".
func (w Writing) Weekday(t time.Time, zone *time.Location) string {
	t = t.In(orUTC(zone))
	if w.weekdays == nil {
		return t.Format("Monday")
	}
	return w.weekdays[t.Weekday()]
}

// Clock writes a time of day: "1:00 pm".
func (w Writing) Clock(t time.Time, zone *time.Location) string { return w.clock(t.In(orUTC(zone))) }

// Zone names a zone as it is at that time: "Denver time, MST".
func (w Writing) Zone(t time.Time, zone *time.Location) string {
	zone = orUTC(zone)
	place, known := strings.CutSuffix(label(zone), " time")
	if w.weekdays == nil || !known {
		return aside(t, zone)
	}
	return fmt.Sprintf(w.zoned, place) + ", " + mark(t, zone)
}

func (w Writing) day(t time.Time) string {
	if w.weekdays == nil {
		return sayDay(t)
	}
	return fmt.Sprintf(w.dated, w.weekdays[t.Weekday()], t.Day(), w.months[t.Month()-1], t.Year())
}

func (w Writing) clock(t time.Time) string {
	switch {
	case w.weekdays == nil:
		return sayClock(t)
	case t.Hour() == 0 && t.Minute() == 0:
		return w.midnight
	case t.Hour() == 12 && t.Minute() == 0:
		return w.noon
	case t.Hour() < 12:
		return t.Format("3:04 ") + w.am
	}
	return t.Format("3:04 ") + w.pm
}
