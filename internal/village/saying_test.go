package village

import (
	"testing"
	"time"
)

// A note of the day spoke of a request before its ladder came to the alarm: the
// moderators know, and hear it again when the hour has come, or when it is open for
// another reason.
func TestANoteSpeaksForTheLadder(t *testing.T) {
	n := dayRide(t)
	var due time.Time
	for _, r := range n.Ladder() {
		if due = r.Due; r.What == OwedUrgent {
			break
		}
		n, _ = n.Climb(due)
	}
	clock := due.Add(-10 * time.Minute)
	note := Notice{What: OwedUrgent, Note: NoonNote, To: Address{Room: "sim/mods"}, Council: true}
	n, _, noted := n.Said(note, clock)
	if !noted {
		t.Fatal("it is not noted")
	}
	climbed, owed := n.Climb(due)
	if said(owed, OwedUrgent, Moderators) {
		t.Error("the moderators hear within ten minutes what the note said")
	}
	if !climbed.ModeratorsKnow() {
		t.Error("the moderators know, and it is not noted")
	}
	again, _ := climbed.reopened(due.Add(time.Minute))
	told := false
	for clock = due.Add(2 * time.Minute); clock.Before(n.Start); clock = clock.Add(20 * time.Minute) {
		again, owed = again.Climb(clock)
		told = told || said(owed, OwedUrgent, Moderators)
	}
	if !told {
		t.Error("it is open for another reason, and the moderators never hear it")
	}
	if _, owed = climbed.Climb(n.Start); !said(owed, OwedUrgent, Moderators) {
		t.Error("the hour has come, and the moderators do not hear it")
	}
}

// What was said is said again when something has come to pass since, to another reader,
// and after half an hour.
func TestWhatIsNoRepeat(t *testing.T) {
	n := dayRide(t)
	clock := n.Asked.Add(time.Hour)
	n, _, err := n.Claim(person("sam"), false, clock)
	if err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(time.Minute)
	asked := Notice{What: OwedApprove, To: Address{Person: n.Member.ID}, About: person("sam")}
	standIn := Notice{What: OwedStandIn, To: Address{Room: "sim/village"}}
	for _, j := range []Notice{asked, standIn} {
		if j.Repeats([]Need{n}, clock) {
			t.Fatalf("%s was not said yet", j.What)
		}
		n, _, _ = n.Said(j, clock)
		if !j.Repeats([]Need{n}, clock.Add(time.Minute)) {
			t.Errorf("%s was just said", j.What)
		}
		if j.Repeats([]Need{n}, clock.Add(time.Hour)) {
			t.Errorf("%s was said an hour ago", j.What)
		}
		if other := (Notice{What: j.What, To: Address{Person: "x/lee"}, About: j.About}); other.Repeats([]Need{n}, clock) {
			t.Errorf("%s was said to somebody else", j.What)
		}
		if j.Repeats([]Need{n, dayRide(t)}, clock) {
			t.Errorf("%s was not said of another request", j.What)
		}
	}
	clock = clock.Add(time.Minute)
	if n, _, err = n.Decline(n.Member.ID, false, "console/sam", nil, clock); err != nil {
		t.Fatal(err)
	}
	if n, _, err = n.Claim(person("sam"), false, clock); err != nil {
		t.Fatal(err)
	}
	if asked.Repeats([]Need{n}, clock) || standIn.Repeats([]Need{n}, clock) {
		t.Error("they offer again, and that is taken for known")
	}
}
