package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

const (
	// A response_url works five times within thirty minutes.
	respondUses = 5
	respondLife = 29 * time.Minute
)

// origin is where a request came from, and so where its answer belongs.
type origin struct {
	done    func(payload any) // acknowledges what asked, which is done; nil when it was
	respond *responder        // nil when there is no response_url
	trigger string
	arrived time.Time

	channel, thread, user string
	// direct is the conversation with the bot; ephemeral says that the pressed
	// message is seen by its reader alone.
	direct, ephemeral bool
	// confidential says that what is asked for stays in no chat.
	confidential bool
	// viewID is the modal that a button was pressed in, or that was sent.
	viewID string
	home   bool
}

// fromView notes the modal or the Home tab in which a button was pressed.
func (o *origin) fromView(v view) {
	o.home = v.Type == "home"
	if !o.home {
		o.viewID = v.ID
	}
	if meta, err := readMeta(v.PrivateMetadata); err == nil {
		o.channel, o.thread, o.direct = meta.Channel, meta.Thread, meta.Direct
	}
}

// responder is a response_url and what is left of it.
type responder struct {
	url  string
	uses int
	from time.Time
}

// responder takes a response_url, if it is Slack's own.
func (p *Platform) responder(address string) *responder {
	r := &responder{from: time.Now()}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return r
	}
	slacks := u.Scheme == "https" && (strings.HasSuffix(u.Hostname(), ".slack.com") || strings.HasSuffix(u.Hostname(), ".slack-gov.com"))
	if slacks || u.Host == p.apiURL.Host && u.Scheme == p.apiURL.Scheme {
		r.url = address
	}
	return r
}

func (r *responder) usable() bool {
	return r != nil && r.url != "" && r.uses < respondUses && time.Since(r.from) < respondLife
}

// answer does what was asked and shows the person the reply.
func (p *Platform) answer(ctx context.Context, b *bot.Bot, r bot.Request, o *origin) {
	o.confidential = b.Confidential(r) && !r.Stays
	note := p.noteIfSlow(ctx, o)
	reply := b.Do(ctx, r)
	if o.done != nil {
		o.done(nil)
	}
	note()
	if reply.Code == bot.CodeInternal {
		reply = tryAgain(b, r, reply)
	}
	if reply.Form != nil {
		p.openForm(ctx, b, r, o, *reply.Form)
	}
	p.show(ctx, o, reply)
	if o.home {
		p.openHome(ctx, b, bot.Account(r.Workspace), o.user, o.channel)
	} else {
		p.refreshHome(o.user)
	}
}

// noteIfSlow tells somebody who waits that the answer is on its way. What it
// returns ends that, and waits for a note that is being sent.
func (p *Platform) noteIfSlow(ctx context.Context, o *origin) (stop func()) {
	if o.viewID != "" || o.home {
		return func() {}
	}
	noted := make(chan struct{})
	timer := time.AfterFunc(p.noteAfter, func() {
		defer close(noted)
		p.show(ctx, o, bot.Say(bot.Message{Text: "One moment, please. I am still working on it."}))
	})
	return func() {
		if !timer.Stop() {
			<-noted
		}
	}
}

// answerForm runs a sent form. When something was not understood, the form stays
// open and says so, with everything typed still in it. Otherwise it closes and the
// answer stands where the form was opened. The acknowledgement is sent in time
// either way, however long it takes to look up who asks and to do what they ask: a
// slow answer finds the form waiting.
func (p *Platform) answerForm(ctx context.Context, in inbound, o *origin, sent formMeta, request func() bot.Request) {
	meta := formMeta{Path: sent.Path, Channel: o.channel, Thread: o.thread, Direct: o.direct, Room: sent.Room}
	if o.respond != nil {
		meta.Respond, meta.Uses = o.respond.url, o.respond.uses
	}
	var mu sync.Mutex
	answered, slow := false, false
	timer := time.AfterFunc(p.ackBy, func() {
		mu.Lock()
		defer mu.Unlock()
		if answered {
			return
		}
		slow = true
		in.ack(slackgo.NewUpdateViewSubmissionResponse(noteView("One moment, please. I am still working on it.")))
	})
	if !in.p.signedIn(ctx, in.urgent || in.pressing()) || in.handled(ctx) {
		timer.Stop()
		in.ack(nil)
		return
	}
	r := request()
	reply := in.bot.Do(ctx, r)
	timer.Stop()
	mu.Lock()
	answered = true // from here on slow does not change
	mu.Unlock()

	if reply.Form == nil {
		if slow {
			p.updateView(ctx, o.viewID, noteView("Done. You can close this. My answer is in the chat."))
		} else {
			in.ack(nil)
		}
		o.viewID = ""
		p.show(ctx, o, reply)
		return
	}
	v, err := formView(*reply.Form, meta, reply.Messages, in.bot.Table())
	if err != nil {
		if !slow {
			in.ack(nil)
		}
		o.viewID = ""
		p.show(ctx, o, bot.Reply{Messages: append(reply.Messages, tooLongForForm(r))})
		return
	}
	if !slow {
		in.ack(submissionAnswer(v, reply.Messages))
		return
	}
	if !p.updateView(ctx, o.viewID, v) {
		o.viewID = ""
		p.show(ctx, o, reply)
	}
}

// submissionAnswer keeps the form open with what was not understood. An answer
// over a socket must be smaller than 20,000 bytes; a larger one says it in a line.
func submissionAnswer(v *slackgo.ModalViewRequest, messages []bot.Message) any {
	const most = 18_000
	answer := slackgo.NewUpdateViewSubmissionResponse(v)
	data, err := json.Marshal(answer)
	if err == nil && len(data) <= most {
		return answer
	}
	said := "This was not understood. Please look at it again."
	if len(messages) > 0 {
		said = adapter.Clip(wordsOf(messages[0]), 1000)
	}
	return slackgo.NewErrorsViewSubmissionResponse(map[string]string{firstInput(v): said})
}

// openForm opens the form that a reply asks for. When Slack no longer lets us, a
// message with a button does it: a press opens forms anew.
func (p *Platform) openForm(ctx context.Context, b *bot.Bot, r bot.Request, o *origin, f bot.Form) {
	meta := formMeta{Path: f.Path, Channel: o.channel, Thread: o.thread, Direct: o.direct, Room: r.Room.Name}
	if o.respond != nil {
		meta.Respond, meta.Uses = o.respond.url, o.respond.uses
	}
	v, err := formView(f, meta, nil, b.Table())
	if err != nil {
		p.show(ctx, o, bot.Say(tooLongForForm(r)))
		return
	}
	if o.trigger != "" && time.Since(o.arrived) < p.answerBy {
		open := p.api.OpenViewContext
		if o.viewID != "" {
			open = p.api.PushViewContext
		}
		if _, err = open(ctx, o.trigger, *v); err == nil {
			return
		}
		p.log.InfoContext(ctx, "a form could not be opened at once", "error", err)
	}
	line := lineAgain(b, r, f)
	again := bot.Message{Text: "A few details are still missing. Please open the form.", Buttons: []bot.Button{{Label: "Open the form", Command: line, Style: bot.Primary}}}
	if len(line) > maxValue {
		again = tooLongForForm(r)
	}
	p.show(ctx, o, bot.Say(again))
}

// lineAgain is the line behind a form.
func lineAgain(b *bot.Bot, r bot.Request, f bot.Form) string {
	if strings.HasPrefix(r.Line, "/") {
		return r.Line
	}
	return b.FormatLine(f.Path, f.Args)
}

// tryAgain puts a button with the same command below an apology. A form would open
// over it, as if there were something to correct.
func tryAgain(b *bot.Bot, r bot.Request, reply bot.Reply) bot.Reply {
	if reply.Form == nil || len(reply.Messages) == 0 {
		return reply
	}
	line, last := lineAgain(b, r, *reply.Form), len(reply.Messages)-1
	reply.Form, reply.Messages = nil, slices.Clone(reply.Messages)
	if len(line) <= maxValue {
		reply.Messages[last].Buttons = append(slices.Clip(reply.Messages[last].Buttons), bot.Button{Label: bot.AgainLabel(reply), Command: line})
	}
	return reply
}

func tooLongForForm(r bot.Request) bot.Message {
	command := ""
	if fields := strings.Fields(r.Line); len(fields) > 0 && strings.HasPrefix(fields[0], "/") {
		command = " with " + bot.Literal(fields[0])
	} else if len(r.Path) > 0 {
		command = " with " + bot.Literal("/"+strings.Join(r.Path, " "))
	}
	return bot.Message{Text: "That is too long for a form here. Please start again" + command + " and use fewer words. Nothing has been changed."}
}

// updateView changes an open modal, and says whether it was still open.
func (p *Platform) updateView(ctx context.Context, id string, v *slackgo.ModalViewRequest) bool {
	err := p.patiently(ctx, func() error {
		_, err := p.api.UpdateViewContext(ctx, *v, "", "", id)
		return err
	})
	if err != nil {
		p.log.InfoContext(ctx, "a form could not be changed", "error", err)
	}
	return err == nil
}

// show gives the person a reply's messages, and nobody else.
func (p *Platform) show(ctx context.Context, o *origin, reply bot.Reply) {
	if len(reply.Messages) == 0 {
		return
	}
	if (o.viewID != "" || o.home) && p.showInView(ctx, o, reply.Messages) {
		for _, m := range reply.Messages {
			p.handed(ctx, o, m.File)
		}
		return
	}
	replace := reply.Update && (o.ephemeral || o.direct)
	for _, m := range reply.Messages {
		for _, pg := range p.pages.Of(p.pictured(ctx, o, m), renderToKeep) {
			if err := p.deliver(ctx, o, pg, replace); err != nil {
				p.log.ErrorContext(ctx, "an answer could not be shown", "person", bot.HashID(p.ids.of(o.user)), "error", err)
			}
			replace = false
		}
		p.handed(ctx, o, m.File)
	}
}

// showInView answers a button of a modal in that modal, and one of the Home tab in
// a new one. It says whether it could.
func (p *Platform) showInView(ctx context.Context, o *origin, messages []bot.Message) bool {
	v := answerView(messages, formMeta{Channel: o.channel, Thread: o.thread, Direct: o.direct})
	if v == nil {
		return false
	}
	if o.viewID != "" {
		return p.updateView(ctx, o.viewID, v)
	}
	if o.trigger == "" || time.Since(o.arrived) > p.answerBy {
		return false
	}
	if _, err := p.api.OpenViewContext(ctx, o.trigger, *v); err != nil {
		p.log.InfoContext(ctx, "an answer could not be opened", "error", err)
		return false
	}
	return true
}

// deliver shows one page: through the response_url, in the direct conversation,
// as an ephemeral message, or, when all that fails, as a direct message.
func (p *Platform) deliver(ctx context.Context, o *origin, pg page, replace bool) error {
	var errs []error
	if o.respond.usable() {
		err := p.respond(ctx, o, pg, replace)
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	if o.channel != "" && o.direct && !o.confidential {
		_, err := p.post(ctx, o.channel, pg, slackgo.MsgOptionTS(o.thread))
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	} else if o.channel != "" {
		err := p.laidOut(pg, func(shown slackgo.MsgOption) error {
			return p.patiently(ctx, func() error {
				_, err := p.api.PostEphemeralContext(ctx, o.channel, o.user, shown, slackgo.MsgOptionTS(o.thread))
				return err
			})
		})
		if err == nil {
			return nil
		}
		errs = append(errs, outcome("chat.postEphemeral", err))
	}
	channel, err := p.directChannel(ctx, o.user)
	if o.confidential { // better nothing to read than an address that stays
		pg = render(bot.Message{Text: "I could not show you this in a way that stays in no chat. Please press the button once more. If it is for today and that does not help, call whoever asked, or a moderator."})[0]
	}
	if err == nil {
		_, err = p.post(ctx, channel, pg.discreet(""))
	}
	if err == nil {
		return nil
	}
	return errors.Join(append(errs, err)...)
}

// post writes a message that stays, for somebody who waits for it.
func (p *Platform) post(ctx context.Context, channel string, pg page, options ...slackgo.MsgOption) (ts string, err error) {
	err = p.laidOut(pg, func(shown slackgo.MsgOption) error {
		return p.patiently(ctx, func() error {
			_, ts, err = p.api.PostMessageContext(ctx, channel, append(options[:len(options):len(options)], shown, noUnfurl())...)
			return err
		})
	})
	return ts, outcome("chat.postMessage", err)
}

// noUnfurl keeps Slack from fetching what a message links to.
func noUnfurl() slackgo.MsgOption {
	return slackgo.MsgOptionCompose(slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
}

// laidOut posts a page, and posts it once more as bare words when Slack does not
// like its layout: whoever asked in need must not get nothing because of a block.
func (p *Platform) laidOut(pg page, post func(shown slackgo.MsgOption) error) error {
	err := post(slackgo.MsgOptionCompose(slackgo.MsgOptionText(escape(pg.text), false), slackgo.MsgOptionBlocks(pg.blocks...)))
	if err == nil || !unshowable(err) {
		return err
	}
	p.log.Error("Slack refused a message's layout; its words were sent alone", "error", err)
	// The empty list takes away the blocks that a message had before an edit.
	return post(slackgo.MsgOptionCompose(slackgo.MsgOptionText(escape(pg.words), false), slackgo.MsgOptionBlocks([]slackgo.Block{}...), slackgo.MsgOptionDisableMarkdown()))
}

// response is a post to a response_url. It is made here because slack-go v0.35.0
// always says replace_original:false there.
type response struct {
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal bool            `json:"replace_original"`
	Text            string          `json:"text"`
	Markdown        *bool           `json:"mrkdwn,omitempty"`
	Blocks          []slackgo.Block `json:"blocks"` // an empty list takes away what was there
	ThreadTS        string          `json:"thread_ts,omitempty"`
	UnfurlLinks     bool            `json:"unfurl_links"`
	UnfurlMedia     bool            `json:"unfurl_media"`
}

func responseOf(pg page, thread string, replace bool) response {
	return response{ResponseType: "ephemeral", ReplaceOriginal: replace, Text: escape(pg.text), Blocks: pg.blocks, ThreadTS: thread}
}

// respond posts a page to a response_url, in the thread it came from.
func (p *Platform) respond(ctx context.Context, o *origin, pg page, replace bool) error {
	to, thread := o.respond, o.thread
	if replace {
		thread = ""
	}
	data := pg.posted
	if data == nil || replace || thread != "" {
		var err error
		if data, err = json.Marshal(responseOf(pg, thread, replace)); err != nil {
			return err
		}
	}
	err := p.patiently(ctx, func() error { return p.postResponse(ctx, to, data) })
	if unshowable(err) && to.usable() {
		p.log.ErrorContext(ctx, "Slack refused a message's layout; its words were sent alone", "error", err)
		plain := false
		data, err = json.Marshal(response{ResponseType: "ephemeral", ReplaceOriginal: replace, Text: escape(pg.words), Blocks: []slackgo.Block{}, Markdown: &plain, ThreadTS: thread})
		if err == nil {
			err = p.postResponse(ctx, to, data)
		}
	}
	return err
}

func (p *Platform) postResponse(ctx context.Context, to *responder, data []byte) error {
	if !to.usable() {
		return errors.New("the response_url is used up")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.url, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	to.uses++
	resp, err := p.web.Do(req)
	if err != nil {
		return fmt.Errorf("response_url: %w", withoutURL(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("response_url: %w", err)
	}
	return responseError(resp, answer)
}

// responseError reads what Slack says to a post, which is "ok" or {"ok":true} when
// all is well, and one of several things when it is not.
func responseError(resp *http.Response, answer []byte) error {
	var said struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	readable := json.Unmarshal(answer, &said) == nil
	if resp.StatusCode == http.StatusTooManyRequests || said.Error == "ratelimited" || said.Error == "rate_limited" {
		seconds, err := strconv.Atoi(limited(resp).Header.Get("Retry-After"))
		if err != nil { // cannot be: limited puts a number there
			return err
		}
		return &slackgo.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	}
	if readable && said.Error != "" && !said.OK {
		return slackgo.SlackErrorResponse{Err: said.Error}
	}
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	// Some refusals are one word, such as used_url.
	if word := strings.TrimSpace(string(answer)); resp.StatusCode < 500 && errorWord.MatchString(word) {
		return slackgo.SlackErrorResponse{Err: word}
	}
	return slackgo.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
}

var errorWord = regexp.MustCompile(`^[a-z_]{1,40}$`)
