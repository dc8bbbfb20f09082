package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// fillHome puts the answer to the Home command into somebody's Home tab. Only
// they see it.
func (p *Platform) fillHome(ctx context.Context, b *bot.Bot, team, user, channel string) {
	if p.cfg.Home == "" {
		return
	}
	r := p.request(ctx, team, user, "", bot.Room{ID: roomID(channel), Direct: true})
	r.Line = p.cfg.Home
	blocks := viewBlocks(b.Do(ctx, r).Messages, maxViewBlocks)
	if len(blocks) == 0 {
		return
	}
	meta, err := formMeta{Channel: channel, Direct: true}.encode()
	if err != nil { // cannot be: one channel's name
		return
	}
	err = p.patiently(ctx, func() error {
		_, err := p.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: user, View: slackgo.HomeTabViewRequest{
			Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: blocks}, PrivateMetadata: meta,
		}})
		return err
	})
	if err != nil {
		p.log.WarnContext(ctx, "a Home tab could not be filled", "person", bot.HashID("slack/"+user), "error", err)
	}
}
