package content

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"time"

	"village/content/find"
)

//go:embed categories.yaml crisis.yaml topics decks refusals words
var embedded embed.FS

// Topic is one question people have and the answer to it.
type Topic struct {
	ID       string // lower case, digits and dashes: driving-after
	Title    string // the question in a few words
	Category string // the id of its Category
	Short    string // the first paragraph: the answer in two sentences, Markdown
	Body     string // the whole answer, the first paragraph included, Markdown
	Safety   string // what must be said first to somebody who tells of a sign of it, whatever they asked; Short where nothing else is

	// Warning is what of the answer nobody may miss who reads only Short; empty where
	// nothing is. Whole says that the answer is never shortened.
	Warning string
	Whole   bool

	Ask     []string // ways people type it; the search learns from them
	Related []string // ids of topics that exist, the most useful first

	Sources    []Source
	ReviewBy   time.Time // midnight UTC of the day somebody must have looked again; zero when nobody needs to
	ReviewedBy string    // the clinician who has read it; empty: nobody has, and an answer says so
	Own        bool      // the group's own words, laid over ours
}

// safetyShelf is the category whose answers are never shortened.
const safetyShelf = "safety"

// Brief is the answer for whoever asked just now: two sentences and the warning, Markdown. It is the whole answer where that
// is a matter of safety, short already, or the group's own, which nobody here has read.
func (t Topic) Brief() string {
	const short = 60 // words that are read at a glance
	switch {
	case t.Whole, t.Own, Words(t.Body) <= short:
		return t.Body
	case t.Warning == "":
		return t.Short
	}
	return t.Short + "\n\n" + t.Warning
}

// Source is where a fact was seen, and the day (midnight UTC) it was seen there.
type Source struct {
	Name, Where string
	Checked     time.Time
}

// Category is a shelf of topics, in the order they are shown.
type Category struct {
	ID, Title string
	Topics    []string // ids of the topics that exist
}

// Refusal is a kind no, with the reason and who can help.
type Refusal struct {
	ID      string // dose, sourcing, sharing, mixing, screening or diagnosis
	Title   string
	Body    string   // Markdown
	Related []string // topics that may be read instead
}

// Overlay is a folder of a group's own words laid over the embedded ones: topics/*.md (a new id, or the id of ours to replace
// it), decks/*.yaml and crisis.yaml, each optional. Name is what problems in it are reported under.
type Overlay struct {
	FS   fs.FS
	Name string
}

// Problem is one thing that is wrong with the words, and what to do about it.
type Problem struct {
	File, What, Do string
}

func (p Problem) String() string {
	s := p.File + ": " + p.What
	if p.Do != "" {
		s += "; " + p.Do
	}
	return s
}

// Problems is the error of Load: everything that is wrong, not only the first thing.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return fmt.Sprintf("%d problem(s) in the words:\n  %s", len(ps), strings.Join(lines, "\n  "))
}

// Library is everything the bot can say. It never changes after Load and may be used by many goroutines at once.
type Library struct {
	categories []Category
	topics     []Topic
	byID       map[string]int
	refusals   map[string]Refusal
	crisis     map[string]Crisis
	spanish    string // see UnsureInSpanish
	countries  []Country
	decks      map[string]Deck

	planned map[string]bool // every topic there is to be, written or not

	lists     *find.Lists
	finder    *find.Finder
	sentences *Sentences
}

// Load reads the embedded words and lays the overlays over them, later ones on top. The error, when there is one, is
// Problems and names everything that is wrong with its file and what to do. Whether the embedded words keep the guards is
// the tests' business, so that a slip of ours cannot keep a running bot from starting; an overlay must keep them here.
func Load(overlays ...Overlay) (*Library, error) {
	l := &Library{byID: map[string]int{}, refusals: map[string]Refusal{}, crisis: map[string]Crisis{}, decks: map[string]Deck{}, planned: map[string]bool{}, sentences: NewSentences()}
	shelves, topics, problems := l.readOurs()
	for _, o := range overlays {
		var ps Problems
		shelves, ps = l.lay(o, shelves, topics)
		problems = append(problems, ps...)
	}
	for id, t := range topics {
		for _, r := range t.Related {
			if !l.planned[r] && !t.Own { // an overlay's were reported by Check
				problems = append(problems, Problem{"topics/" + id + ".md", fmt.Sprintf("related topic %q does not exist", r), "name one that does"})
			}
		}
	}
	var err error
	if l.lists, err = find.ReadLists(embedded); err != nil {
		problems = append(problems, Problem{"words", err.Error(), "mend the line"})
	}
	if len(problems) > 0 {
		sort.SliceStable(problems, func(i, j int) bool { return problems[i].File < problems[j].File })
		return nil, problems
	}
	l.shelve(shelves, topics)
	l.learn()
	return l, nil
}

// readOurs reads the embedded files, and gives the shelves and the topics by id.
func (l *Library) readOurs() ([]Category, map[string]Topic, Problems) {
	shelves, problems := readCategories(embedded)
	topics, ps := readTopics(embedded, "")
	problems = append(problems, ps...)
	byID := map[string]Topic{}
	for _, t := range topics {
		byID[t.ID] = t
	}
	problems = append(problems, checkShelves(shelves, byID)...)
	l.refusals, ps = readRefusals(embedded)
	problems = append(problems, ps...)
	problems = append(problems, l.addCrisis(embedded, "", false)...)
	problems = append(problems, l.addDecks(embedded, "")...)
	for _, c := range shelves {
		for _, id := range c.Topics {
			l.planned[id] = true
		}
	}
	return shelves, byID, problems
}

// lay lays an overlay over what was read before, and gives the shelves with its topics on them.
func (l *Library) lay(o Overlay, shelves []Category, byID map[string]Topic) ([]Category, Problems) {
	own, problems := readTopics(o.FS, o.Name)
	for _, t := range own {
		l.planned[t.ID] = true
	}
	for _, t := range own {
		file := path.Join(o.Name, "topics", t.ID+".md")
		var ps Problems
		shelves, ps = addOwn(file, t, shelves, byID, l.planned)
		problems = append(problems, inFile(file, ps)...)
	}
	problems = append(problems, l.addCrisis(o.FS, o.Name, true)...)
	return shelves, append(problems, l.addDecks(o.FS, o.Name)...)
}

// addOwn checks a group's own topic, puts it on its shelf and among the topics, and says what is wrong with it.
func addOwn(file string, t Topic, shelves []Category, byID map[string]Topic, known map[string]bool) ([]Category, Problems) {
	t.Own = true
	var problems Problems
	if !slices.ContainsFunc(shelves, func(c Category) bool { return c.ID == t.Category }) {
		problems = append(problems, Problem{file, fmt.Sprintf("there is no category %q", t.Category), "use one of " + strings.Join(shelfIDs(shelves), ", ")})
	}
	problems = append(problems, Check(t, known)...)
	byID[t.ID] = t
	return shelve(shelves, t), problems
}

// shelve puts the topics in the order of their categories and forgets relations to topics that nobody has written yet.
func (l *Library) shelve(shelves []Category, byID map[string]Topic) {
	for _, c := range shelves {
		shelf := Category{ID: c.ID, Title: c.Title}
		for _, id := range c.Topics {
			t, ok := byID[id]
			if !ok {
				continue
			}
			t.Related = slices.DeleteFunc(slices.Clone(t.Related), func(r string) bool { _, ok := byID[r]; return !ok })
			shelf.Topics = append(shelf.Topics, id)
			l.byID[id] = len(l.topics)
			l.topics = append(l.topics, t)
		}
		l.categories = append(l.categories, shelf)
	}
}

func shelve(shelves []Category, t Topic) []Category {
	for i, c := range shelves {
		shelves[i].Topics = slices.DeleteFunc(slices.Clone(c.Topics), func(id string) bool { return id == t.ID && c.ID != t.Category })
		if c.ID == t.Category && !slices.Contains(shelves[i].Topics, t.ID) {
			shelves[i].Topics = append(shelves[i].Topics, t.ID)
		}
	}
	return shelves
}

func shelfIDs(shelves []Category) []string {
	ids := make([]string, len(shelves))
	for i, c := range shelves {
		ids[i] = c.ID
	}
	return ids
}

func checkShelves(shelves []Category, byID map[string]Topic) Problems {
	var problems Problems
	shelf := map[string]string{}
	for _, c := range shelves {
		for _, id := range c.Topics {
			if other, twice := shelf[id]; twice {
				problems = append(problems, Problem{"categories.yaml", fmt.Sprintf("%s stands under %s and under %s", id, other, c.ID), "keep one"})
			}
			shelf[id] = c.ID
		}
	}
	for id, t := range byID {
		switch want, ok := shelf[id]; {
		case !ok:
			problems = append(problems, Problem{"topics/" + id + ".md", "nobody knows this topic", "add its id to categories.yaml, or rename the file and its id"})
		case want != t.Category:
			problems = append(problems, Problem{"topics/" + id + ".md", fmt.Sprintf("category is %q", t.Category), "write " + want})
		}
	}
	return problems
}

// Topic returns the topic with that id.
func (l *Library) Topic(id string) (Topic, bool) {
	i, ok := l.byID[id]
	if !ok {
		return Topic{}, false
	}
	return l.topics[i], true
}

// Topics returns every topic in the order of the categories. The slice is the caller's, what it points to is not.
func (l *Library) Topics() []Topic { return slices.Clone(l.topics) }

// Categories returns every category in order; one without topics is left out.
func (l *Library) Categories() []Category {
	return slices.DeleteFunc(slices.Clone(l.categories), func(c Category) bool { return len(c.Topics) == 0 })
}

// Refusals returns every refusal, by id.
func (l *Library) Refusals() []Refusal {
	var rs []Refusal
	for _, r := range l.refusals {
		rs = append(rs, r)
	}
	sort.Slice(rs, func(i, j int) bool { return rs[i].ID < rs[j].ID })
	return rs
}

// Ways returns everything a topic was learned from: its ways of asking, its title, and the hints beside them.
func (l *Library) Ways(id string) []string {
	t, ok := l.Topic(id)
	if !ok {
		return nil
	}
	return slices.Concat(t.Ask, []string{t.Title}, l.lists.Hints(id))
}

// Overdue returns the topics whose review day has passed at now, the longest overdue first.
func (l *Library) Overdue(now time.Time) []Topic {
	var late []Topic
	for _, t := range l.topics {
		if !t.ReviewBy.IsZero() && now.After(t.ReviewBy.AddDate(0, 0, 1)) {
			late = append(late, t)
		}
	}
	sort.SliceStable(late, func(i, j int) bool { return late[i].ReviewBy.Before(late[j].ReviewBy) })
	return late
}

// missing says whether err means only that an optional file is not there.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
