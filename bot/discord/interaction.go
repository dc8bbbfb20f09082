package discord

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

const (
	// wayTime is left for the way to Discord: so much sooner than it forgets an
	// interaction, the first answer is tried for the last time.
	wayTime = 200 * time.Millisecond
	// tokenTime is how long an interaction's answer may be completed.
	tokenTime = 14 * time.Minute
	// handlerTime bounds a handler's work.
	handlerTime = 2 * time.Minute
	// seenTime is how long a use is recognised when it comes again.
	seenTime = 15 * time.Minute
)

// firstAnswer carries the first answer to Discord, over REST or in the answer to
// its HTTP request. After by, Discord has forgotten the interaction.
type firstAnswer func(ctx context.Context, by time.Time, c callback) error

// gatewayInteraction answers an interaction that came through the gateway. A late
// one waited there while nobody was connected.
func (p *Platform) gatewayInteraction(work context.Context, b *bot.Bot, raw []byte, late bool) {
	in, err := readInteraction(raw)
	if err != nil || in.ID == "" || in.Token == "" {
		p.log.WarnContext(work, "discord: an interaction that cannot be read", "error", err)
		return
	}
	p.interaction(work, b, in, late, func(ctx context.Context, by time.Time, c callback) error {
		ctx, cancel := context.WithDeadline(ctx, by)
		defer cancel()
		err := p.api.insist(ctx, call{
			method: http.MethodPost, path: "/interactions/" + in.ID + "/" + in.Token + "/callback",
			route: "POST callback/" + in.ID, body: c, files: c.files, own: true,
		})
		if codeOf(err) == discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged {
			return nil // an attempt worked whose answer was lost
		}
		return err
	}).finish(work)
}

// interaction gives an interaction its first answer, once. The exchange it
// returns still has to be finished.
func (p *Platform) interaction(work context.Context, b *bot.Bot, in interaction, late bool, first firstAnswer) *exchange {
	x := &exchange{p: p, b: b, in: in, late: late, send: first, arrived: time.Now()}
	if !p.notes.FirstHere("use/"+in.ID, seenTime) {
		p.log.InfoContext(work, "discord: an interaction came twice and was answered once")
		return x
	}
	defer x.survive(work)
	x.run(work)
	return x
}

// exchange is one interaction and its answers.
type exchange struct {
	p    *Platform
	b    *bot.Bot
	in   interaction
	late bool // it may have come too late for an answer
	mine bool // no other copy has met it
	// confidential says that what is asked for stays in no chat.
	confidential bool
	send         firstAnswer
	arrived      time.Time
	rest         func(ctx context.Context) // what is to be said after the first answer
	// answered says that there was a first answer, waiting that it said only that
	// another one is coming.
	answered, waiting bool
}

// finish says the rest, which may take as long as Discord listens.
func (x *exchange) finish(work context.Context) {
	if x.rest == nil {
		return
	}
	ctx, cancel := context.WithDeadline(work, x.arrived.Add(tokenTime))
	defer cancel()
	defer x.survive(ctx)
	x.rest(ctx)
}

// survive lets a panic end this exchange and nothing else. Whoever waits for an
// answer hears that something went wrong.
func (x *exchange) survive(ctx context.Context) {
	v := recover()
	if v == nil {
		return
	}
	x.p.panicked(ctx, v)
	var err error
	words := plainWords(troubled(), x.flags())
	switch {
	case x.in.Type == discordgo.InteractionApplicationCommandAutocomplete:
	case !x.answered:
		err = x.first(ctx, callback{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: words})
	case x.waiting:
		err = x.fill(ctx, words)
	}
	if err != nil {
		x.p.log.WarnContext(ctx, "discord: nobody could be told that something went wrong", "error", err)
	}
}

func (x *exchange) run(ctx context.Context) {
	if x.in.unreadable != nil {
		x.unreadable(ctx)
		return
	}
	x.p.remembered(x.in, x.request().From.ID)
	x.p.noteRoles(x.in)
	switch x.in.Type {
	case discordgo.InteractionApplicationCommand, discordgo.InteractionApplicationCommandAutocomplete:
		x.command(ctx)
	case discordgo.InteractionMessageComponent:
		x.component(ctx)
	case discordgo.InteractionModalSubmit:
		x.form(ctx)
	}
}

// request is what every kind of interaction says about who and where.
func (x *exchange) request() bot.Request {
	r := bot.Request{Platform: Name, Once: x.in.ID, Locale: x.in.Locale}
	who := x.in.User
	if x.in.Guild != "" {
		r.Workspace = Name + "/" + x.in.Guild
	}
	if m := x.in.Member; m != nil {
		who = m.User
		permissions, err := strconv.ParseUint(m.Permissions, 10, 64)
		r.From.Moderator = err == nil && permissions&(discordgo.PermissionAdministrator|discordgo.PermissionManageGuild) != 0
	}
	if who != nil {
		r.From.ID, r.From.Name = Name+"/"+who.ID, nameOf(who, x.in.Member)
	}
	r.Room = bot.Room{ID: Name + "/" + x.in.ChannelID, Direct: x.in.Guild == ""}
	if x.in.Channel != nil {
		r.Room.Name = x.in.Channel.Name
	}
	return r
}

// nameOf is what others call somebody here.
func nameOf(u *user, m *member) string {
	switch {
	case m != nil && m.Nick != "":
		return m.Nick
	case u.GlobalName != "":
		return u.GlobalName
	}
	return u.Username
}

func (x *exchange) command(ctx context.Context) {
	d, r := x.in.Data, x.request()
	if d.Type == discordgo.MessageApplicationCommand {
		x.onMessage(ctx, r)
		return
	}
	r.Path, r.Args = []string{d.Name}, map[string]string{}
	options := d.Options
	for len(options) == 1 && (options[0].Type == discordgo.ApplicationCommandOptionSubCommand || options[0].Type == discordgo.ApplicationCommandOptionSubCommandGroup) {
		r.Path = append(r.Path, options[0].Name)
		options = options[0].Options
	}
	focus := ""
	for _, o := range options {
		if v := valueOf(o); v != "" {
			r.Args[o.Name] = v
		}
		if o.Focused {
			focus = o.Name
		}
	}
	if x.in.Type == discordgo.InteractionApplicationCommandAutocomplete {
		x.suggest(ctx, r, focus)
		return
	}
	x.perform(ctx, r, nil)
}

// valueOf is an option's value as words.
func valueOf(o dataPart) string {
	var s string
	if json.Unmarshal(o.Value, &s) != nil {
		s = strings.TrimSpace(string(o.Value)) // a number, true or false
	}
	switch o.Type {
	case discordgo.ApplicationCommandOptionBoolean:
		if s == "true" {
			return "yes"
		}
		return "no"
	case discordgo.ApplicationCommandOptionUser, discordgo.ApplicationCommandOptionChannel, discordgo.ApplicationCommandOptionRole:
		return Name + "/" + s
	}
	return s
}

// onMessage is a command used on a message. Only one's own words may be passed
// on: whoever wrote them did not say them to the bot.
func (x *exchange) onMessage(ctx context.Context, r bot.Request) {
	d := x.in.Data
	path, cmd := onMessageCommand(x.b.Table(), d.Name)
	if cmd == nil {
		x.reply(ctx, ready{reply: old()})
		return
	}
	target, ok := d.Resolved.Messages[d.Target]
	if !ok || bot.Account(r.From.ID) != target.Author.ID {
		x.reply(ctx, ready{reply: bot.Say(bot.Message{
			Tone: bot.Asking,
			Text: "That message is somebody else’s, so I won't touch it. You can use this on your own messages" +
				" or type " + bot.Literal("/"+strings.Join(path, " ")) + " instead.",
		})})
		return
	}
	r.Path, r.Args = path, map[string]string{}
	if words := strings.TrimSpace(target.Content); words != "" {
		r.Args[cmd.Options[0].Name] = words
	}
	x.perform(ctx, r, nil)
}

func onMessageCommand(table []bot.Command, label string) ([]string, *bot.Command) {
	for i := range table {
		if table[i].OnOwnMessage == label && len(table[i].Options) > 0 {
			return []string{table[i].Name}, &table[i]
		}
		if path, cmd := onMessageCommand(table[i].Subs, label); cmd != nil {
			return append([]string{table[i].Name}, path...), cmd
		}
	}
	return nil, nil
}

// suggest answers while somebody types. What they typed is offered back when
// nothing else is: it is theirs to send.
func (x *exchange) suggest(ctx context.Context, r bot.Request, focus string) {
	ctx, cancel := context.WithDeadline(ctx, x.arrived.Add(x.p.cfg.AnswerWithin*2/3))
	defer cancel()
	typed := r.Args[focus]
	r = x.letIn(ctx, r)
	found := make(chan []bot.Pick, 1)
	x.p.goDo(func() { found <- x.b.Complete(ctx, r, focus, typed) })
	var picks []bot.Pick
	select {
	case picks = <-found:
	case <-ctx.Done():
	}
	choices := []choice{}
	for _, p := range picks {
		if p.Value != "" && adapter.Units(p.Value) <= maxOptionText && p.Label != "" && len(choices) < maxOptions {
			choices = append(choices, choice{Name: adapter.Clip(oneLine(p.Label), maxOptionText), Value: p.Value})
		}
	}
	if words := oneLine(typed); len(choices) == 0 && words != "" && adapter.Units(words) <= maxOptionText {
		choices = append(choices, choice{Name: words, Value: words})
	}
	if err := x.first(context.WithoutCancel(ctx), callback{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: picksData{choices}}); err != nil {
		x.p.log.WarnContext(ctx, "discord: suggestions did not arrive", "request", r, "error", err)
	}
}

// component is a button pressed or something chosen from a menu.
func (x *exchange) component(ctx context.Context) {
	d, r := x.in.Data, x.request()
	if strings.HasPrefix(d.CustomID, formPrefix) {
		x.formAgain(ctx, r, d.CustomID)
		return
	}
	if r.Line = lineOf(d.CustomID); r.Line == "" {
		x.reply(ctx, ready{reply: old()})
		return
	}
	if len(d.Values) > 0 {
		r.Line += " " + d.Values[0]
	}
	x.perform(ctx, r, nil)
}

// formAgain opens a form that was remembered. It must be the first answer, so
// another copy's memory is not waited for longer than anything else.
func (x *exchange) formAgain(ctx context.Context, r bot.Request, id string) {
	soon, cancel := context.WithDeadline(ctx, x.arrived.Add(x.p.cfg.DeferAfter))
	defer cancel()
	f, path, err := x.p.recallForm(soon, id)
	switch {
	case err != nil:
		x.reply(ctx, ready{reply: notNow()})
	case f == nil: // forgotten: the command opens its form anew
		r.Line = "/" + strings.Join(path, " ")
		x.perform(ctx, r, nil)
	default:
		x.openForm(ctx, r, *f, id)
		x.rest = func(ctx context.Context) { x.p.keepForm(ctx, id, *f) } // it takes a while to fill in
	}
}

func (x *exchange) form(ctx context.Context) {
	d, r := x.in.Data, x.request()
	r.Submitted, r.Args = true, fieldsOf(d.Components)
	x.perform(ctx, r, func(ctx context.Context, r *bot.Request) *bot.Reply {
		path, args, ok := x.p.readFormID(ctx, d.CustomID)
		if !ok {
			reply := forgotten(path)
			return &reply
		}
		maps.Copy(args, r.Args)
		r.Path, r.Args = path, args
		return nil
	})
}

func notNow() bot.Reply {
	return bot.Reply{Code: bot.CodeInternal, Messages: []bot.Message{{
		Tone: bot.Asking,
		Text: "I could not look up your form just now, and I am sorry. Your words are kept. Please press the button again in a minute.",
	}}}
}

func old() bot.Reply {
	return bot.Reply{Code: bot.CodeOldButton, Messages: []bot.Message{{
		Tone: bot.Asking,
		Text: "This button is from an earlier time, and I no longer know what it did. Nothing was changed.\n\nType /help to see what I can do.",
	}}}
}

func forgotten(path []string) bot.Reply {
	m := bot.Message{Tone: bot.Asking, Text: "That form was open for so long that I forgot how it began, and I am sorry. Nothing was saved. Please start it again."}
	if len(path) > 0 {
		m.Buttons = []bot.Button{{Label: "Start again", Command: "/" + strings.Join(path, " "), Style: bot.Primary}}
	}
	return bot.Reply{Code: bot.CodeFormForgotten, Messages: []bot.Message{m}}
}

// unreadable answers what Discord sent and nobody here understands.
func (x *exchange) unreadable(ctx context.Context) {
	x.p.log.WarnContext(ctx, "discord: an interaction came with a part that cannot be read", "error", x.in.unreadable)
	x.reply(ctx, ready{reply: bot.Reply{Code: bot.CodeInternal, Messages: []bot.Message{{
		Tone: bot.Asking,
		Text: "I could not read that, and I am sorry. Nothing was changed. Please try it another way, or type /help.",
	}}}})
}
