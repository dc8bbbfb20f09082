package agenda_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"village/handlers/agenda"
)

// read reads a calendar with a library that did not write it.
func read(t *testing.T, data []byte) []ical.Event {
	t.Helper()
	cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatalf("another library cannot read it: %v\n%s", err, data)
	}
	return cal.Events()
}

func text(t *testing.T, props ical.Props, name string) string {
	t.Helper()
	s, err := props.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnotherLibraryReadsWhatIsWritten(t *testing.T) {
	denver, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 12, 1, 13, 0, 0, 0, denver)
	long := strings.Repeat("über; the, hill\\ ", 12) + "\nand a second line"
	want := agenda.Entry{
		ID: agenda.UID("g", "k7m2p9"), Edition: 3, Start: start, End: start.Add(time.Hour), Changed: start.Add(-48 * time.Hour),
		Title: "Ride home for maya", Where: "near Union Station", Note: long, Alarm: 3 * time.Hour,
	}
	data := agenda.Write("Promises", []agenda.Entry{want, {ID: "gone@village", Edition: 2, Start: start, End: start.Add(time.Hour), Changed: start, Title: "A meal", Cancelled: true}})

	if bytes.Contains(bytes.ReplaceAll(data, []byte("\r\n"), nil), []byte("\n")) {
		t.Error("a line does not end as RFC 5545 wants it")
	}
	for line := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(line) > 75 {
			t.Errorf("a line of %d bytes is not folded", len(line))
		}
	}
	events := read(t, data)
	if len(events) != 2 {
		t.Fatalf("%d entries", len(events))
	}
	got := events[0]
	from, err := got.DateTimeStart(nil)
	if err != nil || !from.Equal(start) || from.Location() != time.UTC {
		t.Errorf("it starts at %v (%v), want the instant %v in UTC", from, err, start.UTC())
	}
	if until, err := got.DateTimeEnd(nil); err != nil || !until.Equal(want.End) {
		t.Errorf("it ends at %v (%v)", until, err)
	}
	for name, is := range map[string]string{ical.PropUID: want.ID, ical.PropSequence: "3", ical.PropSummary: want.Title, ical.PropLocation: want.Where, ical.PropDescription: long, ical.PropStatus: "CONFIRMED"} {
		if has := got.Props.Get(name); has == nil || name != ical.PropSequence && text(t, got.Props, name) != is || name == ical.PropSequence && has.Value != is {
			t.Errorf("%s is %v, want %q", name, has, is)
		}
	}
	if len(got.Children) != 1 || got.Children[0].Name != ical.CompAlarm || got.Children[0].Props.Get(ical.PropTrigger).Value != "-PT180M" {
		t.Errorf("no alarm three hours before: %+v", got.Children)
	}
	gone := events[1]
	if text(t, gone.Props, ical.PropStatus) != "CANCELLED" || len(gone.Children) != 0 {
		t.Errorf("what is cancelled reads %v and rings %d times", gone.Props.Get(ical.PropStatus), len(gone.Children))
	}
}

func TestAUIDSaysNothing(t *testing.T) {
	if a, b := agenda.UID("ab", "c"), agenda.UID("a", "bc"); a == b {
		t.Error("two things have one UID")
	}
	if u := agenda.UID("discord/80351110224678912", "k7m2p9"); strings.Contains(u, "8035") || strings.Contains(u, "k7m2p9") || u != agenda.UID("discord/80351110224678912", "k7m2p9") {
		t.Errorf("the UID %q", u)
	}
}
