package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// A channel can be lost: deleted, archived, or closed to the bot. What was to
// be said there is lost with it, so the moderators hear of it, once a day at
// most, elsewhere.

// watched has the moderators told when a channel cannot be written, unless
// more is said about it than that.
func (a *App) watched(k scheduler.Kind) scheduler.Kind {
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
			told, err := a.roomTrouble(ctx, job.Partition, room)
			c.Puts, c.Jobs = append(c.Puts, told.Puts...), append(c.Jobs, told.Jobs...)
			return c, err
		}
		return d, nil
	}
	return k
}

// roomTrouble tells the moderators that a channel cannot be written; nothing
// when they were told a short while ago.
func (a *App) roomTrouble(ctx context.Context, partition, room string) (store.Change, error) {
	t := a.Begin(ctx, partition)
	key := store.Key{Partition: partition, Kind: records.KindTrouble, ID: records.KeyPart(room)}
	var told time.Time
	if err := t.Get(key, &told); err != nil || t.Has(key) {
		return store.Change{}, err
	}
	now := a.Now().UTC()
	t.Put(key, now, now.Add(records.TroubleKept))
	t.PutJob(records.RoomJobID(room, records.RoomClosed, village.Address{}), records.KindRoomJob, a.Now(), records.RoomJob{Room: room, What: records.RoomClosed})
	return t.Finish(), nil
}

// tellModerators finds out who hears the news about a channel: the moderators'
// own, if that is another one, or those who are known.
func (a *App) tellModerators(t *records.Tx, j records.RoomJob) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(store.Key{Partition: t.Change.Partition, Kind: records.KindGroup, ID: records.SettingsID}, &g); err != nil {
		return scheduler.Delivery{}, err
	}
	var to []village.Address
	for _, r := range g.Moderation {
		if r.ID != j.Room {
			to = append(to, village.Address{Room: r.ID})
		}
	}
	if len(to) == 0 {
		known, err := a.KnownModerators(t.Ctx, g.ID)
		if err != nil {
			return scheduler.Delivery{}, err
		}
		for _, id := range known {
			to = append(to, village.Address{Person: id})
		}
	}
	for _, j.To = range to {
		t.PutJob(records.RoomJobID(j.Room, j.What, j.To), records.KindRoomJob, a.Now(), j)
	}
	return scheduler.Delivery{Then: t.Finish()}, nil
}

// prepareRoom is what a moderator reads about a channel.
func (a *App) prepareRoom(t *records.Tx, _ due, j records.RoomJob) (scheduler.Delivery, error) {
	if j.To == (village.Address{}) {
		return a.tellModerators(t, j)
	}
	room := bot.RoomLink(bot.Room{ID: j.Room, Name: words.RoomName(j.Room)})
	m := bot.Message{Title: "A channel is closed to me", Tone: bot.Urgent,
		Text:    "For the moderators: I can't write in " + room + " any more, so what I had to say there did not arrive. Perhaps it was deleted or archived, or I may not write there. Please let me in again, or choose another channel: /setup channel",
		Buttons: []bot.Button{{Label: "What is missing?", Command: "/setup check"}, {Label: "How it is set up", Command: "/setup show"}}}
	if j.What == records.RoomReposted {
		m = bot.Message{Title: "A message of mine was gone",
			Text:    "For the moderators: a request in " + room + " was not there any more when I wanted to change it. Perhaps somebody deleted it. The request still stands, so I have posted it once more. If it is not needed, please cancel it.",
			Buttons: []bot.Button{{Label: "What is not settled", Command: "/need uncovered"}}}
	}
	if j.To.Person != "" {
		m.Notify = []string{j.To.Person}
	}
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: m}}, nil
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
			address := village.Address{Room: room.ID}
			t.PutJob(records.JobID(n.ID, village.Owed{What: village.OwedCard, Standing: true}, address, 0), records.KindNeedJob, a.Now(),
				village.Notice{Group: group, Need: n.ID, What: village.OwedCard, To: address})
		}
	}
	return nil
}

// card says where a request's message stands, and what it says when the group's
// channel is another one by now. One that is over is not posted anew.
func (a *App) card(t *records.Tx, j village.Notice, n village.Need, d *scheduler.Delivery) error {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return err
	}
	d.Card = "need/" + n.ID + "/" + records.KeyPart(j.To.Room)
	moved := !slices.ContainsFunc(g.Rooms, func(r village.Room) bool { return r.ID == j.To.Room })
	if moved && len(g.Rooms) > 0 {
		d.Out.Message = words.MovedCard(g)
	}
	if d.EditOnly = moved || n.Why != ""; d.EditOnly {
		return nil
	}
	t.PutJob(records.RoomJobID(j.To.Room, records.RoomReposted, village.Address{}), records.KindRoomJob, a.Now(), records.RoomJob{Room: j.To.Room, What: records.RoomReposted})
	d.Reposted = t.Change.Jobs
	return nil
}
