package calendar

import (
	"bytes"
	"image/png"
	"testing"
	"time"

	"village/handlers/picture"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPicture(t *testing.T) {
	days := map[string]Day{"2026-12-01": {Session: "1:00 pm", Done: true, Covered: 2, Wanted: 2}, "2026-12-02": {Feeling: "better"}}
	one, err := PNG("Your sessions", time.Monday, date("2026-12-01"), date("2026-12-18"), date("2026-12-03"), days)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds().Dy(), head+cellH+foot; got != want || img.Bounds().Dx() != 800 {
		t.Errorf("the one week with something in it is %d pixels high, want %d", got, want)
	}
	// Monday is 30 November; the session is drawn on the second day.
	if got := img.At(margin+cellW+cellW-10, head+45); got != picture.Colours().Grey {
		t.Errorf("a session that is done has the colour %v", got)
	}
	if two, err := PNG("Your sessions", time.Monday, date("2026-12-01"), date("2026-12-18"), date("2026-12-03"), days); err != nil || !bytes.Equal(one, two) {
		t.Error("the same weeks give another picture")
	}
	if len(one) > 64<<10 {
		t.Errorf("the picture has %d bytes", len(one))
	}
}

// A week begins on the day on which it does where somebody lives.
func TestWeekOf(t *testing.T) {
	for begins, want := range map[time.Weekday]string{time.Monday: "2026-11-30", time.Sunday: "2026-11-29", time.Saturday: "2026-11-28"} {
		if got := WeekOf(begins, date("2026-12-01")); !got.Equal(date(want)) {
			t.Errorf("from %v: %v", begins, got)
		}
	}
}

// However far apart the days are, and whichever comes first, there is a
// picture of a bearable size.
func TestAnyWeeks(t *testing.T) {
	for _, to := range []string{"2020-01-01", "2026-12-01", "2026-12-06", "2026-12-07", "2031-01-01"} {
		out, err := PNG("x", time.Monday, date("2026-12-01"), date(to), date("2026-12-01"), nil)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := png.DecodeConfig(bytes.NewReader(out))
		if err != nil || cfg.Height > head+MaxWeeks*cellH+foot || cfg.Height < head+cellH {
			t.Errorf("until %s: %d pixels high, %v", to, cfg.Height, err)
		}
	}
}

// Many weeks are drawn closer together.
func TestManyWeeks(t *testing.T) {
	days := map[string]Day{}
	for d := date("2026-12-01"); d.Before(date("2027-01-12")); d = d.AddDate(0, 0, 7) {
		days[d.Format(time.DateOnly)] = Day{Session: "1:00 pm", Covered: 1, Wanted: 2}
	}
	out, err := PNG("Your sessions", time.Sunday, date("2026-12-01"), date("2027-01-11"), date("2026-12-03"), days)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(out))
	if want := head + 6*tight + foot; err != nil || cfg.Height != want {
		t.Errorf("six weeks are %d pixels high, want %d (%v)", cfg.Height, want, err)
	}
}

// Four weeks are drawn whatever is in them, and a day that asks for nothing is empty.
func TestLoads(t *testing.T) {
	key := Key{"open", "nobody has said yes", "yes", "somebody is down for it", "posts", "reminders in channels"}
	draw := func(days map[string]Load) []byte {
		out, err := Loads("Four weeks", key, time.Sunday, date("2026-12-03"), days)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	some := draw(map[string]Load{"2026-12-01": {Open: 2, Held: 1, Posts: 1}, "2027-02-01": {Open: 1}})
	if !bytes.Equal(some, draw(map[string]Load{"2026-12-01": {Open: 2, Held: 1, Posts: 1}})) {
		t.Error("what is later than four weeks is drawn")
	}
	if bytes.Equal(some, draw(nil)) {
		t.Error("nothing is drawn")
	}
	img, err := png.Decode(bytes.NewReader(some))
	if err != nil || img.Bounds().Dy() != head+Weeks*cellH+foot+3*line {
		t.Errorf("%v, %v", img.Bounds(), err)
	}
}
