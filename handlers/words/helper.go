package words

import (
	"village/bot"
	"village/internal/village"
)

// WhoNow says how a request stands after somebody has gone from it.
func WhoNow(n village.Need) string {
	switch {
	case n.State() == village.Covered:
		return "Somebody who stood by takes it on."
	case len(n.Claims) > 0:
		return "Others are still down for it, and I go on looking."
	}
	return "I am looking for somebody else."
}

// HelperMessage says what somebody is asked for, with a tap to change each.
func HelperMessage(h village.Helper, title string) bot.Message {
	m := bot.Message{Title: title, Text: HelperWords(h)}
	toggle := func(option string, off bool, on, offLabel string) {
		value, label := "no", offLabel
		if off {
			value, label = "yes", on
		}
		m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/helper settings " + option + ": " + value})
	}
	if h.Joined.IsZero() {
		m.Buttons = append(m.Buttons, bot.Button{Label: "You may ask me", Command: "/helper join", Style: bot.Primary})
		return m
	}
	toggle("rides", h.NoRides, "Do ask for rides", "Not for rides")
	toggle("children", h.NoChildren, "Do ask for children", "Not for children")
	toggle("other", h.NoOther, "Do ask for meals and errands", "Not for meals or errands")
	toggle("mornings", h.NoMornings, "Mornings are fine", "Not in the morning")
	if h.AMonth == 0 {
		m.Buttons = append(m.Buttons, bot.Button{Label: "At most twice a month", Command: "/helper settings month: 2"})
	} else {
		m.Buttons = append(m.Buttons, bot.Button{Label: "As often as needed", Command: "/helper settings month: 0"})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "Don't ask me", Command: "/helper leave"})
	return m
}

func HelperWords(h village.Helper) string {
	if h.Joined.IsZero() {
		return "I don't ask you directly. You can say yes to anything in the channel: /need open shows it."
	}
	var wanted []string
	for _, w := range []struct {
		no    bool
		words string
	}{{h.NoRides, "rides"}, {h.NoChildren, "help with children"}, {h.NoOther, "meals, errands and company"}} {
		if !w.no {
			wanted = append(wanted, w.words)
		}
	}
	words := "I may ask you for " + AndList(wanted)
	if len(wanted) == 0 {
		words = "I ask you for nothing at the moment, because everything is switched off"
	}
	if h.NoMornings {
		words += ", but not in the morning"
	}
	if h.AMonth > 0 {
		words += ". You are asked until you have said yes " + Times(h.AMonth) + " in a month"
	}
	return words + "."
}
