// Package words is what is said: pure functions from state to a message, without
// a store, a context or a rule. Every sentence that is not content stands here,
// whole, so that one language can be put beside another.
//
// An English sentence is the key of its translations: code stays readable, and a
// language is a catalogue. Dates and times are written by package when.
package words

import (
	"fmt"
	"regexp"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"village/internal/village/when"
)

// Reader is whom words are for: who they are, where their clock stands, and what
// language they read.
type Reader struct {
	// ID is a person's, "" for a room, where everybody reads along.
	ID   string
	Zone *time.Location
	// Now is when they read it.
	Now time.Time
	// Anyone says that their group lets anyone help, for words that invite to it.
	Anyone bool
	// Language is nil for English.
	Language Language
	// Theirs is the language of whoever the reader passes words on to, where it is
	// another one; nil is the reader's own.
	Theirs Language
}

// say is a whole sentence in the reader's language, with its arguments filled in
// as fmt does. The sentence itself is its English.
func (to Reader) say(sentence string, args ...any) string {
	switch {
	case to.Language != nil:
		return to.Language.Sprintf(sentence, args...)
	case len(args) == 0:
		return sentence
	}
	return fmt.Sprintf(sentence, args...)
}

// Language says sentences by their English.
type Language interface {
	Sprintf(sentence message.Reference, args ...any) string
	// Writing is how it writes times.
	Writing() when.Writing
}

// writing is how the reader's language writes times.
func (to Reader) writing() when.Writing {
	if to.Language == nil {
		return when.Writing{}
	}
	return to.Language.Writing()
}

func (to Reader) full(t time.Time, zone *time.Location) string { return to.writing().Full(t, zone) }

func (to Reader) fullDay(t time.Time, zone *time.Location) string {
	return to.writing().FullDay(t, zone)
}

func (to Reader) listed(t time.Time, zone *time.Location) string { return to.writing().Short(t, zone) }

// Languages are those there are beside English, by the first part of their
// locale ("es" for "es-MX"); "" is for readers whose locale nobody knows.
type Languages map[string]Language

// For is the language of a locale (BCP 47, as platforms give it; "" where they give
// none), nil for English and for one that there is none for.
func (l Languages) For(locale string) Language {
	if locale == "" || len(l) == 0 {
		return l[""]
	}
	tag, err := language.Parse(locale)
	if err != nil {
		return nil
	}
	base, _ := tag.Base()
	return l[base.String()]
}

// Catalogue makes a language of its sentences, by their English. The error is
// about a sentence that the catalogue cannot hold, or about a language of which nobody
// knows how it writes times.
func Catalogue(tag language.Tag, sentences map[string]string) (Language, error) {
	b := catalog.NewBuilder(catalog.Fallback(tag))
	for english, said := range sentences {
		if err := b.SetString(tag, english, said); err != nil {
			return nil, fmt.Errorf("the sentence %q: %w", english, err)
		}
	}
	base, _ := tag.Base()
	writing, known := when.In(base.String())
	if !known {
		return nil, fmt.Errorf("nobody knows how times are written in %q", base)
	}
	return spoken{message.NewPrinter(tag, message.Catalog(b)), writing, regexp.MustCompile(`(m\\?\.(?:\*\*|\]\(time:-?\d+\))?)\.`)}, nil
}

// spoken is a language out of a catalogue.
type spoken struct {
	*message.Printer
	writing when.Writing
	// stops finds two full stops, the first of them in a time, with its marks.
	stops *regexp.Regexp
}

// Sprintf ends no sentence with two full stops, where a time that ends in one ends it.
func (s spoken) Sprintf(sentence message.Reference, args ...any) string {
	return s.stops.ReplaceAllString(s.Printer.Sprintf(sentence, args...), "$1")
}

func (s spoken) Writing() when.Writing { return s.writing }
