package when

import (
	"bufio"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// onClock reads "2026-12-08 13:00", with an offset where that is written, without any help from the code under test.
func onClock(t testing.TB, s string, zone *time.Location) time.Time {
	t.Helper()
	if at, err := time.Parse("2006-01-02 15:04 -07:00", s); err == nil {
		return at.In(zone)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

type row struct {
	line              int
	now               time.Time
	zone              *time.Location
	words, want, kind string
	wants             []string
}

// table reads a table of now, zone, words and what they must give.
func table(t testing.TB, file string) []row {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []row
	zones := map[string]*time.Location{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 4 {
			t.Fatalf("%s:%d: %d cells", file, n, len(cells))
		}
		if zones[cells[1]] == nil {
			zones[cells[1]] = load(t, cells[1])
		}
		r := row{line: n, zone: zones[cells[1]], words: strings.ReplaceAll(cells[2], `\n`, "\n"), want: cells[3]}
		r.now = onClock(t, cells[0], r.zone)
		list := cells[3]
		if rest, ok := strings.CutPrefix(list, "?"); ok {
			r.kind, list, _ = strings.Cut(rest, " ")
			r.kind = "time-" + r.kind
		}
		if list != "" {
			r.wants = strings.Split(list, " | ")
		}
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// problem gives the error as this package's own, and fails the test when it is another.
func problem(t failer, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

func TestMoments(t *testing.T) {
	rows := table(t, "testdata/moments.tsv")
	if len(rows) < 400 {
		t.Fatalf("only %d rows", len(rows))
	}
	for _, r := range rows {
		found, err := Moments(r.words, r.now, r.zone)
		if err != nil {
			e := problem(t, err)
			var words []string
			for _, c := range e.Choices {
				words = append(words, c.Words)
			}
			if string(e.Code) != r.kind || !slices.Equal(words, r.wants) {
				t.Errorf("line %d: %q: got %s %q, want %s\n\t%s", r.line, r.words, e.Code, words, r.want, e.Say)
			}
			checkError(t, r, e)
			continue
		}
		var got []string
		for _, at := range found {
			got = append(got, at.Format("2006-01-02 15:04 -07:00"))
		}
		if r.kind != "" || len(got) != len(r.wants) {
			t.Errorf("line %d: %q: got %q, want %s", r.line, r.words, got, r.want)
			continue
		}
		for i, at := range found {
			if want := onClock(t, r.wants[i], r.zone); !at.Equal(want) {
				t.Errorf("line %d: %q: got %q, want %s", r.line, r.words, got, r.want)
			}
		}
	}
}
