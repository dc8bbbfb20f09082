package content

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const goodNote = `---
id: our-clinic
title: Where is our clinic and where do I park?
category: practical
ask:
  - parking at the clinic
  - where do i leave the car
---
The clinic is behind the library, and the car park in front is free.

Ring the bell twice. Ask the desk if the door is shut.
`

func overlay(files map[string]string) Overlay {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return Overlay{FS: fsys, Name: "ours"}
}

func TestAGroupsOwnWords(t *testing.T) {
	l, err := Load(overlay(map[string]string{"topics/our-clinic.md": goodNote}))
	if err != nil {
		t.Fatal(err)
	}
	topic, ok := l.Topic("our-clinic")
	if !ok || !topic.Own || topic.Category != "practical" {
		t.Fatalf("%+v", topic)
	}
	if f := l.Find("where do i park at the clinic"); f.Topics[0].ID != "our-clinic" {
		t.Errorf("%+v", f)
	}
	if shelf := l.Categories()[slices.IndexFunc(l.Categories(), func(c Category) bool { return c.ID == "practical" })]; !slices.Contains(shelf.Topics, "our-clinic") {
		t.Errorf("not on its shelf: %v", shelf.Topics)
	}
	if len(l.Overdue(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))) != len(l.Topics())-1 {
		t.Error("a note without a review day is overdue, or a topic of ours is not")
	}
}

func TestAGroupsOwnWordsReplaceOurs(t *testing.T) {
	ours, _ := load(t).Topic("driving-after")
	text := strings.ReplaceAll(strings.Replace(goodNote, "our-clinic", "driving-after", 1), "practical", "home")
	l, err := Load(overlay(map[string]string{"topics/driving-after.md": text}))
	if err != nil {
		t.Fatal(err)
	}
	if topic, _ := l.Topic("driving-after"); !topic.Own || topic.Body == ours.Body {
		t.Errorf("%+v", topic)
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Load(overlay(map[string]string{
		"topics/no-front.md":   "Just words.",
		"topics/no-end.md":     "---\nid: no-end\n",
		"topics/bad-yaml.md":   "---\nid: [\n---\nWords.",
		"topics/unknown.md":    "---\nid: unknown\ntitle: T\ncategory: home\ncolour: red\n---\nWords.",
		"topics/wrong-id.md":   strings.Replace(goodNote, "our-clinic", "other", 1),
		"topics/our-clinic.md": strings.Replace(goodNote, "Ring the bell twice.", "Take 50 mg and stop your medicine. It heals.", 1),
		"topics/shelf.md":      strings.ReplaceAll(strings.Replace(goodNote, "our-clinic", "shelf", 1), "practical", "attic"),
		"topics/late.md":       strings.Replace(strings.Replace(goodNote, "our-clinic", "late", 1), "ask:", "review_by: soon\nask:", 1),
		"topics/dead.md":       strings.Replace(strings.Replace(goodNote, "our-clinic", "dead", 1), "ask:", "related: [gone]\nask:", 1),
		"decks/bag.yaml":       "title: Bag\ncards: 3\n",
		"decks/hats.yaml":      "title: Hats\nabout: Hats.\ncards: []\n",
		"crisis.yaml":          "countries: [{code: US, lines: [{name: Ours, how: call, number: \"555\", link: \"tel:556\", words: Call us 24/7 on 555, checked: never}]}]",
	}))
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error is %v", err)
	}
	for _, want := range []string{"no-front", "no-end", "bad-yaml", "unknown", "wrong-id", `says "50 mg"`, `says "stop your medicine"`, `says "heals"`, `"attic"`,
		"review_by", `"gone"`, "bag.yaml", "hats", "555", "never", "hours", "no source"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing about %s in\n%v", want, err)
		}
	}
	for _, p := range problems {
		if !strings.HasPrefix(p.File, "ours") || p.Do == "" {
			t.Errorf("%q does not say where or what to do", p)
		}
	}
}

func TestEveryAnswerOfALibrary(t *testing.T) {
	l := load(t)
	if len(l.Categories()) == 0 {
		t.Fatal("no categories")
	}
	n := 0
	for _, c := range l.Categories() {
		for _, id := range c.Topics {
			n++
			topic, ok := l.Topic(id)
			if !ok || topic.Category != c.ID || topic.Own || topic.Short == "" || !strings.HasPrefix(topic.Body, topic.Short) {
				t.Errorf("%s: %+v", id, topic)
			}
			for _, r := range topic.Related {
				if _, ok := l.Topic(r); !ok {
					t.Errorf("%s is related to %s, which is not there", id, r)
				}
			}
		}
	}
	if n != len(l.Topics()) {
		t.Errorf("%d topics on the shelves, %d in all", n, len(l.Topics()))
	}
}

func TestCrisisLines(t *testing.T) {
	l := load(t)
	codes := []string{}
	for _, c := range l.Countries() {
		codes = append(codes, c.Code)
		crisis := l.Crisis(c.Code)
		if crisis.Country != c || len(crisis.Lines) == 0 || len(crisis.Now) < 2 || len(crisis.Tell) == 0 || crisis.Honest == "" {
			t.Errorf("%+v", crisis)
		}
		for _, words := range slices.Concat(crisis.Now, crisis.Tell, []string{crisis.Honest}) {
			if digits(words) != "" {
				t.Errorf("a number in %q, which is shown in every country", words)
			}
			for _, p := range checkWords(words, true) {
				t.Error(words, p)
			}
		}
		if g := Grade(strings.Join(slices.Concat(crisis.Now, crisis.Tell, []string{crisis.Honest}), "\n\n")); g > 6 {
			t.Errorf("%s: grade %.1f is too hard for a frightened reader", c.Code, g)
		}
	}
	if want := []string{"US", "CA", "UK", "IE", "AU", "NZ", International}; !slices.Equal(codes, want) {
		t.Errorf("countries %v, want %v", codes, want)
	}
	for name, code := range map[string]string{"gb": "UK", "United Kingdom": "UK", " usa ": "US", "ireland": "IE", "": International, "Atlantis": International, "DE": International} {
		if got := l.Crisis(name).Country.Code; got != code {
			t.Errorf("%q is %s, want %s", name, got, code)
		}
	}
}

// One number never stands for two countries: what a person in one country is shown was checked for that country, and whatever
// digits two countries share are named as two services, each with its own source.
func TestOneNumberNeverStandsForTwoCountries(t *testing.T) {
	l := load(t)
	shared := map[string][]string{}
	sources := map[string]map[string]string{}
	for code, c := range l.crisis {
		for _, line := range append(slices.Clone(c.Lines), c.Emergency) {
			d := digits(line.Number)
			if d == "" {
				continue
			}
			if !slices.Contains(shared[d], code) {
				shared[d] = append(shared[d], code)
			}
			if sources[d] == nil {
				sources[d] = map[string]string{}
			}
			for other, source := range sources[d] {
				if other != code && source == line.Source {
					t.Errorf("%s in %s and %s rests on one source", d, code, other)
				}
			}
			sources[d][code] = line.Source
		}
	}
	maps.DeleteFunc(shared, func(_ string, codes []string) bool { return len(codes) < 2 })
	want := map[string][]string{"911": {"CA", "US"}, "988": {"CA", "US"}, "116123": {"IE", "UK"}, "111": {"NZ", "UK"}}
	for d, codes := range shared {
		slices.Sort(codes)
		if !slices.Equal(codes, want[d]) {
			t.Errorf("%s stands for %v", d, codes)
		}
	}
	wrong := map[string]Crisis{}
	maps.Copy(wrong, l.crisis)
	nz := wrong["NZ"]
	nz.Lines = append(slices.Clone(nz.Lines), Line{Name: "Elsewhere", How: "call", Number: "13 11 14", Source: "hearsay"})
	wrong["NZ"] = nz
	if ps := checkCrisis("crisis.yaml", wrong, want); len(ps) == 0 {
		t.Error("an Australian number in New Zealand is let in")
	}
}

func TestAGroupsOwnLinesComeFirst(t *testing.T) {
	l, err := Load(overlay(map[string]string{"crisis.yaml": `countries: [{code: UK, lines: [{name: Village nurse, how: call, number: "01632 960 001", link: "tel:01632960001", words: Call the nurse on 01632 960 001, checked: 2026-11-22, source: the surgery}]}]`}))
	if err != nil {
		t.Fatal(err)
	}
	uk := l.Crisis("UK")
	if !uk.Lines[0].Own || uk.Lines[0].Name != "Village nurse" || len(uk.Lines) < 3 || uk.Emergency.Number != "999" || len(uk.Now) < 2 {
		t.Errorf("%+v", uk)
	}
}

func TestDecksAreChecked(t *testing.T) {
	card := func(id string) Card { return Card{ID: id, Text: "Rest for a while, " + id + "."} }
	var cards []Card
	for i := range 30 {
		cards = append(cards, card(string(rune('a'+i%26))+strings.Repeat("x", i/26)))
	}
	good := Deck{Name: "intention", Title: "Cards", About: "To draw.", Cards: cards}
	if ps := CheckDeck(good); len(ps) > 0 {
		t.Fatal(ps)
	}
	for name, spoil := range map[string]func(*Deck){
		"unknown deck": func(d *Deck) { d.Name = "hats" },
		"no title":     func(d *Deck) { d.Title = "" },
		"no about":     func(d *Deck) { d.About = "" },
		"29 cards":     func(d *Deck) { d.Cards = d.Cards[:29] },
		"id twice":     func(d *Deck) { d.Cards[1].ID = d.Cards[0].ID },
		"bad id":       func(d *Deck) { d.Cards[1].ID = "No!" },
		"words twice":  func(d *Deck) { d.Cards[1].Text = d.Cards[0].Text },
		"no text":      func(d *Deck) { d.Cards[1].Text = "" },
		"long text":    func(d *Deck) { d.Cards[1].Text = strings.Repeat("a ", 101) },
		"kind":         func(d *Deck) { d.Cards[1].Kind = "writing" },
		"promise":      func(d *Deck) { d.Cards[1].Text = "This heals you." },
		"stray field":  func(d *Deck) { d.Cards[1].Plain = "Words." },
		"stray lead":   func(d *Deck) { d.Cards[1].Lead = "Words." },
	} {
		d := good
		d.Cards = slices.Clone(cards)
		spoil(&d)
		if len(CheckDeck(d)) == 0 {
			t.Errorf("%s: nothing found", name)
		}
	}
	for name, c := range map[string]Card{
		"lead alone":         {ID: "note", Discreet: "It is here.", Lead: "Your note."},
		"long with its lead": {ID: "note", Discreet: "It is here.", Lead: strings.TrimSpace(strings.Repeat("Rest now. ", 16)), Plain: strings.TrimSpace(strings.Repeat("Sip some. ", 16))},
	} {
		if len(CheckDeck(Deck{Name: "reminders", Title: "R", About: "R.", Own: true, Cards: []Card{c}})) != 1 {
			t.Errorf("%s: not one thing found", name)
		}
	}
	r := Deck{Name: "reminders", Title: "R", About: "R.", Own: true, Cards: []Card{{ID: "note", Discreet: "Your clinic wrote.", Plain: "Your note."}}}
	if len(CheckDeck(r)) != 1 {
		t.Errorf("a clinic on a locked screen: %v", CheckDeck(r))
	}
}

// What never ends is not read, and what is far too long is named: neither holds up the
// start.
func TestFilesThatAreNone(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "topics"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"topics/endless.md": os.DevNull, "crisis.yaml": os.DevNull} {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "topics/huge.md"), make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Overlay{Name: folder, FS: os.DirFS(folder)})
	for _, want := range []string{"endless.md", "crisis.yaml", "no file with words", "huge.md", "is the most"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing about %q in: %v", want, err)
		}
	}
}
