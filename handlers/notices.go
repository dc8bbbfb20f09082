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

// prepareNotice says what is owed now, by what is true now.
func (a *App) prepareNotice(t *records.Tx, job due, j village.Notice) (scheduler.Delivery, error) {
	switch {
	case j.What.ByClock():
		return a.byClock(t, job, j)
	case j.To.Person == village.Moderators:
		return a.toModerators(t, job, j)
	}
	var n village.Need
	if err := t.Get(records.NeedKey(j.Group, j.Need), &n); err != nil || n.ID == "" {
		return scheduler.Delivery{}, err
	}
	switch {
	case j.What == village.OwedEcho:
		return a.echo(t, j, n)
	case j.What == village.OwedCard && n.Series != "":
		return a.dayCard(t, job, j, n)
	}
	about, err := a.spokenOf(t, j, n)
	if err != nil || len(about) == 0 || j.Repeats(about, a.Now()) {
		return scheduler.Delivery{}, err
	}
	j.Need = about[0].ID
	return a.tell(t, job, j, about)
}

// tell is a notice about these needs to whoever it is for: they are there, and nothing
// of their own goes on just now.
func (a *App) tell(t *records.Tx, job due, j village.Notice, about []village.Need) (scheduler.Delivery, error) {
	n := about[0]
	there, err := a.stillThere(t.Ctx, j)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if there == bot.Gone && j.To.Person != n.Member.ID { // what is somebody's own, they hear all the same
		return a.passedOver(t.Ctx, job.Job, j)
	}
	m, err := a.said(t, j, about)
	if err != nil || m == nil {
		return scheduler.Delivery{}, err
	}
	if j.IsTheirOwn(n) {
		jobs, err := a.onward(t.Ctx, job.Job, j, true)
		return scheduler.Delivery{Then: store.Change{Jobs: jobs}}, err
	}
	if d, later, err := a.heardLater(t, job, j, n); later || err != nil {
		return d, err
	}
	d, err := a.sent(t, job, j, about, *m)
	for _, also := range about[1:] {
		if also.HelpedBy(j.To.Person) && j.ToHelper() {
			other := j
			other.Need, other.Note, other.Also = also.ID, village.NoNote, nil
			a.noticeUnreached(job.Job, other, &d)
		}
	}
	return d, err
}

// sent is a notice about these needs on its way, and what is noted of it when it arrives.
func (a *App) sent(t *records.Tx, job due, j village.Notice, about []village.Need, m bot.Message) (scheduler.Delivery, error) {
	kept, err := a.onTheirPage(t, j, about)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	d, err := a.sending(t, job, j, about[0], m)
	d.Afresh = j.What.Repeats()
	if err == nil {
		err = a.noteSaid(t, j, about, &d)
	}
	if kept && len(d.Then.Puts) == 0 {
		jobs := d.Then.Jobs
		d.Then = t.Finish()
		d.Then.Jobs = append(d.Then.Jobs, jobs...)
	}
	if err == nil {
		err = a.mailToo(t.Ctx, job.Job, j, about[0], &d)
	}
	if err == nil {
		err = a.passOn(t.Ctx, job.Job, j, about, &d)
	}
	return d, err
}

// heardLater puts a notice off, and says that it has: while a session of whom it is for
// goes on, and where it can wait for somebody who wants to be left alone.
func (a *App) heardLater(t *records.Tx, job due, j village.Notice, n village.Need) (scheduler.Delivery, bool, error) {
	if j.To.Person == "" {
		return scheduler.Delivery{}, false, nil
	}
	until, err := a.SilentUntil(t.Ctx, j.To.Person)
	if err != nil {
		return scheduler.Delivery{}, false, err
	}
	if !until.IsZero() { // they hear it when their session is over, as it is true then
		d, err := a.afterSession(t.Ctx, job.Job, j, n, until)
		return d, true, err
	}
	later, err := a.leftAlone(t.Ctx, j, n)
	switch {
	case err != nil || later.IsZero():
		return scheduler.Delivery{}, false, err
	case j.What == village.OwedAsk: // the ladder asks the next ones
		return scheduler.Delivery{}, true, nil
	}
	return job.again(t, later, j), true, nil
}

// sending is a notice on its way, with what follows when it arrives and when it does not.
func (a *App) sending(t *records.Tx, job due, j village.Notice, n village.Need, m bot.Message) (scheduler.Delivery, error) {
	d, err := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: m}}, error(nil)
	a.inPlaceOf(job, j, n, &d)
	switch {
	case j.Council:
		err = a.relay(t.Ctx, job.Job, j, &d)
	case j.What == village.OwedCard:
		err = a.card(t, job.Job, j, n, &d)
	case j.What == village.OwedMoved:
		err = a.tellChange(t, j, n, &d)
	}
	if n.HelpedBy(j.To.Person) && j.ToHelper() {
		a.noticeUnreached(job.Job, j, &d)
	}
	return d, err
}

// inPlaceOf names the message that a notice stands in, where it is changed later.
func (a *App) inPlaceOf(job due, j village.Notice, n village.Need, d *scheduler.Delivery) {
	switch {
	case j.Note == village.EveningNote:
		a.eveningNote(job, j, d)
	case j.Echo > 0:
		d.Card = records.EchoName(n.ID, j.Echo) + "/" + records.KeyPart(j.To.Room)
	}
}

// noticeUnreached has it noticed when a helper cannot be told what they have to
// know.
func (a *App) noticeUnreached(job store.Job, j village.Notice, d *scheduler.Delivery) {
	before := d.Unreachable
	d.Unreachable = func(ctx context.Context, reason error) (store.Change, error) {
		var c store.Change
		if before != nil {
			var err error
			if c, err = before(ctx, reason); err != nil {
				return c, err
			}
		}
		j.What, j.About = village.OwedUnreached, village.Person{}
		c.Jobs = append(c.Jobs, records.NoticeJob(job.Partition, a.Now(), j))
		return c, nil
	}
}

// byClock changes a need because of the time, unless that comes late and whoever was
// asked has to have time to answer.
func (a *App) byClock(t *records.Tx, job due, j village.Notice) (scheduler.Delivery, error) {
	var n village.Need
	if _, err := a.Read(t.Ctx, records.NeedKey(j.Group, j.Need), &n); err != nil {
		return scheduler.Delivery{}, err
	}
	switch again, old := j.Overdue(n, job.Due, a.Now()); {
	case old:
		return scheduler.Delivery{}, nil
	case !again.IsZero():
		return job.again(t, again, j), nil
	}
	return scheduler.Delivery{}, a.needByClock(t.Ctx, j)
}

// stillThere is how whoever is to be told something stands to the village by now; a room
// stands where it is. Where somebody is gone, that is seen to.
func (a *App) stillThere(ctx context.Context, j village.Notice) (bot.Standing, error) {
	if j.To.Person == "" {
		return bot.In, nil
	}
	g, err := a.groupWith(ctx, j.Group)
	if err != nil {
		return bot.Unsaid, err
	}
	return a.noLonger(ctx, g, j.To.Person)
}

// passedOver is a notice to somebody who is gone: it is told to nobody, or where it is
// for the moderators, to the next of them.
func (a *App) passedOver(ctx context.Context, job store.Job, j village.Notice) (scheduler.Delivery, error) {
	if !j.Council {
		return scheduler.Delivery{}, nil
	}
	jobs, err := a.onward(ctx, job, j, j.Reached)
	return scheduler.Delivery{Then: store.Change{Jobs: jobs}}, err
}

// tellChange notes, with the words about a change, that somebody has heard it.
// Where they cannot be reached it stays noted what they know.
func (a *App) tellChange(t *records.Tx, j village.Notice, n village.Need, d *scheduler.Delivery) error {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return err
	}
	var kept village.Need
	if err := t.Get(records.NeedKey(j.Group, n.ID), &kept); err != nil {
		return err
	}
	if !kept.HasSeen(j.To.Person) { // they hear it when they look
		return nil
	}
	after, _ := n.Told(j.To.Person, j.GuestOf())
	a.PutNeed(t, g, after, nil)
	d.Then = t.Finish()
	d.Unreachable = func(ctx context.Context, _ error) (store.Change, error) {
		same := a.Begin(ctx, t.Change.Partition)
		same.Revs = t.Revs
		a.PutNeed(same, g, n, nil)
		return same.Change, nil
	}
	return nil
}

// noteSaid notes with each request what has been said of it, in the commit that ends the
// saying. Where nobody could be told, it stays as it was.
func (a *App) noteSaid(t *records.Tx, j village.Notice, about []village.Need, d *scheduler.Delivery) error {
	var g village.Group
	var unsaid []village.Need
	for _, listed := range about {
		if _, _, noted := listed.Said(j, a.Now()); !noted {
			continue
		}
		var n village.Need
		if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
			return err
		}
		if err := t.Get(records.NeedKey(j.Group, listed.ID), &n); err != nil {
			return err
		}
		if after, owed, noted := n.Said(j, a.Now()); noted {
			a.PutNeed(t, g, after, owed)
			unsaid = append(unsaid, n)
		}
	}
	if len(unsaid) == 0 {
		return nil
	}
	said := t.Finish()
	said.Jobs = append(said.Jobs, d.Then.Jobs...)
	d.Then = said
	before := d.Unreachable
	d.Unreachable = func(ctx context.Context, reason error) (c store.Change, err error) {
		if before != nil {
			if c, err = before(ctx, reason); err != nil {
				return c, err
			}
		}
		same := a.Begin(ctx, t.Change.Partition)
		same.Revs = t.Revs
		for _, n := range unsaid {
			a.PutNeed(same, g, n, n.Unsaid())
		}
		c.Puts, c.Jobs = append(c.Puts, same.Change.Puts...), append(c.Jobs, same.Change.Jobs...)
		return c, same.Err
	}
	return nil
}

// moveCards has what stands in one village channel say where it is now, and
// posts it in the other.
func (a *App) moveCards(t *records.Tx, group string, from, to village.Room) error {
	needs, err := records.List[village.Need](t.Ctx, a.Records, store.Query{Partition: records.GroupPartition(group), Index: "live", From: a.Now().UnixMilli(), To: 1 << 60, Limit: 200}, records.KindNeed)
	if err != nil {
		return err
	}
	for _, n := range needs {
		for _, room := range []village.Room{from, to} {
			t.PutCard(group, n, room.ID)
		}
	}
	return nil
}

// refreshCards has the cards of what is still open say how the group is set up now.
func (a *App) refreshCards(t *records.Tx, g village.Group) error {
	open, err := a.OpenNeeds(t.Ctx, g.ID, time.Time{}, 200)
	if err != nil {
		return err
	}
	for _, n := range open {
		for _, room := range g.Rooms {
			if !n.Asked.After(a.Now()) { // else it is not posted yet
				t.PutCard(g.ID, n, room.ID)
			}
		}
	}
	return nil
}
