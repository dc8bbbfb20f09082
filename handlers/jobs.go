package handlers

import (
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
		kind(a, kindHelloJob, once, 0, a.prepareHello),
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
