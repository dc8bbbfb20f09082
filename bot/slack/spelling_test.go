package slack

import "testing"

func TestSpelled(t *testing.T) {
	for words, want := range map[string]string{
		"/remind list":                              "/village remind list",
		"Type /remind add, or /session add.":        "Type /village remind add, or /village session add.",
		"(/remind pause)":                           "(/village remind pause)",
		"“/remind add”: /remind list":               "“/village remind add”: /village remind list",
		"/reminders list":                           "/village reminders list",
		"Type /invite there.":                       "Type /invite there.",
		"/village remind list":                      "/village remind list",
		"https://a.example/remind and/or /remind/x": "https://a.example/remind and/or /remind/x",
		"a / b /": "a / b /",
		"":        "",
	} {
		if got := spelled(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
