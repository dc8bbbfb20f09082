package bot

import (
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

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

// isInvisible finds characters that hide or reorder text.
func isInvisible(r rune) bool {
	return r == 0x200B || r == 0xFEFF || 0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069
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

// markdown is the parser, which is the same for everybody and takes longer to
// make than most texts take to read.
var markdown = sync.OnceValue(goldmark.DefaultParser)

// Parse reads a message's text. It takes any input: what is not part of our
// subset is read as the plain words it is made of.
func Parse(s string) []Block {
	if blocks, ok := parsePlain(s); ok {
		return blocks
	}
	return parseMarked(s)
}

// parsePlain reads what has no mark-up in it, as most of what is said has not,
// without the cost of a parser: paragraphs of one line each. It says false of
// anything that could mean more than that.
func parsePlain(s string) ([]Block, bool) {
	blocks := make([]Block, 0, 2)
	for line := range strings.SplitSeq(s, "\n\n") {
		if !isPlain(line) {
			return nil, false
		}
		blocks = append(blocks, Block{Spans: []Span{{Text: unescape(line)}}})
	}
	return blocks, true
}

// isPlain says that a line begins with a letter and that nothing in it is
// mark-up, unless a backslash takes its meaning away.
func isPlain(s string) bool {
	if s == "" || s[0]|0x20 < 'a' || s[0]|0x20 > 'z' || s[len(s)-1] == ' ' {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && isASCIIPunct(s[i+1]):
			i++
		case c < ' ' || strings.IndexByte("\\`*_[]<>&!", c) >= 0:
			return false
		}
	}
	return true
}

func parseMarked(s string) []Block {
	src := []byte(s)
	doc := markdown().Parse(text.NewReader(src))
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
