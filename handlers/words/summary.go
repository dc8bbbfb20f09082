package words

import (
	"slices"
	"strings"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// AlongPart is a part of the page that somebody takes to their therapist.
type AlongPart string

// The parts.
const (
	WithDates     AlongPart = "dates"
	WithDays      AlongPart = "days"
	WithNumbers   AlongPart = "numbers"
	WithLines     AlongPart = "lines"
	WithQuestions AlongPart = "questions"
	WithHelpers   AlongPart = "helpers"
)

// AllParts are the parts in their order on the page.
func AllParts() []AlongPart {
	return []AlongPart{WithDates, WithDays, WithNumbers, WithLines, WithQuestions, WithHelpers}
}

// UsualParts are those that are ticked at first: not who helped.
func UsualParts() []AlongPart {
	return []AlongPart{WithDates, WithDays, WithNumbers, WithLines, WithQuestions}
}

// Along is a page to take along: what is On it, and all that it can be made of.
type Along struct {
	WeeksShown
	On      []AlongPart
	Journal village.Journal
	Helpers []string
}

func (x Along) has(p AlongPart) bool { return slices.Contains(x.On, p) }

// Weeks are the notes that are on the page.
func (x Along) Weeks() WeeksShown {
	weeks := x.WeeksShown
	if !x.has(WithDates) {
		weeks.Courses = nil
	}
	if !x.has(WithDays) {
		weeks.Diary = village.Diary{}
	}
	if !x.has(WithNumbers) {
		weeks.Scores = village.Scores{}
	}
	return weeks
}

// Pictured says whether there is anything on the page to draw.
func (x Along) Pictured() bool { return !x.Weeks().Empty() }

// OnlyDirectly refuses the page where others could look over somebody's shoulder.
func (to Reader) OnlyDirectly() error {
	return &bot.Error{Code: "only-directly", Say: to.say("That page is for our direct messages, where nobody can look over your shoulder."), Hint: to.say("Please write %s to me there.", "/session summary")}
}

func (to Reader) alongLabel(p AlongPart) string {
	switch p {
	case WithDates:
		return to.say("My sessions")
	case WithDays:
		return to.say("How my days went")
	case WithNumbers:
		return to.say("My numbers")
	case WithLines:
		return to.say("The lines I chose")
	case WithQuestions:
		return to.say("My questions")
	}
	return to.say("Who helped")
}

// WhatToTakeAlong lets the reader tick what is on their page.
func (to Reader) WhatToTakeAlong(x Along) bot.Message {
	m := bot.Message{Title: to.say("A page for your therapist"), Tone: bot.Asking,
		Footer: to.say("Only you see it. I'll send it nowhere: you show it, or copy it.")}
	var on, off []string
	for _, p := range AllParts() {
		toggled := slices.DeleteFunc(slices.Clone(x.On), func(o AlongPart) bool { return o == p })
		label := to.say("Leave out: %s", to.alongLabel(p))
		if x.has(p) {
			on = append(on, to.alongLabel(p))
		} else {
			off = append(off, to.alongLabel(p))
			toggled, label = append(toggled, p), to.say("Put on: %s", to.alongLabel(p))
		}
		m.Buttons = append(m.Buttons, bot.Button{Label: label, Command: alongLine("choose", toggled)})
	}
	lines := to.say("You have chosen %d lines of your journal. To choose others, open them with %s.", len(x.Journal.Along().Written()), "/journal read")
	if len(x.Journal.Along().Written()) == 0 {
		lines = to.say("You have chosen no lines of your journal yet. To choose some, open them with %s.", "/journal read")
	}
	there, left := "", ""
	if len(on) > 0 {
		there = to.say("On it: %s.", strings.Join(on, ", "))
	}
	if len(off) > 0 {
		left = to.say("Not on it: %s.", strings.Join(off, ", "))
	}
	m.Text = paragraphs(there, left, lines)
	if len(on) > 0 {
		m.Buttons = append([]bot.Button{{Label: to.say("Make the page"), Command: alongLine("make", x.On), Style: bot.Primary}}, m.Buttons...)
	}
	return m
}

// alongLine is the command for a page of these parts, "none" for none.
func alongLine(do string, parts []AlongPart) string {
	words := "none"
	if len(parts) > 0 {
		names := make([]string, len(parts))
		for i, p := range parts {
			names[i] = string(p)
		}
		words = strings.Join(names, " ")
	}
	return "/session summary " + do + " " + words
}

// TakenAlong is the page, with its picture (PNG) where there is one.
func (to Reader) TakenAlong(x Along, picture []byte) bot.Message {
	m := bot.Message{Title: to.say("My weeks, %s", to.Now.In(to.Zone).Format("2 January 2006")), Buttons: []bot.Button{{Label: to.say("Change what is on it"), Command: alongLine("choose", x.On)}},
		Footer: to.say("Only you see this. I'll send it nowhere: you show it, or copy it.")}
	weeks := x.Weeks()
	sessions := weeks.Sessions()
	var dates []string
	for _, s := range sessions {
		dates = append(dates, "- "+when.Short(s.Start, to.Zone))
	}
	var parts []string
	add := func(title, text string) {
		if text != "" {
			parts = append(parts, "**"+title+"**\n"+text)
		}
	}
	add(to.say("Sessions"), strings.Join(dates, "\n"))
	add(to.say("How the days went, beside the day before"), to.daysInWords(weeks.Diary))
	add(to.say("Numbers I was given"), to.scoreLines(weeks.Scores))
	if x.has(WithLines) {
		add(to.say("From my journal"), to.entries(x.Journal.Along().Written()))
	}
	if x.has(WithQuestions) {
		add(to.say("What I want to ask"), to.entries(x.Journal.Questions()))
	}
	if x.has(WithHelpers) {
		add(to.say("Who helped"), Bullets(x.Helpers))
	}
	if len(parts) == 0 {
		m.Text = to.say("There is nothing on it yet.")
		return m
	}
	m.Text = strings.Join(parts, "\n\n")
	if len(picture) > 0 {
		alt := sentences(to.say("A chart of your days."), strings.ReplaceAll(to.daysInWords(weeks.Diary), "\n", " "))
		m.Image = &bot.Image{Name: "weeks.png", PNG: picture, Alt: Clip(alt, maxAlt)}
	}
	return m
}

// entries are what somebody wrote, a line a day.
func (to Reader) entries(j village.Journal) string {
	var lines []string
	for _, e := range j {
		lines = append(lines, to.say("- %s: %s", dayOf(e.Day), bot.Literal(strings.Join(strings.Fields(e.Words), " "))))
	}
	return strings.Join(lines, "\n")
}
