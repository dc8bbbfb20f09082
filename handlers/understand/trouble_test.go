package understand

import "testing"

func TestRideTrouble(t *testing.T) {
	e := New(nil, nil)
	for words, want := range map[string]Trouble{
		"my driver didn't show up":         NotThere,
		"nobody is here to pick me up":     NotThere,
		"the driver is late":               NotThere,
		"still waiting for my ride":        NotThere,
		"where is my driver?":              NotThere,
		"I have no ride home what do i do": NoRide,
		"nobody is driving me home":        NoRide,
		"how do I get home?":               NoRide,
		"who is driving me home":           NoRide,
		"i need a ride home":               NoRide,
		"my ride fell through":             NoRide,
		"my driver canceled":               NoRide,
		"i need a ride home thursday 1pm":  "",
		"do i need a ride home":            "",
		"can i drive myself home":          "",
		"cancel my ride home":              "",
		"i have nobody for the kids":       "",
		"i need to cancel my ride home":    "",
		"thank you":                        "",
		"":                                 "",
	} {
		if got := e.RideTrouble(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
