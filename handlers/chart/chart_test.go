package chart

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"testing"
	"time"

	"village/handlers/picture"
)

func day(n int) time.Time { return time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

func key() Key {
	return Key{Up: "better", Level: "the same", Down: "heavier", Session: "a session", Days: "How the days went"}
}

// weeks are eight weeks of somebody's notes.
func weeks() Panel {
	p := Panel{Title: "From 1 December 2026", Sessions: []time.Time{day(0), day(3), day(7), day(10), day(14), day(17)}}
	for i, step := range []int{1, 0, -1, 1, 1, 0, 1, -1, -1, 0, 1, 1, 1, 0, 0, 1, -1, 1, 1, 0, 1} {
		p.Days = append(p.Days, Day{At: day(i + 1), Step: step})
	}
	p.Series = []Series{
		{Name: "PHQ-9, from 0 to 27", Most: 27, Points: []Point{{day(-2), 19}, {day(9), 14}, {day(20), 9}, {day(54), 11}}},
		{Name: "GAD-7, from 0 to 21", Most: 21, Points: []Point{{day(-2), 15}, {day(20), 7}}}}
	return p
}

func TestPicture(t *testing.T) {
	one, err := PNG("Your weeks", key(), []Panel{weeks()})
	if err != nil {
		t.Fatal(err)
	}
	if two, err := PNG("Your weeks", key(), []Panel{weeks()}); err != nil || !bytes.Equal(one, two) {
		t.Error("the same notes give another picture")
	}
	img, err := png.Decode(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Dx() != width || len(one) > 96<<10 {
		t.Errorf("the picture is %v and has %d bytes", img.Bounds(), len(one))
	}
	seen := map[color.Color]bool{}
	for y := range img.Bounds().Dy() {
		for x := range width {
			seen[img.At(x, y)] = true
		}
	}
	for name, c := range map[string]color.RGBA{"up": picture.Colours().Green, "level and numbers": picture.Colours().Blue, "down": picture.Colours().Amber, "words": picture.Colours().Ink} {
		if !seen[c] {
			t.Errorf("nothing has the colour of %s", name)
		}
	}
	if to := os.Getenv("VILLAGE_PICTURES"); to != "" {
		if err := os.WriteFile(to+"/weeks.png", one, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever there is, and however little, makes a picture of a bearable size.
func TestAnyNotes(t *testing.T) {
	many := weeks()
	for range 20 {
		many.Series = append(many.Series, many.Series[0])
	}
	for name, panels := range map[string][]Panel{
		"nothing":         nil,
		"an empty panel":  {{}},
		"one day":         {{Days: []Day{{At: day(0), Step: -1}}}},
		"one number":      {{Series: []Series{{Name: "my own", Least: 5, Most: 5, Points: []Point{{day(0), 5}}}}}},
		"twenty scales":   {many},
		"two beside each": {weeks(), weeks(), weeks()},
		"a year":          {{Days: []Day{{At: day(0)}, {At: day(365), Step: 1}}}},
		"only a session":  {{Sessions: []time.Time{day(0)}}},
	} {
		out, err := PNG("Your weeks", key(), panels)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cfg, err := png.DecodeConfig(bytes.NewReader(out))
		if err != nil || cfg.Width != width || cfg.Height > 4000 {
			t.Errorf("%s: %dx%d, %v", name, cfg.Width, cfg.Height, err)
		}
	}
}
