package village

import "time"

// Unreached is what follows when a helper cannot be told something here, because
// they take no messages: the member hears of it, and from when they are to be asked
// whether it is still on the moderators too, and the channel calls them. Nobody is told that a helper is silent who was never asked.
func (n Need) Unreached(helper string, now time.Time) (Need, []Owed) {
	i := n.claim(helper)
	if i < 0 || n.Why == Cancelled || IsGuest(helper) || !n.Claims[i].Home.IsZero() {
		return n, nil
	}
	who, before := n.Claims[i].Helper, n.Claims[i].Unreached
	mark := func() Need { return n.with(i, func(c *Claim) { c.Unreached = now.UTC() }) }
	if n.Claims[i].Waiting { // whoever asked has other questions about them first
		return mark(), []Owed{{What: OwedCard, Due: now, Standing: true}}
	}
	if !now.Before(n.End) { // nobody can ask them whether all are home
		return mark().HomeSilence(helper, now)
	}
	near := !now.Before(n.AsksAt())
	if !before.IsZero() && (!near || !before.Before(n.AsksAt())) {
		return n, nil // that is known
	}
	if IsFamily(helper) {
		return mark(), n.unlooked(i, now)
	}
	owed := []Owed{{What: OwedCantReach, To: n.Member.ID, About: who, Due: now}}
	if near {
		owed = append(owed, Owed{What: OwedCantReach, To: Moderators, About: who, Due: now}, Owed{What: OwedWriteToMe, About: who, Due: now})
	}
	return mark(), owed
}

// IsUnreached says whether a helper could not be told something here, and has said
// nothing since.
func (n Need) IsUnreached(helper string) bool {
	i := n.claim(helper)
	return i >= 0 && !n.Claims[i].Unreached.IsZero()
}

// ToHelper says whether a notice has to reach the helper it is for.
func (j Notice) ToHelper() bool {
	switch j.What {
	case OwedThanks, OwedReminder, OwedStill, OwedSignedUp, OwedMoved, OwedPromoted, OwedStranded, OwedHomeAsk:
		return !j.Council && j.GuestOf() == ""
	}
	return false
}
