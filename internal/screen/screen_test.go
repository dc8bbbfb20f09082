package screen

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"
)

// A message of each client's with all that it can have in it.
const (
	discordCard = `{"flags":32768,"components":[{"type":17,"accent_color":13212206,"components":[
		{"type":10,"content":"### A ride home for maya"},
		{"type":10,"content":"**<t:1764100800:F>** in <#100000000000000002>, asked by <@100000000000000001>\n- first\n- second \\*plain\\*\n> said\n\n[a page](<https://example.org>)"},
		{"type":9,"components":[{"type":10,"content":"**Ride home** for maya, and a good many words that take more than a line"}],"accessory":{"type":2,"style":1,"label":"Drive maya home","custom_id":"v1:/need claim a"}},
		{"type":12,"items":[{"media":{"url":"attachment://weeks.png"}}]},
		{"type":10,"content":"-# Small print"},{"type":14},
		{"type":1,"components":[{"type":2,"style":4,"label":"Cancel it"},{"type":2,"style":2,"label":"See it"}]},
		{"type":1,"components":[{"type":3,"placeholder":"Which one?","options":[{"label":"One","value":"1"}]}]}]}]}`
	slackCard = `{"text":"A ride home","blocks":[{"type":"header","text":{"type":"plain_text","text":"A ride home for maya"}},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"When: ","style":{"bold":true}},{"type":"date","timestamp":1764100800},{"type":"user","user_id":"U0001"}]},
			{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://example.org","text":"a page"}]}]},
			{"type":"rich_text_quote","elements":[{"type":"text","text":"said"}]}]},
		{"type":"section","text":{"type":"mrkdwn","text":"*Ride home* for maya &amp; sam, <!date^1764100800^{date_long_pretty} at {time}|then>"},"accessory":{"type":"button","text":{"type":"plain_text","text":"Drive maya home"},"style":"primary"}},
		{"type":"context","elements":[{"type":"mrkdwn","text":"<https://example.org|small>"}]},{"type":"divider"},
		{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"See it"}},{"type":"static_select","placeholder":{"type":"plain_text","text":"Which one?"}}]}]}`
	discordFields = `{"title":"A ride","components":[{"type":18,"label":"When","description":"A day and a time","component":{"type":4,"style":2,"required":true,"value":"thu 1pm"}},
		{"type":18,"label":"Which","component":{"type":3,"options":[{"label":"There"},{"label":"Home","default":true}]}}]}`
	slackFields = `{"title":{"type":"plain_text","text":"A ride"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
		{"type":"input","label":{"type":"plain_text","text":"Which day?"},"element":{"type":"datepicker","initial_date":"2026-12-01"}},
		{"type":"input","optional":true,"label":{"type":"plain_text","text":"Where"},"element":{"type":"plain_text_input","multiline":true,"placeholder":{"type":"plain_text","text":"near the station"}}}]}`
)

func items(c Client) []Item {
	card, fields := discordCard, discordFields
	if c == Slack {
		card, fields = slackCard, slackFields
	}
	at := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	var weeks bytes.Buffer
	if err := png.Encode(&weeks, image.NewRGBA(image.Rect(0, 0, 800, 200))); err != nil {
		panic(err)
	}
	return []Item{
		{Kind: Note, Words: "Monday"}, {Kind: Place, Words: "# village"}, {Kind: Said, At: at, From: "maya", Words: "/ask ride-home"},
		{Kind: Said, At: at, From: "Åsa", Words: "Drive maya home", Tap: true},
		{At: at, Body: json.RawMessage(card), Files: map[string][]byte{"weeks.png": weeks.Bytes()}},
		{At: at, Only: "sam", Edited: true, Body: json.RawMessage(`{"content":"Thank you","text":"Thank you"}`)},
		{Kind: Opened, At: at, Only: "sam", Body: json.RawMessage(fields)},
	}
}

func drawn(t *testing.T, c Client, list []Item) []image.Image {
	t.Helper()
	s, err := New(c, time.UTC, map[string]string{"100000000000000001": "maya", "100000000000000002": "#village", "U0001": "maya"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := s.Draw(list)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Draw(list)
	if err != nil || !bytes.Equal(bytes.Join(files, nil), bytes.Join(again, nil)) {
		t.Errorf("%s: the same items give other pictures (%v)", c, err)
	}
	var out []image.Image
	for _, data := range files {
		if len(data) > 200<<10 {
			t.Errorf("%s: a picture of %d bytes", c, len(data))
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, img)
	}
	return out
}

func TestDraw(t *testing.T) {
	for _, c := range []Client{Discord, Slack} {
		imgs := drawn(t, c, items(c))
		if len(imgs) != 1 || imgs[0].Bounds().Dx() != width {
			t.Fatalf("%s: %d pictures", c, len(imgs))
		}
		// Nothing is drawn over the right edge: between the strip of a place and the end,
		// the last pixels of each line are the ground's.
		img := imgs[0]
		ground := img.At(0, img.Bounds().Dy()-1)
		for y := 120; y < img.Bounds().Dy(); y++ {
			for x := width - margin + 1; x < width; x++ {
				if img.At(x, y) != ground {
					t.Fatalf("%s: something is drawn over the edge at %d, %d", c, x, y)
				}
			}
		}
		many := drawn(t, c, append(append(items(c), items(c)...), append(items(c), items(c)...)...))
		if len(many) < 2 {
			t.Errorf("%s: four conversations are in one picture", c)
		}
	}
}

func TestNotAClientsBody(t *testing.T) {
	for _, c := range []Client{Discord, Slack} {
		s, err := New(c, time.UTC, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []Kind{Sent, Opened} {
			if _, err := s.Draw([]Item{{Kind: kind, Body: json.RawMessage(`[1]`)}}); err == nil {
				t.Errorf("%s draws what is no body", c)
			}
		}
	}
}

// Words are broken between words, and a word that is wider than the line inside it.
func TestLines(t *testing.T) {
	types, err := loadTypes()
	if err != nil {
		t.Fatal(err)
	}
	words := "one two three four five " + strings.Repeat("x", 80)
	var got []string
	for _, line := range types.lines([]run{{text: words, face: body}}, 120) {
		text, wide := "", 0
		for _, piece := range line {
			text += piece.text
			wide = piece.x + types.width(body, strings.TrimRight(piece.text, " "))
		}
		if wide > 120 {
			t.Errorf("%q is %d wide", text, wide)
		}
		got = append(got, text)
	}
	if strings.Join(got, "") != words || len(got) < 6 || strings.HasSuffix(got[0], "t ") {
		t.Errorf("broken as %q", got)
	}
}

// Words can be told from what they stand on: a contrast of 4.5 to 1 at least.
func TestContrast(t *testing.T) {
	for _, l := range []look{discordLook(), slackLook()} {
		for _, pair := range [][2]color.RGBA{{l.ink, l.ground}, {l.grey, l.ground}, {l.ink, l.card}, {l.grey, l.card}, {l.link, l.ground}, {l.pillInk, l.pill}, {l.badgeInk, l.badge},
			{l.strongText, l.primary}, {l.strongText, l.danger}, {l.plainInk, l.plain}} {
			if r := contrast(pair[0], pair[1]); r < 4.5 {
				t.Errorf("%v on %v: %.1f to 1", pair[0], pair[1], r)
			}
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	s, err := New(Discord, time.UTC, nil)
	if err != nil {
		b.Fatal(err)
	}
	list := append(items(Discord), items(Discord)...)
	for b.Loop() {
		if _, err := s.Draw(list); err != nil {
			b.Fatal(err)
		}
	}
}

// contrast is how many times as light one of two colours is.
func contrast(a, b color.RGBA) float64 {
	light := func(c color.RGBA) float64 {
		part := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= 0.03928 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
	}
	return (max(light(a), light(b)) + 0.05) / (min(light(a), light(b)) + 0.05)
}
