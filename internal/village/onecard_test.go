package village

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What can wait comes in a note, never later than it is of use; what cannot comes at once,
// all of one day together.
func TestNotes(t *testing.T) {
	denver := ZoneNamed("America/Denver")
	at := func(day, hour int) time.Time { return time.Date(2026, 12, day, hour, 0, 0, 0, denver) }
	for _, tt := range []struct {
		name    string
		what    What
		session string
		now     time.Time
		note    Note
		due     time.Time
	}{
		{"a week ahead", OwedRaised, "s", at(1, 13), EveningNote, at(1, 18)},
		{"the day before", OwedRaised, "", at(7, 13), EveningNote, at(7, 18)},
		{"at the note's own hour", OwedRaised, "", at(7, 18).Add(time.Second), EveningNote, at(7, 18).Add(time.Second)},
		{"on the day", OwedRaised, "", at(8, 9), NoNote, at(8, 9)},
		{"on the day, with others", OwedRaised, "s", at(8, 9), DayNote, at(8, 9).Add(time.Minute)},
		{"somebody steps back in time", OwedReopened, "", at(5, 9), EveningNote, at(5, 18)},
		{"somebody steps back the day before", OwedReopened, "", at(7, 9), NoNote, at(7, 9)},
		{"the moderators, in the morning", OwedUrgent, "s", at(7, 10), NoonNote, at(7, 12)},
		{"the moderators, too late for the note", OwedUrgent, "", at(7, 14), NoNote, at(7, 14)},
		{"the member", OwedUncovered, "s", at(7, 13), DayNote, at(7, 13).Add(time.Minute)},
		{"a yes", OwedYes, "s", at(7, 13), NoNote, at(7, 13)},
	} {
		n := Need{ID: "n", Session: tt.session, Start: at(8, 15).UTC(), End: at(8, 16).UTC(), Zone: "America/Denver"}
		note, _, due := n.NoteFor(Owed{What: tt.what, Due: tt.now}, Night(), denver, tt.now)
		if note != tt.note || !due.Equal(tt.due) {
			t.Errorf("%s: %q at %v, want %q at %v", tt.name, note, due.In(denver), tt.note, tt.due)
		}
	}
}

// Whatever the hours, a note never comes after its need begins, nor in the quiet hours,
// nor before it is due.
func TestNotesComeInTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := ZoneNamed(rapid.SampledFrom([]string{"America/Denver", "Pacific/Auckland", "Europe/London"}).Draw(t, "zone"))
		quiet := Quiet{From: rapid.IntRange(0, 24*60-1).Draw(t, "from"), To: rapid.IntRange(0, 24*60-1).Draw(t, "to")}
		now := time.Date(2026, 3, 1, 0, rapid.IntRange(0, 60*24*300).Draw(t, "minutes"), 0, 0, time.UTC)
		n := Need{ID: "n", Session: "s", Zone: zone.String(), Start: now.Add(time.Duration(rapid.IntRange(1, 60*24*10).Draw(t, "ahead")) * time.Minute)}
		what := rapid.SampledFrom([]What{OwedRaised, OwedReopened, OwedUrgent, OwedUncovered}).Draw(t, "what")
		note, name, due := n.NoteFor(Owed{What: what, Due: now}, quiet, zone, now)
		switch {
		case due.Before(now):
			t.Fatalf("%s in %q at %v is in the past", what, note, due)
		case (note == EveningNote || note == NoonNote) && !due.Before(n.Start):
			t.Fatalf("%s in %q at %v comes after %v", what, note, due, n.Start)
		case note == NoNote && !due.Equal(now), note == DayNote && due.Sub(now) > gathering:
			t.Fatalf("%s waits until %v", what, due)
		case note != NoNote && name == "":
			t.Fatalf("the note %q has no name", note)
		}
	})
}
