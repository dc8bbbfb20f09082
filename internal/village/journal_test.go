package village

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What somebody writes belongs to the last thing they were given within a day, and to
// no other: half an hour after they began, they are talking of something else.
func TestOpenPrompt(t *testing.T) {
	start := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	c := Course{ID: "c", Zone: "America/Denver", Sessions: []Session{{ID: "s", Start: start, End: start.Add(2 * time.Hour), Planned: start.AddDate(0, 0, -9), Card: "let-go", Drawn: start.Add(-24 * time.Hour)}}}
	evening := time.Date(2026, 12, 2, 2, 30, 0, 0, time.UTC) // 7:30 pm in Denver
	wrote := func(at time.Time, key string) Journal { return Journal{{ID: "e", At: at, Key: key}} }
	evenings := Step{Session: "s", Name: EveningCard}.Key()
	for _, x := range []struct {
		name string
		now  time.Time
		j    Journal
		want string
	}{
		{"before anything was given", start.Add(-25 * time.Hour), nil, ""},
		{"a card was drawn", start.Add(-23 * time.Hour), nil, "intention/s/let-go"},
		{"the card is a day old", start.Add(time.Hour), nil, ""},
		{"the idea of the evening", evening.Add(time.Minute), nil, evenings},
		{"they have begun", evening.Add(10 * time.Minute), wrote(evening.Add(5*time.Minute), evenings), evenings},
		{"they were done long ago", evening.Add(3 * time.Hour), wrote(evening.Add(5*time.Minute), evenings), ""},
		{"what they wrote before was of the card", evening.Add(3 * time.Hour), wrote(start.Add(-22*time.Hour), "intention/s/let-go"), evenings},
		{"the idea of the day after", time.Date(2026, 12, 2, 23, 30, 0, 0, time.UTC), nil, Step{Session: "s", Name: Integration, Part: "1"}.Key()},
		{"a week later", start.AddDate(0, 0, 12), nil, ""},
	} {
		p, open := OpenPrompt([]Course{c}, x.j, Quiet{}, x.now)
		if got := p.Key; open && got != x.want || !open && x.want != "" {
			t.Errorf("%s: %q, %v, want %q", x.name, got, open, x.want)
		}
	}
	c.Draft = true
	if p, open := OpenPrompt([]Course{c}, nil, Quiet{}, evening.Add(time.Minute)); open {
		t.Errorf("a plan that is not saved has given %q", p.Key)
	}
}

func TestLookBack(t *testing.T) {
	start := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	c := Course{Sessions: []Session{{ID: "a", Start: start, End: start.Add(time.Hour), Card: "let-go"}, {ID: "b", Start: start.AddDate(0, 0, 4), Why: Cancelled}, {ID: "d", Start: start.AddDate(0, 0, 7), End: start.AddDate(0, 0, 7)}}}
	j := Journal{{ID: "1", At: start.Add(-time.Hour), Session: "a"}, {ID: "2", At: start.Add(5 * time.Hour), Session: "a"}, {ID: "3", At: start.Add(6 * time.Hour), Session: "a", Question: true}, {ID: "4", At: start.Add(7 * time.Hour), Session: "z"}, {ID: "5", At: start.Add(8 * time.Hour), Session: "a", Heavy: true}}
	card, written, last, some := LookBack([]Course{c}, j, start.AddDate(0, 0, 6))
	if !some || card != "let-go" || last.ID != "a" || len(written) != 1 || written[0].ID != "2" {
		t.Errorf("card %q, session %q, %v", card, last.ID, written)
	}
	if _, _, _, some := LookBack([]Course{c}, j, start.Add(-time.Hour)); some {
		t.Error("there is something to look back at before the first time")
	}
}

// Whatever numbers somebody keeps: there is one a scale and day, they are in order, all
// within the range of their scale, and none is lost but what was replaced or deleted.
func TestScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Scores
		want := map[[2]string]int{}
		for i := range rapid.IntRange(0, 30).Draw(t, "how many") {
			name := rapid.SampledFrom([]string{"PHQ-9", "phq 9", "phq9", "GAD7", "Beck", "my own", "MY OWN", "сон"}).Draw(t, "scale")
			value := rapid.IntRange(-3, 90).Draw(t, "value")
			day := time.Date(2026, 12, rapid.IntRange(1, 9).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			scale := ScaleNamed(name)
			after, err := s.With(Score{ID: string(rune('a' + i)), Scale: name, Value: value, Day: day}, "2026-12-08")
			if allowed := day <= "2026-12-08" && (!scale.Known || value >= scale.Least && value <= scale.Most); allowed != (err == nil) {
				t.Fatalf("%s %d on %s: %v", name, value, day, err)
			}
			if err == nil {
				s = after
				want[[2]string{scale.ID, day}] = value
			}
		}
		if len(s.All) != len(want) {
			t.Fatalf("%d numbers are kept, want %d", len(s.All), len(want))
		}
		for i, score := range s.All {
			if want[[2]string{ScaleNamed(score.Scale).ID, score.Day}] != score.Value {
				t.Fatalf("%+v is kept, want %v", score, want)
			}
			if i > 0 && s.All[i-1].Day > score.Day {
				t.Fatalf("%v is out of order", s.All)
			}
		}
	})
}

func TestScaleNamed(t *testing.T) {
	for name, want := range map[string]string{"phq 9": "PHQ-9", "Hamilton Anxiety Scale": "HAM-A", "BDI": "BDI-II", "beck depression inventory": "BDI-II", "pcl": "PCL-5", "My  Sleep": "My Sleep"} {
		if got := ScaleNamed(name); got.Name != want {
			t.Errorf("%q is %q, want %q", name, got.Name, want)
		}
	}
	for _, s := range Scales() {
		if s.About == "" || s.Source == "" || s.Most <= s.Least {
			t.Errorf("%+v", s)
		}
	}
	if (Score{Scale: "PHQ-9", Value: 21}).Near() || !(Score{Scale: "PHQ-9", Value: 22}).Near() || (Score{Scale: "mine", Value: 99}).Near() {
		t.Error("people to talk to stand beside the wrong numbers")
	}
}
