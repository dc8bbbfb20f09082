package words

import (
	"village/bot"
	"village/internal/village"
)

// What is said to and about those who only hear that somebody is home.

// hasArrived tells it to them.
func (to Reader) hasArrived(j village.Notice, n village.Need) bot.Message {
	who := bot.Literal(j.About.Name)
	return bot.Message{Title: to.say("%s is home", j.About.Name), Tone: bot.Good, Text: to.say("**%s** is home safe.", who)}
}

// ToldHome says below an answer to home safe who hears of it, with words to send them.
func (to Reader) ToldHome(m bot.Message, told []village.Family) bot.Message {
	if len(told) == 0 {
		return m
	}
	f := Forward{Subject: to.say("Home"), Text: to.say("I'm home safe.")}
	for _, one := range told {
		m.Text = paragraphs(m.Text, to.say("It stands on the page of **%s** now, and comes by e-mail where I may write. A page can't ring, so a text from you is quicker: “%s”", bot.Literal(one.Name), f.Text))
	}
	m.Buttons = append(m.Buttons, to.sendButtons(f)[:1]...)
	return m
}
