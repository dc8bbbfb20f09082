package village

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// guests are helpers without an account: somebody's sister, a neighbour. They
// are told nothing by us, so whoever signed them up is.
const guests = "guest/"

// Guest is somebody without an account. Its error is *Error.
func Guest(need, name string) (Person, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > MaxGuest {
		return Person{}, refusef("name-wrong", "For example: /need fill k7m2p9 name: Aunt Rosa", "Please give a name of at most %d characters.", MaxGuest)
	}
	lower := strings.ToLower(name)
	id := guests + need + "-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, lower)
	if strings.ContainsFunc(lower, func(r rune) bool { return r > unicode.MaxASCII }) { // other letters are other people
		sum := sha256.Sum256([]byte(lower))
		id += "-" + hex.EncodeToString(sum[:4])
	}
	return Person{ID: id, Name: name}, nil
}

// IsGuest says whether this is the ID of somebody without an account.
func IsGuest(id string) bool { return strings.HasPrefix(id, guests) }

// MaxGuest is how long a guest's name may be, in characters.
const MaxGuest = 40

// Move changes when a need is, see Change. A zero end keeps the length, and for
// company the hour of the morning.
func (n Need) Move(by string, moderator bool, start, end, now time.Time) (Need, []Owed, error) {
	return n.Change(by, moderator, Edit{Start: start, End: end}, now)
}

// checkTimes refuses times that no need can have.
func checkTimes(start, end, now time.Time) error {
	switch {
	case !start.After(now):
		return refuse("time-past", "That time has already passed.", "Please give a time that is still ahead, such as “tomorrow 1pm”.")
	case start.Sub(now) > MaxAhead:
		return refuse("time-far", "That is more than a year ahead.", "Please check the date; I can take requests up to 400 days ahead.")
	case !end.After(start):
		return refuse("time-order", "It would end before it starts.", "Please check the two times.")
	case end.Sub(start) > MaxLasts:
		return refuse("time-long", "That is longer than two days in one go.", "Please ask for each day on its own, so that different people can help.")
	}
	return nil
}

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

// unlessGuest leaves out what would be owed to a helper who cannot be reached
// here.
func unlessGuest(helper string, owed []Owed) []Owed {
	if !IsGuest(helper) {
		return owed
	}
	return slices.DeleteFunc(owed, func(o Owed) bool { return o.To == helper && !o.Standing })
}

// AnswersFor is the ID of whoever can be asked about this yes: the helper, or,
// for somebody without an account, whoever signed them up. Where that is not
// known (any more), it is the member.
func (c Claim) AnswersFor(n Need) string {
	switch {
	case !IsGuest(c.Helper.ID):
		return c.Helper.ID
	case c.By.ID == "" || c.By.ID == nobody:
		return n.Member.ID
	}
	return c.By.ID
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
