package words

import (
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// Unsettled says what keeps a yes from being one.
func Unsettled(n village.Need) string {
	for _, c := range n.Claims {
		switch {
		case c.Silent:
			return ", no answer yet"
		case c.Waiting, c.Unsure, c.Reread:
			return " " // the name says it
		}
	}
	return ""
}

func Digest(needs []village.Need, line string, zone *time.Location) bot.Message {
	m := bot.Message{Title: "The week ahead", Text: line}
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
		open = append(open, "- "+NeedLine(n, zone, ""))
		m.Buttons = append(m.Buttons, bot.Button{Label: Clip(n.Kind.Words().Offer+": "+when.Short(n.Start, zone), 40), Command: "/need claim " + n.ID})
	}
	if len(open) == 0 {
		m.Tone = bot.Good
		m.Text += "\n\nEvery request has somebody. Thank you, all of you."
		return m
	}
	m.Tone, m.Footer = bot.Asking, SharedAnyway
	m.Text += "\n\nStill open:\n\n" + strings.Join(open, "\n")
	if more > 0 {
		m.Text += fmt.Sprintf("\n\nAnd %d more.", more)
		m.Buttons = append(m.Buttons, bot.Button{Label: "All that is open", Command: "/need open all"})
	}
	return m
}
