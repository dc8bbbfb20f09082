package village

import (
	"testing"
	"time"
)

// A helper's "I can't" in words is no step back and no silence: they stay down, a
// check comes in time, and only their own word that it is still on ends the doubt.
func TestDoubt(t *testing.T) {
	n := ride(t)
	n, _, err := n.Claim(person("sam"), true, now)
	if err != nil {
		t.Fatal(err)
	}
	if after, owed := n.Doubt("console/lee", now); len(owed) > 0 || after.IsDoubted("console/sam") {
		t.Error("somebody else's words count")
	}
	n, owed := n.Doubt("console/sam", now)
	if !n.IsDoubted("console/sam") || !n.HelpedBy("console/sam") || len(owed) != 1 || owed[0].What != OwedSilent || !owed[0].Due.After(now) || !owed[0].Due.Before(n.Start) {
		t.Fatalf("%+v", owed)
	}
	asked := func(n Need) bool {
		for _, q := range n.OpenQuestions("console/sam", now) {
			if q.Question == AskedStill {
				return true
			}
		}
		return false
	}
	if !asked(n) {
		t.Error("it is no open question")
	}
	if silent, owed := n.Silence("console/sam", nil, owed[0].Due); !silent.IsSilent("console/sam") || len(owed) == 0 {
		t.Error("nothing follows when nothing is tapped")
	}
	sure, _, err := n.Still("console/sam", false, "console/sam", now.Add(time.Minute))
	if err != nil || sure.IsDoubted("console/sam") || asked(sure) {
		t.Errorf("their word that it is still on changes nothing: %v", err)
	}
	if late, owed := n.Doubt("console/sam", n.Start); len(owed) > 0 || !late.IsDoubted("console/sam") {
		t.Error("after the start a check would be of no use")
	}
}
