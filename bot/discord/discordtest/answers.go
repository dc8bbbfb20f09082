package discordtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

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
	shows := (kind == 4 || kind == 5) && u.kind != 4
	edits := kind == 7 && u.source != "" && s.messages[u.source].changed(data, in.files)
	switch {
	case shows:
		u.deferred = kind == 5
		u.original = s.answerTo(u, in).ID
	case edits, kind == 6 && u.source != "":
		u.original = u.source
	case kind == 8 && u.kind == 4:
		u.picks, u.gotPicks = picksOf(data), true
	case kind == 9 && u.kind != 5 && u.kind != 4:
		u.form = data
	default:
		return refuse(400, 50035, "Invalid Form Body")
	}
	u.answered = true
	s.touch()
	return reply{204, nil}
}

// answerTo makes the message that answers a use. Hold mu.
func (s *Server) answerTo(u *Use, in *incoming) *Message {
	data, _ := in.object()["data"].(map[string]any)
	to, flags := u.audience(data)
	m := &Message{ID: s.id(), Channel: u.channel, VisibleTo: to, s: s}
	m.take(data, in.files)
	m.Flags, m.Waiting = flags, u.deferred
	s.messages[m.ID] = m
	s.order = append(s.order, m.ID)
	return m
}

// audience is who alone sees a message with these flags; nobody alone when nil.
func (u *Use) audience(message map[string]any) (to *Person, flags int) {
	n, _ := message["flags"].(float64)
	if flags = int(n); flags&64 != 0 {
		return u.person, flags
	}
	return nil, flags
}

// picksOf are the suggestions in an answer.
func picksOf(data map[string]any) []Pick {
	list, _ := data["choices"].([]any)
	picks := []Pick{}
	for _, x := range list {
		c, _ := x.(map[string]any)
		picks = append(picks, Pick{fmt.Sprint(c["name"]), fmt.Sprint(c["value"])})
	}
	return picks
}

// postFollowUp is a further message of an answered interaction.
func (s *Server) postFollowUp(in *incoming) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uses[in.PathValue("token")]
	if u == nil || in.PathValue("app") != AppID || !u.answered {
		return refuse(404, 10015, "Unknown Webhook")
	}
	to, flags := u.audience(in.object())
	m := s.addMessage(u.channel, to, in)
	m.Flags = flags
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
	if m.losesLayout(in.object()) {
		return refuse(400, 50035, "Invalid Form Body")
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

// Answered is the answer by now, or nil.
func (u *Use) Answered() *Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if u.original == "" || u.s.messages[u.original].Waiting {
		return nil
	}
	return u.s.messages[u.original].copy()
}

// Opened says that the use opened a form.
func (u *Use) Opened() bool {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.form != nil
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
			picked := []string{v}
			if len(field.Options) > 0 {
				picked = strings.Split(v, ", ")
			}
			for _, p := range picked {
				if len(field.Options) > 0 && !slices.Contains(field.Options, p) {
					f.use.s.t.Fatalf("discordtest: %q is not one of %q", p, field.Options)
				}
			}
			c["values"] = picked
		}
		parts = append(parts, map[string]any{"type": 18, "id": 100 + len(parts), "component": c})
	}
	return f.use.person.use(f.use.channel, 5, map[string]any{"custom_id": f.data["custom_id"], "components": parts}, f.use.source)
}
