package words

import (
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// AllPaused says until when somebody is left alone, and what comes all the same: still
// are their requests and yeses until then, waiting their own reminders, which wait.
func (to Reader) AllPaused(until time.Time, still []village.Need, waiting []village.OwnReminder) bot.Message {
	m := bot.Message{Title: to.say("I'll leave you alone"), Tone: bot.Good,
		Buttons: []bot.Button{{Label: to.say("Go on now"), Command: "/remind resume"}}}
	ahead, wait := "", ""
	if len(still) > 0 {
		var lines []string
		for _, n := range still[:min(len(still), 3)] {
			lines = append(lines, to.say("- %s", to.what(n)))
		}
		ahead = to.say("You still hear about this:") + "\n" + strings.Join(lines, "\n")
	}
	if len(waiting) > 0 {
		var said []string
		for _, r := range waiting[:min(len(waiting), 3)] {
			said = append(said, to.say("“%s”", bot.Literal(Clip(r.Words, 40))))
		}
		wait = to.say("Your own reminders wait too: %s.", AndList(said))
	}
	m.Text = paragraphs(to.say("Until **%s** nothing comes that can wait.", Moment(until, to.Zone)),
		to.say("Answers still come, and anything about a ride that is near, and your clinic's rule for food and drinks. The rest of your plan is left out until then."), ahead, wait)
	return m
}

// Until is when a pause ends, on a button.
func (to Reader) Until(t time.Time) string { return to.say("until %s", when.Short(t, to.Zone)) }

// PlanPaused says until when the reminders of a plan do not come; zero for that they go
// on.
func (to Reader) PlanPaused(c village.Course, until time.Time) bot.Message {
	if until.IsZero() {
		return bot.Message{Title: to.say("They go on"), Tone: bot.Good, Text: to.say("The reminders of your plan come as planned."),
			Buttons: []bot.Button{to.MySessions()}}
	}
	return bot.Message{Title: to.say("Your plan's reminders are paused"), Tone: bot.Good,
		Text: paragraphs(to.say("They go on **%s**. What falls before that is left out.", Moment(until, to.Zone)),
			to.say("Your help stays asked for. News about it still comes, and a ride home that nobody is down for, and your clinic's rule for food and drinks.")),
		Buttons: []bot.Button{{Label: to.say("Go on now"), Command: "/session resume " + c.ID}}}
}

// paused says what is paused, and until when; "" for nothing.
func (to Reader) paused(p village.Preferences) string {
	switch {
	case p.Away.After(to.Now):
		return to.say("Everything that can wait is paused until %s.", Moment(p.Away, to.Zone))
	case p.Paused.After(to.Now):
		return to.say("They are paused until %s.", Moment(p.Paused, to.Zone))
	}
	return ""
}

// PlanRests says that the reminders of a plan are paused; "" where they are not.
func (to Reader) PlanRests(p village.Preferences, c village.Course) string {
	if until := p.PlanUntil(c.ID); until.After(to.Now) {
		return to.say("reminders paused until %s", when.Short(until, to.Zone))
	}
	return ""
}

// progressAnd is how far a plan has come, and that it is paused where it is.
func (to Reader) progressAnd(rests string, c village.Course) string {
	if rests == "" {
		return to.Progress(c)
	}
	return to.say("%s; %s", to.Progress(c), rests)
}

// AllReminders is all of a group's reminders, to choose.
func (to Reader) AllReminders() string { return to.say("All of them") }

// AllRemindersToggled says what became of all n reminders of a group: paused, until an
// instant unless it is zero, or going on.
func (to Reader) AllRemindersToggled(n int, paused bool, until time.Time) bot.Message {
	m := bot.Message{Title: to.ReminderToggled(paused || !until.IsZero()), Tone: bot.Good,
		Buttons: []bot.Button{{Label: to.say("All reminders"), Command: "/reminders list"}}}
	switch {
	case n == 0:
		return bot.Message{Text: to.say("This group has no reminders.")}
	case !until.IsZero():
		m.Text = many(n, to.say("The group's reminder goes on **%s**.", Moment(until, to.Zone)), to.say("All %d reminders of the group go on **%s**.", n, Moment(until, to.Zone)))
	case paused:
		m.Text = many(n, to.say("The group's reminder waits until you let it go on."), to.say("All %d reminders of the group wait until you let them go on.", n))
	default:
		m.Text = many(n, to.say("The group's reminder comes as planned."), to.say("All %d reminders of the group come as planned.", n))
	}
	if paused || !until.IsZero() {
		m.Buttons = append([]bot.Button{{Label: to.say("Let them go on"), Command: "/reminders resume all"}}, m.Buttons...)
	}
	return m
}
