package discord

import (
	"context"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

// ready is a reply, and what had to be remembered before it can be shown.
type ready struct {
	reply  bot.Reply
	form   string // the custom id of the form it opens
	button string // the custom id of the button that offers its form
}

// perform runs the request; prepare completes it first or answers in its place.
// Everything that may have to wait for a store happens meanwhile: when it takes a
// while, Discord is told that an answer is coming, so that the person sees it when
// it does.
func (x *exchange) perform(ctx context.Context, r bot.Request, prepare func(ctx context.Context, r *bot.Request) *bot.Reply) {
	x.confidential = x.b.Confidential(r)
	if x.late {
		x.performLate(ctx, r, prepare)
		return
	}
	announced := x.announce(ctx)
	defer announced() //nolint:errcheck // when something panics, nothing is announced after it
	got := x.work(ctx, r, prepare)
	switch soon, err := announced(); {
	case got == nil:
	case !soon:
		x.reply(ctx, *got)
	case err != nil:
		x.rest = func(ctx context.Context) { x.lost(ctx, got.reply, err) }
	default:
		x.rest = func(ctx context.Context) { x.complete(ctx, r, *got) }
	}
}

// announce tells Discord in a while that an answer is coming. What it returns
// keeps that from happening, unless it has, and then also how that went.
func (x *exchange) announce(ctx context.Context) func() (announced bool, err error) {
	var mu sync.Mutex
	var over, announced bool
	var failed error
	timer := time.AfterFunc(time.Until(x.arrived.Add(x.p.cfg.DeferAfter)), func() {
		defer func() {
			if v := recover(); v != nil {
				x.p.panicked(ctx, v)
			}
		}()
		mu.Lock()
		defer mu.Unlock()
		if !over {
			announced = true
			failed = x.first(ctx, callback{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: laterData{Flags: x.flags()}})
		}
	})
	return func() (bool, error) {
		timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		over = true
		return announced, failed
	}
}

// performLate asks first whether Discord still listens. When it does not, the person
// was told that this failed, and may have done it again: then nothing is done any
// more, but danger is answered another way. What the shard's last owner is still
// answering is left to it.
func (x *exchange) performLate(ctx context.Context, r bot.Request, prepare func(ctx context.Context, r *bot.Request) *bot.Reply) {
	if !x.isMine(ctx, x.arrived.Add(x.p.cfg.DeferAfter)) {
		return
	}
	x.mine = true
	err := x.first(ctx, callback{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: laterData{Flags: x.flags()}})
	r.Late = err != nil
	x.rest = func(ctx context.Context) {
		switch got := x.work(ctx, r, prepare); {
		case got == nil:
		case err != nil:
			x.lost(ctx, got.reply, err)
		default:
			x.complete(ctx, r, *got)
		}
	}
}

// work is the part of a request that may take its time. It is nil when another
// copy has met the same interaction. What is urgent does not wait to hear that: it
// changes nothing, so that twice does no harm. Words that may mean danger hardly wait.
func (x *exchange) work(ctx context.Context, r bot.Request, prepare func(ctx context.Context, r *bot.Request) *bot.Reply) *ready {
	if !x.mine && !x.b.Urgent(r) {
		by := x.arrived.Add(tokenTime)
		if r.Hearing = x.b.Hear(ctx, r); r.Hearing.Pressing() {
			by = x.arrived.Add(adapter.AskCopies)
		}
		if !x.isMine(ctx, by) {
			return nil
		}
	}
	got := x.p.safely(ctx, func(ctx context.Context) (got ready) {
		if prepare != nil {
			if instead := prepare(ctx, &r); instead != nil {
				got.reply = *instead
				return got
			}
		}
		got.reply = x.b.Do(ctx, x.letIn(ctx, r))
		switch f := got.reply.Form; {
		case f == nil:
		case x.opens(got.reply):
			got.form = x.p.formID(ctx, *f)
		default:
			got.button = x.p.rememberForm(ctx, *f)
		}
		return got
	})
	return &got
}

// isMine says that no other copy has met this interaction, as far as can be told by
// then.
func (x *exchange) isMine(ctx context.Context, by time.Time) bool {
	if !x.p.notes.Shared() {
		return true
	}
	ctx, cancel := context.WithDeadline(ctx, by)
	defer cancel()
	fresh := x.p.firstAnywhere(ctx, "use/"+x.in.ID)
	if !fresh {
		x.p.log.InfoContext(ctx, "discord: an interaction came to two copies and was answered by one")
	}
	return fresh
}

// opens says that a reply is a form, shown where a form can be.
func (x *exchange) opens(reply bot.Reply) bool {
	return reply.Form != nil && len(reply.Messages) == 0 && x.in.Type != discordgo.InteractionModalSubmit
}

// safely runs a request and survives whatever happens in it.
func (p *Platform) safely(ctx context.Context, do func(ctx context.Context) ready) (got ready) {
	ctx, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			p.panicked(ctx, v)
			got = ready{reply: troubled()}
		}
	}()
	return do(ctx)
}

// troubled is the reply when something went wrong that nobody foresaw.
func troubled() bot.Reply {
	return bot.Reply{Code: bot.CodeInternal, Messages: []bot.Message{{
		Tone: bot.Asking,
		Text: "Something went wrong on my side, and I am sorry. Please try again in a minute. If it is about a ride today, please call your driver or your clinic now rather than wait for me.",
	}}}
}
