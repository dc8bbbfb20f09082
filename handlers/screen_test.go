package handlers

import (
	"testing"
	"time"

	"village/bot"
	"village/content"
)

// Danger is heard in every word of a person's own, and not in codes and hours.
func TestScreenHearsPeopleAndNotCodes(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := New(Config{Content: library, Now: func() time.Time { return time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) }})
	for line, want := range map[string]bool{
		"/session end v7z5ws":                                              false,
		"/session move 263mfz to: dec 2 2pm":                               false,
		"/session end c3w287 all yes":                                      false,
		"/session add dec 2 2pm area: near Union Station":                  false,
		"/session add dec 2 2pm area: i want to die":                       true,
		"/ask ride-home thu 1pm from: here details: ring at the blue door": false,
		"/ask ride-home i want to die":                                     true,
		"/faq i want to end my life":                                       true,
		"/end my life":                                                     true,
		"/session move 263mfz to: i want to kill myself":                   true,
		"i want to kill myself":                                            true,
		"/checkin today i want to die":                                     true,
		"/session remind k7m2p9 pack-bag words: i am going to end my life": true,
	} {
		if got := a.inDanger(bot.Request{Platform: "console", Line: line}, line); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
