package slack

import (
	"bytes"
	"cmp"
	"context"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

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
