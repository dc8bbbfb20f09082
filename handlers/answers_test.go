package handlers

import (
	"os"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/handlers/understand"
	"village/internal/village"
)

// asked is every open question, as maya or sam may have it.
func askedSample(a *App) map[understand.Asked]openQuestion {
	to := a.to(bot.Request{}, time.UTC)
	n := village.Need{ID: "32pn32", Kind: village.RideHome}
	buttons := map[understand.Asked][]bot.Button{
		understand.StillOn:    to.StillButtons(n),
		understand.CouldYou:   {to.ClaimButton(n), to.NotThisTime(n)},
		understand.OnTheWay:   append(to.HomeButtons(n), to.ReleaseButton(n)),
		understand.HomeSafe:   to.HomeButtons(n)[1:2],
		understand.RideHere:   to.RiderButtons(n),
		understand.MayThey:    to.JudgeButtons(n, "console/sam"),
		understand.SavePlan:   to.DraftButtons(village.Course{ID: "32pn32"}),
		understand.HowIsToday: to.CheckInButtons(),
		understand.ShallI:     {{Label: "Ask", Command: "/ask ride-home when: fri 2pm from: here"}},
	}
	out := map[understand.Asked]openQuestion{}
	for kind, b := range buttons {
		out[kind] = openQuestion{kind: kind, label: "this", buttons: b, names: []string{"maya", "sam"}}
	}
	return out
}

// Whatever was asked is answered in words of one's own; what nobody can take back, and
// what is not sure, comes back with its buttons.
func TestAnswersInWords(t *testing.T) {
	b, err := newBench(loaded(t), boltStore, time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	text, err := os.ReadFile("testdata/answers.tsv")
	if err != nil {
		t.Fatal(err)
	}
	asked, count := askedSample(b.app), map[understand.Asked]int{}
	for line := range strings.Lines(string(text)) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cols) != 3 {
			continue
		}
		q, known := asked[understand.Asked(cols[0])]
		if !known {
			t.Fatalf("no such question: %s", line)
		}
		count[q.kind]++
		if got := q.doneBy(b.app, cols[2]); got != cols[1] {
			t.Errorf("%s %q: %s, want %s", cols[0], cols[2], got, cols[1])
		}
	}
	for kind := range asked {
		if count[kind] < 12 {
			t.Errorf("only %d answers to %s", count[kind], kind)
		}
	}
}

// doneBy is what words do to a question.
func (q openQuestion) doneBy(a *App, said string) string {
	who := speaker{open: []openQuestion{q}}
	if q.kind == understand.StillOn || q.kind == understand.CouldYou || q.kind == understand.OnTheWay {
		who.role = understand.Helper
	}
	r := a.ear.Read(understand.Heard{Words: said, Who: who.role, Asked: who.asked(), Names: who.names()}, nil)
	if r.Kind != understand.Reply || !q.takes(r) {
		return "other"
	}
	line := q.tapFor(r).Command
	switch {
	case q.kind == understand.ShallI && r.Said == understand.No:
		return "not"
	case !r.Sure || line == "" || !a.inWords(line):
		return "asks"
	case q.kind == understand.ShallI:
		return "shall"
	case q.kind == understand.HowIsToday:
		return strings.TrimPrefix(line, "/")
	}
	return strings.Join(strings.Fields(line)[:2], " ")[1:]
}

// Every row of the table of answers names a button that its questions have, and every
// button of a question has a row, but for those that ask for people.
func TestAnswersAndButtons(t *testing.T) {
	b, err := newBench(loaded(t), boltStore, time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	for kind, q := range askedSample(b.app) {
		for _, button := range q.buttons {
			if kind == understand.ShallI || button.Command == "/checkin today help" || strings.HasPrefix(button.Command, "/session c") {
				continue
			}
			found := false
			for _, x := range answers() {
				for _, said := range x.said {
					r := understand.Reading{Said: said, Plain: true}
					found = found || x.fits(kind, r) && q.tapFor(r).Command == button.Command
				}
			}
			if !found {
				t.Errorf("%s: nothing said means %q", kind, button.Command)
			}
		}
	}
}
