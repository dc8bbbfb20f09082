package handlers

import (
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
	"village/scheduler"
)

// digestLate is how late the digest still comes.
const digestLate = 12 * time.Hour

// nextDigest is when the digest comes next; the zero time when it does not.
func (a *App) nextDigest(g village.Group) (time.Time, error) {
	if g.Digest == "" {
		return time.Time{}, nil
	}
	s, err := scheduler.ParseSchedule(g.Digest, village.ZoneNamed(g.Zone))
	if err != nil {
		return time.Time{}, err
	}
	return s.Next(a.Now()), nil
}

// putDigest writes when the digest comes next, or that it does not.
func (a *App) putDigest(t *records.Tx, g village.Group) error {
	next, err := a.nextDigest(g)
	if err != nil {
		return err
	}
	for _, room := range g.Rooms {
		id := "digest/" + records.KeyPart(room.ID)
		if next.IsZero() {
			t.Cancel(id)
			continue
		}
		t.PutJob(id, records.KindDigestJob, next, records.DigestJob{Group: g.ID, Room: room.ID})
	}
	return nil
}

// prepareDigest posts the week ahead and plans the next. A week without needs
// is passed over in silence.
func (a *App) prepareDigest(t *records.Tx, job due, j records.DigestJob) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return scheduler.Delivery{}, err
	}
	next, err := a.nextDigest(g)
	here := slices.ContainsFunc(g.Rooms, func(room village.Room) bool { return room.ID == j.Room })
	if err != nil || next.IsZero() || !here { // the village channel is another one by now
		return scheduler.Delivery{}, err
	}
	d := job.again(t, next, j)
	needs, err := a.Coming(t.Ctx, j.Group)
	if err != nil || len(needs) == 0 || job.late {
		return d, err
	}
	counts, err := a.Board(t.Ctx, j.Group)
	if err != nil {
		return d, err
	}
	d.Out = &bot.Outgoing{To: bot.Address{Room: j.Room}, Message: a.toPerson("", village.ZoneNamed(g.Zone)).Digest(needs, counts.Covered(), counts.Asked)}
	return d, nil
}
