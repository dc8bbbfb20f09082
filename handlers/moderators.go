package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// toModerators finds out, when something is due to the moderators, where they
// are by then. From there it goes on as village.Notice says.
func (a *App) toModerators(t *records.Tx, job due, j village.Notice) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return scheduler.Delivery{}, err
	}
	known, err := a.moderatorsKnown(t.Ctx, g)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	return scheduler.Delivery{Then: store.Change{Jobs: records.NoticeJobs(job.Job, j.ForModerators(g, known)...)}}, nil
}

// onward is who is told next; when all were tried and none was reached, the
// village channel and the member.
func (a *App) onward(ctx context.Context, from store.Job, j village.Notice, reached bool) ([]store.Job, error) {
	if next, ok := j.Onward(reached); ok {
		return records.NoticeJobs(from, next), nil
	}
	if reached {
		return nil, nil
	}
	var g village.Group
	if _, err := a.Read(ctx, records.GroupKey(j.Group), &g); err != nil {
		return nil, err
	}
	told, err := a.unheard(ctx, from, j)
	return append(records.NoticeJobs(from, j.Publicly(g)...), told...), err
}

// unheard tells the member that no moderator could be reached.
func (a *App) unheard(ctx context.Context, from store.Job, j village.Notice) ([]store.Job, error) {
	var n village.Need
	if _, err := a.Read(ctx, records.NeedKey(j.Group, j.Need), &n); err != nil {
		return nil, err
	}
	about, err := a.spokenOf(a.Begin(ctx, from.Partition), j, n)
	j.Note = village.NoNote
	var jobs []store.Job
	for _, n := range about {
		j.Need = n.ID
		jobs = append(jobs, records.NoticeJobs(from, j.Unheard(n)...)...)
	}
	return jobs, err
}

// relay sees to it that what is for the moderators goes on to the next of them.
func (a *App) relay(ctx context.Context, job store.Job, j village.Notice, d *scheduler.Delivery) error {
	if j.To.Person != "" {
		var err error
		if d.Then.Jobs, err = a.onward(ctx, job, j, true); err != nil {
			return err
		}
		if j.Instead != "" {
			d.Out.Message = a.toPerson(j.To.Person, time.UTC).ToldInstead(d.Out.Message, j.Instead)
		}
	}
	d.Unreachable = func(ctx context.Context, _ error) (store.Change, error) {
		next := func() ([]store.Job, error) { return a.onward(ctx, job, j, j.Reached) }
		if j.Public {
			next = func() ([]store.Job, error) { return a.unheard(ctx, job, j) }
		}
		jobs, err := next()
		return store.Change{Jobs: jobs}, err
	}
	return nil
}

// afterSession keeps what is owed to somebody until their own session is over.
// The other moderators do not wait for that, and are asked at once about a helper
// about whom the member can't be.
func (a *App) afterSession(ctx context.Context, job store.Job, j village.Notice, n village.Need, until time.Time) (scheduler.Delivery, error) {
	now := job
	job.Due = until
	if !j.Council {
		jobs := []store.Job{job}
		if o := n.ApprovedBy(j.About, a.Now()); j.What == village.OwedApprove {
			j.To = village.Address{Person: o.To}
			asked := records.NoticeJobs(now, j)[0]
			asked.ID, asked.Due = records.JobID(n.ID, o, j.To, 0), o.Due
			jobs = append(jobs, asked)
		}
		return scheduler.Delivery{Then: store.Change{Jobs: jobs}}, nil
	}
	jobs, err := a.onward(ctx, now, j, j.Reached)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	j.Next, j.Reached = nil, true
	later := records.NoticeJobs(now, j)[0]
	later.ID, later.Due = job.ID, until
	return scheduler.Delivery{Then: store.Change{Jobs: append(jobs, later)}}, nil
}

// moderators are where words for the moderators go: their channel, else those
// of them who have used the bot lately, else the village channel, where
// everybody reads along.
func (a *App) moderators(t *records.Tx, g village.Group) (to []village.Address, public bool) {
	for _, room := range g.Moderation {
		to = append(to, village.Address{Room: room.ID})
	}
	if len(to) > 0 {
		return to, false
	}
	known, err := a.moderatorsKnown(t.Ctx, g)
	if err != nil {
		t.Fail(err)
		return nil, false
	}
	for _, id := range known {
		if s, err := a.noLonger(t.Ctx, g, id); err != nil {
			t.Fail(err)
		} else if s != bot.Gone {
			to = append(to, village.Address{Person: id})
		}
	}
	if len(to) > 0 {
		return to, false
	}
	for _, room := range g.Rooms {
		to = append(to, village.Address{Room: room.ID})
	}
	return to, true
}

// recognise makes a moderator of somebody whom the moderators have chosen to be one, by
// name or by a role that they have. The platform need not know; in a direct message it
// cannot.
func (a *App) recognise(ctx context.Context, r bot.Request) bot.Request {
	if r.From.Moderates() || r.From.ID == "" {
		return r
	}
	if r.From.Manages && r.Room.Direct && len(r.Path) > 0 && r.Path[0] == "setup" { // about the place alone, and not by a code that may be another's
		r.From.Moderator, r.From.Lent = true, true
		return r
	}
	chosen, err := a.isChosen(ctx, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "who moderates could not be looked up", "request", r, "error", err)
		return r
	}
	if chosen {
		r.From.Moderator, r.From.Lent = true, false
	}
	return r
}

// isChosen says whether somebody moderates because their group has chosen them, and is in
// its village. Those who have come to a role, or lost it, hear of that.
func (a *App) isChosen(ctx context.Context, r bot.Request) (bool, error) {
	g, m, err := a.moderatorOf(ctx, r)
	if err != nil || !m.Chosen() && len(g.Roles) == 0 {
		return false, err
	}
	role, word := a.roleOf(ctx, g, r.From.ID)
	if !m.Trusted && word != village.Yes && (word == village.Unsure || m.Role == "") {
		return false, nil
	}
	own, err := a.ownGroup(ctx, r)
	if err != nil || !a.standingOf(ctx, r, own).Present() {
		return false, err
	}
	if word != village.Unsure && m.Role != role.ID {
		err = a.SeeRole(ctx, g.ID, who(r), role)
	}
	return m.Trusted || word == village.Yes, err
}

// moderatorOf is the group of a request, and whoever makes it as one who moderates there;
// zero where no group is known, and for whoever does not.
func (a *App) moderatorOf(ctx context.Context, r bot.Request) (g village.Group, m records.Moderator, err error) {
	c, err := a.caller(ctx, r)
	if err != nil || c.AtHome() {
		return c.Group, c.Moderator, err
	}
	group, err := a.GroupOf(ctx, r.Workspace)
	if err != nil {
		return g, m, err
	}
	if group == "" {
		member, err := a.Member(ctx, r.From.ID)
		if err != nil || member.Group == "" {
			return g, m, err
		}
		if group, err = a.JoinedTo(ctx, member.Group); err != nil {
			return g, m, err
		}
	}
	if _, err = a.Read(ctx, records.ModeratorKey(group, r.From.ID), &m); err != nil {
		return g, m, err
	}
	_, err = a.Read(ctx, records.GroupKey(group), &g)
	return g, m, err
}
