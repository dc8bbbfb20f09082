package bot

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// The text of messages is a small part of CommonMark: paragraphs, bullet
// lists, quotations, **bold**, *italics*, links and line breaks. Three kinds of link mean
// something to a platform: time:UNIX-SECONDS is a moment, person:ID somebody,
// room:ID a room. Make them with [At], [Mention] and [RoomLink], and wrap every
// word that a person typed with [Literal].

// Literal makes words that somebody typed safe to stand in a message's text:
// they are shown as they are, whatever mark-up or mention they contain.
func Literal(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r) || isInvisible(r):
			continue
		case r < unicode.MaxASCII && (unicode.IsPunct(r) || unicode.IsSymbol(r)):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// isInvisible finds characters that hide or reorder text. Those that join what
// belongs together on the screen are not among them.
func isInvisible(r rune) bool {
	return r == 0x200B || r == 0xFEFF || 0x202A <= r && r <= 0x202E || 0x2060 <= r && r <= 0x2069
}

// maxName is how long a name may be, in characters: as Slack has it.
const maxName = 80

// tidyName is what somebody calls themselves as it can stand anywhere: in a title, on
// a button, on a lock screen. It is one line that can be seen and turns nothing around
// it about; it can still hold mark-up, which platforms escape. A name that nobody
// could see is as good as none, and none stays none.
func tidyName(s string) string {
	if s == "" {
		return ""
	}
	seen := false
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || isInvisible(r) || r == utf8.RuneError {
			return -1
		}
		seen = seen || !isBlank(r) && !unicode.In(r, unicode.C, unicode.M)
		return r
	}, s)
	if !seen {
		return "Somebody"
	}
	return clip(strings.Join(strings.Fields(s), " "), maxName)
}

// isBlank finds letters and symbols that show nothing.
func isBlank(r rune) bool {
	return r == 0x115F || r == 0x1160 || r == 0x2800 || r == 0x3164 || r == 0xFFA0
}

// At is a moment, shown as label where the platform has nothing better.
func At(t time.Time, label string) string {
	return "[" + Literal(label) + "](time:" + strconv.FormatInt(t.Unix(), 10) + ")"
}

// Mention is a person, shown by name elsewhere than on their own platform. It
// pings nobody: see Message.Notify.
func Mention(p Person) string {
	return "[" + Literal(p.Name) + "](person:" + url.PathEscape(p.ID) + ")"
}

// RoomLink is a room, shown by name elsewhere than on its own platform.
func RoomLink(r Room) string {
	return "[" + Literal("#"+r.Name) + "](room:" + url.PathEscape(r.ID) + ")"
}

// Block is a paragraph, a list item or a quotation of a parsed text.
type Block struct {
	Kind  BlockKind
	Spans []Span
}

// BlockKind says what a block is.
type BlockKind int

// The kinds of block.
const (
	Paragraph BlockKind = iota
	Bullet
	Quotation
)

// Span is a run of characters that look and mean alike. Its Text is plain:
// a platform escapes all of it.
type Span struct {
	Text         string
	Bold, Italic bool
	// Break stands for a line break; everything else is then empty.
	Break bool
	// Link is the address behind the text, if any (https, tel, sms).
	Link string
	// Time is set for a moment, Person and Room (IDs) for who and where.
	Time         time.Time
	Person, Room string
}

// Parse reads a message's text. It takes any input: what is not part of our
// subset is read as the plain words it is made of.
func Parse(s string) []Block {
	if blocks, ok := parseUsual(s); ok {
		return blocks
	}
	return parseMarked(s)
}

// parseUsual reads what most that is said is made of, at a tenth of what a
// Markdown parser costs: paragraphs and bullets of one line each, bold words and
// links. It says false of anything that could mean more than that.
func parseUsual(s string) ([]Block, bool) {
	blocks := make([]Block, 0, 4)
	apart := true
	for line := range strings.SplitSeq(s, "\n") {
		if line == "" {
			apart = true
			continue
		}
		b := Block{Kind: Paragraph}
		if item, ok := strings.CutPrefix(line, "- "); ok {
			b.Kind, line = Bullet, item
		} else if !apart {
			return nil, false
		}
		var ok bool
		if b.Spans, ok = usualSpans(line); !ok {
			return nil, false
		}
		blocks = append(blocks, b)
		apart = false
	}
	return blocks, len(blocks) > 0
}

// usualSpans reads a line that begins with a word or a mark of ours.
func usualSpans(s string) ([]Span, bool) {
	if s == "" || s[len(s)-1] == ' ' || !isWord(s[0]) && strings.IndexByte(`\*["`, s[0]) < 0 || '0' <= s[0] && s[0] <= '9' {
		return nil, false
	}
	spans := make([]Span, 0, 1+strings.Count(s, "**")+2*strings.Count(s, "["))
	for s != "" {
		n := plainLength(s)
		if n > 0 {
			spans = append(spans, Span{Text: unescape(s[:n])})
			s = s[n:]
			continue
		}
		read := usualBold
		if s[0] == '[' {
			read = usualLink
		}
		marked, rest, ok := read(s)
		if !ok {
			return nil, false
		}
		spans, s = append(spans, marked), rest
	}
	return spans, true
}

// usualBold reads **words** that begin with a letter or a digit, and end with one
// or with the end of a sentence or a part of one.
func usualBold(s string) (bold Span, rest string, ok bool) {
	words, ok := strings.CutPrefix(s, "**")
	if !ok {
		return bold, s, false
	}
	n := plainLength(words)
	if n == 0 || !isWord(words[0]) {
		return bold, s, false
	}
	rest, ok = strings.CutPrefix(words[n:], "**")
	ended := strings.IndexByte(".,:?", words[n-1]) >= 0 && (rest == "" || rest[0] == ' ')
	if !ok || !ended && !isWord(words[n-1]) || strings.HasPrefix(rest, "*") {
		return bold, s, false
	}
	return Span{Text: unescape(words[:n]), Bold: true}, rest, true
}

// usualLink reads [words](address).
func usualLink(s string) (link Span, rest string, ok bool) {
	n := 1 + plainLength(s[1:])
	address, ok := strings.CutPrefix(s[n:], "](")
	if n == 1 || !ok {
		return link, s, false
	}
	end := 0
	for end < len(address) && (isWord(address[end]) || strings.IndexByte("-./:?=#%+,~@", address[end]) >= 0) {
		end++
	}
	if end == 0 || !strings.HasPrefix(address[end:], ")") {
		return link, s, false
	}
	link = linked(Span{}, address[:end])
	link.Text = unescape(s[1:n])
	return link, address[end+1:], true
}

// plainLength is how many bytes from the beginning of s are no mark-up, or have
// a backslash that says so.
func plainLength(s string) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isWord(c) || c == ' ':
		case c == '\\' && i+1 < len(s) && isASCIIPunct(s[i+1]):
			i++
		case c < ' ' || strings.IndexByte("\\`*_[]<>&!", c) >= 0:
			return i
		}
	}
	return len(s)
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// parseMarked reads everything else.
func parseMarked(s string) []Block {
	src := []byte(s)
	doc := goldmark.DefaultParser().Parse(text.NewReader(src))
	p := textParser{text: s, src: src}
	p.blocks(doc, Paragraph)
	return p.out
}

type textParser struct {
	text string
	src  []byte // the same
	out  []Block
}

// words are those of a part of the text.
func (p *textParser) words(seg text.Segment) string {
	if seg.Padding == 0 && !seg.ForceNewline {
		return p.text[seg.Start:seg.Stop]
	}
	return string(seg.Value(p.src))
}

func (p *textParser) blocks(parent ast.Node, kind BlockKind) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				p.blocks(item, Bullet)
			}
		case *ast.Blockquote:
			p.blocks(n, Quotation)
		default:
			b := Block{Kind: kind, Spans: make([]Span, 0, n.ChildCount()+1)}
			if n.Type() == ast.TypeBlock && n.FirstChild() == nil && n.Lines() != nil {
				for i := 0; i < n.Lines().Len(); i++ {
					seg := n.Lines().At(i)
					b.Spans = append(b.Spans, Span{Text: p.words(seg)})
				}
			}
			p.spans(n, Span{}, &b.Spans)
			if len(b.Spans) > 0 {
				p.out = append(p.out, b)
			}
		}
	}
}

func (p *textParser) spans(parent ast.Node, style Span, out *[]Span) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s := style
			s.Text = unescape(p.words(n.Segment))
			*out = append(*out, s)
			if n.HardLineBreak() {
				*out = append(*out, Span{Break: true})
			} else if n.SoftLineBreak() {
				soft := style
				soft.Text = " "
				*out = append(*out, soft)
			}
		case *ast.String:
			s := style
			s.Text = string(n.Value)
			*out = append(*out, s)
		case *ast.Emphasis:
			s := style
			if n.Level == 2 {
				s.Bold = true
			} else {
				s.Italic = true
			}
			p.spans(n, s, out)
		case *ast.Link:
			p.spans(n, linked(style, string(n.Destination)), out)
		case *ast.AutoLink:
			s := linked(style, string(n.URL(p.src)))
			s.Text = string(n.Label(p.src))
			*out = append(*out, s)
		case *ast.RawHTML:
			s := style
			for i := 0; i < n.Segments.Len(); i++ {
				seg := n.Segments.At(i)
				s.Text += p.words(seg)
			}
			*out = append(*out, s)
		default:
			p.spans(n, style, out)
		}
	}
}

// linked puts a link's meaning into the style; an address that is none of the
// kinds we make is dropped and its words stay.
func linked(s Span, dest string) Span {
	scheme, rest, _ := strings.Cut(dest, ":")
	switch scheme {
	case "time":
		if sec, err := strconv.ParseInt(rest, 10, 64); err == nil {
			s.Time = time.Unix(sec, 0).UTC()
		}
	case "person":
		s.Person, _ = url.PathUnescape(rest)
	case "room":
		s.Room, _ = url.PathUnescape(rest)
	case "https", "http", "tel", "sms", "mailto":
		s.Link = dest
	}
	return s
}

// unescape removes the backslashes that Markdown reads as "take this as it is".
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && isASCIIPunct(s[i+1]) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isASCIIPunct(c byte) bool {
	return c < unicode.MaxASCII && (unicode.IsPunct(rune(c)) || unicode.IsSymbol(rune(c)))
}

// PlainText is a message's text as plain words: paragraphs apart by a blank line,
// bullets with a hyphen, a link's address behind its words.
func PlainText(s string) string {
	var b strings.Builder
	var last BlockKind
	for i, block := range Parse(s) {
		if i > 0 {
			b.WriteByte('\n')
			if block.Kind != Bullet || last != Bullet {
				b.WriteByte('\n')
			}
		}
		last = block.Kind
		switch block.Kind {
		case Bullet:
			b.WriteString("- ")
		case Quotation:
			b.WriteString("> ")
		}
		for _, sp := range block.Spans {
			if sp.Break {
				b.WriteByte('\n')
				if block.Kind == Quotation {
					b.WriteString("> ")
				}
				continue
			}
			b.WriteString(sp.Text)
			if sp.Link != "" && !strings.HasSuffix(sp.Link, sp.Text) {
				b.WriteString(" (" + sp.Link + ")")
			}
		}
	}
	return b.String()
}

// PlatformOf is the part of an ID before the slash.
func PlatformOf(id string) string {
	platform, _, _ := strings.Cut(id, "/")
	return platform
}

// Account is the part of an ID behind the slash.
func Account(id string) string {
	_, account, _ := strings.Cut(id, "/")
	return account
}

// SaysNumber says whether words hold a telephone number, or whatever else a link
// leads to, already, however it is spaced: "116 123" says 116123.
func SaysNumber(words, number string) bool {
	return strings.Contains(unspaced(words), unspaced(number))
}

func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-()./", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
