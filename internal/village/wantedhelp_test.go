package village

import (
	"maps"
	"slices"
	"testing"
	"time"

	"village/internal/village/when"
)

// Help as people name it. What is not understood is asked about or refused, and
// nothing is asked for in its place.
func TestHelpWanted(t *testing.T) {
	for words, want := range map[string][]Kind{
		"":                                {},
		"none":                            {},
		"Rides":                           {RideThere, RideHome},
		"both ways":                       {RideThere, RideHome},
		"a ride home.":                    {RideHome},
		"pick me up":                      {RideHome},
		"ride home, lift home":            {RideHome},
		"ride to it & dinner":             {RideThere, Meal},
		"ride-there; babysitter":          {RideThere, Childcare},
		"overnight and kids":              {StayWith, Childcare},
		"somebody to stay with me, meals": {StayWith, Meal},
		"I have somebody":                 {},
	} {
		if got, err := HelpWanted(words, when.Clock); err != nil || !slices.Equal(got.Kinds, want) {
			t.Errorf("%q: %v, %v; want %v", words, got, err, want)
		}
	}
	for _, k := range SessionHelp() {
		for _, name := range []string{string(k), k.Words().Short, k.Words().Noun} {
			if got, err := HelpWanted(name, when.Clock); err != nil || !slices.Equal(got.Kinds, []Kind{k}) {
				t.Errorf("%q: %v, %v", name, got, err)
			}
		}
	}
	for words, code := range map[string]string{"ride": "help-unclear", "rides, a lift": "help-unclear", "a nurse": "help-unknown", "errand 3pm": "help-unknown", "school run 12": "help-hours", "ride home 3pm": "help-hours"} {
		if got, err := HelpWanted(words, when.Clock); !IsCode(err, code) {
			t.Errorf("%q: %v, %v", words, got, err)
		}
	}
}

// A school run, a carpool and childcare have hours of their own, said in any of the ways
// in which people say them.
func TestHelpWithHoursOfItsOwn(t *testing.T) {
	for words, want := range map[string]map[Kind]Hours{
		"ride home, school run 3pm":                          {SchoolRun: {From: 15 * 60}},
		"School Run at 3:15 pm from the North Side":          {SchoolRun: {From: 15*60 + 15, Place: "the North Side"}},
		"school run from the north side at 3pm":              {SchoolRun: {From: 15 * 60, Place: "the north side"}},
		"childcare noon to 6pm and a carpool at 4pm":         {Childcare: {From: 12 * 60, To: 18 * 60}, Carpool: {From: 16 * 60}},
		"childcare between 1 and 6pm; meal 7pm":              {Childcare: {From: 13 * 60, To: 18 * 60}, Meal: {From: 19 * 60}},
		"kids from 5pm until midnight, carpool 4pm-5:30pm":   {Childcare: {From: 17 * 60, To: 24 * 60}, Carpool: {From: 16 * 60, To: 17*60 + 30}},
		"childcare noon to 6pm at the West Side":             {Childcare: {From: 12 * 60, To: 18 * 60, Place: "the West Side"}},
		"childcare 14:00 to 18:00, car pool 8am from 5th St": {Childcare: {From: 14 * 60, To: 18 * 60}, Carpool: {From: 8 * 60, Place: "5th St"}},
	} {
		if got, err := HelpWanted(words, when.Clock); err != nil || !maps.Equal(got.Hours, want) {
			t.Errorf("%q: %v, %v; want %v", words, got.Hours, err, want)
		}
	}
}

// Rides are asked for unless somebody says that they have one, as far as it is known
// where they begin; what has hours of its own keeps to them on every date.
func TestRidesAreAskedForUnlessSomebodyDrives(t *testing.T) {
	start := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC) // 1 pm in Denver
	plan := func(area, home string, help *HelpWith) (Course, error) {
		return NewCourse(CourseRequest{ID: "plan", IDs: []string{"one"}, Member: person("maya"), Zone: "America/Denver", Starts: []time.Time{start}, Area: area, Home: home, Help: help}, start.AddDate(0, 0, -7))
	}
	for _, x := range []struct {
		area, home string
		help       *HelpWith
		want       []Kind
		alone      bool
	}{
		{"", "", nil, nil, false},
		{"", "the west side", nil, nil, false},
		{"the station", "", nil, []Kind{RideHome}, false},
		{"the station", "the west side", nil, []Kind{RideThere, RideHome}, false},
		{"the station", "the west side", &HelpWith{}, nil, true},
		{"the station", "the west side", &HelpWith{Kinds: []Kind{Childcare}}, []Kind{Childcare}, false},
	} {
		c, err := plan(x.area, x.home, x.help)
		if err != nil || !slices.Equal(c.Help, x.want) || c.Alone != x.alone {
			t.Errorf("%q, %q, %v: %v, %v, alone %v", x.area, x.home, x.help, c.Help, err, c.Alone)
		}
	}
	later, err := plan("", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	area := "the station"
	if later, err = later.Revised(Revision{Area: &area}, nil, start.AddDate(0, 0, -7)); err != nil || !slices.Equal(later.Help, []Kind{RideHome}) {
		t.Errorf("a place said later: %v, %v", later.Help, err)
	}
	if _, err := plan("the station", "the west side", &HelpWith{Kinds: []Kind{SchoolRun}}); !IsCode(err, "hours-missing") {
		t.Errorf("a school run without its hour: %v", err)
	}
	own, err := plan("", "the west side", &HelpWith{Kinds: []Kind{SchoolRun, Childcare}, Hours: map[Kind]Hours{SchoolRun: {From: 15 * 60, Place: "the north side"}, Childcare: {From: 18 * 60, To: 8 * 60}}})
	if err != nil {
		t.Fatal(err)
	}
	asks := own.Asks(own.Sessions[0], start.AddDate(0, 0, -7))
	if run := asks[0]; run.From != "the north side" || run.To != "the west side" || !run.Start.Equal(start.Add(2*time.Hour)) || !run.End.IsZero() {
		t.Errorf("the school run: %v to %v, from %q to %q", run.Start, run.End, run.From, run.To)
	}
	if care := asks[1]; care.From != "the west side" || !care.Start.Equal(start.Add(5*time.Hour)) || !care.End.Equal(start.Add(19*time.Hour)) {
		t.Errorf("childcare until the morning: %v to %v, from %q", care.Start, care.End, care.From)
	}
}
