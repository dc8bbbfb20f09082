package words

import (
	"village/bot"
	"village/internal/village"
)

// Digest is the look at the week ahead, for everybody in the village channel.
func (to Reader) Digest(needs []village.Need, covered, asked int) bot.Message {
	m := bot.Message{Title: to.say("The week ahead")}
	for _, n := range needs {
		if n.State() == village.Open {
			m.Lines = append(m.Lines, bot.Line{Text: to.NeedLine(n), Button: to.claimThis(n)})
		}
	}
	coverage := to.Coverage(covered, asked)
	if len(m.Lines) == 0 {
		m.Tone, m.Text = bot.Good, to.say("Nobody has asked for help this week.")
		if asked > 0 {
			m.Text = paragraphs(coverage, to.say("Every request has somebody. Thank you, all of you."))
		}
		return m
	}
	m.Tone, m.Footer = bot.Asking, to.SharedAnyway()
	m.Text = paragraphs(coverage, to.say("Still open:"))
	return to.first(m)
}
