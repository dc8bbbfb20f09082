package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

// openQuestion is something that a person was asked and has not answered.
type openQuestion struct {
	kind understand.Asked
	// label says which one it is, where there are several.
	label string
	// does is the command behind an answer that can be undone; buttons are the
	// question's own.
	does    map[understand.Said]string
	buttons []bot.Button
	// need is what a helper is down for here, whose no is noted.
	need string
}

// speaker is who says something, and what they were asked.
type speaker struct {
	role understand.Role
	open []openQuestion
}

func (s speaker) asked() []understand.Asked {
	var out []understand.Asked
	for _, q := range s.open {
		out = append(out, q.kind)
	}
	return out
}

// speaking finds out from what is kept who somebody is and what they were asked in
// the last day.
func (a *App) speaking(ctx context.Context, r bot.Request) (speaker, error) {
	var s speaker
	known, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return s, err
	}
	helps, asks := false, false
	for _, group := range known.Groups {
		needs, err := a.NeedsWith(ctx, group, r.From.ID, a.Now().Add(-48*time.Hour), 0)
		if err != nil {
			return s, err
		}
		for _, n := range needs {
			asks = asks || n.Member.ID == r.From.ID
			helps = helps || n.Member.ID != r.From.ID
			s.open = append(s.open, a.asksAbout(r, n)...)
		}
		direct, helper, err := a.askedDirectly(ctx, r, group)
		if err != nil {
			return s, err
		}
		s.open, helps = append(s.open, direct...), helps || helper
		plans, planned, err := a.askedOfPlans(ctx, r, group)
		if err != nil {
			return s, err
		}
		s.open, asks = append(s.open, plans...), asks || planned
	}
	switch {
	case a.recognise(ctx, r).From.Moderator:
		s.role = understand.Moderator
	case helps && !asks:
		s.role = understand.Helper
	}
	return s, nil
}

// asksAbout are the open questions about one need.
func (a *App) asksAbout(r bot.Request, n village.Need) []openQuestion {
	to := a.toNeed(r, n)
	var out []openQuestion
	for _, q := range n.OpenQuestions(r.From.ID, a.Now()) {
		open := openQuestion{label: to.Which(n)}
		switch q.Question {
		case village.AskedStill:
			still := "/need still " + n.ID
			open.kind, open.buttons = understand.StillOn, to.StillButtons(n)
			if village.IsGuest(q.Helper.ID) {
				open.buttons = to.GuestAnswer(n, q.Helper)
				still = open.buttons[0].Command
			}
			open.need = n.ID
			open.does = map[understand.Said]string{understand.Yes: still, understand.Still: still, understand.Fine: still}
			if n.IsDoubted(q.Helper.ID) { // "yes" may be to "you can't?"
				open.does = map[understand.Said]string{understand.Still: still}
			}
		case village.AskedTheDay:
			open.kind, open.need = understand.OnTheWay, n.ID
			open.buttons = append(to.HomeButtons(n), to.ReleaseButton(n))
			open.does = map[understand.Said]string{understand.Got: "/need got " + n.ID, understand.Home: "/need home " + n.ID, understand.Late: "/need late " + n.ID}
		case village.AskedIfHome:
			open.kind, open.buttons = understand.HomeSafe, to.HomeButtons(n)[1:2]
			open.does = map[understand.Said]string{understand.Home: "/need home " + n.ID}
		case village.AskedIfHere:
			here := "/need here " + n.ID
			open.kind, open.buttons = understand.RideHere, to.RiderButtons(n)
			open.does = map[understand.Said]string{understand.Here: here, understand.Got: here}
		case village.AskedIfMay:
			open.kind, open.buttons = understand.MayThey, to.JudgeButtons(n, q.Helper.ID)
		case village.AskedStandIn:
			open.kind, open.buttons = understand.CouldYou, []bot.Button{to.ClaimButton(n), to.ReleaseButton(n)}
			open.does = map[understand.Said]string{understand.Yes: "/need claim " + n.ID}
		}
		out = append(out, open)
	}
	return out
}

// askedDirectly are the needs that a helper was asked about in person, and whether
// they are one.
func (a *App) askedDirectly(ctx context.Context, r bot.Request, group string) ([]openQuestion, bool, error) {
	var h village.Helper
	if _, err := a.Read(ctx, records.HelperKey(group, r.From.ID), &h); err != nil {
		return nil, false, err
	}
	var out []openQuestion
	for _, id := range h.OpenDirect(a.Now()) {
		var n village.Need
		if _, err := a.Read(ctx, records.NeedKey(group, id), &n); err != nil {
			return nil, false, err
		}
		if n.ID == "" || !n.StillWants(a.Now()) || n.HelpedBy(r.From.ID) {
			continue
		}
		to := a.toNeed(r, n)
		out = append(out, openQuestion{kind: understand.CouldYou, label: to.Which(n), buttons: []bot.Button{to.ClaimButton(n), to.NotThisTime(n)},
			does: map[understand.Said]string{understand.Yes: "/need claim " + n.ID}})
	}
	return out, h.ID != "" && (!h.Joined.IsZero() || len(h.For) > 0), nil
}

// askedOfPlans are the questions about somebody's plans: whether to save one, and
// how they are. It also says whether there is any.
func (a *App) askedOfPlans(ctx context.Context, r bot.Request, group string) ([]openQuestion, bool, error) {
	courses, err := a.CoursesIn(ctx, group, r.From.ID)
	if err != nil || len(courses) == 0 {
		return nil, false, err
	}
	var g village.Group
	if _, err := a.Read(ctx, records.GroupKey(group), &g); err != nil {
		return nil, true, err
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return nil, true, err
	}
	var diary village.Diary
	if _, err := a.Read(ctx, records.DiaryKey(r.From.ID), &diary); err != nil {
		return nil, true, err
	}
	var out []openQuestion
	to := a.to(r, nil)
	how := false
	for _, c := range courses {
		switch {
		case c.AwaitsSaving(a.Now()):
			out = append(out, openQuestion{kind: understand.SavePlan, label: to.ThePlan(), buttons: to.DraftButtons(c)})
		case !c.Draft && !how && village.AskedHow(village.Plan(c.Beside(courses), quiet), diary, a.Now(), village.ZoneNamed(c.Zone)):
			how = true
			out = append(out, openQuestion{kind: understand.HowIsToday, label: to.HowItIs(), buttons: to.CheckInButtons(),
				does: map[understand.Said]string{understand.Better: "/checkin today better", understand.Same: "/checkin today same", understand.Heavier: "/checkin today heavier"}})
		}
	}
	return out, true, nil
}

// takes says whether an answer can be one to a question.
func (q openQuestion) takes(said understand.Said) bool {
	answers := []understand.Said{understand.Yes, understand.Still, understand.No, understand.NotYet, understand.Fine}
	switch q.kind {
	case understand.OnTheWay:
		answers = []understand.Said{understand.Got, understand.Home, understand.Late, understand.No, understand.NotYet, understand.Yes}
	case understand.RideHere:
		answers = []understand.Said{understand.Here, understand.Got, understand.Nobody, understand.NotYet, understand.Yes, understand.No}
	case understand.HomeSafe:
		answers = []understand.Said{understand.Home, understand.Yes, understand.NotYet}
	case understand.HowIsToday:
		answers = []understand.Said{understand.Better, understand.Same, understand.Heavier}
	case understand.StillOn:
		answers = append(answers, understand.Late)
	}
	return slices.Contains(answers, said)
}

// replied carries out the command behind an answer, where the words are sure and it
// can be undone; otherwise it asks again with the question's buttons. The answer is
// false where nothing was asked that this answers.
func (a *App) replied(ctx context.Context, r bot.Request, reading understand.Reading, open []openQuestion) (reply bot.Reply, ok bool, err error) {
	meant := meantBy(reading.Said, open)
	to := a.to(r, nil)
	switch len(meant) {
	case 0:
		return bot.Reply{}, false, nil
	case 1:
		if line := meant[0].does[reading.Said]; reading.Sure && line != "" {
			reply, err := a.carryOut(ctx, r, line)
			return reply, true, err
		}
		if reading.Said == understand.No && meant[0].need != "" {
			a.doubt(ctx, r, meant[0].need)
		}
		return bot.Say(askedAgain(to, meant[0], reading.Said)), true, nil
	}
	var which []bot.Button
	for _, q := range meant[:min(len(meant), 8)] {
		which = append(which, bot.Button{Label: words.Clip(q.label, 75), Command: q.answerFor(reading)})
	}
	return bot.Say(to.WhichOne(which)), true, nil
}

// meantBy are the questions that an answer can be to.
func meantBy(said understand.Said, open []openQuestion) []openQuestion {
	var meant, able []openQuestion
	for _, q := range open {
		if q.takes(said) {
			meant = append(meant, q)
			if q.does[said] != "" {
				able = append(able, q)
			}
		}
	}
	// What is done already was asked by the question that has a tap for it.
	if len(able) > 0 && said != understand.Yes && said != understand.Fine {
		return able
	}
	return meant
}

// answerFor is the command behind an answer to this question among several: what
// the words surely mean, or else the button that says as much.
func (q openQuestion) answerFor(reading understand.Reading) string {
	if line := q.does[reading.Said]; line != "" && reading.Sure {
		return line
	}
	if reading.Said == understand.No {
		return q.buttons[len(q.buttons)-1].Command
	}
	return q.buttons[0].Command
}

// askedAgain is a question with its buttons, for words that are not enough.
func askedAgain(to words.Reader, q openQuestion, said understand.Said) bot.Message {
	if q.kind == understand.RideHere && said != understand.Yes {
		return to.WaitingForARide(q.label, q.buttons)
	}
	return to.AskedAgain(said == understand.No, q.label, q.buttons)
}

// doubt notes that a helper has said in words that they can't. Where it cannot be
// noted they still have the buttons.
func (a *App) doubt(ctx context.Context, r bot.Request, need string) {
	r.Args = map[string]string{"need": need}
	_, _, err := a.changeNeed(ctx, r, func(_ *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed := n.Doubt(r.From.ID, a.Now())
		return after, owed, nil
	})
	if err != nil {
		a.Log.ErrorContext(ctx, "a helper's doubt could not be noted", "request", r, "error", err)
	}
}

// carryOut does what a line says, for whoever said it in words of their own.
func (a *App) carryOut(ctx context.Context, r bot.Request, line string) (bot.Reply, error) {
	path, args, err := bot.ParseLine(a.Table(), line)
	if err != nil {
		return bot.Reply{}, err
	}
	r.Line, r.Path, r.Args = line, path, args
	reply, err := bot.Find(a.Table(), path).Run(ctx, r)
	reply.Update = false // there is no message whose button was tapped
	return reply, err
}
