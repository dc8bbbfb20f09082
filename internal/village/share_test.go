package village_test

import (
	"testing"
	"time"

	"village/internal/village"
)

func TestWhatIsPassedOn(t *testing.T) {
	now := time.Date(2026, 12, 1, 16, 0, 0, 0, time.UTC)
	maya, mod := village.Person{ID: "console/maya", Name: "maya"}, village.Person{ID: "console/mod", Name: "mod"}
	n, _, err := village.Ask(village.Request{ID: "k7m2p9", Kind: village.RideHome, Member: maya, Start: now.Add(72 * time.Hour), Zone: "America/Denver", From: "the station"}, now)
	if err != nil {
		t.Fatal(err)
	}
	rosa, err := village.Guest(n.ID, "Aunt Rosa")
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Passes("", now); got != village.PassAsk {
		t.Errorf("while nobody is down for it: %q", got)
	}
	if err := n.MayShare(mod.ID, false); err == nil {
		t.Error("whoever has no part in it may pass it on")
	}
	filled, _, err := n.Fill(mod, true, rosa, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := filled.MayShare(mod.ID, false); err != nil {
		t.Errorf("whoever signed her up may not pass it on: %v", err)
	}
	moved, _, err := filled.Move(maya.ID, false, n.Start.Add(time.Hour), time.Time{}, now)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, _, err := moved.Cancel(maya.ID, false, now)
	if err != nil {
		t.Fatal(err)
	}
	off, _, err := filled.Unfill(maya.ID, false, rosa.ID, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		n    village.Need
		at   time.Time
		want village.Passing
	}{
		"down for it":          {filled, now, village.PassPlan},
		"the day before":       {filled, filled.AsksAt(), village.PassStill},
		"moved":                {moved, now, village.PassChanged},
		"cancelled":            {cancelled, now, village.PassCancelled},
		"taken off":            {off, now, village.PassFree},
		"when it is over":      {filled, filled.End, village.PassThanks},
		"moved and then over":  {moved, moved.End, village.PassThanks},
		"cancelled long after": {cancelled, moved.End, village.PassCancelled},
	} {
		if got := c.n.Passes(rosa.ID, c.at); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if n.Edition != 0 || filled.Edition != 0 || moved.Edition != 1 || cancelled.Edition != 2 || !cancelled.Edited.Equal(now) {
		t.Errorf("editions %d, %d, %d, %d", n.Edition, filled.Edition, moved.Edition, cancelled.Edition)
	}
}
