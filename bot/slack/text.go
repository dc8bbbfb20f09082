package slack

import (
	"encoding/json"
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
		w.out = append(w.out, piece{block: slackgo.NewRichTextBlock("", w.elements...), words: w.words})
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
	switch {
	case b.Aside && linkable(b.URL): // no button, but a link
		w.block(bot.Block{Kind: bot.Bullet, Spans: []bot.Span{{Text: text, Link: b.URL}}})
		return
	case b.Aside:
		return
	}
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
			out = append(out, slackgo.NewRichTextSectionUserElement(account(s.Person), style))
		case isChannel(account(s.Room)):
			out = append(out, slackgo.NewRichTextSectionChannelElement(account(s.Room), style))
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
	if !isUser(account(person)) {
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

// label is the words of a link in mrkdwn.
func label(s string) string {
	return escape(strings.ReplaceAll(clean(s), "|", "/"))
}

// escapeURL keeps an address from ending its link early.
func escapeURL(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "").Replace(s)
}

// clean is words for a single line, with commands spelled as they are typed here.
func clean(s string) string {
	s = strings.TrimSpace(spelled(shown(s)))
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

// parse reads a text in the bot's mark-up, without what no client shows, and with
// commands spelled as they are typed here. A link that Slack would not take, such as a telephone number, becomes words.
func parse(text string) []bot.Block {
	blocks := bot.Parse(shown(text))
	for _, b := range blocks {
		for i := range b.Spans {
			s := &b.Spans[i]
			s.Text = shown(s.Text) // an entity such as &#0; leaves such characters, too
			if s.Link != "" && !linkable(s.Link) {
				s.Text, s.Link = withNumber(s.Text, s.Link), ""
			}
			if s.Link == "" && s.Person == "" && s.Room == "" {
				s.Text = spelled(s.Text)
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
