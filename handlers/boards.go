package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// coverage is the line that says how many needs of the next week are covered;
// empty when there are none. It counts without reading them.
func (a *App) coverage(ctx context.Context, group string) (string, error) {
	from, to := a.Now().UnixMilli(), a.Now().Add(records.Week).UnixMilli()
	live, err := a.Store.Count(ctx, records.GroupPartition(group), "live", from, to)
	if err != nil {
		return "", fmt.Errorf("counting requests: %w", err)
	}
	open, err := a.Store.Count(ctx, records.GroupPartition(group), "open", from, to)
	if err != nil {
		return "", fmt.Errorf("counting requests: %w", err)
	}
	return village.Bar(int(live-open), int(live)), nil
}

// needUncovered is the moderators' view of what is not settled in the next
// seven days.
func (a *App) needUncovered(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	needs, err := a.Coming(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	line, err := a.coverage(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "The next seven days", Text: line}
	if len(needs) == 0 {
		m.Text = "Nothing is asked for in the next seven days."
	}
	var open, unsure []string
	shown := 0
	for _, n := range needs {
		state := words.Unsettled(n)
		if n.State() != village.Open && state == "" || n.Why != "" {
			continue
		}
		if shown++; shown > 2*words.BoardSize {
			continue
		}
		saidWords := strings.TrimSpace("- " + words.NeedLine(n, village.ZoneNamed(g.Zone), n.Member.ID) + state)
		if n.State() == village.Open {
			open = append(open, saidWords)
		} else {
			unsure = append(unsure, saidWords)
		}
		if len(m.Buttons) < words.BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: words.Clip(words.Capital(n.Kind.Words().Short)+", "+when.Short(n.Start, village.ZoneNamed(g.Zone)), 40), Command: "/need show " + n.ID})
		}
	}
	if len(open) > 0 {
		m.Text += "\n\n**Still open**\n\n" + strings.Join(open, "\n")
	}
	if len(unsure) > 0 {
		m.Text += "\n\n**Not settled**\n\n" + strings.Join(unsure, "\n")
	}
	if shown == 0 && len(needs) > 0 {
		m.Tone = bot.Good
		m.Text += "\n\nEvery request has somebody."
	}
	if shown > 2*words.BoardSize {
		m.Text += fmt.Sprintf("\n\nThese are the first %d of %d.", 2*words.BoardSize, shown)
	}
	return bot.Say(m), nil
}

const (
	digestLate = 12 * time.Hour
)

// putDigest writes when the digest comes next, or that it does not.
func (a *App) putDigest(t *records.Tx, g village.Group) error {
	for _, room := range g.Rooms {
		id := "digest/" + records.KeyPart(room.ID)
		if g.Digest == "" {
			t.Cancel(id)
			continue
		}
		s, err := scheduler.ParseSchedule(g.Digest, village.ZoneNamed(g.Zone))
		if err != nil {
			return err
		}
		t.PutJob(id, records.KindDigestJob, s.Next(a.Now()), records.DigestJob{Group: g.ID, Room: room.ID})
	}
	return nil
}

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

// prepareDigest posts the week ahead and plans the next. A week without needs
// is passed over in silence.
func (a *App) prepareDigest(t *records.Tx, job due, j records.DigestJob) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil || g.Digest == "" {
		return scheduler.Delivery{}, err
	}
	s, err := scheduler.ParseSchedule(g.Digest, village.ZoneNamed(g.Zone))
	if err != nil {
		return scheduler.Delivery{}, err
	}
	here := false
	for _, room := range g.Rooms {
		here = here || room.ID == j.Room
	}
	if !here { // the village channel is another one by now
		return scheduler.Delivery{}, nil
	}
	d := job.again(t, s.Next(a.Now()), j)
	needs, err := a.Coming(t.Ctx, j.Group)
	if err != nil || len(needs) == 0 || job.late {
		return d, err
	}
	line, err := a.coverage(t.Ctx, j.Group)
	if err != nil {
		return d, err
	}
	d.Out = &bot.Outgoing{To: bot.Address{Room: j.Room}, Message: words.Digest(needs, line, village.ZoneNamed(g.Zone))}
	return d, nil
}
