package village

import (
	"errors"
	"testing"
	"time"

	"village/internal/village/when"
)

// A clinic's rule as people write it. What is not understood is asked about, and
// nothing is filled in.
func TestFastingRule(t *testing.T) {
	const h = time.Hour
	for words, want := range map[string][2]time.Duration{
		"food 8 hours, drinks 2 hours":               {8 * h, 2 * h},
		"no food 8 hours and no liquids 30 min":      {8 * h, h / 2},
		"eight hours food, two hours water":          {8 * h, 2 * h},
		"6h solids; 2h clear liquids":                {6 * h, 2 * h},
		"no food for 4 hours before":                 {4 * h, 0},
		"drinks 90 minutes":                          {0, h * 3 / 2},
		"food and drinks 6 hours":                    {6 * h, 6 * h},
		"no food or drink for 6 hours":               {6 * h, 6 * h},
		"nothing to eat or drink for 8 hours":        {8 * h, 8 * h},
		"nothing for 4 hours before the session":     {4 * h, 4 * h},
		"Nothing to eat for 6 hours, water 2 hours.": {6 * h, 2 * h},
		"none":       {},
		"don't know": {},
		"Not sure.":  {},
	} {
		food, drinks, err := FastingRule(words, when.Length)
		if err != nil || food != want[0] || drinks != want[1] {
			t.Errorf("%q: food %v, drinks %v, %v; want %v", words, food, drinks, err, want)
		}
	}
	for _, words := range []string{"8 hours", "food", "food 8", "food 8 hours, food 6 hours", "nothing after midnight", "no food after midnight", "food some hours", "fast from 5am", "food -3 hours"} {
		if food, drinks, err := FastingRule(words, when.Length); !IsCode(err, "fasting-unclear") {
			t.Errorf("%q: food %v, drinks %v, %v", words, food, drinks, err)
		}
	}
}

// What is said about a length that lacks its word is said; of any other mistake,
// only that it was one.
func TestFastingRuleQuotesItsReaderOfLengths(t *testing.T) {
	for _, tt := range []struct {
		mistake error
		want    string
	}{
		{&Error{Code: "length-missing", Say: Sentence{English: "Is that 8 hours or 8 minutes?"}}, "Is that 8 hours or 8 minutes?"},
		{errors.New("no length"), "I could not read for how long that is."},
	} {
		_, _, err := FastingRule("food 8", func(string) (time.Duration, error) { return 0, tt.mistake })
		var said *Error
		if !errors.As(err, &said) || said.Say.String() != tt.want {
			t.Errorf("%v: %v", tt.mistake, err)
		}
	}
}
