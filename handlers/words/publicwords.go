package words

import (
	"slices"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// HeldBack is an option whose words give something away, in two halves.
type HeldBack struct {
	Option string
	village.Parted
}

// BeforePosting asks what is to become of words that everybody would read. fits says that
// the private part has room for them.
func (to Reader) BeforePosting(g village.Group, id string, held []HeldBack, fits bool) bot.Message {
	where := to.say("the village channel")
	if len(g.Rooms) > 0 {
		where = RoomNames(g)
	}
	var why []string
	seen := map[village.Reveals]bool{}
	m := bot.Message{Title: to.say("Before I post this"), Tone: bot.Asking}
	for _, h := range held {
		for _, w := range h.Why {
			if !seen[w] {
				seen[w] = true
				why = append(why, to.reveals(w))
			}
		}
		public := bot.Literal(h.Public)
		switch {
		case h.Public != "":
		case h.Option == "note", h.Option == "collect":
			public = to.say("(nothing)")
		default:
			public = to.ToldInPrivate()
		}
		m.Fields = append(m.Fields, bot.Field{Name: to.say("Everybody reads"), Value: public}, bot.Field{Name: to.say("Only your helper can open"), Value: bot.Literal(h.Private)})
	}
	m.Text = to.say("Everybody in %s would read this, and it looks like %s. Shall I move that to the private part? Nothing is posted yet.", where, AndList(why))
	if seen[village.RevealsMedicine] {
		m.Text = sentences(m.Text, to.say("Whoever helps you would still read it there: if they are not to know, please leave it out."))
	}
	press := func(label, how string, style bot.Style) {
		m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/need post " + id + " " + how, Style: style})
	}
	if fits {
		press(to.say("Yes, move it"), "private", bot.Primary)
	} else {
		m.Text = sentences(m.Text, to.say("It is too long for the private part as it is, so please shorten it."))
	}
	press(to.say("Leave it as it is"), "public", bot.Plain)
	press(to.say("Let me change it"), "form", bot.Plain)
	return m
}

// BeforeAll asks whether words that everybody would read are to be posted as they are,
// where there is no private part. form says that there is a form to change them in.
func (to Reader) BeforeAll(id string, held []HeldBack, form bool) bot.Message {
	m := bot.Message{Title: to.say("Before others read this"), Tone: bot.Asking}
	var why []string
	for _, h := range held {
		for _, w := range h.Why {
			if is := to.reveals(w); !slices.Contains(why, is) {
				why = append(why, is)
			}
		}
		m.Fields = append(m.Fields, bot.Field{Name: to.say("I noticed"), Value: bot.Literal(h.Private)})
	}
	m.Text = to.say("Everybody here could read this, and it looks like %s. Is that all right? Nothing is posted yet.", AndList(why))
	m.Buttons = []bot.Button{{Label: to.say("Yes, as it is"), Command: "/need post " + id + " public"}}
	if form {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Let me change it"), Command: "/need post " + id + " form", Style: bot.Primary})
	} else {
		m.Text = sentences(m.Text, to.say("If not, please type it once more without that."))
	}
	return m
}

// reveals is what words give away.
func (to Reader) reveals(w village.Reveals) string {
	switch w {
	case village.RevealsAddress:
		return to.say("an address")
	case village.RevealsPhone:
		return to.say("a phone number")
	case village.RevealsMail:
		return to.say("an email address")
	case village.RevealsWayIn:
		return to.say("the way in")
	case village.RevealsSchool:
		return to.say("the name of a school")
	case village.RevealsChild:
		return to.say("a child’s name")
	}
	return to.say("a medicine or a treatment")
}

// ToldInPrivate stands for a place that has gone to the private part as a whole.
func (to Reader) ToldInPrivate() string { return to.say("a place that only my helper is told") }

// NothingHeld answers a tap on what has been posted, or has waited too long.
func (to Reader) NothingHeld() error {
	return &bot.Error{Code: "nothing-held", Say: to.say("That has been posted already, or it has waited for more than a day and is gone."),
		Hint: to.say("You can see what you have asked for, or ask again."), Buttons: []bot.Button{to.MineButton()}}
}

// NoSuchOption refuses words that look like an option and are none, where everybody would
// read them.
func (to Reader) NoSuchOption(name, example string) error {
	return &bot.Error{Code: bot.CodeUnknownOption, Say: to.say("I don't know “%s:” here, and everybody would read it, so I have posted nothing.", name),
		Hint: to.say("Please leave it out, or write it without the colon. For example: %s", example)}
}

// HeldKept is a line about words that wait for an answer.
func (to Reader) HeldKept(expires time.Time) string {
	return to.say("Words of yours that I have not posted and asked you about, until %s", when.Short(expires, to.Zone))
}
