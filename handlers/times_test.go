package handlers

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/words"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// boltBench is a bench on the embedded store alone, for what does not hang on the store.
func boltBench(t *testing.T, library *content.Library) *bench {
	t.Helper()
	b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	return b
}

func loaded(t *testing.T) *content.Library {
	t.Helper()
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// grammarWords are the words of a table of package when.
func grammarWords(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile("../internal/village/when/testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if said, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(line, "#") {
			out = append(out, said)
		}
	}
	return out
}

// plain is everything an answer shows, as it is read.
func plain(r bot.Reply) string {
	var out strings.Builder
	for _, m := range r.Messages {
		out.WriteString(shown(m))
	}
	return strings.ReplaceAll(out.String(), `\`, "")
}

// A carpool comes on every day that its words name.
func TestCarpoolDays(t *testing.T) {
	library := loaded(t)
	for said, want := range map[string]int{"mon-fri": 5, "weekdays": 5, "every monday and thursday": 2, "mondays and thursdays": 2, "mon/wed/fri": 3, "daily": 7, "mo tu": 2} {
		b := boltBench(t, library)
		b.mustSay(t, "maya", "/ask carpool 2026-12-07 16:00 from: west to: north days: "+said+" weeks: 1")
		needs, err := b.needs()
		if err != nil || len(needs) != want {
			t.Errorf("%q: %d requests, %v, want %d", said, len(needs), err, want)
		}
		for _, n := range needs {
			if local := n.Start.In(village.ZoneNamed(n.Zone)); local.Hour() != 16 {
				t.Errorf("%q: %v", said, local)
			}
		}
	}
}

// clockOption is an option that takes a time of day among its words.
type clockOption struct {
	who, line string // %s is the clock; who may be new each time
	span      bool   // a second %s is the end of a span
	length    bool   // what can be a length, such as 8h, is one
}

// clockOptions are all options that take a time of day, each on something that is there to be changed.
func clockOptions(t *testing.T, b *bench) map[string]clockOption {
	t.Helper()
	code := func(who, line string, mark *regexp.Regexp) string {
		found := mark.FindStringSubmatch(plain(b.mustSay(t, who, line)))
		if found == nil {
			t.Fatalf("%s: %s: no code", who, line)
		}
		return found[1]
	}
	plan := code("maya", "/session add dec 14 at 3pm area: here", regexp.MustCompile(`/session save (\w+)`))
	b.mustSay(t, "maya", "/session save "+plan)
	note := code("maya", "/remind add in 2 hours words: drink", regexp.MustCompile(`/remind edit (\w+)`))
	other := code("maya", "/remind add dec 3 at noon words: drink", regexp.MustCompile(`/remind edit (\w+)`))
	ride := code("maya", "/ask ride-home dec 14 at 5pm from: near the station", regexp.MustCompile(`/need show (\w+)`))
	reminder := code("mod", "/reminders add schedule: every day at 9am words: drink", regexp.MustCompile(`/reminders preview (\w+)`))
	if err := b.wait(b.clock().Add(3*time.Hour), func() {}); err != nil {
		t.Fatal(err)
	}
	return map[string]clockOption{
		"remind add once":      {line: "/remind add dec 9 at %s words: drink"},
		"remind add":           {line: "/remind add every day at %s words: drink"},
		"remind add, ended":    {line: "/remind add at %s every day until christmas words: drink"},
		"remind snooze":        {who: "maya", line: "/remind snooze " + note + " for: nov 25 at %s"},
		"remind pause":         {line: "/remind pause dec 9 at %s"},
		"remind edit":          {who: "maya", line: "/remind edit " + other + " when: every day at %s"},
		"remind quiet":         {line: "/remind quiet %s to %s", span: true},
		"reminders add":        {who: "mod", line: "/reminders edit " + reminder + " schedule: every day at %s"},
		"setup quiet":          {who: "mod", line: "/setup quiet %s to %s", span: true},
		"setup digest":         {who: "mod", line: "/setup digest wed at %s"},
		"ask":                  {line: "/ask ride-home dec 9 at %s from: near the station"},
		"ask until":            {line: "/ask childcare dec 9 at 0:01 where: here until: at %s"},
		"ask until alone":      {line: "/ask childcare dec 9 at 0:01 where: here until: %s", length: true},
		"need move":            {who: "maya", line: "/need move " + ride + " dec 9 at %s"},
		"session add":          {line: "/session add dec 9 at %s area: here"},
		"session add, several": {line: "/session add dec 9 and 11 at %s area: here"},
		"session remind":       {who: "maya", line: "/session remind " + plan + " pack-bag at: %s"},
	}
}

// faces are the ways in which a minute of the day is said.
func faces(minute int) []string {
	clock := time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC)
	list := []string{clock.Format("3:04 pm"), clock.Format("15:04"), strings.TrimPrefix(clock.Format("15:04"), "0")}
	switch minute {
	case 0:
		list = append(list, "midnight")
	case 12 * 60:
		list = append(list, "noon")
	}
	return list
}

func saysClock(text string, minutes []int) bool {
	return slices.ContainsFunc(minutes, func(m int) bool {
		return slices.ContainsFunc(faces(m), func(face string) bool { return strings.Contains(" "+text, " "+face) })
	})
}

// A word for a time of day means the same in every option of the program that takes one, or is asked about: nowhere is
// it refused that is taken elsewhere, and nowhere is it another time.
func TestOneClockEverywhere(t *testing.T) {
	b := boltBench(t, loaded(t))
	options := clockOptions(t, b)
	person := 0
	for _, said := range grammarWords(t, "clocks.tsv") {
		var want []int
		if m, err := when.Clock(said); err == nil {
			want = []int{m}
		} else {
			for _, c := range err.(*when.Error).Choices {
				m, _ := when.Clock(c.Words)
				want = append(want, m)
			}
		}
		for name, o := range options {
			args := []any{said}
			if o.span {
				if len(want) == 0 {
					continue // "ten to nine" is a span
				}
				args = append(args, faces((want[0] + 8*60) % (24 * 60))[0])
			}
			if _, err := when.Length(said); err == nil && o.length {
				continue
			}
			person++
			who := o.who
			if who == "" {
				who = fmt.Sprint("p", person)
			}
			line := fmt.Sprintf(o.line, args...)
			r := b.says(who, line)
			text := plain(r)
			switch {
			case len(want) == 0 && r.Code == "":
				t.Errorf("%s: %s is taken, and is no time of day: %s", name, line, text)
			case len(want) == 0:
			case r.Code != "" && len(r.Messages[0].Buttons) == 0:
				if r.Code != string(when.Ambiguous) {
					t.Errorf("%s: %s is refused: %s", name, line, text)
				}
			case !saysClock(text, want):
				t.Errorf("%s: %s is another time than %v: %s", name, line, want, text)
			}
		}
	}
}

// A word for days of the week means the same in every option of the program that takes one.
func TestOneSetOfDaysEverywhere(t *testing.T) {
	b := boltBench(t, loaded(t))
	reminder := regexp.MustCompile(`/reminders preview (\w+)`).FindStringSubmatch(plain(b.mustSay(t, "mod", "/reminders add schedule: every day at 9am words: drink")))[1]
	for i, said := range grammarWords(t, "weekdays.tsv") {
		who := fmt.Sprint("p", i)
		days, err := when.Days(said)
		first := 7 // a Monday
		var cron []string
		for _, d := range days {
			cron = append(cron, fmt.Sprint(int(d)))
			first = 7 + int(days[0]+6)%7
		}
		before, _ := b.needs()
		r := b.says(who, fmt.Sprintf("/ask carpool 2026-12-%02d 16:00 from: west to: north days: %s weeks: 1", first, said))
		after, _ := b.needs()
		if (r.Code == "") != (err == nil) || len(after)-len(before) != len(days) {
			t.Errorf("%q makes %d requests, %v, want %d: %s", said, len(after)-len(before), err, len(days), plain(r))
		}
		describes := words.Capital(scheduler.Describe("0 9 * * " + strings.Join(cron, ",")))
		for _, line := range []string{"/remind add " + said + " at 9am words: drink", "/reminders edit " + reminder + " schedule: " + said + " at 9am"} {
			if strings.HasPrefix(line, "/reminders") {
				who = "mod"
			}
			r := b.says(who, line)
			if err == nil && len(days) == 1 && !when.Repeats(said) {
				continue // a bare day may be meant once
			}
			if err != nil && r.Code == "" || err == nil && !strings.Contains(plain(r), describes) { // taken, or offered
				t.Errorf("%s is not %q: %s", line, describes, plain(r))
			}
		}
	}
}
