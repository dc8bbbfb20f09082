package handlers

import (
	"context"
	"strings"

	"village/bot"
)

// everything asks for all of it, also of somebody who is being spared it.
const everything = "all"

// help says what the bot can do, or explains one command.
func (a *App) help(ctx context.Context, r bot.Request) (bot.Reply, error) {
	name := strings.TrimLeft(strings.ToLower(r.Arg("command")), "/")
	if name != "" && name != everything {
		for _, cmd := range a.Table() {
			if first, _, _ := strings.Cut(name, " "); cmd.Name == first {
				return bot.Say(helpFor(cmd, r.From.Moderator)), nil
			}
		}
		return bot.Reply{}, &bot.Error{Code: bot.CodeUnknownCommand, Say: "I don't know that command.", Hint: "These are all of them:", Buttons: []bot.Button{{Label: "Help", Command: "/help"}}}
	}
	if name == "" {
		rest, err := a.resting(ctx, r, a.to(r, nil).EverythingICanDo("/help "+everything))
		if err != nil {
			return bot.Reply{}, err
		}
		if rest != nil {
			return bot.Say(*rest), nil
		}
	}
	m := bot.Message{Title: "What I can do",
		Text: "I am Village. I answer questions, remind, and help you find somebody to drive or bring a meal. I am not a doctor and nobody watches this chat.",
		Buttons: []bot.Button{
			{Label: "Ask a question", Command: "/faq"},
			{Label: "Ask for a ride home", Command: "/ask ride-home"},
			{Label: "See who needs help", Command: "/need open"},
			{Label: "I need to talk to somebody now", Command: "/crisis", Style: bot.Danger},
		}}
	var lines []string
	for _, cmd := range a.Table() {
		if visible(cmd, r.From.Moderator) {
			lines = append(lines, "- **/"+cmd.Name+"** "+bot.Literal(cmd.Summary))
		}
	}
	m.Text += "\n\n" + strings.Join(lines, "\n") + "\n\n" + bot.Literal("/help ask") + " explains a command. Only you see what I answer."
	return bot.Say(m), nil
}

func helpFor(cmd bot.Command, moderator bool) bot.Message {
	m := bot.Message{Title: "/" + cmd.Name, Text: bot.Literal(cmd.Summary) + "."}
	var lines []string
	for _, c := range append([]bot.Command{cmd}, cmd.Subs...) {
		if c.Example != "" && visible(c, moderator) {
			lines = append(lines, "- "+bot.Literal(c.Summary)+": "+bot.Literal(c.Example))
		}
	}
	m.Text += "\n\n" + strings.Join(lines, "\n")
	return m
}

// visible says whether a person can use a command, or one of those below it.
func visible(cmd bot.Command, moderator bool) bool {
	if cmd.Who == bot.Anyone || cmd.Who == bot.Moderators && moderator {
		return true
	}
	for _, sub := range cmd.Subs {
		if visible(sub, moderator) {
			return true
		}
	}
	return false
}
