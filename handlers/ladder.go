package handlers

import (
	"context"
	"fmt"
	"village/handlers/records"
	"village/internal/village"
)

// needByClock changes a need because of the time. It is a change of its own:
// the job that asked for it is settled after, and asking twice changes nothing.
func (a *App) needByClock(ctx context.Context, j village.Notice) error {
	return a.Change(ctx, records.GroupPartition(j.Group), func(t *records.Tx) error {
		var n village.Need
		var g village.Group
		if err := t.Get(records.NeedKey(j.Group, j.Need), &n); err != nil || n.ID == "" {
			return err
		}
		if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
			return err
		}
		after, owed, err := a.step(t, g, n, j)
		if err != nil {
			return err
		}
		if len(owed) > 0 {
			a.PutNeed(t, g, after, owed)
		}
		return nil
	})
}

// step is the rule that a job of the clock stands for.
func (a *App) step(t *records.Tx, g village.Group, n village.Need, j village.Notice) (village.Need, []village.Owed, error) {
	switch j.What {
	case village.OwedOver:
		after, owed := n.Over(a.Now())
		return after, owed, nil
	case village.OwedLadder:
		return a.Climb(t, g, n)
	case village.OwedSilent:
		after, owed := n.Silence(j.To.Person, a.Busy(t, g.ID, n), a.Now())
		return after, owed, nil
	case village.OwedHomeCheck:
		after, owed := n.HomeSilence(j.To.Person, a.Now())
		return after, owed, nil
	}
	return n, nil, fmt.Errorf("nobody knows what to do about %q", j.What)
}
