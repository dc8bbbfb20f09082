package discord

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"village/bot"
	"village/bot/adapter"
)

func sampleForm(args map[string]string) bot.Form {
	return bot.Form{Title: "A ride home", Intro: "Only your driver sees **private** words.", Path: []string{"ask", "ride-home"}, Args: args, Fields: []bot.FormField{
		{Option: bot.Option{Name: "when", Summary: "The day and the time", Label: "When", Hint: "thu 1pm", Kind: bot.Time, Required: true}, Value: "yesterday"},
		{Option: bot.Option{Name: "car", Summary: "What kind of car", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Any", Value: "any"}, {Label: "Big", Value: "big"}}}, Value: "big"},
		{Option: bot.Option{Name: "who", Summary: "Somebody you would like", Kind: bot.Someone}, Value: "discord/7"},
		{Option: bot.Option{Name: "note", Summary: strings.Repeat("long ", 19), Long: true, Private: true, Min: 5, Max: 200, Required: true}, Value: "hi"},
	}}
}

func TestRenderedForm(t *testing.T) {
	golden(t, "form", renderForm(sampleForm(nil), "v1:ask ride-home"))
}

// A zone is named beside what asks when, however long its words are, and nowhere else.
func TestZoneIsNamed(t *testing.T) {
	for _, summary := range []string{"One day or several", strings.Repeat("long ", 19)} {
		c := renderField(bot.FormField{Option: bot.Option{Name: "when", Summary: summary, Dates: true}}, "America/Denver")
		if !strings.HasSuffix(c.Description, " (Denver time)") || adapter.Units(c.Description) > maxOptionText {
			t.Errorf("the zone is named in %q", c.Description)
		}
	}
	if c := renderField(bot.FormField{Option: bot.Option{Name: "note", Label: "Note", Summary: "A note"}}, "America/Denver"); strings.Contains(c.Description, "Denver") {
		t.Errorf("a note names a zone: %q", c.Description)
	}
}

// What a form already knows comes back with it, in its id or from memory.
func TestFormsRemember(t *testing.T) {
	p, err := New(Config{Token: "x"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, args := range []map[string]string{
		{},
		{"from": "the clinic"},
		{"from": "a&b=c?d %zz 🌊", "size": ""},
		{"from": strings.Repeat("the clinic ", 30)},
	} {
		f := sampleForm(args)
		id := p.formID(ctx, f)
		if adapter.Units(id) > maxCustomID {
			t.Errorf("an id of %d characters", adapter.Units(id))
		}
		path, got, ok := p.readFormID(ctx, id)
		if d := cmp.Diff(args, got); d != "" || !ok || strings.Join(path, " ") != "ask ride-home" {
			t.Errorf("%v became %v, %v, %v", args, path, got, ok)
		}
		kept, _, _ := p.recallForm(ctx, p.rememberForm(ctx, f))
		if d := cmp.Diff(&f, kept); d != "" {
			t.Error(d)
		}
	}
	if path, _, ok := p.readFormID(ctx, "f1:gone:/ask ride-home"); ok || strings.Join(path, " ") != "ask ride-home" {
		t.Errorf("a forgotten form is %v, %v", path, ok)
	}
}
