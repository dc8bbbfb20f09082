package words

import (
	"village/bot"
	"village/internal/village"
)

// AskHow asks how it is today, in words of the library.
func (to Reader) AskHow(text string) bot.Message {
	return bot.Message{Text: text, Buttons: to.CheckInButtons()}
}

// CheckInButtons are the answers to how it is today.
func (to Reader) CheckInButtons() []bot.Button {
	return []bot.Button{
		{Label: to.say("Better"), Command: "/checkin today better"},
		{Label: to.say("Same"), Command: "/checkin today same"},
		{Label: to.say("Heavier"), Command: "/checkin today heavier"},
		{Label: to.say("I need help"), Command: "/checkin today help", Style: bot.Danger},
	}
}

func (to Reader) myDays() bot.Button {
	return bot.Button{Label: to.say("My days"), Command: "/checkin chart"}
}

// ThanksForSaying answers a day that is no heavier than the one before.
func (to Reader) ThanksForSaying(f village.Feeling) bot.Message {
	m := bot.Message{Tone: bot.Good, Text: to.say("Thank you for saying so. I am glad there is some ease in it."), Buttons: []bot.Button{to.myDays()}}
	if f == village.Same {
		m.Text = to.say("Thank you for saying so. The same is an answer too, and nothing has to move today.")
	}
	return m
}

// Heavier is for somebody for whom the day is heavy: people first.
func (to Reader) Heavier() bot.Message {
	return bot.Message{Title: to.say("That sounds heavy. You don't have to carry it alone"),
		Text: paragraphs(to.say("It is good that you said so."),
			to.say("- Ask one person you trust to be with you, or to stay on the phone.\n"+
				"- Call your therapist or your clinic today, and tell them it has become heavier. At night, use their after-hours number.\n"+
				"- Don't stop or change a medicine because of a heavy day. Ask your prescriber.")),
		Buttons: []bot.Button{{Label: to.say("Something to steady me"), Command: "/faq grounding"}, {Label: to.say("Feeling worse after"), Command: "/faq emotional-aftermath"}}}
}

// SureToDeleteDays asks before all check-ins are deleted.
func (to Reader) SureToDeleteDays() bot.Message {
	return bot.Message{Title: to.say("Delete all of your check-ins?"), Tone: bot.Asking, Text: to.say("This can't be undone. Your plan and its reminders stay."),
		Buttons: []bot.Button{{Label: to.say("Yes, delete them"), Command: "/checkin delete yes", Style: bot.Danger}, {Label: to.say("Keep them"), Command: "/checkin chart"}}}
}

// DaysDeleted says that all check-ins are gone.
func (to Reader) DaysDeleted() bot.Message {
	return bot.Message{Title: to.say("They are deleted"), Text: to.say("Nothing of it is left.")}
}

// Feeling is what somebody answered to a check-in.
func (to Reader) Feeling(f village.Feeling) string {
	switch f {
	case village.Better:
		return to.say("better")
	case village.Same:
		return to.say("the same")
	case village.Heavier:
		return to.say("heavier")
	case village.HelpMe:
		return to.say("you asked for help")
	}
	return bot.Literal(string(f))
}

// feelingShort is a feeling in one word, for a picture.
func (to Reader) feelingShort(f village.Feeling) string {
	switch f {
	case village.Better:
		return to.say("better")
	case village.Same:
		return to.say("same")
	case village.Heavier:
		return to.say("heavier")
	}
	return to.say("help")
}
