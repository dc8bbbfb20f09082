package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"village/internal/village"
)

// whats are all things that can be owed, read from where they are named.
func whats(t *testing.T) []village.What {
	t.Helper()
	files, err := filepath.Glob("../../internal/village/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []village.What
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "What" {
				return false
			}
			for i, name := range spec.Names {
				said, err := strconv.Unquote(spec.Values[i].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				out = append(out, village.What(said))
			}
			return false
		})
	}
	return out
}

// Whatever can be owed has words, or is a step that the clock asks for and nobody
// reads; nothing has words that cannot be owed.
func TestEverythingOwedHasWords(t *testing.T) {
	all := whats(t)
	if len(all) < 38 {
		t.Fatalf("only %d things are owed: %v", len(all), all)
	}
	said := notices()
	for _, what := range all {
		if _, ok := said[what]; ok == what.ByClock() {
			t.Errorf("%s: words %v, by the clock %v", what, ok, what.ByClock())
		}
		delete(said, what)
	}
	for what := range said {
		t.Errorf("%s has words, and is never owed", what)
	}
}

// Somebody is rung for what they are told, but not to hear that they are free; a
// room rings nobody.
func TestNoticeRings(t *testing.T) {
	now := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	n := village.Need{ID: "k7m2p9", Kind: village.RideHome, Member: village.Person{ID: "console/maya", Name: "maya"}, Start: now.Add(time.Hour), End: now.Add(2 * time.Hour), Zone: "UTC", From: "the station", Wanted: 1}
	for what, rung := range map[village.What]bool{village.OwedYes: true, village.OwedUncovered: true, village.OwedReleased: false, village.OwedCancelled: false, village.OwedReplaced: false, village.OwedDeclined: false} {
		for _, id := range []string{"console/sam", ""} {
			m, ok := Reader{ID: id, Zone: time.UTC, Now: now}.Notice(village.Notice{What: what, To: village.Address{Person: id}}, n)
			if !ok || (len(m.Notify) == 1) != (rung && id != "") {
				t.Errorf("%s to %q: %v", what, id, m.Notify)
			}
		}
	}
	if _, ok := (Reader{Zone: time.UTC, Now: now}).Notice(village.Notice{What: "news from a later version"}, n); ok {
		t.Error("there are words for what nobody knows")
	}
}
