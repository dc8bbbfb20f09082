package understand

import "testing"

// Somebody else in one's place, and what only sounds like it.
func TestHandedOver(t *testing.T) {
	e := &Ear{known: func() *books { return &books{short: contractions()} }}
	for said, want := range map[string]string{
		"can sam take my ride for kim":               "sam",
		"can sam do my thursday ride":                "sam",
		"Could @kim take my ride on Thursday?":       "@kim",
		"could <@1234> drive instead":                "<@1234>",
		"can Lee cover my shift tomorrow":            "Lee",
		"Sam can do it instead of me":                "Sam",
		"kim will take my school run":                "kim",
		"kim could do it for me":                     "kim",
		"sam takes mine":                             "sam",
		"i can't on thursday but sam can do my ride": "sam",
		"can i give my ride to sam":                  "sam",
		"can I hand it over to @kim":                 "@kim",
		"swap my thursday ride with lee":             "lee",
		"can my sister do my ride":                   "",
		"my husband could drive instead":             "",
		"would pat do my turn":                       "pat",
	} {
		got, ok := handedOver(e.parse(said), Helper)
		if !ok || got.Whom != want {
			t.Errorf("%s: %v %q, want %q", said, ok, got.Whom, want)
		}
	}
	if _, ok := handedOver(e.parse("can sam take my ride"), Member); ok {
		t.Error("whoever asks for rides wants sam to drive them")
	}
	for _, said := range []string{
		"can you take my ride", "can i do my ride later", "can somebody else do my ride", "can she take the bus", "who can take my ride",
		"can sam drive me home", "can sam take me home", "does maya have my number", "can maya have water", "can i take my meds", "will she do it again",
		"can you do it for me", "maya can drive tomorrow?", "can kim have my number", "give my thanks to maya", "pass my number to maya", "do not give my ride to sam",
		"where do i take maya", "i take my car", "i will do it instead",
	} {
		if got, ok := handedOver(e.parse(said), Helper); ok {
			t.Errorf("%s: %v", said, got)
		}
	}
}
