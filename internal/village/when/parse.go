package when

type atomKind int

const (
	atomSep atomKind = iota
	atomDay
	atomClock
	atomPart
	atomAhead
)

// strength of what stands between two parts.
type strength int

const (
	none strength = iota
	comma
	and
	semicolon
)

type atom struct {
	kind  atomKind
	sep   strength
	day   day
	clock clock
	part  part
	ahead int // minutes from now
	from  int // tokens
	to    int
}

type parser struct {
	line
	r     *reader
	atoms []atom
	tForm bool // an ISO date and T stand just before
}

// parse turns the words into atoms, or says which word it cannot place.
func (p *parser) parse() *Error {
	for i := 0; i < len(p.toks); {
		if s, next := p.separator(i); next > i {
			if len(p.atoms) == 0 || next == len(p.toks) || p.atoms[len(p.atoms)-1].kind == atomSep {
				return p.misplaced(i)
			}
			p.add(atom{kind: atomSep, sep: s, from: i, to: next})
			i = next
			continue
		}
		next, err := p.atom(i)
		if err != nil {
			return err
		}
		i = next
	}
	return nil
}

func (p *parser) add(a atom) {
	a.day.words, a.clock.words = p.text(a.from, a.to), p.text(a.from, a.to)
	p.atoms = append(p.atoms, a)
}

func (p *parser) separator(i int) (strength, int) {
	switch {
	case p.word(i, ";"):
		next := i + 1
		for p.word(next, ";") {
			next++
		}
		if next == len(p.toks) { // a line break at the end
			return none, i
		}
		return semicolon, next
	case p.word(i, ",") && p.word(i+1, "and", "&"):
		return and, i + 2
	case p.word(i, ","):
		return comma, i + 1
	case p.word(i, "and", "&"):
		return and, i + 1
	}
	return none, i
}

// last gives the atom before, when nothing separates it.
func (p *parser) last() *atom {
	if len(p.atoms) == 0 {
		return nil
	}
	return &p.atoms[len(p.atoms)-1]
}

// around is what the little words before an atom say of it.
type around struct {
	at, the bool // "at", "the" stands before it
	tForm   bool // an ISO date and T stand before it
	little  bool // some little word does
}

// atom reads one day, clock, part of the day or length ahead, with the little words before it: the first of its forms
// that takes any.
func (p *parser) atom(i int) (int, *Error) {
	i, near, err := p.littleWords(i)
	if err != nil {
		return 0, err
	}
	for _, form := range []func(int, around) (int, *Error){p.partAtom, p.countedAtom, p.dayAtom, p.clockAtom, p.lateMark, p.bareNumber} {
		if next, err := form(i, near); err != nil || next > i {
			return next, err
		}
	}
	return 0, p.misplaced(i)
}

// littleWords passes over the words that announce a day or a clock.
func (p *parser) littleWords(i int) (int, around, *Error) {
	near := around{tForm: p.tForm, at: p.tForm}
	p.tForm = false
	for ; p.word(i, "at", "@", "by", "on", "the", "of", "coming"); i++ {
		if p.word(i, "of") && (p.last() == nil || p.last().kind != atomPart) {
			return i, near, p.misplaced(i)
		}
		near.at = near.at || p.word(i, "at", "@", "by")
		near.the, near.little = p.word(i, "the"), true
	}
	return i, near, nil
}

func (p *parser) partAtom(i int, _ around) (int, *Error) {
	next, ok := p.partOfDay(i)
	if ok {
		p.add(atom{kind: atomPart, part: partWord(p.tok(next - 1).text), from: i, to: next})
	}
	return next, nil
}

func (p *parser) countedAtom(i int, _ around) (int, *Error) {
	d, minutes, next, err := p.counted(i)
	switch {
	case err != nil || next == i:
	case minutes > 0:
		p.add(atom{kind: atomAhead, ahead: minutes, from: i, to: next})
	default:
		p.add(atom{kind: atomDay, day: d, from: i, to: next})
	}
	return next, err
}

func (p *parser) dayAtom(i int, _ around) (int, *Error) {
	d, next, err := p.day(i)
	if err != nil || next == i {
		return next, err
	}
	p.add(atom{kind: atomDay, day: d, from: i, to: next})
	if d.part != noPart {
		p.add(atom{kind: atomPart, part: d.part, from: i, to: next})
	}
	if d.iso && p.glued(next, "t") && p.number(next+1) && p.tok(next+1).glued {
		p.tForm = true
		next++
	}
	return next, nil
}

func (p *parser) clockAtom(i int, near around) (int, *Error) {
	c, next, err := p.clock(i, place{alone: near.at || p.hourByCompany(i), dotted: near.at})
	if err != nil || next == i {
		return next, err
	}
	if c.mark, next, err = p.mark(next, near.tForm); err != nil {
		return 0, err
	}
	p.add(atom{kind: atomClock, clock: c, from: i, to: next})
	return next, nil
}

// counted reads what is counted from now or from another day: "in 2 days", "a week from thursday", "3 hours from now".
func (p *parser) counted(i int) (d day, minutes, next int, err *Error) {
	j := i
	in := p.word(j, "in")
	if in {
		j++
	}
	s, k, ok := p.measure(j, false)
	if !ok {
		return d, 0, i, nil
	}
	base, after, based := p.base(k, s)
	switch {
	case p.word(k, "ago"):
		return d, 0, i, errorf(Past, p.text(i, k+1), "%s is in the past. When is it?", quote(p.text(i, k+1)))
	case in && based && !(p.word(k, "from") && p.word(k+1, "now")):
		return d, 0, i, p.misplaced(k)
	case !in && !based:
		return d, 0, i, nil
	case !based:
		after = k
	}
	words := p.text(i, after)
	if err := s.ahead(words); err != nil {
		return d, 0, i, err
	}
	switch {
	case s.days > 0:
		base.plus += s.days
		return base, 0, after, nil
	case based && !p.word(k+1, "now"):
		return d, 0, i, errorf(Unknown, words, "I could not read %s. Please give the day and the time.", quote(words))
	}
	return d, s.minutes, after, nil
}

// ahead refuses a length that nobody can be told to wait for.
func (s length) ahead(words string) *Error {
	switch {
	case s.broken:
		return errorf(Unknown, words, "%s is not a whole number of minutes.", quote(words))
	case s.days > 0 && s.minutes > 0:
		return errorf(Unknown, words, "%s mixes days with hours. Please give the day and the time.", quote(words))
	case s.days > 400 || s.minutes > 400*24*60:
		return errorf(Far, words, "%s is more than 400 days away. I can plan 400 days ahead.", quote(words))
	case s.days == 0 && s.minutes == 0:
		return errorf(Unknown, words, "%s is now. Please give a later time.", quote(words))
	}
	return nil
}

// base reads what a count of days starts from, after "a week", "3 days".
func (p *parser) base(k int, s length) (day, int, bool) {
	start := day{shape: shapeOffset}
	wholeWeeks := s.days > 0 && s.days%7 == 0 && s.minutes == 0
	j := k
	switch {
	case p.word(k, "from", "after"), p.word(k, "on") && wholeWeeks:
		j++
	case wholeWeeks && p.word(k, "today", "tomorrow"):
	default:
		return start, k, false
	}
	switch {
	case p.word(j, "now", "today"):
		return start, j + 1, true
	case p.word(j, "tomorrow", "tmrw", "tmr"):
		start.offset, start.asleep = 1, true
		return start, j + 1, true
	}
	start = day{shape: shapeWeekday, named: true}
	if p.word(j, "next") {
		start.which = nextOne
		j++
	}
	var ok bool
	start.weekday, ok = weekdayWord(p.tok(j).text)
	return start, j + 1, ok
}

// hourByCompany says whether the lone number at i must be an hour because of its neighbours: "tomorrow 9",
// "9 in the morning", "8 tonight", "9 thursday morning".
func (p *parser) hourByCompany(i int) bool {
	if n, ok := p.partOfDay(i + 1); ok && n > i+1 || p.word(i+1, "at") && p.word(i+2, "night") {
		return true
	}
	if d, n := p.relativeDay(i + 1); n > i+1 && d.offset >= 0 {
		return true
	}
	if _, ok := weekdayWord(p.tok(i + 1).text); ok && partWord(p.tok(i+2).text) != noPart {
		return true
	}
	last := p.last()
	return last != nil && (last.kind == atomPart || last.kind == atomDay && last.day.shape == shapeOffset)
}

// lateMark reads a mark that stands after a date which stands after its time: "1:00 pm on 8 december MST".
func (p *parser) lateMark(i int, near around) (int, *Error) {
	last := p.last()
	if near.little || last == nil || last.kind != atomDay || len(p.atoms) < 2 {
		return i, nil
	}
	timed := &p.atoms[len(p.atoms)-2]
	if timed.kind != atomClock || timed.clock.mark != nil {
		return i, nil
	}
	m, n, err := p.mark(i, false)
	if m != nil {
		timed.clock.mark = m
	}
	return n, err
}

// bareNumber reads a number that is a day of the month because of where it stands.
func (p *parser) bareNumber(i int, near around) (int, *Error) {
	t, last := p.tok(i), p.last()
	free := last == nil || last.kind == atomSep || last.kind == atomDay && last.day.shape == shapeWeekday
	sure := t.ordinal || near.the
	if !(sure || free) || !p.dayOfMonth(i) {
		return i, nil
	}
	d := day{shape: shapeNumber, dom: t.n, ordinal: sure}
	var next int
	d.year, next = p.year(i + 1)
	p.add(atom{kind: atomDay, day: d, from: i, to: next})
	return next, nil
}

// misplaced refuses the token at i.
func (p *parser) misplaced(i int) *Error {
	if i >= len(p.toks) {
		i = len(p.toks) - 1
	}
	t := p.tok(i)
	written := p.text(i, i+1)
	switch {
	case vague(t.text) != "":
		return errorf(Vague, written, "I read %s. %s", quote(written), vague(t.text))
	case t.kind == tokenNumber && p.word(i+1, "-", "to", "until", "till"):
		return p.misplaced(i + 1)
	case t.kind == tokenNumber:
		return errorf(Unknown, written, "I am not sure what %s stands for. Please write an hour like 1pm or 13:00, and a day like 8 dec.", quote(written))
	case foreign(t.text):
		return p.r.foreignZone(written)
	}
	return errorf(Unknown, written, "I could not place %s there.", quote(written))
}
