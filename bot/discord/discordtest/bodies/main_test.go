package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// paths are those of a small document in which every body is a Thing, but for the
// answers to an interaction.
func paths() map[string]any {
	body := func(schema any) any {
		return map[string]any{"description": "prose", "requestBody": map[string]any{"content": map[string]any{"application/json": map[string]any{"schema": schema}}}}
	}
	thing := map[string]any{"$ref": refPrefix + "Thing"}
	out := map[string]any{}
	for _, op := range operations() {
		method, path, _ := strings.Cut(op, " ")
		path = strings.NewReplacer("{channel}", "{channel_id}", "{id}", "{some_id}").Replace(path)
		at, _ := out[path].(map[string]any)
		if at == nil {
			at = map[string]any{"parameters": []any{map[string]any{"description": "prose"}}}
		}
		at[strings.ToLower(method)] = body(thing)
		out[path] = at
	}
	out["/webhooks/{a}/{b}/{c}/{d}"] = map[string]any{"patch": body(map[string]any{"type": "null"})}
	return out
}

const types = `{
	"Thing": {"type": "object", "description": "prose", "title": "prose", "properties": {
		"name": {"type": "string", "minLength": 1, "maxLength": 5, "description": "prose", "default": "prose"},
		"description": {"type": ["string", "null"], "format": "prose"},
		"kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "description": "prose"},
		"in": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}, "maxItems": 2},
		"words": {"type": "object", "additionalProperties": {"type": "string", "title": "prose"}, "maxProperties": 3},
		"seen": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/SeenResponse"}], "x-discord-union": "oneOf"}
	}, "required": ["name"]},
	"Kind": {"type": "integer", "oneOf": [{"title": "A", "const": 1, "description": "prose"}, {"title": "B", "const": 2}]},
	"SeenResponse": {"type": "object", "properties": {"at": {"type": "integer", "minimum": 0, "maximum": 9}}},
	"Unused": {"type": "string"}
}`

func write(t *testing.T, paths map[string]any) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{"info": "prose", "paths": paths, "components": map[string]any{"schemas": json.RawMessage(types)}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "document.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Names, types and limits go into the table, and no prose; what is not used stays out.
func TestTheTable(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{write(t, paths())}, &out); err != nil {
		t.Fatal(err)
	}
	_, defs, _ := strings.Cut(out.String(), `"$defs": `)
	const want = `{
"Kind": {"enum":[1,2],"type":"integer"},
"SeenResponse": {"properties":{"at":{"maximum":9,"minimum":0,"type":"integer"}},"type":"object"},
"Thing": {"additionalProperties":false,"properties":{"description":{"type":["string","null"]},"in":{"items":{"$ref":"#/$defs/Thing"},"maxItems":2,"type":"array"},` +
		`"kind":{"$ref":"#/$defs/Kind"},"name":{"maxLength":5,"minLength":1,"type":"string"},"seen":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/SeenResponse"}]},` +
		`"words":{"additionalProperties":{"type":"string"},"maxProperties":3,"type":"object"}},"required":["name"],"type":"object"}
}
}
`
	if defs != want {
		t.Errorf("the types are\n%s", defs)
	}
	if strings.Count(out.String(), `: {"$ref":"#/$defs/Thing"}`) != len(operations()) {
		t.Errorf("the bodies are\n%s", out.String())
	}
	if strings.Contains(out.String(), "prose") {
		t.Error("prose is in the table")
	}
	if !json.Valid(out.Bytes()) {
		t.Error("the table is no JSON")
	}
}

func TestDocumentsThatAreNone(t *testing.T) {
	fewer := paths()
	delete(fewer, "/users/@me/channels")
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"none named": nil, "two named": {"a", "b"}, "no file": {filepath.Join(t.TempDir(), "none")}, "no JSON": {empty}, "a path less": {write(t, fewer)},
	} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
