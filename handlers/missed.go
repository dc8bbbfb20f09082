package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

func deadIndex(person string) string { return scheduler.DeadIndex(person) }

// maxUnreached is how many undelivered messages are caught up on at once.
const maxUnreached = 5

// missedLook bounds how long an answer waits for what was not delivered before.
const missedLook = 3 * time.Second

// after adds to a reply what could not be delivered to this person before:
// they are here now.
func (a *App) after(ctx context.Context, r bot.Request, reply bot.Reply) bot.Reply {
	reply = a.inTheirLanguage(ctx, r, reply)
	soon, cancel := context.WithTimeout(ctx, missedLook)
	defer cancel()
	missed, err := a.missed(soon, r)
	if err != nil {
		a.Log.ErrorContext(ctx, "undelivered messages could not be looked up", "request", r, "error", err)
		return reply
	}
	if len(missed) == 0 || len(reply.Messages) == 0 { // a form leaves no room; the next answer does
		return reply
	}
	reply.Messages = append(reply.Messages, a.to(r, time.UTC).CouldNotReachYou())
	for _, d := range missed {
		reply.Messages = append(reply.Messages, d.message)
		err := a.RemoveDoc(ctx, d.key)
		if err == nil && d.change != nil {
			err = a.heard(ctx, *d.change)
		}
		if err != nil {
			a.Log.ErrorContext(ctx, "an undelivered message could not be ticked off", "request", r, "error", err)
		}
	}
	return reply
}

type missedMessage struct {
	key     store.Key
	message bot.Message
	change  *village.Notice // where it tells of a change
}

// sameChange says whether both tell of what has changed about one need.
func (m missedMessage) sameChange(o missedMessage) bool {
	return m.change != nil && o.change != nil && m.change.Group == o.change.Group && m.change.Need == o.change.Need && m.change.About.ID == o.change.About.ID
}

// heard notes that somebody knows what has changed.
func (a *App) heard(ctx context.Context, j village.Notice) error {
	_, err := a.ChangeNeed(ctx, j.Group, j.Need, func(_ *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed := n.Told(j.To.Person, j.GuestOf())
		return after, owed, nil
	})
	return err
}

// missedRanges are where what could not be delivered to somebody is listed: with
// them, and in each of their groups.
func missedRanges(person string, m village.Member) []store.Range {
	ranges := []store.Range{{Partition: records.MemberPartition(person), Index: deadIndex(person)}}
	for _, group := range m.Groups {
		ranges = append(ranges, store.Range{Partition: records.GroupPartition(group), Index: deadIndex(person)})
	}
	return ranges
}

// missed finds what somebody was owed and did not get, and says it as it is
// true now. What means nothing any more is removed.
func (a *App) missed(ctx context.Context, r bot.Request) ([]missedMessage, error) {
	person := r.From.ID
	m, err := a.Member(ctx, person)
	if err != nil {
		return nil, err
	}
	ranges := missedRanges(person, m)
	// nearly always there is none, and counting is cheaper than listing
	counts, err := a.Counts(ctx, ranges...)
	if err != nil {
		return nil, fmt.Errorf("counting dead letters: %w", err)
	}
	var out []missedMessage
	for i, missing := range ranges {
		if counts[i] == 0 {
			continue
		}
		if i > 0 { // what a group had to say is for who is in its village
			if g, err := a.groupWith(ctx, m.Groups[i-1]); err != nil || !a.standingOf(ctx, r, g).Present() {
				continue
			}
		}
		docs, err := a.Store.List(ctx, store.Query{Partition: missing.Partition, Index: missing.Index, Limit: maxUnreached})
		if err != nil {
			return nil, fmt.Errorf("listing dead letters: %w", err)
		}
		for _, doc := range docs {
			m, ok, err := a.unreached(ctx, doc)
			if err != nil {
				return nil, err
			}
			if ok && !slices.ContainsFunc(out, m.sameChange) {
				out = append(out, m)
			} else if err := a.RemoveDoc(ctx, doc.Key); err != nil {
				return nil, err
			}
		}
	}
	return out[:min(len(out), maxUnreached)], nil
}

// unreached is what a dead letter has to say by now, and whether it does.
func (a *App) unreached(ctx context.Context, doc store.Doc) (missedMessage, bool, error) {
	out := missedMessage{key: doc.Key}
	var letter scheduler.DeadLetter
	if err := json.Unmarshal(doc.Body, &letter); err != nil {
		return out, false, fmt.Errorf("reading a dead letter: %w", err)
	}
	var m *bot.Message
	var err error
	switch letter.Kind {
	case records.KindPlanJob:
		m, err = a.unreachedStep(ctx, letter)
	case records.KindOwnReminderJob:
		m, err = a.unreachedNote(ctx, letter)
	case records.KindNeedJob:
		m, out.change, err = a.unreachedNotice(ctx, letter)
	}
	if err != nil || m == nil {
		return out, false, err
	}
	out.message = *m
	return out, true, nil
}

// unreachedNotice is a notice that still stands, and where it tells of a change,
// the notice itself.
func (a *App) unreachedNotice(ctx context.Context, letter scheduler.DeadLetter) (m *bot.Message, change *village.Notice, err error) {
	var j village.Notice
	if err := json.Unmarshal(letter.Body, &j); err != nil {
		return nil, nil, nil // of another version
	}
	var n village.Need
	if rev, err := a.Read(ctx, records.NeedKey(j.Group, j.Need), &n); err != nil || rev == 0 {
		return nil, nil, err
	}
	if j.What == village.OwedMoved {
		change = &j
	}
	m, err = a.notice(ctx, j, n)
	return m, change, err
}

// unreachedStep is a reminder of a plan that is still of use.
func (a *App) unreachedStep(ctx context.Context, letter scheduler.DeadLetter) (*bot.Message, error) {
	var j records.PlanJob
	if err := json.Unmarshal(letter.Body, &j); err != nil {
		return nil, nil // of another version
	}
	t := a.Begin(ctx, records.GroupPartition(j.Group))
	var c village.Course
	if err := t.Get(records.CourseKey(j.Group, j.Course), &c); err != nil || c.ID == "" || c.Draft {
		return nil, err
	}
	note, all, err := a.PlanNote(ctx, j.Group, c, j.Key())
	note = a.stillOfUse(note)
	i := slices.IndexFunc(note, func(s village.PlanStep) bool { return s.Key() == j.Key() })
	if err != nil || i < 0 {
		return nil, err
	}
	return a.noteMessage(t, j.Group, c, note, all, note[i].Step, false)
}

// unreachedNote is somebody's own reminder that is still there.
func (a *App) unreachedNote(ctx context.Context, letter scheduler.DeadLetter) (*bot.Message, error) {
	var j records.OwnReminderJob
	if err := json.Unmarshal(letter.Body, &j); err != nil {
		return nil, nil // of another version
	}
	var rem village.OwnReminder
	if rev, err := a.Read(ctx, records.OwnReminderKey(j.Person, j.ID), &rem); err != nil || rev == 0 {
		return nil, err
	}
	p, err := a.PreferencesOf(ctx, j.Person)
	if err != nil {
		return nil, err
	}
	m := a.toOwner(rem).OwnReminderDue(rem, p, rem.MeantFor(j.Again, j.For, letter.Due))
	return &m, nil
}
