package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// reminderCard is the words of one kind of reminder.
func (a *App) reminderCard(name string) content.Card {
	deck, _ := a.Content.Deck("reminders")
	card, _ := deck.Card(name)
	return card
}

// stepLabel says in a few words what a reminder is, where only its member
// reads it.
func stepLabel(name, part string) string {
	switch name {
	case village.BookRide:
		return "is your ride set? (if nobody has said yes)"
	case village.BookChild:
		return "is somebody with the children? (if nobody has said yes)"
	case village.Hydration:
		return "water"
	case village.SomeoneToCall:
		return "somebody to call"
	case village.PackBag:
		return "pack your bag"
	case village.Fasting:
		switch part {
		case "food", "drinks", bothRules:
			return "your clinic's rule for " + part
		}
		return "food and drinks, as your clinic told you"
	case village.Intention:
		return "draw a card"
	case village.SleepEarly:
		return "an early night"
	case village.SessionToday:
		return "today is the day"
	case village.TimeToGo:
		return "time to go"
	case village.HomeRest:
		return "home: rest and water"
	case village.EveningCard:
		return "a small idea for the evening"
	case village.CheckIn:
		return "how is today?"
	case village.KeepMeds:
		return "keep your medicines as they are"
	case village.Integration:
		return "an idea for the day"
	case village.TalkAhead:
		return "your talk is coming up"
	case village.TouchUp:
		return "how to go on?"
	}
	return name
}

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
	first.Text += "\n\nWhile a session goes on I send nothing." + quietWords(quiet)
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
		part := "**" + moment(s.Start, zone) + "**, for " + lengthWords(s.End.Sub(s.Start)) + " (" + s.ID + ")\n\n" + a.rulesNow(c, s) +
			"\n\nI remind you:\n\n" + strings.Join(stepLines(c, own, zone), "\n")
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

func quietWords(q village.Quiet) string {
	if q.From == q.To {
		return ""
	}
	return " From " + clockWords(q.From) + " to " + clockWords(q.To) + " I send only what cannot wait."
}

func clockWords(minutes int) string {
	return clockOf(time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC))
}

func clockOf(t time.Time) string {
	switch {
	case t.Hour() == 12 && t.Minute() == 0:
		return "noon"
	case t.Hour() == 0 && t.Minute() == 0:
		return "midnight"
	}
	return t.Format("3:04 pm")
}

// clinicWords are the clinic's own rules for one session, or that we do not
// know them. They are never ours.
func clinicWords(c village.Course, s village.Session) string {
	zone := village.ZoneNamed(c.Zone)
	var rules []string
	if c.Clinic.Food > 0 {
		rules = append(rules, "no food from "+bot.Literal(when.Short(s.Start.Add(-c.Clinic.Food), zone)))
	}
	if c.Clinic.Drinks > 0 {
		rules = append(rules, "no drinks from "+bot.Literal(when.Short(s.Start.Add(-c.Clinic.Drinks), zone)))
	}
	words := "Food and drinks: as your clinic told you."
	if len(rules) > 0 {
		words = "Your clinic's rule, as you gave it to me: " + strings.Join(rules, "; ") + "."
	}
	if c.Clinic.Collect != "" {
		words += " You are to be collected by: " + bot.Literal(c.Clinic.Collect) + "."
	}
	return words
}

// rulesNow are clinicWords for a session whose date or rule is new: a rule that
// holds already can have been broken unknowingly.
func (a *App) rulesNow(c village.Course, s village.Session) string {
	words := clinicWords(c, s)
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
		words += " **It holds already for " + andList(hold) + ".** If you have had something since, tell them before you set off."
	}
	return words
}

// stepLines are reminders for reading, a line a day. The daily question comes
// once for all its days.
func stepLines(c village.Course, steps []village.Step, zone *time.Location) []string {
	var lines []string
	var daily []time.Time
	steps = spoken(steps)
	day, line := "", ""
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
	}
	for _, step := range steps {
		due := step.Due.In(zone)
		if step.Name == village.CheckIn {
			daily = append(daily, due)
			continue
		}
		label := bot.Literal(clockOf(due) + " " + stepLabel(step.Name, step.Part))
		if c.Words(step) != "" {
			label = bot.Literal(clockOf(due)) + " your own words"
		}
		if today := due.Format("Mon 2 Jan"); today != day || line == "" {
			flush()
			day = today
			line = "- " + today + ": " + label
		} else {
			line += "; " + label
		}
	}
	flush()
	if len(daily) == 1 {
		lines = append(lines, "- "+daily[0].Format("Mon 2 Jan")+": "+bot.Literal(clockOf(daily[0]))+" how is today?")
	} else if len(daily) > 1 {
		lines = append(lines, fmt.Sprintf("- Every day from %s to %s: %s how is today?", daily[0].Format("Mon 2 Jan"), daily[len(daily)-1].Format("Mon 2 Jan"), bot.Literal(clockOf(daily[0]))))
	}
	return lines
}

// bothRules stands for two rules that are said in one.
const bothRules = "food and drinks"

// spoken are the reminders that come by themselves. One that says another rule
// along with its own says so.
func spoken(steps []village.Step) []village.Step {
	var out []village.Step
	for _, step := range steps {
		if step.Along {
			continue
		}
		if slices.ContainsFunc(steps, func(o village.Step) bool {
			return o.Along && o.Session == step.Session && o.Name == step.Name && o.Due.Equal(step.Due)
		}) {
			step.Part = bothRules
		}
		out = append(out, step)
	}
	return out
}

// planKinds are the jobs of plans.
func (a *App) planKinds() []scheduler.Kind {
	return []scheduler.Kind{{Name: records.KindPlanJob, Late: scheduler.IfUseful, Limit: time.Minute, Prepare: a.preparePlan}}
}

// preparePlan says what a reminder of a plan comes to now. What has become
// useless is dropped; what would come into a session waits for its end.
func (a *App) preparePlan(ctx context.Context, job store.Job, _ bool) (scheduler.Delivery, error) {
	var j records.PlanJob
	if err := json.Unmarshal(job.Body, &j); err != nil {
		return scheduler.Delivery{}, fmt.Errorf("reading what a plan owes: %w", err)
	}
	t := &records.Tx{Ctx: ctx, Rec: a.Records, Change: store.Change{Partition: job.Partition}, Revs: map[store.Key]int64{}}
	c, step, err := a.PlanStep(t, j)
	if err != nil || step == nil {
		return scheduler.Delivery{}, err
	}
	now := a.Now()
	again := func(due time.Time) (scheduler.Delivery, error) {
		if !due.Before(step.Until) {
			return scheduler.Delivery{}, nil
		}
		t.PutJob(job.ID, job.Kind, due, j)
		return scheduler.Delivery{Then: t.Finish()}, nil
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
	if kind := bookedKind(step.Name); kind != "" && !tapped && village.IsCovered(needs, kind) {
		return nil, nil // somebody has said yes: there is nothing to do
	}
	card := a.reminderCard(step.Name)
	own := c.Words(step)
	wanted, err := a.PreferencesOf(ctx, c.Member.ID)
	if err != nil {
		return nil, err
	}
	if !tapped && !wanted.Plain {
		m := bot.Message{Text: card.Discreet, Buttons: []bot.Button{{Label: "Tap to read", Command: readCommand(step)}}}
		switch {
		case own != "":
			m.Text = a.reminderCard("note").Discreet
		case step.Name == village.CheckIn:
			m.Buttons = checkInButtons()
		}
		return &m, nil
	}
	_, rests := c.Resting(a.Now()) // then there is nothing to choose
	m := bot.Message{Text: card.Plain}
	if own != "" {
		m.Text = bot.Literal(own)
	}
	zone := village.ZoneNamed(c.Zone)
	switch step.Name {
	case village.BookRide, village.BookChild:
		m.Text = "For **" + moment(s.Start, zone) + "**.\n\n" + m.Text + "\n\n" + bookedWords(needs, bookedKind(step.Name), zone)
		m.Buttons = bookButtons(needs, bookedKind(step.Name))
	case village.Fasting:
		if own == "" && early(*c, s, step) {
			_, m.Text, _ = strings.Cut(card.Plain, ". ") // it is not from here on, but from later
		}
		m.Text = clinicWords(*c, s) + "\n\n" + m.Text
		m.Buttons = []bot.Button{{Label: "More about this", Command: "/faq fasting"}}
	case village.TimeToGo, village.SessionToday:
		m.Text += "\n\nIt begins " + moment(s.Start, zone) + "."
		if len(needs) > 0 {
			var lines []string
			for _, n := range needs {
				lines = append(lines, "- "+needLine(n, zone, c.Member.ID))
			}
			m.Text += "\n\n" + strings.Join(lines, "\n")
		}
	case village.HomeRest:
		m = a.homeMessage()
		m.Title = ""
		m.Buttons = append([]bot.Button{{Label: "I am home", Command: iAmHome(s, needs), Style: bot.Primary}}, m.Buttons...)
	case village.CheckIn:
		m.Buttons = checkInButtons()
	case village.PackBag:
		m.Buttons = []bot.Button{{Label: "Open the list", Command: "/session bag " + s.ID, Style: bot.Primary}}
	case village.Intention:
		m.Buttons = []bot.Button{{Label: "Draw a card", Command: "/session card " + s.ID, Style: bot.Primary}}
	case village.EveningCard, village.Integration:
		idea := a.prompt(c, step)
		a.NoteCourse(t, group, *c)
		m.Text += "\n\n**" + idea.Text + "**"
		if !rests {
			m.Buttons = []bot.Button{{Label: "Another one", Command: "/session other " + strings.TrimPrefix(readCommand(step), "/session read ")}}
		}
	case village.TalkAhead:
		for _, talk := range c.Talks {
			if fmt.Sprint(talk.Unix()) == step.Part {
				m.Text += "\n\nIt is " + moment(talk, zone) + "."
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

// iAmHome is the member's word that they are home. Where somebody drives them,
// it is said of the ride, so that nobody goes on asking where they are.
func iAmHome(s village.Session, needs []village.Need) string {
	for _, n := range needs {
		if n.Kind == village.RideHome && slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return c.Home.IsZero() }) {
			return "/need home " + n.ID
		}
	}
	return "/session end " + s.ID
}

// early says whether a fasting reminder comes before its rule begins.
func early(c village.Course, s village.Session, step village.Step) bool {
	begins := s.Start.Add(-c.Clinic.Food)
	if step.Part == "drinks" {
		begins = s.Start.Add(-c.Clinic.Drinks)
	}
	return step.Part == "" || step.Due.Before(begins)
}

func readCommand(s village.Step) string {
	line := "/session read " + s.Session + " " + s.Name
	if s.Part != "" {
		line += " " + s.Part
	}
	return line
}

// bookedKind is the kind of need that a reminder to book is about.
func bookedKind(name string) village.Kind {
	switch name {
	case village.BookRide:
		return village.RideHome
	case village.BookChild:
		return village.Childcare
	}
	return ""
}

func bookedWords(needs []village.Need, kind village.Kind, zone *time.Location) string {
	for _, n := range needs {
		if n.Kind == kind {
			return "- " + needLine(n, zone, n.Member.ID)
		}
	}
	return "I have not been asked to find anybody for this day."
}

func bookButtons(needs []village.Need, kind village.Kind) []bot.Button {
	for _, n := range needs {
		if n.Kind == kind {
			return []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}
		}
	}
	return []bot.Button{{Label: "Ask for " + kind.Words().Noun, Command: "/ask " + string(kind)}}
}

func checkInButtons() []bot.Button {
	return []bot.Button{
		{Label: "Better", Command: "/checkin today better"},
		{Label: "Same", Command: "/checkin today same"},
		{Label: "Heavier", Command: "/checkin today heavier"},
		{Label: "I need help", Command: "/checkin today help", Style: bot.Danger},
	}
}

// sessionRead is the tap behind a discreet reminder.
func (a *App) sessionRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	s, ok := c.Session(r.Arg("session"))
	if !ok || c.Draft {
		return bot.Reply{}, noSuchSession()
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
		return bot.Reply{}, noSuchSession()
	}
	return bot.Say(*m), nil
}
