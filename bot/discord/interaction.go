package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

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
		if codeOf(err) == codeAlreadyAnswered {
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
	p       *Platform
	b       *bot.Bot
	in      interaction
	late    bool // it may have come too late for an answer
	mine    bool // no other copy has met it
	send    firstAnswer
	arrived time.Time
	rest    func(ctx context.Context) // what is to be said after the first answer
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
	case x.in.Type == typeAutocomplete:
	case !x.answered:
		err = x.first(ctx, callback{Type: answerMessage, Data: words})
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
	switch x.in.Type {
	case typeCommand, typeAutocomplete:
		x.command(ctx)
	case typeComponent:
		x.component(ctx)
	case typeForm:
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
		r.From.Moderator = err == nil && permissions&(permAdministrator|permManageServer) != 0
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
	if d.Type == commandMessage {
		x.onMessage(ctx, r)
		return
	}
	r.Path, r.Args = []string{d.Name}, map[string]string{}
	options := d.Options
	for len(options) == 1 && (options[0].Type == optionSub || options[0].Type == optionGroup) {
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
	if x.in.Type == typeAutocomplete {
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
	case optionYesNo:
		if s == "true" {
			return "yes"
		}
		return "no"
	case optionPerson, optionChannel:
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
			Text: "That message is somebody else’s, so I leave it alone. You can use this on your own messages" +
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
	if err := x.first(context.WithoutCancel(ctx), callback{Type: answerPicks, Data: picksData{choices}}); err != nil {
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
	r.Submitted = true
	x.perform(ctx, r, func(ctx context.Context, r *bot.Request) *bot.Reply {
		path, args, ok := x.p.readFormID(ctx, d.CustomID)
		if !ok {
			reply := forgotten(path)
			return &reply
		}
		for name, v := range fieldsOf(d.Components) {
			args[name] = v
		}
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
			failed = x.first(ctx, callback{Type: answerLater, Data: laterData{Flags: x.flags()}})
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
	err := x.first(ctx, callback{Type: answerLater, Data: laterData{Flags: x.flags()}})
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
// changes nothing, so that twice does no harm.
func (x *exchange) work(ctx context.Context, r bot.Request, prepare func(ctx context.Context, r *bot.Request) *bot.Reply) *ready {
	if !x.mine && !x.b.Urgent(r) && !x.isMine(ctx, x.arrived.Add(tokenTime)) {
		return nil
	}
	got := x.p.safely(ctx, func(ctx context.Context) (got ready) {
		if prepare != nil {
			if instead := prepare(ctx, &r); instead != nil {
				got.reply = *instead
				return got
			}
		}
		got.reply = x.b.Do(ctx, r)
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
	if x.p.cfg.State == nil {
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
	return reply.Form != nil && len(reply.Messages) == 0 && x.in.Type != typeForm
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

// reply answers at once.
func (x *exchange) reply(ctx context.Context, got ready) {
	reply := got.reply
	if x.opens(reply) {
		x.openForm(ctx, x.request(), *reply.Form, got.form)
		return
	}
	messages := x.render(ctx, got, "")
	if len(messages) == 0 {
		if x.in.Type == typeComponent {
			x.answer(ctx, callback{Type: answerSeen}, reply)
			return
		}
		messages = render(bot.Message{Text: "Done."})
		messages[0].Flags |= x.flags()
	}
	c := callback{Type: answerMessage, Data: messages[0], files: messages[0].files}
	if reply.Update && x.mayUpdate() {
		messages[0].Flags &^= flagEphemeral
		c.Type, c.Data = answerUpdate, messages[0]
	}
	if x.answer(ctx, c, reply) && len(messages) > 1 {
		x.rest = func(ctx context.Context) { x.follow(ctx, x.request(), messages[1:]) }
	}
}

// mayUpdate says that the message whose button was pressed is seen by this
// person alone.
func (x *exchange) mayUpdate() bool {
	return x.in.Message != nil && (x.in.Guild == "" || x.in.Message.Flags&flagEphemeral != 0)
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
	m.Flags &^= flagEphemeral // it is already
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
		err := x.p.shown(ctx, m, func(m message) error {
			return x.webhook(ctx, call{
				method: http.MethodPost, path: "/webhooks/" + x.in.App + "/" + x.in.Token,
				route: "POST follow-up/" + x.in.ID, body: m, files: m.files, own: true,
			})
		})
		if err != nil {
			x.p.log.WarnContext(ctx, "discord: a part of an answer did not arrive", "request", r, "error", err)
			return
		}
	}
}

// webhook insists also while Discord has not yet noticed that the first answer
// is there, which happens when that went out as the answer to its own request.
func (x *exchange) webhook(ctx context.Context, c call) error {
	var err error
	for n := range 4 {
		err = x.p.api.insist(ctx, c)
		if code := codeOf(err); code != codeUnknownWebhook && code != codeUnknownMessage {
			return err
		}
		if adapter.Sleep(ctx, x.p.cfg.Backoff<<n) != nil {
			return err
		}
	}
	return err
}

// render writes a reply's messages, and a button for its form where there is
// one. Nothing but a form needs the words that lead to it.
func (x *exchange) render(ctx context.Context, got ready, lead string) []message {
	return x.p.renderReply(ctx, got, lead, x.flags())
}

func (p *Platform) renderReply(ctx context.Context, got ready, lead string, flags int) []message {
	reply := got.reply
	var out []message
	for _, m := range reply.Messages {
		out = append(out, p.pages.Of(m, render)...)
	}
	if reply.Form != nil {
		label := "Try again"
		if len(out) == 0 {
			if lead == "" {
				lead = "The next step is a short form."
			}
			label = "Open the form"
			out = render(bot.Message{Text: lead})
		}
		last := &out[len(out)-1]
		if len(last.Components) == maxRows {
			out = append(out, render(bot.Message{Text: "Your words are still in the form."})...)
			last = &out[len(out)-1]
		}
		if got.button == "" {
			got.button = p.rememberForm(ctx, *reply.Form)
		}
		last.Components = append(slices.Clip(last.Components), formButton(got.button, label))
	}
	for i := range out {
		out[i].Flags |= flags
	}
	return out
}

// flags hides answers from everybody else. Alone with the bot nobody else is
// there, and what it said should stay.
func (x *exchange) flags() int {
	if x.in.Guild == "" {
		return 0
	}
	return flagEphemeral
}

func (x *exchange) openForm(ctx context.Context, r bot.Request, f bot.Form, id string) {
	d := renderForm(f, id)
	if err := x.first(ctx, callback{Type: answerForm, Data: d}); err != nil {
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
		err = x.first(ctx, callback{Type: answerMessage, Data: plainWords(reply, x.flags())})
	}
	if err != nil {
		x.lost(ctx, reply, err)
		return false
	}
	return true
}

// plainWords is a reply's first message without anything that could be refused.
func plainWords(reply bot.Reply, flags int) message {
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
	x.answered, x.waiting = true, err == nil && c.Type == answerLater
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
