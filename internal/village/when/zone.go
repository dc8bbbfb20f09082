package when

import (
	_ "embed"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that zones exist on any machine
)

// zoneNames has a line for each zone: its name, a tab, and its country; or, for an old name, "=" and today's name.
//
//go:embed zones.txt
var zoneNames string

// Zone finds a time zone of the IANA database by its name, its city, a country with one zone, or a common name
// ("Eastern time"), whatever the capitals: "America/Denver", "denver", "new york", "India". It never takes "Local",
// a path, or a bare offset, which would know nothing of daylight saving. Every error is an *[Error]: [ZoneAmbiguous]
// when several zones fit (with up to four choices), else [ZoneUnknown] with the nearest names as choices.
func Zone(words string) (*time.Location, error) {
	zone, err := findZone(words)
	if err != nil {
		if err.hint == "" {
			err.hint = "Denver, or America/Denver"
		}
		return nil, err
	}
	return zone, nil
}

func findZone(words string) (*time.Location, *Error) {
	name := plainZone(words)
	if say := noZone(words, name); say != "" {
		return nil, errorf(ZoneUnknown, words, "%s", say)
	}
	if slices.Contains([]string{"utc", "etc/utc", "coordinated universal time", "zulu"}, name) {
		return time.UTC, nil
	}
	if alias, ok := zoneAlias(name); ok {
		return chooseZone(words, alias)
	}
	if foreign(name) {
		return nil, errorf(ZoneAmbiguous, words, "%s is used in more than one place. Please name a large city in your time zone.", quote(words))
	}
	if found := zonesCalled(name); len(found) > 0 {
		return chooseZone(words, found)
	}
	err := errorf(ZoneUnknown, words, "I do not know a time zone called %s.", quote(words))
	err.Choices = nearestZones(name)
	if len(err.Choices) > 0 {
		err.also("Did you mean %s?", orList(choiceWords(err.Choices)))
	} else {
		err.also("Please name a large city in your time zone.")
	}
	return nil, err
}

// noZone says why words can be no zone at all, or "".
func noZone(words, name string) string {
	switch {
	case name == "":
		return "Which city's clock do you go by?"
	case len(words) > 100:
		return "That is too long for a time zone. The name of a large city nearby is enough."
	case name == "local" || name == "localtime":
		return "I cannot see where you are. Please name a large city in your time zone."
	case strings.ContainsAny(name, "+0123456789"):
		return "An offset does not know when the clocks change. Please name a large city in your time zone."
	}
	return ""
}

// zonesCalled are the zones of that name, else of that city, else of that country.
func zonesCalled(name string) []string {
	var byName, byCity, byCountry []string
	for zone, place := range zones() {
		current, old := strings.CutPrefix(place, "=")
		if !old {
			current = zone
		}
		switch plain := plainZone(zone); {
		case plain == name:
			byName = append(byName, current)
		case cityOf(plain) == name:
			byCity = append(byCity, current)
		case !old && plainZone(place) == name:
			byCountry = append(byCountry, current)
		}
	}
	for _, found := range [][]string{byName, byCity, byCountry} {
		if len(found) > 0 {
			slices.Sort(found)
			return slices.Compact(found)
		}
	}
	return nil
}

// zones goes through the name list: each name with its country, or "=" and today's name.
func zones() func(yield func(name, place string) bool) {
	return func(yield func(string, string) bool) {
		for line := range strings.Lines(zoneNames) {
			name, place, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
			if !yield(name, place) {
				return
			}
		}
	}
}

// chooseZone loads the zone when there is one, and asks when there are several.
func chooseZone(words string, names []string) (*time.Location, *Error) {
	if len(names) == 1 {
		zone, err := time.LoadLocation(names[0])
		if err != nil {
			return nil, errorf(ZoneUnknown, words, "I know %s, but not its clock. Please name another city in the same time zone.", quote(words))
		}
		return zone, nil
	}
	err := errorf(ZoneAmbiguous, words, "%s fits more than one time zone.", quote(words))
	if len(names) > mostChoices {
		err.also("Please name a large city in yours.")
		return nil, err
	}
	for _, name := range names {
		err.Choices = append(err.Choices, Choice{Words: name, Say: name})
	}
	err.also("Is it %s?", orList(names))
	return nil, err
}

func choiceWords(choices []Choice) []string {
	var list []string
	for _, c := range choices {
		list = append(list, c.Words)
	}
	return list
}

// plainZone makes spellings equal: "America/New_York" and " america/new york".
func plainZone(words string) string {
	words = strings.Map(func(r rune) rune {
		switch r {
		case '_', '\t', '\n', '\u00a0':
			return ' '
		case '.', '\'', '’':
			return -1
		}
		return r
	}, strings.ToLower(words))
	words = strings.Join(strings.Fields(words), " ")
	if short, ok := strings.CutSuffix(words, " time"); ok && short != "coordinated universal" {
		words = short
	}
	return words
}

func cityOf(plain string) string { return plain[strings.LastIndexByte(plain, '/')+1:] }

// nearestZones gives up to four zones whose city is spelled nearly like name, or begins like it.
func nearestZones(name string) []Choice {
	type near struct {
		zone  string
		slips int
	}
	city := cityOf(name)
	allowed := min(2, len(city)/3)
	var found []near
	for zone, place := range zones() {
		if strings.HasPrefix(place, "=") {
			continue
		}
		known := cityOf(plainZone(zone))
		d := slips(city, known)
		if len(city) >= 3 && (strings.HasPrefix(known, city) || strings.HasPrefix(city, known+" ") || strings.HasPrefix(city, known+",")) {
			d = min(d, 1)
		}
		if d <= allowed {
			found = append(found, near{zone, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.slips - b.slips })
	var choices []Choice
	for _, n := range found[:min(len(found), mostChoices)] {
		if n.slips == found[0].slips {
			choices = append(choices, Choice{Words: n.zone, Say: n.zone})
		}
	}
	return choices
}

// zoneAliases has a line for each name people use that is no city, country or zone of the list, and for large cities
// whose zone is called after another: the name, and the zones it fits.
//
//go:embed zonealiases.txt
var zoneAliases string

func zoneAlias(name string) ([]string, bool) {
	for row := range strings.Lines(zoneAliases) {
		alias, fits, _ := strings.Cut(strings.TrimRight(row, "\n"), "\t")
		if alias == name {
			return strings.Split(fits, "\t"), true
		}
	}
	return nil, false
}
