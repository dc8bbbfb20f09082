package handlers

import (
	"testing"
	"time"

	"golang.org/x/text/language"

	"village/bot"
	"village/handlers/words"
	"village/internal/village"
)

// Whoever has set another language is answered in it, refusals and their next steps
// too, and sees the commands by its names; everybody else reads English.
func TestLanguageOfAReader(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	spanish, err := words.Catalogue(language.Spanish, map[string]string{
		"Your time zone is set":                      "Tu zona horaria",
		"You already have %d requests ahead of you.": "Ya tienes %d peticiones.",
		"Mine": "Lo mío",
	})
	if err != nil {
		t.Fatal(err)
	}
	a := New(Config{Content: library, Now: time.Now, Languages: words.Languages{"es": spanish},
		Commands: map[string]map[string]bot.Local{"es-ES": {"need mine": {Name: "mias", Summary: "Lo que has pedido"}}}})
	if a.tableErr != nil {
		t.Fatal(a.tableErr)
	}
	named := false
	for _, c := range a.Table() {
		for _, sub := range c.Subs {
			named = named || c.Name == "need" && sub.In["es-ES"].Name == "mias"
		}
	}
	if !named {
		t.Error("the commands have no Spanish names")
	}
	refusal := &village.Error{Code: "too-many", Say: village.Sentence{English: "You already have %d requests ahead of you.", Args: []any{20}}, Next: village.NextMine}
	for locale, want := range map[string][3]string{
		"es-MX": {"Tu zona horaria", "Ya tienes 20 peticiones.", "Lo mío"},
		"en-GB": {"Your time zone is set", "You already have 20 requests ahead of you.", "Mine"},
		"":      {"Your time zone is set", "You already have 20 requests ahead of you.", "Mine"},
	} {
		to := a.to(bot.Request{Locale: locale}, nil)
		said, ok := to.Refusal(refusal).(*bot.Error)
		if !ok || len(said.Buttons) != 1 || to.OwnZoneSet(time.UTC).Title != want[0] || said.Say != want[1] || said.Buttons[0].Label != want[2] {
			t.Errorf("%q reads %q and %+v", locale, to.OwnZoneSet(time.UTC).Title, said)
		}
	}
	a = New(Config{Content: library, Now: time.Now, Commands: map[string]map[string]bot.Local{"es-ES": {"need yours": {Name: "tuyo"}}}})
	if _, err := a.Bot(); err == nil {
		t.Error("a name for a command that there is not is taken")
	}
}
