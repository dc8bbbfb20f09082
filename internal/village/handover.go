package village

import (
	"slices"
	"time"
)

// A helper can offer a yes of theirs to one other person. Until that one takes it nothing
// changes: the first is down for it, and nobody is alarmed. Where whoever asked does not
// know the second yet, the first stands by until they have said yes.

// mostOffers is how often one yes can be offered to others.
const mostOffers = 3

// Give offers a helper's yes to somebody else.
func (n Need) Give(helper string, to Person, now time.Time) (Need, []Owed, error) {
	i := n.claim(helper)
	if i < 0 {
		return n, nil, notDown()
	}
	if err := n.stillAhead(now); err != nil {
		return n, nil, err
	}
	c := n.Claims[i]
	switch {
	case n.IsHeld():
		return n, nil, refuse("held", "Whoever asked for this cannot be reached just now, so it can't be handed over.", "Please call before you set off, or ask a moderator. If you can't, step back: /need release %s").thenAbout(NextRelease, n.ID)
	case !c.Got.IsZero() || !now.Before(n.Start):
		return n, nil, refuse("too-late-to-give", "This one has begun, so it is too late to hand it over here.", "If you can't go on, please call whoever asked, and a moderator.")
	case to.ID == helper || to.ID == n.Member.ID || IsGuest(to.ID):
		return n, nil, refuse("not-to-them", "You can't hand this one to them.", "Please choose somebody else who uses me here.")
	case n.HelpedBy(to.ID):
		return n, nil, refuse("already-helping", "They are down for this one already.", "/need show %s shows who is.").thenAbout(NextShow, n.ID)
	case c.Offered.ID == to.ID:
		return n, nil, nil
	case c.Offers >= mostOffers:
		return n, nil, refuse("offered-enough", "You have asked three people already. That is all one can do.", "If you can't, step back, and I'll ask the village: /need release %s").thenAbout(NextRelease, n.ID)
	}
	n = n.with(i, func(c *Claim) { c.Offered, c.Offers = to, c.Offers+1 })
	return n, []Owed{{What: OwedGive, To: to.ID, About: c.Helper, Due: now}}, nil
}

// OfferedTo says whether somebody's yes is offered to this person (an ID).
func (n Need) OfferedTo(id string) bool { return n.offered(id) >= 0 }

// offered is the place of whoever has offered their yes to somebody (an ID), and is not
// on the way with it, or -1.
func (n Need) offered(id string) int {
	return slices.IndexFunc(n.Claims, func(c Claim) bool { return id != "" && c.Offered.ID == id && !c.setOut() })
}

// refuseSecond refuses a yes where somebody else's stands.
func (n Need) refuseSecond(helper string) error {
	if slices.ContainsFunc(n.Claims, func(c Claim) bool { return c.Offered.ID == helper && c.setOut() }) {
		return refuse(CodeOnTheWay, "They are on the way already, so this one is taken care of.", "Thank you for offering. It counts.")
	}
	return TakenAlready()
}

// NotTaken is the no of somebody to whom a yes was offered.
func (n Need) NotTaken(id string, now time.Time) (Need, []Owed) {
	i := n.offered(id)
	if i < 0 {
		return n, nil
	}
	about := n.Claims[i].Offered
	n = n.with(i, func(c *Claim) { c.Offered = Person{} })
	return n, []Owed{{What: OwedNotTaken, To: n.Claims[i].Helper.ID, About: about, Due: now}}
}

// takenFrom takes the one off who offered their yes to whoever says yes now. Where that
// yes waits for another one, they stand by.
func (n Need) takenFrom(i int, c Claim, now time.Time) (Need, []Owed) {
	gone := n.Claims[i]
	n.Claims = slices.Delete(n.Claims, i, i+1)
	owed := n.free(gone)
	if !c.Waiting {
		return n, append(owed, Owed{What: OwedReplaced, To: gone.Helper.ID, About: n.Member, Due: now})
	}
	first := Claim{Helper: gone.Helper, At: gone.At, Waiting: gone.Waiting, Gave: true}
	n.Backups = append([]Claim{first}, n.Backups...)
	return n, append(owed, Owed{What: OwedHandsOver, To: gone.Helper.ID, About: c.Helper, Due: now})
}

// handedOver frees those who stand by only until somebody else is let in.
func (n Need) handedOver(now time.Time) (Need, []Owed) {
	var owed []Owed
	for _, b := range n.Backups {
		if b.Gave {
			owed = append(owed, n.leave(b), Owed{What: OwedReplaced, To: b.Helper.ID, About: n.Member, Due: now})
		}
	}
	n.Backups = slices.DeleteFunc(slices.Clone(n.Backups), func(b Claim) bool { return b.Gave })
	return n, owed
}

// takesAYes refuses a yes that cannot be, whether or not there is room for it.
func (n Need) takesAYes(c Claim, now time.Time) error {
	if err := n.stillAhead(now); err != nil {
		return err
	}
	switch {
	case n.IsHeld():
		return resting()
	case c.Helper.ID == n.Member.ID:
		return refuse(CodeOwnNeed, "This is your own request, so somebody else has to say yes.", "If you do not need it any more, you can cancel it.")
	case n.OfferedTo(c.Helper.ID) && c.Waiting && len(n.Backups) >= MaxBackups && !n.StandsBy(c.Helper.ID):
		return refuse("enough-backups", "Enough people stand by for this one already. Thank you for offering.", "/need open shows what is still open.").then(NextOpen)
	}
	return nil
}
