package main

import (
	"encoding/json"
	"strings"
	"testing"

	"village/bot"
	"village/content"
	"village/internal/screen"
)

// The book has about thirty pages. Each of them shows something, and nothing in it is a
// line that is not understood or a button that is not there.
func TestBook(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := readBook(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 28 || len(pages) > 32 {
		t.Errorf("the book has %d pages", len(pages))
	}
	for _, page := range pages {
		done, err := page.play(t.Context(), library, true)
		if err != nil {
			t.Fatalf("%s: %v", page.name, err)
		}
		if len(done.film.frames) < 2 {
			t.Errorf("%s shows nothing", page.name)
		}
		for line := range strings.Lines(done.words) {
			if strings.Contains(line, `"error":`) {
				t.Errorf("%s: %s", page.name, line)
			}
		}
	}
}

// What is public, or was asked for just now, is said whole to those who hear it: Slack's
// text beside its blocks has every word of it, and on Discord nothing of it stands in an
// embed, which people can switch off.
func TestScreenReadersHearAllOfIt(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := readBook([]string{"ride", "onecard", "moderators", "question", "crisis", "plan"})
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, page := range pages {
		done, err := page.play(t.Context(), library, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range clients(done.table) {
			d := developing{reel: done.film, client: c.client, cast: newCast(c.name)}
			for _, f := range done.film.frames {
				if f.Message == nil || f.Private && !f.Answer {
					continue
				}
				bodies, err := d.bodies(f, *f.Message, f.In == "direct")
				if err != nil {
					t.Fatal(err)
				}
				var heard strings.Builder
				for _, b := range bodies {
					var body struct {
						Text   string
						Embeds []any
					}
					if err := json.Unmarshal(b.JSON, &body); err != nil {
						t.Fatal(err)
					}
					if len(body.Embeds) > 0 {
						t.Errorf("%s: %q is an embed", page.name, f.Message.Title)
					}
					heard.WriteString(body.Text + "\n")
				}
				looked++
				if c.name != screen.Slack {
					continue
				}
				m := f.Message.Flat()
				words := m.Title + " " + bot.PlainText(m.Text) + " " + bot.PlainText(m.Footer)
				for _, field := range m.Fields {
					words += " " + field.Name + " " + bot.PlainText(field.Value)
				}
				for word := range strings.FieldsSeq(words) {
					if !strings.ContainsAny(word, "/@") && !strings.HasPrefix(word, "(sms:") && !strings.HasPrefix(word, "(tel:") && word != "-" && !strings.Contains(heard.String(), word) {
						t.Errorf("%s: a screen reader hears nothing of %q:\n%s", page.name, word, heard.String())
					}
				}
			}
		}
	}
	if looked < 20 {
		t.Errorf("only %d messages were looked at", looked)
	}
}
