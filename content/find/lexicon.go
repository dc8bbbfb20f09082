package find

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A lexicon is what we know of the field's words beyond the topics themselves. It is read from words/lexicon.txt:
//
//	same blood_pressure: bp b_p     people's words, read as ours
//	kind rideshare: uber lyft taxi  words of one kind: a question with one of them is a little like one with another
//	common: weather football        plain words outside the field, so that they are not taken for misspellings of ours
//	stop: the a of                  words that say nothing about what is asked
//	anchor: session lozenge i it    words of ours that tie a question to us, also when it names what is not ours (a kind other...)
//
// and words/hints.txt, which gives for a topic, a refusal (!dose) or for nothing of ours (!none) more ways to say it:
//
//	fasting: empty stomach, skip breakfast
type lexicon struct {
	same   map[string][]phrase // first word: longest first
	kinds  map[string][]phrase
	common map[string]bool
	stop   map[string]bool
	anchor map[string]bool
	hints  map[string][]string
}

// phrase is a run of words and what it stands for.
type phrase struct {
	words []string
	means []string
}

// Lists is what we know of words, of danger and of what is refused, beyond the topics themselves. It never changes.
type Lists struct {
	lexicon                *lexicon
	danger, refuse, safety *rulebook
}

// ReadLists reads words/danger.txt, words/refuse.txt, words/safety.txt, words/lexicon.txt and words/hints.txt. The error joins what is wrong
// with each, after the name of the file.
func ReadLists(fsys fs.FS) (*Lists, error) {
	danger, err1 := readRules(fsys, "words/danger.txt")
	refuse, err2 := readRules(fsys, "words/refuse.txt")
	safety, err3 := readRules(fsys, "words/safety.txt")
	lexicon, err4 := readLexicon(fsys)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	return &Lists{lexicon, danger, refuse, safety}, nil
}

// Hints returns more ways of asking for a topic, beside its own.
func (l *Lists) Hints(topic string) []string { return l.lexicon.hints[topic] }

func readLexicon(fsys fs.FS) (*lexicon, error) {
	x := &lexicon{same: map[string][]phrase{}, kinds: map[string][]phrase{}, common: map[string]bool{}, stop: map[string]bool{}, anchor: map[string]bool{}, hints: map[string][]string{}}
	if err := eachLine(fsys, "words/lexicon.txt", x.add); err != nil {
		return nil, err
	}
	for _, table := range []map[string][]phrase{x.same, x.kinds} {
		for _, ps := range table {
			slices.SortStableFunc(ps, func(a, b phrase) int { return len(b.words) - len(a.words) })
		}
	}
	err := eachLine(fsys, "words/hints.txt", func(id, rest string) error {
		for _, h := range strings.Split(rest, ",") {
			if h = strings.TrimSpace(h); h != "" {
				x.hints[id] = append(x.hints[id], h)
			}
		}
		return nil
	})
	return x, err
}

// add notes what a line of the lexicon says.
func (x *lexicon) add(head, rest string) error {
	kind, name, _ := strings.Cut(head, " ")
	for _, w := range strings.Fields(rest) {
		words := strings.Split(w, "_")
		switch kind {
		case "same":
			x.same[words[0]] = append(x.same[words[0]], phrase{words, strings.Split(name, "_")})
		case "kind":
			x.kinds[words[0]] = append(x.kinds[words[0]], phrase{words, []string{"@" + name}})
		case "common":
			x.common[w] = true
		case "stop":
			x.stop[w] = true
		case "anchor":
			x.anchor[w] = true
		default:
			return fmt.Errorf("nothing is called %q", kind)
		}
	}
	return nil
}

// eachLine calls do with what stands before and after the colon of every line that is not a comment.
func eachLine(fsys fs.FS, file string, do func(head, rest string) error) error {
	return eachText(fsys, file, func(line string, _ int) error {
		head, rest, ok := strings.Cut(line, ":")
		if !ok {
			return errors.New("a colon is missing")
		}
		return do(strings.TrimSpace(head), rest)
	})
}

// eachText calls do with every line that is not a comment, and its number. The error names the file and the line.
func eachText(fsys fs.FS, file string, do func(line string, number int) error) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	scan := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; scan.Scan(); n++ {
		line, _, _ := strings.Cut(scan.Text(), "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := do(line, n); err != nil {
			return fmt.Errorf("%s line %d: %w", file, n, err)
		}
	}
	return scan.Err()
}
