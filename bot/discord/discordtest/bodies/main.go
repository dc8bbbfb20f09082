// Bodies makes bodies.json, the table against which discordtest holds what is sent to
// Discord, from Discord's OpenAPI document:
//
//	go run ./bot/discord/discordtest/bodies discord-openapi.json >bot/discord/discordtest/bodies.json
//
// The table has the names, types and limits of the bodies of the operations that the
// bot uses, and nothing else of the document. It is stricter than that: a field that
// the document does not know is refused.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// operations are those that the bot uses and that have a body, as discordtest calls
// them.
func operations() []string {
	return []string{
		"PATCH /channels/{channel}",
		"PATCH /channels/{channel}/messages/{id}",
		"PATCH /webhooks/{app}/{token}/messages/{id}",
		"POST /channels/{channel}/messages",
		"POST /interactions/{id}/{token}/callback",
		"POST /users/@me/channels",
		"POST /webhooks/{app}/{token}",
		"PUT /applications/{app}/commands",
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("name Discord's OpenAPI document")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	t, err := tableOf(data)
	if err != nil {
		return err
	}
	return t.write(out)
}

// document is the part of an OpenAPI document that is read.
type document struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas map[string]any `json:"schemas"`
	} `json:"components"`
}

// operation is what a path does with a method.
type operation struct {
	Body struct {
		Content map[string]struct {
			Schema any `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

// table is a body by operation, and the types they are made of.
type table struct {
	doc    document
	bodies map[string]any
	types  map[string]any
}

func tableOf(data []byte) (*table, error) {
	t := &table{bodies: map[string]any{}, types: map[string]any{}}
	if err := json.Unmarshal(data, &t.doc); err != nil {
		return nil, err
	}
	for _, op := range operations() {
		method, pattern, _ := strings.Cut(op, " ")
		var o operation
		if err := json.Unmarshal(t.doc.Paths[t.path(pattern)][strings.ToLower(method)], &o); err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
		schema := o.Body.Content["application/json"].Schema
		if schema == nil {
			return nil, fmt.Errorf("%s: the document has no such body", op)
		}
		body, err := t.bare(schema)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
		t.bodies[op] = body
	}
	return t, nil
}

// path is the document's path of the same shape; of several the one that says most.
func (t *table) path(pattern string) string {
	best := ""
	for path := range t.doc.Paths {
		if sameShape(path, pattern) && (best == "" || strings.Count(path, "{") < strings.Count(best, "{")) {
			best = path
		}
	}
	return best
}

// sameShape says that two paths have their variables in the same places; a word may
// stand where ours has one.
func sameShape(path, pattern string) bool {
	theirs, ours := strings.Split(path, "/"), strings.Split(pattern, "/")
	return slices.EqualFunc(theirs, ours, func(a, b string) bool {
		return a == b || strings.HasPrefix(a, "{") && strings.HasPrefix(b, "{")
	})
}

const refPrefix = "#/components/schemas/"

// kept are the words of a schema that say what fits. Everything else explains.
func kept() []string {
	return []string{
		"type", "enum", "const", "pattern", "required", "uniqueItems",
		"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties",
	}
}

// bare is a schema without what explains it.
func (t *table) bare(schema any) (any, error) {
	from, ok := schema.(map[string]any)
	if !ok {
		return schema, nil // true or false
	}
	if ref, ok := from["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, refPrefix)
		return map[string]any{"$ref": "#/$defs/" + name}, t.add(name)
	}
	to := map[string]any{}
	for _, word := range kept() {
		if v, ok := from[word]; ok {
			to[word] = v
		}
	}
	if err := t.inner(from, to); err != nil {
		return nil, err
	}
	if all, ok := to["allOf"].([]any); ok && len(to) == 1 && len(all) == 1 {
		return all[0], nil
	}
	return to, nil
}

// inner makes the schemas bare that a schema is made of.
func (t *table) inner(from, to map[string]any) (err error) {
	for _, word := range []string{"items", "additionalProperties"} {
		if v, ok := from[word]; ok {
			if to[word], err = t.bare(v); err != nil {
				return err
			}
		}
	}
	if properties, ok := from["properties"].(map[string]any); ok {
		fields := map[string]any{}
		for name, v := range properties {
			if fields[name], err = t.bare(v); err != nil {
				return err
			}
		}
		to["properties"] = fields
	}
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		list, ok := from[word].([]any)
		if !ok {
			continue
		}
		if values := constants(list); values != nil {
			to["enum"] = values
			continue
		}
		var parts []any
		for _, v := range list {
			part, err := t.bare(v)
			if err != nil {
				return err
			}
			parts = append(parts, part)
		}
		to[word] = parts
	}
	return nil
}

// constants are the values of a list that is one of constants, nil of any other.
func constants(list []any) []any {
	var out []any
	for _, v := range list {
		one, _ := v.(map[string]any)
		value, ok := one["const"]
		if !ok {
			return nil
		}
		out = append(out, value)
	}
	return out
}

// add puts a type of the document into the table, in strict form.
func (t *table) add(name string) error {
	if _, done := t.types[name]; done {
		return nil
	}
	schema, ok := t.doc.Components.Schemas[name]
	if !ok {
		return fmt.Errorf("the document has no type %s", name)
	}
	t.types[name] = nil // may lead back to itself
	bare, err := t.bare(schema)
	if err != nil {
		return err
	}
	if o, ok := bare.(map[string]any); ok && o["properties"] != nil && o["additionalProperties"] == nil && o["allOf"] == nil && !strings.HasSuffix(name, "Response") {
		o["additionalProperties"] = false
	}
	t.types[name] = bare
	return nil
}

// write gives each body and each type a line.
func (t *table) write(out io.Writer) error {
	var b strings.Builder
	b.WriteString("{\n")
	for i, part := range []struct {
		name    string
		entries map[string]any
	}{{"bodies", t.bodies}, {"$defs", t.types}} {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "%q: {\n", part.name)
		for j, name := range slices.Sorted(maps.Keys(part.entries)) {
			line, err := json.Marshal(part.entries[name])
			if err != nil {
				return err
			}
			if j > 0 {
				b.WriteString(",\n")
			}
			fmt.Fprintf(&b, "%q: %s", name, line)
		}
		b.WriteString("\n}")
	}
	b.WriteString("\n}\n")
	_, err := io.WriteString(out, b.String())
	return err
}
