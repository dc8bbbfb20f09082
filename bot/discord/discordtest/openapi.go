package discordtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// openAPI holds bodies against Discord's published document, in strict mode: a
// field that the document does not know is a mistake.
type openAPI struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	ready    map[string]*jsonschema.Schema
	fine     sync.Map // bodies that were found right before, by what they are
}

const docURL = "https://discord.test/openapi.json"

// readOpenAPI reads the document once a process: it is large, and every test
// wants it.
var readOpenAPI = sync.OnceValues(func() (*openAPI, error) {
	data, err := os.ReadFile(os.Getenv("DISCORD_OPENAPI"))
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	root, ok := doc.(map[string]any)
	if !ok {
		return nil, errors.New("the document is not an object")
	}
	components, _ := root["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	for name, s := range schemas {
		schema, _ := s.(map[string]any)
		_, has := schema["properties"]
		if has && !strings.HasSuffix(name, "Response") && schema["additionalProperties"] == nil && schema["allOf"] == nil {
			schema["additionalProperties"] = false
		}
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(docURL, root); err != nil {
		return nil, err
	}
	return &openAPI{doc: root, compiler: c, ready: map[string]*jsonschema.Schema{}}, nil
})

func loadOpenAPI(t testing.TB) *openAPI {
	t.Helper()
	if os.Getenv("DISCORD_OPENAPI") == "" {
		t.Log("discordtest: bodies are not held against Discord's OpenAPI document: DISCORD_OPENAPI does not name it")
		return nil
	}
	o, err := readOpenAPI()
	if err != nil {
		t.Fatalf("discordtest: DISCORD_OPENAPI: %v", err)
	}
	return o
}

// check is what is wrong with a request's body, in sentences.
func (o *openAPI) check(method, pattern string, body json.RawMessage) []string {
	key := sha256.Sum256([]byte(method + " " + pattern + "\n" + string(body)))
	if _, known := o.fine.Load(key); known {
		return nil
	}
	schema, err := o.schema(method, pattern)
	if err != nil {
		return []string{fmt.Sprintf("the OpenAPI document cannot be used for %s %s: %v", method, pattern, err)}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return []string{"the body is not JSON"}
	}
	if err := schema.Validate(value); err != nil {
		return []string{"the OpenAPI document does not allow this: " + err.Error()}
	}
	o.fine.Store(key, true)
	return nil
}

func (o *openAPI) schema(method, pattern string) (*jsonschema.Schema, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := method + " " + pattern
	if s := o.ready[key]; s != nil {
		return s, nil
	}
	path := o.path(pattern)
	if path == "" {
		return nil, errors.New("it has no such path")
	}
	escaped := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path)
	ref := docURL + "#/paths/" + escaped + "/" + strings.ToLower(method) + "/requestBody/content/application~1json/schema"
	s, err := o.compiler.Compile(ref)
	if err != nil {
		return nil, err
	}
	o.ready[key] = s
	return s, nil
}

// path is the document's path that has the same shape as ours.
func (o *openAPI) path(pattern string) string {
	paths, _ := o.doc["paths"].(map[string]any)
	best := ""
	for path := range paths {
		if sameShape(path, pattern) && (best == "" || strings.Count(path, "{") < strings.Count(best, "{")) {
			best = path
		}
	}
	return best
}

func sameShape(path, pattern string) bool {
	a, b := strings.Split(path, "/"), strings.Split(pattern, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if strings.HasPrefix(a[i], "{") != strings.HasPrefix(b[i], "{") || !strings.HasPrefix(a[i], "{") && a[i] != b[i] {
			return false
		}
	}
	return true
}
