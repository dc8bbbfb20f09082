package handlers

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/chart"
	"village/handlers/words"
	"village/internal/village"
)

func summaryOptions() []bot.Option {
	return []bot.Option{
		{Name: "do", Summary: "Choose what is on it, or make it", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Choose", Value: "choose"}, {Label: "Make it", Value: "make"}}},
		{Name: "parts", Summary: "What is on it, such as dates, days, numbers, lines, questions, helpers", Max: 80, Read: bot.Meaning},
	}
}

// sessionSummary is a page for somebody to hand to their therapist: they tick what is
// on it, and read it in our direct messages alone.
func (a *App) sessionSummary(ctx context.Context, r bot.Request) (bot.Reply, error) {
	to := a.to(r, nil)
	if !r.Room.Direct {
		return bot.Reply{}, to.OnlyDirectly()
	}
	x, err := a.takenAlong(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to = a.to(r, x.Zone)
	if r.Arg("do") != "make" {
		return bot.Reply{Update: r.Arg("parts") != "", Messages: []bot.Message{to.WhatToTakeAlong(x)}}, nil
	}
	var picture []byte
	if x.Pictured() {
		weeks := x.Weeks()
		if picture, err = chart.PNG(to.ChartTitle(), chart.Key(to.ChartKey()), []chart.Panel{chartOf(to, weeks, "", time.Time{})}); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Say(to.TakenAlong(x, picture)), nil
}

// takenAlong is what somebody has ticked, and all that it is made of.
func (a *App) takenAlong(ctx context.Context, r bot.Request) (words.Along, error) {
	weeks, err := a.weeks(ctx, r)
	if err != nil {
		return words.Along{}, err
	}
	x := words.Along{WeeksShown: weeks, On: words.UsualParts()}
	if said := r.Arg("parts"); said != "" {
		x.On = nil
		for _, part := range words.AllParts() {
			if slices.Contains(strings.FieldsFunc(strings.ToLower(said), func(r rune) bool { return r == ' ' || r == ',' }), string(part)) {
				x.On = append(x.On, part)
			}
		}
	}
	if x.Journal, err = a.Journal(ctx, r.From.ID); err != nil {
		return x, err
	}
	if slices.Contains(x.On, words.WithHelpers) {
		x.Helpers, err = a.whoHelped(ctx, r.From.ID, x.Sessions())
	}
	return x, err
}

// whoHelped are the names of those who helped somebody (an ID) with their sessions.
func (a *App) whoHelped(ctx context.Context, person string, sessions []village.Session) ([]string, error) {
	known, err := a.Member(ctx, person)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, group := range known.Groups {
		needs, err := a.NeedsOf(ctx, group, sessions...)
		if err != nil {
			return nil, err
		}
		for _, n := range slices.Concat(slices.Collect(maps.Values(needs))...) {
			for _, c := range n.Helpers() {
				names = append(names, c.Helper.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
