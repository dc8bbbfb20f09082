package words

import (
	"maps"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// Part is a part of an export.
type Part int

// The parts, in their order.
const (
	PartYou Part = iota
	PartAsked
	PartHelp
	PartPrivate
	PartPlans
	PartDays
	PartJournal
	PartReminders
	PartManner
	PartMissed
	Parts
)

func (to Reader) part(p Part) string {
	return [Parts]string{to.say("You"), to.say("What you asked for"), to.say("Where you help"), to.say("Your private details"), to.say("Your plans"), to.say("Your check-ins"), to.say("Your journal"),
		to.say("Your own reminders"), to.say("How you want to hear from me, and what I may ask you"), to.say("Messages that did not reach you")}[p]
}

// Kept lists what is kept about the reader, a line a document.
func (to Reader) Kept(lines []string) bot.Message {
	m := bot.Message{Title: to.say("What I keep about you"), Text: to.say("Nothing.")}
	if len(lines) > 0 {
		m.Text = "- " + strings.Join(lines, "\n- ")
		m.Buttons = []bot.Button{{Label: to.say("All of it, to keep"), Command: "/privacy export"}, {Label: to.say("Delete everything"), Command: "/privacy delete", Style: bot.Danger}}
	}
	m.Text += "\n\n" + to.say("What you ask me, and what I answer, is never kept and never logged. Only what you write for your journal is kept.")
	return m
}

// Exported is all that is the reader's, part by part. The private parts are wiped by
// the day of wiped; zero: there are none.
func (to Reader) Exported(told [Parts][]string, wiped time.Time) bot.Message {
	var text []string
	for part, lines := range told {
		if len(lines) == 0 {
			continue
		}
		for i, line := range lines { // plain words: a time that a platform draws anew cannot be copied
			lines[i] = "- " + bot.Literal(bot.PlainText(line))
		}
		text = append(text, "**"+to.part(Part(part))+"**\n\n"+strings.Join(lines, "\n"))
	}
	m := bot.Message{Title: to.say("All of it, to keep"), Text: strings.Join(text, "\n\n"), Footer: to.say("Only you see this.")}
	if len(text) == 0 {
		m.Text = to.say("Nothing.")
	}
	if !wiped.IsZero() {
		m.Footer += " " + to.say("I'll wipe the private parts on the days beside them, the last on %s. A copy stays where you put it.", to.writing().Date(wiped))
	}
	return m
}

// whatStays is said to everybody alike, so that it tells nobody whether there
// is a no to their own help.
func (to Reader) whatStays() string {
	return to.say("To keep everybody safe, one thing can stay, with no name on it: a quiet “no” that a member or a moderator once said to somebody's help.")
}

// DeleteEverything asks whether everything about the reader is to go.
func (to Reader) DeleteEverything() bot.Message {
	return bot.Message{Title: to.say("Delete everything about you?"), Tone: bot.Asking,
		Text: paragraphs(to.say("I'll forget your name, your time zone, your requests and what you said yes to. Requests that are still ahead are cancelled, and what you said yes to is open again; the people concerned are told. This can't be undone."),
			to.whatStays()),
		Buttons: []bot.Button{
			{Label: to.say("Yes, delete it all"), Command: "/privacy delete yes", Style: bot.Danger},
			{Label: to.say("Keep it"), Command: "/privacy show"}}}
}

// EverythingDeleted says that everything about the reader is gone.
func (to Reader) EverythingDeleted() bot.Message {
	return bot.Message{Title: to.say("Everything about you is deleted"),
		Text: sentences(to.say("If you use me again, I'll start from nothing."), to.whatStays(), to.say("Take good care of yourself."))}
}

// OwnZoneSet says what the reader's own zone is now.
func (to Reader) OwnZoneSet(zone *time.Location) bot.Message {
	return bot.Message{Title: to.say("Your time zone is set"), Tone: bot.Good,
		Text: to.say("It is %s. For you it is now %s.", bot.Literal(zone.String()), bot.Literal(to.full(to.Now, zone)))}
}

// clauses are parts of a line of a list, each with a full stop before the next.
func clauses(said ...string) string { return joined(said, ". ") }

func (to Reader) keptUntil(t time.Time) string { return to.say("Kept until %s", to.writing().Date(t)) }

// MemberKept is who somebody is.
func (to Reader) MemberKept(m village.Member) string {
	line := to.say("Your name here: %s", bot.Literal(m.Name))
	if m.Zone != "" {
		line += ", " + to.say("your time zone: %s", bot.Literal(m.Zone))
	}
	if m.Country != "" {
		line += ", " + to.say("your country: %s", bot.Literal(m.Country))
	}
	return line
}

// GroupsKept says in how many groups the reader uses the bot, and names those that
// have one of these channels.
func (to Reader) GroupsKept(groups int, channels []string) string {
	many := to.say("%d groups", groups)
	if groups == 1 {
		many = to.say("one group")
	}
	var named []string
	for _, name := range channels {
		named = append(named, to.say("the one with %s", bot.Literal("#"+name)))
	}
	switch others := groups - len(named); {
	case len(named) == 0 || village.IsFamily(to.ID): // which group it is, their page tells nobody
		return to.say("You use me in %s", many)
	case others == 0:
		return to.say("You use me in %s: %s", many, to.andList(named))
	case others == 1:
		return to.say("You use me in %s: %s, and one other", many, to.andList(named))
	default:
		return to.say("You use me in %s: %s, and %d others", many, to.andList(named), others)
	}
}

// NeedKept is a request in one line, and the day it goes.
func (to Reader) NeedKept(n village.Need, more ...string) string {
	to.Zone = village.ZoneNamed(n.Zone)
	return clauses(append(append([]string{to.roleIn(n, to.NeedLine(n))}, more...), to.keptUntil(n.KeptUntil().In(to.Zone)))...)
}

// NeedExported is all that a request tells of the reader.
func (to Reader) NeedExported(n village.Need) (Part, []string) {
	zone := village.ZoneNamed(n.Zone)
	if n.Member.ID != to.ID { // whose request it is, and who else helps, is theirs
		line := to.roleIn(n, to.needAlone(n, zone))
		if guests := guestsOf(n, to.ID); len(guests) > 0 {
			line = clauses(line, to.say("You signed up %s", to.andList(guests)))
		}
		return PartHelp, []string{clauses(line, to.keptUntil(n.KeptUntil().In(zone)))}
	}
	more := []string{to.say("Until %s", to.full(n.End, zone))}
	for _, f := range to.NeedFields(n)[1:] { // where it begins is said already
		more = append(more, f.Name+": "+f.Value)
	}
	if n.Hidden {
		more = append(more, to.say("The channel does not see your name"))
	}
	more = append(more, to.say("You asked on %s", to.full(n.Asked, zone)))
	if !n.Thanked.IsZero() {
		more = append(more, to.say("You said thank you on %s", to.full(n.Thanked, zone)))
	}
	return PartAsked, []string{to.NeedKept(n, more...)}
}

// roleIn is what the reader has to do with a request.
func (to Reader) roleIn(n village.Need, what string) string {
	switch {
	case n.Member.ID == to.ID:
		return to.say("You asked: %s", what)
	case n.HelpedBy(to.ID):
		return to.say("You said yes: %s", what)
	case n.StandsBy(to.ID):
		return to.say("You stand by: %s", what)
	case slices.Contains(n.Stepped(), to.ID):
		return to.say("You stepped back: %s", what)
	}
	return to.say("You signed somebody up: %s", what)
}

// needAlone is a request without the people in it.
func (to Reader) needAlone(n village.Need, zone *time.Location) string {
	what := []any{Capital(to.Short(n.Kind)), to.full(n.Start, zone), to.Where(n), n.ID}
	switch n.Why {
	case village.Cancelled:
		return to.say("%s, %s, %s: cancelled (%s)", what...)
	case village.Past:
		return to.say("%s, %s, %s: over (%s)", what...)
	}
	return to.say("%s, %s, %s (%s)", what...)
}

// guestsOf are the people without an account whom this person signed up.
func guestsOf(n village.Need, person string) []string {
	var names []string
	for _, claims := range [][]village.Claim{n.Claims, n.Backups} {
		for _, c := range claims {
			if c.By.ID == person && village.IsGuest(c.Helper.ID) {
				names = append(names, bot.Literal(c.Helper.Name))
			}
		}
	}
	return names
}

// DetailsKept says whose the private details are, of a request or of a plan, and
// when they go.
func (to Reader) DetailsKept(id string, plan bool, wiped time.Time) string {
	if plan {
		return to.say("Private details of your plan %s, sealed. Wiped on %s", id, to.writing().Date(wiped))
	}
	return to.say("Private details of your request %s, sealed. Wiped on %s", id, to.writing().Date(wiped))
}

// DetailsExported is DetailsKept with the details themselves.
func (to Reader) DetailsExported(id string, plan bool, details string, wiped time.Time) string {
	if plan {
		return to.say("Private details of your plan %s: %s. Wiped on %s", id, details, to.writing().Date(wiped))
	}
	return to.say("Private details of your request %s: %s. Wiped on %s", id, details, to.writing().Date(wiped))
}

// DetailsBroken and DetailsLocked stand in the place of details that cannot be told:
// those that are no details, and those that the key does not open.
func (to Reader) DetailsBroken() string { return to.say("I can't read them any more") }

// DetailsLocked is described with DetailsBroken.
func (to Reader) DetailsLocked() string {
	return to.say("I can't open them any more, because the key I was given has changed")
}

// TrustKept is a word about a helper.
func (to Reader) TrustKept() string {
	return to.say("A word about who may help, so that it is asked only once")
}

// ModeratorKept is that the reader moderates.
func (to Reader) ModeratorKept() string {
	return to.say("That you moderate here, so that I can tell you when somebody has nobody yet")
}

// UnknownKept is what nobody has words for.
func (to Reader) UnknownKept() string {
	return to.say("Something that I have no words for. Please ask whoever runs me what it is")
}

// MissedKept is a message that did not reach the reader.
func (to Reader) MissedKept() string { return to.say("A message that did not reach you") }

// MissedExported is MissedKept with what the message is called, where there still is
// one.
func (to Reader) MissedExported(message *bot.Message) string {
	switch {
	case message == nil:
		return clauses(to.MissedKept(), to.say("It is of no use any more"))
	case message.Title != "":
		return to.say("A message that did not reach you: “%s”. You read all of it beneath this, or beneath my next answer", bot.Literal(message.Title))
	}
	return clauses(to.MissedKept(), to.say("You read it beneath this, or beneath my next answer"))
}

// HelperKept is what the reader is asked for.
func (to Reader) HelperKept(h village.Helper) string {
	return to.say("You as a helper: %s", to.HelperWords(h))
}

// HelperExported is HelperKept with when the reader agreed to it and was last asked.
func (to Reader) HelperExported(h village.Helper) []string {
	lines := []string{to.HelperKept(h)}
	if !h.Joined.IsZero() {
		lines = append(lines, to.say("You said that I may ask you on %s", to.full(h.Joined, time.UTC)))
	}
	if !h.LastAsked.IsZero() {
		lines = append(lines, to.say("I last asked you directly on %s", to.full(h.LastAsked, time.UTC)))
	}
	return lines
}

// DiaryKept is how many days the reader checked in.
func (to Reader) DiaryKept(d village.Diary, until time.Time) string {
	line := to.say("Your check-ins: %d days", len(d.Days))
	if len(d.Days) == 1 {
		line = to.say("Your check-ins: one day")
	}
	return clauses(line, to.keptUntil(until))
}

// DiaryExported is DiaryKept with each of the days.
func (to Reader) DiaryExported(d village.Diary, until time.Time) []string {
	lines := []string{to.DiaryKept(d, until)}
	for _, day := range d.Days {
		name := day.Day
		if at, err := time.Parse(time.DateOnly, day.Day); err == nil {
			name = to.writing().Day(at, at.Location())
		}
		lines = append(lines, name+": "+to.Feeling(day.Feeling))
	}
	return lines
}

// PreferencesKept is how the reader wants to be written to.
func (to Reader) PreferencesKept() string {
	return to.say("How you want me to write to you: your voice, your quiet hours, your pause")
}

// PreferencesExported is PreferencesKept in full.
func (to Reader) PreferencesExported(c village.Preferences) []string {
	voice := to.say("My reminders to you wait behind a tap")
	if c.Plain {
		voice = to.say("My reminders to you show all they say at once")
	}
	quiet := to.say("Your quiet hours: the group's")
	switch {
	case c.Quiet != nil && c.Quiet.From == c.Quiet.To:
		quiet = to.say("Your quiet hours: none")
	case c.Quiet != nil:
		quiet = to.say("Your quiet hours: %s to %s", ClockWords(c.Quiet.From), ClockWords(c.Quiet.To))
	}
	lines := []string{voice, quiet}
	if c.Paused.After(to.Now) {
		lines = append(lines, to.say("Your own reminders are paused until %s", to.full(c.Paused, time.UTC)))
	}
	if c.Away.After(to.Now) {
		lines = append(lines, to.say("Everything that can wait is paused until %s", to.full(c.Away, time.UTC)))
	}
	for _, plan := range slices.Sorted(maps.Keys(c.Plans)) {
		if until := c.Plans[plan]; until.After(to.Now) {
			lines = append(lines, to.say("The reminders of your plan %s are paused until %s", plan, to.full(until, time.UTC)))
		}
	}
	return lines
}
