package understand_test

import (
	"testing"

	"village/handlers/understand"
)

// Somebody who tells of sessions and of the help they need for them means one plan; one
// date makes both. Whatever says neither, or has a time of its own, stays what it was.
func TestAPlanAndItsHelpInOneSentence(t *testing.T) {
	e, table := newEar(t)
	for words, want := range map[string]string{
		"i have ketamine sessions dec 1, 4, 8, 11, 15 and 18 at 1pm, i need rides home and someone to watch my kids": "/session add when: dec 1, 4, 8, 11, 15 and 18 at 1pm help: ride home, childcare",
		"sessions dec 8 and 11 at 1pm, need a ride and childcare":                                                    "/session add when: dec 8 and 11 at 1pm help: ride home, childcare",
		"my appointments are dec 8 and 11 at 1pm, can someone drive me home and watch the kids":                      "/session add when: dec 8 and 11 at 1pm help: ride home, childcare",
		"treatment on tuesday and friday at 2pm, i need someone to drive me home":                                    "/session add when: tuesday and friday at 2pm help: ride home",
		"i have a session dec 8 at 1pm and i need a ride home from union station":                                    "/session add when: dec 8 at 1pm area: union station help: ride home",
		"I've got infusions dec 8, 11 and 15 at 10am and nobody to drive me":                                         "/session add when: dec 8, 11 and 15 at 10am help: ride home",
		"i start on dec 8 at 1. need rides":                                                                          "/session add when: dec 8 at 1 help: ride home",
		"we have sessions on the 8th and 11th at noon so we need somebody to take us home":                           "/session add when: 8th and 11th at noon help: ride home",
		"I have an appointment thursday at 2, can anybody watch my kids":                                             "/session add when: thursday at 2 help: childcare",
		"i need a ride home from my session dec 8 at 1pm":                                                            "/ask ride-home when: dec 8 at 1pm",
		"we moved my session to friday at 2, i need a ride":                                                          "/session move to: friday at 2",
		"i need a ride to the airport on friday at 2, and a sitter":                                                  "/ask childcare when: friday at 2",
		"cancel my session on friday, i need no ride":                                                                "/session cancel",
	} {
		r, ok := e.Order(understand.Heard{Words: words, Who: understand.Member})
		if !ok || r.Do[0].Line(table) != want {
			t.Errorf("%q is %v, and should be %s", words, r, want)
		}
	}
	if r, ok := e.Order(understand.Heard{Words: "my sister has a session on dec 8 at 1pm and needs a ride", Who: understand.Member}); ok && r.Do[0].Name() == "session add" {
		t.Errorf("somebody else's session is planned: %v", r)
	}
}

// Of several sentences one plan is made: the dates of the first, and the help that the next asks for at no hour of its own.
func TestPlanOfSeveralSentences(t *testing.T) {
	ear, table := newEar(t)
	for said, want := range map[string]string{
		"my first session is dec 8 at 1pm and the next ones are dec 11 and 15 same time. my sister drives me home on the 8th, i need someone for the others": "/session add when: dec 8 at 1pm and dec 11 and 15 same time help: ride home",
		"sessions are 12/8 12/11 and 12/15 all at 1":           "/session add when: 12/8 12/11 and 12/15 all at 1",
		"starting dec 8, twice a week for 3 weeks, always 1pm": "/session add when: starting dec 8, twice a week for 3 weeks, always 1pm",
	} {
		r := ear.Read(understand.Heard{Words: said}, nil)
		if r.Kind != understand.Command || r.Do[0].Line(table) != want {
			t.Errorf("%q: %s %v", said, r.Kind, r.Do)
		}
	}
}
