package handlers

import (
	"context"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
)

func (a *App) checkInCommands() []bot.Command {
	return []bot.Command{
		{Name: "today", Summary: "How is it today? Nobody else sees it", Example: "/checkin today better", Who: bot.Anyone, Run: a.checkIn,
			Options: []bot.Option{{Name: "how", Summary: "Better, same, heavier, or I need help", Kind: bot.Choice, Choices: []bot.Pick{
				{Label: "Better", Value: string(village.Better)}, {Label: "Same", Value: string(village.Same)},
				{Label: "Heavier", Value: string(village.Heavier)}, {Label: "I need help", Value: string(village.HelpMe)}}}}},
		{Name: "chart", Summary: "Your own days; nobody else sees them", Example: "/checkin chart", Who: bot.Anyone, Run: a.checkInChart},
		{Name: "delete", Summary: "Delete all of your check-ins", Example: "/checkin delete", Who: bot.Anyone, Run: a.checkInDelete,
			Options: []bot.Option{{Name: "sure", Summary: "Say yes once you are sure", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Yes, I am sure", Value: "yes"}}}}},
	}
}

// checkIn takes an answer down. Whatever goes wrong on the way, somebody who
// needs people hears at once where they are.
func (a *App) checkIn(ctx context.Context, r bot.Request) (bot.Reply, error) {
	how := village.Feeling(r.Arg("how"))
	if how == "" {
		return bot.Say(bot.Message{Text: a.reminderCard(village.CheckIn).Whole(), Buttons: words.CheckInButtons()}), nil
	}
	err := a.noteFeeling(ctx, r, how)
	switch how {
	case village.Heavier:
		logUnkept(ctx, a, r, err)
		return bot.Reply{Update: true, Messages: []bot.Message{words.HeavierMessage(), a.linesFor(ctx, r)}}, nil
	case village.HelpMe:
		logUnkept(ctx, a, r, err)
		return bot.Reply{Messages: []bot.Message{a.linesFor(ctx, r), words.HeavierMessage()}, Crisis: true}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Tone: bot.Good, Text: "Thank you for saying so. I am glad there is some ease in it.", Buttons: []bot.Button{{Label: "My days", Command: "/checkin chart"}}}
	if how == village.Same {
		m.Text = "Thank you for saying so. The same is an answer too, and nothing has to move today."
	}
	return bot.Reply{Update: true, Messages: []bot.Message{m}}, nil
}

func logUnkept(ctx context.Context, a *App, r bot.Request, err error) {
	if err != nil {
		a.Log.ErrorContext(ctx, "a check-in could not be kept", "request", r, "error", err)
	}
}

func (a *App) noteFeeling(ctx context.Context, r bot.Request, how village.Feeling) error {
	g, err := a.group(ctx, r)
	if err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return err
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil {
		return err
	}
	if zone == nil {
		zone = time.UTC // only the name of the day depends on it
	}
	return a.Change(ctx, records.MemberPartition(r.From.ID), func(t *records.Tx) error {
		var d village.Diary
		if err := t.Get(records.DiaryKey(r.From.ID), &d); err != nil {
			return err
		}
		d = d.Noted(how, a.Now(), zone)
		t.Put(records.DiaryKey(r.From.ID), d, d.KeptUntil(a.Now()), store.Entry{Name: records.PersonIndex(r.From.ID), Score: a.Now().UnixMilli()})
		return nil
	})
}

// checkInChart shows a person their own days.
func (a *App) checkInChart(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var d village.Diary
	if _, err := a.Read(ctx, records.DiaryKey(r.From.ID), &d); err != nil {
		return bot.Reply{}, err
	}
	if len(d.Days) == 0 {
		return bot.Say(bot.Message{Title: "Your days", Text: "There is nothing here yet. One tap a day is enough.", Buttons: words.CheckInButtons()}), nil
	}
	var lines []string
	for _, day := range d.Days[max(0, len(d.Days)-60):] {
		at, err := time.Parse(time.DateOnly, day.Day)
		if err != nil {
			continue // not written by us
		}
		lines = append(lines, "- "+at.Format("Mon 2 Jan")+": "+words.FeelingBar(day.Feeling))
	}
	return bot.Say(bot.Message{Title: "Your days", Text: strings.Join(lines, "\n"),
		Footer:  "Only you see this. I keep each day for 120 days. A hard day says nothing about the next one.",
		Buttons: []bot.Button{{Label: "Delete all of them", Command: "/checkin delete"}}}), nil
}

func (a *App) checkInDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("sure") != "yes" {
		return bot.Say(bot.Message{Title: "Delete all of your check-ins?", Tone: bot.Asking, Text: "This can't be undone. Your plan and its reminders stay.",
			Buttons: []bot.Button{{Label: "Yes, delete them", Command: "/checkin delete yes", Style: bot.Danger}, {Label: "Keep them", Command: "/checkin chart"}}}), nil
	}
	if err := a.RemoveDoc(ctx, records.DiaryKey(r.From.ID)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "They are deleted", Text: "Nothing of it is left."}}}, nil
}
