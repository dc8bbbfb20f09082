package screen

import (
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Discord's components, by number.
const (
	dRow       = 1
	dButton    = 2
	dSelect    = 3
	dInput     = 4
	dPeople    = 5
	dChannels  = 8
	dSection   = 9
	dText      = 10
	dGallery   = 12
	dFile      = 13
	dRule      = 14
	dContainer = 17
	dLabel     = 18
)

// discordBody is a message or a form as Discord takes it.
type discordBody struct {
	Title      string        `json:"title"`
	Content    string        `json:"content"`
	Embeds     []embed       `json:"embeds"`
	Components []discordPart `json:"components"`
}

type embed struct {
	Title, Description string
	Color              uint32
	Fields             []struct{ Name, Value string }
	Image              *discordURL
	Footer             *struct{ Text string }
}

type discordURL struct{ URL string }

type discordPart struct {
	Type        int
	Style       int
	Label       string
	Description string
	Content     string
	URL         string
	Placeholder string
	Value       string
	Required    *bool
	Options     []struct {
		Label   string
		Default bool
	}
	Components []discordPart
	Component  *discordPart
	Accessory  *discordPart
	Accent     *uint32 `json:"accent_color"`
	Items      []struct{ Media discordURL }
	File       *discordURL
}

func (s *Screen) discordMessage(i Item) ([]part, error) {
	var b discordBody
	if err := json.Unmarshal(i.Body, &b); err != nil {
		return nil, fmt.Errorf("not a message of Discord's: %w", err)
	}
	var out []part
	if b.Content != "" {
		out = append(out, part{kind: prose, paras: s.discordWords(b.Content)})
	}
	for _, e := range b.Embeds {
		out = append(out, s.embed(e, i.Files))
	}
	return append(out, s.discordParts(b.Components, i.Files)...), nil
}

func (s *Screen) embed(e embed, files map[string][]byte) part {
	p := part{kind: card, gap: 4, accent: rgb(e.Color)}
	add := func(words string, gap int) {
		if words != "" {
			p.inner = append(p.inner, part{kind: prose, gap: gap, paras: s.discordWords(words)})
		}
	}
	if e.Title != "" {
		add("**"+e.Title+"**", 2)
	}
	add(e.Description, 4)
	for _, f := range e.Fields {
		add("**"+f.Name+"**", 8)
		add(f.Value, 0)
	}
	if e.Image != nil {
		p.inner = append(p.inner, part{kind: picture, gap: 8, img: named(files, e.Image.URL)})
	}
	if e.Footer != nil {
		add("-# "+e.Footer.Text, 8)
	}
	return p
}

func (s *Screen) discordParts(list []discordPart, files map[string][]byte) []part {
	var out []part
	for _, c := range list {
		switch c.Type {
		case dContainer:
			p := part{kind: card, gap: 4, inner: s.discordParts(c.Components, files)}
			if c.Accent != nil {
				p.accent = rgb(*c.Accent)
			}
			out = append(out, p)
		case dText:
			out = append(out, part{kind: prose, gap: 4, paras: s.discordWords(c.Content)})
		case dSection:
			p := part{kind: prose, gap: 6}
			for _, inner := range c.Components {
				p.paras = append(p.paras, s.discordWords(inner.Content)...)
			}
			if c.Accessory != nil {
				p.buttons = []button{discordButton(*c.Accessory)}
			}
			out = append(out, p)
		case dRow:
			p := part{kind: row, gap: 8}
			for _, inner := range c.Components {
				p.buttons = append(p.buttons, discordButton(inner))
			}
			out = append(out, p)
		case dGallery:
			for _, item := range c.Items {
				out = append(out, part{kind: picture, gap: 8, img: named(files, item.Media.URL)})
			}
		case dFile:
			out = append(out, part{kind: prose, gap: 8, paras: one(run{text: "File: " + strings.TrimPrefix(c.File.URL, "attachment://"), face: body, ink: s.look.link})})
		case dRule:
			out = append(out, part{kind: rule})
		}
	}
	return out
}

func discordButton(c discordPart) button {
	if c.Type != dButton {
		return button{label: c.Placeholder, style: menuButton}
	}
	styles := map[int]buttonStyle{1: primaryButton, 3: greenButton, 4: dangerButton}
	return button{label: c.Label, style: styles[c.Style]}
}

// named is the picture that an address means among files.
func named(files map[string][]byte, url string) image.Image {
	return decoded(files[strings.TrimPrefix(url, "attachment://")])
}

func (s *Screen) discordForm(data json.RawMessage) ([]part, error) {
	var b discordBody
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("not a form of Discord's: %w", err)
	}
	out := []part{{kind: prose, gap: 2, paras: one(run{text: b.Title, face: heading, ink: s.look.ink})}}
	for _, c := range b.Components {
		if c.Type == dText {
			out = append(out, part{kind: prose, gap: 4, paras: s.discordWords(c.Content)})
			continue
		}
		if c.Component == nil {
			continue
		}
		out = append(out, s.field(c.Label, c.Description, discordValue(*c.Component), discordHint(*c.Component),
			c.Component.Required != nil && *c.Component.Required, c.Component.Type == dInput && c.Component.Style == 2))
	}
	return append(out, part{kind: row, gap: 14, buttons: []button{{label: "Submit", style: primaryButton}, {label: "Cancel"}}}), nil
}

// discordValue is what stands in a field.
func discordValue(c discordPart) string {
	for _, o := range c.Options {
		if o.Default {
			return o.Label
		}
	}
	return c.Value
}

// discordHint is what a client shows in a field that is empty.
func discordHint(c discordPart) string {
	if c.Type == dInput {
		return c.Placeholder
	}
	return cmp.Or(c.Placeholder, "Make a selection")
}

// field is one to be filled in.
func (s *Screen) field(label, about, value, hint string, required, tall bool) part {
	head := []run{{text: label, face: strong, ink: s.look.ink}}
	switch {
	case required && s.client == Discord:
		head = append(head, run{text: " *", face: strong, ink: s.look.danger})
	case !required && s.client == Slack:
		head = append(head, run{text: " (optional)", face: body, ink: s.look.grey})
	}
	p := part{kind: input, gap: 12, tall: tall, paras: []para{{runs: head}}}
	if about != "" {
		p.paras = append(p.paras, para{runs: []run{{text: about, face: small, ink: s.look.grey}}})
	}
	inside := run{text: value, face: body, ink: s.look.ink}
	if value == "" {
		inside = run{text: hint, face: body, ink: s.look.grey}
	}
	p.paras = append(p.paras, para{runs: []run{inside}})
	return p
}

// discordWords reads Discord's Markdown, as far as the bot writes it.
func (s *Screen) discordWords(text string) []para {
	var out []para
	gap := 0
	for line := range strings.SplitSeq(text, "\n") {
		pa := para{gap: gap}
		f := body
		switch {
		case strings.TrimSpace(line) == "":
			gap = 10
			continue
		case strings.HasPrefix(line, "### "):
			line, f = "**"+line[4:]+"**", heading
		case strings.HasPrefix(line, "-# "):
			line, f = line[3:], small
		case strings.HasPrefix(line, "- "):
			line, pa.mark = line[2:], "•"
		case strings.HasPrefix(line, "> "):
			line, pa.quote = line[2:], true
		case strings.HasPrefix(line, "  ") && len(out) > 0 && out[len(out)-1].mark != "":
			last := &out[len(out)-1]
			last.runs = append(append(last.runs, run{text: "\n", face: body}), s.inline(strings.TrimSpace(line), f)...)
			continue
		}
		pa.runs = s.inline(line, f)
		out, gap = append(out, pa), 0
	}
	return out
}

// discordMarks finds the mark-up that may stand in a line.
var discordMarks = regexp.MustCompile(`\\([^\w\s])|(\*\*|\*)|\[((?:\\.|[^\]\\])*)\]\(<?([^)>]*)>?\)|<t:(-?\d+)(?::\w)?>|<([@#])(\d+)>|<(https?://[^>\s]+)>`)

func (s *Screen) inline(line string, f face) []run {
	ink := s.look.ink
	if f == small {
		ink = s.look.grey
	}
	var out []run
	bold := f == heading
	add := func(words string, c color.RGBA) {
		if words == "" {
			return
		}
		out = append(out, run{text: words, face: weight(f, bold), ink: c})
	}
	at := 0
	for _, m := range discordMarks.FindAllStringSubmatchIndex(line, -1) {
		add(line[at:m[0]], ink)
		at = m[1]
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return line[m[2*n]:m[2*n+1]]
		}
		switch {
		case group(1) != "":
			add(group(1), ink)
		case group(2) == "**":
			bold = !bold || f == heading
		case group(2) == "*": // slanted letters are drawn upright
		case group(4) != "":
			add(unescaped.ReplaceAllString(group(3), "$1"), s.look.link)
		case group(5) != "":
			out = append(out, run{text: s.moment(group(5)), face: weight(f, bold), ink: ink, pill: s.look.border})
		case group(7) != "":
			out = append(out, s.mention(group(7), f))
		case group(8) != "":
			add(group(8), s.look.link)
		}
	}
	add(line[at:], ink)
	return out
}

// unescaped takes the backslashes off.
var unescaped = regexp.MustCompile(`\\([^\w\s])`)

func weight(f face, bold bool) face {
	switch {
	case f == body && bold:
		return strong
	case f == small && bold:
		return smallStrong
	}
	return f
}

// mention is a person or a channel by name.
func (s *Screen) mention(id string, f face) run {
	name := s.names[id]
	switch {
	case name == "":
		name = "somebody"
	case !strings.HasPrefix(name, "#"):
		name = "@" + name
	}
	return run{text: name, face: f, ink: s.look.pillInk, pill: s.look.pill}
}

// moment is how a client shows a time (in seconds) to somebody in the screen's zone.
func (s *Screen) moment(seconds string) string {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return seconds
	}
	return time.Unix(n, 0).In(s.zone).Format("Monday, January 2, 2006 at 3:04 PM")
}
