package bot

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Local is what a command, an option or a choice is called in another language.
// What is empty stays as it is.
type Local struct {
	// Name is 1 to 32 letters, digits, hyphens and underscores of any script, small
	// where there are small ones. It is shown; what arrives is the table's own name.
	Name string
	// Summary is 1 to 100 characters.
	Summary string
	// Label is that of a choice (1 to 100 characters), or of a command on one's own
	// message (1 to 24).
	Label string
}

// Translate gives a copy of the table that also speaks the language of a locale
// (one of Locales). The words are found under the English path: "ask ride-home" is a
// command, "ask ride-home when" one of its options, "ask ride-home when any" one of
// that option's choices. The error names every path that the table does not have; its
// limits are checked with the table's own.
func Translate(table []Command, locale string, words map[string]Local) ([]Command, error) {
	used := map[string]bool{}
	say := func(in map[string]Local, path string) map[string]Local {
		w, ok := words[path]
		if !ok {
			return in
		}
		used[path] = true
		in = maps.Clone(in)
		if in == nil {
			in = map[string]Local{}
		}
		in[locale] = w
		return in
	}
	out := translated(table, "", say)
	var problems []error
	for _, path := range slices.Sorted(maps.Keys(words)) {
		if !used[path] {
			problems = append(problems, fmt.Errorf("%s: the table has no %q", locale, path))
		}
	}
	return out, errors.Join(problems...)
}

func translated(table []Command, above string, say func(in map[string]Local, path string) map[string]Local) []Command {
	table = slices.Clone(table)
	for i := range table {
		c := &table[i]
		path := strings.TrimSpace(above + " " + c.Name)
		c.In = say(c.In, path)
		c.Subs = translated(c.Subs, path, say)
		c.Options = slices.Clone(c.Options)
		for j := range c.Options {
			o := &c.Options[j]
			o.In = say(o.In, path+" "+o.Name)
			o.Choices = slices.Clone(o.Choices)
			for k := range o.Choices {
				p := &o.Choices[k]
				p.In = say(p.In, path+" "+o.Name+" "+p.Value)
			}
		}
	}
	return table
}

// Locales are those that Discord knows. Slack and the console show a table as it is
// written.
func Locales() []string {
	return []string{
		"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE",
		"vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
	}
}
