package village

import (
	"cmp"
	"strings"
	"time"
)

// ZonesOfLocale are the zones in which most people live whose language is set to a
// locale, a BCP 47 tag such as "en-GB", the likeliest first. What is not known, and
// English alone, is taken for the United States.
func ZonesOfLocale(locale string) []string {
	switch locale {
	case "en-GB":
		return []string{"Europe/London"}
	case "en-IE":
		return []string{"Europe/Dublin"}
	case "en-AU":
		return []string{"Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth"}
	case "en-NZ":
		return []string{"Pacific/Auckland"}
	case "en-CA", "fr-CA":
		return []string{"America/Toronto", "America/Winnipeg", "America/Edmonton", "America/Vancouver"}
	case "de":
		return []string{"Europe/Berlin", "Europe/Vienna", "Europe/Zurich"}
	case "fr":
		return []string{"Europe/Paris"}
	case "es-ES":
		return []string{"Europe/Madrid"}
	case "es-419", "es-MX":
		return []string{"America/Mexico_City", "America/Bogota", "America/Argentina/Buenos_Aires"}
	}
	return []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"}
}

// CountryFor is the country, an ISO 3166 code, whose crisis lines somebody is shown:
// their own, their group's, else the one that their zone or the group's lies in, which
// is a guess. Empty means that nobody knows.
func CountryFor(m Member, g Group) (country string, guessed bool) {
	if country = cmp.Or(m.Country, g.Country); country != "" {
		return country, false
	}
	country = countryOf(cmp.Or(m.Zone, g.Zone))
	return country, country != ""
}

// countryOf is the country that an IANA zone lies in, among those whose lines are
// known, by the zones' own names; empty for any other.
func countryOf(zone string) string {
	area, place, _ := strings.Cut(zone, "/")
	switch area {
	case "US":
		return "US"
	case "Canada":
		return "CA"
	case "Australia":
		return "AU"
	case "GB", "GB-Eire":
		return "UK"
	case "Eire":
		return "IE"
	case "NZ", "NZ-CHAT":
		return "NZ"
	}
	return zoneCountries()[area+"/"+strings.SplitN(place, "/", 2)[0]]
}

// zoneCountries are the zones of countries that do not stand in their names; a zone
// of several parts, such as America/Indiana/Knox, goes by its first two.
func zoneCountries() map[string]string {
	countries := map[string]string{"Europe/London": "UK", "Europe/Belfast": "UK", "Europe/Dublin": "IE", "Pacific/Auckland": "NZ", "Pacific/Chatham": "NZ", "Pacific/Honolulu": "US"}
	for _, place := range []string{"New_York", "Detroit", "Kentucky", "Louisville", "Indiana", "Indianapolis", "Fort_Wayne", "Knox_IN", "Chicago", "Menominee", "North_Dakota",
		"Denver", "Boise", "Shiprock", "Phoenix", "Los_Angeles", "Anchorage", "Juneau", "Sitka", "Metlakatla", "Yakutat", "Nome", "Adak", "Atka"} {
		countries["America/"+place] = "US"
	}
	for _, place := range []string{"St_Johns", "Halifax", "Glace_Bay", "Moncton", "Goose_Bay", "Toronto", "Montreal", "Nipigon", "Thunder_Bay", "Iqaluit", "Pangnirtung", "Atikokan",
		"Winnipeg", "Rainy_River", "Resolute", "Rankin_Inlet", "Regina", "Swift_Current", "Edmonton", "Cambridge_Bay", "Yellowknife", "Inuvik", "Creston", "Dawson_Creek",
		"Fort_Nelson", "Whitehorse", "Dawson", "Vancouver", "Blanc-Sablon"} {
		countries["America/"+place] = "CA"
	}
	return countries
}

// WeekBegins is the day on which a week begins in a country, an ISO 3166 code, as
// calendars are printed there: Monday where nobody knows.
func WeekBegins(country string) time.Weekday {
	switch country {
	case "US", "CA", "MX", "BR", "JP", "KR", "IL", "IN", "ZA", "PH", "TW", "HK", "SG", "TH", "CO", "PE", "VE", "GT", "PR", "KE", "SA":
		return time.Sunday
	case "EG", "AE", "DZ", "IR", "AF":
		return time.Saturday
	}
	return time.Monday
}
