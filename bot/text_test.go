package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is read without the Markdown parser is read as it would read it.
func TestPlainWordsReadAlike(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"a", "b ", "Z", " ", "  ", "\n", "\n\n", ".", "1", "1.", ")", "-", "+", "#", "!", "(", "=", "|", "~", "@", `\`, `\.`, `\*`, `\&`, `\!`, `\[`, "&amp;", "’", "é",
		"\u2028", "\u0085", "\u00a0", "\ufeff", "\x00", "\xff", "\x7f", "\t", "\r", ":", "://", `"`, "'", "{", "}", "[", "]", "<", "`", "_", "*", "https://a.example", "\n===", "\\\n",
	})
	plain := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := "a"
		for _, piece := range rapid.SliceOfN(pieces, 0, 6).Draw(rt, "pieces") {
			s += piece
		}
		got, ok := parsePlain(s)
		if !ok {
			return
		}
		plain++
		if diff := cmp.Diff(parseMarked(s), got); diff != "" {
			rt.Fatalf("%q: %s", s, diff)
		}
	})
	if plain == 0 {
		t.Error("nothing was plain")
	}
}
