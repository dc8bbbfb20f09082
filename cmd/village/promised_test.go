package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every test and story that docs/promises.md names is there, and every line of what was
// found on the worst day has its row.
func TestPromisesAreHeld(t *testing.T) {
	page, err := os.ReadFile("../../docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(page), -1) {
		named[name] = true
	}
	if len(named) < 10 {
		t.Fatalf("it names %d tests", len(named))
	}
	numbers := []string{"38a"}
	for n := 1; n <= 45; n++ {
		numbers = append(numbers, strconv.Itoa(n))
	}
	for _, n := range numbers {
		if row := regexp.MustCompile(`(?m)^\| W` + n + ` \|.*$`).FindString(string(page)); !strings.Contains(row, "`") {
			t.Errorf("W%s has no row that names what holds it", n)
		}
	}
	for _, story := range regexp.MustCompile(`\b[a-z-]+\.txtar`).FindAllString(string(page), -1) {
		_, inStories := os.Stat("stories/" + story)
		_, onTheLine := os.Stat("testdata/cli/" + story)
		if inStories != nil && onTheLine != nil {
			t.Errorf("there is no %s", story)
		}
	}
	err = filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for name := range named {
			if strings.Contains(string(text), "\nfunc "+name+"(") {
				delete(named, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range named {
		t.Errorf("there is no %s", name)
	}
}
