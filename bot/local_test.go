package bot

import (
	"strings"
	"testing"
)

// A table speaks another language beside its own, which it keeps; what is said of
// something that the table does not have is a mistake that is named.
func TestTranslate(t *testing.T) {
	table := localTable()
	de, err := Translate(table, "de", map[string]Local{
		"ask":                     {Name: "bitten", Summary: "Um Hilfe bitten"},
		"ask ride-home":           {Name: "heimfahrt", Label: "Das Dorf fragen"},
		"ask ride-home when":      {Name: "wann", Summary: "Tag und Uhrzeit"},
		"ask ride-home car small": {Label: "Ein kleines"},
	})
	if err != nil {
		t.Fatal(err)
	}
	both, err := Translate(de, "fr", map[string]Local{"ask": {Name: "demander"}})
	if err != nil {
		t.Fatal(err)
	}
	ask := both[0]
	ride := ask.Subs[0]
	if ask.Name != "ask" || ask.In["de"].Name != "bitten" || ask.In["fr"].Name != "demander" || ride.In["de"].Label != "Das Dorf fragen" ||
		ride.Options[0].In["de"].Summary != "Tag und Uhrzeit" || ride.Options[1].Choices[0].In["de"].Label != "Ein kleines" {
		t.Errorf("translated: %+v", both)
	}
	if table[0].In != nil || table[0].Subs[0].Options[0].In != nil || de[0].In["fr"].Name != "" {
		t.Error("the table before was changed")
	}
	if _, err := New(Config{Table: both}); err != nil {
		t.Error(err)
	}
	if _, err := Translate(table, "de", map[string]Local{"ask meal": {Name: "essen"}, "ask ride-home why": {}}); err == nil ||
		!strings.Contains(err.Error(), `de: the table has no "ask meal"`) || !strings.Contains(err.Error(), `"ask ride-home why"`) {
		t.Errorf("what there is not: %v", err)
	}
}

// What a translation may be, at each limit and one beyond it.
func TestTranslationLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	for name, tc := range map[string]struct {
		locale, path string
		words        Local
		want         string // of what is wrong
	}{
		"a long name":            {"de", "ask", Local{Name: long(32)}, ""},
		"too long a name":        {"de", "ask", Local{Name: long(33)}, "/ask in de: the name"},
		"a name in Thai":         {"th", "ask", Local{Name: "ขอความช่วยเหลือ"}, ""},
		"a name in Hindi":        {"hi", "ask", Local{Name: "मदद_माँगें"}, ""},
		"a name in Japanese":     {"ja", "ask ride-home", Local{Name: "帰り道"}, ""},
		"a space in it":          {"de", "ask ride-home", Local{Name: "nach hause"}, "/ask ride-home in de: the name"},
		"not small":              {"de", "ask", Local{Name: "Bitten"}, "small letters"},
		"a long summary":         {"de", "ask ride-home when", Local{Summary: long(100)}, ""},
		"too long a summary":     {"de", "ask ride-home when", Local{Summary: long(101)}, "the summary has 101"},
		"a long choice":          {"de", "ask ride-home car small", Local{Label: long(100)}, ""},
		"too long a choice":      {"de", "ask ride-home car small", Local{Label: long(101)}, "small in de: the label has 101"},
		"a long label":           {"de", "ask ride-home", Local{Label: long(24)}, ""},
		"too long a label":       {"de", "ask ride-home", Local{Label: long(25)}, "the label has 25"},
		"an unknown locale":      {"de-AT", "ask", Local{Name: "bitten"}, "does not know this locale"},
		"another command's name": {"de", "ask", Local{Name: "faq"}, `two commands are called "faq" in de`},
		"another option's name":  {"de", "ask ride-home when", Local{Name: "car"}, `two options are called "car" in de`},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := Translate(localTable(), tc.locale, map[string]Local{tc.path: tc.words})
			if err != nil {
				t.Fatal(err)
			}
			_, err = New(Config{Table: table})
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("said: %v", err)
			}
		})
	}
}

// Discord counts the longest of what a command says in all languages.
func TestTranslationsCount(t *testing.T) {
	table := localTable()
	own := table[0].size()
	longer, err := Translate(table, "de", map[string]Local{"ask ride-home": {Summary: strings.Repeat("x", 90)}})
	if err != nil {
		t.Fatal(err)
	}
	shorter, err := Translate(table, "de", map[string]Local{"ask ride-home": {Summary: "x"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := own + 90 - len("A ride home"); longer[0].size() != want || shorter[0].size() != own {
		t.Errorf("%d and %d instead of %d and %d", longer[0].size(), shorter[0].size(), want, own)
	}
}

func localTable() []Command {
	return []Command{
		{Name: "ask", Summary: "Ask for help", Subs: []Command{
			{Name: "ride-home", Summary: "A ride home", Example: "/ask ride-home thu 1pm", Who: Anyone, Run: echo, Form: "A ride home",
				Options: []Option{
					{Name: "when", Summary: "The day and the time"},
					{Name: "car", Summary: "What kind of car", Kind: Choice, Choices: []Pick{{Label: "A small one", Value: "small"}}},
				}},
		}},
		{Name: "faq", Summary: "Ask a question", Example: "/faq", Who: Anyone, Run: echo},
	}
}
