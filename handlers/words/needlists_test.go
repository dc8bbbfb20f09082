package words

import (
	"testing"
	"time"
)

func TestCoverage(t *testing.T) {
	for _, tt := range []struct {
		covered, all int
		want         string
	}{
		{0, 0, ""}, {0, 1, "0 of 1 covered □"}, {5, 6, "5 of 6 covered ■■■■■□"}, {6, 6, "6 of 6 covered ■■■■■■"},
		{19, 20, "19 of 20 covered ■■■■■■■■■□"}, {1, 200, "1 of 200 covered □□□□□□□□□□"}, {7, 6, "6 of 6 covered ■■■■■■"},
	} {
		if got := (Reader{}).Coverage(tt.covered, tt.all); got != tt.want {
			t.Errorf("%d of %d: %q", tt.covered, tt.all, got)
		}
	}
}

func TestWipedAfter(t *testing.T) {
	for hours, want := range map[int]string{1: "one hour", 24: "one day", 36: "36 hours", 48: "two days", 72: "3 days"} {
		if got := (Reader{}).wipedAfter(time.Duration(hours) * time.Hour); got != want {
			t.Errorf("%d hours: %q, want %q", hours, got, want)
		}
	}
}
