package village

import (
	"testing"
	"time"
)

// While whoever asked cannot be reached, nobody is asked and nobody takes anything on:
// those who said yes stay down, and nobody is alarmed about them. When they are back,
// whoever was to be asked meanwhile is asked.
func TestNothingIsAskedOfWhatRests(t *testing.T) {
	evening := dayRide(t).dayBefore(silentHour)
	first := evening.Add(-48 * time.Hour)
	n, _, err := dayRide(t).Claim(person("sam"), true, first)
	if err != nil {
		t.Fatal(err)
	}
	n, _, err = n.Standby(person("kim"), true, first)
	if err != nil {
		t.Fatal(err)
	}
	held, owed := n.Departed("console/maya", nil, first)
	if !held.IsHeld() || !said(owed, OwedHeld, "console/sam") || !said(owed, OwedHeld, "console/kim") {
		t.Fatalf("nobody hears it: %v", owed)
	}
	if _, _, err := held.Standby(person("lee"), true, first); !IsCode(err, "held") {
		t.Error("somebody stands by:", err)
	}
	if _, _, err := held.Give("console/sam", person("lee"), first); !IsCode(err, "held") {
		t.Error("it is handed over:", err)
	}
	still := Notice{What: OwedStill, To: Address{Person: "console/sam"}, About: person("maya")}
	if still.Stands(held, evening) || !still.Stands(n, evening) {
		t.Error("they are asked whether it is still on")
	}
	if silent, owed := held.Silence("console/sam", nil, evening); len(owed) > 0 || silent.IsSilent("console/sam") {
		t.Errorf("they are silent: %v", owed)
	}
	gone, owed, err := held.Release("console/sam", nil, evening)
	if err != nil || !gone.StandsBy("console/kim") || said(owed, OwedPromoted, "console/kim") {
		t.Errorf("whoever stands by has to come: %v %v", owed, err)
	}
	back, owed := held.Back("console/maya", evening)
	if back.IsHeld() || !said(owed, OwedStill, "console/sam") || !dueOf(owed, OwedSilent).After(evening) {
		t.Errorf("back again: %v", owed)
	}
	if _, owed = held.Back("console/maya", first); said(owed, OwedStill, "console/sam") {
		t.Errorf("asked long before: %v", owed)
	}
	rosa := FamilyID("rosa")
	n, owed = drivenByRosa(t).Kept(rosa, dayRide(t).AsksAt())
	due := dueOf(owed, OwedUnseen)
	n, _ = n.Departed("console/maya", nil, due)
	if _, owed = n.Unseen(rosa, due); said(owed, OwedCantReach, "console/maya") || !said(owed, OwedCantReach, Moderators) {
		t.Errorf("who is to tell somebody with a page: %v", owed)
	}
}
