package village

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// standing is a promise of a kind to somebody, as it is left after a change.
func standing(owed []Owed, what What, to string) (Owed, bool) {
	var last Owed
	found := false
	for _, o := range owed {
		if o.What == what && o.To == to {
			last, found = o, true
		}
	}
	return last, found && !last.Withdrawn
}

// What changes soon after is told together; what is taken back is not told.
func TestChangesAreGathered(t *testing.T) {
	n := ride(t)
	n, _, err := n.Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	was := n.Terms()
	change := func(e Edit, at time.Time) []Owed {
		t.Helper()
		var owed []Owed
		if n, owed, err = n.Change("console/maya", false, e, at); err != nil {
			t.Fatal(err)
		}
		return owed
	}
	first, ok := standing(change(Edit{From: new("the north door")}, now), OwedMoved, "console/sam")
	if !ok || !first.Due.Equal(now.Add(gather)) || !n.Unsure("console/sam") {
		t.Errorf("%+v", first)
	}
	second, ok := standing(change(Edit{Note: new("two bags")}, now.Add(time.Minute)), OwedMoved, "console/sam")
	if !ok || !second.Due.Equal(now.Add(time.Minute+gather)) || n.HeardBy("console/sam", "").Terms != was {
		t.Errorf("%+v", second)
	}
	for minute := 2; minute < 20; minute++ {
		o, _ := standing(change(Edit{Note: new(strings.Repeat("x", minute))}, now.Add(time.Duration(minute)*time.Minute)), OwedMoved, "console/sam")
		if o.Due.After(now.Add(gatherMost)) && o.Due.After(now.Add(time.Duration(minute)*time.Minute)) {
			t.Errorf("put off until %v", o.Due)
		}
	}
	if _, still := standing(change(Edit{From: &was.From, Note: &was.Note}, now.Add(time.Hour)), OwedMoved, "console/sam"); still || n.Unsure("console/sam") || n.Claims[0].Heard != nil {
		t.Errorf("taken back, and told all the same: %+v", n.Claims[0])
	}
}

// A helper who has not been given private details is told of no change in them, and
// is given them as they are where the evening before has gone by with a move.
func TestDetailsOfWhatIsMovedUp(t *testing.T) {
	n, _, err := ride(t).Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	var owed []Owed
	at := n.DetailsFrom().Add(-time.Hour)
	for i, e := range []Edit{{Details: new(true)}, {Start: at.Add(5 * time.Hour), Details: new(true)}, {Note: new("two bags"), Seats: new(2)}} {
		if n, owed, err = n.Change("console/maya", false, e, at.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		details, given := standing(owed, OwedDetails, "console/sam")
		moved, told := standing(owed, OwedMoved, "console/sam")
		if given != (i > 0) || told != given || told && (!details.Due.Equal(moved.Due) || n.HeardBy("console/sam", "").Private(n.Terms())) {
			t.Errorf("%d: %+v, %+v: %+v", i, details, moved, n.Claims[0].Heard)
		}
	}
}

// A helper who has opened private details is told at once when they change, also where
// the evening before is still to come.
func TestDetailsThatWereOpenedChange(t *testing.T) {
	n, _, err := ride(t).Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	at := n.DetailsFrom().Add(-time.Hour)
	if !n.DetailsOpen(at) {
		t.Fatal("they cannot be opened yet")
	}
	n, owed, err := n.Change("console/maya", false, Edit{Details: new(true), Opened: []string{"console/sam"}}, at)
	if err != nil {
		t.Fatal(err)
	}
	if moved, told := standing(owed, OwedMoved, "console/sam"); !told || moved.Due.Sub(at) > gather {
		t.Errorf("%+v: %+v", moved, owed)
	}
	n, owed, err = n.Change("console/maya", false, Edit{Note: new("two bags")}, at.Add(time.Minute))
	if _, told := standing(owed, OwedMoved, "console/sam"); err != nil || !told || !n.HeardBy("console/sam", "").Private(n.Terms()) {
		t.Errorf("a note makes them forget it: %+v, %v", owed, err)
	}
}

// The same where it was put off after they had opened them: they can't open the new ones
// yet, so nothing is asked.
func TestDetailsThatWereOpenedChangeLongBefore(t *testing.T) {
	n, _, err := ride(t).Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	at := n.DetailsFrom().Add(-48 * time.Hour)
	n, owed, err := n.Change("console/maya", false, Edit{Details: new(true), Opened: []string{"console/sam"}}, at)
	if err != nil || n.DetailsOpen(at) {
		t.Fatal(err)
	}
	if moved, told := standing(owed, OwedMoved, "console/sam"); !told || moved.Due.Sub(at) > gather || n.Rereads("console/sam") {
		t.Errorf("%+v, asked: %v", owed, n.Rereads("console/sam"))
	}
}

// What matters to a helper is asked about, and their yes lasts only if they say
// so; other private details are asked about, and silence is noticed; a note is
// told.
func TestWhatAChangeAsks(t *testing.T) {
	for name, tt := range map[string]struct {
		edit           Edit
		unsure, reread bool
		left           bool // after a silence
	}{
		"place":   {Edit{From: new("the north door")}, true, false, false},
		"seats":   {Edit{Seats: new(3)}, true, false, false},
		"time":    {Edit{Start: now.Add(80 * time.Hour)}, true, false, false},
		"details": {Edit{Details: new(true)}, false, true, true},
		"unseen":  {Edit{Details: new(true)}, false, false, true}, // they have not been given any yet
		"note":    {Edit{Note: new("two bags")}, false, false, true},
	} {
		n := ride(t)
		n.Details = true
		n, _, err := n.Claim(person("sam"), true, now)
		if err != nil {
			t.Fatal(err)
		}
		at := now.Add(time.Hour)
		if name == "details" {
			at = n.DetailsFrom()
		}
		n, _, err = n.Change("console/maya", false, tt.edit, at)
		if err != nil {
			t.Fatal(err)
		}
		if c := n.Claims[0]; c.Unsure != tt.unsure || c.Reread != tt.reread || (c.Heard == nil) != (name == "unseen") {
			t.Errorf("%s: %+v", name, c)
		}
		n, owed := n.Silence("console/sam", nil, at.Add(12*time.Hour))
		if n.HelpedBy("console/sam") != tt.left {
			t.Errorf("%s: is sam still down for it after a silence: %v", name, !tt.left)
		}
		if noticed := slices.ContainsFunc(owed, func(o Owed) bool { return o.To == Moderators || o.What == OwedNoReply }); noticed != (tt.unsure || tt.reread) {
			t.Errorf("%s: %+v", name, owed)
		}
	}
}

// A guest is looked after by whoever signed them up.
func TestGuestsAreAskedAbout(t *testing.T) {
	n := ride(t)
	rosa, err := Guest(n.ID, "Aunt Rosa")
	if err != nil {
		t.Fatal(err)
	}
	n, owed, err := n.Fill(person("mod"), true, rosa, now)
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := standing(owed, OwedStill, "console/mod"); !ok || o.About != rosa || !o.Due.Equal(n.AsksAt()) {
		t.Errorf("%+v", owed)
	}
	late := n.dayBefore(silentHour)
	silent, owed := n.Silence(rosa.ID, nil, late)
	if _, ok := standing(owed, OwedNoAnswer, Moderators); !ok || !silent.HelpedBy(rosa.ID) || !silent.WantsStandIn() {
		t.Errorf("%+v", owed)
	}
	if _, _, err := silent.Still("console/mallory", false, rosa.ID, late); code(err) != "not-yours" {
		t.Error(err)
	}
	sure, owed, err := silent.Still("console/mod", false, rosa.ID, late)
	if _, ok := standing(owed, OwedSure, "console/maya"); err != nil || !ok || sure.WantsStandIn() {
		t.Error(owed, err)
	}
	if _, _, err := sure.Unfill("console/mod", false, rosa.ID, nil, late); err != nil {
		t.Error(err)
	}
}
