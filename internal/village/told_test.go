package village

import (
	"testing"
	"time"
)

// Whoever is to know that somebody is home hears it once, when it has been said, and only
// of whoever asked them.
func TestArrivals(t *testing.T) {
	now := at("2026-12-10 15:00 -0700")
	told := []Family{
		{Person: Person{ID: FamilyID("carlos")}, By: person("maya"), HomeOnly: true, Until: now.Add(time.Hour)},
		{Person: Person{ID: FamilyID("rosa")}, By: person("maya"), Until: now.Add(time.Hour)},
		{Person: Person{ID: FamilyID("old")}, By: person("maya"), HomeOnly: true, Until: now.Add(-homeUntil)},
		{Person: Person{ID: FamilyID("zelda")}, By: person("zelda"), HomeOnly: true, Until: now.Add(time.Hour)},
	}
	n := drivenByRosa(t)
	before := n
	n, _, err := n.HomeSafe(FamilyID("rosa"), now)
	if err != nil {
		t.Fatal(err)
	}
	if owed := n.Arrivals(before, told, now); len(owed) != 1 || owed[0].To != FamilyID("carlos") || owed[0].About != person("maya") {
		t.Errorf("home: %v", owed)
	}
	if owed := n.Arrivals(n, told, now); len(owed) != 0 {
		t.Errorf("said again: %v", owed)
	}
	if owed := before.Arrivals(before, told, now); len(owed) != 0 {
		t.Errorf("nobody is home: %v", owed)
	}
	if told[0].MaySee(before) {
		t.Error("whoever only hears of it sees the request")
	}
}
