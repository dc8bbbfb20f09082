package when

import (
	"slices"
	"strings"
)

// offsetMark is an offset or the name of one, written after a time of day.
type offsetMark struct {
	name    string // lower case; or
	fixed   bool
	seconds int
	strict  bool // the zone itself must be at that offset then
}

// mark reads the offset after a time of day, if there is one: Z, UTC, UTC+5:30, -07:00, MST, (Denver time, MST).
func (p *parser) mark(i int, tForm bool) (*offsetMark, int, *Error) {
	t := p.tok(i)
	switch {
	case t.kind == tokenAside:
		for _, h := range p.r.habits() {
			for _, name := range []string{strings.ToLower(h.name), strings.ToLower("UTC" + offsetText(h.seconds))} {
				if t.text == "("+strings.TrimPrefix(strings.ToLower(label(p.r.zone))+", "+name, ", ")+")" {
					return &offsetMark{fixed: true, seconds: h.seconds, strict: true}, i + 1, nil
				}
			}
		}
		return nil, i, errorf(Unknown, p.text(i, i+1), "%s is not this group's time zone. I keep %s here.", quote(p.text(i, i+1)), p.r.zoneWords())
	case p.word(i, "z", "utc"):
		if seconds, n, ok := p.offset(i+1, true); ok {
			return &offsetMark{fixed: true, seconds: seconds}, n, nil
		}
		return &offsetMark{fixed: true}, i + 1, nil
	case t.kind == tokenWord && p.r.ownName(t.text):
		return &offsetMark{name: t.text}, i + 1, nil
	case p.word(i, "+", "-"):
		seconds, n, ok := p.offset(i, tForm)
		if !ok {
			return nil, i, nil
		}
		// "09:00 -10:00" is a range unless the zone has that offset.
		own := slices.ContainsFunc(p.r.habits(), func(h habit) bool { return h.seconds == seconds })
		if !tForm && (!own || t.glued) {
			return nil, i, errorf(Vague, p.text(i, n), "I need one starting time, and I could not read %s.", quote(p.text(i, n)))
		}
		return &offsetMark{fixed: true, seconds: seconds}, n, nil
	}
	return nil, i, nil
}

// offset reads +05:30, -0700 or, when short ones are allowed, -7.
func (p *parser) offset(i int, short bool) (seconds, next int, ok bool) {
	if !p.word(i, "+", "-") {
		return 0, i, false
	}
	hh, mm, next, ok := p.offsetFigures(i+1, short)
	if !ok {
		return 0, i, false
	}
	seconds = hh*3600 + mm*60
	if p.word(i, "-") {
		seconds = -seconds
	}
	return seconds, next, mm < 60 && seconds >= -12*3600 && seconds <= 14*3600
}

// offsetFigures reads the hours and minutes of an offset, behind its sign.
func (p *parser) offsetFigures(i int, short bool) (hours, minutes, next int, ok bool) {
	h, m := p.tok(i), p.tok(i+2)
	if h.kind != tokenNumber || !h.glued || h.ordinal {
		return 0, 0, i, false
	}
	plain := h.width == 2 || short && h.width == 1
	switch {
	case plain && p.word(i+1, ":") && m.figures(2):
		return h.n, m.n, i + 3, true
	case h.width == 4:
		return h.n / 100, h.n % 100, i + 1, true
	}
	return h.n, 0, i + 1, short && plain
}
