package village

import (
	"testing"
	"time"
)

func TestCountryFor(t *testing.T) {
	for _, c := range []struct {
		member, group, zone, own string
		want                     string
		guessed                  bool
	}{
		{"IE", "US", "America/Denver", "", "IE", false},
		{"", "UK", "America/Denver", "", "UK", false},
		{"", "", "America/Denver", "", "US", true},
		{"", "", "America/Indiana/Knox", "", "US", true},
		{"", "", "America/Denver", "Europe/Dublin", "IE", true},
		{"", "", "America/Vancouver", "", "CA", true},
		{"", "", "Australia/Lord_Howe", "", "AU", true},
		{"", "", "NZ", "", "NZ", true},
		{"", "", "Europe/Berlin", "", "", false},
		{"", "", "America/Mexico_City", "", "", false},
		{"", "", "", "", "", false},
	} {
		got, guessed := CountryFor(Member{Country: c.member, Zone: c.own}, Group{Country: c.group, Zone: c.zone})
		if got != c.want || guessed != c.guessed {
			t.Errorf("%+v: %q, guessed %t", c, got, guessed)
		}
	}
}

func TestWeekBegins(t *testing.T) {
	for country, want := range map[string]time.Weekday{"US": time.Sunday, "CA": time.Sunday, "IE": time.Monday, "DE": time.Monday, "EG": time.Saturday, "": time.Monday} {
		if got := WeekBegins(country); got != want {
			t.Errorf("%q: %v", country, got)
		}
	}
}
