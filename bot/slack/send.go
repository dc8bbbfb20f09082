package slack

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// Send posts a message to a room, or directly to a person. Screen readers read a
// post's text and not its blocks, so in a room that is everything the message says. Of
// one that goes to a person, who did not ask for it just now, it is the title, which a
// lock screen shows, so it must be discreet; without one, Slack shows a sentence that
// says nothing.
//
// Slack has no key that makes a repeated chat.postMessage harmless. What the
// nonce does here: this process remembers, for an hour, what it posted under a
// nonce and gives that back instead of posting again; and the nonce travels as
// the message's metadata (event type "village"). Before a message that may have been
// sent already (o.Since) the conversation is looked through for it, as its answer may
// have been lost, or the process killed in between. That needs the right to read
// there, which the bot asks for in direct messages alone: in a channel without it the
// repeat is posted a second time, and the first goes when somebody presses a button of it.
//
// Pacing is left to the caller: Slack takes about one post a second in a channel
// and says otherwise with a [bot.RetryError]. A message that is too long for one
// post is cut, and says so. Errors are those of [bot.Platform].
func (p *Platform) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if bot.PlatformOf(o.To.Person+o.To.Room) != "slack" {
		return bot.Posted{}, errors.New("slack: the address is not of this platform")
	}
	if !p.ids.has(cmp.Or(o.To.Person, o.To.Room)) {
		return bot.Posted{}, fmt.Errorf("%w: slack: that is in another workspace", bot.ErrUnreachable)
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
	channel := account(o.To.Room)
	if o.To.Person != "" {
		pg = pg.discreet(o.Message.Title)
		if channel, err = p.directChannel(ctx, account(o.To.Person)); err != nil {
			return bot.Posted{}, outcome("conversations.open", err)
		}
	}
	if there, ok := p.alreadyThere(ctx, channel, o); ok {
		p.posted.Put(o.Nonce, there, postedFor)
		return there, nil
	}
	var posted bot.Posted
	err = p.laidOut(pg, func(shown slackgo.MsgOption) error {
		options := []slackgo.MsgOption{shown, noUnfurl()}
		if o.Nonce != "" {
			options = append(options, slackgo.MsgOptionMetadata(slackgo.SlackMetadata{
				EventType: nonceEvent, EventPayload: map[string]any{"nonce": o.Nonce},
			}))
		}
		in, ts, err := p.api.PostMessageContext(ctx, channel, options...)
		posted = bot.Posted{Platform: "slack", Room: p.ids.of(in), Message: ts}
		return err
	})
	if err != nil {
		if o.To.Person != "" && code(err) == "channel_not_found" {
			p.closeDirect(ctx, account(o.To.Person))
		}
		return bot.Posted{}, outcome("chat.postMessage", err)
	}
	if o.Nonce != "" {
		p.posted.Put(o.Nonce, posted, postedFor)
	}
	if o.To.Person != "" {
		p.give(ctx, channel, "", o.Message.File)
		p.refreshHome(bot.Account(o.To.Person))
	}
	return posted, nil
}

// homeOpenFor is for how long somebody's Home tab is taken to be open after it was filled
// because they opened it or used it.
const homeOpenFor = time.Hour

// refreshHome fills somebody's Home tab again while it may be open, because they were told
// something or did something.
func (p *Platform) refreshHome(user string) {
	if fill, ok := p.homes.Get(user); ok {
		p.start(fill)
	}
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
	if strings.HasPrefix(account(posted.Room), "D") { // a conversation with one person
		pg = pg.discreet(m.Title)
	}
	err = p.laidOut(pg, func(shown slackgo.MsgOption) error {
		_, _, _, err := p.api.UpdateMessageContext(ctx, account(posted.Room), posted.Message, shown)
		return err
	})
	return outcome("chat.update", err)
}

// maxAlt is how long a picture's words may be.
const maxAlt = 1_000

// pictured shows a message's picture, if it may be shown, and gives the rest of the
// message; otherwise the message says what is in the picture.
//
// Slack keeps files until somebody deletes them, and an answer that one person sees
// in a room leaves nothing behind. So pictures go into the conversation with the
// bot only, where everything else stays too. slack-go v0.35.0 sends a file to
// Slack's own hosts or to the configured address, and nowhere else.
func (p *Platform) pictured(ctx context.Context, o *origin, m bot.Message) bot.Message {
	alt := ""
	if m.Image != nil {
		alt = adapter.Clip(clean(m.Image.Alt), maxAlt)
	}
	if alt == "" || len(m.Image.PNG) == 0 || !o.direct || o.channel == "" {
		return m
	}
	err := p.patiently(ctx, func() error {
		_, err := p.api.UploadFileContext(ctx, slackgo.UploadFileParameters{
			Filename: cmp.Or(clean(m.Image.Name), "picture.png"), FileSize: len(m.Image.PNG), Reader: bytes.NewReader(m.Image.PNG),
			AltTxt: alt, Channel: o.channel, ThreadTimestamp: o.thread,
		})
		return err
	})
	if err != nil {
		p.log.WarnContext(ctx, "a picture could not be shown; its words are", "error", withoutURL(err))
		return m
	}
	m.Image = nil
	return m
}

// handed gives a message's file in the conversation with the bot: an answer that one
// person sees in a room cannot hold one.
func (p *Platform) handed(ctx context.Context, o *origin, f *bot.File) {
	if f == nil {
		return
	}
	if o.direct && o.channel != "" {
		p.give(ctx, o.channel, o.thread, f)
		return
	}
	channel, err := p.directChannel(ctx, o.user)
	if err != nil {
		p.log.WarnContext(ctx, "a file could not be given", "error", withoutURL(err))
		return
	}
	p.give(ctx, channel, "", f)
}

// give puts a file into a conversation. What it holds stands in words too, so a file
// that cannot be given is no more than noted.
func (p *Platform) give(ctx context.Context, channel, thread string, f *bot.File) {
	if f == nil || len(f.Data) == 0 {
		return
	}
	err := p.patiently(ctx, func() error {
		_, err := p.api.UploadFileContext(ctx, slackgo.UploadFileParameters{
			Filename: cmp.Or(clean(f.Name), "file"), FileSize: len(f.Data), Reader: bytes.NewReader(f.Data), Channel: channel, ThreadTimestamp: thread,
		})
		return err
	})
	if err != nil {
		p.log.WarnContext(ctx, "a file could not be given", "error", withoutURL(err))
	}
}

// openHome fills the Home tab of somebody who has opened it, or uses it, and again for as
// long as it may be open.
func (p *Platform) openHome(ctx context.Context, b *bot.Bot, team, user, channel string) {
	p.homes.Put(user, func(ctx context.Context) { p.fillHome(ctx, b, team, user, channel) }, homeOpenFor)
	p.fillHome(ctx, b, team, user, channel)
}

// fillHome puts the answer to the Home command into somebody's Home tab. Only
// they see it.
func (p *Platform) fillHome(ctx context.Context, b *bot.Bot, team, user, channel string) {
	if p.cfg.Home == "" {
		return
	}
	r := p.request(ctx, team, user, "", bot.Room{ID: p.ids.of(channel), Direct: true})
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
		p.log.WarnContext(ctx, "a Home tab could not be filled", "person", bot.HashID(p.ids.of(user)), "error", err)
	}
}
