package discord

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"village/bot"
	"village/bot/adapter"
)

// What stands in a channel, and lists with a button to each line, are laid out in
// components: their words are the message itself and no embed, which people can switch
// off and their notifications leave out. Discord takes no content and no embeds beside
// them, and a message that has them once keeps them.
const (
	layoutFlag    = discordgo.MessageFlagsIsComponentsV2
	maxLayout     = 40   // components of a message, at every depth
	maxLayoutText = 4000 // characters of all its texts
	sectionSize   = 3    // a section, its text and its button
)

// renderLayout writes a message as one or more of Discord's, in components. The buttons
// that are about all of it stand below the last.
func renderLayout(m bot.Message) []message {
	var ids uniqueIDs
	l := layouter{colour: colourOf(m.Tone), ids: &ids}
	rows, rest := layoutRows(m.Buttons, m.Menus, &ids)
	if len(rest) > 0 {
		m.Text += "\n\n" + strings.Join(rest, "\n")
	}
	mentions, ping := notify(m.Notify, "")
	l.heading(ping, m.Title)
	l.words(m.Text)
	for _, line := range m.Lines {
		l.line(line)
	}
	for _, f := range m.Fields {
		l.field(f)
	}
	if m.Image != nil {
		l.picture(*m.Image)
	}
	if small := renderSmall(m.Footer); small != "" {
		l.text(small)
	}
	for _, row := range rows {
		l.add(row, 1+len(row.Components), 0)
	}
	if m.File != nil {
		l.add(component{Type: discordgo.FileComponentType, File: &media{URL: "attachment://" + fileName(m.File.Name)}}, 1, 0)
	}
	out := l.messages()
	out[0].Mentions = mentions
	if m.Image != nil {
		out[l.pictureIn].attach(file{fileName(m.Image.Name), "image/png", m.Image.PNG}, m.Image.Alt)
	}
	if m.File != nil {
		out[len(out)-1].attach(file{fileName(m.File.Name), m.File.Type, m.File.Data}, "")
	}
	for i := range out {
		out[i].Flags |= layoutFlag
		out[i].complete()
	}
	return out
}

// layouter fills containers, one a message.
type layouter struct {
	colour    int
	ids       *uniqueIDs
	full      [][]component
	cur       []component
	count     int // of components, with the container
	size      int // of their texts
	pictureIn int
}

func (l *layouter) add(c component, count, size int) {
	if len(l.cur) > 0 && (1+l.count+count > maxLayout || l.size+size > maxLayoutText) {
		l.full = append(l.full, l.cur)
		l.cur, l.count, l.size = nil, 0, 0
	}
	l.cur = append(l.cur, c)
	l.count += count
	l.size += size
}

func (l *layouter) text(s string) {
	l.add(component{Type: discordgo.TextDisplayComponent, Content: s}, 1, adapter.Units(s))
}

// heading is whom the message pings, and its title.
func (l *layouter) heading(ping, name string) {
	if s := title(name, maxTitle); s != "" {
		ping = strings.TrimSpace(ping + "\n### " + s)
	}
	if ping != "" {
		l.text(ping)
	}
}

func (l *layouter) words(text string) {
	for _, piece := range renderText(text, maxLayoutText) {
		l.text(piece)
	}
}

// line is a section with its button, or words where there is none or it is no button here.
func (l *layouter) line(line bot.Line) {
	if head := title(line.Head, maxTitle); head != "" {
		l.text("**" + head + "**")
	}
	pieces := renderText(line.Text, maxContent)
	if len(pieces) == 0 {
		return
	}
	text := pieces[0]
	if line.Button.Label == "" {
		l.text("- " + text)
		return
	}
	button, asLine := renderButton(line.Button, l.ids)
	if asLine != "" {
		l.text("- " + text + "\n" + asLine)
		return
	}
	l.add(component{
		Type: discordgo.SectionComponent, Components: []component{{Type: discordgo.TextDisplayComponent, Content: text}}, Accessory: &button,
	}, sectionSize, adapter.Units(text))
}

func (l *layouter) field(f bot.Field) {
	name := "**" + escape(adapter.Clip(oneLine(f.Name), maxFieldName), true) + ":**"
	for i, piece := range renderText(f.Value, maxLayoutText/2) {
		switch {
		case i > 0 || oneLine(f.Name) == "":
			l.text(piece)
		case strings.HasPrefix(piece, "- "):
			l.text(name + "\n" + piece)
		default:
			l.text(name + " " + piece)
		}
	}
}

func (l *layouter) picture(img bot.Image) {
	l.add(component{Type: discordgo.MediaGalleryComponent, Items: []galleryItem{{
		Media: media{URL: "attachment://" + fileName(img.Name)}, Description: adapter.Clip(oneLine(img.Alt), maxAltText),
	}}}, 1, 0)
	l.pictureIn = len(l.full)
}

func (l *layouter) messages() []message {
	if len(l.cur) > 0 {
		l.full = append(l.full, l.cur)
	}
	if len(l.full) == 0 {
		l.full = [][]component{{{Type: discordgo.TextDisplayComponent, Content: "Done."}}}
	}
	var out []message
	for _, parts := range l.full {
		out = append(out, message{Components: []component{{Type: discordgo.ContainerComponent, Accent: &l.colour, Components: parts}}})
	}
	return out
}

// renderSmall is a footer as small print, each of its lines.
func renderSmall(footer string) string {
	pieces := renderText(footer, maxFooter)
	if len(pieces) == 0 {
		return ""
	}
	var lines []string
	for line := range strings.SplitSeq(pieces[0], "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, "-# "+line)
		}
	}
	return strings.Join(lines, "\n")
}

// isLaidOut says that a message is one of components alone.
func (m message) isLaidOut() bool { return m.Flags&layoutFlag != 0 }

// fitted is the first of the parts of what has to stay one message, with the buttons
// that are about all of it. A picture comes along only with its own part.
func fitted(parts []message) message {
	one := parts[0]
	if last := parts[len(parts)-1]; len(parts) > 1 {
		one.Components = []component{trimmed(one.Components[0], last.Components[0])}
	}
	return one
}

// trimmed is the first container with the last one's rows, and without what these have
// no room for. It says that something is missing.
func trimmed(first, last component) component {
	var rows []component
	count := 2
	for _, c := range last.Components {
		if c.Type == discordgo.ActionsRowComponent {
			rows = append(rows, c)
			count += 1 + len(c.Components)
		}
	}
	const more = "-# There is more than fits here."
	size := len(more)
	var kept []component
	for _, c := range first.Components {
		n, units := c.measure()
		if count += n; count > maxLayout || size+units > maxLayoutText {
			break
		}
		size += units
		kept = append(kept, c)
	}
	first.Components = append(append(kept, component{Type: discordgo.TextDisplayComponent, Content: more}), rows...)
	return first
}

// measure is how many components one is with all in it, and how many characters of text.
func (c component) measure() (count, size int) {
	count, size = 1, adapter.Units(c.Content)
	if c.Accessory != nil {
		count++
	}
	for _, inner := range c.Components {
		n, units := inner.measure()
		count, size = count+n, size+units
	}
	return count, size
}

// addRow puts one more row below a message, and says whether there was room.
func (m *message) addRow(row component) bool {
	if !m.isLaidOut() {
		if len(m.Components) == maxRows {
			return false
		}
		m.Components = append(slices.Clip(m.Components), row)
		return true
	}
	count, _ := row.measure()
	for _, c := range m.Components {
		n, _ := c.measure()
		count += n
	}
	if count > maxLayout {
		return false
	}
	m.Components = append(slices.Clip(m.Components), row)
	return true
}

// allWords are the words of components, and what their buttons do, a line each.
func allWords(parts []component) []string {
	var words []string
	for _, c := range parts {
		line := lineOf(c.CustomID)
		switch {
		case c.Content != "":
			words = append(words, marks.ReplaceAllString(c.Content, ""))
		case line != "":
			words = append(words, "- "+escape(c.Label+c.Placeholder+": "+line, false))
		case c.URL != "":
			words = append(words, "- "+escape(c.Label, false)+": <"+c.URL+">")
		}
		words = append(words, allWords(c.Components)...)
		if c.Accessory != nil {
			words = append(words, allWords([]component{*c.Accessory})...)
		}
	}
	return words
}

// marks finds what makes a heading or small print of a line.
var marks = regexp.MustCompile(`(?m)^(?:### |-# )`)

// inOneText is a message of components with nothing in it but words.
func (m message) inOneText() message {
	words := adapter.Clip(strings.Join(allWords(m.Components), "\n"), maxLayoutText)
	m.Components = []component{{Type: discordgo.TextDisplayComponent, Content: words}}
	m.Attachments, m.files = []attachment{}, nil
	return m
}
