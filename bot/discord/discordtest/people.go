package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Guild is a Discord server.
type Guild struct {
	ID, Name string
	s        *Server
	roles    map[string]uint64 // permissions by role; everybody's role has the guild's id
	botRoles []string
	named    map[string]string // roles by name
	// overrides are what the guild says about commands, by their names.
	overrides map[string][]map[string]any
	owner     string
	left      map[string]bool // ids of people who have left
	away      bool            // the bot has been removed
	joined    time.Time       // when the bot was brought here
}

// Channel is a text channel of a guild, or a person's direct messages.
type Channel struct {
	ID, Name string
	Guild    *Guild  // nil for direct messages
	Person   *Person // whose direct messages they are
	s        *Server
	gone     bool
	closed   bool
	parent   *Channel // of a thread
	locked   bool
	archived bool
	rights   []map[string]any // what is different here
}

// Person is an account.
type Person struct {
	ID, Username, GlobalName, Nick string
	// Moderator gives the right to manage the server.
	Moderator bool
	// Locale is the language of their client, "en-US" when empty.
	Locale string
	s      *Server
	closed bool
	direct *Channel
	roles  []string
}

// Message is a message as it stood when it was looked at.
type Message struct {
	ID         string
	Channel    *Channel
	Author     *Person // nil for the bot
	Content    string
	Embeds     []map[string]any
	Components []map[string]any
	Flags      int
	Nonce      string
	Mentioned  []string // ids that allowed_mentions lets be pinged
	VisibleTo  *Person  // of an ephemeral message
	Edits      int
	Waiting    bool // "thinking", before a deferred answer is completed
	Files      map[string][]byte
	ReplyTo    string

	deleted bool
	s       *Server
}

const firstGuild = 1 << 60

// Guild is the guild of this name, made when it is first asked for.
func (s *Server) Guild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.guilds {
		if g.Name == name {
			return g
		}
	}
	// Each on the next shard, where there are several.
	g := &Guild{ID: strconv.FormatUint(firstGuild+uint64(len(s.guilds))<<22, 10), Name: name, s: s}
	g.named, g.overrides = map[string]string{}, map[string][]map[string]any{}
	g.roles, g.left, g.joined = map[string]uint64{g.ID: everyoneMay}, map[string]bool{}, time.Now().AddDate(0, -1, 0)
	s.guilds = append(s.guilds, g)
	return g
}

// Invite brings the bot to a guild that was made before, now.
func (g *Guild) Invite() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.joined = time.Now()
	for _, sess := range g.s.gw.sessions {
		g.s.pushLocked(sess, "GUILD_CREATE", g.s.guildLocked(g))
	}
}

// Channel is the guild's channel of this name, made when it is first asked for.
func (g *Guild) Channel(name string) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	for _, c := range g.s.channels {
		if c.Guild == g && c.Name == name {
			return c
		}
	}
	c := &Channel{ID: g.s.id(), Name: name, Guild: g, s: g.s}
	g.s.channels[c.ID] = c
	return c
}

// Person is the person of this name, made when they are first asked for.
func (s *Server) Person(name string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.people {
		if p.GlobalName == name {
			return p
		}
	}
	p := &Person{ID: s.id(), Username: strings.ToLower(name), GlobalName: name, s: s}
	s.people[p.ID] = p
	return p
}

// Direct is the person's direct messages with the bot.
func (p *Person) Direct() *Channel {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.directLocked(p)
}

func (s *Server) directLocked(p *Person) *Channel {
	if p.direct == nil {
		p.direct = &Channel{ID: s.id(), Person: p, s: s}
		s.channels[p.direct.ID] = p.direct
	}
	return p.direct
}

// CloseDirect stops the bot from writing to the person (50007), or lets it.
func (p *Person) CloseDirect(on bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.closed = on
}

// Delete makes the channel unknown (10003).
func (c *Channel) Delete() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.gone = true
}

// Forbid takes the bot's right to the channel away (50001).
func (c *Channel) Forbid() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.closed = true
}

// Delete makes a message unknown (10008).
func (m *Message) Delete() {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	m.s.messages[m.ID].deleted = true
}

// ChannelWith is the channel of this id, or nil.
func (s *Server) ChannelWith(id string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels[id]
}

// Reader is the person whose direct messages these are; nil in a guild.
func (c *Channel) Reader() *Person {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, p := range c.s.people {
		if p.direct == c {
			return p
		}
	}
	return nil
}

// Messages are all there are, in every channel and directly, oldest first.
func (s *Server) Messages() []*Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Message
	for _, id := range s.order {
		if m := s.messages[id]; !m.deleted {
			out = append(out, m.copy())
		}
	}
	return out
}

// Messages are what stands in the channel, also what only one person sees.
func (c *Channel) Messages() []*Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []*Message
	for _, id := range c.s.order {
		if m := c.s.messages[id]; m.Channel == c && !m.deleted {
			out = append(out, m.copy())
		}
	}
	return out
}

// WaitMessage is the first message of the bot's in the channel for which is is
// true.
func (c *Channel) WaitMessage(what string, is func(*Message) bool) *Message {
	c.s.t.Helper()
	var found *Message
	c.s.WaitFor(what, func() bool {
		for _, m := range c.Messages() {
			if m.Author == nil && !m.Waiting && is(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// Now is the message as it stands now.
func (m *Message) Now() *Message {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	return m.s.messages[m.ID].copy()
}

func (m *Message) copy() *Message {
	c := *m
	return &c
}

// Text is everything that can be read in a message, a line each.
func (m *Message) Text() string {
	var lines []string
	add := func(v any) {
		if s, ok := v.(string); ok && s != "" {
			lines = append(lines, s)
		}
	}
	add(m.Content)
	for _, e := range m.Embeds {
		add(e["title"])
		add(e["description"])
		fields, _ := e["fields"].([]any)
		for _, f := range fields {
			field, _ := f.(map[string]any)
			add(fmt.Sprint(field["name"], ": ", field["value"]))
		}
		if f, ok := e["footer"].(map[string]any); ok {
			add(f["text"])
		}
	}
	for _, part := range m.all() {
		s, _ := part["content"].(string)
		add(headingOrSmall.ReplaceAllString(s, ""))
	}
	return strings.Join(lines, "\n")
}

// headingOrSmall finds the marks of a heading and of small print, which nobody sees.
var headingOrSmall = regexp.MustCompile(`(?m)^(?:### |-# )`)

// Ephemeral says that only one person sees it.
func (m *Message) Ephemeral() bool { return m.Flags&64 != 0 }

// all are a message's components at every depth, as they stand below each other; a
// section's button comes behind its words.
func (m *Message) all() []map[string]any {
	var out []map[string]any
	var walk func(parts []map[string]any)
	walk = func(parts []map[string]any) {
		for _, part := range parts {
			out = append(out, part)
			walk(objects(part["components"]))
			if accessory, ok := part["accessory"].(map[string]any); ok {
				out = append(out, accessory)
			}
		}
	}
	walk(m.Components)
	return out
}

// LaidOut says that the message is one of components.
func (m *Message) LaidOut() bool { return m.Flags&(1<<15) != 0 }

// parts are the buttons and menus of a message.
func (m *Message) parts() []map[string]any {
	return slices.DeleteFunc(m.all(), func(part map[string]any) bool {
		return part["custom_id"] == nil && part["url"] == nil
	})
}

// Buttons are the labels of its buttons.
func (m *Message) Buttons() []string {
	var out []string
	for _, part := range m.parts() {
		if part["type"] == float64(2) {
			out = append(out, fmt.Sprint(part["label"]))
		}
	}
	return out
}

// Command is the command line behind the button with this label, or "".
func (m *Message) Command(label string) string {
	for _, part := range m.parts() {
		if part["label"] == label {
			_, line, _ := strings.Cut(fmt.Sprint(part["custom_id"]), ":")
			return line
		}
	}
	return ""
}

// addMessage makes a message from what the bot sent. Hold mu.
func (s *Server) addMessage(c *Channel, to *Person, in *incoming) *Message {
	m := &Message{ID: s.id(), Channel: c, VisibleTo: to, s: s}
	m.fill(in)
	s.messages[m.ID] = m
	s.order = append(s.order, m.ID)
	return m
}

// fill takes over what a body says; what it does not mention stays.
func (m *Message) fill(in *incoming) { m.take(in.object(), in.files) }

func (m *Message) take(body map[string]any, files map[string][]byte) {
	if v, ok := body["content"]; ok {
		m.Content, _ = v.(string)
	}
	if v, ok := body["embeds"]; ok {
		m.Embeds = objects(v)
	}
	if v, ok := body["components"]; ok {
		m.Components = objects(v)
	}
	if v, ok := body["flags"].(float64); ok {
		m.Flags = int(v) | m.Flags&64
	}
	if v, ok := body["allowed_mentions"].(map[string]any); ok {
		m.Mentioned = nil
		users, _ := v["users"].([]any)
		for _, u := range users {
			m.Mentioned = append(m.Mentioned, fmt.Sprint(u))
		}
	}
	if v, ok := body["message_reference"].(map[string]any); ok {
		m.ReplyTo, _ = v["message_id"].(string)
	}
	if _, ok := body["attachments"]; ok {
		m.Files = files
	}
	m.Waiting = false
}

func (m *Message) object() map[string]any {
	return map[string]any{
		"id": m.ID, "channel_id": m.Channel.ID, "content": m.Content, "flags": m.Flags, "type": 0,
		"embeds": orEmpty(m.Embeds), "components": orEmpty(m.Components), "attachments": []any{},
		"author": m.author(), "mentions": []any{}, "timestamp": time.Now().UTC().Format(time.RFC3339),
	}
}

func orEmpty(list []map[string]any) []map[string]any {
	if list == nil {
		return []map[string]any{}
	}
	return list
}

func (m *Message) author() map[string]any {
	if m.Author != nil {
		return m.Author.object()
	}
	return map[string]any{"id": BotID, "username": "village", "bot": true}
}

func (p *Person) object() map[string]any {
	return map[string]any{"id": p.ID, "username": p.Username, "global_name": nullable(p.GlobalName), "discriminator": "0", "avatar": nil}
}

func (p *Person) member() map[string]any {
	permissions := "2147483648" // use application commands
	if p.Moderator {
		permissions = "2147483680" // and manage the server
	}
	return map[string]any{"user": p.object(), "nick": nullable(p.Nick), "roles": append([]string{}, p.roles...), "permissions": permissions}
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (c *Channel) object() map[string]any {
	if c.Guild == nil {
		return map[string]any{"id": c.ID, "type": 1, "recipients": []any{c.Person.object()}}
	}
	o := map[string]any{"id": c.ID, "type": 0, "name": c.Name, "guild_id": c.Guild.ID, "permission_overwrites": append([]map[string]any{}, c.rights...)}
	if c.parent != nil {
		o["type"], o["parent_id"] = 11, c.parent.ID
		o["thread_metadata"] = map[string]any{"archived": c.archived, "locked": c.locked}
		delete(o, "permission_overwrites")
	}
	return o
}
