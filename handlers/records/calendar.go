package records

import (
	"context"
	"slices"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// Clash refuses a yes when the helper is down for something else at the same
// time, and notes the yes, so that of two at once only one can pass here. both says that
// they can do two short runs at nearly the same time.
func (rec *Records) Clash(t *Tx, group string, p village.Person, n village.Need, both bool) error {
	var h village.Helper
	if err := t.Get(HelperKey(group, p.ID), &h); err != nil {
		return err
	}
	c, err := rec.Calendar(t, group, p.ID, n)
	if err != nil {
		return err
	}
	if err := c.Clash(n); err != nil && !(both && village.IsCode(err, village.CodeBoth)) {
		return err
	}
	h = h.Answered(n.ID)
	h.Person, h.Turns = p, h.Turns+1
	t.PutHelper(group, h)
	return nil
}

// Busy says which backups cannot take a need on: they are down for something
// else at that time, or are not to help with it (any more).
func (rec *Records) Busy(t *Tx, group string, n village.Need) func(id string) bool {
	return func(id string) bool {
		c, err := rec.Calendar(t, group, id, n)
		if err != nil {
			t.Fail(err)
		}
		err = rec.Welcome(t, group, n, id)
		if err != nil && !village.IsCode(err, village.CodeEnough) && !village.IsCode(err, village.CodePaused) {
			t.Fail(err)
		}
		return !c.Free() || err != nil
	}
}

// Calendar looks at what somebody has said yes to.
func (rec *Records) Calendar(t *Tx, group, helper string, n village.Need) (village.Booked, error) {
	var c village.Booked
	local := n.Start.In(village.ZoneNamed(n.Zone))
	month := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, local.Location())
	from, to := month.Add(-village.MaxLasts), month.AddDate(0, 1, 0)
	if start := n.Start.Add(-village.MaxLasts); start.Before(from) {
		from = start
	}
	if n.End.After(to) {
		to = n.End
	}
	theirs, err := rec.Yeses(t.Ctx, group, helper, from, to)
	if err != nil {
		return c, err
	}
	for _, other := range theirs {
		if other.ID == n.ID {
			continue
		}
		if other.Overlaps(n) && (c.Busy == nil || c.Busy.Short()) { // what cannot go together counts first
			c.Busy = &other
		}
		if at := other.Start.In(local.Location()); at.Year() == local.Year() && at.Month() == local.Month() {
			c.Yeses++
		}
	}
	if c.Busy == nil || c.Busy.Short() {
		c.Elsewhere, err = rec.BusyElsewhere(t.Ctx, group, helper, n)
	}
	return c, err
}

// Yeses are the needs of a group that somebody has said yes to, by start.
func (rec *Records) Yeses(ctx context.Context, group, helper string, from, to time.Time) ([]village.Need, error) {
	theirs, err := List[village.Need](ctx, rec, store.Query{Partition: GroupPartition(group), Index: PersonIndex(helper), From: from.UnixMilli(), To: to.UnixMilli()}, KindNeed)
	return slices.DeleteFunc(theirs, func(n village.Need) bool { return n.Why == village.Cancelled || !n.HelpedBy(helper) }), err
}

// BusyElsewhere says whether somebody has said yes at that time in another of
// their groups. It reads what is there, and no more: two yeses in two groups at
// the very same moment can both pass, and are noticed when they are asked
// whether it is still on.
func (rec *Records) BusyElsewhere(ctx context.Context, group, helper string, n village.Need) (bool, error) {
	m, err := rec.Member(ctx, helper)
	if err != nil {
		return false, err
	}
	seen := []string{group}
	for _, id := range m.Groups {
		if id, err = rec.JoinedTo(ctx, id); err != nil {
			return false, err
		}
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		theirs, err := rec.Yeses(ctx, id, helper, n.Start.Add(-village.MaxLasts), n.End)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(theirs, n.Overlaps) {
			return true, nil
		}
	}
	return false, nil
}
