package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
	archived bool
	rights   []map[string]any // what is different here
}

// Person is an account.
type Person struct {
	ID, Username, GlobalName, Nick string
	// Moderator gives the right to manage the server.
	Moderator bool
	s         *Server
	closed    bool
	direct    *Channel
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
	g.roles = map[string]uint64{g.ID: everyoneMay}
	s.guilds = append(s.guilds, g)
	return g
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
	return strings.Join(lines, "\n")
}

// Ephemeral says that only one person sees it.
func (m *Message) Ephemeral() bool { return m.Flags&64 != 0 }

// parts are the buttons and menus of a message.
func (m *Message) parts() []map[string]any {
	var out []map[string]any
	for _, row := range m.Components {
		list, _ := row["components"].([]any)
		for _, c := range list {
			if part, ok := c.(map[string]any); ok {
				out = append(out, part)
			}
		}
	}
	return out
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
	objects := func(v any) []map[string]any {
		list, _ := v.([]any)
		var out []map[string]any
		for _, x := range list {
			if o, ok := x.(map[string]any); ok {
				out = append(out, o)
			}
		}
		return out
	}
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
	return map[string]any{"user": p.object(), "nick": nullable(p.Nick), "roles": []any{}, "permissions": permissions}
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
		o["thread_metadata"] = map[string]any{"archived": c.archived, "locked": false}
		delete(o, "permission_overwrites")
	}
	return o
}

// Use is one interaction and what came of it.
type Use struct {
	ID, Token string

	s        *Server
	person   *Person
	channel  *Channel
	kind     int
	source   string // the message whose button was pressed
	begun    time.Time
	answered bool
	deferred bool
	original string
	form     map[string]any
	picks    []Pick
	gotPicks bool
	follow   []string
}

// Pick is a suggestion.
type Pick struct{ Name, Value string }

// Slash types a command in a channel: "ask ride-home" with its options by name.
// A person or a channel is given as *Person or *Channel, everything else as a
// word, a number or a bool. The command must be registered and know the options.
func (p *Person) Slash(c *Channel, path string, options map[string]any) *Use {
	p.s.t.Helper()
	return p.use(c, 2, p.commandData(path, options, ""), "")
}

// Type types into one option and is shown suggestions.
func (p *Person) Type(c *Channel, path string, options map[string]any, focused string) *Use {
	p.s.t.Helper()
	return p.use(c, 4, p.commandData(path, options, focused), "")
}

// OnMessage uses a message command on a message.
func (p *Person) OnMessage(c *Channel, label string, m *Message) *Use {
	p.s.t.Helper()
	p.s.mu.Lock()
	object := p.s.messages[m.ID].object()
	p.s.mu.Unlock()
	return p.use(c, 2, map[string]any{
		"id": "1", "name": label, "type": 3, "target_id": m.ID,
		"resolved": map[string]any{"messages": map[string]any{m.ID: object}},
	}, "")
}

// Press presses the button with this label or command.
func (p *Person) Press(m *Message, labelOrCommand string) *Use {
	p.s.t.Helper()
	now := m.Now()
	p.mustSee(now)
	for _, part := range now.parts() {
		id := fmt.Sprint(part["custom_id"])
		_, line, _ := strings.Cut(id, ":")
		if part["type"] == float64(2) && part["custom_id"] != nil && (part["label"] == labelOrCommand || line == labelOrCommand) {
			return p.use(now.Channel, 3, map[string]any{"custom_id": id, "component_type": 2}, now.ID)
		}
	}
	p.s.t.Fatalf("discordtest: no button %q in\n%s\nwith buttons %q", labelOrCommand, now.Text(), now.Buttons())
	return nil
}

// PressID presses a button with any custom id, as of a message from long ago.
func (p *Person) PressID(c *Channel, id string) *Use {
	p.s.t.Helper()
	return p.use(c, 3, map[string]any{"custom_id": id, "component_type": 2}, "")
}

// Choose chooses a value from a menu of the message.
func (p *Person) Choose(m *Message, value string) *Use {
	p.s.t.Helper()
	now := m.Now()
	p.mustSee(now)
	for _, part := range now.parts() {
		options, _ := part["options"].([]any)
		for _, o := range options {
			if option, _ := o.(map[string]any); option["value"] == value {
				return p.use(now.Channel, 3, map[string]any{
					"custom_id": part["custom_id"], "component_type": part["type"], "values": []string{value},
				}, now.ID)
			}
		}
	}
	p.s.t.Fatalf("discordtest: no choice %q in\n%s", value, now.Text())
	return nil
}

func (p *Person) mustSee(m *Message) {
	p.s.t.Helper()
	if m.VisibleTo != nil && m.VisibleTo != p || m.deleted {
		p.s.t.Fatalf("discordtest: %s cannot see that message", p.GlobalName)
	}
}

// Say writes a message. In a guild the bot is told the words only when it is
// named in them (write <@BotID>).
func (p *Person) Say(c *Channel, text string) *Message {
	p.s.t.Helper()
	p.s.mu.Lock()
	m := &Message{ID: p.s.id(), Channel: c, Author: p, Content: text, s: p.s}
	p.s.messages[m.ID] = m
	p.s.order = append(p.s.order, m.ID)
	o := m.object()
	o["channel_type"] = c.object()["type"]
	if strings.Contains(text, "<@"+BotID+">") {
		o["mentions"] = []any{map[string]any{"id": BotID, "username": "village", "bot": true}}
	}
	if c.Guild != nil {
		o["guild_id"] = c.Guild.ID
		member := p.member()
		delete(member, "user")
		delete(member, "permissions")
		o["member"] = member
		if !strings.Contains(text, "<@"+BotID+">") {
			o["content"] = ""
		}
	}
	seen := m.copy()
	p.s.mu.Unlock()
	p.s.push("MESSAGE_CREATE", o)
	return seen
}

// use sends an interaction to the bot.
func (p *Person) use(c *Channel, kind int, data map[string]any, source string) *Use {
	p.s.t.Helper()
	s := p.s
	s.mu.Lock()
	u := &Use{s: s, ID: s.id(), person: p, channel: c, kind: kind, source: source, begun: time.Now()}
	u.Token = "tok" + u.ID + strings.Repeat("x", 60)
	s.uses[u.Token] = u
	o := map[string]any{
		"id": u.ID, "application_id": AppID, "type": kind, "token": u.Token, "version": 1, "data": data,
		"channel_id": c.ID, "channel": c.object(), "locale": "en-US", "app_permissions": "0",
		"entitlements": []any{}, "authorizing_integration_owners": map[string]any{},
	}
	if c.Guild != nil {
		o["guild_id"], o["member"], o["context"] = c.Guild.ID, p.member(), 0
		o["guild"] = map[string]any{"id": c.Guild.ID, "locale": "en-US", "features": []any{}}
	} else {
		o["user"], o["context"] = p.object(), 1
	}
	if source != "" {
		o["message"] = s.messages[source].object()
	}
	deliver, twice := s.deliver, s.twice
	s.mu.Unlock()
	if deliver == "" {
		s.push("INTERACTION_CREATE", o)
		return u
	}
	s.post(u, deliver, o)
	if twice {
		s.post(u, deliver, o)
	}
	return u
}

// DeliverTo sends interactions to an address from now on, signed as Discord
// does, and no longer to the gateway.
func (s *Server) DeliverTo(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliver = url
}

// Twice delivers everything twice from now on.
func (s *Server) Twice() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.twice = true
}

// post delivers an interaction over HTTP and takes the answer from the answer.
func (s *Server) post(u *Use, url string, o map[string]any) {
	s.t.Helper()
	body, err := json.Marshal(o)
	if err != nil {
		s.t.Fatal(err)
	}
	req := s.Signed(url, body, time.Now())
	res, err := s.http.Client().Do(req)
	if err != nil {
		s.t.Errorf("discordtest: delivering an interaction: %v", err)
		return
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		if !s.isTwice() {
			s.t.Errorf("discordtest: an interaction was answered with %s", res.Status)
		}
		return
	}
	data, files, err := readBody(res.Header.Get("Content-Type"), res.Body)
	if err != nil {
		s.t.Errorf("discordtest: reading the answer to an interaction: %v", err)
		return
	}
	in := &incoming{Request: req, body: data, files: files}
	const pattern = "/interactions/{id}/{token}/callback"
	if s.invalid("POST", pattern, in) {
		return
	}
	if out := s.callback(u, in); out.status >= 300 {
		s.t.Errorf("discordtest: the answer to an interaction was refused: %v", out.body)
	}
	s.study("POST", pattern, in)
}

func (s *Server) isTwice() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.twice
}

// Signed is a request as Discord makes it, signed at a time.
func (s *Server) Signed(url string, body []byte, at time.Time) *http.Request {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(s.key, append([]byte(stamp), body...))))
	req.Header.Set("Content-Type", "application/json")
	return req
}

// Ping asks an interactions endpoint whether it is one.
func (s *Server) Ping(url string) (status int, body string) {
	s.t.Helper()
	res, err := s.http.Client().Do(s.Signed(url, []byte(`{"type":1}`), time.Now()))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(data)
}

// commandData builds a command's data from what is registered.
func (p *Person) commandData(path string, values map[string]any, focused string) map[string]any {
	p.s.t.Helper()
	p.s.WaitFor("the commands to be registered", func() bool {
		p.s.mu.Lock()
		defer p.s.mu.Unlock()
		return p.s.commands != nil
	})
	words := strings.Fields(strings.TrimPrefix(path, "/"))
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	i := slices.IndexFunc(p.s.commands, func(c map[string]any) bool {
		return c["name"] == words[0] && (c["type"] == nil || c["type"] == float64(1))
	})
	if i < 0 {
		p.s.t.Fatalf("discordtest: /%s is not registered", words[0])
	}
	known, _ := p.s.commands[i]["options"].([]any)
	data := map[string]any{"id": p.s.commands[i]["id"], "name": words[0], "type": 1}
	target := data
	for _, word := range words[1:] {
		sub := named(known, word)
		if sub == nil {
			p.s.t.Fatalf("discordtest: /%s is not registered", path)
		}
		next := map[string]any{"name": word, "type": sub["type"]}
		target["options"] = []any{next}
		target = next
		known, _ = sub["options"].([]any)
	}
	options := []any{}
	for name, v := range values {
		def := named(known, name)
		if def == nil {
			p.s.t.Fatalf("discordtest: /%s has no option %q", path, name)
		}
		o := map[string]any{"name": name, "type": def["type"], "value": raw(v)}
		if name == focused {
			o["focused"] = true
		}
		options = append(options, o)
		p.s.resolve(data, v)
	}
	for _, k := range known {
		def, _ := k.(map[string]any)
		if _, given := values[fmt.Sprint(def["name"])]; def["required"] == true && !given && focused == "" {
			p.s.t.Fatalf("discordtest: Discord would not send /%s without %q", path, def["name"])
		}
	}
	if len(options) > 0 {
		target["options"] = options
	}
	return data
}

// resolve adds what is known about the people and channels that a command names.
// Hold mu.
func (s *Server) resolve(data map[string]any, v any) {
	add := func(kind, id string, o map[string]any) {
		resolved, _ := data["resolved"].(map[string]any)
		if resolved == nil {
			resolved = map[string]any{}
			data["resolved"] = resolved
		}
		of, _ := resolved[kind].(map[string]any)
		if of == nil {
			of = map[string]any{}
			resolved[kind] = of
		}
		of[id] = o
	}
	id, _ := raw(v).(string)
	if p := s.people[id]; p != nil {
		member := p.member()
		delete(member, "user")
		add("users", id, p.object())
		add("members", id, member)
	}
	if c := s.channels[id]; c != nil {
		o := c.object()
		o["permissions"] = "2147483648"
		add("channels", id, o)
	}
}

func named(list []any, name string) map[string]any {
	for _, x := range list {
		if o, _ := x.(map[string]any); o["name"] == name {
			return o
		}
	}
	return nil
}

func raw(v any) any {
	switch v := v.(type) {
	case *Person:
		return v.ID
	case *Channel:
		return v.ID
	}
	return v
}

// postCallback is the first answer to an interaction.
func (s *Server) postCallback(in *incoming) reply {
	s.mu.Lock()
	u := s.uses[in.PathValue("token")]
	s.mu.Unlock()
	if u == nil || u.ID != in.PathValue("id") {
		return refuse(404, 10062, "Unknown interaction")
	}
	out := s.callback(u, in)
	if in.URL.Query().Get("with_response") == "true" && out.status == http.StatusNoContent {
		return reply{http.StatusOK, s.responseOf(u, in)}
	}
	return out
}

// responseOf is what is answered to a bot that asks what came of its first
// answer.
func (s *Server) responseOf(u *Use, in *incoming) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := in.object()["type"]
	out := map[string]any{"interaction": map[string]any{"id": u.ID, "type": u.kind}}
	if m := s.messages[u.original]; m != nil {
		out["interaction"].(map[string]any)["response_message_id"] = m.ID
		out["resource"] = map[string]any{"type": kind, "message": m.object()}
	}
	return out
}

func (s *Server) callback(u *Use, in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.answered {
		return refuse(400, 40060, "Interaction has already been acknowledged.")
	}
	if time.Since(u.begun) > s.patience {
		return refuse(404, 10062, "Unknown interaction")
	}
	body := in.object()
	data, _ := body["data"].(map[string]any)
	kind, _ := body["type"].(float64)
	flags, _ := data["flags"].(float64)
	to := u.person
	if int(flags)&64 == 0 {
		to = nil
	}
	switch {
	case kind == 4 && u.kind != 4, kind == 5 && u.kind != 4:
		m := &Message{ID: s.id(), Channel: u.channel, VisibleTo: to, s: s}
		m.take(data, in.files)
		m.Flags = int(flags)
		m.Waiting = kind == 5
		u.deferred = kind == 5
		s.messages[m.ID] = m
		s.order = append(s.order, m.ID)
		u.original = m.ID
	case kind == 6 && u.source != "":
		u.original = u.source
	case kind == 7 && u.source != "":
		u.original = u.source
		s.messages[u.source].take(data, in.files)
		s.messages[u.source].Edits++
	case kind == 8 && u.kind == 4:
		list, _ := data["choices"].([]any)
		u.picks = []Pick{}
		for _, x := range list {
			c, _ := x.(map[string]any)
			u.picks = append(u.picks, Pick{fmt.Sprint(c["name"]), fmt.Sprint(c["value"])})
		}
		u.gotPicks = true
	case kind == 9 && u.kind != 5 && u.kind != 4:
		u.form = data
	default:
		return refuse(400, 50035, "Invalid Form Body")
	}
	u.answered = true
	s.touch()
	return reply{204, nil}
}

// postFollowUp is a further message of an answered interaction.
func (s *Server) postFollowUp(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uses[in.PathValue("token")]
	if u == nil || in.PathValue("app") != AppID || !u.answered {
		return refuse(404, 10015, "Unknown Webhook")
	}
	flags, _ := in.object()["flags"].(float64)
	to := u.person
	if int(flags)&64 == 0 {
		to = nil
	}
	m := s.addMessage(u.channel, to, in)
	m.Flags = int(flags)
	u.follow = append(u.follow, m.ID)
	s.touch()
	return reply{200, m.object()}
}

func (s *Server) patchFollowUp(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uses[in.PathValue("token")]
	if u == nil || in.PathValue("app") != AppID || !u.answered {
		return refuse(404, 10015, "Unknown Webhook")
	}
	id := in.PathValue("id")
	if id == "@original" {
		id = u.original
	}
	m := s.messages[id]
	if m == nil || m.deleted {
		return refuse(404, 10008, "Unknown Message")
	}
	if !m.Waiting {
		m.Edits++
	}
	m.fill(in)
	s.touch()
	return reply{200, m.object()}
}

// Answer is the message that answers, once it is there and not only announced.
func (u *Use) Answer() *Message {
	u.s.t.Helper()
	var m *Message
	u.s.WaitFor("an answer", func() bool {
		u.s.mu.Lock()
		defer u.s.mu.Unlock()
		if u.original != "" && !u.s.messages[u.original].Waiting {
			m = u.s.messages[u.original].copy()
		}
		return m != nil
	})
	return m
}

// Announced waits until the bot has said that an answer will come.
func (u *Use) Announced() {
	u.s.t.Helper()
	u.s.WaitFor("the answer to be put off", func() bool {
		u.s.mu.Lock()
		defer u.s.mu.Unlock()
		return u.deferred
	})
}

// Deferred says that the answer was announced before it came.
func (u *Use) Deferred() bool {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.deferred
}

// More are the n messages that followed the answer.
func (u *Use) More(n int) []*Message {
	u.s.t.Helper()
	var out []*Message
	u.s.WaitFor(fmt.Sprintf("%d further messages", n), func() bool {
		u.s.mu.Lock()
		defer u.s.mu.Unlock()
		if len(u.follow) < n {
			return false
		}
		for _, id := range u.follow {
			out = append(out, u.s.messages[id].copy())
		}
		return true
	})
	return out
}

// Picks are the suggestions, once they are there.
func (u *Use) Picks() []Pick {
	u.s.t.Helper()
	u.s.WaitFor("suggestions", func() bool {
		u.s.mu.Lock()
		defer u.s.mu.Unlock()
		return u.gotPicks
	})
	return u.picks
}

// Form is an opened form.
type Form struct {
	Title  string
	Fields []FormField
	use    *Use
	data   map[string]any
}

// FormField is a field of a form: Kind is Discord's number of the component.
type FormField struct {
	Name, Label, Value string
	Kind               int
	Required           bool
	Options            []string
}

// Form is the form that the use opened, once it is there.
func (u *Use) Form() *Form {
	u.s.t.Helper()
	u.s.WaitFor("a form", func() bool {
		u.s.mu.Lock()
		defer u.s.mu.Unlock()
		return u.form != nil
	})
	f := &Form{Title: fmt.Sprint(u.form["title"]), use: u, data: u.form}
	parts, _ := u.form["components"].([]any)
	for _, x := range parts {
		part, _ := x.(map[string]any)
		c, ok := part["component"].(map[string]any)
		if !ok {
			continue
		}
		kind, _ := c["type"].(float64)
		value, _ := c["value"].(string)
		field := FormField{Name: fmt.Sprint(c["custom_id"]), Label: fmt.Sprint(part["label"]), Value: value, Kind: int(kind), Required: c["required"] != false}
		options, _ := c["options"].([]any)
		for _, o := range options {
			option, _ := o.(map[string]any)
			field.Options = append(field.Options, fmt.Sprint(option["value"]))
			if option["default"] == true {
				field.Value = fmt.Sprint(option["value"])
			}
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

// Submit sends the form with these values; what is not named keeps what it was
// filled with.
func (f *Form) Submit(values map[string]string) *Use {
	f.use.s.t.Helper()
	for name := range values {
		if !slices.ContainsFunc(f.Fields, func(field FormField) bool { return field.Name == name }) {
			f.use.s.t.Fatalf("discordtest: the form has no field %q", name)
		}
	}
	var parts []any
	for _, field := range f.Fields {
		v, given := values[field.Name]
		if !given {
			v = field.Value
		}
		if field.Required && v == "" {
			f.use.s.t.Fatalf("discordtest: Discord would not send the form without %q", field.Name)
		}
		c := map[string]any{"type": field.Kind, "id": len(parts) + 1, "custom_id": field.Name}
		switch {
		case field.Kind == 4:
			c["value"] = v
		case v == "":
			c["values"] = []string{}
		default:
			if len(field.Options) > 0 && !slices.Contains(field.Options, v) {
				f.use.s.t.Fatalf("discordtest: %q is not one of %q", v, field.Options)
			}
			c["values"] = []string{v}
		}
		parts = append(parts, map[string]any{"type": 18, "id": 100 + len(parts), "component": c})
	}
	return f.use.person.use(f.use.channel, 5, map[string]any{"custom_id": f.data["custom_id"], "components": parts}, f.use.source)
}
