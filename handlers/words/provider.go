package words

import (
	"strings"

	"village/bot"
)

// Point is one thing to check or to ask, and why.
type Point struct{ Text, Why string }

// Provider is what to check before choosing who looks after one, or what to ask them.
func (to Reader) Provider(title, about string, questions bool, points []Point) bot.Message {
	var lines []string
	for _, p := range points {
		lines = append(lines, "- "+sentences(p.Text, p.Why))
	}
	heading, other := to.say("**What to check**"), bot.Button{Label: to.say("What to ask them"), Command: "/provider questions"}
	if questions {
		heading, other = to.say("**What to ask them**"), bot.Button{Label: to.say("What to check"), Command: "/provider checks"}
	}
	return bot.Message{Title: title, Text: paragraphs(about, heading, strings.Join(lines, "\n")), Buttons: []bot.Button{other}, Footer: to.FromAPeer()}
}

// ProviderButton leads to the list.
func (to Reader) ProviderButton() bot.Button {
	return bot.Button{Label: to.say("A list to check them by"), Command: "/provider"}
}

// WantsScores answers whoever wants to keep a score of how they are.
func (to Reader) WantsScores() bot.Message {
	return bot.Message{Text: paragraphs(to.say("I don't go through a clinic's scale with you: what a number means is theirs to say. A number that they gave you I can keep, if you tell me which: “my PHQ-9 was 12”."),
		to.say("And I can ask you each day how it is, better, the same or heavier, and draw your days as a chart. Only you see any of it.")),
		Buttons: []bot.Button{{Label: to.say("How is today?"), Command: "/checkin today", Style: bot.Primary}, {Label: to.say("My days"), Command: "/checkin chart"}, {Label: to.say("Numbers I was given"), Command: "/checkin scores"}}}
}
