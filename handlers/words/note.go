package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// NoteBehindATap is a note of several reminders that a locked screen may show: m is the
// message of the first one.
func (to Reader) NoteBehindATap(m bot.Message, note []Reminder) bot.Message {
	lead := note[0]
	to = to.inPlan(lead.Course)
	read := bot.Button{Label: to.say("Tap to read"), Command: "/session read " + stepNamed(lead.Step)}
	switch {
	case lead.Step.Name == village.CheckIn:
		more := to.say("A short note is here for you, too.")
		for _, x := range note {
			if x.Step.Books() != "" {
				more = x.Discreet
			}
		}
		if lead.Course.Words(lead.Step) == "" {
			m.Text = paragraphs(m.Text, more)
			m.Buttons = append(m.Buttons, read)
		}
	case lead.Step.Prepares() && to.noRideYet(lead) != "":
		m.Text = to.say("Something for tomorrow is not settled yet. Please tap to read.")
	case lead.Step.Prepares():
		m.Text = to.say("Your note for tomorrow is here. Tap to read it.")
	}
	return m
}

// NoteInFull is a note of several reminders in plain words: the first one whole, which is
// m, and the others a line each, to be opened by a tap.
func (to Reader) NoteInFull(m bot.Message, note []Reminder) bot.Message {
	lead := note[0]
	to = to.inPlan(lead.Course)
	first := ""
	if lead.Step.Prepares() {
		first = to.homeLine(lead)
	}
	var lines []string
	var change []bot.Button
	if n := len(m.Buttons); n > 0 && strings.HasPrefix(m.Buttons[n-1].Command, "/session remind ") {
		m.Buttons, change = m.Buttons[:n-1:n-1], m.Buttons[n-1:]
	}
	for _, x := range note[1:] {
		line, label := to.noteLine(x)
		lines = append(lines, "- "+line)
		if len(m.Buttons)+len(change) < mostButtons {
			m.Buttons = append(m.Buttons, bot.Button{Label: Clip(Capital(label), 40), Command: "/session read " + stepNamed(x.Step)})
		}
	}
	m.Buttons = append(m.Buttons, change...)
	m.Text = paragraphs(first, m.Text, to.say("Also for you:"), strings.Join(lines, "\n"))
	return m
}

// mostButtons is how many buttons stand under one message.
const mostButtons = 20

// noteLine is a reminder as one line of a note, and on a button.
func (to Reader) noteLine(x Reminder) (line, label string) {
	label = to.StepLabel(x.Step.Name, x.Step.Part)
	switch x.Step.Name {
	case village.BookRide:
		label = to.say("your ride home")
		line = to.say("Your ride home on %s is not set yet.", to.shortDay(x.Session.Start))
	case village.BookChild:
		label = to.say("the children")
		line = to.say("Nobody is with the children on %s yet.", to.shortDay(x.Session.Start))
	case village.Fasting:
		line = to.clinicRules(x.Course, x.Session)
	default:
		line = Capital(label)
	}
	if own := x.Course.Words(x.Step); own != "" {
		line = bot.Literal(own)
	}
	return line, label
}

func (to Reader) shortDay(t time.Time) string { return to.writing().ShortDay(t, to.Zone) }

// homeLine is the first line of a day, and of the evening before: who brings the member
// home, or that nobody is down for it yet. It is empty where no ride was asked for.
func (to Reader) homeLine(x Reminder) string {
	if none := to.noRideYet(x); none != "" {
		return none
	}
	n, some := village.RideToCome(x.Needs, to.Now)
	if !some || len(n.Helpers()) == 0 {
		return ""
	}
	at, today := to.rideAt(n)
	who, doubtful := PlainNames(n.Helpers()), false
	for _, c := range n.Helpers() {
		doubtful = doubtful || c.Unsure || c.Silent || !c.Doubted.IsZero()
	}
	switch {
	case doubtful && today:
		return to.say("**%s is down for your ride home at %s, but has not told me lately that it is still on.** Please ask them.", who, at)
	case doubtful:
		return to.say("**%s is down for your ride home on %s, but has not told me lately that it is still on.** Please ask them.", who, at)
	case today:
		return to.say("**%s will bring you home at %s.**", who, at)
	}
	return to.say("**%s will bring you home on %s.**", who, at)
}

// rideAt is the hour of a ride, with its day where that is not today.
func (to Reader) rideAt(n village.Need) (at string, today bool) {
	start := n.Start.In(to.Zone)
	if y, m, d := to.Now.In(to.Zone).Date(); y == start.Year() && m == start.Month() && d == start.Day() {
		return to.clock(start), true
	}
	return bot.Literal(when.Short(n.Start, to.Zone)), false
}
