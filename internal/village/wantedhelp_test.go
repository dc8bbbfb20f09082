package village

import (
	"slices"
	"testing"
)

// Help as people name it. What is not understood is asked about or refused, and
// nothing is asked for in its place.
func TestHelpWanted(t *testing.T) {
	for words, want := range map[string][]Kind{
		"":                                {},
		"none":                            {},
		"Rides":                           {RideThere, RideHome},
		"both ways":                       {RideThere, RideHome},
		"a ride home.":                    {RideHome},
		"pick me up":                      {RideHome},
		"ride home, lift home":            {RideHome},
		"ride to it & dinner":             {RideThere, Meal},
		"ride-there; babysitter":          {RideThere, Childcare},
		"overnight and kids":              {StayWith, Childcare},
		"somebody to stay with me, meals": {StayWith, Meal},
	} {
		if got, err := HelpWanted(words); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", words, got, err, want)
		}
	}
	for _, k := range SessionHelp() {
		for _, name := range []string{string(k), k.Words().Short, k.Words().Noun} {
			if got, err := HelpWanted(name); err != nil || !slices.Equal(got, []Kind{k}) {
				t.Errorf("%q: %v, %v", name, got, err)
			}
		}
	}
	for words, code := range map[string]string{"ride": "help-unclear", "rides, a lift": "help-unclear", "school run": "help-unknown", "a nurse": "help-unknown"} {
		if got, err := HelpWanted(words); !IsCode(err, code) {
			t.Errorf("%q: %v, %v", words, got, err)
		}
	}
}
