package village

import (
	"slices"
	"testing"
	"time"
)

// A notice for the moderators goes from one to the next until there is none left,
// whether they can be reached or not, and says what could not be written.
func TestNoticeGoesOnward(t *testing.T) {
	g := Group{Rooms: []Room{{ID: "console/village"}}, Moderation: []Room{{ID: "console/mods"}}}
	j := Notice{Need: "k7m2p9", What: OwedUrgent, To: Address{Person: Moderators}, About: person("maya")}
	known := []string{"console/ann", "console/ben"}

	first := j.ForModerators(g, known)
	if len(first) != 1 || first[0].To.Room != "console/mods" || !first[0].Council || first[0].Public {
		t.Fatalf("%+v", first)
	}
	var told []string
	for next, ok := first[0].Onward(false); ok; next, ok = next.Onward(true) {
		told = append(told, next.To.Person)
		if next.Instead != "console/mods" || next.Reached != (len(told) > 1) {
			t.Errorf("%+v", next)
		}
	}
	if !slices.Equal(told, known) {
		t.Errorf("told %v", told)
	}
	g.Moderation = nil
	if direct := j.ForModerators(g, known); len(direct) != 1 || direct[0].To.Person != "console/ann" || direct[0].Instead != "" {
		t.Errorf("%+v", direct)
	}
	if public := j.ForModerators(g, nil); len(public) != 1 || public[0].To.Room != "console/village" || !public[0].Public {
		t.Errorf("%+v", public)
	}
}

// The member hears that no moderator could be told, unless they hear the same
// thing themselves or nobody is there to hear it.
func TestMemberHearsThatNoModeratorDid(t *testing.T) {
	n := ride(t)
	for what, want := range map[What]bool{OwedUrgent: true, OwedNoAnswer: true, OwedApprove: true, OwedNoWord: true,
		OwedHome: false, OwedUnposted: false, OwedLastYes: false, OwedSettled: false} {
		j := Notice{Need: n.ID, What: what}
		told := j.Unheard(n)
		if (len(told) == 1) != want || want && (told[0].For != what || told[0].To.Person != "console/maya") {
			t.Errorf("%s: %+v", what, told)
		}
		gone := n
		gone.Member = Forgotten()
		if len(j.Unheard(gone)) > 0 || len(j.Unheard(Need{})) > 0 {
			t.Errorf("%s: said to nobody", what)
		}
	}
}

func TestUnpostedWhileNew(t *testing.T) {
	n := ride(t)
	j := Notice{Need: n.ID, What: OwedCard, To: Address{Room: "console/village"}}
	told := j.Unposted(n, n.Asked.Add(newRequest))
	if len(told) != 2 || told[0].To.Person != "console/maya" || told[1].To.Person != Moderators || told[0].Closed != "console/village" {
		t.Errorf("%+v", told)
	}
	covered, _, _ := n.Claim(person("sam"), true, now)
	gone := n
	gone.Member = Forgotten()
	for name, late := range map[string][]Notice{
		"no longer new": j.Unposted(n, n.Asked.Add(newRequest+time.Second)), "covered": j.Unposted(covered, now), "gone": j.Unposted(gone, now),
	} {
		if len(late) > 0 {
			t.Errorf("%s: %+v", name, late)
		}
	}
}

// Nobody comes, and no moderator can be reached: the member is not told that the moderators
// hear of it or know, and hears it at the hour once, whichever message comes first.
func TestNobodyIsToldToWaitForModerators(t *testing.T) {
	public := Notice{What: OwedUrgent, To: Address{Room: "sim/village"}, Council: true, Public: true}
	mine := Notice{What: OwedUncovered, To: Address{Person: "console/maya"}}
	alone := Notice{What: OwedUnheard, For: OwedUrgent, To: Address{Person: "console/maya"}}
	n := dayRide(t)
	for clock := n.Opened; clock.Before(n.Start); clock = clock.Add(time.Minute) {
		if n, _ = n.Climb(clock); public.Stands(n, clock) && n.urged() {
			n, _, _ = n.Said(public, clock)
		}
	}
	if n.ModeratorsKnow() || !n.ModeratorsUnheard() {
		t.Errorf("they know: %v, they could not be reached: %v", n.ModeratorsKnow(), n.ModeratorsUnheard())
	}
	n, _ = n.Climb(n.Start)
	if n, _, _ = n.Said(mine, n.Start); alone.Stands(n, n.Start) {
		t.Error("they have just heard that no moderator could be reached")
	}
	// at the hour itself it turns out that nobody can be reached any more
	first := dayRide(t)
	for clock := first.Opened; !clock.After(first.Start); clock = clock.Add(time.Minute) {
		first, _ = first.Climb(clock)
	}
	if first, _, _ = first.Said(mine, first.Start); first.ModeratorsUnheard() || !alone.Stands(first, first.Start) {
		t.Error("they have read that the moderators are told, and hear no more")
	}
	first, _, _ = first.Said(public, first.Start)
	if !alone.Stands(first, first.Start) {
		t.Error("the channel has read it before them, and they hear no more")
	}
	waits := dayRide(t)
	waits, _, err := waits.NobodyCame("console/maya", waits.Start)
	if alone.For = OwedStranded; err != nil || !alone.Stands(waits, waits.Start) {
		t.Errorf("they wait, and do not hear that no moderator could be reached: %v", err)
	}
}
