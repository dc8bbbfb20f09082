package words

import (
	"fmt"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// WhoAsked is the member's name where this person knows it.
func WhoAsked(n village.Need, person string) string {
	if n.Hidden && !n.MaySee(person) {
		return "whoever asked"
	}
	return bot.Literal(n.Member.Name)
}

// SaidAlready answers a tap that comes after the last one of the day.
func SaidAlready() bot.Message {
	return bot.Message{Tone: bot.Good, Text: "You have told me already that all went well. There is nothing more to tap. Thank you."}
}

func There(n village.Need) string {
	switch {
	case n.Kind.IsRide() && !n.Kind.BringsHome():
		return "you are there safely"
	case n.Kind.WithChildren():
		return "everybody is there safely"
	}
	return "you are safely home"
}

func StillButtons(n village.Need) []bot.Button {
	return []bot.Button{
		{Label: "Yes, still on", Command: "/need still " + n.ID, Style: bot.Primary},
		{Label: "I can't", Command: "/need release " + n.ID}}
}

func HomeButtons(n village.Need) []bot.Button {
	home := "Home safe"
	if !n.Kind.BringsHome() {
		home = "There safe"
	}
	return []bot.Button{
		{Label: "Picked up", Command: "/need got " + n.ID},
		{Label: home, Command: "/need home " + n.ID, Style: bot.Primary},
		{Label: "It takes longer", Command: "/need late " + n.ID}}
}

// NoEmergency is said wherever somebody could take silence for safety.
const NoEmergency = "I am a program and no emergency service: nobody is watching. If you are worried, ring them. If somebody may be in danger, call your emergency number."

// RideTips are for a driver, who may not know what the appointment is.
func RideTips(n village.Need) string {
	if n.Kind.IsRide() && !n.Kind.BringsHome() {
		return "- Ring before you set off, and park where they can see you.\n" +
			"- They may be nervous or quiet. You don't have to talk.\n" +
			"- Seat belt on. See them to the door."
	}
	if n.Kind.WithChildren() {
		return "- Ring before you set off, and agree the safe word with whoever asked. I never keep it.\n" +
			"- A seat and a belt for everybody, and the child seats that are needed.\n" +
			"- Hand them over to the person you were told, and to nobody else."
	}
	return HomeTips
}

const HomeTips = "- Ring before you set off, and park where they can see you.\n" +
	"- They may be sleepy or quiet. You don't have to talk.\n" +
	"- Seat belt on. Go straight home, and walk them to the door.\n" +
	"- If they are hard to wake, breathe badly or have chest pain, call your emergency number first."

func NoAnswer(j village.Notice, n village.Need, what string) *bot.Message {
	const next = "I have asked whether somebody can stand in."
	m := &bot.Message{Title: "No answer yet", Tone: bot.Asking, Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
	if j.To.Person != "" {
		m.Notify = []string{j.To.Person}
	}
	about := bot.Literal(j.About.Name)
	switch {
	case j.GuestOf() != "" && j.To.Person == n.Member.ID:
		m.Text = fmt.Sprintf("Nobody has told me yet whether **%s** still comes: %s. %s I tell the moderators too. Please ring **%s** if you can.", about, what, next, about)
		m.Buttons = append(GuestAnswer(n, j.About), m.Buttons...)
	case j.GuestOf() != "" && !j.Public:
		m.Text = fmt.Sprintf("For the moderators: nobody has told me yet whether **%s**, who has no account here, still comes: %s for %s. %s Could you ring them?", about, what, bot.Literal(n.Member.Name), next)
		m.Buttons = append(GuestAnswer(n, j.About), m.Buttons...)
	case j.To.Person == n.Member.ID:
		m.Text = fmt.Sprintf("I asked **%s** whether it is still on and have no answer yet: %s. They may just not have seen it. %s I tell the moderators too. If you can, ring your helper.",
			bot.Literal(j.About.Name), what, next)
	case j.Public:
		m.Text = fmt.Sprintf("For the moderators: I can't say for certain yet that %s is on. Could one of you look?", what)
	default:
		m.Text = fmt.Sprintf("For the moderators: **%s** has not answered whether it is still on: %s for %s. %s Could you ring them?",
			bot.Literal(j.About.Name), what, bot.Literal(n.Member.Name), next)
	}
	return m
}

// SaidYes tells a member who helps, and what that helper still has to hear from
// them: I can't pass anything on to somebody without an account, nor what was
// never written down.
func SaidYes(n village.Need, helper, name, what, member string) *bot.Message {
	m := &bot.Message{Title: "Somebody said yes", Tone: bot.Good, Notify: []string{member},
		Text:    fmt.Sprintf("**%s** will help: %s.", name, what),
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
	for _, c := range n.Claims {
		if c.Helper.ID != helper || !village.IsGuest(helper) {
			continue
		}
		through := "them"
		if c.AnswersFor(n) != n.Member.ID {
			through = "**" + bot.Literal(c.By.Name) + "**, who signed them up,"
		}
		m.Text += fmt.Sprintf(" They have no account here, so I can't send them anything. Please tell %s what they need to know, such as the address and a phone number.", through)
		return m
	}
	if n.Details {
		m.Text += " They have what they need from you. You don't have to do anything."
		return m
	}
	m.Text += " They know only what everybody can read. If they need an address or your phone number, you can add it; only they see it."
	m.Buttons = append(m.Buttons, bot.Button{Label: "Add an address or phone", Command: "/need change " + n.ID})
	return m
}

// CloseNow is added when nobody is left in the last day: what the member can do
// themselves.
func CloseNow(n village.Need, now time.Time) string {
	ahead := n.Start.Sub(now)
	if n.State() != village.Open || len(n.Claims) > 0 || ahead >= 24*time.Hour {
		return ""
	}
	words := "\n\nIt is close now, so please also call somebody you know."
	switch {
	case n.Kind.BringsHome() && ahead < AtTheClinic:
		words += " If nobody can come, tell your clinic; if you are there already, stay until somebody can. Please don't drive yourself."
	case n.Kind.NeedsClinic():
		words += " If nobody can come, call your clinic: moving the appointment is all right."
	}
	return words
}

// AtTheClinic is how long before a ride home whoever needs it is likely to be
// there already, so that nothing can be moved any more.
const AtTheClinic = 3 * time.Hour

// NobodyYet tells a member in time that they are still on their own, with what
// to do about it and the words for it.
func NobodyYet(n village.Need, what string, zone *time.Location, now time.Time) bot.Message {
	text := "Nobody has said yes yet: " + what + ". I am sorry. It is not your fault, and it does happen.\n\n" +
		"- Ask one person you know, with the day and the time.\n" +
		"- Tell a moderator of this group."
	switch {
	case n.Kind.BringsHome() && n.Start.Sub(now) < AtTheClinic:
		text += "\n- Tell your clinic. You can say: “I have nobody to drive me on " + bot.Literal(when.Short(n.Start, zone)) + ". What can we do?” If you are there already, stay until somebody can come."
	case n.Kind.NeedsClinic():
		text += "\n- Call your clinic. You can say: “I have nobody " + n.Kind.Words().Lacks + " on " + bot.Literal(when.Short(n.Start, zone)) + ". What can we do?” Moving the appointment is all right."
	}
	if n.Kind.IsRide() {
		text += "\n\nPlease don't drive yourself."
	}
	return bot.Message{Title: "Nobody yet", Tone: bot.Urgent, Text: text,
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
}
