package words

import (
	"village/bot"
	"village/internal/village"
)

// HelperJoined answers somebody who may be asked directly from now on.
func (to Reader) HelperJoined(h village.Helper) bot.Message {
	m := to.helper(h, to.say("Thank you. I may ask you now"))
	m.Tone = bot.Good
	if village.IsFamily(to.ID) {
		m.Text = paragraphs(to.say("When nobody has said yes to something, I may ask you directly, here on your page. A no is always fine."), m.Text)
		return m
	}
	m.Text = paragraphs(to.say("When nobody has said yes to a request in the channel, I'll ask a few people directly, whoever was asked longest ago first. A no is always fine."), m.Text)
	return m
}

// HelperLeft answers somebody who is not asked directly any more.
func (to Reader) HelperLeft() bot.Message {
	if village.IsFamily(to.ID) {
		return bot.Message{Title: to.say("I won't ask you directly any more"),
			Text:    to.say("What you have already said yes to stays on your page, and so does what is open. Thank you for having been there."),
			Buttons: []bot.Button{{Label: to.say("Ask me again"), Command: "/helper join"}}}
	}
	return bot.Message{Title: to.say("I won't ask you directly any more"),
		Text:    to.say("What you have already said yes to stays: /need mine shows it. You can still say yes in the channel whenever you like. Thank you for having been there."),
		Buttons: []bot.Button{to.MineButton(), {Label: to.say("Ask me again"), Command: "/helper join"}}}
}

// HelperShown says what somebody is asked for.
func (to Reader) HelperShown(h village.Helper) bot.Message {
	return to.helper(h, to.say("What I may ask you for"))
}

// HelperSet says it after a change.
func (to Reader) HelperSet(h village.Helper) bot.Message {
	return to.helper(h, to.say("That is noted"))
}

// helper says what somebody is asked for, with a tap to change each.
func (to Reader) helper(h village.Helper, title string) bot.Message {
	m := bot.Message{Title: title, Text: to.HelperWords(h)}
	if h.Joined.IsZero() {
		m.Buttons = []bot.Button{{Label: to.say("You may ask me"), Command: "/helper join", Style: bot.Primary}}
		return m
	}
	set := func(label, setting string) {
		m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/helper settings " + setting})
	}
	toggle := func(option string, off bool, on, offLabel string) {
		if off {
			set(on, option+": yes")
		} else {
			set(offLabel, option+": no")
		}
	}
	toggle("rides", h.NoRides, to.say("Do ask for rides"), to.say("Not for rides"))
	toggle("children", h.NoChildren, to.say("Do ask for children"), to.say("Not for children"))
	toggle("other", h.NoOther, to.say("Do ask for meals and errands"), to.say("Not for meals or errands"))
	toggle("mornings", h.NoMornings, to.say("Mornings are fine"), to.say("Not in the morning"))
	if h.AMonth == 0 {
		set(to.say("At most twice a month"), "month: 2")
	} else {
		set(to.say("As often as needed"), "month: 0")
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Don't ask me"), Command: "/helper leave"})
	return m
}

// HelperWords says in words what somebody is asked for.
func (to Reader) HelperWords(h village.Helper) string {
	switch {
	case h.Joined.IsZero() && village.IsFamily(to.ID):
		return to.say("I won't ask you directly. Your page shows what is open whenever you look.")
	case h.Joined.IsZero():
		return to.say("I won't ask you directly. You can say yes to anything in the channel: /need open shows it.")
	}
	var wanted []string
	for _, w := range []struct {
		no    bool
		words string
	}{{h.NoRides, to.say("rides")}, {h.NoChildren, to.say("help with children")}, {h.NoOther, to.say("meals, errands and company")}} {
		if !w.no {
			wanted = append(wanted, w.words)
		}
	}
	var asks, often string
	switch {
	case len(wanted) == 0:
		asks = to.say("Right now I won't ask you for anything: all of it is switched off.")
	case h.NoMornings:
		asks = to.say("I may ask you for %s, but not in the morning.", to.andList(wanted))
	default:
		asks = to.say("I may ask you for %s.", to.andList(wanted))
	}
	switch {
	case h.AMonth == 1:
		often = to.say("You are asked until you have said yes once in a month.")
	case h.AMonth == 2:
		often = to.say("You are asked until you have said yes twice in a month.")
	case h.AMonth > 2:
		often = to.say("You are asked until you have said yes %d times in a month.", h.AMonth)
	}
	return sentences(asks, often)
}

// Barred is what became of what somebody had said yes to who is kept from helping: what
// they are off, and where they have picked somebody up.
type Barred struct{ Off, Driving []village.Need }

// Barred answers a moderator who keeps somebody from helping.
func (to Reader) Barred(helper village.Person, b Barred) bot.Message {
	name := to.accountOrName(helper)
	text := to.say("I won't ask **%s** for help any more, and won't take a yes: I'll say that no more help is needed. Nobody else will learn why.", name)
	off := to.say("There was no yes to take back.")
	if len(b.Off) > 0 {
		off = to.say("I'm taking %s off every request, and asking the village again. Whoever asked will hear that a moderator did it.", name)
	}
	driving := ""
	if len(b.Driving) > 0 {
		driving = to.say("**%s is on the way with somebody right now.** I've left that as it is, so that both get home. If you are worried, please call them both.", name)
	}
	m := to.barMessage(paragraphs(text, off, driving))
	for _, n := range b.Driving {
		button := to.needButton(n, to.say("Take off %s", to.Short(n.Kind)), "/need unfill ")
		button.Command += " " + helper.ID
		m.Buttons = append(m.Buttons, button)
	}
	for _, n := range b.Off[:min(len(b.Off), BoardSize)] {
		m.Buttons = append(m.Buttons, to.needButton(n, Capital(to.Short(n.Kind)), "/need show "))
	}
	return m
}

// Unbarred answers a moderator who lets somebody help again.
func (to Reader) Unbarred(helper village.Person) bot.Message {
	return to.barMessage(to.say("**%s** can say yes again like everybody else.", to.accountOrName(helper)))
}

func (to Reader) barMessage(text string) bot.Message {
	return bot.Message{Title: to.say("That is done, quietly"), Text: text}
}
