package words

import (
	"slices"
	"strings"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// inPlan is a reader of a plan, whose times are said in its own zone.
func (to Reader) inPlan(c village.Course) Reader {
	to.Zone = village.ZoneNamed(c.Zone)
	return to
}

// many is one of two ways to say how many.
func many(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func (to Reader) sessions(n int) string {
	return many(n, to.say("one session"), to.say("%d sessions", n))
}
func (to Reader) requests(n int) string {
	return many(n, to.say("one request"), to.say("%d requests", n))
}
func (to Reader) newRequests(n int) string {
	return many(n, to.say("one new request"), to.say("%d new requests", n))
}

// MySessions leads to all of somebody's plans.
func (to Reader) MySessions() bot.Button {
	return bot.Button{Label: to.say("My sessions"), Command: "/session list"}
}

func (to Reader) planSessions() bot.Button {
	return bot.Button{Label: to.say("Plan sessions"), Command: "/session add"}
}

func (to Reader) seeSession(id string) bot.Button {
	return bot.Button{Label: to.say("See it"), Command: "/session show " + id}
}

func (to Reader) keepSession(id string) bot.Button {
	return bot.Button{Label: to.say("Keep it"), Command: "/session show " + id}
}

func (to Reader) allSessions() bot.Button {
	return bot.Button{Label: to.say("All of it"), Command: "/session list"}
}

func (to Reader) iAmOut(id string) bot.Button {
	return bot.Button{Label: to.say("I am out"), Command: "/session end " + id}
}

// Followed is what became of a plan's help when the plan changed.
type Followed struct {
	Opened, Changed, Closed int
	Asked, Told             []village.Claim
}

func (to Reader) followed(f Followed) string {
	changed, opened, closed := "", "", ""
	if f.Changed > 0 {
		changed = to.say("So has the help: %s.", to.requests(f.Changed))
	}
	if f.Opened > 0 {
		opened = to.say("I'm posting %s for help.", to.newRequests(f.Opened))
	}
	if f.Closed > 0 {
		closed = to.say("I have taken back %s.", to.requests(f.Closed))
	}
	return sentences(changed, opened, closed, to.helpers(f.Asked, func(names string) string {
		return to.say("I'll ask %s whether it still suits them, and I'll tell you what they say.", names)
	}), to.toldOnce(f.Told))
}

// helpers says something of those who had said yes, each named once, and whom I
// cannot reach. It is "" when there is nobody.
func (to Reader) helpers(claims []village.Claim, say func(names string) string) string {
	var reached, guests []string
	for _, c := range claims {
		into := &reached
		if village.IsGuest(c.Helper.ID) {
			into = &guests
		}
		if name := bot.Literal(c.Helper.Name); !slices.Contains(*into, name) {
			*into = append(*into, name)
		}
	}
	hear, unheard := "", ""
	if len(reached) > 0 {
		hear = say(AndList(reached))
	}
	if len(guests) > 0 {
		unheard = to.say("I can't reach %s here, so please tell them yourself.", AndList(guests))
	}
	return sentences(hear, unheard)
}

func (to Reader) toldOnce(claims []village.Claim) string {
	return to.helpers(claims, func(names string) string { return to.say("I am telling %s, once.", names) })
}

// NoSuchSession refuses a code that is in none of the reader's plans.
func (to Reader) NoSuchSession() error {
	return &bot.Error{Code: "no-such-session", Say: to.say("I can't find that in your plans."), Hint: to.say("These are the ones you have with me:"),
		Buttons: []bot.Button{to.MySessions(), to.planSessions()}}
}

// NotSaved refuses what a draft does not have yet.
func (to Reader) NotSaved() error {
	return &bot.Error{Code: "not-saved", Say: to.say("This plan is not saved yet, so there is nothing to change."),
		Hint: to.say("/session list shows it. You can look it over there, change it, and save it.")}
}

// JustSaved refuses to take a date off a draft that is none any more.
func (to Reader) JustSaved() error {
	return &bot.Error{Code: "saved", Say: to.say("This plan has just been saved, so nothing was taken off."), Hint: to.say("Please try that once more.")}
}

// NowhereToAsk refuses to ask for help where there is no channel to ask in.
func (to Reader) NowhereToAsk() error {
	return &bot.Error{Code: bot.CodeNoChannel,
		Say:  to.say("This group has no village channel yet, so I have nowhere to ask for help. Nothing has been saved or posted."),
		Hint: to.say("A moderator can choose one: /setup channel #village. Or say it again in the channel where it should be posted.")}
}

// PlanSealed says that a plan's private words cannot be opened.
func (to Reader) PlanSealed(err error) error {
	return &bot.Error{Code: bot.CodeSealed, Err: err, Say: to.say("I can't open the private details of this plan any more."),
		Hint: to.say("Please plan it once more; nothing has been changed.")}
}

// Progress is how far a plan has come, in one line.
func (to Reader) Progress(c village.Course) string {
	done, all := c.Done(to.Now)
	if all == 0 {
		return to.say("All cancelled")
	}
	return to.say("%d of %d done %s", done, all, strings.Repeat("●", done)+strings.Repeat("○", all-done))
}

// standing is how a session stands, in a few words behind its time.
func (to Reader) standing(s village.Session, needs []village.Need) string {
	st := s.Standing(needs, to.Now)
	switch {
	case st.State == village.SessionOff:
		return to.say("cancelled")
	case st.State == village.SessionNow:
		return to.say("now")
	case st.State == village.SessionDone:
		return to.say("done")
	}
	return to.helpCovered(st)
}

func (to Reader) helpCovered(st village.Standing) string {
	if st.Asked == 0 {
		return to.say("no help asked for")
	}
	return to.say("help %d of %d covered", st.Covered, st.Asked)
}

// PlanSaved says what a yes to a plan has set going, with the village channels in
// which help was asked for so many times.
func (to Reader) PlanSaved(c village.Course, g village.Group, asked int) bot.Message {
	to = to.inPlan(c)
	first := c.Sessions[0]
	saved := to.say("It is saved. The first one is on **%s**.", Moment(first.Start, to.Zone))
	if len(c.Sessions) == 1 {
		saved = to.say("It is saved: **%s**.", Moment(first.Start, to.Zone))
	}
	m := bot.Message{Title: to.say("Your plan is set"), Tone: bot.Good, Buttons: []bot.Button{to.seeSession(first.ID), to.allSessions(),
		{Label: to.say("As a calendar"), Command: "/session progress " + first.ID}}}
	help := to.say("I'm posting what you need in %s. I'll tell you as soon as somebody says yes.", RoomNames(g))
	if len(c.Sessions) > 1 {
		help = to.say("I'm posting the first day in %s now, and each other day a week ahead. I'll tell you as soon as somebody says yes.", RoomNames(g))
	}
	if asked == 0 {
		help = to.say("You have not asked for help with it. If you need a ride home, you can ask at any time; you can't drive yourself until at least the next day.")
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Ask for a ride home"), Command: "/ask ride-home"})
	}
	m.Text = paragraphs(saved, help, to.say("My reminders come to you alone. You can change or switch off each one."))
	return m
}

// Sessions are the reader's plans, with what is covered of them. needs are by the
// session's ID.
// They come page by page.
func (to Reader) Sessions(courses []village.Course, needs map[string][]village.Need, p village.Preferences, page int) bot.Message {
	m := bot.Message{Title: to.say("Your sessions")}
	for _, c := range courses {
		to := to.inPlan(c)
		if c.Draft {
			dates := many(len(c.Sessions), to.say("one date"), to.say("%d dates", len(c.Sessions)))
			m.Lines = append(m.Lines, bot.Line{Head: to.say("Not saved yet"), Text: to.say("%s from %s", dates, Moment(c.Sessions[0].Start, to.Zone)),
				Button: bot.Button{Label: to.say("Look at it again"), Command: "/session show " + c.ID}})
			continue
		}
		var lines []bot.Line
		for _, s := range c.Sessions {
			l := bot.Line{Text: to.say("%s: %s (%s)", Moment(s.Start, to.Zone), to.standing(s, needs[s.ID]), s.ID)}
			if s.Ahead(to.Now) || s.On(to.Now) {
				l.Button = bot.Button{Label: to.say("See %s", when.Short(s.Start, to.Zone)), Command: "/session show " + s.ID}
			}
			lines = append(lines, l)
		}
		m.Lines = append(m.Lines, part(to.progressAnd(to.PlanRests(p, c), c), lines)...)
	}
	if len(m.Lines) == 0 {
		m.Text = to.say("You have planned nothing with me yet. With one date I can set all the reminders, and ask for help.")
	}
	m.Buttons = append(m.Buttons, to.planSessions())
	return to.Paged(m, page, "/session list")
}

// SessionCard is one session for its member: when, help, and what is still to
// come of its steps.
func (to Reader) SessionCard(c village.Course, s village.Session, needs []village.Need, steps []village.Step) bot.Message {
	to = to.inPlan(c)
	rules, ahead := "", ""
	if s.Why != village.Cancelled {
		rules = to.clinicRules(c, s)
	}
	if lines := to.stepLines(c, steps); len(lines) > 0 {
		ahead = paragraphs(to.say("**Reminders still to come**"), strings.Join(lines, "\n"))
	}
	m := bot.Message{Title: to.say("Your session"), Text: paragraphs(
		to.say("**%s**, for %s: %s.", Moment(s.Start, to.Zone), LengthWords(s.End.Sub(s.Start)), to.standing(s, needs)),
		to.Progress(c), rules, ahead)}
	if len(needs) > 0 {
		m.Fields = []bot.Field{{Name: to.say("Help"), Value: to.needLines(needs)}}
	}
	switch {
	case s.Ahead(to.Now):
		m.Buttons = []bot.Button{
			{Label: to.say("Change the plan"), Command: "/session change " + s.ID},
			{Label: to.say("Cancel it"), Command: "/session cancel " + s.ID}}
		m.Footer = bot.Literal(to.say("To move it: %s", "/session move "+s.ID+" to: thu 2pm"))
	case s.On(to.Now):
		m.Buttons = []bot.Button{to.iAmOut(s.ID)}
	}
	return m
}

// needLines are needs for their member, one a line.
func (to Reader) needLines(needs []village.Need) string {
	var lines []string
	for _, n := range needs {
		lines = append(lines, "- "+to.NeedLine(n))
	}
	return strings.Join(lines, "\n")
}

// SessionLabel is one of somebody's sessions in a list to choose from.
func (to Reader) SessionLabel(c village.Course, s village.Session) string {
	if c.Area == "" {
		return when.Short(s.Start, to.Zone)
	}
	return to.say("%s, %s", when.Short(s.Start, to.Zone), c.Area)
}

// PlanLabel is one of somebody's plans in a list to choose from.
func (to Reader) PlanLabel(c village.Course) string {
	if len(c.Sessions) == 1 {
		return to.SessionLabel(c, c.Sessions[0])
	}
	return to.say("Plan of %d, from %s", len(c.Sessions), to.SessionLabel(c, c.Sessions[0]))
}
