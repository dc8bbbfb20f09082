package records

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// The kinds of document and of job of reminders: a group's in a channel, with how
// many a channel got in a day, and a person's own.
const (
	KindReminder       = "reminder"
	KindPosts          = "posts"
	KindOwnReminder    = "note"
	KindOwnReminderJob = "note"
)

const (
	remindersIndex    = "reminders"
	ownRemindersIndex = "notes"
)

// ReminderKey is a channel's reminder (ID) of a group.
func ReminderKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindReminder, ID: id}
}

// PostsKey is what is kept of the posts in a room (ID) of a group.
func PostsKey(group, room string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindPosts, ID: KeyPart(room)}
}

// OwnReminderKey is a person's own reminder, by both IDs.
func OwnReminderKey(person, id string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindOwnReminder, ID: id}
}

// ReminderJob is a channel's reminder that is due.
type ReminderJob struct {
	Group string `json:"group"`
	ID    string `json:"id"`
}

func reminderJobID(id string) string { return "reminder/" + id }

// OwnReminderJob is a person's reminder that is due. It says whose, because
// nothing else does.
type OwnReminderJob struct {
	Person string `json:"person"`
	ID     string `json:"id"`
	// Again marks a snoozed one: it plans no next.
	Again bool `json:"again,omitempty"`
	// Waited marks one that was put off, so that it is not at its own hour, and
	// For is that hour.
	Waited bool      `json:"waited,omitempty"`
	For    time.Time `json:"for,omitzero"`
	// Missed marks one that did not come at all, of which its owner is told.
	Missed bool `json:"missed,omitempty"`
}

// OwnDue is a job about a person's own reminder whose time has come: Job is its ID, and At
// when it was due.
type OwnDue struct {
	OwnReminderJob
	Job string
	At  time.Time
}

// OwnDue are all of a person's, the earliest first.
func (rec *Records) OwnDue(ctx context.Context, person string) ([]OwnDue, error) {
	jobs, err := rec.store.Pending(ctx, MemberPartition(person), 0)
	if err != nil {
		return nil, err
	}
	var out []OwnDue
	for _, j := range jobs {
		if j.Kind != KindOwnReminderJob || j.Due.After(rec.now()) {
			continue
		}
		o := OwnDue{Job: j.ID, At: j.Due}
		if err := json.Unmarshal(j.Body, &o.OwnReminderJob); err != nil {
			return nil, fmt.Errorf("reading a job of kind %q: %w", j.Kind, err)
		}
		out = append(out, o)
	}
	return out, nil
}

func ownReminderJobID(id string) string { return "note/" + id }

// Reminders are all of a group's, in the order in which they were set.
func (rec *Records) Reminders(ctx context.Context, group string) ([]village.ChannelReminder, error) {
	return List[village.ChannelReminder](ctx, rec, store.Query{Partition: GroupPartition(group), Index: remindersIndex}, KindReminder)
}

// CountReminders says how many a group has.
func (rec *Records) CountReminders(ctx context.Context, group string) (int, error) {
	n, err := rec.store.Count(ctx, GroupPartition(group), remindersIndex, 0, 0)
	return int(n), err
}

// PutReminder writes a channel's reminder together with when it is due next, or
// without, while it is paused or has ended. The schedule is its own.
func (t *Tx) PutReminder(r village.ChannelReminder, s village.Schedule) {
	t.Put(ReminderKey(r.Group, r.ID), r, time.Time{}, store.Entry{Name: remindersIndex, Score: r.Since.UnixMilli()})
	next := r.Next(s, village.Later(t.Rec.now(), r.PausedUntil.Add(-time.Second))) // its first instant counts
	if r.Paused || next.IsZero() {
		t.Cancel(reminderJobID(r.ID))
		return
	}
	t.PutJob(reminderJobID(r.ID), KindReminderJob, next, ReminderJob{Group: r.Group, ID: r.ID})
}

// RemoveReminder removes a channel's reminder that was read before, and what is
// due of it.
func (t *Tx) RemoveReminder(r village.ChannelReminder) {
	t.Remove(ReminderKey(r.Group, r.ID))
	t.Cancel(reminderJobID(r.ID))
}

// OwnReminders are all of a person's, in the order in which they were set.
func (rec *Records) OwnReminders(ctx context.Context, person string) ([]village.OwnReminder, error) {
	return List[village.OwnReminder](ctx, rec, store.Query{Partition: MemberPartition(person), Index: ownRemindersIndex}, KindOwnReminder)
}

// CountOwnReminders says how many a person has.
func (rec *Records) CountOwnReminders(ctx context.Context, person string) (int, error) {
	n, err := rec.store.Count(ctx, MemberPartition(person), ownRemindersIndex, 0, 0)
	return int(n), err
}

// PlanOwnReminder writes a person's reminder together with when it is due next.
// The schedule is nil for one that comes once.
func (t *Tx) PlanOwnReminder(r *village.OwnReminder, s village.Schedule, p village.Preferences) {
	due, keptUntil := r.Plan(s, p, t.Rec.now())
	r.Due = due.UTC()
	t.PutOwnReminder(*r, keptUntil)
	if due.IsZero() {
		t.Cancel(ownReminderJobID(r.ID))
		return
	}
	t.PutJob(ownReminderJobID(r.ID), KindOwnReminderJob, due, OwnReminderJob{Person: r.Person, ID: r.ID})
}

// PutOwnReminder writes a person's reminder, and nothing that is due.
func (t *Tx) PutOwnReminder(r village.OwnReminder, keptUntil time.Time) {
	t.Put(OwnReminderKey(r.Person, r.ID), r, keptUntil,
		store.Entry{Name: PersonIndex(r.Person), Score: r.Since.UnixMilli()},
		store.Entry{Name: ownRemindersIndex, Score: r.Since.UnixMilli()})
}

// Snooze has a person's reminder come once more.
func (t *Tx) Snooze(r village.OwnReminder, due time.Time) {
	t.PutJob(ownReminderJobID(r.ID)+"/again", KindOwnReminderJob, due, OwnReminderJob{Person: r.Person, ID: r.ID, Again: true})
}

// Missed has a person told that their reminder for an hour did not come.
func (t *Tx) Missed(r village.OwnReminder, at, hour time.Time) {
	t.PutJob(ownReminderJobID(r.ID)+"/missed", KindOwnReminderJob, at, OwnReminderJob{Person: r.Person, ID: r.ID, Again: true, Missed: true, For: hour})
}

// EndSnooze takes that back.
func (t *Tx) EndSnooze(r village.OwnReminder) { t.Cancel(ownReminderJobID(r.ID) + "/again") }

// RemoveOwnReminder removes a person's reminder that was read before, and all
// that is due of it.
func (t *Tx) RemoveOwnReminder(r village.OwnReminder) {
	t.Remove(OwnReminderKey(r.Person, r.ID))
	t.Cancel(ownReminderJobID(r.ID))
	t.Cancel(ownReminderJobID(r.ID) + "/missed")
	t.EndSnooze(r)
}
