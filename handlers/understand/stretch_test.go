package understand

import "testing"

func TestStretch(t *testing.T) {
	for _, c := range []struct{ words, start, until string }{
		{"thursday from 12 to 6", "thursday noon", "6pm"},
		{"thu 12-6pm", "thu noon", "6pm"},
		{"thu 1 pm to 5 pm", "thu 1pm", "5pm"},
		{"friday 9 to 5pm", "friday 9am", "5pm"},
		{"friday 1-3pm", "friday 1pm", "3pm"},
		{"friday from 9am until 1", "friday 9am", "1pm"},
		{"friday 9 to 5", "friday 9", "5"},
		{"3:30 to 5:30pm tomorrow", "3:30pm tomorrow", "5:30pm"},
		{"noon to 6 on dec 8", "noon on dec 8", "6pm"},
		{"tuesdays and fridays at 1pm until dec 18", "tuesdays and fridays at 1pm until dec 18", ""},
		{"quarter to 6 tomorrow", "quarter to 6 tomorrow", ""},
		{"2026-12-08 13:00", "2026-12-08 13:00", ""},
		{"thursday at 1pm", "thursday at 1pm", ""},
		{"", "", ""},
	} {
		if start, until := stretch(c.words); start != c.start || until != c.until {
			t.Errorf("%q: %q until %q, want %q until %q", c.words, start, until, c.start, c.until)
		}
	}
}
