package content

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Deck is a set of short things to draw, tick or send: intention, integration, grounding, bag, provider or reminders.
// decks/README.md says how a file is written and which fields the cards of each deck have.
type Deck struct {
	Name, Title, About string
	ReviewBy           time.Time // midnight UTC
	ReviewedBy         string
	Cards              []Card
	Own                bool
}

// Card is one of a deck. ID never changes, so that somebody's draws can be remembered. Kind is set in integration (writing,
// drawing, body, nature, talking) and provider (check, ask); Discreet, Lead and Plain only in reminders, which have no Text.
type Card struct {
	ID, Kind, Title, Text, Why string
	Discreet, Plain            string
	// Lead is what Plain begins with where its time has come; said early or late, Plain stands without it.
	Lead string
}

// Whole is the plain voice with its lead.
func (c Card) Whole() string {
	if c.Lead == "" {
		return c.Plain
	}
	return c.Lead + " " + c.Plain
}

// Card returns the card with that id.
func (d Deck) Card(id string) (Card, bool) {
	for _, c := range d.Cards {
		if c.ID == id {
			return c, true
		}
	}
	return Card{}, false
}

// Deck returns the deck with that name, and false when nobody has written it.
func (l *Library) Deck(name string) (Deck, bool) {
	d, ok := l.decks[name]
	return d, ok
}

// deckRule is what decks/README.md promises of one deck.
type deckRule struct {
	exactly, least int
	kinds          []string
	perKind        int
	ids            []string // when set: these and no others
	title, text    int      // longest, in characters; 0: the field must be empty
	why            int
	discreet       int
	plain          int
}

func deckRules() map[string]deckRule {
	return map[string]deckRule{
		"intention":   {exactly: 30, title: 40, text: 200},
		"integration": {exactly: 40, kinds: []string{"writing", "drawing", "body", "nature", "talking"}, perKind: 6, text: 300},
		"grounding":   {exactly: 12, title: 40, text: 700},
		"bag":         {least: 8, text: 80, why: 150},
		"provider":    {least: 10, kinds: []string{"check", "ask"}, perKind: 4, text: 200, why: 200},
		"reminders": {discreet: 120, plain: 300, ids: []string{"book-ride", "book-childcare", "hydration", "fasting", "pack-bag", "intention",
			"sleep-early", "time-to-go", "home-rest", "evening-prompt", "integration", "integration-appointment", "keep-medicines",
			"check-in", "touch-up-question", "someone-to-call", "session-today", "note"}},
	}
}

// Decks are the names of the decks there can be, in alphabetical order.
func Decks() []string { return slices.Sorted(maps.Keys(deckRules())) }

func (l *Library) addDecks(fsys fs.FS, overlay string) Problems {
	var problems Problems
	for name, data := range files(fsys, "decks", ".yaml", &problems) {
		file := path.Join(overlay, name)
		d, ps := parseDeck(file, data)
		problems = append(problems, ps...)
		if len(ps) > 0 {
			continue
		}
		if _, ok := deckRules()[d.Name]; !ok {
			problems = append(problems, Problem{file, "there is no deck called " + d.Name, "see decks/README.md"})
			continue
		}
		if overlay != "" {
			d.Own = true
			for _, p := range CheckDeck(d) {
				p.File = file
				problems = append(problems, p)
			}
		}
		l.decks[d.Name] = d
	}
	return problems
}

func parseDeck(file string, data []byte) (Deck, Problems) {
	var m struct {
		Title      string `yaml:"title"`
		About      string `yaml:"about"`
		ReviewBy   string `yaml:"review_by"`
		ReviewedBy string `yaml:"reviewed_by"`
		Cards      []struct {
			ID       string `yaml:"id"`
			Kind     string `yaml:"kind"`
			Title    string `yaml:"title"`
			Text     string `yaml:"text"`
			Why      string `yaml:"why"`
			Discreet string `yaml:"discreet"`
			Lead     string `yaml:"lead"`
			Plain    string `yaml:"plain"`
		} `yaml:"cards"`
	}
	if err := yaml.UnmarshalWithOptions(data, &m, yaml.Strict()); err != nil {
		return Deck{}, Problems{{file, firstLine(err.Error()), "see decks/README.md"}}
	}
	d := Deck{Name: strings.TrimSuffix(path.Base(file), ".yaml"), Title: m.Title, About: m.About, ReviewedBy: m.ReviewedBy}
	if m.ReviewBy != "" {
		var err error
		if d.ReviewBy, err = time.Parse(dateForm, m.ReviewBy); err != nil {
			return Deck{}, Problems{{file, fmt.Sprintf("review_by %q is no date", m.ReviewBy), "write it as 2027-05-22"}}
		}
	}
	for _, c := range m.Cards {
		d.Cards = append(d.Cards, Card{ID: c.ID, Kind: c.Kind, Title: c.Title, Text: strings.TrimSpace(c.Text), Why: c.Why,
			Discreet: c.Discreet, Lead: c.Lead, Plain: c.Plain})
	}
	return d, nil
}

// validID says whether an id is lower-case letters and digits with single dashes between.
func validID(id string) bool {
	for _, part := range strings.Split(id, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// CheckDeck returns what is wrong with a deck, by the rules in decks/README.md; a group's own deck may have another number of cards.
func CheckDeck(d Deck) Problems {
	rule, ok := deckRules()[d.Name]
	file := "decks/" + d.Name + ".yaml"
	if !ok {
		return Problems{{file, "there is no deck of that name", "see decks/README.md"}}
	}
	var problems Problems
	say := func(do, format string, args ...any) {
		problems = append(problems, Problem{file, fmt.Sprintf(format, args...), do})
	}
	if d.Title == "" || len([]rune(d.Title)) > 60 {
		say("give it a title of up to 60 characters", "title %q", d.Title)
	}
	if d.About == "" || len([]rune(d.About)) > 200 {
		say("say in one sentence of up to 200 characters what it is for", "about %q", d.About)
	}
	if !d.Own && rule.exactly > 0 && len(d.Cards) != rule.exactly {
		say(fmt.Sprintf("make it %d", rule.exactly), "%d cards", len(d.Cards))
	}
	if !d.Own && len(d.Cards) < rule.least {
		say(fmt.Sprintf("write at least %d", rule.least), "%d cards", len(d.Cards))
	}
	seen, kinds, texts := map[string]bool{}, map[string]int{}, map[string]bool{}
	var all strings.Builder
	for _, c := range d.Cards {
		if !validID(c.ID) || len(c.ID) > 40 {
			say("lower case, digits and dashes, up to 40", "card id %q", c.ID)
		}
		if seen[c.ID] {
			say("rename one", "card %s is there twice", c.ID)
		}
		seen[c.ID] = true
		kinds[c.Kind]++
		for _, f := range []struct {
			name, text string
			longest    int
			must       bool
		}{
			{"title", c.Title, rule.title, d.Name == "grounding"}, {"text", c.Text, rule.text, rule.text > 0}, {"why", c.Why, rule.why, false},
			{"discreet", c.Discreet, rule.discreet, rule.discreet > 0}, {"plain", c.Whole(), rule.plain, rule.plain > 0},
		} {
			switch {
			case f.must && f.text == "":
				say("write it", "card %s has no %s", c.ID, f.name)
			case len([]rune(f.text)) > f.longest:
				say(fmt.Sprintf("at most %d", f.longest), "card %s: %s has %d characters", c.ID, f.name, len([]rune(f.text)))
			}
			if f.text == "" {
				continue
			}
			if f.name != "title" && texts[f.text] {
				say("say something new", "card %s: the same words stand on another card: %q", c.ID, f.text)
			}
			texts[f.text] = true
			for _, p := range checkWords(f.text, false) {
				say(p.Do, "card %s, %s: %s", c.ID, f.name, p.What)
			}
			if f.name != "title" {
				all.WriteString(strings.TrimRight(f.text, " .!?") + ".\n")
			}
		}
		if c.Lead != "" && c.Plain == "" {
			say("write it", "card %s has a lead and no plain voice", c.ID)
		}
		if m := GivesAway(c.Discreet); m != "" {
			say("a locked screen may show it: say it without", "card %s: the discreet voice says %q", c.ID, m)
		}
	}
	for _, k := range rule.kinds {
		if !d.Own && kinds[k] < rule.perKind {
			say(fmt.Sprintf("at least %d", rule.perKind), "%d cards of kind %s", kinds[k], k)
		}
		delete(kinds, k)
	}
	for k := range kinds {
		if k != "" || len(rule.kinds) > 0 {
			say("use one of: "+strings.Join(rule.kinds, ", "), "kind %q", k)
		}
	}
	for _, id := range rule.ids {
		if !seen[id] && !d.Own {
			say("write it", "reminder %s is missing", id)
		}
		delete(seen, id)
	}
	if len(rule.ids) > 0 {
		for id := range seen {
			say("remove it, or add it to decks/README.md and decks.go", "nobody sends reminder %s", id)
		}
	}
	if g := Grade(all.String()); g > 8 {
		say("shorter sentences, commoner words", "reading grade %.1f", g)
	}
	return problems
}

// GivesAway is the first word that a locked screen must not show, because it
// says what somebody is going through; "" when there is none.
func GivesAway(words string) string { return discreetWords.FindString(words) }

var discreetWords = regexp.MustCompile(`(?i)\b(ketamin|ket\b|kap\b|therap|clinic|session|medicin|medicat|dose|dosing|troche|lozenge|infusion|treatment|trip\b|suicid|crisis|depress|ptsd|psyched|mental)\w*`)
