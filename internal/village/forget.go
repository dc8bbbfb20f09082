package village

import (
	"slices"
	"time"
)

// Forget takes somebody out of a need: what is still ahead ends by its rules, as if
// they had cancelled or stepped back, and nothing names them any more. busy says
// which of those who stand by cannot take it on.
func (n Need) Forget(person string, busy func(id string) bool, now time.Time) (Need, []Owed) {
	var owed []Owed
	if n.Member.ID == person {
		n, owed = n.forgetMember(now)
	} else {
		n, owed = n.forgetHelper(person, busy, now)
	}
	n.Sayings = slices.DeleteFunc(slices.Clone(n.Sayings), func(s Saying) bool { return s.To == person || s.About == person })
	// what is owed to others no longer says about whom, and nothing more is owed to
	// the one who goes
	owed = slices.DeleteFunc(owed, func(o Owed) bool { return o.To == person && !o.Withdrawn })
	for i := range owed {
		if !owed[i].Withdrawn { // which is found by whom it was about
			owed[i].About = owed[i].About.unless(person)
		}
	}
	if !slices.ContainsFunc(owed, func(o Owed) bool { return o.What == OwedCard }) { // which named them
		owed = append(owed, Owed{What: OwedCard, Due: now, Standing: true})
	}
	return n, owed
}

// forgetMember cancels a need and leaves nothing of what its member said, nor whom
// they named.
func (n Need) forgetMember(now time.Time) (Need, []Owed) {
	person := n.Member.ID
	var owed []Owed
	if after, o, err := n.Cancel(person, false, now); err == nil {
		n, owed = after, o
	}
	n.Member = Forgotten()
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	for i := range n.Claims {
		if IsGuest(n.Claims[i].Helper.ID) {
			n.Claims[i].Helper = Forgotten()
		}
		n.Claims[i].By, n.Claims[i].Heard = n.Claims[i].By.unless(person), nil
	}
	for i := range n.Backups {
		n.Backups[i].Heard = nil
	}
	n.From, n.To, n.Note, n.Details, n.Heard = "somewhere", "", "", false, nil
	return n, owed
}

// forgetHelper takes back a yes, and a name where there was one.
func (n Need) forgetHelper(person string, busy func(id string) bool, now time.Time) (Need, []Owed) {
	var owed []Owed
	if after, o, err := n.release(person, busy, now); err == nil {
		n, owed = after, o
	} else if n.Kind.Travels() { // they can't be asked any more whether all are home
		n, owed = n.HomeSilence(person, now)
	}
	n, left := n.LeftBehind(person, now)
	n.Retreats = slices.DeleteFunc(slices.Clone(n.Retreats), func(r Retreat) bool { return r.Helper == person })
	n.Claims, n.Backups = slices.Clone(n.Claims), slices.Clone(n.Backups)
	for _, claims := range [][]Claim{n.Claims, n.Backups} {
		for i := range claims {
			claims[i].Helper, claims[i].By = claims[i].Helper.unless(person), claims[i].By.unless(person)
			claims[i].Instead = claims[i].Instead.unless(person)
			if claims[i].Offered.ID == person {
				claims[i].Offered = Person{}
			}
		}
	}
	return n, append(owed, left...)
}

// unless is a person, or nobody where it is this one.
func (p Person) unless(id string) Person {
	if p.ID == id {
		return Forgotten()
	}
	return p
}

// Forget takes somebody out of a notice. It goes on to the next moderator, where it
// was theirs; owed is false where it is owed to nobody any more, and changed where it
// is owed as it was.
func (j Notice) Forget(person string) (after Notice, owed, changed bool) {
	changed = j.About.ID == person || slices.Contains(j.Next, person) || j.To.Person == person
	j.Next = slices.DeleteFunc(slices.Clone(j.Next), func(id string) bool { return id == person })
	j.About = j.About.unless(person)
	if j.To.Person != person {
		return j, true, changed
	}
	if len(j.Next) == 0 {
		return j, false, changed
	}
	j.To, j.Next = Address{Person: j.Next[0]}, j.Next[1:]
	return j, true, changed
}
