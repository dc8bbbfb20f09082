package words

import (
	"village/bot"
	"village/internal/village"
)

// GiveButton offers a yes to somebody else.
func (to Reader) GiveButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Somebody else can"), Command: "/need give " + n.ID}
}

// GiveForm asks to whom a yes is offered.
func (to Reader) GiveForm(n village.Need) bot.Form {
	return bot.Form{Title: to.say("Who can instead?"), Intro: to.say("%s. I'll ask whom you choose. Until there is a yes you are down for it.", Capital(to.Noun(n.Kind)))}
}

// CannotGive refuses to ask somebody who has never used the bot here.
func (to Reader) CannotGive() error {
	return &bot.Error{Code: "not-known", Say: to.say("That person has never used me here, so I can't ask."),
		Hint: to.say("Somebody has to type /need open here once before I know them. If you can't and it is close, please step back, so that I can ask the village.")}
}

// Given says that somebody is asked; already, that they have been before.
func (to Reader) Given(n village.Need, other village.Person, already bool) bot.Message {
	who := bot.Literal(other.Name)
	m := bot.Message{Title: to.say("I'm asking %s", who), Tone: bot.Good, Buttons: []bot.Button{to.ReleaseButton(n)},
		Text: to.say("I'm asking **%s** to take it: %s. **You are down for it until %s says yes**, and I'll tell you. Nobody else hears of it before that.", who, to.what(n), who)}
	if already {
		m.Title, m.Text = to.say("%s is asked already", who), to.say("**%s** has not answered yet: %s. You are still down for it.", who, to.what(n))
	}
	return m
}

// canYouInstead asks somebody to take a helper's place.
func (to Reader) canYouInstead(j village.Notice, n village.Need) bot.Message {
	return bot.Message{Title: to.say("Can you do it instead?"), Tone: bot.Asking, Fields: to.NeedFields(n), Footer: to.Shared(n),
		Text: paragraphs(to.say("**%s** can't do this one and thought of you: %s for %s. Can you?", bot.Literal(j.About.Name), to.what(n), to.member(n)),
			to.say("If it doesn't suit you, that is fine: %s is still down for it.", bot.Literal(j.About.Name))),
		Buttons: []bot.Button{to.ClaimButton(n), to.NotThisTime(n)}}
}

// notTaken tells a helper that somebody cannot take their place.
func (to Reader) notTaken(j village.Notice, n village.Need) bot.Message {
	buttons := []bot.Button{to.ReleaseButton(n)}
	if to.Now.Before(n.Start) { // nobody else can be asked once it has begun
		buttons = []bot.Button{to.GiveButton(n), to.ReleaseButton(n)}
	}
	return bot.Message{Title: to.say("%s can't either", j.About.Name), Tone: bot.Asking, Buttons: buttons,
		Text: to.say("**%s** can't take it: %s. You are still down for it. If you can't, please say so, and I'll ask the village.", bot.Literal(j.About.Name), to.what(n))}
}

// handsOver tells a helper that their place is taken as soon as there is a yes.
func (to Reader) handsOver(j village.Notice, n village.Need) bot.Message {
	return bot.Message{Title: to.say("%s can", j.About.Name), Tone: bot.Good, Buttons: []bot.Button{to.SeeButton(n)},
		Text: to.say("**%s** takes it over: %s. It is the first time between them, so %s is asked first. Until then you stand by, and I'll tell you when you are free.", bot.Literal(j.About.Name), to.what(n), to.member(n))}
}

// NotTakenOver answers a no to taking somebody's place.
func (to Reader) NotTakenOver() bot.Message {
	return bot.Message{Text: to.say("That is fine. I'll say so, and nothing changes.")}
}

// instead says whose place a helper takes, where they take one.
func (to Reader) instead(n village.Need, helper string) string {
	for _, c := range n.Claims {
		if c.Helper.ID == helper && c.Instead.ID != "" && c.Instead != village.Forgotten() {
			return to.say("%s takes it over from **%s**, who can't.", bot.Literal(c.Helper.Name), bot.Literal(c.Instead.Name))
		}
	}
	return ""
}
