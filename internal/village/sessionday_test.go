package village

import (
	"reflect"
	"testing"
	"time"
)

func TestSessionStanding(t *testing.T) {
	start := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	covered, open := Need{Wanted: 1, Claims: []Claim{{}}}, Need{Wanted: 2, Claims: []Claim{{}}}
	for _, tt := range []struct {
		story string
		why   Ending
		now   time.Time
		needs []Need
		want  Standing
	}{
		{"ahead, nothing asked", "", start.Add(-time.Minute), nil, Standing{State: SessionAhead}},
		{"ahead, half covered", "", start.Add(-time.Minute), []Need{covered, open}, Standing{State: SessionAhead, Covered: 1, Asked: 2}},
		{"under way", "", start, []Need{covered}, Standing{State: SessionNow, Covered: 1, Asked: 1}},
		{"its end has come", "", start.Add(2 * time.Hour), nil, Standing{State: SessionDone}},
		{"out early", Past, start.Add(time.Hour), nil, Standing{State: SessionDone}},
		{"cancelled", Cancelled, start.Add(time.Hour), nil, Standing{State: SessionOff}},
	} {
		s := Session{Start: start, End: start.Add(2 * time.Hour), Why: tt.why}
		if got := s.Standing(tt.needs, tt.now); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.story, got, tt.want)
		}
	}
}

// An idea stays with its step, none comes twice before all have come, and one that
// was put away counts as seen.
func TestIdeasComeOnce(t *testing.T) {
	c := Course{ID: "k7m2p9"}
	cards := []string{"a", "b", "c"}
	step := func(part string) Step { return Step{Session: "s", Name: Integration, Part: part} }
	seen := map[string]bool{}
	var id string
	for _, part := range []string{"1", "2"} {
		before := c
		c, id = c.IdeaFor(step(part), cards)
		if _, noted := before.Prompts[step(part).Key()]; noted || seen[id] {
			t.Errorf("%s: %q of %v, with %v", part, id, seen, before.Prompts)
		}
		seen[id] = true
		if _, again := c.IdeaFor(step(part), cards); again != id {
			t.Errorf("%s: %q, then %q", part, id, again)
		}
	}
	other, id := c.WithoutIdea(step("1")).IdeaFor(step("1"), cards)
	if seen[id] || len(other.Prompts) != 3 {
		t.Errorf("another one: %q of %v, %v", id, seen, other.Prompts)
	}
	if same := (Course{}).WithoutIdea(step("1")); !reflect.DeepEqual(same, Course{}) {
		t.Errorf("nothing to put away: %+v", same)
	}
}

func TestPack(t *testing.T) {
	s := Session{Packed: []string{"keys"}}
	packed := s.Pack("water")
	if want := []string{"keys", "water"}; !reflect.DeepEqual(packed.Packed, want) {
		t.Errorf("%v, want %v", packed.Packed, want)
	}
	if got := packed.Pack("keys").Packed; !reflect.DeepEqual(got, []string{"water"}) || len(s.Packed) != 1 {
		t.Errorf("%v, from %v", got, s.Packed)
	}
}
