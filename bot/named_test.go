package bot

import (
	"context"
	"strings"
	"testing"
)

// A code is taken with whatever stands around it, and words in its place find what it
// stands for: one thing is meant, several are asked about, and none is said to be none.
func TestThingsAreFoundByName(t *testing.T) {
	things := []Pick{{Label: "maya: ride home, Thu 3 Dec", Value: "32pn32"}, {Label: "ines: ride home, Thu 3 Dec", Value: "263mfz"}, {Label: "maya: meal, Fri 4 Dec", Value: "vq7587"}}
	complete := func(_ context.Context, _ Request, typed string) (found []Pick) {
		for _, p := range things {
			missing := false
			for _, w := range strings.Fields(strings.ReplaceAll(typed, ",", " ")) {
				missing = missing || !strings.Contains(strings.ToLower(p.Label), strings.TrimSuffix(w, "'s"))
			}
			if !missing {
				found = append(found, p)
			}
		}
		return found
	}
	need := Option{Name: "need", Summary: "Which", Kind: Ref, Required: true, Complete: complete}
	only := need
	only.Alone = true
	table := []Command{{Name: "need", Summary: "Needs", Subs: []Command{
		{Name: "claim", Summary: "Yes", Example: "/need claim k7m2p9", Who: Anyone, Run: echo, Options: []Option{need}},
		{Name: "done", Summary: "Done", Example: "/need done k7m2p9", Who: Anyone, Run: echo, Options: []Option{only}},
		{Name: "move", Summary: "Move", Example: "/need move k7m2p9 thu", Who: Anyone, Run: echo, Form: "Move", Options: []Option{need, {Name: "when", Summary: "When", Kind: Time, Required: true}}},
		{Name: "fill", Summary: "Fill", Example: "/need fill k7m2p9 @sam", Who: Anyone, Run: echo, Options: []Option{need, {Name: "who", Summary: "Who", Kind: Someone}}},
	}}}
	b := sampleBot(t, func(c *Config) { c.Table = table })
	for _, tt := range []struct{ line, want string }{
		{"/need claim 32pn32", "need:32pn32"}, {"/need claim #32PN32,", "need:32pn32"}, {"/need claim (32pn32)", "need:32pn32"}, {"/need claim `32pn32`.", "need:32pn32"},
		{"/need claim need 32pn32.", "need:32pn32"}, {"/need claim ines", "need:263mfz"}, {"/need claim maya, thu", "need:32pn32"}, {`/need claim "fri"`, "need:vq7587"},
		{"/need claim maya", "Which one do you mean by “maya”? 2"}, {"/need claim zoe", "I can't find “zoe” there. 3"}, {"/need claim", "Which one do you mean? 3"},
		{"/need move fri to sat 2pm", "need:vq7587 when:sat 2pm"}, {"/need move ines when: sat 2pm", "need:263mfz when:sat 2pm"}, {"/need move 32pn32 sat 2pm", "need:32pn32 when:sat 2pm"},
		{"/need move sat 2pm", "Which one do you mean? 3"}, {"/need move", "Which one do you mean? 3"},
		{"/need fill ines @sam", "need:263mfz who:console/sam"}, {"/need fill fri <@U1|sam>,", "need:vq7587 who:console/U1"}, {"/need done", "Which one do you mean? 3"},
		{"/claim ines", "I don't know /claim. Did you mean /need claim? 1"},
	} {
		r := b.Do(t.Context(), Request{Platform: "console", From: Person{ID: "console/maya"}, Line: tt.line})
		got := r.Messages[0].Text
		if _, args, ok := strings.Cut(got, "map["); ok {
			got = strings.TrimSuffix(args, "]")
		} else {
			first, _, _ := strings.Cut(strings.ReplaceAll(got, "\\", ""), "\n")
			got = first + " " + string(rune('0'+len(r.Messages[0].Buttons)))
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.line, got, tt.want)
		}
	}
	things = things[:1]
	if r := b.Do(t.Context(), Request{Platform: "console", From: Person{ID: "console/maya"}, Line: "/need done"}); !strings.Contains(r.Messages[0].Text, "32pn32") {
		t.Errorf("the only one is not taken: %s", r.Messages[0].Text)
	}
}
