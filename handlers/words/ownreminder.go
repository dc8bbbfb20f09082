package words

import (
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// OwnReminderSet is the title of a person's own reminder that is new.
func (to Reader) OwnReminderSet() string { return to.say("I'll remind you") }

// OwnReminderShown is the title of one that is looked at.
func (to Reader) OwnReminderShown() string { return to.say("Your note") }

// OwnReminderChanged is the title of one that was changed.
func (to Reader) OwnReminderChanged() string { return to.say("It is changed") }

// OwnReminder is a reminder as its owner sees it. how is its schedule as package
// scheduler describes it, coming are its next times.
func (to Reader) OwnReminder(r village.OwnReminder, p village.Preferences, title, how string, coming []time.Time) bot.Message {
	text := []string{"**" + bot.Literal(r.Words) + "**", to.ownTimes(r, how, coming)}
	if p.OwnUntil().After(to.Now) && r.Open() {
		text = append(text, to.say("All of your reminders are paused until %s.", Moment(p.OwnUntil(), to.Zone)))
	}
	if !r.Done.IsZero() {
		text = append(text, to.say("You last did it on %s.", Moment(r.Done, to.Zone)))
	}
	m := bot.Message{Title: title, Text: strings.Join(text, "\n\n"),
		Buttons: []bot.Button{{Label: to.say("Delete it"), Command: "/remind delete " + r.ID}, {Label: to.say("All of mine"), Command: "/remind list"}}}
	switch change := "/remind edit " + r.ID + " when: every day at 10am"; {
	case r.Open() && !r.Until.IsZero():
		m.Footer = bot.Literal(to.say("To change it: %s. Without an end, add forever.", change))
	case r.Open():
		m.Footer = bot.Literal(to.say("To change it: %s", change))
	}
	return m
}

func (to Reader) ownTimes(r village.OwnReminder, how string, coming []time.Time) string {
	repeats := to.Repeats(Capital(how), r.Season)
	switch {
	case r.Schedule != "" && !r.Open():
		return to.say("%s. It has ended.", repeats)
	case r.Schedule != "":
		lines := to.say("%s. The next ones:", repeats) + "\n"
		for _, t := range coming {
			lines += "\n- " + Moment(t, to.Zone)
		}
		return lines
	case r.Sent.IsZero():
		return to.say("On %s.", Moment(r.Due, to.Zone))
	}
	return to.say("It came on %s.", Moment(r.Sent, to.Zone))
}

// ReadAsMeant is said of an hour that could have been another one.
func (to Reader) ReadAsMeant() string {
	return to.say("I took the hour as you most likely meant it.")
}

// OwnReminderLine is a person's reminder in a list.
type OwnReminderLine struct {
	village.OwnReminder
	How string // as package scheduler describes it; "" for one that comes once
}

// OwnReminders lists what a person still has to come, page by page. Where all are paused, the
// zone is that of the first of them.
func (to Reader) OwnReminders(open []OwnReminderLine, p village.Preferences, page int) bot.Message {
	m := bot.Message{Title: to.say("Your own reminders")}
	if len(open) == 0 {
		m.Text = to.say("You have none at the moment.")
	}
	for _, r := range open {
		in := to
		in.Zone = village.ZoneNamed(r.Zone)
		next, says := Moment(r.Due, in.Zone), bot.Literal(Clip(r.Words, 60))
		l := bot.Line{Text: to.say("**%s**: %s (%s)", says, next, r.ID), Button: bot.Button{Label: to.say("See: %s", Clip(r.Words, 34)), Command: "/remind read " + r.ID}}
		if r.How != "" {
			l.Text = to.say("**%s**: %s, next %s (%s)", says, in.Repeats(r.How, r.Season), next, r.ID)
		}
		m.Lines = append(m.Lines, l)
	}
	if paused := to.paused(p); paused != "" {
		m.Text = sentences(m.Text, paused)
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Let them go on"), Command: "/remind resume"})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Add one"), Command: "/remind add"})
	return to.Paged(m, page, "/remind list")
}

// OwnReminderDue is a reminder as it is sent: behind a tap, unless its owner has
// chosen plain words. It says for when it was meant, and the day where that is
// another one.
func (to Reader) OwnReminderDue(r village.OwnReminder, p village.Preferences, meant time.Time) bot.Message {
	hour := to.hourOf(meant)
	m := bot.Message{Text: to.say("Your note for %s: tap to read.", bot.Literal(hour)), Notify: []string{r.Person},
		Buttons: []bot.Button{{Label: to.say("Tap to read"), Command: "/remind read " + r.ID}}}
	if p.Plain {
		m.Text, m.Buttons = bot.Literal(r.Words), nil
		if to.Now.Sub(meant) > village.OnTime {
			m.Text = to.say("For %s: %s", bot.Literal(hour), bot.Literal(r.Words))
		}
	}
	m.Buttons = append(m.Buttons, to.OwnReminderTaps(r)...)
	return m
}

// OwnReminderMissed says that one did not come while the bot was away.
func (to Reader) OwnReminderMissed(r village.OwnReminder, p village.Preferences, hour time.Time) bot.Message {
	if p.Plain {
		return bot.Message{Text: to.say("I was away, and this did not come on %s: %s", Moment(hour, to.Zone), bot.Literal(r.Words)), Notify: []string{r.Person}}
	}
	return bot.Message{Text: to.say("I was away. Your note for %s did not come.", Moment(hour, to.Zone)), Notify: []string{r.Person},
		Buttons: []bot.Button{{Label: to.say("Tap to read"), Command: "/remind read " + r.ID}}}
}

// LateNote is a reminder that comes late, for an hour, or that did not come.
type LateNote struct {
	village.OwnReminder
	Hour   time.Time
	Missed bool
}

// LateNotes are several reminders of one person that come late, in one message.
func (to Reader) LateNotes(notes []LateNote, p village.Preferences) bot.Message {
	slices.SortStableFunc(notes, func(a, b LateNote) int { return a.Hour.Compare(b.Hour) })
	m := bot.Message{Text: to.say("These had to wait:"), Notify: []string{notes[0].Person}}
	for _, x := range notes {
		in := to
		in.Zone = village.ZoneNamed(x.Zone)
		m.Lines = append(m.Lines, in.lateNote(x, p))
	}
	return m
}

func (to Reader) lateNote(x LateNote, p village.Preferences) bot.Line {
	hour := bot.Literal(to.hourOf(x.Hour))
	read := bot.Button{Label: to.say("Tap to read"), Command: "/remind read " + x.ID}
	switch {
	case p.Plain && x.Missed:
		return bot.Line{Text: to.say("For %s, and it did not come: %s", hour, bot.Literal(x.Words))}
	case p.Plain && x.Ask:
		return bot.Line{Text: to.say("For %s: %s", hour, bot.Literal(x.Words)), Button: bot.Button{Label: to.say("Done"), Command: "/remind done " + x.ID}}
	case p.Plain:
		return bot.Line{Text: to.say("For %s: %s", hour, bot.Literal(x.Words))}
	case x.Missed:
		return bot.Line{Text: to.say("Your note for %s. It did not come.", hour), Button: read}
	}
	return bot.Line{Text: to.say("Your note for %s.", hour), Button: read}
}

// hourOf is an hour, with its day where that is another one.
func (to Reader) hourOf(meant time.Time) string {
	if meant.In(to.Zone).Format(time.DateOnly) != to.Now.In(to.Zone).Format(time.DateOnly) {
		return to.short(meant, to.Zone)
	}
	return ClockOf(meant.In(to.Zone))
}

// WaitsAtNight says what becomes of an interval in the quiet hours, and asks.
func (to Reader) WaitsAtNight(r village.OwnReminder, quiet village.Quiet) (string, []bot.Button) {
	from, until := ClockOf(clockAt(quiet.From)), ClockOf(clockAt(quiet.To))
	line := "/remind edit " + r.ID + " night: "
	return to.say("From %s to %s I'll wait. What falls into those hours comes at %s, or not at all when the next one is near by then. Shall I send it at night too?", from, until, until),
		[]bot.Button{{Label: to.say("Yes, at night too"), Command: line + "yes"}, {Label: to.say("No, let it wait"), Command: line + "no"}}
}

// clockAt is a time of day, in minutes.
func clockAt(minutes int) time.Time {
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC)
}

// OwnReminderTaps are what can be done with one that came.
func (to Reader) OwnReminderTaps(r village.OwnReminder) []bot.Button {
	var out []bot.Button
	if r.Ask {
		out = append(out, bot.Button{Label: to.say("Done"), Command: "/remind done " + r.ID, Style: bot.Primary})
	}
	return append(out, bot.Button{Label: to.say("In an hour"), Command: "/remind snooze " + r.ID})
}

// OwnReminderDone says that a reminder was seen to.
func (to Reader) OwnReminderDone(r village.OwnReminder) bot.Message {
	return bot.Message{Tone: bot.Good, Text: to.say("Done: %s", bot.Literal(r.Words))}
}

// OwnReminderSnoozed says when a reminder comes again.
func (to Reader) OwnReminderSnoozed(due time.Time) bot.Message {
	return bot.Message{Text: to.say("I'll say it again on %s.", Moment(due, to.Zone))}
}

// OwnReminderDeleted says that a reminder is gone.
func (to Reader) OwnReminderDeleted(r village.OwnReminder) bot.Message {
	return bot.Message{Title: to.say("Deleted"), Text: to.say("I won't remind you of this again: %s", bot.Literal(r.Words)),
		Buttons: []bot.Button{{Label: to.say("All of mine"), Command: "/remind list"}}}
}

// The preferences of how somebody is written to.

// OwnPaused says until when all of a person's own reminders wait.
func (to Reader) OwnPaused(until time.Time) bot.Message {
	return bot.Message{Title: to.say("Your own reminders are paused"),
		Text:    to.say("They go on **%s**. What would have come once before that comes then. Reminders of a plan, and news about help, still come.", Moment(until, to.Zone)),
		Buttons: []bot.Button{{Label: to.say("Let them go on now"), Command: "/remind resume"}, {Label: to.say("Pause everything"), Command: "/remind pause " + until.In(to.Zone).Format("2006-01-02 15:04") + " what: all"}}}
}

// OwnResumed says that they no longer wait.
func (to Reader) OwnResumed() bot.Message {
	return bot.Message{Title: to.say("They go on"), Tone: bot.Good, Text: to.say("Your reminders come as planned."),
		Buttons: []bot.Button{{Label: to.say("All of mine"), Command: "/remind list"}}}
}

// VoiceSet says how reminders are shown on a locked screen from now on.
func (to Reader) VoiceSet(plain bool) bot.Message {
	m := bot.Message{Title: to.say("It is set"), Tone: bot.Good, Text: to.say("My reminders to you wait behind a tap, so a locked screen shows nothing of them.")}
	if plain {
		m.Text = to.say("My reminders to you show all they say at once. Anybody who sees your screen may read it.")
	}
	return m
}

// OwnQuietSet says what quiet hours hold for somebody; nil are the group's.
func (to Reader) OwnQuietSet(quiet *village.Quiet) bot.Message {
	m := bot.Message{Title: to.say("Your quiet hours are set"), Tone: bot.Good, Text: to.say("The group's quiet hours hold for you again.")}
	switch {
	case quiet != nil && quiet.From == quiet.To:
		m.Text = to.say("You have none now. I may write at any hour.")
	case quiet != nil:
		m.Text = to.say("From %s to %s I'll hold back what can wait. What you have set to an hour yourself comes at that hour.", ClockWords(quiet.From), ClockWords(quiet.To))
	}
	return m
}

// The refusals of /remind.

// TooManyOwnReminders refuses one more beside the n there are.
func (to Reader) TooManyOwnReminders(n int) error {
	return &bot.Error{Code: bot.CodeTooMany, Say: to.say("You have %d reminders with me, which is as many as I keep.", n), Hint: to.say("Please delete one first: /remind list.")}
}

// NoSuchOwnReminder refuses one that is not there.
func (to Reader) NoSuchOwnReminder() error {
	return &bot.Error{Code: "no-such-note", Say: to.say("I can't find that among your reminders. It may be over and gone."), Hint: to.say("These are the ones you have:"),
		Buttons: []bot.Button{{Label: to.say("All of mine"), Command: "/remind list"}}}
}

// WhatToChangeOfOwn asks what of a reminder (ID) is to be changed.
func (to Reader) WhatToChangeOfOwn(id string) error {
	return &bot.Error{Code: "nothing-to-change", Say: to.say("What shall I change: the time, or the words?"), Hint: to.say("For example: /remind edit %s when: every day at 10am", id)}
}

// SnoozeTooLong refuses to put a reminder (ID) off so long.
func (to Reader) SnoozeTooLong(id string) error {
	return &bot.Error{Code: "too-late", Say: to.say("That is more than a week. Please give it a new time instead."), Hint: to.say("For example: /remind edit %s when: dec 3 9am", id)}
}

// NotSentYet refuses to put off a reminder (ID) that has not come.
func (to Reader) NotSentYet(id string) error {
	return &bot.Error{Code: "not-sent", Say: to.say("This one has not come yet, so there is nothing to put off."), Hint: to.say("You can change its time: /remind edit %s when: every day at 10am", id)}
}

// EveryWeek offers somebody who has named several days each of them, every week.
func (to Reader) EveryWeek(code string, buttons []bot.Button) error {
	return &bot.Error{Code: code, Say: to.say("Do you mean every week? Or only once? For once, I take one day at a time."), Hint: to.say("Please choose, or write one day."), Buttons: buttons}
}
