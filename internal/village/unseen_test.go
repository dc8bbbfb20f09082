package village

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drivenByRosa is dayRide with a helper who has a page alone, let in already.
func drivenByRosa(t *testing.T) Need {
	t.Helper()
	n := dayRide(t)
	n, _, err := n.Claim(Person{ID: FamilyID("rosa"), Name: "Rosa"}, true, at("2026-12-09 09:01 -0700").Add(-fresh))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What lies on a page has not been read: whoever asked hears of that with time to act,
// and nobody is told that the helper has not answered.
func TestNobodyIsSilentWhoHasNotLooked(t *testing.T) {
	rosa, asked := FamilyID("rosa"), at("2026-12-09 10:00 -0700")
	n, owed := drivenByRosa(t).Kept(rosa, asked)
	due := dueOf(owed, OwedUnseen)
	if due.Before(asked.Add(4*time.Hour)) || due.After(n.dayBefore(silentHour)) {
		t.Errorf("it is looked after at %v", due)
	}
	n, owed = n.Unseen(rosa, due)
	if !said(owed, OwedCantReach, "console/maya") || said(owed, OwedCantReach, Moderators) || said(owed, OwedWriteToMe, "") {
		t.Errorf("unseen: %v", owed)
	}
	if _, owed = n.Unseen(rosa, due.Add(time.Minute)); len(owed) > 0 {
		t.Errorf("told once more: %v", owed)
	}
	n, owed = n.Silence(rosa, nil, n.dayBefore(silentHour))
	if said(owed, OwedNoAnswer, "console/maya") || said(owed, OwedNoAnswer, Moderators) || !said(owed, OwedCantReach, Moderators) || !said(owed, OwedStandIn, "") {
		t.Errorf("in the evening: %v", owed)
	}
	n, owed, err := n.Still("console/maya", false, rosa, n.dayBefore(silentHour+1))
	if err != nil || !n.HasSeen(rosa) || n.IsUnreached(rosa) || n.IsSilent(rosa) || !said(owed, OwedSettled, Moderators) {
		t.Errorf("after a word for them: %v %v", owed, err)
	}
}

func TestWhoHasLookedIsSilent(t *testing.T) {
	rosa := FamilyID("rosa")
	n, _ := drivenByRosa(t).Kept(rosa, at("2026-12-09 10:00 -0700"))
	n, owed := n.Looked(rosa)
	if len(owed) == 0 || !owed[0].Withdrawn {
		t.Errorf("a look: %v", owed)
	}
	if _, owed = n.Unseen(rosa, at("2026-12-09 16:00 -0700")); len(owed) > 0 {
		t.Errorf("it was seen: %v", owed)
	}
	if _, owed = n.Silence(rosa, nil, n.dayBefore(silentHour)); !said(owed, OwedNoAnswer, Moderators) {
		t.Errorf("in the evening: %v", owed)
	}
}

// However it is put on the page, looked at and asked after, in whatever order: who has not
// seen it is not called silent, and what is unseen on the last day is known to whoever
// asked before the ride.
func TestUnseenIsNoSilence(t *testing.T) {
	rosa := FamilyID("rosa")
	rapid.Check(t, func(rt *rapid.T) {
		n, now := drivenByRosa(t), at("2026-12-09 09:00 -0700")
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 180).Draw(rt, "minutes")) * time.Minute)
			unseen := !n.HasSeen(rosa)
			var owed []Owed
			switch rapid.SampledFrom([]string{"kept", "looked", "unseen", "silence"}).Draw(rt, "step") {
			case "kept":
				n, owed = n.Kept(rosa, now)
				if due := dueOf(owed, OwedUnseen); now.Before(n.Start.Add(-unseenLeast)) && !due.Before(n.Start) {
					rt.Errorf("at %v it is looked after at %v", now, due)
				}
			case "looked":
				n, owed = n.Looked(rosa)
			case "unseen":
				n, owed = n.Unseen(rosa, now)
			case "silence":
				n, owed = n.Silence(rosa, nil, now)
			}
			if unseen && (said(owed, OwedNoAnswer, "console/maya") || said(owed, OwedNoAnswer, Moderators) || said(owed, OwedNoReply, "console/maya")) {
				rt.Errorf("called silent and has not seen it: %v", owed)
			}
		}
	})
}
