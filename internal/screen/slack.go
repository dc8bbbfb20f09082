package screen

import (
	"cmp"
	"encoding/json"
	"fmt"
	"image/color"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// slackBody is a message or a form as Slack takes it.
type slackBody struct {
	Text   string       `json:"text"`
	Title  *slackPart   `json:"title"`
	Submit *slackPart   `json:"submit"`
	Blocks []slackBlock `json:"blocks"`
}

type slackBlock struct {
	Type      string
	Text      *slackPart
	Elements  []slackPart
	Accessory *slackPart
	Element   *slackPart
	Label     *slackPart
	Optional  bool
}

// slackPart is an element or a text of any kind. Text and Style are words in some kinds
// and an object in others.
type slackPart struct {
	Type        string
	Text        json.RawMessage
	Style       json.RawMessage
	Elements    []slackPart
	URL         string
	UserID      string `json:"user_id"`
	ChannelID   string `json:"channel_id"`
	Timestamp   int64
	Placeholder *slackPart
	Options     []slackPart
	Value       json.RawMessage
	Multiline   bool
	InitialText string     `json:"initial_value"`
	InitialDate string     `json:"initial_date"`
	InitialTime string     `json:"initial_time"`
	Initial     *slackPart `json:"initial_option"`
	Timezone    string
}

// words is a part's text, whichever way it is given.
func (p *slackPart) words() string {
	if p == nil {
		return ""
	}
	var s string
	if json.Unmarshal(p.Text, &s) == nil {
		return s
	}
	var inner slackPart
	if json.Unmarshal(p.Text, &inner) == nil {
		return inner.words()
	}
	return ""
}

// style is a part's style, where it is a word.
func (p *slackPart) style() string {
	var s string
	if json.Unmarshal(p.Style, &s) != nil {
		return ""
	}
	return s
}

func (p *slackPart) bold() bool {
	var s struct{ Bold bool }
	return json.Unmarshal(p.Style, &s) == nil && s.Bold
}

func (s *Screen) slackMessage(i Item) ([]part, error) {
	var b slackBody
	if err := json.Unmarshal(i.Body, &b); err != nil {
		return nil, fmt.Errorf("not a message of Slack's: %w", err)
	}
	var out []part
	for _, name := range slices.Sorted(maps.Keys(i.Files)) { // which are sent first
		out = append(out, part{kind: picture, gap: 8, img: decoded(i.Files[name])})
	}
	if len(b.Blocks) == 0 {
		return append(out, part{kind: prose, gap: 2, paras: one(run{text: b.Text, face: body, ink: s.look.ink})}), nil
	}
	return append(out, s.blocks(b.Blocks)...), nil
}

func (s *Screen) slackForm(data json.RawMessage) ([]part, error) {
	var b slackBody
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("not a form of Slack's: %w", err)
	}
	out := []part{{kind: prose, gap: 2, paras: one(run{text: b.Title.words(), face: heading, ink: s.look.ink})}, {kind: rule}}
	return append(append(out, s.blocks(b.Blocks)...), part{kind: row, gap: 14, buttons: []button{
		{label: "Cancel"}, {label: cmp.Or(b.Submit.words(), "Send"), style: primaryButton}}}), nil
}

func (s *Screen) blocks(list []slackBlock) []part {
	var out []part
	for _, b := range list {
		switch b.Type {
		case "header":
			out = append(out, part{kind: prose, gap: 4, paras: one(run{text: b.Text.words(), face: heading, ink: s.look.ink})})
		case "rich_text":
			out = append(out, part{kind: prose, gap: 6, paras: s.richText(b.Elements)})
		case "section":
			p := part{kind: prose, gap: 6, paras: s.sectionWords(b.Text)}
			if b.Accessory != nil {
				p.buttons = []button{slackButton(*b.Accessory)}
			}
			out = append(out, p)
		case "context":
			var runs []run
			for _, e := range b.Elements {
				runs = append(runs, s.mrkdwn(e.words(), small, e.Type == "mrkdwn")...)
			}
			out = append(out, part{kind: prose, gap: 6, paras: []para{{runs: runs}}})
		case "actions":
			p := part{kind: row, gap: 8}
			for _, e := range b.Elements {
				p.buttons = append(p.buttons, slackButton(e))
			}
			out = append(out, p)
		case "divider":
			out = append(out, part{kind: rule})
		case "input":
			e := *b.Element
			out = append(out, s.field(b.Label.words(), "", slackValue(e), slackHint(e), !b.Optional, e.Multiline))
		}
	}
	return out
}

// slackValue is what stands in a field.
func slackValue(e slackPart) string {
	return cmp.Or(e.InitialText, e.InitialDate, e.InitialTime, e.Initial.words())
}

// slackHint is what a client shows in a field that is empty.
func slackHint(e slackPart) string {
	var picks []string
	for _, o := range e.Options {
		picks = append(picks, o.words())
	}
	hints := map[string]string{"datepicker": "Select a date", "timepicker": "Select a time", "radio_buttons": strings.Join(picks, "  /  "), "static_select": "Select an option"}
	return cmp.Or(e.Placeholder.words(), hints[e.Type])
}

func slackButton(e slackPart) button {
	if e.Type != "button" {
		return button{label: e.Placeholder.words(), style: menuButton}
	}
	styles := map[string]buttonStyle{"primary": primaryButton, "danger": dangerButton}
	return button{label: e.words(), style: styles[e.style()]}
}

// richText is sections, lists and quotations.
func (s *Screen) richText(list []slackPart) []para {
	var out []para
	for _, e := range list {
		switch e.Type {
		case "rich_text_list":
			for _, item := range e.Elements {
				out = append(out, para{mark: "•", runs: s.richRuns(item.Elements)})
			}
		case "rich_text_quote":
			out = append(out, para{quote: true, runs: s.richRuns(e.Elements)})
		default:
			out = append(out, para{runs: s.richRuns(e.Elements)})
		}
	}
	return out
}

func (s *Screen) richRuns(list []slackPart) []run {
	var out []run
	for _, e := range list {
		r := run{text: e.words(), face: weight(body, e.bold()), ink: s.look.ink}
		switch e.Type {
		case "link":
			r.ink = s.look.link
			r.text = cmp.Or(r.text, e.URL)
		case "user":
			r = s.mention(e.UserID, body)
		case "channel":
			r = s.mention(e.ChannelID, body)
		case "date":
			r.text = s.pretty(e.Timestamp)
		}
		out = append(out, r)
	}
	return out
}

// sectionWords are a section's lines.
func (s *Screen) sectionWords(t *slackPart) []para {
	if t == nil {
		return nil
	}
	var out []para
	for line := range strings.SplitSeq(t.words(), "\n") {
		out = append(out, para{runs: s.mrkdwn(line, body, t.Type == "mrkdwn")})
	}
	return out
}

// slackMarks finds what mrkdwn takes for mark-up in a line, as far as the bot writes it.
var slackMarks = regexp.MustCompile(`\*([^*]+)\*|_([^_]+)_|<!date\^(-?\d+)\^[^|>]*\|([^>]*)>|<@([A-Z0-9]+)>|<#([A-Z0-9]+)(?:\|[^>]*)?>|<([^|>]+)\|([^>]*)>`)

// mrkdwn is words with Slack's marks, or plain ones.
func (s *Screen) mrkdwn(words string, f face, marked bool) []run {
	ink := s.look.ink
	if f == small {
		ink = s.look.grey
	}
	if !marked {
		return []run{{text: words, face: f, ink: ink}}
	}
	var out []run
	add := func(words string, f face, c color.RGBA) {
		if words != "" {
			out = append(out, run{text: slackEntities.Replace(words), face: f, ink: c})
		}
	}
	at := 0
	for _, m := range slackMarks.FindAllStringSubmatchIndex(words, -1) {
		add(words[at:m[0]], f, ink)
		at = m[1]
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return words[m[2*n]:m[2*n+1]]
		}
		switch {
		case group(1) != "":
			for _, r := range s.mrkdwn(group(1), f, true) {
				r.face = weight(f, true)
				out = append(out, r)
			}
		case group(2) != "":
			add(group(2), f, ink)
		case group(3) != "":
			n, err := strconv.ParseInt(group(3), 10, 64)
			if err != nil {
				add(group(4), f, ink)
				continue
			}
			add(s.pretty(n), f, ink)
		case group(5) != "" || group(6) != "":
			out = append(out, s.mention(cmp.Or(group(5), group(6)), f))
		default:
			add(group(8), f, s.look.link)
		}
	}
	add(words[at:], f, ink)
	return out
}

var slackEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// pretty is how Slack shows a moment to somebody in the screen's zone.
func (s *Screen) pretty(seconds int64) string {
	return time.Unix(seconds, 0).In(s.zone).Format("January 2, 2006 at 3:04 PM")
}
