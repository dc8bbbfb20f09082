package discord

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"village/bot"
	"village/bot/adapter"
	"village/bot/discord/discordtest"
)

// golden compares with a file of testdata; UPDATE_GOLDEN=1 writes it.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", name+".json")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (want -, got +):\n%s", path, d)
	}
}

func TestRenderedMessages(t *testing.T) {
	maya := bot.Person{ID: "discord/80351110224678912", Name: "Maya"}
	sam := bot.Person{ID: "slack/U123", Name: "Sam *the* driver"}
	for name, m := range map[string]bot.Message{
		"bare": {Text: "Thank you, **Sam**. That is *very* kind."},
		"answer": {
			Title: "Driving after a session", Tone: bot.Calm,
			Text: "Please do **not** drive until the next day.\n\n- Ask somebody to take you home.\n- Your *clinic* may want to meet them.\n\n> Nothing is so urgent.\n\n" +
				"Read [the guidance](https://example.org/a_(b)?x=1&y=2), or write to [us](mailto:us@example.org).",
			Footer:  "Checked on [20 November](time:1763640000), see [the site](https://example.org)",
			Buttons: []bot.Button{{Label: "Rides", Command: "/faq rides"}, {Label: "The guidance", URL: "https://example.org"}},
			Menus:   []bot.Menu{{Label: "Other topics", Command: "/faq", Picks: []bot.Pick{{Label: "Fasting", Value: "fasting"}, {Label: "Water", Value: "hydration"}}}},
		},
		"need": {
			Title: "A ride home", Tone: bot.Asking,
			Text: bot.Mention(maya) + " needs a ride on " + bot.At(time.Unix(1780934400, 0), "Mon 8 June, 13:00") + " from " + bot.Literal("*the* clinic @everyone") +
				". " + bot.Mention(sam) + " can be asked in " + bot.RoomLink(bot.Room{ID: "discord/42", Name: "village"}) + ".",
			Fields:  []bot.Field{{Name: "When", Value: bot.At(time.Unix(1780934400, 0), "Mon")}, {Name: "Car_size", Value: "Any"}, {Name: "", Value: ""}},
			Buttons: []bot.Button{{Label: "I can drive", Command: "/need claim k7m2p9", Style: bot.Primary}, {Label: "Not this one", Command: "/need hide k7m2p9", Style: bot.Danger}},
			Notify:  []string{maya.ID, sam.ID},
		},
		"crisis": {
			Title: "You matter", Tone: bot.Urgent,
			Text:    "Please reach a person now. **Nobody is watching this chat.**",
			Fields:  []bot.Field{{Name: "Call", Value: "[988](tel:988)"}},
			Buttons: []bot.Button{{Label: "Call 988", URL: "tel:988"}, {Label: "Text somebody", URL: "sms:741741?body=HOME"}, {Label: "Chat", URL: "https://988lifeline.org/chat"}, {Label: "Something to do", Command: "/crisis breathe"}},
		},
		"hostile": {
			Title:  "# <@1> [x](https://evil.example) `code`",
			Text:   bot.Literal("# big\n> quote **bold** __under__ ~~gone~~ ||secret|| `code` <@123> <#5> <t:1:F> @everyone https://evil.example discord.gg/x [a](https://b) 1. one - two <:e:1> </cmd:1>"),
			Fields: []bot.Field{{Name: "**x** @here", Value: bot.Literal("- not a list\n1. nor this")}},
			Buttons: []bot.Button{
				{Label: "a\nb", Command: "/hi"}, {Label: "a", Command: "/hi"}, {Label: "", Command: "/x"},
				{Label: "bad", URL: "javascript:alert(1)"}, {Label: "http", URL: "http://example.org"}, {Label: "long", Command: "/" + strings.Repeat("x", 120)},
			},
		},
		"lists": {
			Title: "Help for maya on Tue Dec 8", Tone: bot.Asking, Text: "**Tuesday, December 8**", Notify: []string{sam.ID},
			Lines: []bot.Line{
				{Text: "**Ride home**, 3:00 PM, from near Union Station: **nobody yet**", Button: bot.Button{Label: "Drive maya home", Command: "/need claim k7m2p9", Style: bot.Primary}},
				{Text: "Childcare: sam"},
				{Text: "Call " + bot.Literal("*them*"), Button: bot.Button{Label: "Call", URL: "tel:988"}},
			},
			Buttons: []bot.Button{{Label: "All days", Command: "/need claim k7m2p9 days: all"}},
			Footer:  "If you say yes to one: whoever asked sees your name.\n\nThe next line.",
		},
		"picture": {Title: "Your weeks", Image: &bot.Image{Name: "../my weeks?.png", PNG: []byte("png"), Alt: "A line\nthat rises"}, Tone: bot.Good},
		"nothing": {},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, render(m))
			if name == "need" {
				golden(t, "quiet", renderQuietly(m))
			}
		})
	}
}

// limitsOf finds every limit that a rendered message breaks.
func limitsOf(m message) []string {
	var out []string
	most := func(what, s string, limit int) int {
		n := adapter.Units(s)
		if n > limit {
			out = append(out, fmt.Sprintf("%s has %d of %d", what, n, limit))
		}
		if !utf8.ValidString(s) {
			out = append(out, what+" is not UTF-8")
		}
		return n
	}
	most("content", m.Content, maxContent)
	total := 0
	for _, e := range m.Embeds {
		total += most("title", e.Title, maxTitle) + most("description", e.Description, maxDescription)
		for _, f := range e.Fields {
			total += most("field name", f.Name, maxFieldName) + most("field value", f.Value, maxFieldValue)
			if f.Name == "" || f.Value == "" {
				out = append(out, "an empty field")
			}
		}
		if e.Footer != nil {
			total += most("footer", e.Footer.Text, maxFooter)
		}
		if len(e.Fields) > maxFields {
			out = append(out, fmt.Sprintf("%d fields", len(e.Fields)))
		}
	}
	if total > maxEmbedsTotal || len(m.Embeds) > maxEmbeds {
		out = append(out, fmt.Sprintf("%d characters in %d embeds", total, len(m.Embeds)))
	}
	if len(m.Components) > maxRows && !m.isLaidOut() {
		out = append(out, fmt.Sprintf("%d rows", len(m.Components)))
	}
	ids := map[string]bool{}
	rows := m.Components
	if m.isLaidOut() {
		out = append(out, layoutLimits(m)...)
		rows = nil
		for _, c := range m.Components {
			rows = append(rows, c.Components...)
		}
	}
	for _, row := range rows {
		parts := row.Components
		if row.Accessory != nil {
			parts = []component{*row.Accessory}
		}
		for _, c := range parts {
			most("label", c.Label, maxLabel)
			most("placeholder", c.Placeholder, maxPlaceholder)
			most("custom id", c.CustomID, maxCustomID)
			if c.CustomID != "" && ids[c.CustomID] {
				out = append(out, "the same id twice")
			}
			ids[c.CustomID] = true
			for _, o := range c.Options {
				most("option", o.Label, maxOptionText)
			}
		}
	}
	return out
}

// layoutLimits finds what is too much in a message of components.
func layoutLimits(m message) []string {
	var out []string
	count, size := 0, 0
	for _, c := range m.Components {
		n, units := c.measure()
		count, size = count+n, size+units
		for _, part := range c.Components {
			if part.Type == discordgo.TextDisplayComponent && part.Content == "" {
				out = append(out, "an empty text")
			}
		}
	}
	if count > 40 || size > 4000 {
		out = append(out, fmt.Sprintf("%d components with %d characters", count, size))
	}
	return out
}

// TestLimits renders messages just under, at and over each limit, in letters of
// one, two, three and four bytes, and in ones that have to be escaped.
func TestLimits(t *testing.T) {
	for _, letter := range []string{"a", "é", "語", "🌊", "*"} {
		for _, limit := range []int{80, 100, 150, 256, 512, 1000, 1024, 2000, 2048, 4096, 6000, 9000} {
			for _, n := range []int{limit - 1, limit, limit + 1} {
				s := strings.Repeat(letter, n)
				words := strings.TrimSpace(strings.Repeat(strings.Repeat(letter, 7)+" ", n/8+1))
				for name, m := range map[string]bot.Message{
					"text":    {Text: bot.Literal(s)},
					"words":   {Text: bot.Literal(words)},
					"bold":    {Text: "**" + bot.Literal(words) + "**"},
					"quote":   {Text: "> " + bot.Literal(words)},
					"link":    {Text: "[" + bot.Literal(words) + "](https://example.org)"},
					"address": {Text: "[x](https://example.org/" + strings.Repeat("a", n) + ")"},
					"embed":   {Title: s, Text: bot.Literal(words), Footer: bot.Literal(s)},
					"fields":  {Title: "x", Fields: []bot.Field{{Name: s, Value: bot.Literal(s)}, {Name: "y", Value: bot.Literal(words)}}},
					"urgent":  {Title: s, Text: bot.Literal(words), Tone: bot.Urgent, Notify: []string{"discord/1", "discord/2"}},
					"buttons": {Text: "x", Buttons: []bot.Button{{Label: s, Command: "/hi"}, {Label: "x", Command: "/" + s}, {Label: "x", URL: "https://example.org/" + s}}},
					"menu":    {Text: "x", Menus: []bot.Menu{{Label: s, Command: "/hi", Picks: []bot.Pick{{Label: s, Value: s}, {Label: s, Value: "v"}}}}},
					"picture": {Text: "x", Image: &bot.Image{Name: "a.png", Alt: s}},
					"lines":   {Title: s, Lines: lines(14, bot.Literal(words), s), Footer: bot.Literal(words)},
				} {
					if name == "lines" && limit > 1024 {
						continue // it is cut anyway
					}
					for i, out := range slices.Concat(render(m), renderQuietly(m), []message{fitted(renderLayout(m))}) {
						for _, p := range limitsOf(out) {
							t.Errorf("%d of %q as %s, part %d: %s", n, letter, name, i, p)
						}
						if out.Content == "" && len(out.Embeds) == 0 && len(out.Components) == 0 {
							t.Errorf("%d of %q as %s, part %d is empty", n, letter, name, i)
						}
					}
				}
			}
		}
	}
}

// lines are many, each with a button.
func lines(n int, text, label string) []bot.Line {
	var out []bot.Line
	for i := range n {
		out = append(out, bot.Line{Text: text, Button: bot.Button{Label: label, Command: fmt.Sprint("/need claim n", i)}})
	}
	return out
}

// What is edited stays one message: it says that something is missing, and keeps the
// buttons that are about all of it.
func TestWhatStaysOneMessage(t *testing.T) {
	m := bot.Message{Title: "Needs", Lines: lines(40, "A ride home", "Drive"), Buttons: []bot.Button{{Label: "All days", Command: "/need open all"}}}
	one := fitted(renderLayout(m))
	parts := one.Components[0].Components
	if n, _ := one.Components[0].measure(); n > maxLayout || len(parts) < 10 {
		t.Errorf("%d components, %d of them lines and more", n, len(parts))
	}
	if last := parts[len(parts)-1]; last.Components[0].CustomID != "v1:/need open all" || !strings.Contains(parts[len(parts)-2].Content, "more than fits") {
		t.Errorf("it ends with %+v", parts[len(parts)-2:])
	}
}

// wordsOf is all that a message says.
func wordsOf(m message) string {
	words := m.Content + " "
	for _, e := range m.Embeds {
		words += e.Description + " "
	}
	var walk func(parts []component)
	walk = func(parts []component) {
		for _, c := range parts {
			words += c.Content + " "
			walk(c.Components)
		}
	}
	walk(m.Components)
	return words
}

// TestFormLimits does the same with forms and suggestions.
func TestFormLimits(t *testing.T) {
	check := func(what string, c callback) {
		t.Helper()
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range discordtest.CheckCallback(data) {
			t.Errorf("%s: %s", what, problem)
		}
	}
	kinds := []bot.Kind{bot.Words, bot.Number, bot.Choice, bot.Someone, bot.Place}
	for _, letter := range []string{"é", "👩‍👧", "*"} {
		for _, limit := range []int{25, 45, 100, 4000} {
			for _, n := range []int{limit - 1, limit, limit + 1} {
				long := strings.Repeat(letter, n)
				var picks []bot.Pick
				for i := range min(n, 60) {
					picks = append(picks, bot.Pick{Label: long, Value: fmt.Sprint("v", i)})
				}
				for _, kind := range kinds {
					f := bot.Form{Title: long, Intro: bot.Literal(long), Path: []string{"ask", "ride-home"}}
					for i, value := range []string{"", long, "discord/1", "yes", "7"} {
						f.Fields = append(f.Fields, bot.FormField{Value: value, Option: bot.Option{
							Name: fmt.Sprint("o", i), Summary: long, Label: long, Hint: long, Kind: kind, Required: i%2 == 0, Min: n, Max: n, Choices: picks,
						}})
					}
					for _, fields := range []int{4, 5} { // with a fifth there is no room for an introduction
						some := f
						some.Fields = f.Fields[:fields]
						check(fmt.Sprintf("%d of %q, kind %v, %d fields", n, letter, kind, fields), callback{Type: discordgo.InteractionResponseModal, Data: renderForm(some, "v1:ask ride-home")})
					}
				}
			}
		}
	}
}

// TestNothingIsLost: a text that is split is all there afterwards.
func TestNothingIsLost(t *testing.T) {
	for _, n := range []int{2000, 4096, 4097, 6000, 6001, 20000} {
		var want []string
		for i := 0; len(strings.Join(want, " ")) < n; i++ {
			want = append(want, fmt.Sprintf("word%d", i))
		}
		for _, tone := range []bot.Tone{bot.Good, bot.Urgent} {
			var got strings.Builder
			for _, m := range render(bot.Message{Text: strings.Join(want, " "), Tone: tone}) {
				got.WriteString(wordsOf(m))
			}
			if d := cmp.Diff(want, strings.Fields(got.String())); d != "" {
				t.Errorf("%d characters: %s", n, d)
			}
		}
	}
}

func TestManyButtonsAndFields(t *testing.T) {
	m := bot.Message{Title: "Needs", Text: "Here they are"}
	for i := range 30 {
		m.Buttons = append(m.Buttons, bot.Button{Label: fmt.Sprint("Need ", i), Command: fmt.Sprint("/need claim n", i)})
		m.Fields = append(m.Fields, bot.Field{Name: fmt.Sprint("Need ", i), Value: strings.Repeat("x", 300)})
		m.Menus = append(m.Menus, bot.Menu{Label: fmt.Sprint("Menu ", i), Command: fmt.Sprint("/m", i), Picks: []bot.Pick{{Label: "a", Value: "a"}}})
	}
	m.Menus = m.Menus[:2]
	for _, out := range [][]message{renderQuietly(m), render(m)} {
		rows, text := 0, ""
		for i, part := range out {
			for _, p := range limitsOf(part) {
				t.Errorf("part %d: %s", i, p)
			}
			text += wordsOf(part)
			inside := part.Components
			for _, c := range part.Components {
				inside = append(inside[:len(inside):len(inside)], c.Components...)
			}
			for _, c := range inside {
				if c.Type == discordgo.ActionsRowComponent {
					rows++
				}
			}
		}
		if rows != maxRows {
			t.Errorf("%d rows", rows)
		}
		// Fifteen fit beside two menus; the others can be typed.
		if !strings.Contains(text, "Need 15: /need claim n15") || strings.Contains(text, "n14") || !strings.Contains(text, "n29") {
			t.Errorf("the text is %q", text)
		}
	}
}

func TestCustomIDs(t *testing.T) {
	ids := &uniqueIDs{}
	longest := "/" + strings.Repeat("x", bot.MaxLine-1)
	for _, line := range []string{"/hi", "/hi", "/faq a: b", longest, longest, longest} {
		id, ok := ids.take(line)
		if !ok || lineOf(id) != line {
			t.Errorf("%q became %q, which is %q", line, id, lineOf(id))
		}
	}
	for _, id := range []string{"", "v1", "v2:/hi", "v0.1:/hi", "/hi", "v1:"} {
		if got := lineOf(id); got != "" {
			t.Errorf("%q is read as %q", id, got)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("# x\n- **a** [b](https://c) <@1>\n> q", "t", "/hi")
	f.Add(strings.Repeat("🌊 ", 3000), strings.Repeat("*", 300), strings.Repeat("x", 99))
	f.Fuzz(func(t *testing.T, text, title, command string) {
		if !utf8.ValidString(text+title+command) || len(text) > 20000 {
			t.Skip()
		}
		for _, tone := range []bot.Tone{bot.Calm, bot.Urgent} {
			m := bot.Message{Title: title, Text: text, Tone: tone, Footer: text, Fields: []bot.Field{{Name: title, Value: text}}, Buttons: []bot.Button{{Label: title, Command: command}, {Label: title, Command: command}, {Label: title, URL: text}}}
			for _, out := range slices.Concat(render(m), renderQuietly(m)) {
				if p := limitsOf(out); len(p) > 0 {
					t.Fatal(p)
				}
			}
		}
	})
}
