package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// A message of a story as it is written there, and what stands beside its words.
var (
	toldMessage = regexp.MustCompile(`(?m)^-- m\d+, .*\n((?:   .*\n|\n)*)`)
	notWords    = regexp.MustCompile(`^(\[.*\] ?[/a-z].*|=+)$`)
)

// wordCount counts the words of a message without its buttons and forms.
func wordCount(message string) int {
	message, _, _ = strings.Cut(message, "   To fill in, type:")
	n := 0
	for line := range strings.Lines(message) {
		if line = strings.TrimSpace(line); notWords.MatchString(line) {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				n++
			}
		}
	}
	return n
}

// What is said in all stories is short: few messages are longer than a glance. How many
// may be is the promise, lowered as they are shortened.
func TestMessagesAreShort(t *testing.T) {
	const glance, mayBeLonger = 60, 100 // words; of a thousand
	files, err := filepath.Glob("stories/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all, long := 0, 0
	for _, file := range files {
		raw, err := fs.ReadFile(stories, file)
		if err != nil {
			t.Fatal(err)
		}
		_, want, _ := strings.Cut(string(raw), "-- want.txt --\n")
		for _, m := range toldMessage.FindAllStringSubmatch(want, -1) {
			all++
			if wordCount(m[1]) > glance {
				long++
			}
		}
	}
	if all < 2500 {
		t.Fatalf("only %d messages were counted", all)
	}
	t.Logf("%d of %d messages have more than %d words", long, all, glance)
	if long*1000 > all*mayBeLonger {
		t.Errorf("%d of %d messages have more than %d words", long, all, glance)
	}
}

// What no sentence to people has: the sender's machinery, the future said as if it were
// now, and British spellings.
var unsayable = map[string]*regexp.Regexp{
	"machinery": regexp.MustCompile(`(?i)\b(queued?|webhook|adapter|payload|dead letter|backend|scheduler|the platform|deliver(?:y|ed|ies)|cron job|timestamp|null|handler)\b`),
	"a future":  regexp.MustCompile(`(?:^|[.:;!?,] |\band )I (?:also |then |only |still |never )?(?:remind|tell|ask|wipe|post|send|forget) `),
	"spelling":  regexp.MustCompile(`(?i)\b(colour|neighbour|favourite|grey|centre|programme|cosy|e-?mails?|organis|recognis|apologis|realis|whilst|fortnight|[Rr]ing (?:them|him|her|somebody|one|both|maya)|anew)\w*`),
}

// unsaid is what is wrong with a sentence; empty where nothing is.
func unsaid(sentence string) string {
	for what, has := range unsayable {
		if said := has.FindString(sentence); said != "" && !strings.HasPrefix(strings.ToLower(said), "email") && !strings.HasPrefix(strings.ToLower(said), "e-mail") {
			return what + ": " + said
		}
	}
	return ""
}

// Every sentence that the program has for people is in one voice.
func TestEverySentenceIsInOneVoice(t *testing.T) {
	read := 0
	for _, folder := range []string{"../../handlers", "../../handlers/words", "../../internal/village"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				for _, sentence := range sentencesIn(call) {
					read++
					if wrong := unsaid(sentence); wrong != "" {
						t.Errorf("%s: %s: %q", filepath.Base(file), wrong, sentence)
					}
				}
				return true
			})
		}
	}
	if read < 1000 {
		t.Errorf("only %d sentences were read", read)
	}
	for _, wrong := range []string{"I remind you on the day.", "It is posted. I tell maya.", "It stays in the queue.", "Please ring them.", "a lovely colour"} {
		if unsaid(wrong) == "" {
			t.Errorf("%q is not found out", wrong)
		}
	}
}

// sentencesIn are the sentences that a call says or refuses with.
func sentencesIn(call *ast.CallExpr) []string {
	name := ""
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	case *ast.Ident:
		name = fun.Name
	}
	if name != "say" && name != "refuse" && name != "refusef" {
		return nil
	}
	var out []string
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, s)
			}
		}
	}
	return out
}
