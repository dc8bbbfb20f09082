package slacktest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits are Slack's published ones. Where Slack does not say what a
// character is, the stricter count holds: UTF-16 units.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	// maxAllBlocks is where msg_blocks_too_long has been seen, in characters of
	// everything in the blocks. It is published nowhere.
	maxAllBlocks = 13_000
	maxText      = 4_000
)

// checker collects what is wrong with a payload.
type checker struct {
	where    string
	problems []string
	actions  map[string]bool
	blockIDs map[string]bool
}

func newChecker(where string) *checker {
	return &checker{where: where, actions: map[string]bool{}, blockIDs: map[string]bool{}}
}

func (c *checker) add(format string, args ...any) {
	c.problems = append(c.problems, c.where+": "+fmt.Sprintf(format, args...))
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

func (c *checker) text(what, s string, least, most int) {
	if n := length(s); n < least || n > most {
		c.add("%s has %d characters instead of %d to %d: %.40q", what, n, least, most, s)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		c.add("%s holds half a character: %.40q", what, s)
	}
}

// checkMessage holds a message against the limits.
func checkMessage(args map[string]any) []string {
	c := newChecker("message")
	c.text("text", str(args["text"]), 0, maxText)
	c.mentions(str(args["text"]))
	if args["blocks"] == nil {
		return c.problems
	}
	items, ok := args["blocks"].([]any)
	if !ok {
		c.add("blocks is no list")
		return c.problems
	}
	if len(items) > maxMessageBlocks {
		c.add("%d blocks, and %d fit", len(items), maxMessageBlocks)
	}
	if raw, _ := json.Marshal(items); length(string(raw)) > maxAllBlocks {
		c.add("the blocks have %d characters, and Slack was seen to refuse more than %d", length(string(raw)), maxAllBlocks)
	}
	if str(args["text"]) == "" {
		c.add("blocks without a text for notifications and screen readers")
	}
	c.blocks(items, false)
	return c.problems
}

// checkView holds a modal or a Home tab against the limits.
func checkView(raw json.RawMessage) []string {
	c := newChecker("view")
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		c.add("cannot be read: %v", err)
		return c.problems
	}
	items, _ := v["blocks"].([]any)
	if len(items) > maxViewBlocks || len(items) == 0 {
		c.add("%d blocks instead of 1 to %d", len(items), maxViewBlocks)
	}
	c.text("private_metadata", str(v["private_metadata"]), 0, 3000)
	c.text("callback_id", str(v["callback_id"]), 0, 255)
	switch v["type"] {
	case "modal":
		c.textObject("title", v["title"], "plain_text", 1, 24)
		if v["submit"] != nil {
			c.textObject("submit", v["submit"], "plain_text", 1, 24)
		}
		if v["close"] != nil {
			c.textObject("close", v["close"], "plain_text", 1, 24)
		}
	case "home":
		if v["title"] != nil || v["submit"] != nil {
			c.add("a Home tab has no title and no submit")
		}
	default:
		c.add("type %v", v["type"])
	}
	hasInput := c.blocks(items, true)
	if hasInput && v["type"] == "modal" && v["submit"] == nil {
		c.add("inputs without a submit")
	}
	return c.problems
}

func (c *checker) blocks(items []any, inView bool) (hasInput bool) {
	for i, item := range items {
		b, ok := item.(map[string]any)
		if !ok {
			c.add("block %d is no object", i)
			continue
		}
		c.blockID(str(b["block_id"]))
		switch kind := str(b["type"]); kind {
		case "header":
			c.textObject("header", b["text"], "plain_text", 1, 150)
		case "section":
			c.section(b)
		case "context":
			c.context(b)
		case "actions":
			elements := list(b["elements"])
			if len(elements) < 1 || len(elements) > 25 {
				c.add("actions with %d elements instead of 1 to 25", len(elements))
			}
			for _, e := range elements {
				c.element(e)
			}
		case "rich_text":
			c.richText(b)
		case "divider":
		case "input":
			hasInput = true
			if !inView {
				c.add("an input in a message")
			}
			c.input(b)
		default:
			c.add("block type %q", kind)
		}
	}
	return hasInput
}

func (c *checker) blockID(id string) {
	if id == "" {
		return
	}
	c.text("block_id", id, 1, 255)
	if c.blockIDs[id] {
		c.add("block_id %q twice", id)
	}
	c.blockIDs[id] = true
}

func (c *checker) textObject(what string, v any, kind string, least, most int) {
	t, ok := v.(map[string]any)
	if !ok {
		c.add("%s has no text object", what)
		return
	}
	got := str(t["type"])
	if got != "plain_text" && (got != "mrkdwn" || kind == "plain_text") {
		c.add("%s has a text of type %q", what, got)
	}
	c.text(what, str(t["text"]), least, most)
	if got == "mrkdwn" {
		c.mentions(str(t["text"]))
	}
}

// angle finds what Slack reads as a reference in mrkdwn.
var angle = regexp.MustCompile(`<([^<>]*)>`)

// mentions finds references that ping many people, and angle brackets that
// belong to nothing.
func (c *checker) mentions(s string) {
	for _, m := range angle.FindAllStringSubmatch(s, -1) {
		target, _, _ := strings.Cut(m[1], "|")
		switch {
		case strings.HasPrefix(target, "!date^"), strings.HasPrefix(target, "https://"), strings.HasPrefix(target, "http://"),
			strings.HasPrefix(target, "mailto:"), strings.HasPrefix(target, "@U"), strings.HasPrefix(target, "#C"):
		default:
			c.add("mrkdwn holds <%s>", m[1])
		}
	}
	if strings.ContainsAny(angle.ReplaceAllString(s, ""), "<>") {
		c.add("mrkdwn holds a stray < or >: %.60q", s)
	}
}

func (c *checker) section(b map[string]any) {
	fields := list(b["fields"])
	if b["text"] == nil && len(fields) == 0 {
		c.add("a section without text")
	}
	if b["text"] != nil {
		c.textObject("section", b["text"], "", 1, 3000)
	}
	if len(fields) > 10 {
		c.add("%d fields, and 10 fit", len(fields))
	}
	for _, f := range fields {
		c.textObject("field", any(f), "", 1, 2000)
	}
	if a, ok := b["accessory"].(map[string]any); ok {
		c.element(a)
	}
}

func (c *checker) context(b map[string]any) {
	elements := list(b["elements"])
	if len(elements) < 1 || len(elements) > 10 {
		c.add("context with %d elements instead of 1 to 10", len(elements))
	}
	for _, e := range elements {
		c.textObject("context", any(e), "", 1, 2000)
	}
}

func (c *checker) richText(b map[string]any) {
	elements := list(b["elements"])
	if len(elements) == 0 {
		c.add("rich_text without elements")
	}
	total := 0
	for _, e := range elements {
		switch str(e["type"]) {
		case "rich_text_section", "rich_text_quote":
			total += c.richSection(e)
		case "rich_text_list":
			if s := str(e["style"]); s != "bullet" && s != "ordered" {
				c.add("list style %q", s)
			}
			items := list(e["elements"])
			if len(items) == 0 {
				c.add("an empty list")
			}
			for _, i := range items {
				if i["type"] != "rich_text_section" {
					c.add("a list of %v", i["type"])
				}
				total += c.richSection(i)
			}
		default:
			c.add("rich_text element %v", e["type"])
		}
	}
	if total > 3000 {
		c.add("rich_text of %d characters; sections take 3000", total)
	}
}

func (c *checker) richSection(e map[string]any) int {
	total := 0
	for _, x := range list(e["elements"]) {
		switch str(x["type"]) {
		case "text":
			c.text("rich text", str(x["text"]), 1, 3000)
			total += length(str(x["text"]))
		case "link":
			c.url(str(x["url"]))
			if _, ok := x["text"]; ok {
				c.text("link text", str(x["text"]), 1, 3000)
			}
			total += length(str(x["text"]))
		case "user":
			if !strings.HasPrefix(str(x["user_id"]), "U") && !strings.HasPrefix(str(x["user_id"]), "W") {
				c.add("user_id %q", x["user_id"])
			}
		case "channel":
			if !strings.HasPrefix(str(x["channel_id"]), "C") && !strings.HasPrefix(str(x["channel_id"]), "G") {
				c.add("channel_id %q", x["channel_id"])
			}
		case "date":
			if _, ok := x["timestamp"].(float64); !ok {
				c.add("date without a timestamp: %v", x["timestamp"])
			}
			if !strings.Contains(str(x["format"]), "{") {
				c.add("date format %q", x["format"])
			}
			if str(x["fallback"]) == "" {
				c.add("date without a fallback")
			}
			total += length(str(x["fallback"]))
		default:
			c.add("rich text of type %v", x["type"])
		}
	}
	return total
}

func (c *checker) url(s string) {
	c.text("url", s, 1, 3000)
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "mailto:") {
		c.add("url %q", s)
	}
}

func (c *checker) actionID(e map[string]any) {
	id := str(e["action_id"])
	c.text("action_id", id, 1, 255)
	if c.actions[id] {
		c.add("action_id %q twice", id)
	}
	c.actions[id] = true
}

func (c *checker) element(e map[string]any) {
	c.actionID(e)
	switch kind := str(e["type"]); kind {
	case "button":
		c.textObject("button", e["text"], "plain_text", 1, 75)
		if v, ok := e["value"]; ok {
			c.text("button value", str(v), 1, 2000)
		}
		if v, ok := e["url"]; ok {
			c.url(str(v))
		}
		if s, ok := e["style"]; ok && s != "primary" && s != "danger" {
			c.add("button style %v", s)
		}
	case "static_select", "radio_buttons", "multi_static_select":
		c.options(kind, e)
	case "external_select", "users_select", "conversations_select", "datepicker", "timepicker":
	case "plain_text_input", "number_input":
	default:
		c.add("element %q", kind)
	}
	if e["placeholder"] != nil {
		c.textObject("placeholder", e["placeholder"], "plain_text", 1, 150)
	}
}

func (c *checker) options(kind string, e map[string]any) {
	most := 100
	if kind == "radio_buttons" {
		most = 10
	}
	opts := list(e["options"])
	if len(opts) < 1 || len(opts) > most {
		c.add("%s with %d options instead of 1 to %d", kind, len(opts), most)
	}
	seen := map[string]bool{}
	for _, o := range opts {
		c.textObject("option", o["text"], "plain_text", 1, 75)
		c.text("option value", str(o["value"]), 1, 150)
		if seen[str(o["value"])] {
			c.add("option %q twice", o["value"])
		}
		seen[str(o["value"])] = true
	}
	chosen := list(e["initial_options"])
	if _, one := e["initial_option"]; one == (kind == "multi_static_select") && (one || len(chosen) > 0) {
		c.add("%s has what is chosen under another name", kind)
	}
	if o, ok := e["initial_option"].(map[string]any); ok {
		chosen = append(chosen, o)
	}
	for _, o := range chosen {
		found := false
		for _, x := range opts {
			found = found || str(x["value"]) == str(o["value"]) && plain(x["text"]) == plain(o["text"])
		}
		if !found {
			c.add("initial_option is none of the options")
		}
	}
}

var (
	dateRule = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	timeRule = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

func (c *checker) input(b map[string]any) {
	c.textObject("label", b["label"], "plain_text", 1, 2000)
	if b["hint"] != nil {
		c.textObject("hint", b["hint"], "plain_text", 1, 2000)
	}
	e, ok := b["element"].(map[string]any)
	if !ok {
		c.add("an input without an element")
		return
	}
	c.element(e)
	switch e["type"] {
	case "button":
		c.add("a button as an input")
	case "plain_text_input":
		c.textInput(e)
	case "number_input":
		c.numberInput(e)
	case "datepicker":
		c.picked(e, "initial_date", dateRule)
	case "timepicker":
		c.picked(e, "initial_time", timeRule)
		if zone := str(e["timezone"]); zone != "" {
			if _, err := time.LoadLocation(zone); err != nil {
				c.add("timezone %q", zone)
			}
		}
	}
}

func (c *checker) textInput(e map[string]any) {
	least, most := number(e["min_length"], 0), number(e["max_length"], 3000)
	if least > most || most < 1 || most > 3000 {
		c.add("lengths %d to %d", least, most)
	}
	if v := str(e["initial_value"]); v != "" {
		c.text("initial_value", v, 0, most)
	}
}

func (c *checker) numberInput(e map[string]any) {
	if _, ok := e["is_decimal_allowed"].(bool); !ok {
		c.add("number_input without is_decimal_allowed")
	}
	for _, key := range []string{"min_value", "max_value", "initial_value"} {
		if v, ok := e[key]; ok {
			if _, err := strconv.Atoi(str(v)); err != nil {
				c.add("%s %q", key, v)
			}
		}
	}
}

func (c *checker) picked(e map[string]any, key string, rule *regexp.Regexp) {
	if v := str(e[key]); v != "" && !rule.MatchString(v) {
		c.add("%s %q", key, v)
	}
}

func number(v any, otherwise int) int {
	if f, ok := v.(float64); ok {
		return int(f)
	}
	return otherwise
}

// CheckMessage names every limit of Slack that a message's JSON breaks.
func CheckMessage(message []byte) []string {
	var args map[string]any
	if err := json.Unmarshal(message, &args); err != nil {
		return []string{err.Error()}
	}
	return checkMessage(args)
}

// CheckView names every limit of Slack that a modal's or Home tab's JSON breaks.
func CheckView(view []byte) []string { return checkView(view) }

// Words are the words that blocks show, a line for each block.
func Words(blocks []byte) string {
	var list []map[string]any
	if err := json.Unmarshal(blocks, &list); err != nil {
		return ""
	}
	return wordsOf(list)
}
