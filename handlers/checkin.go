package handlers

import (
	"context"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
)

func (a *App) checkInCommands() []bot.Command {
	return append([]bot.Command{
		{Name: "today", Summary: "How is it today? Nobody else sees it", Example: "/checkin today better", Who: bot.Anyone, Run: a.checkIn,
			Options: []bot.Option{{Name: "how", Summary: "Better, same, heavier, or I need help", Kind: bot.Choice, Choices: []bot.Pick{
				{Label: "Better", Value: string(village.Better)}, {Label: "Same", Value: string(village.Same)},
				{Label: "Heavier", Value: string(village.Heavier)}, {Label: "I need help", Value: string(village.HelpMe)}}}}},
		{Name: "chart", Summary: "Your own days; nobody else sees them", Example: "/checkin chart", Who: bot.Anyone, Run: a.checkInChart,
			Options: []bot.Option{{Name: "by", Summary: "All of it, or your last two plans side by side", Kind: bot.Choice, Choices: []bot.Pick{{Label: "All of it", Value: "all"}, {Label: "Two plans side by side", Value: "plans"}}}}},
		{Name: "delete", Summary: "Delete all of your check-ins", Example: "/checkin delete", Who: bot.Anyone, Run: a.checkInDelete,
			Options: []bot.Option{{Name: "sure", Summary: "Say yes once you are sure", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Yes, I am sure", Value: "yes"}}}}},
	}, a.scoreCommands()...)
}

// noteSoon bounds taking a hard day down, and looking up whom its person can talk to.
const noteSoon = 500 * time.Millisecond

// checkIn takes an answer down. Whatever goes wrong on the way, somebody who
// needs people hears at once where they are.
func (a *App) checkIn(ctx context.Context, r bot.Request) (bot.Reply, error) {
	how := village.Feeling(r.Arg("how"))
	if how == "" {
		return bot.Say(a.to(r, nil).AskHow(a.reminderCard(village.CheckIn).Whole())), nil
	}
	if how == village.Heavier || how == village.HelpMe {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, noteSoon)
		defer cancel()
	}
	err := a.noteFeeling(ctx, r, how)
	switch how {
	case village.Heavier:
		logUnkept(ctx, a, r, err)
		return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).Heavier(), a.linesFor(ctx, r)}}, nil
	case village.HelpMe:
		logUnkept(ctx, a, r, err)
		return bot.Reply{Messages: []bot.Message{a.linesFor(ctx, r), a.to(r, nil).Heavier()}, Crisis: true}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).ThanksForSaying(how)}}, nil
}

func logUnkept(ctx context.Context, a *App, r bot.Request, err error) {
	if err != nil {
		a.Log.ErrorContext(ctx, "a check-in could not be kept", "request", r, "error", err)
	}
}

func (a *App) noteFeeling(ctx context.Context, r bot.Request, how village.Feeling) error {
	g, err := a.ownGroup(ctx, r)
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

func (a *App) checkInDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("sure") != "yes" {
		return bot.Say(a.to(r, nil).SureToDeleteDays()), nil
	}
	if err := a.RemoveDoc(ctx, records.DiaryKey(r.From.ID)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Update: true, Messages: []bot.Message{a.to(r, nil).DaysDeleted()}}, nil
}
