package handlers

import (
	"strings"
	"testing"
	"time"
)

// Words that may be a cry for help have two lines beside their answer, also where the
// answer is that there is none, or a kind no; likeness alone brings no more than that.
func TestLinesStandBelowWhateverIsSaid(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBench(library, boltStore, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 5)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	b.mustSay(t, "mod", "/setup country US")
	for _, line := range []string{"/faq the water looks so quiet from the bridge", "the water looks so quiet from the bridge"} {
		reply := b.mustSay(t, "maya", line)
		if len(reply.Messages) != 2 {
			t.Fatalf("%s: %+v", line, reply.Messages)
		}
		answer, lines := reply.Messages[0], reply.Messages[1]
		if library.Find(strings.TrimPrefix(line, "/faq ")).Danger { // then they come first
			answer, lines = lines, answer
		}
		if answer.Title != "I am not sure" || !strings.Contains(lines.Text, "Call 988") || strings.Count(lines.Text, "\n") != 1 || len(lines.Buttons) != 1 || lines.Buttons[0].Command != "/crisis" {
			t.Errorf("%s: %+v", line, reply.Messages)
		}
	}
	if reply := b.mustSay(t, "maya", "/faq best pizza in town"); len(reply.Messages) != 1 {
		t.Errorf("the lines stand below every answer: %+v", reply.Messages)
	}
}
