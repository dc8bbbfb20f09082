package slack

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"village/bot"
	"village/bot/slack/slacktest"
)

var rewrite = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", file, got)
	}
}

// samples are messages with everything in them, and with everything too long.
func samples() map[string]bot.Message {
	at := time.Date(2026, 12, 8, 13, 0, 0, 0, time.UTC)
	maya, other := bot.Person{ID: "slack/U0MAYA", Name: "maya"}, bot.Person{ID: "discord/80351110224678912", Name: "alex"}
	return map[string]bot.Message{
		"everything": {
			Title: "Ride home on Tuesday",
			Text: "**Who:** " + bot.Mention(maya) + " and " + bot.Mention(other) + " in " + bot.RoomLink(bot.Room{ID: "slack/C0VILLAGE", Name: "village"}) + "\n\n" +
				"- at " + bot.At(at, "Tue 8 Dec, 13:00") + "\n- *quietly*\n\n> as she said\n\nSee [the guide](https://example.org/a?b=1&c=2) or [call](tel:988).",
			Fields: []bot.Field{{Name: "From", Value: "the clinic"}, {Name: "Seats", Value: "- one\n- two"}},
			Buttons: []bot.Button{{Label: "I can drive", Command: "/need claim k7m2p9", Style: bot.Primary}, {Label: "Not me", Command: "/need pass k7m2p9", Style: bot.Danger},
				{Label: "The guide", URL: "https://example.org/guide"}, {Label: "Call 988", URL: "tel:988"}, {Label: "Text a line", URL: "sms:741741?body=HOME"}},
			Menus:  []bot.Menu{{Label: "Another topic", Command: "/faq", Picks: []bot.Pick{{Label: "Driving after", Value: "driving-after"}, {Label: "Eating before", Value: "fasting"}}}},
			Image:  &bot.Image{Name: "map.png", PNG: []byte{1}, Alt: "A map of the way home"},
			Footer: "Checked 2026-10-02 in [the source](https://example.org/s).", Tone: bot.Good, Notify: []string{"slack/U0MAYA"},
		},
		"lists": {
			Title: "Help for maya on Tue Dec 8", Text: "**Tuesday, December 8**",
			Lines: []bot.Line{
				{Text: "**Ride home**, " + bot.At(at, "1:00 PM") + ", from near Union Station & [the map](https://example.org/a?b=1&c=2): **nobody yet**",
					Button: bot.Button{Label: "Drive maya home", Command: "/need claim k7m2p9", Style: bot.Primary}},
				{Text: "A ride from " + bot.Literal("*the* <clinic> :smile:"), Button: bot.Button{Label: "Drive", Command: "/need claim k7m2p8"}},
				{Text: "Childcare: sam"},
				{Text: "Somebody at the door", Button: bot.Button{Label: "Call 988", URL: "tel:988"}},
			},
			Buttons: []bot.Button{{Label: "All days", Command: "/need claim k7m2p9 days: all"}},
		},
		"hostile": {
			Title:   "<!channel> *all* & <https://evil.example|x>",
			Text:    bot.Literal("<!channel> <@U0SAM> *bold* _it_ ~no~ `code` :smile: & &lt; <https://evil.example|click> [x](https://evil.example) @here"),
			Fields:  []bot.Field{{Name: "<!here>", Value: bot.Literal("<!everyone> *x*")}},
			Buttons: []bot.Button{{Label: "<!channel> &", Command: "/echo <!channel>"}},
			Footer:  bot.Literal("<!channel> *x* <https://evil.example|y>") + " [a|b>c](https://example.org/x)",
		},
	}
}

func TestRendering(t *testing.T) {
	for name, m := range samples() {
		pages := render(m)
		if len(pages) != 1 {
			t.Fatalf("%s has %d pages", name, len(pages))
		}
		golden(t, name+".json", map[string]any{"text": escape(pages[0].text), "discreet": pages[0].discreet(m.Title).text, "blocks": pages[0].blocks})
	}
}

// holds fails the test for every page that breaks a limit of Slack.
func holds(t *testing.T, what string, pages []page) {
	t.Helper()
	for i, pg := range pages {
		data, err := json.Marshal(map[string]any{"text": escape(pg.text), "blocks": pg.blocks})
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range slacktest.CheckMessage(data) {
			t.Errorf("%s, page %d: %s", what, i+1, problem)
		}
	}
}

func TestLimits(t *testing.T) {
	long := map[string]string{
		"ascii":     "x",
		"words":     "a ride home, ",
		"umlauts":   "ä",
		"emoji":     "👍🏽",
		"family":    "👨‍👩‍👧",
		"combining": "e\u0301",
		"angles":    "<",
		"amp":       "&",
		"quotes":    `"\`,
		"broken":    "\xff\xfea",
		"nul":       "\x00a",
	}
	for name, unit := range long {
		for _, n := range []int{1, 75, 76, 150, 151, 1401, 3001, 9_000} {
			s := strings.Repeat(unit, n/max(1, utf8.RuneCountInString(unit))+1)
			m := bot.Message{
				Title: s, Text: "**" + bot.Literal(s) + "**", Fields: []bot.Field{{Name: s, Value: bot.Literal(s)}}, Footer: bot.Literal(s),
				Buttons: []bot.Button{{Label: s, Command: "/echo"}}, Menus: []bot.Menu{{Label: s, Command: "/echo", Picks: []bot.Pick{{Label: s, Value: "a"}, {Label: s, Value: s}}}},
				Image: &bot.Image{Alt: s}, Lines: []bot.Line{{Text: bot.Literal(s), Button: bot.Button{Label: s, Command: "/echo"}}, {Text: "**" + bot.Literal(s) + "**"}},
			}
			holds(t, name, render(m))
			one, err := onePage(m)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, name+" on one page", []page{one})
		}
	}
}

func TestManyOfEverything(t *testing.T) {
	m := bot.Message{Text: strings.Repeat("**a** *b* ", 800) + "\n\n" + strings.Repeat("- item\n", 400) + "\n" + strings.Repeat("para\n\n", 200)}
	for i := range 25 {
		m.Buttons = append(m.Buttons, bot.Button{Label: strings.Repeat("l", 40), Command: "/need claim " + strings.Repeat("k", 70) + string(rune('a'+i))})
		m.Fields = append(m.Fields, bot.Field{Name: "Field", Value: strings.Repeat("value ", 100)})
	}
	pages := render(m)
	holds(t, "many", pages)
	one, err := onePage(m)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "many on one page", []page{one})
	if !strings.Contains(one.words, "more than fits") {
		t.Error("what was left out is not mentioned")
	}
	data, err := json.Marshal(one.blocks)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(data), `"type":"button"`); n != 25 {
		t.Errorf("%d buttons are left", n)
	}
	v := answerView([]bot.Message{m, m, m}, formMeta{})
	data, err = json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range slacktest.CheckView(data) {
		t.Errorf("in a modal: %s", problem)
	}
}

// Nothing that is said is lost when it takes several pages.
func TestPagesHoldEverything(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		b.WriteString("wörd")
		b.WriteString(strings.Repeat("x", i%7))
		b.WriteString(map[bool]string{true: "\n\n", false: " "}[i%50 == 49])
	}
	pages := render(bot.Message{Text: b.String()})
	if len(pages) < 2 {
		t.Fatalf("%d pages", len(pages))
	}
	var shown []string
	for _, pg := range pages {
		data, err := json.Marshal(pg.blocks)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, strings.Fields(slacktest.Words(data))...)
	}
	if got, want := strings.Join(shown, " "), strings.Join(strings.Fields(b.String()), " "); got != want {
		t.Errorf("%d characters shown of %d", len(got), len(want))
	}
}

func TestOnlyTheNotifiedArePinged(t *testing.T) {
	text := bot.Mention(bot.Person{ID: "slack/U0MAYA", Name: "maya"})
	for _, c := range []struct {
		notify []string
		pinged bool
	}{{nil, false}, {[]string{"slack/U0SAM"}, false}, {[]string{"slack/U0SAM", "slack/U0MAYA"}, true}} {
		data, err := json.Marshal(render(bot.Message{Text: text, Notify: c.notify})[0].blocks)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(data), `"user_id":"U0MAYA"`); got != c.pinged {
			t.Errorf("%v: %s", c.notify, data)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, m := range samples() {
		f.Add(m.Title, m.Text, m.Footer)
	}
	f.Fuzz(func(t *testing.T, title, text, footer string) {
		m := bot.Message{Title: title, Text: text, Footer: footer, Fields: []bot.Field{{Name: title, Value: text}}, Buttons: []bot.Button{{Label: footer, URL: text}, {Label: title, Command: footer}}}
		holds(t, "fuzzed", render(m))
	})
}

func TestPlainWords(t *testing.T) {
	for in, want := range map[string]string{
		"<@U1|sam> <@U2>":                                  "@slack/U1 @slack/U2",
		"<#C1|village> <#C2>":                              "#slack/C1 #slack/C2",
		"<!here> <!subteam^S1|@crew> <!date^1^x|Tue>":      "@here @crew Tue",
		"<https://x.example/a|there> <https://x.example>":  "https://x.example/a https://x.example",
		"<mailto:a@b.example|a@b.example> <tel:+1555|555>": "a@b.example +1555",
		"&lt;@U1&gt; &amp;lt; &amp;amp; &quot;":            "<@U1> &lt; &amp; &quot;",
		"1 < 2 > 0":                                        "1 < 2 > 0",
	} {
		if got := ids("").plainWords(in); got != want {
			t.Errorf("plainWords(%q) = %q instead of %q", in, got, want)
		}
	}
}
