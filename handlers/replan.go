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

// courseOptions are what can be said about all sessions of a plan, when it is
// made and afterwards.
func courseOptions() []bot.Option {
	return []bot.Option{
		{Name: "area", Label: "Roughly where it is (everybody reads this)", Hint: "near Union Station", Summary: "Roughly where it is; everybody in the group can read it", Max: village.MaxPlace},
		{Name: "help", Label: "Help you want each time", Hint: "ride home", Summary: "What help you want each time, such as ride there, ride home", Max: 200},
		{Name: "fasting", Label: "Your clinic's own rule, if you know it", Hint: "food 8 hours, drinks 2 hours", Summary: "Your clinic's own rule for food and drinks, if you know it", Max: 100},
		{Name: "details", Label: "Private: only your helpers see this", Hint: "Address, phone, how to find you", Summary: "Address, phone: only the person who says yes sees this", Max: village.MaxDetails, Long: true, Private: true},
		{Name: "home", Label: "Roughly where you live", Hint: "the west side", Summary: "Roughly where you live; everybody in the group can read it", Max: village.MaxPlace},
		{Name: "length", Label: "How long each one is", Hint: "2 hours", Summary: "How long each one is; 2 hours when left out", Max: 50},
		{Name: "collect", Summary: "Who has to collect you, by your clinic's rule; everybody can read it", Max: village.MaxPlace},
		{Name: "talks", Summary: "When you talk with your therapist afterwards, such as dec 2 and 9 at 4pm", Max: 400},
	}
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
