package words

import (
	"slices"

	"village/bot"
	"village/internal/village"
)

// in is the reader by a need's clock, which is the same for everybody.
func (to Reader) in(n village.Need) Reader {
	to.Zone = village.ZoneNamed(n.Zone)
	return to
}

// Noun is "a ride home", Short "ride home".
func (to Reader) Noun(k village.Kind) string { return to.called(k.Words().Noun) }

// Short is a kind of help in one or two words.
func (to Reader) Short(k village.Kind) string { return to.called(k.Words().Short) }

// NameOf is whose need it is, in plain words, as far as the reader knows.
func (to Reader) NameOf(n village.Need) string {
	if n.Hidden && !n.MaySee(to.ID) {
		return to.say("somebody")
	}
	return n.Member.Name
}

func (to Reader) offer(n village.Need) string {
	return to.say(n.Kind.Words().Offer, Clip(to.NameOf(n), 40))
}

// called is a name out of a table of the rules.
func (to Reader) called(name string) string {
	var none []any
	return to.say(name, none...)
}

// Where is the public place: "from near the station", "at the hall".
func (to Reader) Where(n village.Need) string {
	if n.Kind.Travels() {
		return to.say("from %s", bot.Literal(n.From))
	}
	return to.say("at %s", bot.Literal(n.From))
}

// Span is when a need is; its end is said where it is not what anybody would
// expect.
func (to Reader) Span(n village.Need) string {
	if n.Kind.Lasting() {
		return to.say("%s until %s", to.Moment(n.Start, to.Zone), bot.At(n.End, to.listed(n.End, to.Zone)))
	}
	return to.Moment(n.Start, to.Zone)
}

// ReleaseButton takes a yes back.
func (to Reader) ReleaseButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("I can't after all"), Command: "/need release " + n.ID}
}

// JudgeButtons are the two answers about a helper.
func (to Reader) JudgeButtons(n village.Need, helper string) []bot.Button {
	name := n.HelperWith(helper).Name
	if i := slices.IndexFunc(n.Backups, func(b village.Claim) bool { return b.Helper.ID == helper }); i >= 0 {
		name = n.Backups[i].Helper.Name
	}
	return []bot.Button{
		{Label: Clip(to.say("Yes, %s may", name), 40), Command: "/need approve " + n.ID + " " + helper, Style: bot.Primary},
		{Label: to.say("No, thank you"), Command: "/need decline " + n.ID + " " + helper}}
}

// yesButtons let in those who wait for a yes, the reader apart.
func (to Reader) yesButtons(n village.Need) []bot.Button {
	var out []bot.Button
	for _, c := range n.Claims {
		if c.Waiting && c.Helper.ID != to.ID {
			out = append(out, bot.Button{Label: Clip(to.say("Yes to %s", c.Helper.Name), 40), Command: "/need approve " + n.ID + " " + c.Helper.ID, Style: bot.Primary})
		}
	}
	return out
}

// ClaimButton says yes to a need.
func (to Reader) ClaimButton(n village.Need) bot.Button {
	return bot.Button{Label: Clip(to.offer(n), 75), Command: "/need claim " + n.ID, Style: bot.Primary}
}

// ThanksButton thanks whoever helped.
func (to Reader) ThanksButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Say thank you"), Command: "/need thanks " + n.ID}
}

// NotRightButton tells the moderators what was not right.
func (to Reader) NotRightButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Something was not right"), Command: "/report need: " + n.ID}
}

// WithReport puts the tap that tells the moderators below a message about somebody's
// ride or sitter, for whoever asked and whoever has or had a part in it, and in the channel
// where somebody is down for it. It stands below all of them, so that it tells nobody anything.
func (to Reader) WithReport(m bot.Message, n village.Need) bot.Message {
	if !n.Kind.InTheirHands() {
		return m
	}
	tap := to.NotRightButton(n)
	shown := to.ID != "" && n.Concerns(to.ID) || to.ID == "" && len(n.Helpers()) > 0 && n.Why != village.Cancelled
	if shown && !slices.Contains(m.Buttons, tap) {
		m.Buttons = append(slices.Clip(m.Buttons), tap)
	}
	return m
}

// SeeButton leads to a need's card.
func (to Reader) SeeButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("See it"), Command: "/need show " + n.ID}
}

func (to Reader) openButton() bot.Button {
	return bot.Button{Label: to.say("What is open"), Command: "/need open"}
}

// MineButton shows what somebody is down for, and what they asked for.
func (to Reader) MineButton() bot.Button {
	return bot.Button{Label: to.say("Mine"), Command: "/need mine"}
}

func (to Reader) moveButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Move it"), Command: "/need move " + n.ID}
}

func (to Reader) changeButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Change it"), Command: "/need change " + n.ID}
}

func (to Reader) cancelButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Cancel it"), Command: "/need cancel " + n.ID}
}

// HelperButtons are what a helper can do from a message about what they said yes
// to.
func (to Reader) HelperButtons(n village.Need) []bot.Button {
	out := to.DetailsButton(n)
	if to.Now.Before(n.Start) && !n.IsHeld() {
		out = append(out, to.GiveButton(n))
	}
	return append(out, to.ReleaseButton(n))
}

// DetailsButton shows the reader what is private, where they may see it.
func (to Reader) DetailsButton(n village.Need) []bot.Button {
	if !n.Details || !n.MaySee(to.ID) || to.detailsLater(n) {
		return nil
	}
	return []bot.Button{to.showButton(n)}
}

func (to Reader) showButton(n village.Need) bot.Button {
	return bot.Button{Label: to.say("Show me the details"), Command: "/need details " + n.ID}
}

// SharedAnyway is Shared for several requests at once.
func (to Reader) SharedAnyway() string {
	return to.say("If you say yes: whoever asked and the village channel see your name.")
}

// Shared says before the tap what a yes tells to whom.
func (to Reader) Shared(n village.Need) string {
	name := bot.Literal(n.Member.Name)
	var shared string
	switch {
	case village.IsFamily(to.ID):
		return to.say("If you say yes, %s sees your name, and so does everybody who could have helped.", name)
	case n.Hidden && n.Details:
		shared = to.say("If you say yes: you learn who it is for; that person and the village channel see your name, and only you the private part.")
	case n.Hidden:
		shared = to.say("If you say yes: you learn who it is for; that person and the village channel see your name.")
	case n.Details:
		shared = to.say("If you say yes: %s and the village channel see your name, and only you the private part.", name)
	default:
		shared = to.say("If you say yes: %s and the village channel see your name.", name)
	}
	switch {
	case n.Kind.WithChildren():
		shared += " " + to.say("Because children are part of it, whoever asked says yes to you first.")
	case !to.Anyone:
		shared += " " + to.say("The first time, whoever asked agrees too.")
	}
	return shared
}

// NoSuchNeed answers a code that means nothing here.
func (to Reader) NoSuchNeed() error {
	return &bot.Error{Code: village.CodeNoSuchNeed,
		Say:     to.say("I can't find that request here. It may be over and gone."),
		Hint:    to.say("See what is open now, or what you are part of."),
		Buttons: []bot.Button{to.openButton(), to.MineButton()}}
}

// NeedCard is a need as it stands in the village channel, and for a reader who
// is part of it, with what they can do. It never holds private details.
func (to Reader) NeedCard(n village.Need) bot.Message {
	to = to.in(n)
	m := bot.Message{Title: to.say("%s for %s", Capital(to.Noun(n.Kind)), to.NameOf(n)),
		Text: to.say("**%s**", to.Span(n)), Fields: to.NeedFields(n)}
	helper := func(text string) {
		m.Fields = append(m.Fields, bot.Field{Name: to.say("Helper"), Value: text})
	}
	switch n.State() {
	case village.Open:
		m.Tone = bot.Asking
		if n.IsHeld() {
			helper(to.say("This one rests: I can't reach whoever asked. The moderators know."))
			break
		}
		helper(to.missing(n))
		if to.ID == "" {
			m.Footer = to.Shared(n)
		}
	case village.Covered:
		m.Tone = bot.Good
		if len(n.Helpers()) > 0 {
			helper(to.say("%s. Thank you!", to.Names(n.Claims)))
		} else {
			helper(to.Names(n.Claims))
		}
		if len(n.Backups) > 0 {
			m.Fields = append(m.Fields, bot.Field{Name: to.say("Standing by"), Value: to.Names(n.Backups)})
		}
	case village.StateCancelled:
		helper(to.say("Not needed any more."))
	case village.Over:
		if len(n.Helpers()) > 0 && n.AllThere() {
			helper(to.say("%s. Thank you!", to.Names(n.Claims)))
		} else {
			helper(to.past(n))
		}
	}
	m.Buttons = to.cardButtons(n)
	return to.WithReport(m, n)
}

// past says on a card who helped, once its time has passed.
func (to Reader) past(n village.Need) string {
	if len(n.Claims) == 0 {
		return to.say("The time for this has passed.")
	}
	return to.say("%s. The time for this has passed.", to.Names(n.Claims))
}

// cardButtons are what the reader can do with a need: offer help, or step back
// from it, or steer their own.
func (to Reader) cardButtons(n village.Need) []bot.Button {
	ahead := n.Why == "" && to.ID != ""
	switch {
	case to.ID == n.Member.ID:
		return to.ownButtons(n, ahead)
	case ahead && n.HelpedBy(to.ID):
		return to.HelperButtons(n)
	case ahead && n.StandsBy(to.ID) && n.State() == village.Covered:
		return []bot.Button{to.ReleaseButton(n)}
	case ahead && n.StandsBy(to.ID):
		return []bot.Button{to.ClaimButton(n), to.ReleaseButton(n)}
	}
	return to.offerButtons(n)
}

// ownButtons let the member thank, say where their ride is, or change what they
// asked for.
func (to Reader) ownButtons(n village.Need, ahead bool) []bot.Button {
	switch {
	case village.Thankable(n):
		return []bot.Button{to.ThanksButton(n)}
	case n.Expected(to.Now):
		return append(to.RiderButtons(n), to.cancelButton(n))
	case ahead:
		return []bot.Button{to.moveButton(n), to.changeButton(n), to.cancelButton(n)}
	}
	return nil
}

// offerButtons let somebody who has no part in a need offer help.
func (to Reader) offerButtons(n village.Need) []bot.Button {
	if n.IsHeld() {
		return nil
	}
	switch n.State() {
	case village.Open:
		return []bot.Button{to.ClaimButton(n)}
	case village.Covered:
		if len(n.Backups) < village.MaxBackups && !n.IsHome(n.Claims[0].Helper.ID) {
			return []bot.Button{{Label: to.say("Stand by"), Command: "/need standby " + n.ID}}
		}
	}
	return nil
}

// Steering is what the member, or a moderator, can do about a request and those
// who help with it, beside what the card offers the member.
func (to Reader) Steering(n village.Need, moderator bool) []bot.Button {
	mine := n.Member.ID == to.ID
	if n.Why != "" || !mine && !moderator {
		return nil
	}
	var out []bot.Button
	add := func(label, command string, helper village.Person) {
		out = append(out, bot.Button{Label: Clip(to.say(label, helper.Name), 40), Command: "/need " + command + " " + n.ID + " " + helper.ID})
	}
	for _, c := range n.Claims {
		switch {
		case c.Helper.ID == to.ID || c.Helper == village.Forgotten() || n.IsHome(c.Helper.ID):
		case c.Waiting:
			add("Yes to %s", "approve", c.Helper)
			add("No to %s", "decline", c.Helper)
		case village.IsGuest(c.Helper.ID) || !mine:
			add("Take %s off", "unfill", c.Helper)
		default:
			add("Rather not %s", "decline", c.Helper)
		}
	}
	if n.State() == village.Open {
		out = append(out, bot.Button{Label: to.say("Sign somebody up"), Command: "/need fill " + n.ID})
	}
	out = append(out, to.ForwardButtons(n)...)
	if !mine {
		out = append(out, to.moveButton(n), to.changeButton(n), to.cancelButton(n))
	}
	return out
}

// Names are the helpers' names, with a word about those who are not settled.
func (to Reader) Names(claims []village.Claim) string {
	var out []string
	for _, c := range claims {
		name := bot.Literal(c.Helper.Name)
		switch {
		case c.Waiting:
			name = to.say("%s (waiting for a yes)", name)
		case c.Unsure, c.Reread:
			name = to.say("%s (asked again)", name)
		}
		out = append(out, name)
	}
	return to.andList(out)
}

// PlainNames are the names alone.
func PlainNames(claims []village.Claim) string {
	var out []string
	for _, c := range claims {
		out = append(out, bot.Literal(c.Helper.Name))
	}
	return AndList(out)
}

// missing says how many are still wanted.
func (to Reader) missing(n village.Need) string {
	left := n.Wanted - n.Spoken()
	switch {
	case n.Spoken() == 0 && len(n.Claims) > 0:
		return to.say("%s. It is not settled yet. Can you?", to.Names(n.Claims))
	case len(n.Claims) > 0:
		return to.say("%s, and %d more would help. Can you?", to.Names(n.Claims), left)
	case left > 1:
		return to.say("Nobody yet. %d people would help. Can you?", left)
	}
	return to.say("Nobody yet. Can you?")
}

// NeedFields are what everybody may read about a need, the place first.
func (to Reader) NeedFields(n village.Need) []bot.Field {
	var fields []bot.Field
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, bot.Field{Name: name, Value: bot.Literal(value)})
		}
	}
	fields = append(fields, bot.Field{Name: to.placeName(n.Kind), Value: bot.Literal(n.From)})
	add(to.say("To"), n.To)
	add(to.say("Children"), Number(n.Children))
	add(to.say("Seats"), Number(n.Seats))
	add(to.say("Child seats"), Number(n.ChildSeats))
	add(to.say("Note"), n.Note)
	return fields
}

// placeName is what the place is called.
func (to Reader) placeName(k village.Kind) string {
	if k.Travels() {
		return to.say("From")
	}
	return to.say("Where")
}

// NeedLine is a need in one line of a list, as this reader may know it.
func (to Reader) NeedLine(n village.Need) string {
	to = to.in(n)
	what := to.say("**%s** for %s, %s, %s", Capital(to.Short(n.Kind)), bot.Literal(to.NameOf(n)), to.Moment(n.Start, to.Zone), to.Where(n))
	names := to.Names(n.Claims)
	switch {
	case n.IsHeld() && len(n.Claims) == 0:
		return to.say("%s: rests, because I can't reach whoever asked (%s)", what, n.ID)
	case n.Why == village.Cancelled:
		return to.say("%s: cancelled (%s)", what, n.ID)
	case n.Why == village.Past:
		return to.say("%s: over (%s)", what, n.ID)
	case len(n.Claims) == 0:
		return to.say("%s: nobody yet (%s)", what, n.ID)
	case n.State() == village.Open:
		return to.say("%s: %s, %d more wanted (%s)", what, names, n.Wanted-n.Spoken(), n.ID)
	case len(n.Claims) == 1 && n.Claims[0].Waiting:
		return to.say("%s: %s (%s)", what, names, n.ID)
	case len(n.Claims) == 1:
		return to.say("%s: %s helps (%s)", what, names, n.ID)
	}
	return to.say("%s: %s help (%s)", what, names, n.ID)
}

// needButton is a short label about a need, with its day, for a list.
func (to Reader) needButton(n village.Need, label, command string) bot.Button {
	return bot.Button{Label: Clip(label+", "+to.listed(n.Start, to.in(n).Zone), 40), Command: command + n.ID}
}
