package village

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// What strangers type is noticed nine times of ten at least, and of what gives nothing
// away hardly anything is asked about.
func TestPartOnStrangersWords(t *testing.T) {
	data, err := os.ReadFile("testdata/publicwords.txt")
	if err != nil {
		t.Fatal(err)
	}
	telling, noticed, harmless, alarms := 0, 0, 0, 0
	for line := range strings.Lines(string(data)) {
		why, text, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		p := Part(text)
		switch found := slices.Contains(p.Why, Reveals(why)); {
		case why == "nothing":
			if harmless++; len(p.Why) > 0 {
				alarms++
				t.Logf("asked about: %q, %v", text, p.Why)
			}
		case found:
			telling, noticed = telling+1, noticed+1
		default:
			telling++
			t.Logf("not noticed: %q, %s", text, why)
		}
	}
	t.Logf("noticed %d of %d, asked about %d of %d that give nothing away", noticed, telling, alarms, harmless)
	if noticed*10 < telling*9 || alarms*20 > harmless || telling < 120 || harmless < 60 {
		t.Error("that is not what is promised")
	}
}
