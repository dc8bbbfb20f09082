package discord

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

// Discord's limits for one message, in UTF-16 units where they count characters.
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedsTotal = 6000
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxRows        = 5
	maxRowButtons  = 5
	maxLabel       = 80
	maxCustomID    = 100
	maxLinkURL     = 512
	maxOptions     = 25
	maxOptionText  = 100
	maxPlaceholder = 150
	maxAltText     = 1024
)

// The colours beside an embed, by tone. They say nothing that the words do not.
const (
	colourCalm   = 0x6C8EA4
	colourAsking = 0xC99A2E
	colourGood   = 0x4C8C5A
	colourUrgent = 0xC0392B
)

// render writes an answer to what somebody has just asked as one or more of Discord's. A
// few words, and what is urgent, are ordinary messages; all else is laid out.
func render(m bot.Message) []message {
	if isContent(m) && len(m.Lines) == 0 {
		return renderQuietly(m)
	}
	return renderLayout(m)
}

// renderQuietly writes a message that nobody has asked for just now: what stands beside
// its embed can be on a lock screen. The buttons stand below the last.
func renderQuietly(m bot.Message) []message {
	m = m.Flat()
	var ids uniqueIDs
	rows, rest := layoutRows(m.Buttons, m.Menus, &ids)
	if len(rest) > 0 {
		m.Text += "\n\n" + strings.Join(rest, "\n")
	}
	var out []message
	if isContent(m) {
		out = renderContent(m)
	} else {
		out = renderEmbeds(m)
	}
	out[0].Mentions, out[0].Content = notify(m.Notify, out[0].Content)
	last := &out[len(out)-1]
	last.Components = rows
	if m.Image != nil {
		last.attach(file{fileName(m.Image.Name), "image/png", m.Image.PNG}, m.Image.Alt)
	}
	if m.File != nil {
		last.attach(file{fileName(m.File.Name), m.File.Type, m.File.Data}, "")
	}
	for i := range out {
		out[i].complete()
	}
	return out
}

// complete makes the lists that must be there even when empty.
func (m *message) complete() {
	if m.Embeds == nil && !m.isLaidOut() {
		m.Embeds = []discordgo.MessageEmbed{}
		m.Flags |= discordgo.MessageFlagsSuppressEmbeds
	}
	if m.Components == nil {
		m.Components = []component{}
	}
	if m.Attachments == nil {
		m.Attachments = []attachment{}
	}
	if m.Mentions.Parse == nil {
		m.Mentions.Parse = []string{}
	}
	if m.Content == "" && len(m.Embeds) == 0 && len(m.Attachments) == 0 && !m.isLaidOut() {
		m.Content = "Done."
	}
}

// isContent says that a message is shown without an embed.
func isContent(m bot.Message) bool { return m.Tone == bot.Urgent || isBare(m) }

// isBare says that a message is a few words and nothing else, which read best
// as an ordinary message.
func isBare(m bot.Message) bool {
	return m.Title == "" && len(m.Fields) == 0 && m.Footer == "" && m.Image == nil &&
		(m.Tone == bot.Calm || m.Tone == bot.Asking) && utf8.RuneCountInString(m.Text) <= maxContent/2
}

func renderContent(m bot.Message) []message {
	var text strings.Builder
	if m.Title != "" {
		text.WriteString("**" + bot.Literal(m.Title) + "**\n\n")
	}
	text.WriteString(m.Text)
	for _, f := range m.Fields {
		text.WriteString("\n\n**" + bot.Literal(f.Name) + "**\n\n" + f.Value)
	}
	if m.Footer != "" {
		text.WriteString("\n\n" + m.Footer)
	}
	// Leave room for the mentions that notify puts in front.
	var out []message
	for _, piece := range renderText(text.String(), maxContent-mentionRoom(m.Notify)) {
		out = append(out, message{Content: piece})
	}
	if len(out) == 0 {
		out = []message{{}}
	}
	return out
}

func renderEmbeds(m bot.Message) []message {
	p := packer{colour: colourOf(m.Tone)}
	p.open()
	p.cur.Title = title(m.Title, maxTitle)
	p.size = adapter.Units(p.cur.Title)
	for i, piece := range renderText(m.Text, maxDescription) {
		if i > 0 {
			p.open()
		}
		p.cur.Description = piece
		p.size += adapter.Units(piece)
	}
	for _, f := range m.Fields {
		p.field(f)
	}
	if m.Footer != "" {
		p.footer(m.Footer)
	}
	if m.Image != nil {
		p.cur.Image = &discordgo.MessageEmbedImage{URL: "attachment://" + fileName(m.Image.Name)}
	}
	return p.messages()
}

func colourOf(t bot.Tone) int {
	switch t {
	case bot.Asking:
		return colourAsking
	case bot.Good:
		return colourGood
	case bot.Urgent:
		return colourUrgent
	}
	return colourCalm
}

// packer fills embeds one after another.
type packer struct {
	colour int
	embeds []discordgo.MessageEmbed
	sizes  []int
	cur    discordgo.MessageEmbed
	size   int
	begun  bool
}

func (p *packer) open() {
	p.close()
	p.cur, p.size, p.begun = discordgo.MessageEmbed{Color: p.colour}, 0, true
}

func (p *packer) close() {
	if p.begun && (p.size > 0 || p.cur.Image != nil) {
		p.embeds = append(p.embeds, p.cur)
		p.sizes = append(p.sizes, p.size)
	}
	p.begun = false
}

// field adds a field, as several when its value is too long for one.
func (p *packer) field(f bot.Field) {
	name := title(f.Name, maxFieldName)
	if name == "" {
		name = "\u200b"
	}
	values := renderText(f.Value, maxFieldValue)
	if len(values) == 0 {
		values = []string{"—"}
	}
	for i, v := range values {
		if i > 0 {
			name = title(f.Name+" (continued)", maxFieldName)
		}
		n := adapter.Units(name) + adapter.Units(v)
		if len(p.cur.Fields) >= maxFields || p.size+n > maxEmbedsTotal {
			p.open()
		}
		p.cur.Fields = append(p.cur.Fields, &discordgo.MessageEmbedField{Name: name, Value: v})
		p.size += n
	}
}

func (p *packer) footer(text string) {
	words := plainText(text, maxFooter)
	if p.size+adapter.Units(words) > maxEmbedsTotal {
		p.open()
	}
	p.cur.Footer = &discordgo.MessageEmbedFooter{Text: words}
	p.size += adapter.Units(words)
}

// messages shares the embeds out so that no message is over Discord's total.
func (p *packer) messages() []message {
	p.close()
	out := []message{{}}
	total := 0
	for i, e := range p.embeds {
		last := &out[len(out)-1]
		if len(last.Embeds) > 0 && (total+p.sizes[i] > maxEmbedsTotal || len(last.Embeds) >= maxEmbeds) {
			out = append(out, message{})
			last = &out[len(out)-1]
			total = 0
		}
		last.Embeds = append(last.Embeds, e)
		total += p.sizes[i]
	}
	return out
}

// maxPinged bounds the people one message pings.
const maxPinged = 20

// notify allows exactly these people to be pinged, and names them where a ping
// works, which is not inside an embed.
func notify(people []string, content string) (mentions, string) {
	m := mentions{Parse: []string{}}
	var names []string
	for _, id := range people {
		if !ours(id) || len(m.Users) >= maxPinged {
			continue
		}
		m.Users = append(m.Users, bot.Account(id))
		if tag := "<@" + bot.Account(id) + ">"; !strings.Contains(content, tag) {
			names = append(names, tag)
		}
	}
	if len(names) > 0 {
		content = strings.TrimSpace(strings.Join(names, " ") + "\n" + content)
	}
	return m, content
}

func mentionRoom(people []string) int { return min(len(people), maxPinged) * 25 }

// attach puts a picture with its description, or a file, on the message.
func (m *message) attach(f file, alt string) {
	m.Attachments = append(m.Attachments, attachment{ID: strconv.Itoa(len(m.files)), Filename: f.name, Description: adapter.Clip(oneLine(alt), maxAltText)})
	m.files = append(m.files, f)
}

// fileName keeps to characters that Discord leaves as they are, so that the
// embed finds its picture.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, s)
	s = strings.Trim(s, ".-")
	if s == "" {
		return "picture.png"
	}
	return s
}

// layoutRows puts buttons and menus into rows. What has no room, or is no link that
// Discord takes, comes back as lines of text that serve the same purpose.
func layoutRows(buttons []bot.Button, menus []bot.Menu, ids *uniqueIDs) (rows []component, rest []string) {
	free := maxRows - min(len(menus), maxRows)
	for _, b := range buttons {
		if b.Aside && !isLink(b.URL) {
			continue
		}
		c, line := renderButton(b, ids)
		if line != "" {
			rest = append(rest, line)
			continue
		}
		if n := len(rows); n > 0 && len(rows[n-1].Components) < maxRowButtons {
			rows[n-1].Components = append(rows[n-1].Components, c)
			continue
		}
		if len(rows) == free {
			rest = append(rest, asText(b))
			continue
		}
		rows = append(rows, component{Type: discordgo.ActionsRowComponent, Components: []component{c}})
	}
	for _, menu := range menus {
		c, ok := renderMenu(menu, ids)
		if len(rows) == maxRows || !ok {
			rest = append(rest, "- "+bot.Literal(menu.Label+": "+menu.Command))
			continue
		}
		rows = append(rows, component{Type: discordgo.ActionsRowComponent, Components: []component{c}})
	}
	return rows, rest
}

// renderButton is the button, or the line of text that stands in for it.
func renderButton(b bot.Button, ids *uniqueIDs) (component, string) {
	c := component{Type: discordgo.ButtonComponent, Label: adapter.Clip(oneLine(b.Label), maxLabel), Style: styleOf(b.Style)}
	if c.Label == "" {
		return c, asText(b)
	}
	if b.URL != "" {
		if !isLink(b.URL) {
			return c, asText(b)
		}
		c.Style, c.URL = 5, b.URL
		return c, ""
	}
	var ok bool
	if c.CustomID, ok = ids.take(b.Command); !ok {
		return c, asText(b)
	}
	return c, ""
}

// isLink says whether Discord takes an address on a button.
func isLink(address string) bool {
	return strings.HasPrefix(address, "https://") && len(address) <= maxLinkURL
}

func styleOf(s bot.Style) int {
	switch s {
	case bot.Primary:
		return 1
	case bot.Danger:
		return 4
	}
	return 2
}

// asText is a button in words: whoever reads it can do what the button would.
func asText(b bot.Button) string {
	if b.URL == "" {
		return "- " + bot.Literal(b.Label+": "+b.Command)
	}
	if n := reachable(b.URL); n != "" {
		if bot.SaysNumber(b.Label, n) {
			return "- " + bot.Literal(b.Label)
		}
		return "- " + bot.Literal(b.Label+": "+n)
	}
	if strings.HasPrefix(b.URL, "https://") {
		return "- [" + bot.Literal(b.Label) + "](<" + b.URL + ">)"
	}
	return "- " + bot.Literal(b.Label+": "+b.URL)
}

func renderMenu(menu bot.Menu, ids *uniqueIDs) (component, bool) {
	label := oneLine(menu.Label)
	c := component{Type: discordgo.SelectMenuComponent, Placeholder: adapter.Clip(label, maxPlaceholder)}
	id, ok := ids.take(menu.Command)
	c.CustomID = id
	seen := map[string]bool{}
	for _, p := range menu.Picks {
		if len(c.Options) == maxOptions || seen[p.Value] || p.Value == "" || adapter.Units(p.Value) > maxOptionText {
			continue
		}
		seen[p.Value] = true
		c.Options = append(c.Options, option{Label: adapter.Clip(oneLine(p.Label), maxOptionText), Value: p.Value})
	}
	return c, ok && len(c.Options) > 0
}

// Custom ids are "v1:" and the command line; a second button with the same line
// in a message is "v1.2:", because Discord wants them different.
const (
	idVersion  = "v1"
	formPrefix = "f1:"
)

// uniqueIDs are the lines that a message's controls already have.
type uniqueIDs []string

func (u *uniqueIDs) take(line string) (string, bool) {
	n := 1
	for _, taken := range *u {
		if taken == line {
			n++
		}
	}
	*u = append(*u, line)
	id := idVersion + ":" + line
	if n > 1 {
		id = fmt.Sprintf("%s.%d:%s", idVersion, n, line)
	}
	return id, line != "" && adapter.Units(id) <= maxCustomID
}

// lineOf is the command line in a custom id of this version, or "".
func lineOf(id string) string {
	version, line, ok := strings.Cut(id, ":")
	version, _, _ = strings.Cut(version, ".")
	if !ok || version != idVersion {
		return ""
	}
	return line
}
