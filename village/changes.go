package village

import (
	"fmt"
	"slices"
	"strings"
	"time"
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
	return Person{ID: guests + need + "-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), Name: name}, nil
}

// IsGuest says whether this is the ID of somebody without an account.
func IsGuest(id string) bool { return strings.HasPrefix(id, guests) }

// MaxGuest is how long a guest's name may be, in characters.
const MaxGuest = 40

// Move changes when a need is. Whoever has said yes is asked whether that suits
// them too, and stays down for it only if they say so in time, see Silence. A
// zero end keeps the length.
func (n Need) Move(by string, moderator bool, start, end, now time.Time) (Need, []Owed, error) {
	if by != n.Member.ID && !moderator {
		return n, nil, refuse("not-yours", "Only the person who asked, or a moderator, can move this.", "")
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	if end.IsZero() {
		end = start.Add(n.End.Sub(n.Start))
	}
	if err := checkTimes(start, end, now); err != nil {
		return n, nil, err
	}
	if start.Equal(n.Start) && end.Equal(n.End) {
		return n, nil, nil
	}
	n.Was, n.Start, n.End = n.Start, start.UTC(), end.UTC()
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	owed := []Owed{
		{What: OwedCard, Due: now, Standing: true},
		{What: OwedOver, Due: n.End, Standing: true},
	}
	for i := range n.Claims {
		c := &n.Claims[i]
		c.Unsure, c.Silent, c.Sure, c.Got, c.Home, c.Missed = !IsGuest(c.Helper.ID), false, time.Time{}, time.Time{}, time.Time{}, false
		owed = append(owed, Owed{What: OwedMoved, To: c.Helper.ID, About: n.Member, Due: now})
		owed = append(owed, n.promises(*c, now)...)
	}
	for _, b := range n.Backups {
		owed = append(owed, Owed{What: OwedMoved, To: b.Helper.ID, About: n.Member, Due: now})
	}
	if by != n.Member.ID {
		owed = append(owed, Owed{What: OwedMoved, To: n.Member.ID, About: n.Member, Due: now})
	}
	n.Asked = now.UTC() // from here on it is as if it had been asked for now
	var climb Owed
	n, climb = n.reopened(now)
	return n, append(owed, climb), nil
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
func (n Need) Fill(by string, moderator bool, helper Person, approved bool, now time.Time) (Need, []Owed, error) {
	if by != n.Member.ID && !moderator {
		return n, nil, refuse("not-yours", "Only the person who asked, or a moderator, can sign somebody up for this.", "If you can do it yourself: /need claim "+n.ID)
	}
	if n.HelpedBy(helper.ID) {
		return n, nil, nil
	}
	if n.State() == Covered && n.silent() < 0 {
		return n, nil, refuse("taken", "Somebody is already down for this one.", "/need show "+n.ID+" shows who. They can step back first.")
	}
	// Whoever may decide about a helper has decided by this.
	after, owed, err := n.Claim(helper, approved || by == n.Member.ID || moderator, now)
	if err != nil {
		return n, nil, err
	}
	owed = slices.DeleteFunc(owed, func(o Owed) bool {
		return o.What == OwedYes && by == n.Member.ID || o.To == helper.ID && (o.What == OwedThanks || IsGuest(helper.ID) && !o.Withdrawn)
	})
	if IsGuest(helper.ID) {
		return after, owed, nil
	}
	i := after.claim(helper.ID)
	after = after.with(i, func(c *Claim) { c.Unsure = true })
	owed = append(owed, Owed{What: OwedSignedUp, To: helper.ID, About: n.Member, Due: now})
	return after, append(owed, after.promises(after.Claims[i], now)...), nil
}

// Unfill takes somebody off again who was signed up, or anybody, for a
// moderator.
func (n Need) Unfill(by string, moderator bool, helper string, busy func(id string) bool, now time.Time) (Need, []Owed, error) {
	if !moderator && (by != n.Member.ID || !IsGuest(helper)) {
		return n, nil, refuse("not-yours", "Only a moderator can take somebody off.", "They can step back themselves at any time.")
	}
	if i := n.claim(helper); i < 0 {
		return n, nil, refuse("not-helping", "They are not down for this one.", "/need show "+n.ID+" shows who is.")
	}
	after, owed, err := n.Release(helper, busy, now)
	if err != nil {
		return n, nil, err
	}
	for i := range owed {
		if owed[i].What == OwedReleased {
			owed[i].What = OwedDeclined
		}
	}
	if by == n.Member.ID {
		owed = slices.DeleteFunc(owed, func(o Owed) bool { return o.What == OwedStepBack })
	}
	return after, unlessGuest(helper, owed), nil
}

// unlessGuest leaves out what would be owed to a helper who cannot be reached
// here.
func unlessGuest(helper string, owed []Owed) []Owed {
	if !IsGuest(helper) {
		return owed
	}
	return slices.DeleteFunc(owed, func(o Owed) bool { return o.To == helper && !o.Withdrawn })
}

// Thank sends the member's thanks to everybody who helped, once.
func (n Need) Thank(by string, now time.Time) (Need, []Owed, error) {
	switch {
	case by != n.Member.ID:
		return n, nil, refuse("not-yours", "Only the person who asked can send the thanks for this one.", "")
	case n.Why == Cancelled || len(n.Claims) == 0:
		return n, nil, refuse("nobody-to-thank", "Nobody helped with this one, so there is nobody to thank.", "")
	case now.Before(n.Start):
		return n, nil, refuse("too-early", "That is still ahead. You can thank them when it is done.", "")
	case !n.Thanked.IsZero():
		return n, nil, nil
	}
	n.Thanked = now.UTC()
	var owed []Owed
	for _, c := range n.Claims {
		if !IsGuest(c.Helper.ID) {
			owed = append(owed, Owed{What: OwedThankYou, To: c.Helper.ID, About: n.Member, Due: now})
		}
	}
	if len(owed) == 0 {
		owed = append(owed, Owed{What: OwedCard, Due: now, Standing: true})
	}
	return n, owed, nil
}

// Bar is "■■■■■□ 5 of 6 covered", a bar of at most ten marks.
func Bar(covered, all int) string {
	if all == 0 {
		return ""
	}
	covered = max(0, min(covered, all))
	marks := min(all, 10)
	full := covered * marks / all
	return strings.Repeat("■", full) + strings.Repeat("□", marks-full) + fmt.Sprintf(" %d of %d covered", covered, all)
}
