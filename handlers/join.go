package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// Two workspaces become one village: a moderator of one gets a code, a
// moderator of the other enters it. The second group then points to the first
// (Group.Joined), so whatever is asked on one platform shows on both, and one
// yes wins. Nothing is moved: what was in the second group stays there, which
// is why it must have nothing ahead of it.

// setupJoin gives a code, or uses one.
func (a *App) setupJoin(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("code") == "" {
		return a.joinInvite(ctx, g)
	}
	return a.joinWith(ctx, r, g)
}

func (a *App) joinInvite(ctx context.Context, g village.Group) (bot.Reply, error) {
	var code string
	for range 2 { // twelve letters cannot be guessed within the hour
		id, err := village.NewID(a.Random)
		if err != nil {
			return bot.Reply{}, err
		}
		code += id
	}
	err := a.Change(ctx, records.SysPartition, func(t *records.Tx) error {
		if err := t.Get(records.JoinKey(code), &records.JoinCode{}); err != nil {
			return err
		}
		t.Put(records.JoinKey(code), records.JoinCode{Group: g.ID}, a.Now().Add(records.JoinCodeLife))
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "A code for the other side", Tone: bot.Good,
		Text: "In the Slack workspace or Discord server that should share this village, a moderator types within an hour:\n\n" +
			"**" + bot.Literal("/setup join "+code) + "**\n\nAfter that, every request shows on both sides, and one yes wins. Please give the code to that moderator only."}), nil
}

func (a *App) joinWith(ctx context.Context, r bot.Request, own village.Group) (bot.Reply, error) {
	var code records.JoinCode
	if rev, err := a.Read(ctx, records.JoinKey(r.Arg("code")), &code); err != nil || rev == 0 {
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{}, &bot.Error{Code: "no-such-code", Say: "I don't know that code. It works once, and for an hour.", Hint: "Please ask the other side's moderator for a new one: they type /setup join."}
	}
	target, err := a.JoinedTo(ctx, code.Group) // it may have joined another meanwhile
	if err != nil {
		return bot.Reply{}, err
	}
	if target == own.ID {
		return bot.Reply{}, &bot.Error{Code: "same-group", Say: "This is the same village already, so there is nothing to join.", Hint: "The code is for a moderator of the other workspace."}
	}
	pending, err := a.Store.Pending(ctx, records.GroupPartition(own.ID), 1)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("looking for what is ahead: %w", err)
	}
	if len(pending) > 0 {
		return bot.Reply{}, &bot.Error{Code: "not-empty", Say: "This side still has requests, sessions or reminders ahead of it, and joining would leave them behind.",
			Hint: "Please join once they are over, or cancel them first. Or join the other way round: type /setup join here, and give that code to the other side."}
	}
	if err := a.spend(ctx, r.Arg("code")); err != nil {
		return bot.Reply{}, err
	}
	var joined village.Group
	err = a.Change(ctx, records.GroupPartition(target), func(t *records.Tx) error {
		joined = village.Group{}
		if err := t.Get(records.GroupKey(target), &joined); err != nil {
			return err
		}
		for _, room := range own.Rooms {
			joined = joined.WithRoom(room)
		}
		t.Put(records.GroupKey(target), joined, time.Time{})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.GroupPartition(own.ID), func(t *records.Tx) error {
		if err := t.Get(records.GroupKey(own.ID), &own); err != nil {
			return err
		}
		own.Joined = target
		t.Put(records.GroupKey(own.ID), own, time.Time{})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "You are one village now", Tone: bot.Good,
		Text: "What is asked on one side shows on both from now on. The other side's time zone, quiet hours and country hold for all."}
	if !slices.ContainsFunc(own.Rooms, func(room village.Room) bool { return bot.PlatformOf(room.ID) == r.Platform }) {
		m.Text += "\n\nThis side has no village channel yet, so its people see nothing posted:"
		m.Buttons = []bot.Button{{Label: "Use this channel", Command: "/setup channel"}}
	}
	return bot.Say(m), nil
}

// spend uses a code up; of two who use it at once, one is refused.
func (a *App) spend(ctx context.Context, code string) error {
	return a.Change(ctx, records.SysPartition, func(t *records.Tx) error {
		if err := t.Get(records.JoinKey(code), &records.JoinCode{}); err != nil {
			return err
		}
		if !t.Has(records.JoinKey(code)) {
			return &bot.Error{Code: "no-such-code", Say: "That code has just been used.", Hint: "Please ask for a new one."}
		}
		t.Remove(records.JoinKey(code))
		return nil
	})
}

// setupLeave makes a workspace a village of its own again.
func (a *App) setupLeave(ctx context.Context, r bot.Request) (bot.Reply, error) {
	shared, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Workspace == "" {
		return bot.Reply{}, &bot.Error{Code: "which-side", Say: "In a direct message I can't tell which side you mean.", Hint: "Please type /setup leave in a channel of the side that is to leave."}
	}
	var p records.Place
	if _, err := a.Read(ctx, records.PlaceKey(r.Workspace), &p); err != nil {
		return bot.Reply{}, err
	}
	if p.Group == shared.ID {
		return bot.Reply{}, &bot.Error{Code: "not-joined", Say: "This side has not joined another village, so there is nothing to leave.", Hint: "If another side has joined this one, a moderator there types /setup leave."}
	}
	var own village.Group
	err = a.Change(ctx, records.GroupPartition(p.Group), func(t *records.Tx) error {
		own = village.Group{}
		if err := t.Get(records.GroupKey(p.Group), &own); err != nil {
			return err
		}
		own.Joined = ""
		t.Put(records.GroupKey(p.Group), own, time.Time{})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	err = a.Change(ctx, records.GroupPartition(shared.ID), func(t *records.Tx) error {
		if err := t.Get(records.GroupKey(shared.ID), &shared); err != nil {
			return err
		}
		shared.Rooms = slices.DeleteFunc(slices.Clone(shared.Rooms), func(room village.Room) bool { return bot.PlatformOf(room.ID) == r.Platform })
		t.Put(records.GroupKey(shared.ID), shared, time.Time{})
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "This side is a village of its own again", Text: "What was asked while you were one stays with the other side."}), nil
}
