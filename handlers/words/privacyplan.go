package words

import (
	"maps"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// Drawn is what a member has been shown and has ticked for a plan: cards that stand
// elsewhere.
type Drawn struct {
	// Packed are the things in the bag, and Card the card, by session.
	Packed map[string][]string
	Card   map[string]string
	Ideas  []string
}

// PlanKept is a plan in one line, and the day it goes.
func (to Reader) PlanKept(c village.Course, until time.Time) string {
	sessions := to.say("%d sessions", len(c.Sessions))
	if len(c.Sessions) == 1 {
		sessions = to.say("one session")
	}
	first := Moment(c.Sessions[0].Start, village.ZoneNamed(c.Zone))
	line := to.say("Your plan (%s) of %s, the first on %s, with your clinic's rules and your changes to the reminders", c.ID, sessions, first)
	if c.Draft {
		line = to.say("A plan that you have not saved (%s) of %s, the first on %s, with your clinic's rules and your changes to the reminders", c.ID, sessions, first)
	}
	return clauses(line, to.keptUntil(until))
}

// PlanExported is a plan with its dates, the clinic's rules, and whatever its member
// has changed, drawn and ticked.
func (to Reader) PlanExported(c village.Course, drawn Drawn, until time.Time) []string {
	zone := village.ZoneNamed(c.Zone)
	lines := []string{to.PlanKept(c, until)}
	add := func(line string, said bool) {
		if said {
			lines = append(lines, line)
		}
	}
	for _, s := range c.Sessions {
		lines = append(lines, to.sessionExported(s, zone, drawn))
	}
	add(to.say("Your clinic's rules, as you gave them to me: %s", AndList(to.rules(c.Clinic))), c.Clinic.Food > 0 || c.Clinic.Drinks > 0)
	add(to.say("You are to be collected by: %s", bot.Literal(c.Clinic.Collect)), c.Clinic.Collect != "")
	add(to.say("Where the sessions are: %s", bot.Literal(c.Area)), c.Area != "")
	add(to.say("Where you live, roughly: %s", bot.Literal(c.Home)), c.Home != "")
	var help, talks []string
	for _, k := range c.Help {
		help = append(help, to.helpWithHours(c, k, k.Words().Noun))
	}
	for _, talk := range c.Talks {
		talks = append(talks, when.Full(talk, zone))
	}
	add(to.say("Help for every session: %s", AndList(help)), len(help) > 0)
	add(to.say("You have somebody, so I'll ask for no help"), c.Alone)
	add(to.say("I'll ask without your name"), c.Hidden)
	add(to.say("Your talks afterwards: %s", AndList(talks)), len(talks) > 0)
	add(to.say("I'll ask weeks later how to go on"), c.TouchUp)
	for _, key := range slices.Sorted(maps.Keys(c.Tweaks)) {
		if changed := to.tweakWords(c.Tweaks[key]); changed != "" {
			lines = append(lines, to.say("Your reminder “%s”: %s", to.tweakName(c, key, zone), changed))
		}
	}
	for _, idea := range drawn.Ideas {
		add(to.say("An idea you were shown: %s", bot.Literal(idea)), idea != "")
	}
	add(to.say("You ended the plan on: %s", when.Full(c.Stopped, zone)), !c.Stopped.IsZero())
	return lines
}

func (to Reader) sessionExported(s village.Session, zone *time.Location, drawn Drawn) string {
	what := []any{when.Full(s.Start, zone), LengthWords(s.End.Sub(s.Start)), s.ID}
	line := to.say("Session on %s, for %s (%s)", what...)
	switch s.Why {
	case village.Cancelled:
		line = to.say("Session on %s, for %s: cancelled (%s)", what...)
	case village.Past:
		line = to.say("Session on %s, for %s: over (%s)", what...)
	}
	var packed []string
	for _, thing := range drawn.Packed[s.ID] {
		packed = append(packed, "“"+bot.Literal(thing)+"”")
	}
	if len(packed) > 0 {
		line = clauses(line, to.say("In the bag: %s", AndList(packed)))
	}
	if card := drawn.Card[s.ID]; card != "" {
		line = clauses(line, to.say("Your card: %s", card))
	}
	return line
}

func (to Reader) rules(c village.Clinic) []string {
	var rules []string
	if c.Food > 0 {
		rules = append(rules, to.say("no food from %s before", LengthWords(c.Food)))
	}
	if c.Drinks > 0 {
		rules = append(rules, to.say("no drinks from %s before", LengthWords(c.Drinks)))
	}
	return rules
}

// tweakName is the reminder that a change is about.
func (to Reader) tweakName(c village.Course, key string, zone *time.Location) string {
	id, name, one := strings.Cut(key, "/")
	if !one {
		return to.StepLabel(key, "")
	}
	if s, ok := c.Session(id); ok {
		return to.StepLabel(name, "") + ", " + when.Short(s.Start, zone)
	}
	return to.StepLabel(name, "")
}

// tweakWords are what a member has changed about a reminder.
func (to Reader) tweakWords(t village.Tweak) string {
	var changed []string
	if t.Off {
		changed = append(changed, to.say("switched off"))
	}
	if t.At != nil {
		changed = append(changed, to.say("at %s", ClockWords(*t.At)))
	}
	if t.Words != "" {
		changed = append(changed, to.say("in your words “%s”", bot.Literal(t.Words)))
	}
	return joined(changed, ", ")
}

// ReminderKept is a reminder of the reader's own, and the day it goes.
func (to Reader) ReminderKept(r village.OwnReminder, until time.Time) string {
	return clauses(to.say("Your own reminder: %s", bot.Literal(r.Words)), to.keptUntil(until))
}

// ReminderExported is ReminderKept with all there is to say of it. repeats says when
// it comes again; it is empty for what comes once.
func (to Reader) ReminderExported(r village.OwnReminder, repeats string, until time.Time) string {
	zone := village.ZoneNamed(r.Zone)
	said := []string{to.ReminderKept(r, until)}
	if repeats != "" {
		said = append(said, bot.Literal(Capital(repeats))+Season(r.From, r.Until, zone))
	}
	for _, at := range []struct {
		said string
		at   time.Time
	}{
		{to.say("You set it on %s", when.Full(r.Since, zone)), r.Since}, {to.say("It last came on %s", when.Full(r.Sent, zone)), r.Sent},
		{to.say("It comes next on %s", when.Full(r.Due, zone)), r.Due}, {to.say("You last did it on %s", when.Full(r.Done, zone)), r.Done}} {
		if !at.at.IsZero() {
			said = append(said, at.said)
		}
	}
	if r.Ask {
		said = append(said, to.say("I'll ask for a tap when it is done"))
	}
	return clauses(said...)
}
