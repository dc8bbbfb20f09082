// Package languages is every language beside English that the bot speaks: one folder
// each, named by its ISO 639 code. README.md says what is in one.
package languages

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/text/language"

	"village/bot"
	"village/handlers/words"
)

//go:embed *
var folders embed.FS

// Load gives the languages there are, and what the commands are called in them, by
// locale (one of bot.Locales) and by their English path. The error lists every file
// that cannot be used.
func Load() (words.Languages, map[string]map[string]bot.Local, error) { return load(folders) }

func load(from fs.FS) (words.Languages, map[string]map[string]bot.Local, error) {
	spoken, commands := words.Languages{}, map[string]map[string]bot.Local{}
	entries, err := fs.ReadDir(from, ".")
	problems := []error{err}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		code := entry.Name()
		said, called, err := readFolder(from, code)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		spoken[code] = said
		for _, locale := range bot.Locales() {
			if base, _, _ := strings.Cut(locale, "-"); base == code {
				commands[locale] = called
			}
		}
	}
	return spoken, commands, errors.Join(problems...)
}

// readFolder is one language, and what the commands are called in it.
func readFolder(from fs.FS, code string) (words.Language, map[string]bot.Local, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, nil, fmt.Errorf("the folder %q has the name of no language: %w", code, err)
	}
	var sentences map[string]string
	if err := read(from, path.Join(code, "sentences.json"), &sentences); err != nil {
		return nil, nil, err
	}
	var called map[string]bot.Local
	if err := read(from, path.Join(code, "commands.json"), &called); err != nil {
		return nil, nil, err
	}
	said, err := words.Catalogue(tag, sentences)
	return said, called, err
}

func read(from fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
