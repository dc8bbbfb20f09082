package handlers

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/internal/village/when"
	"village/scheduler"
)

// phrasesFile is a further table of the same form as testdata/phrases.tsv, whose rows are counted and printed.
var phrasesFile = flag.String("phrases", "", "a further table of phrases: kind, phrase, right answer")

// How a phrase came out.
const (
	understood = "understood"
	askedFor   = "asked with the right answer to tap"
	askedOpen  = "asked"
	rightlyNot = "refused rightly"
	refused    = "refused"
	takenWrong = "MISREAD"
)

// phrase is one row: what is said to which kind of command, and what is right.
type phrase struct{ kind, said, right string }

func phrasesOf(t *testing.T, file string) []phrase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []phrase
	for line := range strings.Lines(string(text)) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cols) >= 3 && !strings.HasPrefix(line, "#") && cols[0] != "kind" {
			list = append(list, phrase{cols[0], strings.ReplaceAll(cols[1], `\n`, "\n"), cols[2]})
		}
	}
	return list
}

// player asks the readers that the commands use, as the commands do.
type player struct {
	b    *bench
	zone *time.Location
}

func newPlayer(t *testing.T) player {
	t.Helper()
	b, err := newBench(loaded(t), boltStore, time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	return player{b, zone}
}

// read gives what a phrase comes to: times on the zone's clock, the first three of what repeats.
func (p player) read(kind, said string) ([]string, error) {
	path := map[string][]string{"ride": {"ask", "ride-home"}, "session": {"session", "add"}}[kind]
	if path == nil {
		path = []string{"remind", "add"}
	}
	r := bot.Request{Path: path, Args: map[string]string{"when": said}}
	var found []time.Time
	var err error
	switch kind {
	case "session":
		found, _, err = p.b.app.appointments(r, "when", p.zone)
	case "ride":
		var at time.Time
		at, err = p.b.app.moment(r, "when", p.zone)
		found = []time.Time{at}
	default:
		var how timing
		if how, err = p.b.app.timing(r, p.zone); err == nil {
			found, err = p.firings(how)
		}
	}
	if err != nil {
		return nil, err
	}
	var list []string
	for _, at := range found {
		list = append(list, at.In(p.zone).Format("2006-01-02 15:04"))
	}
	return list, nil
}

func (p player) firings(how timing) ([]time.Time, error) {
	if how.schedule == "" {
		return []time.Time{how.at}, nil
	}
	s, err := scheduler.ParseSchedule(how.schedule, p.zone)
	if err != nil {
		return nil, err
	}
	var found []time.Time
	for at := p.b.clock(); len(found) < 3; {
		if at = how.season.Next(s, strings.HasPrefix(how.schedule, "@every"), at); at.IsZero() {
			break
		}
		found = append(found, at)
	}
	return found, nil
}

// choices are what the buttons of a question come to.
func (p player) choices(kind string, err error) [][]string {
	var asked *bot.Error
	if !errors.As(err, &asked) {
		return nil
	}
	var list [][]string
	for _, b := range asked.Buttons {
		_, args, lineErr := bot.ParseLine(p.b.app.Table(), b.Command)
		if lineErr != nil {
			continue
		}
		if found, err := p.read(kind, args["when"]); err == nil {
			list = append(list, found)
		} else {
			list = append(list, []string{"asked again"})
		}
	}
	return list
}

// play says how a phrase comes out, and what it came to.
func (p player) play(ph phrase) (outcome, seen string) {
	var rights [][]string
	refuse, ask := false, false
	for part := range strings.SplitSeq(strings.TrimPrefix(ph.right, "alt "), " or ") {
		switch {
		case part == "refuse":
			refuse = true
		case strings.HasPrefix(part, "ask"), part == "show the uneven times":
			ask = true
		default:
			rights = append(rights, strings.Split(part, ","))
		}
	}
	fits := func(found []string) bool {
		return slices.ContainsFunc(rights, func(right []string) bool {
			n := min(len(right), len(found))
			return n > 0 && (ph.kind != "session" || len(right) == len(found)) && slices.Equal(right[:n], found[:n])
		})
	}
	found, err := p.read(ph.kind, ph.said)
	if err == nil {
		if fits(found) || ph.right == "" || ph.right == "show the uneven times" {
			return understood, fmt.Sprint(found)
		}
		return takenWrong, fmt.Sprint(found)
	}
	choices := p.choices(ph.kind, err)
	seen = fmt.Sprintf("%v %v", said(err), choices)
	again := slices.ContainsFunc(choices, func(c []string) bool { return c[0] == "asked again" })
	switch open := strings.HasSuffix(code(err), string(when.Missing)) || strings.Contains(said(err), "English"); {
	case slices.ContainsFunc(choices, fits):
		return askedFor, seen
	case refuse:
		return rightlyNot, seen
	case ask && (open || len(choices) > 0), again, open:
		return askedOpen, seen
	}
	return refused, seen
}

func said(err error) string {
	var person interface {
		Person() (code, say, hint string)
	}
	if errors.As(err, &person) {
		_, say, _ := person.Person()
		return say
	}
	return err.Error()
}

func code(err error) string {
	var person interface {
		Person() (code, say, hint string)
	}
	if errors.As(err, &person) {
		code, _, _ := person.Person()
		return code
	}
	return ""
}

// Times as people type them are understood, or asked about with the right answer among what can be tapped, and never
// misread.
func TestPhrases(t *testing.T) {
	p := newPlayer(t)
	phrases := phrasesOf(t, "testdata/phrases.tsv")
	if len(phrases) < 300 {
		t.Fatalf("only %d phrases", len(phrases))
	}
	for _, ph := range phrases {
		if outcome, seen := p.play(ph); outcome == takenWrong || outcome == refused {
			t.Errorf("%s %q: %s, want %s: %s", ph.kind, ph.said, outcome, ph.right, seen)
		}
	}
}

// Any other table is played with -phrases FILE, and every phrase is shown.
func TestPhrasesOfFile(t *testing.T) {
	if *phrasesFile == "" {
		t.Skip("no -phrases")
	}
	p := newPlayer(t)
	counts := map[string]int{}
	for _, ph := range phrasesOf(t, *phrasesFile) {
		outcome, seen := p.play(ph)
		counts[ph.kind+" "+outcome]++
		t.Logf("%s\t%s\t%s\t%s\t%s", outcome, ph.kind, ph.said, ph.right, seen)
		if outcome == takenWrong {
			t.Errorf("%s %q is misread as %s, want %s", ph.kind, ph.said, seen, ph.right)
		}
	}
	for what, n := range counts {
		t.Logf("COUNT\t%s\t%d", what, n)
	}
}

// An hour alone that would end something most of a day later is asked about: it was more likely meant before its start.
func TestEndBeforeTheStart(t *testing.T) {
	p := newPlayer(t)
	start := time.Date(2026, 12, 3, 15, 0, 0, 0, p.zone)
	for _, c := range []struct {
		kind, until string
		want        time.Duration
	}{
		{"childcare", "2pm", 0}, {"childcare", "6pm", 3 * time.Hour}, {"childcare", "1am", 10 * time.Hour}, {"stay-with", "9am", 18 * time.Hour},
	} {
		r := bot.Request{Path: []string{"ask", c.kind}, Args: map[string]string{"when": "thu 3pm", "until": c.until}}
		end, err := p.b.app.until(r, start, p.zone)
		if asked := err != nil; asked != (c.want == 0) || !asked && end.Sub(start) != c.want {
			t.Errorf("%s until %s: %v, %v", c.kind, c.until, end, err)
		}
	}
}
