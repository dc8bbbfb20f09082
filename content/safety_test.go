package content

import (
	"slices"
	"strings"
	"testing"
)

// A refusal says first what cannot wait.
func TestARefusalSwallowsNoSafetyAnswer(t *testing.T) {
	l := load(t)
	for said, want := range map[string]string{
		"it burns when i pee, how much should i take":                          "bladder-uti",
		"my bladder hurts since the fourth dose, is it safe to up my dose":     "bladder-uti",
		"there is blood in my pee, can i take another lozenge":                 "bladder-uti",
		"peeing hurts, should i take a bigger dose":                            "bladder-uti",
		"my chest feels tight, can i take a second lozenge":                    "heart-blood-pressure",
		"pain in my chest since the troche, how many mg next time":             "heart-blood-pressure",
		"my lips are swollen, can i take another lozenge":                      "side-effects",
		"i got hives from the lozenge, what dose is right":                     "side-effects",
		"my left arm is numb, should i take more mg":                           "side-effects",
		"i'm pregnant, how many mg is safe":                                    "pregnancy",
		"im breastfeeding, what dose should i take":                            "pregnancy",
		"i havent slept in three days and feel amazing, how many mg next time": "bipolar-mania",
	} {
		f := l.Find(said)
		if f.Kind == KindCrisis {
			continue // the lines and the emergency number stand alone
		}
		if f.Kind != KindRefuse || f.Safety != want || f.Topics[0].ID != want {
			t.Errorf("%q: %s, first %q, want %q (%+v)", said, f.Kind, f.Safety, want, f.Topics)
		}
	}
	for said := range strings.Lines(`how many mg should i take
can i take another lozenge
does ketamine hurt the bladder
can i give my sister one of my lozenges
i cant sleep the night before
i slept great and feel amazing
no sleep last night, so nervous
i dont feel great and did not sleep
how much water should i drink
my ride is late and my arm is full of bags
the kids were up all night
`) {
		if f := l.Find(said); f.Safety != "" {
			t.Errorf("%q: first %q", strings.TrimSpace(said), f.Safety)
		}
	}
	for _, id := range []string{"bladder-uti", "heart-blood-pressure", "side-effects", "pregnancy", "bipolar-mania"} {
		if topic, _ := l.Topic(id); topic.Safety == topic.Short || topic.Safety == "" {
			t.Errorf("%s has no safety sentence of its own", id)
		}
	}
}

func TestNoSleepAndFeelingGreat(t *testing.T) {
	l := load(t)
	for said := range strings.Lines(`haven't slept in 3 days and feel amazing
havent slept in 3 days and feel on top of the world
no sleep for two nights and i feel incredible after my infusion
I have not slept since tuesday. Never felt better!
i feel invincible and i dont need sleep
she hasn't slept for 48 hours and says she's unstoppable
best i have ever felt, two hours of sleep a night
been up for three days and full of energy
my husband is barely sleeping and feels like a god
wide awake for 4 nights, thoughts racing, feeling fantastic
i only got 2 hours sleep but feel so good, tons of energy
`) {
		said = strings.TrimSpace(said)
		if f := l.Find(said); f.Kind != KindCrisis && (f.Kind != KindAnswer || f.Topics[0].ID != "bipolar-mania") {
			t.Errorf("%q: %s %+v", said, f.Kind, f.Topics)
		}
	}
}

func TestEatingBeforeOrAfter(t *testing.T) {
	l := load(t)
	for said := range strings.Lines(`can I eat
can i eat?
can i drink
may i eat
Can I eat or drink?
could i eat something
should i eat
am i allowed to eat
is it ok to eat
can we eat now
when can i eat
what can i eat
can i drink coffee
can i have a snack
can i eat on the day
can i eat today please
`) {
		said = strings.TrimSpace(said)
		if f := l.Find(said); f.Kind != KindUnsure || !slices.Equal(f.Either, []string{"fasting", "aftercare-same-day"}) || f.None {
			t.Errorf("%q: %s %v %+v", said, f.Kind, f.Either, f.Topics)
		}
	}
	for said := range strings.Lines(`can i eat before
can i eat after
can i eat before my session
what can i eat once im back
how much water should i drink
can i drink wine
can i drink alcohol tonight
when can i eat afterwards
can i drive
what can the kids eat
`) {
		if f := l.Find(said); f.Either != nil {
			t.Errorf("%q: asked before or after", strings.TrimSpace(said))
		}
	}
}
