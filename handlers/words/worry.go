package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// Report is what somebody told the moderators was not right. By is empty for somebody
// who gave no name, About for what is about no request.
type Report struct {
	Words string
	By    village.Person
	About village.Need
	At    time.Time
}

// ReportForm is the form of a report. Whoever is in danger is told first whom to call.
func (to Reader) ReportForm(emergency Line) bot.Form {
	return bot.Form{Title: to.say("Tell the moderators"),
		Intro: to.called(emergency.Words) + ". " + to.say("I'm sorry that something was not right. I'll tell the moderators in your words, and I'll never tell whoever it is about. They learn your name only if you say so.")}
}

// OfferReport offers to tell the moderators what the reader has just said; line is the
// command that does, empty where that would be too long. It is about a need, or about none
// that is known.
func (to Reader) OfferReport(n village.Need, line string) bot.Message {
	m := bot.Message{Title: to.say("Something was not right?")}
	if line == "" {
		m.Text = to.say("I'm sorry. You can tell the moderators, in your own words, and I'll never tell whoever it is about. If you are in danger now, call for help first.")
		command := "/report"
		if n.ID != "" {
			command += " need: " + n.ID
		}
		m.Buttons = []bot.Button{{Label: to.say("Write to them"), Command: command, Style: bot.Primary}}
		return m
	}
	about := to.say("If it was somebody of this village: shall I tell the moderators what you just wrote? I'll never tell whoever it is about.")
	if n.ID != "" {
		about = to.say("Shall I tell the moderators what you just wrote? I'll never tell whoever it is about. It would be about this: %s", to.NeedLine(n))
	}
	m.Text = to.say("I'm sorry. If you are in danger now, call for help first; you need not get into a car with anybody.") + "\n\n" + about
	m.Buttons = []bot.Button{{Label: to.say("Tell them, without my name"), Command: line, Style: bot.Primary}, {Label: to.say("Tell them, with my name"), Command: line + " name: yes"}}
	return m
}

// ReportLines are the lines beside a report.
func (to Reader) ReportLines(listen []Line, emergency Line) bot.Message {
	ways := make([]string, len(listen))
	for i, line := range listen {
		ways[i] = to.tap(line)
	}
	return bot.Message{Text: to.tap(emergency) + ". " + to.say("Nobody is watching this chat.") + "\n" + to.say("To talk to somebody at any hour: %s.", strings.Join(ways, ", ")),
		Buttons: []bot.Button{{Label: to.say("I need to talk to somebody now"), Command: "/crisis", Style: bot.Danger}}}
}

// ReportMade thanks for a report.
func (to Reader) ReportMade(id string, named, about bool) bot.Message {
	m := bot.Message{Title: to.say("Thank you for saying so"), Tone: bot.Good}
	text := []string{to.say("The moderators will read it as you wrote it. I won't tell whoever it is about, and nobody else will see it.")}
	if named {
		text = append(text, to.say("They know that it is from you, so that they can ask how you are."))
	} else {
		text = append(text, to.say("I won't tell them your name."))
		if about {
			text = append(text, to.say("I'll tell them which request it is about."))
		}
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("They may know it was me"), Command: "/report sign: " + id})
	}
	m.Text = strings.Join(append(text, to.say("I'll wipe it after 90 days.")), " ")
	return m
}

// ReportSigned says that the moderators are told whose report it is.
func (to Reader) ReportSigned() bot.Message {
	return bot.Message{Text: to.say("Thank you. I'll tell the moderators that it was you, and nobody else.")}
}

// NobodyToReportTo is a report where no moderator can be told alone.
func (to Reader) NobodyToReportTo() bot.Message {
	return bot.Message{Title: to.say("I could not tell anybody"), Tone: bot.Urgent,
		Text: to.say("I know of no moderator here whom I can tell without others reading along, so I told nobody and kept nothing. Please tell somebody you trust, or a moderator yourself.")}
}

// NoSuchReport is a code that is none of the reader's reports.
func (to Reader) NoSuchReport() error {
	return &bot.Error{Code: "no-such-report", Say: to.say("I don't have a report of yours with that code."), Hint: to.say("To make one: /report")}
}

// ManyReports is one report too many on a day.
func (to Reader) ManyReports() error {
	return &bot.Error{Code: "many-reports", Say: to.say("You have told the moderators a lot today, and they will read it all."),
		Hint: to.say("If it cannot wait, please write to one of them, or call for help: /crisis")}
}

// ReportToModerators tells moderators of a report, and what they can do.
func (to Reader) ReportToModerators(r Report) bot.Message {
	m := bot.Message{Title: to.say("Somebody says that something was not right"), Tone: bot.Urgent}
	by := to.say("They did not give their name. Please don't try to find out who it is.")
	if r.By.ID != "" {
		by = to.say("It is from %s, who says you may know.", bot.Literal(r.By.Name))
	}
	lines := []string{"> " + strings.ReplaceAll(bot.Literal(r.Words), "\n", "\n> "), by}
	if n := r.About; n.ID != "" {
		lines = append(lines, to.say("It is about this: %s", to.NeedLine(n)))
		for _, c := range n.Helpers() {
			if village.IsGuest(c.Helper.ID) || c.Helper.ID == "" {
				continue
			}
			m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Keep %s from this member's requests", Clip(c.Helper.Name, 30)), Command: "/need decline " + n.ID + " " + c.Helper.ID})
			if c.Helper.ID != r.By.ID { // whoever says so may help others
				m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Keep %s from all requests", Clip(c.Helper.Name, 30)), Command: "/helper bar " + c.Helper.ID, Style: bot.Danger})
			}
		}
		m.Buttons = m.Buttons[:min(len(m.Buttons), 4)]
	}
	lines = append(lines, to.say("You can keep people apart, keep somebody from helping, and call whoever may be in danger. Please don't tell whoever it is about that somebody has said so. I'll wipe it after 90 days."))
	m.Text = strings.Join(lines, "\n\n")
	return m
}

// WorryKept is what is kept of a report.
func (to Reader) WorryKept(said string, until time.Time) string {
	return to.say("What you told the moderators: %s", bot.Literal(Clip(said, 60))) + ". " + to.keptUntil(until)
}

// WorryExported is the whole of it.
func (to Reader) WorryExported(said string, at, until time.Time) string {
	return to.say("What you told the moderators on %s: %s", to.writing().Date(at), bot.Literal(said)) + ". " + to.keptUntil(until)
}
