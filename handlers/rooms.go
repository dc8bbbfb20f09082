package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// A channel can be lost: deleted, archived, or closed to the bot. What was to
// be said there is lost with it, so the moderators hear of it, once a day at
// most, elsewhere.

const (
	kindRoomJob = "room"
	// kindTrouble notes that the moderators were told of a channel.
	kindTrouble = "trouble"
	// troubleKept is how long nothing more is said of the same channel.
	troubleKept = 24 * time.Hour
)

// roomJob is news for a moderator about a channel.
type roomJob struct {
	Room string      `json:"room"`
	To   bot.Address `json:"to"`
	What string      `json:"what"`
}

// What has happened to a channel.
const (
	roomClosed   = "closed"
	roomReposted = "reposted"
)

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
	t := &tx{ctx: ctx, app: a, change: store.Change{Partition: partition}, revs: map[store.Key]int64{}}
	key := store.Key{Partition: partition, Kind: kindTrouble, ID: keyPart(room)}
	var told time.Time
	if err := t.get(key, &told); err != nil || t.has(key) {
		return store.Change{}, err
	}
	now := a.Now().UTC()
	t.put(key, now, now.Add(troubleKept))
	t.job(roomJobID(room, roomClosed, bot.Address{}), kindRoomJob, a.Now(), roomJob{Room: room, What: roomClosed})
	return t.finish(), nil
}

func roomJobID(room, what string, to bot.Address) string {
	return strings.Join([]string{"room", keyPart(room), what, keyPart(to.Person + to.Room)}, "/")
}

// tellModerators finds out who hears the news about a channel: the moderators'
// own, if that is another one, or those who are known.
func (a *App) tellModerators(ctx context.Context, job store.Job, j roomJob) (scheduler.Delivery, error) {
	t := &tx{ctx: ctx, app: a, change: store.Change{Partition: job.Partition}, revs: map[store.Key]int64{}}
	var g village.Group
	if err := t.get(store.Key{Partition: job.Partition, Kind: kindGroup, ID: settingsID}, &g); err != nil {
		return scheduler.Delivery{}, err
	}
	var to []bot.Address
	for _, r := range g.Moderation {
		if r.ID != j.Room {
			to = append(to, bot.Address{Room: r.ID})
		}
	}
	if len(to) == 0 {
		known, err := a.knownModerators(ctx, g.ID)
		if err != nil {
			return scheduler.Delivery{}, err
		}
		for _, id := range known {
			to = append(to, bot.Address{Person: id})
		}
	}
	for _, j.To = range to {
		t.job(roomJobID(j.Room, j.What, j.To), kindRoomJob, a.Now(), j)
	}
	return scheduler.Delivery{Then: t.finish()}, nil
}

// prepareRoom is what a moderator reads about a channel.
func (a *App) prepareRoom(ctx context.Context, job store.Job, _ bool) (scheduler.Delivery, error) {
	var j roomJob
	if err := json.Unmarshal(job.Body, &j); err != nil {
		return scheduler.Delivery{}, fmt.Errorf("reading the news about a channel: %w", err)
	}
	if j.To == (bot.Address{}) {
		return a.tellModerators(ctx, job, j)
	}
	room := bot.RoomLink(bot.Room{ID: j.Room, Name: roomName(j.Room)})
	m := bot.Message{Title: "A channel is closed to me", Tone: bot.Urgent,
		Text:    "For the moderators: I can't write in " + room + " any more, so what I had to say there did not arrive. Perhaps it was deleted or archived, or I may not write there. Please let me in again, or choose another channel: /setup channel",
		Buttons: []bot.Button{{Label: "What is missing?", Command: "/setup check"}, {Label: "How it is set up", Command: "/setup show"}}}
	if j.What == roomReposted {
		m = bot.Message{Title: "A message of mine was gone",
			Text:    "For the moderators: a request in " + room + " was not there any more when I wanted to change it. Perhaps somebody deleted it. The request still stands, so I have posted it once more. If it is not needed, please cancel it.",
			Buttons: []bot.Button{{Label: "What is not settled", Command: "/need uncovered"}}}
	}
	if j.To.Person != "" {
		m.Notify = []string{j.To.Person}
	}
	return scheduler.Delivery{Out: &bot.Outgoing{To: j.To, Message: m}}, nil
}

// moveCards has what stands in one village channel say where it is now, and
// posts it in the other.
func (a *App) moveCards(t *tx, group string, from, to village.Room) error {
	needs, err := list[village.Need](t.ctx, a, store.Query{Partition: groupPartition(group), Index: "live", From: a.Now().UnixMilli(), To: 1 << 60, Limit: 200}, kindNeed)
	if err != nil {
		return err
	}
	for _, n := range needs {
		for _, room := range []village.Room{from, to} {
			address := bot.Address{Room: room.ID}
			t.job(jobID(n.ID, village.Owed{What: village.OwedCard, Standing: true}, address, 0), kindNeedJob, a.Now(),
				needJob{Group: group, Need: n.ID, What: village.OwedCard, To: address})
		}
	}
	return nil
}

// card says where a request's message stands, and what it says when the group's
// channel is another one by now. One that is over is not posted anew.
func (a *App) card(ctx context.Context, job store.Job, j needJob, n village.Need, d *scheduler.Delivery) error {
	t := &tx{ctx: ctx, app: a, change: store.Change{Partition: job.Partition}, revs: map[store.Key]int64{}}
	var g village.Group
	if err := t.get(groupKey(j.Group), &g); err != nil {
		return err
	}
	d.Card = "need/" + n.ID + "/" + keyPart(j.To.Room)
	moved := !slices.ContainsFunc(g.Rooms, func(r village.Room) bool { return r.ID == j.To.Room })
	if moved && len(g.Rooms) > 0 {
		d.Out.Message = movedCard(g)
	}
	if d.EditOnly = moved || n.Why != ""; d.EditOnly {
		return nil
	}
	t.job(roomJobID(j.To.Room, roomReposted, bot.Address{}), kindRoomJob, a.Now(), roomJob{Room: j.To.Room, What: roomReposted})
	d.Reposted = t.change.Jobs
	return nil
}

// movedCard stands where a request was before its channel was changed.
func movedCard(g village.Group) bot.Message {
	return bot.Message{Text: "This request is in " + roomNames(g) + " now."}
}
