package words

import (
	"strings"

	"village/bot"
)

// Note is one of a group's own notes; Topic is the name of the answer it stands with.
type Note struct{ ID, Topic, Words string }

// NoteSet says with which answer a note stands from now on; title is empty for the
// crisis lines.
func (to Reader) NoteSet(n Note, title string) bot.Message {
	if title == "" {
		title = to.say("the crisis lines")
	}
	return bot.Message{Title: to.say("Your note is set"), Tone: bot.Good,
		Text:    to.say("It stands with “%s” from now on, marked as your group's own: %s", bot.Literal(title), bot.Literal(n.Words)),
		Buttons: []bot.Button{{Label: to.say("Remove it"), Command: "/local remove " + n.ID}, to.allNotes()}}
}

func (to Reader) allNotes() bot.Button {
	return bot.Button{Label: to.say("All notes"), Command: "/local list"}
}

// Notes lists a group's own notes.
func (to Reader) Notes(notes []Note) bot.Message {
	if len(notes) == 0 {
		return bot.Message{Text: to.say("Your group has no notes of its own yet. They can say the clinic's phone, where to park, or a local line."),
			Buttons: []bot.Button{{Label: to.say("Write one"), Command: "/local add"}}}
	}
	m := bot.Message{Title: to.say("Your group's own notes")}
	var lines []string
	for _, n := range notes {
		lines = append(lines, "- **"+bot.Literal(n.Topic)+"** ("+n.ID+"): "+bot.Literal(n.Words))
		if len(m.Buttons) < BoardSize {
			m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Remove: %s", Clip(n.Words, 40)), Command: "/local remove " + n.ID})
		}
	}
	m.Text = strings.Join(lines, "\n")
	return m
}

// NoteRemoved says that a note is gone.
func (to Reader) NoteRemoved() bot.Message {
	return bot.Message{Title: to.say("Removed"), Text: to.say("That note is gone.")}
}

// WithNotes adds a group's own notes to an answer.
func (to Reader) WithNotes(m bot.Message, notes []string) bot.Message {
	var lines []string
	for _, words := range notes {
		lines = append(lines, bot.Literal(words))
	}
	m.Fields = append(m.Fields[:len(m.Fields):len(m.Fields)], bot.Field{Name: to.say("From your own group"), Value: strings.Join(lines, "\n\n")})
	m.Page = ""
	return m
}

// ReportThanks thanks for saying that an answer is wrong; told says whether there are
// moderators who hear of it.
func (to Reader) ReportThanks(told bool) bot.Message {
	if told {
		return bot.Message{Title: to.say("Thank you"), Tone: bot.Good,
			Text: to.say("I'll tell the moderators that this answer is wrong or unclear, and not who said so. If it is about your health, please ask your clinic now rather than wait.")}
	}
	return bot.Message{Title: to.say("Thank you"), Tone: bot.Asking,
		Text: to.say("I know of no moderator here whom I could tell, so please tell one yourself. If it is about your health, please ask your clinic now.")}
}

// Reported tells moderators that somebody finds an answer wrong.
func (to Reader) Reported(topic, title string) bot.Message {
	return bot.Message{Title: to.say("Somebody finds an answer wrong or unclear"),
		Text:    to.say("It is “%s” (%s). I don't know who it was. You can put a note of your own beside it, or tell the people who write the answers.", bot.Literal(title), topic),
		Buttons: []bot.Button{{Label: to.say("Read the answer"), Command: "/faq " + topic}}}
}

// OnCrisis is the crisis lines, where a note can stand as well as with an answer.
func (to Reader) OnCrisis(topic string) bot.Pick {
	return bot.Pick{Label: to.say("The crisis lines"), Value: topic}
}

// NoTopicForNote is a note with an answer that there is not.
func (to Reader) NoTopicForNote() error {
	return &bot.Error{Code: "no-such-topic", Say: to.say("I don't know that topic."),
		Hint: to.say("It is a name such as rides, or crisis for the crisis lines. I suggest them while you type, and /faq shows them all.")}
}

// NoTopicToReport is a report of an answer that there is not.
func (to Reader) NoTopicToReport() error {
	return &bot.Error{Code: "no-such-topic", Say: to.say("I don't know that topic."), Hint: to.say("For example: /wrong fasting")}
}

// NotSayable is a note that must not be said: what is wrong with it, and what to do.
func (to Reader) NotSayable(what, do string) error {
	return &bot.Error{Code: "not-sayable", Say: to.say("I can't say that to people: it %s.", what),
		Hint: sentences(to.say("Please leave out amounts, promises and anything about taking or stopping a medicine."), Capital(do)+".")}
}

// ManyNotes is as many notes as are kept.
func (to Reader) ManyNotes(many int) error {
	return &bot.Error{Code: bot.CodeTooMany, Say: to.say("There are %d notes already, which is as many as I keep.", many), Hint: to.say("Please remove one first: /local list.")}
}

// NoSuchNote is a note that there is not in this group.
func (to Reader) NoSuchNote() error {
	return &bot.Error{Code: "no-such-note", Say: to.say("I can't find that note in this group."), Hint: to.say("These are the ones there are:"), Buttons: []bot.Button{to.allNotes()}}
}
