package slack

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// nonceEvent is the event type of the metadata that carry a message's nonce.
const nonceEvent = "village"

const (
	// clockLeeway is by how much Slack's clock may differ from ours.
	clockLeeway = 10 * time.Minute
	// historyPage is how many messages are looked at in one call, historyPages how
	// many calls are made: a busy channel is not read to its beginning.
	historyPage, historyPages = 200, 5
	// repeatLook bounds all that: a message that comes twice is better than a late one.
	repeatLook = 10 * time.Second
)

// alreadyThere looks for a message that may have been posted by an earlier try. Where
// the bot may not look, or Slack does not answer, it is taken not to be there.
func (p *Platform) alreadyThere(ctx context.Context, channel string, o bot.Outgoing) (posted bot.Posted, found bool) {
	if o.Nonce == "" || o.Since.IsZero() {
		return posted, false
	}
	ctx, cancel := context.WithTimeout(ctx, repeatLook)
	defer cancel()
	ask := slackgo.GetConversationHistoryParameters{
		ChannelID: channel, Limit: historyPage, IncludeAllMetadata: true, Inclusive: true,
		Oldest: strconv.FormatInt(o.Since.Add(-clockLeeway).Unix(), 10),
	}
	for range historyPages {
		var page *slackgo.GetConversationHistoryResponse
		err := p.patiently(ctx, func() (err error) {
			page, err = p.api.GetConversationHistoryContext(ctx, &ask)
			return err
		})
		if err != nil {
			p.log.InfoContext(ctx, "whether a message is there already cannot be seen, so it is posted", "room", bot.HashID(p.ids.of(channel)), "error", err)
			return posted, false
		}
		for _, m := range page.Messages {
			if p.own(m.Msg) && nonceOf(m.Metadata) == o.Nonce {
				return bot.Posted{Platform: "slack", Room: p.ids.of(channel), Message: m.Timestamp}, true
			}
		}
		if ask.Cursor = page.ResponseMetaData.NextCursor; ask.Cursor == "" {
			break
		}
	}
	return posted, false
}

// own says that the bot itself wrote a message.
func (p *Platform) own(m slackgo.Msg) bool {
	me := p.me()
	return m.User != "" && m.User == me.user || m.BotID != "" && m.BotID == me.bot
}

// nonceOf is the nonce that a message was posted with, "" when it has none.
func nonceOf(meta slackgo.SlackMetadata) string {
	if meta.EventType != nonceEvent {
		return ""
	}
	nonce, _ := meta.EventPayload["nonce"].(string)
	return nonce
}

// unlessStray takes away a message that a button was pressed on, when the same message
// was posted again because the answer to its post was lost: it would say for ever what
// it said then. The one that stays is kept up to date.
func (p *Platform) unlessStray(ctx context.Context, i interaction) {
	stays, ok := p.posted.Get(nonceOf(i.Message.Metadata))
	if !ok || i.Container.IsEphemeral || stays.Room != p.ids.of(i.Channel.ID) || stays.Message == i.Container.MessageTS {
		return
	}
	if _, _, err := p.api.DeleteMessageContext(ctx, i.Channel.ID, i.Container.MessageTS); err != nil {
		p.log.WarnContext(ctx, "a message that stands twice could not be taken away", "room", bot.HashID(stays.Room), "error", err)
	}
}

// bareMessages keeps of messages in a history what tells a repeat: whose they are, and
// their nonce. What people wrote there is nobody's business here.
func bareMessages(raw json.RawMessage) json.RawMessage {
	type bare struct {
		TS       string          `json:"ts"`
		User     string          `json:"user,omitempty"`
		BotID    string          `json:"bot_id,omitempty"`
		Metadata json.RawMessage `json:"metadata,omitempty"`
	}
	var items []json.RawMessage
	_ = json.Unmarshal(raw, &items)
	kept := make([]bare, 0, len(items))
	for _, item := range items {
		var m bare
		var meta slackgo.SlackMetadata
		if json.Unmarshal(item, &m) != nil || json.Unmarshal(m.Metadata, &meta) != nil || nonceOf(meta) == "" {
			continue
		}
		kept = append(kept, m)
	}
	out, err := json.Marshal(kept)
	if err != nil { // cannot be: they were read from JSON
		return nil
	}
	return out
}
