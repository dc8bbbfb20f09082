package handlers

import (
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
)

// sessionCommands plan sessions, and everything around them.
func (a *App) sessionCommands() []bot.Command {
	session := bot.Option{Name: "session", Summary: "Which one: its day or its place, or its code", Kind: bot.Ref, Required: true, Complete: a.completeSession, Alone: true}
	out := session // whoever has just come out need not know a code
	out.Required, out.Alone, out.Summary = false, false, "Which one: its day, or its code; the one you have just had when left out"
	which := bot.Option{Name: "which", Summary: "Only this one, or all of the plan", Kind: bot.Choice,
		Choices: []bot.Pick{{Label: "Only this one", Value: "this"}, {Label: "All that are ahead", Value: "all"}}}
	reminder := bot.Option{Name: "reminder", Summary: "Which reminder of the plan", Kind: bot.Choice, Required: true}
	for _, name := range village.StepNames() {
		reminder.Choices = append(reminder.Choices, bot.Pick{Label: words.Reader{}.StepLabel(name, ""), Value: name})
	}
	part := bot.Option{Name: "part", Summary: "Which one of several, such as the day", Kind: bot.Ref}
	sure := bot.Option{Name: "sure", Summary: "Say yes once you are sure", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Yes, I am sure", Value: "yes"}}}
	every := bot.Option{Name: "every", Summary: "All the reminders of a plan that is not saved: yes or no", Kind: bot.YesNo}
	touchUp := bot.Option{Name: "touchup", Summary: "Ask me weeks later how to go on: yes or no", Kind: bot.YesNo}
	return []bot.Command{
		{Name: "add", Anywhere: "Plan a session", Summary: "Plan one session or several: reminders and help in one go", Who: bot.Anyone, Run: a.sessionAdd, Form: "Plan your sessions",
			Example: "/session add dec 1, 4 and 8 at 1pm area: near Union Station help: ride home",
			Options: slices.Concat([]bot.Option{
				{Name: "when", Label: "When (one date or several)", Hint: "dec 1, 4, 8 and 11 at 1pm", Summary: "One date or several, such as dec 1, 4 and 8 at 1pm", Required: true, Max: 400, Read: bot.Meaning, Dates: true},
			}, courseOptions(), []bot.Option{
				{Name: "anonymous", Summary: "Ask without showing your name: yes or no", Kind: bot.YesNo}, touchUp,
				{Name: "zone", Summary: "Where its clock is, such as Denver; the group's when left out", Kind: bot.Zone, Complete: a.completeZone}})},
		{Name: "save", Summary: "Say yes to a plan that you have looked at", Example: "/session save k7m2p9", Who: bot.Anyone, Run: a.sessionSave, Options: []bot.Option{session}},
		{Name: "list", Summary: "Your sessions, and what is covered", Example: "/session list", Who: bot.Anyone, Run: a.sessionList, Options: []bot.Option{pageOption()}},
		{Name: "show", Summary: "One session with its reminders and its help", Example: "/session show k7m2p9", Who: bot.Anyone, Run: a.sessionShow, Options: []bot.Option{session, every}},
		{Name: "progress", Summary: "How far you have come, with a calendar", Example: "/session progress k7m2p9", Who: bot.Anyone, Run: a.sessionProgress, Options: []bot.Option{session}},
		{Name: "move", Summary: "Another day or hour; reminders and help follow", Example: "/session move k7m2p9 to: thu 2pm", Who: bot.Anyone, Run: a.sessionMove,
			Options: []bot.Option{session,
				{Name: "to", Summary: "The new day and time, such as thu 2pm or 2026-12-08 13:00", Kind: bot.Time, Required: true, Max: 100, Complete: a.completeTime},
				{Name: "later", Summary: "Move the ones after it by as much: yes or no", Kind: bot.YesNo}}},
		{Name: "change", Summary: "Change what goes for a whole plan: place, help, length, rules", Example: "/session change k7m2p9 length: 3 hours", Who: bot.Anyone, Run: a.sessionChange, Form: "Change a plan",
			Options: slices.Concat([]bot.Option{session}, courseOptions(), []bot.Option{touchUp,
				{Name: "add", Summary: "One more date or several, such as dec 15 at 1pm", Max: 400, Read: bot.Meaning, Dates: true}})},
		{Name: "cancel", Summary: "Take a session off the plan, or all that are ahead", Example: "/session cancel k7m2p9", Who: bot.Anyone, Run: a.sessionCancel, Options: []bot.Option{session, which, sure}},
		{Name: "read", Summary: "Open one of your reminders", Example: "/session read k7m2p9 pack-bag", Who: bot.Anyone, Run: a.sessionRead, Options: []bot.Option{session, reminder, part}},
		{Name: "remind", Summary: "Switch a reminder of your plan off or on, move or reword it", Example: "/session remind k7m2p9 pack-bag at: 6pm", Who: bot.Anyone, Run: a.sessionRemind,
			Options: []bot.Option{session, reminder,
				{Name: "do", Summary: "On, off, or as it was at first", Kind: bot.Choice, Choices: []bot.Pick{{Label: "On", Value: "on"}, {Label: "Off", Value: "off"}, {Label: "As it was at first", Value: "usual"}}},
				{Name: "at", Summary: "Another time of its day, such as 6:30 pm", Max: 40, Read: bot.Meaning},
				{Name: "words", Summary: "Your own words in place of mine", Max: 300, Read: bot.Writer},
				{Name: "only", Summary: "For this session only: yes or no", Kind: bot.YesNo}}},
		{Name: "pause", Summary: "No reminders of a plan until a day; its help stays asked for", Example: "/session pause k7m2p9 until: dec 3", Who: bot.Anyone, Run: a.sessionPause, Options: []bot.Option{session, a.pauseOption(true)}},
		{Name: "resume", Summary: "Let the reminders of a plan go on now", Example: "/session resume k7m2p9", Who: bot.Anyone, Run: a.sessionResume, Options: []bot.Option{session}},
		{Name: "other", Summary: "Another idea in place of this one", Example: "/session other k7m2p9 integration 3", Who: bot.Anyone, Run: a.sessionOther, Options: []bot.Option{session, reminder, part}},
		{Name: "bag", Summary: "Your bag: tick what is packed", Example: "/session bag k7m2p9", Who: bot.Anyone, Run: a.sessionBag, Options: []bot.Option{session,
			{Name: "item", Summary: "What you have packed, or unpacked again", Max: 40, Read: bot.Meaning}}},
		{Name: "card", Summary: "Draw a card with an intention", Example: "/session card k7m2p9", Who: bot.Anyone, Run: a.sessionDraw, Options: []bot.Option{session,
			{Name: "do", Summary: "Draw another, or put it back", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Another one", Value: "another"}, {Label: "Put it back", Value: "back"}}}}},
		{Name: "summary", Summary: "A page of your weeks to hand to your therapist; I'll send it nowhere", Example: "/session summary", Who: bot.Anyone, Run: a.sessionSummary, Options: summaryOptions()},
		{Name: "end", Summary: "Say that you are out; or end the whole plan", Example: "/session end k7m2p9", Who: bot.Anyone, Run: a.sessionEnd, Options: []bot.Option{out, which, sure}},
	}
}

func (a *App) sessionAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.sharedZone(ctx, r, g)
	if err != nil {
		return bot.Reply{}, err
	}
	req, err := a.courseRequest(r, zone)
	if err != nil {
		return bot.Reply{}, err
	}
	var c village.Course
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		others, err := a.CoursesOf(t, g.ID, r.From.ID)
		if err != nil {
			return err
		}
		req.Others = nil
		for _, o := range others {
			if o.Draft { // a new draft takes the place of the one before
				t.Remove(records.CourseKey(g.ID, o.ID))
				if err := t.Drop(records.PlanDetailsKey(g.ID, o.ID)); err != nil {
					return err
				}
				continue
			}
			req.Others = append(req.Others, o)
		}
		if c, err = village.NewCourse(req, a.Now()); err != nil {
			return err
		}
		c.KeepDetails = g.KeepDetails
		if details := r.Arg("details"); details != "" {
			c.Private = true
			a.PutPlanWords(t, g.ID, c, details)
		}
		a.NoteCourse(t, g.ID, c)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return a.draft(ctx, r, g, c)
}

// courseRequest reads what was said about a plan.
func (a *App) courseRequest(r bot.Request, zone *time.Location) (village.CourseRequest, error) {
	req := village.CourseRequest{Member: who(r), Zone: zone.String(), Hidden: r.Arg("anonymous") == "yes"}
	var err error
	var lasts time.Duration
	if req.Starts, lasts, err = a.appointments(r, "when", zone); err != nil {
		return req, err
	}
	said, err := a.revision(village.Course{Zone: req.Zone}, r)
	if err != nil {
		return req, err
	}
	req.Area, req.Home, req.Length, req.Help = value(said.Area), value(said.Home), value(said.Length), said.Help
	req.Clinic = village.Clinic{Food: value(said.Food), Drinks: value(said.Drinks), Collect: value(said.Collect)}
	if said.Length == nil {
		req.Length = lasts
	}
	req.Talks, req.TouchUp = value(said.Talks), value(said.TouchUp)
	if req.ID, err = village.NewID(a.Random); err != nil {
		return req, err
	}
	req.IDs, err = a.newIDs(len(req.Starts))
	return req, err
}

// value is what was said, or nothing.
func value[T any](said *T) (v T) {
	if said != nil {
		v = *said
	}
	return v
}

func (a *App) sessionSave(ctx context.Context, r bot.Request) (bot.Reply, error) {
	asked := 0
	g, c, err := a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
		asked = 0
		c, err := c.Confirm(a.Now())
		if err != nil {
			return c, err
		}
		if len(c.Help) > 0 {
			if err := a.roomToAsk(t, g, r); err != nil {
				return c, words.Offer(err, a.to(r, nil).SomebodyDrives(c)) // what can be saved without asking
			}
		}
		n, err := a.requestsAhead(ctx, g.ID, r.From.ID)
		if err != nil {
			return c, err
		}
		private, err := a.planWords(t, g.ID, c)
		if err != nil {
			return c, err
		}
		for _, s := range c.Sessions {
			was := n
			if s, n, err = a.openNeeds(t, *g, c, s, private, n); err != nil {
				return c, err
			}
			asked += n - was
			c = c.With(s)
		}
		return c, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).PlanSaved(c, g, asked)}}, nil
}

func (a *App) sessionList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	courses, err := a.CoursesIn(ctx, g.ID, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var ahead []village.Session
	for _, c := range courses {
		ahead = append(ahead, c.Ahead(a.Now())...)
	}
	needs, err := a.NeedsOf(ctx, g.ID, ahead...)
	if err != nil {
		return bot.Reply{}, err
	}
	p, err := a.PreferencesOf(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return listedAt(r, a.to(r, nil).Sessions(courses, needs, p, pageOf(r))), nil
}

func (a *App) sessionShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Draft {
		return a.draft(ctx, r, g, c)
	}
	s := village.SessionOr(c, r.Arg("session"))
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	here, err := a.Beside(ctx, g.ID, c)
	if err != nil {
		return bot.Reply{}, err
	}
	needs, err := a.SessionNeeds(ctx, g.ID, s)
	if err != nil {
		return bot.Reply{}, err
	}
	steps := slices.DeleteFunc(village.Plan(here, quiet), func(step village.Step) bool { return step.Session != s.ID || !step.Due.After(a.Now()) })
	return bot.Say(a.to(r, nil).SessionCard(c, s, needs, steps)), nil
}
