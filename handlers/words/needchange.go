package words

import (
	"strconv"

	"village/bot"
	"village/internal/village"
)

// None is typed to take something away.
const None = "-"

// Number is a number that somebody gave, empty where nobody did.
func Number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Moved says when it is now, and who hears of that.
func (to Reader) Moved(n village.Need) bot.Message {
	return bot.Message{Title: to.say("Moved"), Tone: bot.Good,
		Text:    sentences(to.say("%s is on **%s** now.", Capital(to.Noun(n.Kind)), to.Span(n)), to.whoIsAsked(n)),
		Buttons: append([]bot.Button{to.SeeButton(n)}, to.GuestButtons(n)...)}
}

// ChangeForm asks what is to be different.
func (to Reader) ChangeForm(n village.Need) bot.Form {
	return bot.Form{Title: to.say("Change a request"), Intro: to.say("%s. What you leave as it is stays.", Capital(to.Noun(n.Kind)))}
}

// Changed says what is different now, and who hears of that.
func (to Reader) Changed(was, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Changed"), Tone: bot.Good, Fields: to.ChangedFields(n, was.Terms(), n.Terms()), Buttons: []bot.Button{to.SeeButton(n)}}
	if n.Wanted != was.Wanted {
		m.Fields = append(m.Fields, bot.Field{Name: to.say("Helpers wanted"), Value: strconv.Itoa(n.Wanted)})
	}
	if len(m.Fields) == 0 {
		return bot.Message{Text: to.say("Nothing is different from before, so I won't tell anybody."), Buttons: m.Buttons}
	}
	m.Text = to.whoIsAsked(n)
	m.Buttons = append(m.Buttons, to.GuestButtons(n)...)
	return m
}

// whoIsAsked says to whoever changed a need what follows from it.
func (to Reader) whoIsAsked(n village.Need) string {
	var asked, hear []string
	for _, c := range n.Claims {
		name := bot.Literal(c.Helper.Name)
		if village.IsGuest(c.Helper.ID) {
			name = to.say("whoever signed %s up", name)
		}
		switch {
		case c.Heard == nil:
		case c.Unsure || c.Reread:
			asked = append(asked, name)
		default:
			hear = append(hear, name)
		}
	}
	if len(n.Backups) > 0 && n.Backups[0].Heard != nil {
		hear = append(hear, to.say("whoever stands by"))
	}
	var asks, tells string
	if len(asked) > 0 {
		asks = to.say("I'll ask %s whether that suits them too, and I'll tell you what they say.", AndList(asked))
	}
	if len(hear) > 0 {
		tells = to.say("I'll tell %s.", AndList(hear))
	}
	return sentences(asks, tells, to.TellGuests(n))
}

// ChangedFields say what is different, and where it helps, what it was before.
// private are the private details, for who may read them.
func (to Reader) ChangedFields(n village.Need, was, is village.Terms) []bot.Field {
	to.Zone = village.ZoneNamed(n.Zone)
	var out []bot.Field
	add := func(name, value string) { out = append(out, bot.Field{Name: name, Value: value}) }
	if was.Moved(is) {
		before := n
		before.Start, before.End = was.Start, was.End
		add(to.say("It was"), to.Span(before))
		add(to.say("It is now"), to.Span(n))
	}
	for _, w := range []struct{ name, was, is string }{
		{to.placeName(n.Kind), was.From, is.From}, {to.say("To"), was.To, is.To},
		{to.say("Children"), Number(was.Children), Number(is.Children)}, {to.say("Seats"), Number(was.Seats), Number(is.Seats)}, {to.say("Child seats"), Number(was.ChildSeats), Number(is.ChildSeats)},
	} {
		switch {
		case w.was == w.is:
		case w.was == "":
			add(w.name, bot.Literal(w.is))
		case w.is == "":
			add(w.name, to.say("not said any more (it was %s)", bot.Literal(w.was)))
		default:
			add(w.name, to.say("%s (it was %s)", bot.Literal(w.is), bot.Literal(w.was)))
		}
	}
	switch {
	case was.Note == is.Note:
	case is.Note == "":
		add(to.say("Note"), to.say("taken away"))
	default:
		add(to.say("Note"), bot.Literal(is.Note))
	}
	switch {
	case !was.Private(is):
	case !is.Details:
		add(to.say("Private details"), to.say("There are none any more."))
	default:
		add(to.say("Private details"), to.say("They are new."))
	}
	return out
}

// MovedCard stands where a request was before its channel was changed.
func (to Reader) MovedCard(g village.Group) bot.Message {
	return bot.Message{Text: to.say("This request is in %s now.", RoomNames(g))}
}
