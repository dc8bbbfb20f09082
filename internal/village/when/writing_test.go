package when

import (
	"testing"
	"time"
)

// Spanish names the day, its month in words, and whether it is before noon; English is
// what it was.
func TestWriting(t *testing.T) {
	denver, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	spanish, ok := In("es")
	english, _ := In("en")
	if _, known := In("xx"); !ok || known {
		t.Fatal("the languages that are known")
	}
	for _, c := range []struct {
		at          time.Time
		full, short string
	}{
		{time.Date(2026, 12, 8, 13, 0, 0, 0, denver), "martes 8 de diciembre de 2026, 1:00 p.\u00a0m. (hora de Denver, MST)", "mar 8 dic, 1:00 p.\u00a0m."},
		{time.Date(2027, 9, 4, 9, 30, 0, 0, denver), "sábado 4 de septiembre de 2027, 9:30 a.\u00a0m. (hora de Denver, MDT)", "sáb 4 sept, 9:30 a.\u00a0m."},
		{time.Date(2026, 12, 9, 12, 0, 0, 0, denver), "miércoles 9 de diciembre de 2026, mediodía (hora de Denver, MST)", "mié 9 dic, mediodía"},
		{time.Date(2026, 12, 9, 0, 0, 0, 0, denver), "miércoles 9 de diciembre de 2026, medianoche, cuando empieza el día (hora de Denver, MST)", "mié 9 dic, medianoche, cuando empieza el día"},
	} {
		if got := spanish.Full(c.at, denver); got != c.full {
			t.Errorf("%q is not %q", got, c.full)
		}
		if got := spanish.Short(c.at, denver); got != c.short {
			t.Errorf("%q is not %q", got, c.short)
		}
		if got := english.Full(c.at, denver); got != Full(c.at, denver) {
			t.Errorf("English is %q", got)
		}
	}
	at := time.Date(2026, 12, 8, 13, 0, 0, 0, denver)
	for got, want := range map[string]string{spanish.FullDay(at, nil): "martes 8 de diciembre de 2026 (UTC)", spanish.Date(at): "8 de diciembre de 2026", spanish.Weekday(at, denver): "martes",
		english.FullDay(at, denver): "Tuesday 8 December 2026 (Denver time, MST)", english.Date(at): "8 December 2026", english.Weekday(at, denver): "Tuesday", english.Zone(at, denver): "Denver time, MST"} {
		if got != want {
			t.Errorf("%q is not %q", got, want)
		}
	}
}
