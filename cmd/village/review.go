package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"os"
	"time"

	"github.com/yuin/goldmark"

	"village/content"
)

//go:embed review.html
var reviewPage string

// review writes everything that the bot can answer, with its sources, as one page for a
// clinician to print, read and sign.
func (p *program) review(_ context.Context, args []string) error {
	f := p.flags("review", "review [-o FILE]")
	file := f.String("o", "", "write the page into this file rather than print it")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	library, err := p.loadContent()
	if err != nil {
		return err
	}
	page, err := template.New("review").Parse(reviewPage)
	if err != nil {
		return err
	}
	sheet, err := toReview(library, time.Now())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, sheet); err != nil {
		return err
	}
	if *file == "" {
		_, err = p.stdout.Write(out.Bytes())
		return err
	}
	if err := os.WriteFile(*file, out.Bytes(), 0o644); err != nil {
		return errUsage{err}
	}
	_, err = fmt.Fprintf(p.stdout, "The page is in %s. Open it in a browser to read or print it.\n", *file)
	return err
}

// sheet is the page: what there is to be read, in the order of the book.
type sheet struct {
	Made      string
	Shelves   []shelf
	Refusals  []entry
	Decks     []shelf
	Countries []content.Crisis
	Answers   int
	Unread    int // answers that no clinician has signed
}

type shelf struct {
	Title   string
	Entries []entry
}

// entry is one answer, refusal or card.
type entry struct {
	ID, Title          string
	Body               template.HTML
	Sources            []content.Source
	ReviewBy, SignedBy string
	// First is what is said before anything else to somebody who tells of a sign of it.
	First string
	// Brief is what is read by whoever does not ask for all of it; empty where that is all.
	Brief template.HTML
	Own   bool
}

func toReview(library *content.Library, now time.Time) (sheet, error) {
	s := sheet{Made: now.Format(time.DateOnly)}
	var problems []error
	page := func(text string) template.HTML {
		var html bytes.Buffer
		problems = append(problems, goldmark.Convert([]byte(text), &html))
		return template.HTML(html.String()) // made by goldmark, which lets no HTML of the text through
	}
	add := func(e entry, body string) entry {
		e.Body = page(body)
		return e
	}
	for _, c := range library.Categories() {
		next := shelf{Title: c.Title}
		for _, id := range c.Topics {
			t, _ := library.Topic(id)
			e := entry{First: t.Safety, ID: t.ID, Title: t.Title, Sources: t.Sources, SignedBy: t.ReviewedBy, Own: t.Own}
			if brief := t.Brief(); brief != t.Body {
				e.Brief = page(brief)
			}
			if t.Safety == t.Short {
				e.First = "" // the answer's own first line
			}
			if !t.ReviewBy.IsZero() {
				e.ReviewBy = t.ReviewBy.Format(time.DateOnly)
			}
			s.Answers++
			if t.ReviewedBy == "" {
				s.Unread++
			}
			next.Entries = append(next.Entries, add(e, t.Body))
		}
		s.Shelves = append(s.Shelves, next)
	}
	for _, r := range library.Refusals() {
		s.Refusals = append(s.Refusals, add(entry{ID: r.ID, Title: r.Title}, r.Body))
	}
	for _, name := range content.Decks() {
		deck, ok := library.Deck(name)
		if !ok {
			continue
		}
		next := shelf{Title: deck.Title}
		for _, c := range deck.Cards {
			next.Entries = append(next.Entries, add(entry{ID: c.ID, Title: cmp.Or(c.Title, c.Discreet), SignedBy: deck.ReviewedBy}, cmp.Or(c.Text, c.Whole())))
		}
		s.Decks = append(s.Decks, next)
	}
	for _, c := range library.Countries() {
		s.Countries = append(s.Countries, library.Crisis(c.Code))
	}
	return s, errors.Join(problems...)
}
