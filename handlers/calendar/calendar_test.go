package calendar

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"testing"
	"time"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPicture(t *testing.T) {
	days := map[string]Day{"2026-12-01": {Session: "1:00 pm", Done: true, Covered: 2, Wanted: 2}, "2026-12-02": {Feeling: "better", Level: 3}}
	one, err := PNG("Your sessions", date("2026-12-01"), date("2026-12-18"), date("2026-12-03"), days)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds().Dy(), head+3*cellH+foot; got != want {
		t.Errorf("three weeks are %d pixels high, want %d", got, want)
	}
	// Monday is 30 November; the session is drawn on the second day.
	if got := img.At(margin+cellW+cellW-10, head+37); got != colours().grey {
		t.Errorf("a session that is done has the colour %v", got)
	}
	if two, err := PNG("Your sessions", date("2026-12-01"), date("2026-12-18"), date("2026-12-03"), days); err != nil || !bytes.Equal(one, two) {
		t.Error("the same weeks give another picture")
	}
	if len(one) > 64<<10 {
		t.Errorf("the picture has %d bytes", len(one))
	}
}

// However far apart the days are, and whichever comes first, there is a
// picture of a bearable size.
func TestAnyWeeks(t *testing.T) {
	for _, to := range []string{"2020-01-01", "2026-12-01", "2026-12-06", "2026-12-07", "2031-01-01"} {
		out, err := PNG("x", date("2026-12-01"), date(to), date("2026-12-01"), nil)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := png.DecodeConfig(bytes.NewReader(out))
		if err != nil || cfg.Height > head+MaxWeeks*cellH+foot || cfg.Height < head+cellH {
			t.Errorf("until %s: %d pixels high, %v", to, cfg.Height, err)
		}
	}
}

// Words can be read on what they stand on: a contrast of 4.5 to 1 at least.
func TestContrast(t *testing.T) {
	light := func(c color.RGBA) float64 {
		part := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= 0.03928 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
	}
	c := colours()
	for _, pair := range [][2]color.RGBA{{c.ink, c.white}, {c.ink, c.pale}, {c.grey, c.white}, {c.blue, c.white}, {c.white, c.grey}, {c.green, c.white}, {c.green, c.pale}, {c.amber, c.white}, {c.amber, c.pale}} {
		a, b := light(pair[0]), light(pair[1])
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
			t.Errorf("%v on %v: %.1f to 1", pair[0], pair[1], ratio)
		}
	}
}
