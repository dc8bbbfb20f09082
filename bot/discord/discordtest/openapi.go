package discordtest

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the table of bodies
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// bodiesJSON says what bodies Discord takes, as its OpenAPI document has it: see the
// command in bodies.
//
//go:embed bodies.json
var bodiesJSON []byte

// bodies holds what is sent to Discord against the table, in which a field that
// Discord does not know is a mistake.
type bodies struct {
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	ready    map[string]*jsonschema.Schema
	fine     sync.Map // bodies that were found right before, by what they are
}

const tableURL = "https://discord.test/bodies.json"

// theBodies reads the table once a process: every test wants it.
var theBodies = sync.OnceValues(func() (*bodies, error) {
	table, err := jsonschema.UnmarshalJSON(bytes.NewReader(bodiesJSON))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(tableURL, table); err != nil {
		return nil, err
	}
	return &bodies{compiler: c, ready: map[string]*jsonschema.Schema{}}, nil
})

// checkBody is what the table finds wrong with a body, in sentences.
func checkBody(method, pattern string, body json.RawMessage) []string {
	b, err := theBodies()
	if err != nil {
		return []string{"bodies.json cannot be read: " + err.Error()}
	}
	key := sha256.Sum256([]byte(method + " " + pattern + "\n" + string(body)))
	if _, known := b.fine.Load(key); known {
		return nil
	}
	schema, err := b.schema(method + " " + pattern)
	if err != nil {
		return []string{fmt.Sprintf("bodies.json says nothing of %s %s: %v", method, pattern, err)}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return []string{"the body is not JSON"}
	}
	if err := schema.Validate(value); err != nil {
		return []string{"Discord's document does not allow this: " + err.Error()}
	}
	b.fine.Store(key, true)
	return nil
}

func (b *bodies) schema(operation string) (*jsonschema.Schema, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.ready[operation]; s != nil {
		return s, nil
	}
	s, err := b.compiler.Compile(tableURL + "#/bodies/" + url.PathEscape(strings.ReplaceAll(operation, "/", "~1")))
	if err != nil {
		return nil, err
	}
	b.ready[operation] = s
	return s, nil
}
