package words

import (
	"strings"

	"village/bot"
	"village/internal/village"
)

// Digest is the look at the week ahead, for everybody in the village channel.
func (to Reader) Digest(needs []village.Need, covered, asked int) bot.Message {
	m := bot.Message{Title: to.say("The week ahead")}
	var open []string
	more := 0
	for _, n := range needs {
		if n.State() != village.Open {
			continue
		}
		if len(open) == BoardSize {
			more++
			continue
		}
		open = append(open, "- "+to.NeedLine(n))
		m.Buttons = append(m.Buttons, to.claimThis(n))
	}
	coverage := to.Coverage(covered, asked)
	if len(open) == 0 {
		m.Tone, m.Text = bot.Good, paragraphs(coverage, to.say("Every request has somebody. Thank you, all of you."))
		return m
	}
	rest := ""
	if more > 0 {
		rest = to.say("And %d more.", more)
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("All that is open"), Command: "/need open all"})
	}
	m.Tone, m.Footer = bot.Asking, to.SharedAnyway()
	m.Text = paragraphs(coverage, to.say("Still open:"), strings.Join(open, "\n"), rest)
	return m
}
