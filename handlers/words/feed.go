package words

import (
	"strings"

	"village/bot"
)

// NoCalendars says that there is no address that a calendar could look at.
func (to Reader) NoCalendars() error {
	return &bot.Error{Code: "no-pages", Say: to.say("I have no address of my own here, so no calendar can look at me."),
		Hint: to.say("/need share gives you a file with one entry, for any calendar.")}
}

func (to Reader) calendarButtons() []bot.Button {
	return []bot.Button{{Label: to.say("A new address"), Command: "/my calendar new"}, {Label: to.say("End it"), Command: "/my calendar off"}}
}

// CalendarAddress tells the reader the address of their calendar, once.
func (to Reader) CalendarAddress(address string) bot.Message {
	_, rest, _ := strings.Cut(address, "://")
	return bot.Message{Title: to.say("Your calendar"), Tone: bot.Good,
		Text: paragraphs(to.say("In your calendar app, choose to subscribe to a calendar, and paste this:"), "> "+bot.Literal(address),
			to.say("It has what you asked for and what you said yes to, moves when that moves, and rings before it. It says nothing private: no address, no phone number, and not what an appointment is."),
			to.say("Whoever has this address reads that calendar, so keep it to yourself. I don't keep it: if it is lost, I'll make you a new one. Some calendars look only once a day.")),
		Buttons: append([]bot.Button{{Label: to.say("Open it in my calendar"), URL: "webcal://" + rest, Aside: true}}, to.calendarButtons()...)}
}

// CalendarThere answers whoever has an address already.
func (to Reader) CalendarThere() bot.Message {
	return bot.Message{Title: to.say("Your calendar"), Text: to.say("You have an address for your calendar already. I don't keep it, so I can't show it again. A new one ends the old one."), Buttons: to.calendarButtons()}
}

// CalendarBehind answers words in a chat in which the address would stay.
func (to Reader) CalendarBehind() bot.Message {
	return bot.Message{Text: to.say("What I write here stays in our chat. Please tap, and I'll show it to you so that it doesn't."),
		Buttons: []bot.Button{{Label: to.say("Show me the address"), Command: "/my calendar new"}}}
}

// CalendarEnded says that an address leads nowhere any more; was says that there was one.
func (to Reader) CalendarEnded(was bool) bot.Message {
	if !was {
		return bot.Message{Text: to.say("You have no address for your calendar. Nothing to do.")}
	}
	return bot.Message{Text: to.say("That address shows nothing any more. Your calendar may keep what it has: take the subscription out there, too.")}
}

// CalendarName is what a calendar is called where it is subscribed to: others may see it.
func (to Reader) CalendarName() string { return to.say("Promises") }

// AppointmentTitle is all that a calendar says of an appointment of the reader's own.
func (to Reader) AppointmentTitle() string { return to.say("Appointment") }

// CalendarKept says that the reader has an address for their calendar.
func (to Reader) CalendarKept() string {
	return to.say("That you have an address for your calendar, as a hash")
}
