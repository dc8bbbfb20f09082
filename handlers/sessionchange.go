package handlers

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// sessionChange changes what belongs to all sessions of a plan. Reminders and
// help follow in the same commit, for the sessions that are still ahead.
func (a *App) sessionChange(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(r.Args) == 1 && !r.Submitted {
		return bot.Reply{Form: a.replanForm(c, r)}, nil
	}
	rev, err := a.revision(c, r)
	if err != nil {
		return misread(err, a.replanForm(c, r))
	}
	var g village.Group
	var before village.Course
	var f words.Followed
	g, c, err = a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
		before, f = c, words.Followed{}
		others, err := a.CoursesOf(t, g.ID, r.From.ID)
		if err != nil {
			return c, err
		}
		after, err := c.Revised(rev, others, a.Now())
		if err != nil {
			return c, err
		}
		private := strings.TrimSpace(r.Arg("details"))
		switch private {
		case "":
		case words.None:
			after.Private = false
		default:
			after.Private = true
			if err := t.Get(records.PlanDetailsKey(g.ID, c.ID), &records.SealedDetails{}); err != nil {
				return c, err
			}
			a.PutPlanWords(t, g.ID, after, private)
		}
		if c.Draft {
			return after, nil
		}
		if len(after.Help) > 0 {
			if err := a.roomToAsk(t, g, r); err != nil {
				return c, err
			}
		}
		f, err = a.follow(t, *g, c, &after, private)
		return after, err
	})
	if err != nil {
		return misread(err, a.replanForm(c, r))
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case c.Draft:
		messages, err := a.planMessages(ctx, g.ID, c, quiet)
		return bot.Reply{Messages: messages}, err
	case reflect.DeepEqual(before, c) && r.Arg("details") == "":
		return bot.Say(bot.Message{Text: "Nothing is different from before, so I tell nobody.", Buttons: []bot.Button{{Label: "My sessions", Command: "/session list"}}}), nil
	}
	m := bot.Message{Title: "Your plan is changed", Tone: bot.Good, Text: "Your reminders follow it." + f.Words(),
		Buttons: []bot.Button{{Label: "See it", Command: "/session show " + village.NextSession(c, a.Now()).ID}, {Label: "All of it", Command: "/session list"}}}
	if rev.Food != nil {
		m.Text += "\n\n" + a.rulesNow(c, village.NextSession(c, a.Now()))
	}
	return bot.Say(m), nil
}

// onPlanForm are those on the form for a plan that there is.
var onPlanForm = []string{"area", "help", "home", "length", "fasting"}

// replanForm is the form for a plan, filled in with how it is now.
func (a *App) replanForm(c village.Course, r bot.Request) *bot.Form {
	var help []string
	for _, k := range c.Help {
		help = append(help, k.Words().Short)
	}
	last := c.Sessions[len(c.Sessions)-1]
	now := map[string]string{"area": c.Area, "help": strings.Join(help, ", "), "home": c.Home, "length": words.LengthWords(last.End.Sub(last.Start)), "fasting": c.Clinic.String()}
	f := &bot.Form{Title: "Change a plan", Intro: "What you leave as it is stays.", Path: r.Path, Args: map[string]string{"session": r.Arg("session")}}
	for _, name := range onPlanForm {
		i := slices.IndexFunc(courseOptions(), func(o bot.Option) bool { return o.Name == name })
		value := now[name]
		if typed := r.Arg(name); typed != "" {
			value = typed
		}
		f.Fields = append(f.Fields, bot.FormField{Option: courseOptions()[i], Value: value})
	}
	for name, value := range r.Args { // what has no place on the form travels along
		if !slices.Contains(onPlanForm, name) {
			f.Args[name] = value
		}
	}
	return f
}

// revision reads what is to be different. What was emptied on a form that had
// it filled in is taken away; the form always sends the length along.
func (a *App) revision(c village.Course, r bot.Request) (village.Revision, error) {
	var rev village.Revision
	emptied := r.Submitted && r.Arg("length") != ""
	typed := func(option string) (saidWords string, said bool) {
		saidWords = strings.TrimSpace(r.Arg(option))
		switch {
		case saidWords == words.None:
			return "", true
		case saidWords == "" && emptied && slices.Contains(onPlanForm, option):
			return "", true
		}
		return saidWords, saidWords != ""
	}
	for option, to := range map[string]**string{"area": &rev.Area, "home": &rev.Home, "collect": &rev.Collect} {
		if saidWords, said := typed(option); said {
			*to = &saidWords
		}
	}
	if saidWords, said := typed("length"); said {
		length, err := when.Length(saidWords)
		if err != nil {
			return rev, plainly(err)
		}
		rev.Length = &length
	}
	if saidWords, said := typed("fasting"); said {
		food, drinks, err := village.FastingRule(saidWords, fastLength)
		if err != nil {
			return rev, err
		}
		rev.Food, rev.Drinks = &food, &drinks
	}
	if saidWords, said := typed("help"); said {
		help, err := village.HelpWanted(saidWords)
		if err != nil {
			return rev, err
		}
		rev.Help = &help
	}
	zone := village.ZoneNamed(c.Zone)
	if saidWords, said := typed("talks"); said {
		var talks []time.Time
		if saidWords != "" {
			var err error
			if talks, err = a.dates(r, "talks", zone); err != nil {
				return rev, err
			}
		}
		rev.Talks = &talks
	}
	if r.Arg("touchup") != "" {
		rev.TouchUp = new(r.Arg("touchup") == "yes")
	}
	if r.Arg("add") != "" {
		var err error
		if rev.Starts, err = a.dates(r, "add", zone); err != nil {
			return rev, err
		}
	}
	var err error
	rev.IDs, err = a.newIDs(len(rev.Starts))
	return rev, err
}

func (a *App) sessionMove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.needZone(ctx, g, r)
	if err != nil {
		return bot.Reply{}, err
	}
	start, err := a.moment(r, "to", zone)
	if err != nil {
		return bot.Reply{}, err
	}
	var moved []village.Session
	var f words.Followed
	g, c, err = a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
		moved, f = nil, words.Followed{}
		others, err := a.CoursesOf(t, g.ID, r.From.ID)
		if err != nil {
			return c, err
		}
		after, err := c.Move(r.Arg("session"), start, r.Arg("later") == "yes", others, a.Now())
		if err != nil {
			return c, err
		}
		for _, s := range after.Sessions {
			if was, _ := c.Session(s.ID); !was.Start.Equal(s.Start) {
				moved = append(moved, s)
			}
		}
		if !c.Draft {
			f, err = a.follow(t, *g, c, &after, "")
		}
		return after, err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if len(moved) == 0 {
		return bot.Say(bot.Message{Text: "It is at that time already. Nothing has changed."}), nil
	}
	if c.Draft {
		quiet, err := a.QuietFor(ctx, g, r.From.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		messages, err := a.planMessages(ctx, g.ID, c, quiet)
		return bot.Reply{Messages: messages}, err
	}
	m := bot.Message{Title: "It is moved", Tone: bot.Good, Buttons: []bot.Button{{Label: "See it", Command: "/session show " + r.Arg("session")}, {Label: "All of it", Command: "/session list"}}}
	var lines []string
	for _, s := range moved {
		lines = append(lines, "- "+words.Moment(s.Start, village.ZoneNamed(c.Zone)))
	}
	m.Text = strings.Join(lines, "\n") + "\n\nYour reminders have moved with it." + f.Words()
	if c.Clinic.Food > 0 || c.Clinic.Drinks > 0 {
		m.Text += "\n\n" + a.rulesNow(c, moved[0])
	}
	return bot.Say(m), nil
}

func (a *App) sessionCancel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, oneDate := c.Session(r.Arg("session")); c.Draft && oneDate && len(c.Sessions) > 1 && r.Arg("which") != "all" {
		return a.dropDate(ctx, r)
	}
	if c.Draft {
		if err := a.ForgetCourse(ctx, g.ID, c.ID); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Not saved", Text: "That plan is gone. Nothing was posted and nobody was asked.", Buttons: []bot.Button{{Label: "Plan again", Command: "/session add"}}}}}, nil
	}
	s := village.SessionOr(c, r.Arg("session"))
	all := r.Arg("which") == "all"
	after, err := c.Cancel(s.ID, all, a.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	n := 0
	for i := range after.Sessions {
		if after.Sessions[i].Why != c.Sessions[i].Why {
			n++
		}
	}
	if n == 0 {
		return bot.Say(bot.Message{Text: "Nothing of this plan is ahead of you any more, so there is nothing to cancel.", Buttons: []bot.Button{{Label: "My sessions", Command: "/session list"}}}), nil
	}
	if r.Arg("sure") != "yes" {
		return a.askCancel(ctx, g, c, s, all, n)
	}
	var told []village.Claim
	_, c, err = a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
		told = nil
		after, err := c.Cancel(s.ID, all, a.Now())
		if err != nil {
			return c, err
		}
		told, err = a.closeCancelled(t, *g, c, after)
		return after, err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := "I have taken off " + words.Moment(s.Start, village.ZoneNamed(c.Zone)) + ", with its reminders and its requests for help."
	if all {
		text = "I have taken off " + words.Count(n, "session", "sessions") + ", with their reminders and their requests for help."
	}
	text += words.ToHelpers(told, " I am telling %s, once.")
	text += " If your clinic doesn't know yet, please tell them too."
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Cancelled", Text: text, Buttons: []bot.Button{{Label: "My sessions", Command: "/session list"}}}}}, nil
}

// dropDate takes one date off a plan that is not saved yet.
func (a *App) dropDate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if !c.Draft {
			return c, &bot.Error{Code: "saved", Say: "This plan has just been saved, so nothing was taken off.", Hint: "Please try that once more."}
		}
		return c.Without(r.Arg("session"))
	})
	if err != nil {
		return bot.Reply{}, err
	}
	quiet, err := a.QuietFor(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	messages, err := a.planMessages(ctx, g.ID, c, quiet)
	return bot.Reply{Messages: messages}, err
}

// closeCancelled cancels the help of the sessions that a change has cancelled.
func (a *App) closeCancelled(t *records.Tx, g village.Group, before, after village.Course) ([]village.Claim, error) {
	var told []village.Claim
	for _, s := range after.Sessions {
		if was, _ := before.Session(s.ID); was.Why == s.Why || s.Why != village.Cancelled {
			continue
		}
		helpers, err := a.closeNeeds(t, g, s)
		if err != nil {
			return nil, err
		}
		told = append(told, helpers...)
	}
	return told, nil
}

func (a *App) askCancel(ctx context.Context, g village.Group, c village.Course, s village.Session, all bool, n int) (bot.Reply, error) {
	zone := village.ZoneNamed(c.Zone)
	m := bot.Message{Title: "Cancel it?", Tone: bot.Asking, Text: "This is " + words.Moment(s.Start, zone) + "."}
	which, its := "this", "Its"
	if all {
		which = "all"
		m.Title, m.Text = "Cancel all that is ahead?", "That is "+words.Count(n, "session", "sessions")+" of your plan."
		if n > 1 {
			its = "Their"
		}
	}
	var helpers []village.Claim
	asked := false // some help of it is still to come
	for _, o := range c.Sessions {
		if !all && o.ID != s.ID || all && !o.Ahead(a.Now()) {
			continue
		}
		needs, err := a.SessionNeeds(ctx, g, o)
		if err != nil {
			return bot.Reply{}, err
		}
		for _, need := range needs {
			if need.Why == "" && a.Now().Before(need.End) {
				asked = true
				helpers = append(helpers, need.Claims...)
			}
		}
	}
	m.Text += " " + its + " reminders and requests for help go too."
	underWay := s.On(a.Now()) && !all
	if underWay {
		m.Text = "It has begun. If you are out, please tap “I am out” instead."
		if asked {
			m.Text += " Then your ride home and the rest of your help stay as they are.\n\nIf you cancel it, I take all of that back, **your ride home too**."
		}
	}
	m.Text += words.ToHelpers(helpers, " Helpers who have said yes: %s. I will tell them.")
	m.Buttons = []bot.Button{{Label: "Yes, cancel", Command: "/session cancel " + s.ID + " " + which + " yes", Style: bot.Danger}}
	if underWay {
		m.Buttons[0].Label = "Cancel it all the same"
		m.Buttons = append([]bot.Button{{Label: "I am out", Command: "/session end " + s.ID, Style: bot.Primary}}, m.Buttons...)
	}
	if !all && slices.ContainsFunc(c.Sessions, func(o village.Session) bool { return o.ID != s.ID && o.Ahead(a.Now()) }) {
		m.Buttons = append(m.Buttons, bot.Button{Label: "All that are ahead", Command: "/session cancel " + s.ID + " all"})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "Keep it", Command: "/session show " + s.ID})
	return bot.Say(m), nil
}

// courseStop ends a whole plan at the member's word.
func (a *App) courseStop(ctx context.Context, r bot.Request, s village.Session) (bot.Reply, error) {
	if r.Arg("sure") != "yes" {
		return bot.Say(bot.Message{Title: "End the whole plan?", Tone: bot.Asking,
			Text: "Sessions that are still ahead are cancelled, with their requests for help. No more reminders and no more check-ins come.",
			Buttons: []bot.Button{
				{Label: "Yes, end it", Command: "/session end " + s.ID + " all yes", Style: bot.Danger},
				{Label: "Keep it", Command: "/session show " + s.ID}}}), nil
	}
	var told []village.Claim
	_, c, err := a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
		after := c.Stop(a.Now())
		var err error
		told, err = a.closeCancelled(t, *g, c, after)
		return after, err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := c.Progress(a.Now()) + "\n\nThe plan has ended, and nothing more is sent because of it. If things get heavy later, /crisis is always there."
	text += words.ToHelpers(told, " I am telling %s, once.")
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "It is ended", Text: text}}}, nil
}

// roomToAsk makes sure that there is a channel to ask for help in: without one,
// it is the channel that this is said in.
func (a *App) roomToAsk(t *records.Tx, g *village.Group, r bot.Request) error {
	if len(g.Rooms) > 0 {
		return nil
	}
	if r.Room.Direct {
		return &bot.Error{Code: bot.CodeNoChannel,
			Say:  "This group has no village channel yet, so I have nowhere to ask for help. Nothing has been saved or posted.",
			Hint: "A moderator can choose one: /setup channel #village. Or say it again in the channel where it should be posted."}
	}
	*g = g.WithRoom(village.Room{ID: r.Room.ID, Name: r.Room.Name})
	t.Put(records.GroupKey(g.ID), *g, time.Time{})
	return nil
}

// openNeeds asks for the help that comes with a session, and notes it there.
func (a *App) openNeeds(t *records.Tx, g village.Group, c village.Course, s village.Session, private string, ahead int) (village.Session, int, error) {
	s.Needs = map[village.Kind]string{}
	for _, ask := range c.Asks(s, a.Now()) {
		id, err := a.openNeed(t, g, ask, private, ahead)
		if err != nil {
			return s, ahead, err
		}
		s.Needs[ask.Kind] = id
		ahead++
	}
	return s, ahead, nil
}

// openNeed asks for one kind of help for a plan, with its private words, and
// gives its id. ahead is how many requests the member has already.
func (a *App) openNeed(t *records.Tx, g village.Group, ask village.Request, private string, ahead int) (string, error) {
	var err error
	if ask.ID, err = village.NewID(a.Random); err != nil {
		return "", err
	}
	ask.Details, ask.Ahead = private != "", ahead
	// a little apart, so that the channel hears of them in the order of their days
	if _, err = a.postNeed(t, g, ask, private, a.Now().Add(time.Duration(ahead-2*village.MaxOpen)*time.Millisecond)); err != nil {
		return "", err
	}
	return ask.ID, nil
}

// closeNeeds cancels the help that came with a session. Whoever had said yes
// is told; the answer names them.
func (a *App) closeNeeds(t *records.Tx, g village.Group, s village.Session) ([]village.Claim, error) {
	var told []village.Claim
	for _, kind := range slices.Sorted(maps.Keys(s.Needs)) {
		var n village.Need
		if err := t.Get(records.NeedKey(g.ID, s.Needs[kind]), &n); err != nil {
			return nil, err
		}
		if n.ID == "" {
			continue
		}
		after, owed, err := n.Cancel(n.Member.ID, false, a.Now())
		if err != nil || len(owed) == 0 {
			continue // it is over, or was cancelled on its own
		}
		told = append(told, n.Claims...)
		a.PutNeed(t, g, after, owed)
	}
	return told, nil
}

// follow lets the help follow a plan that has changed, for the sessions that
// are still ahead. Whoever has said yes is asked whether that suits them too.
// What was cancelled on its own stays so. private are other private details,
// "-" for none any more, or empty.
func (a *App) follow(t *records.Tx, g village.Group, before village.Course, after *village.Course, private string) (words.Followed, error) {
	var f words.Followed
	ahead, err := a.Store.Count(t.Ctx, records.GroupPartition(g.ID), records.AheadIndex(after.Member.ID), a.Now().UnixMilli(), 1<<60)
	if err != nil {
		return f, err
	}
	saidWords := private
	if private == "" || private == words.None {
		if saidWords, err = a.planWords(t, g.ID, *after); err != nil {
			return f, err
		}
	}
	n := int(ahead)
	for _, s := range after.Sessions {
		if !s.Ahead(a.Now()) {
			continue
		}
		kinds := slices.Sorted(maps.Keys(s.Needs))
		for _, k := range after.Help {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
		s.Needs = maps.Clone(s.Needs)
		for _, kind := range kinds {
			if err := a.followOne(t, g, before, *after, &s, kind, private, saidWords, &n, &f); err != nil {
				return f, err
			}
		}
		*after = after.With(s)
	}
	return f, nil
}

// followOne is follow for one kind of help of one session. words are the plan's
// private words as they are now.
func (a *App) followOne(t *records.Tx, g village.Group, before, after village.Course, s *village.Session, kind village.Kind, private, saidWords string, ahead *int, f *words.Followed) error {
	ask, edit, wanted, isNew := after.RevisedAsk(before, *s, kind, a.Now())
	var n village.Need
	if id := s.Needs[kind]; id != "" {
		if err := t.Get(records.NeedKey(g.ID, id), &n); err != nil {
			return err
		}
	}
	open := n.ID != "" && n.Why == "" && a.Now().Before(n.End)
	switch {
	case wanted && isNew && !open:
		id, err := a.openNeed(t, g, ask, saidWords, *ahead)
		if err != nil {
			return err
		}
		if s.Needs == nil {
			s.Needs = map[village.Kind]string{}
		}
		s.Needs[kind] = id
		*ahead++
		f.Opened++
		return nil
	case !open:
		return nil
	case !wanted:
		closed, owed, err := n.Cancel(n.Member.ID, false, a.Now())
		if err != nil {
			return err
		}
		a.PutNeed(t, g, closed, owed)
		f.Closed++
		f.Told = append(f.Told, n.Claims...)
		return nil
	}
	if private != "" {
		edit.Details = new(private != words.None)
	}
	changed, owed, err := n.Change(n.Member.ID, false, edit, a.Now())
	if err != nil || len(owed) == 0 {
		return err
	}
	if err := a.KeepDetails(t, g, changed, private); err != nil {
		return err
	}
	a.PutNeed(t, g, changed, owed)
	f.Changed++
	f.Asked = append(f.Asked, slices.DeleteFunc(slices.Clone(changed.Claims), func(c village.Claim) bool { return !c.Unsure && !c.Reread })...)
	return nil
}

// planWords are a plan's private words; none when they are wiped already.
func (a *App) planWords(t *records.Tx, group string, c village.Course) (string, error) {
	var d records.SealedDetails
	key := records.PlanDetailsKey(group, c.ID)
	if err := t.Get(key, &d); err != nil || !c.Private || !t.Has(key) {
		return "", err
	}
	words, err := a.Keyring.Open(d.Sealed, group, c.ID, "details")
	if err != nil {
		return "", &bot.Error{Code: bot.CodeSealed, Err: err, Say: "I can't open the private details of this plan any more.", Hint: "Please plan it once more; nothing has been changed."}
	}
	return words, nil
}
