package words

import (
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
)

// DayCard is all that the day of a need needs, a line and a button each, as it stands in
// the village channel or for a reader. series is all that was asked for with it.
func (to Reader) DayCard(n village.Need, series []village.Need) bot.Message {
	to = to.in(n)
	day := slices.DeleteFunc(village.ByDay(series), func(o village.Need) bool { return !o.SameDay(n) })
	m := bot.Message{Title: to.say("Help for %s on %s", to.NameOf(n), to.dayOf(n)), Tone: bot.Good}
	if len(day) == 1 {
		m = to.NeedCard(day[0])
		if day[0].State() == village.Open && !day[0].IsHeld() {
			m.Buttons = append(m.Buttons, to.takeSeveral(day[0], series)...)
		}
		return m
	}
	m.Text = to.say("**%s**", bot.Literal(to.fullDay(n.Start, to.Zone)))
	var more []bot.Button
	for _, o := range day {
		m.Lines = append(m.Lines, bot.Line{Text: to.dayLine(o), Button: to.dayButton(o)})
		if o.State() == village.Open && !o.IsHeld() {
			m.Tone = bot.Asking
			more = append(more, to.takeSeveral(o, series)...)
		}
	}
	if m.Tone == bot.Asking && to.ID == "" {
		m.Footer = to.SharedAnyway()
	}
	if len(more) <= 2 {
		m.Buttons = append(m.Buttons, more...)
		return m
	}
	menu := bot.Menu{Label: to.say("Several days at once"), Command: "/need claim"}
	for _, b := range more {
		menu.Picks = append(menu.Picks, bot.Pick{Label: b.Label, Value: strings.TrimPrefix(b.Command, "/need claim ")})
	}
	m.Menus = []bot.Menu{menu}
	return m
}

// dayOf is the day of a need, such as "Tue 8 Dec".
func (to Reader) dayOf(n village.Need) string { return to.writing().ShortDay(n.Start, to.in(n).Zone) }

// dayLine is one thing that a day needs.
func (to Reader) dayLine(n village.Need) string {
	place := to.Where(n)
	if n.To != "" {
		place = to.say("%s to %s", place, bot.Literal(n.To))
	}
	what := to.say("**%s**, %s, %s", Capital(to.Short(n.Kind)), to.at(n.Start), place)
	if n.Kind.Lasting() {
		what = to.say("**%s**, %s until %s, %s", Capital(to.Short(n.Kind)), to.at(n.Start), bot.At(n.End, to.listed(n.End, to.Zone)), place)
	}
	var more []string
	for _, f := range to.NeedFields(n)[1:] {
		if f.Name != to.say("To") {
			more = append(more, f.Name+": "+f.Value)
		}
	}
	if len(more) > 0 {
		what += " (" + strings.Join(more, ", ") + ")"
	}
	return to.say("%s: %s", what, to.dayState(n))
}

// at is an hour of a day that is named above it.
func (to Reader) at(t time.Time) string { return bot.At(t, to.clock(t.In(to.Zone))) }

// dayState is how one thing that a day needs stands.
func (to Reader) dayState(n village.Need) string {
	left := n.Wanted - n.Spoken()
	switch n.State() {
	case village.StateCancelled:
		return to.say("not needed any more")
	case village.Over:
		return to.say("this is over")
	case village.Covered:
		names := to.Names(n.Claims)
		if len(n.Backups) > 0 {
			return to.say("%s, and %s in case", names, to.Names(n.Backups))
		}
		return names
	}
	switch {
	case n.IsHeld():
		return to.say("it rests, because I can't reach whoever asked")
	case n.Spoken() == 0 && len(n.Claims) > 0:
		return to.say("%s, and it is not settled yet", to.Names(n.Claims))
	case len(n.Claims) > 0:
		return to.say("%s, and %d more would help", to.Names(n.Claims), left)
	case left > 1:
		return to.say("nobody yet, and %d people would help", left)
	}
	return to.say("**nobody yet**")
}

// dayButton says yes to one thing that a day needs, or stands by for it; empty where
// the reader can do neither.
func (to Reader) dayButton(n village.Need) bot.Button {
	buttons := to.offerButtons(n)
	if len(buttons) == 0 || to.ID == n.Member.ID || n.HelpedBy(to.ID) || n.StandsBy(to.ID) {
		return bot.Button{}
	}
	if buttons[0].Style != bot.Primary {
		buttons[0].Label = to.say("Stand by: %s", to.Short(n.Kind))
	}
	return buttons[0]
}

// takeSeveral says yes to the same thing on several days with one tap.
func (to Reader) takeSeveral(n village.Need, series []village.Need) []bot.Button {
	if to.ID == n.Member.ID {
		return nil
	}
	all, like := village.Alike(n, series, village.AllDays), village.Alike(n, series, village.SameWeekday)
	var out []bot.Button
	if len(all) > 1 {
		out = append(out, bot.Button{Label: many(len(all)-1, to.say("%s: both days", Capital(to.Short(n.Kind))), to.say("%s: all %d days", Capital(to.Short(n.Kind)), len(all))), Command: "/need claim " + n.ID + " days: " + village.AllDays})
	}
	if len(like) > 1 && len(like) < len(all) {
		out = append(out, bot.Button{Label: to.say("%s: all %ss", Capital(to.Short(n.Kind)), to.writing().Weekday(n.Start, to.in(n).Zone)), Command: "/need claim " + n.ID + " days: " + village.SameWeekday})
	}
	return out
}

// Taken answers a yes to several days at once.
func (to Reader) Taken(needs []village.Need, missed int) bot.Message {
	n := needs[0]
	m := bot.Message{Title: to.say("Thank you. You are down for %d days", len(needs)), Tone: bot.Good, Buttons: []bot.Button{to.MineButton()}}
	gone := ""
	if missed > 0 {
		gone = many(missed, to.say("One more is taken already, or does not go with what you have said yes to."), to.say("%d more are taken already, or do not go with what you have said yes to.", missed))
	}
	next := to.say("I'll remind you each time.")
	if n.Waits(to.ID) {
		next = to.say("Whoever asked says yes to you first, once for all of it. I'll tell you as soon as they have.")
	}
	m.Text = paragraphs(to.say("%s for %s:", Capital(to.Noun(n.Kind)), bot.Literal(to.NameOf(n))), to.days(needs), gone, next)
	return m
}

// days are the times of needs, a line each.
func (to Reader) days(needs []village.Need) string {
	var lines []string
	for _, n := range needs {
		lines = append(lines, "- "+bot.At(n.Start, to.listed(n.Start, to.in(n).Zone)))
	}
	return strings.Join(lines, "\n")
}

// whatEach are needs, a line each, with what they are.
func (to Reader) whatEach(needs []village.Need) string {
	var lines []string
	for _, n := range needs {
		lines = append(lines, to.say("- **%s**, %s", to.Noun(n.Kind), bot.At(n.Start, to.listed(n.Start, to.in(n).Zone))))
	}
	return strings.Join(lines, "\n")
}

// byDay are needs, a line for all of one person's on one day with its button, and the
// buttons that say yes to who waits for it.
// Whoever reads it for the moderators is told every name.
func (to Reader) byDay(needs []village.Need, named bool) (lines []bot.Line, buttons []bot.Button) {
	for len(needs) > 0 {
		first := needs[0]
		var day, rest []village.Need
		for _, n := range needs {
			if n.SameDay(first) {
				day = append(day, n)
			} else {
				rest = append(rest, n)
			}
		}
		needs = rest
		var what []string
		for _, n := range day {
			short := to.Short(n.Kind)
			if named && len(n.Claims) > 0 {
				short = to.say("%s (%s offers to help, and waits for a yes)", short, PlainNames(n.Claims))
				buttons = append(buttons, to.yesButtons(n)...)
			}
			what = append(what, short)
		}
		name := to.NameOf(first)
		if named {
			name = first.Member.Name
		}
		l := bot.Line{Text: to.say("**%s** for %s: %s", bot.At(first.Start, to.listed(first.Start, to.in(first).Zone)), bot.Literal(name), AndList(what)),
			Button: to.in(first).claimThis(first)}
		if len(day) > 1 {
			l.Button = bot.Button{Label: Clip(to.say("See %s, %s", to.NameOf(first), to.dayOf(first)), 75), Command: "/need show " + first.ID + " day"}
		}
		lines = append(lines, l)
	}
	return lines, buttons
}

// Notices is one notice about several needs, as [Reader.Notice] is about one.
func (to Reader) Notices(j village.Notice, needs []village.Need) bot.Message {
	needs = village.ByDay(needs)
	var m bot.Message
	switch j.What {
	case village.OwedRaised, village.OwedReopened:
		m = to.stillOpen(needs)
	case village.OwedUrgent:
		m = to.nobodyFor(j, needs)
	case village.OwedUncovered:
		m = to.uncoveredDay(needs)
	case village.OwedApprove:
		m = to.mayTheyHelpOn(j, needs)
	case village.OwedNoAnswer:
		m = to.noAnswers(j, needs)
	case village.OwedPassOn:
		m = to.passOnAll(j, needs)
	default:
		m = to.aboutSeveral(j, needs)
	}
	if to.ID != "" {
		m.Notify = []string{to.ID}
	}
	return m
}

// stillOpen is the evening's note for the channel.
func (to Reader) stillOpen(needs []village.Need) bot.Message {
	lines, buttons := to.byDay(needs, false)
	m := bot.Message{Title: to.say("Still open this evening"), Tone: bot.Asking, Text: to.say("Could you take one of these?"),
		Lines: lines, Buttons: buttons, Footer: to.SharedAnyway()}
	return to.first(m)
}

// OldNote is what is left of an evening's note when the next one comes.
func (to Reader) OldNote(at time.Time) bot.Message {
	return bot.Message{Text: to.say("What was open on %s stood here. What is open now: %s", at.In(to.Zone).Format("Mon 2 Jan"), bot.Literal("/need open"))}
}

// oldCall is what is left of a message that asked for somebody beside the card.
func (to Reader) oldCall(_ village.Notice, n village.Need) bot.Message {
	return bot.Message{Text: to.NeedLine(n)}
}

// nobodyFor is the moderators' note of the day.
func (to Reader) nobodyFor(j village.Notice, needs []village.Need) bot.Message {
	lines, buttons := to.byDay(needs, !j.Public)
	m := to.first(bot.Message{Title: to.say("Still nobody"), Tone: bot.Urgent, Lines: lines, Buttons: buttons})
	if j.Public {
		m.Text = sentences(to.say("Nobody is down for these yet."), to.say("Could you come, or ask around?"))
		m.Footer = to.SharedAnyway()
		return m
	}
	m.Text = sentences(to.say("For the moderators. Nobody is down for these yet."), to.say("Could you ask around, or call somebody?"))
	return m
}

// uncoveredDay tells a member in time what of their day nobody has said yes to.
func (to Reader) uncoveredDay(needs []village.Need) bot.Message {
	ride := needs[0]
	if i := slices.IndexFunc(needs, func(n village.Need) bool { return n.Kind.BringsHome() }); i >= 0 {
		ride = needs[i]
	}
	var what []string
	for _, n := range needs {
		what = append(what, to.Short(n.Kind))
	}
	at := bot.Literal(to.listed(ride.Start, to.in(ride).Zone))
	drive := ""
	if ride.Kind.IsRide() {
		drive = to.say("Please don't drive yourself.")
	}
	return bot.Message{Title: to.say("Nobody yet"), Tone: bot.Urgent, Buttons: []bot.Button{{Label: to.say("See it"), Command: "/need show " + ride.ID + " day"}},
		Text: paragraphs(to.say("Nobody has said yes yet for **%s**: %s. I am sorry. It is not your fault, and it does happen.", to.dayOf(ride), AndList(what)),
			strings.Join([]string{to.say("- Ask somebody you know."), to.say("- Tell a moderator."),
				to.say("- Call your clinic: “I have nobody %s on %s. What can we do?” Moving it is all right.", ride.Kind.Words().Lacks, at)}, "\n"), drive)}
}

// mayTheyHelpOn asks about a helper for several days at once.
func (to Reader) mayTheyHelpOn(j village.Notice, needs []village.Need) bot.Message {
	n := needs[0]
	if i := slices.IndexFunc(needs, func(n village.Need) bool { return n.Kind.WithChildren() }); i >= 0 {
		n = needs[i] // whoever may be with the children may do the rest
	}
	return bot.Message{Title: to.may(j, n), Tone: bot.Asking, Buttons: to.JudgeButtons(n, j.About.ID),
		Text: paragraphs(to.say("**%s** offers to help:", bot.Literal(j.About.Name)), to.whatEach(needs),
			sentences(to.say("Nothing private is shown before you say yes, and one yes is for all of it. If you are not sure, call %s first.", bot.Literal(j.About.Name)), to.Visiting(j.About)))}
}

// aboutSeveral says the same about several needs.
func (to Reader) aboutSeveral(j village.Notice, needs []village.Need) bot.Message {
	n := needs[0]
	m := bot.Message{Tone: bot.Good, Buttons: []bot.Button{to.MineButton()}}
	who := bot.Literal(j.About.Name)
	var head, tail string
	switch j.What {
	case village.OwedThanks:
		m.Title, head = to.say("For you to keep"), to.say("For %s:", to.member(n))
		tail = to.say("I'll remind you each time. What is private comes the evening before.")
		if !slices.ContainsFunc(needs, func(n village.Need) bool { return n.Details }) {
			tail = to.say("I'll remind you each time.")
		}
	case village.OwedYes:
		m.Title, head = to.say("Somebody said yes"), to.say("**%s** will help:", who)
		tail = to.say("You don't have to do anything.")
	case village.OwedStepBack:
		m.Title, m.Tone, head = to.say("A change of plans"), bot.Asking, to.say("**%s** can't make it after all:", who)
		tail = to.say("The village sees that it is open again. I'll tell you as soon as somebody says yes.")
	default:
		m.Title, head = to.say("Not needed any more"), to.say("You are free again:")
		tail = to.say("Thank you for being there.")
	}
	m.Text = paragraphs(head, to.whatEach(needs), tail)
	return m
}
