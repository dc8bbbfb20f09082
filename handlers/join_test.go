package handlers

import "testing"

// A direct message names no side of a village. Whoever was chosen to moderate
// may type there all the same, and hears where to.
func TestLeaveFromADirectMessage(t *testing.T) {
	onEveryStore(t, 7, func(t *testing.T, b *bench) {
		b.mustSay(t, "mod", "/setup channel")
		b.mustSay(t, "nia", "/need open")
		b.mustSay(t, "mod", "/setup trust @nia")
		r := b.from("", "nia", "/setup leave", true, false)
		if r.Code != "which-side" || len(r.Messages) != 1 {
			t.Fatalf("%s: %s", r.Code, shown(r.Messages[0]))
		}
	})
}
