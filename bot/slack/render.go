package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// Words are laid out as rich_text and plain_text blocks, in which nothing is
// mark-up. In mrkdwn only & < > can be escaped: a star or an underscore that
// somebody typed would have to be hidden behind invisible characters, which end
// up wherever the text is copied to. Only a link in a footer is mrkdwn.
//
// A message's tone and the bytes of its image are not shown: colours would need
// Slack's outdated attachments, and uploading a file the right to write files.
// An image's words are shown instead.

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

// discreet is the page with a fallback that may stand on a lock screen. What only
// its reader sees, and only now, needs none.
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
	pg.words = adapter.Clip(joinLines(pg.words, p.words), maxFallback)
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

// piece is a block and its words.
type piece struct {
	block slackgo.Block
	words string
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
			out = append(out, piece{slackgo.NewHeaderBlock(plainText(title)), title})
		} else {
			out = append(out, paragraph(title, true))
		}
	}
	r := writer{notify: m.Notify}
	for _, b := range parse(m.Text) {
		r.block(b)
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

// writer gathers runs of text into rich_text blocks that keep the limits.
type writer struct {
	notify []string
	out    []piece

	elements []slackgo.RichTextElement
	words    string
	length   int
}

// end closes the block that is being written.
func (w *writer) end() {
	if len(w.elements) > 0 {
		w.out = append(w.out, piece{slackgo.NewRichTextBlock("", w.elements...), w.words})
	}
	w.elements, w.words, w.length = nil, "", 0
}

// block writes a paragraph, a quotation or a list item. Paragraphs are blocks of
// their own, because Slack leaves space between blocks only.
func (w *writer) block(b bot.Block) {
	for _, spans := range cutSpans(b.Spans, maxRun) {
		els := w.inline(spans)
		if len(els) == 0 {
			continue
		}
		words, n := spanWords(spans), weigh(spans)
		if b.Kind == bot.Bullet {
			w.bullet(els, words, n)
			continue
		}
		w.end()
		if b.Kind == bot.Quotation {
			w.elements, w.words = append(w.elements, &slackgo.RichTextQuote{Type: slackgo.RTEQuote, Elements: els}), "> "+words
		} else {
			w.elements, w.words = append(w.elements, slackgo.NewRichTextSection(els...)), words
		}
		w.end()
	}
}

func (w *writer) bullet(els []slackgo.RichTextSectionElement, words string, n int) {
	if w.length+n > maxRun {
		w.end()
	}
	item := slackgo.NewRichTextSection(els...)
	if len(w.elements) == 1 {
		list := w.elements[0].(*slackgo.RichTextList)
		list.Elements = append(list.Elements, item)
	} else {
		w.elements = []slackgo.RichTextElement{slackgo.NewRichTextList(slackgo.RTEListBullet, 0, item)}
	}
	w.words, w.length = joinLines(w.words, "- "+words), w.length+n
}

// field writes "Name: value", a line each; a list stands below its name. The
// lines are one section with breaks in it: not every client begins a line with
// a section.
func (w *writer) field(f bot.Field) {
	var spans []bot.Span
	blocks := parse(f.Value)
	isList := slices.ContainsFunc(blocks, func(b bot.Block) bool { return b.Kind == bot.Bullet })
	if name := clean(f.Name); name != "" && isList {
		w.block(bot.Block{Spans: []bot.Span{{Text: name, Bold: true}}})
	} else if name != "" {
		spans = append(spans, bot.Span{Text: name + ": ", Bold: true})
	}
	if isList {
		for _, b := range blocks {
			w.block(b)
		}
		w.end()
		return
	}
	for i, b := range blocks {
		if i > 0 {
			spans = append(spans, bot.Span{Break: true})
		}
		spans = append(spans, b.Spans...)
	}
	for _, part := range cutSpans(spans, maxRun) {
		w.line(part)
	}
}

// line adds a line to the section that is being written, or begins one.
func (w *writer) line(spans []bot.Span) {
	els, n := w.inline(spans), weigh(spans)
	if len(els) == 0 {
		return
	}
	if w.length+n > maxRun {
		w.end()
	}
	if len(w.elements) == 0 {
		w.elements = []slackgo.RichTextElement{slackgo.NewRichTextSection(els...)}
	} else {
		section := w.elements[0].(*slackgo.RichTextSection)
		section.Elements = append(append(section.Elements, slackgo.NewRichTextSectionTextElement("\n", nil)), els...)
	}
	w.words, w.length = joinLines(w.words, spanWords(spans)), w.length+n
}

// image writes what can be seen in a picture.
func (w *writer) image(i bot.Image) {
	w.end()
	w.block(bot.Block{Spans: []bot.Span{{Text: "In the picture: ", Bold: true}, {Text: clean(i.Alt)}}})
}

// address writes a button that Slack cannot show, such as a telephone number.
func (w *writer) address(b bot.Button) {
	if b.URL == "" || buttonURL(b.URL) {
		return
	}
	text := clean(b.Label)
	_, rest, _ := strings.Cut(b.URL, ":")
	number, query, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	if !bot.SaysNumber(text, number) {
		text += ": " + number
	}
	// A text message may say what to write: sms:741741?body=HOME
	if values, err := url.ParseQuery(query); err == nil && values.Get("body") != "" && !strings.Contains(text, values.Get("body")) {
		text += " (write " + values.Get("body") + ")"
	}
	w.block(bot.Block{Kind: bot.Bullet, Spans: []bot.Span{{Text: clean(text)}}})
}

// inline turns spans into the elements of a rich_text section.
func (w *writer) inline(spans []bot.Span) []slackgo.RichTextSectionElement {
	var out []slackgo.RichTextSectionElement
	for _, s := range spans {
		if s.Break {
			out = append(out, slackgo.NewRichTextSectionTextElement("\n", nil))
			continue
		}
		text := s.Text
		if text == "" {
			continue
		}
		style := styleOf(s)
		switch {
		case !s.Time.IsZero():
			date := slackgo.NewRichTextSectionDateElement(s.Time.Unix(), "{date_long_pretty} at {time}", nil, &text)
			date.Style = style
			out = append(out, date)
		case w.pings(s.Person):
			out = append(out, slackgo.NewRichTextSectionUserElement(bot.Account(s.Person), style))
		case bot.PlatformOf(s.Room) == "slack" && isChannel(bot.Account(s.Room)):
			out = append(out, slackgo.NewRichTextSectionChannelElement(bot.Account(s.Room), style))
		case linkable(s.Link):
			out = append(out, slackgo.NewRichTextSectionLinkElement(s.Link, text, style))
		default:
			out = append(out, slackgo.NewRichTextSectionTextElement(text, style))
		}
	}
	return out
}

// pings says whether a mention may reach the person: Slack pings whoever a user
// element names, so everybody else is shown by name.
func (w *writer) pings(person string) bool {
	if bot.PlatformOf(person) != "slack" || !isUser(bot.Account(person)) {
		return false
	}
	for _, id := range w.notify {
		if id == person {
			return true
		}
	}
	return false
}

func isUser(id string) bool { return slackID(id, "UW") }

func isChannel(id string) bool { return slackID(id, "CG") }

func slackID(id, first string) bool {
	return len(id) > 1 && strings.IndexByte(first, id[0]) >= 0 &&
		!strings.ContainsFunc(id, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
}

// linkable says whether Slack takes the address in a link.
func linkable(address string) bool {
	return buttonURL(address) || strings.HasPrefix(address, "mailto:") && adapter.Units(address) <= maxURL && shown(address) == address
}

func buttonURL(address string) bool {
	return (strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")) && adapter.Units(address) <= maxURL && shown(address) == address
}

func styleOf(s bot.Span) *slackgo.RichTextSectionTextStyle {
	if !s.Bold && !s.Italic {
		return nil
	}
	return &slackgo.RichTextSectionTextStyle{Bold: s.Bold, Italic: s.Italic}
}

// paragraph is a sentence of ours in a block of its own. It may be cut into no
// more than one block, so it must be short.
func paragraph(text string, bold bool) piece {
	text = adapter.Clip(text, maxTextRun)
	w := writer{}
	w.block(bot.Block{Spans: []bot.Span{{Text: text, Bold: bold}}})
	return w.out[0]
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
	words := shown(bot.PlainText(text))
	if len(els) == 0 {
		return nil
	}
	if len(els) > 10 || adapter.Units(words) > maxContext { // a context block takes ten
		words = adapter.Clip(words, maxContext)
		els = []slackgo.MixedElement{plainText(words)}
	}
	return []piece{{slackgo.NewContextBlock("", els...), words}}
}

// label is the words of a link in mrkdwn.
func label(s string) string {
	return escape(strings.ReplaceAll(clean(s), "|", "/"))
}

// escapeURL keeps an address from ending its link early.
func escapeURL(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "").Replace(s)
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
			out = append(out, piece{slackgo.NewActionBlock("", row...), words})
		}
		row, words = nil, ""
	}
	for _, b := range m.Buttons {
		label := adapter.Clip(clean(b.Label), maxButtonLabel)
		if label == "" || b.URL != "" && !buttonURL(b.URL) || len(b.Command) > maxValue || shown(b.Command) != b.Command || b.URL == "" && b.Command == "" {
			continue
		}
		n++
		el := slackgo.NewButtonBlockElement(fmt.Sprintf("%s%d", buttonAction, n), b.Command, plainText(label))
		el.URL = b.URL
		switch b.Style {
		case bot.Primary:
			el.Style = slackgo.StylePrimary
		case bot.Danger:
			el.Style = slackgo.StyleDanger
		}
		if len(row) == rowLength {
			end()
		}
		row = append(row, el)
		words = joinLines(words, label+": "+b.Command+b.URL)
	}
	end()
	for _, menu := range m.Menus {
		if el, said := menuOf(menu, n+1); el != nil {
			n++
			out = append(out, piece{slackgo.NewActionBlock("", el), said})
		}
	}
	return out
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
		words = joinLines(words, label+": "+m.Command+" "+pick.Value)
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

// clean is words for a single line.
func clean(s string) string {
	s = strings.TrimSpace(shown(s))
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, s)
}

// shown is words without what no client shows: control characters, and what is
// left of characters that were cut in half.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// parse reads a text in the bot's mark-up, without what no client shows. A link
// that Slack would not take, such as a telephone number, becomes words.
func parse(text string) []bot.Block {
	blocks := bot.Parse(shown(text))
	for _, b := range blocks {
		for i := range b.Spans {
			s := &b.Spans[i]
			s.Text = shown(s.Text) // an entity such as &#0; leaves such characters, too
			if s.Link != "" && !linkable(s.Link) {
				s.Text, s.Link = withNumber(s.Text, s.Link), ""
			}
		}
	}
	return blocks
}

// withNumber is the words of a link with its number behind them, unless it is
// among them or no number at all.
func withNumber(text, address string) string {
	const longest = 100
	_, number, _ := strings.Cut(shown(address), ":")
	if number == "" || adapter.Units(number) > longest || bot.SaysNumber(text, number) {
		return text
	}
	return text + " (" + number + ")"
}

// escaper makes the three characters harmless that mean something in a message's
// text.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes words safe in mrkdwn, and keeps the result within Slack's limit.
func escape(s string) string {
	s = shown(s)
	out := escaper.Replace(s)
	for most := maxFallback; adapter.Units(out) > 4_000; most -= 500 {
		out = escaper.Replace(adapter.Clip(s, most))
	}
	return out
}

// cutSpans divides a run of spans into parts of at most that weight.
func cutSpans(spans []bot.Span, most int) [][]bot.Span {
	var out [][]bot.Span
	var part []bot.Span
	room := most
	for _, s := range spans {
		for _, text := range cutOrEmpty(s.Text, maxTextRun) {
			piece := s
			piece.Text = text
			n := weigh([]bot.Span{piece})
			if n > room && len(part) > 0 {
				out, part, room = append(out, part), nil, most
			}
			part = append(part, piece)
			room -= n
		}
	}
	if len(part) > 0 {
		out = append(out, part)
	}
	return out
}

// weigh is what spans cost of a block: a third of it is the number of characters
// and all of it at least the bytes they take on the way.
func weigh(spans []bot.Span) int {
	const around = 100 // bytes of JSON around a span's words
	n := 0
	for _, s := range spans {
		words := spanWords([]bot.Span{s})
		n += max(3*adapter.Units(words), quoted(words)+around)
	}
	return n
}

// quoted is the length of words as JSON, in bytes.
func quoted(words string) int {
	for i := range len(words) {
		if c := words[i]; c < ' ' || c >= utf8.RuneSelf || strings.IndexByte(`"\<>&`, c) >= 0 {
			data, err := json.Marshal(words)
			if err != nil { // cannot be: a string
				return maxPage
			}
			return len(data)
		}
	}
	return len(words) + len(`""`)
}

// cutOrEmpty keeps a span without text, such as a line break.
func cutOrEmpty(s string, most int) []string {
	if s == "" {
		return []string{""}
	}
	return adapter.Cut(s, most)
}

// spanWords is what spans say where nothing can be linked.
func spanWords(spans []bot.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch {
		case s.Break:
			b.WriteByte('\n')
		case s.Link != "" && !strings.HasSuffix(s.Link, s.Text):
			b.WriteString(s.Text + " (" + s.Link + ")")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}
