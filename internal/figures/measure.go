package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measuring is what has been found so far: by "PACKAGE BENCHMARK", what each round
// reported of each unit.
type measuring struct {
	folder string
	quick  bool
	found  map[string]map[string][]float64
}

// benchmarks are the names of what the rows need, each once.
func (m *measuring) benchmarks(rows []row) []string {
	var names []string
	for _, r := range rows {
		for _, name := range []string{r.ours.bench, r.theirs.bench} {
			if name != "" && name != starting && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// bench runs one benchmark once and notes what it reports.
func (m *measuring) bench(ctx context.Context, name string) error {
	pkg, bench, _ := strings.Cut(name, " ")
	bench, times, _ := strings.Cut(bench, " x")
	if m.quick {
		times = strconv.Itoa(max(1, number(times)/10))
	}
	parts := strings.Split(bench, "/")
	for i, part := range parts {
		parts[i] = "^" + strings.ReplaceAll(part, " ", "_") + "$"
	}
	cmd := exec.CommandContext(ctx, m.program(pkg), "-test.run", "^$", "-test.bench", strings.Join(parts, "/"), "-test.benchtime", times+"x")
	cmd.Dir = filepath.FromSlash(pkg)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %s", name, out), err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Benchmark") {
			m.note(name, strings.Fields(line))
		}
	}
	return nil
}

// note keeps the values of a benchmark's line: its name, how often it ran, and then
// pairs of a value and its unit.
func (m *measuring) note(name string, fields []string) {
	if m.found[name] == nil {
		m.found[name] = map[string][]float64{}
	}
	for i := 2; i+1 < len(fields); i += 2 {
		if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
			m.found[name][fields[i+1]] = append(m.found[name][fields[i+1]], v)
		}
	}
}

// starting is the benchmark that is no Go benchmark: the program itself.
const starting = "start"

// settles is how long the program is left alone before its memory is looked at.
const settles = 5 * time.Second

// start measures how long a conversation of nothing takes, and what the program keeps in
// memory when nobody has asked it anything.
func (m *measuring) start(ctx context.Context) error {
	begun := time.Now()
	empty := exec.CommandContext(ctx, m.program("village"), "rehearse")
	if err := empty.Run(); err != nil {
		return errors.Join(errors.New("village rehearse"), err)
	}
	if m.found[starting] == nil {
		m.found[starting] = map[string][]float64{}
	}
	found := m.found[starting]
	used := empty.ProcessState.UserTime() + empty.ProcessState.SystemTime()
	found["wall-ms"] = append(found["wall-ms"], float64(time.Since(begun).Microseconds())/1000)
	found["cpu-ms"] = append(found["cpu-ms"], float64(used.Microseconds())/1000)
	idle := exec.CommandContext(ctx, m.program("village"))
	idle.Env = append(os.Environ(), "VILLAGE_DATA="+filepath.Join(m.folder, "data"))
	in, err := idle.StdinPipe()
	if err != nil {
		return err
	}
	idle.Stdout, idle.Stderr = io.Discard, io.Discard
	if err := idle.Start(); err != nil {
		return err
	}
	select {
	case <-time.After(settles):
	case <-ctx.Done():
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", idle.Process.Pid))
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			found["rss-MB"] = append(found["rss-MB"], float64(number(fields[1]))/1024)
		}
	}
	return errors.Join(err, in.Close(), idle.Wait())
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
