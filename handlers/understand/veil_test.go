package understand

import "testing"

func TestVeil(t *testing.T) {
	for said, want := range map[string]string{
		"":                         "",
		"From near Union Station.": "From near Union Station.",
		"the clinic on Oak":        "the appointment on Oak",
		"rides after my ketamine-assisted therapy":       "rides after my appointment",
		"Ketamine therapy session, 1 pm":                 "Appointment, 1 pm",
		"KAP":                                            "Appointment",
		"a kapok tree; clinical; obsessions":             "a kapok tree; clinical; obsessions",
		"después de la sesión":                           "después de la appointment",
		"the clinic. Session two":                        "the appointment. Appointment two",
		"[Thu 3 Dec](time:1795725000) at the **clinic**": "[Thu 3 Dec](time:1795725000) at the **appointment**",
	} {
		if got := Veil(said, "appointment"); got != want {
			t.Errorf("%q reads %q instead of %q", said, got, want)
		}
	}
}
