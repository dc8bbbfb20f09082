package main

import (
	"bytes"
	"strings"
	"testing"
)

// A tally says who got how many messages on which day, and nothing of what they say.
func TestTally(t *testing.T) {
	var out, errs bytes.Buffer
	in := strings.NewReader("mod: /setup zone Denver\nmaya: /ask ride-home thu 3pm from: near Union Station\nmaya@dm: /faq water\n")
	code := run(t.Context(), []string{"rehearse", "-now", "2026-12-01T16:00:00Z", "-tally"}, func(string) string { return "" }, in, &out, &errs)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{"#village 2026-12-01 Tue posts 1 edits 0 answers 0", "maya 2026-12-01 Tue direct 0 edits 0 answers 2", "#village in all, at most 1 a day posts 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
	if strings.Contains(got, "Union") {
		t.Errorf("it says what was said:\n%s", out.String())
	}
}
