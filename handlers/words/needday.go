package words

import (
	"slices"

	"village/bot"
	"village/internal/village"
)

// WhoAsked is the member's name where the reader knows it.
func (to Reader) WhoAsked(n village.Need) string {
	if n.Hidden && !n.MaySee(to.ID) {
		return to.say("whoever asked")
	}
	return bot.Literal(n.Member.Name)
}

// StillButtons answer whether a yes still stands.
func (to Reader) StillButtons(n village.Need) []bot.Button {
	return []bot.Button{
		{Label: to.say("Yes, still on"), Command: "/need still " + n.ID, Style: bot.Primary},
		{Label: to.say("I can't"), Command: "/need release " + n.ID}}
}

// HomeButtons are the taps of the day, in the order in which they come.
func (to Reader) HomeButtons(n village.Need) []bot.Button {
	home := to.say("Home safe")
	if !n.Kind.BringsHome() {
		home = to.say("There safe")
	}
	return []bot.Button{
		{Label: to.say("Picked up"), Command: "/need got " + n.ID},
		{Label: home, Command: "/need home " + n.ID, Style: bot.Primary},
		{Label: to.say("It takes longer"), Command: "/need late " + n.ID}}
}

// NoEmergency is said wherever somebody could take silence for safety.
func (to Reader) NoEmergency() string {
	return to.say("Nobody is watching this chat. Worried? Call. If somebody may be in danger, call your emergency number.")
}

// RideTips are for a driver, who may not know what the appointment is.
func (to Reader) RideTips(n village.Need) string {
	who := to.member(n)
	switch {
	case n.Kind.WithChildren():
		return to.say("- Call before you set off, and agree the safe word with whoever asked. I never keep it.\n" +
			"- A seat and a belt for everybody, and the child seats that are needed.\n" +
			"- Hand them over to the person you were told, and to nobody else.")
	case n.Kind.IsRide() && !n.Kind.BringsHome():
		return to.say("- Call before you set off, and park where %s can see you.\n"+
			"- %s may be nervous or quiet. You don't have to talk.\n"+
			"- Seat belt on. Please come along to the door.", who, who)
	}
	return to.say("- Call before you set off, and park where %s can see you.\n"+
		"- %s may be sleepy or quiet. You don't have to talk.\n"+
		"- Seat belt on. Go straight home, and come along to the door.\n"+
		"- Hard to wake, breathing badly, or chest pain? Call your emergency number first.", who, who)
}

// ThanksForStandingBy answers a backup.
func (to Reader) ThanksForStandingBy(n village.Need) bot.Message {
	return bot.Message{Title: to.say("Thank you for standing by"), Tone: bot.Good, Buttons: []bot.Button{to.ReleaseButton(n)},
		Text: to.say("%s on **%s**, %s. If the first person can't, it is yours, and I'll tell you at once. You learn the private details only then.",
			Capital(to.Noun(n.Kind)), to.Moment(n.Start, to.Zone), to.Where(n))}
}

// StillOn answers a helper's word that it is still on.
func (to Reader) StillOn(n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Thank you"), Tone: bot.Good, Buttons: to.HelperButtons(n),
		Text: to.say("I'll tell %s that it is still on: **%s**.", to.WhoAsked(n), to.Moment(n.Start, to.Zone))}
	if village.SetsOut(n, to.Now) && n.MaySee(to.ID) { // the reminder with all of it has come and gone
		m.Text, m.Footer = paragraphs(m.Text, to.RideTips(n)), to.NoEmergency()
		m.Buttons = append(to.HomeButtons(n)[:2], m.Buttons...)
	}
	return m
}

// GuestStillOn answers the same word for somebody without an account.
func (to Reader) GuestStillOn(n village.Need, guest village.Person) bot.Message {
	m := bot.Message{Title: to.say("Thank you"), Tone: bot.Good, Buttons: to.GuestAnswer(n, guest)[1:],
		Text: to.say("**%s** is still down for it: **%s**.", bot.Literal(guest.Name), to.Moment(n.Start, to.Zone))}
	if to.ID != n.Member.ID {
		m.Text = sentences(m.Text, to.say("I'll tell %s.", to.WhoAsked(n)))
	}
	return m
}

// OnTheRoad answers “picked up”.
func (to Reader) OnTheRoad(n village.Need) bot.Message {
	if n.IsHome(to.ID) {
		return to.saidAlready()
	}
	return bot.Message{Title: to.say("Drive gently"), Tone: bot.Good, Fields: to.NeedFields(n),
		Text:    to.say("When you are there, please tap below. Only tap while you are parked."),
		Buttons: append(to.HomeButtons(n)[1:], to.DetailsButton(n)...)}
}

// NoHurry answers “it takes longer”.
func (to Reader) NoHurry(n village.Need) bot.Message {
	if n.IsHome(to.ID) {
		return to.saidAlready()
	}
	m := bot.Message{Text: to.say("No hurry. I'll ask again in a while."), Buttons: append(to.HomeButtons(n)[1:2], to.DetailsButton(n)...)}
	if n.SaidLate(to.ID) {
		m.Text = to.say("No hurry. I'm telling %s, and I'll ask again in a while.", to.WhoAsked(n))
		m.Buttons = append(to.HomeButtons(n)[:2], to.DetailsButton(n)...)
	}
	return m
}

// saidAlready answers a tap that comes after the last one of the day.
func (to Reader) saidAlready() bot.Message {
	return bot.Message{Tone: bot.Good, Text: to.say("You have told me already that all went well. There is nothing more to tap. Thank you.")}
}

// AllAreThere answers the tap that ends the day.
func (to Reader) AllAreThere(n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Good to know"), Tone: bot.Good, Text: to.say("Good that it went well. I wish you a gentle day.")}
	if to.ID != n.Member.ID {
		m.Text = to.say("Thank you. You made today possible for %s.", to.member(n))
	}
	return m
}

// NotBegun refuses the last tap to the member before anything has begun.
func (to Reader) NotBegun(n village.Need) error {
	return &bot.Error{Code: village.CodeNotBegun, Say: to.say("This has not begun yet, so it can't be over."), Hint: to.say("If you don't need it any more, you can cancel it."), Buttons: []bot.Button{to.SeeButton(n)}}
}

func (to Reader) standsBy(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Text: to.say("**%s** stands by, in case plans change: %s.", bot.Literal(j.About.Name), to.what(n)), Buttons: []bot.Button{to.SeeButton(n)}}
	if slices.ContainsFunc(n.Backups, func(b village.Claim) bool { return b.Helper.ID == j.About.ID && b.Waiting }) {
		m.Text = sentences(m.Text, to.say("%s needs a yes from you if it comes to that. You can say it now.", bot.Literal(j.About.Name)))
		m.Buttons = append(to.JudgeButtons(n, j.About.ID), m.Buttons...)
	}
	return m
}

func (to Reader) promoted(j village.Notice, n village.Need) bot.Message {
	m := to.forHelper(j, n)
	m.Title, m.Tone, m.Buttons = to.say("It is yours now"), bot.Asking, to.StillButtons(n)
	m.Text = paragraphs(sentences(to.say("You stood by, and the first person can't make it."), m.Text), to.say("Can you still do it?"))
	return m
}

func (to Reader) stepsIn(j village.Notice, n village.Need) bot.Message {
	who, what := bot.Literal(j.About.Name), to.what(n)
	if n.Waits(j.About.ID) {
		m := bot.Message{Title: to.say("May %s help instead?", j.About.Name), Tone: bot.Asking, Buttons: to.JudgeButtons(n, j.About.ID),
			Text: to.say("The first person is not coming. **%s**, who stood by, could take it on: %s. Nothing private is shown before you say yes.", who, what)}
		if n.Kind.WithChildren() {
			m.Text = to.say("The first person is not coming. **%s**, who stood by, could take it on: %s. Children are part of it, so nothing private is shown before you say yes.", who, what)
		}
		return m
	}
	return bot.Message{Title: to.say("A change of plans"), Tone: bot.Good, Buttons: []bot.Button{to.SeeButton(n)},
		Text: to.say("The first person is not coming, and **%s**, who stood by, takes it on: %s. I have asked %s to say that it suits.", who, what, who)}
}

func (to Reader) replaced(j village.Notice, n village.Need) bot.Message {
	if j.GuestOf() != "" {
		return bot.Message{Text: to.say("Somebody else has taken on %s, so **%s** is free. I can't say so here: please tell %s.", to.what(n), bot.Literal(j.About.Name), bot.Literal(j.About.Name))}
	}
	return bot.Message{Text: to.say("Somebody else has taken on %s, so you are free. Thank you for having said yes.", to.what(n))}
}

// standIn asks a backup, or everybody, because a helper has not answered.
func (to Reader) standIn(_ village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Could you stand in?"), Tone: bot.Asking, Buttons: []bot.Button{to.ClaimButton(n)}, Footer: to.Shared(n)}
	what, where := to.what(n), to.Where(n)
	switch {
	case to.ID != "" && !n.Unanswered():
		m.Text = to.say("You stand by for %s, %s. It is not settled yet whether the first person comes. Could you take it?", what, where)
	case to.ID != "":
		m.Text = to.say("You stand by for %s, %s. The first person has not said yet that it is still on. Could you take it?", what, where)
	default:
		m.Text = to.say("It may turn out that somebody else is needed: %s, %s. Could you do it?", what, where)
	}
	return m
}

// stillOn asks a helper, or whoever looks after a guest, whether it is still on.
func (to Reader) stillOn(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Still on?"), Tone: bot.Asking, Buttons: to.StillButtons(n), Fields: to.NeedFields(n)}
	day, what, at := Capital(to.dayWord(n.Start)), to.Noun(n.Kind), to.Moment(n.Start, to.Zone)
	guest := bot.Literal(j.About.Name)
	switch {
	case j.GuestOf() != "" && to.ID == n.Member.ID:
		m.Text = to.say("%s: **%s** you asked for, **%s**, with **%s**. I can't reach %s here. Could you ask, and tell me?", day, what, at, guest, guest)
	case j.GuestOf() != "":
		m.Text = to.say("%s: **%s** for %s, **%s**, with **%s**. I can't reach %s here. Could you ask, and tell me?", day, what, bot.Literal(n.Member.Name), at, guest, guest)
	default:
		m.Text = to.say("%s: **%s** for %s, **%s**. Is it still on? If you can't, that is all right; it helps to know now.", day, what, to.member(n), at)
		if n.IsSilent(to.ID) && !n.IsUnreached(to.ID) {
			m.Text = sentences(to.say("I have not heard from you yet, so I'm asking whether somebody can stand in. You are still down for it."), m.Text)
		}
		return m
	}
	m.Title, m.Fields = to.say("Is it still on?"), nil // what is forwarded has them
	return to.withForward(m, n, j.About, to.GuestAnswer(n, j.About))
}

func (to Reader) isOn(j village.Notice, n village.Need) bot.Message {
	who, what := bot.Literal(j.About.Name), to.what(n)
	if n.Waits(j.About.ID) {
		return bot.Message{Title: to.say("%s waits for your yes", j.About.Name), Tone: bot.Asking, Buttons: to.JudgeButtons(n, j.About.ID),
			Text: to.say("**%s** can still come: %s. Without your yes I may not say where.", who, what)}
	}
	return bot.Message{Title: to.say("It is on"), Tone: bot.Good, Buttons: []bot.Button{to.SeeButton(n)},
		Text: to.say("**%s** says it is still on: %s.", who, what)}
}

// areYouThere asks whoever drives, or the member where the driver has no account,
// after a ride.
func (to Reader) areYouThere(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Is everybody safe?"), Tone: bot.Asking, Footer: to.NoEmergency()}
	what := Capital(to.Noun(n.Kind))
	if j.GuestOf() != "" {
		m.Text, m.Buttons = to.say("%s with %s should be over by now. One tap tells me that all is well.", what, bot.Literal(j.About.Name)), to.HomeButtons(n)[1:2]
	} else {
		m.Text, m.Buttons = to.say("%s for %s should be over by now. One tap tells me that you are there.", what, to.member(n)), to.HomeButtons(n)[1:]
	}
	return m
}

// isHome tells the member, and the moderators who were worried, that a ride is over.
func (to Reader) isHome(j village.Notice, n village.Need) bot.Message {
	if to.ID != n.Member.ID {
		return bot.Message{Title: to.say("All is well"), Tone: bot.Good, Text: to.say("For the moderators: **%s** and **%s** are there safely. It was about %s.", bot.Literal(j.About.Name), bot.Literal(n.Member.Name), to.what(n))}
	}
	m := bot.Message{Title: to.say("Home safe"), Tone: bot.Good, Buttons: []bot.Button{to.ThanksButton(n)}}
	who := bot.Literal(j.About.Name)
	switch {
	case n.Kind.WithChildren():
		m.Text = to.say("**%s** says that everybody is there safely. Rest now.", who)
	case n.Kind.IsRide() && !n.Kind.BringsHome():
		m.Text = to.say("**%s** says that you are there safely. Rest now.", who)
	default:
		m.Text = to.say("**%s** says that you are safely home. Rest now.", who)
	}
	return m
}
