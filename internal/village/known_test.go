package village

import (
	"testing"
	"time"
)

func TestTrust(t *testing.T) {
	ride, kids := RideHome, Childcare
	for name, c := range map[string]struct {
		word            Trust
		no, drive, care bool
	}{
		"nothing said":            {Trust{}, false, false, false},
		"a yes with children":     {Trust{}.And(kids, now), false, true, true},
		"a yes to a ride":         {Trust{}.And(ride, now), false, true, false},
		"a ride, then children":   {Trust{}.And(ride, now).And(kids, now), false, true, true},
		"children, then a ride":   {Trust{}.And(kids, now).And(ride, now), false, true, true},
		"a yes from before":       {Trust{Yes: true, At: now}, false, true, true}, // about children, as all were
		"a no":                    {Trust{At: now}, true, false, false},
		"a no, then yes to rides": {Trust{At: now}.And(ride, now), false, true, false},
		"taken back":              {Trust{Ask: true, At: now}, false, false, false},
	} {
		if c.word.No() != c.no || c.word.For(ride) != c.drive || c.word.For(kids) != c.care {
			t.Errorf("%s: no %v, rides %v, children %v", name, c.word.No(), c.word.For(ride), c.word.For(kids))
		}
	}
}

// Whoever was let in before anybody was asked about them is known; nobody else is.
func TestHasHelped(t *testing.T) {
	helped := func(k Kind, change func(*Need)) []Need {
		n := Need{ID: "k7m2p9", Kind: k, Member: person("maya"), Wanted: 1, Start: now, End: now.Add(time.Hour), Claims: []Claim{{Helper: person("sam"), At: now}}}
		change(&n)
		return []Need{n}
	}
	for name, c := range map[string]struct {
		needs       []Need
		drive, care bool
	}{
		"a ride":         {helped(RideHome, func(*Need) {}), true, false},
		"with children":  {helped(Childcare, func(*Need) {}), true, true},
		"waiting":        {helped(RideHome, func(n *Need) { n.Claims[0].Waiting = true }), false, false},
		"standing by":    {helped(RideHome, func(n *Need) { n.Claims, n.Backups = nil, n.Claims }), false, false},
		"of somebody":    {helped(RideHome, func(n *Need) { n.Member = person("zoe") }), false, false},
		"by somebody":    {helped(RideHome, func(n *Need) { n.Claims[0].Helper = person("kim") }), false, false},
		"cancelled":      {helped(RideHome, func(n *Need) { n.Why = Cancelled }), false, false},
		"over":           {helped(RideHome, func(n *Need) { n.Why = Past }), false, false},
		"nothing at all": {nil, false, false},
	} {
		if drive, care := HasHelped(c.needs, "console/maya", "console/sam", RideHome), HasHelped(c.needs, "console/maya", "console/sam", Childcare); drive != c.drive || care != c.care {
			t.Errorf("%s: known for a ride %v, with children %v", name, drive, care)
		}
	}
}

// When no yes comes, the request is open again in time, its clinic can still be
// called, and a late yes still lets the helper in, unless somebody else was.
func TestNobodyAnswersAboutAHelper(t *testing.T) {
	n, owed, err := ride(t).Claim(person("sam"), false, now)
	if err != nil || n.State() != Covered || n.MaySee("console/sam") {
		t.Fatal(n, err)
	}
	var stale time.Time
	for _, o := range owed {
		if o.What == OwedStale {
			stale = o.Due
		}
	}
	if !stale.After(now) || stale.After(n.callBy()) {
		t.Fatalf("others are asked at %v, and the member calls the clinic at %v", stale, n.callBy())
	}
	open, owed := n.NoYes("console/sam", nil, stale)
	if open.State() != Open || !open.Waits("console/sam") || len(owed) == 0 {
		t.Fatal("nobody else is asked", open, owed)
	}
	if again, owed := open.NoYes("console/sam", nil, stale); len(owed) > 0 || again.State() != Open {
		t.Error("it is asked twice")
	}
	late, _, err := open.Approve("console/maya", false, "console/sam", stale)
	if err != nil || late.State() != Covered || !late.MaySee("console/sam") {
		t.Error("a late yes does not count", late, err)
	}
	other, owed, err := open.Claim(person("kim"), true, stale)
	if err != nil || other.HelpedBy("console/sam") || !other.MaySee("console/kim") {
		t.Error("two come where one is wanted", other, err)
	}
	told := false
	for _, o := range owed {
		told = told || o.What == OwedReplaced && o.To == "console/sam"
	}
	if !told {
		t.Error("sam is not told that they are free")
	}
}
