package words

import (
	"strings"

	"village/bot"
)

// Lines are those of a country, or of everywhere, as the book has them.
type Lines struct {
	Country   string // its name
	Emergency Line
	Listen    []Line
	// Elsewhere is a line of every country, where none is known.
	Elsewhere []LineOf
	// Now is what can be done that is not a call, Tell whom to tell, and Honest what
	// nobody here does.
	Now, Tell []string
	Honest    string
}

// Line is somebody who can be reached; Link is empty where it cannot be tapped.
type Line struct{ Name, Words, Number, Link string }

// LineOf is a country's first line, and its emergency number.
type LineOf struct {
	Country          string
	First, Emergency Line
}

// Crisis is whom the reader can reach right now; others are the countries to choose
// from.
func (to Reader) Crisis(l Lines, others []bot.Pick) bot.Message {
	m := bot.Message{Title: to.say("You matter, and you don't have to hold this alone"), Tone: bot.Urgent}
	var lines []string
	for _, line := range l.Listen {
		lines = append(lines, "- "+to.tap(line))
		if strings.HasPrefix(line.Link, "https://") {
			m.Buttons = append(m.Buttons, bot.Button{Label: Clip(line.Name, 40), URL: line.Link})
		}
	}
	for _, e := range l.Elsewhere {
		lines = append(lines, "- "+to.say("%s: %s. Emergency: %s", bot.Literal(e.Country), to.tap(e.First), "["+bot.Literal(e.Emergency.Number)+"]("+e.Emergency.Link+")"))
	}
	m.Text = paragraphs(
		"**"+to.tap(l.Emergency)+".**",
		to.say("People who listen:"), strings.Join(lines, "\n"),
		to.say("Something you can do this minute that is not a call:"), Bullets(to.allCalled(l.Now)),
		to.say("Somebody to tell:"), Bullets(to.allCalled(l.Tell)),
		"**"+bot.Literal(to.called(l.Honest))+"**")
	m.Menus = []bot.Menu{{Label: to.say("Lines for another country"), Command: "/crisis", Picks: others}}
	m.Footer = to.say("Lines for: %s", bot.Literal(to.called(l.Country)))
	return m
}

// LinesGuessed says for which country lines are, where only the time zone told.
func (to Reader) LinesGuessed(country string) string {
	return to.say("Lines for: %s. I took that from the time zone; other countries are below.", bot.Literal(to.called(country)))
}

// IfMore are two lines below an answer to words that may mean more than they say.
func (to Reader) IfMore(listen []Line, emergency Line) bot.Message {
	ways := make([]string, len(listen))
	for i, line := range listen {
		ways[i] = to.tap(line)
	}
	return bot.Message{
		Text: to.say("If this is more than nerves, you don't have to be alone with it: %s.", strings.Join(ways, ", ")) + "\n" +
			to.tap(emergency) + ". " + to.say("I can't see who needs help, and nobody is watching this chat."),
		Buttons: []bot.Button{{Label: to.say("I need to talk to somebody now"), Command: "/crisis", Style: bot.Danger}},
	}
}

// OnlyWords answers a recording, a picture or a sticker.
func (to Reader) OnlyWords() bot.Message {
	return bot.Message{
		Text: paragraphs(
			to.say("I can't listen to recordings or look at pictures, and nobody else hears them here. Please write to me in words."),
			to.say("If you are in danger, or afraid that you might be, please don't wait for me: tap below, and I'll show you people who answer right now.")),
		Buttons: []bot.Button{{Label: to.say("I need to talk to somebody now"), Command: "/crisis", Style: bot.Danger}},
		Tone:    bot.Asking,
	}
}

// tap is a line's words, to be tapped where it has an address.
func (to Reader) tap(l Line) string {
	said := bot.Literal(to.called(l.Words))
	if l.Link == "" {
		return said
	}
	return "[" + said + "](" + l.Link + ")"
}

// allCalled are lines of the book in the reader's language.
func (to Reader) allCalled(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = to.called(line)
	}
	return out
}
