package when

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// places are zones whose clocks change by an hour, by half an hour, at midnight, in the south, with names that do not
// tell the two sides apart, and not at all.
func places(t testing.TB) []*time.Location {
	var zones []*time.Location
	for _, name := range []string{"America/Denver", "America/New_York", "Europe/London", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kolkata",
		"America/Santiago", "America/Havana", "Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "Pacific/Apia", "America/Phoenix", "UTC"} {
		zones = append(zones, load(t, name))
	}
	return zones
}

func drawNow(t *rapid.T, zone *time.Location) time.Time {
	minute := rapid.Int64Range(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix()/60, time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC).Unix()/60).Draw(t, "minute")
	second := rapid.Int64Range(0, 59).Draw(t, "second")
	return time.Unix(minute*60+second, 0).In(zone)
}

// drawLater gives a whole minute that may be named: any, or one close to a change of the clocks.
func drawLater(t *rapid.T, now time.Time, zone *time.Location) time.Time {
	if rapid.Bool().Draw(t, "near a change") {
		if _, end := now.ZoneBounds(); !end.IsZero() {
			at := end.Add(time.Duration(rapid.IntRange(-180, 180).Draw(t, "minutes off")) * time.Minute)
			if at.After(now) && at.Sub(now) <= Horizon {
				return at.In(zone)
			}
		}
	}
	ahead := rapid.IntRange(1, int(Horizon/time.Minute)-1).Draw(t, "minutes ahead")
	return now.Truncate(time.Minute).Add(time.Duration(ahead) * time.Minute).In(zone)
}

func TestFullIsReadBack(t *testing.T) {
	zones := places(t)
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		now := drawNow(t, zone)
		at := drawLater(t, now, zone)
		for _, words := range []string{Full(at, zone), strings.ToUpper(Full(at, zone)), canonical(at, zone), at.Format(time.RFC3339), at.UTC().Format(time.RFC3339)} {
			got, err := Moment(words, now, zone)
			if err != nil || !got.Equal(at) || got.Location() != zone {
				t.Fatalf("now %v: %q gives %v, %v, not %v", now, words, got, err, at)
			}
		}
	})
}

// A list needs no year: Short is read back when its date comes within nine months and happens once.
func TestShortIsReadBack(t *testing.T) {
	zones := places(t)
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		now := drawNow(t, zone)
		at := drawLater(t, now, zone)
		if len(instants(wallOf(at, zone), zone)) != 1 {
			return
		}
		words := Short(at, zone)
		if at.Sub(now) < 270*24*time.Hour {
			if got, err := Moment(words, now, zone); err != nil || !got.Equal(at) {
				t.Fatalf("now %v: %q gives %v, %v, not %v", now, words, got, err, at)
			}
		}
		day, clock, _ := strings.Cut(words, ", ")
		words = day + at.Format(" 2006, ") + clock
		if got, err := Moment(words, now, zone); err != nil || !got.Equal(at) {
			t.Fatalf("now %v: %q gives %v, %v, not %v", now, words, got, err, at)
		}
	})
}

// pieces make sentences that the grammar often accepts.
func drawWords(t *rapid.T) string {
	days := []string{"today", "tomorrow", "thu", "next tuesday", "this fri", "mon", "sunday next week", "dec 8", "8 dec", "the 8th", "the 31st", "12/8", "13/8", "2027-03-14",
		"nov 1", "mar 14", "oct 25", "tue dec 8", "in 2 days", "a week from thursday", "dec 1, 4 and 8", "1, 4 and 8 december", "tue and thu", "jan 4", "feb 29", "tonight",
		"first sunday of november", "last sunday of march", "december 8 2027", "yesterday", "saturday week"}
	clocks := []string{"1pm", "at 1", "13:00", "at 13", "9am", "noon", "midnight", "at 1:30", "01:30", "2:30am", "half past 2", "quarter to 5 pm", "at 9 in the morning", "12am", "0930",
		"at 1pm and 3pm", "at 12", "in the evening at 8", "eleven thirty pm", "00:15", "1:30 am MDT", "23:59"}
	word := rapid.SampledFrom(append(slices.Concat(days, clocks), "and", ",", ";", "in 3 hours", "of", "at", "morning", "night", "week", "past", "7", "8th", "2027"))
	switch rapid.IntRange(0, 4).Draw(t, "form") {
	case 0:
		return rapid.SampledFrom(days).Draw(t, "day") + " " + rapid.SampledFrom(clocks).Draw(t, "clock")
	case 1:
		return rapid.SampledFrom(clocks).Draw(t, "clock") + " on " + rapid.SampledFrom(days).Draw(t, "day")
	case 2:
		return rapid.SampledFrom(days).Draw(t, "day") + " " + rapid.SampledFrom(clocks).Draw(t, "clock") + ", " + rapid.SampledFrom(days).Draw(t, "day2") + " " + rapid.SampledFrom(clocks).Draw(t, "clock2")
	case 3:
		return rapid.SampledFrom(days).Draw(t, "day") + " and " + rapid.SampledFrom(days).Draw(t, "day2") + " " + rapid.SampledFrom(clocks).Draw(t, "clock")
	}
	return strings.Join(rapid.SliceOfN(word, 1, 6).Draw(t, "words"), " ")
}

func TestWhateverIsAccepted(t *testing.T) {
	zones := places(t)
	accepted, asked := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		now := drawNow(t, zone)
		words := drawWords(t)
		if _, err := Moment(words, now, zone); err != nil {
			for _, c := range problem(t, err).Choices {
				if at, err := Moment(c.Words, now, zone); err != nil || !at.Equal(c.At) {
					t.Errorf("%q: choice %q is %v, %v, not %v", words, c.Words, at, err, c.At)
				}
			}
		}
		found, err := Moments(words, now, zone)
		if err != nil {
			e := problem(t, err)
			if len(e.Choices) > 0 {
				asked++
			}
			checkError(t, row{words: words, now: now, zone: zone}, e)
			return
		}
		accepted++
		checkFound(t, words, found, now)
		for _, at := range found {
			if at.Location() != zone {
				t.Errorf("%q: in %v, not %v", words, at.Location(), zone)
			}
		}
		one, err := Moment(words, now, zone)
		switch {
		case len(found) == 1 && (err != nil || !one.Equal(found[0])):
			t.Errorf("%q: alone it is %v, %v", words, one, err)
		case len(found) > 1 && problem(t, err).Code != Several:
			t.Errorf("%q: alone it is %v, %v", words, one, err)
		}
	})
	if accepted == 0 || asked == 0 {
		t.Errorf("%d accepted and %d asked about: the words drawn test nothing", accepted, asked)
	}
}

// Whatever unknown word is put wherever, the whole is refused.
func TestNoWordIsDropped(t *testing.T) {
	var good []row
	for _, r := range table(t, "testdata/moments.tsv") {
		if r.kind == "" {
			good = append(good, r)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(good).Draw(t, "row")
		stray := rapid.SampledFrom([]string{"blorp", "xyzzy", "not", "around", "7", "31", "pickup", "ride", "#", "or", "every", "🕐", "❌", "$", "Ж", "%", "before", "(x)", "=", "2099"}).Draw(t, "stray")
		cuts := []int{0, len(r.words)}
		for i, c := range r.words {
			if c == ' ' {
				cuts = append(cuts, i)
			}
		}
		cut := rapid.SampledFrom(cuts).Draw(t, "cut")
		words := r.words[:cut] + " " + stray + " " + r.words[cut:]
		found, err := Moments(words, r.now, r.zone)
		if err != nil {
			return
		}
		if _, number := strconv.Atoi(stray); number != nil {
			t.Fatalf("%q is read as %v", words, found)
		}
		// A number can be a day, an hour or a year in its new place. Then it has to change what is named, unless it names
		// the same day again.
		if strings.Contains(r.words, stray) {
			return
		}
		if before, err := Moments(r.words, r.now, r.zone); err != nil || slices.EqualFunc(before, found, time.Time.Equal) {
			t.Fatalf("%q is read as %v, like %q", words, found, r.words)
		}
	})
}

// A wall-clock time named on any day of the year is that time on the clocks of that day, or a question when the
// clocks skip it or show it twice.
func TestEveryDayOfTheYear(t *testing.T) {
	for _, zone := range places(t) {
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
		gaps, twices := 0, 0
		for n := 1; n < 399; n++ {
			d := dateOf(wallOf(now, zone)).AddDate(0, 0, n)
			for _, clock := range []string{"00:00", "00:30", "01:00", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "09:00", "23:30"} {
				words := d.Format("2006-01-02 ") + clock
				at, err := Moment(words, now, zone)
				if err == nil {
					if at.Format("2006-01-02 15:04") != words {
						t.Fatalf("%v: %q is %v", zone, words, at)
					}
					continue
				}
				switch e := problem(t, err); e.Code {
				case Gap:
					gaps++
					early, late := e.Choices[0].At, e.Choices[1].At
					if !early.Before(late) || late.Sub(early) > 2*time.Hour {
						t.Errorf("%v: %q: %v", zone, words, e.Choices)
					}
				case Twice:
					twices++
					for _, c := range e.Choices {
						if c.At.Format("2006-01-02 15:04") != words {
							t.Errorf("%v: %q: %v", zone, words, c)
						}
					}
				default:
					t.Errorf("%v: %q: %v", zone, words, err)
				}
			}
		}
		if changes := len(habits(now, now.Add(Horizon), zone)) > 1; changes != (gaps > 0) || changes != (twices > 0) {
			t.Errorf("%v: %d skipped and %d twice", zone, gaps, twices)
		}
	}
}

// Said on any day, the words for days keep their place on the calendar, across every change of the clocks.
func TestDaysAreCountedOnTheCalendar(t *testing.T) {
	for _, zone := range places(t) {
		if zone.String() == "Pacific/Apia" {
			continue
		}
		for n := range 400 {
			now := time.Date(2026, 10, 1, 14, 0, 0, 0, zone).AddDate(0, 0, n)
			today := dateOf(wallOf(now, zone))
			for words, days := range map[string]int{"tomorrow at 9am": 1, "in 2 days at 9am": 2, "a week from tomorrow, 9am": 8, "in a fortnight at 9am": 14,
				"today 3pm": 0, today.AddDate(0, 0, 3).Format("Monday") + " 9am": 3, today.AddDate(0, 0, 6).Format("Mon 2 Jan") + " 9am": 6, today.AddDate(0, 0, 5).Format("Jan 2 2006") + " 9am": 5} {
				at, err := Moment(words, now, zone)
				if err != nil || !dateOf(wallOf(at, zone)).Equal(today.AddDate(0, 0, days)) || at.Hour() != 9 && at.Hour() != 15 {
					t.Fatalf("%v, %v: %q is %v, %v", zone, now, words, at, err)
				}
			}
			if at, err := Moment("in 26 hours", now, zone); err != nil || at.Sub(now) != 26*time.Hour {
				t.Fatalf("%v, %v: in 26 hours is %v, %v", zone, now, at, err)
			}
		}
	}
}

// Day gives the first instant there is of the day, even where midnight is skipped.
func TestDayBegins(t *testing.T) {
	zones := places(t)
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		now := drawNow(t, zone)
		at := drawLater(t, now, zone)
		words := at.Format("2006-01-02")
		got, err := Day(words, now, zone)
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		if got.Format("2006-01-02") != words || got.After(at) || got.Add(-time.Second).Format("2006-01-02") == words && got.Hour() == 0 && got.Minute() == 0 && len(instants(wallOf(got, zone), zone)) == 1 {
			t.Fatalf("%q begins at %v", words, got)
		}
		if got.Add(-time.Minute).Format("2006-01-02") >= words && len(instants(dateOf(wallOf(got, zone)), zone)) < 2 {
			t.Fatalf("%q begins at %v, and a minute earlier is the same day", words, got)
		}
	})
}

func TestLengthIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.IntRange(1, int(Horizon/time.Minute)).Draw(t, "minutes")) * time.Minute
		if got, err := Length(lengthWords(d)); err != nil || got != d {
			t.Fatalf("%q is %v, %v, not %v", lengthWords(d), got, err, d)
		}
	})
}
