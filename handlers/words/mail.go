package words

import (
	"village/bot"
	"village/internal/village"
)

// What is said about mail to those who have a page, and in it. As on the page, it tells
// nobody what an appointment is, or of which group it is.

// MailByLink refuses mail to whoever is written to in a chat.
func (to Reader) MailByLink() error {
	return &bot.Error{Code: "no-page", Say: to.say("I write to you here, in this chat."), Hint: to.say("Mail is for those who are not here and have a personal link.")}
}

// NoMail says that no mail goes out from here.
func (to Reader) NoMail() error {
	return &bot.Error{Code: "no-mail", Say: to.say("I can't send e-mail from here."), Hint: to.say("Everything stands on your page, and your calendar can ring: /my calendar.")}
}

// MailForm asks for an address.
func (to Reader) MailForm(f village.Family) bot.Form {
	intro := to.say("I'll write when you say yes, the day before, on the day, and when something changes. Only I know the address, not %s, and one tap ends it.", f.By.Name)
	if !f.Mail.Back.IsZero() {
		intro = to.say("Mail to your last address came back. %s", intro)
	}
	return bot.Form{Title: to.say("E-mail"), Intro: intro}
}

// MailAsked says that a mail is on its way to an address.
func (to Reader) MailAsked() bot.Message {
	return bot.Message{Title: to.say("Please look in your mail"), Tone: bot.Asking,
		Text: to.say("I'm writing to that address now. Tap the link in that mail, and I'll write there from then on. Look in the spam folder, too.")}
}

// MailAsks asks at an address whether it may be written to.
func (to Reader) MailAsks(f village.Family, code string) bot.Message {
	return bot.Message{Title: to.say("May I write to you here about what %s asks for?", f.By.Name),
		Text: paragraphs(to.say("Somebody gave this address on the page of **%s**, whom %s has asked for a hand.", bot.Literal(f.Name), bot.Literal(f.By.Name)),
			to.say("If that was you, tap below. If not, do nothing, and I won't write again.")),
		Buttons: []bot.Button{{Label: to.say("Yes, write to me here"), Command: "/my mail code: " + code, Style: bot.Primary}}}
}

// NotAskedThere refuses a yes that nobody was asked for.
func (to Reader) NotAskedThere() error {
	return &bot.Error{Code: "not-asked", Say: to.say("That code is not one I wait for."), Hint: to.say("You can give your address on your page.")}
}

// MailTaken says that mail comes from now on.
func (to Reader) MailTaken(f village.Family) bot.Message {
	return bot.Message{Title: to.say("Thank you"), Tone: bot.Good, Text: to.say("I'll write to you here about what you do for %s. Each mail has a link that ends it.", bot.Literal(f.By.Name))}
}

// MailThere says where the reader gets mail.
func (to Reader) MailThere(f village.Family) bot.Message {
	m := bot.Message{Title: to.say("E-mail"), Text: to.say("I write to %s about what you said yes to.", bot.Literal(f.Mail.Address))}
	if f.Mail.Address == "" {
		return bot.Message{Title: to.say("E-mail"), Text: to.say("You get no e-mail from me.")}
	}
	m.Buttons = []bot.Button{{Label: to.say("No more e-mail"), Command: "/my mail do: off"}}
	return m
}

// MailEnded says that no more mail comes.
func (to Reader) MailEnded() bot.Message {
	return bot.Message{Title: to.say("No more e-mail"), Text: to.say("I have forgotten your address. What you said yes to stays, and everything stands on your page. Please look there the day before.")}
}

// MailCameBack tells whoever asked somebody that mail does not reach them.
func (to Reader) MailCameBack(f village.Family) bot.Message {
	return bot.Message{Title: Clip(to.say("Mail to %s came back", f.Name), 60), Tone: bot.Asking, Buttons: []bot.Button{{Label: to.say("What I asked for"), Command: "/need mine"}, to.allFamily()},
		Text: to.say("The address that **%s** gave me takes no mail, so I won't write there any more. Their page still shows everything, but nothing tells them to look. Please let them know yourself.", bot.Literal(f.Name))}
}

// LetterSubject is what a mail about a request is called.
func (to Reader) LetterSubject(title string, n village.Need) string {
	to = to.in(n)
	return Clip(to.say("%s (%s, %s)", title, to.Short(n.Kind), to.writing().Short(n.Start, to.Zone)), 120)
}

// PrivateOnPage says that what is private is in no mail.
func (to Reader) PrivateOnPage(text string) string {
	return paragraphs(text, to.say("The private part opens on your page, never in a mail."))
}

// MailNote stands below a mail.
func (to Reader) MailNote(f village.Family) string {
	return to.say("This comes to you, %s, because %s asked you for a hand. Nobody reads answers to this address: please call %s.", f.Name, f.By.Name, f.By.Name)
}

// MyPage and StopMail are the labels of the last links in a mail.
func (to Reader) MyPage() string { return to.say("My page, in the browser that knows me") }

// StopMail is the label of what ends all mail.
func (to Reader) StopMail() string { return to.say("No more e-mail") }

// NoSuchTap is said of a link in a mail that does nothing any more.
func (to Reader) NoSuchTap() bot.Message {
	return bot.Message{Title: to.say("This link does nothing any more"),
		Text: to.say("It was for a few days only, or it has been replaced. If somebody counts on you today, call them.")}
}

// TapAsks asks before a link in a mail does what it says; n is what it is about, if
// anything.
func (to Reader) TapAsks(f village.Family, label string, n village.Need) bot.Message {
	m := bot.Message{Title: label, Text: to.say("One more tap, %s, and it is done.", bot.Literal(f.Name))}
	if n.ID == "" {
		return m
	}
	to = to.in(n)
	m.Text = paragraphs(to.say("%s for %s, **%s**. %s", Capital(to.Noun(n.Kind)), bot.Literal(n.Member.Name), to.Span(n), to.brief(n)), m.Text)
	return m
}
