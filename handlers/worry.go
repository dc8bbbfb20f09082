package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// Somebody tells the moderators that something was not right with a ride or a sitter,
// or asks them something, with their name or without. Whom it is about is never told.

const (
	maxWorryWords = 1000
	// maxWorries is how often somebody may tell them in a day.
	maxWorries = 10
	// worryBack is how far back the request may lie that words are taken to be about.
	worryBack = 3 * 24 * time.Hour
)

func (a *App) reportOptions() []bot.Option {
	return []bot.Option{
		{Name: "words", Label: "What happened", Hint: "He had been drinking when he came", Summary: "What was not right, in your own words", Max: maxWorryWords, Long: true, Read: bot.Few},
		{Name: "name", Label: "May the moderators know it was you?", Summary: "May the moderators know it was you? No, when left out", Kind: bot.YesNo},
		{Name: "need", Summary: "Which request it is about: a name, a day or a place", Kind: bot.Ref, Complete: a.completeNeed},
		{Name: "sign", Summary: "Put your name to a report you made: its day, its words or its code", Kind: bot.Ref, Complete: a.completeReport},
	}
}

// report tells the moderators what was not right.
func (a *App) report(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("sign") != "" {
		return a.signReport(ctx, r, g)
	}
	to := a.to(r, nil)
	if r.Arg("words") == "" {
		return a.reportForm(ctx, r), nil
	}
	about, err := a.worryAbout(ctx, r, g)
	if err != nil {
		return bot.Reply{}, err
	}
	w := records.Worry{By: who(r), Words: r.Arg("words"), Need: about.ID, At: a.Now().UTC(), Named: r.Arg("name") == "yes"}
	if w.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	told := false
	err = a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		if n, err := a.WorriesSince(ctx, g.ID, r.From.ID, a.Now().Add(-24*time.Hour)); err != nil {
			return err
		} else if n >= maxWorries {
			return to.ManyReports()
		}
		addresses, err := a.worryAddresses(t, g, about, r.From.ID)
		if told = len(addresses) > 0; err != nil || !told {
			return err
		}
		t.PutWorry(g.ID, w, addresses)
		return a.once(t, r)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if !told {
		return bot.Reply{Messages: []bot.Message{to.NobodyToReportTo(), a.reportLines(ctx, r)}}, nil
	}
	return bot.Reply{Messages: []bot.Message{to.ReportMade(w.ID, w.Named, about.ID != ""), a.reportLines(ctx, r)}}, nil
}

// reportForm asks what was not right. Somebody in danger reads first whom to call.
func (a *App) reportForm(ctx context.Context, r bot.Request) bot.Reply {
	c, _ := a.twoLines(ctx, r)
	f := a.to(r, nil).ReportForm(crisisLine(c.Emergency))
	f.Path, f.Args = r.Path, map[string]string{}
	if need := r.Arg("need"); need != "" {
		f.Args["need"] = need
	}
	for _, o := range a.reportOptions() {
		switch o.Name {
		case "words":
			o.Required = true
		case "name":
		default:
			continue
		}
		f.Fields = append(f.Fields, bot.FormField{Option: o, Value: r.Arg(o.Name)})
	}
	return bot.Reply{Form: &f}
}

// reportLines are the lines beside a report.
func (a *App) reportLines(ctx context.Context, r bot.Request) bot.Message {
	c, listen := a.twoLines(ctx, r)
	m := a.to(r, nil).ReportLines(listen, crisisLine(c.Emergency))
	if inSpanish(r) {
		m.Text = c.Spanish + "\n" + m.Text
	}
	return m
}

// notRight offers a report, filled in, for words that tell of somebody who was with
// them. It is about the help that they had or gave of late; where there was none, it may
// have been somebody of the village all the same, whose yes has ended or whom they saw.
func (a *App) notRight(ctx context.Context, r bot.Request, said string) (reply bot.Reply, ok bool) {
	if !understand.NotRight(said) {
		return bot.Reply{}, false
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, false // who has no village here is answered as ever
	}
	n, err := a.lately(ctx, r, g)
	if err != nil {
		a.Log.ErrorContext(ctx, "whose help somebody had could not be looked up", "request", r, "error", err)
	}
	line := "/report"
	if n.ID != "" {
		line += " need: " + n.ID
	}
	line += " words: " + strings.Join(strings.Fields(said), " ")
	if len(line) > bot.MaxLine || len(said) > maxWorryWords {
		line = ""
	}
	return bot.Reply{Messages: []bot.Message{a.to(r, nil).OfferReport(n, line), a.reportLines(ctx, r)}}, true
}

// completeReport suggests a person's own reports that have no name to them yet, found by their day and their words.
func (a *App) completeReport(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	g, err := a.group(ctx, r)
	if err != nil {
		return nil
	}
	reports, err := a.WorriesOf(ctx, g.ID, r.From.ID)
	if err != nil {
		return nil
	}
	zone := village.ZoneNamed(g.Zone)
	var picks []bot.Pick
	for _, w := range slices.Backward(reports) {
		day := a.dayWords(w.At, zone)
		label := words.Clip(when.Short(w.At, zone)+": "+w.Words, 80)
		if !w.Named && understand.Finds(typed, w.ID, label, w.Words, day, "report last") {
			picks = append(picks, bot.Pick{Label: label, Value: w.ID})
		}
	}
	return picks
}

// signReport puts the name of whoever made a report to it.
func (a *App) signReport(ctx context.Context, r bot.Request, g village.Group) (bot.Reply, error) {
	err := a.Change(ctx, records.GroupPartition(g.ID), func(t *records.Tx) error {
		var w records.Worry
		if err := t.Get(records.WorryKey(g.ID, r.Arg("sign")), &w); err != nil {
			return err
		}
		if w.By.ID != r.From.ID {
			return a.to(r, nil).NoSuchReport()
		}
		if w.Named {
			return nil
		}
		var about village.Need
		if _, err := a.Read(ctx, records.NeedKey(g.ID, w.Need), &about); w.Need != "" && err != nil {
			return err
		}
		to, err := a.worryAddresses(t, g, about, r.From.ID)
		if err != nil {
			return err
		}
		w.Named, w.By = true, who(r)
		t.PutWorry(g.ID, w, to)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).ReportSigned()), nil
}

// worryAbout is the request that a report is about: the one that is named, if it is
// the reporter's own or they help with it, else, for somebody who gives their name, the
// latest such one; empty for none.
func (a *App) worryAbout(ctx context.Context, r bot.Request, g village.Group) (village.Need, error) {
	if id := r.Arg("need"); id != "" {
		var n village.Need
		if _, err := a.Read(ctx, records.NeedKey(g.ID, id), &n); err != nil || !concerned(r, n) {
			return village.Need{}, err
		}
		return n, nil
	}
	if r.Arg("name") != "yes" { // it would tell who it is
		return village.Need{}, nil
	}
	return a.lately(ctx, r, g)
}

func concerned(r bot.Request, n village.Need) bool {
	return n.Member.ID == r.From.ID || n.Concerns(r.From.ID)
}

// lately is the latest request with somebody's help that a person asked for or helped
// with; empty for none.
func (a *App) lately(ctx context.Context, r bot.Request, g village.Group) (village.Need, error) {
	needs, err := a.NeedsWith(ctx, g.ID, r.From.ID, a.Now().Add(-worryBack), 0)
	if err != nil {
		return village.Need{}, err
	}
	needs = slices.DeleteFunc(needs, func(n village.Need) bool {
		return !concerned(r, n) || len(n.Helpers()) == 0 || n.Start.After(a.Now().Add(time.Hour))
	})
	if len(needs) == 0 {
		return village.Need{}, nil
	}
	return needs[len(needs)-1], nil
}

// worryAddresses are where moderators read of a report: never where everybody does, and
// not their channel where somebody whom it may be about reads along.
func (a *App) worryAddresses(t *records.Tx, g village.Group, about village.Need, reporter string) ([]village.Address, error) {
	others := []string{}
	for _, id := range append(records.Helping(about), about.Member.ID) {
		if id != "" && id != reporter {
			others = append(others, id)
		}
	}
	known, err := a.moderatorsKnown(t.Ctx, g)
	if err != nil {
		return nil, err
	}
	for _, id := range others {
		var m records.Moderator
		if err := t.Get(records.ModeratorKey(g.ID, id), &m); err != nil {
			return nil, err
		}
		if m.ID == "" {
			continue
		}
		var to []village.Address
		for _, id := range known {
			if !slices.Contains(others, id) {
				to = append(to, village.Address{Person: id})
			}
		}
		return to, nil
	}
	to, public := a.moderators(t, g)
	if public {
		return nil, nil
	}
	return to, nil
}

// prepareWorry tells moderators of a report, as long as it is kept.
func (a *App) prepareWorry(t *records.Tx, _ due, j records.WorryJob) (scheduler.Delivery, error) {
	var w records.Worry
	if err := t.Get(records.WorryKey(j.Group, j.ID), &w); err != nil || w.ID == "" {
		return scheduler.Delivery{}, err
	}
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return scheduler.Delivery{}, err
	}
	told := words.Report{Words: w.Words, At: w.At}
	if w.Named {
		told.By = w.By
	}
	if w.Need != "" {
		if err := t.Get(records.NeedKey(j.Group, w.Need), &told.About); err != nil {
			return scheduler.Delivery{}, err
		}
	}
	m := a.toPerson(j.To.Person, village.ZoneNamed(g.Zone)).ReportToModerators(told)
	return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address(j.To), Message: m}}, nil
}
