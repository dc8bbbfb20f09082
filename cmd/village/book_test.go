package main

import (
	"strings"
	"testing"

	"village/content"
)

// The book has about thirty pages. Each of them shows something, and nothing in it is a
// line that is not understood or a button that is not there.
func TestBook(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := readBook(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 28 || len(pages) > 32 {
		t.Errorf("the book has %d pages", len(pages))
	}
	for _, page := range pages {
		done, err := page.play(t.Context(), library, true)
		if err != nil {
			t.Fatalf("%s: %v", page.name, err)
		}
		if len(done.film.frames) < 2 {
			t.Errorf("%s shows nothing", page.name)
		}
		for line := range strings.Lines(done.words) {
			if strings.Contains(line, `"error":`) {
				t.Errorf("%s: %s", page.name, line)
			}
		}
	}
}
