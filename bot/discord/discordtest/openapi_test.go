package discordtest

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTheDocumentRefusesWhatItDoesNotKnow proves that the strict mode is one.
func TestTheDocumentRefusesWhatItDoesNotKnow(t *testing.T) {
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
			found := checkBody(tc.method, tc.pattern, json.RawMessage(tc.body))
			if (len(found) == 0) != tc.ok {
				t.Errorf("found %q", found)
			}
		})
	}
}

// The table has a whole body for everything that the bot sends.
func TestTheTableIsWhole(t *testing.T) {
	b, err := theBodies()
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Bodies map[string]json.RawMessage `json:"bodies"`
	}
	if err := json.Unmarshal(bodiesJSON, &table); err != nil {
		t.Fatal(err)
	}
	for operation := range handled() {
		method, _, _ := strings.Cut(operation, " ")
		if _, ok := table.Bodies[operation]; !ok && method != "GET" && method != "DELETE" {
			t.Errorf("nothing is said of %s", operation)
		}
	}
	for operation := range table.Bodies {
		if _, err := b.schema(operation); err != nil {
			t.Errorf("%s: %v", operation, err)
		}
	}
}
