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
