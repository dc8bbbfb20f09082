package words

import (
	"slices"

	"village/bot"
	"village/internal/village"
)

// RiderButtons are the two taps of whoever waits for a ride home.
func (to Reader) RiderButtons(n village.Need) []bot.Button {
	return []bot.Button{
		{Label: to.say("My ride is here"), Command: "/need here " + n.ID, Style: bot.Primary},
		{Label: to.say("Nobody has come"), Command: "/need nobody " + n.ID, Style: bot.Danger}}
}

func (to Reader) hasItCome(_ village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Is your ride there?"), Tone: bot.Asking, Buttons: to.RiderButtons(n),
		Text: to.say("%s should be picking you up about now. If nobody has come, one tap tells the moderators.", PlainNames(n.Helpers()))}
	if len(reachable(n)) > 0 {
		m.Text = to.say("%s should be picking you up about now. If nobody has come, one tap tells %s and the moderators.", PlainNames(n.Helpers()), PlainNames(reachable(n)))
	}
	return m
}

// nobodyHasCome tells the driver, those who stand by and the moderators that
// somebody waits.
func (to Reader) nobodyHasCome(j village.Notice, n village.Need) bot.Message {
	who, what, where := bot.Literal(to.NameOf(n)), to.what(n), to.Where(n)
	m := bot.Message{Title: to.say("Somebody is waiting"), Tone: bot.Urgent}
	switch {
	case j.Public:
		m.Text = to.say("For the moderators: somebody waits for %s, %s, and nobody has come. Could one of you look now?", what, where)
		m.Buttons = []bot.Button{to.SeeButton(n)}
	case j.Council && len(n.Helpers()) == 0:
		m.Text = to.say("For the moderators: **%s** waits for %s, %s, and nobody is down for it. Could you call %s now, or somebody who can come?", who, what, where, who)
		m.Buttons = []bot.Button{to.SeeButton(n)}
	case j.Council:
		m.Text = to.say("For the moderators: **%s** waits for %s, %s, and says that nobody has come. I'm telling whoever is down for it: %s. Could you call them both now?", who, what, where, driversOrNobody(to, n))
		m.Buttons = []bot.Button{to.SeeButton(n)}
	case n.HelpedBy(to.ID):
		m.Text = to.say("**%s** is waiting for you and says that nobody has come: %s, %s. Please call them, or tap below.", who, what, where)
		m.Buttons = append(to.HomeButtons(n)[:1], to.HomeButtons(n)[2], to.ReleaseButton(n))
	default:
		m.Text = to.say("**%s** is waiting, and nobody has come yet: %s, %s. You stood by. Could you go now?", who, what, where)
		m.Buttons = []bot.Button{to.SeeButton(n)}
	}
	return m
}

func driversOrNobody(to Reader, n village.Need) string {
	if drivers := reachable(n); len(drivers) > 0 {
		return PlainNames(drivers)
	}
	return to.say("nobody")
}

// reachable are the helpers who can be told something here.
func reachable(n village.Need) []village.Claim {
	return slices.DeleteFunc(slices.Clone(n.Helpers()), func(c village.Claim) bool { return village.IsGuest(c.Helper.ID) || !n.HasSeen(c.Helper.ID) })
}

func (to Reader) rideCame(_ village.Notice, n village.Need) bot.Message {
	return bot.Message{Tone: bot.Good, Text: to.say("For the moderators: the ride is there now, so nobody waits any more: %s.", to.what(n)), Buttons: []bot.Button{to.SeeButton(n)}}
}

// takesLonger tells whoever waits, and the moderators who know of it, that a driver
// is late.
func (to Reader) takesLonger(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	if to.ID != n.Member.ID {
		return bot.Message{Text: to.say("For the moderators: **%s** says that it takes longer: %s.", who, what), Buttons: []bot.Button{to.SeeButton(n)}}
	}
	m := bot.Message{Title: to.say("A little later"), Tone: bot.Asking, Text: to.say("**%s** says that it takes longer: %s.", who, what)}
	if n.Waited(to.ID, to.Now) {
		m.Text = sentences(m.Text, to.say("Please stay inside until %s is there.", who))
		m.Buttons = to.RiderButtons(n)
	}
	return m
}

// cantReach tells whoever asked and the moderators that a helper takes no messages
// here.
func (to Reader) cantReach(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	m := bot.Message{Title: to.say("I can't reach %s here", j.About.Name), Tone: bot.Asking, Buttons: []bot.Button{to.SeeButton(n)}}
	switch family := village.IsFamily(j.About.ID); {
	case family && to.ID == n.Member.ID:
		return to.notLooked(j, n)
	case family && !j.Public && n.IsHeld():
		m.Text = to.say("For the moderators: **%s**, who is not in this chat, is down for %s for **%s**, whom I can't reach, and may not know that: their page has not been opened since I wrote there. Could you tell them?", who, what, bot.Literal(n.Member.Name))
	case family && !j.Public:
		m.Text = to.say("For the moderators: **%s**, who is not in this chat, is down for %s for **%s**, and may not know how it stands: their page has not been opened since I wrote there. I'm telling %s too, who has a way to them. Could you ask how it stands?",
			who, what, bot.Literal(n.Member.Name), bot.Literal(n.Member.Name))
	case j.Public:
		m.Text = to.say("For the moderators: I can't reach somebody who is down for %s. Could one of you look?", what)
	case to.ID == n.Member.ID && n.Details:
		m.Text = to.say("**%s** is down for %s, but takes no direct messages from me, and has no private details of yours. Do you have a number? Please call %s.", who, what, who)
	case to.ID == n.Member.ID:
		m.Text = to.say("**%s** is down for %s, but takes no direct messages from me. Do you have a number? Please call %s.", who, what, who)
	default:
		m.Text = to.say("For the moderators: **%s** is down for %s for **%s**, but takes no direct messages from me. Do you have a number? Could you call %s?", who, what, bot.Literal(n.Member.Name), who)
	}
	return m
}

// notLooked tells whoever asked somebody with a page what they have not seen there, with
// words to send them.
func (to Reader) notLooked(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	m := bot.Message{Title: Clip(to.say("%s has not seen it yet", j.About.Name), 60), Tone: bot.Asking}
	switch n.Passes(j.About.ID, to.Now) {
	case village.PassChanged:
		m.Text = to.say("**%s** is down for %s, and has not seen yet that it is different now. I can't ring their phone. Could you send them this?", who, what)
	case village.PassStill:
		m.Text = to.say("**%s** is down for %s, and has not seen yet that I asked whether it is still on. I can't ring their phone. Could you send them this?", who, what)
	default:
		m.Text = to.say("**%s** is down for %s, and has not seen yet what I wrote. I can't ring their phone. Could you send them this?", who, what)
	}
	return to.withForward(m, n, j.About, to.GuestAnswer(n, j.About))
}

// writeToMe calls a helper who takes no messages here, in the channel. What they are
// down for is nobody's business there.
func (to Reader) writeToMe(j village.Notice, n village.Need) bot.Message {
	return bot.Message{Text: to.say("%s, I could not reach you directly. One tap shows you what I have for you. Nobody else sees it.", to.about(j, n)), Notify: []string{j.About.ID},
		Buttons: []bot.Button{{Label: to.say("What is there for me?"), Command: "/need mine"}}}
}

// RideIsHere answers whoever has their ride.
func (to Reader) RideIsHere(n village.Need) bot.Message {
	return bot.Message{Title: to.say("Good"), Tone: bot.Good, Text: to.say("Get home gently. When you are there, one tap lets the others rest easy."),
		Buttons: []bot.Button{{Label: to.say("Home safe"), Command: "/need home " + n.ID, Style: bot.Primary}}}
}

// RideOfTheDay answers whoever says that their ride home is not there, or that they
// have none, with what to do now and their own request.
func (to Reader) RideOfTheDay(n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Please stay inside"), Tone: bot.Urgent, Buttons: []bot.Button{to.SeeButton(n)}}
	if n.Waited(to.ID, to.Now) {
		m.Buttons = to.RiderButtons(n)
	}
	stay := to.say("- If you are there already, stay inside, and ask the staff to call somebody for you.") + "\n" +
		to.say("- Call one person you know.") + "\n" + to.say("- Please don't drive, and don't leave alone.")
	tap := ""
	switch {
	case n.Waited(to.ID, to.Now) && len(reachable(n)) > 0:
		tap = to.say("If nobody has come, tap that below: I'll tell the moderators, and whoever said yes.")
	case n.Waited(to.ID, to.Now):
		tap = to.say("If nobody has come, tap that below: I'll tell the moderators.")
	}
	known := ""
	if n.ModeratorsKnow() {
		known = to.say("The moderators know that nobody is down for it.")
	}
	if len(n.Helpers()) > 0 {
		m.Text = paragraphs(to.rideWith(n), stay, tap)
		return m
	}
	m.Text = paragraphs(sentences(to.say("Nobody has said yes yet to %s. I'm sorry.", to.what(n)), known), stay, tap)
	if !n.AtTheClinic(to.Now) {
		m.Title = to.say("Nobody yet")
		m.Text = paragraphs(m.Text, to.say("If you have not left yet, call your clinic first: moving the appointment is all right."))
	}
	return m
}

// rideWith says who is down for a ride home, and when.
func (to Reader) rideWith(n village.Need) string {
	if to.Now.Before(n.Start) {
		return to.rideStillAhead(n)
	}
	return to.say("**%s** is down for it: %s.", PlainNames(n.Helpers()), to.what(n))
}

// NoRideAsked answers whoever has a session today and has asked for no ride home.
func (to Reader) NoRideAsked() bot.Message {
	return bot.Message{Title: to.say("Please stay inside"), Tone: bot.Urgent,
		Text: paragraphs(to.say("You have not asked me for a ride home today, so nobody is coming because of me."),
			to.say("- If you are there already, stay inside, and ask the staff to call somebody for you.")+"\n"+
				to.say("- Call one person you know.")+"\n"+to.say("- Please don't drive, and don't leave alone."),
			to.say("I can ask your village now. If you have not left yet, call your clinic too: moving the appointment is all right.")),
		Buttons: []bot.Button{{Label: to.say("Ask for a ride home"), Command: "/ask ride-home", Style: bot.Primary}}}
}

// NobodyCame answers whoever waits, with what to do now.
func (to Reader) NobodyCame(n village.Need) bot.Message {
	told := to.say("I'm telling the moderators now.")
	if drivers := reachable(n); len(drivers) > 0 {
		told = to.say("I'm telling %s and the moderators now.", PlainNames(drivers))
	}
	return bot.Message{Title: to.say("Please stay inside"), Tone: bot.Urgent,
		Text: paragraphs(told,
			to.say("- Stay where you are, and ask the staff to call somebody for you.")+"\n"+to.say("- Call one person you know.")+"\n"+to.say("- Please don't drive, and don't leave alone."),
			to.NoEmergency()),
		Buttons: to.RiderButtons(n)}
}
