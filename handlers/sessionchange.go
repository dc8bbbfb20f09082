package handlers

import (
	"context"
	"fmt"
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
		if after, err = a.revisedDetails(t, g.ID, after, private); err != nil || c.Draft {
			return after, err
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
	switch {
	case c.Draft:
		return a.draft(ctx, r, g, c)
	case reflect.DeepEqual(before, c) && r.Arg("details") == "":
		return bot.Say(a.to(r, nil).PlanUnchanged()), nil
	}
	return bot.Say(a.to(r, nil).PlanChanged(c, f, rev.Food != nil)), nil
}

// revisedDetails replaces a plan's private words, or with "-" takes them away.
func (a *App) revisedDetails(t *records.Tx, group string, c village.Course, private string) (village.Course, error) {
	switch private {
	case "":
		return c, nil
	case words.None:
		c.Private = false
		return c, nil
	}
	c.Private = true
	if err := t.Get(records.PlanDetailsKey(group, c.ID), &records.SealedDetails{}); err != nil {
		return c, err
	}
	a.PutPlanWords(t, group, c, private)
	return c, nil
}

// onPlanForm are those on the form for a plan that there is.
func onPlanForm() []string { return []string{"area", "help", "home", "length", "fasting"} }

// replanForm is the form for a plan, filled in with how it is now.
func (a *App) replanForm(c village.Course, r bot.Request) *bot.Form {
	help := words.HelpLine(c)
	if c.Draft && help == "" && !c.Alone {
		help = village.RideHome.Words().Short // which I could not ask for without a place
	}
	last := c.Sessions[len(c.Sessions)-1]
	now := map[string]string{"area": c.Area, "help": help, "home": c.Home, "length": words.LengthWords(last.End.Sub(last.Start)), "fasting": c.Clinic.String()}
	f := &bot.Form{Path: r.Path, Args: map[string]string{"session": r.Arg("session")}, Zone: c.Zone}
	f.Title, f.Intro = a.to(r, nil).PlanForm()
	for _, name := range onPlanForm() {
		i := slices.IndexFunc(courseOptions(), func(o bot.Option) bool { return o.Name == name })
		value := now[name]
		if typed := r.Arg(name); typed != "" {
			value = typed
		}
		f.Fields = append(f.Fields, bot.FormField{Option: courseOptions()[i], Value: value})
	}
	for name, value := range r.Args { // what has no place on the form travels along
		if !slices.Contains(onPlanForm(), name) {
			f.Args[name] = value
		}
	}
	return f
}

// typed is what was said for an option of a plan, nil for nothing. What was emptied
// on a form that had it filled in is taken away; the form always sends the length
// along.
func typed(r bot.Request, option string) *string {
	said := strings.TrimSpace(r.Arg(option))
	emptied := r.Submitted && r.Arg("length") != "" && slices.Contains(onPlanForm(), option)
	switch {
	case said == words.None:
		return new(string)
	case said == "" && !emptied:
		return nil
	}
	return &said
}

// revision reads what is to be different.
func (a *App) revision(c village.Course, r bot.Request) (village.Revision, error) {
	rev := village.Revision{Area: typed(r, "area"), Home: typed(r, "home"), Collect: typed(r, "collect")}
	if said := typed(r, "length"); said != nil {
		length, err := when.Length(*said)
		if err != nil {
			return rev, plainly(err)
		}
		rev.Length = &length
	}
	if said := typed(r, "fasting"); said != nil {
		food, drinks, err := village.FastingRule(*said, fastLength)
		if err != nil {
			return rev, err
		}
		rev.Food, rev.Drinks = &food, &drinks
	}
	if said := typed(r, "help"); said != nil {
		help, err := c.WithoutRides(), error(nil)
		if !strings.EqualFold(*said, words.NoRides) {
			help, err = village.HelpWanted(*said, when.Clock)
		}
		if err != nil {
			return rev, err
		}
		rev.Help = &help
	}
	if r.Arg("touchup") != "" {
		rev.TouchUp = new(r.Arg("touchup") == "yes")
	}
	return rev, a.revisedDates(c, r, &rev)
}

// revisedDates reads the dates in a revision: talks, and more sessions.
func (a *App) revisedDates(c village.Course, r bot.Request, rev *village.Revision) error {
	zone := village.ZoneNamed(c.Zone)
	var err error
	if said := typed(r, "talks"); said != nil {
		var talks []time.Time
		if *said != "" {
			if talks, err = a.dates(r, "talks", zone); err != nil {
				return err
			}
		}
		rev.Talks = &talks
	}
	if r.Arg("add") != "" {
		if rev.Starts, err = a.dates(r, "add", zone); err != nil {
			return err
		}
	}
	rev.IDs, err = a.newIDs(len(rev.Starts))
	return err
}

func (a *App) sessionMove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	_, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	start, err := a.movedTo(r, "to", village.SessionOr(c, r.Arg("session")).Start, village.ZoneNamed(c.Zone))
	if err != nil {
		return bot.Reply{}, err
	}
	var moved []village.Session
	var f words.Followed
	g, c, err := a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
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
	switch {
	case len(moved) == 0:
		return bot.Say(a.to(r, nil).SessionUnmoved()), nil
	case c.Draft:
		return a.draft(ctx, r, g, c)
	}
	return bot.Say(a.to(r, nil).SessionsMoved(c, r.Arg("session"), moved, f)), nil
}

func (a *App) sessionCancel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.findCourse(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	all := r.Arg("which") == "all"
	if c.Draft {
		return a.cancelDraft(ctx, r, g, c, all)
	}
	x := words.ToCancel{Course: c, Session: village.SessionOr(c, r.Arg("session")), All: all}
	after, err := c.Cancel(x.Session.ID, all, a.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	going := c.Cancelling(after)
	if x.Many = len(going); x.Many == 0 {
		return bot.Say(a.to(r, nil).NothingAhead()), nil
	}
	if r.Arg("sure") != "yes" {
		return a.askCancel(ctx, r, g, x, going)
	}
	_, _, err = a.withCourse(ctx, r, func(t *records.Tx, g *village.Group, c village.Course) (village.Course, error) {
		after, err := c.Cancel(x.Session.ID, all, a.Now())
		if err != nil {
			return c, err
		}
		x.Helpers, err = a.closeCancelled(t, *g, c, after)
		return after, err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).SessionsCancelled(x)}}, nil
}

// cancelDraft throws a draft away, or takes one of its dates off.
func (a *App) cancelDraft(ctx context.Context, r bot.Request, g village.Group, c village.Course, all bool) (bot.Reply, error) {
	if _, oneDate := c.Session(r.Arg("session")); oneDate && len(c.Sessions) > 1 && !all {
		return a.dropDate(ctx, r)
	}
	if err := a.ForgetCourse(ctx, g.ID, c.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).DraftGone()}}, nil
}

// dropDate takes one date off a plan that is not saved yet.
func (a *App) dropDate(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, c, err := a.withCourse(ctx, r, func(_ *records.Tx, _ *village.Group, c village.Course) (village.Course, error) {
		if !c.Draft {
			return c, a.to(r, nil).JustSaved()
		}
		return c.Without(r.Arg("session"))
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return a.draft(ctx, r, g, c)
}

// closeCancelled cancels the help of the sessions that a change has cancelled.
func (a *App) closeCancelled(t *records.Tx, g village.Group, before, after village.Course) ([]village.Claim, error) {
	var told []village.Claim
	for _, s := range before.Cancelling(after) {
		helpers, err := a.closeNeeds(t, g, s)
		if err != nil {
			return nil, err
		}
		told = append(told, helpers...)
	}
	return told, nil
}

// askCancel asks before sessions are cancelled, with those who have said yes to
// help that is still to come.
func (a *App) askCancel(ctx context.Context, r bot.Request, g village.Group, x words.ToCancel, going []village.Session) (bot.Reply, error) {
	needs, err := a.NeedsOf(ctx, g.ID, going...)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, s := range going {
		for _, n := range needs[s.ID] {
			if n.ToCome(a.Now()) {
				x.Asked = true
				x.Helpers = append(x.Helpers, n.Claims...)
			}
		}
	}
	return bot.Say(a.to(r, nil).SureToCancel(x)), nil
}

// courseStop ends a whole plan at the member's word.
func (a *App) courseStop(ctx context.Context, r bot.Request, s village.Session) (bot.Reply, error) {
	if r.Arg("sure") != "yes" {
		return bot.Say(a.to(r, nil).SureToStop(s)), nil
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
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).PlanStopped(c, told)}}, nil
}

// openNeeds asks for the help that comes with a session, and notes it there.
func (a *App) openNeeds(t *records.Tx, g village.Group, c village.Course, s village.Session, private string, ahead int) (village.Session, int, error) {
	s.Needs = map[village.Kind]string{}
	for _, ask := range c.Asks(s, a.Now()) {
		var err error
		if s.Needs[ask.Kind], err = a.openNeed(t, g, ask, private, ahead); err != nil {
			return s, ahead, err
		}
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

// following is how the help of a plan follows it from before to after.
type following struct {
	*records.Tx
	g             village.Group
	before, after village.Course
	// private are other private details, "-" for none any more, or empty; plain are
	// the plan's private words as they are now.
	private, plain string
	// ahead is how many requests the member has already.
	ahead  int
	became words.Followed
}

// follow lets the help follow a plan that has changed, for the sessions that
// are still ahead. Whoever has said yes is asked whether that suits them too.
// What was cancelled on its own stays so. private are as in following.
func (a *App) follow(t *records.Tx, g village.Group, before village.Course, after *village.Course, private string) (words.Followed, error) {
	ahead, err := a.requestsAhead(t.Ctx, g.ID, after.Member.ID)
	if err != nil {
		return words.Followed{}, err
	}
	x := following{Tx: t, g: g, before: before, after: *after, private: private, plain: private, ahead: ahead}
	if private == "" || private == words.None {
		if x.plain, err = a.planWords(t, g.ID, *after); err != nil {
			return x.became, err
		}
	}
	for _, s := range after.Ahead(a.Now()) {
		s.Needs = maps.Clone(s.Needs)
		if s.Needs == nil {
			s.Needs = map[village.Kind]string{}
		}
		kinds := slices.Sorted(maps.Keys(s.Needs))
		for _, k := range after.Help {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
		for _, kind := range kinds {
			if err := a.followOne(&x, s, kind); err != nil {
				return x.became, err
			}
		}
		if len(s.Needs) == 0 {
			s.Needs = nil // as it is read
		}
		*after = after.With(s)
	}
	return x.became, nil
}

// followOne is follow for one kind of help of one session, whose needs it notes.
func (a *App) followOne(x *following, s village.Session, kind village.Kind) error {
	ask, edit, wanted, isNew := x.after.RevisedAsk(x.before, s, kind, a.Now())
	var n village.Need
	if id := s.Needs[kind]; id != "" {
		if err := x.Get(records.NeedKey(x.g.ID, id), &n); err != nil {
			return err
		}
	}
	switch open := n.ID != "" && n.ToCome(a.Now()); {
	case open && wanted:
		return a.followChange(x, n, edit)
	case open:
		return a.followClose(x, n)
	case !wanted || !isNew:
		return nil
	}
	id, err := a.openNeed(x.Tx, x.g, ask, x.plain, x.ahead)
	if err != nil {
		return err
	}
	s.Needs[kind] = id
	x.ahead++
	x.became.Opened++
	return nil
}

func (a *App) followClose(x *following, n village.Need) error {
	closed, owed, err := n.Cancel(n.Member.ID, false, a.Now())
	if err != nil {
		return err
	}
	a.PutNeed(x.Tx, x.g, closed, owed)
	x.became.Closed++
	x.became.Told = append(x.became.Told, n.Claims...)
	return nil
}

func (a *App) followChange(x *following, n village.Need, edit village.Edit) error {
	if x.private != "" {
		edit.Details = new(x.private != words.None)
	}
	var err error
	if edit.Opened, err = a.Openers(x.Tx, x.g.ID, n); err != nil {
		return err
	}
	changed, owed, err := n.Change(n.Member.ID, false, edit, a.Now())
	if err != nil || len(owed) == 0 {
		return err
	}
	if err := a.KeepDetails(x.Tx, x.g, changed, x.private); err != nil {
		return err
	}
	a.PutNeed(x.Tx, x.g, changed, owed)
	x.became.Changed++
	x.became.Asked = append(x.became.Asked, slices.DeleteFunc(slices.Clone(changed.Claims), func(c village.Claim) bool { return !c.Unsure && !c.Reread })...)
	return nil
}

// requestsAhead is how many requests somebody has in a group (IDs) that are not over.
func (a *App) requestsAhead(ctx context.Context, group, person string) (int, error) {
	ahead, err := a.Store.Count(ctx, records.GroupPartition(group), records.AheadIndex(person), a.Now().UnixMilli(), records.EndOfTime)
	if err != nil {
		return 0, fmt.Errorf("counting requests: %w", err)
	}
	return int(ahead), nil
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
		return "", a.toPerson(c.Member.ID, nil).PlanSealed(err)
	}
	return words, nil
}
