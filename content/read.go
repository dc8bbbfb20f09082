package content

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// A topic is a Markdown file that begins with front matter between two lines of three dashes:
//
//	---
//	id: driving-after            # as the file is called
//	title: When can I drive again?
//	category: home               # see categories.yaml
//	ask: [...]                   # twelve or more ways people type it
//	safety: ...                  # where words/safety.txt knows signs of it: what is said first, whatever was asked
//	related: [rides, childcare]  # ids
//	sources: [{name: ..., where: ..., checked: 2026-11-22}]
//	review_by: 2027-05-22
//	reviewed_by: ""
//	---
//	One line that answers.
//
//	The rest.
type frontMatter struct {
	ID       string   `yaml:"id"`
	Title    string   `yaml:"title"`
	Category string   `yaml:"category"`
	Safety   string   `yaml:"safety"`
	Warning  string   `yaml:"warning"`
	Whole    bool     `yaml:"whole"`
	Ask      []string `yaml:"ask"`
	Related  []string `yaml:"related"`
	Sources  []struct {
		Name    string `yaml:"name"`
		Where   string `yaml:"where"`
		Checked string `yaml:"checked"`
	} `yaml:"sources"`
	ReviewBy   string `yaml:"review_by"`
	ReviewedBy string `yaml:"reviewed_by"`
}

const dateForm = "2006-01-02"

func readTopics(fsys fs.FS, overlay string) ([]Topic, Problems) {
	var topics []Topic
	var problems Problems
	seen := map[string]string{}
	for name, data := range files(fsys, "topics", ".md", &problems) {
		file := path.Join(overlay, name)
		t, ps := parseTopic(file, data)
		problems = append(problems, ps...)
		if len(ps) > 0 {
			continue
		}
		if want := strings.TrimSuffix(path.Base(name), ".md"); t.ID != want {
			problems = append(problems, Problem{file, fmt.Sprintf("its id is %q", t.ID), "give the file and the id the same name"})
			continue
		}
		if other, twice := seen[t.ID]; twice {
			problems = append(problems, Problem{file, "the id " + t.ID + " is already in " + other, "rename one"})
			continue
		}
		seen[t.ID] = file
		topics = append(topics, t)
	}
	return topics, problems
}

// files yields the files of a folder by name, with what is in them; a missing folder is an empty one.
func files(fsys fs.FS, dir, ext string, problems *Problems) func(func(string, []byte) bool) {
	return func(yield func(string, []byte) bool) {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil {
			if !missing(err) {
				*problems = append(*problems, Problem{dir, err.Error(), "make the folder readable"})
			}
			return
		}
		for _, e := range entries {
			if e.IsDir() || path.Ext(e.Name()) != ext {
				continue
			}
			name := path.Join(dir, e.Name())
			data, err := readFile(fsys, name)
			if err != nil {
				*problems = append(*problems, Problem{name, err.Error(), "make it a readable file of words"})
				continue
			}
			if !yield(name, data) {
				return
			}
		}
	}
}

// maxFile is how long a file of ours may be, in bytes: ten times the longest there is.
const maxFile = 80 << 10

// readFile reads a file, and refuses what never ends, such as a pipe, or would take
// minutes to look through.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file with words in it")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it has %d bytes, and %d is the most", info.Size(), maxFile)
	}
	return fs.ReadFile(fsys, name)
}

func parseTopic(file string, data []byte) (Topic, Problems) {
	fm, body, err := splitFrontMatter(data)
	if err != nil {
		return Topic{}, Problems{{file, err.Error(), "begin the file with ---, the front matter, and --- again"}}
	}
	var m frontMatter
	if err := yaml.UnmarshalWithOptions(fm, &m, yaml.Strict()); err != nil {
		return Topic{}, Problems{{file, "front matter: " + firstLine(err.Error()), "see the shape of a topic in read.go"}}
	}
	t := Topic{ID: m.ID, Title: m.Title, Category: m.Category, Ask: m.Ask, Related: m.Related, ReviewedBy: m.ReviewedBy,
		Body: strings.TrimSpace(body)}
	t.Short = firstParagraph(t.Body)
	t.Safety, t.Warning = cmp.Or(strings.TrimSpace(m.Safety), t.Short), strings.TrimSpace(m.Warning)
	t.Whole = m.Whole || m.Safety != "" || m.Category == safetyShelf
	var problems Problems
	say := func(what, do string) { problems = append(problems, Problem{file, what, do}) }
	if m.ReviewBy != "" {
		if t.ReviewBy, err = time.Parse(dateForm, m.ReviewBy); err != nil {
			say(fmt.Sprintf("review_by %q is no date", m.ReviewBy), "write it as 2027-05-22")
		}
	}
	for i, s := range m.Sources {
		src := Source{Name: s.Name, Where: s.Where}
		if s.Checked != "" {
			if src.Checked, err = time.Parse(dateForm, s.Checked); err != nil {
				say(fmt.Sprintf("source %d: checked %q is no date", i+1, s.Checked), "write it as 2026-11-22")
			}
		}
		t.Sources = append(t.Sources, src)
	}
	for _, f := range []struct{ name, value string }{{"id", t.ID}, {"title", t.Title}, {"category", t.Category}, {"words under the front matter", t.Body}} {
		if strings.TrimSpace(f.value) == "" {
			say("no "+f.name, "write it")
		}
	}
	return t, problems
}

func splitFrontMatter(data []byte) (front []byte, body string, err error) {
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(data, []byte("---\n"))
	if !ok {
		return nil, "", fmt.Errorf("no front matter")
	}
	front, after, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return nil, "", fmt.Errorf("the front matter has no end")
	}
	return front, string(after), nil
}

func firstParagraph(body string) string {
	p, _, _ := strings.Cut(body, "\n\n")
	return strings.TrimSpace(p)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func readCategories(fsys fs.FS) ([]Category, Problems) {
	data, err := fs.ReadFile(fsys, "categories.yaml")
	if err != nil {
		return nil, Problems{{"categories.yaml", err.Error(), "put it back"}}
	}
	var list []struct {
		ID     string   `yaml:"id"`
		Title  string   `yaml:"title"`
		Topics []string `yaml:"topics"`
	}
	if err := yaml.UnmarshalWithOptions(data, &list, yaml.Strict()); err != nil {
		return nil, Problems{{"categories.yaml", firstLine(err.Error()), "a list of id, title and topics"}}
	}
	shelves := make([]Category, len(list))
	for i, c := range list {
		shelves[i] = Category{ID: c.ID, Title: c.Title, Topics: c.Topics}
	}
	return shelves, nil
}

func readRefusals(fsys fs.FS) (map[string]Refusal, Problems) {
	var problems Problems
	refusals := map[string]Refusal{}
	for name, data := range files(fsys, "refusals", ".md", &problems) {
		fm, body, err := splitFrontMatter(data)
		if err != nil {
			problems = append(problems, Problem{name, err.Error(), "begin the file with ---, the front matter, and --- again"})
			continue
		}
		var m struct {
			ID      string   `yaml:"id"`
			Title   string   `yaml:"title"`
			Related []string `yaml:"related"`
		}
		if err := yaml.UnmarshalWithOptions(fm, &m, yaml.Strict()); err != nil {
			problems = append(problems, Problem{name, "front matter: " + firstLine(err.Error()), "id, title and related"})
			continue
		}
		if m.ID != strings.TrimSuffix(path.Base(name), ".md") {
			problems = append(problems, Problem{name, fmt.Sprintf("its id is %q", m.ID), "give the file and the id the same name"})
		}
		refusals[m.ID] = Refusal{ID: m.ID, Title: m.Title, Body: strings.TrimSpace(body), Related: m.Related}
	}
	return refusals, problems
}
