package when

import (
	"errors"
	"testing"
	"time"
)

func TestMove(t *testing.T) {
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, zone)  // a Monday
	was := time.Date(2026, 12, 8, 13, 0, 0, 0, zone)  // Tuesday of the next week
	soon := time.Date(2026, 12, 1, 13, 0, 0, 0, zone) // tomorrow
	for _, c := range []struct {
		words string
		was   time.Time
		want  []string // one: read; several: asked
	}{
		{"3pm", was, []string{"12-08 15:00"}},
		{"at 3", was, []string{"12-08 15:00", "12-08 03:00"}},
		{"15:30", was, []string{"12-08 15:30"}},
		{"tue 3pm", was, []string{"12-08 15:00", "12-01 15:00"}},
		{"thu 2pm", was, []string{"12-10 14:00", "12-03 14:00"}},
		{"monday at 10am", was, []string{"12-07 10:00"}}, // today's ten o'clock is offered as well
		{"thursday", was, []string{"12-10 13:00", "12-03 13:00"}},
		{"dec 9", was, []string{"12-09 13:00"}},
		{"dec 9 2pm", was, []string{"12-09 14:00"}},
		{"9th at 2", was, []string{"12-09 14:00", "12-09 02:00"}}, // each once
		{"tomorrow 2pm", was, []string{"12-01 14:00"}},
		{"tomorrow", was, []string{"12-01 13:00"}},
		{"an hour later", was, []string{"12-08 14:00"}},
		{"30 minutes earlier", was, []string{"12-08 12:30"}},
		{"a week later", was, []string{"12-15 13:00"}},
		{"2026-12-08 15:00", was, []string{"12-08 15:00"}},
		{"this tuesday 3pm", was, []string{"12-01 15:00"}},
		{"thu 2pm", soon, []string{"12-03 14:00"}},
		{"3pm", soon, []string{"12-01 15:00"}},
	} {
		at, err := Move(c.words, c.was, now, zone)
		var got []string
		var unclear *Error
		switch {
		case err == nil:
			got = []string{at.Format("01-02 15:04")}
		case errors.As(err, &unclear):
			for _, choice := range unclear.Choices {
				got = append(got, choice.At.Format("01-02 15:04"))
				if back, err := Move(choice.Words, c.was, now, zone); err != nil || !back.Equal(choice.At) {
					t.Errorf("%q: the choice %q is read as %v, %v", c.words, choice.Words, back, err)
				}
			}
		}
		if len(got) < len(c.want) || got[0] != c.want[0] || len(c.want) > 1 && got[1] != c.want[1] || len(c.want) == 1 && err != nil && c.words != "monday at 10am" {
			t.Errorf("%q of %s: %v (%v), want %v", c.words, c.was.Format("01-02 15:04"), got, err, c.want)
		}
	}
}
