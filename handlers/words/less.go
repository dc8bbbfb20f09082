package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// StopHow asks somebody who has had enough how they want to hear less: at best one quiet
// night, or until another instant. Said is that end as they said it, "tonight" for the
// next morning.
func (to Reader) StopHow(until time.Time, said string) bot.Message {
	quiet := bot.Button{Label: to.say("Quiet tonight"), Command: pauseAll(said), Style: bot.Primary}
	if said != "tonight" {
		quiet.Label = to.say("Quiet until %s", when.Short(until, to.Zone))
	}
	return bot.Message{Tone: bot.Asking, Text: to.say("Of course. Shall I be quiet until %s? What can't wait, such as a ride that is near, still comes.", Moment(until, to.Zone)),
		Buttons: []bot.Button{quiet, {Label: to.say("Pause until …"), Command: "/remind pause what: all"}, {Label: to.say("Fewer messages"), Command: lessLine},
			{Label: to.say("More"), Command: lessLine + " more: yes"}, to.talkNow(bot.Plain)}}
}

const lessLine = "/remind less"

func pauseAll(until string) string { return "/remind pause " + until + " what: all" }

// PauseUntilWhen asks until when all that can wait is paused.
func (to Reader) PauseUntilWhen() bot.Message {
	return bot.Message{Tone: bot.Asking, Text: to.say("Until when? A day or a length is enough, such as “friday” or “two weeks”."),
		Buttons: []bot.Button{{Label: to.say("For 3 days"), Command: pauseAll("3 days")}, {Label: to.say("For a week"), Command: pauseAll("1 week")}}}
}

// Sent is what that makes me write to somebody.
type Sent struct {
	// Plans have reminders of their own, Own is how many reminders they have set, Helps
	// that they help others, and Quiet are their quiet hours.
	Plans []village.Course
	Own   int
	Helps bool
	Quiet village.Quiet
}

// Less shows where messages come from, each with the way to have fewer of them.
func (to Reader) Less(s Sent) bot.Message {
	m := bot.Message{Title: to.say("Fewer messages"), Text: to.say("This is what I write to you about. Each can be turned down by itself.")}
	line := func(text, label, command string) {
		m.Lines = append(m.Lines, bot.Line{Text: text, Button: bot.Button{Label: label, Command: command}})
	}
	for _, c := range s.Plans {
		day := when.Short(c.Sessions[0].Start, to.Zone)
		line(to.say("Your plan that began with %s: each of its reminders can be switched off.", day), to.say("The plan’s reminders"), "/session show "+c.ID+" every: yes")
	}
	if s.Own > 0 {
		line(many(s.Own, to.say("A reminder that you have set."), to.say("%d reminders that you have set.", s.Own)), to.say("My own reminders"), "/remind list")
	}
	if s.Helps {
		line(to.say("Requests that I ask you about directly."), to.say("What I am asked for"), "/helper show")
	}
	if s.Quiet.From == s.Quiet.To {
		line(to.say("You have no quiet hours."), to.say("Quiet hours"), "/remind quiet")
	} else {
		line(to.say("Quiet hours: from %s to %s what can wait, waits.", ClockWords(s.Quiet.From), ClockWords(s.Quiet.To)), to.say("Other quiet hours"), "/remind quiet")
	}
	m.Buttons = []bot.Button{{Label: to.say("Pause until …"), Command: "/remind pause what: all"}}
	return m
}

// LessStill are the ways out that are beyond hearing less.
func (to Reader) LessStill() bot.Message {
	return bot.Message{Title: to.say("More"), Text: to.say("Nothing here happens at one tap: I'll ask once more before anything is deleted."),
		Buttons: []bot.Button{{Label: to.say("Quiet hours"), Command: "/remind quiet"}, {Label: to.say("What you keep about me"), Command: "/privacy show"},
			{Label: to.say("Delete everything about me"), Command: "/privacy delete"}, to.talkNow(bot.Plain)}}
}

// StillMissing brings a form back to somebody who has said yes to it: missing is what it
// asks for and does not know yet.
func (to Reader) StillMissing(label string, missing []string) bot.Message {
	m := bot.Message{Tone: bot.Asking, Text: to.say("**%s**: please look it over, and send it off.", bot.Literal(label))}
	if len(missing) > 0 {
		m.Text = to.say("**%s**: I still need this from you. Please add it, and send it off: **%s**.", bot.Literal(label), bot.Literal(strings.Join(missing, ", ")))
	}
	return m
}
