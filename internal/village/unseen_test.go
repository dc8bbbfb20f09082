package village

import (
	"slices"
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

// What is new on a page is passed on at once by whoever asked: a change until it was
// looked at, what is not needed any more, and that they are home.
func TestPassOn(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	rosa := Person{ID: FamilyID("32pn32"), Name: "Rosa"}
	n := Need{ID: "k7m2p9", Member: Person{ID: "console/maya"}, Start: now.Add(48 * time.Hour), End: now.Add(49 * time.Hour), Claims: []Claim{{Helper: rosa}}}
	other := n
	other.ID = "nqq7b2"
	for _, tt := range []struct {
		what   What
		to     string
		passes bool
	}{
		{OwedMoved, rosa.ID, true}, {OwedCancelled, rosa.ID, true}, {OwedArrived, FamilyID("carlos"), true},
		{OwedMoved, FamilyID("ben"), false}, {OwedCancelled, "console/sam", false}, {OwedThanks, rosa.ID, false}, {OwedArrived, "console/sam", false},
	} {
		j := Notice{Group: "g", Need: n.ID, What: tt.what, To: Address{Person: tt.to}}
		p, ok := j.PassOn(n, other)
		if ok != tt.passes {
			t.Errorf("%s to %s: %v", tt.what, tt.to, ok)
		}
		if ok && (p.To.Person != n.Member.ID || p.About.ID != tt.to || p.For != tt.what || p.Need != n.ID || !slices.Equal(p.Also, []string{other.ID})) {
			t.Errorf("%s is passed on as %+v", tt.what, p)
		}
	}
	moved, _ := Notice{What: OwedMoved, To: Address{Person: rosa.ID}}.PassOn(n)
	unseen, _ := n.Kept(rosa.ID, now)
	seen, _ := unseen.Looked(rosa.ID)
	if !moved.Stands(unseen, now) || moved.Stands(seen, now) {
		t.Error("a change is passed on when it was looked at, or is not when it was not")
	}
}
