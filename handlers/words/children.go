package words

import (
	"village/bot"
	"village/internal/village"
)

// Judgment is what has become of a word about a helper.
type Judgment struct {
	Need   village.Need
	Helper village.Person
	// Waited says that they had not been let in before, Others how many other
	// requests the same word has settled.
	Waited bool
	Others int
	// TakenBack says that a yes has only taken back a no: they are down for
	// nothing.
	TakenBack bool
}

// Approved answers a yes to a helper.
func (to Reader) Approved(j Judgment) bot.Message {
	if j.TakenBack {
		return bot.Message{Title: to.say("Your no is taken back"), Tone: bot.Good,
			Text:    to.say("I haven't said so to **%s**, who can offer to help again like everybody else. Or you can sign them up.", to.accountOrName(j.Helper)),
			Buttons: []bot.Button{{Label: to.say("Sign %s up", to.accountOrName(j.Helper)), Command: "/need fill " + j.Need.ID + " " + j.Helper.ID}, to.SeeButton(j.Need)}}
	}
	name := bot.Literal(j.Helper.Name)
	var can, others string
	switch {
	case j.Need.StandsBy(j.Helper.ID):
		can = to.say("%s can take it on if the first person can't.", name)
	case !j.Waited:
		can = to.say("%s has had your yes already.", name)
	case j.Need.Details && !j.Need.DetailsOpen(to.Now):
		can = to.say("%s can help now, and gets the private details the evening before.", name)
	case j.Need.Details:
		can = to.say("%s can help now, and gets the private details.", name)
	default:
		can = to.say("%s can help now. I'll say so.", name)
	}
	switch {
	case j.Others == 1:
		others = to.say("The same goes for one other request that waited for it.")
	case j.Others > 1:
		others = to.say("The same goes for %d other requests that waited for it.", j.Others)
	}
	return bot.Message{Title: to.say("Thank you"), Tone: bot.Good, Text: sentences(can, others, to.say("I won't ask you about %s again.", name))}
}

// SureToDecline asks before somebody is taken off who was let in.
func (to Reader) SureToDecline(n village.Need, helper string) bot.Message {
	name := n.HelperWith(helper).Name
	return bot.Message{Title: to.say("Do without %s?", name), Tone: bot.Asking,
		Text: to.say("I'll take %s off everything of yours, and say only that no more help is needed. I won't offer %s your requests again unless you change your mind.", bot.Literal(name), bot.Literal(name)),
		Buttons: []bot.Button{
			{Label: to.say("Yes, take %s off", name), Command: "/need decline " + n.ID + " " + helper + " yes", Style: bot.Danger},
			{Label: to.say("Keep %s", name), Command: "/need show " + n.ID}}}
}

// Declined answers a no to a helper.
func (to Reader) Declined(j Judgment) bot.Message {
	var seen, others string
	name := bot.Literal(j.Helper.Name)
	switch {
	case j.Waited:
		seen = to.say("%s has seen nothing private.", name)
	case j.Need.Details:
		seen = to.say("%s can't open the private part any more, but may have read it before.", name)
	}
	switch {
	case j.Others == 1:
		others = to.say("I'm taking %s off one other request, too.", name)
	case j.Others > 1:
		others = to.say("I'm taking %s off %d other requests, too.", name, j.Others)
	}
	return bot.Message{Title: to.say("That is all right"),
		Text:    sentences(to.say("I'll tell %s only that no more help is needed.", name), seen, others, to.WhoNow(j.Need)),
		Buttons: []bot.Button{to.SeeButton(j.Need), {Label: to.say("Let %s help again", j.Helper.Name), Command: "/need approve " + j.Need.ID + " " + j.Helper.ID}}}
}
