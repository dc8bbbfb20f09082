package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"village/content"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
	"village/internal/village/when"
)

// heardAll is English that remembers every sentence it was asked for.
type heardAll struct {
	mu   sync.Mutex
	said map[string]bool
	// marked says that letters are written so that they can be told from others.
	marked bool
}

func (l *heardAll) Sprintf(sentence message.Reference, args ...any) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := sentence.(string)
	l.said[said] = true
	if l.marked {
		said = marking(said)
	}
	if len(args) == 0 {
		return said
	}
	return fmt.Sprintf(said, args...)
}

func (l *heardAll) Writing() when.Writing {
	if l.marked {
		spanish, _ := when.In("es")
		return spanish
	}
	return when.Writing{}
}

// lacking are the sentences that were said and a catalogue does not have.
func lacking(catalogue map[string]string, said map[string]bool) []string {
	var lacks []string
	for _, sentence := range slices.Sorted(maps.Keys(said)) {
		if _, ok := catalogue[sentence]; !ok {
			lacks = append(lacks, sentence)
		}
	}
	return lacks
}

// catalogues are the sentences of the languages there are, by their folders.
func catalogues(t *testing.T) map[string]map[string]string {
	files, err := filepath.Glob("../../handlers/languages/*/sentences.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]string
		if err := json.Unmarshal(raw, &sentences); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[filepath.Base(filepath.Dir(file))] = sentences
	}
	return all
}

// Every conversation in another language: whatever is said in one of them has to be
// in the catalogue of every language there is.
func TestLanguagesLackNothing(t *testing.T) {
	t.Parallel()
	if storetest.RaceDetector {
		t.Skip("without the race detector it is held; these are the conversations of TestConversations")
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	heard := &heardAll{said: map[string]bool{}}
	kind := storeKind{name: "bolt", open: func(_ testing.TB, now func() time.Time) (store.Store, error) { return bolt.OpenThrowaway(now) }}
	playStories(t, library, kind, false, func(int) bool { return true }, func(r *rehearsal) { r.parts.app.Languages = words.Languages{"": heard} })
	const fewest = 400
	if len(heard.said) < fewest {
		t.Errorf("the conversations say %d sentences, and %d are the fewest that prove anything", len(heard.said), fewest)
	}
	for code, catalogue := range catalogues(t) {
		if _, err := os.Stat("../../handlers/languages/" + code + "/commands.json"); err != nil {
			continue // it is one of the pages alone, see TestPagesAreWhole
		}
		for _, sentence := range lacking(catalogue, heard.said) {
			t.Errorf("%s lacks %q", code, sentence)
		}
	}

	// and a catalogue that lacks one is found out
	const taken = "The group's time zone is set"
	whole := map[string]string{}
	for sentence := range heard.said {
		whole[sentence] = sentence
	}
	if lacks := lacking(whole, heard.said); len(lacks) > 0 {
		t.Errorf("a whole catalogue lacks %q", lacks)
	}
	delete(whole, taken)
	if lacks := lacking(whole, heard.said); !slices.Equal(lacks, []string{taken}) {
		t.Errorf("a catalogue without %q lacks %q", taken, lacks)
	}
	if _, err := words.Catalogue(language.Spanish, whole); err != nil {
		t.Errorf("a catalogue cannot hold what is said: %v", err)
	}
}
