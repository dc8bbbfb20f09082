package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// planMessages show a whole plan before it is saved: every reminder with its
// time, every request for help.
func (a *App) planMessages(ctx context.Context, group string, c village.Course, quiet village.Quiet) ([]bot.Message, error) {
	c, err := a.Beside(ctx, group, c)
	if err != nil {
		return nil, err
	}
	zone := village.ZoneNamed(c.Zone)
	first := bot.Message{Title: "Your plan, not saved yet", Tone: bot.Asking,
		Text: "Please look it over. Nothing is posted and nobody is asked before you tap “Save it”."}
	if c.Private {
		first.Text += "\n\nYour private details go only to the people who say yes, and are wiped " + c.WipedAfter() + " later."
	}
	first.Text += "\n\nWhile a session goes on I send nothing." + words.QuietWords(quiet)
	if len(c.Help) == 0 {
		first.Text += "\n\n**No help is asked for.** You can't drive yourself until at least the next day, so please be sure that somebody brings you home. To let me ask, tap “Change it”."
	}
	steps := village.Plan(c, quiet)
	var parts []string
	for _, s := range c.Sessions {
		var own []village.Step
		for _, step := range steps {
			if step.Session == s.ID {
				own = append(own, step)
			}
		}
		part := "**" + words.Moment(s.Start, zone) + "**, for " + words.LengthWords(s.End.Sub(s.Start)) + " (" + s.ID + ")\n\n" + a.rulesNow(c, s) +
			"\n\nI remind you:\n\n" + strings.Join(words.StepLines(c, own, zone), "\n")
		var asks []string
		for _, ask := range c.Asks(s, a.Now()) {
			place := "at " + ask.From
			if ask.Kind.IsRide() {
				place = "from " + ask.From
			}
			line := "- " + ask.Kind.Words().Noun + ", " + bot.Literal(when.Short(ask.Start, zone)) + ", " + bot.Literal(place)
			if ask.Note != "" {
				line += " (" + bot.Literal(ask.Note) + ")"
			}
			asks = append(asks, line)
		}
		if len(asks) > 0 {
			as := ""
			if c.Hidden {
				as = " (without your name)"
			}
			part += "\n\nI ask your village" + as + " for:\n\n" + strings.Join(asks, "\n")
		}
		parts = append(parts, part)
	}
	messages := []bot.Message{first}
	for group := range slices.Chunk(parts, 2) {
		messages = append(messages, bot.Message{Text: strings.Join(group, "\n\n")})
	}
	last := &messages[len(messages)-1]
	last.Buttons = []bot.Button{
		{Label: "Save it", Command: "/session save " + c.ID, Style: bot.Primary},
		{Label: "Change it", Command: "/session change " + c.ID},
		{Label: "Don't save it", Command: "/session cancel " + c.ID}}
	one := c.Sessions[0].ID
	last.Footer = bot.Literal("Another day or hour: /session move " + one + " to: thu 2pm.")
	if len(c.Sessions) > 1 {
		last.Footer += " " + bot.Literal("Without it: /session cancel "+one+".")
	}
	last.Footer += " This waits for a day."
	return messages, nil
}

// rulesNow are clinicWords for a session whose date or rule is new: a rule that
// holds already can have been broken unknowingly.
func (a *App) rulesNow(c village.Course, s village.Session) string {
	saidWords := words.ClinicWords(c, s)
	var hold []string
	for _, rule := range []struct {
		of   string
		fast time.Duration
	}{{"food", c.Clinic.Food}, {"drinks", c.Clinic.Drinks}} {
		if rule.fast > 0 && s.Ahead(a.Now()) && !a.Now().Before(s.Start.Add(-rule.fast)) {
			hold = append(hold, rule.of)
		}
	}
	if len(hold) > 0 {
		saidWords += " **It holds already for " + words.AndList(hold) + ".** If you have had something since, tell them before you set off."
	}
	return saidWords
}

// preparePlan says what a reminder of a plan comes to now. What has become
// useless is dropped; what would come into a session waits for its end.
func (a *App) preparePlan(t *records.Tx, job due, j records.PlanJob) (scheduler.Delivery, error) {
	ctx := t.Ctx
	c, step, err := a.PlanStep(t, j)
	if err != nil || step == nil {
		return scheduler.Delivery{}, err
	}
	now := a.Now()
	again := func(due time.Time) (scheduler.Delivery, error) {
		if !due.Before(step.Until) {
			return scheduler.Delivery{}, nil
		}
		return job.again(t, due, j), nil
	}
	if step.Due.After(now) { // the quiet hours have changed since
		return again(step.Due)
	}
	until, err := a.SilentUntil(ctx, c.Member.ID)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if !until.IsZero() {
		return again(until)
	}
	if step.Along || !now.Before(step.Until) {
		return scheduler.Delivery{}, nil
	}
	if step.CanWait() && now.Sub(step.Due) > village.OnTime {
		morning, err := a.Morning(ctx, j.Group, c.Member.ID, village.ZoneNamed(c.Zone))
		if err != nil {
			return scheduler.Delivery{}, err
		}
		if morning.After(now) && morning.Before(step.Until) {
			return again(morning)
		}
	}
	m, err := a.stepMessage(ctx, t, j.Group, &c, *step, false)
	if err != nil || m == nil {
		return scheduler.Delivery{}, err
	}
	m.Notify = []string{c.Member.ID}
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Person: c.Member.ID}, Message: *m}}
	if t.Dirty() {
		d.Then = t.Finish()
	}
	return d, nil
}

// reminderCard is the words of one kind of reminder.
func (a *App) reminderCard(name string) content.Card {
	deck, _ := a.Content.Deck("reminders")
	card, _ := deck.Card(name)
	return card
}

// stepMessage is a reminder of a plan: behind a tap, or in full when it was
// tapped or the member has chosen plain words. It is nil when there is nothing
// to remind of. A card that is drawn for it is noted in the plan.
func (a *App) stepMessage(ctx context.Context, t *records.Tx, group string, c *village.Course, step village.Step, tapped bool) (*bot.Message, error) {
	s, ok := c.Session(step.Session)
	if !ok {
		return nil, nil
	}
	needs, err := a.SessionNeeds(ctx, village.Group{ID: group}, s)
	if err != nil {
		return nil, err
	}
	if kind := words.BookedKind(step.Name); kind != "" && !tapped && village.IsCovered(needs, kind) {
		return nil, nil // somebody has said yes: there is nothing to do
	}
	card := a.reminderCard(step.Name)
	own := c.Words(step)
	wanted, err := a.PreferencesOf(ctx, c.Member.ID)
	if err != nil {
		return nil, err
	}
	if !tapped && !wanted.Plain {
		m := bot.Message{Text: card.Discreet, Buttons: []bot.Button{{Label: "Tap to read", Command: words.ReadCommand(step)}}}
		switch {
		case own != "":
			m.Text = a.reminderCard("note").Discreet
		case step.Name == village.CheckIn:
			m.Buttons = words.CheckInButtons()
		}
		return &m, nil
	}
	_, rests := c.Resting(a.Now()) // then there is nothing to choose
	m := bot.Message{Text: card.Whole()}
	if own != "" {
		m.Text = bot.Literal(own)
	}
	zone := village.ZoneNamed(c.Zone)
	switch step.Name {
	case village.BookRide, village.BookChild:
		m.Text = "For **" + words.Moment(s.Start, zone) + "**.\n\n" + m.Text + "\n\n" + words.BookedWords(needs, words.BookedKind(step.Name), zone)
		m.Buttons = words.BookButtons(needs, words.BookedKind(step.Name))
	case village.Fasting:
		if own == "" && words.Early(*c, s, step) {
			m.Text = card.Plain // it is not from here on, but from later
		}
		m.Text = words.ClinicWords(*c, s) + "\n\n" + m.Text
		m.Buttons = []bot.Button{{Label: "More about this", Command: "/faq fasting"}}
	case village.TimeToGo, village.SessionToday:
		m.Text += "\n\nIt begins " + words.Moment(s.Start, zone) + "."
		if len(needs) > 0 {
			var lines []string
			for _, n := range needs {
				lines = append(lines, "- "+words.NeedLine(n, zone, c.Member.ID))
			}
			m.Text += "\n\n" + strings.Join(lines, "\n")
		}
	case village.HomeRest:
		m = a.homeMessage()
		m.Title = ""
		m.Buttons = append([]bot.Button{{Label: "I am home", Command: words.IAmHome(s, needs), Style: bot.Primary}}, m.Buttons...)
	case village.CheckIn:
		m.Buttons = words.CheckInButtons()
	case village.PackBag:
		m.Buttons = []bot.Button{{Label: "Open the list", Command: "/session bag " + s.ID, Style: bot.Primary}}
	case village.Intention:
		m.Buttons = []bot.Button{{Label: "Draw a card", Command: "/session card " + s.ID, Style: bot.Primary}}
	case village.EveningCard, village.Integration:
		idea := a.prompt(c, step)
		a.NoteCourse(t, group, *c)
		m.Text += "\n\n**" + idea.Text + "**"
		if !rests {
			m.Buttons = []bot.Button{{Label: "Another one", Command: "/session other " + strings.TrimPrefix(words.ReadCommand(step), "/session read ")}}
		}
	case village.TalkAhead:
		for _, talk := range c.Talks {
			if fmt.Sprint(talk.Unix()) == step.Part {
				m.Text += "\n\nIt is " + words.Moment(talk, zone) + "."
			}
		}
	case village.SomeoneToCall:
		m.Buttons = []bot.Button{{Label: "Lines where a person answers", Command: "/crisis"}}
	}
	if !rests {
		m.Buttons = append(m.Buttons, bot.Button{Label: "Change these", Command: "/session remind " + s.ID + " " + step.Name})
	}
	return &m, nil
}

// sessionRead is the tap behind a discreet reminder.
func (a *App) sessionRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, ok := c.Session(r.Arg("session"))
	if !ok || c.Draft {
		return bot.Reply{}, words.NoSuchSession()
	}
	step := village.Step{Session: s.ID, Name: r.Arg("reminder"), Part: r.Arg("part")}
	var m *bot.Message
	id := c.ID
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		c := village.Course{}
		if err := t.Get(records.CourseKey(g.ID, id), &c); err != nil {
			return err
		}
		var err error
		m, err = a.stepMessage(ctx, t, g.ID, &c, step, true)
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if m == nil {
		return bot.Reply{}, words.NoSuchSession()
	}
	return bot.Say(*m), nil
}

// prompt is the idea that belongs to a step, drawn when it is first needed.
// None comes twice within a plan before all have come. In the evening of a
// session it is something to do alone and gently.
func (a *App) prompt(c *village.Course, step village.Step) content.Card {
	deck, _ := a.Content.Deck("integration")
	if card, ok := deck.Card(c.Prompts[step.Key()]); ok {
		return card
	}
	var cards, drawn []string
	for _, card := range deck.Cards {
		if step.Name != village.EveningCard || card.Kind != "talking" {
			cards = append(cards, card.ID)
		}
	}
	prompts := map[string]string{}
	for key, id := range c.Prompts {
		prompts[key] = id
		drawn = append(drawn, id)
	}
	prompts[step.Key()] = village.Draw(c.ID, cards, drawn)
	c.Prompts = prompts
	card, _ := deck.Card(prompts[step.Key()])
	return card
}

// sessionOther puts another idea in place of one that does not fit today. The
// one before counts as seen.
func (a *App) sessionOther(ctx context.Context, r bot.Request) (bot.Reply, error) {
	step := village.Step{Session: r.Arg("session"), Name: r.Arg("reminder"), Part: r.Arg("part")}
	if step.Name != village.EveningCard && step.Name != village.Integration {
		return bot.Reply{}, &bot.Error{Code: "no-other", Say: "There is no other one of these.", Hint: "For example: /session other k7m2p9 integration 3"}
	}
	var idea content.Card
	_, _, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if _, ok := c.Session(step.Session); !ok || c.Draft {
			return c, words.NoSuchSession()
		}
		seen := map[string]string{}
		for key, id := range c.Prompts {
			seen[key] = id
		}
		if before, ok := seen[step.Key()]; ok {
			seen[step.Key()+"/"+before] = before
			delete(seen, step.Key())
		}
		c.Prompts = seen
		idea = a.prompt(&c, step)
		return c, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Text: "**" + idea.Text + "**\n\nOr none today. That is fine too.",
		Buttons: []bot.Button{{Label: "Another one", Command: "/session other " + strings.TrimPrefix(words.ReadCommand(step), "/session read ")}}}}}, nil
}

// sessionRemind shows one reminder of a plan, and switches it off or on, moves
// or rewords it: for the whole plan, or for one session.
func (a *App) sessionRemind(ctx context.Context, r bot.Request) (bot.Reply, error) {
	name, do := r.Arg("reminder"), r.Arg("do")
	var at *int
	if r.Arg("at") != "" {
		minutes, err := when.Clock(r.Arg("at"))
		if err != nil {
			return bot.Reply{}, a.mistold(r, "at", err, &bot.Error{Code: "clock-unclear", Say: "I need one time of day here.", Hint: "For example: 6:30 pm, or 18:30."})
		}
		at = &minutes
	}
	changed := do != "" || at != nil || r.Arg("words") != ""
	g, c, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if c.Draft {
			return c, words.NotSaved()
		}
		if !changed {
			return c, nil
		}
		only := ""
		if r.Arg("only") == "yes" {
			only = village.SessionOr(c, r.Arg("session")).ID
		}
		return c.Tweaked(only, name, func(t *village.Tweak) {
			if do == "usual" {
				*t = village.Tweak{}
			}
			if do != "" {
				t.Off = do == "off"
			}
			if at != nil {
				t.At, t.Off = at, false
			}
			if r.Arg("words") != "" {
				t.Words, t.Off = r.Arg("words"), false
			}
		}), nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if c, err = a.Beside(ctx, g.ID, c); err != nil {
		return bot.Reply{}, err
	}
	m := a.tweakMessage(c, village.SessionOr(c, r.Arg("session")), name, quiet)
	if at != nil && !a.comesAt(c, name, *at, quiet) {
		m.Text = "At " + words.ClockWords(*at) + " it would come at the wrong end of the session, so it keeps its usual time.\n\n" + m.Text
	}
	return bot.Reply{Update: changed, Messages: []bot.Message{m}}, nil
}

// comesAt says whether a reminder of this kind that is still to come has that
// hour, or none is to come at all.
func (a *App) comesAt(c village.Course, name string, minutes int, quiet village.Quiet) bool {
	none := true
	for _, step := range words.Spoken(village.Plan(c, quiet)) {
		if step.Name != name || !step.Due.After(a.Now()) {
			continue
		}
		none = false
		if due := step.Due.In(village.ZoneNamed(c.Zone)); due.Hour()*60+due.Minute() == minutes {
			return true
		}
	}
	return none
}

// tweakMessage is one kind of reminder as it is now.
func (a *App) tweakMessage(c village.Course, s village.Session, name string, quiet village.Quiet) bot.Message {
	zone := village.ZoneNamed(c.Zone)
	var times []string
	saidWords := ""
	for _, step := range words.Spoken(village.Plan(c, quiet)) {
		if step.Name != name {
			continue
		}
		if step.Session == s.ID || saidWords == "" {
			saidWords = c.Words(step)
		}
		if step.Due.After(a.Now()) {
			times = append(times, "- "+words.Moment(step.Due, zone))
		}
	}
	line := "/session remind " + s.ID + " " + name
	m := bot.Message{Title: words.Capital(words.StepLabel(name, "")), Text: "It is off: nothing of this kind comes any more.",
		Footer: bot.Literal("Another hour: " + line + " at: 6pm. Your own words: " + line + " words: ... For this session only, add only: yes")}
	if len(times) > 0 {
		m.Text = "It comes:\n\n" + strings.Join(times[:min(len(times), 5)], "\n")
		if len(times) > 5 {
			m.Text += "\n- and so on, " + words.Count(len(times), "time", "times") + " in all"
		}
		m.Buttons = []bot.Button{{Label: "Switch it off", Command: line + " off"}}
	} else {
		if _, kept := c.Tweaks[name]; !kept {
			m.Text = "None of this kind is still to come."
		}
		m.Buttons = []bot.Button{{Label: "Switch it on", Command: line + " on"}}
	}
	if saidWords != "" {
		m.Fields = append(m.Fields, bot.Field{Name: "In your own words", Value: bot.Literal(saidWords)})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "As it was at first", Command: line + " usual"})
	return m
}
