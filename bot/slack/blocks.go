package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// The limits of a message, in UTF-16 units where characters are counted.
const (
	maxBlocks     = 50
	maxViewBlocks = 100
	// maxPage is how long all blocks of a message together may be as JSON. Slack
	// refuses more than about 13,000 characters (msg_blocks_too_long) and does not
	// say how it counts.
	maxPage        = 12_000
	maxHeader      = 150
	maxRun         = 9_000 // of one rich_text block, as weigh counts
	maxTextRun     = 1_400 // of one text in it
	maxButtonLabel = 75
	maxOptionLabel = 75
	maxOptionValue = 150
	maxOptions     = 100
	maxMenu        = 8_000 // of a menu's options together, in bytes of JSON
	maxPlaceholder = 150
	maxValue       = 2_000
	maxURL         = 3_000
	maxContext     = 1_800
	maxFallback    = 3_500 // of a message's text; Slack splits at 4,000
	rowLength      = 5     // buttons side by side
)

// quietText stands on a lock screen for a message without a title.
const quietText = "A message from your village"

// page is one message as Slack takes it.
type page struct {
	blocks []slackgo.Block
	// text is the fallback beside the blocks: screen readers read it, and
	// notifications show it. words are everything in the page, for when the blocks
	// cannot be used.
	text, words string
	// posted is the page as it is posted to a response_url when it replaces nothing
	// and belongs to no thread, if that is known.
	posted []byte
}

// discreet is the page with a fallback that may stand on a lock screen. What everybody
// in a channel sees, or its reader has asked for just now, needs none.
func (pg page) discreet(title string) page {
	pg.text, pg.posted = strings.TrimSpace(title), nil
	if pg.text == "" {
		pg.text = quietText
	}
	return pg
}

// render lays a message out, in as many pages as it takes. Buttons and menus
// stand on the last.
func render(m bot.Message) []page {
	content, controls := contentOf(m), controlsOf(m)
	var pages []page
	var pg page
	room := maxPage
	flush := func() {
		if len(pg.blocks) > 0 {
			pages = append(pages, pg)
		}
		pg, room = page{}, maxPage
	}
	for _, piece := range append(content, controls...) {
		if len(pg.blocks) == maxBlocks || piece.size() > room {
			flush()
		}
		room -= piece.size()
		pg.blocks = append(pg.blocks, piece.block)
		pg.say(piece)
	}
	flush()
	return pages
}

// renderToKeep is render for what is shown many times: it is written as Slack is
// sent it, once and for all.
func renderToKeep(m bot.Message) []page {
	pages := render(m)
	if m.Page == "" {
		return pages
	}
	for i, pg := range pages {
		if data, err := json.Marshal(responseOf(pg, "", false)); err == nil {
			pages[i].posted = data
		}
	}
	return pages
}

// say adds a block's words to the page's. What buttons and menus do stands in
// words only where there are no buttons.
func (pg *page) say(p piece) {
	pg.words = adapter.Clip(joinLines(joinLines(pg.words, p.words), p.typed), maxFallback)
	if _, control := p.block.(*slackgo.ActionBlock); !control || pg.text == "" {
		pg.text = adapter.Clip(joinLines(pg.text, p.words), maxFallback)
	}
}

// onePage lays a message out that has to stay one message. What does not fit is
// left out, and the message says so; its buttons stay.
func onePage(m bot.Message) (page, error) {
	pages := render(m)
	switch len(pages) {
	case 0:
		return page{}, errors.New("slack: the message is empty")
	case 1:
		return pages[0], nil
	}
	controls := controlsOf(m)
	more := paragraph("There is more than fits here.", true)
	room := maxPage - more.size()
	for _, c := range controls {
		room -= c.size()
	}
	var pg page
	add := func(p piece) {
		pg.blocks = append(pg.blocks, p.block)
		pg.say(p)
	}
	for _, p := range contentOf(m) {
		if room -= p.size(); room < 0 || len(pg.blocks)+len(controls)+2 > maxBlocks {
			break
		}
		add(p)
	}
	add(more)
	for _, c := range controls {
		add(c)
	}
	return pg, nil
}

// piece is a block and its words. typed is what its button does, in words.
type piece struct {
	block        slackgo.Block
	words, typed string
}

// size is the block's length as JSON, in bytes, with the comma behind it.
func (p piece) size() int {
	data, err := json.Marshal(p.block)
	if err != nil { // cannot be: blocks are plain data
		return maxPage
	}
	return len(data) + 1
}

func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// wordsOf is everything a message says, as plain words.
func wordsOf(m bot.Message) string {
	var out string
	for _, p := range contentOf(m) {
		out = joinLines(out, p.words)
	}
	return out
}

// contentOf is what a message says.
func contentOf(m bot.Message) []piece {
	var out []piece
	if title := clean(m.Title); title != "" {
		if adapter.Units(title) <= maxHeader {
			out = append(out, piece{block: slackgo.NewHeaderBlock(plainText(title)), words: title})
		} else {
			out = append(out, paragraph(title, true))
		}
	}
	r := writer{notify: m.Notify}
	for _, b := range parse(m.Text) {
		r.block(b)
	}
	r.end()
	for i, l := range m.Lines {
		r.section(l, i+1)
	}
	r.end()
	for _, f := range m.Fields {
		r.field(f)
	}
	r.end()
	if m.Image != nil && clean(m.Image.Alt) != "" {
		r.image(*m.Image)
	}
	for _, b := range m.Buttons {
		r.address(b)
	}
	r.end()
	return append(append(out, r.out...), footer(m.Footer)...)
}

// footer is the small print: plain words, with links and times between them.
func footer(text string) []piece {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var els []slackgo.MixedElement
	var run strings.Builder
	flush := func() {
		for _, part := range adapter.Cut(strings.TrimSpace(shown(run.String())), maxContext) {
			els = append(els, plainText(part))
		}
		run.Reset()
	}
	for i, b := range parse(text) {
		if i > 0 {
			run.WriteByte('\n')
		}
		for _, s := range b.Spans {
			marked := ""
			switch {
			case s.Break:
				run.WriteByte('\n')
				continue
			case !s.Time.IsZero():
				marked = fmt.Sprintf("<!date^%d^{date_long_pretty} at {time}|%s>", s.Time.Unix(), label(s.Text))
			case linkable(s.Link):
				marked = "<" + escapeURL(s.Link) + "|" + label(s.Text) + ">"
			}
			if marked == "" || adapter.Units(marked) > maxContext || label(s.Text) == "" {
				run.WriteString(spanWords([]bot.Span{s}))
				continue
			}
			flush()
			els = append(els, slackgo.NewTextBlockObject(slackgo.MarkdownType, marked, false, false))
		}
	}
	flush()
	words := spelled(shown(bot.PlainText(text)))
	if len(els) == 0 {
		return nil
	}
	if len(els) > 10 || adapter.Units(words) > maxContext { // a context block takes ten
		words = adapter.Clip(words, maxContext)
		els = []slackgo.MixedElement{plainText(words)}
	}
	return []piece{{block: slackgo.NewContextBlock("", els...), words: words}}
}

// controlsOf is a message's buttons, in rows, and menus. The command stands in
// the button's value; action ids are numbered, and say the version of the format.
func controlsOf(m bot.Message) []piece {
	var out []piece
	var row []slackgo.BlockElement
	var words string
	n := 0
	end := func() {
		if len(row) > 0 {
			out = append(out, piece{block: slackgo.NewActionBlock("", row...), words: words})
		}
		row, words = nil, ""
	}
	for _, b := range m.Buttons {
		el := buttonOf(b, fmt.Sprintf("%s%d", buttonAction, n+1))
		if el == nil {
			continue
		}
		n++
		if len(row) == rowLength {
			end()
		}
		row = append(row, el)
		words = joinLines(words, el.Text.Text+": "+spelled(b.Command)+b.URL)
	}
	end()
	for _, menu := range m.Menus {
		if el, said := menuOf(menu, n+1); el != nil {
			n++
			out = append(out, piece{block: slackgo.NewActionBlock("", el), words: said})
		}
	}
	return out
}

// buttonOf is a button, or nil where Slack has none for it.
func buttonOf(b bot.Button, action string) *slackgo.ButtonBlockElement {
	label := adapter.Clip(clean(b.Label), maxButtonLabel)
	if label == "" || b.URL != "" && !buttonURL(b.URL) || len(b.Command) > maxValue || shown(b.Command) != b.Command || b.URL == "" && b.Command == "" {
		return nil
	}
	el := slackgo.NewButtonBlockElement(action, b.Command, plainText(label))
	el.URL = b.URL
	switch b.Style {
	case bot.Primary:
		el.Style = slackgo.StylePrimary
	case bot.Danger:
		el.Style = slackgo.StyleDanger
	}
	return el
}

const (
	buttonAction = "village/1/"
	menuAction   = "village/1m/"
)

// menuOf is a select. Its command stands in the action id, because an option's
// value has room for little more than its own.
func menuOf(m bot.Menu, n int) (*slackgo.SelectBlockElement, string) {
	var options []*slackgo.OptionBlockObject
	words := clean(m.Label)
	seen := map[string]bool{}
	room := maxMenu
	for _, pick := range m.Picks {
		label := adapter.Clip(clean(pick.Label), maxOptionLabel)
		if label == "" || pick.Value == "" || adapter.Units(pick.Value) > maxOptionValue || shown(pick.Value) != pick.Value || seen[pick.Value] {
			continue
		}
		const around = 80 // bytes of JSON around an option's words
		if room -= quoted(label) + quoted(pick.Value) + around; room < 0 || len(options) == maxOptions {
			break // what is left can be typed
		}
		seen[pick.Value] = true
		options = append(options, slackgo.NewOptionBlockObject(pick.Value, plainText(label), nil))
		words = joinLines(words, label+": "+spelled(m.Command+" "+pick.Value))
	}
	action := fmt.Sprintf("%s%d%s", menuAction, n, m.Command)
	if len(options) == 0 || adapter.Units(action) > 255 {
		return nil, ""
	}
	return slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plainText(adapter.Clip(clean(m.Label), maxPlaceholder)), action, options...), words
}

// commandOf is the line behind a button or a choice, "" when there is none.
func commandOf(a pressed) string {
	switch {
	case strings.HasPrefix(a.ActionID, buttonAction):
		return a.Value
	case strings.HasPrefix(a.ActionID, menuAction) && a.SelectedOption != nil:
		_, command, ok := strings.Cut(strings.TrimPrefix(a.ActionID, menuAction), "/")
		if ok {
			return "/" + command + " " + a.SelectedOption.Value
		}
	}
	return ""
}

func plainText(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, false, false)
}
