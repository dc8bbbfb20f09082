package screen

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// look is a client's colours.
type look struct {
	ground, ink, grey, link, card, border, line  color.RGBA
	badge, badgeInk, pill, pillInk               color.RGBA
	primary, plain, danger, plainInk, strongText color.RGBA
	bordered                                     bool // plain buttons have a border
	radius                                       int
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func discordLook() look {
	return look{
		ground: rgb(0x313338), ink: rgb(0xdddfe3), grey: rgb(0x9da3ac), link: rgb(0x3cb4ff), card: rgb(0x2a2c31), border: rgb(0x3d4047), line: rgb(0x474a52),
		badge: rgb(0x5563e8), badgeInk: rgb(0xffffff), pill: rgb(0x3f4471), pillInk: rgb(0xcfd3fb),
		primary: rgb(0x5563e8), plain: rgb(0x4c4f57), danger: rgb(0xcf3a40), plainInk: rgb(0xffffff), strongText: rgb(0xffffff), radius: 7,
	}
}

func slackLook() look {
	return look{
		ground: rgb(0xffffff), ink: rgb(0x1e1d1e), grey: rgb(0x626163), link: rgb(0x1563a0), card: rgb(0xfafafa), border: rgb(0xc4c3c5), line: rgb(0xdedddf),
		badge: rgb(0xe6e6e8), badgeInk: rgb(0x5c5b5e), pill: rgb(0xe4f1f8), pillInk: rgb(0x1563a0),
		primary: rgb(0x06795a), plain: rgb(0xffffff), danger: rgb(0xd9204f), plainInk: rgb(0x1e1d1e), strongText: rgb(0xffffff), bordered: true, radius: 6,
	}
}

// face is a size and weight of letters.
type face int

const (
	body face = iota
	strong
	small
	smallStrong
	heading
	faces
)

// height is how high a line of it is.
func (f face) height() int { return [faces]int{24, 24, 20, 20, 28}[f] }

// ascent is how far below a line's top its letters stand.
func (f face) ascent() int { return [faces]int{18, 18, 15, 15, 21}[f] }

// types draws letters. Each is drawn once and kept.
type types struct {
	faces [faces]font.Face
	kept  map[glyphKey]glyph
}

type glyphKey struct {
	face face
	r    rune
}

type glyph struct {
	mask    *image.Alpha
	at      image.Point
	advance int
}

func loadTypes() (*types, error) {
	t := &types{kept: map[glyphKey]glyph{}}
	for f, size := range [faces]float64{17, 17, 14, 14, 20} {
		ttf := goregular.TTF
		if face(f) == strong || face(f) == smallStrong || face(f) == heading {
			ttf = gobold.TTF
		}
		parsed, err := opentype.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("reading a font: %w", err)
		}
		if t.faces[f], err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull}); err != nil {
			return nil, fmt.Errorf("reading a font: %w", err)
		}
	}
	return t, nil
}

// shades is how many steps there are between the ground and a letter's ink. Few of them
// make small pictures.
const shades = 15

func (t *types) glyph(f face, r rune) glyph {
	key := glyphKey{f, r}
	if g, ok := t.kept[key]; ok {
		return g
	}
	var g glyph
	box, mask, from, advance, ok := t.faces[f].Glyph(fixed.Point26_6{}, r)
	if ok {
		g = glyph{mask: image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy())), at: box.Min, advance: advance.Round()}
		draw.Draw(g.mask, g.mask.Bounds(), mask, from, draw.Src)
		for i, v := range g.mask.Pix {
			g.mask.Pix[i] = uint8((int(v)*shades + 127) / 255 * 255 / shades)
		}
	}
	t.kept[key] = g
	return g
}

func (t *types) width(f face, s string) int {
	w := 0
	for _, r := range s {
		w += t.glyph(f, r).advance
	}
	return w
}

// run is words of one look.
type run struct {
	text string
	face face
	ink  color.RGBA
	pill color.RGBA // behind the words, where it is not transparent
}

// para is words that are broken into lines.
type para struct {
	runs  []run
	mark  string // before the first line, such as a bullet
	quote bool
	gap   int // above
}

// placed is a piece of a line.
type placed struct {
	run
	x, w int
}

// lines breaks runs into lines no wider than w.
func (t *types) lines(runs []run, w int) [][]placed {
	b := breaker{types: t, w: w, out: [][]placed{nil}}
	for _, r := range runs {
		for i, piece := range strings.Split(r.text, "\n") {
			if i > 0 {
				b.next()
			}
			for _, word := range t.words(r.face, piece, w) {
				r.text = word
				b.add(r)
			}
		}
	}
	return b.out
}

// breaker fills lines with words.
type breaker struct {
	types *types
	w, x  int
	out   [][]placed
}

func (b *breaker) next() { b.out, b.x = append(b.out, nil), 0 }

// add sets a word where it fits. What stands directly before it, without a space, goes
// along to the next line.
func (b *breaker) add(r run) {
	last := &b.out[len(b.out)-1]
	if b.x > 0 && b.x+b.types.width(r.face, strings.TrimRight(r.text, " ")) > b.w {
		from := len(*last)
		for from > 0 && !strings.HasSuffix((*last)[from-1].text, " ") && !strings.HasPrefix(r.text, " ") {
			from--
		}
		var along []placed
		if from > 0 {
			along, *last = slices.Clone((*last)[from:]), (*last)[:from]
		}
		b.next()
		for _, p := range along {
			b.set(p.run)
		}
	}
	b.set(r)
}

func (b *breaker) set(r run) {
	if b.x == 0 && len(b.out) > 1 {
		r.text = strings.TrimLeft(r.text, " ")
	}
	wide := b.types.width(r.face, r.text)
	last := &b.out[len(b.out)-1]
	*last = append(*last, placed{r, b.x, wide})
	b.x += wide
}

// words are the words of a text, each with the spaces behind it; one that is wider than a
// line is broken.
func (t *types) words(f face, s string, w int) []string {
	var out []string
	for _, word := range strings.SplitAfter(s, " ") {
		for t.width(f, word) > w && utf8.RuneCountInString(word) > 1 {
			cut, wide := 0, 0
			for i, r := range word {
				if wide += t.glyph(f, r).advance; wide > w && i > 0 {
					break
				}
				cut = i + utf8.RuneLen(r)
			}
			out, word = append(out, word[:cut]), word[cut:]
		}
		if word != "" {
			out = append(out, word)
		}
	}
	return out
}

// pen draws; without a picture it only measures.
type pen struct {
	look
	types *types
	img   *image.RGBA
}

func (p *pen) fill(r image.Rectangle, c color.RGBA) {
	if p.img != nil {
		draw.Draw(p.img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// round fills an area with rounded corners.
func (p *pen) round(r image.Rectangle, radius int, c color.RGBA) {
	if p.img == nil {
		return
	}
	radius = min(radius, r.Dx()/2, r.Dy()/2)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		in := 0
		if d := min(y-r.Min.Y, r.Max.Y-1-y); d < radius {
			dy := radius - d
			for in = 0; (radius-in)*(radius-in)+dy*dy > radius*radius+radius && in < radius; {
				in++
			}
		}
		p.fill(image.Rect(r.Min.X+in, y, r.Max.X-in, y+1), c)
	}
}

// text writes words with their top at y, and says how wide they are.
func (p *pen) text(r run, x, y int) int {
	from := x
	if r.pill.A > 0 && p.img != nil {
		p.round(image.Rect(x-2, y+1, x+2+p.types.width(r.face, r.text), y+r.face.height()-2), 4, r.pill)
	}
	base := y + r.face.ascent()
	for _, c := range r.text {
		g := p.types.glyph(r.face, c)
		if p.img != nil && g.mask != nil {
			at := image.Pt(x, base).Add(g.at)
			draw.DrawMask(p.img, g.mask.Bounds().Add(at), image.NewUniform(r.ink), image.Point{}, g.mask, image.Point{}, draw.Over)
		}
		x += g.advance
	}
	return x - from
}

// encode is a picture as a PNG with at most 256 colours: those that are used most, and
// for all others the nearest of them.
func encode(img image.Image) ([]byte, error) {
	src := img.(*image.RGBA)
	pixel := func(i int) uint32 {
		return uint32(src.Pix[i])<<16 | uint32(src.Pix[i+1])<<8 | uint32(src.Pix[i+2])
	}
	counts := map[uint32]int{}
	for i := 0; i < len(src.Pix); {
		from, c := i, pixel(i)
		for i < len(src.Pix) && pixel(i) == c {
			i += 4
		}
		counts[c] += i - from
	}
	used := slices.SortedFunc(maps.Keys(counts), func(a, b uint32) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	var palette color.Palette
	at := map[uint32]uint8{}
	for i, c := range used {
		if i < 256 {
			palette = append(palette, rgb(c))
			at[c] = uint8(i)
		} else {
			at[c] = uint8(palette.Index(rgb(c)))
		}
	}
	flat := image.NewPaletted(src.Bounds(), palette)
	last, as := uint32(0), at[0]
	for i := range flat.Pix {
		if c := pixel(4 * i); c != last {
			last, as = c, at[c]
		}
		flat.Pix[i] = as
	}
	var out bytes.Buffer
	if err := (&png.Encoder{}).Encode(&out, flat); err != nil {
		return nil, fmt.Errorf("drawing a screen: %w", err)
	}
	return out.Bytes(), nil
}
