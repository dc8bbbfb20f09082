package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// notTheirs are the kinds of document that are listed under nobody: the group's own,
// a moderators' quiet no, what names nobody, and who somebody is, which an export begins with.
var notTheirs = []string{records.KindGroup, records.KindMember, records.KindReminder, records.KindPlace, records.KindBar, records.KindJoin, records.KindLocal, records.KindPosts, records.KindTrouble, records.KindSeen, records.KindLink, records.KindFeed}

// toldOf are the kinds that are about a person, with words of what an export says of
// each of them.
var toldOf = map[string]string{
	records.KindNeed:        "the north gate",
	records.KindDetails:     "the blue door",
	records.KindTrust:       words.Reader{}.TrustKept(),
	records.KindModerator:   words.Reader{}.ModeratorKept(),
	records.KindHelper:      "You as a helper: I may ask you",
	records.KindCourse:      "no food from 8 hours before",
	records.KindDiary:       "Monday 23 November 2026: heavier",
	records.KindScores:      "Numbers you were given: 1",
	records.KindEntry:       "You wrote: saw a whale",
	records.KindWaiting:     "That you are about to write",
	records.KindOwnReminder: "water the basil",
	records.KindPreferences: "Your quiet hours: 11:00 pm to 6:00 am",
	records.KindHeld:        "14 Quince Lane",
	records.KindWorry:       "the car smelled of smoke",
	records.KindCalendar:    "That you have an address for your calendar, as a hash",
	records.KindFamily:      "That you gave Aunt Rosa a personal link",
	records.KindNews:        "On Monday 23 November 2026, 4:00 pm (UTC) your page told you: Thank you for saying yes.",
	records.KindAct:         "In the moderators' log until",
	scheduler.KindDead:      words.Reader{}.MissedKept(),
}

// Every kind of document that can be about a person is told of in their export. A
// new kind fails this test until somebody has said whose it is.
func TestExportTellsOfEverything(t *testing.T) {
	if kinds := documentKinds(t); !slices.Equal(kinds, slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(toldOf)), notTheirs...)))) {
		t.Errorf("there are documents of the kinds %q: which of them are about a person?", kinds)
	}
	onEveryStore(t, 17, exportTells)
}

// documentKinds are the values of the constants of handlers and records that name a kind of
// document, and the scheduler's kind that people are told of.
func documentKinds(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.go", "records/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal("there is no source", pattern, err)
		}
		names = append(names, found...)
	}
	kinds := []string{scheduler.KindDead}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			for i, id := range spec.Names {
				text, ok := spec.Values[i].(*ast.BasicLit)
				if ok && text.Kind == token.STRING && strings.HasPrefix(strings.ToLower(id.Name), "kind") && !strings.HasSuffix(id.Name, "Job") {
					kind, err := strconv.Unquote(text.Value)
					if err != nil {
						t.Fatal(err)
					}
					kinds = append(kinds, kind)
				}
			}
			return true
		})
	}
	slices.Sort(kinds)
	return kinds
}

func exportTells(t *testing.T, b *bench) {
	b.closeTo(t, "console/maya")
	start := b.clock()
	ids := map[string]string{} // of people on other platforms
	says := func(who, line string) string {
		t.Helper()
		if id := ids[who]; id != "" {
			r := b.bot.Do(t.Context(), bot.Request{Platform: "web", Room: bot.Room{ID: id, Direct: true}, From: bot.Person{ID: id, Name: who}, Line: line})
			return bot.PlainText(r.Messages[0].Text)
		}
		return bot.PlainText(b.mustSay(t, who, line).Messages[0].Text)
	}
	says("maya", "/ask childcare 2026-12-05 12:00 where: the north gate children: 2 details: the blue door")
	needs, err := b.needs()
	if err != nil || len(needs) != 1 {
		t.Fatal(needs, err)
	}
	for _, helper := range []string{"sam", "lee", "kim"} {
		says(helper, "/need open")
	}
	says("sam", "/need claim "+needs[0].ID)
	says("maya", "/need approve "+needs[0].ID+" @sam")
	says("maya", "/ask meal 2026-12-06 18:00 where: the north gate")
	if needs, err = b.needs(); err != nil || len(needs) != 2 {
		t.Fatal(needs, err)
	}
	for _, n := range needs {
		if n.Kind == village.Meal {
			says("lee", "/need claim "+n.ID)
		}
	}
	says("maya", "/session add 2026-12-01 13:00 area: the park details: the blue door fasting: food 8 hours")
	courses, err := b.app.CoursesIn(t.Context(), "console/village", "console/maya")
	if err != nil || len(courses) != 1 {
		t.Fatal(courses, err)
	}
	says("maya", "/session save "+courses[0].ID)
	b.says("maya", "/checkin today heavier")
	says("maya", "/checkin score 12 scale: PHQ-9")
	says("maya", "/journal saw a whale")
	b.from("", "maya", "/journal", true, false)
	says("maya", "/remind add 2026-12-24 09:00 words: water the basil")
	says("maya", "/remind quiet 23:00-6:00")
	says("maya", "/helper join")
	says("mod", "/helper join")
	says("maya", "/ask errand 2026-12-06 12:00 where: 14 Quince Lane")
	says("maya", "/family add name: Aunt Rosa")
	says("maya", "/family add name: Rosa")
	rosa, _, err := b.app.OnPage(t.Context(), "console/village", "Rosa")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.app.Deliver(t.Context(), bot.Outgoing{To: bot.Address{Person: rosa.ID}, Message: bot.Message{Title: "Thank you for saying yes"}}); err != nil {
		t.Fatal(err)
	}
	says("maya", "/my calendar")
	says("maya", "/report words: the car smelled of smoke name: yes")
	before := says("kim", "/privacy export")
	says("mod", "/helper bar @kim")
	if after := says("kim", "/privacy export"); after != before {
		t.Errorf("kim learns something from being kept away: %s", after)
	}
	if err := b.wait(start.Add(time.Hour), func() {}); err != nil {
		t.Fatal(err)
	}

	ids["rosa"] = rosa.ID
	found, about := map[string]bool{}, map[string][]string{}
	err = b.store.Walk(t.Context(), func(d store.Doc) error {
		for _, e := range d.Listed {
			if e.Name == records.PersonIndex(rosa.ID) {
				about["rosa"] = append(about["rosa"], d.Kind)
			}
			for _, who := range []string{"maya", "sam", "lee", "mod"} {
				if e.Name == records.PersonIndex("console/"+who) || e.Name == deadIndex("console/"+who) || e.Name == records.ActIndex("console/"+who) {
					about[who] = append(about[who], d.Kind)
				}
			}
		}
		return nil
	}, func(store.Job) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for who, kinds := range about {
		text := says(who, "/privacy export")
		if strings.Contains(text, words.Reader{}.UnknownKept()) {
			t.Errorf("%s is told of something without words: %s", who, text)
		}
		for _, kind := range kinds {
			found[kind] = true
			told, known := toldOf[kind]
			if kind == records.KindTrust && who == "sam" || kind == records.KindHelper && who != "maya" && who != "mod" {
				continue // it is maya's word; who was never asked is told something else
			}
			if kind == records.KindFamily && who == "rosa" {
				told = "as the one who gave you this link calls you"
			}
			if kind == records.KindAct && who == "lee" { // who is kept away reads nothing of it
				if strings.Contains(text, told) {
					t.Errorf("lee reads what moderators said of them: %s", text)
				}
				continue
			}
			if !known || !strings.Contains(text, told) {
				t.Errorf("the export of %s does not tell of a %s: %s", who, kind, text)
			}
		}
		if who != "maya" && (strings.Contains(text, "the blue door") || strings.Contains(text, "maya")) {
			t.Errorf("the export of %s tells of maya: %s", who, text)
		}
		if who == "sam" && strings.Contains(text, words.Reader{}.TrustKept()) {
			t.Errorf("sam is told of a word about them: %s", text)
		}
	}
	for kind := range toldOf {
		if !found[kind] {
			t.Errorf("nobody here has a %s", kind)
		}
	}
}
