package village

import (
	"slices"
	"time"
)

// Children need more than a yes: whoever asked, or a moderator, says yes to the
// helper too, once for each helper, before the details are told.

// approveWait is how long the member has before the moderators are asked to
// look at a helper as well, or a third of the time there is.
const approveWait = 12 * time.Hour

// MaySee says whether this person is told what is private about the need: the
// member, and helpers whose yes stands.
func (n Need) MaySee(id string) bool {
	if id == n.Member.ID {
		return true
	}
	i := n.claim(id)
	return i >= 0 && !n.Claims[i].Waiting
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
	if !c.Waiting {
		_, last := n.steps(c.Helper.ID)
		return []Owed{
			n.takingBreath(Owed{What: OwedYes, To: n.Member.ID, About: c.Helper}, last, now),
			{What: OwedThanks, To: c.Helper.ID, About: n.Member, Due: now},
		}
	}
	return append([]Owed{
		{What: OwedApprove, To: n.Member.ID, About: c.Helper, Due: now},
		{What: OwedWaiting, To: c.Helper.ID, About: n.Member, Due: now},
		n.approvers(c.Helper, now),
	}, n.approveAgain(c, now)...)
}

// approveAgain asks the member once more, the day before: without a yes, the
// helper knows too little to come. When a helper would be reminded and there is
// still none, it is as if nobody came: the member and the moderators hear it,
// and the helper, who might set out in vain.
func (n Need) approveAgain(c Claim, now time.Time) []Owed {
	again := Owed{What: OwedApprove, To: n.Member.ID, About: c.Helper, Due: n.dayBefore(stillHour), Before: n.dayBefore(silentHour), Standing: true, Each: true}
	again.Withdrawn = !c.Waiting || !again.Due.After(now)
	out := []Owed{again}
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
	wait := min(approveWait, n.Start.Sub(now)/3)
	return Owed{What: OwedApprove, To: Moderators, About: helper, Due: now.Add(wait), Before: n.Start.Add(-waits), Standing: true, Each: true}
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
	n = n.with(i, func(c *Claim) { c.Waiting = false })
	c := n.Claims[i]
	owed := slices.Concat([]Owed{
		{What: OwedThanks, To: helper, About: n.Member, Due: now},
		{What: OwedCard, Due: now, Standing: true},
		{What: OwedApprove, To: Moderators, About: c.Helper, Standing: true, Each: true, Withdrawn: true},
	}, n.approveAgain(c, now), n.homecoming(c, now, 0))
	if by != n.Member.ID {
		owed = append(owed, Owed{What: OwedYes, To: n.Member.ID, About: c.Helper, Due: now})
	}
	if alarmed {
		owed = append(owed, Owed{What: OwedSettled, To: Moderators, About: c.Helper, Due: now})
	}
	return n, unlessGuest(helper, owed), nil
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
