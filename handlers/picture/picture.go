// Package picture is what charts and calendars are drawn with: fonts, colours, and words
// and areas on a ground that neither glares in the dark nor fades in the light. They are
// read on a phone: letters are 26 pixels high in a picture 800 wide.
//
// Promised: the same strokes give the same picture, byte for byte, and what is written in
// any of the inks can be read on either ground.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Width is how wide a picture is, in pixels.
const Width = 800

// Palette is the colours. Ground and Pale are what is written on; Line is for lines that
// say nothing; all others are inks.
type Palette struct{ Ground, Pale, Line, Ink, Grey, Blue, Green, Amber color.RGBA }

// Colours are the only palette there is.
func Colours() Palette {
	rgb := func(hex uint32) color.RGBA {
		return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
	}
	return Palette{Ground: rgb(0xece8df), Pale: rgb(0xf8f5ee), Line: rgb(0xb9b5aa), Ink: rgb(0x1f2933), Grey: rgb(0x4a5561),
		Blue: rgb(0x1d4e89), Green: rgb(0x14592f), Amber: rgb(0x7a4200)}
}

// Canvas is a picture that is being drawn.
type Canvas struct {
	Palette
	// Large letters are 34 pixels high, Small and Strong ones 26.
	Large, Small, Strong font.Face

	img *image.RGBA
}

// New is an empty ground of a height in pixels. The error is the fonts'.
func New(height int) (*Canvas, error) {
	c := Canvas{Palette: Colours(), img: image.NewRGBA(image.Rect(0, 0, Width, height))}
	for _, f := range []struct {
		into *font.Face
		ttf  []byte
		size float64
	}{{&c.Large, gobold.TTF, 34}, {&c.Small, goregular.TTF, 26}, {&c.Strong, gobold.TTF, 26}} {
		parsed, err := opentype.Parse(f.ttf)
		if err != nil {
			return nil, fmt.Errorf("reading a font: %w", err)
		}
		if *f.into, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.size, DPI: 72, Hinting: font.HintingFull}); err != nil {
			return nil, fmt.Errorf("reading a font: %w", err)
		}
	}
	c.Fill(c.img.Bounds(), c.Ground)
	return &c, nil
}

// Fill paints an area.
func (c *Canvas) Fill(r image.Rectangle, with color.Color) {
	draw.Draw(c.img, r, image.NewUniform(with), image.Point{}, draw.Src)
}

// Text writes words from a point on their line, and says how wide they are.
func (c *Canvas) Text(face font.Face, ink color.Color, x, y int, s string) int {
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(s)
	return d.Dot.X.Round() - x
}

// PNG is the picture. The error is the encoder's.
func (c *Canvas) PNG() ([]byte, error) {
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, c.img); err != nil {
		return nil, fmt.Errorf("drawing a picture: %w", err)
	}
	return out.Bytes(), nil
}
