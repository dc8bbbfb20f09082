// Package calendar draws a small picture of a few weeks: sessions, whether
// their help is covered, and how the days were. Every colour stands beside a
// word, so that nothing depends on telling colours apart, and the same facts
// belong into words for those who do not see the picture.
//
// Promised: the same weeks give the same picture, byte for byte. Not promised:
// that more than ten weeks fit.
package calendar

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// MaxWeeks is how many weeks are drawn at most.
const MaxWeeks = 10

// Day is what there is to show of one day.
type Day struct {
	// Session is the hour in a few letters, such as "1:00 pm"; empty: none.
	Session string
	Done    bool // the session is behind
	// Covered of Wanted requests for help have somebody.
	Covered, Wanted int
	// Feeling is the day's check-in in a word, Level from 0 (heavy) to 3.
	Feeling string
	Level   int
}

// sizes in pixels
const (
	cellW, cellH = 112, 92
	margin       = 20
	head         = 84
	foot         = 16
)

// PNG draws the weeks from the Monday on or before first to the Sunday on or
// after last, at most MaxWeeks of them. Days are found by their date, such as
// "2026-12-01"; first, last and today are dates on a clock without a zone.
// The error is the encoder's or the fonts'.
func PNG(title string, first, last, today time.Time, days map[string]Day) ([]byte, error) {
	p, err := newPainter()
	if err != nil {
		return nil, err
	}
	first = first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	weeks := min(int(last.Sub(first).Hours()/24)/7+1, MaxWeeks)
	p.img = image.NewRGBA(image.Rect(0, 0, 2*margin+7*cellW, head+max(weeks, 1)*cellH+foot))
	p.fill(p.img.Bounds(), p.white)
	p.text(p.large, p.ink, margin, 36, title)
	for i := range 7 {
		p.text(p.small, p.grey, margin+i*cellW+8, head-10, first.AddDate(0, 0, i).Format("Monday"))
	}
	for w := range max(weeks, 1) {
		for i := range 7 {
			date := first.AddDate(0, 0, 7*w+i)
			at := image.Pt(margin+i*cellW, head+w*cellH)
			p.day(at, date, date.Equal(today), days[date.Format(time.DateOnly)])
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, p.img); err != nil {
		return nil, fmt.Errorf("drawing a calendar: %w", err)
	}
	return out.Bytes(), nil
}

type painter struct {
	palette
	img                  *image.RGBA
	large, small, strong font.Face
}

func newPainter() (*painter, error) {
	p := painter{palette: colours()}
	for _, f := range []struct {
		into *font.Face
		ttf  []byte
		size float64
	}{{&p.large, gobold.TTF, 22}, {&p.small, goregular.TTF, 14}, {&p.strong, gobold.TTF, 14}} {
		parsed, err := opentype.Parse(f.ttf)
		if err != nil {
			return nil, fmt.Errorf("reading a font: %w", err)
		}
		if *f.into, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.size, DPI: 72, Hinting: font.HintingFull}); err != nil {
			return nil, fmt.Errorf("reading a font: %w", err)
		}
	}
	return &p, nil
}

// palette is the colours; what is written is at least 4.5 times as light or
// dark as what it stands on.
type palette struct {
	white, ink, grey, line, blue, green, amber, pale color.RGBA
}

func colours() palette {
	rgb := func(hex uint32) color.RGBA {
		return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
	}
	return palette{white: rgb(0xffffff), ink: rgb(0x1f2933), grey: rgb(0x5a6673), line: rgb(0xc9d1d9),
		blue: rgb(0x1d4e89), green: rgb(0x1b6b3a), amber: rgb(0x8a4b00), pale: rgb(0xf1f5f9)}
}

// day draws one cell: its number, then the session, the help and the feeling.
func (p *painter) day(at image.Point, date time.Time, today bool, d Day) {
	cell := image.Rect(at.X, at.Y, at.X+cellW, at.Y+cellH)
	p.fill(cell, p.line)
	inside := cell
	inside.Max = inside.Max.Sub(image.Pt(1, 1))
	background := p.white
	if today {
		background = p.pale
	}
	p.fill(inside, background)
	number := strconv.Itoa(date.Day())
	if date.Day() == 1 || at == image.Pt(margin, head) {
		number = date.Format("2 Jan")
	}
	face := p.small
	if today {
		face, number = p.strong, number+" today"
	}
	p.text(face, p.ink, at.X+8, at.Y+19, number)
	if d.Session != "" {
		shade := p.blue
		label := d.Session
		if d.Done {
			shade, label = p.grey, "done"
		}
		p.fill(image.Rect(at.X+6, at.Y+27, at.X+cellW-7, at.Y+47), shade)
		p.text(p.strong, p.white, at.X+12, at.Y+42, label)
	}
	if d.Wanted > 0 {
		shade := p.green
		if d.Covered < d.Wanted {
			shade = p.amber
		}
		p.text(p.strong, shade, at.X+8, at.Y+64, fmt.Sprintf("help %d of %d", d.Covered, d.Wanted))
	}
	if d.Feeling != "" {
		for i := range 3 {
			box := image.Rect(at.X+8+i*11, at.Y+73, at.X+16+i*11, at.Y+81)
			p.fill(box, p.blue)
			if i >= d.Level {
				p.fill(box.Inset(1), background)
			}
		}
		p.text(p.small, p.ink, at.X+44, at.Y+82, d.Feeling)
	}
}

func (p *painter) fill(r image.Rectangle, c color.Color) {
	draw.Draw(p.img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func (p *painter) text(face font.Face, c color.Color, x, y int, s string) {
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(s)
}
