package words

import (
	"testing"

	"golang.org/x/text/language"
)

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
