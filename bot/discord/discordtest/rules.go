package discordtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// check holds a body against the rules that Discord's documentation gives and
// its OpenAPI document does not.
func check(what string, body json.RawMessage, files map[string][]byte) []string {
	var c checker
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return []string{"the body is not JSON"}
	}
	object, _ := v.(map[string]any)
	switch what {
	case "POST /channels/{channel}/messages":
		c.message(object, files, true)
		c.flags(object, 1<<2|1<<12|1<<15)
		if nonce, _ := object["nonce"].(string); len(nonce) > 25 {
			c.add("a nonce of %d characters", len(nonce))
		}
		if object["enforce_nonce"] == true && object["nonce"] == nil {
			c.add("enforce_nonce without a nonce")
		}
	case "PATCH /channels/{channel}/messages/{id}":
		c.message(object, files, false)
		c.flags(object, 1<<2|1<<15)
	case "POST /webhooks/{app}/{token}":
		c.message(object, files, true)
		c.flags(object, 1<<2|1<<6|1<<12|1<<15)
	case "PATCH /webhooks/{app}/{token}/messages/{id}":
		c.message(object, files, false)
		c.flags(object, 1<<2|1<<15)
	case "POST /interactions/{id}/{token}/callback":
		c.callback(object, files)
	case "PUT /applications/{app}/commands":
		list, _ := v.([]any)
		c.commands(list)
	}
	return c.problems
}

// CheckCallback holds the first answer to an interaction against Discord's rules, and
// says which it breaks.
func CheckCallback(body []byte) []string {
	return check("POST /interactions/{id}/{token}/callback", body, nil)
}

type checker struct{ problems []string }

func (c *checker) add(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// units is a length as the stricter of Discord's counters has it, in UTF-16.
func units(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// text checks a string's length; an absent one counts as empty.
func (c *checker) text(where string, v any, least, most int) int {
	s, _ := v.(string)
	n := units(s)
	if n < least || n > most {
		c.add("%s has %d characters instead of %d to %d", where, n, least, most)
	}
	return n
}

func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, x := range list {
		o, _ := x.(map[string]any)
		out = append(out, o)
	}
	return out
}

func (c *checker) flags(body map[string]any, allowed int) {
	if f, ok := body["flags"].(float64); ok && int(f)&^allowed != 0 {
		c.add("flags %d, of which %d cannot be set here", int(f), int(f)&^allowed)
	}
}

// message checks a message. A new one must show something; what is edited may
// leave things out, but not empty everything it names.
func (c *checker) message(m map[string]any, files map[string][]byte, isNew bool) {
	flags, _ := m["flags"].(float64)
	layout := int(flags)&(1<<15) != 0
	content := c.text("content", m["content"], 0, 2000)
	embeds := objects(m["embeds"])
	if layout && (content > 0 || len(embeds) > 0) {
		c.add("components v2 together with content or embeds")
	}
	attachments := objects(m["attachments"])
	_, names := m["content"]
	empty := content == 0 && len(embeds) == 0 && len(files) == 0 && len(attachments) == 0 && !layout
	if empty && (isNew || names) {
		c.add("an empty message (50006)")
	}
	if len(embeds) > 10 {
		c.add("%d embeds", len(embeds))
	}
	total := 0
	for i, e := range embeds {
		total += c.embed(fmt.Sprintf("embed %d", i), e, attachments)
	}
	if total > 6000 {
		c.add("%d characters over all embeds, and 6000 are allowed", total)
	}
	c.attachments(attachments, files)
	if layout {
		c.pictures(objects(m["components"]), attachments)
	}
	c.mentions(m["allowed_mentions"])
	c.rows(objects(m["components"]), layout)
}

func (c *checker) mentions(v any) {
	allowed, ok := v.(map[string]any)
	if !ok {
		c.add("no allowed_mentions: everybody who is named would be pinged")
	} else if parse, _ := allowed["parse"].([]any); len(parse) > 0 {
		c.add("allowed_mentions lets everybody be pinged: %v", parse)
	}
}

func (c *checker) attachments(attachments []map[string]any, files map[string][]byte) {
	for _, a := range attachments {
		if _, ok := files[fmt.Sprintf("files[%v]", a["id"])]; !ok {
			c.add("attachment %v has no file", a["id"])
		}
		c.text("an attachment's description", a["description"], 0, 1024)
		if name, given := a["filename"]; given { // else it has the name of its file
			c.text("an attachment's name", name, 1, 1024)
		}
	}
	if len(files) > len(attachments) {
		c.add("%d files without a description", len(files)-len(attachments))
	}
}

func (c *checker) embed(where string, e map[string]any, attachments []map[string]any) int {
	n := c.text(where+": title", e["title"], 0, 256) + c.text(where+": description", e["description"], 0, 4096)
	fields := objects(e["fields"])
	if len(fields) > 25 {
		c.add("%s: %d fields", where, len(fields))
	}
	for _, f := range fields {
		n += c.text(where+": a field's name", f["name"], 1, 256) + c.text(where+": a field's value", f["value"], 1, 1024)
	}
	if f, ok := e["footer"].(map[string]any); ok {
		n += c.text(where+": footer", f["text"], 1, 2048)
	}
	if image, ok := e["image"].(map[string]any); ok {
		url, _ := image["url"].(string)
		name, isFile := strings.CutPrefix(url, "attachment://")
		found := false
		for _, a := range attachments {
			found = found || a["filename"] == name
		}
		if isFile && !found {
			c.add("%s: its picture %q is not attached", where, name)
		}
	}
	if n == 0 && e["image"] == nil {
		c.add("%s is empty", where)
	}
	return n
}

func (c *checker) rows(rows []map[string]any, layout bool) {
	if layout {
		c.layout(rows)
		return
	}
	if len(rows) > 5 {
		c.add("%d rows of components", len(rows))
	}
	ids := map[string]bool{}
	for i, row := range rows {
		if row["type"] != float64(1) {
			c.add("component %d is no row", i)
			continue
		}
		parts := objects(row["components"])
		selects := 0
		for _, p := range parts {
			c.part(p, ids)
			if p["type"] != float64(2) {
				selects++
			}
		}
		if len(parts) == 0 || len(parts) > 5 || selects > 0 && len(parts) > 1 {
			c.add("row %d has %d components, %d of them menus", i, len(parts), selects)
		}
	}
}

func (c *checker) part(p map[string]any, ids map[string]bool) {
	id, _ := p["custom_id"].(string)
	if id != "" {
		if ids[id] {
			c.add("two components have the custom_id %q", id)
		}
		ids[id] = true
	}
	if p["type"] == float64(2) {
		c.text("a button's label", p["label"], 1, 80)
		if p["style"] == float64(5) {
			url, _ := p["url"].(string)
			if id != "" || !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "discord://") {
				c.add("a link button with the address %q and the custom_id %q", url, id)
			}
			c.text("a link", url, 1, 512)
			return
		}
		if p["url"] != nil {
			c.add("an address on a button that is no link")
		}
		c.text("a custom_id", id, 1, 100)
		return
	}
	c.text("a custom_id", id, 1, 100)
	c.menu(p)
}

func (c *checker) menu(p map[string]any) {
	c.text("a placeholder", p["placeholder"], 0, 150)
	if p["type"] != float64(3) {
		return
	}
	options := objects(p["options"])
	if len(options) == 0 || len(options) > 25 {
		c.add("a menu with %d options", len(options))
	}
	values := map[any]bool{}
	for _, o := range options {
		c.text("an option's label", o["label"], 1, 100)
		c.text("an option's value", o["value"], 1, 100)
		if values[o["value"]] {
			c.add("two options have the value %v", o["value"])
		}
		values[o["value"]] = true
	}
}

func (c *checker) callback(body map[string]any, files map[string][]byte) {
	data, _ := body["data"].(map[string]any)
	switch body["type"] {
	case float64(4):
		c.message(data, files, true)
		c.flags(data, 1<<2|1<<6|1<<12|1<<15)
	case float64(7):
		c.message(data, files, false)
		c.flags(data, 1<<2|1<<15)
	case float64(5):
		c.flags(data, 1<<6)
	case float64(6):
	case float64(8):
		choices := objects(data["choices"])
		if data["choices"] == nil {
			c.add("suggestions without a list of choices")
		}
		if len(choices) > 25 {
			c.add("%d suggestions", len(choices))
		}
		for _, x := range choices {
			c.text("a suggestion's name", x["name"], 1, 100)
			c.text("a suggestion's value", x["value"], 0, 100)
		}
	case float64(9):
		c.form(data)
	default:
		c.add("a callback of type %v", body["type"])
	}
}

func (c *checker) form(data map[string]any) {
	c.text("a form's title", data["title"], 1, 45)
	c.text("a form's custom_id", data["custom_id"], 1, 100)
	parts := objects(data["components"])
	if len(parts) == 0 || len(parts) > 5 {
		c.add("a form with %d parts", len(parts))
	}
	ids := map[string]bool{}
	for _, p := range parts {
		switch p["type"] {
		case float64(10):
			c.text("a form's text", p["content"], 1, 4000)
			continue
		case float64(18):
		default:
			c.add("a form with a part of type %v", p["type"])
			continue
		}
		c.text("a label", p["label"], 1, 45)
		c.text("a label's description", p["description"], 0, 100)
		field, _ := p["component"].(map[string]any)
		id, _ := field["custom_id"].(string)
		c.text("a field's custom_id", id, 1, 100)
		if ids[id] {
			c.add("two fields have the custom_id %q", id)
		}
		ids[id] = true
		if field["type"] != float64(4) {
			c.menu(field)
			least, _ := field["min_values"].(float64)
			if required, given := field["required"].(bool); given && !required && least > 0 {
				c.add("a menu that may stay empty and wants %v values", least)
			}
			continue
		}
		c.text("a field's placeholder", field["placeholder"], 0, 100)
		most, given := field["max_length"].(float64)
		if !given {
			most = 4000
		}
		c.text("a field's value", field["value"], 0, min(4000, int(most)))
		if most < 1 || most > 4000 {
			c.add("a field of at most %v characters", most)
		}
	}
}

// nameRule is Discord's rule for names of commands and options; \p{sc=Deva} and
// \p{sc=Thai} are written as Go has them.
var nameRule = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func (c *checker) name(where, name string) {
	if !nameRule.MatchString(name) || strings.IndexFunc(name, unicode.IsUpper) >= 0 {
		c.add("%s: the name %q is not allowed", where, name)
	}
}

func (c *checker) commands(list []any) {
	count := map[float64]int{}
	seen := map[string]bool{}
	for _, x := range list {
		cmd, _ := x.(map[string]any)
		name, _ := cmd["name"].(string)
		kind, _ := cmd["type"].(float64)
		if kind == 0 {
			kind = 1
		}
		key := fmt.Sprint(kind, name)
		if seen[key] {
			c.add("two commands are called %q", name)
		}
		seen[key] = true
		count[kind]++
		if kind != 1 {
			c.text("a message command's name", name, 1, 32)
			if d, _ := cmd["description"].(string); d != "" || cmd["options"] != nil {
				c.add("the message command %q has a description or options", name)
			}
			continue
		}
		c.name("a command", name)
		c.text("/"+name+": the description", cmd["description"], 1, 100)
		c.options("/"+name, objects(cmd["options"]))
		if n := size(cmd); n > 8000 {
			c.add("/%s has %d characters in all, and 8000 are allowed", name, n)
		}
	}
	for kind, most := range map[float64]int{1: 100, 2: 15, 3: 15} {
		if count[kind] > most {
			c.add("%d commands of type %v, and %d are allowed", count[kind], kind, most)
		}
	}
}

func (c *checker) options(where string, options []map[string]any) {
	if len(options) > 25 {
		c.add("%s: %d options", where, len(options))
	}
	seen := map[string]bool{}
	optional := false
	for _, o := range options {
		name, _ := o["name"].(string)
		at := where + " " + name
		c.name(at, name)
		c.text(at+": the description", o["description"], 1, 100)
		if seen[name] {
			c.add("%s: twice", at)
		}
		seen[name] = true
		kind, _ := o["type"].(float64)
		if kind <= 2 {
			c.options(at, objects(o["options"]))
			continue
		}
		required, _ := o["required"].(bool)
		if required && optional {
			c.add("%s: required, behind one that is not", at)
		}
		optional = optional || !required
		c.option(at, kind, o)
	}
}

// option checks an option that takes a value.
func (c *checker) option(at string, kind float64, o map[string]any) {
	choices := objects(o["choices"])
	if auto, _ := o["autocomplete"].(bool); auto && (len(choices) > 0 || kind != 3 && kind != 4 && kind != 10) {
		c.add("%s: suggestions cannot go with choices, or with its type", at)
	}
	if len(choices) > 25 {
		c.add("%s: %d choices", at, len(choices))
	}
	names := map[any]bool{}
	for _, x := range choices {
		c.text(at+": a choice's name", x["name"], 1, 100)
		if s, ok := x["value"].(string); ok {
			c.text(at+": a choice's value", s, 1, 100)
		}
		if names[x["name"]] {
			c.add("%s: two choices are called %v", at, x["name"])
		}
		names[x["name"]] = true
	}
	if most, ok := o["max_length"].(float64); ok && (most < 1 || most > 6000 || kind != 3) {
		c.add("%s: at most %v characters", at, most)
	}
}

// size is what counts towards a command's 8000 characters.
func size(o map[string]any) int {
	n := 0
	for _, key := range []string{"name", "description", "value"} {
		s, _ := o[key].(string)
		n += utf8.RuneCountInString(s)
	}
	for _, key := range []string{"options", "choices"} {
		for _, x := range objects(o[key]) {
			n += size(x)
		}
	}
	return n
}
