package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"village/bot/console"
	"village/content"
	"village/internal/store/bolt"
)

// stories are the conversations that the tests hold to the letter. The storybook
// plays them, so that whoever reads it reads every flow there is.
//
//go:embed stories/*.txtar
var stories embed.FS

// storybook writes what the bot says, with sample data: the book, in pictures, to be
// looked at, and every message there is, in words, to be read aloud. Names choose pages
// of the book and conversations.
func (p *program) storybook(ctx context.Context, args []string) error {
	f := p.flags("storybook", "storybook [-o DIR] [NAME...]")
	dir := f.String("o", "", "write index.html with its pictures, and storybook.txt, into this folder rather than print the words")
	if err := parse(f, args, 0, 1000); err != nil {
		return err
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	if *dir == "" {
		return writeWords(ctx, library, p.stdout, f.Args())
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return errUsage{err}
	}
	pages, err := readBook(f.Args())
	if err != nil {
		return err
	}
	if err := writeBook(ctx, library, pages, *dir); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(*dir, "storybook.txt"))
	if err != nil {
		return errUsage{err}
	}
	if err := errors.Join(writeWords(ctx, library, file, f.Args()), file.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Pages: %d. Open %s in a browser.\n", len(pages), filepath.Join(*dir, "index.html"))
	return err
}

// chosen says whether a name is among those that were asked for; where none was, all are.
func chosen(names []string, name string) bool { return len(names) == 0 || slices.Contains(names, name) }

// writeWords writes every message that the bot can say: each conversation, each answer,
// each country's lines and every card.
func writeWords(ctx context.Context, library *content.Library, out io.Writer, names []string) error {
	played, err := playable(library)
	if err != nil {
		return err
	}
	for _, story := range played {
		if !chosen(names, story.name) {
			continue
		}
		fmt.Fprintf(out, "\n#### %s\n\n", story.about)
		clock := &clock{now: story.begins}
		s, err := bolt.OpenThrowaway(clock.Now)
		if err != nil {
			return err
		}
		r, err := newRehearsal(ctx, s, library, clock, console.Config{Out: out, Moderators: []string{"mod"}})
		if err == nil {
			err = r.play(ctx, strings.NewReader(story.lines))
		}
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
	}
	for _, name := range content.Decks() {
		deck, ok := library.Deck(name)
		if !ok || !chosen(names, name) {
			continue
		}
		fmt.Fprintf(out, "\n#### The deck %q: %s\n\n", name, deck.Title)
		for _, c := range deck.Cards {
			fmt.Fprintln(out, strings.TrimSpace(strings.Join([]string{c.ID, c.Title, c.Text, c.Why, c.Discreet, c.Whole()}, "\n   "))+"\n")
		}
	}
	return nil
}

// story is a conversation with when it begins and what it shows.
type story struct {
	name, about, lines string
	begins             time.Time
}

// playable are the tests' conversations, and one in which somebody reads
// everything that there is to read.
func playable(library *content.Library) ([]story, error) {
	files, err := fs.Glob(stories, "stories/*.txtar")
	if err != nil {
		return nil, err
	}
	var out []story
	for _, file := range files {
		raw, err := stories.ReadFile(file)
		if err != nil {
			return nil, err
		}
		script, rest, _ := strings.Cut(string(raw), "-- talk.txt --\n")
		lines, _, _ := strings.Cut(rest, "-- want.txt --\n")
		s := story{name: strings.TrimSuffix(path.Base(file), ".txtar"), about: strings.TrimPrefix(strings.SplitN(script, "\n", 2)[0], "# "), lines: lines}
		for line := range strings.Lines(script) {
			if words := strings.Fields(line); len(words) > 1 && words[0] == "rehearse" {
				if s.begins, err = parseNow(words[1]); err != nil {
					return nil, fmt.Errorf("%s: %w", file, err)
				}
			}
		}
		out = append(out, s)
	}
	all := story{name: "everything", about: "Everything that can be read", begins: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
	for _, c := range library.Categories() {
		all.lines += "reader: /faq " + c.ID + "\n"
		for _, t := range c.Topics {
			all.lines += "reader: /faq " + t + "\n"
		}
	}
	for _, country := range library.Countries() {
		all.lines += "reader: /crisis " + country.Code + "\n"
	}
	return append(out, all), nil
}
