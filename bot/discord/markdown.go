package discord

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"village/bot"
	"village/bot/adapter"
)

// oneLine makes plain words of ours or somebody's fit for a place that shows no
// mark-up and no lines.
func oneLine(s string) string {
	if isOneLine(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// isOneLine says that ASCII words stand on one line already, a space apart.
func isOneLine(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= utf8.RuneSelf || s[i] == ' ' && last == ' ' {
			return false
		}
		last = s[i]
	}
	return s == "" || last != ' '
}

// escape makes words mean nothing but themselves to Discord: no mark-up, no
// mention, no link that was not meant. lineStart says that they begin a line.
func escape(s string, lineStart bool) string {
	if !strings.ContainsAny(s, "\\*_~`|<>[]()@\n") && !strings.Contains(s, "://") && (!lineStart || s != "" && isLetter(s[0])) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i, r := range s {
		if isMarkup(s, i, r, lineStart) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		switch {
		case r == '\n':
			lineStart = true
		case unicode.IsSpace(r), unicode.IsDigit(r): // still where a list could begin
		default:
			lineStart = false
		}
	}
	return b.String()
}

// isMarkup says whether the character at i would mean something to Discord there.
func isMarkup(s string, i int, r rune, lineStart bool) bool {
	switch r {
	case '\\', '*', '_', '~', '`', '|', '<', '>', '[', ']', '(', ')', '@':
		return true
	case '#', '-', '+':
		return lineStart
	case '.':
		return lineStart && i > 0 // "1." would begin a list
	case ':':
		return strings.HasPrefix(s[i:], "://") // a bare address would become a link
	}
	return false
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// title is plain words in a place where Discord reads mark-up.
func title(s string, limit int) string {
	s = adapter.Clip(oneLine(s), limit)
	for n := limit; ; n-- {
		if out := escape(adapter.Clip(s, n), true); adapter.Units(out) <= limit {
			return out
		}
	}
}

// renderBlock writes one block in Discord's Markdown.
func renderBlock(b bot.Block) string {
	first, next := "", "\n"
	switch b.Kind {
	case bot.Bullet:
		first, next = "- ", "\n  "
	case bot.Quotation:
		first, next = "> ", "\n> "
	}
	var out strings.Builder
	out.WriteString(first)
	lineStart := true
	for i := 0; i < len(b.Spans); {
		if b.Spans[i].Break {
			out.WriteString(next)
			lineStart = true
			i++
			continue
		}
		j := i
		for j < len(b.Spans) && !b.Spans[j].Break && b.Spans[j].Bold == b.Spans[i].Bold && b.Spans[j].Italic == b.Spans[i].Italic {
			j++
		}
		out.WriteString(renderRun(b.Spans[i:j], lineStart))
		lineStart = false
		i = j
	}
	return strings.TrimRightFunc(out.String(), unicode.IsSpace)
}

// renderRun writes spans of one style. The marks hug the words: Discord does not
// read "** so **" as bold.
func renderRun(spans []bot.Span, lineStart bool) string {
	if len(spans) == 1 && !spans[0].Bold && !spans[0].Italic {
		return renderSpan(spans[0], lineStart)
	}
	var in strings.Builder
	for _, s := range spans {
		in.WriteString(renderSpan(s, lineStart && in.Len() == 0))
	}
	words := in.String()
	mark := ""
	if spans[0].Bold {
		mark = "**"
	}
	if spans[0].Italic {
		mark += "*"
	}
	trimmed := strings.TrimSpace(words)
	if mark == "" || trimmed == "" {
		return words
	}
	at := strings.Index(words, trimmed)
	return words[:at] + mark + trimmed + mark + words[at+len(trimmed):]
}

func renderSpan(s bot.Span, lineStart bool) string {
	switch {
	case !s.Time.IsZero():
		return "<t:" + strconv.FormatInt(s.Time.Unix(), 10) + ":F>"
	case s.Person != "" && ours(s.Person):
		return "<@" + bot.Account(s.Person) + ">"
	case s.Room != "" && ours(s.Room):
		return "<#" + bot.Account(s.Room) + ">"
	case s.Link != "":
		return renderLink(s, lineStart)
	}
	return escape(s.Text, lineStart)
}

func renderLink(s bot.Span, lineStart bool) string {
	u, err := url.Parse(s.Link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		words := escape(s.Text, lineStart)
		if n := reachable(s.Link); n != "" && !bot.SaysNumber(s.Text, n) {
			words += " \\(" + escape(n, false) + "\\)"
		}
		return words
	}
	address := linkAddress(u)
	if strings.Contains(s.Text, "://") || strings.TrimSpace(s.Text) == "" {
		return "<" + address + ">" // Discord refuses to hide an address behind another
	}
	return "[" + escape(s.Text, false) + "](" + address + ")"
}

// linkAddress is an address without the characters that would end a link early.
func linkAddress(u *url.URL) string {
	s := u.String()
	if !strings.ContainsAny(s, "()<> ") {
		return s
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20").Replace(s)
}

// reachable is the number or address of a tel, sms or mailto link, and for a
// text message also what to write in it.
func reachable(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "tel" && u.Scheme != "sms" && u.Scheme != "mailto" {
		return ""
	}
	number, _ := url.PathUnescape(u.Opaque)
	if number == "" {
		number = u.Path
	}
	if body := u.Query().Get("body"); u.Scheme == "sms" && body != "" {
		return "text " + body + " to " + number
	}
	return number
}

// ours tells an ID of this platform whose account is a plain number; anything
// else is shown by name and never put into mark-up.
func ours(id string) bool {
	account := bot.Account(id)
	return bot.PlatformOf(id) == Name && isSnowflake(account)
}

func isSnowflake(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// renderText writes a text as one or more pieces of at most limit units, apart
// where one block ends if possible and between words otherwise.
func renderText(text string, limit int) []string {
	var pieces []string
	var cur strings.Builder
	size := 0
	var last bot.BlockKind
	var add func(b bot.Block)
	add = func(b bot.Block) {
		out := renderBlock(b)
		n := adapter.Units(out)
		if n == 0 {
			return
		}
		if n > limit {
			one, two := halves(b)
			add(one)
			add(two)
			return
		}
		gap := gapBetween(last, b.Kind)
		if size > 0 && size+adapter.Units(gap)+n > limit {
			pieces = append(pieces, cur.String())
			cur.Reset()
			size = 0
		}
		if size > 0 {
			cur.WriteString(gap)
			size += adapter.Units(gap)
		}
		cur.WriteString(out)
		size += n
		last = b.Kind
	}
	for _, b := range bot.Parse(text) {
		add(b)
	}
	if size > 0 {
		pieces = append(pieces, cur.String())
	}
	return pieces
}

// gapBetween is what stands between two blocks. A list follows its sentence
// closely; behind a list Discord takes no notice of empty lines, so there stands
// one with something in it that nobody sees.
func gapBetween(last, next bot.BlockKind) string {
	switch {
	case next == bot.Bullet, next == bot.Quotation && last == next:
		return "\n"
	case last == bot.Bullet:
		return "\n\u200b\n"
	}
	return "\n\n"
}

// halves splits a block that is too long, at the last space before its middle.
func halves(b bot.Block) (bot.Block, bot.Block) {
	one, two := bot.Block{Kind: b.Kind}, bot.Block{Kind: b.Kind}
	if len(b.Spans) > 1 {
		mid := len(b.Spans) / 2
		one.Spans, two.Spans = b.Spans[:mid], b.Spans[mid:]
		return one, two
	}
	s := b.Spans[0]
	mid := len(s.Text) / 2
	for mid > 0 && !utf8.RuneStart(s.Text[mid]) {
		mid--
	}
	if i := strings.LastIndexFunc(s.Text[:mid], unicode.IsSpace); i > 0 {
		mid = i
	}
	a, z := s, s
	a.Text, z.Text = s.Text[:mid], strings.TrimLeftFunc(s.Text[mid:], unicode.IsSpace)
	if mid == 0 || s.Link != "" && len(s.Link) > len(s.Text) {
		// A link whose address is what is too long: the words alone remain.
		a.Link, z.Link = "", ""
	}
	one.Spans, two.Spans = []bot.Span{a}, []bot.Span{z}
	return one, two
}

// plainText is a text for places that show no mark-up, such as a footer.
func plainText(text string, limit int) string {
	return adapter.Clip(bot.PlainText(text), limit)
}
