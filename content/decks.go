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
	// Others are further ways to say Discreet, so that a course does not say the same each time.
	Others []string
	// Lead is what Plain begins with where its time has come; said early or late, Plain stands without it.
	Lead string
}

// DiscreetOn is the discreet voice of one day out of all there are.
func (c Card) DiscreetOn(day int) string {
	if n := day % (len(c.Others) + 1); n > 0 {
		return c.Others[n-1]
	}
	return c.Discreet
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
			ID       string   `yaml:"id"`
			Kind     string   `yaml:"kind"`
			Title    string   `yaml:"title"`
			Text     string   `yaml:"text"`
			Why      string   `yaml:"why"`
			Discreet string   `yaml:"discreet"`
			Others   []string `yaml:"others"`
			Lead     string   `yaml:"lead"`
			Plain    string   `yaml:"plain"`
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
			Discreet: c.Discreet, Others: c.Others, Lead: c.Lead, Plain: c.Plain})
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
	c := &complaints{file: "decks/" + d.Name + ".yaml"}
	if !ok {
		c.say("see decks/README.md", "there is no deck of that name")
		return c.list
	}
	if d.Title == "" || len([]rune(d.Title)) > 60 {
		c.say("give it a title of up to 60 characters", "title %q", d.Title)
	}
	if d.About == "" || len([]rune(d.About)) > 200 {
		c.say("say in one sentence of up to 200 characters what it is for", "about %q", d.About)
	}
	if !d.Own && rule.exactly > 0 && len(d.Cards) != rule.exactly {
		c.say(fmt.Sprintf("make it %d", rule.exactly), "%d cards", len(d.Cards))
	}
	if !d.Own && len(d.Cards) < rule.least {
		c.say(fmt.Sprintf("write at least %d", rule.least), "%d cards", len(d.Cards))
	}
	all := c.cards(d, rule)
	c.kinds(d, rule)
	c.reminders(d, rule)
	if g := Grade(all); g > 8 {
		c.say("shorter sentences, commoner words", "reading grade %.1f", g)
	}
	return c.list
}

// cards complains of each card, and gives what all of them say.
func (c *complaints) cards(d Deck, rule deckRule) string {
	ids, texts := map[string]bool{}, map[string]bool{}
	var all strings.Builder
	for _, card := range d.Cards {
		c.id("card id", card.ID)
		if ids[card.ID] {
			c.say("rename one", "card %s is there twice", card.ID)
		}
		ids[card.ID] = true
		for _, f := range rule.fields(d.Name, card) {
			c.field(card.ID, f, texts)
			if f.text != "" && f.name != "title" {
				all.WriteString(strings.TrimRight(f.text, " .!?") + ".\n")
			}
		}
		if card.Lead != "" && card.Plain == "" {
			c.say("write it", "card %s has a lead and no plain voice", card.ID)
		}
		for _, says := range append([]string{card.Discreet}, card.Others...) {
			if m := GivesAway(says); m != "" {
				c.say("a locked screen may show it: say it without", "card %s: the discreet voice says %q", card.ID, m)
			}
		}
	}
	return all.String()
}

// field is one text of a card and what is asked of it.
type field struct {
	name, text string
	longest    int // characters
	must       bool
}

func (r deckRule) fields(deck string, c Card) []field {
	fields := []field{
		{"title", c.Title, r.title, deck == "grounding"}, {"text", c.Text, r.text, r.text > 0}, {"why", c.Why, r.why, false},
		{"discreet", c.Discreet, r.discreet, r.discreet > 0}, {"plain", c.Whole(), r.plain, r.plain > 0},
	}
	for _, other := range c.Others {
		fields = append(fields, field{"others", other, r.discreet, true})
	}
	return fields
}

// field complains of one text of a card; texts are those that other cards have.
func (c *complaints) field(card string, f field, texts map[string]bool) {
	switch {
	case f.must && f.text == "":
		c.say("write it", "card %s has no %s", card, f.name)
	case len([]rune(f.text)) > f.longest:
		c.say(fmt.Sprintf("at most %d", f.longest), "card %s: %s has %d characters", card, f.name, len([]rune(f.text)))
	}
	if f.text == "" {
		return
	}
	if f.name != "title" && texts[f.text] {
		c.say("say something new", "card %s: the same words stand on another card: %q", card, f.text)
	}
	texts[f.text] = true
	for _, p := range checkWords(f.text, false) {
		c.say(p.Do, "card %s, %s: %s", card, f.name, p.What)
	}
}

// kinds complains of kinds of card that are too few, or that the deck has not.
func (c *complaints) kinds(d Deck, rule deckRule) {
	kinds := map[string]int{}
	for _, card := range d.Cards {
		kinds[card.Kind]++
	}
	for _, k := range rule.kinds {
		if !d.Own && kinds[k] < rule.perKind {
			c.say(fmt.Sprintf("at least %d", rule.perKind), "%d cards of kind %s", kinds[k], k)
		}
		delete(kinds, k)
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		if k != "" || len(rule.kinds) > 0 {
			c.say("use one of: "+strings.Join(rule.kinds, ", "), "kind %q", k)
		}
	}
}

// reminders complains of a deck of reminders that lacks one or has one that nobody sends.
func (c *complaints) reminders(d Deck, rule deckRule) {
	if len(rule.ids) == 0 {
		return
	}
	var ids []string
	for _, card := range d.Cards {
		ids = append(ids, card.ID)
	}
	for _, id := range rule.ids {
		if !d.Own && !slices.Contains(ids, id) {
			c.say("write it", "reminder %s is missing", id)
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if !slices.Contains(rule.ids, id) {
			c.say("remove it, or add it to decks/README.md and decks.go", "nobody sends reminder %s", id)
		}
	}
}

// GivesAway is the first word that a locked screen must not show, because it
// says what somebody is going through; "" when there is none.
func GivesAway(words string) string { return discreetWords.FindString(words) }

var discreetWords = regexp.MustCompile(`(?i)\b(ketamin|ket\b|kap\b|therap|clinic|session|medicin|medicat|dose|dosing|troche|lozenge|infusion|treatment|trip\b|suicid|crisis|depress|ptsd|psyched|mental|heavier|fasting|welcome home|leave the driving|slow breath|how is today|how are you|mood|feel(?:ing)? (?:better|worse|low))\w*`)
