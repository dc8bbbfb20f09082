package village

import "time"

// What is put on somebody's page rings nowhere: it has reached them when they look. Until
// then nobody is told that they have not answered; whoever asked them hears in time that
// they have not looked, with words to send them.

const (
	// unseenFor is how long something may lie unseen: less than a helper has to answer, and
	// never longer than a quarter of the time that is left.
	unseenFor = 6 * time.Hour
	// unseenLeast is how long it may lie there however near it is.
	unseenLeast = 10 * time.Minute
)

// HasToBeSeen says whether a notice is one that its helper cannot do without.
func (j Notice) HasToBeSeen() bool {
	return j.ToHelper() && j.What != OwedThanks && j.What != OwedStranded
}

// PassOn is what whoever asked somebody hears as soon as that person's page says that
// something has changed, is not needed any more, or that they are home: a page rings
// nowhere, and they alone have another way.
func (j Notice) PassOn(about ...Need) (Notice, bool) {
	n := about[0]
	var also []string
	for _, o := range about[1:] {
		also = append(also, o.ID)
	}
	switch j.What {
	case OwedMoved, OwedCancelled:
		if n.claim(j.To.Person) < 0 {
			return Notice{}, false
		}
	case OwedArrived:
	default:
		return Notice{}, false
	}
	return Notice{Group: j.Group, Need: n.ID, Also: also, What: OwedPassOn, For: j.What, To: Address{Person: n.Member.ID}, About: Person{ID: j.To.Person}}, IsFamily(j.To.Person)
}

// Kept is what follows when something that a helper has to know was put on their page:
// from then on it is unseen, and somebody looks after that.
func (n Need) Kept(helper string, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || !IsFamily(helper) || n.Why == Cancelled || !n.Claims[i].Home.IsZero() {
		return n, nil
	}
	if n.Claims[i].Unseen.IsZero() {
		n = n.with(i, func(c *Claim) { c.Unseen = now.UTC() })
	}
	wait := max(min(unseenFor, n.Start.Sub(now)/4), unseenLeast)
	return n, []Owed{{What: OwedUnseen, To: helper, Due: now.Add(wait), Standing: true, Withdrawn: !now.Before(n.End)}}
}

// Looked is a helper's look at their page: all that was put there has reached them.
func (n Need) Looked(helper string) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || n.Claims[i].Unseen.IsZero() {
		return n, nil
	}
	n, owed := n.Told(helper, "")
	n = n.with(i, func(c *Claim) { c.Unseen, c.Unreached = time.Time{}, time.Time{} })
	return n, append(owed, n.seen(helper))
}

// seen takes the look after what is unseen back.
func (n Need) seen(helper string) Owed {
	return Owed{What: OwedUnseen, To: helper, Standing: true, Withdrawn: true}
}

// HasSeen says whether nothing lies on a helper's page that they have not seen.
func (n Need) HasSeen(helper string) bool {
	i := n.claim(helper)
	return i < 0 || n.Claims[i].Unseen.IsZero()
}

// Unseen is what follows when something has lain on a helper's page for too long: it has
// not reached them. Who has said yes to all there is to know needs no second word.
func (n Need) Unseen(helper string, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if n.HasSeen(helper) || n.Why != "" || !now.Before(n.End) || !n.Claims[i].Got.IsZero() || n.Claims[i].Heard == nil && n.knows(n.Claims[i], now) {
		return n, nil
	}
	return n.Unreached(helper, now)
}

// unlooked is what follows when a helper with a page cannot be told something: it is for
// whoever asked them, who alone has a way to them. The moderators hear of it when others
// are asked to stand in, or at once where whoever asked cannot be reached either.
func (n Need) unlooked(i int, now time.Time) []Owed {
	told := Owed{What: OwedCantReach, To: n.Member.ID, About: n.Claims[i].Helper, Due: now, Before: n.Start.Add(-waits)}
	council := told
	council.To = Moderators
	switch {
	case n.IsHeld():
		return []Owed{council}
	case now.Before(n.dayBefore(silentHour)):
		return []Owed{told}
	}
	return []Owed{told, council}
}

// beyondReach is what follows, when helpers are to have answered, for one whom nothing has
// reached: whoever asked them hears of it, or knows it, and the moderators hear of it too.
func (n Need) beyondReach(i int, now time.Time) (Need, []Owed) {
	c := n.Claims[i]
	var owed []Owed
	if !c.Unseen.IsZero() {
		n, owed = n.Unreached(c.Helper.ID, now)
	}
	if IsFamily(c.Helper.ID) && !c.Unreached.IsZero() && len(owed) == 0 && !c.Silent {
		owed = append(owed, Owed{What: OwedCantReach, To: Moderators, About: c.Helper, Due: now})
	}
	return n, owed
}

// seenNow takes back the look after what somebody has said yes to.
func (n Need) seenNow(c Claim) []Owed {
	if c.Unseen.IsZero() {
		return nil
	}
	return []Owed{n.seen(c.Helper.ID)}
}

// maySpeakFor says whether somebody may answer for whoever has no account, or a page alone.
func (n Need) maySpeakFor(by string, moderator bool, claim int) bool {
	helper := n.Claims[claim].Helper.ID
	return (IsGuest(helper) || IsFamily(helper)) && (moderator || by == n.Member.ID || n.speaksFor(by, claim))
}
