// Package agenda writes what is promised as entries of a calendar, which any phone can
// keep: one entry as a file, or all of somebody's as a feed.
//
// Promised: instants in UTC, so that no calendar shows another hour than was meant; an
// entry keeps its UID, and a calendar that has it takes the later Edition. Not promised:
// that a calendar that subscribes to a feed looks at it more than once a day.
package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Type is the media type of a calendar.
const Type = "text/calendar; charset=utf-8"

// refresh is how often a feed asks to be looked at.
const refresh = "PT1H"

// Entry is one thing at a time.
type Entry struct {
	// ID is the same for the same thing as long as it is kept, and Edition rises whenever
	// something is different about it.
	ID      string
	Edition int
	// Start and End are instants; Changed is when it was last as it is not any more.
	Start, End, Changed time.Time
	// Title, Where and Note are plain words. Where and Note may be empty.
	Title, Where, Note string
	// Cancelled entries are taken out of a calendar that has them.
	Cancelled bool
	// Alarm is how long before the start a calendar rings; 0: not at all.
	Alarm time.Duration
}

// UID names a thing for good, and says nothing about it.
func UID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]) + "@village"
}

// EditionAt is an edition that rises with the time at which something was changed.
func EditionAt(t time.Time) int {
	return max(0, int(t.Sub(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))/time.Second))
}

// Write is the entries as a calendar (RFC 5545). name is what it is called where it is
// subscribed to; empty for a file with entries to take over.
func Write(name string, entries []Entry) []byte {
	cal := ics.NewCalendarFor("Village")
	cal.SetMethod(ics.MethodPublish)
	if name != "" {
		cal.SetName(name)
		cal.SetXWRCalName(name)
		cal.SetRefreshInterval(refresh)
		cal.SetXPublishedTTL(refresh)
	}
	for _, e := range entries {
		cal.AddVEvent(e.event())
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

func (e Entry) event() *ics.VEvent {
	v := ics.NewEvent(e.ID)
	v.SetDtStampTime(e.Changed)
	v.SetModifiedAt(e.Changed)
	v.SetStartAt(e.Start)
	v.SetEndAt(e.End)
	v.SetSequence(e.Edition)
	v.SetSummary(e.Title)
	if e.Where != "" {
		v.SetLocation(e.Where)
	}
	if e.Note != "" {
		v.SetDescription(e.Note)
	}
	v.SetClass(ics.ClassificationPrivate)
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
		return v
	}
	v.SetStatus(ics.ObjectStatusConfirmed)
	if e.Alarm > 0 {
		alarm := v.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger(fmt.Sprintf("-PT%dM", int(e.Alarm/time.Minute)))
		alarm.SetDescription(e.Title)
	}
	return v
}
