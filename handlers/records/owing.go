package records

import (
	"fmt"
	"time"

	"village/internal/village"
)

// owing writes what is owed because of a need.
type owing struct {
	*Tx
	g    village.Group
	n    village.Need
	zone *time.Location
	rev  int64 // of the need, once it is written
}

// EchoName is what a message beside the card of a need (ID) is called.
func EchoName(need string, echo int) string { return "echo/" + need + "/" + fmt.Sprint(echo) }

// CardJobID is the job that posts or edits the card of a need in a room: one for all that
// share it.
func CardJobID(n village.Need, to village.Address) string {
	return n.Card() + "/card/" + KeyPart(to.Person+to.Room)
}

func (w *owing) put(o village.Owed) {
	due := o.Due
	if !o.Before.IsZero() {
		due = w.g.QuietHours().Later(due, o.Before, w.zone)
	}
	switch {
	case o.What == village.OwedCard:
		w.card(due)
		return
	case !w.n.IsPosted(w.Rec.now()) && o.To == "" && !o.What.ByClock():
		return // the channel has not heard of it yet
	}
	for _, to := range Addressees(w.g, o) {
		id := JobID(w.n.ID, o, to, w.rev)
		if o.Withdrawn {
			w.Cancel(id)
			continue
		}
		j := village.Notice{Group: w.g.ID, Need: w.n.ID, What: o.What, To: to, About: o.About}
		o.Due = due
		if note, name, at := w.n.NoteFor(o, w.g.QuietHours(), w.zone, w.Rec.now()); note != village.NoNote {
			j.Note = note
			w.PutJob(name+"/"+KeyPart(to.Person+to.Room), KindNeedJob, at, j)
			continue
		}
		if w.joined(o, j) {
			continue
		}
		if to.Room != "" && o.What.Invites() {
			j.Echo = w.echoed()
		}
		w.PutJob(id, KindNeedJob, due, j)
		if w.n.Joint(o, w.Rec.now()) {
			w.joint = append(w.joint, jointJob{id, j})
		}
	}
}

// jointJob is a notice of this round that others can join.
type jointJob struct {
	id     string
	notice village.Notice
}

// joined says whether the same is said to somebody in this round about another need, and
// has it said of this one too.
func (w *owing) joined(o village.Owed, j village.Notice) bool {
	if !w.n.Joint(o, w.Rec.now()) {
		return false
	}
	for i, other := range w.joint {
		same := other.notice.What == j.What && other.notice.To == j.To && other.notice.About.ID == j.About.ID
		if !same || other.notice.Need == j.Need {
			continue
		}
		other.notice.Also = append(other.notice.Also, j.Need)
		w.joint[i] = other
		for _, job := range w.Change.Jobs {
			if job.ID == other.id {
				w.PutJob(other.id, KindNeedJob, job.Due, other.notice)
				return true
			}
		}
	}
	return false
}

// card has the card posted when it is time for it, or edited, and what was said beside it
// says what has become of it.
func (w *owing) card(due time.Time) {
	if w.n.Asked.After(due) {
		due = w.n.Asked
	}
	for _, room := range w.g.Rooms {
		to := village.Address{Room: room.ID}
		w.PutJob(CardJobID(w.n, to), KindNeedJob, due, village.Notice{Group: w.g.ID, Need: w.n.ID, What: village.OwedCard, To: to})
		if w.n.Echo > 0 {
			w.putEcho(to, w.n.Echo)
		}
	}
}

// echoed counts a message beside the card; the one before it loses its buttons.
func (w *owing) echoed() int {
	w.n.Echo++
	if w.n.Echo > 1 {
		for _, room := range w.g.Rooms {
			w.putEcho(village.Address{Room: room.ID}, w.n.Echo-1)
		}
	}
	return w.n.Echo
}

func (w *owing) putEcho(to village.Address, echo int) {
	j := village.Notice{Group: w.g.ID, Need: w.n.ID, What: village.OwedEcho, To: to, Echo: echo}
	w.PutJob(EchoName(w.n.ID, echo)+"/"+KeyPart(to.Room), KindNeedJob, w.Rec.now(), j)
}
