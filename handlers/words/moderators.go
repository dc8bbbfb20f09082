package words

import (
	"fmt"

	"village/bot"
	"village/internal/village"
)

func UnpostedWords(j village.Notice, n village.Need, what string) *bot.Message {
	if n.State() != village.Open {
		return nil
	}
	room := bot.RoomLink(bot.Room{ID: j.Closed, Name: RoomName(j.Closed)})
	m := &bot.Message{Title: "I could not post it", Tone: bot.Urgent, Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
	if j.To.Person != n.Member.ID {
		m.Text = fmt.Sprintf("For the moderators: I may not write in %s, so nobody there sees what is asked for: %s. Please let me in, or choose another channel: /setup channel", room, what)
		return m
	}
	m.Notify = []string{j.To.Person}
	m.Text = fmt.Sprintf("I may not write in %s, so nobody has seen your request there: %s. I am sorry. I tell the moderators, and still ask helpers directly. Please ask somebody you know as well.", room, what)
	return m
}

// InsteadOf says why a moderator is told directly.
func InsteadOf(j village.Notice) string {
	return "\n\nI could not write in " + bot.RoomLink(bot.Room{ID: j.Instead, Name: RoomName(j.Instead)}) + ", so I tell you here. Please let me in there, or choose another channel: /setup moderators"
}
