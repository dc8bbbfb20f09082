package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is read without the Markdown parser is read as it would read it.
func TestUsualWordsReadAlike(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"a", "b ", "Z", " ", "  ", "\n", "\n\n", ".", "1", "1.", ")", "-", "+", "#", "!", "(", "=", "|", "~", "@", `\`, `\.`, `\*`, `\&`, `\!`, `\[`, "&amp;", "’", "é",
		"\u2028", "\u0085", "\u00a0", "\ufeff", "\x00", "\xff", "\x7f", "\t", "\r", ":", "://", `"`, "'", "{", "}", "[", "]", "<", "`", "_", "*", "https://a.example", "\n===", "\\\n",
		"- ", "\n- ", "\n\n- ", "**", "**b**", "**b c** ", "**b.** ", "**b,** ", `"b" `, "[d](https://e.example/?f=g#h)", "[i](time:1796774400)", "[Sam O\\’K\\.](person:discord%2F1)", "](", ")", "](x)", "***", "   ", "[ j ](k)",
	})
	usual := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := "a"
		for _, piece := range rapid.SliceOfN(pieces, 0, 6).Draw(rt, "pieces") {
			s += piece
		}
		got, ok := parseUsual(s)
		if !ok {
			return
		}
		usual++
		if diff := cmp.Diff(parseMarked(s), got); diff != "" {
			rt.Fatalf("%q: %s", s, diff)
		}
	})
	if usual == 0 {
		t.Error("everything needed the parser")
	}
}

// At a bad moment nobody should read a number twice.
func TestSaysNumber(t *testing.T) {
	for _, c := range []struct {
		words, number string
		want          bool
	}{
		{"Call 116 123", "116123", true},
		{"Call 9-8-8", "988", true},
		{"Call (303) 555-0100", "3035550100", true},
		{"Text HOME to 741741", "text HOME to 741741", true},
		{"Call the clinic", "3035550100", false},
		{"Call 911", "988", false},
	} {
		if got := SaysNumber(c.words, c.number); got != c.want {
			t.Errorf("%q says %s: %v", c.words, c.number, got)
		}
	}
}
