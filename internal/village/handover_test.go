package village

import (
	"testing"
	"time"
)

// A yes is offered to one person, at most three times, and only while it lies ahead.
func TestHandOver(t *testing.T) {
	n := ride(t)
	n, _, err := n.Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	j := Notice{What: OwedGive, To: Address{Person: "console/kim"}, About: person("sam")}
	for i, name := range []string{"lee", "pat", "kim"} {
		if n, _, err = n.Give("console/sam", person(name), now); err != nil || !n.OfferedTo("console/"+name) || !n.HelpedBy("console/sam") {
			t.Fatalf("offer %d to %s: %+v, %v", i+1, name, n.Claims, err)
		}
	}
	if !j.Stands(n, now) || j.Stands(n, n.Start) {
		t.Error("whoever is offered it is to hear of it, and not when it is too late")
	}
	if _, _, err := n.Give("console/sam", person("bo"), now); !IsCode(err, "offered-enough") {
		t.Errorf("a fourth offer: %v", err)
	}
	if after, owed := n.NotTaken("console/lee", now); len(owed) > 0 || !after.OfferedTo("console/kim") {
		t.Error("somebody who is not offered it any more has no say")
	}
	got := n.with(0, func(c *Claim) { c.Got = now })
	if _, _, err := got.Give("console/sam", person("bo"), now); !IsCode(err, "too-late-to-give") {
		t.Errorf("on the way with somebody: %v", err)
	}
	// the first one stands by until the second is let in, and takes it back after a no
	n, _, err = n.Claim(person("kim"), false, now)
	if err != nil || !n.Waits("console/kim") || !n.StandsBy("console/sam") || n.State() != Covered || j.Stands(n, now) {
		t.Fatalf("taken over by somebody new: %+v, %v", n, err)
	}
	back, _, err := n.Decline("console/maya", false, "console/kim", nil, now)
	if err != nil || !back.HelpedBy("console/sam") || back.Claims[0].Gave || back.State() != Covered {
		t.Errorf("after a no: %+v, %v", back, err)
	}
	n, _, err = n.Approve("console/maya", false, "console/kim", now)
	if err != nil || n.StandsBy("console/sam") || n.Waits("console/kim") {
		t.Errorf("after a yes: %+v, %v", n, err)
	}
}

// Whoever has picked somebody up, or brought them home, is not taken off by a yes that
// they had asked for before.
func TestNobodyTakesOverWhatIsOnItsWay(t *testing.T) {
	offered := ride(t)
	offered, _, err := offered.Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	if offered, _, err = offered.Give("console/sam", person("kim"), now); err != nil {
		t.Fatal(err)
	}
	hour := offered.Start.Add(time.Minute)
	for what, change := range map[string]func(n Need) (Need, []Owed, error){
		"picked up":                  func(n Need) (Need, []Owed, error) { return n.PickedUp("console/sam", hour) },
		"the ride is here":           func(n Need) (Need, []Owed, error) { return n.RideIsHere("console/maya", hour) },
		"there safe":                 func(n Need) (Need, []Owed, error) { return n.HomeSafe("console/sam", hour) },
		"the member says it of them": func(n Need) (Need, []Owed, error) { return n.HomeSafe("console/maya", hour) },
	} {
		n, _, err := change(offered)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		after, owed, err := n.Claim(person("kim"), true, hour.Add(time.Minute))
		if !IsCode(err, CodeOnTheWay) || len(owed) > 0 || !after.HelpedBy("console/sam") || n.OfferedTo("console/kim") {
			t.Errorf("%s, and then a yes: %+v %v, %v", what, after.Claims, owed, err)
		}
	}
	// until then it is theirs to take, also when the hour has come
	if n, _, err := offered.Claim(person("kim"), true, hour); err != nil || n.HelpedBy("console/sam") || !n.HelpedBy("console/kim") {
		t.Errorf("late, and still waited for: %+v, %v", n.Claims, err)
	}
}
