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
			Text:    to.say("I have told them nothing. They can offer to help again like everybody else, or you can sign them up."),
			Buttons: []bot.Button{{Label: to.say("Sign them up"), Command: "/need fill " + j.Need.ID + " " + j.Helper.ID}, to.SeeButton(j.Need)}}
	}
	name := bot.Literal(j.Helper.Name)
	var can, others string
	switch {
	case j.Need.StandsBy(j.Helper.ID):
		can = to.say("%s can take it on if the first person can't.", name)
	case j.Need.Details && !j.Need.DetailsOpen(to.Now):
		can = to.say("%s can help now, and gets the private details the evening before.", name)
	case j.Need.Details:
		can = to.say("%s can help now, and gets the private details.", name)
	default:
		can = to.say("%s can help now, and hears of it.", name)
	}
	switch {
	case j.Others == 1:
		others = to.say("The same goes for one other request they have offered to help with.")
	case j.Others > 1:
		others = to.say("The same goes for %d other requests they have offered to help with.", j.Others)
	}
	return bot.Message{Title: to.say("Thank you"), Tone: bot.Good, Text: sentences(can, others, to.say("I won't ask you again about them."))}
}

// SureToDecline asks before somebody is taken off who was let in.
func (to Reader) SureToDecline(n village.Need, helper string) bot.Message {
	return bot.Message{Title: to.say("Rather not this helper?"), Tone: bot.Asking,
		Text: to.say("They'll be taken off everything of yours that they said yes to, and hear only that no more help is needed. I won't offer them your requests any more, until you take it back."),
		Buttons: []bot.Button{
			{Label: to.say("Yes, take them off"), Command: "/need decline " + n.ID + " " + helper + " yes", Style: bot.Danger},
			{Label: to.say("Keep them"), Command: "/need show " + n.ID}}}
}

// Declined answers a no to a helper.
func (to Reader) Declined(j Judgment) bot.Message {
	var seen, others string
	switch {
	case j.Waited:
		seen = to.say("They have seen nothing private.")
	case j.Need.Details:
		seen = to.say("I don't show them the private part any more, but they may have read it.")
	}
	switch {
	case j.Others == 1:
		others = to.say("I have taken them off one other request, too.")
	case j.Others > 1:
		others = to.say("I have taken them off %d other requests, too.", j.Others)
	}
	return bot.Message{Title: to.say("That is all right"),
		Text:    sentences(to.say("I have told them only that no more help is needed."), seen, others, to.WhoNow(j.Need)),
		Buttons: []bot.Button{to.SeeButton(j.Need), {Label: to.say("Let them help again"), Command: "/need approve " + j.Need.ID + " " + j.Helper.ID}}}
}
