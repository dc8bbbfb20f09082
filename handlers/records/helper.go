package records

import (
	"context"
	"slices"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindHelper is somebody who helps in a group.
const KindHelper = "helper"

// HelpersIndex lists the helpers of a group.
const HelpersIndex = "helpers"

// HelperKey is a helper (a person's ID) of a group.
func HelperKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindHelper, ID: KeyPart(id)}
}

// PutHelper writes what is kept about a helper. The index of helpers lists
// those who agreed to be asked, longest not asked first.
func (t *Tx) PutHelper(group string, h village.Helper) {
	listed := []store.Entry{{Name: PersonIndex(h.ID), Score: t.Rec.now().UnixMilli()}}
	expires := t.Rec.now().Add(village.MaxAhead + village.KeepNeed)
	if !h.Joined.IsZero() {
		listed = append(listed, store.Entry{Name: HelpersIndex, Score: max(h.LastAsked.UnixMilli(), 0)})
		expires = time.Time{}
	}
	t.Put(HelperKey(group, h.ID), h, expires, listed...)
}

// Helpful are those who agreed to be asked in a group, and those who help with what is
// coming there.
func (rec *Records) Helpful(ctx context.Context, group string) ([]village.Person, error) {
	helpers, err := List[village.Helper](ctx, rec, store.Query{Partition: GroupPartition(group), Index: HelpersIndex}, KindHelper)
	if err != nil {
		return nil, err
	}
	var people []village.Person
	for _, h := range helpers {
		people = append(people, h.Person)
	}
	needs, err := rec.Coming(ctx, group)
	if err != nil {
		return nil, err
	}
	for _, n := range needs {
		for _, c := range slices.Concat(n.Claims, n.Backups) {
			if !village.IsGuest(c.Helper.ID) {
				people = append(people, c.Helper)
			}
		}
	}
	return people, nil
}

// DontAsk notes that somebody has had their say about a need, so that the
// ladder does not come back to them.
func (rec *Records) DontAsk(t *Tx, group string, p village.Person, need string) error {
	var h village.Helper
	if err := t.Get(HelperKey(group, p.ID), &h); err != nil {
		return err
	}
	h.Person = p
	t.PutHelper(group, h.Answered(need))
	return nil
}

// Climb takes a need's ladder as far as the clock has come, and asks the
// helpers whose turn it is in the same commit.
func (rec *Records) Climb(t *Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
	after, owed := n.Climb(rec.now())
	var out []village.Owed
	for _, o := range owed {
		if o.What != village.OwedAsk {
			out = append(out, o)
			continue
		}
		asked, err := rec.AskHelpers(t, g, after, o.Many)
		if err != nil {
			return n, nil, err
		}
		out = append(out, asked...)
	}
	return after, out, nil
}

// invites refuses somebody whose yes would be refused.
func (rec *Records) invites(t *Tx, group string, n village.Need, helper string) error {
	if err := rec.Welcome(t, group, n, helper); err != nil {
		return err
	}
	return rec.MayPromise(t, group, n, helper)
}

// AskHelpers asks up to many helpers who agreed to be asked and would like to
// do this, whoever was asked longest ago first, and notes that they were.
func (rec *Records) AskHelpers(t *Tx, g village.Group, n village.Need, many int) ([]village.Owed, error) {
	helpers, err := List[village.Helper](t.Ctx, rec, store.Query{Partition: GroupPartition(g.ID), Index: HelpersIndex}, KindHelper)
	if err != nil {
		return nil, err
	}
	var owed []village.Owed
	for _, listed := range helpers {
		if len(owed) == many {
			break
		}
		var h village.Helper
		if err := t.Get(HelperKey(g.ID, listed.ID), &h); err != nil {
			return nil, err
		}
		c, err := rec.Calendar(t, g.ID, h.ID, n)
		if err != nil {
			return nil, err
		}
		if !c.Free() || !h.Wants(n, c.Yeses) {
			continue
		}
		switch err := rec.invites(t, g.ID, n, h.ID); {
		case village.IsCode(err, village.CodeEnough), village.IsCode(err, village.CodePaused), village.IsCode(err, village.CodePromised):
			continue
		case err != nil:
			return nil, err
		}
		t.PutHelper(g.ID, h.Asked(n.ID, rec.now()))
		owed = append(owed, village.Owed{What: village.OwedAsk, To: h.ID, About: n.Member, Due: rec.now(), Standing: true})
	}
	return owed, nil
}
