package words

import (
	"testing"
	"time"

	"golang.org/x/text/language"

	"village/bot"
)

// A time that ends in a full stop ends a sentence by itself, whatever marks it has.
func TestOneFullStop(t *testing.T) {
	spanish, err := Catalogue(language.Spanish, map[string]string{"At %s.": "A la %s."})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 8, 13, 0, 0, 0, time.UTC)
	said := spanish.Writing().Clock(at, time.UTC)
	for _, marked := range []string{said, "**" + said + "**", bot.At(at, said)} {
		if got := bot.PlainText(spanish.Sprintf("At %s.", marked)); got != "A la "+said {
			t.Errorf("%q is said as %q", marked, got)
		}
	}
	if got := spanish.Sprintf("At %s.", "Tom"); got != "A la Tom." {
		t.Errorf("a name ends a sentence as %q", got)
	}
}

func TestCatalogue(t *testing.T) {
	spanish, err := Catalogue(language.Spanish, map[string]string{"You are free. Thank you, %s.": "Quedas libre. Gracias, %s."})
	if err != nil {
		t.Fatal(err)
	}
	all := Languages{"es": spanish}
	for locale, want := range map[string]string{
		"es-MX": "Quedas libre. Gracias, Sam.",
		"es":    "Quedas libre. Gracias, Sam.",
		"en-US": "You are free. Thank you, Sam.",
		"xx-no": "You are free. Thank you, Sam.",
		"":      "You are free. Thank you, Sam.",
	} {
		to := Reader{Language: all.For(locale)}
		if got := to.say("You are free. Thank you, %s.", "Sam"); got != want {
			t.Errorf("%q reads %q, not %q", locale, got, want)
		}
	}
}
