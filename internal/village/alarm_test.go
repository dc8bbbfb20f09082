package village

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// However often the program and the platform are away while nobody says yes: nobody
// reads the same alarm twice in half an hour, what was promised is said as soon as it
// can be, and what was not said is not taken for known.
func TestAlarmsAreSaidOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ahead := time.Duration(rapid.IntRange(1, 5*24*60).Draw(rt, "minutes ahead")) * time.Minute
		n, _, err := Ask(Request{ID: "x", Kind: RideHome, Member: person("maya"), Start: now.Add(ahead), Zone: "America/Denver", From: "here"}, now)
		if err != nil {
			rt.Fatal(err)
		}
		pending := map[What]bool{}
		said := map[What]time.Time{}
		for clock := now; clock.Before(n.End); {
			clock = clock.Add(time.Duration(rapid.IntRange(1, 12*60).Draw(rt, "minutes")) * time.Minute)
			climbed, owed := n.Climb(clock)
			n = climbed
			for _, o := range owed {
				if o.What.isAlarm() {
					pending[o.What] = true
				}
			}
			if rapid.Bool().Draw(rt, "the platform is away") {
				continue
			}
			for _, j := range []Notice{{What: OwedUrgent, To: Address{Room: "sim/mods"}, Council: true}, {What: OwedUncovered, To: Address{Person: n.Member.ID}}} {
				if !pending[j.What] || !j.Stands(n, clock) {
					continue
				}
				last := said[j.What]
				if clock.Sub(last) < alarmApart && last.Before(n.Start) == clock.Before(n.Start) {
					rt.Fatalf("%s is said at %v and at %v, for %v", j.What, last, clock, n.Start)
				}
				n, _, _ = n.Said(j, clock)
				if j.Stands(n, clock) {
					rt.Fatalf("%s was said and is still to be said", j.What)
				}
				delete(pending, j.What)
				said[j.What] = clock
			}
			if know := !said[OwedUrgent].IsZero(); n.ModeratorsKnow() != know {
				rt.Fatalf("the moderators know: %v, and were told: %v", n.ModeratorsKnow(), know)
			}
		}
	})
}

// A channel on each of two platforms: what one has heard, the other has still to hear.
func TestAnAlarmIsForEveryChannel(t *testing.T) {
	n := dayRide(t)
	n, _ = n.Climb(n.Begins)
	n, owed := n.Climb(n.Begins.Add(answering))
	if !said(owed, OwedUrgent, Moderators) {
		t.Fatal(owed)
	}
	clock := n.Begins.Add(answering)
	one := Notice{What: OwedUrgent, To: Address{Room: "discord/1"}, Council: true}
	other := one
	other.To.Room = "slack/1"
	n, _, _ = n.Said(one, clock)
	if one.Stands(n, clock) || !other.Stands(n, clock) {
		t.Errorf("to whom it was said: %v, to the other: %v", one.Stands(n, clock), other.Stands(n, clock))
	}
	next := Notice{What: OwedUrgent, To: Address{Person: "console/mod"}, Council: true, Reached: true}
	if !next.Stands(n, clock) {
		t.Error("the second moderator does not hear what the first did")
	}
	n, _, _ = n.Said(other, clock)
	if _, _, noted := n.Said(other, clock); noted {
		t.Error("it is noted twice")
	}
}

// A rung keeps its number when the hour of the appointment changes under it.
func TestRungsKeepTheirNumbers(t *testing.T) {
	n := dayRide(t)
	early := n
	early.Begins = n.Start.Add(-20 * time.Hour)
	if len(n.Ladder()) != len(early.Ladder()) {
		t.Errorf("%d rungs, and %d where it begins earlier", len(n.Ladder()), len(early.Ladder()))
	}
}

// Others were asked two hours late, because the platform was away: the moderators
// hear later as well.
func TestTheModeratorsClockStartsWhenOthersWereReallyAsked(t *testing.T) {
	n := dayRide(t)
	asked := time.Time{}
	for clock := n.Opened; asked.IsZero(); clock = clock.Add(time.Minute) {
		var owed []Owed
		if n, owed = n.Climb(clock); said(owed, OwedAsk, "") {
			asked = clock
		}
	}
	rungs := n.Ladder()
	for n.Rung < len(rungs) && rungs[n.Rung].What != OwedUrgent { // up to the moderators' rung
		n, _ = n.Climb(rungs[n.Rung].Due)
	}
	before := n.rungDue(rungs)
	really := before.Add(-time.Minute)
	n, owed, noted := n.Said(Notice{What: OwedAsk, To: Address{Person: "console/sam"}}, really)
	if !noted || !dueOf(owed, OwedLadder).After(before) {
		t.Errorf("asked at %v: the moderators hear at %v, before it was %v", really, dueOf(owed, OwedLadder), before)
	}
	if _, _, noted = n.Said(Notice{What: OwedAsk, To: Address{Person: "console/lee"}}, really.Add(time.Minute)); noted {
		t.Error("each who is asked puts it off again")
	}
}
