package words

import (
	"village/bot"
	"village/internal/village"
)

// NotInVillage refuses whoever may not see the village channel. Where it is, is not
// said: they may not be meant to know.
func (to Reader) NotInVillage() error {
	return &bot.Error{Code: bot.CodeNotHere, Say: to.say("You can't see the village channel at the moment, so I keep what is asked for there to the people who can."),
		Hint: to.say("If that is a mistake, please ask somebody of the group to let you in. What is yours alone stays yours: /privacy show, /session list, /remind list. And /crisis and /faq are always there.")}
}

// CannotTell asks somebody to go where nothing has to be asked about them.
func (to Reader) CannotTell(rooms []village.Room) error {
	e := &bot.Error{Code: bot.CodeCannotTell, Say: to.say("I can't check just now whether you are in the village channel, and I never guess about that."),
		Hint: to.say("I'm sorry for the trouble. Please type it in the village channel; only you will see the answer.")}
	if len(rooms) == 0 {
		e.Hint = to.say("I'm sorry for the trouble. Please try again in a minute.")
	}
	return e
}

// Visiting says of somebody that they are none of the place's own; "" for everybody
// else.
func (to Reader) Visiting(p village.Person) string {
	who := bot.Literal(p.Name)
	switch p.Visits {
	case village.AsGuest:
		return to.say("**%s** is a guest in your workspace, not a full member of it.", who)
	case village.FromOutside:
		return to.say("**%s** is from another company, not from your workspace.", who)
	}
	return ""
}

// left tells whoever asked that a helper is not in the village any more.
func (to Reader) left(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	if village.IsFamily(j.About.ID) {
		return to.linkOver(j, n)
	}
	text := to.say("**%s** is no longer in your village, and is off your list: %s. I'm asking the village again, and I'll tell you as soon as somebody says yes.", who, what)
	switch {
	case n.State() == village.Covered:
		text = to.say("**%s** is no longer in your village, and is off your list: %s. Somebody else is already down for it.", who, what)
	case len(n.Claims) > 0:
		text = to.say("**%s** is no longer in your village, and is off your list: %s. I'm still asking the village. Still down for it: %s.", who, what, to.Names(n.Claims))
	}
	return bot.Message{Title: to.say("A change of plans"), Tone: bot.Asking, Text: paragraphs(text, to.closeNow(n)), Buttons: []bot.Button{to.SeeButton(n)}}
}

// linkOver tells whoever asked that a helper's personal link has ended before this.
func (to Reader) linkOver(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	text := to.say("The link that you gave **%s** has ended, so **%s** is off your list: %s. I'm asking the village again, and I'll tell you as soon as somebody says yes.", who, who, what)
	if n.State() == village.Covered {
		text = to.say("The link that you gave **%s** has ended, so **%s** is off your list: %s. Somebody else is already down for it.", who, who, what)
	}
	return bot.Message{Title: to.say("A change of plans"), Tone: bot.Asking, Text: paragraphs(text, to.closeNow(n)), Buttons: []bot.Button{to.SeeButton(n), {Label: to.say("A new link"), Command: "/family link " + village.FamilyCode(j.About.ID)}}}
}

// held tells a helper that whoever asked cannot be reached.
func (to Reader) held(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("I can't reach whoever asked"), Tone: bot.Urgent, Buttons: []bot.Button{to.SeeButton(n)}}
	if j.GuestOf() != "" {
		m.Text = to.say("%s can't be reached here any more: %s. You are still down for it with **%s**. Before anybody sets off, please call %s, or ask a moderator.", to.member(n), to.what(n), bot.Literal(j.About.Name), to.member(n))
		return m
	}
	m.Text = to.say("%s can't be reached here any more: %s. You are still down for it, because %s may count on you all the same. Please call before you set off, or ask a moderator. The moderators know.", to.member(n), to.what(n), to.member(n))
	m.Buttons = append(m.Buttons, to.ReleaseButton(n))
	return m
}

// callFirst stands before what a helper reads of a need while it is held.
func (to Reader) callFirst(n village.Need) string {
	return to.say("I can't reach %s here. Please call before you set off, or ask a moderator.", to.member(n))
}

// back tells a helper, after that, that all is as it was.
func (to Reader) back(_ village.Notice, n village.Need) bot.Message {
	return bot.Message{Title: to.say("%s is here again", to.NameOf(n)), Tone: bot.Good, Buttons: []bot.Button{to.SeeButton(n)},
		Text: to.say("%s is here again, so it is as it was: %s.", to.member(n), to.what(n))}
}

// Departure is what became of somebody's things when they left.
type Departure struct {
	Who                village.Person
	Offers, Requests   int
	Moderated, Trusted bool
}

// SomebodyLeft tells the moderators that somebody is not in the village any more.
func (to Reader) SomebodyLeft(d Departure) bot.Message {
	var lines []string
	who := bot.Literal(d.Who.Name)
	switch {
	case d.Offers == 1:
		lines = append(lines, to.say("- **%s** had said yes to one request. It is open again, and whoever asked knows.", who))
	case d.Offers > 1:
		lines = append(lines, to.say("- **%s** had said yes to %d requests. All are open again, and whoever asked knows.", who, d.Offers))
	}
	switch {
	case d.Requests == 1:
		lines = append(lines, to.say("- One request of **%s** rests. Whoever said yes to it knows that I can't reach %s. Could you call?", who, who))
	case d.Requests > 1:
		lines = append(lines, to.say("- %d requests of **%s** rest. Whoever said yes to one knows that I can't reach %s. Could you call?", d.Requests, who, who))
	}
	if d.Moderated {
		lines = append(lines, to.say("- **%s** moderated this group with you, and doesn't any more.", who))
	}
	if d.Trusted {
		lines = append(lines, to.say("- What **%s** was trusted with has ended.", who))
	}
	m := bot.Message{Title: to.say("Somebody is no longer in the village"), Tone: bot.Asking,
		Text:    to.say("For the moderators: **%s** left, was removed, or has no account here any more.", bot.Literal(d.Who.Name)),
		Buttons: []bot.Button{{Label: to.say("What is not settled"), Command: "/need uncovered"}}}
	for i, line := range lines {
		if i == 0 {
			m.Text += "\n"
		}
		m.Text += "\n" + line
	}
	return m
}

// LetThemHelp tells the moderators that somebody's yeses wait for their word.
func (to Reader) LetThemHelp(p village.Person, opened bool) bot.Message {
	who := bot.Literal(p.Name)
	m := bot.Message{Title: to.say("Please have a look"), Tone: bot.Asking,
		Buttons: []bot.Button{{Label: Clip(to.say("Let %s go on", p.Name), 40), Command: "/helper unbar " + p.ID}}}
	if opened {
		m.Text = to.say("For the moderators: **%s** wanted to open more private details today than anybody needs in a day (%d). I'll take no new yes from %s until you say so; the old ones stay. There may be a good reason: please ask first.", who, village.MaxOpenedADay, who)
	} else {
		m.Text = to.say("For the moderators: **%s** has said yes and stepped back more than %d times this week. I'll take no new yes from %s until you say so; the old ones stay. There may be a good reason: please ask first.", who, village.MaxStepsAWeek, who)
	}
	return m
}

// TooManyOpened refuses one address too many.
func (to Reader) TooManyOpened() error {
	return &bot.Error{Code: village.CodePaused, Say: to.say("You have opened the private details of %d requests today, so a moderator has a look before there are more.", village.MaxOpenedADay),
		Hint: to.say("That may well be for good reasons. They know, and can let you go on with one tap. If it is about a ride today, please call a moderator or whoever asked.")}
}

// YouModerate tells somebody that they were chosen to moderate, or no longer are.
func (to Reader) YouModerate(by string, yes bool) bot.Message {
	who := bot.Literal(by)
	if !yes {
		return bot.Message{Text: to.say("**%s** has taken you off the list of those who moderate this group. Thank you for what you did.", who)}
	}
	return bot.Message{Title: to.say("You moderate this group now"), Tone: bot.Good,
		Text:    to.say("**%s** has asked me to let you moderate this group. You can see what is not settled, sign people up, and set things. If you'd rather not, tell %s: /setup trust takes it back.", who, who),
		Buttons: []bot.Button{{Label: to.say("What is not settled"), Command: "/need uncovered"}, {Label: to.say("How it is set up"), Command: "/setup show"}}}
}
