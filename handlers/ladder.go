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
	_, err := a.ChangeNeed(ctx, j.Group, j.Need, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		return a.step(t, g, n, j)
	})
	return err
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
	case village.OwedUnreached:
		after, owed := n.Unreached(j.To.Person, a.Now())
		return after, owed, nil
	case village.OwedUnseen:
		after, owed := n.Unseen(j.To.Person, a.Now())
		return after, owed, nil
	case village.OwedStale:
		after, owed := n.NoYes(j.To.Person, a.Busy(t, g.ID, n), a.Now())
		return after, owed, nil
	case village.OwedHomeCheck:
		after, owed := n.HomeSilence(j.To.Person, a.Now())
		return after, owed, nil
	}
	return n, nil, fmt.Errorf("nobody knows what to do about %q", j.What)
}
