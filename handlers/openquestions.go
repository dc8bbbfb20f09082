package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

// speaker is who says something, and what they were asked.
type speaker struct {
	role understand.Role
	open []openQuestion
	// shown are the buttons that they were just shown to choose from.
	shown []bot.Button
	// again is the line that asks once more which of shown is meant; empty where they can be shown.
	again string
}

func (s speaker) asked() []understand.Asked {
	var out []understand.Asked
	for _, q := range s.open {
		out = append(out, q.kind)
	}
	return out
}

// names are those of the people whom one was asked about, as they can be said.
func (s speaker) names() []string {
	var out []string
	for _, q := range s.open {
		for _, name := range q.names {
			out = append(out, strings.Fields(strings.ToLower(name))...)
		}
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
		open := openQuestion{label: to.Which(n), names: []string{n.Member.Name, q.Helper.Name}}
		switch q.Question {
		case village.AskedStill:
			open.kind, open.need, open.buttons = understand.StillOn, n.ID, to.StillButtons(n)
			if village.IsGuest(q.Helper.ID) {
				open.buttons = to.GuestAnswer(n, q.Helper)
			}
			open.unsure = n.IsDoubted(q.Helper.ID) // "yes" may be to "you can't?"
		case village.AskedTheDay:
			open.kind, open.need = understand.OnTheWay, n.ID
			open.buttons = append(to.HomeButtons(n), to.ReleaseButton(n))
		case village.AskedIfHome:
			open.kind, open.buttons = understand.HomeSafe, to.HomeButtons(n)[1:2]
		case village.AskedIfHere:
			open.kind, open.buttons = understand.RideHere, to.RiderButtons(n)
		case village.AskedIfMay:
			open.kind, open.buttons = understand.MayThey, to.JudgeButtons(n, q.Helper.ID)
		case village.AskedStandIn:
			open.kind, open.buttons = understand.CouldYou, []bot.Button{to.ClaimButton(n), to.ReleaseButton(n)}
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
		out = append(out, openQuestion{kind: understand.CouldYou, label: to.Which(n), names: []string{n.Member.Name}, buttons: []bot.Button{to.ClaimButton(n), to.NotThisTime(n)}})
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
			out = append(out, openQuestion{kind: understand.HowIsToday, label: to.HowItIs(), buttons: to.CheckInButtons()})
		}
	}
	return out, true, nil
}

// replied carries out the command behind an answer, where the words are sure and alone
// may do it; otherwise it asks again with the question's buttons. The answer is
// false where nothing was asked that this answers.
func (a *App) replied(ctx context.Context, r bot.Request, reading understand.Reading, open []openQuestion) (reply bot.Reply, ok bool, err error) {
	meant := justAsked(spokenOf(r.Arg("words"), meantBy(reading, open)))
	switch len(meant) {
	case 0:
		return bot.Reply{}, false, nil
	case 1:
		reply, err := a.repliedTo(ctx, r, reading, meant[0])
		return reply, true, err
	}
	var which []bot.Button
	for _, q := range meant[:min(len(meant), 8)] {
		if q.kind == understand.ShallI && reading.Said == understand.No { // which is done already
			continue
		}
		b := q.answerFor(reading)
		b.Style = bot.Plain
		if !slices.ContainsFunc(meant, func(x openQuestion) bool { return x.label == q.label && x.kind != q.kind }) {
			b.Label = words.Clip(q.label, 75)
		}
		which = append(which, b)
	}
	return bot.Say(a.to(r, nil).WhichOne(which)), true, nil
}

// justAsked are those of several questions that an answer is to, where the last thing that
// was said was one: how somebody is, or whether to save a plan, can have been asked hours ago.
// Where others wait for it, too, it is asked which one.
func justAsked(meant []openQuestion) []openQuestion {
	i := slices.IndexFunc(meant, func(q openQuestion) bool { return q.kind == understand.ShallI })
	if i < 0 || slices.ContainsFunc(meant, func(q openQuestion) bool {
		return !slices.Contains([]understand.Asked{understand.ShallI, understand.HowIsToday, understand.SavePlan}, q.kind)
	}) {
		return meant
	}
	return meant[i : i+1]
}

// repliedTo answers a reply to one question.
func (a *App) repliedTo(ctx context.Context, r bot.Request, reading understand.Reading, q openQuestion) (bot.Reply, error) {
	to := a.to(r, nil)
	if q.kind == understand.ShallI && reading.Said == understand.No {
		return bot.Say(to.NotDone(a.turn(r, "not done"))), nil
	}
	if q.form != nil && reading.Said != understand.No {
		return a.formAgain(r, q), nil
	}
	if line := q.tapFor(reading).Command; reading.Sure && line != "" && a.inWords(line) {
		return a.carryOut(ctx, r, line)
	}
	if reading.Said == understand.No && q.need != "" {
		a.doubt(ctx, r, q.need)
	}
	if q.kind == understand.ShallI && reading.Said == understand.Yes {
		return bot.Say(to.TapToDo(q.buttons)), nil
	}
	return bot.Say(askedAgain(to, q, reading.Said)), nil
}

// meantBy are the questions that an answer can be to.
func meantBy(reading understand.Reading, open []openQuestion) []openQuestion {
	var meant, able []openQuestion
	for _, q := range open {
		if q.takes(reading) {
			meant = append(meant, q)
			if q.tapFor(reading).Command != "" {
				able = append(able, q)
			}
		}
	}
	// What is done already was asked by the question that has a tap for it.
	if len(able) > 0 && reading.Said != understand.Yes && reading.Said != understand.Fine {
		return able
	}
	return meant
}

// spokenOf are those of several questions that the words name: "yes to maya's".
func spokenOf(said string, meant []openQuestion) []openQuestion {
	if len(meant) < 2 {
		return meant
	}
	var about []understand.Named
	for i, q := range meant {
		about = append(about, understand.Named{Value: strconv.Itoa(i), About: q.label + " " + strings.Join(q.names, " ")})
	}
	var out []openQuestion
	for _, x := range understand.Spoken(said, about) {
		i, _ := strconv.Atoi(x.Value)
		out = append(out, meant[i])
	}
	if len(out) == 0 {
		return meant
	}
	return out
}

// answerFor is the button behind an answer to this question among several: what
// the words surely mean, or else the one that says as much.
func (q openQuestion) answerFor(reading understand.Reading) bot.Button {
	if b := q.tapFor(reading); b.Command != "" && (reading.Sure || reading.Said != understand.No) {
		return b
	}
	if reading.Said == understand.No {
		return q.buttons[len(q.buttons)-1]
	}
	return q.buttons[0]
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
	r = a.recognise(ctx, r)
	r.Line, r.Path, r.Args = line, path, args
	cmd := bot.Find(a.Table(), path)
	if f := bot.FormWith(cmd, path, args); f != nil && !complete(cmd, args) {
		return bot.Reply{Form: f}, nil
	}
	reply, err := cmd.Run(ctx, r)
	reply.Update = false // there is no message whose button was tapped
	return reply, err
}
