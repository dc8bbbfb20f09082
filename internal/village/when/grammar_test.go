package when

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// wordRows reads a table of words and what they must give.
func wordRows(t testing.TB, file string) [][2]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][2]string
	for line := range strings.Lines(string(text)) {
		words, want, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if !ok {
			t.Fatalf("%s: %q has no tab", file, line)
		}
		rows = append(rows, [2]string{words, want})
	}
	return rows
}

// onFace writes minutes after midnight as a 24-hour clock shows them.
func onFace(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func daysText(list []time.Weekday) string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprint(int(d)))
	}
	return strings.Join(out, " ")
}

// Each table is read by its reader, and every choice that is offered reads back to one answer.
func TestGrammarTables(t *testing.T) {
	for file, read := range map[string]func(words string) (string, error){
		"clocks.tsv": func(words string) (string, error) {
			m, err := Clock(words)
			return onFace(m), err
		},
		"weekdays.tsv": func(words string) (string, error) {
			list, err := Days(words)
			return daysText(list), err
		},
		"spans.tsv": func(words string) (string, error) {
			from, to, err := Span(words, 16*time.Hour)
			return onFace(from) + " " + onFace(to), err
		},
		"weekly.tsv": func(words string) (string, error) {
			d, m, err := Weekly(words)
			return fmt.Sprint(int(d)) + " " + onFace(m), err
		},
	} {
		rows := append(wordRows(t, "testdata/"+file), [2]string{" ", "?empty"}, [2]string{strings.Repeat("mon ", 300), "?long"})
		if len(rows) < 25 {
			t.Errorf("%s: only %d rows", file, len(rows))
		}
		for _, row := range rows {
			got, err := read(row[0])
			if err == nil {
				if got != row[1] {
					t.Errorf("%s: %q: got %s, want %s", file, row[0], got, row[1])
				}
				continue
			}
			checkCode(t, row[0], row[1], "time-", err)
			seen := map[string]bool{}
			for _, c := range problem(t, err).Choices {
				again, err := read(c.Words)
				if err != nil || seen[again] || c.Say == "" || !c.At.IsZero() {
					t.Errorf("%s: %q: choice %q: %s, %v", file, row[0], c.Words, again, err)
				}
				seen[again] = true
			}
		}
	}
}

// meant is what a reader makes of a clock: every minute it takes or offers, none when it refuses.
type meant []string

func (m meant) within(list meant) bool {
	return len(m) > 0 && !slices.ContainsFunc(m, func(one string) bool { return !slices.Contains(list, one) })
}

// clockOf is what each public reader makes of a clock that stands in its words.
func clockReaders(now time.Time) map[string]func(clock string) meant {
	instants := func(words string) meant {
		found, err := Moments(words, now, time.UTC)
		var list meant
		for _, t := range found {
			list = append(list, t.Format("15:04"))
		}
		if e, ok := err.(*Error); ok {
			for _, c := range e.Choices {
				list = append(list, c.At.Format("15:04"))
			}
		}
		return list
	}
	cron := func(words string) meant {
		r, err := RepeatIn(words, now, time.UTC)
		var list meant
		for _, spec := range []string{r.Spec, r.Other} {
			var h, m int
			if _, scanErr := fmt.Sscanf(spec, "%d %d * * *", &m, &h); err == nil && scanErr == nil {
				list = append(list, onFace(60*h+m))
			}
		}
		return list
	}
	weekly := func(words string) meant {
		_, m, err := Weekly(words)
		if err == nil {
			return meant{onFace(m)}
		}
		var list meant
		for _, c := range err.(*Error).Choices {
			_, m, _ := Weekly(c.Words)
			list = append(list, onFace(m))
		}
		return list
	}
	span := func(words string, end bool) meant {
		pick := func(words string) (string, error) {
			from, to, err := Span(words, 24*time.Hour)
			if end {
				from = to
			}
			return onFace(from), err
		}
		m, err := pick(words)
		if err == nil {
			return meant{m}
		}
		var list meant
		for _, c := range err.(*Error).Choices {
			m, _ := pick(c.Words)
			list = append(list, m)
		}
		return list
	}
	return map[string]func(string) meant{
		"moment":       func(c string) meant { return instants("dec 9 at " + c) },
		"before a day": func(c string) meant { return instants("at " + c + " on dec 9") },
		"list":         func(c string) meant { return instants("dec 9 and 11 at " + c) },
		"repeat":       func(c string) meant { return cron("every day at " + c) },
		"first":        func(c string) meant { return cron("at " + c + " every day") },
		"season":       func(c string) meant { return cron("every day at " + c + " until christmas") },
		"weekly":       func(c string) meant { return weekly("wed at " + c) },
		"span from":    func(c string) meant { return span("from "+c+" to 03:17", false) },
		"span to":      func(c string) meant { return span("03:17 to "+c, true) },
	}
}

// A word for a time of day means the same wherever one is read, or is asked about: nowhere is it refused that is taken
// elsewhere, and nowhere is it another time.
func TestOneClock(t *testing.T) {
	readers := clockReaders(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	for _, row := range wordRows(t, "testdata/clocks.tsv") {
		var want meant
		if m, err := Clock(row[0]); err == nil {
			want = meant{onFace(m)}
		} else {
			for _, c := range problem(t, err).Choices {
				m, _ := Clock(c.Words)
				want = append(want, onFace(m))
			}
		}
		for name, read := range readers {
			// Between two clocks, "ten to nine" is from ten to nine, and a clock beside one of 24 hours is one as well.
			// Where a moment is asked for, both are offered and neither is taken.
			if strings.HasPrefix(row[1], "?vague") && slices.Contains([]string{"span from", "span to", "moment", "list", "before a day"}, name) {
				continue
			}
			got := read(row[0])
			switch {
			case len(want) == 0 && len(got) > 0:
				t.Errorf("%s takes %q for %v, which is no time of day", name, row[0], got)
			case len(want) > 0 && !got.within(want):
				t.Errorf("%s takes %q for %v, and it is %v", name, row[0], got, want)
			}
		}
	}
}

// A word for days of the week means the same in what repeats.
func TestOneSetOfDays(t *testing.T) {
	for _, row := range wordRows(t, "testdata/weekdays.tsv") {
		list, err := Days(row[0])
		r, repeatErr := Repeat(row[0] + " at 9am")
		switch {
		case err != nil:
			if repeatErr == nil && !strings.HasPrefix(r.Spec, "@calendar") { // every other tuesday is more than a set of days
				t.Errorf("%q: %q, and refused as days", row[0], r.Spec)
			}
		case repeatErr != nil: // a bare day may be meant once
			if r, err := Repeat("every " + row[0] + " at 9am"); problem(t, repeatErr).Code != Missing || err != nil || r.Spec != cronOf(list) {
				t.Errorf("%q: %v, %q, want %q", row[0], repeatErr, r.Spec, cronOf(list))
			}
		case r.Spec != cronOf(list):
			t.Errorf("%q: %q, want %q", row[0], r.Spec, cronOf(list))
		}
	}
}

func cronOf(list []time.Weekday) string {
	if len(list) == 7 {
		return "0 9 * * *"
	}
	return "0 9 * * " + strings.ReplaceAll(daysText(slices.Sorted(slices.Values(list))), " ", ",")
}

// Whatever is written, each reader gives a value that is one, or an error that keeps what the package promises of it;
// and what is taken by one reader is no other time for the next.
func FuzzGrammar(f *testing.F) {
	for _, file := range []string{"clocks.tsv", "weekdays.tsv", "spans.tsv", "weekly.tsv"} {
		for _, row := range wordRows(f, "testdata/"+file) {
			f.Add(row[0])
		}
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, words string) {
		minute, err := Clock(words)
		fits := minute >= 0 && minute < 24*60
		heldTo(t, words, err, fits, func(again string) bool { _, err := Clock(again); return err == nil })
		if at, momentErr := Moment("2026-12-09 "+words, now, time.UTC); err == nil && momentErr == nil && 60*at.Hour()+at.Minute() != minute {
			t.Fatalf("%q is %s as a clock, and %v in a moment", words, onFace(minute), at)
		}
		if r, repeatErr := Repeat("every day at " + words); err == nil && repeatErr == nil && r.Spec != fmt.Sprintf("%d %d * * *", minute%60, minute/60) {
			t.Fatalf("%q is %s as a clock, and %q in what repeats", words, onFace(minute), r.Spec)
		}
		days, err := Days(words)
		heldTo(t, words, err, len(days) > 0 && len(days) <= 7, func(again string) bool { _, err := Days(again); return err == nil })
		if r, repeatErr := Repeat(words + " at 9am"); err == nil && repeatErr == nil && r.Spec != cronOf(days) {
			t.Fatalf("%q is %v as days, and %q in what repeats", words, days, r.Spec)
		}
		from, to, err := Span(words, 16*time.Hour)
		fits = from >= 0 && to >= 0 && from < 24*60 && to < 24*60 && from != to
		heldTo(t, words, err, fits, func(again string) bool { _, _, err := Span(again, 16*time.Hour); return err == nil })
		day, minute, err := Weekly(words)
		fits = day >= time.Sunday && day <= time.Saturday && minute >= 0 && minute < 24*60
		heldTo(t, words, err, fits, func(again string) bool { _, _, err := Weekly(again); return err == nil })
	})
}

// heldTo holds one answer to the promises. Where an error offers more than one choice, each is clear.
func heldTo(t *testing.T, words string, err error, fits bool, reads func(words string) bool) {
	t.Helper()
	if err == nil {
		if !fits {
			t.Fatalf("%q is taken for something that does not exist", words)
		}
		return
	}
	e := problem(t, err)
	code, say, hint := e.Person()
	if code == "" || say == "" || hint == "" || len(e.Choices) > mostChoices || e.Code == Ambiguous && len(e.Choices) < 2 {
		t.Fatalf("%q: code %q, say %q, hint %q, choices %v", words, code, say, hint, e.Choices)
	}
	for _, c := range e.Choices {
		if e.Code == Ambiguous && !reads(c.Words) {
			t.Fatalf("%q: the choice %q is not clear", words, c.Words)
		}
	}
}
