package records

import (
	"context"
	"strings"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindStandingJob is news about somebody's place in a group.
const KindStandingJob = "standing"

// StandingJob is something to find out about somebody, or to tell. To is who is told;
// it is empty until that is found out.
type StandingJob struct {
	Group string          `json:"group"`
	What  string          `json:"what"`
	About village.Person  `json:"about"`
	To    village.Address `json:"to,omitzero"`
	// By is the name of whoever did it, Ended what has ended with somebody's leaving.
	By string `json:"by,omitempty"`
	// Role is the name of the role that it is about.
	Role  string `json:"role,omitempty"`
	Ended Ended  `json:"ended,omitzero"`
}

// Ended is what somebody's leaving has ended.
type Ended struct {
	Offers    int  `json:"offers,omitempty"`
	Requests  int  `json:"requests,omitempty"`
	Moderated bool `json:"moderated,omitempty"`
	Trusted   bool `json:"trusted,omitempty"`
}

// What a StandingJob is about.
const (
	StandingLook      = "look"      // is somebody still in the village?
	StandingLeft      = "left"      // the moderators: somebody is not
	StandingStepped   = "stepped"   // the moderators: somebody steps back too often
	StandingOpened    = "opened"    // the moderators: somebody opens too many addresses
	StandingModerates = "moderates" // somebody: you moderate this group
	StandingRetired   = "retired"   // somebody: you no longer do
	StandingRoleGiven = "role"      // somebody: you moderate because of a role
	StandingRoleTaken = "no-role"   // somebody: you no longer do because of it
	StandingLinkOver  = "link-over" // whoever gave somebody a personal link: it has ended
)

// PutStandingJob plans news about somebody. The same news waits once.
func (t *Tx) PutStandingJob(j StandingJob, due time.Time) {
	t.PutJob(j.id(), KindStandingJob, due, j)
}

func (j StandingJob) id() string {
	return strings.Join([]string{"standing", j.What, KeyPart(j.About.ID), KeyPart(j.To.Person + j.To.Room)}, "/")
}

// LookAfter has it found out soon whether a person (ID) is still in the village of a
// group, and what is theirs there seen to.
func (rec *Records) LookAfter(ctx context.Context, group string, p village.Person) error {
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		t.PutStandingJob(StandingJob{Group: group, What: StandingLook, About: p}, rec.now())
		return nil
	})
}

// aheadOf are the needs of a group that somebody has a part in and that have not ended.
func (rec *Records) aheadOf(ctx context.Context, group, person string) ([]village.Need, error) {
	return rec.NeedsWith(ctx, group, person, rec.now().Add(-village.MaxLasts), 0)
}

// EndHelp takes somebody out of every need of a group, as [village.Need.Departed] says. What
// is done stays done when it is tried again.
func (rec *Records) EndHelp(ctx context.Context, group, person string) (ended Ended, err error) {
	needs, err := rec.aheadOf(ctx, group, person)
	if err != nil {
		return ended, err
	}
	for _, listed := range needs {
		before := listed
		after, err := rec.ChangeNeed(ctx, group, listed.ID, func(t *Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
			before = n
			n, owed := n.Departed(person, rec.Busy(t, group, n), rec.now())
			return n, owed, nil
		})
		if err != nil {
			return ended, err
		}
		if after.IsHeld() && !before.IsHeld() {
			ended.Requests++
		}
		if before.HelpedBy(person) && !after.HelpedBy(person) {
			ended.Offers++
		}
	}
	return ended, nil
}

// GoOn goes on with what somebody asked for who is in the village again.
func (rec *Records) GoOn(ctx context.Context, group, person string) error {
	needs, err := rec.aheadOf(ctx, group, person)
	if err != nil {
		return err
	}
	for _, n := range needs {
		if !n.IsHeld() || n.Member.ID != person {
			continue
		}
		if _, err := rec.ChangeNeed(ctx, group, n.ID, func(_ *Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
			n, owed := n.Back(person, rec.now())
			return n, owed, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// EndRights takes away what a group has let somebody do: moderating, being asked, and
// the trust of others.
func (t *Tx) EndRights(group, person string) (ended Ended, err error) {
	var m Moderator
	if err := t.Get(ModeratorKey(group, person), &m); err != nil {
		return ended, err
	}
	ended.Moderated = t.Has(ModeratorKey(group, person))
	t.Remove(ModeratorKey(group, person))
	if err := t.Drop(HelperKey(group, person)); err != nil {
		return ended, err
	}
	about, err := t.Rec.All(t.Ctx, store.Query{Partition: GroupPartition(group), Index: PersonIndex(person)})
	if err != nil {
		return ended, err
	}
	for _, d := range about {
		if d.Kind != KindTrust {
			continue
		}
		if _, given := GaveTrust(d, group, person); given {
			continue // whom they trust, they know
		}
		var w village.Trust
		if err := t.Get(d.Key, &w); err != nil {
			return ended, err
		}
		if w.Yes { // a no stays
			w = village.Trust{Ask: true, At: t.Rec.now().UTC()}
			t.Put(d.Key, w, w.At.Add(village.MaxAhead), d.Listed...)
			ended.Trusted = true
		}
	}
	return ended, nil
}

// NoteRetreat notes that a helper has stepped back, and has the moderators look where
// that is often.
func (rec *Records) NoteRetreat(t *Tx, group string, p village.Person) error {
	var b Bar
	if err := t.Get(BarKey(group, p.ID), &b); err != nil {
		return err
	}
	stop := false
	b.Bounds, stop = b.Bounds.Stepped(rec.now())
	t.putBar(group, p.ID, b)
	if stop {
		t.PutStandingJob(StandingJob{Group: group, What: StandingStepped, About: p}, rec.now())
	}
	return nil
}

// NoteOpening notes that a helper opens the private details of a need, and says whether
// they may. Where that is often, the moderators have a look.
func (rec *Records) NoteOpening(ctx context.Context, group string, p village.Person, need string) (ok bool, err error) {
	err = rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var b Bar
		if err := t.Get(BarKey(group, p.ID), &b); err != nil {
			return err
		}
		before, stop := b, false
		if b.Bounds, ok, stop = b.Bounds.Opens(need, rec.now()); len(b.Openings) == len(before.Openings) && !stop {
			return nil // it is one of those that they have seen, or they know
		}
		t.putBar(group, p.ID, b)
		if stop {
			t.PutStandingJob(StandingJob{Group: group, What: StandingOpened, About: p}, rec.now())
		}
		return nil
	})
	return ok, err
}
