package words

import (
	"village/bot"
	"village/internal/village"
)

// RehearsalComing says where a rehearsal goes.
func (to Reader) RehearsalComing(rooms []village.Room) bot.Message {
	return bot.Message{Title: to.say("The rehearsal is on its way"), Tone: bot.Good,
		Text:    to.say("It goes to %s. If I may not write there, I'll tell you directly.", RoomLinks(rooms)),
		Buttons: []bot.Button{to.allRight()}}
}

// Rehearsal is a request that is not real.
func (to Reader) Rehearsal() bot.Message {
	return bot.Message{Title: to.say("A rehearsal: a ride home for nobody"), Tone: bot.Asking,
		Text: to.say("**This is not real. Nobody needs a ride.** A request looks like this, and one tap says yes."),
		Fields: []bot.Field{{Name: to.say("From"), Value: to.say("the corner of Example Road")},
			{Name: to.say("Helper"), Value: to.say("Nobody yet. Can you?")}},
		Buttons: []bot.Button{{Label: to.say("I can drive"), Command: "/helper tried", Style: bot.Primary}}}
}

// RehearsalForModerators is what the moderators see of a rehearsal.
func (to Reader) RehearsalForModerators() bot.Message {
	return bot.Message{Title: to.say("A rehearsal for the moderators"),
		Text: to.say("**This is not real.** When a request has nobody and its day is near, I'll say so here.")}
}

// RehearsalOver stands in a rehearsal's place afterwards.
func (to Reader) RehearsalOver() bot.Message {
	return bot.Message{Text: to.say("A rehearsal was here. Nobody needed anything.")}
}

// RehearsalFailed says that a rehearsal could not be posted in a room.
func (to Reader) RehearsalFailed(room village.Room) bot.Message {
	return bot.Message{Title: to.say("I may not write there"), Tone: bot.Urgent,
		Text: to.say("The rehearsal could not be posted in %s. Requests for help would not arrive there either. Please invite me to that channel, or allow me to see it and to write in it.", roomLink(room)),
		Buttons: []bot.Button{{Label: to.say("Try again"), Command: "/setup rehearsal"},
			{Label: to.say("What is missing?"), Command: "/setup check"}}}
}

// RehearsalTried answers a yes to a rehearsal.
func (to Reader) RehearsalTried() bot.Message {
	return bot.Message{Title: to.say("That is all it takes"), Tone: bot.Good,
		Text: to.say("This was a rehearsal, so nobody is waiting for you. With a real request, one tap says yes. Then I'll send you the address, and I'll remind you on the day. You can step back at any time.")}
}

// NowhereToRehearse is a rehearsal without a village channel.
func (to Reader) NowhereToRehearse() error {
	return &bot.Error{Code: bot.CodeNoChannel, Say: to.say("There is no village channel yet, so there is nowhere to post it."), Hint: to.say("For example: /setup channel #village")}
}
