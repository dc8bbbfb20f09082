// Package chart draws what somebody noted over some weeks: how the days went beside
// one another, numbers that they were given, and their sessions as marks. It is read
// on a phone: letters are at least 26 pixels high in a picture 800 wide, on a ground
// that neither glares in the dark nor fades in the light. What is drawn belongs into
// words as well, for those who do not see it.
//
// Promised: the same notes give the same picture, byte for byte. Not promised: that
// more than two panels, or more than six scales, fit.
package chart

import (
	"image"
	"image/color"
	"strconv"
	"time"

	"village/handlers/picture"
)

// Panel is some weeks. All times are dates on a clock without a zone.
type Panel struct {
	// Title stands above it; it may be empty.
	Title string
	// From is the first day shown; the zero time is the first on which there is
	// anything.
	From     time.Time
	Days     []Day
	Sessions []time.Time
	Series   []Series
}

// Day is a day beside the one before it: up (1), level (0) or down (-1).
type Day struct {
	At   time.Time
	Step int
}

// Series is the numbers of one scale, from Least to Most.
type Series struct {
	Name        string
	Least, Most int
	Points      []Point
}

// Point is one number of a day.
type Point struct {
	At    time.Time
	Value int
}

// Key is the words that explain the signs.
type Key struct{ Up, Level, Down, Session, Days string }

// sizes in pixels
const (
	width    = picture.Width
	left     = 92
	right    = 60
	head     = 70
	line     = 40
	stepped  = 170
	scale    = 220
	axis     = 46
	most     = 6 // scales in a panel
	panelsIn = 2
)

// PNG draws panels below one another, two at most. The error is the encoder's or the
// fonts'.
func PNG(title string, key Key, panels []Panel) ([]byte, error) {
	panels = panels[:min(len(panels), panelsIn)]
	height := head + line
	for i := range panels {
		panels[i].Series = panels[i].Series[:min(len(panels[i].Series), most)]
		height += panels[i].height()
	}
	canvas, err := picture.New(height)
	if err != nil {
		return nil, err
	}
	p := painter{canvas}
	p.Text(p.Large, p.Ink, 24, 46, title)
	p.key(key, head+26)
	span := 7
	for _, panel := range panels {
		first, last := panel.bounds()
		span = max(span, int(last.Sub(first).Hours()/24))
	}
	y := head + line
	for _, panel := range panels {
		p.panel(panel, key, y, span)
		y += panel.height()
	}
	return p.PNG()
}

func (p Panel) height() int {
	h := axis + len(p.Series)*scale
	if p.Title != "" {
		h += line
	}
	if len(p.Days) > 0 {
		h += stepped
	}
	return h + 20
}

// bounds are the first and the last day on which there is anything.
func (p Panel) bounds() (first, last time.Time) {
	seen := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
		if t.After(last) {
			last = t
		}
	}
	for _, d := range p.Days {
		seen(d.At)
	}
	for _, s := range p.Series {
		for _, x := range s.Points {
			seen(x.At)
		}
	}
	for _, s := range p.Sessions {
		seen(s)
	}
	if !p.From.IsZero() {
		first = p.From
	}
	return first, last
}

type painter struct{ *picture.Canvas }

// key explains the signs, each beside its word.
func (p painter) key(k Key, y int) {
	x := 24
	for _, sign := range []struct {
		step int
		word string
	}{{1, k.Up}, {0, k.Level}, {-1, k.Down}} {
		p.sign(x+10, y-9, sign.step, 10)
		x += 30
		x += p.Text(p.Small, p.Ink, x, y, sign.word) + 26
	}
	p.Fill(image.Rect(x+8, y-24, x+11, y+4), p.Grey)
	p.Text(p.Small, p.Ink, x+24, y, k.Session)
}

func (p painter) panel(panel Panel, key Key, y, span int) {
	first, _ := panel.bounds()
	if panel.Title != "" {
		p.Text(p.Strong, p.Ink, 24, y+28, panel.Title)
		y += line
	}
	at := func(day time.Time) int {
		return left + int(day.Sub(first).Hours()/24)*(width-left-right)/span
	}
	sessions := func(top, bottom int) {
		for _, s := range panel.Sessions {
			p.Fill(image.Rect(at(s)-1, top, at(s)+1, bottom), p.Grey)
		}
	}
	if len(panel.Days) > 0 {
		sessions(y+40, y+stepped-20)
		p.days(panel.Days, key, at, y)
		y += stepped
	}
	for _, s := range panel.Series {
		sessions(y+56, y+scale-24)
		p.series(s, at, y)
		y += scale
	}
	if len(panel.Days)+len(panel.Series) == 0 {
		sessions(y-10, y)
	}
	p.Fill(image.Rect(left-10, y, width-right+10, y+2), p.Line)
	p.dates(first, span, at, y+34)
}

// dates are written below, as many as there is room for.
func (p painter) dates(first time.Time, span int, at func(time.Time) int, y int) {
	every := 7 * max(1, (span+20)/21)
	for d := 0; d <= span; d += every {
		day := first.AddDate(0, 0, d)
		if word := day.Format("2 Jan"); at(day)+90 < width {
			p.Fill(image.Rect(at(day), y-32, at(day)+2, y-26), p.Grey)
			p.Text(p.Small, p.Ink, at(day)-6, y, word)
		}
	}
}

// days are a path that goes up, level or down as the days went, one sign a day.
func (p painter) days(days []Day, key Key, at func(time.Time) int, y int) {
	p.Text(p.Small, p.Grey, 24, y+28, key.Days)
	level, low, high := 0, 0, 0
	for _, d := range days {
		level += d.Step
		low, high = min(low, level), max(high, level)
	}
	room := stepped - 80
	place := func(level int) int { return y + 50 + room - (level-low)*room/max(high-low, 1) }
	level = 0
	var before image.Point
	for i, d := range days {
		level += d.Step
		here := image.Pt(at(d.At), place(level))
		if i > 0 {
			p.join(before, here, p.Line)
		}
		before = here
	}
	level = 0
	for _, d := range days {
		level += d.Step
		p.sign(at(d.At), place(level), d.Step, 7)
	}
}

// series is one scale with its range, its numbers written at the first, the last and
// wherever there is room.
func (p painter) series(s Series, at func(time.Time) int, y int) {
	p.Text(p.Strong, p.Ink, 24, y+28, s.Name)
	top, bottom := y+56, y+scale-24
	place := func(v int) int { return bottom - (v-s.Least)*(bottom-top)/max(s.Most-s.Least, 1) }
	for _, v := range []int{s.Least, s.Most} {
		p.Fill(image.Rect(left-10, place(v), width-right+10, place(v)+1), p.Line)
		p.Text(p.Small, p.Grey, 24, place(v)+9, strconv.Itoa(v))
	}
	var before image.Point
	written := -1000
	for i, x := range s.Points {
		here := image.Pt(at(x.At), place(x.Value))
		if i > 0 {
			p.join(before, here, p.Blue)
		}
		p.Fill(image.Rect(here.X-6, here.Y-6, here.X+6, here.Y+6), p.Blue)
		if last := i == len(s.Points)-1; here.X-written > 56 || last && here.X-written > 40 {
			p.Text(p.Strong, p.Ink, here.X+10, min(max(here.Y-8, top+18), bottom-4), strconv.Itoa(x.Value))
			written = here.X
		}
		before = here
	}
}

// sign is a triangle up, a bar, or a triangle down.
func (p painter) sign(x, y, step, r int) {
	switch {
	case step == 0:
		p.Fill(image.Rect(x-r, y-3, x+r, y+3), p.Blue)
		return
	case step > 0:
		for i := range 2 * r {
			p.Fill(image.Rect(x-i/2, y-r+i, x+i/2+1, y-r+i+1), p.Green)
		}
		return
	}
	for i := range 2 * r {
		p.Fill(image.Rect(x-(2*r-i)/2, y-r+i, x+(2*r-i)/2+1, y-r+i+1), p.Amber)
	}
}

// join is a line of three pixels between two points.
func (p painter) join(a, b image.Point, c color.RGBA) {
	n := max(abs(b.X-a.X), abs(b.Y-a.Y), 1)
	for i := range n + 1 {
		x, y := a.X+(b.X-a.X)*i/n, a.Y+(b.Y-a.Y)*i/n
		p.Fill(image.Rect(x-1, y-1, x+2, y+2), c)
	}
}

func abs(n int) int { return max(n, -n) }
