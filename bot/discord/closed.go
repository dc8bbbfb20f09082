package discord

import (
	"context"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
)

const (
	// listens is how long Discord takes more answers to an interaction, less some time
	// for the way.
	listens = 14 * time.Minute
	// maxUses is how many people's last interactions are remembered.
	maxUses = 5_000
	// noOneWrites is Discord's word that the bot and somebody have no server in common.
	noOneWrites = 50278
)

// used is somebody's last interaction in a room, and whether they were told there that
// they cannot be written to.
type used struct {
	in   interaction
	told bool
}

// remembered keeps the interaction of somebody in a room: for a quarter of an hour it
// is a way to them that nobody else sees.
func (p *Platform) remembered(in interaction, person string) {
	if in.Guild == "" || person == "" || in.Type == discordgo.InteractionApplicationCommandAutocomplete {
		return
	}
	p.uses.Put(person, used{in: interaction{ID: in.ID, App: in.App, Token: in.Token, Guild: in.Guild}}, listens)
}

// sayWhereTheyAre shows a message to somebody who takes no direct messages where they
// just used the bot, and how to let it write to them. That goes away when they close
// Discord, so the message still counts as one that did not reach them.
func (p *Platform) sayWhereTheyAre(ctx context.Context, o bot.Outgoing, refused error) {
	if code := codeOf(refused); code != discordgo.ErrCodeCannotSendMessagesToThisUser && code != noOneWrites {
		return
	}
	last, ok := p.uses.Get(o.To.Person)
	if !ok {
		return
	}
	messages := p.render(o.Message)
	if !last.told {
		messages = append(render(bot.Message{
			Title: "I can't write to you directly", Tone: bot.Asking,
			Text: "So I'm telling you here, where only you see it, and it goes away. Please allow direct messages from this server (its name, Privacy Settings), so that I can reach you on the day.",
		}), messages...)
		last.told = true
		p.uses.Put(o.To.Person, last, listens)
	}
	for _, m := range messages {
		m.Flags |= discordgo.MessageFlagsEphemeral
		if err := p.followUp(ctx, last.in, m); err != nil {
			p.log.WarnContext(ctx, "discord: somebody who takes no direct messages could not be told in the room either", "person", bot.HashID(o.To.Person), "error", err)
			return
		}
	}
}
