package handlers

import (
	"testing"
	"time"

	"village/content"
	"village/internal/village"
)

// boltBench is a bench on the embedded store alone, for what does not hang on the store.
func boltBench(t *testing.T, seed byte) *bench {
	t.Helper()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBench(library, everyStore(t)[0], time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	return b
}

// A carpool comes on every day that its words name.
func TestCarpoolDays(t *testing.T) {
	for words, want := range map[string]int{"mon-fri": 5, "weekdays": 5, "every monday and thursday": 2, "mondays and thursdays": 2, "mon/wed/fri": 3, "daily": 7, "mo tu": 2} {
		b := boltBench(t, 9)
		b.mustSay(t, "maya", "/ask carpool 2026-12-07 16:00 from: west to: north days: "+words+" weeks: 1")
		needs, err := b.needs()
		if err != nil || len(needs) != want {
			t.Errorf("%q: %d requests, %v, want %d", words, len(needs), err, want)
		}
		for _, n := range needs {
			if local := n.Start.In(village.ZoneNamed(n.Zone)); local.Hour() != 16 {
				t.Errorf("%q: %v", words, local)
			}
		}
	}
}
