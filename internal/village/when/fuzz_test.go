package when

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func FuzzMoments(f *testing.F) {
	for i, r := range table(f, "testdata/moments.tsv") {
		if i%5 == 0 {
			f.Add(r.words, r.now.Unix(), uint8(i))
		}
	}
	zones := places(f)
	f.Fuzz(func(t *testing.T, words string, unix int64, place uint8) {
		zone := zones[int(place)%len(zones)]
		now := time.Unix((unix%(100*365*24*3600)+100*365*24*3600)%(100*365*24*3600), 0).In(zone) // 1970 to 2070
		found, err := Moments(words, now, zone)
		if err != nil {
			checkError(t, row{words: words, now: now, zone: zone}, problem(t, err))
			return
		}
		checkFound(t, words, found, now)
		if len(found) == 1 {
			if again, err := Moment(Full(found[0], zone), now, zone); err != nil || !again.Equal(found[0]) {
				t.Errorf("%q: %q is read back as %v, %v", words, Full(found[0], zone), again, err)
			}
		}
		if day, err := Day(words, now, zone); err == nil {
			t.Errorf("%q: both a time, %v, and a day, %v", words, found, day)
		}
	})
}

func FuzzLengthAndZone(f *testing.F) {
	for _, words := range []string{"2 hours", "1h30", "an hour and a half", "1 1/2 hours", "99999 weeks", "½", "denver", "MST", "../x", "UTC+5", "New York time"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if d, err := Length(words); err != nil {
			problem(t, err)
		} else if again, err := Length(lengthWords(d)); d < time.Minute || d > Horizon || d%time.Minute != 0 || err != nil || again != d {
			t.Errorf("%q is %v, read back as %v, %v", words, d, again, err)
		}
		if zone, err := Zone(words); err != nil {
			problem(t, err)
		} else if again, err := Zone(zone.String()); err != nil || again.String() != zone.String() || zone == time.Local {
			t.Errorf("%q is %v, read back as %v, %v", words, zone, again, err)
		}
	})
}

// heavy gives the words that take the most work: long, ambiguous, misspelled.
func heavy() map[string]string {
	var slashes, weekdays []string
	for n := range 38 {
		slashes = append(slashes, fmt.Sprintf("%d/%d", n%12+1, (n*5)%12+1))
		weekdays = append(weekdays, "next tuesday at 1")
	}
	return map[string]string{
		"letters":   strings.Repeat("a", 10_000),
		"digits":    strings.Repeat("1", 10_000),
		"spaces":    strings.Repeat(" ", 10_000),
		"commas":    strings.Repeat(",", 900),
		"numbers":   strings.Repeat("1 ", 450),
		"and":       strings.Repeat("an hour and a half and ", 40),
		"slashes":   strings.Join(slashes, ", ") + " at 1",
		"weekdays":  strings.Join(weekdays, ", "),
		"misspelt":  "tun, " + strings.Join(slashes, " and ") + " at 1 tun",
		"brackets":  strings.Repeat("(", 900),
		"tens":      strings.Repeat("twenty-", 120),
		"midnights": strings.Repeat("dec 8 midnight; ", 38) + "dec 9 1pm",
	}
}

// However long and unclear the words are, the work stays small: nothing grows with the product of the choices.
func TestHeavyWords(t *testing.T) {
	zone := load(t, "America/Denver")
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
	for name, words := range heavy() {
		t.Run(name, func(t *testing.T) {
			var err error
			allocs := testing.AllocsPerRun(1, func() { _, err = Moments(words, now, zone) })
			checkError(t, row{words: words, now: now, zone: zone}, problem(t, err))
			if allocs > 300_000 {
				t.Errorf("%.0f allocations", allocs)
			}
			if _, err := Length(words); err == nil {
				t.Error("taken for a length")
			}
			if _, err := Zone(words); err == nil {
				t.Error("taken for a zone")
			}
		})
	}
}

func BenchmarkMoments(b *testing.B) {
	zone := load(b, "America/Denver")
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
	words := heavy()
	for _, simple := range []string{"thu 1pm", "2026-12-08 13:00", "dec 1, 4, 8, 11, 15 and 18 at 1pm", "12/8 at 1", "thrusday 1pm"} {
		words[simple] = simple
	}
	for name, w := range words {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if found, err := Moments(w, now, zone); (err == nil) == (len(found) == 0) {
					b.Fatal(found, err)
				}
			}
		})
	}
}

func BenchmarkFull(b *testing.B) {
	zone := load(b, "America/Denver")
	at := time.Date(2026, 12, 8, 13, 0, 0, 0, zone)
	b.ReportAllocs()
	for b.Loop() {
		if Full(at, zone) == "" {
			b.Fatal("empty")
		}
	}
}
