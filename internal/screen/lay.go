package screen

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"unicode"
	"unicode/utf8"
)

// partKind is what a part of a screen is.
type partKind int

const (
	prose   partKind = iota // paragraphs, with a button at their right where there is one
	row                     // buttons and menus side by side
	card                    // parts on a ground of their own
	picture                 // an image
	rule                    // a line
	input                   // what is to be filled in
	spoken                  // somebody's picture, and parts beside it
	strip                   // where it goes on
	divider                 // words in the middle of a line
)

// part is a part of a screen.
type part struct {
	kind    partKind
	gap     int // above
	paras   []para
	buttons []button
	inner   []part
	name    string     // whose picture stands beside; the bot's where it is empty
	accent  color.RGBA // at a card's left, where it is not transparent
	form    bool       // a card that lies above the rest
	img     image.Image
	tall    bool // an input of several lines
}

// button is a button or a menu.
type button struct {
	label string
	style buttonStyle
}

type buttonStyle int

const (
	plainButton buttonStyle = iota
	primaryButton
	dangerButton
	greenButton
	menuButton // opens a list
)

// lay draws parts below one another and gives where they end.
func (p *pen) lay(parts []part, x, y, w int) int {
	for _, pt := range parts {
		y = p.part(pt, x, y+pt.gap, w)
	}
	return y
}

func (p *pen) part(pt part, x, y, w int) int {
	switch pt.kind {
	case row:
		return p.row(pt.buttons, x, y, w)
	case card:
		return p.card(pt, x, y, w)
	case picture:
		return p.picture(pt.img, x, y, w)
	case rule:
		p.fill(image.Rect(x, y+6, x+w, y+7), p.line)
		return y + 13
	case input:
		return p.input(pt, x, y, w)
	case spoken:
		p.face(pt.name, x, y+2)
		return max(y+avatar+2, p.lay(pt.inner, x+indent-margin, y, w-indent+margin))
	case strip:
		p.fill(image.Rect(0, y, width, y+38), p.look.card)
		p.fill(image.Rect(0, y+38, width, y+39), p.line)
		p.paras(pt.paras, x, y+7, w)
		return y + 39
	case divider:
		return p.divider(pt.paras, x, y, w)
	}
	if len(pt.buttons) > 0 {
		return p.beside(pt, x, y, w)
	}
	return p.paras(pt.paras, x, y, w)
}

// paras writes paragraphs and gives where they end.
func (p *pen) paras(list []para, x, y, w int) int {
	for _, pa := range list {
		y += pa.gap
		in := 0
		if pa.quote {
			in = 14
		}
		if pa.mark != "" {
			in = 20
		}
		top := y
		for i, line := range p.types.lines(pa.runs, w-in) {
			high := body.height()
			if len(line) > 0 {
				high = 0
			}
			for _, piece := range line {
				high = max(high, piece.face.height())
			}
			if i == 0 && pa.mark != "" {
				p.text(run{text: pa.mark, face: body, ink: p.ink}, x+6, y)
			}
			for _, piece := range line {
				p.text(piece.run, x+in+piece.x, y+high-piece.face.height()-(high-piece.face.height())/3)
			}
			y += high
		}
		if pa.quote {
			p.round(image.Rect(x, top+2, x+4, y-2), 2, p.line)
		}
	}
	return y
}

// beside writes words with their button at the right.
func (p *pen) beside(pt part, x, y, w int) int {
	b := pt.buttons[0]
	wide := min(p.buttonWidth(b), w*55/100)
	bottom := p.paras(pt.paras, x, y+4, w-wide-12)
	p.button(b, x+w-wide, y+2, wide)
	return max(bottom, y+2+buttonHeight) + 2
}

const (
	buttonHeight = 34
	buttonPad    = 14
)

func (p *pen) buttonWidth(b button) int {
	w := p.types.width(smallStrong, b.label) + 2*buttonPad
	if b.style == menuButton {
		w += 24
	}
	return w
}

// row draws buttons side by side, as many as there is room for in a line.
func (p *pen) row(buttons []button, x, y, w int) int {
	at, top := x, y
	for _, b := range buttons {
		wide := min(p.buttonWidth(b), w)
		if b.style == menuButton {
			wide = min(w, max(wide, 320))
		}
		if at > x && at+wide > x+w {
			at, top = x, top+buttonHeight+8
		}
		p.button(b, at, top, wide)
		at += wide + 8
	}
	return top + buttonHeight
}

// button draws one; a label that is wider is cut, as clients cut it.
func (p *pen) button(b button, x, y, w int) {
	ground, ink, border := p.plain, p.plainInk, p.bordered
	switch b.style {
	case primaryButton:
		ground, ink, border = p.primary, p.strongText, false
	case dangerButton:
		ground, ink, border = p.danger, p.strongText, false
	case greenButton:
		ground, ink, border = rgb(0x25804a), p.strongText, false
	case menuButton:
		ground, ink, border = p.ground, p.grey, true
	}
	area := image.Rect(x, y, x+w, y+buttonHeight)
	if border {
		p.round(area, p.radius, p.border)
		area = area.Inset(1)
	}
	p.round(area, p.radius, ground)
	room := w - 2*buttonPad
	if b.style == menuButton {
		room -= 24
		for i := range 5 { // which points down
			p.fill(image.Rect(x+w-26+i, y+14+i, x+w-16-i, y+15+i), p.grey)
		}
	}
	label := b.label
	for p.types.width(smallStrong, label) > room && label != "" {
		_, size := utf8.DecodeLastRuneInString(strings.TrimSuffix(label, "…"))
		label = strings.TrimSuffix(label, "…")
		label = label[:len(label)-size] + "…"
	}
	from := x + (w-p.types.width(smallStrong, label))/2
	if b.style == menuButton {
		from = x + buttonPad
	}
	p.text(run{text: label, face: smallStrong, ink: ink}, from, y+7)
}

// card draws parts on a ground of their own.
func (p *pen) card(pt part, x, y, w int) int {
	const pad = 14
	measure := pen{look: p.look, types: p.types}
	bottom := measure.lay(pt.inner, x+pad, y+pad-4, w-2*pad) + pad - 2
	area := image.Rect(x, y, x+w, bottom)
	p.round(area, 8, p.border)
	p.round(area.Inset(1), 8, p.look.card)
	if pt.accent.A > 0 {
		p.round(image.Rect(x, y, x+5, bottom), 3, pt.accent)
	}
	p.lay(pt.inner, x+pad, y+pad-4, w-2*pad)
	return bottom
}

// picture draws an image as wide as there is room.
func (p *pen) picture(img image.Image, x, y, w int) int {
	if img == nil {
		return y
	}
	w = min(w, img.Bounds().Dx())
	h := img.Bounds().Dy() * w / max(img.Bounds().Dx(), 1)
	if p.img != nil {
		for row := range h {
			for column := range w {
				p.img.SetRGBA(x+column, y+row, mean(img, image.Rect(column, row, column+1, row+1), w, h))
			}
		}
	}
	return y + h
}

// mean is the colour of an area of an image, the area being given in an image of w by h.
func mean(img image.Image, area image.Rectangle, w, h int) color.RGBA {
	all := img.Bounds()
	fromX, toX := all.Min.X+area.Min.X*all.Dx()/w, all.Min.X+(area.Max.X*all.Dx()+w-1)/w
	fromY, toY := all.Min.Y+area.Min.Y*all.Dy()/h, all.Min.Y+(area.Max.Y*all.Dy()+h-1)/h
	var r, g, b, n uint32
	for y := fromY; y < toY; y++ {
		for x := fromX; x < toX; x++ {
			cr, cg, cb, _ := img.At(x, y).RGBA()
			r, g, b, n = r+cr>>8, g+cg>>8, b+cb>>8, n+1
		}
	}
	// Few steps of each colour make small pictures.
	step := func(v uint32) uint8 { return uint8(min(255, (v/max(n, 1)+4)/8*8)) }
	return color.RGBA{step(r), step(g), step(b), 0xff}
}

// decoded is a picture's image, or nil where it is none.
func decoded(data []byte) image.Image {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return img
}

// input draws a field: what is asked, and the box with what stands in it.
func (p *pen) input(pt part, x, y, w int) int {
	y = p.paras(pt.paras[:len(pt.paras)-1], x, y, w) + 3
	high := 38
	if pt.tall {
		high = 72
	}
	area := image.Rect(x, y, x+w, y+high)
	p.round(area, p.radius, p.border)
	p.round(area.Inset(1), p.radius, p.ground)
	lines := p.types.lines(pt.paras[len(pt.paras)-1].runs, w-24)
	for _, piece := range lines[0] {
		p.text(piece.run, x+12+piece.x, y+7)
	}
	return y + high
}

// divider writes words in the middle of a line.
func (p *pen) divider(list []para, x, y, w int) int {
	words := list[0].runs[0]
	lines := p.types.lines([]run{words}, w-40)
	wide := 0
	for _, piece := range lines[0] {
		wide += piece.w
	}
	p.fill(image.Rect(x, y+9, x+w, y+10), p.line)
	p.fill(image.Rect(x+(w-wide)/2-10, y, x+(w+wide)/2+10, y+20), p.ground)
	for _, line := range lines {
		for _, piece := range line {
			p.text(piece.run, x+(w-wide)/2+piece.x, y)
		}
		y += words.face.height()
	}
	return y
}

// face draws somebody's picture: the bot's is a house, a person's their initial.
func (p *pen) face(name string, x, y int) {
	area := image.Rect(x, y, x+avatar, y+avatar)
	radius := avatar / 2
	if p.bordered {
		radius = 8
	}
	if name == "" {
		p.round(area, radius, rgb(0x2f5d50))
		white := rgb(0xffffff)
		for i := range 11 {
			p.fill(image.Rect(x+20-i, y+9+i, x+20+i, y+10+i), white)
		}
		p.fill(image.Rect(x+12, y+20, x+28, y+30), white)
		p.fill(image.Rect(x+18, y+23, x+22, y+30), rgb(0x2f5d50))
		return
	}
	colours := []uint32{0x7a4f9a, 0x2d6a8e, 0x9a4b3c, 0x4d7a2d, 0x8a6a1e, 0x8e3a66}
	n := 0
	for _, r := range name {
		n += int(r)
	}
	p.round(area, radius, rgb(colours[n%len(colours)]))
	first, _ := utf8.DecodeRuneInString(name)
	letter := run{text: string(unicode.ToUpper(first)), face: heading, ink: rgb(0xffffff)}
	p.text(letter, x+(avatar-p.types.width(heading, letter.text))/2, y+6)
}
