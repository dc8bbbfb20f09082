package words

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// What stands on the page of whoever has a personal link, and at its door. It tells
// nobody what an appointment is, or of which group it is.

// Tag is the language of what the reader reads, as a BCP 47 tag.
func (to Reader) Tag() string { return to.say("en") }

// Appointment is the word for what nobody has to know more of.
func (to Reader) Appointment() string { return to.say("appointment") }

// BackToPage leads to the reader's page.
func (to Reader) BackToPage() string { return to.say("Back to my page") }

// OnlyByLink refuses whoever has no page.
func (to Reader) OnlyByLink() error {
	return &bot.Error{Code: "no-page", Say: to.say("That is the page of those who have a personal link."),
		Hint: to.say("You see everything of yours here: /home."), Buttons: []bot.Button{to.allFamily()}}
}

// NoSuchLink is said of a link that opens nothing, whatever the reason.
func (to Reader) NoSuchLink() bot.Message {
	return bot.Message{Title: to.say("This link opens nothing"),
		Text: paragraphs(to.say("It may have ended, or a letter of it is missing."), to.say("Please ask whoever sent it to you for a new one. If they count on you today, call them."))}
}

// LinkInUse is said where a link was opened in another browser before.
func (to Reader) LinkInUse(f village.Family) bot.Message {
	return bot.Message{Title: to.say("This link is for %s", f.Name),
		Text: paragraphs(to.say("It is open on another phone or computer already, and it opens on one only."),
			to.say("Not %s? Ask %s for a link of your own. You are %s and this is a new phone? %s can make you a new one in a minute.", bot.Literal(f.Name), bot.Literal(f.By.Name), bot.Literal(f.Name), bot.Literal(f.By.Name)))}
}

// IsThisYou asks whoever opens a link first.
func (to Reader) IsThisYou(f village.Family) bot.Message {
	if f.HomeOnly {
		return bot.Message{Title: to.say("A word from %s", f.By.Name),
			Text: paragraphs(to.say("This link is for **%s**. Is that you?", bot.Literal(f.Name)), to.say("Here you read when %s is home. No account, no app.", bot.Literal(f.By.Name)),
				to.say("From then on this browser keeps the link, with one cookie and nothing else. It opens nowhere else, so please pass it on to nobody."))}
	}
	m := bot.Message{Title: to.say("%s could use a hand", f.By.Name),
		Text: paragraphs(to.say("This link is for **%s**. Is that you?", bot.Literal(f.Name)),
			to.say("Here you see what %s needs and when. You can say yes or no to each, and nobody minds a no. No account, no app.", bot.Literal(f.By.Name)),
			to.say("From then on this browser keeps the link, with one cookie and nothing else. It opens nowhere else, so please pass it on to nobody."))}
	if f.For != "" {
		m.Text = paragraphs(to.say("It is about this: %s.", bot.Literal(f.For)), m.Text)
	}
	return m
}

// ThisIsMe opens a link.
func (to Reader) ThisIsMe() string { return to.say("This is me") }

// FormOnPage is a form in the reader's language; listed says that its title is that of the
// table of commands.
func (to Reader) FormOnPage(f bot.Form, listed bool) bot.Form {
	name := func(words string) string {
		if words == "" {
			return ""
		}
		return to.called(words)
	}
	if listed {
		f.Title, f.Intro = name(f.Title), name(f.Intro)
	}
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		o := &f.Fields[i].Option
		o.Label, o.Summary, o.Hint, o.Choices = name(o.Label), name(o.Summary), name(o.Hint), slices.Clone(o.Choices)
		if o.Kind == bot.YesNo {
			o.Kind, o.Choices = bot.Choice, []bot.Pick{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}}
		}
		for j := range o.Choices {
			o.Choices[j].Label = name(o.Choices[j].Label)
		}
	}
	return f
}

// SorryAtDoor is said where something went wrong.
func (to Reader) SorryAtDoor() bot.Message {
	return bot.Message{Title: to.say("That did not work"), Text: paragraphs(to.say("Please go back and try again in a minute. Nothing was changed."),
		to.say("If somebody counts on you now, please call them."))}
}

// Page is what there is for somebody with a link.
type Page struct {
	Family village.Family
	// Promised is what they are down for or stand by for, Open what nobody does yet, and
	// News what they were told, the latest first.
	Promised, Open []village.Need
	News           []News
	// Another says that there is another language to choose.
	Another bool
	// Mail says that they can be written to.
	Mail bool
}

// News is something that somebody was told.
type News struct {
	At      time.Time
	Message bot.Message
	// Language is what it is written in, a BCP 47 tag; empty: English.
	Language string
}

// Page is everything on somebody's page: first who asks, then what they are down for,
// what is needed by day, what was said to them, and what they can set. A message with a
// title alone is a heading.
func (to Reader) Page(p Page) []bot.Message {
	by := bot.Literal(p.Family.By.Name)
	first := bot.Message{Title: to.say("Hi %s", p.Family.Name), Text: to.say("Times are those of whoever asked. Your own clock is %s.", bot.Literal(to.zoneSaid()))}
	if p.Family.For != "" {
		first.Text = sentences(to.say("%s could use a hand: %s.", by, bot.Literal(p.Family.For)), first.Text)
	}
	if p.Another {
		first.Buttons = append(first.Buttons, to.otherLanguage())
	}
	out := []bot.Message{first}
	if len(p.Promised) > 0 {
		out = append(out, bot.Message{Title: to.say("What you said yes to")})
		for _, n := range p.Promised {
			out = append(out, to.promised(n))
		}
	}
	out = append(out, to.nothingOpen(p)...)
	day := ""
	for _, n := range p.Open {
		if today := Capital(to.writing().Day(n.Start, village.ZoneNamed(n.Zone))); today != day {
			day = today
			out = append(out, bot.Message{Title: day})
		}
		out = append(out, to.needed(n))
	}
	if len(p.News) > 0 {
		out = append(out, bot.Message{Title: to.say("What I told you lately")})
		for _, news := range p.News {
			m := news.Message
			m.Footer = to.listed(news.At, to.zoneHere())
			if written := cmp.Or(news.Language, "en"); written != to.Tag() {
				m.Language = written
			}
			if m.Title == "" {
				m.Title = to.say("A word")
			}
			out = append(out, m)
		}
	}
	yours := bot.Message{Text: to.say("The page shows how things stand whenever you open it. It cannot ring your phone."),
		Buttons: []bot.Button{{Label: to.say("When you can, and what with"), Command: "/helper show"}, {Label: to.say("Your time zone"), Command: "/my zone"}, {Label: to.say("Your calendar"), Command: "/my calendar"},
			{Label: to.say("What is kept about you"), Command: "/privacy show"}}}
	if p.Mail {
		yours.Buttons = append([]bot.Button{{Label: to.say("E-mail from me"), Command: "/my mail"}}, yours.Buttons...)
	}
	return append(out, bot.Message{Title: to.say("Yours")}, yours)
}

// nothingOpen says so where nothing is needed, or where somebody only hears of one thing
// and has not yet.
func (to Reader) nothingOpen(p Page) []bot.Message {
	by := bot.Literal(p.Family.By.Name)
	switch {
	case p.Family.HomeOnly && len(p.News) == 0:
		return []bot.Message{{Title: to.say("No word yet"), Text: to.say("When %s is home, it stands here.", by)}}
	case p.Family.HomeOnly || len(p.Open) > 0:
		return nil
	}
	return []bot.Message{{Title: to.say("Nothing is open"), Text: to.say("There is nothing that %s needs just now. Please look in again when you are asked.", by)}}
}

// otherLanguage leads to the page in the other language, and is in it.
func (to Reader) otherLanguage() bot.Button {
	if to.Tag() == "es" {
		return bot.Button{Label: "In English", Command: "/page language: en", Language: "en"}
	}
	return bot.Button{Label: "En español", Command: "/page language: es", Language: "es"}
}

// needed is a request that nobody has said yes to, in one line and a tap.
func (to Reader) needed(n village.Need) bot.Message {
	clock := to.writing().Clock(n.Start, village.ZoneNamed(n.Zone))
	return bot.Message{Title: to.say("%s: %s", clock, to.Short(n.Kind)), Text: to.brief(n),
		Buttons: []bot.Button{{Label: to.say("I can do this, %s", to.writing().Short(n.Start, village.ZoneNamed(n.Zone))), Command: "/need show " + n.ID}}}
}

// zoneSaid is the reader's zone by its name: "Denver time, MST".
func (to Reader) zoneSaid() string { return to.writing().Zone(to.Now, to.zoneHere()) }

// brief is where a request is, and what has to be known of it before a yes.
func (to Reader) brief(n village.Need) string {
	parts := []string{Capital(to.Where(n))}
	if n.To != "" {
		parts = append(parts, to.say("to %s", bot.Literal(n.To)))
	}
	if n.Kind.Lasting() {
		parts = append(parts, to.say("until %s", to.listed(n.End, village.ZoneNamed(n.Zone))))
	}
	if n.Seats > 0 {
		parts = append(parts, to.say("seats: %d", n.Seats))
	}
	if n.Children > 0 {
		parts = append(parts, to.say("children: %d", n.Children))
	}
	if n.ChildSeats > 0 {
		parts = append(parts, to.say("child seats: %d", n.ChildSeats))
	}
	line := strings.TrimSuffix(strings.Join(parts, ", "), ".") + "."
	if n.Note != "" {
		line += " " + bot.Literal(n.Note)
	}
	return line
}

// promised is something that the reader is down for, with what they can say about it now.
func (to Reader) promised(n village.Need) bot.Message {
	own := to.zoneHere()
	to = to.in(n)
	m := bot.Message{Title: to.say("%s, %s", Capital(to.Short(n.Kind)), to.listed(n.Start, to.Zone)), Text: sentences(Capital(to.full(n.Start, to.Zone))+".", to.brief(n), to.onYourClock(n, own))}
	if n.Why != "" || n.IsHome(to.ID) {
		return to.done(m, n)
	}
	words, buttons := to.nowOn(n)
	m.Text = paragraphs(m.Text, words)
	m.Buttons = append(buttons, to.DetailsButton(n)...)
	if n.Details && n.MaySee(to.ID) && len(to.DetailsButton(n)) == 0 {
		m.Text = paragraphs(m.Text, to.say("The address and what else is private open here on %s.", to.full(n.DetailsFrom(), to.Zone)))
	}
	if !n.OnTheWayWith(to.ID) {
		m.Buttons = append(m.Buttons, to.ReleaseButton(n))
	}
	return to.WithReport(m, n)
}

// done is a promise of which nothing is left to do.
func (to Reader) done(m bot.Message, n village.Need) bot.Message {
	last := to.say("This is done. Thank you.")
	switch {
	case n.Why == village.Cancelled:
		m.Text = paragraphs(m.Text, to.say("Not needed any more. Thank you for having been there."))
		return m
	case !n.Thanked.IsZero():
		last = to.say("%s says thank you.", bot.Literal(n.Member.Name))
	}
	m.Text = paragraphs(m.Text, last)
	return to.WithReport(m, n)
}

// nowOn is what a promise waits for, and what can be said to it.
func (to Reader) nowOn(n village.Need) (string, []bot.Button) {
	still := []bot.Button{{Label: to.say("Yes, still on"), Command: "/need still " + n.ID, Style: bot.Primary}}
	home := to.HomeButtons(n)
	switch {
	case !n.HelpedBy(to.ID):
		return to.say("You stand by. I'll ask you here if the first helper can't."), nil
	case n.Waits(to.ID):
		return to.say("%s says yes to you first, once. It shows here as soon as that is done.", bot.Literal(n.Member.Name)), nil
	case n.IsHeld() && to.Now.Before(n.End) && !n.OnTheWayWith(to.ID):
		if n.Kind.Travels() && !to.Now.Before(n.RemindAt()) {
			return to.callFirst(n), home
		}
		return to.callFirst(n), nil
	case n.OnTheWayWith(to.ID):
		return to.say("When you are there, please tap below. Only tap while you are parked."), home[1:]
	case n.Unsure(to.ID):
		return to.say("Something about it has changed. Is it still on for you?"), still
	case n.Kind.Travels() && !to.Now.Before(n.RemindAt()):
		if to.isToday(n.Start) {
			return to.say("It is today."), home
		}
		return to.say("It is tomorrow, and these are for when it is time."), home
	case to.Now.Before(n.Start) && !to.Now.Before(n.AsksAt()):
		return to.say("Is it still on?"), still
	}
	return "", nil
}

// onYourClock is a request's time where the reader's own clock shows another.
func (to Reader) onYourClock(n village.Need, own *time.Location) string {
	here, there := n.Start.In(own), n.Start.In(to.Zone)
	if here.Format(time.DateTime) == there.Format(time.DateTime) {
		return ""
	}
	return to.say("On your clock: %s.", to.full(n.Start, own))
}

// PageNeed is one request on the page, with what both sides learn by a yes.
func (to Reader) PageNeed(n village.Need) bot.Message {
	if n.HelpedBy(to.ID) || n.StandsBy(to.ID) {
		return to.promised(n)
	}
	m := bot.Message{Title: to.say("%s for %s", Capital(to.Noun(n.Kind)), n.Member.Name), Text: paragraphs("**"+to.Span(n)+"**", to.brief(n))}
	by := bot.Literal(n.Member.Name)
	if n.State() != village.Open || n.IsHeld() || !to.Now.Before(n.Start) {
		m.Text = paragraphs(m.Text, to.say("Somebody is down for it, or it is not needed any more. Thank you for looking."))
		return m
	}
	learns := to.say("If you say yes, %s sees your name, and so does everybody who could have helped.", by)
	private := ""
	switch {
	case n.Details && n.DetailsOpen(to.Now):
		private = to.say("You see an address or a phone number here once you are down for it.")
	case n.Details:
		private = to.say("You see an address or a phone number here from the evening before, %s.", to.full(n.DetailsFrom(), to.Zone))
	}
	m.Text = paragraphs(m.Text, sentences(learns, private, to.say("The first time you help, %s says yes to you too.", by)), to.say("You can step back at any time, and I'll ask somebody else."))
	m.Buttons = []bot.Button{{Label: to.say("Yes, I'll do it"), Command: "/need claim " + n.ID, Style: bot.Primary}}
	return m
}

// toKeep says where somebody finds again what they said yes to.
func (to Reader) toKeep() string {
	if village.IsFamily(to.ID) {
		return to.say("It stands on your page from now on.")
	}
	return to.say("I am sending you a direct message to keep.")
}

// NewsKept is what the reader's page told them.
func (to Reader) NewsKept(many int, until time.Time) string {
	return to.say("The last things your page told you: %d, until %s", many, to.fullDay(until, to.zoneHere()))
}

// NewsLine is one of them.
func (to Reader) NewsLine(n News) string {
	return to.say("On %s your page told you: %s", to.full(n.At, to.zoneHere()), sentences(bot.Literal(n.Message.Title)+".", n.Message.Text))
}
