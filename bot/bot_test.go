package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func echo(_ context.Context, r Request) (Reply, error) {
	return Say(Message{Text: fmt.Sprint(r.Path, r.Args)}), nil
}

func sampleTable() []Command {
	return []Command{
		{Name: "faq", Summary: "Ask", Example: "/faq can I eat", Who: Anyone, Run: echo, Options: []Option{{Name: "question", Summary: "Words"}}},
		{Name: "ask", Summary: "Ask for help", Subs: []Command{
			{Name: "ride-home", Summary: "A ride", Example: "/ask ride-home thu 1pm from: here", Who: Anyone, Run: echo, Form: "A ride home",
				Options: []Option{
					{Name: "when", Summary: "When", Kind: Time, Required: true},
					{Name: "from", Summary: "Where", Required: true, Max: 20},
					{Name: "details", Summary: "Private", Private: true},
				}},
		}},
		{Name: "need", Summary: "Needs", Subs: []Command{
			{Name: "claim", Summary: "Yes", Example: "/need claim k7m2p9", Who: Anyone, Run: echo, Options: []Option{{Name: "need", Summary: "Code", Kind: Ref, Required: true}}},
			{Name: "seats", Summary: "Seats", Example: "/need seats k7m2p9 3", Who: Anyone, Run: echo, Options: []Option{
				{Name: "need", Summary: "Code", Kind: Ref, Required: true}, {Name: "count", Summary: "How many", Kind: Number, Min: 1, Max: 8},
				{Name: "quiet", Summary: "Quietly", Kind: YesNo}, {Name: "who", Summary: "Who", Kind: Someone}}},
		}},
		{Name: "setup", Summary: "Set up", Example: "/setup", Who: Moderators, Run: echo},
		{Name: "broken", Summary: "Panics", Example: "/broken", Who: Anyone, Run: func(context.Context, Request) (Reply, error) { panic("maya's words") }},
		{Name: "failing", Summary: "Fails", Example: "/failing", Who: Anyone, Run: func(context.Context, Request) (Reply, error) { return Reply{}, errors.New("disk on fire") }},
	}
}

func sampleBot(t testing.TB, change func(*Config)) *Bot {
	t.Helper()
	cfg := Config{Table: sampleTable(), Direct: echo}
	if change != nil {
		change(&cfg)
	}
	b, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLines(t *testing.T) {
	b := sampleBot(t, nil)
	for _, tt := range []struct{ line, want, code string }{
		{line: "/faq can I eat before", want: "[faq] map[question:can I eat before]"},
		{line: "  /FAQ   can I eat  ", want: "[faq] map[question:can I eat]"},
		{line: "/faq tell me: why", want: "[faq] map[question:tell me: why]"},
		{line: "/faq", want: "[faq] map[]"},
		{line: "/ask ride-home thu 1pm from: the clinic", want: "[ask ride-home] map[from:the clinic when:thu 1pm]"},
		{line: "/ask ride-home when: 13:00 thu from: here", want: "[ask ride-home] map[from:here when:13:00 thu]"},
		{line: "/ask ride-home from: here when: thu 13:00", want: "[ask ride-home] map[from:here when:thu 13:00]"},
		{line: `/ask ride-home when: thu from: "a when: b"`, want: "[ask ride-home] map[from:a when: b when:thu]"},
		{line: "/ask ride-home thu 1pm from: x details: see https://example.org: there", want: "[ask ride-home] map[details:see https://example.org: there from:x when:thu 1pm]"},
		{line: "/need claim K7M2P9", want: "[need claim] map[need:k7m2p9]"},
		{line: "/need seats k7m2p9 3 yes @Sam", want: "[need seats] map[count:3 need:k7m2p9 quiet:yes who:console/sam]"},
		{line: "/need seats k7m2p9 who: @slack/U1", want: "[need seats] map[need:k7m2p9 who:slack/U1]"},
		{line: "hello there", want: "[] map[words:hello there]"},
		{line: "/fqa can I eat", code: "unknown-command"},
		{line: "/zzzzz", code: "unknown-command"},
		{line: "/", code: "unknown-command"},
		{line: "/need", code: "incomplete-command"},
		{line: "/need clam k7m2p9", code: "unknown-command"},
		{line: "/need claim", code: "option-missing"},
		{line: "/need claim k7m2p9 and more", code: "too-much"},
		{line: "/need claim not-a-code", code: "option-wrong"},
		{line: "/need seats k7m2p9 9", code: "option-wrong"},
		{line: "/need seats k7m2p9 many", code: "option-wrong"},
		{line: "/need seats k7m2p9 3 perhaps", code: "option-wrong"},
		{line: "/ask ride-home thu form: here", code: "unknown-option"},
		{line: "/ask ride-home wen: thu", code: "unknown-option"},
		{line: "/ask ride-home thu from: a from: b", code: "option-twice"},
		{line: "/ask ride-home thu from: " + strings.Repeat("é", 21), code: "too-long"},
		{line: "/setup", code: "not-allowed"},
		{line: "/setup now", code: "not-allowed"},
		{line: "/broken", code: "internal"},
		{line: "/failing", code: "internal"},
		{line: "/faq " + strings.Repeat("a", maxTyped), code: "too-long"},
	} {
		t.Run(tt.line[:min(len(tt.line), 60)], func(t *testing.T) {
			reply := b.Do(t.Context(), Request{Platform: "console", Line: tt.line, From: Person{ID: "console/maya"}})
			if reply.Code != tt.code || tt.code == "" && reply.Messages[0].Text != tt.want {
				t.Errorf("got code %q and %+v, want %q %q", reply.Code, reply.Messages, tt.code, tt.want)
			}
			if tt.code != "" && PlainText(reply.Messages[0].Text) == "" {
				t.Error("a refusal without words")
			}
		})
	}
}

func TestTheSpokenMistakeOffersTheNextStep(t *testing.T) {
	b := sampleBot(t, nil)
	reply := b.Do(t.Context(), Request{Line: "/need clam k7m2p9"})
	if text := PlainText(reply.Messages[0].Text); !strings.Contains(text, "/need claim") {
		t.Errorf("the nearest command is not named: %s", text)
	}
}

// What is missing is asked for in a form, and what was said stays in it.
func TestForms(t *testing.T) {
	b := sampleBot(t, nil)
	names := func(f *Form) (out []string) {
		for _, field := range f.Fields {
			out = append(out, field.Name+"="+field.Value)
		}
		return out
	}
	reply := b.Do(t.Context(), Request{Line: "/ask ride-home thu 1pm"})
	if reply.Form == nil || reply.Form.Args["when"] != "thu 1pm" {
		t.Fatalf("no form with what is known: %+v", reply)
	}
	if diff := cmp.Diff([]string{"from=", "details="}, names(reply.Form)); diff != "" {
		t.Error(diff)
	}
	reply = b.Do(t.Context(), Request{Path: []string{"ask", "ride-home"}, Submitted: true, Args: map[string]string{"when": "thu", "from": strings.Repeat("x", 21)}})
	if reply.Form == nil || reply.Code != "too-long" {
		t.Fatalf("a mistake in a form loses what was typed: %+v", reply)
	}
	if diff := cmp.Diff([]string{"when=thu", "from=" + strings.Repeat("x", 21), "details="}, names(reply.Form)); diff != "" {
		t.Error(diff)
	}
}

// What was made of the words while they were screened reaches whoever answers them, in
// a command and without one, and never from one request to the next.
func TestWhatWasHeardReachesTheHandler(t *testing.T) {
	var got any
	note := func(_ context.Context, r Request) (Reply, error) { got = r.Heard; return Reply{}, nil }
	b, err := New(Config{
		Table:  []Command{{Name: "faq", Summary: "Ask", Example: "/faq", Who: Anyone, Run: note, Options: []Option{{Name: "question", Summary: "A question"}}}},
		Direct: note,
		Screen: func(_ Request, words string) (Alarm, any) {
			if strings.Contains(words, "panic") {
				panic("oh")
			}
			return NoAlarm, "heard " + words
		},
		Recognise: func(_ context.Context, r Request) Request { r.From.Moderator = true; return r },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		r    Request
		want any
	}{
		{Request{Line: "can I eat"}, "heard can I eat"},
		{Request{Line: "/faq can I eat"}, "heard /faq can I eat"},
		{Request{Path: []string{"faq"}, Args: map[string]string{"question": "can I eat"}}, "heard can I eat"},
		{Request{Path: []string{"faq"}}, nil},
		{Request{Line: "panic", Heard: "something else"}, nil},
	} {
		if b.Do(t.Context(), tc.r); got != tc.want {
			t.Errorf("%+v: heard %v, want %v", tc.r, got, tc.want)
		}
		tc.r.Hearing = b.Hear(t.Context(), Request{Line: "can I drive"})
		if b.Do(t.Context(), tc.r); got != tc.want {
			t.Errorf("%+v: heard %v before other words, want %v", tc.r, got, tc.want)
		}
	}
}

// Words that an adapter had to hear first are screened once.
func TestWordsAreScreenedOnce(t *testing.T) {
	times := 0
	b := sampleBot(t, func(c *Config) {
		c.Screen = func(Request, string) (Alarm, any) { times++; return Uneasy, nil }
	})
	for _, r := range []Request{{Line: "can I eat"}, {Path: []string{"ask", "meal"}, Args: map[string]string{"when": "thu", "details": "soup"}}} {
		times = 0
		r.Hearing = b.Hear(t.Context(), r)
		if !r.Hearing.Pressing() {
			t.Error("an uneasy word is not pressing")
		}
		r.From = Person{ID: "console/maya", Name: "maya"}
		if b.Do(t.Context(), r); times != 1 {
			t.Errorf("%+v is screened %d times", r, times)
		}
	}
}

// alarmAt hears danger in words.
func alarmAt(danger string) func(Request, string) (Alarm, any) {
	return func(_ Request, words string) (Alarm, any) {
		if strings.Contains(words, danger) {
			return InDanger, nil
		}
		return NoAlarm, nil
	}
}

func TestDangerComesFirstAndTheRequestIsStillDone(t *testing.T) {
	b := sampleBot(t, func(c *Config) {
		c.Screen = alarmAt("want to die")
		c.Lines = func(context.Context, Request) Message { return Message{Title: "Lines"} }
	})
	reply := b.Do(t.Context(), Request{Line: "/ask ride-home thu 1pm from: x details: i want to die"})
	if len(reply.Messages) != 2 || reply.Messages[0].Title != "Lines" || !strings.Contains(reply.Messages[1].Text, "from:x") {
		t.Errorf("got %+v", reply.Messages)
	}
	reply = b.Do(t.Context(), Request{Line: "/ask ride-home details: i want to die"})
	if len(reply.Messages) != 2 || reply.Messages[0].Title != "Lines" {
		t.Errorf("a form hides the lines: %+v", reply)
	}
	if reply.Form == nil || reply.Form.Args["details"] == "" {
		t.Errorf("what was typed is lost: %+v", reply.Form)
	}
	if reply = b.Do(t.Context(), Request{Line: "/wat i want to die"}); reply.Messages[0].Title != "Lines" {
		t.Errorf("an unknown command hides the lines: %+v", reply)
	}
}

// Nothing that a person typed, and no name, reaches the log.
// What somebody calls themselves stands in titles and on buttons, where nothing can
// be escaped: it is one line that can be seen, and turns nothing around.
func TestNames(t *testing.T) {
	var seen Request
	b := sampleBot(t, func(c *Config) {
		c.Table[0].Run = func(_ context.Context, r Request) (Reply, error) {
			seen = r
			return Say(Message{Text: "x"}), nil
		}
	})
	for name, want := range map[string]string{
		"Maya":                       "Maya",
		" José  *the* <b>driver\n ":  "José *the* <b>driver",
		"evil\u202egnp.exe":          "evilgnp.exe",
		"a\u2066b\u2069\u200bc\x00d": "abcd",
		"👩\u200d👧":                   "👩\u200d👧", // one picture of several
		"\u200b\u2060\ufeff":         "Somebody",
		"\u3164":                     "Somebody",
		"\u2800 \u115f":              "Somebody",
		"\xff\xfe":                   "Somebody",
		"":                           "", // nobody knows
		strings.Repeat("é", 200):     strings.Repeat("é", 79) + "…",
	} {
		b.Do(t.Context(), Request{Platform: "test", From: Person{ID: "test/1", Name: name}, Line: "/faq why \u202enot\u200b so"})
		if seen.From.Name != want {
			t.Errorf("%q is called %q", name, seen.From.Name)
		}
		if seen.Arg("question") != "why not so" {
			t.Errorf("asked %q", seen.Arg("question"))
		}
	}
}

func TestLogsHaveNoWords(t *testing.T) {
	var log strings.Builder
	b := sampleBot(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for _, line := range []string{"/broken", "/failing"} {
		b.Do(t.Context(), Request{Line: line, From: Person{ID: "discord/4711", Name: "Maya Example"}, Workspace: "discord/42"})
	}
	for _, secret := range []string{"Maya", "4711", "discord/42", "maya's words"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, log.String())
		}
	}
	if strings.Count(log.String(), "level=ERROR") != 2 {
		t.Errorf("faults are not logged:\n%s", log.String())
	}
}

// A table says everything that is wrong with it at once.
func TestTableProblems(t *testing.T) {
	many := make([]Pick, 26)
	for i := range many {
		many[i] = Pick{Label: "x", Value: fmt.Sprint(i)}
	}
	_, err := New(Config{Table: []Command{
		{Name: "Bad Name", Summary: "x", Example: "/x", Who: Anyone, Run: echo},
		{Name: "open-door", Summary: "x", Example: "/open-door", Run: echo},
		{Name: "silent", Summary: "", Example: "/silent", Who: Anyone, Run: echo},
		{Name: "twice", Summary: "x", Example: "/twice", Who: Anyone, Run: echo},
		{Name: "twice", Summary: "x", Example: "/twice", Who: Anyone, Run: echo},
		{Name: "idle", Summary: "x", Who: Anyone, Example: "/idle"},
		{Name: "options", Summary: "x", Example: "/options", Who: Anyone, Run: echo, Options: []Option{
			{Name: "a", Summary: "x"}, {Name: "b", Summary: "x", Required: true}, {Name: "c", Summary: "x", Kind: Choice, Choices: many},
			{Name: "d", Summary: "x", Private: true}, {Name: "e", Summary: strings.Repeat("é", 101)}}},
	}})
	if err == nil {
		t.Fatal("such a table is accepted")
	}
	for _, want := range []string{"small letters", "who may use it", "the summary has 0", `two commands are called "twice"`, "does nothing", "behind one that is not", "26 choices", "needs a form", "101 characters"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not said: %s\n%v", want, err)
		}
	}
	if _, err := New(Config{Table: []Command{{Name: "x", Summary: "x", Example: "/y", Who: Anyone, Run: echo}}}); err == nil {
		t.Error("an example that does not work is accepted")
	}
	if _, err := New(Config{Table: []Command{{Name: "x", Summary: strings.Repeat("é", 100), Example: "/x", Who: Anyone, Run: echo}}}); err != nil {
		t.Errorf("100 characters of two bytes are refused: %v", err)
	}
}

// An example is a whole line that works: it says all that has to be said, and nothing
// that the command does not know. Everything that is wrong is said at once, in every
// command of the table.
func TestExamplesAreWhole(t *testing.T) {
	options := []Option{{Name: "when", Summary: "x", Kind: Time, Required: true}, {Name: "where", Summary: "x", Required: true, Max: 20}, {Name: "seats", Summary: "x", Kind: Number, Min: 1, Max: 4}}
	sub := func(name, example string) Command {
		return Command{Name: name, Summary: "x", Example: "/ask " + name + example, Who: Anyone, Run: echo, Options: options}
	}
	table := func(more ...Command) []Command { return []Command{{Name: "ask", Summary: "x", Subs: more}} }
	if _, err := New(Config{Table: table(sub("fine", " thu 1pm where: here"), sub("all", " thu 1pm where: here seats: 2"))}); err != nil {
		t.Errorf("whole examples are refused: %v", err)
	}
	_, err := New(Config{Table: table(
		sub("pet-care", " thu 1:30pm from: near Union Station"),
		sub("half", " thu 1pm"),
		sub("many", " thu 1pm where: here seats: 9 from: there"),
		Command{Name: "silent", Example: "/ask silent", Who: Anyone, Run: echo},
	)})
	if err == nil {
		t.Fatal("such a table is accepted")
	}
	for _, want := range []string{
		`/ask pet-care: its example "/ask pet-care thu 1:30pm from: near Union Station" names “from:”`,
		`/ask pet-care: its example "/ask pet-care thu 1:30pm from: near Union Station" leaves out where`,
		`/ask half: its example "/ask half thu 1pm" leaves out where`,
		`/ask many: its example "/ask many thu 1pm where: here seats: 9 from: there" does not fit the option seats`,
		"/ask silent: the summary has 0",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not said: %s\n%v", want, err)
		}
	}
}

// A button is a command somebody could have typed: writing a line and reading
// it gives the same command.
func TestFormatLineIsRead(t *testing.T) {
	b := sampleBot(t, nil)
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.StringMatching(`[a-z0-9:"\\ \-é?]{1,30}`)
		args := map[string]string{}
		for _, o := range []string{"when", "from", "details"} {
			if v := strings.TrimSpace(value.Draw(rt, o)); v != "" {
				args[o] = v
			}
		}
		line := b.FormatLine([]string{"ask", "ride-home"}, args)
		_, got, err := parseLine(b.Table(), line)
		if err != nil || !maps.Equal(args, got) {
			rt.Fatalf("%q gives %v, %v instead of %v", line, got, err, args)
		}
	})
}

func FuzzLine(f *testing.F) {
	b := sampleBot(f, nil)
	for _, s := range []string{"/faq x", "/ask ride-home a: b: c", `/ask ride-home when: "`, "/need seats 1 2 3 4 5", "x", "/", "//", "/need \x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		reply := b.Do(t.Context(), Request{Platform: "console", Line: line})
		if len(reply.Messages) == 0 && reply.Form == nil {
			t.Errorf("%q has no answer", line)
		}
	})
}

// Whatever somebody typed is shown as it is, and means nothing.
func TestLiteralMeansNothing(t *testing.T) {
	for _, s := range []string{"**b** _i_ `c`", "# h", "- x", "1. x", "> q", "@everyone <@1> <!channel>", "[a](https://b.example)", "https://a.example", "<b>x</b>", "a &amp; b &lt;", "\\", "~~s~~ ||s||", "![i](x)", "* * *", "a\\nb"} {
		if got := PlainText("x " + Literal(s) + " y"); got != "x "+s+" y" {
			t.Errorf("%q became %q", s, got)
		}
		for _, b := range Parse("x " + Literal(s)) {
			for _, sp := range b.Spans {
				if sp.Bold || sp.Italic || sp.Link != "" {
					t.Errorf("%q is mark-up: %+v", s, sp)
				}
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringMatching(`[!-~éß ]{0,40}`).Draw(rt, "words")
		want := strings.Join(strings.Fields("x "+s+" y"), " ")
		if got := strings.Join(strings.Fields(PlainText("x "+Literal(s)+" y")), " "); got != want {
			rt.Fatalf("%q became %q", want, got)
		}
	})
}

func TestParse(t *testing.T) {
	at := time.Date(2026, 12, 8, 20, 0, 0, 0, time.UTC)
	text := "One **bold**\nline with " + At(at, "Tue 8 Dec") + " and " + Mention(Person{ID: "discord/1", Name: "Sam"}) + ".\n\n- a [link](https://a.example)\n- " + RoomLink(Room{ID: "slack/C1", Name: "village"}) + "\n\n> said"
	want := []Block{
		{Spans: []Span{{Text: "One "}, {Text: "bold", Bold: true}, {Text: " "}, {Text: "line with "}, {Text: "Tue 8 Dec", Time: at}, {Text: " and "}, {Text: "Sam", Person: "discord/1"}, {Text: "."}}},
		{Kind: Bullet, Spans: []Span{{Text: "a "}, {Text: "link", Link: "https://a.example"}}},
		{Kind: Bullet, Spans: []Span{{Text: "#village", Room: "slack/C1"}}},
		{Kind: Quotation, Spans: []Span{{Text: "said"}}},
	}
	got := Parse(text)
	for i := range got { // soft breaks leave empty runs behind
		spans := got[i].Spans[:0]
		for _, s := range got[i].Spans {
			if s != (Span{}) {
				spans = append(spans, s)
			}
		}
		got[i].Spans = spans
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("One bold line with Tue 8 Dec and Sam.\n\n- a link (https://a.example)\n- #village\n\n> said", PlainText(text)); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a **b** [c](time:1) <d> `e`\n\n```\nf\n```\n# g")
	f.Fuzz(func(_ *testing.T, s string) {
		io.WriteString(io.Discard, PlainText(s))
		PlainText(Literal(s))
	})
}

// Whoever calls for help and mistypes something is helped, not corrected; late
// or not.
func TestAnyhow(t *testing.T) {
	b, err := New(Config{Table: []Command{{Name: "crisis", Summary: "Lines", Example: "/crisis", Who: Anyone, Urgent: true, Anyhow: true,
		Options: []Option{{Name: "country", Summary: "Where you are", Kind: Choice, Choices: []Pick{{Label: "Ireland", Value: "IE"}}}},
		Run: func(_ context.Context, r Request) (Reply, error) {
			return Reply{Messages: []Message{{Text: "Lines for " + r.Arg("country")}}, Crisis: true}, nil
		}}}})
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"/crisis": "Lines for ", "/crisis ie": "Lines for IE", "/crisis FR": "Lines for ", "/crisis please help me": "Lines for ", "/crisis who: me": "Lines for ",
	} {
		for _, late := range []bool{false, true} {
			reply := b.Do(t.Context(), Request{Platform: "console", Line: line, Late: late})
			if len(reply.Messages) != 1 || reply.Messages[0].Text != want || !reply.Crisis {
				t.Errorf("%q (late: %v) is answered with %+v", line, late, reply)
			}
		}
	}
	reply := b.Do(t.Context(), Request{Platform: "discord", Path: []string{"crisis"}, Args: map[string]string{"country": "FR"}})
	if len(reply.Messages) != 1 || reply.Messages[0].Text != "Lines for " {
		t.Errorf("a country that is not known is answered with %+v", reply)
	}
}

// Of what comes too late nothing is done, but danger is answered, and so is what
// changes nothing.
func TestLate(t *testing.T) {
	done := 0
	b, err := New(Config{
		Table: []Command{
			{Name: "claim", Summary: "Say yes", Example: "/claim", Who: Anyone, Options: []Option{{Name: "note", Summary: "A note"}},
				Run: func(context.Context, Request) (Reply, error) { done++; return Say(Message{Text: "Yours."}), nil }},
			{Name: "crisis", Summary: "Lines", Example: "/crisis", Who: Anyone, Urgent: true,
				Run: func(context.Context, Request) (Reply, error) {
					return Reply{Messages: []Message{{Text: "Call 988."}}, Crisis: true}, nil
				}},
		},
		Direct: func(context.Context, Request) (Reply, error) { done++; return Reply{}, nil },
		Screen: alarmAt("end it"),
		Lines:  func(context.Context, Request) Message { return Message{Text: "Call 988."} },
		After:  func(_ context.Context, _ Request, r Reply) Reply { done++; return r },
	})
	if err != nil {
		t.Fatal(err)
	}
	for line, crisis := range map[string]bool{"/claim": false, "/claim I want to end it": true, "/crisis": true, "hello": false, "/nothing": false} {
		reply := b.Do(t.Context(), Request{Platform: "console", Line: line, Late: true})
		if reply.Crisis != crisis || len(reply.Messages) != map[bool]int{true: 1}[crisis] {
			t.Errorf("%q is answered with %+v", line, reply)
		}
	}
	if done != 0 {
		t.Errorf("%d things were done", done)
	}
}

// Somebody in danger who also asked for a ride has the lines while the ride is still
// being asked for, and the ride is asked for all the same.
func TestLinesDoNotWaitForTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := false
		b := sampleBot(t, func(c *Config) {
			c.Screen = alarmAt("want to die")
			c.Lines = func(ctx context.Context, _ Request) Message {
				<-ctx.Done() // it would look for more
				return Message{Title: "Lines"}
			}
			c.Recognise = func(ctx context.Context, r Request) Request {
				<-time.After(time.Minute)
				asked = ctx.Err() == nil
				return r
			}
			c.After = func(context.Context, Request, Reply) Reply { panic("something is fetched after the lines") }
		})
		begun := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		reply := b.Do(ctx, Request{Line: "/ask ride-home thu 1pm from: x details: i want to die"})
		cancel()
		if took := time.Since(begun); took > time.Second || !reply.Crisis || reply.Messages[0].Title != "Lines" || !strings.Contains(reply.Messages[1].Text, "still working") {
			t.Errorf("after %v: %+v", took, reply.Messages)
		}
		<-time.After(2 * time.Minute)
		synctest.Wait() // what went on without them has ended
		if !asked {
			t.Error("what was asked is lost")
		}
	})
}

// What is typed or tapped is no part of what platforms list, but is understood; and an
// old name is a name for good.
func TestListed(t *testing.T) {
	run := func(context.Context, Request) (Reply, error) { return Reply{}, nil }
	table := []Command{
		{Name: "my", Was: []string{"me"}, Subs: []Command{{Name: "zone", Run: run}, {Name: "shoe", Run: run, Typed: true}}},
		{Name: "quiet", Subs: []Command{{Name: "bar", Run: run, Typed: true}}},
	}
	if got := Listed(table); len(got) != 1 || len(got[0].Subs) != 1 || got[0].Subs[0].Name != "zone" {
		t.Errorf("listed: %+v", got)
	}
	for line, want := range map[string]string{"/me zone": "my zone", "/my shoe": "my shoe", "/quiet bar": "quiet bar"} {
		path, _, err := ParseLine(table, line)
		if err != nil || strings.Join(path, " ") != want {
			t.Errorf("%s is %q, %v", line, path, err)
		}
	}
	if Find(table, []string{"me", "zone"}) == nil {
		t.Error("a button under an old name does nothing")
	}
}
