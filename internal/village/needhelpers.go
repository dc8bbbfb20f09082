package village

import (
	"slices"
	"time"
)

// Fill signs somebody up: a moderator anybody, the member somebody of their
// own. A helper with an account is asked to say that it suits them.
func (n Need) Fill(by Person, moderator bool, helper Person, now time.Time) (Need, []Owed, error) {
	if err := n.mayFill(by.ID, moderator, helper.ID); err != nil {
		return n, nil, err
	}
	if n.HelpedBy(helper.ID) {
		return n, nil, nil
	}
	if n.State() == Covered && n.silent() < 0 {
		return n, nil, refuse(CodeTaken, "Somebody is already down for this one.", "/need show %s shows who. They can step back first.").thenAbout(NextShow, n.ID)
	}
	// Whoever may decide about a helper has decided by this.
	c := Claim{Helper: helper, At: now.UTC()}
	if IsGuest(helper.ID) {
		c.By = by
	}
	after, owed, err := n.claimed(c, now)
	if err != nil {
		return n, nil, err
	}
	owed = slices.DeleteFunc(owed, func(o Owed) bool {
		return o.What == OwedYes && by.ID == n.Member.ID || o.To == helper.ID && (o.What == OwedThanks || IsGuest(helper.ID) && !o.Standing)
	})
	settled := slices.IndexFunc(owed, func(o Owed) bool { return o.What == OwedSettled })
	if settled >= 0 { // they have not said so themselves
		owed[settled].What = OwedPutDown
	}
	if IsGuest(helper.ID) {
		return after, owed, nil
	}
	i := after.claim(helper.ID)
	after = after.with(i, func(c *Claim) { c.Unsure, c.Awaited = true, settled >= 0 })
	owed = append(owed, Owed{What: OwedSignedUp, To: helper.ID, About: n.Member, Due: now})
	return after, append(owed, after.promises(after.Claims[i], now)...), nil
}

// mayFill refuses whoever may not sign this helper up.
func (n Need) mayFill(by string, moderator bool, helper string) error {
	if by != n.Member.ID && !moderator {
		return refuse(CodeNotYours, "Only the person who asked, or a moderator, can sign somebody up for this.", "If you can do it yourself: /need claim %s").thenAbout(NextClaim, n.ID)
	}
	if by == helper && by != n.Member.ID { // where children are, nobody decides about themselves
		return refuse("yourself", "You can say yes to this one yourself.", "/need claim %s").thenAbout(NextClaim, n.ID)
	}
	return nil
}

// quietly is how long before its start a need that somebody was taken off is
// still offered anew by its card alone: a post beside it would tell them that more
// than "no more help is needed" was meant.
const quietly = 24 * time.Hour

// Unfill takes somebody off again: whoever asked or a moderator anybody, others
// whom they signed up. Who is taken off hears that no more help is needed.
func (n Need) Unfill(by string, moderator bool, helper string, busy func(id string) bool, now time.Time) (Need, []Owed, error) {
	i := n.claim(helper)
	if !moderator && !n.speaksFor(by, i) && by != n.Member.ID {
		return n, nil, refuse(CodeNotYours, "Only whoever asked, or a moderator, can take somebody off.", "They can step back themselves at any time.")
	}
	if i < 0 {
		return n, nil, refuse(CodeNotHelping, "They are not down for this one.", "/need show %s shows who is.").thenAbout(NextShow, n.ID)
	}
	after, owed, err := n.release(helper, busy, now)
	if err != nil {
		return n, nil, err
	}
	for i := range owed {
		switch owed[i].What {
		case OwedReleased:
			owed[i].What = OwedDeclined
		case OwedStepBack:
			owed[i].What = OwedTakenOff
		}
	}
	owed = slices.DeleteFunc(owed, func(o Owed) bool {
		return o.What == OwedTakenOff && by == n.Member.ID || o.What == OwedReopened && !IsGuest(helper) && n.Start.Sub(now) > quietly
	})
	return after, unlessGuest(helper, owed), nil
}

// Bar takes a helper off whom a moderator keeps from helping. They hear no more than that
// no more help is needed, and whoever only stood by nothing.
func (n Need) Bar(by, helper string, busy func(id string) bool, now time.Time) (Need, []Owed, error) {
	if n.StandsBy(helper) {
		return n.release(helper, busy, now)
	}
	return n.Unfill(by, true, helper, busy, now)
}

// nobody is the ID of somebody who has asked to be forgotten.
const nobody = "nobody"

// Forgotten stands where somebody was who has asked to be forgotten.
func Forgotten() Person { return Person{ID: nobody, Name: "somebody"} }

// speaksFor says whether somebody answers for the guest of a claim.
func (n Need) speaksFor(by string, claim int) bool {
	return claim >= 0 && IsGuest(n.Claims[claim].Helper.ID) && n.Claims[claim].AnswersFor(n) == by
}

// toward addresses what is owed to a helper: where they have no account, to
// whoever answers for them, who is told whom it is about.
func (n Need) toward(c Claim, o Owed) Owed {
	o.To = c.AnswersFor(n)
	if IsGuest(c.Helper.ID) {
		o.About, o.Each = c.Helper, true
	}
	return o
}

// LeftBehind is what becomes of those without an account whom somebody signed up
// who has asked to be forgotten: from now on the member answers for them.
func (n Need) LeftBehind(by string, now time.Time) (Need, []Owed) {
	var owed []Owed
	n.Claims = slices.Clone(n.Claims)
	for i, c := range n.Claims {
		if !IsGuest(c.Helper.ID) || c.By.ID != by {
			continue
		}
		c.By = Forgotten()
		n.Claims[i] = c
		if n.Why != "" {
			continue
		}
		owed = append(owed, n.promises(c, now)...)
		if c.Heard != nil {
			owed = append(owed, n.toward(c, Owed{What: OwedMoved, About: n.Member, Due: now, Standing: true}))
		}
	}
	return n, owed
}

// Thank sends the member's thanks to everybody who helped, once; to those
// without an account by whoever signed them up.
func (n Need) Thank(by string, now time.Time) (Need, []Owed, error) {
	switch {
	case by != n.Member.ID:
		return n, nil, refuse(CodeNotYours, "Only the person who asked can send the thanks for this one.", "")
	case n.Why == Cancelled || len(n.Helpers()) == 0:
		return n, nil, refuse("nobody-to-thank", "Nobody helped with this one, so there is nobody to thank.", "")
	case now.Before(n.Start) && !slices.ContainsFunc(n.Claims, func(c Claim) bool { return !c.Home.IsZero() }):
		return n, nil, refuse("too-early", "That is still ahead. You can thank them when it is done.", "")
	case !n.Thanked.IsZero():
		return n, nil, nil
	}
	n.Thanked = now.UTC()
	var owed []Owed
	for _, c := range n.Helpers() {
		if told := n.toward(c, Owed{What: OwedThankYou, About: n.Member, Due: now}); told.To != n.Member.ID {
			owed = append(owed, told)
		}
	}
	if len(owed) == 0 {
		owed = append(owed, Owed{What: OwedCard, Due: now, Standing: true})
	}
	return n, owed, nil
}

// Helpers are those who were let in: whose yes stands.
func (n Need) Helpers() []Claim {
	return slices.DeleteFunc(slices.Clone(n.Claims), func(c Claim) bool { return c.Waiting })
}
