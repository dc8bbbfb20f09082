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
		if a.kind == atomSep {
			list = append(list, slot{sep: a.sep})
			continue
		}
		words := p.text(a.from, a.to)
		s := &list[len(list)-1]
		if err := s.put(&atoms[i], words); err != nil {
			return nil, err
		}
		s.words = joinWords(s.words, words)
	}
	return list, nil
}

// put takes an atom into a slot.
func (s *slot) put(a *atom, words string) *Error {
	if s.ahead > 0 || a.kind == atomAhead && (s.day != nil || s.clock != nil || s.part != noPart) {
		return errorf(Unknown, words, "A time counted from now needs no other words: I could not place %s.", quote(words))
	}
	switch a.kind {
	case atomDay:
		return s.putDay(a.day, words)
	case atomClock:
		if s.clock != nil {
			return errorf(Unknown, words, "%s and %s are two times. Put “and” between them if you mean both.", quote(s.clock.words), quote(words))
		}
		s.clock = &a.clock
	case atomPart:
		if s.part != noPart && s.part != a.part {
			return errorf(Impossible, words, "Is it in the %s or in the %s?", s.part, a.part)
		}
		s.part = a.part
	case atomAhead:
		s.ahead = a.ahead
	}
	return nil
}

func (s *slot) putDay(d day, words string) *Error {
	if s.day != nil {
		both, ok := mergeDays(*s.day, d)
		if !ok {
			return errorf(Unknown, words, "%s and %s are two days. Put “and” or a comma between them if you mean both.", quote(s.day.words), quote(words))
		}
		d = both
	}
	s.day, s.dayLast = &d, s.clock != nil
	return nil
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

// bareDay says whether the slot's day is a weekday that nothing else says more about.
func (s slot) bareDay() bool {
	return s.day != nil && s.day.shape == shapeWeekday && s.day.plus == 0 && s.day.week == whichever
}

// dated says whether the slot's day is a date without a weekday.
func (s slot) dated() bool {
	return s.day != nil && slices.Contains([]shape{shapeDate, shapeOrder, shapeNumber}, s.day.shape) && !s.day.named
}

// joins says whether the comma before the slot may stand between a weekday and its date.
func (s slot) joins(before slot) bool {
	return s.sep == comma && (before.bareDay() && s.dated() || before.dated() && s.bareDay())
}

// joinCommas makes one slot of "tuesday, 8 december", where the comma lists nothing.
func joinCommas(slots []slot) ([]slot, *Error) {
	weekdays := 0
	var out []slot
	for _, s := range slots {
		if s.bareDay() {
			weekdays++
		}
	}
	for i, s := range slots {
		if i == 0 || !s.joins(out[len(out)-1]) {
			out = append(out, s)
			continue
		}
		before := &out[len(out)-1]
		loneNumber := s.day.shape == shapeNumber && !s.day.ordinal
		if s.bareDay() || weekdays > 1 || loneNumber || before.clock != nil || before.part != noPart {
			return nil, errorf(Unknown, s.day.words, "Are %s and %s one day or two? Put “and” between them if they are two.", quote(before.day.words), quote(s.day.words))
		}
		d, _ := mergeDays(*before.day, *s.day)
		s.day, s.sep, s.words = &d, before.sep, joinWords(before.words, s.words)
		*before = s
	}
	return out, nil
}

// months is how the numbers of a list come to their months.
type months struct {
	waiting []*day // the numbers since the last written month
	last    *day   // that month
	groups  int
	other   bool // some day has a month of its own kind
}

// shareMonths gives the numbers of a list the month that stands before or after them.
func shareMonths(slots []slot) *Error {
	var m months
	for i, s := range slots {
		d := s.day
		switch {
		case d == nil:
		case d.shape == shapeNumber:
			if behindClock := i > 0 && slots[i-1].clock != nil && !slots[i-1].dayLast; behindClock && !d.ordinal && s.clock == nil {
				return errorf(Unknown, d.words, "Is %s a day or an hour? Please write the month with a day, and am or pm with an hour.", quote(d.words))
			}
			m.number(d, s.clock != nil)
		case d.shape == shapeDate && !d.iso:
			if err := m.written(d); err != nil {
				return err
			}
		default:
			m.other = m.other || d.hasMonth()
		}
	}
	if err := m.rest(); err != nil {
		return err
	}
	return shareYears(slots)
}

// hasMonth says whether the day is in a month that its own words name.
func (d *day) hasMonth() bool {
	return d.shape == shapeDate || d.shape == shapeOrder || d.shape == shapeNth
}

// number takes a number that waits for its month.
func (m *months) number(d *day, timed bool) {
	before := m.last
	if n := len(m.waiting); n > 0 {
		before = m.waiting[n-1]
	}
	m.waiting = append(m.waiting, d)
	switch {
	case m.last != nil:
		d.drops = before.drops
		if d.dom < before.dom {
			d.drops++
		}
	case d.named && timed && !d.ordinal: // "tue 8 1pm"
		d.ordinal = true
	}
}

// written takes a day with its month, which the numbers before it may share.
func (m *months) written(d *day) *Error {
	if err := unclearMonth(m.waiting, m.last, d); err != nil {
		return err
	}
	m.groups++
	for _, w := range m.waiting {
		w.shape, w.month, w.group = shapeDate, d.month, m.groups
		if m.last != nil { // "dec 29, 31 and jan 2"
			w.month, w.group = m.last.month, m.last.group
		}
	}
	d.group = m.groups
	m.waiting, m.last = nil, d
	return nil
}

// rest gives the numbers at the end the month before them.
func (m *months) rest() *Error {
	for _, w := range m.waiting {
		switch {
		case m.last != nil:
			w.shape, w.month, w.group = shapeDate, m.last.month, m.last.group
		case !w.ordinal || m.other || w.year > 0:
			return errorf(Missing, w.words, "Which month is %s in? Please write it, such as %d dec.", quote(w.words), w.dom)
		}
	}
	return nil
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
	only, clocks := ownParts(slots)
	if clocks == 0 {
		return nil
	}
	lone, err := shareLone(slots, only, clocks)
	if err != nil {
		return err
	}
	for _, s := range slots {
		switch {
		case s.part != noPart || s.day == nil:
		case s.clock == nil && lone: // "tue morning and thu at 9": is that the morning of both?
			return errorf(Missing, s.words, "Is it in the %s on %s too? Please write each day with its own time.", only.part, quote(s.words))
		case s.clock != nil && only.part != noPart && clocks == 1:
			return errorf(Missing, s.words, "Is %s in the %s too? Please write each day with its own time.", quote(s.words), only.part)
		}
	}
	return nil
}

// shareLone gives a part of the day that stands without a clock to the only one there is, and says whether there was such a part.
func shareLone(slots []slot, only *clock, clocks int) (lone bool, err *Error) {
	for _, s := range slots {
		if s.part == noPart || s.clock != nil {
			continue
		}
		lone = true
		if clocks > 1 || only.part != noPart && only.part != s.part {
			return lone, errorf(Missing, s.words, "Which hour goes with %s? Please write each day with its own time.", quote(s.words))
		}
		only.part = s.part
	}
	return lone, nil
}

// ownParts gives every clock the part of the day that stands with it, and gives the last clock and how many there are.
func ownParts(slots []slot) (only *clock, clocks int) {
	for _, s := range slots {
		if s.clock != nil {
			clocks++
			only = s.clock
			s.clock.part = s.part
		}
	}
	return only, clocks
}

// element is a day or a clock, as they stand in a row.
type element struct {
	isDay bool
	index int
	sep   strength
	words string
}

// lineUp puts days and clocks in a row, and says whether every slot with a day has its clock.
func (g *group) lineUp(slots []slot) (row []element, whole bool) {
	whole = true
	for _, s := range slots {
		sep := s.sep
		if s.ahead > 0 {
			g.ahead = append(g.ahead, s.ahead)
		}
		whole = whole && (s.day != nil) == (s.clock != nil)
		add := func(isDay bool) {
			if isDay && s.day != nil {
				row = append(row, element{true, len(g.days), sep, s.day.words})
				d := *s.day
				d.part = s.part
				g.days = append(g.days, d)
				sep = none
			}
			if !isDay && s.clock != nil {
				row = append(row, element{false, len(g.clocks), sep, s.clock.words})
				g.clocks = append(g.clocks, *s.clock)
				sep = none
			}
		}
		add(!s.dayLast)
		add(s.dayLast)
	}
	return row, whole
}

// pairUp decides which clock goes with which day, or asks.
func (g *group) pairUp(slots []slot) *Error {
	row, whole := g.lineUp(slots)
	days, clocks := len(g.days), len(g.clocks)
	switch {
	case clocks == 0 && days == 0 && len(g.ahead) == 0:
		return errorf(Missing, g.words, "Which day, and what hour?")
	case clocks == 0:
		g.join(days, func(i int) pair { return pair{i, -1} })
	case days == 0:
		g.join(clocks, func(i int) pair { return pair{-1, i} })
	case whole:
		g.join(days, func(i int) pair { return pair{i, i} })
	case clocks == 1:
		if err := oneClockFor(row); err != nil {
			return err
		}
		g.join(days, func(i int) pair { return pair{i, 0} })
	case days == 1:
		g.join(clocks, func(i int) pair { return pair{0, i} })
	default:
		return g.alternate(row)
	}
	return nil
}

func (g *group) join(n int, as func(i int) pair) {
	for i := range n {
		g.pairs = append(g.pairs, as(i))
	}
}

// oneClockFor refuses a single clock that does not stand clearly before or after all days.
func oneClockFor(row []element) *Error {
	last := len(row) - 1
	at := slices.IndexFunc(row, func(e element) bool { return !e.isDay })
	clear := row[at].sep != and && (at == last || at == 0 && row[1].sep != and)
	switch {
	case clear:
		return nil
	case row[last].isDay:
		return errorf(Missing, row[last].words, "What time on %s? Please write a time with it, or put one time after all the days.", quote(row[last].words))
	}
	return errorf(Unknown, row[at].words, "Which days does %s go with? Please write each day with its time.", quote(row[at].words))
}

// alternate pairs days and clocks that take turns, each pair closer together than it is to the next.
func (g *group) alternate(row []element) *Error {
	for at, e := range row {
		inside := at%2 == 1
		turns := len(g.days) == len(g.clocks) && e.isDay == (row[0].isDay != inside)
		close := inside && e.sep != and || !inside && (at == 0 || e.sep != none && e.sep >= row[at-1].sep)
		if !turns || !close {
			return errorf(Missing, e.words, "Which day goes with which time? Please write every day with its own time.")
		}
	}
	for at := 0; at < len(row); at += 2 {
		d, c := row[at], row[at+1]
		if !d.isDay {
			d, c = c, d
		}
		g.pairs = append(g.pairs, pair{d.index, c.index})
	}
	return nil
}
