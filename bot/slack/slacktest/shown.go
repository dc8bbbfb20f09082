package slacktest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Message is a message as its readers see it now.
type Message struct {
	Channel, TS, ThreadTS string
	// Ephemeral messages are seen by User alone.
	Ephemeral bool
	User      string
	// Text is the fallback, which notifications show.
	Text   string
	Blocks []map[string]any
	// Via is the call that made it; Edits counts what changed it afterwards.
	Via      string
	Edits    int
	Metadata map[string]any
	// At is when it was posted, by Slack's clock.
	At time.Time
	// File is the picture that the message shows.
	File *File
}

// To is the ID of the reader of an ephemeral message, the person behind a
// direct message's channel, or the channel.
func (m Message) To() string {
	if m.Ephemeral {
		return m.User
	}
	if user, ok := strings.CutPrefix(m.Channel, "D"); ok {
		return "U" + user
	}
	return m.Channel
}

// Words are all words that are shown, a line for each block.
func (m Message) Words() string {
	if m.File != nil {
		return m.File.Alt
	}
	if len(m.Blocks) == 0 {
		return m.Text
	}
	return wordsOf(m.Blocks)
}

// Button is a button that is shown.
type Button struct{ Label, Command, URL, ActionID, Style string }

// Buttons are the message's buttons in their order.
func (m Message) Buttons() []Button { return buttonsOf(m.Blocks) }

// Menu is a select that is shown.
type Menu struct {
	ActionID, Placeholder string
	Options               []Option
}

// Option is a choice of a menu or an input.
type Option struct{ Label, Value string }

// Menus are the message's selects in their order.
func (m Message) Menus() []Menu {
	var out []Menu
	for _, b := range m.Blocks {
		for _, e := range list(b["elements"]) {
			if e["type"] == "static_select" {
				out = append(out, Menu{ActionID: str(e["action_id"]), Placeholder: plain(e["placeholder"]), Options: options(e)})
			}
		}
	}
	return out
}

// Commands are the lines behind the message's buttons, and behind its menus
// each with the values that can be chosen. A menu's name ends with its line.
func (m Message) Commands() []string {
	var out []string
	for _, b := range m.Buttons() {
		out = append(out, b.Command)
	}
	for _, menu := range m.Menus() {
		line := menu.ActionID[strings.LastIndex(menu.ActionID, "/")+1:]
		for _, o := range menu.Options {
			out = append(out, "/"+line+" "+o.Value)
		}
	}
	return out
}

// View is a modal or a Home tab.
type View struct {
	ID, User, Type, Hash string
	Title                string
	CallbackID, Metadata string
	Blocks               []map[string]any
	Closed               bool
	// Errors stand below inputs, by block_id.
	Errors map[string]string

	typed    map[string]map[string]any
	revision int
}

// Words are all words that are shown, the title first, with what the inputs
// are filled with.
func (v View) Words() string {
	out := v.Title + "\n" + wordsOf(v.Blocks)
	for _, b := range v.Blocks {
		if b["type"] == "input" {
			out += "\n" + plain(b["label"])
		}
	}
	for _, e := range v.Errors {
		out += "\n" + e
	}
	return out
}

// Labels are the labels of the inputs in their order.
func (v View) Labels() []string {
	var out []string
	for _, b := range v.Blocks {
		if b["type"] == "input" {
			out = append(out, plain(b["label"]))
		}
	}
	return out
}

// Value is what the input with this label holds now.
func (v View) Value(label string) string {
	for _, in := range v.inputs() {
		if in.Label == label {
			return in.Value
		}
	}
	return ""
}

// Kind is the type of the element behind the label.
func (v View) Kind(label string) string {
	for _, in := range v.inputs() {
		if in.Label == label {
			return in.Type
		}
	}
	return ""
}

// input is an input block.
type input struct {
	Label, Type, ActionID, Value string
	Optional                     bool
	Options                      []Option
}

// inputs are the inputs by block_id, with what was typed where the client keeps
// it: an update that leaves block_id and action_id alone does not touch it.
func (v View) inputs() map[string]input {
	out := map[string]input{}
	for _, b := range v.Blocks {
		if b["type"] != "input" {
			continue
		}
		e, _ := b["element"].(map[string]any)
		in := input{Label: plain(b["label"]), Type: str(e["type"]), ActionID: str(e["action_id"]), Options: options(e)}
		in.Optional, _ = b["optional"].(bool)
		for _, key := range []string{"initial_value", "initial_date", "initial_time", "initial_user", "initial_conversation"} {
			if s := str(e[key]); s != "" {
				in.Value = s
			}
		}
		if o, ok := e["initial_option"].(map[string]any); ok {
			in.Value = str(o["value"])
		}
		in.Value += valuesOf(e["initial_options"])
		if typed, ok := v.typed[str(b["block_id"])][in.ActionID].(map[string]any); ok {
			in.Value = typedValue(typed)
		}
		out[str(b["block_id"])] = in
	}
	return out
}

func typedValue(state map[string]any) string {
	for _, key := range []string{"value", "selected_date", "selected_time", "selected_user", "selected_conversation"} {
		if s := str(state[key]); s != "" {
			return s
		}
	}
	if o, ok := state["selected_option"].(map[string]any); ok {
		return str(o["value"])
	}
	return valuesOf(state["selected_options"])
}

// valuesOf are the values of several options, apart by commas.
func valuesOf(options any) string {
	var values []string
	for _, o := range list(options) {
		values = append(values, str(o["value"]))
	}
	return strings.Join(values, ", ")
}

// wire is the input's state as a submission carries it.
func (in input) wire(value string) map[string]any {
	state := map[string]any{"type": in.Type}
	var v any
	if value != "" {
		v = value
	}
	switch in.Type {
	case "datepicker":
		state["selected_date"] = v
	case "timepicker":
		state["selected_time"] = v
	case "users_select":
		state["selected_user"] = v
	case "conversations_select":
		state["selected_conversation"] = v
	case "static_select", "radio_buttons", "external_select":
		state["selected_option"] = nil
		if value != "" {
			state["selected_option"] = map[string]any{"text": map[string]any{"type": "plain_text", "text": value}, "value": value}
		}
		for _, o := range in.Options {
			if o.Label == value || o.Value == value {
				state["selected_option"] = map[string]any{"text": map[string]any{"type": "plain_text", "text": o.Label}, "value": o.Value}
			}
		}
	case "multi_static_select":
		picked := []any{}
		for _, o := range in.Options {
			if slices.Contains(strings.Split(value, ", "), o.Value) {
				picked = append(picked, map[string]any{"text": map[string]any{"type": "plain_text", "text": o.Label}, "value": o.Value})
			}
		}
		state["selected_options"] = picked
	default:
		state["value"] = v
	}
	return state
}

// wire is the view as Slack sends it.
func (s *Server) wire(v View, state map[string]map[string]any) map[string]any {
	if state == nil {
		state = map[string]map[string]any{}
	}
	return map[string]any{
		"id": v.ID, "team_id": s.team, "app_installed_team_id": s.team, "type": v.Type, "hash": v.Hash, "callback_id": v.CallbackID, "private_metadata": v.Metadata,
		"blocks": v.Blocks, "state": map[string]any{"values": state}, "root_view_id": v.ID, "app_id": appID,
		"title": map[string]any{"type": "plain_text", "text": v.Title},
	}
}

// fill puts new content into a view. The lock is held.
func (s *Server) fill(v *View, raw json.RawMessage) {
	var in struct {
		Type     string           `json:"type"`
		Title    map[string]any   `json:"title"`
		Blocks   []map[string]any `json:"blocks"`
		Callback string           `json:"callback_id"`
		Metadata string           `json:"private_metadata"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		s.t.Errorf("slacktest: a view that cannot be read: %v", err)
		return
	}
	v.revision++
	v.Type, v.Title, v.Blocks, v.CallbackID, v.Metadata = in.Type, plain(in.Title), in.Blocks, in.Callback, in.Metadata
	v.Hash = fmt.Sprintf("%s.%d", v.ID, v.revision)
}

func wordsOf(blocks []map[string]any) string {
	var lines []string
	for _, b := range blocks {
		if b["type"] == "input" {
			continue
		}
		if line := strings.TrimSpace(words(b)); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// words reads the visible words out of any part of a block.
func words(v any) string {
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = words(v[i])
		}
		return strings.Join(parts, "")
	case map[string]any:
		switch v["type"] {
		case "user":
			return "@" + str(v["user_id"])
		case "channel":
			return "#" + str(v["channel_id"])
		case "date":
			return str(v["fallback"])
		case "link":
			if t := str(v["text"]); t != "" {
				return t
			}
			return str(v["url"])
		case "rich_text_section", "rich_text_quote":
			return words(v["elements"]) + "\n"
		case "rich_text_list":
			return words(v["elements"])
		case "button":
			return "[" + plain(v["text"]) + "] "
		}
		if t, ok := v["text"].(string); ok {
			if v["type"] == "mrkdwn" {
				return readable(t)
			}
			return t
		}
		return words(v["text"]) + words(v["fields"]) + words(v["elements"]) + words(v["accessory"])
	}
	return ""
}

var reference = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

// readable is mrkdwn as it is read: a date or a link by its label.
func readable(s string) string {
	s = reference.ReplaceAllStringFunc(s, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		if parts[2] != "" {
			return parts[2]
		}
		return parts[1]
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func buttonsOf(blocks []map[string]any) []Button {
	var out []Button
	for _, b := range blocks {
		elements := list(b["elements"])
		if a, ok := b["accessory"].(map[string]any); ok {
			elements = append(elements, a)
		}
		for _, e := range elements {
			if e["type"] == "button" {
				out = append(out, Button{Label: plain(e["text"]), Command: str(e["value"]), URL: str(e["url"]), ActionID: str(e["action_id"]), Style: str(e["style"])})
			}
		}
	}
	return out
}

func options(e map[string]any) []Option {
	var out []Option
	for _, o := range list(e["options"]) {
		out = append(out, Option{Label: plain(o["text"]), Value: str(o["value"])})
	}
	return out
}

func blocksOf(v any) []map[string]any { return list(v) }

func list(v any) []map[string]any {
	items, _ := v.([]any)
	var out []map[string]any
	for _, i := range items {
		if m, ok := i.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return slices.Clip(out)
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// plain is the text of a text object.
func plain(v any) string {
	m, _ := v.(map[string]any)
	return str(m["text"])
}
