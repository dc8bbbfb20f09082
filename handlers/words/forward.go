package words

import (
	"net/url"
	"strings"

	"village/bot"
	"village/internal/village"
)

// Words to forward are somebody's own: they are plain, they name whoever asked, and
// they say nothing of a group or of what an appointment is unless whoever asked does.

// Forward is what somebody passes on.
type Forward struct {
	// Subject is for a mail, Text all of it.
	Subject, Text string
	// Keep says that there is something to keep in a calendar.
	Keep bool
}

// Forward is what the reader passes on about a need to somebody outside the chat: who is
// down for it, or whoever could be asked, where helper has no ID. private are the
// reader's own private details, where they want them in it.
func (to Reader) Forward(n village.Need, helper village.Person, private string) Forward {
	to = to.passing().in(n)
	subject := to.say("%s, %s", Capital(to.Short(n.Kind)), to.listed(n.Start, to.Zone))
	what := n.Passes(helper.ID, to.Now)
	f := Forward{Subject: subject, Keep: true}
	greeting := to.say("Hi,")
	if helper.Name != "" {
		greeting = to.say("Hi %s,", helper.Name)
	}
	at := plain(to.Span(n))
	var says string
	switch mine, name, noun := to.ID == n.Member.ID, n.NameFor(to.ID), to.Noun(n.Kind); what {
	case village.PassAsk:
		says = to.passAsk(n)
	case village.PassChanged:
		says = to.say("%s for %s is different now. This is how it is:", Capital(noun), name)
		if mine {
			says = to.say("%s for me is different now. This is how it is:", Capital(noun))
		}
	case village.PassStill:
		says = to.say("It is nearly time: %s for %s. Is it still on for you?", noun, name)
		if mine {
			says = to.say("It is nearly time: %s for me. Is it still on for you?", noun)
		}
	case village.PassCancelled, village.PassFree:
		f.Text, f.Keep = paragraphs(greeting, Capital(to.passFree(n, what))), what == village.PassCancelled
		return f
	case village.PassThanks:
		f.Text, f.Keep = paragraphs(greeting, to.passThanks(n)), false
		return f
	default:
		says = to.say("Thank you for saying yes: %s for %s.", noun, name)
		if mine {
			says = to.say("Thank you for saying yes: %s for me.", noun)
		}
	}
	lines := []string{to.say("When: %s", at)}
	for _, field := range to.NeedFields(n) {
		lines = append(lines, field.Name+": "+plain(field.Value))
	}
	if private != "" {
		lines = append(lines, to.say("Just for you: %s", private))
	}
	f.Text = paragraphs(greeting, says, strings.Join(lines, "\n"), to.passAnswer(n, what))
	return f
}

// passing is the reader as they write to whoever they pass words on to.
func (to Reader) passing() Reader {
	if to.Theirs != nil {
		to.Language = to.Theirs
	}
	return to
}

// passOn gives whoever asked the words for somebody whose page says something new.
func (to Reader) passOn(j village.Notice, n village.Need) bot.Message {
	who := bot.Literal(j.About.Name)
	m := bot.Message{Title: Clip(to.say("Please tell %s", j.About.Name), 60), Tone: bot.Asking}
	switch j.For {
	case village.OwedArrived:
		m.Title = Clip(to.say("For %s, if you like", j.About.Name), 60)
		theirs := to.passing()
		f := Forward{Subject: theirs.say("I'm home"), Text: theirs.say("Hi %s, I'm home, and all is well.", j.About.Name)}
		m.Text = paragraphs(to.say("It stands on **%s**'s page that you are home. A page can't ring, so here are words to send.", who), to.youCanForward(f))
		m.Tone, m.Buttons = bot.Good, to.sendButtons(f)
		return m
	case village.OwedCancelled:
		m.Text = to.say("**%s** can read on their page that you don't need %s any more. A page can't ring, so please send them this now.", who, to.what(n))
		return to.withForward(m, n, j.About, nil)
	}
	m.Text = to.say("**%s** can read on their page what is different now: %s. A page can't ring, so please send them this now.", who, to.what(n))
	return to.withForward(m, n, j.About, to.GuestAnswer(n, j.About))
}

// passOnAll is passOn for several requests that are not needed any more.
func (to Reader) passOnAll(j village.Notice, needs []village.Need) bot.Message {
	theirs := to.passing()
	f := Forward{Subject: theirs.say("Not needed any more"), Text: paragraphs(theirs.say("Hi %s,", j.About.Name), theirs.say("I don't need this any more, so you are free. Thank you for being there."), plain(theirs.whatEach(needs)))}
	return bot.Message{Title: Clip(to.say("Please tell %s", j.About.Name), 60), Tone: bot.Asking, Buttons: append(to.sendButtons(f), to.MineButton()),
		Text: paragraphs(to.say("**%s** can read on their page what you don't need any more. A page can't ring, so please send them this now.", bot.Literal(j.About.Name)), to.youCanForward(f))}
}

// passAsk asks somebody who has not said yes to anything.
func (to Reader) passAsk(n village.Need) string {
	noun := to.Noun(n.Kind)
	if to.ID == n.Member.ID {
		return to.say("Could you help me? I'm looking for %s:", noun)
	}
	return to.say("Could you help %s, who is looking for %s?", n.NameFor(to.ID), noun)
}

// passFree says that they are free.
func (to Reader) passFree(n village.Need, what village.Passing) string {
	noun, at := to.Noun(n.Kind), plain(to.Span(n))
	mine := to.ID == n.Member.ID
	switch {
	case what == village.PassFree:
		return to.say("%s on %s is taken care of, so you are free. Thank you for being there.", noun, at)
	case mine:
		return to.say("I don't need %s on %s any more, so you are free. Thank you for being there.", noun, at)
	}
	return to.say("%s doesn't need %s on %s any more, so you are free. Thank you for being there.", n.NameFor(to.ID), noun, at)
}

// passThanks thanks them.
func (to Reader) passThanks(n village.Need) string {
	doing := to.called(n.Kind.Words().Doing)
	if to.ID == n.Member.ID {
		return to.say("Thank you for %s. It mattered.", doing)
	}
	return to.say("%s thanks you for %s. It mattered.", n.NameFor(to.ID), doing)
}

// passAnswer says what they should do, and whom to ring.
func (to Reader) passAnswer(n village.Need, what village.Passing) string {
	mine := to.ID == n.Member.ID
	ring := to.say("If something comes up, please call %s or me.", n.NameFor(to.ID))
	if mine {
		ring = to.say("If something comes up, please call me.")
	}
	switch what {
	case village.PassAsk:
		return to.say("If it doesn't suit you, that is fine. Please tell me either way.")
	case village.PassChanged:
		return sentences(to.say("Does it still suit you? If not, that is all right. Please tell me either way."), ring)
	case village.PassStill:
		return sentences(to.say("If you can't, that is all right; it helps to know now."), ring)
	}
	return ring
}

// plain is our mark-up as plain words.
func plain(text string) string { return bot.PlainText(text) }

// youCanForward are words to forward below a message.
func (to Reader) youCanForward(f Forward) string {
	return paragraphs(to.say("You can forward this:"), f.Quoted())
}

// withForward puts what is to be passed on to somebody below a notice, and the buttons
// for it and for their answer.
func (to Reader) withForward(m bot.Message, n village.Need, helper village.Person, answers []bot.Button) bot.Message {
	m.Text = paragraphs(m.Text, to.youCanForward(to.Forward(n, helper, "")))
	m.Buttons = append(answers, to.ForwardButton(n, helper))
	return m
}

// ForwardButton leads to the words to forward to somebody, where helper has an ID.
func (to Reader) ForwardButton(n village.Need, helper village.Person) bot.Button {
	label := to.say("Words to forward")
	if helper.Name != "" {
		label = Clip(to.say("Words for %s", helper.Name), 40)
	}
	return bot.Button{Label: label, Command: strings.TrimSpace("/need share " + n.ID + " " + helper.ID)}
}

// ForwardButtons lead to the words for everybody without an account for whom the reader
// answers; for nobody in particular, where the reader asked and somebody is still wanted.
func (to Reader) ForwardButtons(n village.Need) []bot.Button {
	var out []bot.Button
	for _, c := range n.Guests(to.ID) {
		out = append(out, to.ForwardButton(n, c.Helper))
	}
	if len(out) == 0 && to.ID == n.Member.ID && n.State() == village.Open && to.Now.Before(n.Start) {
		out = append(out, to.ForwardButton(n, village.Person{}))
	}
	return out
}

// Quoted are words to forward as they stand in a message.
func (f Forward) Quoted() string {
	var out []string
	for part := range strings.SplitSeq(f.Text, "\n\n") {
		var lines []string
		for line := range strings.SplitSeq(part, "\n") {
			lines = append(lines, "> "+bot.Literal(line))
		}
		out = append(out, strings.Join(lines, "\\\n"))
	}
	return strings.Join(out, "\n>\n")
}

// PassedOn is the answer with words to forward: to copy, or in one tap where a platform
// can open a text message or a mail. offerPrivate says that the reader could add their
// own private details.
func (to Reader) PassedOn(n village.Need, helper village.Person, f Forward, offerPrivate bool) bot.Message {
	title := to.say("Words to forward")
	if helper.Name != "" {
		title = Clip(to.say("Words for %s", helper.Name), 60)
	}
	m := bot.Message{Title: title, Tone: bot.Good, Text: paragraphs(to.say("Copy this and send it the way you two always write:"), f.Quoted())}
	if f.Keep && n.Why != village.Cancelled {
		m.Text = paragraphs(m.Text, to.say("The file is for their calendar. Send it along if you can."))
	}
	m.Buttons = to.sendButtons(f)
	if offerPrivate {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("With my private details"), Command: strings.TrimSpace("/need share "+n.ID+" "+helper.ID) + " details: yes"})
	}
	return m
}

// sendButtons open a text message or a mail with the words in it.
func (to Reader) sendButtons(f Forward) []bot.Button {
	body := strings.ReplaceAll(f.Text, "\n", "\r\n")
	return []bot.Button{
		{Label: to.say("As a text message"), URL: "sms:?&body=" + escaped(f.Text), Aside: true},
		{Label: to.say("As an e-mail"), URL: "mailto:?subject=" + escaped(f.Subject) + "&body=" + escaped(body), Aside: true},
	}
}

// escaped is for the query of an address that is no web page: there a plus is a plus.
func escaped(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// NobodyToTell refuses words for somebody whom the reader does not look after.
func (to Reader) NobodyToTell(n village.Need) error {
	return &bot.Error{Code: village.CodeNotHelping, Say: to.say("They are not somebody I know for this one."), Hint: to.say("/need share %s gives you words for anybody.", n.ID),
		Buttons: []bot.Button{to.ForwardButton(n, village.Person{})}}
}

// PrivateStays answers a typed wish for private details where the answer would stay.
func (to Reader) PrivateStays(n village.Need, helper village.Person) bot.Message {
	return bot.Message{Text: to.say("What I write here stays in our chat. Please tap, and I'll show it to you so that it doesn't."),
		Buttons: []bot.Button{{Label: to.say("With my private details"), Command: strings.TrimSpace("/need share "+n.ID+" "+helper.ID) + " details: yes"}}}
}

// EntryTitle is a need in a calendar, which others may see over somebody's shoulder: for
// whom it is, as far as the calendar's owner knows, or "" for whoever asked.
func (to Reader) EntryTitle(n village.Need, name string) string {
	if name == "" {
		return Capital(to.Short(n.Kind))
	}
	return to.say("%s for %s", Capital(to.Short(n.Kind)), name)
}

// EntryNote is what stands below it: what everybody may read.
func (to Reader) EntryNote(n village.Need) string {
	var lines []string
	for _, field := range to.NeedFields(n)[1:] {
		lines = append(lines, field.Name+": "+plain(field.Value))
	}
	return strings.Join(lines, "\n")
}
