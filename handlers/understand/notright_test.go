package understand

import "testing"

func TestNotRight(t *testing.T) {
	for said, want := range map[string]bool{
		"sam was drunk":                              true,
		"My driver is really drunk!":                 true,
		"he had been drinking":                       true,
		"sam made me uncomfortable":                  true,
		"she touched me and I didn't want that":      true,
		"The sitter didn’t show up yesterday":        true,
		"I did not feel safe with lee":               true,
		"can I get drunk after the session":          false,
		"what if I was drunk":                        false,
		"I was so drunk last night":                  false,
		"I'm scared of tomorrow":                     false,
		"is it safe with children":                   false,
		"drunk":                                      false,
		"it touched my heart, thank you":             false,
		"can I be scared in the session, is it safe": false,
	} {
		if got := NotRight(said); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
}
