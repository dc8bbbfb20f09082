package handlers

import (
	"context"

	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// onTheirPage notes that what somebody is told lies on their page until they look, and
// says whether it does.
func (a *App) onTheirPage(t *records.Tx, j village.Notice, about []village.Need) (kept bool, err error) {
	if !village.IsFamily(j.To.Person) || !j.HasToBeSeen() {
		return false, nil
	}
	if _, mailed, err := a.mails(t.Ctx, j.Group, j.To.Person); mailed || err != nil { // that reaches them as any message does
		return false, err
	}
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return false, err
	}
	for _, listed := range about {
		var n village.Need
		if err := t.Get(records.NeedKey(j.Group, listed.ID), &n); err != nil {
			return false, err
		}
		if after, owed := n.Kept(j.To.Person, a.Now()); len(owed) > 0 {
			a.PutNeed(t, g, after, owed)
			kept = true
		}
	}
	return kept, nil
}

// passOn has whoever asked somebody hear at once what to send them, where a page is all
// they have and it cannot wait until they look.
func (a *App) passOn(ctx context.Context, job store.Job, j village.Notice, about []village.Need, d *scheduler.Delivery) error {
	p, ok := j.PassOn(about...)
	if !ok {
		return nil
	}
	if _, mailed, err := a.mails(ctx, j.Group, j.To.Person); mailed || err != nil {
		return err
	}
	f, err := a.Family(ctx, j.Group, j.To.Person)
	p.About = f.Person
	d.Then.Jobs = append(d.Then.Jobs, records.NoticeJobs(job, p)...)
	return err
}

// looked notes that somebody has seen what their page says of some requests.
func (a *App) looked(ctx context.Context, group string, needs []village.Need, person string) ([]village.Need, error) {
	out := make([]village.Need, 0, len(needs))
	for _, n := range needs {
		if !n.HasSeen(person) {
			var err error
			if n, err = a.ChangeNeed(ctx, group, n.ID, func(_ *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
				after, owed := n.Looked(person)
				return after, owed, nil
			}); err != nil {
				return nil, err
			}
		}
		out = append(out, n)
	}
	return out, nil
}
