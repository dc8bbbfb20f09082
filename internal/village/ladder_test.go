package village

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"village/internal/village/when"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04 -0700", s)
	if err != nil {
		panic(err)
	}
	return t
}

// Whenever somebody asks, and for whenever: everybody hears before the start,
// in this order, and the member not after the day before, while there is time.
func TestLadderComesInTime(t *testing.T) {
	kinds := Kinds()
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom(kinds).Draw(rt, "kind").Kind
		start := now.Add(time.Duration(rapid.IntRange(1, 300*24*60).Draw(rt, "minutes")) * time.Minute)
		n, owed, err := Ask(Request{ID: "k7m2p9", Kind: k, Member: person("maya"), Start: start, Zone: "America/Denver", From: "here"}, now)
		if err != nil {
			rt.Fatal(err)
		}
		if rapid.Bool().Draw(rt, "reopened") {
			n, _, _ = n.Claim(person("sam"), true, now)
			n, owed, err = n.Release("console/sam", nil, now.Add(start.Sub(now)/3))
			if err != nil {
				rt.Fatal(err)
			}
		}
		first := slices.IndexFunc(owed, func(o Owed) bool { return o.What == OwedLadder && !o.Withdrawn })
		if first < 0 {
			rt.Fatal("no ladder is promised")
		}
		var order []What
		for due := owed[first].Due; ; {
			if due.Before(n.Opened) || due.After(n.Start) {
				rt.Fatalf("a rung at %v, opened %v, start %v", due, n.Opened, n.Start)
			}
			var said []Owed
			n, said = n.Climb(due)
			if again, more := n.Climb(due); len(more) > 0 || again.Rung != n.Rung {
				rt.Fatal("a rung is climbed twice")
			}
			for _, o := range said {
				first := !slices.Contains(order, o.What)
				order = append(order, o.What)
				if o.What == OwedUncovered && first && n.Start.Sub(n.Opened) > 96*time.Hour && n.Start.Sub(due) < 15*time.Hour {
					rt.Fatalf("the member hears at %v for %v", due, n.Start)
				}
			}
			next := said[len(said)-1]
			if next.Withdrawn {
				break
			}
			due = next.Due
		}
		for _, w := range []What{OwedAsk, OwedUrgent, OwedUncovered, OwedRaised} {
			if !slices.Contains(order, w) {
				rt.Fatalf("no %s in %v", w, order)
			}
		}
		if slices.Index(order, OwedAsk) > slices.Index(order, OwedUrgent) || slices.Index(order, OwedUrgent) > slices.Index(order, OwedUncovered) {
			rt.Fatalf("in the wrong order: %v", order)
		}
	})
}

func TestCallByWhileTheClinicAnswers(t *testing.T) {
	for start, want := range map[string]string{
		"2026-12-10 13:00 -0700": "2026-12-09 13:00 -0700", // Thursday: Wednesday
		"2026-12-10 07:00 -0700": "2026-12-09 09:00 -0700", // not before the clinic opens
		"2026-12-10 18:00 -0700": "2026-12-09 15:00 -0700", // not after it closes
		"2026-12-07 13:00 -0700": "2026-12-04 14:00 -0700", // Monday: Friday
		"2026-12-06 13:00 -0700": "2026-12-04 14:00 -0700", // Sunday: Friday
	} {
		n, _, err := Ask(Request{ID: "x", Kind: RideHome, Member: person("maya"), Start: at(start), Zone: "America/Denver", From: "here"}, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.callBy(); !got.Equal(at(want)) {
			t.Errorf("for %s: %v, want %s", start, got, want)
		}
	}
}

// What is asked for late at night is told to the member when they can do
// something about it.
func TestNobodyIsWokenForNothing(t *testing.T) {
	for _, tt := range []struct{ asked, start, want string }{
		{"2026-11-25 21:30 -0700", "2026-11-26 08:30 -0700", "2026-11-26 06:30 -0700"},
		{"2026-11-25 22:30 -0700", "2026-11-26 07:00 -0700", "2026-11-26 06:00 -0700"},
		{"2026-11-25 22:30 -0700", "2026-11-26 00:30 -0700", "2026-11-25 23:30 -0700"},
		{"2026-11-25 12:00 -0700", "2026-11-25 16:00 -0700", "2026-11-25 14:00 -0700"},
	} {
		n, _, err := Ask(Request{ID: "x", Kind: RideHome, Member: person("maya"), Start: at(tt.start), Zone: "America/Denver", From: "here"}, at(tt.asked))
		if err != nil {
			t.Fatal(err)
		}
		var told []time.Time
		for _, rung := range n.Ladder() {
			if rung.What == OwedUncovered {
				told = append(told, rung.Due)
			}
		}
		if len(told) != 2 || !told[0].Equal(at(tt.want)) || !told[1].Equal(n.Start) {
			t.Errorf("asked at %s for %s: told at %v, want %s and when the ride should come", tt.asked, tt.start, told, tt.want)
		}
	}
}

func TestWhatWaits(t *testing.T) {
	denver, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	night := Night()
	for _, tt := range []struct{ due, limit, want string }{
		{"2026-12-09 20:59 -0700", "2026-12-30 00:00 -0700", "2026-12-09 20:59 -0700"},
		{"2026-12-09 21:00 -0700", "2026-12-30 00:00 -0700", "2026-12-10 08:00 -0700"},
		{"2026-12-10 03:00 -0700", "2026-12-30 00:00 -0700", "2026-12-10 08:00 -0700"},
		{"2026-12-10 08:00 -0700", "2026-12-30 00:00 -0700", "2026-12-10 08:00 -0700"},
		{"2026-12-10 03:00 -0700", "2026-12-10 07:00 -0700", "2026-12-10 03:00 -0700"}, // cannot wait
	} {
		if got := night.Later(at(tt.due), at(tt.limit), denver); !got.Equal(at(tt.want)) {
			t.Errorf("%s: %v, want %s", tt.due, got, tt.want)
		}
	}
	for words, want := range map[string]string{"21:00-8:00": "21:00-8:00", "9pm to 8am": "21:00-8:00", "12am-6:30am": "0:00-6:30", "off": "off", "22 - 7": "22:00-7:00", "8am to 10am": "8:00 am-10:00 am", "noon - 12:30pm": "12:00 pm-12:30 pm"} {
		q, err := readQuiet(words)
		if err != nil || q.String() != want {
			t.Errorf("%q: %v %v", words, q, err)
		}
		if again, err := readQuiet(q.String()); err != nil || again != q {
			t.Errorf("%q does not read itself", q)
		}
	}
	for _, bad := range []string{"", "late", "25:00-8:00", "9pm", "8-8", "6am-11pm", "13pm-8am", "21:60-8:00"} {
		if _, err := readQuiet(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestWhomToAsk(t *testing.T) {
	n := ride(t) // Wednesday 9:00 in Denver
	sam := Helper{Person: person("sam"), Joined: now}
	for name, tt := range map[string]struct {
		h    Helper
		want bool
	}{
		"agreed":      {sam, true},
		"not agreed":  {Helper{Person: person("sam")}, false},
		"the member":  {Helper{Person: person("maya"), Joined: now}, false},
		"no rides":    {Helper{Person: sam.Person, Joined: now, NoRides: true}, false},
		"no children": {Helper{Person: sam.Person, Joined: now, NoChildren: true}, true},
		"no mornings": {Helper{Person: sam.Person, Joined: now, NoMornings: true}, false},
		"enough":      {Helper{Person: sam.Person, Joined: now, AMonth: 2}, false},
		"not enough":  {Helper{Person: sam.Person, Joined: now, AMonth: 3}, true},
		"asked":       {sam.Asked(n.ID, now), false},
		"answered":    {sam.Answered(n.ID), false},
	} {
		if got := tt.h.Wants(n, 2); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	asked := sam.Asked(n.ID, now)
	if !asked.Passes(n.ID) || asked.Answered(n.ID).Passes(n.ID) || sam.Passes(n.ID) {
		t.Error("who has been asked may pass once")
	}
}

// readQuiet reads quiet hours as people write them.
func readQuiet(words string) (Quiet, error) {
	if words == "off" {
		return Quiet{}, nil
	}
	from, to, err := when.Span(words, LongestQuiet)
	if err != nil {
		return Quiet{}, err
	}
	return QuietBetween(from, to)
}
