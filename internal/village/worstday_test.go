package village

import (
	"slices"
	"testing"
	"time"
)

// dayRide is a ride home tomorrow at half past one in Denver, asked for at nine the
// morning before, from an appointment that begins at half past eleven.
func dayRide(t *testing.T) Need {
	t.Helper()
	start := at("2026-12-10 13:30 -0700")
	n, _, err := Ask(Request{ID: "x", Kind: RideHome, Member: person("maya"), Start: start, Begins: start.Add(-2 * time.Hour), Zone: "America/Denver", From: "the clinic"}, at("2026-12-09 09:00 -0700"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func said(owed []Owed, what What, to string) bool {
	return slices.ContainsFunc(owed, func(o Owed) bool { return o.What == what && o.To == to && !o.Withdrawn })
}

func dueOf(owed []Owed, what What) time.Time {
	for _, o := range owed {
		if o.What == what && !o.Withdrawn {
			return o.Due
		}
	}
	return time.Time{}
}

// climbed are the rungs that a need comes to when the clock is looked at then.
func climbed(n Need, at time.Time) (Need, []Owed) {
	n, owed := n.Climb(at)
	return n, slices.DeleteFunc(owed, func(o Owed) bool { return o.What == OwedLadder })
}

func TestModeratorsHearAtBothEndsOfTheSession(t *testing.T) {
	n := dayRide(t)
	for clock := at("2026-12-10 09:00 -0700"); clock.Before(n.Begins); clock = clock.Add(time.Minute) {
		n, _ = n.Climb(clock)
	}
	n, owed := climbed(n, n.Begins)
	if len(owed) != 1 || !said(owed, OwedUrgent, Moderators) {
		t.Errorf("when it begins: %v", owed)
	}
	n, owed = climbed(n, n.Start)
	if len(owed) != 2 || !said(owed, OwedUrgent, Moderators) || !said(owed, OwedUncovered, "console/maya") {
		t.Errorf("when it ends: %v", owed)
	}
	if _, owed = climbed(n, n.Start.Add(time.Minute)); len(owed) != 0 {
		t.Errorf("after that: %v", owed)
	}
}

// Away from the moment it was asked for until the morning of the day: the moderators
// are not told in the same second that others were asked.
func TestRungsAreApartAfterAnOutage(t *testing.T) {
	n := dayRide(t)
	back := at("2026-12-10 08:00 -0700")
	n, owed := climbed(n, back)
	if said(owed, OwedUrgent, Moderators) || !said(owed, OwedAsk, "") {
		t.Fatalf("at once: %v", owed)
	}
	var when time.Time
	for clock := back; clock.Before(n.Start) && when.IsZero(); clock = clock.Add(time.Minute) {
		if n, owed = climbed(n, clock); said(owed, OwedUrgent, Moderators) {
			when = clock
		}
	}
	if when.Sub(back) < 30*time.Minute || n.Start.Sub(when) < 2*time.Hour {
		t.Errorf("the moderators hear at %v, back at %v for %v", when, back, n.Start)
	}
}

// It is moved on the day itself, and the helper is at work.
func TestMovedOnTheDayIsAskedOnceAndFairly(t *testing.T) {
	n := dayRide(t)
	n, _, _ = n.Claim(person("sam"), true, at("2026-12-09 09:01 -0700"))
	moved := at("2026-12-10 09:00 -0700")
	n, owed, err := n.Move("console/maya", false, at("2026-12-10 15:00 -0700"), time.Time{}, moved)
	if err != nil || said(owed, OwedStill, "console/sam") || !said(owed, OwedMoved, "console/sam") {
		t.Fatal(owed, err)
	}
	first := dueOf(owed, OwedSilent)
	n, owed = n.Silence("console/sam", nil, first)
	if !n.HelpedBy("console/sam") || !said(owed, OwedNoAnswer, Moderators) {
		t.Fatalf("after %v they are not down for it any more", first.Sub(moved))
	}
	second := dueOf(owed, OwedSilent)
	if second.Sub(moved) < 3*time.Hour || n.Start.Sub(second) < 90*time.Minute {
		t.Errorf("they have until %v, for %v", second, n.Start)
	}
	n, owed = n.Silence("console/sam", nil, second)
	if n.HelpedBy("console/sam") || n.Left != FellSilent || !said(owed, OwedNoReply, "console/maya") {
		t.Errorf("then: %v, %v", n.Left, owed)
	}
	if n, _, _ = n.Claim(person("sam"), true, second); n.State() != Covered {
		t.Error("who answers after all is not taken")
	}
	if n, _, _ = n.Release("console/sam", nil, second); n.Left != SteppedBack {
		t.Errorf("who steps back left by %q", n.Left)
	}
}

func TestMovedTheDayBeforeIsNotAskedTwiceInAnHour(t *testing.T) {
	n := dayRide(t)
	n, _, _ = n.Claim(person("sam"), true, at("2026-12-08 09:01 -0700"))
	_, owed, err := n.Move("console/maya", false, at("2026-12-10 15:00 -0700"), time.Time{}, at("2026-12-09 09:00 -0700"))
	if err != nil || said(owed, OwedStill, "console/sam") {
		t.Errorf("asked again at %v: %v", dueOf(owed, OwedStill), err)
	}
}

func TestUnreachedIsNotSilent(t *testing.T) {
	n := dayRide(t)
	n, _, _ = n.Claim(person("sam"), true, at("2026-12-08 09:01 -0700"))
	n, owed := n.Unreached("console/sam", at("2026-12-08 09:01 -0700"))
	if !said(owed, OwedCantReach, "console/maya") || said(owed, OwedCantReach, Moderators) || said(owed, OwedWriteToMe, "") {
		t.Errorf("long before: %v", owed)
	}
	n, owed = n.Unreached("console/sam", n.AsksAt())
	if !said(owed, OwedCantReach, "console/maya") || !said(owed, OwedCantReach, Moderators) || !said(owed, OwedWriteToMe, "") {
		t.Errorf("the day before: %v", owed)
	}
	if again, owed := n.Unreached("console/sam", n.AsksAt().Add(time.Hour)); len(owed) > 0 || !again.Claims[0].Unreached.Equal(n.Claims[0].Unreached) {
		t.Errorf("and again: %v", owed)
	}
	silent, owed := n.Silence("console/sam", nil, at("2026-12-09 18:00 -0700"))
	if said(owed, OwedNoAnswer, Moderators) || said(owed, OwedNoAnswer, "console/maya") || !said(owed, OwedStandIn, "") || !silent.WantsStandIn() {
		t.Errorf("in the evening: %v", owed)
	}
	if n, _, _ = n.Still("console/sam", false, "console/sam", at("2026-12-09 18:00 -0700")); n.IsUnreached("console/sam") {
		t.Error("who answers was reached")
	}
}

func TestLateIsToldToWhoeverWaits(t *testing.T) {
	n := dayRide(t)
	n, _, _ = n.Claim(person("sam"), true, at("2026-12-10 09:00 -0700"))
	late := at("2026-12-10 13:20 -0700")
	n, owed, err := n.Late("console/sam", late)
	if err != nil || !said(owed, OwedLate, "console/maya") || said(owed, OwedLate, Moderators) {
		t.Errorf("late: %v %v", owed, err)
	}
	if _, owed, _ = n.Late("console/sam", late.Add(time.Minute)); said(owed, OwedLate, "console/maya") {
		t.Error("said again at once")
	}
	n, _, _ = n.NobodyCame("console/maya", at("2026-12-10 13:45 -0700"))
	n, owed, _ = n.Late("console/sam", at("2026-12-10 13:46 -0700"))
	if !said(owed, OwedLate, "console/maya") || !said(owed, OwedLate, Moderators) {
		t.Errorf("to whoever said that nobody came: %v", owed)
	}
	n, _, _ = n.PickedUp("console/sam", at("2026-12-10 13:50 -0700"))
	if _, owed, _ = n.Late("console/sam", at("2026-12-10 14:20 -0700")); said(owed, OwedLate, "console/maya") {
		t.Error("said to who sits beside them")
	}
}

func TestHomeWithoutARide(t *testing.T) {
	n := dayRide(t)
	n.Rung, n.Alarms = len(n.Ladder()), []Alarm{{What: OwedUrgent, Rung: 1}}
	if _, _, err := n.HomeSafe("console/maya", at("2026-12-10 13:00 -0700")); !IsCode(err, CodeNotBegun) {
		t.Errorf("before it begins: %v", err)
	}
	if _, _, err := n.HomeSafe("console/sam", n.Start); !IsCode(err, CodeNotYours) {
		t.Errorf("by somebody else: %v", err)
	}
	came, owed, err := n.RideIsHere("console/maya", at("2026-12-10 13:00 -0700"))
	if err != nil || came.StillWants(n.Start) || came.State() != Over || !said(owed, OwedCame, Moderators) {
		t.Errorf("a ride of their own: %v %v", owed, err)
	}
	if CameHome([]Need{came}) {
		t.Error("a ride that is there is not home")
	}
	home, owed, err := came.HomeSafe("console/maya", n.Start)
	if err != nil || !CameHome([]Need{home}) || len(owed) == 0 || said(owed, OwedHome, Moderators) {
		t.Errorf("home: %v %v", owed, err)
	}
	home, owed, err = n.HomeSafe("console/maya", n.Start)
	if err != nil || !CameHome([]Need{home}) || !said(owed, OwedHome, Moderators) || home.StillWants(n.Start) {
		t.Errorf("home without a word: %v %v", owed, err)
	}
	if _, owed, err = home.HomeSafe("console/maya", n.Start); err != nil || len(owed) > 0 {
		t.Errorf("home again: %v %v", owed, err)
	}
}

func TestNobodyIsThankedBeforeTheyAreHome(t *testing.T) {
	n := dayRide(t)
	n, _, _ = n.Claim(person("sam"), true, at("2026-12-10 09:00 -0700"))
	n, _ = n.Over(n.End)
	if n.AllThere() {
		t.Fatal("all are there by the clock")
	}
	n, owed, err := n.HomeSafe("console/sam", n.End)
	if err != nil || !n.AllThere() || dueOf(owed, OwedCard).IsZero() {
		t.Errorf("home: %v %v", owed, err)
	}
}

// Found by the simulator: a helper whom the asker turned down has not stepped back,
// and one who waits for a yes and takes no messages is not called silent.
func TestTurnedDownIsNotSteppedBack(t *testing.T) {
	n := dayRide(t)
	n, _, _ = n.Claim(person("sam"), false, at("2026-12-10 09:00 -0700"))
	silent, owed := n.Unreached("console/sam", at("2026-12-10 09:01 -0700"))
	if said(owed, OwedCantReach, "console/maya") || !silent.IsUnreached("console/sam") {
		t.Errorf("who waits for a yes: %v", owed)
	}
	if let, _, _ := silent.Approve("console/maya", false, "console/sam", at("2026-12-10 09:02 -0700")); let.IsUnreached("console/sam") {
		t.Error("who was let in has still to be told")
	}
	n, _, err := n.Decline("console/maya", false, "console/sam", nil, at("2026-12-10 09:05 -0700"))
	if err != nil || n.Left == SteppedBack {
		t.Errorf("turned down: left by %q, %v", n.Left, err)
	}
}

func TestWhoAskedIsNotToldTwice(t *testing.T) {
	n := dayRide(t)
	own := Notice{What: OwedNoAnswer, To: Address{Person: "console/maya"}, Council: true}
	other := own
	other.To.Person = "console/mod"
	if !own.IsTheirOwn(n) || other.IsTheirOwn(n) {
		t.Error("a moderator who asked hears it as both, or another does not")
	}
}

// Found by the simulator: whoever steps back, says yes and steps back again in one
// breath reads once that they are free, and not at all when they say yes once more.
func TestSteppedBackTwiceInOneBreathIsToldOnce(t *testing.T) {
	n := dayRide(t)
	clock := at("2026-12-09 09:30 -0700")
	n, _, _ = n.Claim(person("sam"), true, clock.Add(-5*time.Minute))
	pending := map[string]bool{}
	var owed []Owed
	for range 2 {
		var err error
		if n, owed, err = n.Release("console/sam", nil, clock); err != nil {
			t.Fatal(err)
		}
		for _, o := range owed {
			if o.What == OwedReleased || o.What == OwedStepBack || o.What == OwedReopened {
				if !o.Standing {
					t.Errorf("%s is owed again and again", o.What)
				}
				pending[o.key()] = true
			}
		}
		free := Notice{What: OwedReleased, To: Address{Person: "console/sam"}}
		again, _, err := n.Claim(person("sam"), true, clock)
		if n = again; err == nil && free.Stands(n, clock) {
			t.Error("whoever is down for it reads that they are free")
		}
	}
	if len(pending) != 3 {
		t.Errorf("owed: %v", pending)
	}
}

// Somebody was put down for what the moderators had been alarmed about: they hear that it
// is settled when whoever is put down has said so, and not before.
func TestSettledOnlyWhenTheyHaveSaidSo(t *testing.T) {
	for what, by := range map[string]Person{"a moderator": person("mod"), "the member": person("maya")} {
		n := dayRide(t)
		for clock := n.Opened; !n.urged(); clock = clock.Add(time.Minute) {
			n, _ = n.Climb(clock)
		}
		clock := n.Start.Add(-90 * time.Minute)
		n, owed, err := n.Fill(by, by.ID != n.Member.ID, person("sam"), clock)
		if err != nil || !said(owed, OwedPutDown, Moderators) || said(owed, OwedSettled, Moderators) {
			t.Errorf("%s puts sam down: %v, %v", what, owed, err)
		}
		n, owed, err = n.Still("console/sam", false, "console/sam", clock.Add(time.Minute))
		if err != nil || !said(owed, OwedSettled, Moderators) {
			t.Errorf("%s put sam down, who says so: %v, %v", what, owed, err)
		}
		if _, owed, err = n.Still("console/sam", false, "console/sam", clock.Add(2*time.Minute)); err != nil || said(owed, OwedSettled, Moderators) {
			t.Errorf("said twice: %v, %v", owed, err)
		}
	}
	n := dayRide(t)
	rosa, err := Guest("k7m2p9", "Aunt Rosa")
	if err != nil {
		t.Fatal(err)
	}
	for clock := n.Opened; !n.urged(); clock = clock.Add(time.Minute) {
		n, _ = n.Climb(clock)
	}
	if _, owed, err := n.Fill(n.Member, false, rosa, n.Start.Add(-90*time.Minute)); err != nil || !said(owed, OwedPutDown, Moderators) || said(owed, OwedSettled, Moderators) {
		t.Errorf("a guest is put down, who can say nothing here: %v, %v", owed, err)
	}
}
