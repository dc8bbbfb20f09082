package village

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A day has as many messages as somebody can read who rests, whatever is planned, and none
// is about water while a rule of the clinic holds.
func TestADayHasFewMessages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"America/Denver", "Europe/London", "Asia/Kolkata"}).Draw(t, "zone")
		local := ZoneNamed(zone)
		var courses []Course
		day := 1
		for i := range rapid.IntRange(1, 3).Draw(t, "courses") {
			id := string(rune('a' + i))
			r := CourseRequest{ID: id, Member: person("maya"), Zone: zone, Area: "the station", Home: "the west", Help: &HelpWith{Kinds: []Kind{RideHome, Childcare}}, TouchUp: true,
				Length: time.Duration(rapid.IntRange(1, 3).Draw(t, "length")) * time.Hour,
				Clinic: Clinic{Food: time.Duration(rapid.IntRange(0, 12).Draw(t, "food")) * time.Hour, Drinks: time.Duration(rapid.IntRange(0, 6).Draw(t, "drinks")) * time.Hour}}
			for j := range rapid.IntRange(1, 4).Draw(t, "sessions") {
				day += rapid.IntRange(1, 8).Draw(t, "later")
				r.Starts = append(r.Starts, time.Date(2026, 12, day, rapid.IntRange(9, 17).Draw(t, "hour"), 0, 0, 0, local))
				r.IDs = append(r.IDs, id+string(rune('a'+j)))
			}
			c, err := NewCourse(r, now)
			if err != nil {
				t.Fatal(err)
			}
			if c, err = c.Confirm(now); err != nil {
				t.Fatal(err)
			}
			courses = append(courses, c)
		}
		sessions, days := map[string]bool{}, map[string]int{}
		said, hours := map[string]bool{}, map[string]string{}
		for _, c := range courses {
			for _, s := range c.Sessions {
				sessions[s.Start.In(local).Format(time.DateOnly)] = true
			}
		}
		for _, note := range Notes(courses, courses, Night()) {
			d := note[0].Due.In(local).Format(time.DateOnly)
			days[d]++
			hours[d] += note[0].Due.In(local).Format(" 15:04 ") + note[0].Key()
			for _, step := range note {
				said[step.Key()] = true
				if step.Name == Hydration && Dry(courses, step.Due) {
					t.Fatalf("%s is about water at %v", step.Key(), step.Due.In(local))
				}
			}
		}
		for d, n := range days {
			if n > MostPlanned && !sessions[d] || n > MostOnSessionDay {
				t.Fatalf("%d messages on %s:%s", n, d, hours[d])
			}
		}
		for _, c := range courses {
			for _, step := range Plan(c.Beside(courses), Night()) {
				if !step.Along && !said[step.Key()] {
					t.Fatalf("%s is said in no message", step.Key())
				}
			}
		}
	})
}

// Tomorrow's bag, water and food are one note, and it says last what is only offered.
func TestTheEveningIsOneNote(t *testing.T) {
	c := denverPlan(t, Clinic{Food: 6 * time.Hour, Drinks: 2 * time.Hour}, 8)
	note := NoteWith(Notes([]Course{c}, []Course{c}, Night()), "a/pack-bag")
	var names []string
	for _, step := range note {
		names = append(names, step.Name)
	}
	if want := []string{Fasting, PackBag, SomeoneToCall, Intention, Hydration, SleepEarly}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
	if due := note[0].Due.In(c.zone()); due.Hour() != 18 || due.Day() != 7 {
		t.Errorf("it comes %v", due)
	}
}

// What is planned too late for the note of the evening still comes that evening.
func TestPlannedInTheEvening(t *testing.T) {
	c := denverPlan(t, Clinic{Food: 8 * time.Hour}, 8)
	c.Sessions[0].Planned = time.Date(2026, 12, 7, 18, 30, 0, 0, c.zone())
	note := NoteWith(Notes([]Course{c}, []Course{c}, Night()), "a/fasting/food")
	if len(note) < 5 || note[0].Due.In(c.zone()).Format("2 15:04") != "7 20:30" {
		t.Errorf("%d steps: %+v", len(note), note)
	}
}

// Two plans of one person speak together, and nobody is asked about a ride hours before
// another session.
func TestTwoPlansSpeakTogether(t *testing.T) {
	one, two := denverPlan(t, Clinic{}, 8), denverPlan(t, Clinic{}, 9)
	two.ID, two.Sessions[0].ID = "other", "b"
	notes := Notes([]Course{one, two}, []Course{one, two}, Night())
	evening := NoteWith(notes, "a/evening-prompt")
	if len(evening) < 3 || evening[0].Key() != "b/fasting" {
		t.Errorf("the evening between: %+v", evening)
	}
	three := denverPlan(t, Clinic{}, 15)
	three.ID, three.Sessions[0].ID = "third", "c"
	booking := NoteWith(Notes([]Course{one, three}, []Course{one, three}, Night()), "c/book-ride")
	if day := booking[0].Due.In(one.zone()).Day(); day != 9 {
		t.Errorf("asked about a ride on the %d.", day)
	}
}

// denverPlan is a saved plan of one session ("a") at one o'clock on a day of December.
func denverPlan(t *testing.T, clinic Clinic, day int) Course {
	t.Helper()
	zone := ZoneNamed("America/Denver")
	c, err := NewCourse(CourseRequest{ID: "c", IDs: []string{"a"}, Member: person("maya"), Zone: "America/Denver", Clinic: clinic,
		Starts: []time.Time{time.Date(2026, 12, day, 13, 0, 0, 0, zone)}}, now)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = c.Confirm(now); err != nil {
		t.Fatal(err)
	}
	return c
}

// What somebody has set to a minute comes; on a full day what is only offered gives way,
// the least of it first, and never what they have to know or have chosen the hour of.
func TestIdeasGiveWayToOwnReminders(t *testing.T) {
	day := time.Date(2026, 12, 9, 0, 0, 0, 0, time.UTC)
	at := func(hour int) time.Time { return day.Add(time.Duration(hour) * time.Hour) }
	note := func(hour int, names ...string) []PlanStep {
		var out []PlanStep
		for _, name := range names {
			out = append(out, PlanStep{Step: Step{Session: "s", Name: name, Due: at(hour)}})
		}
		return out
	}
	chosen := note(15, Integration)
	chosen[0].Own = true
	notes := [][]PlanStep{note(10, CheckIn), note(12, Hydration), chosen, note(18, PackBag, SleepEarly), note(20, EveningCard), {{Step: Step{Session: "s", Name: Integration, Due: at(30)}}}}
	for _, c := range []struct {
		own     []time.Time
		session bool
		left    []int // of notes
	}{
		{nil, false, nil},
		{[]time.Time{at(9)}, false, []int{1, 4}},
		{[]time.Time{at(9), at(9)}, true, []int{4}},
		{[]time.Time{at(9), at(11)}, true, []int{1, 4}},
		{[]time.Time{at(9), at(11), at(13), at(14), at(16), at(17)}, false, []int{1, 4}},
	} {
		var courses []Course
		if c.session {
			courses = []Course{{Sessions: []Session{{ID: "s", Start: at(13), End: at(15)}}}}
		}
		var left []int
		for i, n := range notes[:5] {
			if OnlyOffered(n) && GivesWay(notes, n, courses, c.own, time.UTC) {
				left = append(left, i)
			}
		}
		if !slices.Equal(left, c.left) {
			t.Errorf("beside %d of their own, session %v, %v are left out instead of %v", len(c.own), c.session, left, c.left)
		}
	}
}
