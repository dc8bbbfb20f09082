package village

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A plan that was changed is the plan that would have been made so at once.
func TestRevisedIsAsIfPlannedSo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCourse(t)
		length := time.Duration(rapid.IntRange(15, 12*60).Draw(t, "new length")) * time.Minute
		food, drinks := time.Duration(rapid.IntRange(0, 24).Draw(t, "new food"))*time.Hour, time.Duration(0)
		area, collect := "the park", "a grown-up"
		help := HelpWith{Kinds: []Kind{RideHome}}
		touchUp := rapid.Bool().Draw(t, "new touchup")
		last := c.Sessions[len(c.Sessions)-1]
		r := Revision{Length: &length, Food: &food, Drinks: &drinks, Area: &area, Collect: &collect, Help: &help, TouchUp: &touchUp,
			Starts: []time.Time{last.End.Add(13 * time.Hour)}, IDs: []string{"more"}}
		got, err := c.Revised(r, nil, now)
		req := CourseRequest{ID: c.ID, Member: c.Member, Zone: c.Zone, Length: length, Area: area, Home: c.Home, Help: &help, Talks: c.Talks, TouchUp: touchUp,
			Clinic: Clinic{Food: food, Drinks: drinks, Collect: collect}}
		for _, s := range c.Sessions {
			req.Starts, req.IDs = append(req.Starts, s.Start), append(req.IDs, s.ID)
		}
		req.Starts, req.IDs = append(req.Starts, r.Starts[0]), append(req.IDs, "more")
		want, wantErr := NewCourse(req, now)
		if code(err) != code(wantErr) {
			t.Fatalf("changed: %v; planned so: %v", err, wantErr)
		}
		if err != nil {
			if !reflect.DeepEqual(got, c) {
				t.Fatal("what was refused has changed something")
			}
			return
		}
		want.Draft, want.Since = false, got.Since
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("changed:\n%+v\nplanned so:\n%+v", got, want)
		}
	})
}

func TestRevisedLeavesWhatHasBegun(t *testing.T) {
	c, err := NewCourse(CourseRequest{ID: "c", IDs: []string{"a", "b"}, Member: person("maya"), Zone: "UTC", Starts: []time.Time{now.Add(time.Hour), now.Add(48 * time.Hour)},
		Talks: []time.Time{now.Add(20 * time.Hour), now.Add(60 * time.Hour)}}, now)
	if err != nil {
		t.Fatal(err)
	}
	c, err = c.Confirm(now)
	if err != nil {
		t.Fatal(err)
	}
	length, later := 4*time.Hour, now.Add(30*time.Hour)
	got, err := c.Revised(Revision{Length: &length, Talks: &[]time.Time{now.Add(70 * time.Hour)}}, nil, later)
	if err != nil {
		t.Fatal(err)
	}
	if got.Sessions[0].End != c.Sessions[0].End || got.Sessions[1].End.Sub(got.Sessions[1].Start) != length {
		t.Errorf("the sessions end at %v and %v", got.Sessions[0].End, got.Sessions[1].End)
	}
	if fmt.Sprint(got.Talks) != fmt.Sprint([]time.Time{c.Talks[0], now.Add(70 * time.Hour)}) {
		t.Errorf("the talks are %v", got.Talks)
	}
	over := now.Add(100 * time.Hour)
	if _, err := c.Revised(Revision{Length: &length}, nil, over); code(err) != "over" {
		t.Errorf("a plan that is over was changed: %v", err)
	}
	if _, err := c.Stop(later).Revised(Revision{Starts: []time.Time{over}, IDs: []string{"x"}}, nil, later); code(err) != "over" {
		t.Errorf("a plan that was ended got another session: %v", err)
	}
	if _, err := c.Revised(Revision{Starts: []time.Time{now.Add(49 * time.Hour)}, IDs: []string{"x"}}, nil, now); code(err) != "overlap" {
		t.Errorf("a session was added into another: %v", err)
	}
}

func TestADraftLosesADate(t *testing.T) {
	c, err := NewCourse(CourseRequest{ID: "c", IDs: []string{"a", "b"}, Member: person("maya"), Zone: "UTC", Starts: []time.Time{now.Add(time.Hour), now.Add(48 * time.Hour)}}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Without("nothing"); code(err) != "no-such-session" {
		t.Error(err)
	}
	c, err = c.Without("a")
	if err != nil || len(c.Sessions) != 1 || c.Sessions[0].ID != "b" {
		t.Errorf("left: %v, %v", c.Sessions, err)
	}
	if _, err := c.Without("b"); code(err) != "last-date" {
		t.Error(err)
	}
}

// Somebody rests from the moment their session begins until the next morning
// on their own clock, also across a change of clocks.
func TestResting(t *testing.T) {
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 10, 31, 13, 0, 0, 0, zone) // the clocks go back that night
	c := Course{Zone: zone.String(), Sessions: []Session{{ID: "a", Start: start, End: start.Add(2 * time.Hour)}}}
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{
		{start.Add(-time.Minute), false}, {start, true}, {start.Add(5 * time.Hour), true},
		{time.Date(2026, 11, 1, 7, 59, 0, 0, zone), true}, {time.Date(2026, 11, 1, 8, 0, 0, 0, zone), false},
	} {
		if _, got := c.Resting(tt.at); got != tt.want {
			t.Errorf("resting at %v: %v", tt.at, got)
		}
	}
	c.Sessions[0].Why = Cancelled
	if _, rests := c.Resting(start.Add(time.Hour)); rests {
		t.Error("somebody rests after a session that did not take place")
	}
}

// What a member says of a reminder holds until they say otherwise, and switches on
// what they give an hour or words of their own.
func TestTweakSaid(t *testing.T) {
	six, seven := 6*60, 7*60
	for _, tt := range []struct {
		story, do, words string
		from, want       Tweak
		at               *int
	}{
		{story: "nothing", from: Tweak{Off: true, At: &six}, want: Tweak{Off: true, At: &six}},
		{story: "off", do: "off", from: Tweak{At: &six}, want: Tweak{Off: true, At: &six}},
		{story: "on", do: "on", from: Tweak{Off: true, Words: "pack"}, want: Tweak{Words: "pack"}},
		{story: "an hour", at: &seven, from: Tweak{Off: true, At: &six}, want: Tweak{At: &seven}},
		{story: "words", words: "pack", from: Tweak{Off: true, At: &six}, want: Tweak{At: &six, Words: "pack"}},
		{story: "as at first", do: "usual", from: Tweak{Off: true, At: &six, Words: "pack"}},
		{story: "as at first, but later", do: "usual", at: &seven, from: Tweak{Off: true, Words: "pack"}, want: Tweak{At: &seven}},
	} {
		if got := tt.from.Said(tt.do, tt.at, tt.words); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.story, got, tt.want)
		}
	}
}
