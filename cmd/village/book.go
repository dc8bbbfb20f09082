package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"village/bot"
	"village/bot/console"
	"village/content"
	"village/internal/store/bolt"
)

// bookFiles are the pages of the storybook: short conversations in the order in which the
// program is met, each with its title and what it shows. What stands above the line of
// three hyphens is carried out and not shown.
//
//go:embed book/*.txt
var bookFiles embed.FS

// bookPage is one of them.
type bookPage struct {
	name, title, about string
	before, talk       string
}

// bookBegins is when the pages' conversations begin: at nine in the morning in Denver, on
// a Monday.
func bookBegins() time.Time { return time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) }

// readBook is the pages that are chosen, all where none is named.
func readBook(names []string) ([]bookPage, error) {
	files, err := fs.Glob(bookFiles, "book/*.txt")
	if err != nil {
		return nil, err
	}
	var out []bookPage
	for _, file := range files {
		raw, err := bookFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".txt"), "-")
		head, talk, ok := strings.Cut(string(raw), "---\n")
		lines := strings.SplitN(head, "\n", 3)
		if !ok || len(lines) < 3 {
			return nil, fmt.Errorf("%s is no page: a title, what it shows, what is not shown, --- and the conversation", file)
		}
		if chosen(names, name) {
			out = append(out, bookPage{name: name, title: strings.TrimPrefix(lines[0], "# "), about: strings.TrimPrefix(lines[1], "# "), before: lines[2], talk: talk})
		}
	}
	return out, nil
}

// played is what came of a page: its film, its words, and the commands that there are.
type played struct {
	film  *reel
	words string
	table []bot.Command
}

// play plays a page. JSON has its words as JSON.
func (b bookPage) play(ctx context.Context, library *content.Library, asJSON bool) (played, error) {
	clock := &clock{now: bookBegins()}
	s, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		return played{}, err
	}
	defer s.Close()
	var words strings.Builder
	out := &switched{to: io.Discard}
	r, film, err := filmedRehearsal(ctx, s, library, clock, console.Config{Out: out, JSON: asJSON, Moderators: []string{"mod"}})
	if err != nil {
		return played{}, err
	}
	film.quiet = true
	if asJSON {
		out.to = &words
	}
	if err := r.play(ctx, strings.NewReader(b.before)); err != nil {
		return played{}, err
	}
	film.quiet, out.to = false, &words
	if err := r.play(ctx, strings.NewReader(b.talk)); err != nil {
		return played{}, err
	}
	zone := r.console.Zone()
	film.zone = func() *time.Location { return zone } // the store is closed when it is drawn
	return played{film, words.String(), r.parts.bot.Table()}, nil
}

// switched writes to one writer after another.
type switched struct{ to io.Writer }

func (s *switched) Write(p []byte) (int, error) { return s.to.Write(p) }

// writeBook draws pages into a folder, several at once, with one that shows them all.
func writeBook(ctx context.Context, library *content.Library, pages []bookPage, dir string) error {
	book := album{Title: "The storybook", About: "What people see of Village, in the order in which it is met, as it is shown on both platforms. All that it can say stands in storybook.txt.",
		Pages: make([]albumPageOf, len(pages))}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, page := range pages {
		group.Go(func() error {
			done, err := page.play(ctx, library, false)
			if err != nil {
				return fmt.Errorf("%s: %w", page.name, err)
			}
			columns, err := done.film.pictures(dir, page.name+"-", done.table)
			if err != nil {
				return fmt.Errorf("%s: %w", page.name, err)
			}
			book.Pages[i] = albumPageOf{ID: page.name, Title: page.title, About: page.about, Columns: columns, Words: done.words}
			return nil
		})
	}
	return errors.Join(group.Wait(), book.write(dir))
}
