package languages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"village/content"
	"village/handlers"
)

// Every language can be used, says nothing that the bot does not say, and fills in
// what the English does.
func TestLanguages(t *testing.T) {
	books, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	app := handlers.New(handlers.Config{Content: library, Now: time.Now, Languages: books.Chats, PageLanguages: books.Pages, Commands: books.Commands})
	if _, err := app.Bot(); err != nil {
		t.Error(err)
	}
	english, literals := sentences(t)
	literals = append(literals, linesOfTheBook(library)...)
	for code := range books.Pages {
		var said map[string]string
		if err := read(folders, path.Join(code, "sentences.json"), &said); err != nil {
			t.Fatal(err)
		}
		for _, problem := range compare(literals, said) {
			t.Errorf("%s: %s", code, problem)
		}
		for _, sentence := range english {
			if said[sentence] == "" && books.Chats[code] != nil {
				t.Logf("%s lacks %q", code, sentence)
			}
		}
	}
}

// linesOfTheBook are what somebody in danger is shown, which is said as well.
func linesOfTheBook(library *content.Library) []string {
	var out []string
	for _, country := range library.Countries() {
		c := library.Crisis(country.Code)
		out = append(out, country.Name, c.Emergency.Words, c.Honest)
		out = append(append(out, c.Now...), c.Tell...)
		for _, line := range c.Lines {
			out = append(out, line.Words)
		}
	}
	return out
}

// compare names what a language says that the English does not.
func compare(english []string, said map[string]string) []string {
	var problems []string
	for _, sentence := range slices.Sorted(maps.Keys(said)) {
		switch {
		case !slices.Contains(english, sentence):
			problems = append(problems, "nobody says "+strconv.Quote(sentence))
		case !slices.Equal(filledIn(sentence), filledIn(said[sentence])):
			problems = append(problems, "something else is filled into "+strconv.Quote(said[sentence]))
		}
	}
	return problems
}

// filledIn are the verbs of a sentence in the order of their arguments.
func filledIn(sentence string) []string {
	var verbs []string
	next := 1
	for _, m := range regexp.MustCompile(`%(?:\[(\d)\])?([a-z])`).FindAllStringSubmatch(sentence, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			next = n
		}
		verbs = append(verbs, strconv.Itoa(next)+m[2])
		next++
	}
	slices.Sort(verbs)
	return verbs
}

// sentences are those that package words says, and literals every string beside them
// and in the rules, whose tables and refusals are said as well.
func sentences(t *testing.T) (said, literals []string) {
	for _, folder := range []string{"../words", "../../internal/village", ".."} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit, *ast.BinaryExpr:
					literals = append(literals, unquoted(n.(ast.Expr))...)
				case *ast.CallExpr:
					if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "say" && len(n.Args) > 0 {
						said = append(said, unquoted(n.Args[0])...)
					}
				}
				return true
			})
		}
	}
	if len(said) < 500 {
		t.Fatalf("only %d sentences were found", len(said))
	}
	slices.Sort(said)
	return slices.Compact(said), literals
}

// unquoted is what a string literal says, or several one after the other; nothing for
// anything else.
func unquoted(e ast.Expr) []string {
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		left, right := unquoted(sum.X), unquoted(sum.Y)
		if len(left) == 0 || len(right) == 0 {
			return nil
		}
		return []string{left[0] + right[0]}
	}
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return nil
	}
	said, err := strconv.Unquote(literal.Value)
	if err != nil {
		return nil
	}
	return []string{said}
}

// A folder is a language: what it says is said to whoever has set it, and its commands
// are called as it says in each of the language's locales.
func TestOneFolder(t *testing.T) {
	books, err := load(fstest.MapFS{
		"README.md":         {},
		"es/sentences.json": {Data: []byte(`{"Something went wrong on my side.": "Algo salió mal."}`)},
		"es/commands.json":  {Data: []byte(`{"help": {"name": "ayuda", "summary": "Lo que sé hacer"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range []string{"es-ES", "es-419"} {
		if got := books.Commands[locale]["help"]; got.Name != "ayuda" || got.Summary != "Lo que sé hacer" {
			t.Errorf("in %s help is called %+v", locale, got)
		}
		if got := books.Chats.For(locale).Sprintf("Something went wrong on my side."); got != "Algo salió mal." {
			t.Errorf("%s says %q", locale, got)
		}
	}
	if len(books.Commands) != 2 || books.Chats.For("de") != nil || books.Pages.For("es") == nil {
		t.Errorf("others speak it: %v", books)
	}
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	table := handlers.New(handlers.Config{Content: library, Now: time.Now, Languages: books.Chats, Commands: books.Commands}).Table()
	if help := table[len(table)-1]; help.In["es-ES"].Name != "ayuda" {
		t.Errorf("the table says %+v", help.In)
	}

	// without what the commands are called it is one of the pages alone
	books, err = load(fstest.MapFS{"es/sentences.json": {Data: []byte(`{"This is me": "Sí, soy yo"}`)}})
	if err != nil || books.Chats.For("es") != nil || books.Pages.For("es-MX") == nil || len(books.Commands) > 0 {
		t.Errorf("a language of the pages: %+v, %v", books, err)
	}

	_, err = load(fstest.MapFS{
		"nonsense/sentences.json": {}, "es/sentences.json": {Data: []byte("{")},
		"de/sentences.json": {Data: []byte("{}")}, "de/commands.json": {Data: []byte("{")}, "fr/sentences.json": {Data: []byte("{}")}, "fr/commands.json": {Data: []byte(`{"help": {"nom": "aide"}}`)},
	})
	for _, want := range []string{"nonsense", "es/sentences.json", "de/commands.json", "fr/commands.json"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing is said of %s: %v", want, err)
		}
	}
}

func TestCompare(t *testing.T) {
	english := []string{"%s has %d", "Hello."}
	for _, c := range []struct{ english, said, want string }{
		{"Hello.", "Hola.", ""},
		{"%s has %d", "%[2]d tiene %[1]s", ""},
		{"%s has %d", "%s tiene", "something else"},
		{"%s has %d", "%d tiene %s", "something else"},
		{"Bye.", "Adiós.", "nobody says"},
	} {
		got := strings.Join(compare(english, map[string]string{c.english: c.said}), "; ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q as %q: %q", c.english, c.said, got)
		}
	}
}
