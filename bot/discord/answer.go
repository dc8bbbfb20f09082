package discord

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

// reply answers at once.
func (x *exchange) reply(ctx context.Context, got ready) {
	reply := got.reply
	if x.opens(reply) {
		x.openForm(ctx, x.request(), *reply.Form, got.form)
		return
	}
	messages := x.render(ctx, got, "")
	if len(messages) == 0 {
		if x.in.Type == discordgo.InteractionMessageComponent {
			x.answer(ctx, callback{Type: discordgo.InteractionResponseDeferredMessageUpdate}, reply)
			return
		}
		messages = render(bot.Message{Text: "Done."})
		messages[0].Flags |= x.flags()
	}
	c := callback{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: messages[0], files: messages[0].files}
	if reply.Update && x.mayUpdate() {
		messages[0].Flags &^= discordgo.MessageFlagsEphemeral
		c.Type, c.Data = discordgo.InteractionResponseUpdateMessage, messages[0]
	}
	if x.answer(ctx, c, reply) && len(messages) > 1 {
		x.rest = func(ctx context.Context) { x.follow(ctx, x.request(), messages[1:]) }
	}
}

// mayUpdate says that the message whose button was pressed is seen by this
// person alone.
func (x *exchange) mayUpdate() bool {
	return x.in.Message != nil && (x.in.Guild == "" || x.in.Message.Flags&discordgo.MessageFlagsEphemeral != 0)
}

// complete fills in the answer that was put off, and says the rest.
func (x *exchange) complete(ctx context.Context, r bot.Request, got ready) {
	messages := x.render(ctx, got, "Thank you for waiting. The next step is a short form.")
	if len(messages) == 0 {
		messages = render(bot.Message{Text: "Done."})
	}
	if err := x.fill(ctx, messages[0]); err != nil {
		x.lost(ctx, got.reply, err)
		return
	}
	x.follow(ctx, r, messages[1:])
}

// fill puts a message where it was announced.
func (x *exchange) fill(ctx context.Context, m message) error {
	m.Flags &^= discordgo.MessageFlagsEphemeral // it is already
	err := x.p.shown(ctx, m, func(m message) error {
		return x.p.api.insist(ctx, call{
			method: http.MethodPatch, path: "/webhooks/" + x.in.App + "/" + x.in.Token + "/messages/@original",
			route: "PATCH answer/" + x.in.ID, body: m, files: m.files, own: true,
		})
	})
	x.waiting = x.waiting && err != nil
	return err
}

// follow says what comes after the first message.
func (x *exchange) follow(ctx context.Context, r bot.Request, messages []message) {
	for _, m := range messages {
		m.Flags |= x.flags()
		if err := x.p.followUp(ctx, x.in, m); err != nil {
			x.p.log.WarnContext(ctx, "discord: a part of an answer did not arrive", "request", r, "error", err)
			return
		}
	}
}

// followUp says one more message to whoever made an interaction.
func (p *Platform) followUp(ctx context.Context, in interaction, m message) error {
	return p.shown(ctx, m, func(m message) error {
		return p.webhook(ctx, call{
			method: http.MethodPost, path: "/webhooks/" + in.App + "/" + in.Token,
			route: "POST follow-up/" + in.ID, body: m, files: m.files, own: true,
		})
	})
}

// webhook insists also while Discord has not yet noticed that the first answer
// is there, which happens when that went out as the answer to its own request.
func (p *Platform) webhook(ctx context.Context, c call) error {
	var err error
	for n := range 4 {
		err = p.api.insist(ctx, c)
		if code := codeOf(err); code != discordgo.ErrCodeUnknownWebhook && code != discordgo.ErrCodeUnknownMessage {
			return err
		}
		if adapter.Sleep(ctx, p.cfg.Backoff<<n) != nil {
			return err
		}
	}
	return err
}

// render writes a reply's messages, and a button for its form where there is
// one. Nothing but a form needs the words that lead to it.
func (x *exchange) render(ctx context.Context, got ready, lead string) []message {
	laidOut := got.reply.Update && x.mayUpdate() && x.in.Message.Flags&layoutFlag != 0
	return x.p.renderReply(ctx, got, lead, x.flags(), laidOut)
}

// renderReply is render for whoever writes, too. laidOut says that the first message
// replaces one of components, and so has to be one.
func (p *Platform) renderReply(ctx context.Context, got ready, lead string, flags discordgo.MessageFlags, laidOut bool) []message {
	reply := got.reply
	var out []message
	for _, m := range reply.Messages {
		if laidOut && len(out) == 0 {
			out = renderLayout(p.spelled(m))
			continue
		}
		out = append(out, p.pages.Of(m, p.render)...)
	}
	if reply.Form != nil {
		label := bot.AgainLabel(reply)
		if len(out) == 0 {
			if lead == "" {
				lead = "The next step is a short form."
			}
			label = "Open the form"
			out = render(bot.Message{Text: lead})
		}
		if got.button == "" {
			got.button = p.rememberForm(ctx, *reply.Form)
		}
		if row := formButton(got.button, label); !out[len(out)-1].addRow(row) {
			out = append(out, render(bot.Message{Text: "Your words are still in the form."})...)
			out[len(out)-1].addRow(row)
		}
	}
	for i := range out {
		out[i].Flags |= flags
	}
	return out
}

// flags hides answers from everybody else. Alone with the bot nobody else is
// there, and what it said should stay, unless it is confidential.
func (x *exchange) flags() discordgo.MessageFlags {
	if x.in.Guild == "" && !x.confidential {
		return 0
	}
	return discordgo.MessageFlagsEphemeral
}

func (x *exchange) openForm(ctx context.Context, r bot.Request, f bot.Form, id string) {
	d := renderForm(f, id)
	if err := x.first(ctx, callback{Type: discordgo.InteractionResponseModal, Data: d}); err != nil {
		x.p.log.WarnContext(ctx, "discord: a form did not open", "request", r, "error", err)
	}
}

// answer sends the first answer and says whether it arrived.
func (x *exchange) answer(ctx context.Context, c callback, reply bot.Reply) bool {
	err := x.first(ctx, c)
	if err != nil && statusOf(err) == http.StatusBadRequest {
		// A body that Discord does not take is a fault of ours. The words alone
		// are better than silence.
		x.p.log.ErrorContext(ctx, "discord: an answer was refused and is said in plain words", "request", x.request(), "error", err)
		err = x.first(ctx, callback{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: plainWords(reply, x.flags())})
	}
	if err != nil {
		x.lost(ctx, reply, err)
		return false
	}
	return true
}

// plainWords is a reply's first message without anything that could be refused.
func plainWords(reply bot.Reply, flags discordgo.MessageFlags) message {
	words := "Something went wrong on my side, and I am sorry. Please try again in a minute."
	if len(reply.Messages) > 0 {
		m := reply.Messages[0]
		words = strings.TrimSpace(m.Title + "\n\n" + bot.PlainText(m.Text))
	}
	m := message{Content: adapter.Clip(escape(adapter.Clip(words, maxContent/2), true), maxContent), Flags: flags}
	m.complete()
	return m
}

func (x *exchange) first(ctx context.Context, c callback) error {
	err := x.send(ctx, x.arrived.Add(x.p.cfg.AnswerWithin-wayTime), c)
	x.answered, x.waiting = true, err == nil && c.Type == discordgo.InteractionResponseDeferredChannelMessageWithSource
	return err
}

// lost is an answer that did not arrive. Discord tells the person so; what is
// said to somebody in danger goes to them another way.
func (x *exchange) lost(ctx context.Context, reply bot.Reply, err error) {
	r := x.request()
	x.p.log.WarnContext(ctx, "discord: an answer did not arrive", "request", r, slog.Int("code", codeOf(err)), "error", err)
	if !reply.Crisis || len(reply.Messages) == 0 {
		return
	}
	_, err = x.p.Send(ctx, bot.Outgoing{To: bot.Address{Person: r.From.ID}, Message: reply.Messages[0], Nonce: "c" + x.in.ID})
	if err != nil {
		x.p.log.ErrorContext(ctx, "discord: the lines for a crisis did not arrive either way", "request", r, "error", err)
	}
}
