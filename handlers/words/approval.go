package words

import (
	"slices"
	"time"

	"village/bot"
	"village/internal/village"
)

// mayTheyHelp asks about a helper whom the member does not know yet.
func (to Reader) mayTheyHelp(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.may(j, n), Tone: bot.Asking, Buttons: to.JudgeButtons(n, j.About.ID)}
	who, whose, what := bot.Literal(j.About.Name), bot.Literal(n.Member.Name), to.what(n)
	ask := to.say("**%s** offers to help: %s. Until your yes, nothing private is shown. I'll ask you once for each helper. If you are not sure, call first.", who, what)
	council := to.say("For the moderators: **%s** offers to help %s, who has not answered yet: %s. It needs a yes from %s or from you. Please say yes only to somebody you know.", who, whose, what, whose)
	if n.Kind.WithChildren() {
		ask = to.say("**%s** offers to help: %s. Children are part of it, so nothing private is shown before you say yes. I'll ask you once for each helper. If you are not sure, call first.", who, what)
		council = to.say("For the moderators: **%s** offers to help %s, who has not answered yet: %s. Children are part of it, so it needs a yes from %s or from you. Please say yes only to somebody you know.", who, whose, what, whose)
	}
	switch {
	case j.Public:
		m.Text, m.Buttons = to.say("For the moderators: somebody's offer waits for an answer: %s.", what), []bot.Button{to.SeeButton(n)}
	case to.ID != n.Member.ID:
		m.Text = sentences(council, to.Visiting(j.About))
	default:
		m.Text = sentences(ask, to.instead(n, j.About.ID), to.Visiting(j.About))
		if to.Now.After(n.AsksAt().Add(-time.Hour)) {
			m.Text = sentences(m.Text, to.say("It is soon, and %s can't come without your yes.", who))
		}
	}
	return m
}

// may is the question about a helper in a few words.
func (to Reader) may(j village.Notice, n village.Need) string {
	switch {
	case j.Public:
		return to.say("An offer waits for an answer")
	case to.ID != n.Member.ID || n.Kind.WithChildren():
		return to.say("May %s help?", j.About.Name)
	case n.Kind.IsRide():
		return to.say("May %s drive you?", j.About.Name)
	case n.Kind.Overnight():
		return to.say("May %s stay with you?", j.About.Name)
	}
	return to.say("May %s help you?", j.About.Name)
}

// yesMissing says on the day that nobody has said yes to a helper: to the member and
// the moderators that as it stands nobody comes, and to the helper not to set out.
func (to Reader) yesMissing(j village.Notice, n village.Need) bot.Message {
	who, what := bot.Literal(j.About.Name), to.what(n)
	m := bot.Message{Title: to.say("A yes is still missing"), Tone: bot.Urgent, Buttons: to.JudgeButtons(n, j.About.ID)}
	if !slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return !c.Waiting }) {
		m.Title = to.say("Nobody is coming yet")
	}
	switch {
	case j.Public:
		m.Text = to.say("For the moderators: somebody's offer still waits for an answer: %s. Could one of you look?", what)
		m.Buttons = []bot.Button{to.SeeButton(n)}
	case j.Council:
		m.Text = to.say("For the moderators: **%s** offers to help **%s** and still waits for a yes: %s. %s can't come without one. Could you call them both? Please say yes only to somebody you know.",
			who, bot.Literal(n.Member.Name), what, who)
	case to.ID == n.Member.ID:
		m.Text = to.say("**%s** would help, and can't come without your yes: %s. If you're not sure, say no, and call somebody you know.", who, what)
	default:
		m.Title, m.Tone, m.Buttons = to.say("Please don't set off yet"), bot.Asking, []bot.Button{to.ReleaseButton(n)}
		m.Text = to.say("Whoever asked has not said yes to you yet: %s. I have asked them again. I'll tell you as soon as they answer; until then you are not expected.", what)
	}
	return m
}

func (to Reader) declined(_ village.Notice, n village.Need) bot.Message {
	return bot.Message{Text: to.say("No more help is needed for %s, so you are free. Thank you for offering.", to.what(n))}
}
