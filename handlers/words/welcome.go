package words

import (
	"path"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// Greeting says who the bot is, to a channel that it was just brought to.
func (to Reader) Greeting() bot.Message {
	return bot.Message{Title: to.say("Hello, I am Village"),
		Text: to.say("I help with the days around treatment: I answer questions, remind people gently, and find somebody for the ride home, the children or a meal. Ask me anything; only you see the answer.\n\nI am a program. I don't read what you say to each other, and nobody watches me. In danger, please call your local emergency number."),
		Buttons: []bot.Button{
			to.setMeUp(),
			{Label: to.say("What I can do"), Command: "/help"},
			{Label: to.say("Somebody to talk to"), Command: "/crisis"},
		}}
}

// FirstHello says who the bot is, to somebody who has just met it; start offers to set it up.
func (to Reader) FirstHello(start bool) bot.Message {
	m := to.Greeting()
	m.Text = to.say("I help with the days around treatment: I answer questions, remind people gently, and find somebody for the ride home, the children or a meal. Ask me anything here, in your own words; nobody else reads it.\n\nI am a program, and nobody watches me. In danger, please call your local emergency number.")
	m.Buttons = []bot.Button{{Label: to.say("What I can do"), Command: "/help"}, {Label: to.say("I need help"), Command: "/ask"}, to.talkNow(bot.Plain)}
	if start {
		m.Buttons = append([]bot.Button{to.setMeUp()}, m.Buttons...)
	}
	return m
}

func (to Reader) setMeUp() bot.Button {
	return bot.Button{Label: to.say("Set me up"), Command: "/setup start", Style: bot.Primary}
}

// WhereToPost is the title of the form that asks for a channel.
func (to Reader) WhereToPost() string { return to.say("Where shall I post?") }

// ZoneOffer is a zone (an IANA name) with what its clocks show now.
type ZoneOffer struct {
	Name string
	Now  time.Time
}

// cityOf is the place that a zone is named after.
func cityOf(zone string) string { return strings.ReplaceAll(path.Base(zone), "_", " ") }

// StartZone asks a moderator what time it is.
func (to Reader) StartZone(offers []ZoneOffer) bot.Message {
	m := bot.Message{Title: to.say("What time is it where your group is?"), Text: to.say("So that a ride at one is at one.")}
	for _, o := range offers {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("%s, %s", to.clock(o.Now), cityOf(o.Name)), Command: "/setup start zone: " + o.Name})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Another place"), Command: "/setup zone"})
	return m
}

// StartElsewhere asks a moderator to go on where requests are to be posted.
func (to Reader) StartElsewhere() bot.Message {
	return bot.Message{Title: to.WhereToPost(),
		Text: to.say("Requests for help need a channel that everybody in the group can read. Please choose it here, or type %s there.", bot.Literal("/setup start"))}
}

// StartChannel proposes a channel for requests, with what stands in the way there, and
// says whose crisis lines come first.
func (to Reader) StartChannel(here village.Room, found bot.Finding, country string) bot.Message {
	m := bot.Message{Title: to.say("Shall requests for help go here?"),
		Text: to.say("I'll post them in %s, where everybody in the group should be able to read along.", roomLink(here)) + "\n" + to.linesFirst(country),
		Buttons: []bot.Button{{Label: to.say("Yes, in %s", "#"+here.Name), Command: "/setup start channel: " + here.ID, Style: bot.Primary},
			{Label: to.say("In another channel"), Command: "/setup channel"}}}
	if found.OK && found.Room != "" {
		m.Text = to.say("I'll post them in %s, where everybody in the group should be able to read along. I looked: I may write there.", roomLink(here)) + "\n" + to.linesFirst(country)
	}
	return to.hindered(m, found)
}

func (to Reader) linesFirst(country string) string {
	return to.say("When somebody sounds in danger, these lines come first: %s.", bot.Literal(country))
}

// Started says that a group is set up, and offers what most groups like.
func (to Reader) Started(room village.Room, found bot.Finding, country string) bot.Message {
	m := bot.Message{Title: to.say("Your village is ready"), Tone: bot.Good,
		Text: to.say("It is %s by your clock, and requests will be in %s.", bot.Literal(to.clock(to.Now.In(to.Zone))), roomLink(room)) + " " + to.linesFirst(country) + "\n\n" +
			to.say("Two things that most groups like, one tap each: a line about water every day at 10, and an idea for the days after, Mondays and Thursdays at 6 in the evening."),
		Buttons: []bot.Button{
			{Label: to.say("Water every day"), Command: "/reminders add schedule: every day at 10am deck: hydration"},
			{Label: to.say("Ideas twice a week"), Command: "/reminders add schedule: every monday and thursday at 6pm deck: integration"},
			{Label: to.say("Try it with a rehearsal"), Command: "/setup rehearsal"},
			{Label: to.say("More settings"), Command: "/setup guide 4"},
		}}
	return to.hindered(m, found)
}
