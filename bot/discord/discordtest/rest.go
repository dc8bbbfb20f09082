package discordtest

import (
	"encoding/json"
	"slices"
	"strconv"
)

func (s *Server) getApplication(*incoming) reply {
	return reply{200, map[string]any{
		"id": AppID, "name": "Village", "verify_key": s.PublicKey(), "description": "",
		"bot": map[string]any{"id": BotID, "username": "village", "bot": true},
	}}
}

func (s *Server) getSelf(*incoming) reply {
	return reply{200, map[string]any{"id": BotID, "username": "village", "bot": true}}
}

// getCommands gives what was registered, in all languages only when asked to.
func (s *Server) getCommands(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commands == nil {
		return reply{200, []any{}}
	}
	if in.URL.Query().Get("with_localizations") != "true" {
		return reply{200, inEnglish(s.commands)}
	}
	return reply{200, s.commands}
}

// inEnglish is a copy without what is said in other languages.
func inEnglish(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, x := range v {
			if name != "name_localizations" && name != "description_localizations" {
				out[name] = inEnglish(x)
			}
		}
		return out
	case []map[string]any:
		out := []any{}
		for _, x := range v {
			out = append(out, inEnglish(x))
		}
		return out
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, inEnglish(x))
		}
		return out
	}
	return v
}

// putCommands keeps what was registered, and writes it back as Discord does,
// with ids, a version, and nulls for what was left out.
func (s *Server) putCommands(in *incoming) reply {
	var list []map[string]any
	if err := json.Unmarshal(in.body, &list); err != nil {
		return refuse(400, 50109, "The request body contains invalid JSON.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = []map[string]any{}
	for _, c := range list {
		c["id"], c["application_id"], c["version"] = s.id(), AppID, s.id()
		for _, name := range []string{"name_localizations", "description_localizations", "default_member_permissions"} {
			if c[name] == nil {
				c[name] = nil
			}
		}
		if p, ok := c["default_member_permissions"].(float64); ok {
			c["default_member_permissions"] = strconv.Itoa(int(p))
		}
		if c["description"] == nil {
			c["description"] = ""
		}
		c["nsfw"], c["dm_permission"] = false, true
		s.commands = append(s.commands, c)
	}
	slices.Reverse(s.commands) // Discord keeps no order
	s.puts++
	s.touch()
	return reply{200, s.commands}
}

func (s *Server) postDirect(in *incoming) reply {
	id, _ := in.object()["recipient_id"].(string)
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[id]
	if p == nil {
		return refuse(400, 50033, "Invalid Recipient(s)")
	}
	return reply{200, s.directLocked(p).object()}
}

func (s *Server) getChannel(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	return reply{200, c.object()}
}

// patchChannel wakes a thread up.
func (s *Server) patchChannel(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	switch archived, ok := in.object()["archived"].(bool); {
	case c == nil || c.gone:
		return refuse(404, 10003, "Unknown Channel")
	case !ok || archived || c.parent == nil:
		return refuse(400, 50035, "Invalid Form Body")
	case c.locked:
		return refuse(403, 50013, "Missing Permissions")
	}
	c.archived = false
	s.touch()
	return reply{200, c.object()}
}

// getMessages are those of a channel after one of them, the newest first.
func (s *Server) getMessages(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	limit, err := strconv.Atoi(in.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		return refuse(400, 50035, "Invalid Form Body")
	}
	out := []map[string]any{}
	for _, id := range slices.Backward(s.order) {
		m := s.messages[id]
		if m.Channel == c && !m.deleted && m.VisibleTo == nil && later(m.ID, in.URL.Query().Get("after")) && len(out) < limit {
			out = append(out, m.object())
		}
	}
	return reply{200, out}
}

// later compares two ids by their age.
func later(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

func (s *Server) getMember(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id := in.PathValue("person"); id == BotID {
		for _, g := range s.guilds {
			if g.ID == in.PathValue("guild") {
				return reply{200, map[string]any{
					"user":  map[string]any{"id": BotID, "username": "village", "bot": true},
					"roles": append([]string{}, g.botRoles...),
				}}
			}
		}
		return refuse(404, 10004, "Unknown Guild")
	}
	p, g := s.people[in.PathValue("person")], s.guildWith(in.PathValue("guild"))
	switch {
	case g == nil || g.away:
		return refuse(404, 10004, "Unknown Guild")
	case p == nil || g.left[p.ID]:
		return refuse(404, 10007, "Unknown Member")
	}
	return reply{200, p.member()}
}

// postMessage is a message of the bot's in a channel.
func (s *Server) postMessage(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	if c.closed {
		return refuse(403, 50001, "Missing Access")
	}
	if c.Person != nil && c.Person.closed {
		return refuse(403, 50007, "Cannot send messages to this user")
	}
	if c.locked {
		return refuse(400, 50083, "Thread is archived")
	}
	c.archived = false
	body := in.object()
	nonce, _ := body["nonce"].(string)
	if enforce, _ := body["enforce_nonce"].(bool); enforce && nonce != "" {
		if id, ok := s.nonces[c.ID+"/"+nonce]; ok {
			return reply{200, s.messages[id].object()}
		}
	}
	m := s.addMessage(c, nil, in)
	m.Nonce = nonce
	if nonce != "" {
		s.nonces[c.ID+"/"+nonce] = m.ID
	}
	s.touch()
	return reply{200, m.object()}
}

func (s *Server) patchMessage(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[in.PathValue("channel")]
	if c == nil || c.gone {
		return refuse(404, 10003, "Unknown Channel")
	}
	m := s.messages[in.PathValue("id")]
	if m == nil || m.deleted || m.Channel != c {
		return refuse(404, 10008, "Unknown Message")
	}
	if m.Author != nil {
		return refuse(403, 50005, "Cannot edit a message authored by another user")
	}
	if c.archived {
		return refuse(400, 50083, "Thread is archived")
	}
	if m.losesLayout(in.object()) {
		return refuse(400, 50035, "Invalid Form Body")
	}
	m.fill(in)
	m.Edits++
	s.touch()
	return reply{200, m.object()}
}

// Forget lets go of everything that happened so far: requests, messages, uses
// and events. What people and the bot did before cannot be used any more.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.order = nil, nil
	s.messages, s.nonces, s.uses = map[string]*Message{}, map[string]string{}, map[string]*Use{}
	for _, sess := range s.gw.sessions {
		clear(sess.events)
	}
	s.touch()
}
