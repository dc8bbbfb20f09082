package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// dayOf is a date such as "2026-12-02" for people; what is no date stays as it is.
func dayOf(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("Mon 2 Jan")
}

// JournalListens asks for the line that somebody wants to write.
func (to Reader) JournalListens(question bool) bot.Message {
	m := bot.Message{Text: to.say("I'm listening. I'll keep what you write next, for you alone. One word is enough."), Buttons: []bot.Button{to.readBack()}}
	if question {
		m.Text = to.say("I'm listening. I'll keep your next words as a question for your next talk. Nobody else reads it.")
	}
	return m
}

func (to Reader) readBack() bot.Button {
	return bot.Button{Label: to.say("Read it back"), Command: "/journal read"}
}

func (to Reader) writeLine() bot.Button {
	return bot.Button{Label: to.say("Write a line"), Command: "/journal write"}
}

func (to Reader) myPage() bot.Button {
	return bot.Button{Label: to.say("A page for my therapist"), Command: "/session summary"}
}

// EntryKept says that words are kept, turn how often this person has been told so.
func (to Reader) EntryKept(e village.Entry, turn int) bot.Message {
	text := inTurn(turn, to.say("Thank you. I've kept that for you. Nobody else reads it."), to.say("Kept, for you alone."), to.say("That is in your journal now. It's yours alone."))
	if e.Question {
		text = to.say("I've kept your question. It can come along to your next talk.")
	}
	return bot.Message{Tone: bot.Good, Text: text, Buttons: []bot.Button{to.readBack(), {Label: to.say("Don't keep it"), Command: "/journal delete " + e.ID + " yes"}}}
}

// EntryLabel is an entry in a few words.
func EntryLabel(e village.Entry) string {
	return Clip(dayOf(e.Day)+": "+strings.Join(strings.Fields(e.Words), " "), 70)
}

// shownEntries is how many entries are read back at once, and shownLetters how much of
// each.
const (
	shownEntries = 10
	shownLetters = 280
)

// JournalBack is entries read back, the last ones; of is the day or the session they
// are of, "" for all.
func (to Reader) JournalBack(j village.Journal, of string) bot.Message {
	m := bot.Message{Title: to.say("Your journal"), Buttons: []bot.Button{to.writeLine()}}
	if of != "" {
		m.Title = to.say("Your journal, %s", of)
	}
	if len(j) == 0 {
		m.Text = to.say("There is nothing here yet. Write a line whenever you like: I'll keep it for you alone.")
		if of != "" {
			m.Text = to.say("There is nothing here.")
			m.Buttons = append(m.Buttons, bot.Button{Label: to.say("All of it"), Command: "/journal read"})
		}
		return m
	}
	shown := j[max(0, len(j)-shownEntries):]
	var parts []string
	menu := bot.Menu{Label: to.say("Open one, to change or delete it"), Command: "/journal show"}
	for _, e := range shown {
		parts = append(parts, to.entry(e, Clip(e.Words, shownLetters)))
		menu.Picks = append(menu.Picks, bot.Pick{Label: EntryLabel(e), Value: e.ID})
	}
	m.Text = strings.Join(parts, "\n\n")
	m.Menus = []bot.Menu{menu}
	m.Buttons = append(m.Buttons, to.myPage())
	more := ""
	if len(shown) < len(j) {
		more = to.say("These are the last %d of %d. For others, type a day: %s.", len(shown), len(j), "/journal read dec 3")
	}
	m.Footer = sentences(to.say("Only you see this. I keep each entry for a year."), more)
	return m
}

// entry is a day and what was written on it, under what it answers.
func (to Reader) entry(e village.Entry, words string) string {
	prompt := ""
	if e.Prompt != "" {
		prompt = to.say("You were given: *%s*", bot.Literal(Clip(e.Prompt, 120)))
	}
	said := to.say("**%s:** %s", dayOf(e.Day), bot.Literal(words))
	if e.Question {
		said = to.say("**%s, to ask:** %s", dayOf(e.Day), bot.Literal(words))
	}
	return paragraphs(prompt, said)
}

// WholeEntry is one entry with what can become of it.
func (to Reader) WholeEntry(e village.Entry) bot.Message {
	along := bot.Button{Label: to.say("Take it to my therapist"), Command: "/journal along " + e.ID}
	stands := ""
	if e.Along {
		along.Label = to.say("Leave it at home")
		stands = to.say("It will be on the page for your therapist.")
	}
	return bot.Message{Title: to.say("Your journal"), Text: to.entry(e, e.Words), Footer: sentences(to.say("Only you see this."), stands),
		Buttons: []bot.Button{{Label: to.say("Change the words"), Command: "/journal edit " + e.ID}, along, {Label: to.say("Delete it"), Command: "/journal delete " + e.ID}, to.readBack()}}
}

// EntryChanged says that an entry has other words now.
func (to Reader) EntryChanged(e village.Entry) bot.Message {
	m := to.WholeEntry(e)
	m.Title = to.say("It has your new words now")
	return m
}

// NoSuchEntry refuses a code that is none of the reader's.
func (to Reader) NoSuchEntry() error {
	return &bot.Error{Code: "no-such-entry", Say: to.say("I can't find that in your journal."), Hint: to.say("It may be deleted. Please look at what there is."), Buttons: []bot.Button{to.readBack()}}
}

// NotADay refuses words that are no day.
func (to Reader) NotADay() *bot.Error {
	return &bot.Error{Code: "day-unclear", Say: to.say("I need one day here."), Hint: to.say("For example: %s", "yesterday, or dec 3.")}
}

// SureToDeleteEntry asks before an entry is deleted.
func (to Reader) SureToDeleteEntry(e village.Entry) bot.Message {
	return bot.Message{Title: to.say("Delete this?"), Tone: bot.Asking, Text: paragraphs(to.entry(e, Clip(e.Words, shownLetters)), to.say("This can't be undone.")),
		Buttons: []bot.Button{{Label: to.say("Yes, delete it"), Command: "/journal delete " + e.ID + " yes", Style: bot.Danger}, {Label: to.say("Keep it"), Command: "/journal show " + e.ID}}}
}

// SureToDeleteJournal asks before all n entries are deleted.
func (to Reader) SureToDeleteJournal(n int) bot.Message {
	if n == 0 {
		return to.JournalBack(nil, "")
	}
	text := to.say("There are %d entries. This can't be undone.", n)
	if n == 1 {
		text = to.say("There is one entry. This can't be undone.")
	}
	return bot.Message{Title: to.say("Delete all of your journal?"), Tone: bot.Asking, Text: text,
		Buttons: []bot.Button{{Label: to.say("Yes, delete all of it"), Command: "/journal delete sure: yes", Style: bot.Danger}, {Label: to.say("Keep it"), Command: "/journal read"}}}
}

// EntriesDeleted says that an entry, or all of them, is gone.
func (to Reader) EntriesDeleted(all bool) bot.Message {
	if all {
		return bot.Message{Title: to.say("Your journal is deleted"), Text: to.say("Nothing of it is left.")}
	}
	return bot.Message{Text: to.say("It is deleted. Nothing of it is left."), Buttons: []bot.Button{to.readBack()}}
}

// NothingToLookBackAt answers when there was neither a card nor a line.
func (to Reader) NothingToLookBackAt() bot.Message {
	return bot.Message{Text: to.say("There is nothing to look back at yet. What you write after the next one will be here."), Buttons: []bot.Button{to.writeLine()}}
}

// LookBack is a gentle look at the last time: the words of its card, and what was
// written after it.
func (to Reader) LookBack(last village.Session, card string, written village.Journal) bot.Message {
	intention := ""
	if card != "" {
		intention = paragraphs(to.say("Your card then:"), "*"+bot.Literal(card)+"*")
	}
	var entries []string
	for _, e := range written[:min(len(written), shownEntries)] {
		entries = append(entries, to.entry(e, Clip(e.Words, shownLetters)))
	}
	after := strings.Join(entries, "\n\n")
	if after != "" {
		after = paragraphs(to.say("What you wrote after:"), after)
	}
	return bot.Message{Title: to.say("The last time, %s", when.Short(last.Start, to.Zone)), Text: paragraphs(intention, after),
		Footer: to.say("Only you see this. Nothing has to come of it."), Buttons: []bot.Button{to.writeLine(), to.readBack()}}
}

// WaitingKept is that the reader is about to write.
func (to Reader) WaitingKept() string {
	return to.say("That you are about to write in your journal")
}

// EntryKeptLine is that there is an entry of a day.
func (to Reader) EntryKeptLine(e village.Entry, until time.Time) string {
	if e.Question {
		return clauses(to.say("A question of yours, of %s", dayOf(e.Day)), to.keptUntil(until))
	}
	return clauses(to.say("A line of your journal, of %s", dayOf(e.Day)), to.keptUntil(until))
}

// EntryExported is an entry in full.
func (to Reader) EntryExported(e village.Entry, until time.Time) []string {
	lines := []string{to.EntryKeptLine(e, until)}
	if e.Prompt != "" {
		lines = append(lines, to.say("You were given: %s", bot.Literal(e.Prompt)))
	}
	return append(lines, to.say("You wrote: %s", bot.Literal(e.Words)))
}
