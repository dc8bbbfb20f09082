package words

import (
	"strings"

	"village/bot"
	"village/internal/village"
)

// stillNobody is for the moderators, and where there are none, for everybody.
func (to Reader) stillNobody(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Still nobody"), Tone: bot.Urgent, Buttons: []bot.Button{to.ClaimButton(n), to.SeeButton(n)}}
	what, whose, where := to.whatFirst(n), bot.Literal(n.Member.Name), to.Where(n)
	if len(n.Claims) > 0 && !j.Public {
		m.Title = to.say("Not settled yet")
		m.Text = to.say("For the moderators. %s for %s, %s: %s offers to help and waits for a yes, and nobody else has come forward. Could you call %s, and say yes if you know %s, or ask around?", what, whose, where, PlainNames(n.Claims), whose, PlainNames(n.Claims))
		m.Buttons = append(to.yesButtons(n), m.Buttons...)
		return m
	}
	switch begun := !to.Now.Before(n.Start); {
	case begun && j.Public:
		m.Text, m.Footer = to.say("%s for %s, %s, should have begun, and nobody is down for it. Could you come, or do you know somebody who can?", what, to.member(n), where), to.Shared(n)
		return m
	case j.Public && len(n.Claims) > 0:
		m.Title = to.say("Not settled yet")
		m.Text, m.Footer = to.say("%s for %s, %s, is not settled yet. Could you ask around, or come yourself?", what, to.member(n), where), to.Shared(n)
		return m
	case begun:
		m.Text = to.say("For the moderators. %s for %s, %s, should have begun, and nobody is down for it. Could you call %s, or somebody who can come?", what, whose, where, whose)
		return m
	case j.Public:
		m.Text, m.Footer = to.say("%s for %s, %s, has nobody yet. Could you ask around, or come yourself?", what, to.member(n), where), to.Shared(n)
		return m
	}
	after := ""
	switch {
	case n.Left == village.SteppedBack:
		after = to.say("Somebody had to step back. I'm telling %s.", whose)
	case n.Left == village.FellSilent:
		after = to.say("Whoever was down for it has not said yes to what has changed. I'm telling %s.", whose)
	case n.AtTheClinic(to.Now):
		after = to.say("%s may be there already, and may not drive.", whose)
	case n.Kind.NeedsClinic():
		after = to.say("I'll tell %s in time to call the clinic.", whose)
	}
	m.Text = sentences(to.say("For the moderators. %s for %s, %s, has nobody yet. I'm asking the channel, and everybody who agreed to be asked and whom it suits. Could you ask around, or call somebody?", what, whose, where), after)
	return m
}

// noAnswers names all who have not answered yet about one day.
func (to Reader) noAnswers(j village.Notice, needs []village.Need) bot.Message {
	n := needs[0]
	m := bot.Message{Title: to.say("No answer yet"), Tone: bot.Asking, Buttons: []bot.Button{{Label: to.say("See it"), Command: "/need show " + n.ID + " day"}}}
	if j.Public {
		m.Text = paragraphs(to.say("For the moderators: I can't say for certain yet that these are on:"), to.whatEach(needs), to.say("Could one of you look?"))
		return m
	}
	var lines []string
	for _, n := range needs {
		lines = append(lines, to.say("- **%s**: %s, %s", PlainNames(n.KeptSilent()), to.Noun(n.Kind), bot.At(n.Start, to.listed(n.Start, to.in(n).Zone))))
	}
	if to.ID == n.Member.ID {
		m.Text = paragraphs(to.say("I asked whether it is still on, and have no answer yet from:"), strings.Join(lines, "\n"),
			to.say("Maybe it just wasn't seen. I'm asking whether somebody can stand in. I'm telling the moderators too. If you can, call your helpers."))
		return m
	}
	m.Text = paragraphs(to.say("For the moderators. These have not answered whether it is still on, for %s:", bot.Literal(n.Member.Name)), strings.Join(lines, "\n"),
		to.say("I'm asking whether somebody can stand in. Could you call them?"))
	return m
}

// noAnswer tells the member and the moderators that a helper has not said whether
// it is still on.
func (to Reader) noAnswer(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("No answer yet"), Tone: bot.Asking, Buttons: []bot.Button{to.SeeButton(n)}}
	who, whose, what := bot.Literal(j.About.Name), bot.Literal(n.Member.Name), to.what(n)
	mine, guest := to.ID == n.Member.ID, j.GuestOf() != ""
	switch doubted := n.IsDoubted(j.About.ID); {
	case doubted && mine:
		m.Text = to.say("**%s** may not be able to come after all: %s. I'm asking whether somebody can stand in. I'm telling the moderators too. If you can, call your helper.", who, what)
	case doubted && !j.Public:
		m.Text = to.say("For the moderators: **%s** wrote to me “I can't”, and has not stepped back: %s for %s. I'm asking whether somebody can stand in. Could you call %s?", who, what, whose, who)
	case guest && mine:
		m.Text = to.say("Nobody has told me yet whether **%s** still comes: %s. I'm asking whether somebody can stand in. I'm telling the moderators too. Please call **%s** if you can.", who, what, who)
	case mine:
		m.Text = to.say("I asked **%s** whether it is still on and have no answer yet: %s. Maybe it just wasn't seen. I'm asking whether somebody can stand in. I'm telling the moderators too. If you can, call your helper.", who, what)
	case j.Public:
		m.Text = to.say("For the moderators: I can't say for certain yet that %s is on. Could one of you look?", what)
	case guest:
		m.Text = to.say("For the moderators: nobody has told me yet whether **%s**, who has no account here, still comes: %s for %s. I'm asking whether somebody can stand in. Could you call %s?", who, what, whose, who)
	default:
		m.Text = to.say("For the moderators: **%s** has not answered whether it is still on: %s for %s. I'm asking whether somebody can stand in. Could you call %s?", who, what, whose, who)
	}
	if guest && (mine || !j.Public) {
		m.Buttons = append(to.GuestAnswer(n, j.About), m.Buttons...)
	}
	return m
}

func (to Reader) settled(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("That is settled"), Tone: bot.Good}
	switch {
	case n.Why == village.Cancelled:
		m.Text = to.say("For the moderators: %s is not needed any more. There is nothing more to do. Thank you for looking.", to.what(n))
	case j.GuestOf() != "":
		m.Text = to.say("For the moderators: **%s**, who has no account here, is down for it: %s. There is nothing more to do. Thank you for looking.", bot.Literal(j.About.Name), to.what(n))
	default:
		m.Text = to.say("For the moderators: **%s** is down for it, and has said so: %s. There is nothing more to do. Thank you for looking.", bot.Literal(j.About.Name), to.what(n))
	}
	return m
}

// putDown tells the moderators that somebody else signed a helper up, who has still to say
// yes where they have an account.
func (to Reader) putDown(j village.Notice, n village.Need) bot.Message {
	if j.GuestOf() != "" {
		return to.settled(j, n)
	}
	return bot.Message{Title: to.say("Somebody is signed up"), Buttons: []bot.Button{to.SeeButton(n)},
		Text: to.say("For the moderators: **%s** was signed up for it, and has not answered yet: %s. I'm asking, and I'll tell you when they say yes.", bot.Literal(j.About.Name), to.what(n))}
}

// noWord tells the moderators that nobody has said yet that a ride is over.
func (to Reader) noWord(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("No word yet"), Tone: bot.Urgent, Footer: to.NoEmergency(), Buttons: []bot.Button{to.SeeButton(n)}}
	who, whose, what := bot.Literal(j.About.Name), bot.Literal(n.Member.Name), to.what(n)
	switch {
	case j.Public:
		m.Text = to.say("For the moderators: nobody has told me yet that a ride is over: %s. It may only be a forgotten tap. Could one of you call?", what)
	case j.GuestOf() != "":
		m.Text = to.say("For the moderators: no word yet from **%s**, who drives for **%s**: %s. I'm asking %s too. It may be a forgotten tap. Please call both.", who, whose, what, whose)
	case j.About == village.Forgotten():
		m.Text = to.say("For the moderators: no word yet from whoever drives for **%s**: %s. I can't ask the driver any more. It may be a forgotten tap. Please call both.", whose, what)
	case n.IsUnreached(j.About.ID):
		m.Text = to.say("For the moderators: no word yet from **%s**, who drives for **%s**: %s. I can't reach %s here. It may be a forgotten tap. Please call both.", who, whose, what, who)
	default:
		m.Text = to.say("For the moderators: no word yet from **%s**, who drives for **%s**: %s. I'm asking %s too. It may be a forgotten tap. Please call both.", who, whose, what, who)
	}
	return m
}

// moderatorsUnheard tells the member what the moderators could not be told.
func (to Reader) moderatorsUnheard(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Please don't wait for the moderators"), Tone: bot.Urgent, Buttons: []bot.Button{to.SeeButton(n)}}
	who, what := bot.Literal(j.About.Name), to.what(n)
	begun := !to.Now.Before(n.Start)
	switch {
	case j.For == village.OwedStranded, j.For == village.OwedUrgent && begun:
		m.Text = paragraphs(to.noModerator(), to.stayThere())
		if n.Waited(to.ID, to.Now) {
			m.Buttons = to.RiderButtons(n)
		}
	case j.For == village.OwedNoAnswer:
		m.Text = to.say("**%s** has not said yet whether it is still on: %s. I could not reach any moderator of your group about it. Please call %s yourself, or somebody else you know.", who, what, who)
		if n.Kind.NeedsClinic() {
			m.Text = sentences(m.Text, to.say("If nobody can come, call your clinic before %s: moving the appointment is all right.", bot.Literal(to.listed(n.Start, to.Zone))))
		}
	case j.For == village.OwedApprove:
		m.Text = to.say("**%s** offers to help and waits for a yes: %s. I could not reach any moderator of your group who could say it for you, so it needs your answer.", who, what)
		m.Buttons = to.JudgeButtons(n, j.About.ID)
	case j.For == village.OwedNoWord:
		m.Text = to.say("Nobody has told me yet that it is over: %s. I could not reach any moderator of your group to look after it. One tap tells me that all is well.", what)
		m.Buttons, m.Footer = to.HomeButtons(n)[1:2], to.NoEmergency()
	default:
		m.Text = paragraphs(to.noModerator(), to.nobodyYet(n, ""))
		m.Buttons = append(to.yesButtons(n), m.Buttons...)
	}
	return m
}

func (to Reader) unposted(j village.Notice, n village.Need) bot.Message {
	room := bot.RoomLink(bot.Room{ID: j.Closed, Name: RoomName(j.Closed)})
	m := bot.Message{Title: to.say("I could not post it"), Tone: bot.Urgent, Buttons: []bot.Button{to.SeeButton(n)}}
	if to.ID != n.Member.ID {
		m.Text = to.say("For the moderators: I may not write in %s, so nobody there sees what is asked for: %s. Please let me in, or choose another channel: /setup channel", room, to.what(n))
	} else {
		m.Text = to.say("I may not write in %s, so nobody has seen your request there: %s. I am sorry. I'm telling the moderators, and I'll still ask helpers directly. Please ask somebody you know as well.", room, to.what(n))
	}
	return m
}

// ToldInstead adds to a notice why a moderator is told directly: in that room (ID)
// it could not be written.
func (to Reader) ToldInstead(m bot.Message, room string) bot.Message {
	m.Text = paragraphs(m.Text, to.say("I could not write in %s, so I'm telling you here. Please let me in there, or choose another channel: /setup moderators", bot.RoomLink(bot.Room{ID: room, Name: RoomName(room)})))
	return m
}

// RoomClosed tells the moderators of a room (ID) that cannot be written.
func (to Reader) RoomClosed(room string) bot.Message {
	return bot.Message{Title: to.say("A channel is closed to me"), Tone: bot.Urgent,
		Text:    to.say("For the moderators: I can't write in %s any more, so what I had to say there did not arrive. Perhaps it was deleted or archived, or I may not write there. Please let me in again, or choose another channel: /setup channel", bot.RoomLink(bot.Room{ID: room, Name: RoomName(room)})),
		Buttons: []bot.Button{{Label: to.say("What is missing?"), Command: "/setup check"}, {Label: to.say("How it is set up"), Command: "/setup show"}}}
}

// CardPostedAgain tells the moderators of a request that was gone from a room (ID).
func (to Reader) CardPostedAgain(room string) bot.Message {
	return bot.Message{Title: to.say("A message of mine was gone"),
		Text:    to.say("For the moderators: a request in %s was not there any more when I wanted to change it. Perhaps somebody deleted it. The request still stands, so I have posted it once more. If it is not needed, please cancel it.", bot.RoomLink(bot.Room{ID: room, Name: RoomName(room)})),
		Buttons: []bot.Button{{Label: to.say("What is not settled"), Command: "/need uncovered"}}}
}
