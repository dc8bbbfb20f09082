package village

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A new kind is one entry in the table, so the entry has to be whole.
func TestEveryKindIsWhole(t *testing.T) {
	for _, k := range kinds() {
		if k.Noun == "" || k.Short == "" || k.Offer == "" || k.Doing == "" || k.lasts <= 0 || k.Options == "" {
			t.Errorf("%s lacks words: %+v", k.Kind, k)
		}
		if !strings.HasPrefix(k.Example, "/ask "+string(k.Kind)+" ") {
			t.Errorf("%s has %q for an example", k.Kind, k.Example)
		}
		if k.clinic != (k.Lacks != "") {
			t.Errorf("%s: a clinic that has to know is told what is lacking, and no other: %q", k.Kind, k.Lacks)
		}
		if k.home && !k.driven || k.driven && !k.travels || k.overnight && !k.lasting {
			t.Errorf("%s contradicts itself: %+v", k.Kind, k.traits)
		}
		if k.planned.place == 0 && (k.planned.times != nil || k.planned.fetches || k.planned.brings) {
			t.Errorf("%s comes with a session by half", k.Kind)
		}
		for _, name := range append(strings.Split(k.called, ", "), k.Short, k.Noun, string(k.Kind)) {
			if got, ok := KindCalled(name); name != "" && (!ok || got != k.Kind) {
				t.Errorf("%q is %q and not %q", name, got, k.Kind)
			}
		}
	}
	if k, ok := KindCalled("ride"); ok {
		t.Errorf("a ride may be either way, and is read as %s", k)
	}
	if got, want := SessionHelp(), []Kind{RideThere, RideHome, StayWith, Childcare, Meal, SchoolRun, Carpool}; !slices.Equal(got, want) {
		t.Errorf("with a session come %v, want %v", got, want)
	}
}

// What comes with a session is where and when the table says, and a kind of a
// newer version's store is left out.
func TestWhatASessionAsksFor(t *testing.T) {
	start := time.Date(2026, 12, 8, 13, 0, 0, 0, time.UTC)
	s := Session{ID: "s1", Start: start, End: start.Add(2 * time.Hour)}
	c := Course{Zone: "UTC", Area: "the clinic", Home: "the west side", Clinic: Clinic{Collect: "the north door"}, Help: append(SessionHelp(), "dog-walk")}
	type ask struct {
		kind           Kind
		start, end     string
		from, to, note string
	}
	var got []ask
	for _, r := range c.Asks(s, start.Add(-48*time.Hour)) {
		end := ""
		if !r.End.IsZero() {
			end = r.End.Format("2 15:04")
		}
		got = append(got, ask{r.Kind, r.Start.Format("2 15:04"), end, r.From, r.To, r.Note})
	}
	want := []ask{
		{RideThere, "8 12:00", "8 13:00", "the west side", "the clinic", ""},
		{RideHome, "8 15:00", "8 16:00", "the clinic", "the west side", "the north door"},
		{StayWith, "8 15:00", "9 09:00", "the west side", "", ""},
		{Childcare, "8 12:00", "9 09:00", "the west side", "", ""},
		{Meal, "8 18:00", "", "the west side", "", ""},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
