package when

import (
	"errors"
	"strings"
	"testing"

	"github.com/robfig/cron/v3"
)

func TestRepeat(t *testing.T) {
	for words, want := range map[string]string{
		"every weekday at 9":                          "0 9 * * 1,2,3,4,5|0 21 * * 1,2,3,4,5",
		"every day at 9am":                            "0 9 * * *",
		"Daily at 18:30":                              "30 18 * * *",
		"at 7:15 pm every day.":                       "15 19 * * *",
		"every day at 9am and 6pm":                    "0 9,18 * * *",
		"every day at 3":                              "0 15 * * *|0 3 * * *",
		"every day at 09:00":                          "0 9 * * *",
		"every day at noon":                           "0 12 * * *",
		"every morning at 9":                          "0 9 * * *",
		"every evening at 8":                          "0 20 * * *",
		"every day at 8 in the evening":               "0 20 * * *",
		"mondays and thursdays at 18:30":              "30 18 * * 1,4",
		"every monday, wednesday and friday at 6pm":   "0 18 * * 1,3,5",
		"every tue at 10:00":                          "0 10 * * 2|0 22 * * 2",
		"weekends at 10am":                            "0 10 * * 0,6",
		"weekly on friday at 5pm":                     "0 17 * * 5",
		"every week on sunday at noon":                "0 12 * * 0",
		"monthly on the 3rd at 9am":                   "0 9 3 * *",
		"every month on the 1st and the 15th at 9 am": "0 9 1,15 * *",
		"every 2 hours":                               "@every 2h0m0s",
		"every 90 minutes":                            "@every 1h30m0s",
		"hourly":                                      "@every 1h0m0s",
		"every 2 hours from 9am to 5pm":               "0 9-17/2 * * *",
		"every 2 hours from 9 to 5":                   "0 9-17/2 * * *",
		"every 30 minutes from 9am to noon":           "*/30 9-11 * * *",
		"every hour from 9am to 5pm on weekdays":      "0 9-17/1 * * 1,2,3,4,5",
	} {
		r, err := Repeat(words)
		got := r.Spec
		if r.Other != "" {
			got += "|" + r.Other
		}
		if err != nil || got != want {
			t.Errorf("%q: got %q %v, want %q", words, got, err, want)
			continue
		}
		if !Repeats(words) {
			t.Errorf("%q does not seem to repeat", words)
		}
		for spec := range strings.SplitSeq(got, "|") {
			if _, err := cron.ParseStandard(spec); err != nil {
				t.Errorf("%q: the cron line %q is wrong: %v", words, spec, err)
			}
		}
	}
}

func TestRepeatRefuses(t *testing.T) {
	for words, want := range map[string]Kind{
		"":                                   Empty,
		"   ":                                Empty,
		strings.Repeat("every ", 400):        Long,
		"every":                              Missing,
		"every day":                          Missing,
		"every 3":                            Missing,
		"weekly at 9am":                      Missing,
		"monthly at 9am":                     Missing,
		"monday at 9am":                      Missing, // once or always?
		"every other day at 9am":             Vague,
		"every 2 weeks at 9am":               Vague,
		"every day around 9am":               Vague,
		"every day at lunch":                 Vague,
		"every day at 25":                    Impossible,
		"every day at 13pm":                  Impossible,
		"every day at 9:75":                  Impossible,
		"every morning at 5pm":               Impossible,
		"every month on the 32nd at 9am":     Impossible,
		"every day at 9am banana":            Unknown,
		"every banana":                       Unknown,
		"every monday and monday at 9am":     Unknown,
		"every day at 9am and 6:30pm":        Several,
		"every 2 hours at 9am":               Unknown,
		"every 2 hours from 9am":             Missing,
		"every 2 hours from 5pm to 9am":      Impossible,
		"every day from 9am to 5pm":          Missing,
		"every 2 hours on weekdays":          Missing,
		"every monday on the 3rd at 9am":     Unknown,
		"every 99999999999999 hours":         Unknown,
		"every 0 hours":                      Impossible,
		"every day at 9am; rm -rf":           Unknown,
		"every day at 9am\u202e every night": Unknown,
	} {
		_, err := Repeat(words)
		var e *Error
		if !errors.As(err, &e) || e.Kind != want {
			t.Errorf("%q: got %v, want %s", words, err, want)
			continue
		}
		if _, say, hint := e.Person(); say == "" || hint == "" {
			t.Errorf("%q: nothing is said or hinted", words)
		}
	}
}

// Whatever is written, the answer is a cron line that can be read or an error
// in words.
func FuzzRepeat(f *testing.F) {
	for _, words := range []string{"every weekday at 9", "mondays and thursdays at 18:30", "every 2 hours from 9am to 5pm", "monthly on the 3rd at noon", "every 31st"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		Repeats(words)
		r, err := Repeat(words)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Say == "" {
				t.Fatalf("%q: %v", words, err)
			}
			return
		}
		for _, spec := range []string{r.Spec, r.Other} {
			if spec == "" {
				continue
			}
			if _, err := cron.ParseStandard(spec); err != nil {
				t.Fatalf("%q became %q: %v", words, spec, err)
			}
		}
	})
}
