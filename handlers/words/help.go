package words

import (
	"strings"

	"village/bot"
)

// Help is what the bot can do; commands are those that the reader may use.
func (to Reader) Help(commands []bot.Command) bot.Message {
	var lines []string
	for _, cmd := range commands {
		lines = append(lines, "- **/"+cmd.Name+"** "+bot.Literal(cmd.Summary))
	}
	return bot.Message{Title: to.say("What I can do"),
		Text: paragraphs(to.say("I am Village. I answer questions, remind, and help you find somebody to drive or bring a meal. I am not a doctor and nobody watches this chat."),
			strings.Join(lines, "\n"),
			to.say("%s explains a command. Only you see what I answer.", bot.Literal("/help ask"))),
		Buttons: []bot.Button{
			{Label: to.say("Ask a question"), Command: "/faq"},
			{Label: to.say("Ask for a ride home"), Command: "/ask ride-home"},
			{Label: to.say("See who needs help"), Command: "/need open"},
			to.talkNow(bot.Danger)}}
}

// HelpFor explains one command by those of its commands that the reader may use.
func (to Reader) HelpFor(cmd bot.Command, usable []bot.Command) bot.Message {
	var lines []string
	for _, c := range usable {
		lines = append(lines, "- "+bot.Literal(c.Summary)+": "+bot.Literal(c.Example))
	}
	return bot.Message{Title: "/" + cmd.Name, Text: bot.Literal(cmd.Summary) + ".\n\n" + strings.Join(lines, "\n")}
}

// NoSuchCommand is a command that there is not.
func (to Reader) NoSuchCommand() error {
	return &bot.Error{Code: bot.CodeUnknownCommand, Say: to.say("I don't know that command."), Hint: to.say("These are all of them:"),
		Buttons: []bot.Button{{Label: to.say("Help"), Command: "/help"}}}
}
