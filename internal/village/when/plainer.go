package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// plainer writes words that the grammar does not have in those it has, where they can mean nothing else: marks around
// the words, a chat's own time stamps, short forms, dates without signs between their numbers. It is asked only about
// words that could not be read as they are.
func (r *reader) plainer(words string) string {
	words = stamps(unwrapped(words))
	l := lineOf(words)
	var edits []edit
	for i := 0; i < len(l.toks); {
		text, next := r.plainerAt(l, i)
		if next == i {
			i++
			continue
		}
		edits = append(edits, edit{l.tok(i).from, l.tok(next - 1).to, text})
		i = next
	}
	return applied(words, edits)
}

// edit puts other text in the place of some bytes.
type edit struct {
	from, to int
	text     string
}

func applied(words string, edits []edit) string {
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.WriteString(words[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.WriteString(words[at:])
	return out.String()
}

// unwrapped takes off what stands around the words or is another way to write a sign: quotes, the marks of bold and
// code, pictures before and behind, digits as wide as an ideograph.
func unwrapped(words string) string {
	words = strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case strings.ContainsRune("“”„«»\"`*_　", r):
			return ' '
		case r == '\uFE0F':
			return -1
		}
		return r
	}, words)
	words = strings.TrimFunc(words, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || picture(r) || strings.ContainsRune("'‘’•·", r)
	})
	return strings.TrimLeft(words, "> ")
}

// picture says whether a sign is a picture that says nothing about a time. Clocks, moons and crosses might.
func picture(r rune) bool {
	switch {
	case r >= 0x1F550 && r <= 0x1F567, r >= 0x1F311 && r <= 0x1F31E, strings.ContainsRune("❌✖🚫❎➖⏰⏱⏲🕰☀☾", r):
		return false
	}
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF
}

// stamps writes a chat's time stamp, such as <t:1797364800:F>, as the instant it stands for.
func stamps(words string) string {
	for from := 0; ; {
		at := strings.Index(words[from:], "<t:")
		if at < 0 {
			return words
		}
		at += from
		length := strings.IndexByte(words[at:], '>')
		if length < 0 {
			return words
		}
		inner := words[at+len("<t:") : at+length]
		digits, style, styled := strings.Cut(inner, ":")
		seconds, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || seconds < 0 || len(digits) > 11 || styled && (len(style) != 1 || !strings.Contains("tTdDfFsSR", style)) {
			from = at + length
			continue
		}
		text := time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05Z")
		words = words[:at] + text + words[at+length+1:]
		from = at + len(text)
	}
}

// plainerAt gives other words for those at i, and the token after them: i when they stay.
func (r *reader) plainerAt(l line, i int) (string, int) {
	for _, form := range append([]func(line, int) (string, int){shortForm, polite, r.feastDay, runTogetherDate, dottedDate, namedMonth, shortYear, yearWeek, numbered, ordinalList, slashedList, r.lastOfMonth}, r.looserForms()...) {
		if text, next := form(l, i); next > i {
			return text, next
		}
	}
	return "", i
}

// shortForms are words as people write them on phones, with a 2 before them those that begin with it.
func shortForms() []struct {
	plain  string
	words  []string
	behind bool // a 2
} {
	return []struct {
		plain  string
		words  []string
		behind bool
	}{
		{"tomorrow", []string{"tom", "tmw", "tmrow", "tmoro", "tmro", "tomo", "tomoro", "tomoz", "toms", "tmmrw", "tomrw"}, false},
		{"tomorrow", []string{"moro", "morrow", "mrw", "morro"}, true},
		{"tonight", []string{"nite", "night"}, true},
		{"today", []string{"day"}, true},
		{"tonight", []string{"tonite", "tonit", "tnite", "tn"}, false},
		{"night", []string{"nite"}, false},
		{"midnight", []string{"midnite"}, false},
		{"morning", []string{"morn", "mornin"}, false},
		{"afternoon", []string{"aft", "arvo", "afternoon's"}, false},
		{"the day after tomorrow", []string{"overmorrow"}, false},
	}
}

// shortForm is how people write on phones.
func shortForm(l line, i int) (string, int) {
	word := i
	if l.tok(i).is2() && l.tok(i+1).glued {
		word++
	}
	for _, f := range shortForms() {
		if f.behind == (word > i) && l.word(word, f.words...) {
			return f.plain, word + 1
		}
	}
	switch {
	case l.word(i, "o") && l.word(i+1, "clock"):
		return "o'clock", i + 2
	case l.word(i, "week") && l.word(i+1, "from") && !l.number(i-1) && !l.word(i-1, "a", "one", "weekday", "next", "this"):
		return "a week from", i + 2
	}
	return "", i
}

// is2 is the digit that stands for "to" in short forms.
func (t token) is2() bool { return t.kind == tokenNumber && t.text == "2" }

// polite are words that say nothing about a time.
func polite(l line, i int) (string, int) {
	before := l.tok(i - 1)
	afterClock := before.kind == tokenNumber || l.word(i-1, "am", "pm", "a", "p", "noon", "o'clock", "oclock")
	switch {
	case l.word(i, "please", "pls", "plz", "thanks", "thx", "ty"), l.word(i, "exactly", "precisely") && (afterClock || l.word(i-1, "at") || l.number(i+1)):
		return "", i + 1
	case l.word(i, "thank") && l.word(i+1, "you", "u"):
		return "", i + 2
	case afterClock && l.word(i, "sharp", "prompt", "promptly"):
		return "", i + 1
	case afterClock && l.word(i, "on") && l.word(i+1, "the") && l.word(i+2, "dot"):
		return "", i + 3
	}
	return "", i
}

// runTogetherDate reads 20261208, and the T and the clock that may stand right behind it.
func runTogetherDate(l line, i int) (string, int) {
	t := l.tok(i)
	if t.kind != tokenNumber || t.width != 8 || t.ordinal || t.n < 20000000 || t.n >= 21000000 {
		return "", i
	}
	if _, ok := date(t.n/10000, time.Month(t.n/100%100), t.n%100); !ok || t.n/100%100 > 12 {
		return "", i
	}
	text := fmt.Sprintf("%s-%s-%s", t.text[:4], t.text[4:6], t.text[6:])
	clock := l.tok(i + 2)
	if !l.glued(i+1, "t") || !clock.glued || !clock.figures(4) && !clock.figures(6) {
		return text, i + 1
	}
	text += "T" + clock.text[:2] + ":" + clock.text[2:4]
	if clock.width == 6 {
		text += ":" + clock.text[4:]
	}
	return text, i + 3
}

// dottedDate reads 2026.12.08, which is the year, the month and the day wherever it is written, and "15.12." with its
// second point, which is no time of day.
func dottedDate(l line, i int) (string, int) {
	a, b, c := l.tok(i), l.tok(i+2), l.tok(i+4)
	if !l.signed(i+1, ".") || !l.glued(i+3, ".") || !b.short() || l.tok(i-1).is(".") && a.glued {
		return "", i
	}
	yearFirst := a.figures(4) && a.within(2000, 2099) && c.short() && c.glued
	dayFirst := a.short() && a.within(1, 31) && b.within(1, 12) && i+4 < len(l.toks) && !c.glued
	switch {
	case yearFirst:
		return fmt.Sprintf("%d-%02d-%02d", a.n, b.n, c.n), i + 5
	case dayFirst:
		return fmt.Sprintf("%d/%d", a.n, b.n), i + 4
	}
	return "", i
}

// within says whether the number is one of a row.
func (t token) within(least, most int) bool { return t.n >= least && t.n <= most }

// namedMonth reads 8/Dec/2026 and Dec/8/2026.
func namedMonth(l line, i int) (string, int) {
	if !l.signed(i+1, "/", ".") || !l.signed(i+3, l.tok(i+1).text) || !l.tok(i+4).figures(4) {
		return "", i
	}
	for _, at := range [][2]int{{i, i + 2}, {i + 2, i}} {
		if m, ok := monthWord(l.tok(at[1]).text); ok && l.tok(at[0]).short() {
			return fmt.Sprintf("%d %s %d", l.tok(at[0]).n, m, l.tok(i+4).n), i + 5
		}
	}
	return "", i
}

// shortYear reads the '26 behind a date.
func shortYear(l line, i int) (string, int) {
	t := l.tok(i + 1)
	if !l.word(i, "'", "’", "‘") || !t.glued || !t.figures(2) {
		return "", i
	}
	return "20" + t.text, i + 2
}

// yearWeek reads 2026-W50-2: the year, its week, and the day of the week from Monday on.
func yearWeek(l line, i int) (string, int) {
	year := l.tok(i)
	week, d := l.tok(i+3), l.tok(i+5)
	if !year.figures(4) || !l.glued(i+1, "-") || !l.glued(i+2, "w") || !week.figures(2) || !l.glued(i+4, "-") || !d.figures(1) || d.n < 1 || d.n > 7 {
		return "", i
	}
	return dayOfWeek(year.n, week.n, d.n).Format("2006-01-02"), i + 6
}

// dayOfWeek is a day, from Monday 1 on, of a numbered week of a year, as ISO 8601 counts them.
func dayOfWeek(year, week, d int) wall {
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in the first week
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	return monday.AddDate(0, 0, 7*(week-1)+d-1)
}

// numbered reads the 1) and 2) of a list whose numbers go up one by one.
func numbered(l line, i int) (string, int) {
	if l.tok(i+1).text != ")" || !l.tok(i+1).glued || !l.number(i) {
		return "", i
	}
	n := 0
	for j := range l.toks {
		if l.number(j) && l.tok(j+1).is(")") && l.tok(j+1).glued {
			if n++; l.tok(j).n != n || (n == 1) != (j == 0) {
				return "", i
			}
		}
	}
	switch {
	case n < 2:
		return "", i
	case i == 0 || l.word(i-1, ";", ","):
		return "", i + 2
	}
	return ";", i + 2
}

// ordinalList puts commas into "1st 4th 8th dec".
func ordinalList(l line, i int) (string, int) {
	next := i
	var list []string
	for l.number(next) && l.tok(next).ordinal {
		list = append(list, l.text(next, next+1))
		next++
	}
	month := next
	if l.word(month, "of") {
		month++
	}
	if _, ok := monthWord(l.tok(month).text); !ok || len(list) < 2 {
		return "", i
	}
	return strings.Join(list, ", "), next
}

// slashedList puts commas into "dec 1/4/8/11".
func slashedList(l line, i int) (string, int) {
	if _, ok := monthWord(l.tok(i - 1).text); !ok {
		return "", i
	}
	next := i
	var list []string
	for l.tok(next).short() {
		list = append(list, l.text(next, next+1))
		if !l.signed(next+1, "/") {
			next++
			break
		}
		next += 2
	}
	if len(list) < 3 {
		return "", i
	}
	return strings.Join(list, ", "), next
}

// lastOfMonth reads "the last day of december": the next one.
func (r *reader) lastOfMonth(l line, i int) (string, int) {
	if !l.word(i, "last") || !l.word(i+1, "day") || !l.word(i+2, "of", "in") {
		return "", i
	}
	j := i + 3
	for l.word(j, "the", "this") {
		j++
	}
	today := dateOf(wallOf(r.now, r.zone))
	m, named := monthWord(l.tok(j).text)
	switch {
	case l.word(j, "month", "year"):
		if m = today.Month(); l.word(j, "year") {
			m = time.December
		}
	case !named:
		return "", i
	}
	year, next := l.year(j + 1)
	if year == 0 {
		if year = today.Year(); lastDay(year, m).Before(today) {
			year++
		}
	}
	return lastDay(year, m).Format("2006-01-02"), max(next, j+1)
}

func lastDay(year int, m time.Month) wall { return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC) }

// feastDay writes the days of a year that have a name of their own as a date, or as the weekday of a month that they
// are. What is another day in another country is understood where the zone says which is meant.
func (r *reader) feastDay(l line, i int) (string, int) {
	if t := l.tok(i); t.kind != tokenWord || l.word(i, "day") {
		return "", i
	}
	for _, f := range feasts() {
		next := i
		for _, w := range strings.Fields(f.name) {
			if !l.word(next, w) && !l.word(next, strings.Replace(w, "'", "", 1)) {
				next = -1
				break
			}
			next++
		}
		if next < 0 {
			continue
		}
		if f.day && l.word(next, "day") {
			next++
		}
		if f.country != "" && !slices.Contains(strings.Split(f.country, ","), countryOf(r.zone)) {
			continue
		}
		return f.words, next
	}
	return "", i
}

// feast is a day with a name: what it is, whether "day" may follow, and the countries it is that in, if not all.
type feast struct {
	name    string
	day     bool
	words   string
	country string
}

const america = "United States"

func feasts() []feast {
	return []feast{
		{"boxing day", false, "december 26", ""},
		{"new year's eve", false, "december 31", ""},
		{"new year's day", false, "january 1", ""},
		{"new year's", false, "january 1", ""},
		{"nye", false, "december 31", ""},
		{"halloween", false, "october 31", ""},
		{"valentine's", true, "february 14", ""},
		{"valentines", true, "february 14", ""},
		{"st patrick's", true, "march 17", ""},
		{"juneteenth", true, "june 19", ""},
		{"veterans", true, "november 11", america},
		{"independence day", false, "july 4", america},
		{"thanksgiving", true, "fourth thursday of november", america},
		{"thanksgiving", true, "second monday of october", "Canada"},
		{"labor day", false, "first monday of september", america + ",Canada"},
		{"memorial day", false, "last monday of may", america},
		{"mlk day", false, "third monday of january", america},
		{"martin luther king day", false, "third monday of january", america},
		{"presidents day", false, "third monday of february", america},
		{"presidents' day", false, "third monday of february", america},
		{"mother's day", false, "second sunday of may", america + ",Canada,Australia"},
		{"mothers day", false, "second sunday of may", america + ",Canada,Australia"},
		{"father's day", false, "third sunday of june", america + ",Canada"},
		{"fathers day", false, "third sunday of june", america + ",Canada"},
	}
}

// countryOf is the country of a zone as the list of zones has it, or "".
func countryOf(zone *time.Location) string {
	for name, place := range zones() {
		if name == zone.String() && !strings.HasPrefix(place, "=") {
			return place
		}
	}
	return ""
}
