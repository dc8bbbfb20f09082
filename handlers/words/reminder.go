package words

import (
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// Repeats is how something repeats, which package scheduler describes, with its
// first and its last day where it has them.
func (to Reader) Repeats(how string, s village.Season) string {
	how = bot.Literal(how)
	from, until := DayOf(s.From.In(to.Zone)), DayOf(s.Until.In(to.Zone).AddDate(0, 0, -1))
	switch {
	case s.From.IsZero() && s.Until.IsZero():
		return how
	case s.Until.IsZero():
		return to.say("%s, from %s", how, from)
	case s.From.IsZero():
		return to.say("%s, until %s", how, until)
	}
	return to.say("%s, from %s, until %s", how, from, until)
}

// NeverComes refuses a schedule that has no time within its season; ends says how
// the last day is taken off.
func (to Reader) NeverComes(own bool) error {
	e := &bot.Error{Code: bot.CodeNever, Say: to.say("It would never come: there is no such time between its first and its last day."),
		Hint: to.say("Please check the dates. “until: always” takes the last day off.")}
	if own {
		e.Hint = to.say("Please check the days. Behind the words for the time, “forever” takes the last day off.")
	}
	return e
}

// Reminder is a channel's reminder as a moderator sees it: how it repeats, what
// it says, and what can be done.
func (to Reader) Reminder(r village.ChannelReminder, title, how, says string, ended bool) bot.Message {
	room := bot.RoomLink(bot.Room{ID: r.Room.ID, Name: r.Room.Name})
	where := to.inZone(r, Capital(how), room)
	m := bot.Message{Title: title,
		Fields: []bot.Field{{Name: to.say("It says"), Value: says}, {Name: to.say("Code"), Value: r.ID}},
		Buttons: []bot.Button{{Label: to.say("Pause it"), Command: "/reminders pause " + r.ID},
			{Label: to.say("Next five times"), Command: "/reminders preview " + r.ID},
			{Label: to.say("Remove it"), Command: "/reminders remove " + r.ID, Style: bot.Danger}}}
	switch {
	case r.PausedUntil.After(to.Now):
		m.Text = to.say("%s. It is paused until %s.", where, Moment(r.PausedUntil, village.ZoneNamed(r.Zone)))
		m.Buttons[0] = bot.Button{Label: to.say("Let it go on"), Command: "/reminders resume " + r.ID}
	case r.Paused:
		m.Text = to.say("%s. It is paused.", where)
		m.Buttons[0] = bot.Button{Label: to.say("Let it go on"), Command: "/reminders resume " + r.ID}
	case ended:
		m.Text = to.say("%s. It has ended.", where)
	default:
		m.Text = to.say("%s. It is on.", where)
	}
	return m
}

// inZone is how a channel's reminder repeats, where, by whose clock, and between
// which days.
func (to Reader) inZone(r village.ChannelReminder, how, room string) string {
	how, zone := bot.Literal(how), bot.Literal(r.Zone)
	from, until := DayOf(r.From.In(to.Zone)), DayOf(r.Until.In(to.Zone).AddDate(0, 0, -1))
	switch {
	case r.From.IsZero() && r.Until.IsZero():
		return to.say("%s, in %s (%s time)", how, room, zone)
	case r.Until.IsZero():
		return to.say("%s, in %s (%s time), from %s", how, room, zone, from)
	case r.From.IsZero():
		return to.say("%s, in %s (%s time), until %s", how, room, zone, until)
	}
	return to.say("%s, in %s (%s time), from %s, until %s", how, room, zone, from, until)
}

// ReminderSet is the title of a channel's reminder that is new.
func (to Reader) ReminderSet() string { return to.say("The reminder is set") }

// ReminderChanged is the title of one that was changed.
func (to Reader) ReminderChanged() string { return to.say("It is changed") }

// ReminderCopied is the title of a copy.
func (to Reader) ReminderCopied() string { return to.say("It is copied") }

// ReminderShown is the title of one that is looked at.
func (to Reader) ReminderShown() string { return to.say("A reminder") }

// ReminderToggled is the title of one that was paused, or goes on.
func (to Reader) ReminderToggled(paused bool) string {
	if paused {
		return to.say("It is paused")
	}
	return to.say("It goes on")
}

// ReminderTimes are the fields that say when a channel's reminder comes next, and
// what is to be noted about it. passed says that the group's quiet hours take some
// of them, overfull that a channel's most for a day does, gives is a word that a
// locked screen could show.
func (to Reader) ReminderTimes(r village.ChannelReminder, g village.Group, times []time.Time, passed, overfull bool, gives string) []bot.Field {
	next := bot.Field{Name: to.say("The next times"), Value: to.say("None.")}
	if r.Paused {
		next.Name = to.say("The next times, once it goes on")
	}
	if len(times) > 0 {
		var lines []string
		for _, t := range times {
			lines = append(lines, "- "+Moment(t, to.Zone))
		}
		next.Value = strings.Join(lines, "\n")
	}
	var notes []string
	if passed {
		notes = append(notes, to.say("What would come in the group's quiet hours (%s) is not posted.", bot.Literal(g.QuietHours().String())))
	}
	if most := g.MostPosts(); overfull {
		change := bot.Literal("/reminders limit " + strconv.Itoa(min(most+2, village.MaxPosts)))
		notes = append(notes, to.say("A channel gets at most %s a day from me, so the later ones of a day are left out. To change that: %s.", to.reminders(most), change))
	}
	if gives != "" {
		notes = append(notes, to.say("It says “%s”, and a locked screen can show that.", bot.Literal(gives)))
	}
	fields := []bot.Field{next}
	if len(notes) > 0 {
		fields = append(fields, bot.Field{Name: to.say("Please note"), Value: strings.Join(notes, "\n\n")})
	}
	return fields
}

func (to Reader) reminders(n int) string {
	if n == 1 {
		return to.say("one reminder")
	}
	return to.say("%d reminders", n)
}

// OtherHour is a button for the other way to read an hour.
func (to Reader) OtherHour(how, command string) bot.Button {
	return bot.Button{Label: to.say("No: %s", Clip(how, 60)), Command: command}
}

// ReminderLooksLike stands before what a moderator tries out.
func (to Reader) ReminderLooksLike(r village.ChannelReminder) bot.Message {
	return bot.Message{Text: to.say("Only you see this. It will look like this in %s:", bot.RoomLink(bot.Room{ID: r.Room.ID, Name: r.Room.Name}))}
}

// ReminderRemoved says that nothing more comes of it.
func (to Reader) ReminderRemoved(id string) bot.Message {
	return bot.Message{Title: to.say("Removed"), Text: to.say("The reminder %s is gone. Nothing more is sent.", id)}
}

// ReminderLine is a channel's reminder in a list, with when it comes next.
type ReminderLine struct {
	village.ChannelReminder
	How string // as package scheduler describes it
	// Upcoming is the zero time for one that has ended; Unreadable says that its
	// schedule cannot be read any more.
	Upcoming   time.Time
	Unreadable bool
}

// Reminders lists a group's reminders, page by page.
func (to Reader) Reminders(all []ReminderLine, page int) bot.Message {
	if len(all) == 0 {
		return bot.Message{Text: to.say("There are no reminders yet."), Buttons: []bot.Button{{Label: to.say("Set one"), Command: "/reminders add"}}}
	}
	m := bot.Message{Title: to.say("Reminders of this group")}
	for _, r := range all {
		m.Lines = append(m.Lines, bot.Line{Text: to.reminderLine(r), Button: bot.Button{Label: to.say("See: %s", Clip(r.How, 60)), Command: "/reminders preview " + r.ID}})
	}
	return to.Paged(m, page, "/reminders list")
}

func (to Reader) reminderLine(r ReminderLine) string {
	how, room := bot.Literal(r.How), bot.RoomLink(bot.Room{ID: r.Room.ID, Name: r.Room.Name})
	next := bot.Literal(to.short(r.Upcoming, village.ZoneNamed(r.Zone)))
	switch {
	case r.PausedUntil.After(to.Now):
		return to.say("**%s**: %s, in %s (paused until %s)", r.ID, how, room, bot.Literal(to.short(r.PausedUntil, village.ZoneNamed(r.Zone))))
	case r.Paused:
		return to.say("**%s**: %s, in %s (paused)", r.ID, how, room)
	case r.Unreadable:
		return to.say("**%s**: %s, in %s", r.ID, how, room)
	case r.Upcoming.IsZero():
		return to.say("**%s**: %s, in %s (it has ended)", r.ID, how, room)
	case r.OwnZone:
		return to.say("**%s**: %s, in %s, next %s %s", r.ID, how, room, next, bot.Literal("("+r.Zone+" time)"))
	}
	return to.say("**%s**: %s, in %s, next %s", r.ID, how, room, next)
}

// short is an instant in few words, with its year when it is not this one.
func (to Reader) short(t time.Time, zone *time.Location) string {
	day, clock, _ := strings.Cut(when.Short(t, zone), ", ")
	if year := t.In(zone).Year(); year != to.Now.In(zone).Year() {
		day += " " + strconv.Itoa(year)
	}
	return day + ", " + clock
}

// WaterLine is one of the kind lines about water, another each time.
func (to Reader) WaterLine(sent int) string {
	lines := []string{
		to.say("A small thing for right now: a glass of water, if your plan for today allows it."),
		to.say("Water time. A few sips count too. If you are to wait with drinks today, that comes first."),
		to.say("How is your bottle doing? Fill it up when you can, unless you are to wait today."),
		to.say("A pause, a breath, a glass of water. If you are not to drink right now, just the pause."),
	}
	return lines[sent%len(lines)]
}

// SmallIdea is the title of a card that has none.
func (to Reader) SmallIdea() string { return to.say("A small idea for today") }

// The refusals of /reminders.

// NoZoneForReminder refuses a reminder of a group without a time zone.
func (to Reader) NoZoneForReminder() error {
	return &bot.Error{Code: bot.CodeNoZone, Say: to.say("I don't know this group's time zone yet, so I can't tell when that is."), Hint: to.say("Please set it once: /setup zone Denver.")}
}

// NoChannelForReminder refuses a reminder that would have no channel.
func (to Reader) NoChannelForReminder() error {
	return &bot.Error{Code: bot.CodeNoChannel, Say: to.say("Please say which channel, or type this in the channel itself."), Hint: to.say("For example: /reminders add schedule: 0 9 * * * channel: #village")}
}

// ReminderComesOnce refuses a time that comes once, and offers it weekly.
func (to Reader) ReminderComesOnce(everyWeek []bot.Button) error {
	return &bot.Error{Code: "time-once", Say: to.say("That is one time. A reminder here comes again and again, so please say how often."), Hint: to.say("For example: every day at 9am, or mondays and thursdays at 6:30 pm."), Buttons: everyWeek}
}

// WordsOrDeck refuses to say words and a deck at once.
func (to Reader) WordsOrDeck() error {
	return &bot.Error{Code: "words-or-deck", Say: to.say("Your own words, or a deck? It can say only one of them."), Hint: to.say("Please leave one of the two out.")}
}

// WhatToChange asks what of a reminder (ID) is to be changed.
func (to Reader) WhatToChange(id string) error {
	return &bot.Error{Code: "nothing-to-change", Say: to.say("What shall I change: the times, the words, the channel, the zone, or its first and last day?"), Hint: to.say("For example: /reminders edit %s schedule: every day at 10am", id)}
}

// TooManyReminders refuses one more beside the n there are.
func (to Reader) TooManyReminders(n int) error {
	return &bot.Error{Code: bot.CodeTooMany, Say: to.say("This group already has %d reminders, which is as many as I keep.", n), Hint: to.say("Please remove one first: /reminders list.")}
}

// OneLikeIt asks before the same is said twice in a channel.
func (to Reader) OneLikeIt(r village.ChannelReminder) bot.Message {
	m := bot.Message{Tone: bot.Asking, Text: to.say("There is one like it already. Add it too?"),
		Buttons: []bot.Button{{Label: to.say("Add it too"), Command: "/reminders copy " + r.ID + " " + r.Room.ID}, {Label: to.say("See the one there is"), Command: "/reminders preview " + r.ID}}}
	if r.Paused {
		m.Text = to.say("There is one like it already, and it is paused. Shall it go on, or do you want a second one?")
		m.Buttons = append([]bot.Button{{Label: to.say("Let it go on"), Command: "/reminders resume " + r.ID}}, m.Buttons...)
	}
	return m
}

// NoSuchReminder refuses one that is not there.
func (to Reader) NoSuchReminder() error {
	return &bot.Error{Code: "no-such-reminder", Say: to.say("I can't find that reminder in this group."), Hint: to.say("These are the ones there are:"),
		Buttons: []bot.Button{{Label: to.say("All reminders"), Command: "/reminders list"}}}
}

// ReminderLabel is a group's reminder in a list to choose from; times says when it
// comes.
func (to Reader) ReminderLabel(rem village.ChannelReminder, times string) string {
	if rem.Words == "" {
		return Clip(to.say("%s in #%s", times, rem.Room.Name), 100)
	}
	return Clip(to.say("%s in #%s: %s", times, rem.Room.Name, rem.Words), 100)
}
