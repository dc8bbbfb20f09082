package understand_test

import (
	"strings"
	"testing"

	"village/handlers/understand"
)

// What is told as past, wished, guessed, asked or refused is no order, whatever a rule reads in it.
func TestNoOrders(t *testing.T) {
	ear, _ := newEar(t)
	for said := range strings.Lines(`they might move my session, i'll know on monday
i am thinking of moving my session but not sure
my session was moved twice last month so annoying
we had dinner brought over on sunday
dont cancel my ride!!
please dont delete anything
i wish someone would just cook for me some day
what is a phq 9
do i have to write in a journal
toast at 7 and my appointment is at 10, is that too late
remind me why im doing this
the reminder you sent was nice
`) {
		if r := ear.Read(understand.Heard{Words: strings.TrimSpace(said)}, nil); len(r.Do) > 0 {
			t.Errorf("%q: %s %v", said, r.Kind, r.Do)
		}
	}
	if r := ear.Read(understand.Heard{Words: "i cant imagine what she goes through", Who: understand.Helper}, nil); len(r.Do) > 0 {
		t.Errorf("a helper's wonder is taken for a no: %v", r.Do)
	}
}

// Where a rule and the words as a whole say two things, both are asked about, and neither is offered.
func TestAskedAbout(t *testing.T) {
	ear, _ := newEar(t)
	if r := ear.Read(understand.Heard{Words: "recuerdame manana at 9 to call the clinic"}, nil); r.Kind != understand.Unsure || len(r.Do) < 2 || r.Do[0].Name() != "remind add" {
		t.Errorf("%s %v", r.Kind, r.Do)
	}
}

// What can be a question about a request, or a request, is asked about; and so is who would do one thing, or anything.
func TestEitherWay(t *testing.T) {
	ear, _ := newEar(t)
	for said, want := range map[string]string{
		"is anybody watching the kids friday?": "need mine, ask childcare",
		"i can take the ride on thursday":      "need claim, need open",
	} {
		who := understand.Member
		if strings.HasPrefix(said, "i can") {
			who = understand.Helper
		}
		r := ear.Read(understand.Heard{Words: said, Who: who}, nil)
		var names []string
		for _, thing := range r.Do {
			names = append(names, thing.Name())
		}
		if got := strings.Join(names, ", "); r.Kind != understand.Unsure || got != want {
			t.Errorf("%q: %s %s", said, r.Kind, got)
		}
	}
}

// A sign of danger beside an order brings the lines; rides and notes alone do not.
func TestDangerBesideAnOrder(t *testing.T) {
	ear, _ := newEar(t)
	for said := range strings.Lines(`she googled lethal doses and now shes not answering
please cancel everything, i wont be around by then
dont need a ride home thursday i wont be alive
remind me to write the goodbye letters before friday
need a ride to the bridge, one way
tell sam thanks for everything, i wont see him again
last session on friday and then its lights out for me
who can take my guns out of the house today
delete everything about me, i wont exist tomorrow
`) {
		if r := ear.Read(understand.Heard{Words: strings.TrimSpace(said)}, nil); !r.Lines {
			t.Errorf("no lines beside %q: %s %v", said, r.Kind, r.Do)
		}
	}
	for said := range strings.Lines(`add a note to the parking answer: use lot b
i want to send my aunt the details of what i need in a text
is journaling worth it
i got home late last night
my wife says she can drive better than me haha
please thank dana for driving me
can anyone drive me home thursday
`) {
		if r := ear.Read(understand.Heard{Words: strings.TrimSpace(said), Who: understand.Moderator}, nil); r.Lines {
			t.Errorf("the lines stand beside %q", said)
		}
	}
}
