package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"village/bot"
	"village/bot/slack/slacktest"
)

// Forms and menus keep Slack's limits just under, at and over each of them, in
// letters of one, two, three and four bytes and in ones that are made of several.
func TestFormLimits(t *testing.T) {
	for _, letter := range []string{"a", "é", "語", "🌊", "👩‍👧", "<", "\x00"} {
		for _, limit := range []int{24, 45, 75, 150, 255, 1000, 2000, 3000} {
			for _, n := range []int{limit - 1, limit, limit + 1} {
				long := strings.Repeat(letter, n)
				field := func(kind bot.Kind, value string) bot.FormField {
					return bot.FormField{Value: value, Option: bot.Option{
						Name: fmt.Sprint("o", kind, len(value)), Summary: long, Label: long, Hint: long, Kind: kind, Required: true, Min: n, Max: n,
						Choices: []bot.Pick{{Label: long, Value: "a"}, {Label: "B", Value: "b"}},
					}}
				}
				f := bot.Form{Title: long, Intro: bot.Literal(long), Path: []string{"ride"}, Args: map[string]string{"x": "y"}}
				for _, kind := range []bot.Kind{bot.Words, bot.Time, bot.Zone, bot.Number, bot.Choice, bot.YesNo, bot.Someone, bot.Place, bot.Ref} {
					f.Fields = append(f.Fields, field(kind, ""), field(kind, long))
				}
				v, err := formView(f, formMeta{Channel: "C0VILLAGE", Room: long}, []bot.Message{{Title: long, Text: bot.Literal(long)}}, nil)
				if err != nil { // what is known already does not fit, and is said so
					continue
				}
				data, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				for _, problem := range slacktest.CheckView(data) {
					t.Errorf("%d of %q: %s", n, letter, problem)
				}
			}
		}
	}
}

// A menu, and what is suggested while somebody types, has as many choices as Slack
// takes; a command of a button is as long as one may be, or is left out.
func TestChoiceLimits(t *testing.T) {
	for _, n := range []int{99, 100, 101, 300} {
		var picks []bot.Pick
		for i := range n {
			picks = append(picks, bot.Pick{Label: fmt.Sprint("Place ", i), Value: fmt.Sprint("v", i)})
		}
		m := bot.Message{Text: "Where?", Menus: []bot.Menu{{Label: "The place", Command: "/echo", Picks: picks}}}
		holds(t, fmt.Sprint(n, " choices"), render(m))
		data, err := json.Marshal(suggestions(picks))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(data), `"value"`); got > 100 {
			t.Errorf("%d of %d are suggested", got, n)
		}
		f := bot.Form{Title: "T", Path: []string{"ride"}, Fields: []bot.FormField{{Option: bot.Option{Name: "o", Summary: "Which", Kind: bot.Choice, Choices: picks}, Value: picks[n-1].Value}}}
		v, err := formView(f, formMeta{}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if data, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
		for _, problem := range slacktest.CheckView(data) {
			t.Errorf("a field with %d choices: %s", n, problem)
		}
	}
	for _, letter := range []string{"a", "語", "🌊"} {
		for _, n := range []int{maxValue/len(letter) - 10, maxValue / len(letter), maxValue/len(letter) + 1} {
			command := "/echo " + strings.Repeat(letter, n)
			holds(t, "a long command", render(bot.Message{Text: "x", Buttons: []bot.Button{{Label: "Go", Command: command}}, Menus: []bot.Menu{{Label: "Go", Command: command, Picks: []bot.Pick{{Label: "a", Value: "a"}}}}}))
		}
	}
}
