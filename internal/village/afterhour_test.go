package village

import "testing"

// What was to be said while a need lay ahead is said after its hour too, until it is
// over: somebody may be waiting. Left out is only what the questions of the day ask
// better by then.
func TestNoticesStandAfterTheHour(t *testing.T) {
	overtaken := map[What]bool{
		OwedGive:     true, // nothing is handed over any more: whoever offered it is still down for it
		OwedStill:    true, // the rider is asked whether they have come
		OwedNoAnswer: true, // the same, and everybody hears that nobody came
	}
	toSam := Address{Person: "console/sam"}
	people := map[string]Notice{
		"to sam":      {To: toSam, About: person("maya")},
		"about sam":   {To: Address{Person: "console/maya"}, About: person("sam")},
		"to the room": {To: Address{Room: "console/village"}, About: person("sam")},
		"of a guest":  {To: Address{Person: "console/maya"}, About: Person{ID: guests + "rosa", Name: "Rosa"}},
	}
	before := stances(t)
	offered := before["taken"]
	offered.need = offered.need.with(0, func(c *Claim) { c.Helper, c.Offered = person("lee"), person("sam") })
	before["offered"] = offered
	stale := before["standby"]
	stale.need = stale.need.with(0, func(c *Claim) { c.Waiting, c.Stale = true, true })
	before["stale"] = stale
	stood := map[What]bool{}
	check := func(name string, j Notice, s situation, gone bool) {
		if !s.now.Before(s.need.Start) || !j.Stands(s.need, s.now) {
			return
		}
		stood[j.What] = true
		if late := j.Stands(s.need, s.need.Start); late == gone {
			t.Errorf("%s (for %q) %s, %s: at the hour %v", j.What, j.For, name, s.need.State(), late)
		}
		if ends()[j.What] && j.Stands(s.need, s.need.End) {
			t.Errorf("%s %s: is said when it is over", j.What, name)
		}
	}
	for stance, s := range before {
		for who, j := range people {
			for j.What = range conditions() {
				// whom nobody has let go may have come by now
				silent := j.What == OwedStandIn && s.need.State() == Covered
				check(who+", "+stance, j, s, overtaken[j.What] || silent)
			}
			for _, what := range []What{OwedUrgent, OwedApprove, OwedNoAnswer} {
				j.What, j.For = OwedUnheard, what
				check(who+", "+stance, j, s, overtaken[what])
			}
		}
	}
	for what := range conditions() {
		switch what {
		case OwedHeld, OwedHasCome, OwedStranded, OwedArrived: // of their own day, see TestNoticeStands
			continue
		}
		if !stood[what] {
			t.Errorf("%s: never stood before the hour", what)
		}
	}
}

// ends are the notices that mean nothing once a need is over.
func ends() map[What]bool {
	return map[What]bool{
		OwedSignedUp: true, OwedLapsed: true, OwedNoReply: true, OwedLastYes: true, OwedNotTaken: true,
		OwedHandsOver: true, OwedStandby: true, OwedPromoted: true, OwedSure: true, OwedStandIn: true, OwedUnheard: true,
	}
}

// Whoever is put down for a ride after its hour hears it: the member was told that
// they are signed up, and waits.
func TestFillAfterTheHourIsTold(t *testing.T) {
	n := ride(t)
	late := n.Start.Add(n.End.Sub(n.Start) / 2)
	after, owed, err := n.Fill(n.Member, false, person("sam"), late)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range owed {
		if o.What == OwedSignedUp && o.To == person("sam").ID {
			j := Notice{What: o.What, To: Address{Person: o.To}, About: o.About}
			if !j.Stands(after, late) {
				t.Error("the helper is not told")
			}
			return
		}
	}
	t.Error("the helper is owed nothing")
}

// Whoever stands by is asked after the hour as well, where nobody counts as down for it.
func TestStandInIsAskedAfterTheHour(t *testing.T) {
	n := stances(t)["standby"].need
	late := n.Start.Add(1)
	asked := func(n Need) bool {
		for _, q := range n.OpenQuestions("console/sam", late) {
			if q.Question == AskedStandIn {
				return true
			}
		}
		return false
	}
	if silent := n.with(0, func(c *Claim) { c.Silent = true }); asked(silent) {
		t.Error("the first one may have come")
	}
	if stale := n.with(0, func(c *Claim) { c.Waiting, c.Stale = true, true }); !asked(stale) {
		t.Error("nobody was let in, and whoever stands by is not asked")
	}
}
