package village

import "time"

// What is owed to the moderators goes to their channel. Where that cannot be
// written, or there is none, it goes to each of those who are known, one after
// the other; when none of them can be reached, the village channel reads it in
// words for everybody, and the member is told that they had better not wait.

// ForModerators sends a notice on its way to the moderators: to their channels,
// else to the first of those who are known (IDs), else to the village channel.
func (j Notice) ForModerators(g Group, known []string) []Notice {
	j.Council, j.Next = true, known
	if len(g.Moderation) > 0 {
		return j.inRooms(g.Moderation)
	}
	if next, ok := j.Onward(false); ok {
		return []Notice{next}
	}
	return j.Publicly(g)
}

// Onward is the same notice for the next moderator, and whether there is one.
// reached says that one was told before.
func (j Notice) Onward(reached bool) (Notice, bool) {
	if len(j.Next) == 0 {
		return j, false
	}
	if j.To.Room != "" {
		j.Instead = j.To.Room
	}
	j.To, j.Next, j.Reached = Address{Person: j.Next[0]}, j.Next[1:], reached
	return j, true
}

// Publicly has the village channel read what is meant for the moderators.
func (j Notice) Publicly(g Group) []Notice {
	j.Next, j.Public = nil, true
	return j.inRooms(g.Rooms)
}

func (j Notice) inRooms(rooms []Room) []Notice {
	var out []Notice
	for _, room := range rooms {
		j.To = Address{Room: room.ID}
		out = append(out, j)
	}
	return out
}

// Unheard tells the member that no moderator could be reached, where they do not
// hear the same thing anyway.
func (j Notice) Unheard(n Need) []Notice {
	same := j.What == OwedCantReach || j.What == OwedLate || j.What == OwedHome || j.What == OwedUnposted || j.What == OwedLastYes || j.What == OwedSettled || j.What == OwedPutDown
	if same || n.ID == "" || n.Member == Forgotten() {
		return nil
	}
	return []Notice{{Group: j.Group, Need: j.Need, What: OwedUnheard, For: j.What, To: Address{Person: n.Member.ID}, About: j.About}}
}

// newRequest is how long a request is new: whoever asked may still be there.
const newRequest = time.Hour

// IsTheirOwn says whether a moderator hears the same as whoever asked, and is that
// person: once is enough.
func (j Notice) IsTheirOwn(n Need) bool {
	switch j.What {
	case OwedNoAnswer, OwedCantReach, OwedApprove, OwedLastYes, OwedLate, OwedHome:
		return j.Council && j.To.Person != "" && j.To.Person == n.Member.ID
	}
	return false
}

// Unposted is what follows when the card of a request cannot be posted while it
// is new: the member and the moderators hear of it.
func (j Notice) Unposted(n Need, now time.Time) []Notice {
	if n.State() != Open || n.Member == Forgotten() || now.Sub(n.Asked) > newRequest {
		return nil
	}
	told := Notice{Group: j.Group, Need: j.Need, What: OwedUnposted, Closed: j.To.Room}
	member, moderators := told, told
	member.To.Person, moderators.To.Person = n.Member.ID, Moderators
	return []Notice{member, moderators}
}
