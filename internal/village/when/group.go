package when

import "slices"

// group is what stands between semicolons, put together: which day goes with which clock.
type group struct {
	days   []day
	clocks []clock
	ahead  []int // minutes from now
	pairs  []pair
	words  string
}

// pair joins a day with a clock by their index; -1 stands for one that was not written.
type pair struct{ day, clock int }

// slot is what stands between two separators.
type slot struct {
	sep     strength // before it
	day     *day
	clock   *clock
	part    part
	ahead   int
	dayLast bool
	words   string
}

// groups puts the atoms together.
func (p *parser) groups() ([]group, *Error) {
	var list []group
	for from := 0; from < len(p.atoms); {
		to := from
		for to < len(p.atoms) && p.atoms[to].sep != semicolon {
			to++
		}
		g, err := p.group(p.atoms[from:to])
		if err != nil {
			return nil, err
		}
		list = append(list, g)
		from = to + 1
	}
	return list, nil
}

func (p *parser) group(atoms []atom) (group, *Error) {
	g := group{words: p.text(atoms[0].from, atoms[len(atoms)-1].to)}
	slots, err := p.slots(atoms)
	if err != nil {
		return g, err
	}
	if slots, err = joinCommas(slots); err != nil {
		return g, err
	}
	if err = shareMonths(slots); err != nil {
		return g, err
	}
	if err = g.shareParts(slots); err != nil {
		return g, err
	}
	return g, g.pairUp(slots)
}

// slots cuts at the separators, and puts the pieces of one day together.
func (p *parser) slots(atoms []atom) ([]slot, *Error) {
	list := []slot{{}}
	for i, a := range atoms {
		s := &list[len(list)-1]
		words := p.text(a.from, a.to)
		if a.kind != atomSep && s.ahead > 0 || a.kind == atomAhead && (s.day != nil || s.clock != nil || s.part != noPart) {
			return nil, errorf(Unknown, words, "A time counted from now needs no other words: I could not place %s.", quote(words))
		}
		switch a.kind {
		case atomSep:
			list = append(list, slot{sep: a.sep})
			continue
		case atomDay:
			d := a.day
			if s.day != nil {
				both, ok := mergeDays(*s.day, d)
				if !ok {
					return nil, errorf(Unknown, words, "%s and %s are two days. Put “and” or a comma between them if you mean both.", quote(s.day.words), quote(words))
				}
				d = both
			}
			s.day, s.dayLast = &d, s.clock != nil
		case atomClock:
			if s.clock != nil {
				return nil, errorf(Unknown, words, "%s and %s are two times. Put “and” between them if you mean both.", quote(s.clock.words), quote(words))
			}
			s.clock = &atoms[i].clock
		case atomPart:
			if s.part != noPart && s.part != a.part {
				return nil, errorf(Impossible, words, "Is it in the %s or in the %s?", s.part, a.part)
			}
			s.part = a.part
		case atomAhead:
			s.ahead = a.ahead
		}
		s.words = joinWords(s.words, words)
	}
	return list, nil
}

func joinWords(a, b string) string {
	if a == "" || a == b {
		return b
	}
	return a + " " + b
}

// mergeDays makes one day of a weekday and a date that stand together, in either order.
func mergeDays(a, b day) (day, bool) {
	if b.shape == shapeWeekday {
		a, b = b, a
	}
	if a.shape != shapeWeekday || b.shape == shapeWeekday || b.shape == shapeNth || a.plus > 0 || b.plus > 0 || b.named || a.week != whichever {
		return day{}, false
	}
	b.named, b.weekday, b.which = true, a.weekday, a.which
	b.words = joinWords(a.words, b.words)
	return b, true
}

// joinCommas makes one slot of "tuesday, 8 december", where the comma lists nothing.
func joinCommas(slots []slot) ([]slot, *Error) {
	bare := func(s slot) bool {
		return s.day != nil && s.day.shape == shapeWeekday && s.day.plus == 0 && s.day.week == whichever
	}
	dated := func(s slot) bool {
		return s.day != nil && (s.day.shape == shapeDate || s.day.shape == shapeOrder || s.day.shape == shapeNumber) && !s.day.named
	}
	weekdays := 0
	for _, s := range slots {
		if bare(s) {
			weekdays++
		}
	}
	var out []slot
	for i, s := range slots {
		if i == 0 || s.sep != comma {
			out = append(out, s)
			continue
		}
		before := &out[len(out)-1]
		if !(bare(*before) && dated(s)) && !(dated(*before) && bare(s)) {
			out = append(out, s)
			continue
		}
		loneNumber := s.day.shape == shapeNumber && !s.day.ordinal
		if bare(s) || weekdays > 1 || loneNumber || before.clock != nil || before.part != noPart {
			return nil, errorf(Unknown, s.day.words, "Are %s and %s one day or two? Put “and” between them if they are two.", quote(before.day.words), quote(s.day.words))
		}
		d, _ := mergeDays(*before.day, *s.day)
		s.day, s.sep, s.words = &d, before.sep, joinWords(before.words, s.words)
		*before = s
	}
	return out, nil
}

// shareMonths gives the numbers of a list the month that stands before or after them.
func shareMonths(slots []slot) *Error {
	var waiting []*day
	var month *day // the last written month
	groups, other := 0, false
	for i, s := range slots {
		d := s.day
		switch {
		case d == nil:
		case d.shape == shapeNumber && !d.ordinal && s.clock == nil && i > 0 && slots[i-1].clock != nil && !slots[i-1].dayLast:
			return errorf(Unknown, d.words, "Is %s a day or an hour? Please write the month with a day, and am or pm with an hour.", quote(d.words))
		case d.shape == shapeNumber && month != nil:
			waiting = append(waiting, d)
		case d.shape == shapeNumber:
			waiting = append(waiting, d)
			if d.named && s.clock != nil && !d.ordinal { // "tue 8 1pm"
				d.ordinal = true
			}
		case d.shape == shapeDate && !d.iso:
			if err := unclearMonth(waiting, month, d); err != nil {
				return err
			}
			groups++
			for _, w := range waiting {
				w.shape, w.month, w.group = shapeDate, d.month, groups
				if month != nil { // "dec 29, 31 and jan 2"
					w.month, w.group = month.month, month.group
				}
			}
			d.group = groups
			waiting, month = nil, d
		case d.shape == shapeDate || d.shape == shapeOrder || d.shape == shapeNth:
			other = true
		}
		if month != nil && d != nil && d.shape == shapeNumber {
			last := month.dom
			if n := len(waiting); n > 1 {
				last = waiting[n-2].dom
			}
			d.drops = month.drops
			if n := len(waiting); n > 1 {
				d.drops = waiting[n-2].drops
			}
			if d.dom < last {
				d.drops++
			}
		}
	}
	for _, w := range waiting {
		switch {
		case month != nil:
			w.shape, w.month, w.group = shapeDate, month.month, month.group
		case !w.ordinal || other || w.year > 0:
			return errorf(Missing, w.words, "Which month is %s in? Please write it, such as %d dec.", quote(w.words), w.dom)
		}
	}
	return shareYears(slots)
}

// unclearMonth refuses numbers that could belong to the month before them or to the one after.
func unclearMonth(waiting []*day, before, after *day) *Error {
	if len(waiting) == 0 {
		return nil
	}
	first := waiting[0]
	falls := false
	for i, w := range waiting {
		next := after.dom
		if i+1 < len(waiting) {
			next = waiting[i+1].dom
		}
		falls = falls || w.dom > next
	}
	clear := before == nil && !after.monthFirst && !falls || before != nil && after.monthFirst
	if !clear {
		return errorf(Ambiguous, first.words, "Which month is %s in? Please write the month with every date.", quote(first.words))
	}
	return nil
}

// shareYears gives a year that stands at the end of a list of days of one month to all of them.
func shareYears(slots []slot) *Error {
	years := map[int]int{}
	for _, s := range slots {
		if d := s.day; d != nil && d.group > 0 && d.year > 0 {
			if y := years[d.group]; y > 0 && y != d.year {
				return errorf(Unknown, d.words, "I read two years for one month. Please write every date in full.")
			}
			years[d.group] = d.year
		}
	}
	for _, s := range slots {
		if d := s.day; d != nil && d.group > 0 {
			d.year = years[d.group]
		}
	}
	return nil
}

// shareParts gives "morning" and the like to the clocks they belong to.
func (g *group) shareParts(slots []slot) *Error {
	clocks := 0
	var only *clock
	for _, s := range slots {
		if s.clock != nil {
			clocks++
			only = s.clock
			s.clock.part = s.part
		}
	}
	if clocks == 0 {
		return nil
	}
	for _, s := range slots {
		if s.part == noPart || s.clock != nil {
			continue
		}
		if clocks > 1 || only.part != noPart && only.part != s.part {
			return errorf(Missing, s.words, "Which hour goes with %s? Please write each day with its own time.", quote(s.words))
		}
		only.part = s.part
	}
	for _, s := range slots { // "tue morning and thu at 9": is that the morning of both?
		if s.part == noPart && s.clock == nil && s.day != nil && slices.ContainsFunc(slots, func(o slot) bool { return o.part != noPart && o.clock == nil }) {
			return errorf(Missing, s.words, "Is it in the %s on %s too? Please write each day with its own time.", only.part, quote(s.words))
		}
		if s.part == noPart && s.clock != nil && s.day != nil && only.part != noPart && clocks == 1 {
			return errorf(Missing, s.words, "Is %s in the %s too? Please write each day with its own time.", quote(s.words), only.part)
		}
	}
	return nil
}

// pairUp decides which clock goes with which day, or asks.
func (g *group) pairUp(slots []slot) *Error {
	type element struct {
		isDay bool
		index int
		sep   strength
		words string
	}
	var line []element
	whole := true // every slot with a day has its clock
	for _, s := range slots {
		sep := s.sep
		if s.ahead > 0 {
			g.ahead = append(g.ahead, s.ahead)
		}
		whole = whole && (s.day != nil) == (s.clock != nil)
		add := func(isDay bool) {
			if isDay && s.day != nil {
				line = append(line, element{true, len(g.days), sep, s.day.words})
				d := *s.day
				d.part = s.part
				g.days = append(g.days, d)
				sep = none
			}
			if !isDay && s.clock != nil {
				line = append(line, element{false, len(g.clocks), sep, s.clock.words})
				g.clocks = append(g.clocks, *s.clock)
				sep = none
			}
		}
		add(!s.dayLast)
		add(s.dayLast)
	}
	days, clocks := len(g.days), len(g.clocks)
	switch {
	case clocks == 0 && days == 0 && len(g.ahead) == 0:
		return errorf(Missing, g.words, "Which day, and what hour?")
	case clocks == 0:
		for i := range g.days {
			g.pairs = append(g.pairs, pair{i, -1})
		}
	case days == 0:
		for i := range g.clocks {
			g.pairs = append(g.pairs, pair{-1, i})
		}
	case whole:
		for i := range g.days {
			g.pairs = append(g.pairs, pair{i, i})
		}
	case clocks == 1:
		for at, e := range line {
			if !e.isDay && (at > 0 && at < len(line)-1 || e.sep == and || at == 0 && line[1].sep == and) {
				last := line[len(line)-1]
				if last.isDay {
					return errorf(Missing, last.words, "What time on %s? Please write a time with it, or put one time after all the days.", quote(last.words))
				}
				return errorf(Unknown, e.words, "Which days does %s go with? Please write each day with its time.", quote(e.words))
			}
		}
		for i := range g.days {
			g.pairs = append(g.pairs, pair{i, 0})
		}
	case days == 1:
		for i := range g.clocks {
			g.pairs = append(g.pairs, pair{0, i})
		}
	default:
		for at, e := range line {
			inside := at%2 == 1
			if days != clocks || e.isDay != (line[0].isDay != inside) || inside && e.sep == and || !inside && at > 0 && (e.sep == none || e.sep < line[at-1].sep) {
				return errorf(Missing, e.words, "Which day goes with which time? Please write every day with its own time.")
			}
		}
		for at := 0; at < len(line); at += 2 {
			d, c := line[at], line[at+1]
			if !d.isDay {
				d, c = c, d
			}
			g.pairs = append(g.pairs, pair{d.index, c.index})
		}
	}
	return nil
}
