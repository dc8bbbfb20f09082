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
	switch {
	case name == "":
		return nil, errorf(ZoneUnknown, "", "Which city's clock do you go by?")
	case len(words) > 100:
		return nil, errorf(ZoneUnknown, words, "That is too long for a time zone. The name of a large city nearby is enough.")
	case name == "utc" || name == "etc/utc" || name == "coordinated universal time" || name == "zulu":
		return time.UTC, nil
	case name == "local" || name == "localtime":
		return nil, errorf(ZoneUnknown, words, "I cannot see where you are. Please name a large city in your time zone.")
	case strings.ContainsAny(name, "+0123456789"):
		return nil, errorf(ZoneUnknown, words, "An offset does not know when the clocks change. Please name a large city in your time zone.")
	}
	if alias, ok := zoneAlias(name); ok {
		return chooseZone(words, alias)
	}
	if foreign(name) {
		return nil, errorf(ZoneAmbiguous, words, "%s is used in more than one place. Please name a large city in your time zone.", quote(words))
	}
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
			return chooseZone(words, slices.Compact(found))
		}
	}
	err := errorf(ZoneUnknown, words, "I do not know a time zone called %s.", quote(words))
	err.Choices = nearestZones(name)
	if len(err.Choices) > 0 {
		err.Say += " Did you mean " + orList(choiceWords(err.Choices)) + "?"
	} else {
		err.Say += " Please name a large city in your time zone."
	}
	return nil, err
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
		err.Say += " Please name a large city in yours."
		return nil, err
	}
	for _, name := range names {
		err.Choices = append(err.Choices, Choice{Words: name, Say: name})
	}
	err.Say += " Is it " + orList(names) + "?"
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

// zoneAlias knows the names people use that are no city, country or zone of the list, and large cities whose zone is
// called after another.
func zoneAlias(name string) ([]string, bool) {
	switch name {
	case "eastern", "us eastern", "et", "nyc", "boston", "washington", "washington dc", "philadelphia", "atlanta", "miami", "orlando", "tampa",
		"charlotte", "pittsburgh", "cleveland", "columbus", "baltimore", "brooklyn", "raleigh", "buffalo":
		return []string{"America/New_York"}, true
	case "central", "us central", "ct", "dallas", "houston", "austin", "san antonio", "minneapolis", "st louis", "saint louis", "new orleans", "milwaukee",
		"kansas city", "memphis", "nashville", "oklahoma city", "omaha":
		return []string{"America/Chicago"}, true
	case "boulder", "colorado", "colorado springs", "fort collins", "salt lake city", "albuquerque", "santa fe", "utah", "new mexico", "wyoming", "montana":
		return []string{"America/Denver"}, true
	case "pacific", "us pacific", "pt", "pst", "pdt", "california", "la", "san francisco", "oakland", "san diego", "sacramento", "seattle", "las vegas":
		return []string{"America/Los_Angeles"}, true
	case "arizona", "tucson":
		return []string{"America/Phoenix"}, true
	case "hawaii", "hst":
		return []string{"Pacific/Honolulu"}, true
	case "alaska", "akst", "akdt":
		return []string{"America/Anchorage"}, true
	case "ottawa", "montreal", "quebec":
		return []string{"America/Toronto"}, true
	case "calgary":
		return []string{"America/Edmonton"}, true
	case "uk", "united kingdom", "great britain", "britain", "england", "scotland", "wales", "northern ireland", "manchester", "edinburgh", "glasgow", "cardiff":
		return []string{"Europe/London"}, true
	case "delhi", "new delhi", "mumbai", "bangalore", "bengaluru", "chennai", "hyderabad":
		return []string{"Asia/Kolkata"}, true
	case "munich", "hamburg", "frankfurt", "cologne":
		return []string{"Europe/Berlin"}, true
	case "beijing":
		return []string{"Asia/Shanghai"}, true
	case "wellington":
		return []string{"Pacific/Auckland"}, true
	case "mountain", "us mountain", "mt", "mst":
		return []string{"America/Denver", "America/Phoenix"}, true
	case "mdt":
		return []string{"America/Denver", "America/Edmonton", "America/Boise"}, true
	case "est":
		return []string{"America/New_York", "America/Panama", "America/Jamaica"}, true
	case "edt":
		return []string{"America/New_York", "America/Toronto", "America/Detroit"}, true
	case "cst":
		return []string{"America/Chicago", "America/Mexico_City", "America/Regina", "Asia/Shanghai"}, true
	case "cdt":
		return []string{"America/Chicago", "America/Winnipeg", "America/Havana"}, true
	case "ist":
		return []string{"Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"}, true
	case "gmt", "greenwich mean":
		return []string{"Europe/London", "Africa/Abidjan", "Africa/Accra"}, true
	case "bst":
		return []string{"Europe/London", "Pacific/Bougainville"}, true
	case "cet", "cest", "central european":
		return []string{"Europe/Berlin", "Europe/Madrid", "Europe/Paris", "Europe/Rome"}, true
	case "portland":
		return []string{"America/Los_Angeles", "America/New_York"}, true
	case "usa", "us", "united states", "america", "united states of america":
		return []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"}, true
	case "georgia":
		return []string{"America/New_York", "Asia/Tbilisi"}, true
	case "birmingham":
		return []string{"America/Chicago", "Europe/London"}, true
	}
	return nil, false
}
