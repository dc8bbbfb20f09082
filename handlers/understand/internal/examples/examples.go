// Package examples gathers what is learnt about what people want. Only a generator and a test need it.
package examples

import (
	"os"
	"path/filepath"
	"strings"

	"village/content"
	"village/content/encoder/learn"
	"village/handlers/understand"
)

// fewer is how many questions and cries for help are passed over for each that is taken: there are many more of them than of all else.
const fewer = 4

// Read gives the sentences of ways.txt and of the development sets in the folder, and some of the questions that the content answers.
// The error says what could not be read.
func Read(folder string) ([]learn.Example, error) {
	var list []learn.Example
	for _, e := range understand.Examples() {
		list = append(list, learn.Example{Class: e.Means, Text: e.Text})
	}
	for _, name := range []string{"sentences", "second", "third", "fourth", "fifth", "seventh", "eighth"} {
		text, err := os.ReadFile(filepath.Join(folder, "testdata", name+".tsv"))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			if parts := strings.Split(strings.TrimSpace(line), "\t"); len(parts) == 3 && line[0] != '#' {
				means, _, _ := strings.Cut(parts[1], "|")
				list = append(list, learn.Example{Class: means, Text: parts[2]})
			}
		}
	}
	library, err := content.Load()
	if err != nil {
		return nil, err
	}
	for i, e := range library.Examples() {
		switch {
		case i%fewer != 0:
		case e.Class == "!crisis":
			list = append(list, learn.Example{Class: "crisis", Text: e.Text})
		case e.Class == "!none":
			list = append(list, learn.Example{Class: "none", Text: e.Text})
		default:
			list = append(list, learn.Example{Class: "know", Text: e.Text})
		}
	}
	return list, nil
}
