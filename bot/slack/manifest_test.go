package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"village/bot"
)

func TestManifest(t *testing.T) {
	table := (&rig{}).table()
	for name, o := range map[string]Options{"socket": {Home: true}, "http": {Name: "Kreis", PublicURL: "https://village.example/slack"}, "short": {Short: true, Prompts: true}, "installs": {PublicURL: "https://village.example/slack", Redirect: "https://village.example/slack/oauth", Home: true}} {
		data, err := Manifest(table, o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "manifest-"+name+".json", json.RawMessage(data))
	}
}

func TestManifestLimits(t *testing.T) {
	many := make([]bot.Command, 50)
	for i := range many {
		many[i] = bot.Command{Name: fmt.Sprintf("c%d", i), Summary: "x"}
	}
	if _, err := Manifest(many[:49], Options{Short: true}); err != nil {
		t.Error(err)
	}
	// Without short names there is one command, which collides with nobody's.
	if data, err := Manifest(many, Options{}); err != nil || strings.Count(string(data), `"command":`) != 1 {
		t.Errorf("%v\n%s", err, data)
	}
	remind := bot.Command{Name: "remind", Summary: "x"}
	data, err := Manifest(append(many[:49:49], remind), Options{Short: true})
	if err != nil || strings.Contains(string(data), "/remind") {
		t.Errorf("%v\n%s", err, data)
	}
	if _, err := Manifest(many, Options{Short: true}); err == nil || !strings.Contains(err.Error(), "51 slash commands") {
		t.Error(err)
	}
	if _, err := Manifest([]bot.Command{{Name: strings.Repeat("x", 31)}}, Options{Short: true, Name: strings.Repeat("n", 35)}); err != nil {
		t.Error(err)
	}
	_, err = Manifest([]bot.Command{{Name: strings.Repeat("x", 32)}}, Options{Short: true, Name: strings.Repeat("n", 36)})
	if err == nil || !strings.Contains(err.Error(), "33 characters") || !strings.Contains(err.Error(), "36 characters") {
		t.Error(err)
	}
}
