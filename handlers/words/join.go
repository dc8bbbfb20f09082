package words

import "village/bot"

// JoinCode gives a code with which another workspace joins this village.
func (to Reader) JoinCode(code string) bot.Message {
	return bot.Message{Title: to.say("A code for the other side"), Tone: bot.Good,
		Text: to.say("In the Slack workspace or Discord server that should share this village, a moderator types within an hour:") +
			"\n\n**" + bot.Literal("/setup join "+code) + "**\n\n" +
			to.say("After that, every request shows on both sides, and one yes wins. Please give the code to that moderator only.")}
}

// Joined says that two workspaces are one village; channel says whether this side
// has a village channel.
func (to Reader) Joined(channel bool) bot.Message {
	m := bot.Message{Title: to.say("You are one village now"), Tone: bot.Good,
		Text: to.say("What is asked on one side shows on both from now on. The other side's time zone, quiet hours and country hold for all.")}
	if !channel {
		m.Text += "\n\n" + to.say("This side has no village channel yet, so its people see nothing posted:")
		m.Buttons = []bot.Button{{Label: to.say("Use this channel"), Command: "/setup channel"}}
	}
	return m
}

// JoinLeft says that a workspace is a village of its own again.
func (to Reader) JoinLeft() bot.Message {
	return bot.Message{Title: to.say("This side is a village of its own again"), Text: to.say("What was asked while you were one stays with the other side.")}
}

// NoSuchJoinCode is a code that nobody has given.
func (to Reader) NoSuchJoinCode() error {
	return &bot.Error{Code: "no-such-code", Say: to.say("I don't know that code. It works once, and for an hour."),
		Hint: to.say("Please ask the other side's moderator for a new one: they type /setup join.")}
}

// JoinCodeSpent is a code that somebody else has just used.
func (to Reader) JoinCodeSpent() error {
	return &bot.Error{Code: "no-such-code", Say: to.say("That code has just been used."), Hint: to.say("Please ask for a new one.")}
}

// SameVillage is a side's own code.
func (to Reader) SameVillage() error {
	return &bot.Error{Code: "same-group", Say: to.say("This is the same village already, so there is nothing to join."),
		Hint: to.say("The code is for a moderator of the other workspace.")}
}

// OnePlatformTwice refuses to make one village of two places of one platform.
func (to Reader) OnePlatformTwice() error {
	return &bot.Error{Code: "one-platform-twice", Say: to.say("One Discord server and one Slack workspace can share a village, but not two of the same kind. Nothing has changed."),
		Hint: to.say("Who is in a village is who can see its one channel there. Please invite the others to that channel instead.")}
}

// MuchAhead is a side that would leave something behind.
func (to Reader) MuchAhead() error {
	return &bot.Error{Code: "not-empty", Say: to.say("This side still has requests, sessions or reminders ahead of it, and joining would leave them behind."),
		Hint: to.say("Please join once they are over, or cancel them first. Or join the other way round: type /setup join here, and give that code to the other side.")}
}

// NotJoined is a side that has joined no other.
func (to Reader) NotJoined() error {
	return &bot.Error{Code: "not-joined", Say: to.say("This side has not joined another village, so there is nothing to leave."),
		Hint: to.say("If another side has joined this one, a moderator there types /setup leave.")}
}

// WhichSide asks which side is meant.
func (to Reader) WhichSide() error {
	return &bot.Error{Code: "which-side", Say: to.say("In a direct message I can't tell which side you mean."),
		Hint: to.say("Please type /setup leave in a channel of the side that is to leave.")}
}
