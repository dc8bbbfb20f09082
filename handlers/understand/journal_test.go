package understand

import "testing"

// What somebody writes for themselves is told from what they ask.
func TestAsks(t *testing.T) {
	for _, words := range []string{"is it normal to cry", "when can i eat again", "what is integration", "how long does it last", "can i have wine", "why do i cry", "saw a whale, what does that mean?", "should i tell my mum"} {
		if !Asks(words) {
			t.Errorf("%q is taken for a line of a journal", words)
		}
	}
	for _, words := range []string{"", "saw a whale and my mother. felt held", "when we got home i cried", "what a day", "i am tired and glad", "my mother, in blue", "felt held 🐋", "nothing much", "how strange it was"} {
		if Asks(words) {
			t.Errorf("%q is taken for a question", words)
		}
	}
}

func TestForJournal(t *testing.T) {
	for words, want := range map[string]string{
		"journal: saw a whale":                     "saw a whale",
		"Dear diary, it was bright":                "it was bright",
		"note to self: call mum":                   "call mum",
		"please write in my journal: felt held":    "felt held",
		"put this down in my diary\nlight and sea": "light and sea",
	} {
		if got, ok := ForJournal(words); !ok || got != want {
			t.Errorf("%q: %q, %v", words, got, ok)
		}
	}
	for _, words := range []string{"should i journal", "i want to journal", "what is a diary good for", "journaling helps", "my journal"} {
		if got, ok := ForJournal(words); ok {
			t.Errorf("%q is kept as %q", words, got)
		}
	}
}

func TestScore(t *testing.T) {
	for words, want := range map[string][2]string{
		"phq-9 was 12 today":              {"phq-9", "12"},
		"my GAD 7 is 9":                   {"GAD 7", "9"},
		"got a 14 on the phq9":            {"phq9", "14"},
		"hamilton anxiety scale: 21":      {"hamilton anxiety scale", "21"},
		"pcl-5 41":                        {"pcl-5", "41"},
		"beck depression inventory of 17": {"beck depression inventory", "17"},
	} {
		if scale, value, ok := Score(words); !ok || scale != want[0] || value != want[1] {
			t.Errorf("%q: %q %q %v", words, scale, value, ok)
		}
	}
	for _, words := range []string{"what does a phq-9 of 12 mean", "phq-9", "is 12 on the phq9 bad?", "question 9 of the phq-9 was 2", "her phq-9 was 12", "phq-9 went from 12 to 9", "i was under 10 on the gad7", "pick me up at 12"} {
		if scale, value, ok := Score(words); ok {
			t.Errorf("%q is kept as %s %s", words, scale, value)
		}
	}
}

func TestNoted(t *testing.T) {
	for words, want := range map[string]string{
		"what did i write yesterday":         "journal read",
		"read my journal back to me":         "journal read",
		"show me my diary":                   "journal read",
		"i want to write something down":     "journal write",
		"i'd like to journal":                "journal write",
		"make a summary for my therapist":    "session summary",
		"keep a question for my next talk":   "journal question",
		"track my phq scores":                "checkin scores",
		"hamilton anxiety scale":             "checkin scores",
		"should i write things down":         "",
		"does journaling help":               "",
		"what do i write to my boss":         "",
		"how do i find a good therapist":     "",
		"why do they do the phq-9 each time": "",
	} {
		got, _ := noted(words)
		if got.Name() != want {
			t.Errorf("%q: %q, want %q", words, got.Name(), want)
		}
	}
}

func TestFiller(t *testing.T) {
	for words, want := range map[string]bool{"uhm": true, "hmm...": true, "er, um": true, "?": true, "oh": true, "sea": false, "oh my mother": false, "🐋": true, "held": false} {
		if Filler(words) != want {
			t.Errorf("%q is only a sound: %v", words, !want)
		}
	}
}
