package handlers

import (
	"context"
	"strings"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
	"village/internal/village/when"
)

// setupModerators chooses where the moderators hear what is for them alone.
func (a *App) setupModerators(ctx context.Context, r bot.Request) (bot.Reply, error) {
	room, err := a.roomSaid(ctx, r, "/setup moderators #mods")
	if err != nil {
		return bot.Reply{}, err
	}
	_, err = a.changeGroup(ctx, r, func(t *records.Tx, g *village.Group) error {
		*g = g.WithModeration(room)
		var m records.Moderator
		if err := t.Get(records.ModeratorKey(g.ID, r.From.ID), &m); err != nil {
			return err
		}
		m.Person, m.Seen, m.Chose = who(r), a.Now().UTC(), true
		t.PutModerator(g.ID, m)
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "The moderators' channel is set", Tone: bot.Good,
		Text: "When a request has nobody and its day is near, I say so in " + bot.RoomLink(bot.Room{ID: room.ID, Name: room.Name}) + ". Please make sure that I may write there, and that only moderators can read it."}), nil
}

// setupQuiet sets the group's quiet hours. What is promised already keeps its
// time.
func (a *App) setupQuiet(ctx context.Context, r bot.Request) (bot.Reply, error) {
	quiet, err := a.quietHours(r)
	if err != nil {
		return bot.Reply{}, err
	}
	g, err := a.changeGroup(ctx, r, func(_ *records.Tx, g *village.Group) error {
		g.Quiet = &quiet
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := "There are none now. I may write at any hour."
	if quiet.From != quiet.To {
		text = "From now on I wait with everything that can wait: " + bot.Literal(quiet.String()) + " (" + bot.Literal(village.ZoneNamed(g.Zone).String()) + "). News about a change, and what cannot wait, still comes at once."
	}
	return bot.Say(bot.Message{Title: "The quiet hours are set", Tone: bot.Good, Text: text}), nil
}

// quietHours reads quiet hours, or that there are none.
func (a *App) quietHours(r bot.Request) (village.Quiet, error) {
	said := strings.ToLower(strings.TrimSpace(r.Arg("hours")))
	if said == "off" || said == "none" {
		return village.Quiet{}, nil
	}
	from, to, err := when.Span(said, village.LongestQuiet)
	if err != nil {
		return village.Quiet{}, a.mistold(r, "hours", err, &bot.Error{Code: "quiet-wrong", Say: "I could not read that as quiet hours.", Hint: "For example: 21:00-8:00, or off."})
	}
	return village.QuietBetween(from, to)
}
