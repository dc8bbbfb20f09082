package picture

import (
	"image/color"
	"math"
	"testing"
)

// Words and signs can be told from what they stand on: a contrast of 4.5 to 1 at least.
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
	c := Colours()
	for _, ground := range []color.RGBA{c.Ground, c.Pale} {
		for _, on := range []color.RGBA{c.Ink, c.Grey, c.Blue, c.Green, c.Amber} {
			a, b := light(on), light(ground)
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%v on %v: %.1f to 1", on, ground, ratio)
			}
		}
	}
}
