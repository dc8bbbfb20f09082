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

// Books are the languages there are.
type Books struct {
	// Chats are those that everybody is spoken to in, and Pages those of the pages of
	// people with a personal link: these are more, for less is said there.
	Chats, Pages words.Languages
	// Commands is what the commands are called, by locale (one of bot.Locales) and by
	// their English path.
	Commands map[string]map[string]bot.Local
}

// Load gives the languages there are. The error lists every file that cannot be used.
func Load() (Books, error) { return load(folders) }

func load(from fs.FS) (Books, error) {
	books := Books{Chats: words.Languages{}, Pages: words.Languages{}, Commands: map[string]map[string]bot.Local{}}
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
		books.Pages[code] = said
		if called == nil {
			continue
		}
		books.Chats[code] = said
		for _, locale := range bot.Locales() {
			if base, _, _ := strings.Cut(locale, "-"); base == code {
				books.Commands[locale] = called
			}
		}
	}
	return books, errors.Join(problems...)
}

// readFolder is one language, and what the commands are called in it: nil where it is
// spoken on pages alone.
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
	if err := read(from, path.Join(code, "commands.json"), &called); err != nil && !errors.Is(err, fs.ErrNotExist) {
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
