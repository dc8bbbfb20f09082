package words

import (
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// PlanDraft shows a plan before it is saved, on one screen: its dates, who is asked for
// what, and what will be reminded. All reminders are one tap away.
func (to Reader) PlanDraft(c village.Course, g village.Group, quiet village.Quiet) bot.Message {
	to = to.inPlan(c)
	m := bot.Message{Title: to.say("Your plan, not saved yet"), Tone: bot.Asking, Buttons: to.previewButtons(c),
		Footer: to.say("Nobody is asked before you save it.")}
	steps := village.Plan(c, quiet)
	m.Text = paragraphs(to.draftDates(c), to.draftHelp(c, g), to.draftRules(c), to.draftReminders(steps))
	return m
}

// draftDates are the dates of a draft, the first one in full.
func (to Reader) draftDates(c village.Course) string {
	first := c.Sessions[0]
	length := LengthWords(first.End.Sub(first.Start))
	if len(c.Sessions) == 1 {
		return to.say("**%s**, for %s", Moment(first.Start, to.Zone), length)
	}
	clock := func(s village.Session) string { return to.clock(s.Start.In(to.Zone)) }
	alike := !slices.ContainsFunc(c.Sessions, func(s village.Session) bool { return clock(s) != clock(first) })
	lines := []string{to.say("**%d dates**, %s each:", len(c.Sessions), length), "- " + Moment(first.Start, to.Zone)}
	if alike {
		lines[0] = to.say("**%d dates**, %s each, all at %s:", len(c.Sessions), length, bot.Literal(clock(first)))
	}
	for _, s := range c.Sessions[1:] {
		day := when.Short(s.Start, to.Zone)
		if alike {
			day, _, _ = strings.Cut(day, ",")
		}
		lines = append(lines, "- "+bot.At(s.Start, day))
	}
	return strings.Join(lines, "\n")
}

// draftHelp says who will be asked for what, or that nobody will.
func (to Reader) draftHelp(c village.Course, g village.Group) string {
	asks := c.Asks(c.Sessions[len(c.Sessions)-1], to.Now)
	switch {
	case len(asks) == 0 && c.Alone:
		return to.say("You have somebody, so I won't ask for help. You can't drive yourself until at least the next day.")
	case len(asks) == 0:
		return to.say("**Who brings you home?** You can't drive until at least the next day. Tell me roughly where it is, and I'll ask your village for rides.")
	}
	var lines []string
	for _, ask := range asks {
		line := to.say("- %s, from %s", to.Noun(ask.Kind), bot.Literal(ask.From))
		if !ask.Kind.Travels() {
			line = to.say("- %s, at %s", to.Noun(ask.Kind), bot.Literal(ask.From))
		}
		if _, own := c.Hours[ask.Kind]; own {
			line += ", " + to.hours(c.Hours[ask.Kind])
		}
		lines = append(lines, line)
	}
	if c.Hidden {
		return to.say("**I'll ask your village, without your name, for:**") + "\n" + strings.Join(lines, "\n")
	}
	head := to.say("**I'll ask your village for:**")
	if len(g.Rooms) > 0 {
		head = to.say("**I'll ask in %s for:**", RoomNames(g))
	}
	return head + "\n" + strings.Join(lines, "\n")
}

// draftRules are the clinic's rules for all dates, and for which of them one holds
// already.
func (to Reader) draftRules(c village.Course) string {
	var held []string
	for _, s := range c.Sessions {
		if food, drinks := c.RulesHold(s, to.Now); food || drinks {
			held = append(held, to.rulesNow(c, s))
		}
	}
	rule := ""
	if own := to.rules(c.Clinic); len(own) > 0 {
		rule = to.say("Your clinic: %s.", strings.Join(own, ", "))
	}
	if len(held) > 0 {
		rule = strings.Join(held, "\n")
	}
	if c.Clinic.Collect != "" && len(held) == 0 {
		rule = sentences(rule, to.say("Collected by: %s.", bot.Literal(c.Clinic.Collect)))
	}
	return rule
}

// draftReminders are three lines of what will be reminded: before, on the day, after.
func (to Reader) draftReminders(steps []village.Step) string {
	comes := func(names ...string) bool {
		return slices.ContainsFunc(steps, func(s village.Step) bool { return slices.Contains(names, s.Name) })
	}
	lines := []string{to.say("**I'll remind you:**")}
	line := func(of func(string) string, parts []string) {
		if len(parts) > 0 {
			lines = append(lines, of(strings.Join(parts, ", ")))
		}
	}
	var before, day, after []string
	add := func(to *[]string, words string, names ...string) {
		if comes(names...) {
			*to = append(*to, words)
		}
	}
	add(&before, to.say("ride"), village.BookRide)
	add(&before, to.say("bag"), village.PackBag)
	add(&before, to.say("food and drinks"), village.Fasting)
	add(&day, to.say("when to go"), village.TimeToGo)
	add(&day, to.say("rest"), village.HomeRest)
	add(&after, to.say("how you are"), village.CheckIn)
	add(&after, to.say("your talks"), village.TalkAhead)
	add(&after, to.say("small ideas"), village.Integration, village.EveningCard)
	line(func(what string) string { return to.say("- before: %s", what) }, before)
	line(func(what string) string { return to.say("- on the day: %s", what) }, day)
	line(func(what string) string { return to.say("- after: %s", what) }, after)
	if len(lines) == 1 {
		return ""
	}
	return strings.Join(lines, "\n")
}

// previewButtons are those of the preview: to say yes, to change it, to see all, and,
// while nothing else was said, that somebody drives already.
func (to Reader) previewButtons(c village.Course) []bot.Button {
	save, change := to.DraftButtons(c)[0], to.DraftButtons(c)[1]
	buttons := []bot.Button{save, change, {Label: to.say("Every reminder"), Command: "/session show " + c.ID + " every: yes"}}
	if rides := slices.ContainsFunc(c.Help, village.Kind.IsRide); rides || len(c.Help) == 0 && !c.Alone {
		return append(buttons, to.SomebodyDrives(c))
	}
	return buttons
}

// NoRides is said in place of the help of a plan, and leaves it as it is but for the rides.
const NoRides = "no rides"

// SomebodyDrives says that nobody has to be asked for rides.
func (to Reader) SomebodyDrives(c village.Course) bot.Button {
	return bot.Button{Label: to.say("Somebody drives me"), Command: "/session change " + c.ID + " help: " + NoRides}
}

// DraftButtons are what can become of a plan that is not saved.
func (to Reader) DraftButtons(c village.Course) []bot.Button {
	return []bot.Button{
		{Label: to.say("Save it"), Command: "/session save " + c.ID, Style: bot.Primary},
		{Label: to.say("Change it"), Command: "/session change " + c.ID},
		{Label: to.say("Don't save it"), Command: "/session cancel " + c.ID}}
}

// EveryReminder shows a draft whole: each date with its rules, its reminders and its
// requests for help.
func (to Reader) EveryReminder(c village.Course, quiet village.Quiet) []bot.Message {
	to = to.inPlan(c)
	private, quietly := "", ""
	if c.Private {
		private = to.say("Only the people who say yes can open your private details. They are wiped %s later.", to.wipedAfter(c.DetailsKept()))
	}
	if quiet.From != quiet.To {
		quietly = to.say("From %s to %s I'll send only what can't wait.", to.clockAt(quiet.From), to.clockAt(quiet.To))
	}
	messages := []bot.Message{{Title: to.say("Every reminder"), Text: paragraphs(private, sentences(to.say("While a session goes on I'll send nothing."), quietly))}}
	steps := village.Plan(c, quiet)
	for _, s := range c.Sessions {
		messages = append(messages, bot.Message{Text: to.dateOfDraft(c, s, steps)})
	}
	last := &messages[len(messages)-1]
	last.Buttons = to.DraftButtons(c)
	one, without := c.Sessions[0].ID, ""
	if len(c.Sessions) > 1 {
		without = bot.Literal(to.say("Without it: %s.", "/session cancel "+one))
	}
	last.Footer = sentences(bot.Literal(to.say("Another day or hour: %s.", "/session move "+one+" to: thu 2pm")), without)
	return messages
}

// dateOfDraft is one session of a draft, with those of the plan's steps that are
// its own.
func (to Reader) dateOfDraft(c village.Course, s village.Session, steps []village.Step) string {
	own := slices.DeleteFunc(slices.Clone(steps), func(step village.Step) bool { return step.Session != s.ID })
	head, asks := "", to.asks(c, s)
	if asks != "" {
		head = to.say("I'll ask your village for:")
	}
	if asks != "" && c.Hidden {
		head = to.say("I'll ask your village (without your name) for:")
	}
	return paragraphs(to.say("**%s**, for %s (%s)", Moment(s.Start, to.Zone), LengthWords(s.End.Sub(s.Start)), s.ID), to.rulesNow(c, s),
		to.say("I'll remind you:"), strings.Join(to.stepLines(c, own), "\n"), head, asks)
}

// asks is the help that comes with a session, a line each.
func (to Reader) asks(c village.Course, s village.Session) string {
	var lines []string
	for _, ask := range c.Asks(s, to.Now) {
		at, place := bot.Literal(when.Short(ask.Start, to.Zone)), bot.Literal(ask.From)
		line := to.say("- %s, %s, at %s", ask.Kind.Words().Noun, at, place)
		if ask.Kind.Travels() {
			line = to.say("- %s, %s, from %s", ask.Kind.Words().Noun, at, place)
		}
		if ask.Note != "" {
			line = to.say("%s (%s)", line, bot.Literal(ask.Note))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// hours are hours of its own that a kind of help has.
func (to Reader) hours(h village.Hours) string {
	if h.To == 0 {
		return to.say("at %s", to.clockAt(h.From))
	}
	return to.say("%s to %s", to.clockAt(h.From), to.clockAt(h.To))
}

// helpWithHours is a kind of help of a plan with the hours it has of its own.
func (to Reader) helpWithHours(c village.Course, k village.Kind, name string) string {
	h, own := c.Hours[k]
	switch {
	case !own:
		return name
	case h.Place == "":
		return to.say("%s (%s)", name, to.hours(h))
	}
	return to.say("%s (%s, from %s)", name, to.hours(h), bot.Literal(h.Place))
}

// HelpLine is the help of a plan as somebody could type it.
func HelpLine(c village.Course) string {
	var parts []string
	for _, k := range c.Help {
		part := k.Words().Short
		if h, own := c.Hours[k]; own {
			part += " " + typedHour(h.From)
			if h.To != 0 {
				part += " to " + typedHour(h.To)
			}
			if h.Place != "" {
				part += " from " + h.Place
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func typedHour(minutes int) string {
	return time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC).Format("3:04pm")
}
