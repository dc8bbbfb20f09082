package handlers

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/content"
)

// Danger is heard in every word of a person's own, and not in codes and hours.
func TestScreenHearsPeopleAndNotCodes(t *testing.T) {
	library, err := loadOnce()
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
		if got, _ := a.listen(bot.Request{Platform: "console", Line: line}, line); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

// A question is looked up once: what was found while it was screened answers it, and
// other words are never answered with it.
func TestAQuestionIsLookedUpOnce(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	a := New(Config{Content: library})
	for _, question := range []string{"can I drive home after", "i want to die", "driving-after", "how much ketamine should i take", "weather tomorrow"} {
		for _, r := range []bot.Request{
			{Platform: "console", Line: " " + question + " "},
			{Platform: "console", Line: "/faq " + question},
			{Platform: "discord", Path: []string{"faq"}, Args: map[string]string{"question": question}},
		} {
			words := strings.TrimSpace(r.Line)
			if words == "" {
				words = question
			}
			danger, h := a.listen(r, words)
			if h.question != question || danger != library.Danger(question) || !reflect.DeepEqual(h.finding, library.Find(question)) {
				t.Fatalf("%+v: screened as %+v, %v", r, h, danger)
			}
			h.finding.Kind = "as it was screened"
			r.Heard = h
			if f := a.find(r, question); f.Kind != h.finding.Kind {
				t.Errorf("%q is looked up again", question)
			}
			if f := a.find(r, "can I eat before"); f.Kind != content.KindAnswer {
				t.Errorf("other words than %q are found as %+v", question, f)
			}
		}
	}
}
