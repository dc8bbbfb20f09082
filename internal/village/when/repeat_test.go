package when

import (
	"errors"
	"strings"
	"testing"
	"time"

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
		// what only a schedule of our own can say
		"every other day at 9am":                      "@calendar/1 days=2 from=2000-01-03 at=09:00",
		"every 2 weeks on friday at 9am":              "@calendar/1 weeks=2 on=fri from=2000-01-03 at=09:00",
		"every day at 9am and 6:30pm":                 "@calendar/1 days=1 from=2000-01-03 at=09:00,18:30",
		"biweekly on friday at 3pm":                   "@calendar/1 weeks=2 on=fri from=2000-01-03 at=15:00",
		"every dec 25 and jan 1 at 9am":               "@calendar/1 dates=01-01,12-25 at=09:00",
		"every 1/30 and 9/30 at noon":                 "@calendar/1 dates=01-30,09-30 at=12:00",
		"every 3rd friday at 5pm":                     "@calendar/1 months=1 nth=3 on=fri from=2000-01-03 at=17:00",
		"2nd and 4th thursday at 7pm":                 "@calendar/1 months=1 nth=2,4 on=thu from=2000-01-03 at=19:00",
		"the last friday of every month at noon":      "@calendar/1 months=1 nth=-1 on=fri from=2000-01-03 at=12:00",
		"last day of the month at 9am every month":    "@calendar/1 months=1 day=-1 from=2000-01-03 at=09:00",
		"every quarter on the 1st at 9am":             "@calendar/1 months=3 day=1 from=2000-01-01 at=09:00",
		"every 3 months on the 15th at 9am":           "@calendar/1 months=3 day=15 from=2000-01-03 at=09:00",
		"the 31st of every month that has one at 9am": "0 9 31 * *",
		"every 90 min from 10am to 1pm on weekdays":   "@calendar/1 weeks=1 on=mon,tue,wed,thu,fri from=2000-01-03 at=10:00,11:30,13:00",
		"every 8 hours starting at 7am":               "0 7,15,23 * * *",
		"twice daily at 8am and 8pm":                  "0 8,20 * * *",
		"M W F at 9am":                                "0 9 * * 1,3,5",
		"every business day at 9am":                   "0 9 * * 1,2,3,4,5",
		"**every monday at 9am**":                     "0 9 * * 1",
		// every clock that a single time may have
		"every day at half past nine am":             "30 9 * * *",
		"every day at half past nine":                "30 9 * * *|30 21 * * *",
		"every day at quarter to 9 am":               "45 8 * * *",
		"every day at 0930":                          "30 9 * * *",
		"every day at 9.30am":                        "30 9 * * *",
		"every day at 8h30":                          "30 8 * * *|30 20 * * *",
		"every day half past six pm":                 "30 18 * * *",
		"mondays at twenty past nine am":             "20 9 * * 1",
		"every hour from half past 9 to half past 5": "30 9-17/1 * * *",
		"every 2 hours between 9am and 5pm":          "0 9-17/2 * * *",
		"mon/wed/fri 9am":                            "0 9 * * 1,3,5",
		// at night, and more than one part of the day
		"every night at 9":                                 "0 21 * * *",
		"every night at 2":                                 "0 2 * * *",
		"every night at 12":                                "0 0 * * *",
		"nightly at 10:30":                                 "30 22 * * *",
		"every day at 9 at night":                          "0 21 * * *",
		"every day at midnight":                            "0 0 * * *",
		"every morning at 8 and every evening at 8":        "0 8,20 * * *",
		"at 8 every morning and at 9 every evening":        "0 8,21 * * *",
		"every day at 8 in the morning and 6 at night":     "0 8,18 * * *",
		"every morning at 8 and at 6 in the evening":       "0 8,18 * * *",
		"every monday and thursday at 6:30 in the evening": "30 18 * * 1,4",
		// as people write it
		"everyday at 9am":                           "0 9 * * *",
		"every single day at 9am":                   "0 9 * * *",
		"every week day at 9am":                     "0 9 * * 1,2,3,4,5",
		"once a day at 9am":                         "0 9 * * *",
		"twice a day at 9am and 6pm":                "0 9,18 * * *",
		"3 times a day at 8am, 1pm and 6pm":         "0 8,13,18 * * *",
		"once a week on monday at 9am":              "0 9 * * 1",
		"twice a week on mon and thu at 9am":        "0 9 * * 1,4",
		"once a month on the 3rd at 9am":            "0 9 3 * *",
		"mon-fri 9am":                               "0 9 * * 1,2,3,4,5",
		"every mon to fri at 9am":                   "0 9 * * 1,2,3,4,5",
		"every friday through monday at 9am":        "0 9 * * 0,1,5,6",
		"every dec 25 at 9am":                       "0 9 25 12 *",
		"every year on the 25th of december at 9am": "0 9 25 12 *",
		"yearly on february 29 at noon":             "0 12 29 2 *",
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
			if _, err := cron.ParseStandard(spec); err != nil && !strings.HasPrefix(spec, "@calendar/1 ") {
				t.Errorf("%q: the cron line %q is wrong: %v", words, spec, err)
			}
		}
	}
}

func TestRepeatRefuses(t *testing.T) {
	for words, want := range map[string]Code{
		"":                                          Empty,
		"   ":                                       Empty,
		strings.Repeat("every ", 400):               Long,
		"every":                                     Missing,
		"every day":                                 Missing,
		"every 3":                                   Missing,
		"weekly at 9am":                             Missing,
		"monthly at 9am":                            Missing,
		"monday at 9am":                             Missing, // once or always?
		"every day around 9am":                      Vague,
		"every day at lunch":                        Vague,
		"every day at 25":                           Impossible,
		"every day at 13pm":                         Impossible,
		"every day at 9:75":                         Impossible,
		"every morning at 5pm":                      Impossible,
		"every month on the 32nd at 9am":            Impossible,
		"every day at 9am banana":                   Unknown,
		"every banana":                              Unknown,
		"every monday and monday at 9am":            Unknown,
		"every 2 hours at 9am":                      Unknown,
		"every 2 weeks at 9am":                      Missing,
		"every other weekend at 9am":                Vague,
		"every second tuesday at 9am":               Ambiguous,
		"every 1/3 at noon":                         Ambiguous,
		"monthly on the 31st at 9am":                Ambiguous,
		"twice daily at 8am":                        Unknown,
		"every 5 hours starting at 7am":             Impossible,
		"every 3 days on monday at 9am":             Unknown,
		"every other week on the 3rd at 9am":        Unknown,
		"1st tuesday and 3rd thursday at 9am":       Several,
		"every 2 hours from 9am":                    Missing,
		"every 2 hours from 5pm to 9am":             Impossible,
		"every day from 9am to 5pm":                 Missing,
		"every 2 hours on weekdays":                 Missing,
		"every monday on the 3rd at 9am":            Unknown,
		"every 99999999999999 hours":                Unknown,
		"every 0 hours":                             Impossible,
		"every day at 9am; rm -rf":                  Unknown,
		"every day at 9am\u202e every night":        Impossible, // nine in the morning is not at night
		"every night":                               Missing,
		"every night at 9am":                        Impossible,
		"every day at 9 in the morning and evening": Missing,
		"every morning and evening at 8":            Missing,
		"every morning at 8 and every evening":      Missing,
		"twice a day":                               Missing,
		"every friday at midnight":                  Vague,
		"every friday at 12am":                      Vague,
		"every friday night at 2":                   Vague, // on Friday, or on Saturday?
		"every day at 5 to 7":                       Vague,
		"every day 9.30":                            Unknown, // a date, or a time?
		"yearly at 9am":                             Missing,
		"every dec at 9am":                          Missing,
		"every dec 32 at 9am":                       Impossible,
	} {
		_, err := Repeat(words)
		var e *Error
		if !errors.As(err, &e) || e.Code != want {
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
		if _, err := RepeatIn(words, time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), time.UTC); err != nil && err.Error() == "" {
			t.Fatalf("%q: an error without words", words)
		}
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
			if _, err := cron.ParseStandard(spec); err != nil && !strings.HasPrefix(spec, "@calendar/1 ") {
				t.Fatalf("%q became %q: %v", words, spec, err)
			}
		}
	})
}

// A word that is a slip away from another is not left at that.
func TestRepeatSuggests(t *testing.T) {
	for words, want := range map[string]string{
		"every thrusday 3pm":       "every thursday 3pm",
		"evry day at 9am":          "every day at 9am",
		"every mornning at 9":      "every morning at 9",
		"every weekdy at 9am":      "", // or weekly
		"mondays and thursdys 9am": "mondays and thursdays 9am",
	} {
		_, err := Repeat(words)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", words, err)
			continue
		}
		switch {
		case want == "" && len(e.Choices) > 0, want != "" && (len(e.Choices) != 1 || e.Choices[0].Words != want || !strings.Contains(e.Say, "Did you mean")):
			t.Errorf("%q: %s %v, want %q", words, e.Say, e.Choices, want)
		}
	}
}

// Something that repeats may have a first and a last day.
func TestRepeatIn(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 11, 0, 0, 0, zone) // a Monday
	for words, want := range map[string]string{
		"every day at 9am":                                                 "0 9 * * *",
		"every 2 hours from 9am until 5pm":                                 "0 9-17/2 * * *",
		"every 2 hours from 9 to 5":                                        "0 9-17/2 * * *",
		"every monday through friday at 9am":                               "0 9 * * 1,2,3,4,5",
		"every monday and thursday at 6:30 in the evening until christmas": "30 18 * * 1,4 to 2026-12-26",
		"every day at 9am until dec 25":                                    "0 9 * * * to 2026-12-26",
		"every day at 9am till friday":                                     "0 9 * * * to 2026-11-28",
		"every day until friday at 9am":                                    "0 9 * * * to 2026-11-28",
		"every day at 9am until december 25, 2026":                         "0 9 * * * to 2026-12-26",
		"until dec 25, every day at 9am":                                   "0 9 * * * to 2026-12-26",
		"starting dec 1 every day at 9am":                                  "0 9 * * * from 2026-12-01",
		"every day at 9am starting tomorrow":                               "0 9 * * * from 2026-11-24",
		"every day at 9am from dec 1 until dec 5":                          "0 9 * * * from 2026-12-01 to 2026-12-06",
		"every day at 9am from dec 1 to dec 5":                             "0 9 * * * from 2026-12-01 to 2026-12-06",
		"every 2 hours from 9am to 5pm from dec 1 until dec 5":             "0 9-17/2 * * * from 2026-12-01 to 2026-12-06",
		"every day at 9am for two weeks":                                   "0 9 * * * to 2026-12-07",
		"every day at 9am for a week":                                      "0 9 * * * to 2026-11-30",
		"every day at 9am for the next 10 days":                            "0 9 * * * to 2026-12-03",
		"every day at 9am starting dec 1 for 10 days":                      "0 9 * * * from 2026-12-01 to 2026-12-11",
		"for 3 weeks every tuesday at 2pm":                                 "0 14 * * 2 to 2026-12-14",
		"every day at 9am forever":                                         "0 9 * * * endless",
		"every morning at 8 until new year's eve":                          "0 8 * * * to 2027-01-01",
	} {
		r, err := RepeatIn(words, now, zone)
		if err != nil {
			t.Errorf("%q: %v", words, err)
			continue
		}
		got := r.Spec
		if !r.From.IsZero() {
			got += " from " + r.From.In(zone).Format(time.DateOnly)
		}
		if !r.Until.IsZero() {
			got += " to " + r.Until.In(zone).Format(time.DateOnly)
		}
		if r.Endless {
			got += " endless"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
	for words, want := range map[string]Code{
		"every day at 9am until 1/12":                 Ambiguous,
		"every day at 9am until nov 20":               Past,
		"every day at 9am until the day of the pony":  Unknown,
		"every day at 9am until":                      Missing,
		"every day at 9am for 99999999 weeks":         Far,
		"every day at 9am for a pony":                 Vague,
		"every day at 9am from dec 5 until dec 1":     Impossible,
		"every day at 9am until friday until tuesday": Unknown,
		"every day until 5pm":                         Vague,
	} {
		_, err := RepeatIn(words, now, zone)
		var e *Error
		if !errors.As(err, &e) || e.Code != want {
			t.Errorf("%q: %v, want %s", words, err, want)
		}
	}
}
