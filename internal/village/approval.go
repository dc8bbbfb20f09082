package village

import (
	"slices"
	"time"
)

// Whoever asked, or a moderator, says yes to a helper too, once for each helper,
// before the details are told. Until then the need counts as spoken for; when no
// answer comes in time, others are asked as well.

const (
	// approveWait is how long the member has before the moderators are asked to
	// look at a helper as well, or a quarter of the time there is.
	approveWait = 12 * time.Hour
	// staleWait is how long either of them has before others are asked to help as
	// well, or half of the time there is, and staleLeast the least.
	staleWait  = 24 * time.Hour
	staleLeast = 15 * time.Minute
)

// MaySee says whether this person is told what is private about the need: the
// member, and helpers whose yes stands.
func (n Need) MaySee(id string) bool {
	if id == n.Member.ID {
		return true
	}
	i := n.claim(id)
	return i >= 0 && !n.Claims[i].Waiting
}

// Concerns says whether somebody (an ID) asked for a need that others have a part in,
// or has or had a part in it themselves: to them something can have been not right.
func (n Need) Concerns(id string) bool {
	if id == n.Member.ID {
		return len(n.Claims)+len(n.Backups)+len(n.Retreats) > 0
	}
	has := func(c Claim) bool { return c.Helper.ID == id || c.AnswersFor(n) == id }
	return slices.ContainsFunc(n.Claims, has) || slices.ContainsFunc(n.Backups, has) || slices.Contains(n.Stepped(), id)
}

// NameFor is the member's name as this person knows it: a member can ask
// without a name, and then only those who help learn it.
func (n Need) NameFor(id string) string {
	if n.Hidden && !n.MaySee(id) {
		return "somebody"
	}
	return n.Member.Name
}

// Waits says whether this helper waits for the member's yes.
func (n Need) Waits(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && n.Claims[i].Waiting
}

// Unsure says whether this helper has still to say yes to the need as it is.
func (n Need) Unsure(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && n.Claims[i].Unsure
}

// Rereads says whether this helper has still to say yes to the private details
// as they are.
func (n Need) Rereads(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && n.Claims[i].Reread
}

// accepted is what is owed when a helper is down for the need: the details, or,
// where the member has to say yes to them first, the question.
func (n Need) accepted(c Claim, now time.Time) []Owed {
	_, last := n.steps(c.Helper.ID)
	if !c.Waiting {
		return []Owed{
			n.takingBreath(Owed{What: OwedYes, To: n.Member.ID, About: c.Helper}, last, now),
			{What: OwedThanks, To: c.Helper.ID, About: n.Member, Due: now},
		}
	}
	return append([]Owed{
		n.takingBreath(Owed{What: OwedApprove, To: n.Member.ID, About: c.Helper}, last, now),
		n.approvers(c.Helper, now),
	}, n.approveAgain(c, now)...)
}

// approveAgain asks the member once more, the day before: without a yes, the
// helper knows too little to come. When a helper would be reminded and there is
// still none, it is as if nobody came: the member and the moderators hear it,
// and the helper, who might set out in vain.
func (n Need) approveAgain(c Claim, now time.Time) []Owed {
	again := Owed{What: OwedApprove, To: n.Member.ID, About: c.Helper, Due: n.dayBefore(stillHour), Before: n.dayBefore(silentHour), Standing: true, Each: true}
	again.Withdrawn = !c.Waiting || again.Due.Sub(now) < time.Hour // they have just been asked
	stale := Owed{What: OwedStale, To: c.Helper.ID, Due: now.Add(max(min(staleWait, n.Start.Sub(now)/2), staleLeast)), Before: n.Start.Add(-waits), Standing: true,
		Withdrawn: !c.Waiting || c.Stale}
	out := []Owed{again, stale}
	due := n.RemindAt()
	if !due.After(now) {
		due = now.Add(n.Start.Sub(now) / 2)
	}
	for _, to := range []string{n.Member.ID, Moderators, c.Helper.ID} {
		out = append(out, Owed{What: OwedLastYes, To: to, About: c.Helper, Due: due, Before: n.Start.Add(-time.Hour), Standing: true, Each: true,
			Withdrawn: !c.Waiting || !now.Before(n.Start)})
	}
	return out
}

// approvers asks the moderators when the member does not answer.
func (n Need) approvers(helper Person, now time.Time) Owed {
	wait := max(min(approveWait, n.Start.Sub(now)/4), 0)
	return Owed{What: OwedApprove, To: Moderators, About: helper, Due: now.Add(wait), Before: n.Start.Add(-waits), Standing: true, Each: true}
}

// ApprovedBy asks the moderators at once, because the member can't be asked now.
func (n Need) ApprovedBy(helper Person, now time.Time) Owed {
	o := n.approvers(helper, now)
	o.Due, o.Before = now, time.Time{}
	return o
}

// Approve is the member's or a moderator's yes to a helper, or to a backup, who
// needs none any more if it comes to that.
func (n Need) Approve(by string, moderator bool, helper string, now time.Time) (Need, []Owed, error) {
	i, err := n.judged(by, moderator, helper, now)
	if err != nil {
		return n, nil, err
	}
	if i < 0 {
		j := n.backup(helper)
		if !n.Backups[j].Waiting {
			return n, nil, nil
		}
		n.Backups = slices.Clone(n.Backups)
		n.Backups[j].Waiting = false
		return n, []Owed{{What: OwedCard, Due: now, Standing: true}}, nil
	}
	if !n.Claims[i].Waiting {
		return n, nil, nil
	}
	alarmed := n.urged()
	n = n.with(i, func(c *Claim) { c.Waiting, c.Stale, c.Unreached = false, false, time.Time{} })
	c := n.Claims[i]
	n, freed := n.handedOver(now)
	n, spare := n.sparing(now)
	owed := slices.Concat(freed, []Owed{
		{What: OwedThanks, To: helper, About: n.Member, Due: now},
		{What: OwedCard, Due: now, Standing: true},
		{What: OwedApprove, To: Moderators, About: c.Helper, Standing: true, Each: true, Withdrawn: true},
	}, n.approveAgain(c, now), n.homecoming(c, now, 0), spare)
	if n.State() == Covered {
		owed = append(owed, n.climbing())
	}
	if by != n.Member.ID {
		owed = append(owed, Owed{What: OwedYes, To: n.Member.ID, About: c.Helper, Due: now})
	}
	if alarmed {
		owed = append(owed, Owed{What: OwedSettled, To: Moderators, About: c.Helper, Due: now})
	}
	return n, unlessGuest(helper, owed), nil
}

// AsksAlready says whether the member of another need was asked of late, for this one,
// whether the same helper may help, and has still to answer: their yes is for both.
func (n Need) AsksAlready(o Need, helper string, now time.Time) bool {
	i := n.claim(helper)
	same := n.ID != o.ID && n.Member.ID == o.Member.ID && (n.Kind.WithChildren() || !o.Kind.WithChildren())
	return same && i >= 0 && n.Why == "" && now.Before(n.Start) && n.Claims[i].Waiting && !n.Claims[i].Stale && now.Sub(n.Claims[i].At) < approveWait
}

// NoYes is what follows when neither the member nor a moderator has said yes to a
// helper in time: they may still be let in, but the need counts as open again, and
// the ladder goes on. Whoever stands by is asked.
func (n Need) NoYes(helper string, busy func(id string) bool, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || n.Why != "" || !now.Before(n.End) || !n.Claims[i].Waiting || n.Claims[i].Stale {
		return n, nil
	}
	was := n.State()
	n = n.with(i, func(c *Claim) { c.Stale = true })
	owed := []Owed{{What: OwedCard, Due: now, Standing: true}}
	for _, b := range n.Backups {
		if !b.Waiting && (busy == nil || !busy(b.Helper.ID)) {
			owed = append(owed, Owed{What: OwedStandIn, To: b.Helper.ID, About: n.Member, Due: now, Standing: true})
		}
	}
	if was == Covered {
		var climb Owed
		n, climb = n.reopened(now)
		owed = append(owed, climb)
	}
	return n, owed
}

// Spoken is how many are down for the need: those who were let in, and those who
// wait for a yes that may still come in time.
func (n Need) Spoken() int {
	count := 0
	for _, c := range n.Claims {
		if !c.Stale {
			count++
		}
	}
	return count
}

// sparing lets go of those who still wait for a yes when as many as are wanted were
// let in, or more are down for it than are wanted: the last ones first.
func (n Need) sparing(now time.Time) (Need, []Owed) {
	var owed []Owed
	for i := len(n.Claims) - 1; i >= 0; i-- {
		c := n.Claims[i]
		enough := len(n.Helpers()) >= n.Wanted || !c.Stale && n.Spoken() > n.Wanted
		if !c.Waiting || !enough {
			continue
		}
		n.Claims = slices.Delete(slices.Clone(n.Claims), i, i+1)
		owed = append(append(owed, n.free(c)...), n.toward(c, Owed{What: OwedReplaced, About: n.Member, Due: now}))
	}
	return n, owed
}

// Decline is the member's or a moderator's no to a helper, who hears no more
// than that no more help is needed.
func (n Need) Decline(by string, moderator bool, helper string, busy func(id string) bool, now time.Time) (Need, []Owed, error) {
	if _, err := n.judged(by, moderator, helper, now); err != nil {
		return n, nil, err
	}
	after, owed, err := n.release(helper, busy, now)
	if err != nil {
		return n, nil, err
	}
	owed = slices.DeleteFunc(owed, func(o Owed) bool {
		return o.What == OwedReleased || o.What == OwedStepBack && by == n.Member.ID || o.What == OwedReopened // the card says it, quietly
	})
	return after, unlessGuest(helper, append(owed, Owed{What: OwedDeclined, To: helper, About: n.Member, Due: now})), nil
}

// judged finds a helper whom the member or a moderator has a say about; -1 is a
// backup. Nobody has a say about themselves.
func (n Need) judged(by string, moderator bool, helper string, now time.Time) (int, error) {
	i := n.claim(helper)
	switch {
	case by != n.Member.ID && !moderator:
		return i, refuse(CodeNotYours, "Only the person who asked, or a moderator, can decide that.", "")
	case by == helper && by != n.Member.ID:
		return i, refuse(CodeNotYours, "This is about you, so somebody else has to decide it.", "The person who asked can, or another moderator. To step back: /need release %s").thenAbout(NextRelease, n.ID)
	case i < 0 && !n.StandsBy(helper):
		return i, refuse(CodeNotHelping, "They are not down for this one any more, so there is nothing to decide.", "/need show %s shows how it stands.").thenAbout(NextShow, n.ID)
	}
	return i, n.stillAhead(now)
}

// Enough refuses somebody who is not to help here, in words that hurt nobody.
func Enough() error {
	return refuse(CodeEnough, "No more help is needed for this one. Thank you for offering.", "/need open shows what is still open.").then(NextOpen)
}
