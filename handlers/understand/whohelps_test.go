package understand

import "testing"

// What somebody says of a person who could help them, and what only sounds like it.
func TestAboutHelper(t *testing.T) {
	e := &Ear{known: func() *books { return &books{short: contractions()} }}
	for said, want := range map[string]string{
		"can sam take my ride":                      "need fill sam",
		"could Sam drive me on thursday?":           "need fill Sam",
		"can @sam do my ride":                       "need fill @sam",
		"would sam bring me home on friday":         "need fill sam",
		"not sam please":                            "never sam",
		"please not sam":                            "never sam",
		"Not Bob again":                             "never Bob",
		"anyone but sam":                            "never sam",
		"i don't want bob to drive me":              "never bob",
		"I do not want Bob to drive me any more":    "never Bob",
		"i dont want bob as my driver":              "never bob",
		"i'd rather not have bob":                   "never bob",
		"i would rather somebody else than bob":     "never bob",
		"keep bob away from my rides":               "never bob",
		"please don't let bob drive me":             "never bob",
		"bob should not drive me again":             "never bob",
		"sam may always drive me":                   "always sam",
		"Sam can always help me":                    "always Sam",
		"let sam drive me without asking":           "always sam",
		"sam doesn't have to ask":                   "always sam",
		"you don't have to ask me about sam":        "always sam",
		"sam can drive me any time":                 "always sam",
		"bob can drive me again":                    "again bob",
		"take sam off my ride":                      "need unfill sam",
		"please remove bob from my ride on tuesday": "need unfill bob",
	} {
		got, ok := e.AboutHelper(said)
		name := got.Name()
		switch got.Args["do"] {
		case "yes":
			name = "always"
		case "never":
			name = "never"
		case "again":
			name = "again"
		}
		if !ok || name+" "+got.Whom != want {
			t.Errorf("%s: %v %s %s, want %s", said, ok, name, got.Whom, want)
		}
	}
	for _, said := range []string{
		"sam can't drive me", "sam cannot drive me on thursday", "can i drive", "can you drive me", "can somebody drive me home", "who can take my ride",
		"i don't want to drive", "i don't want anybody to drive me", "not today please", "not now", "not thursday please", "i do not want help", "can my sister drive me home",
		"i don't like driving with sam because it hurts", "sam drives me", "why can't sam drive me", "does sam have to ask", "can maya have water", "should sam drive me",
		"will sam drive me crazy", "no thanks", "not again", "not really", "why does sam always drive me",
	} {
		if got, ok := e.AboutHelper(said); ok {
			t.Errorf("%s: %v", said, got)
		}
	}
}
