package words

import "testing"

func TestCoverage(t *testing.T) {
	for _, tt := range []struct {
		covered, all int
		want         string
	}{
		{0, 0, ""}, {0, 1, "□ 0 of 1 covered"}, {5, 6, "■■■■■□ 5 of 6 covered"}, {6, 6, "■■■■■■ 6 of 6 covered"},
		{19, 20, "■■■■■■■■■□ 19 of 20 covered"}, {1, 200, "□□□□□□□□□□ 1 of 200 covered"}, {7, 6, "■■■■■■ 6 of 6 covered"},
	} {
		if got := (Reader{}).Coverage(tt.covered, tt.all); got != tt.want {
			t.Errorf("%d of %d: %q", tt.covered, tt.all, got)
		}
	}
}
