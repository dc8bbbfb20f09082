package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// Kinds are the jobs that the scheduler delivers for this package: how late each
// may come, and what says what it comes to.
func (a *App) Kinds() []scheduler.JobKind {
	once, skip, useful := scheduler.Once, scheduler.Skip, scheduler.IfUseful
	return []scheduler.JobKind{
		a.watched(kind(a, records.KindNeedJob, useful, time.Hour, a.prepareNotice)),
		a.watched(kind(a, records.KindPlanJob, useful, time.Minute, a.preparePlan)),
		a.watched(kind(a, records.KindOwnReminderJob, useful, village.RepeatLate, a.prepareOwnReminder, ofOwnReminder)),
		a.watched(kind(a, records.KindReminderJob, skip, village.OnTime, a.prepareReminder, ofReminder)), // the next one is soon enough
		a.watched(kind(a, records.KindDigestJob, skip, digestLate, a.prepareDigest)),
		a.watched(kind(a, records.KindLetterJob, useful, letterLate, a.prepareLetter)),
		a.watched(kind(a, records.KindReportJob, once, 0, a.prepareReport)),
		a.watched(kind(a, records.KindWorryJob, once, 0, a.prepareWorry)),
		a.there(kind(a, kindGreetingJob, once, 0, a.prepareGreeting)),
		a.watched(kind(a, kindRehearsalJob, once, 0, a.prepareRehearsal)),
		kind(a, records.KindRoomJob, once, 0, a.prepareRoom),
		kind(a, records.KindStandingJob, once, 0, a.prepareStanding),
		kind(a, records.KindRemovalJob, once, 0, a.prepareRemoval),
	}
}

// ofOwnReminder is what saying a person's own reminder looks at.
func ofOwnReminder(j records.OwnReminderJob) []store.Key {
	return []store.Key{records.OwnReminderKey(j.Person, j.ID), records.PreferencesKey(j.Person), records.MemberKey(j.Person)}
}

// ofReminder is what posting a channel's reminder looks at.
func ofReminder(j records.ReminderJob) []store.Key {
	return []store.Key{records.ReminderKey(j.Group, j.ID), records.GroupKey(j.Group)}
}

// due is a job whose time has come.
type due struct {
	store.Job
	late bool // by more than its kind may be
}

// again puts the job off, and keeps what was changed with it.
func (d due) again(t *records.Tx, at time.Time, says any) scheduler.Delivery {
	t.PutJob(d.ID, d.Kind, at, says)
	return scheduler.Delivery{Then: t.Finish()}
}

// kind is a kind of job that says a T. It is prepared in a round of its
// partition; what that round changes belongs in the delivery. Every document is read
// once in it, and those that reads names all at once.
func kind[T any](a *App, name string, late scheduler.Late, limit time.Duration, prepare func(*records.Tx, due, T) (scheduler.Delivery, error), reads ...func(T) []store.Key) scheduler.JobKind {
	return scheduler.JobKind{Name: name, Late: late, Limit: limit, Prepare: func(ctx context.Context, job store.Job, late bool) (scheduler.Delivery, error) {
		var says T
		if err := json.Unmarshal(job.Body, &says); err != nil {
			return scheduler.Delivery{}, fmt.Errorf("reading a job of kind %q: %w", name, err)
		}
		ctx = records.Visit(ctx)
		for _, keys := range reads {
			if err := a.Fetch(ctx, keys(says)...); err != nil {
				return scheduler.Delivery{}, err
			}
		}
		return prepare(a.Begin(ctx, job.Partition), due{Job: job, late: late}, says)
	}}
}
