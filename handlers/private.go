package handlers

import (
	"context"
	"fmt"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// carries notes the message that carries private details to a helper, so that they can
// be taken out of it again.
func (a *App) carries(t *records.Tx, job store.Job, j village.Notice, n village.Need, d *scheduler.Delivery) error {
	d.Card = records.Carrier(n.ID, j.To.Person, job.ID, job.Due)
	noted := a.Begin(t.Ctx, t.Change.Partition)
	if j.What == village.OwedMoved { // it is committed with what they have heard
		noted = t
	}
	if err := noted.PutCarried(j.Group, n, j.To.Person, d.Card); err != nil {
		return err
	}
	if noted != t {
		d.Then = noted.Finish()
	}
	return nil
}

// takeOut has private details gone from every message that carried them to a helper,
// each by a job of its own. A message that cannot be changed is told to whom it is
// about.
func (a *App) takeOut(t *records.Tx, job store.Job, j village.Notice, n village.Need) (scheduler.Delivery, error) {
	helper := j.To.Person
	if j.Card == "" {
		cards, err := a.Begin(t.Ctx, t.Change.Partition).Carried(j.Group, n.ID, helper)
		if err != nil {
			return scheduler.Delivery{}, err
		}
		var jobs []store.Job
		for i, card := range cards {
			j.Card = card
			next := records.NoticeJobs(job, j)[0]
			next.Due = job.Due.Add(time.Duration(i) * time.Millisecond) // one after the other
			next.ID += "/" + records.KeyPart(card)
			jobs = append(jobs, next)
		}
		return scheduler.Delivery{Then: store.Change{Jobs: jobs}}, nil
	}
	m, ok := a.toPerson(helper, village.ZoneNamed(n.Zone)).Notice(j, n, words.Private{})
	if !ok {
		return scheduler.Delivery{}, fmt.Errorf("nobody knows how to say %q", j.What)
	}
	d := scheduler.Delivery{Card: j.Card, EditOnly: true, Out: &bot.Outgoing{To: bot.Address(j.To), Message: m}}
	d.Unreachable = func(context.Context, error) (store.Change, error) {
		if n.Member == village.Forgotten() {
			return store.Change{}, nil
		}
		told := village.Notice{Group: j.Group, Need: j.Need, What: village.OwedStays, To: village.Address{Person: n.Member.ID}}
		return store.Change{Jobs: []store.Job{records.NoticeJob(job.Partition, a.Now(), told)}}, nil
	}
	return d, nil
}

// noteSeen notes that a helper looks at the private details. Where they would stay in a
// chat, they are sent as a message that can be changed afterwards: sent says so.
func (a *App) noteSeen(ctx context.Context, g village.Group, n village.Need, r bot.Request) (sent bool, err error) {
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if err := t.PutCarried(g.ID, n, r.From.ID, ""); err != nil || !r.Room.Direct {
			return err
		}
		o := village.Owed{What: village.OwedDetails, To: r.From.ID, Standing: true}
		j := village.Notice{Group: g.ID, Need: n.ID, What: o.What, To: village.Address{Person: o.To}, About: n.Member}
		t.PutJob(records.JobID(n.ID, o, j.To, 0), records.KindNeedJob, a.Now(), j)
		return nil
	})
	return r.Room.Direct, err
}

// whoHasSeen are those who were sent the private details of a need, or opened them.
func (a *App) whoHasSeen(ctx context.Context, g village.Group, n village.Need) ([]words.Seen, error) {
	helpers := n.Helpers()
	for _, b := range n.Retreats {
		helpers = append(helpers, village.Claim{Helper: village.Person{ID: b.Helper}})
	}
	var out []words.Seen
	asked := map[string]bool{}
	for _, c := range helpers {
		if asked[c.Helper.ID] {
			continue
		}
		asked[c.Helper.ID] = true
		seen, err := a.SeenBy(ctx, g.ID, n.ID, c.Helper.ID)
		if err != nil {
			return nil, err
		}
		if seen.IsZero() {
			continue
		}
		if c.Helper.Name == "" {
			m, _, err := a.MemberOf(ctx, g.ID, c.Helper.ID)
			if err != nil {
				return nil, err
			}
			c.Helper.Name = m.Name
		}
		out = append(out, words.Seen{Helper: c.Helper, At: seen})
	}
	return out, nil
}
