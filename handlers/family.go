package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
)

// Whoever is asked outside the chat is a person with a link of their own, see
// [village.Family]: they use the same commands as everybody else, as far as these are
// on their page.

// linkPath is the path, behind the address of the pages, under which a link is opened.
const linkPath = "/i/"

func (a *App) familyCommands() []bot.Command {
	name := bot.Option{Name: "name", Label: "Their name", Hint: "Rosa", Summary: "Their name, as you call them", Required: true, Max: village.MaxGuest, Read: bot.Everybody}
	who := bot.Option{Name: "name", Summary: "Whose: a name, or the code", Kind: bot.Ref, Required: true, Complete: a.completeFamily}
	sure := bot.Option{Name: "sure", Summary: "Say yes once you are sure", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Yes, I am sure", Value: "yes"}}}
	return []bot.Command{
		{Name: "add", Summary: "A personal link for somebody who is not here: they see what you ask for, and say yes", Example: "/family add name: Rosa", Who: bot.Anyone, Run: a.familyAdd, Form: "Ask somebody else",
			Options: []bot.Option{name,
				{Name: "for", Label: "What for, in your words", Hint: "rides for some appointments", Summary: "What you ask them for, in words that they may read", Max: village.MaxFor, Read: bot.Few},
				{Name: "until", Label: "Until which day", Hint: "jan 31; three months when left out", Summary: "The last day of the link; three months when left out", Max: 40, Read: bot.Meaning},
				{Name: "rides", Summary: "Show them rides; yes when left out", Kind: bot.YesNo},
				{Name: "children", Summary: "Show them what is with children; no when left out", Kind: bot.YesNo},
				{Name: "meals", Summary: "Show them meals, errands and company; yes when left out", Kind: bot.YesNo},
				{Name: "language", Summary: "Which language their page is in; that of their phone when left out", Kind: bot.Choice,
					Choices: []bot.Pick{{Label: "English", Value: "english"}, {Label: "Spanish", Value: "spanish"}}},
				{Name: "most", Summary: "How many promises at a time; no limit when left out", Kind: bot.Number, Min: 1, Max: village.MaxPromises}}},
		{Name: "tell", Summary: "A link for somebody who only hears when you are home", Example: "/family tell name: Carlos", Who: bot.Anyone, Run: a.familyAdd, Form: "Tell somebody",
			Options: []bot.Option{name, {Name: "until", Label: "Until which day", Hint: "jan 31; three months when left out", Summary: "The last day of the link; three months when left out", Max: 40, Read: bot.Meaning}}},
		{Name: "list", Summary: "Those to whom you gave a personal link", Example: "/family list", Who: bot.Anyone, Run: a.familyList},
		{Name: "link", Summary: "A new link for somebody, in place of the one they had", Example: "/family link Rosa", Who: bot.Anyone, Run: a.familyLink, Options: []bot.Option{who, sure}},
		{Name: "remove", Summary: "End somebody's link", Example: "/family remove Rosa", Who: bot.Anyone, Run: a.familyRemove, Options: []bot.Option{who, sure}},
	}
}

// familyAdd asks somebody outside the chat, by a link.
func (a *App) familyAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, to, err := a.readingHere(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if a.Pages == "" {
		return bot.Reply{}, to.NoPages()
	}
	until, err := a.lastDay(r, to.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	theirs, err := a.FamilyOf(ctx, g.ID, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	switch same := village.FamilyNamed(theirs, r.Arg("name")); {
	case len(same) > 0 && same[0].Lasts(a.Now()):
		return bot.Reply{}, to.FamilyThere(same[0])
	case len(theirs) >= village.MaxFamily:
		return bot.Reply{}, to.ManyFamily(len(theirs))
	}
	code, err := village.NewID(a.Random)
	if err != nil {
		return bot.Reply{}, err
	}
	f, err := village.NewFamily(code, r.Arg("name"), who(r), until, a.Now())
	if err != nil {
		return bot.Reply{}, err
	}
	f.For = strings.Join(strings.Fields(r.Arg("for")), " ")
	f.NoRides, f.NoChildren, f.NoOther = r.Arg("rides") == "no", r.Arg("children") != "yes", r.Arg("meals") == "no"
	f.Locale = map[string]string{"english": "en", "spanish": "es"}[r.Arg("language")]
	f.HomeOnly = lastOf(r.Path) == "tell"
	f.Most, _ = strconv.Atoi(r.Arg("most")) // the table has checked it; 0 where it was left out
	return a.linked(ctx, r, g, f)
}

// lastDay is the end of the day until which a link lasts; zero where none is said.
func (a *App) lastDay(r bot.Request, zone *time.Location) (time.Time, error) {
	if r.Arg("until") == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	day, err := when.Day(r.Arg("until"), a.Now(), zone)
	if err != nil {
		return time.Time{}, a.misheard(r, "until", err, asWritten)
	}
	return day.AddDate(0, 0, 1), nil
}

// linked gives somebody a link, and tells it to whoever asked them.
func (a *App) linked(ctx context.Context, r bot.Request, g village.Group, f village.Family) (bot.Reply, error) {
	secret, err := records.NewSecret(a.Random)
	if err != nil {
		return bot.Reply{}, err
	}
	anew := f.Link != ""
	if err := a.Linked(ctx, g.ID, f, secret); err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, zone).FamilyLinked(f, strings.TrimSuffix(a.Pages, "/")+linkPath+secret, anew, a.PageLanguages.For(f.Locale))), nil
}

// familyList shows a member whom they gave a link, and a moderator how many there are.
func (a *App) familyList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, to, err := a.readingHere(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	theirs, err := a.FamilyOf(ctx, g.ID, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	list := words.FamilyList{Pages: a.Pages != "", Moderator: r.From.Moderator}
	for _, f := range theirs {
		if f.Lasts(a.Now()) {
			list.Theirs = append(list.Theirs, f)
		}
	}
	if r.From.Moderator {
		all, err := a.FamilyIn(ctx, g.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		for _, f := range all {
			if f.Lasts(a.Now()) {
				list.All++
			}
		}
	}
	return bot.Say(to.Family(list)), nil
}

// familyNamed is the one of a member's who is meant.
func (a *App) familyNamed(ctx context.Context, r bot.Request) (village.Group, village.Family, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return g, village.Family{}, err
	}
	theirs, err := a.FamilyOf(ctx, g.ID, r.From.ID)
	if err != nil {
		return g, village.Family{}, err
	}
	found := village.FamilyNamed(theirs, r.Arg("name"))
	if len(found) == 0 {
		return g, village.Family{}, a.to(r, nil).NoSuchFamily()
	}
	return g, found[len(found)-1], nil // the last one asked
}

// familyLink replaces a link that was lost, or went to the wrong person.
func (a *App) familyLink(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, f, err := a.familyNamed(ctx, r)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case a.Pages == "":
		return bot.Reply{}, a.to(r, nil).NoPages()
	case r.Arg("sure") != "yes":
		return bot.Say(a.to(r, nil).SureOfNewLink(f)), nil
	}
	if !f.Lasts(a.Now()) {
		f.Until = a.Now().Add(village.FamilyLasts).UTC()
	}
	return a.linked(ctx, r, g, f)
}

// familyRemove ends a link, and what whoever had it is down for as if they had been taken
// off. Whoever is on the way with somebody brings them home first.
func (a *App) familyRemove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, f, err := a.familyNamed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, village.ZoneNamed(g.Zone))
	theirs, err := a.NeedsWith(ctx, g.ID, f.ID, a.Now().Add(-village.MaxLasts), 0)
	if err != nil {
		return bot.Reply{}, err
	}
	var off []village.Need
	for _, n := range theirs {
		switch {
		case n.OnTheWayWith(f.ID):
			return bot.Reply{}, to.FamilyOnTheWay(f)
		case f.IsDownFor(n, a.Now()):
			off = append(off, n)
		}
	}
	if r.Arg("sure") != "yes" {
		return bot.Say(to.SureToEndLink(f, off)), nil
	}
	for _, n := range off {
		if _, err := a.ChangeNeed(ctx, g.ID, n.ID, func(t *records.Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
			after, owed, err := n.Unfill(r.From.ID, false, f.ID, a.Busy(t, g.ID, n), a.Now())
			if err != nil { // it is over by now
				return n, nil, nil
			}
			return after, owed, nil
		}); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := a.Forget(ctx, aboutPeople(), f.ID, g.ID); err != nil {
		return bot.Reply{}, err
	}
	return update(to.FamilyRemoved(f, off)), nil
}

// OnPage is whom a link of a workspace's group is for, by their name or their ID: of
// several, the last one asked.
func (a *App) OnPage(ctx context.Context, workspace, who string) (p bot.Person, ok bool, err error) {
	group, err := a.GroupOf(ctx, workspace)
	if err != nil {
		return p, false, err
	}
	all, err := a.FamilyIn(ctx, group)
	if err != nil {
		return p, false, err
	}
	for _, f := range all {
		if f.ID == who || strings.EqualFold(f.Name, who) {
			p, ok = bot.Person{ID: f.ID, Name: f.Name}, true
		}
	}
	return p, ok, nil
}

// completeFamily offers those to whom somebody gave a link.
func (a *App) completeFamily(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	theirs, err := a.FamilyOf(ctx, g.ID, r.From.ID)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, f := range theirs {
		if strings.HasPrefix(strings.ToLower(f.Name), strings.ToLower(typed)) {
			picks = append(picks, bot.Pick{Label: f.Name, Value: village.FamilyCode(f.ID)})
		}
	}
	return picks[:min(len(picks), 25)]
}

// onPage are the commands that somebody with a link can use: those of a helper.
func onPage() []string {
	return []string{
		"page", "need show", "need claim", "need standby", "need still", "need got", "need late", "need home", "need pass", "need details", "need release",
		"helper join", "helper settings", "helper show", "helper leave", "my zone", "my calendar", "my mail", "report", "privacy show", "privacy export", "privacy delete",
	}
}

// ofPage is a request of somebody with a link, in the language that they have chosen. It
// refuses whatever is not on their page, and everything when their link has ended; what is
// kept about them is theirs all the same.
func (a *App) ofPage(ctx context.Context, r bot.Request) (bot.Request, error) {
	if !village.IsFamily(r.From.ID) {
		return r, nil
	}
	m, err := a.Member(ctx, r.From.ID)
	if err != nil {
		return r, err
	}
	f, err := a.Family(ctx, m.Group, r.From.ID)
	if err != nil {
		return r, err
	}
	r.Locale = cmp.Or(f.Locale, r.Locale)
	path := strings.Join(r.Path, " ")
	switch {
	case !slices.Contains(onPage(), path):
		return r, a.to(r, nil).NotOnPage()
	case !a.Now().Before(f.Until) && !strings.HasPrefix(path, "privacy "):
		return r, a.afterTheEnd(ctx, r, m.Group, f)
	}
	return r, nil
}

// afterTheEnd refuses somebody whose link has ended all but a word on how it goes with what
// they set out for before.
func (a *App) afterTheEnd(ctx context.Context, r bot.Request, group string, f village.Family) error {
	if !slices.Contains([]string{"page", "need got", "need late", "need home"}, strings.Join(r.Path, " ")) {
		return a.to(r, nil).LinkEnded()
	}
	theirs, err := a.NeedsWith(ctx, group, f.ID, a.Now().Add(-village.MaxLasts), 0)
	if err == nil && !f.SetOut(theirs, a.Now()) {
		err = a.to(r, nil).LinkEnded()
	}
	return err
}

// familyStanding is how somebody with a link stands to a village: they are in it as long
// as their link lasts.
func (a *App) familyStanding(ctx context.Context, g village.Group, person string) bot.Standing {
	f, err := a.Family(ctx, g.ID, person)
	switch {
	case err != nil:
		return bot.Unsaid
	case f.Lasts(a.Now()):
		return bot.In
	}
	return bot.Gone
}

// shownTo refuses somebody with a link a need that is not shown to them, in the same words
// as one that there is not.
func (a *App) shownTo(ctx context.Context, r bot.Request, g village.Group, n village.Need) error {
	if !village.IsFamily(r.From.ID) {
		return nil
	}
	f, err := a.Family(ctx, g.ID, r.From.ID)
	if err == nil && !f.MaySee(n) {
		err = a.to(r, nil).NoSuchNeed()
	}
	return err
}
