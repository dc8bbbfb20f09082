package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

const (
	maxNonce    = 25
	maxKnownDMs = 10_000
	// dmTime is how long the channel of somebody's direct messages is remembered. It
	// stays the same for ever.
	dmTime = 30 * 24 * time.Hour
)

// Send posts a message to a room or to somebody's direct messages. A message
// that is too long for one becomes several, and Posted names the last, which
// has the buttons. Errors are those of [bot.Platform]. Somebody who takes no direct
// messages and used the bot in a room a moment ago is shown the message there, for
// nobody else to see; it is [bot.ErrUnreachable] all the same.
func (p *Platform) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	posted, err := p.sendTo(ctx, o)
	if err != nil && o.To.Person != "" {
		p.sayWhereTheyAre(ctx, o, err)
	}
	return posted, err
}

func (p *Platform) sendTo(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	room, err := p.roomFor(ctx, o.To)
	if err != nil {
		return bot.Posted{}, err
	}
	if o.To.Person != "" && isContent(o.Message) {
		// A direct message is news by itself. Beside an embed the name stays: it is
		// something to show on a lock screen that gives nothing away.
		o.Message.Notify = nil
	}
	m := p.spelled(o.Message)
	if o.To.Room != "" {
		return p.post(ctx, room, renderLayout(m), o.Nonce)
	}
	return p.post(ctx, room, renderQuietly(m), o.Nonce)
}

// post sends messages into a channel, each with a nonce of its own by which
// Discord recognises a repeat.
func (p *Platform) post(ctx context.Context, room string, messages []message, nonce string) (bot.Posted, error) {
	var got posted
	for i, m := range messages {
		if nonce != "" {
			m.Nonce, m.EnforceNonce = partNonce(nonce, i), true
		}
		err := p.shown(ctx, m, func(m message) error {
			return p.api.do(ctx, call{
				method: http.MethodPost, path: "/channels/" + room + "/messages",
				route: "POST messages/" + room, body: m, files: m.files, out: &got,
			})
		})
		if err != nil {
			return bot.Posted{}, err
		}
	}
	return bot.Posted{Platform: Name, Room: Name + "/" + room, Message: got.ID}, nil
}

// partNonce is the nonce of a part of a message. The first part has the nonce
// itself.
func partNonce(nonce string, part int) string {
	if part == 0 && len(nonce) <= maxNonce {
		return nonce
	}
	sum := sha256.Sum256([]byte(nonce + "/" + strconv.Itoa(part)))
	return hex.EncodeToString(sum[:])[:maxNonce]
}

// roomFor is the channel that an address means.
func (p *Platform) roomFor(ctx context.Context, to bot.Address) (string, error) {
	if to.Platform() != Name || (to.Room == "") == (to.Person == "") {
		return "", fmt.Errorf("discord: not an address here: %w", bot.ErrUnreachable)
	}
	account := bot.Account(to.Room + to.Person)
	if !isSnowflake(account) {
		return "", fmt.Errorf("discord: not an account or channel: %w", bot.ErrUnreachable)
	}
	if to.Room != "" {
		return account, nil
	}
	return p.directRoom(ctx, account)
}

// WorkspaceOf is the server that a channel is in. Errors are those of [bot.Placed].
func (p *Platform) WorkspaceOf(ctx context.Context, room string) (string, error) {
	if !ours(room) {
		return "", fmt.Errorf("discord: not a channel here: %w", bot.ErrUnreachable)
	}
	var c channel
	err := p.patiently(ctx, func() error {
		return p.api.do(ctx, call{method: http.MethodGet, path: "/channels/" + bot.Account(room), route: "GET channel", out: &c})
	})
	if err != nil {
		return "", err
	}
	if c.Guild == "" {
		return "", fmt.Errorf("discord: a conversation and no channel: %w", bot.ErrUnreachable)
	}
	return Name + "/" + c.Guild, nil
}

// directRoom opens the direct messages with somebody.
func (p *Platform) directRoom(ctx context.Context, account string) (string, error) {
	if room, ok := p.dms.Get(account); ok {
		return room, nil
	}
	var got struct {
		ID string `json:"id"`
	}
	err := p.api.do(ctx, call{
		method: http.MethodPost, path: "/users/@me/channels", route: "POST direct",
		body: map[string]string{"recipient_id": account}, out: &got,
	})
	if err != nil {
		return "", err
	}
	if !isSnowflake(got.ID) {
		return "", errors.New("discord: opening direct messages: no channel in the answer")
	}
	p.dms.Put(account, got.ID, dmTime)
	return got.ID, nil
}

// Edit replaces what a posted message says, with its buttons and picture. What
// does not fit into one message is cut, and the cut is shown. Errors are those
// of [bot.Platform].
func (p *Platform) Edit(ctx context.Context, posted bot.Posted, m bot.Message) error {
	room := bot.Account(posted.Room)
	if posted.Platform != Name || !isSnowflake(room) || !isSnowflake(posted.Message) {
		return fmt.Errorf("discord: not a message here: %w", bot.ErrGone)
	}
	one := fitted(renderLayout(p.spelled(m)))
	edit := func() error {
		return p.shown(ctx, one, func(m message) error {
			return p.api.do(ctx, call{
				method: http.MethodPatch, path: "/channels/" + room + "/messages/" + posted.Message,
				route: "PATCH messages/" + room, body: m, files: m.files,
			})
		})
	}
	err := edit()
	if codeOf(err) == discordgo.ErrCodePerformedOperationOnArchivedThread && p.wake(ctx, room) == nil {
		err = edit()
	}
	return err
}

// wake opens a thread that has fallen asleep, which only a post does by itself. Its
// error says that it is locked, or that Discord could not be asked.
func (p *Platform) wake(ctx context.Context, thread string) error {
	err := p.api.do(ctx, call{
		method: http.MethodPatch, path: "/channels/" + thread, route: "PATCH channel/" + thread, body: map[string]bool{"archived": false},
	})
	if err != nil {
		p.log.WarnContext(ctx, "discord: a thread could not be opened again", "error", err)
	}
	return err
}

// shown sends a message, and sends it once more as bare words when Discord does not
// take it as it is laid out, which is a fault of ours: whoever is in need must not
// get nothing because of a part of it.
func (p *Platform) shown(ctx context.Context, m message, send func(m message) error) error {
	err := send(m)
	if codeOf(err) != discordgo.ErrCodeInvalidFormBody {
		return err
	}
	p.log.ErrorContext(ctx, "discord: a message was refused and is said in plain words", "error", err)
	err = send(m.inWords())
	if m.isLaidOut() && codeOf(err) == discordgo.ErrCodeInvalidFormBody { // what was laid out once has to stay so
		return send(m.inOneText())
	}
	return err
}

// inWords is the message without anything that could be refused. What its buttons do
// can be typed.
func (m message) inWords() message {
	words := []string{m.Content}
	for _, e := range m.Embeds {
		words = append(words, e.Title, e.Description)
		for _, f := range e.Fields {
			words = append(words, f.Name+": "+f.Value)
		}
		if e.Footer != nil {
			words = append(words, escape(e.Footer.Text, true))
		}
	}
	words = append(words, allWords(m.Components)...)
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	bare := message{
		Content: adapter.Clip(strings.Join(words, "\n"), maxContent), Mentions: m.Mentions,
		Flags: m.Flags &^ layoutFlag, Nonce: m.Nonce, EnforceNonce: m.EnforceNonce, Reference: m.Reference,
	}
	bare.complete()
	return bare
}

// chat answers words that somebody wrote to the bot: in direct messages, or by
// naming it in a room, which is answered in direct messages too.
func (p *Platform) chat(work context.Context, b *bot.Bot, raw []byte) {
	ctx, cancel := context.WithTimeout(work, tokenTime)
	defer cancel()
	var c chat
	if err := json.Unmarshal(raw, &c); err != nil {
		p.log.WarnContext(ctx, "discord: a message that cannot be read", "error", err)
		return
	}
	if c.Guild == "" {
		p.talks.note(c.ChannelID, c.ID)
	}
	if !p.forMe(c) {
		return
	}
	key := "chat/" + c.use()
	if !p.notes.FirstHere(key, seenTime) || !p.newWords(ctx, b, c, key) {
		return
	}
	defer p.answered(ctx, key)
	room, err := p.directFor(ctx, c)
	if err != nil {
		p.answerInRoom(ctx, c, bot.Reply{}, err)
		return
	}
	reply := p.said(ctx, b, c, room)
	messages := p.renderReply(ctx, ready{reply: reply}, "", 0, false)
	if len(messages) == 0 {
		return
	}
	if err := p.insistPost(ctx, room, messages, partNonce(c.use(), 0)); err != nil {
		p.answerInRoom(ctx, c, reply, err)
	}
}

// changed hears words that somebody changed in their conversation with the bot. Discord
// tells the same of a message whose links it has looked at, which is nothing new.
func (p *Platform) changed(work context.Context, b *bot.Bot, raw []byte) {
	var c chat
	if json.Unmarshal(raw, &c) == nil && c.Guild == "" && c.Edited != "" && c.Content != "" {
		p.chat(work, b, raw)
	}
}

// newWords says that no other copy has answered these words. What may mean danger
// hardly waits to hear that.
func (p *Platform) newWords(ctx context.Context, b *bot.Bot, c chat, key string) bool {
	pressing := b.Hear(ctx, p.asked(c)).Pressing()
	if pressing {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, adapter.AskCopies)
		defer cancel()
	}
	fresh, busy, err := p.notes.Begin(ctx, key, seenTime)
	if err != nil {
		p.log.WarnContext(ctx, "discord: cannot tell whether words are new, so they are answered", "error", err)
	}
	return fresh || busy && pressing
}

// answered notes that these words were answered, by a copy that lives.
func (p *Platform) answered(ctx context.Context, key string) {
	if err := p.notes.Done(ctx, key, seenTime); err != nil {
		p.log.WarnContext(ctx, "discord: that words were answered could not be kept: a repeat is answered again", "error", err)
	}
}

// forMe says that a message is by a person and meant for the bot.
func (p *Platform) forMe(c chat) bool {
	const ordinary, answer = 0, 19
	if c.ID == "" || c.Author.ID == "" || c.Author.Bot || c.Webhook != "" || c.Type != ordinary && c.Type != answer {
		return false
	}
	if c.Guild == "" {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range c.Mentions {
		if u.ID == p.self {
			return true
		}
	}
	return false
}

func (p *Platform) directFor(ctx context.Context, c chat) (string, error) {
	if c.Guild == "" {
		return c.ChannelID, nil
	}
	room := ""
	err := p.patiently(ctx, func() (err error) {
		room, err = p.directRoom(ctx, c.Author.ID)
		return err
	})
	return room, err
}

// said passes the words on to the bot.
func (p *Platform) said(ctx context.Context, b *bot.Bot, c chat, room string) bot.Reply {
	r := p.request(c, room)
	return p.safely(ctx, func(ctx context.Context) ready { return ready{reply: b.Do(ctx, r)} }).reply
}

// request is what a message asks for, by whom, and in which conversation it is answered.
func (p *Platform) request(c chat, room string) bot.Request {
	r := p.asked(c)
	r.Once = c.use()
	r.From = bot.Person{ID: Name + "/" + c.Author.ID, Name: nameOf(&c.Author, c.Member)}
	r.Room, r.Stays = bot.Room{ID: Name + "/" + room, Direct: true}, true
	if c.Guild != "" {
		r.Workspace = Name + "/" + c.Guild
	}
	return r
}

// asked is what a message asks for. A recording, a sticker, a poll or somebody else's
// words passed on have nothing in them that can be read; a bare name in a room is a
// question what the bot is.
func (p *Platform) asked(c chat) bot.Request {
	r := bot.Request{Platform: Name, Line: p.wordsOf(c)}
	if r.Line == "" {
		if r.Wordless = c.Guild == "" || len(c.Attachments)+len(c.Stickers)+len(c.Snapshots) > 0 || len(c.Poll) > 0; !r.Wordless {
			r.Line = "/help"
		}
	}
	return r
}

// use is by what these words are known when they come again. Changed, they are new.
func (c chat) use() string {
	if c.Edited == "" {
		return c.ID
	}
	return c.ID + " " + c.Edited
}

// wordsOf is what was written, without the bot's own name. In a typed command
// people and rooms become their IDs.
func (p *Platform) wordsOf(c chat) string {
	p.mu.Lock()
	self := p.self
	p.mu.Unlock()
	words := strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(c.Content)
	words = strings.TrimSpace(words)
	if !strings.HasPrefix(words, "/") {
		for _, u := range c.Mentions {
			words = strings.NewReplacer("<@"+u.ID+">", "@"+nameOf(&u, nil), "<@!"+u.ID+">", "@"+nameOf(&u, nil)).Replace(words)
		}
		return words
	}
	return idsFor(words)
}

// idsFor writes mentions of people and rooms as IDs.
func idsFor(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		inside, after, closed := strings.Cut(rest, ">")
		account := strings.TrimLeft(inside, "@!#")
		if !closed || account == inside || !isSnowflake(account) {
			out.WriteByte('<')
			s = rest
			continue
		}
		out.WriteString(Name + "/" + account)
		s = after
	}
}

// insistPost posts an answer that nobody else would try again.
func (p *Platform) insistPost(ctx context.Context, room string, messages []message, nonce string) error {
	return p.patiently(ctx, func() error {
		_, err := p.post(ctx, room, messages, nonce)
		return err
	})
}

// patiently tries a few times, and waits as long as Discord asks.
func (p *Platform) patiently(ctx context.Context, try func() error) error {
	return adapter.Insist(ctx, 5, retries(p.cfg.Backoff), try)
}

// answerInRoom tells somebody who named the bot in a room that their direct
// messages are closed. The lines for a crisis are said there all the same: they
// were asked for there, and silence could cost more.
func (p *Platform) answerInRoom(ctx context.Context, c chat, reply bot.Reply, err error) {
	p.log.WarnContext(ctx, "discord: words to the bot could not be answered directly", "person", bot.HashID(Name+"/"+c.Author.ID), "error", err)
	if c.Guild == "" || !errors.Is(err, bot.ErrUnreachable) {
		return
	}
	m := bot.Message{Text: "I would rather answer you privately, but your direct messages are closed to me. If you type / and choose one of my commands here, only you will see what I say."}
	if reply.Crisis && len(reply.Messages) > 0 {
		m = reply.Messages[0]
	}
	messages := p.render(m)
	fail := false // an answer is still owed when the question was deleted
	for i := range messages {
		messages[i].Reference = &discordgo.MessageReference{MessageID: c.ID, FailIfNotExists: &fail}
	}
	if err := p.insistPost(ctx, c.ChannelID, messages, "r"+c.ID); err != nil {
		p.log.WarnContext(ctx, "discord: nor in the room", "error", err)
	}
}
