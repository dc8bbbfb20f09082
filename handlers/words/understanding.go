package words

import (
	"village/bot"
	"village/internal/village"
)

// inTurn is one of several ways to say the same, another each time.
func inTurn(turn int, ways ...string) string { return ways[turn%len(ways)] }

// Which names a need among several questions.
func (to Reader) Which(n village.Need) string {
	if n.Member.ID == to.ID {
		return to.say("%s, %s", Capital(to.Short(n.Kind)), to.listed(n.Start, to.Zone))
	}
	return to.say("%s for %s, %s", Capital(to.Short(n.Kind)), to.NameOf(n), to.listed(n.Start, to.Zone))
}

// ThePlan and HowItIs name the other questions.
func (to Reader) ThePlan() string { return to.say("Your plan, not saved yet") }

// HowItIs names the question how somebody is.
func (to Reader) HowItIs() string { return to.say("How is today?") }

// AskedAgain asks what somebody has answered in words that are not sure enough, or
// that say no: that is theirs to tap.
func (to Reader) AskedAgain(no bool, label string, buttons []bot.Button) bot.Message {
	m := bot.Message{Tone: bot.Asking, Buttons: buttons}
	if no {
		m.Text = to.say("That is all right. Please tap, so that I get it right: **%s**.", bot.Literal(label))
	} else {
		m.Text = to.say("Please tap, so that I get it right: **%s**.", bot.Literal(label))
	}
	return m
}

// WaitingForARide asks whoever says that their ride is not there, with what to do
// meanwhile.
func (to Reader) WaitingForARide(label string, buttons []bot.Button) bot.Message {
	return bot.Message{Title: to.say("Please stay inside"), Tone: bot.Urgent, Buttons: buttons,
		Text: paragraphs(to.say("Ask the staff to call somebody for you, and please don't drive yourself."),
			to.say("If nobody has come, tap that below: I'll tell the moderators, and whoever said yes. **%s**.", bot.Literal(label)))}
}

// WhichOne asks which of several somebody means.
func (to Reader) WhichOne(buttons []bot.Button) bot.Message {
	return bot.Message{Tone: bot.Asking, Text: to.say("Which one?"), Buttons: buttons}
}

// DidYouMean asks whether somebody meant one of these, where their words could mean it and something else.
func (to Reader) DidYouMean(turn int, buttons []bot.Button) bot.Message {
	text := inTurn(turn, to.say("I'm not sure I got that. Did you mean this?"), to.say("Is it this? If not, please tell me in a few other words."))
	if len(buttons) > 1 {
		text = inTurn(turn, to.say("I'm not sure I got that. Did you mean one of these?"), to.say("Is it one of these? If not, please tell me in a few other words."))
	}
	return bot.Message{Tone: bot.Asking, Text: text, Buttons: buttons}
}

// NothingAsked answers a reply where nothing was asked.
func (to Reader) NothingAsked(turn int, choices []bot.Button) bot.Message {
	text := inTurn(turn, to.say("I have no open question for you right now. What can I do?"), to.say("Nothing waits for your answer at the moment. Is it one of these?"))
	return bot.Message{Text: text, Buttons: choices}
}

// Choices are where somebody can begin who has not said what they want.
func (to Reader) Choices() []bot.Button {
	return []bot.Button{
		{Label: to.say("I have a date"), Command: "/session add", Style: bot.Primary},
		{Label: to.say("I need help"), Command: "/ask"},
		{Label: to.say("I want to help"), Command: "/need open"}}
}

// HelperChoices are where somebody can begin who helps.
func (to Reader) HelperChoices() []bot.Button {
	return []bot.Button{to.MineButton(), {Label: to.say("What is open"), Command: "/need open"}, {Label: to.say("What I am asked for"), Command: "/helper show"}}
}

// SetUpFirst stands before the choices of a moderator whose group is not set up.
func (to Reader) SetUpFirst() bot.Button {
	return bot.Button{Label: to.say("Set this group up"), Command: "/setup guide", Style: bot.Primary}
}

// Thing is something to do, as it is offered: its name ("ask ride-home"), the kind
// of help where it is a request, when, and what it is about.
type Thing struct {
	Name  string
	Kind  village.Kind
	When  string
	About string
	// Whom is the name of somebody it is offered to.
	Whom string
}

// thing is the label of what can be offered.
func (to Reader) thing(x Thing) string {
	if x.Whom != "" {
		switch x.Name {
		case "helper may":
			return to.say("%s may always help me", x.Whom)
		case "helper may again":
			return to.say("Let %s help again", x.Whom)
		case "helper may never":
			return to.say("Rather not %s", x.Whom)
		case "need unfill":
			return to.say("Take %s off", x.Whom)
		case "need fill":
			return to.say("Sign %s up", x.Whom)
		}
		return to.say("Ask %s to do it", x.Whom)
	}
	if label := things()[x.Name]; label != "" {
		return to.called(label)
	}
	if x.Kind != "" {
		return to.say("Ask for %s", to.Noun(x.Kind))
	}
	return "/" + x.Name
}

// things are the labels of what can be offered, by the name of the command.
func things() map[string]string {
	return map[string]string{
		"session add":       "Plan a session",
		"session cancel":    "Cancel a session",
		"session move":      "Move a session",
		"session end":       "I am out",
		"session list":      "My sessions",
		"session progress":  "How far I am",
		"session card":      "Draw a card",
		"session summary":   "A page for my therapist",
		"session change":    "Change the whole plan",
		"need mine":         "My requests and promises",
		"need open":         "What is open",
		"need show":         "Show it",
		"need claim":        "I can do it",
		"need standby":      "Stand by",
		"need details":      "The details",
		"need approve":      "Yes, they may",
		"need decline":      "Rather not",
		"need share":        "Words to forward",
		"need fill":         "Sign somebody up",
		"need unfill":       "Take somebody off",
		"need nobody":       "Nobody has come",
		"need uncovered":    "What has nobody yet",
		"need here":         "My ride is here",
		"helper may":        "Who may help without asking",
		"helper show":       "What I am asked for",
		"helper bar":        "Keep somebody from requests",
		"helper unbar":      "Let them help again",
		"family add":        "A link for somebody",
		"family tell":       "Tell one person when you are home",
		"family list":       "My links",
		"family link":       "A new link",
		"family remove":     "End a link",
		"home":              "Everything of mine",
		"provider":          "Choosing a provider",
		"report":            "Something was not right",
		"remind delete":     "Delete a reminder",
		"remind edit":       "Change a reminder",
		"remind snooze":     "A little later",
		"remind voice":      "Show them at once, or behind a tap",
		"checkin chart":     "My days",
		"checkin delete":    "Delete my check-ins",
		"checkin scores":    "My scores",
		"checkin drop":      "Delete a score",
		"journal question":  "A question for my next talk",
		"journal read":      "Read my journal",
		"journal back":      "Look back",
		"journal delete":    "Delete from my journal",
		"my calendar":       "My calendar",
		"my country":        "My country",
		"privacy show":      "What you keep about me",
		"privacy export":    "A copy of it all",
		"reminders edit":    "Change a channel's reminder",
		"reminders list":    "The group's reminders",
		"reminders pause":   "Pause the group's reminders",
		"reminders resume":  "Let the group's reminders go on",
		"reminders remove":  "Remove a channel's reminder",
		"reminders preview": "When it comes next",
		"reminders limit":   "How many a day",
		"setup channel":     "The channel for requests",
		"setup moderators":  "Where moderators hear of it",
		"setup keep":        "How long I keep things",
		"setup quiet":       "The group's quiet hours",
		"setup country":     "Whose crisis lines come first",
		"setup helpers":     "Whether helpers need a yes",
		"setup show":        "What is set",
		"setup check":       "Whether I may write there",
		"setup guide":       "Set me up step by step",
		"setup log":         "What moderators did",
		"setup rehearsal":   "A request that is not real",
		"local add":         "A note beside an answer",
		"local list":        "Notes beside answers",
		"local remove":      "Take a note away",
		"session bag":       "My bag",
		"need cancel":       "Cancel it",
		"need move":         "Move it",
		"need change":       "Change it",
		"need release":      "I can't after all",
		"need give":         "Somebody else can",
		"need thanks":       "Say thank you",
		"need still":        "Yes, still on",
		"need late":         "It takes longer",
		"need got":          "Picked up",
		"need home":         "Home safe",
		"remind add":        "Remind me",
		"remind pause":      "Pause my reminders",
		"remind resume":     "Let everything go on",
		"remind list":       "Fewer: my reminders",
		"remind quiet":      "My quiet hours",
		"privacy delete":    "Delete everything about me",
		"helper join":       "You may ask me directly",
		"helper leave":      "Don't ask me directly",
		"helper settings":   "What I am asked for",
		"checkin today":     "How is today?",
		"checkin score":     "Keep it",
		"journal write":     "Write a line",
		"my zone":           "My time zone",
		"setup zone":        "The group's time zone",
		"setup digest":      "The week ahead",
		"setup trust":       "Let somebody moderate with me",
		"reminders add":     "Set a reminder",
		"remind pause all":  "Pause everything",
	}
}

// ThingLabel is a button for something to do.
func (to Reader) ThingLabel(x Thing) string {
	label := to.thing(x)
	if x.About != "" {
		label = to.say("%s: %s", label, x.About)
	}
	if x.When != "" {
		label = to.say("%s, %s", label, x.When)
	}
	return Clip(label, 75)
}

// Offered offers what somebody seems to want, before anything is done.
func (to Reader) Offered(turn int, buttons []bot.Button) bot.Message {
	text := inTurn(turn, to.say("Shall I? Nothing happens before you say yes."), to.say("Is this what you mean? Nothing happens before you say yes."))
	return bot.Message{Tone: bot.Asking, Text: text, Buttons: buttons}
}

// TapToDo asks for a tap where words had been enough for anything that can be taken back.
func (to Reader) TapToDo(buttons []bot.Button) bot.Message {
	return bot.Message{Tone: bot.Asking, Text: to.say("One tap for that, please: it cannot be taken back."), Buttons: buttons}
}

// NotDone answers a no to what was offered.
func (to Reader) NotDone(turn int) bot.Message {
	return bot.Message{Text: inTurn(turn, to.say("All right, I'll leave it as it is."), to.say("That is fine. Nothing has changed."))}
}

// OfferedForm offers to fill in what is missing.
func (to Reader) OfferedForm(label string, buttons []bot.Button) bot.Message {
	return bot.Message{Tone: bot.Asking, Text: to.say("**%s**: I have filled in what you said. Please look it over and add what is missing.", bot.Literal(label)), Buttons: buttons}
}

// OfferedWhere asks for the one thing that is missing in what somebody wants.
func (to Reader) OfferedWhere(label string) bot.Message {
	return bot.Message{Tone: bot.Asking, Text: to.say("**%s**: roughly where is that? Please write it here, such as “near Union Station”. Everybody in the village reads it, so no house number.", bot.Literal(label))}
}

// WhereRoughly helps somebody who does not know what to say to [Reader.OfferedWhere].
func (to Reader) WhereRoughly() bot.Message {
	return bot.Message{Tone: bot.Asking, Text: to.say("A part of town, a station or a shop nearby is enough. You can tell your helper the rest.")}
}

// NoneOfYours says that there is nothing that somebody's words could be about.
func (to Reader) NoneOfYours(choices []bot.Button) bot.Message {
	return bot.Message{Text: to.say("I can't find one of yours that this could be about. This is what there is:"), Buttons: choices}
}

// Hello answers a greeting.
func (to Reader) Hello(turn int, choices []bot.Button) bot.Message {
	text := inTurn(turn, to.say("Hi, I'm Village. I help with getting ready, rides and the days after."), to.say("Hello again. What can I do for you?"), to.say("Hi there. Good to hear from you."))
	return bot.Message{Text: text, Buttons: choices}
}

// HelloHelper greets somebody who helps.
func (to Reader) HelloHelper(turn int, choices []bot.Button) bot.Message {
	text := inTurn(turn, to.say("Hi, I'm Village. I keep track of who helps with what, and when."), to.say("Hello again. What can I do for you?"), to.say("Hi there. Thank you for helping."))
	return bot.Message{Text: text, Buttons: choices}
}

// WhatICanDo answers a call for help that may be about the bot or about more.
func (to Reader) WhatICanDo(turn int, choices []bot.Button) bot.Message {
	text := inTurn(turn, to.say("I can plan your sessions, find somebody to help, remind you, and answer questions. What is it about?"), to.say("Tell me in your own words, or choose one of these."))
	return bot.Message{Text: text, Buttons: append(choices, bot.Button{Label: to.say("Everything I can do"), Command: "/help all"}, to.talkNow(bot.Plain))}
}

// WhatICanDoForHelpers answers a helper's call for help.
func (to Reader) WhatICanDoForHelpers(turn int, choices []bot.Button) bot.Message {
	text := inTurn(turn, to.say("I can show you what is needed, remind you of what you said yes to, and pass on how it goes. What is it about?"), to.say("Tell me in your own words, or choose one of these."))
	return bot.Message{Text: text, Buttons: append(choices, to.talkNow(bot.Plain))}
}

// KindWord answers a kind word that needs no more than one: what says which, and
// turn how often this person has said it before.
func (to Reader) KindWord(what string, turn int) bot.Message {
	return bot.Message{Text: inTurn(turn, to.kindWords(what)...)}
}

func (to Reader) kindWords(what string) []string {
	switch what {
	case "thanks":
		return []string{to.say("You're welcome."), to.say("Gladly. I'm here when you need me."), to.say("Any time.")}
	case "night":
		return []string{to.say("Good night. Sleep well."), to.say("Rest well. Good night."), to.say("Sleep well. I'll be here tomorrow.")}
	case "bye":
		return []string{to.say("Bye for now. Take care."), to.say("See you. Be gentle with yourself."), to.say("Take care. I'm here when you need me.")}
	case "who":
		return []string{to.say("I'm Village, a program. I help a group to look after each other: rides, meals, reminders. Nobody watches this chat."), to.say("A program called Village. I find people who help, remind them, and pass on how it goes. Nobody reads along.")}
	case "person":
		return []string{to.say("No, I'm a program, and nobody watches this chat. If you want a person, your village has some, and /crisis shows people you can reach right now."), to.say("I'm a program. No human reads what you write here. For people you can reach right now, there is /crisis.")}
	case "how-do":
		return []string{to.say("I'm a program, so I'm always about the same. How are you? You can tell me with /checkin today."), to.say("All quiet here, thank you for asking. How is today for you? /checkin today keeps it for you.")}
	case "sorry":
		return []string{to.say("No need to be sorry."), to.say("That is quite all right."), to.say("Nothing to be sorry for.")}
	case "praise":
		return []string{to.say("That is kind. Thank you."), to.say("Thank you. It is your village that does the work."), to.say("Thank you, that is good to hear.")}
	case "joke":
		return []string{to.say("I'm better at rides than at jokes. But I'm glad that you are here."), to.say("My best joke is a car that comes on time. It takes a village.")}
	}
	return []string{to.say("All right."), to.say("Good."), to.say("I'm here when you need me.")}
}

// HelperUnsure answers words of a helper that are not understood. It says nothing of
// what the appointment is.
func (to Reader) HelperUnsure(turn int, choices []bot.Button) bot.Message {
	text := inTurn(turn, to.say("I am not sure what you mean. What you are down for is one tap away. If it is about the person you help, please ask them."), to.say("I did not get that, I am sorry. Is it one of these? About the person you help, it is best to ask them."))
	return bot.Message{Title: to.say("I am not sure"), Tone: bot.Asking, Text: text, Buttons: append(choices, to.talkNow(bot.Plain))}
}
