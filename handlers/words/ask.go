package words

import (
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// AskTitle fits a form's title.
func AskTitle(k village.KindWords) string {
	if k.Kind == village.StayWith {
		return "Ask for " + k.Short
	}
	return "Ask for " + k.Noun
}

// Asked says back in full what was Asked for.
func Asked(g village.Group, needs []village.Need, zone *time.Location) bot.Message {
	n := needs[0]
	w := n.Kind.Words()
	m := bot.Message{Title: "I have asked your village", Tone: bot.Good,
		Text: fmt.Sprintf("You asked for **%s** on **%s**, %s.", w.Noun, Span(n, zone), bot.Literal(n.Where())),
		Buttons: []bot.Button{
			{Label: "See it", Command: "/need show " + n.ID},
			{Label: "Cancel it", Command: "/need cancel " + n.ID},
		}}
	if len(needs) > 1 {
		var lines []string
		for _, n := range needs {
			lines = append(lines, "- "+Moment(n.Start, zone)+" ("+n.ID+")")
		}
		m.Text = fmt.Sprintf("You asked for **%s**, %s, %d times:\n\n%s\n\nEach is posted a week before its day. Different people can say yes to different days.",
			w.Noun, bot.Literal(n.Where()), len(needs), strings.Join(lines, "\n"))
		m.Buttons = []bot.Button{{Label: "See them", Command: "/need mine"}}
	}
	which := "It"
	if len(needs) > 1 {
		which = "The first one"
	}
	m.Text += "\n\n" + which + " is in " + RoomNames(g) + " now. I tell you as soon as somebody says yes, and while there is still time if nobody does."
	if n.Hidden {
		m.Text += "\n\nYour name is not shown there. Whoever says yes learns it."
	}
	if n.Kind.WithChildren() {
		m.Text += "\n\nBecause children are part of it, I ask you about each helper once, before they are told anything private."
	}
	if n.Details {
		m.Text += "\n\nYour private details go only to the person who says yes, and are wiped " + n.WipedAfter() + " later."
	}
	return m
}
