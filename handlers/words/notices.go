package words

import (
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// notices are the words of everything that is owed to somebody because of a need.
func notices() map[village.What]func(to Reader, j village.Notice, n village.Need) bot.Message {
	return map[village.What]func(to Reader, j village.Notice, n village.Need) bot.Message{
		village.OwedCard:      Reader.card,
		village.OwedEcho:      Reader.oldCall,
		village.OwedReopened:  Reader.reopened,
		village.OwedRaised:    Reader.raised,
		village.OwedAsk:       Reader.askedDirectly,
		village.OwedUncovered: Reader.uncovered,
		village.OwedYes:       Reader.saidYes,
		village.OwedThanks:    Reader.forHelper,
		village.OwedReminder:  Reader.forHelper,
		village.OwedDetails:   Reader.forHelper,
		village.OwedSignedUp:  Reader.signedUp,
		village.OwedStepBack:  Reader.stepsBack,
		village.OwedTakenOff:  Reader.takenOff,
		village.OwedReleased:  Reader.released,
		village.OwedLeft:      Reader.left,
		village.OwedHeld:      Reader.held,
		village.OwedBack:      Reader.back,
		village.OwedLapsed:    Reader.lapsed,
		village.OwedNoReply:   Reader.noReply,
		village.OwedMoved:     Reader.changed,
		village.OwedCancelled: Reader.cancelled,
		village.OwedThankYou:  Reader.thanked,

		village.OwedApprove:  Reader.mayTheyHelp,
		village.OwedLastYes:  Reader.yesMissing,
		village.OwedDeclined: Reader.declined,

		village.OwedGive:      Reader.canYouInstead,
		village.OwedNotTaken:  Reader.notTaken,
		village.OwedHandsOver: Reader.handsOver,

		village.OwedStandby:  Reader.standsBy,
		village.OwedPromoted: Reader.promoted,
		village.OwedStepIn:   Reader.stepsIn,
		village.OwedReplaced: Reader.replaced,
		village.OwedStandIn:  Reader.standIn,
		village.OwedStill:    Reader.stillOn,
		village.OwedSure:     Reader.isOn,
		village.OwedHasCome:  Reader.hasItCome,
		village.OwedStranded: Reader.nobodyHasCome,
		village.OwedCame:     Reader.rideCame,
		village.OwedLate:     Reader.takesLonger,
		village.OwedHomeAsk:  Reader.areYouThere,
		village.OwedHome:     Reader.isHome,
		village.OwedArrived:  Reader.hasArrived,

		village.OwedCantReach: Reader.cantReach,
		village.OwedWriteToMe: Reader.writeToMe,
		village.OwedPassOn:    Reader.passOn,

		village.OwedUrgent:   Reader.stillNobody,
		village.OwedNoAnswer: Reader.noAnswer,
		village.OwedSettled:  Reader.settled,
		village.OwedPutDown:  Reader.putDown,
		village.OwedNoWord:   Reader.noWord,
		village.OwedUnheard:  Reader.moderatorsUnheard,
		village.OwedUnposted: Reader.unposted,
	}
}

// Notice is what somebody is owed because of a need, in words, and whether there
// are words for it. It is for what stands, see [village.Notice.Stands].
func (to Reader) Notice(j village.Notice, n village.Need) (bot.Message, bool) {
	say, ok := notices()[j.What]
	if !ok {
		return bot.Message{}, false
	}
	m := say(to, j, n)
	if to.ID != "" {
		m = to.WithReport(m, n)
	}
	switch {
	case to.ID == "":
	case j.What == village.OwedReleased, j.What == village.OwedReplaced, j.What == village.OwedCancelled, j.What == village.OwedDeclined: // nobody is rung up to hear that they are free
	default:
		m.Notify = []string{to.ID}
	}
	return m, true
}

// CouldNotReachYou stands before what could not be delivered to the reader.
func (to Reader) CouldNotReachYou() bot.Message {
	return bot.Message{Tone: bot.Asking, Title: to.say("I could not reach you directly"),
		Text: to.say("Please allow direct messages from me, so that you hear at once when something about a ride changes. This is what I wanted to tell you:")}
}

// what is a need in the middle of a sentence.
func (to Reader) what(n village.Need) string {
	return to.say("**%s** on **%s**", to.Noun(n.Kind), to.Span(n))
}

// whatFirst is a need at the head of a sentence, without its end.
func (to Reader) whatFirst(n village.Need) string {
	return to.say("**%s** on **%s**", Capital(to.Noun(n.Kind)), to.Moment(n.Start, to.Zone))
}

// member is whoever asked, by the name that the reader knows.
func (to Reader) member(n village.Need) string { return bot.Literal(to.NameOf(n)) }

// about is whom a notice is about, by the name that the reader knows.
func (to Reader) about(j village.Notice, n village.Need) string {
	switch j.About.ID {
	case n.Member.ID:
		return to.member(n)
	case village.Forgotten().ID:
		return to.say("Your helper")
	}
	return bot.Literal(j.About.Name)
}

func (to Reader) card(_ village.Notice, n village.Need) bot.Message { return to.NeedCard(n) }

func (to Reader) reopened(_ village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Open again"), Tone: bot.Asking, Buttons: []bot.Button{to.ClaimButton(n)}, Footer: to.Shared(n)}
	what, where := to.what(n), to.Where(n)
	if len(n.Claims) > 0 {
		m.Text = to.say("Plans changed: %s, %s, has somebody, and one more would help. Can you?", what, where)
	} else {
		m.Text = to.say("Plans changed: %s, %s, needs somebody again. Can you?", what, where)
	}
	return m
}

func (to Reader) raised(_ village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Still open"), Tone: bot.Asking, Buttons: []bot.Button{to.ClaimButton(n)}, Footer: to.Shared(n)}
	what, name, where := to.whatFirst(n), to.member(n), to.Where(n)
	if n.Spoken() > 0 {
		m.Text = to.say("%s for %s, %s, has somebody, and one more would help. Can you?", what, name, where)
	} else {
		m.Text = to.say("%s for %s, %s, still needs somebody. Can you?", what, name, where)
	}
	return m
}

// NotThisTime is a helper's no to being asked directly.
func (to Reader) NotThisTime(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Not this time"), Command: "/need pass " + n.ID}
}

// askedDirectly asks one helper who agreed to be asked.
func (to Reader) askedDirectly(_ village.Notice, n village.Need) bot.Message {
	what, name, where := to.what(n), to.member(n), to.Where(n)
	ask := to.say("Nobody has said yes to this one yet: %s for %s, %s. Could you?", what, name, where)
	switch {
	case n.Spoken() > 0:
		ask = to.say("One more would help with this one: %s for %s, %s. Could you?", what, name, where)
	case len(n.Claims) > 0:
		ask = to.say("It is not settled whether anybody can do this one: %s for %s, %s. Could you?", what, name, where)
	case n.Opened.After(n.Asked):
		ask = to.say("This one needs somebody again: %s for %s, %s. Could you?", what, name, where)
	}
	return bot.Message{Title: to.say("Could you help?"), Tone: bot.Asking, Fields: to.NeedFields(n)[1:], Footer: to.Shared(n),
		Text: paragraphs(ask, to.say("If it doesn't suit you, that is fine, and you don't have to say why.")),
		Buttons: []bot.Button{to.ClaimButton(n),
			to.NotThisTime(n),
			{Label: to.say("What I am asked for"), Command: "/helper show"}}}
}

// saidYes tells a member who helps, and what that helper still has to hear from
// them: I can't pass anything on to somebody without an account, nor what was
// never written down.
func (to Reader) saidYes(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	m := bot.Message{Title: to.say("Somebody said yes"), Tone: bot.Good, Buttons: []bot.Button{to.SeeButton(n)}}
	says := sentences(to.say("**%s** will help: %s.", who, what), to.instead(n, j.About.ID))
	guest := slices.IndexFunc(n.Claims, func(c village.Claim) bool { return c.Helper.ID == j.GuestOf() })
	switch {
	case n.Unsure(j.About.ID):
		m.Title = to.say("Somebody is down for it")
		m.Text = to.say("A moderator has put **%s** down: %s. I'm asking whether it suits, and I'll tell you the answer.", who, what)
	case guest >= 0 && n.Claims[guest].AnswersFor(n) != n.Member.ID:
		m.Text = sentences(says, to.say("%s has no account here, so I can't send anything. Please tell **%s**, who signed %s up, what is needed, such as the address and a phone number.", who, bot.Literal(n.Claims[guest].By.Name), who))
	case guest >= 0:
		m.Text = sentences(says, to.say("%s has no account here, so I can't send anything. Please pass on what is needed, such as the address and a phone number.", who))
		m.Buttons = append([]bot.Button{to.ForwardButton(n, j.About)}, m.Buttons...)
	case n.Details && !n.DetailsOpen(to.Now):
		m.Text = sentences(says, to.say("Your private details open for %s the evening before. You don't have to do anything.", who))
	case n.Details:
		m.Text = sentences(says, to.say("%s can open your private details now. You don't have to do anything.", who))
	default:
		m.Text = sentences(says, to.say("%s knows only what everybody can read. If an address or a phone number is needed, you can add it for %s alone.", who, who))
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Add an address or phone"), Command: "/need change " + n.ID})
	}
	return m
}

// forHelper is what a helper keeps: what, when, where, and the private details.
func (to Reader) forHelper(j village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("For you to keep"), Tone: bot.Good, Buttons: to.HelperButtons(n), Fields: to.NeedFields(n),
		Text: to.say("For %s: %s.", to.member(n), to.what(n))}
	later := to.behindButton(n)
	if to.detailsLater(n) {
		later = to.whenDetails(n)
	}
	m.Text = sentences(m.Text, later)
	if j.What == village.OwedReminder || j.What == village.OwedDetails {
		m.Title = to.say("It is %s", to.dayWord(n.Start))
	}
	if n.IsHeld() {
		m.Text = paragraphs(to.callFirst(n), m.Text)
	}
	// what is needed on the way comes with the reminder, or with the yes that
	// came after it
	onTheWay := village.SetsOut(n, to.Now) || n.Kind.Travels() && j.What == village.OwedReminder
	if onTheWay {
		m.Text = paragraphs(m.Text, to.RideTips(n))
		m.Buttons = append(to.HomeButtons(n)[:2], m.Buttons...)
	}
	if onTheWay {
		m.Footer = to.NoEmergency()
	}
	return m
}

// behindButton says where the private part is, on a message with its button.
func (to Reader) behindButton(n village.Need) string {
	if len(to.DetailsButton(n)) == 0 {
		return ""
	}
	return to.say("Tap “Show me the details” for the private part, such as an address or a phone number.")
}

func (to Reader) signedUp(_ village.Notice, n village.Need) bot.Message {
	return bot.Message{Title: to.say("You are down for this one"), Tone: bot.Asking, Fields: to.NeedFields(n),
		Text:    to.say("You have been put down for %s for %s. Does that suit you? If not, that is all right.", to.what(n), to.member(n)),
		Buttons: append(to.StillButtons(n), to.DetailsButton(n)...)}
}

func (to Reader) stepsBack(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	text := to.say("**%s** can't make it after all: %s. The village sees that it is open again, and I'll tell you as soon as somebody says yes.", who, what)
	switch {
	case n.IsHeld():
		text = to.say("**%s** can't make it after all: %s. I can't ask anybody else while you can't see the village channel, so please ask somebody you know.", who, what)
	case n.State() == village.Covered:
		text = to.say("**%s** can't make it after all: %s. Somebody else is already down for it.", who, what)
	case len(n.Claims) > 0:
		text = to.say("**%s** can't make it after all: %s. I'll go on asking the village. Still down for it: %s.", who, what, to.Names(n.Claims))
	}
	return bot.Message{Title: to.say("A change of plans"), Tone: bot.Asking, Text: paragraphs(text, to.closeNow(n)), Buttons: []bot.Button{to.SeeButton(n)}}
}

// takenOff tells whoever asked that a moderator has taken a helper off.
func (to Reader) takenOff(j village.Notice, n village.Need) bot.Message {
	who, what := to.about(j, n), to.what(n)
	text := to.say("A moderator has taken **%s** off: %s. I'm asking the village again, and I'll tell you as soon as somebody says yes.", who, what)
	switch {
	case n.State() == village.Covered:
		text = to.say("A moderator has taken **%s** off: %s. Somebody else is already down for it.", who, what)
	case len(n.Claims) > 0:
		text = to.say("A moderator has taken **%s** off: %s. I'm still asking the village. Still down for it: %s.", who, what, to.Names(n.Claims))
	}
	return bot.Message{Title: to.say("A change of plans"), Tone: bot.Asking, Text: paragraphs(text, to.closeNow(n)), Buttons: []bot.Button{to.SeeButton(n)}}
}

func (to Reader) released(_ village.Notice, n village.Need) bot.Message {
	return bot.Message{Text: to.say("You are free again: %s. Thank you for telling us.", to.what(n))}
}

func (to Reader) lapsed(_ village.Notice, n village.Need) bot.Message {
	if n.State() != village.Open {
		return bot.Message{Text: to.say("I have not heard from you about %s, so I have asked somebody else. You are free. That is all right.", to.what(n))}
	}
	return bot.Message{Buttons: []bot.Button{to.ClaimButton(n)},
		Text: to.say("I have not heard from you about %s, so I'm asking somebody else. You are free, and if it suits you after all, you can still say yes.", to.what(n))}
}

func (to Reader) noReply(j village.Notice, n village.Need) bot.Message {
	text := to.say("**%s** has not answered: %s. Maybe it just wasn't seen. I'm asking the village again, and I'll tell you as soon as somebody says yes.", bot.Literal(j.About.Name), to.what(n))
	return bot.Message{Title: to.say("A change of plans"), Tone: bot.Asking, Text: paragraphs(text, to.closeNow(n)), Buttons: []bot.Button{to.SeeButton(n)}}
}

// changed says what is different since somebody heard last.
func (to Reader) changed(j village.Notice, n village.Need) bot.Message {
	heard := n.HeardBy(to.ID, j.GuestOf())
	was, is := heard.Terms, n.Terms()
	outdated := j.GuestOf() == "" && to.hasOpenedOld(n, heard)
	if to.ID != n.Member.ID && !j.OffersPrivate(n, to.Now) && !outdated { // nothing of what is private is said to anybody else
		is.Details, is.Rewritten = was.Details, was.Rewritten
	}
	m := bot.Message{Title: to.say("Something has changed"), Tone: bot.Asking, Fields: to.ChangedFields(n, was, is), Buttons: []bot.Button{to.SeeButton(n)}}
	what := to.Noun(n.Kind)
	if was.Moved(is) {
		m.Title = to.say("A new time")
	} else {
		what = to.say("%s on **%s**", what, to.Moment(n.Start, to.Zone))
	}
	name := to.member(n)
	switch {
	case j.GuestOf() != "":
		m.Text = to.say("%s for %s has changed, and I can't reach **%s** here. Could you ask whether it still suits, and tell me?", Capital(what), name, bot.Literal(j.About.Name))
		m = to.withForward(m, n, j.About, to.GuestAnswer(n, j.About))
	case to.ID == n.Member.ID:
		m.Text = to.say("A moderator has changed your request: %s. If that is a mistake, you can change it back, or ask the moderators.", what)
	case n.StandsBy(to.ID):
		m.Text = to.say("%s, for which you stand by, has changed. If that doesn't suit you, that is all right.", Capital(what))
		m.Buttons = append(m.Buttons, to.ReleaseButton(n))
	case n.Unsure(to.ID) || n.Rereads(to.ID):
		m.Text = to.say("%s for %s has changed. Does it still suit you? If not, that is all right.", Capital(what), name)
		m.Buttons = to.StillButtons(n)
	default:
		m.Text = to.say("%s for %s has changed a little. It is just for you to know; there is nothing you have to do.", Capital(what), name)
		m.Buttons = append(m.Buttons, to.ReleaseButton(n))
	}
	if outdated {
		m.Text = sentences(m.Text, to.say("What you opened before is out of date."), to.whenDetails(n))
	}
	if was.Private(is) && j.GuestOf() == "" && to.ID != n.Member.ID {
		m.Buttons = append(m.Buttons, to.DetailsButton(n)...)
	}
	return m
}

// hasOpenedOld says whether the reader helps and has opened private details that are
// others now, and can't be opened yet.
func (to Reader) hasOpenedOld(n village.Need, h *village.Heard) bool {
	return h.Opened && h.Private(n.Terms()) && n.Details && n.HelpedBy(to.ID) && n.MaySee(to.ID) && to.detailsLater(n)
}

func (to Reader) cancelled(j village.Notice, n village.Need) bot.Message {
	if h := n.HeardBy(to.ID, j.GuestOf()); h != nil { // by the time that they know
		n.Start, n.End = h.Start, h.End
	}
	what := to.what(n)
	switch {
	case j.GuestOf() != "":
		return to.withForward(bot.Message{Title: to.say("Not needed any more"), Text: to.say("%s doesn't need %s any more. I can't reach **%s** here, so please pass it on.", to.member(n), what, to.about(j, n))}, n, j.About, nil)
	case to.ID == n.Member.ID:
		return bot.Message{Title: to.say("Cancelled by a moderator"), Text: to.say("Your request was taken down: %s. If that is a mistake, please ask a moderator, or ask again.", what),
			Buttons: []bot.Button{{Label: to.say("Ask again"), Command: "/ask " + string(n.Kind)}}}
	case n.Hidden && !n.MaySee(to.ID), j.About == village.Forgotten():
		return bot.Message{Title: to.say("Not needed any more"), Text: to.say("Whoever asked doesn't need %s any more. You are free. Thank you for being there.", what)}
	}
	return bot.Message{Title: to.say("Not needed any more"), Text: to.say("%s doesn't need %s any more. You are free. Thank you for being there.", to.about(j, n), what)}
}

func (to Reader) thanked(j village.Notice, n village.Need) bot.Message {
	doing := to.called(n.Kind.Words().Doing)
	if j.GuestOf() != "" {
		return to.withForward(bot.Message{Title: to.say("A thank-you to pass on"), Tone: bot.Good,
			Text: to.say("**%s** thanks **%s** for %s, whom I can't reach here. Could you pass it on?", bot.Literal(n.Member.Name), bot.Literal(j.About.Name), doing)}, n, j.About, nil)
	}
	return bot.Message{Title: to.say("Thank you"), Tone: bot.Good, Text: to.say("**%s** thanks you for %s. It mattered.", to.member(n), doing)}
}

func (to Reader) uncovered(_ village.Notice, n village.Need) bot.Message {
	m := bot.Message{Title: to.say("Nobody yet"), Tone: bot.Urgent, Buttons: append(to.ForwardButtons(n), to.SeeButton(n)),
		Text: to.nobodyYet(n, to.say("- Tell a moderator."))}
	if n.Waited(to.ID, to.Now) && !to.Now.Before(n.Start) {
		m.Buttons = to.RiderButtons(n)
	}
	m.Buttons = append(to.yesButtons(n), m.Buttons...)
	return m
}

// nobodyYet tells a member in time that they are still on their own, with what to
// do about it and the words for it. also is one more thing to do, or empty.
func (to Reader) nobodyYet(n village.Need, also string) string {
	if !to.Now.Before(n.Start) {
		return to.nobodyCame(n)
	}
	at := bot.Literal(to.listed(n.Start, to.Zone))
	do := []string{to.say("- Ask somebody you know.")}
	if also != "" {
		do = append(do, also)
	}
	switch {
	case n.AtTheClinic(to.Now):
		do = append(do, to.say("- Tell your clinic. You can say: “I have nobody to drive me on %s. What can we do?” If you are there already, stay until somebody can come.", at))
	case n.Kind.NeedsClinic():
		do = append(do, to.say("- Call your clinic: “I have nobody %s on %s. What can we do?” Moving it is all right.", n.Kind.Words().Lacks, at))
	}
	drive := ""
	if n.Kind.IsRide() {
		drive = to.say("Please don't drive yourself.")
	}
	stands := to.say("Nobody has said yes: %s. I'm sorry. It's not your fault.", to.what(n))
	if len(n.Claims) > 0 {
		stands = to.say("%s offers to help and waits for your yes, and nobody else has said yes yet: %s. If you know them, one tap is enough. If not:", PlainNames(n.Claims), to.what(n))
	}
	return paragraphs(stands, strings.Join(do, "\n"), drive)
}

// asItBegins is how long after the hour it still counts as said in time.
const asItBegins = 15 * time.Minute

// nobodyCame is said of what should have begun: at the hour, or late rather than
// never.
func (to Reader) nobodyCame(n village.Need) string {
	said, late := to.say("Nobody is down for this one: %s.", to.what(n)), ""
	if to.Now.Sub(n.Start) > asItBegins {
		late = to.say("I'm sorry that I'm only telling you now.")
	}
	told := to.say("I'm telling the moderators too.")
	if n.ModeratorsUnheard() {
		told = to.noModerator()
	}
	return paragraphs(sentences(said, late, told), to.stayThere())
}

// noModerator says that the moderators are no help just now.
func (to Reader) noModerator() string {
	return to.say("I could not reach any moderator of your group, so please don't wait for them.")
}

// stayThere is what somebody can do whose ride should be there by now.
func (to Reader) stayThere() string {
	return paragraphs(to.say("- Please stay where you are, and ask the staff to call somebody for you.")+"\n"+
		to.say("- Call one person you know."), to.say("Please don't drive yourself."))
}

// closeNow is added when nobody is left in the last day: what the member can do
// themselves.
func (to Reader) closeNow(n village.Need) string {
	if n.State() != village.Open || n.Spoken() > 0 || n.Start.Sub(to.Now) >= 24*time.Hour {
		return ""
	}
	now := to.say("It is close now, so please also call somebody you know.")
	switch {
	case n.AtTheClinic(to.Now):
		return sentences(now, to.say("If nobody can come, tell your clinic; if you are there already, stay until somebody can. Please don't drive yourself."))
	case n.Kind.NeedsClinic():
		return sentences(now, to.say("If nobody can come, call your clinic: moving the appointment is all right."))
	}
	return now
}
