package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// mostNoted is how many needs a note looks at.
const mostNoted = 100

// dayCard is the card of all that a session needs.
func (a *App) dayCard(t *records.Tx, job due, j village.Notice, n village.Need) (scheduler.Delivery, error) {
	series, err := a.InSeries(t.Ctx, j.Group, n)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return scheduler.Delivery{}, err
	}
	to := a.toPerson("", village.ZoneNamed(n.Zone))
	to.Anyone = g.Anyone
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: to.DayCard(n, series)}}
	day := slices.DeleteFunc(series, func(o village.Need) bool { return !o.SameDay(n) })
	n = village.CardOf(day, n)
	err = a.card(t, job.Job, j, n, &d)
	if !slices.ContainsFunc(day, func(o village.Need) bool { return o.State() == village.Open }) {
		d.EditOnly = true // nobody is asked for anything
	}
	return d, err
}

// spokenOf are the needs that a notice speaks of by now: its own, and those of its note.
func (a *App) spokenOf(t *records.Tx, j village.Notice, n village.Need) ([]village.Need, error) {
	needs, err := a.noted(t, j, n)
	if err != nil {
		return nil, err
	}
	if j.Note == village.NoNote && len(j.Also) == 0 {
		return needs, nil
	}
	g, err := a.groupWith(t.Ctx, j.Group)
	if err != nil {
		return nil, err
	}
	zone := village.ZoneNamed(g.Zone)
	return village.ByDay(slices.DeleteFunc(needs, func(o village.Need) bool { return !j.In(o, n, zone, a.Now()) })), nil
}

// noted are the needs that may belong into a notice's note.
func (a *App) noted(t *records.Tx, j village.Notice, n village.Need) ([]village.Need, error) {
	switch j.Note {
	case village.EveningNote, village.NoonNote:
		return a.OpenNeeds(t.Ctx, j.Group, j.Note.Until(a.Now()), mostNoted)
	case village.DayNote:
		return a.InSeries(t.Ctx, j.Group, n)
	}
	needs := []village.Need{n}
	for _, id := range j.Also {
		var also village.Need
		if _, err := a.Read(t.Ctx, records.NeedKey(j.Group, id), &also); err != nil {
			return nil, err
		}
		if also.ID != "" {
			needs = append(needs, also)
		}
	}
	return needs, nil
}

// said is a notice in words: about one need, or about several.
func (a *App) said(t *records.Tx, j village.Notice, about []village.Need) (*bot.Message, error) {
	if len(about) == 1 {
		return a.notice(t.Ctx, j.On(about[0]), about[0])
	}
	g, err := a.groupWith(t.Ctx, j.Group)
	if err != nil {
		return nil, err
	}
	to, err := a.toHelper(t.Ctx, j.Group, j.To.Person, village.ZoneNamed(about[0].Zone))
	if err != nil {
		return nil, err
	}
	if to.Theirs, err = a.languageOf(t.Ctx, j.Group, j.About.ID); err != nil {
		return nil, err
	}
	to.Anyone = g.Anyone
	m := to.Notices(j, about)
	return &m, nil
}

// eveningNote is one message an evening. That of the evening before loses its buttons.
func (a *App) eveningNote(job due, j village.Notice, d *scheduler.Delivery) {
	d.Card = "evening/" + job.Due.UTC().Format(time.DateOnly) + "/" + records.KeyPart(j.To.Room)
	j.What, j.Note, j.Echo = village.OwedEcho, village.EveningNote, int(job.Due.Unix())
	d.Then.Jobs = append(d.Then.Jobs, records.NoticeJobAt(job.Partition, "note/evening/old/"+job.Due.UTC().Format(time.DateOnly)+"/"+records.KeyPart(j.To.Room), job.Due.Add(23*time.Hour+59*time.Minute), j))
}

// echo lets what was said beside a card say what has become of it, without buttons.
func (a *App) echo(t *records.Tx, j village.Notice, n village.Need) (scheduler.Delivery, error) {
	to := a.toPerson("", village.ZoneNamed(n.Zone))
	d := scheduler.Delivery{EditOnly: true, Out: &bot.Outgoing{To: bot.Address(j.To)}}
	if j.Note == village.EveningNote {
		at := time.Unix(int64(j.Echo), 0).UTC()
		d.Card = "evening/" + at.Format(time.DateOnly) + "/" + records.KeyPart(j.To.Room)
		d.Out.Message = to.OldNote(at)
		return d, nil
	}
	d.Card = records.EchoName(n.ID, j.Echo) + "/" + records.KeyPart(j.To.Room)
	last := j.Echo == n.Echo
	if last && (n.StillWants(a.Now()) || n.WantsStandIn()) {
		return scheduler.Delivery{}, nil // it still says what is true
	}
	d.Out.Message, _ = to.Notice(j, n)
	return d, nil
}

// day shows all that the day of a need needs.
func (a *App) day(ctx context.Context, r bot.Request, g village.Group, n village.Need) (bot.Reply, error) {
	series, err := a.InSeries(ctx, g.ID, n)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.toNeed(r, n).DayCard(n, series)), nil
}

// notice puts what somebody is owed into words, or is nil when it means nothing
// any more.
func (a *App) notice(ctx context.Context, j village.Notice, n village.Need) (*bot.Message, error) {
	if !j.Stands(n, a.Now()) {
		return nil, nil
	}
	to, err := a.toHelper(ctx, j.Group, j.To.Person, village.ZoneNamed(n.Zone))
	if err != nil {
		return nil, err
	}
	if to.Theirs, err = a.languageOf(ctx, j.Group, j.About.ID); err != nil {
		return nil, err
	}
	if j.What.Invites() {
		var g village.Group
		if _, err := a.Read(ctx, records.GroupKey(j.Group), &g); err != nil {
			return nil, err
		}
		to.Anyone = g.Anyone
	}
	m, ok := to.Notice(j, n)
	if !ok {
		return nil, fmt.Errorf("nobody knows how to say %q", j.What)
	}
	return &m, nil
}

// card says where a request's message stands, and what it says when the group's
// channel is another one by now. One that is over is not posted anew.
func (a *App) card(t *records.Tx, job store.Job, j village.Notice, n village.Need, d *scheduler.Delivery) error {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return err
	}
	d.Card = n.Card() + "/" + records.KeyPart(j.To.Room)
	d.Unreachable = func(context.Context, error) (store.Change, error) {
		return store.Change{Jobs: records.NoticeJobs(job, j.Unposted(n, a.Now())...)}, nil
	}
	moved := !slices.ContainsFunc(g.Rooms, func(r village.Room) bool { return r.ID == j.To.Room })
	if moved && len(g.Rooms) > 0 {
		d.Out.Message = a.toPerson("", nil).MovedCard(g)
	}
	if d.EditOnly = moved || n.Why != ""; d.EditOnly {
		return nil
	}
	t.PutRoomJob(records.RoomJob{Room: j.To.Room, What: records.RoomReposted})
	d.Reposted = t.Change.Jobs
	return nil
}
