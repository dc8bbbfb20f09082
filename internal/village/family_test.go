package village

import (
	"testing"
	"time"
)

func TestFamily(t *testing.T) {
	now := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	maya, sam := Person{ID: "console/maya", Name: "maya"}, Person{ID: "console/sam", Name: "sam"}
	for _, c := range []struct {
		name  string
		until time.Time
		code  string
	}{
		{" Aunt  Rosa ", time.Time{}, ""},
		{"", time.Time{}, "name-wrong"},
		{"a name that is far too long for anybody to be called by", time.Time{}, "name-wrong"},
		{"Rosa", now, "time-past"},
		{"Rosa", now.Add(FamilyLonger + time.Hour), "time-far"},
		{"Rosa", now.Add(FamilyLonger), ""},
	} {
		f, err := NewFamily("k7m2p9", c.name, maya, c.until, now)
		if c.code != "" {
			if !IsCode(err, c.code) {
				t.Errorf("%q until %v: %v instead of %s", c.name, c.until, err, c.code)
			}
			continue
		}
		if err != nil || !f.Lasts(now) || !f.Lasts(f.Until) || f.Lasts(f.Over()) || !IsFamily(f.ID) || FamilyCode(f.ID) != "k7m2p9" {
			t.Errorf("%q until %v: %+v, %v", c.name, c.until, f, err)
		}
	}
	f, _ := NewFamily("k7m2p9", "Rosa", maya, time.Time{}, now)
	f.NoChildren = true
	need := func(by Person, k Kind, start time.Time, helpers ...Person) Need {
		n := Need{ID: "need", Kind: k, Member: by, Start: start, End: start.Add(time.Hour), Wanted: 1}
		for _, h := range helpers {
			n.Claims = append(n.Claims, Claim{Helper: h})
		}
		return n
	}
	soon := now.Add(time.Hour)
	for _, c := range []struct {
		n    Need
		sees bool
	}{
		{need(maya, RideHome, soon), true},
		{need(maya, Meal, soon), true},
		{need(maya, Childcare, soon), false},
		{need(maya, Childcare, soon, f.Person), true},
		{need(sam, RideHome, soon), false},
		{need(sam, RideHome, soon, f.Person), false},
		{need(maya, RideHome, f.Until), false},
		{need(maya, RideHome, f.Until, f.Person), true},
	} {
		if err := f.MayPromise(c.n, nil, now); IsCode(err, CodeEnough) == c.sees {
			t.Errorf("%s of %s at %v, helped by %v: %v", c.n.Kind, c.n.Member.Name, c.n.Start, c.n.Claims, err)
		}
		if f.MaySee(c.n) != c.sees {
			t.Errorf("%s of %s at %v, helped by %v: %v", c.n.Kind, c.n.Member.Name, c.n.Start, c.n.Claims, !c.sees)
		}
	}
	theirs := []Need{need(maya, RideHome, soon, f.Person), need(maya, Meal, now.Add(-2*time.Hour), f.Person), need(maya, Meal, soon, sam)}
	for most, refused := range map[int]bool{0: false, 1: true, 2: false} {
		f.Most = most
		if err := f.MayPromise(need(maya, RideHome, soon), theirs, now); IsCode(err, CodePromised) != refused || !refused && err != nil {
			t.Errorf("at most %d, with one ahead: %v", most, err)
		}
	}
}
