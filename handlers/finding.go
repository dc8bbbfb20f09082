package handlers

import (
	"cmp"
	"context"
	"slices"
	"time"

	"village/bot"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// mostFound is how many needs are looked through for what somebody means.
const mostFound = 50

// completeNeed suggests the needs that a person can do something with by a command,
// found by whose, what, when and where.
func (a *App) completeNeed(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	needs, err := a.needsToChoose(ctx, r)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, n := range needs {
		to := a.toNeed(r, n)
		label := to.NeedLabel(n)
		if understand.Finds(typed, label, n.ID, to.NeedWords(n), a.dayWords(n.Start, village.ZoneNamed(n.Zone))) {
			picks = append(picks, bot.Pick{Label: label, Value: n.ID})
		}
	}
	return picks
}

// dayWords are the ways to say when something is, as far as they are words alone.
func (a *App) dayWords(at time.Time, zone *time.Location) string {
	at = at.In(zone)
	said := at.Format("Monday 2 January 3:04pm 15:04 3") + " " + at.Format("3pm")
	if at.Minute() != 0 {
		said = at.Format("Monday 2 January 3:04pm 15:04")
	}
	now := a.Now().In(zone)
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	switch day(at) {
	case day(now):
		said += " today tonight"
	case day(now.AddDate(0, 0, 1)):
		said += " tomorrow"
	case day(now.AddDate(0, 0, -1)):
		said += " yesterday"
	}
	return said
}

// needsToChoose are the needs that somebody can mean by a command, the next first.
func (a *App) needsToChoose(ctx context.Context, r bot.Request) ([]village.Need, error) {
	command := r.Path[len(r.Path)-1]
	g, groups, err := a.lookIn(ctx, r)
	if err != nil {
		return nil, err
	}
	var needs []village.Need
	slices.Sort(groups)
	for _, group := range slices.Compact(groups) {
		with, err := a.NeedsWith(ctx, group, r.From.ID, a.Now().Add(-a.lookBack(command)), mostFound)
		if err != nil {
			return nil, err
		}
		needs = append(needs, with...)
	}
	needs = slices.DeleteFunc(needs, func(n village.Need) bool { return !a.canBeAbout(command, n, r.From.ID) })
	others, err := a.needsOfOthers(ctx, r, g, command)
	if err != nil {
		return nil, err
	}
	for _, n := range others {
		if !slices.ContainsFunc(needs, func(known village.Need) bool { return known.ID == n.ID }) {
			needs = append(needs, n)
		}
	}
	slices.SortStableFunc(needs, func(x, y village.Need) int { return x.Start.Compare(y.Start) })
	return needs, nil
}

// lookBack is how long ago something may have ended that a command is about.
func (a *App) lookBack(command string) time.Duration {
	if command == "report" || command == "thanks" {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// needsOfOthers are the needs beside one's own that a command can be about: what is
// open, what can be stood by for, and all that is coming for whoever moderates. Nobody
// is shown what they may not see.
func (a *App) needsOfOthers(ctx context.Context, r bot.Request, g village.Group, command string) ([]village.Need, error) {
	moderates := r.From.Moderator && slices.Contains([]string{"cancel", "move", "fill", "unfill", "show"}, command)
	open := slices.Contains([]string{"claim", "pass", "show"}, command)
	if !moderates && !open && command != "standby" || a.mustBeHere(ctx, r, g) != nil {
		return nil, nil
	}
	if open && !moderates {
		return a.OpenNeeds(ctx, g.ID, time.Time{}, mostFound)
	}
	needs, err := a.Coming(ctx, g.ID)
	return slices.DeleteFunc(needs, func(n village.Need) bool {
		return command == "standby" && (n.Member.ID == r.From.ID || n.HelpedBy(r.From.ID) || n.State() == village.Open)
	}), err
}

// canBeAbout says whether somebody (an ID) can mean a need by a command of needs.
func (a *App) canBeAbout(command string, n village.Need, id string) bool {
	mine, helps := n.Member.ID == id, n.HelpedBy(id) || n.StandsBy(id)
	over := n.Why != "" || !a.Now().Before(n.End)
	switch command {
	case "report":
		return true
	case "show":
		return n.Why != village.Cancelled
	case "thanks":
		return mine && village.Thankable(n)
	case "claim", "standby", "pass":
		return false
	}
	return n.Why != village.Cancelled && onTheDay(command, n, mine, helps, over)
}

// onTheDay is canBeAbout for what is not cancelled, by whose it is and whether it is over.
func onTheDay(command string, n village.Need, mine, helps, over bool) bool {
	switch command {
	case "home":
		return n.OnTheWayHome()
	case "got", "late":
		return helps
	case "release", "give":
		return helps && !over
	case "still":
		return !mine && !over
	case "details", "fill", "unfill":
		return !over
	}
	return mine && !over
}

// completeSession suggests a person's own sessions: what is nearest to now stands
// first, because that is what somebody most likely means. A plan that is not saved yet
// is one thing to save.
func (a *App) completeSession(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	_, groups, err := a.lookIn(ctx, r)
	if err != nil {
		return nil
	}
	type dated struct {
		bot.Pick
		away time.Duration
	}
	var found []dated
	add := func(id, label, about string, start time.Time) {
		known := slices.ContainsFunc(found, func(d dated) bool { return d.Value == id })
		if !known && understand.Finds(typed, id, label, about) {
			found = append(found, dated{bot.Pick{Label: words.Clip(label, 100), Value: id}, start.Sub(a.Now()).Abs()})
		}
	}
	for _, group := range slices.Compact(groups) {
		courses, err := a.CoursesIn(ctx, group, r.From.ID)
		if err != nil {
			return nil
		}
		for _, c := range courses {
			zone := village.ZoneNamed(c.Zone)
			if wholePlan(r, c) {
				first := c.Sessions[0]
				add(c.ID, a.to(r, zone).PlanLabel(c), "session appointment plan draft "+a.dayWords(first.Start, zone), first.Start)
				continue
			}
			for _, s := range c.Sessions {
				if s.Why != village.Cancelled && a.meant(r, s) {
					add(s.ID, a.to(r, zone).SessionLabel(c, s), "session appointment "+a.dayWords(s.Start, zone), s.Start)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(x, y dated) int { return cmp.Compare(x.away, y.away) })
	var picks []bot.Pick
	for _, d := range found {
		picks = append(picks, d.Pick)
	}
	return picks
}

// wholePlan says whether a command is about a plan as a whole, so that its days need no
// choosing between.
func wholePlan(r bot.Request, c village.Course) bool {
	if len(r.Path) < 2 || len(c.Sessions) == 0 {
		return false
	}
	return r.Path[1] == "save" && c.Draft || r.Path[1] == "progress" && !c.Draft || r.Path[1] == "change"
}

// meant says whether a command can be about a session: nobody ends what has not
// begun, moves or cancels what is over, or saves what is.
func (a *App) meant(r bot.Request, s village.Session) bool {
	if len(r.Path) < 2 {
		return true
	}
	switch r.Path[1] {
	case "end":
		return !a.Now().Before(s.Start)
	case "move":
		return s.Ahead(a.Now())
	case "cancel":
		return s.Ahead(a.Now()) || s.On(a.Now())
	case "save":
		return false
	}
	return true
}

// completeTime shows how the words typed so far would be understood, and before there
// are any what is often meant.
func (a *App) completeTime(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.ownGroup(ctx, r)
	if err != nil {
		return nil
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil || zone == nil {
		return nil
	}
	var picks []bot.Pick
	for _, c := range when.Suggest(typed, a.Now(), zone) {
		said, mark := a.written(c, zone)
		picks = append(picks, bot.Pick{Label: words.Clip(when.Full(c, zone), 100), Value: said + mark})
	}
	return picks
}
