package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// setupGuide walks a moderator through everything that can be set, one thing
// at a time, and ends with a rehearsal.
func (a *App) setupGuide(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, err := a.setupOf(ctx, g)
	if err != nil {
		return bot.Reply{}, err
	}
	step := 1
	if r.Arg("step") != "" {
		step = number(r, "step")
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).Guide(s, step)}}, nil
}

const kindRehearsalJob = "rehearsal"

// rehearsalLasts is how long a rehearsal stands open.
const rehearsalLasts = time.Hour

// rehearsalJob is a rehearsal in one room: its beginning, its end, or the news
// for whoever wanted it that it could not be posted.
type rehearsalJob struct {
	Room village.Room `json:"room"`
	By   string       `json:"by"`
	// At tells one rehearsal from the next, in UNIX milliseconds.
	At    int64  `json:"at"`
	Mods  bool   `json:"mods,omitempty"`
	Phase string `json:"phase,omitempty"`
}

const (
	rehearsalOver   = "over"
	rehearsalFailed = "failed"
)

// card is where a rehearsal stands in its room.
func (j rehearsalJob) card() string {
	return fmt.Sprintf("rehearsal/%s/%d", records.KeyPart(j.Room.ID), j.At)
}

func (j rehearsalJob) id() string { return j.card() + "/" + j.Phase }

// setupRehearsal posts a request that is not real in every room of the group.
func (a *App) setupRehearsal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var rooms []village.Room
	_, err := a.changeGroup(ctx, r, village.Act{}, func(t *records.Tx, g *village.Group) error {
		rooms = append(append([]village.Room{}, g.Rooms...), g.Moderation...)
		if len(g.Rooms) == 0 {
			return a.to(r, nil).NowhereToRehearse()
		}
		for i, room := range rooms {
			j := rehearsalJob{Room: room, By: r.From.ID, Mods: i >= len(g.Rooms), At: a.Now().UnixMilli()}
			t.PutJob(j.id(), kindRehearsalJob, a.Now(), j)
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).RehearsalComing(rooms)), nil
}

// prepareRehearsal says what a rehearsal comes to.
func (a *App) prepareRehearsal(t *records.Tx, _ due, j rehearsalJob) (scheduler.Delivery, error) {
	next := func(phase string, due time.Time) store.Change {
		t := a.Begin(t.Ctx, t.Change.Partition)
		then := j
		then.Phase = phase
		t.PutJob(then.id(), kindRehearsalJob, due, then)
		return t.Change
	}
	here := a.toPerson("", nil)
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Room: j.Room.ID}, Message: here.Rehearsal()}, Card: j.card()}
	switch {
	case j.Phase == rehearsalFailed:
		return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Person: j.By}, Message: a.toPerson(j.By, nil).RehearsalFailed(j.Room)}}, nil
	case j.Phase == rehearsalOver:
		d.Out.Message = here.RehearsalOver()
		return d, nil
	case j.Mods:
		d.Out.Message = here.RehearsalForModerators()
	}
	d.Then = next(rehearsalOver, a.Now().Add(rehearsalLasts))
	d.Unreachable = func(context.Context, error) (store.Change, error) { return next(rehearsalFailed, a.Now()), nil }
	return d, nil
}

// helperTried answers a yes to a rehearsal.
func (a *App) helperTried(_ context.Context, r bot.Request) (bot.Reply, error) {
	return bot.Say(a.to(r, nil).RehearsalTried()), nil
}

// setupCheck says what the platforms make of the group's channels.
func (a *App) setupCheck(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rooms, err := a.roomsOf(ctx, g)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, nil)
	found := a.Check(ctx, rooms...)
	return bot.Say(to.Checked(append(found, exposed(to, g, found)...), len(g.Rooms) > 0)), nil
}

// exposed are the moderators' channels of a group that everybody can read, by what was
// found.
func exposed(to words.Reader, g village.Group, found []bot.Finding) []bot.Finding {
	var out []bot.Finding
	for _, room := range g.Moderation {
		if slices.ContainsFunc(found, func(f bot.Finding) bool { return f.Room == room.ID && f.Public }) {
			out = append(out, to.Overheard(room))
		}
	}
	return out
}

// lookAround is what the platform makes of a room that a group has just chosen. Where it
// cannot say, all is taken to be well: it is said when something cannot be posted.
func (a *App) lookAround(ctx context.Context, room village.Room) bot.Finding {
	for _, f := range a.Check(ctx, room.ID) {
		if f.Room == room.ID {
			return f
		}
	}
	return bot.Finding{OK: true}
}
