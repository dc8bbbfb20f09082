package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"village/bot"
)

const (
	// maxFollowed is how many conversations are looked into for words that were missed,
	// the latest first, and maxMissed how many messages of each.
	maxFollowed = 300
	maxMissed   = 20
	// followedTime is how long a conversation in which nothing is said is followed.
	followedTime = 7 * 24 * time.Hour
	// betweenLooks keeps the looks into conversations apart: there may be many, and
	// answers to people go first.
	betweenLooks = 200 * time.Millisecond
	// justNow is how old missed words may be to be done as if they came now.
	justNow = 10 * time.Minute
	// followKey is where it is kept which conversations there are.
	followKey = "conversations"
)

// followed is a conversation with the bot, and the last that was heard in it.
type followed struct {
	Channel string `json:"c"`
	Last    string `json:"m"` // a message
}

// conversations are those that people have with the bot alone, the latest last. Where a
// session with Discord is lost, nobody says what was said in them meanwhile.
type conversations struct {
	mu      sync.Mutex
	list    []followed
	changed bool
	// loaded says that what was kept is part of the list; before, it is not to be
	// replaced.
	loaded bool
}

// note remembers the last message of a conversation.
func (c *conversations) note(channel, message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.list, func(f followed) bool { return f.Channel == channel })
	switch {
	case !isSnowflake(channel) || !isSnowflake(message):
		return
	case i >= 0 && sentAt(message).Before(sentAt(c.list[i].Last)):
		return
	case i >= 0:
		c.list = slices.Delete(c.list, i, i+1)
	}
	c.list = append(c.list, followed{channel, message})
	c.list = c.list[max(0, len(c.list)-maxFollowed):]
	c.changed = true
}

// merge adds what another process, or this one before it ended, has heard.
func (c *conversations) merge(others []followed) {
	for _, f := range others {
		c.note(f.Channel, f.Last)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.SortStableFunc(c.list, func(a, b followed) int { return sentAt(a.Last).Compare(sentAt(b.Last)) })
	c.loaded = true
}

// unload says that what was kept may be another process's by now.
func (c *conversations) unload() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loaded = false
}

func (c *conversations) isLoaded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.loaded
}

// toKeep is what the next process needs, or nil when nothing has changed.
func (c *conversations) toKeep() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.changed {
		return nil
	}
	data, err := json.Marshal(c.list)
	if err != nil { // cannot be: numbers
		return nil
	}
	c.changed = false
	return data
}

// all are the conversations that are followed, the latest first.
func (c *conversations) all() []followed {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := slices.DeleteFunc(slices.Clone(c.list), func(f followed) bool { return time.Since(sentAt(f.Last)) > followedTime })
	slices.Reverse(out)
	return out
}

// sentAt is when a message was sent, which its number says.
func sentAt(id string) time.Time {
	const epoch = 1420070400000 // the first second of 2015 in Unix milliseconds
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + epoch)
}

// keepConversations keeps for the next process which conversations there are.
func (p *Platform) keepConversations(ctx context.Context) {
	if !p.notes.Shared() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, p.cfg.Lease/3)
	defer cancel()
	if !p.talks.isLoaded() {
		kept, err := p.keptConversations(ctx)
		if err != nil {
			return // it has been said
		}
		p.talks.merge(kept)
	}
	data := p.talks.toKeep()
	if data == nil {
		return
	}
	if err := p.notes.Keep(ctx, followKey, data, followedTime); err != nil {
		p.log.WarnContext(ctx, "discord: the conversations could not be noted", "error", err)
	}
}

func (p *Platform) keptConversations(ctx context.Context) (list []followed, err error) {
	raw, err := p.notes.Kept(ctx, followKey)
	if err != nil {
		p.log.WarnContext(ctx, "discord: the conversations until now could not be looked up", "error", err)
		return nil, err
	}
	if json.Unmarshal(raw, &list) != nil {
		return nil, nil // none, or of another version
	}
	return list, nil
}

// begun takes the beginning of a session. What was said while there was none is told by
// nobody, so the shard that hears direct messages looks for it. What comes from here on
// must not count as what was heard before.
func (p *Platform) begun(work context.Context, b *bot.Bot, raw []byte) {
	var ready struct {
		Shard []int `json:"shard"`
	}
	if json.Unmarshal(raw, &ready) == nil && len(ready.Shard) > 0 && ready.Shard[0] != 0 {
		return
	}
	before := &conversations{list: p.talks.all()}
	slices.Reverse(before.list)
	p.talks.unload()
	p.goDo(func() { p.catchUp(work, b, before) })
}

// catchUp looks into the conversations that are known for what was said in them since
// they were last heard, and answers that.
func (p *Platform) catchUp(ctx context.Context, b *bot.Bot, before *conversations) {
	if kept, err := p.keptConversations(ctx); err == nil {
		before.merge(kept)
		p.talks.merge(kept)
	}
	tick := time.NewTicker(betweenLooks)
	defer tick.Stop()
	for i, talk := range before.all() {
		if i > 0 {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
		missed, err := p.missed(ctx, talk)
		if err != nil {
			p.log.WarnContext(ctx, "discord: a conversation could not be looked into", "error", err)
			continue
		}
		p.hearLate(ctx, b, missed)
	}
}

// missed are the messages of a conversation since the last that was heard, in their
// order.
func (p *Platform) missed(ctx context.Context, talk followed) (out []json.RawMessage, err error) {
	err = p.patiently(ctx, func() error {
		return p.api.do(ctx, call{
			method: http.MethodGet, path: "/channels/" + talk.Channel + "/messages?limit=" + strconv.Itoa(maxMissed) + "&after=" + talk.Last,
			route: "GET messages", out: &out,
		})
	})
	slices.SortFunc(out, func(a, b json.RawMessage) int { return cmp.Compare(idOf(a), idOf(b)) })
	return out, err
}

// idOf is a message's number, and 0 for what is none.
func idOf(raw json.RawMessage) int64 {
	var m posted
	if json.Unmarshal(raw, &m) != nil {
		return 0
	}
	n, err := strconv.ParseInt(m.ID, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// hearLate answers messages that were missed: what is new as if it came now, danger
// always. For the rest together there is one word: it may be done already, or too late.
func (p *Platform) hearLate(ctx context.Context, b *bot.Bot, messages []json.RawMessage) {
	var stale *chat
	for _, raw := range messages {
		var c chat
		if json.Unmarshal(raw, &c) != nil || !p.forMe(c) {
			continue
		}
		if time.Since(sentAt(c.ID)) <= justNow {
			p.chat(ctx, b, raw)
			continue
		}
		p.talks.note(c.ChannelID, c.ID)
		key := "chat/" + c.use()
		if !p.notes.FirstHere(key, seenTime) || !p.newWords(ctx, b, c, key) {
			continue
		}
		p.answered(ctx, key) // soon, and all of it together
		if !p.answerDanger(ctx, b, c) {
			stale = &c
		}
	}
	if stale == nil {
		return
	}
	sorry := bot.Message{Text: "I was away when you wrote to me, and I am sorry that you had to wait. I have only seen it now and done nothing about it, in case things have changed. If you still need it, please write it once more."}
	if err := p.insistPost(ctx, stale.ChannelID, render(sorry), partNonce(stale.use(), 0)); err != nil {
		p.log.WarnContext(ctx, "discord: somebody could not be told that their words were heard late", "error", err)
	}
}

// answerDanger answers missed words that sound like danger, and says whether it did.
func (p *Platform) answerDanger(ctx context.Context, b *bot.Bot, c chat) bool {
	r := p.request(c, c.ChannelID)
	r.Late = true // nothing else is done any more
	reply := p.safely(ctx, func(ctx context.Context) ready { return ready{reply: b.Do(ctx, r)} }).reply
	if len(reply.Messages) == 0 {
		return false
	}
	if err := p.insistPost(ctx, c.ChannelID, p.renderReply(ctx, ready{reply: reply}, "", 0, false), partNonce(c.use(), 0)); err != nil {
		p.log.ErrorContext(ctx, "discord: words of danger that were heard late could not be answered", "error", err)
	}
	return true
}
