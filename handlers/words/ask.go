package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// Asked says back in full what was asked for, once or several times.
func (to Reader) Asked(g village.Group, needs []village.Need) bot.Message {
	n := needs[0]
	m := bot.Message{Title: to.say("I'm asking your village"), Tone: bot.Good}
	var asked, where string
	if len(needs) == 1 {
		asked = to.say("**%s** on **%s**, %s.", Capital(to.Noun(n.Kind)), to.Span(n), to.Where(n))
		where = to.say("I'm posting it in %s now. I'll tell you who says yes, or if nobody does.", RoomNames(g))
		m.Buttons = []bot.Button{to.SeeButton(n), to.ForwardButton(n, village.Person{}), to.cancelButton(n)}
	} else {
		var lines []string
		for _, n := range needs {
			lines = append(lines, "- "+to.say("%s (%s)", Moment(n.Start, to.Zone), n.ID))
		}
		asked = paragraphs(to.say("You asked for **%s**, %s, %d times:", to.Noun(n.Kind), to.Where(n), len(needs)), strings.Join(lines, "\n"),
			to.say("Each is posted a week before its day. Different people can say yes to different days."))
		where = to.say("I'm posting the first one in %s now. I'll tell you who says yes, or if nobody does.", RoomNames(g))
		m.Buttons = []bot.Button{{Label: to.say("See them"), Command: "/need mine"}}
	}
	var hidden, children, private string
	if n.Hidden {
		hidden = to.say("Your name is not shown there. Whoever says yes learns it.")
	}
	if n.Kind.WithChildren() {
		children = to.say("Because of the children, I'll ask you about each helper once.")
	}
	if !n.Kind.WithChildren() && !g.Anyone {
		children = to.say("I'll ask you about each helper once.")
	}
	if n.Details {
		private = to.say("Only your helper opens the private part, the evening before. It is wiped %s later.", to.wipedAfter(n.DetailsKept()))
	}
	m.Text = paragraphs(asked, where, hidden, children, private)
	return m
}

// EndsFirst refuses an end before the start.
func (to Reader) EndsFirst(start string) error {
	return &bot.Error{Code: "ends-first", Say: to.say("Until when? It has to end after it starts, and that is on %s.", start), Hint: to.say("For example: 5pm, or 3 hours")}
}

// UntilWhen says of which of two times a mistake is.
func (to Reader) UntilWhen(mistake *bot.Error) error {
	mistake.Say = sentences(to.say("Until when?"), mistake.Say)
	return mistake
}

// WhichClock asks whose clock somebody's words are on: the group's, or their own in
// another zone.
func (to Reader) WhichClock(group, own *time.Location, buttons []bot.Button) error {
	city := func(zone *time.Location) string { return cityOf(zone.String()) }
	return &bot.Error{Code: "which-clock", Say: to.say("Your group is on %s time, and you are on %s time. Which do you mean?", city(group), city(own)),
		Hint: to.say("Everybody is told the hour on that clock."), Buttons: buttons}
}
