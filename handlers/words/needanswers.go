package words

import (
	"time"

	"village/bot"
	"village/internal/village"
)

// What answers the commands about one need.

// CannotClaim is a refusal of a yes, with what somebody could do instead.
func (to Reader) CannotClaim(err error, need string) error {
	switch {
	case village.IsCode(err, bot.CodeNotHere), village.IsCode(err, bot.CodeCannotTell):
		return err
	case village.IsCode(err, village.CodeBusy):
		return Offer(err, to.MineButton())
	case village.IsCode(err, village.CodeTaken):
		return Offer(err, bot.Button{Label: to.say("Stand by"), Command: "/need standby " + need}, to.openButton())
	case village.IsCode(err, village.CodeOwnNeed):
		n := village.Need{ID: need}
		return Offer(err, to.SeeButton(n), to.cancelButton(n))
	}
	return Offer(err, to.openButton())
}

// CanYouDoBoth asks about two short runs at nearly the same time.
func (to Reader) CanYouDoBoth(n, other village.Need) bot.Message {
	return bot.Message{Title: to.say("Can you do both?"), Tone: bot.Asking,
		Text: to.say("You have said yes to %s, %s. This one is at nearly the same time: %s, %s. Both may be fine if they go together.", to.what(other), to.Where(other), to.what(n), to.Where(n)),
		Buttons: []bot.Button{{Label: to.say("Yes, I can do both"), Command: "/need claim " + n.ID + " yes", Style: bot.Primary},
			{Label: to.say("No, only the first"), Command: "/need show " + other.ID}}}
}

// Claimed answers a helper's yes. again says that they had said it before.
func (to Reader) Claimed(n village.Need, again bool) bot.Message {
	if again && !to.Now.Before(n.End) {
		return bot.Message{Title: to.say("This one is over"), Tone: bot.Good, Text: to.say("You said yes to it, and its time has passed. Thank you for being there.")}
	}
	what := to.say("**%s** for %s, **%s**, %s.", Capital(to.Noun(n.Kind)), bot.Literal(to.NameOf(n)), to.Span(n), to.Where(n))
	m := bot.Message{Title: to.say("Thank you. You are down for this one"), Tone: bot.Good, Buttons: to.HelperButtons(n)}
	var next string
	switch {
	case again:
		m.Title = to.say("You have already said yes to this one")
		m.Text = paragraphs(what, to.say("Nothing has changed: you are still down for it."))
		return m
	case n.Waits(to.ID) && !n.Kind.WithChildren():
		next = to.say("It's your first time together, so I'm asking for a yes from the other side too. I'll tell you the answer.")
	case n.Waits(to.ID):
		next = to.say("Because children are part of it, whoever asked says yes to you first. I'll tell you as soon as they have.")
	case to.detailsLater(n):
		next = sentences(to.toKeep(), to.whenDetails(n))
	case n.Details:
		next = sentences(to.toKeep(), to.behindButton(n))
	default:
		next = to.toKeep()
	}
	m.Text = paragraphs(what, sentences(next, to.whenReminded(n)))
	return m
}

// whenReminded says when a helper is reminded, where that is still ahead.
func (to Reader) whenReminded(n village.Need) string {
	remind := n.RemindAt()
	switch {
	case !remind.After(to.Now):
		return ""
	case sameDay(remind, n.Start, to.Zone):
		return to.say("I'll remind you on the day.")
	}
	return to.say("I'll remind you the evening before.")
}

// Released answers somebody who steps back; was is the need as they knew it.
func (to Reader) Released(was, n village.Need) bot.Message {
	what, on, name := to.Noun(n.Kind), to.Moment(n.Start, to.Zone), to.WhoAsked(was)
	var text string
	switch {
	case was.StandsBy(to.ID):
		text = to.say("You no longer stand by for %s on %s.", what, on)
	case n.IsHeld():
		text = to.say("You are no longer down for %s on %s. It rests, because I can't reach %s. The moderators see that.", what, on, name)
	case n.State() == village.Open && village.IsFamily(to.ID):
		text = to.say("You are no longer down for %s on %s. I'll tell %s, and I'll ask somebody else.", what, on, name)
	case n.State() == village.Open:
		text = to.say("You are no longer down for %s on %s. I'll tell %s, and the village sees that it is open again.", what, on, name)
	default:
		text = to.say("You are no longer down for %s on %s. I'll tell %s, and somebody else takes it on.", what, on, name)
	}
	thanks := to.say("Thank you for saying so.")
	if to.Now.Before(n.Start) {
		thanks = to.say("Thank you for saying so in time.")
	}
	return bot.Message{Title: to.say("That is all right"), Tone: bot.Good, Text: sentences(text, thanks)}
}

// CancelledBefore answers a second tap.
func (to Reader) CancelledBefore() bot.Message {
	return bot.Message{Text: to.say("This was cancelled already. Nothing more to do.")}
}

// SureToTakeDown asks before a request is taken down, with who hears of it.
func (to Reader) SureToTakeDown(n village.Need) bot.Message {
	what, on := to.Noun(n.Kind), to.Moment(n.Start, to.Zone)
	m := bot.Message{Title: to.say("Cancel this request?"), Tone: bot.Asking, Text: to.say("This is %s on %s.", what, on),
		Buttons: []bot.Button{
			{Label: to.say("Yes, cancel it"), Command: "/need cancel " + n.ID + " yes", Style: bot.Danger},
			{Label: to.say("Keep it"), Command: "/need show " + n.ID}}}
	if n.Member.ID != to.ID {
		m.Text = to.say("This is %s on %s, for %s.", what, on, bot.Literal(to.NameOf(n)))
	}
	for _, c := range n.Claims {
		m.Text = sentences(m.Text, to.say("%s has said yes, and will hear of it.", bot.Literal(c.Helper.Name)))
	}
	return m
}

// CancelledNow says who hears that a request was taken down.
func (to Reader) CancelledNow(n village.Need) bot.Message {
	accounts := 0
	for _, c := range n.Claims {
		if !village.IsGuest(c.Helper.ID) {
			accounts++
		}
	}
	var hears string
	switch mine := n.Member.ID == to.ID; {
	case !mine && len(n.Claims) > 0:
		hears = to.say("I'll tell whoever asked, and whoever helps.")
	case !mine:
		hears = to.say("I'll tell whoever asked.")
	case accounts > 0:
		hears = to.say("Your helper is being told.")
	}
	return bot.Message{Title: to.say("Cancelled"), Text: sentences(to.say("I have taken down %s on %s.", to.Noun(n.Kind), to.Moment(n.Start, to.Zone)), hears, to.TellGuests(n)),
		Buttons: to.ForwardButtons(n)}
}

// DetailsLater refuses private details to a helper who waits for a yes.
func (to Reader) DetailsLater() error {
	return &bot.Error{Code: "waiting", Say: to.say("Whoever asked has not said yes to you yet, so I can't show you the private details."), Hint: to.say("I'll tell you as soon as they have.")}
}

// DetailsNotYet refuses private details to a helper before the evening before.
func (to Reader) DetailsNotYet(n village.Need) error {
	return &bot.Error{Code: "not-yet", Say: to.say("It is a while until then, so I keep the private details a little longer."), Hint: to.say("You can open them from the evening before: %s. I'll write to you then.", to.listed(n.DetailsFrom(), to.in(n).Zone))}
}

// detailsLater says whether the reader gets private details, and not yet.
func (to Reader) detailsLater(n village.Need) bool {
	return n.Details && n.MaySee(to.ID) && to.ID != n.Member.ID && !n.DetailsOpen(to.Now)
}

// whenDetails says when the reader gets them.
func (to Reader) whenDetails(n village.Need) string {
	at := n.DetailsFrom()
	return to.say("You can open the private details from the evening before: %s.", bot.At(at, to.listed(at, to.in(n).Zone)))
}

// NotYourDetails refuses private details to anybody else.
func (to Reader) NotYourDetails() error {
	return &bot.Error{Code: village.CodeNotYours, Say: to.say("Only the person who said yes to this request can see its private details."), Hint: to.say("/need open shows what is still open."),
		Buttons: []bot.Button{to.openButton()}}
}

// DetailsSealed says that private details cannot be opened, and what can be done.
func (to Reader) DetailsSealed(n village.Need, err error) error {
	return &bot.Error{Code: bot.CodeSealed, Err: err,
		Say:  to.say("I can't open the private details of this request."),
		Hint: to.say("Please ask %s directly, and tell a moderator: the key I was given has changed.", n.Member.Name)}
}

// DetailsOutOfReach says that private details cannot be had just now, and whom to ring.
func (to Reader) DetailsOutOfReach(err error) error {
	return &bot.Error{Code: bot.CodeInternal, Err: err,
		Say:  to.say("I can't get at the private details just now. I'm sorry."),
		Hint: to.say("Please tap again in a minute. If you are about to set off, don't wait for me: call whoever asked, or a moderator. If it is a ride home, the clinic can tell you where to come.")}
}

// DetailsUnread is DetailsOutOfReach where it is known who asked.
func (to Reader) DetailsUnread(n village.Need, err error) error {
	return &bot.Error{Code: bot.CodeInternal, Err: err,
		Say:     to.say("I can't get at the private details just now. I'm sorry."),
		Hint:    to.say("Please tap again in a minute. If you are about to set off, don't wait for me: call %s, or a moderator.", n.Member.Name),
		Buttons: []bot.Button{to.showButton(n)}}
}

// DetailsGone says that private details are not there that should be.
func (to Reader) DetailsGone(n village.Need) error {
	return &bot.Error{Code: "details-gone",
		Say:  to.say("The private details of this request are gone, and they should not be. I'm sorry."),
		Hint: to.say("Please ask %s for them, or a moderator.", n.Member.Name)}
}

// DetailsBehind answers words in a chat in which the private details would stay.
func (to Reader) DetailsBehind(n village.Need) bot.Message {
	return bot.Message{Text: to.say("My words here stay in our chat. Please tap, and I'll show it to you so that it doesn't."), Buttons: []bot.Button{to.showButton(n)}}
}

// Details are a need's private details; "" where there are none.
func (to Reader) Details(n village.Need, private string) bot.Message {
	if private == "" {
		return bot.Message{Text: to.say("There are no private details for this one, or they have been wiped by now.")}
	}
	return bot.Message{Title: to.say("Just for you"), Text: bot.Literal(private), Footer: to.say("Please keep this to yourself. I'll wipe it %s after.", to.wipedAfter(n.DetailsKept()))}
}

// wipedAfter is how long private words are kept: "two days", "36 hours".
func (to Reader) wipedAfter(kept time.Duration) string {
	hours := int(kept / time.Hour)
	switch {
	case hours == 24:
		return to.say("one day")
	case hours == 48:
		return to.say("two days")
	case hours%24 == 0:
		return to.say("%d days", hours/24)
	case hours == 1:
		return to.say("one hour")
	}
	return to.say("%d hours", hours)
}

// Thanked says who gets the member's thanks, and by whom.
func (to Reader) Thanked(n village.Need) bot.Message {
	var told, through []village.Claim
	for _, c := range n.Helpers() {
		switch {
		case !village.IsGuest(c.Helper.ID):
			told = append(told, c)
		case c.AnswersFor(n) != to.ID:
			through = append(through, c)
		}
	}
	var passed, asked string
	if len(told) > 0 {
		passed = to.say("I have passed your thanks on to %s.", PlainNames(told))
	}
	if len(through) > 0 {
		asked = to.say("I have asked whoever signed %s up to pass your thanks on.", PlainNames(through))
	}
	return bot.Message{Text: sentences(passed, asked, to.TellGuests(n)), Tone: bot.Good, Buttons: to.ForwardButtons(n)}
}

// FillForm asks who is to be signed up.
func (to Reader) FillForm(n village.Need) bot.Form {
	return bot.Form{Title: to.say("Sign somebody up"), Intro: to.say("%s. One of the two is enough.", Capital(to.Noun(n.Kind)))}
}

// OneOfTwo refuses an account and a name at once.
func (to Reader) OneOfTwo() error {
	return &bot.Error{Code: "one-of-two", Say: to.say("Please give either an account or a name."), Hint: to.howToFill()}
}

// IsAnAccount refuses an account where a name without one is asked for: they would be
// signed up, and never hear of it.
func (to Reader) IsAnAccount(need, name string) error {
	return &bot.Error{Code: "is-an-account", Say: to.say("%s looks like an account, and I would not tell them.", name),
		Hint: to.say("If they use me here: /need fill %s helper: %s. If not, leave the @ away.", need, name)}
}

// WhoHelps asks for either.
func (to Reader) WhoHelps() error {
	return &bot.Error{Code: bot.CodeOptionMissing, Say: to.say("I still need to know who helps."), Hint: to.howToFill()}
}

func (to Reader) howToFill() string {
	return to.say("For example: /need fill k7m2p9 helper: @sam, or /need fill k7m2p9 name: Aunt Rosa")
}

// CannotReach refuses an account that has never used the bot here.
func (to Reader) CannotReach(need string) error {
	return &bot.Error{Code: "not-known", Say: to.say("That person has never used me here, so I can't be sure that my messages arrive."),
		Hint: to.say("Somebody has to type /need open here once before I know them. Or sign up a name, and pass it on yourself: /need fill %s name: Aunt Rosa", need)}
}

// CannotFill is a refusal to sign somebody up. Why they can't is nobody's business
// but the moderators'.
func (to Reader) CannotFill(err error, helper village.Person, moderator bool) error {
	who := to.accountOrName(helper)
	busy, enough := village.IsCode(err, village.CodeBusy), village.IsCode(err, village.CodeEnough)
	ask := to.say("Please ask somebody else, or talk to %s first.", who)
	switch {
	case (busy || enough) && !moderator:
		return &bot.Error{Code: village.CodeBusy, Say: to.say("%s can't take this one on.", who), Hint: ask}
	case enough:
		return &bot.Error{Code: "kept-away", Say: to.say("%s is not to help with this one.", who), Hint: to.say("Please ask somebody else. If a moderator has said so, /helper unbar takes it back.")}
	case busy:
		return &bot.Error{Code: village.CodeBusy, Say: to.say("%s has said yes to something else at that time.", who), Hint: ask}
	}
	return err
}

// NotOnTheirPage refuses to sign somebody up who has a link of their own, where a
// promise is not for them. Others learn no more than that they can't.
func (to Reader) NotOnTheirPage(err error, helper village.Person, moderator bool) error {
	ask := to.say("Please ask somebody else.")
	switch {
	case village.IsCode(err, village.CodePromised):
		return &bot.Error{Code: village.CodePromised, Say: to.say("**%s** is down for as much as was agreed already.", bot.Literal(helper.Name)), Hint: ask}
	case village.IsCode(err, village.CodeEnough) && moderator:
		return &bot.Error{Code: "not-on-page", Say: to.say("**%s** helps by a personal link from somebody else, and this request is not on that page.", bot.Literal(helper.Name)), Hint: ask}
	}
	return err
}

// FilledBefore answers when somebody is signed up a second time.
func (to Reader) FilledBefore(n village.Need, helper village.Person) bot.Message {
	m := bot.Message{Title: to.say("Already down for it"), Text: to.say("**%s** is down for this one already.", bot.Literal(helper.Name)), Buttons: []bot.Button{to.SeeButton(n)}}
	if n.Waits(helper.ID) {
		m.Text, m.Buttons = to.say("**%s** is down for this one already, and waits for a yes.", bot.Literal(helper.Name)), to.JudgeButtons(n, helper.ID)
	}
	return m
}

// Filled says who is down for it now, and how they hear of it.
func (to Reader) Filled(n village.Need, helper village.Person) bot.Message {
	m := bot.Message{Title: to.say("Signed up"), Tone: bot.Good, Buttons: []bot.Button{to.SeeButton(n)}}
	down := to.say("**%s** is down for %s on **%s**.", bot.Literal(helper.Name), to.Noun(n.Kind), to.Span(n))
	if !village.IsGuest(helper.ID) {
		m.Text = sentences(down, to.say("I have asked %s whether it suits.", bot.Literal(helper.Name)))
		return m
	}
	asks := ""
	if n.AsksAt().After(to.Now) {
		asks = to.say("The day before, I'll ask you whether it is still on.")
	}
	f := to.Forward(n, helper, "")
	m.Text = paragraphs(sentences(down, to.say("I can't reach %s here, so please say when and where.", bot.Literal(helper.Name)), asks), to.youCanForward(f))
	m.Buttons = append(to.sendButtons(f), m.Buttons...)
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Take %s off", helper.Name), Command: "/need unfill " + n.ID + " " + helper.ID})
	return m
}

// Unfilled says how it stands without them.
func (to Reader) Unfilled(n village.Need, helper village.Person) bot.Message {
	return bot.Message{Text: sentences(to.say("**%s** is off the list for this one.", bot.Literal(helper.Name)), to.WhoNow(n)), Buttons: []bot.Button{to.SeeButton(n)}}
}

// WhoNow says how a request stands after somebody has gone from it.
func (to Reader) WhoNow(n village.Need) string {
	switch {
	case n.State() == village.Covered:
		return to.say("Somebody who stood by takes it on.")
	case len(n.Claims) > 0:
		return to.say("Others are still down for it, and I'll go on looking.")
	}
	return to.say("I am looking for somebody else.")
}

// Passed answers a no to being asked.
func (to Reader) Passed() bot.Message {
	return bot.Message{Text: to.say("That is fine. Thank you for looking."), Buttons: []bot.Button{{Label: to.say("What I am asked for"), Command: "/helper show"}}}
}
