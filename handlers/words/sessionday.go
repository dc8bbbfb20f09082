package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// rideStillAhead is for somebody who is out before their ride is there.
func (to Reader) rideStillAhead(n village.Need) string {
	at := bot.Literal(to.clock(n.Start.In(to.Zone)))
	names := PlainNames(n.Helpers())
	switch {
	case len(n.Helpers()) == 0 && len(n.Claims) > 0:
		return to.say("**%s offers to drive you at %s, and still waits for your yes.** Please stay where you are. If you don't know them, ask the staff to call somebody you know.", PlainNames(n.Claims), at)
	case len(n.Claims) == 0:
		return to.say("**Nobody has said yes to your ride at %s yet.** Please stay where you are, and ask the staff to call somebody.", at)
	case slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return c.Unsure || c.Silent }):
		return to.say("**%s said yes to your ride at %s, but I have not heard lately that it is still on.** Please stay where you are, and ask the staff to call them.", names, at)
	}
	return to.say("**Your ride comes at %s: %s.** If you are ready sooner, stay inside and ask the staff to call them.", at, names)
}

// unwell are the two taps for whoever has just come out.
func (to Reader) unwell() []bot.Button {
	return []bot.Button{
		{Label: to.say("I don't feel well"), Command: "/faq side-effects", Style: bot.Primary},
		{Label: to.say("Talk to somebody now"), Command: "/crisis", Style: bot.Danger},
	}
}

// GoodToHear is the plain mode, with words of the library: what somebody needs who
// has just come out.
func (to Reader) GoodToHear(text string) bot.Message {
	return bot.Message{Title: to.say("Good to hear from you"), Tone: bot.Good, Text: text, Buttons: to.unwell()}
}

// OutOf answers somebody who is out of a session: home says what to do at home, and
// welcome says it to whoever is there already.
func (to Reader) OutOf(c village.Course, s village.Session, needs []village.Need, home, welcome string) bot.Message {
	if ride, some := village.RideToCome(needs, to.Now); some {
		return to.GoodToHear(paragraphs(to.inPlan(c).rideStillAhead(ride), home))
	}
	if to.Now.Before(s.End.Add(village.HomeAfter)) && !slices.ContainsFunc(needs, village.Fetched) {
		return to.GoodToHear(paragraphs(to.say("Good that you are out. **Let somebody bring you home.** The staff can call them for you."), home))
	}
	return to.GoodToHear(welcome)
}

// Rest is for somebody in a session, or just out of one: short lines, nothing to
// decide. all leads to everything else.
func (to Reader) Rest(c village.Course, needs []village.Need, all bot.Button) bot.Message {
	to = to.inPlan(c)
	m := bot.Message{Title: to.say("You can take it slowly now"), Tone: bot.Good, Buttons: append(to.unwell(), all)}
	ride := ""
	if n, some := village.RideToCome(needs, to.Now); some {
		ride = to.rideStillAhead(n)
		m.Buttons = slices.Insert(m.Buttons, 0, bot.Button{Label: to.say("My ride home"), Command: "/need show " + n.ID})
	}
	m.Text = paragraphs(ride, to.say("There is nothing to decide today. Rest, and sip some water. No driving before tomorrow, and not until your clinic says."))
	return m
}

// RestInstead is Rest for somebody whose words meant nothing to us: they need not
// find better ones.
func (to Reader) RestInstead(rest bot.Message) bot.Message {
	rest.Text = paragraphs(to.say("I did not get that, and that is all right."), rest.Text)
	return rest
}

// AtHome stands above everything of a person's: what anybody may need at any time.
// start offers to set the bot up.
func (to Reader) AtHome(start bool) bot.Message {
	m := bot.Message{Text: to.say("What do you need?"), Buttons: []bot.Button{{Label: to.say("Ask a question"), Command: "/faq", Style: bot.Primary},
		{Label: to.say("I need help"), Command: "/ask"}, {Label: to.say("What can you do?"), Command: "/help"}, to.talkNow(bot.Danger)}}
	if start {
		m.Buttons = append([]bot.Button{to.setMeUp()}, m.Buttons...)
	}
	return m
}

// AllTheRest leads to everything of a person's.
func (to Reader) AllTheRest(command string) bot.Button {
	return bot.Button{Label: to.say("All the rest"), Command: command}
}

// EverythingICanDo leads to all commands.
func (to Reader) EverythingICanDo(command string) bot.Button {
	return bot.Button{Label: to.say("Everything I can do"), Command: command}
}

// Item is something to pack, from the library, with why.
type Item struct{ ID, Text, Why string }

// Bag is the bag of a session as a list whose items are tapped when they are
// packed.
func (to Reader) Bag(title, about string, items []Item, s village.Session) bot.Message {
	m := bot.Message{Title: title}
	var packed, missing []string
	for _, item := range items {
		label, text := Clip(item.Text, 62), bot.Literal(item.Text)
		switch {
		case slices.Contains(s.Packed, item.ID):
			packed = append(packed, "- "+text)
			label = to.say("Packed: %s", label)
		case item.Why != "":
			missing = append(missing, to.say("- **%s**: %s", text, bot.Literal(item.Why)))
		default:
			missing = append(missing, "- **"+text+"**")
		}
		if len(m.Buttons) < 25 {
			m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: "/session bag " + s.ID + " " + item.ID})
		}
	}
	in := ""
	if len(packed) > 0 {
		in = paragraphs(to.say("In the bag:"), strings.Join(packed, "\n"))
	}
	if len(missing) == 0 {
		m.Tone = bot.Good
	}
	m.Text = paragraphs(bot.Literal(about), to.say("%d of %d packed.", len(packed), len(items)), strings.Join(missing, "\n"), in)
	return m
}

// NotInBag refuses an item that is not on the list.
func (to Reader) NotInBag(session string) error {
	return &bot.Error{Code: "no-such-item", Say: to.say("That is not on the list."), Hint: to.say("Please tap an item on it."),
		Buttons: []bot.Button{{Label: to.say("The list"), Command: "/session bag " + session}}}
}

// Intention is a card that was drawn for a session, with words of the library.
func (to Reader) Intention(s village.Session, title, text, about string) bot.Message {
	return bot.Message{Title: title, Text: paragraphs(bot.Literal(text), to.keepsIt()), Footer: bot.Literal(about),
		Buttons: []bot.Button{to.anotherCard(s), {Label: to.say("Put it back"), Command: "/session card " + s.ID + " back"}}}
}

// IntentionBack says that a card is back in the deck.
func (to Reader) IntentionBack(s village.Session) bot.Message {
	return bot.Message{Text: to.say("It is back in the deck. Going without one is fine."), Buttons: []bot.Button{to.anotherCard(s)}}
}

func (to Reader) anotherCard(s village.Session) bot.Button {
	return bot.Button{Label: to.say("Another card"), Command: "/session card " + s.ID + " another"}
}

// maxAlt is how long the words beside a picture may be, in characters.
const maxAlt = 1000

// ProgressShown is what a picture of a plan is of: the sessions that take place
// with their needs, by ID, and the member's check-ins since the first of them.
type ProgressShown struct {
	Course village.Course
	Needs  map[string][]village.Need
	Days   []village.DiaryDay
	// Weeks is how many weeks the picture has room for, where that is not all of
	// them.
	Weeks int
}

// ProgressTitle stands above the picture of a plan.
func (to Reader) ProgressTitle() string { return to.say("Your sessions") }

// ProgressNone answers when there is nothing to draw of a plan.
func (to Reader) ProgressNone() bot.Message {
	return bot.Message{Title: to.say("How far you have come"), Text: to.say("All sessions of this plan are cancelled, so there is nothing to draw."),
		Buttons: []bot.Button{to.MySessions(), to.myDays(), to.planSessions()}}
}

// HowFar is a plan as a line and a list, beside its picture (PNG).
func (to Reader) HowFar(x ProgressShown, picture []byte) bot.Message {
	to = to.inPlan(x.Course)
	var lines []string
	for _, s := range x.Course.Sessions {
		st := s.Standing(x.Needs[s.ID], to.Now)
		stands := to.helpCovered(st)
		if st.State == village.SessionDone {
			stands = to.say("done")
		}
		if st.State != village.SessionOff {
			lines = append(lines, to.say("%s, %s: %s.", s.Start.In(to.Zone).Format("Mon 2 Jan"), to.clock(s.Start.In(to.Zone)), stands))
		}
	}
	var feelings []string
	for _, d := range x.Days {
		at, _ := time.Parse(time.DateOnly, d.Day)
		feelings = append(feelings, fmt.Sprintf("%s %s", at.Format("2 Jan"), to.feelingShort(d.Feeling)))
	}
	checkIns, room := "", ""
	if len(feelings) > 0 {
		checkIns = to.say("Your check-ins: %s.", strings.Join(feelings, "; "))
	}
	if x.Weeks > 0 {
		room = to.say("The picture has room for %d weeks; the list has everything.", x.Weeks)
	}
	return bot.Message{Title: to.say("How far you have come"), Tone: bot.Good,
		Text:    paragraphs("**"+to.Progress(x.Course)+"**", "- "+strings.Join(lines, "\n- ")),
		Image:   &bot.Image{Name: "calendar.png", PNG: picture, Alt: Clip(sentences(to.say("A calendar."), strings.Join(lines, " "), checkIns), maxAlt)},
		Footer:  sentences(to.say("Only you see this."), room),
		Buttons: []bot.Button{to.MySessions(), to.myDays()}}
}

// FeelingLabel is a feeling in the picture of a plan.
func (to Reader) FeelingLabel(f village.Feeling) string { return to.feelingShort(f) }
