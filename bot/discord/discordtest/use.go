package discordtest

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
	return p.write(c, text, nil)
}

// Attach writes a message without words that has these parts instead, such as
// "attachments" or "sticker_items".
func (p *Person) Attach(c *Channel, parts map[string]any) *Message {
	p.s.t.Helper()
	return p.write(c, "", parts)
}

// Change changes the words of a message in direct messages, which Discord says to the
// bot, and says once more when it has looked at the links in them.
func (p *Person) Change(m *Message, text string) {
	p.s.mu.Lock()
	now := p.s.messages[m.ID]
	now.Content = text
	o := now.object()
	o["edited_timestamp"] = time.Now().UTC().Format(time.RFC3339Nano)
	p.s.mu.Unlock()
	p.s.push("MESSAGE_UPDATE", o)
	p.s.push("MESSAGE_UPDATE", o)
}

func (p *Person) write(c *Channel, text string, parts map[string]any) *Message {
	p.s.mu.Lock()
	m := &Message{ID: p.s.id(), Channel: c, Author: p, Content: text, s: p.s}
	p.s.messages[m.ID] = m
	p.s.order = append(p.s.order, m.ID)
	o := m.object()
	o["channel_type"] = c.object()["type"]
	maps.Copy(o, parts)
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
		"channel_id": c.ID, "channel": c.object(), "locale": cmp.Or(p.Locale, "en-US"), "app_permissions": "0",
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
