package when

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDay(t *testing.T) {
	for _, r := range table(t, "testdata/days.tsv") {
		got, err := Day(r.words, r.now, r.zone)
		if err == nil {
			if r.kind != "" || got.Format("2006-01-02") != r.want || got.Add(-time.Nanosecond).Format("2006-01-02") == r.want {
				t.Errorf("line %d: %q: got %v, want %s", r.line, r.words, got, r.want)
			}
			continue
		}
		e := problem(t, err)
		if string(e.Code) != r.kind || !slices.Equal(choiceWords(e.Choices), r.wants) {
			t.Errorf("line %d: %q: got %s %q, want %s\n\t%s", r.line, r.words, e.Code, choiceWords(e.Choices), r.want, e.Say)
		}
		if code, say, hint := e.Person(); code == "" || say == "" || hint == "" {
			t.Errorf("line %d: %q %q %q", r.line, code, say, hint)
		}
		for _, c := range e.Choices {
			if again, err := Day(c.Words, r.now, r.zone); err != nil || !again.Equal(c.At) {
				t.Errorf("line %d: choice %q gives %v, %v", r.line, c.Words, again, err)
			}
		}
	}
}

// pairs reads a table of two columns.
func pairs(t *testing.T, file string) [][2]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list [][2]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if words, want, ok := strings.Cut(lines.Text(), "\t"); ok && !strings.HasPrefix(words, "#") {
			list = append(list, [2]string{words, want})
		}
	}
	return list
}

func checkCode(t *testing.T, words, want, prefix string, err error) {
	t.Helper()
	e := problem(t, err)
	kind, list, _ := strings.Cut(strings.TrimPrefix(want, "?"), " ")
	var wants []string
	if list != "" {
		wants = strings.Split(list, " | ")
	}
	if !strings.HasPrefix(want, "?") || string(e.Code) != prefix+kind || !slices.Equal(choiceWords(e.Choices), wants) {
		t.Errorf("%q: got %s %q, want %s\n\t%s", words, e.Code, choiceWords(e.Choices), want, e.Say)
	}
	if code, say, hint := e.Person(); code == "" || say == "" || hint == "" {
		t.Errorf("%q: %q %q %q", words, code, say, hint)
	}
}

func TestLength(t *testing.T) {
	for _, p := range pairs(t, "testdata/lengths.tsv") {
		d, err := Length(p[0])
		if err != nil {
			checkCode(t, p[0], p[1], "length-", err)
		} else if strconv.Itoa(int(d/time.Minute)) != p[1] {
			t.Errorf("%q: got %v, want %s", p[0], d, p[1])
		}
	}
}

func TestZone(t *testing.T) {
	for _, p := range pairs(t, "testdata/zones.tsv") {
		zone, err := Zone(p[0])
		if err != nil {
			checkCode(t, p[0], p[1], "zone-", err)
			for _, c := range problem(t, err).Choices {
				if zone, err := Zone(c.Words); err != nil || zone.String() != c.Words {
					t.Errorf("%q: choice %q: %v", p[0], c.Words, err)
				}
			}
		} else if zone.String() != p[1] {
			t.Errorf("%q: got %v, want %s", p[0], zone, p[1])
		}
	}
}

// Every name of the list is a zone, found by its name; every old name leads to one of today's.
func TestEveryZoneLoads(t *testing.T) {
	names := map[string]string{}
	for name, place := range zones() {
		names[name] = place
	}
	if len(names) < 500 {
		t.Fatalf("only %d zones", len(names))
	}
	for name, place := range names {
		want := name
		if current, old := strings.CutPrefix(place, "="); old {
			want = current
			if today, ok := names[current]; !ok || strings.HasPrefix(today, "=") {
				t.Errorf("%s leads to %s", name, current)
			}
		}
		if zone, err := Zone(name); err != nil || zone.String() != want {
			t.Errorf("%s: %v, %v", name, zone, err)
		}
	}
}

func TestFullAndShort(t *testing.T) {
	denver, howe, kolkata := load(t, "America/Denver"), load(t, "Australia/Lord_Howe"), load(t, "Asia/Kolkata")
	for _, c := range []struct {
		at          string
		zone        *time.Location
		full, short string
	}{
		{"2026-12-08T13:00:00-07:00", denver, "Tuesday 8 December 2026, 1:00 pm (Denver time, MST)", "Tue 8 Dec, 1:00 pm"},
		{"2026-12-08T20:00:59Z", denver, "Tuesday 8 December 2026, 1:00 pm (Denver time, MST)", "Tue 8 Dec, 1:00 pm"},
		{"2026-12-08T12:00:00-07:00", denver, "Tuesday 8 December 2026, noon (Denver time, MST)", "Tue 8 Dec, noon"},
		{"2026-12-08T00:00:00-07:00", denver, "Tuesday 8 December 2026, midnight at the start of the day (Denver time, MST)", "Tue 8 Dec, midnight at the start of the day"},
		{"2026-12-08T00:30:00-07:00", denver, "Tuesday 8 December 2026, 12:30 am (Denver time, MST)", "Tue 8 Dec, 12:30 am"},
		{"2026-11-01T01:30:00-06:00", denver, "Sunday 1 November 2026, 1:30 am (Denver time, MDT)", "Sun 1 Nov, 1:30 am"},
		{"2026-11-01T01:30:00-07:00", denver, "Sunday 1 November 2026, 1:30 am (Denver time, MST)", "Sun 1 Nov, 1:30 am"},
		{"2026-12-08T13:00:00+11:00", howe, "Tuesday 8 December 2026, 1:00 pm (Lord Howe time, UTC+11:00)", "Tue 8 Dec, 1:00 pm"},
		{"2026-12-08T13:00:00+05:30", kolkata, "Tuesday 8 December 2026, 1:00 pm (Kolkata time, IST)", "Tue 8 Dec, 1:00 pm"},
		{"2026-12-08T13:00:00Z", time.UTC, "Tuesday 8 December 2026, 1:00 pm (UTC)", "Tue 8 Dec, 1:00 pm"},
		{"2026-12-08T13:00:00Z", nil, "Tuesday 8 December 2026, 1:00 pm (UTC)", "Tue 8 Dec, 1:00 pm"},
		{"2026-12-08T13:00:00Z", time.FixedZone("", -3*3600-1800), "Tuesday 8 December 2026, 9:30 am (UTC-03:30)", "Tue 8 Dec, 9:30 am"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := Full(at, c.zone); got != c.full {
			t.Errorf("Full(%s) = %q, want %q", c.at, got, c.full)
		}
		if got := Short(at, c.zone); got != c.short {
			t.Errorf("Short(%s) = %q, want %q", c.at, got, c.short)
		}
	}
}
