package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// A channel can be lost: deleted, archived, or closed to the bot. What was to
// be said there is lost with it, so the moderators hear of it, once a day at
// most, elsewhere.

// watched has the moderators told when a channel cannot be written, unless
// more is said about it than that, and nothing said where the bot was taken out.
func (a *App) watched(k scheduler.JobKind) scheduler.JobKind {
	k = a.there(k)
	prepare := k.Prepare
	k.Prepare = func(ctx context.Context, job store.Job, late bool) (scheduler.Delivery, error) {
		d, err := prepare(ctx, job, late)
		if err != nil || d.Out == nil || d.Out.To.Room == "" {
			return d, err
		}
		room, more := d.Out.To.Room, d.Unreachable
		d.Unreachable = func(ctx context.Context, reason error) (store.Change, error) {
			var c store.Change
			if more != nil {
				var err error
				if c, err = more(ctx, reason); err != nil || len(c.Jobs) > 0 {
					return c, err
				}
			}
			t := a.Begin(ctx, job.Partition)
			err := t.RoomIsClosed(room)
			c.Puts, c.Jobs = append(c.Puts, t.Change.Puts...), append(c.Jobs, t.Change.Jobs...)
			return c, err
		}
		return d, nil
	}
	return k
}

// prepareRoom is what a moderator reads about a channel.
func (a *App) prepareRoom(t *records.Tx, _ due, j records.RoomJob) (scheduler.Delivery, error) {
	if j.To == (village.Address{}) {
		return a.tellOfRoom(t, j)
	}
	to := a.toPerson(j.To.Person, time.UTC)
	m := to.RoomClosed(j.Room)
	if j.What == records.RoomReposted {
		m = to.CardPostedAgain(j.Room)
	}
	if to.ID != "" {
		m.Notify = []string{to.ID}
	}
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: m}}, nil
}

// tellOfRoom finds out who hears the news about a channel: the moderators' own, if
// that is another one, or those who are known.
func (a *App) tellOfRoom(t *records.Tx, j records.RoomJob) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(store.Key{Partition: t.Change.Partition, Kind: records.KindGroup, ID: records.SettingsID}, &g); err != nil {
		return scheduler.Delivery{}, err
	}
	g.Moderation = slices.DeleteFunc(slices.Clone(g.Moderation), func(r village.Room) bool { return r.ID == j.Room })
	to, public := a.moderators(t, g)
	if public {
		to = nil
	}
	for _, j.To = range to {
		t.PutRoomJob(j)
	}
	return scheduler.Delivery{Then: t.Finish()}, t.Err
}
