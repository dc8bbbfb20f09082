package when

import (
	"slices"
	"strings"
	"time"
)

// elsewhere reads a time with the name of another place's clock: "3pm ET", "3 pm in New York", "15:00 GMT+1". Where
// that clock shows the same as the zone's own, the time is plain; else it is asked about, as the zone shows it. It gives
// nothing when no such name is there.
func (r *reader) elsewhere(l line, depth int) ([]time.Time, *Error) {
	if r.dayOnly {
		return nil, nil
	}
	from, to, zones := r.placeIn(l)
	if len(zones) == 0 {
		return nil, nil
	}
	rest := l.cutOut(from, to, "")
	if len(zones) == 1 && zones[0] == r.zone {
		return r.read(rest, depth-1)
	}
	question := errorf(Unknown, l.text(from, to), "%s is another clock than %s.", quote(l.text(from, to)), r.zoneWords())
	for _, zone := range zones {
		there := newReader(r.now, zone)
		there.one, there.note = r.one, r.note
		found, err := there.read(rest, depth-1)
		if own, _ := r.read(rest, 0); len(zones) == 1 && len(own) > 0 && slices.EqualFunc(own, found, time.Time.Equal) {
			return own, nil
		}
		if zone == zones[0] && err.onlyMissing() {
			return nil, err
		}
		for _, c := range there.offered(found, err) {
			question = question.offering(rephrasing{}, "", r.choice(c))
		}
	}
	switch {
	case len(question.Choices) == 0:
		return nil, r.foreignZone(l.text(from, to))
	case len(question.Choices) > mostChoices:
		question.Choices = nil
		question.also("Please write the time in %s.", r.zoneWords())
		return nil, question
	}
	return nil, question.didYouMean()
}

// onlyMissing says whether a part is missing and nothing can be offered for it.
func (e *Error) onlyMissing() bool { return e != nil && e.Code == Missing && len(e.Choices) == 0 }

// offered are the readings of words in another zone, each as a list of times.
func (r *reader) offered(found []time.Time, err *Error) [][]time.Time {
	if err == nil {
		if r.one && len(found) > 1 {
			return nil
		}
		return [][]time.Time{found}
	}
	var list [][]time.Time
	if err.Code == Several {
		return nil
	}
	for _, c := range err.Choices {
		if times, again := newReader(r.now, r.zone).read(c.Words, 0); again == nil {
			list = append(list, times)
		}
	}
	return list
}

// placeIn finds the name of a clock among the words, and the zones that it may be.
func (r *reader) placeIn(l line) (from, to int, zones []*time.Location) {
	for i := range l.toks {
		if zone, next := r.clockNamed(l, i); next > i {
			return i, next, []*time.Location{zone}
		}
		if t := l.tok(i); t.kind == tokenAside {
			if zones = r.calledAside(strings.Trim(t.text, "()")); len(zones) > 0 {
				return i, i + 1, zones
			}
		}
		if from, to, zones = r.namedPlace(l, i); len(zones) > 0 {
			return from, to, zones
		}
	}
	return 0, 0, nil
}

// clockNamed reads "my time", "GMT", "UTC+1" and, at the end, "+0100".
func (r *reader) clockNamed(l line, i int) (*time.Location, int) {
	switch {
	case l.word(i, "my", "local") && l.word(i+1, "time"):
		return r.zone, i + 2
	case l.word(i, "gmt", "utc"):
		if zone, next := fixedZone(l, i+1); next > i+1 {
			return zone, next
		}
		if l.word(i, "gmt") && l.word(i+1, "time") {
			return time.UTC, i + 2
		}
		if l.word(i, "gmt") {
			return time.UTC, i + 1
		}
	case l.word(i, "+", "-") && i > 0 && i+2 == len(l.toks) && !l.tok(i).glued && l.tok(i+1).glued && l.tok(i+1).figures(4):
		return fixedZone(l, i)
	}
	return nil, i
}

// namedPlace finds letters such as ET, "Denver time" and "in New York" at i.
func (r *reader) namedPlace(l line, i int) (from, to int, zones []*time.Location) {
	if l.tok(i).kind != tokenWord {
		return 0, 0, nil
	}
	start := i
	in := l.word(i, "in")
	if in {
		start++
	}
	for end := min(start+4, len(l.toks)); end > start; end-- {
		if l.tok(end-1).kind != tokenWord || l.tok(start).kind != tokenWord {
			continue
		}
		words := l.text(start, end)
		timed := l.word(end-1, "time") && end-start > 1
		short := end == start+1 && foreign(l.tok(start).text)
		if !timed && !in && !short || !timed && in && known(strings.ToLower(words)) {
			continue
		}
		if zones := r.called(words); len(zones) > 0 {
			return i, end, zones
		}
	}
	return 0, 0, nil
}

// fixedZone reads an offset such as -5, +01:00 or -0700.
func fixedZone(l line, i int) (*time.Location, int) {
	p := parser{line: l}
	seconds, next, ok := p.offset(i, true)
	if !ok {
		return nil, i
	}
	return time.FixedZone("", seconds), next
}

// called are the zones that a name may be, the reader's own first when it is one of them.
func (r *reader) called(name string) []*time.Location {
	name = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(name)), " time")
	if len(name) < 2 || partWord(name) != noPart {
		return nil
	}
	if r.ownName(name) || name == strings.TrimSuffix(strings.ToLower(label(r.zone)), " time") {
		return []*time.Location{r.zone}
	}
	if list, ok := letterZones(name); ok {
		return list
	}
	zone, err := findZone(name)
	switch {
	case err == nil:
		return []*time.Location{zone}
	case err.Code != ZoneAmbiguous:
		return nil
	}
	var list []*time.Location
	for _, c := range err.Choices {
		zone, err := time.LoadLocation(c.Words)
		if err != nil {
			return nil
		}
		if zone.String() == r.zone.String() {
			zone = r.zone
		}
		list = append(list, zone)
	}
	return list
}

// calledAside are the zones of "denver time, mst": of the first name, when the others are names of the same clock.
func (r *reader) calledAside(inner string) []*time.Location {
	var zones []*time.Location
	for i, name := range strings.Split(inner, ",") {
		list := r.called(name)
		switch {
		case len(list) == 0:
			return nil
		case i == 0:
			zones = list
		case !newReader(r.now, zones[0]).ownName(strings.TrimSpace(name)):
			return nil
		}
	}
	return zones
}

// letterZones are the clocks that the short name of a zone stands for, likeliest first. Letters that are for one half
// of the year are written all year round: then the place's own clock is meant as often as the letters.
func letterZones(name string) ([]*time.Location, bool) {
	hour := func(n float64) *time.Location { return time.FixedZone("", int(n*3600)) }
	for _, z := range []struct {
		names, place string
		offsets      []float64
	}{
		{"et eastern", "America/New_York", nil}, {"est", "America/New_York", []float64{-5}}, {"edt", "America/New_York", []float64{-4}},
		{"ct central", "America/Chicago", nil}, {"cdt", "America/Chicago", []float64{-5}}, {"cst", "America/Chicago", []float64{-6}},
		{"mt mountain", "America/Denver", nil}, {"mst", "America/Denver", []float64{-7}}, {"mdt", "America/Denver", []float64{-6}},
		{"pt pacific", "America/Los_Angeles", nil}, {"pst", "America/Los_Angeles", []float64{-8}}, {"pdt", "America/Los_Angeles", []float64{-7}},
		{"akst", "America/Anchorage", []float64{-9}}, {"akdt", "America/Anchorage", []float64{-8}}, {"hst", "Pacific/Honolulu", nil},
		{"gmt", "", []float64{0}}, {"bst", "Europe/London", []float64{1}}, {"wet", "", []float64{0}}, {"cet", "Europe/Berlin", []float64{1}}, {"cest", "Europe/Berlin", []float64{2}},
		{"eet", "Europe/Helsinki", []float64{2}}, {"eest", "Europe/Helsinki", []float64{3}}, {"msk", "Europe/Moscow", nil},
		{"ist", "Asia/Kolkata", []float64{1, 2}}, {"jst", "Asia/Tokyo", nil}, {"kst", "Asia/Seoul", nil}, {"hkt", "Asia/Hong_Kong", nil}, {"sgt", "Asia/Singapore", nil},
		{"aest", "Australia/Sydney", []float64{10}}, {"aedt", "Australia/Sydney", []float64{11}}, {"awst", "Australia/Perth", nil},
		{"nzst", "Pacific/Auckland", []float64{12}}, {"nzdt", "Pacific/Auckland", []float64{13}}, {"sast", "Africa/Johannesburg", nil},
	} {
		if !strings.Contains(" "+z.names+" ", " "+name+" ") {
			continue
		}
		var list []*time.Location
		if z.place != "" {
			zone, err := time.LoadLocation(z.place)
			if err != nil {
				return nil, false
			}
			list = append(list, zone)
		}
		for _, n := range z.offsets {
			list = append(list, hour(n))
		}
		return list, true
	}
	return nil, false
}
