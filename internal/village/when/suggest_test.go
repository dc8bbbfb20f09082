package when

import (
	"slices"
	"testing"
)

func TestZonesWhileTyping(t *testing.T) {
	for typed, want := range map[string]string{"denv": "America/Denver", "new y": "America/New_York", "irel": "Europe/Dublin", "america/chi": "America/Chicago", "": "America/Denver"} {
		if got := Zones(typed, 25); !slices.Contains(got, want) {
			t.Errorf("%q suggests %v, not %s", typed, got, want)
		}
	}
	if got := Zones("a", 3); len(got) != 3 {
		t.Errorf("asked for 3, got %v", got)
	}
	if got := Zones("nowhere at all", 25); len(got) != 0 {
		t.Errorf("nothing fits, and yet %v", got)
	}
	for _, name := range Zones("", 25) {
		if _, err := Zone(name); err != nil {
			t.Errorf("%s is suggested and not taken: %v", name, err)
		}
	}
}
