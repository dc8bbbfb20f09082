package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"village/bot"
	"village/bot/console"
	"village/content"
	"village/handlers"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

func TestMain(m *testing.M) {
	simulatorFlags()
	testscript.Main(m, map[string]func(){
		"village":                  main,
		"village-claims-and-waits": victim(claimAndWait),
		"village-storm":            victim(weather),
	})
}

// run is the whole program in an environment of its own; its answer is the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	return p.run(ctx, args)
}

// victim is a program that a test kills.
func victim(run func(context.Context, *program) error) func() {
	return func() {
		if err := run(context.Background(), &program{getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
	}
}

// update rewrites what the conversations are expected to print, to be read
// before it is committed: VILLAGE_UPDATE=1 go test -run TestConversations .
func update() bool { return os.Getenv("VILLAGE_UPDATE") != "" }

// The program as it is run from a shell: flags, files, settings, exit codes.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/cli", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: update()})
}

// storeKind is a store that tests run on.
type storeKind struct {
	name string
	open func(t testing.TB, now func() time.Time) (store.Store, error)
}

// everyStore is bolt and Redis. Where there is no redis-server, miniredis stands in
// for it, which is many times slower; the contract of the stores holds for all three
// (see store/storetest).
func everyStore(t testing.TB) []storeKind {
	stores := []storeKind{{"bolt", func(_ testing.TB, now func() time.Time) (store.Store, error) { return bolt.OpenThrowaway(now) }}}
	if server := storetest.Redis(t); server != nil { // otherwise it has said so
		return append(stores, storeKind{"redis", func(t testing.TB, now func() time.Time) (store.Store, error) {
			server.Flush(t)
			return redis.Open(t.Context(), server.URL, now)
		}})
	}
	return append(stores, storeKind{"miniredis", func(t testing.TB, now func() time.Time) (store.Store, error) {
		return redis.Open(t.Context(), "redis://"+miniredis.RunT(t).Addr(), now)
	}})
}

// onEveryStore runs a test on an empty store of each kind, with a clock that
// stands at nine in the morning in Denver, on a Monday. The stores take their turns
// side by side.
func onEveryStore(t *testing.T, test func(t *testing.T, clock *clock, s store.Store)) {
	for _, kind := range everyStore(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
			s, err := kind.open(t, clock.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			test(t, clock, s)
		})
	}
}

// The same conversations on every store, to the letter. Where the race detector
// watches, the stores take their turns with the stories; without it, each plays all.
func TestConversations(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	stores := everyStore(t)
	for turn, kind := range stores {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			plays := func(story int) bool { return !storetest.RaceDetector || story%len(stores) == turn }
			playStories(t, library, kind, update() && kind.name == "bolt", plays, func(*rehearsal) {})
		})
	}
}

// playStories plays the conversations that are chosen, by their place among all, on a kind
// of store and holds each against what is wanted, or rewrites that; prepare is called before each.
func playStories(t *testing.T, library *content.Library, kind storeKind, update bool, plays func(story int) bool, prepare func(*rehearsal)) {
	dir, err := os.ReadDir("stories")
	if err != nil {
		t.Fatal(err)
	}
	for story, file := range dir {
		if !plays(story) {
			continue
		}
		t.Run(strings.TrimSuffix(file.Name(), ".txtar"), func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Files:         []string{"stories/" + file.Name()},
				UpdateScripts: update,
				Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
					"rehearse": func(ts *testscript.TestScript, neg bool, args []string) {
						if neg || len(args) < 2 {
							ts.Fatalf("usage: rehearse NOW FILE [json] [closed=a,b]")
						}
						start, err := parseNow(args[0])
						ts.Check(err)
						clock := &clock{now: start}
						s, err := kind.open(t, clock.Now)
						ts.Check(err)
						defer s.Close()
						r, err := newRehearsal(t.Context(), s, library, clock, console.Config{Out: ts.Stdout(), JSON: slices.Contains(args, "json"), Moderators: []string{"mod"}, Closed: closedIn(args)})
						ts.Check(err)
						prepare(r)
						ts.Check(r.play(t.Context(), strings.NewReader(ts.ReadFile(args[1]))))
					},
				},
			})
		})
	}
}

// closedIn are the names behind "closed=" among the words of a command.
func closedIn(args []string) []string {
	for _, arg := range args {
		if names, ok := strings.CutPrefix(arg, "closed="); ok {
			return split(names)
		}
	}
	return nil
}

// The tables in docs are made from the program's own.
func TestReadmeIsTrue(t *testing.T) {
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	holdTable(t, "commands", "../../docs/commands.md", commandList(library))
	holdTable(t, "settings", "../../docs/operating.md", settingList())
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"go run ./cmd/village", "go test ./..."} {
		if !strings.Contains(string(readme), want) {
			t.Errorf("the README does not say %q", want)
		}
	}
}

// holdTable holds the table of a name in a file to what it should be, or writes it.
func holdTable(t *testing.T, name, path, table string) {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin := "<!-- made by the tests: " + name + " -->\n"
	before, rest, ok := strings.Cut(string(raw), begin)
	_, after, closed := strings.Cut(rest, "<!-- end -->")
	if !ok || !closed {
		t.Fatalf("%s has no place for the %s", path, name)
	}
	whole := before + begin + table + "<!-- end -->" + after
	switch {
	case whole == string(raw):
	case !update():
		t.Errorf("the %s in %s are not the program's: VILLAGE_UPDATE=1 go test -run TestReadmeIsTrue ./cmd/village writes them", name, path)
	default:
		if err := os.WriteFile(path, []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// settingList is the settings as docs/operating.md prints them.
func settingList() string {
	var b strings.Builder
	b.WriteString("| setting | meaning |\n|---|---|\n")
	for _, s := range settings() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", s.Name, s.Meaning)
	}
	return b.String()
}

// commandList is the table as docs/commands.md prints it.
func commandList(library *content.Library) string {
	var b strings.Builder
	b.WriteString("| command | what it does | who |\n|---|---|---|\n")
	row := func(path string, c bot.Command) {
		who := "anyone"
		if c.Who == bot.Moderators {
			who = "moderators"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", path, c.Summary, who)
	}
	for _, c := range handlers.New(handlers.Config{Content: library, Now: time.Now}).Table() {
		if len(c.Subs) == 0 {
			row("/"+c.Name, c)
		}
		for _, sub := range c.Subs {
			row("/"+c.Name+" "+sub.Name, sub)
		}
	}
	return b.String()
}
