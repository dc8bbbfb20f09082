package bot

import "testing"

// A page is drawn once; words for one person are drawn each time and not kept.
func TestPages(t *testing.T) {
	var pages Pages[string]
	drawn := 0
	draw := func(m Message) string { drawn++; return m.Text }
	for range 3 {
		if got := pages.Of(Message{Page: "faq driving", Text: "Not today."}, draw); got != "Not today." {
			t.Errorf("drawn as %q", got)
		}
	}
	for _, words := range []string{"for maya", "for sam"} {
		if got := pages.Of(Message{Text: words}, draw); got != words {
			t.Errorf("drawn as %q", got)
		}
	}
	if drawn != 3 || len(pages.made) != 1 {
		t.Errorf("drawn %d times, %d kept", drawn, len(pages.made))
	}
}
