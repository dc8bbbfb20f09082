// Package screen draws conversations as the clients of Discord and Slack show them: names,
// cards, lists with a button a line, forms, pictures. It reads the bodies that the
// platforms are sent, so what is drawn is what is sent. Discord is drawn dark and Slack
// light, in 560 pixels of width with letters of 17.
//
// Promised: the same items give the same pictures, byte for byte. Not promised: a client's
// fonts, or that it breaks a line at the same word.
package screen

import (
	"encoding/json"
	"fmt"
	"image"
	"time"
)

// Client is a program that people read in.
type Client string

// The clients.
const (
	Discord Client = "discord"
	Slack   Client = "slack"
)

// Kind is what an item is.
type Kind int

// The kinds of item.
const (
	Sent   Kind = iota // a message of the bot's; Body is what the platform was sent
	Opened             // a form that opened; Body is what the platform was sent
	Said               // what somebody wrote or tapped, in Words
	Place              // where it goes on from here, in Words
	Note               // what happened beside, such as a day that has passed, in Words
)

// Item is one thing on the screen.
type Item struct {
	Kind  Kind
	At    time.Time
	Words string
	// From is who said it; the bot where it is empty.
	From string
	// Tap says that they pressed a button rather than wrote.
	Tap bool
	// Only names the one person who sees it; empty where everybody there does.
	Only string
	// Edited says that it took the place of an earlier message.
	Edited bool
	Body   json.RawMessage
	// Files are the pictures that the body names.
	Files map[string][]byte
}

// tallest is how high a picture is at most, unless one item alone is higher.
const tallest = 2400

// Screen draws for one client. It is not safe for use by many goroutines.
type Screen struct {
	client Client
	look   look
	zone   *time.Location
	names  map[string]string
	types  *types
}

// New is a screen in a time zone. names are people's and channels' by the id that the
// platform has for them; a channel's begins with #. The error is the fonts'.
func New(client Client, zone *time.Location, names map[string]string) (*Screen, error) {
	t, err := loadTypes()
	if err != nil {
		return nil, err
	}
	s := &Screen{client: client, look: discordLook(), zone: zone, names: names, types: t}
	if client == Slack {
		s.look = slackLook()
	}
	return s, nil
}

// Draw is the items as pictures (PNG) below one another, divided between items. The error
// says that a body is not one of the client's, or is the encoder's.
func (s *Screen) Draw(items []Item) ([][]byte, error) {
	var all []image.Image
	var page [][]part
	height := 0
	flush := func() {
		if len(page) > 0 {
			all = append(all, s.paint(page, height))
		}
		page, height = nil, 0
	}
	for i, item := range items {
		parts, err := s.item(item)
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i+1, err)
		}
		h := s.measure(parts)
		if height > 0 && height+h > tallest {
			flush()
		}
		page, height = append(page, parts), height+h
	}
	flush()
	var out [][]byte
	for _, img := range all {
		data, err := encode(img)
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

// sizes in pixels
const (
	width  = 560
	margin = 14
	avatar = 40
	indent = margin + avatar + 12
)

func (s *Screen) measure(parts []part) int {
	p := pen{look: s.look, types: s.types}
	return p.lay(parts, margin, 0, width-2*margin)
}

func (s *Screen) paint(items [][]part, height int) image.Image {
	p := pen{look: s.look, types: s.types, img: image.NewRGBA(image.Rect(0, 0, width, height+margin))}
	p.fill(p.img.Bounds(), s.look.ground)
	y := 0
	for _, parts := range items {
		y = p.lay(parts, margin, y, width-2*margin)
	}
	return p.img
}

// item is what an item looks like.
func (s *Screen) item(i Item) ([]part, error) {
	at := i.At.In(s.zone).Format("3:04 PM")
	switch i.Kind {
	case Place:
		return []part{{kind: strip, gap: 12, paras: one(run{text: i.Words, face: strong, ink: s.look.ink})}}, nil
	case Note:
		return []part{{kind: divider, gap: 8, paras: one(run{text: i.Words, face: smallStrong, ink: s.look.grey})}}, nil
	case Said:
		words := s.written(i)
		return []part{{kind: spoken, gap: 12, name: i.From, inner: []part{{kind: prose, paras: []para{
			{runs: []run{{text: i.From, face: strong, ink: s.look.ink}, {text: "  " + at, face: small, ink: s.look.grey}}}, words}}}}}, nil
	}
	var inner []part
	var err error
	switch {
	case i.Kind == Opened && s.client == Slack:
		inner, err = s.slackForm(i.Body)
	case i.Kind == Opened:
		inner, err = s.discordForm(i.Body)
	case s.client == Slack:
		inner, err = s.slackMessage(i)
	default:
		inner, err = s.discordMessage(i)
	}
	if err != nil {
		return nil, err
	}
	if i.Kind == Opened {
		return []part{{kind: prose, gap: 12, paras: one(run{text: "A form opens for " + i.Only, face: small, ink: s.look.grey})},
			{kind: card, gap: 4, inner: inner, form: true}}, nil
	}
	return []part{{kind: spoken, gap: 12, inner: s.framed(i, at, inner)}}, nil
}

// framed is a message of the bot's with who, when, and who sees it.
func (s *Screen) framed(i Item, at string, inner []part) []part {
	head := []run{{text: "Village ", face: strong, ink: s.look.ink}, {text: "APP", face: smallStrong, ink: s.look.badgeInk, pill: s.look.badge},
		{text: "  " + at, face: small, ink: s.look.grey}}
	if i.Edited && i.Only == "" {
		head = append(head, run{text: "  (edited)", face: small, ink: s.look.grey})
	}
	only := part{kind: prose, paras: one(run{text: "Only " + i.Only + " sees this", face: small, ink: s.look.grey})}
	name := part{kind: prose, paras: []para{{runs: head}}}
	switch {
	case i.Only == "":
		return append([]part{name}, inner...)
	case s.client == Slack: // which says so above
		return append([]part{only, name}, inner...)
	}
	only.gap = 4
	return append(append([]part{name}, inner...), only)
}

// written is what somebody wrote, or the button that they pressed.
func (s *Screen) written(i Item) para {
	if i.Tap {
		return para{runs: []run{{text: "taps ", face: body, ink: s.look.grey}, {text: i.Words, face: strong, ink: s.look.grey}}}
	}
	ink := s.look.ink
	if len(i.Words) > 0 && i.Words[0] == '/' {
		ink = s.look.link
	}
	return para{runs: []run{{text: i.Words, face: body, ink: ink}}}
}

func one(r run) []para { return []para{{runs: []run{r}}} }
