package handlers

import (
	"context"
	"slices"
	"strconv"
	"time"

	"village/bot"
	"village/handlers/chart"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

// scoreCommands are for numbers that somebody was given by a clinic's questionnaire.
func (a *App) scoreCommands() []bot.Command {
	score := bot.Option{Name: "score", Summary: "Which one: its scale or its day, or its code", Kind: bot.Ref, Required: true, Complete: a.completeScore}
	return []bot.Command{
		{Name: "score", Summary: "Keep a number you were given, such as a PHQ-9; nobody else sees it", Example: "/checkin score 12 scale: PHQ-9", Who: bot.Anyone, Run: a.scoreAdd, Form: "A number I was given",
			Options: []bot.Option{
				{Name: "value", Label: "The number", Hint: "12", Summary: "The number, such as 12", Kind: bot.Number, Min: -9999, Max: 9999, Required: true},
				{Name: "scale", Label: "What it was measured with", Hint: "PHQ-9", Summary: "PHQ-9, GAD-7, HAM-A, BDI, PCL-5, or a name of your own", Required: true, Max: village.MaxScaleName, Complete: completeScale, Read: bot.Writer},
				{Name: "day", Label: "Which day", Hint: "today", Summary: "The day it was from; today when left out", Max: 40, Read: bot.Meaning}}},
		{Name: "scores", Summary: "The numbers you were given; nobody else sees them", Example: "/checkin scores", Who: bot.Anyone, Run: a.scoreList},
		{Name: "drop", Summary: "Delete one of these numbers", Example: "/checkin drop k7m2p9", Who: bot.Anyone, Final: true, Run: a.scoreDrop, Options: []bot.Option{score}},
	}
}

// completeScale suggests the scales we know.
func completeScale(_ context.Context, _ bot.Request, _ string) []bot.Pick {
	var picks []bot.Pick
	for _, s := range village.Scales() {
		picks = append(picks, bot.Pick{Label: s.Name, Value: s.Name})
	}
	return picks
}

func (a *App) scoreAdd(ctx context.Context, r bot.Request) (bot.Reply, error) {
	zone, _, err := a.journalOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	value, err := strconv.Atoi(r.Arg("value"))
	if err != nil {
		return bot.Reply{}, a.to(r, zone).NotANumber()
	}
	score := village.Score{Scale: r.Arg("scale"), Value: value, At: a.Now().UTC(), Day: a.Now().In(zone).Format(time.DateOnly)}
	today := score.Day
	if r.Arg("day") != "" {
		day, err := pastDay(r.Arg("day"), a.Now(), zone)
		if err != nil {
			return bot.Reply{}, a.mistold(r, "day", err, a.to(r, zone).NotADay())
		}
		score.Day = day.Format(time.DateOnly)
	}
	if score.ID, err = village.NewID(a.Random); err != nil {
		return bot.Reply{}, err
	}
	var all village.Scores
	err = a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		all = village.Scores{}
		if err := t.Get(records.ScoresKey(r.From.ID), &all); err != nil {
			return err
		}
		var err error
		if all, err = all.With(score, today); err == nil {
			t.PutScores(r.From.ID, all)
			err = a.once(t, r)
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Say(a.to(r, zone).ScoreKept(score, all))
	if score.Near() {
		reply.Messages = append(reply.Messages, a.twoLinesFor(ctx, r))
	}
	return reply, nil
}

func (a *App) scores(ctx context.Context, person string) (village.Scores, error) {
	var s village.Scores
	_, err := a.Read(ctx, records.ScoresKey(person), &s)
	return s, err
}

func (a *App) scoreList(ctx context.Context, r bot.Request) (bot.Reply, error) {
	s, err := a.scores(ctx, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).Scores(s)), nil
}

func (a *App) scoreDrop(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var s village.Scores
	err := a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		s = village.Scores{}
		if err := t.Get(records.ScoresKey(r.From.ID), &s); err != nil {
			return err
		}
		var ok bool
		if s, ok = s.Without(r.Arg("score")); !ok {
			return a.to(r, nil).NoSuchScore()
		}
		t.PutScores(r.From.ID, s)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(a.to(r, nil).Scores(s)), nil
}

// completeScore suggests a person's own numbers, the last one first.
func (a *App) completeScore(ctx context.Context, r bot.Request, typed string) []bot.Pick {
	s, err := a.scores(ctx, r.From.ID)
	if err != nil {
		return nil
	}
	var picks []bot.Pick
	for _, score := range slices.Backward(s.All) {
		label := words.ScoreLabel(score)
		if len(picks) < 25 && understand.Finds(typed, score.ID, label) {
			picks = append(picks, bot.Pick{Label: label, Value: score.ID})
		}
	}
	return picks
}

// checkInChart shows a person their own days and numbers, with their sessions; or two
// plans beside each other.
func (a *App) checkInChart(ctx context.Context, r bot.Request) (bot.Reply, error) {
	x, err := a.weeks(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, x.Zone)
	panels := []chart.Panel{chartOf(to, x, "", time.Time{})}
	if plans := x.Plans(); r.Arg("by") == "plans" && len(plans) > 1 {
		panels = nil
		for _, c := range plans[len(plans)-2:] {
			panels = append(panels, chartOf(to, x.During(c), to.PlanFrom(c), x.FirstDay(c)))
		}
	}
	if x.Empty() {
		return bot.Say(to.NoDaysYet()), nil
	}
	picture, err := chart.PNG(to.ChartTitle(), chart.Key(to.ChartKey()), panels)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.Weeks(x, picture)), nil
}

// weeks is all that somebody has noted, with the sessions it lies between.
func (a *App) weeks(ctx context.Context, r bot.Request) (words.WeeksShown, error) {
	var x words.WeeksShown
	var err error
	if x.Zone, x.Courses, err = a.journalOf(ctx, r); err != nil {
		return x, err
	}
	if _, err := a.Read(ctx, records.DiaryKey(r.From.ID), &x.Diary); err != nil {
		return x, err
	}
	x.Scores, err = a.scores(ctx, r.From.ID)
	x.Now = a.Now()
	return x, err
}

// chartOf is what a picture shows of some weeks. from is the day that the first one
// stands for, the zero time for the first day on which there is anything.
func chartOf(to words.Reader, x words.WeeksShown, title string, from time.Time) chart.Panel {
	p := chart.Panel{Title: title, From: from}
	for _, d := range x.Diary.Days {
		if at, err := time.Parse(time.DateOnly, d.Day); err == nil {
			p.Days = append(p.Days, chart.Day{At: at, Step: d.Feeling.Step()})
		}
	}
	for _, s := range x.Sessions() {
		p.Sessions = append(p.Sessions, wallDate(s.Start, x.Zone))
	}
	for _, scale := range x.Scores.ByScale() {
		known := village.ScaleNamed(scale[0].Scale)
		series := chart.Series{Name: known.Name, Least: known.Least, Most: known.Most}
		if known.Known {
			series.Name = to.ScaleRange(known)
		}
		for _, s := range scale {
			at, err := time.Parse(time.DateOnly, s.Day)
			if err != nil {
				continue // not written by us
			}
			series.Points = append(series.Points, chart.Point{At: at, Value: s.Value})
			if !known.Known {
				series.Least, series.Most = min(series.Least, s.Value), max(series.Most, s.Value)
			}
		}
		p.Series = append(p.Series, series)
	}
	return p
}
