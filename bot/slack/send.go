package slack

import (
	"context"
	"errors"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// Send posts a message to a room, or directly to a person. The title is what a
// lock screen shows, so it must be discreet; without one, Slack shows a sentence
// that says nothing.
//
// Slack has no key that makes a repeated chat.postMessage harmless. What the
// nonce does here: this process remembers, for an hour, what it posted under a
// nonce and gives that back instead of posting again; and the nonce travels as
// the message's metadata (event type "village"), where a person or a tool with the
// right to read it can tell a repeat from a new message. What it does not do: when
// a post was made but its answer was lost, or the process was killed in between,
// the repeat is posted a second time.
//
// Pacing is left to the caller: Slack takes about one post a second in a channel
// and says otherwise with a [bot.RetryError]. A message that is too long for one
// post is cut, and says so. Errors are those of [bot.Platform].
func (p *Platform) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if bot.PlatformOf(o.To.Person+o.To.Room) != "slack" {
		return bot.Posted{}, errors.New("slack: the address is not of this platform")
	}
	if o.Nonce != "" {
		if done, ok := p.posted.Get(o.Nonce); ok {
			return done, nil
		}
	}
	pg, err := onePage(o.Message)
	if err != nil {
		return bot.Posted{}, err
	}
	channel := bot.Account(o.To.Room)
	if o.To.Person != "" {
		if channel, err = p.directChannel(ctx, bot.Account(o.To.Person)); err != nil {
			return bot.Posted{}, outcome("conversations.open", err)
		}
	}
	var posted bot.Posted
	err = p.laidOut(pg.discreet(o.Message.Title), func(shown slackgo.MsgOption) error {
		options := []slackgo.MsgOption{shown, noUnfurl()}
		if o.Nonce != "" {
			options = append(options, slackgo.MsgOptionMetadata(slackgo.SlackMetadata{
				EventType: "village", EventPayload: map[string]any{"nonce": o.Nonce},
			}))
		}
		in, ts, err := p.api.PostMessageContext(ctx, channel, options...)
		posted = bot.Posted{Platform: "slack", Room: "slack/" + in, Message: ts}
		return err
	})
	if err != nil {
		if o.To.Person != "" && code(err) == "channel_not_found" {
			p.direct.Remove(bot.Account(o.To.Person))
		}
		return bot.Posted{}, outcome("chat.postMessage", err)
	}
	if o.Nonce != "" {
		p.posted.Put(o.Nonce, posted, postedFor)
	}
	return posted, nil
}

// Edit replaces what a posted message says, with the same limits as Send. A
// message that is gone, or too old for the workspace's rules, is bot.ErrGone.
func (p *Platform) Edit(ctx context.Context, posted bot.Posted, m bot.Message) error {
	if posted.Platform != "slack" {
		return errors.New("slack: the message is not of this platform")
	}
	pg, err := onePage(m)
	if err != nil {
		return err
	}
	err = p.laidOut(pg.discreet(m.Title), func(shown slackgo.MsgOption) error {
		_, _, _, err := p.api.UpdateMessageContext(ctx, bot.Account(posted.Room), posted.Message, shown)
		return err
	})
	return outcome("chat.update", err)
}
