package discordtest

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTheDocumentRefusesWhatItDoesNotKnow proves that the strict mode is one.
func TestTheDocumentRefusesWhatItDoesNotKnow(t *testing.T) {
	o := loadOpenAPI(t)
	if o == nil {
		return
	}
	for name, tc := range map[string]struct {
		method, pattern, body string
		ok                    bool
	}{
		"a message":           {"POST", "/channels/{channel}/messages", `{"content":"hi","embeds":[{"title":"x"}]}`, true},
		"a misspelt field":    {"POST", "/channels/{channel}/messages", `{"contents":"hi"}`, false},
		"one inside an embed": {"POST", "/channels/{channel}/messages", `{"embeds":[{"titel":"x"}]}`, false},
		"too long":            {"PATCH", "/webhooks/{app}/{token}/messages/{id}", `{"embeds":[{"title":"` + strings.Repeat("x", 257) + `"}]}`, false},
		"a deferral":          {"POST", "/interactions/{id}/{token}/callback", `{"type":5,"data":{"flags":64}}`, true},
		"no such callback":    {"POST", "/interactions/{id}/{token}/callback", `{"type":55}`, false},
		"a command":           {"PUT", "/applications/{app}/commands", `[{"name":"hi","type":1,"description":"x"}]`, true},
		"half a command":      {"PUT", "/applications/{app}/commands", `[{"type":1,"description":"x"}]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			found := o.check(tc.method, tc.pattern, json.RawMessage(tc.body))
			if (len(found) == 0) != tc.ok {
				t.Errorf("found %q", found)
			}
		})
	}
}
