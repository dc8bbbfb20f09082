package handlers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
)

// No words that everybody reads escape: each option of words of each command that asks a
// village for something is looked at before it is posted, or is read by few.
func TestPublicWordsAreLookedAt(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	app := New(Config{Content: library, Now: time.Now})
	few := []string{"details", "when", "until", "days", "rules", "length", "fasting", "help", "talks", "add"} // for helpers alone, or a time
	looked := 0
	for _, c := range app.Table() {
		for _, sub := range append(slices.Clone(c.Subs), c) {
			path := strings.TrimSpace(c.Name + " " + sub.Name)
			if sub.Run == nil || c.Name != "ask" && !slices.Contains([]string{"need change", "session add", "session change"}, path) {
				continue
			}
			for _, o := range sub.Options {
				switch {
				case o.Kind != bot.Words || slices.Contains(few, o.Name):
				case slices.Contains(publicOptions(), o.Name):
					looked++
				default:
					t.Errorf("/%s %s: is posted, and nobody has looked at it; or say here who reads it", path, o.Name)
				}
			}
		}
	}
	if looked < 20 {
		t.Errorf("%d options are looked at, and that is too few", looked)
	}
}
