package find_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"village/content"
	"village/content/find"
)

// TestApproaches compares the ways of looking on the questions that a topic answers, and holds that together they are the best.
func TestApproaches(t *testing.T) {
	file, err := os.ReadFile("../testdata/dev.tsv")
	if err != nil {
		t.Fatal(err)
	}
	f := build(t)
	var right, three [3]int
	n := 0
	for line := range strings.Lines(string(file)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) < 2 || !f.Knows(fields[1]) {
			continue
		}
		expected := append(strings.Split(strings.Join(fields[2:], ","), ","), fields[1])
		n++
		for i, topics := range f.Approaches(fields[0]) {
			at := slices.IndexFunc(topics, func(id string) bool { return slices.Contains(expected, id) })
			if at == 0 {
				right[i]++
			}
			if at < 3 {
				three[i]++
			}
		}
	}
	for i, name := range [3]string{"linear model alone", "likeness alone", "both"} {
		t.Logf("%-20s of %d first right %d, in first three %d", name, n, right[i], three[i])
	}
	if n < 300 {
		t.Errorf("%d questions were asked", n)
	}
	if right[2] < right[0] || right[2] < right[1] {
		t.Error("one way of looking alone is better than both: find new weights")
	}
}

// build is a finder of everything the bot says.
func build(t *testing.T) *find.Finder {
	t.Helper()
	l, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	lists, err := find.ReadLists(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	var topics []find.Topic
	for _, topic := range l.Topics() {
		topics = append(topics, find.Topic{ID: topic.ID, Title: topic.Title, Body: topic.Body, Ask: topic.Ask, Related: topic.Related})
	}
	refusals := map[string]string{}
	for _, r := range l.Refusals() {
		refusals[r.ID] = r.Title
	}
	return find.New(topics, refusals, lists)
}

// A slip in a list is reported with its file and its line.
func TestListsSayWhereTheyAreWrong(t *testing.T) {
	whole := os.DirFS("..")
	for file, slip := range map[string]string{
		"words/danger.txt": "yes x: @nobody-knows", "words/refuse.txt": "no rule at all", "words/safety.txt": "which: @nobody-knows", "words/lexicon.txt": "hats: cap", "words/hints.txt": "fasting empty stomach",
	} {
		lists := fstest.MapFS{}
		for _, name := range []string{"danger", "refuse", "safety", "lexicon", "hints"} {
			data, err := fs.ReadFile(whole, "words/"+name+".txt")
			if err != nil {
				t.Fatal(err)
			}
			lists["words/"+name+".txt"] = &fstest.MapFile{Data: data}
		}
		lists[file].Data = []byte("# a comment\n" + slip + "\n")
		if _, err := find.ReadLists(lists); err == nil || !strings.Contains(err.Error(), file+" line 2: ") {
			t.Errorf("%s: %v", file, err)
		}
	}
}
