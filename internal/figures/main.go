// Figures measures what the program costs, beside what it is compared with and beside
// the marks that it is to reach, and writes the table into a page:
//
//	go run ./internal/figures -page docs/figures.md
//
// It takes the benchmarks in turns, as often as -rounds says, and keeps the middle one
// of what each reports: on a machine that others use, processor time says more than a
// rate does. Redis's rows need a redis-server on the PATH, and the queue's beside asynq
// are measured by scheduler/internal/compare, which writes a table of its own. With -q
// it is over in some minutes and proves less. Its exit code is 1 when a mark is missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	missed, err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if missed > 0 {
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (missed int, err error) {
	flags := flag.NewFlagSet("figures", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "how often each benchmark is run")
	quick := flags.Bool("q", false, "run each benchmark for a tenth as long")
	page := flags.String("page", "", "a page to write the table into, between its marks")
	only := flags.String("only", "", "measure only the rows whose words have this in them")
	if err := flags.Parse(args); err != nil {
		return 0, err
	}
	folder, err := os.MkdirTemp("", "figures-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	rows := chosen(table(), *only)
	m := measuring{folder: folder, quick: *quick, found: map[string]map[string][]float64{}}
	if err := m.build(ctx, rows); err != nil {
		return 0, err
	}
	before := load()
	for range *rounds {
		for _, name := range m.benchmarks(rows) {
			if err := m.bench(ctx, name); err != nil {
				return 0, err
			}
		}
		if err := m.start(ctx); err != nil {
			return 0, err
		}
	}
	var text strings.Builder
	missed = write(&text, rows, m.found)
	fmt.Fprintf(&text, "\nThe middle of %d rounds on %d cores, with a load average of %s before and %s after. ", *rounds, runtime.NumCPU(), before, load())
	fmt.Fprintf(&text, "%d of %d marks are missed.\n", missed, marks(rows))
	fmt.Print(text.String())
	if *page == "" {
		return missed, nil
	}
	return missed, insert(*page, text.String())
}

// The table stands between these lines of the page.
const (
	begins = "<!-- made by internal/figures -->\n"
	ends   = "<!-- end of internal/figures -->"
)

func insert(page, text string) error {
	raw, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(raw), begins)
	_, tail, ok2 := strings.Cut(rest, ends)
	if !ok || !ok2 {
		return fmt.Errorf("%s lacks the lines %q and %q", page, strings.TrimSpace(begins), ends)
	}
	return os.WriteFile(page, []byte(head+begins+text+ends+tail), 0o644)
}

// load is the machine's load average over a minute, where it says so.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	minute, _, _ := strings.Cut(string(raw), " ")
	return minute
}

// chosen are the rows that have a word in them.
func chosen(rows []row, word string) []row {
	var out []row
	for _, r := range rows {
		if strings.Contains(r.what, word) {
			out = append(out, r)
		}
	}
	return out
}

// build makes a test program for each package that has benchmarks, and the program.
func (m *measuring) build(ctx context.Context, rows []row) error {
	for _, name := range m.benchmarks(rows) {
		pkg, _, _ := strings.Cut(name, " ")
		if _, err := os.Stat(m.program(pkg)); err == nil {
			continue
		}
		if err := goTool(ctx, "test", "-c", "-o", m.program(pkg), "./"+pkg); err != nil {
			return err
		}
	}
	return goTool(ctx, "build", "-o", m.program("village"), "./cmd/village")
}

func (m *measuring) program(pkg string) string {
	return filepath.Join(m.folder, strings.ReplaceAll(pkg, "/", "-"))
}

func goTool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return errors.Join(fmt.Errorf("go %s", strings.Join(args, " ")), err)
	}
	return nil
}
