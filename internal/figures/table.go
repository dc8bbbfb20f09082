package main

import (
	"fmt"
	"slices"
	"strings"
)

// figure is what a benchmark reports: "PACKAGE BENCHMARK xTIMES", and the units that are
// added up.
type figure struct {
	bench string
	units []string
}

// row is a figure, alone or as a part of another one, beside its mark.
type row struct {
	what string
	ours figure
	// theirs is what ours is measured against: the row is how much of its rate ours
	// has when both are times, and otherwise ours divided by it.
	theirs figure
	unit   string
	mark   float64
	// most says that the mark is the most there may be, and not the least.
	most bool
}

const (
	wall   = "ns/op"
	client = "cpu-µs/op"
	server = "server-µs/op"
	each   = "a-second"
)

func table() []row {
	rows := []row{
		{what: "a real reminder on bolt, due to settled: processor time", ours: figure{"handlers BenchmarkReminders/bolt x10", []string{client}}, unit: "µs", mark: 100, most: true},
		{what: "... how many a second", ours: figure{"handlers BenchmarkReminders/bolt x10", []string{"reminders/s"}}, unit: "", mark: 10_000},
		{what: "a real reminder on Redis: processor time of the program and Redis", ours: figure{"handlers BenchmarkReminders/redis x10", []string{client, server}}, unit: "µs", mark: 100, most: true},
		{what: "... how many a second", ours: figure{"handlers BenchmarkReminders/redis x10", []string{"reminders/s"}}, unit: "", mark: 10_000},
		{what: "memory of Redis for a pending job", ours: figure{"internal/store/redis BenchmarkMemory/ten to a person x1", []string{"B/job"}}, unit: "B", mark: 200, most: true},
	}
	for _, many := range []int{1, 10, 50} {
		const redis = "internal/store/redis BenchmarkRedis/"
		rows = append(rows, row{what: fmt.Sprintf("the commit of a yes on Redis beside the same writes in one MULTI, %d at once", many),
			ours: figure{fmt.Sprintf(redis+"yes, %d at once x5000", many), []string{each}}, theirs: figure{fmt.Sprintf(redis+"the same writes in one MULTI, %d at once x5000", many), []string{each}}, mark: 0.5})
	}
	for many, mark := range map[int]float64{1: 0.6, 50: 1} {
		const bolt = "internal/store/bolt BenchmarkBolt/"
		rows = append(rows, row{what: fmt.Sprintf("the commit of a yes on bolt beside a bare update of the same keys, %d at once", many),
			ours: figure{fmt.Sprintf(bolt+"yes, %d at once x1000", many), []string{each}}, theirs: figure{fmt.Sprintf(bolt+"a bare update of the same keys, %d at once x1000", many), []string{each}}, mark: mark})
	}
	slices.SortStableFunc(rows[8:], func(a, b row) int { return strings.Compare(a.what, b.what) })
	bare := figure{"cmd/village BenchmarkOverHTTP/discord/bare x3000", []string{wall}}
	bareSlack := figure{"cmd/village BenchmarkOverHTTP/slack/bare x3000", []string{wall}}
	return append(rows,
		row{what: "a whole yes on Redis, 10 at once: processor time of the program", ours: figure{"handlers BenchmarkVillage/redis/yes, 10 at once x300", []string{client}}, unit: "µs", mark: 300, most: true},
		row{what: "... of Redis", ours: figure{"handlers BenchmarkVillage/redis/yes, 10 at once x300", []string{server}}, unit: "µs", mark: 150, most: true},
		row{what: "a question over HTTP on bolt beside Discord's signature alone", ours: figure{"cmd/village BenchmarkOverHTTP/discord/village on bolt x1000", []string{wall}}, theirs: bare, mark: 0.75},
		row{what: "... on Redis", ours: figure{"cmd/village BenchmarkOverHTTP/discord/village on redis x1000", []string{wall}}, theirs: bare, mark: 0.6},
		row{what: "a question over HTTP on bolt beside Slack's signature alone", ours: figure{"cmd/village BenchmarkOverHTTP/slack/village on bolt x1000", []string{wall}}, theirs: bareSlack, mark: 0.55},
		row{what: "a list of fifty requests over HTTP on Redis", ours: figure{"cmd/village BenchmarkOverHTTP/discord/need open on redis x1000", []string{wall}}, unit: "ns", mark: 500_000, most: true},
		row{what: "... allocations", ours: figure{"cmd/village BenchmarkOverHTTP/discord/need open on redis x1000", []string{"allocs/op"}}, unit: "", mark: 800, most: true},
		row{what: "finding an answer: half of the questions", ours: figure{"content BenchmarkFind x2000", []string{"p50-µs"}}, unit: "µs", mark: 50, most: true},
		row{what: "... 99 of 100", ours: figure{"content BenchmarkFind x2000", []string{"p99-µs"}}, unit: "µs", mark: 200, most: true},
		row{what: "forgetting somebody among 200,000 jobs of others, on Redis", ours: figure{"handlers BenchmarkForget/redis x20", []string{wall}}, unit: "ns", mark: 20_000_000, most: true},
		row{what: "a start until it has read what it knows and says good-bye: processor time", ours: figure{starting, []string{"cpu-ms"}}, unit: "ms", mark: 25, most: true},
		row{what: "memory while nobody has asked anything", ours: figure{starting, []string{"rss-MB"}}, unit: "MB", mark: 30, most: true},
	)
}

// value is the middle of what the rounds reported, its units added up.
func (f figure) value(found map[string]map[string][]float64) (float64, bool) {
	sum := 0.0
	for _, unit := range f.units {
		values := slices.Sorted(slices.Values(found[f.bench][unit]))
		if len(values) == 0 {
			return 0, false
		}
		sum += values[len(values)/2]
	}
	return sum, len(f.units) > 0
}

// of is what a row comes to.
func (r row) of(found map[string]map[string][]float64) (float64, bool) {
	ours, ok := r.ours.value(found)
	if !ok || r.theirs.bench == "" {
		return ours, ok
	}
	theirs, ok := r.theirs.value(found)
	if r.ours.units[0] == wall {
		return theirs / ours, ok
	}
	return ours / theirs, ok
}

// met says whether a value reaches the mark.
func (r row) met(v float64) bool {
	if r.most {
		return v <= r.mark
	}
	return v >= r.mark
}

// shown writes a value in the row's unit.
func (r row) shown(v float64) string {
	if r.theirs.bench != "" {
		return fmt.Sprintf("%.2f of it", v)
	}
	unit := r.unit
	if unit == "ns" {
		unit, v = "ms", v/1e6
	}
	if v < 10 {
		return strings.TrimSpace(fmt.Sprintf("%.2f %s", v, unit))
	}
	return strings.TrimSpace(fmt.Sprintf("%.0f %s", v, unit))
}

// write writes the table, and says how many marks are missed.
func write(out *strings.Builder, rows []row, found map[string]map[string][]float64) (missed int) {
	out.WriteString("| what | measured | mark | |\n|---|---|---|---|\n")
	for _, r := range rows {
		v, ok := r.of(found)
		most := "at least "
		if r.most {
			most = "at most "
		}
		if !ok {
			fmt.Fprintf(out, "| %s | not measured: no redis-server | %s | |\n", r.what, most+r.shown(r.mark))
			continue
		}
		verdict := "met"
		if !r.met(v) {
			verdict = "**missed**"
			missed++
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", r.what, r.shown(v), most+r.shown(r.mark), verdict)
	}
	return missed
}

func marks(rows []row) int { return len(rows) }
