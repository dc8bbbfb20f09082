package words

import (
	"strings"

	"village/bot"
	"village/internal/village"
)

// SessionUnmoved answers a move to the time that a session has already.
func (to Reader) SessionUnmoved() bot.Message {
	return bot.Message{Text: to.say("It is at that time already. Nothing has changed.")}
}

// SessionsMoved says which sessions have moved, and what has followed. id is the
// one that was asked for.
func (to Reader) SessionsMoved(c village.Course, id string, moved []village.Session, f Followed) bot.Message {
	to = to.inPlan(c)
	var lines []string
	for _, s := range moved {
		lines = append(lines, "- "+Moment(s.Start, to.Zone))
	}
	rules := ""
	if c.Clinic.Food > 0 || c.Clinic.Drinks > 0 {
		rules = to.rulesNow(c, moved[0])
	}
	return bot.Message{Title: to.say("It is moved"), Tone: bot.Good, Buttons: []bot.Button{to.seeSession(id), to.allSessions()},
		Text: paragraphs(strings.Join(lines, "\n"), sentences(to.say("Your reminders have moved with it."), to.followed(f)), rules)}
}

// PlanUnchanged answers a change that changes nothing.
func (to Reader) PlanUnchanged() bot.Message {
	return bot.Message{Text: to.say("Nothing is different from before, so I won't tell anybody."), Buttons: []bot.Button{to.MySessions()}}
}

// PlanChanged says what has followed a change of a plan; with rules, what the
// clinic's rules are now.
func (to Reader) PlanChanged(c village.Course, f Followed, rules bool) bot.Message {
	to = to.inPlan(c)
	next := village.NextSession(c, to.Now)
	m := bot.Message{Title: to.say("Your plan is changed"), Tone: bot.Good, Buttons: []bot.Button{to.seeSession(next.ID), to.allSessions()},
		Text: sentences(to.say("Your reminders follow it."), to.followed(f))}
	if rules {
		m.Text = paragraphs(m.Text, to.rulesNow(c, next))
	}
	return m
}

// PlanForm is what stands on the form for a plan that there is.
func (to Reader) PlanForm() (title, intro string) {
	return to.say("Change a plan"), to.say("What you leave as it is stays.")
}

// NothingAhead answers a plan that is to be cancelled and has nothing to cancel.
func (to Reader) NothingAhead() bot.Message {
	return bot.Message{Text: to.say("Nothing of this plan is ahead of you any more, so there is nothing to cancel."), Buttons: []bot.Button{to.MySessions()}}
}

// DraftGone says that a draft is thrown away.
func (to Reader) DraftGone() bot.Message {
	return bot.Message{Title: to.say("Not saved"), Text: to.say("That plan is gone. Nothing was posted and nobody was asked."),
		Buttons: []bot.Button{{Label: to.say("Plan again"), Command: "/session add"}}}
}

// ToCancel is what somebody is about to cancel: one session, or with All so many
// that are ahead.
type ToCancel struct {
	Course  village.Course
	Session village.Session
	All     bool
	Many    int
	// Asked says that help of it is still to come, Helpers are those who have
	// said yes to it.
	Asked   bool
	Helpers []village.Claim
}

// SureToCancel asks before sessions are cancelled.
func (to Reader) SureToCancel(x ToCancel) bot.Message {
	to = to.inPlan(x.Course)
	helpers := to.helpers(x.Helpers, func(names string) string {
		return to.say("Helpers who have said yes: %s. I'll tell them.", names)
	})
	cancel := "/session cancel " + x.Session.ID
	yes := bot.Button{Label: to.say("Yes, cancel"), Command: cancel + " this yes", Style: bot.Danger}
	m := bot.Message{Title: to.say("Cancel it?"), Tone: bot.Asking}
	switch {
	case x.All:
		m.Title = to.say("Cancel all that is ahead?")
		m.Text = many(x.Many, to.say("That is one session of your plan. Its reminders and requests for help go too."),
			to.say("That is %d sessions of your plan. Their reminders and requests for help go too.", x.Many))
		m.Text = sentences(m.Text, helpers)
		yes.Command = cancel + " all yes"
		m.Buttons = []bot.Button{yes}
	case x.Session.On(to.Now):
		begun := to.say("It has begun. If you are out, please tap “I am out” instead.")
		m.Text = sentences(begun, helpers)
		if x.Asked {
			m.Text = paragraphs(sentences(begun, to.say("Then your ride home and the rest of your help stay as they are.")),
				sentences(to.say("If you cancel it, I'll take all of that back, **your ride home too**."), helpers))
		}
		out := to.iAmOut(x.Session.ID)
		out.Style = bot.Primary
		yes.Label = to.say("Cancel it all the same")
		m.Buttons = []bot.Button{out, yes}
	default:
		m.Text = sentences(to.say("This is %s. Its reminders and requests for help go too.", Moment(x.Session.Start, to.Zone)), helpers)
		m.Buttons = []bot.Button{yes}
	}
	if !x.All && x.Course.MoreAhead(x.Session.ID, to.Now) {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("All that are ahead"), Command: cancel + " all"})
	}
	m.Buttons = append(m.Buttons, to.keepSession(x.Session.ID))
	return m
}

// SessionsCancelled says what was cancelled, and who hears of it.
func (to Reader) SessionsCancelled(x ToCancel) bot.Message {
	off := to.say("I have taken off %s, with its reminders and its requests for help.", Moment(x.Session.Start, to.inPlan(x.Course).Zone))
	if x.All {
		off = to.say("I have taken off %s, with their reminders and their requests for help.", to.sessions(x.Many))
	}
	return bot.Message{Title: to.say("Cancelled"), Buttons: []bot.Button{to.MySessions()},
		Text: sentences(off, to.toldOnce(x.Helpers), to.say("If your clinic doesn't know yet, please tell them too."))}
}

// SureToStop asks before a whole plan ends.
func (to Reader) SureToStop(s village.Session) bot.Message {
	return bot.Message{Title: to.say("End the whole plan?"), Tone: bot.Asking,
		Text: to.say("Sessions that are still ahead are cancelled, with their requests for help. No more reminders and no more check-ins come."),
		Buttons: []bot.Button{
			{Label: to.say("Yes, end it"), Command: "/session end " + s.ID + " all yes", Style: bot.Danger},
			to.keepSession(s.ID)}}
}

// PlanStopped says that a plan has ended, and who hears of it.
func (to Reader) PlanStopped(c village.Course, told []village.Claim) bot.Message {
	return bot.Message{Title: to.say("It is ended"), Text: paragraphs(to.Progress(c),
		sentences(to.say("The plan has ended, and nothing more is sent because of it. If things get heavy later, /crisis is always there."), to.toldOnce(told)))}
}
