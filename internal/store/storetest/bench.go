package storetest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"village/internal/store"
)

// OpenBench gives a benchmark an empty store.
type OpenBench func(b *testing.B, now func() time.Time) store.Store

// AtOnce is how many people say yes at a time in a benchmark.
func AtOnce() []int { return []int{1, 10, 50} }

// Bench measures a store, and the servers that it has: single commits, commits of many goroutines, the commit of a
// yes by as many at a time as AtOnce says, and lease and settle while many jobs are pending (up to 100,000, or a million when
// VILLAGE_BENCH_MILLION is set).
func Bench(b *testing.B, open OpenBench, servers ...*Server) {
	b.Run("commit", func(b *testing.B) { benchCommit(b, open) })
	b.Run("commits together", func(b *testing.B) { benchTogether(b, open) })
	for _, many := range AtOnce() {
		b.Run(fmt.Sprintf("yes, %d at once", many), func(b *testing.B) { benchYes(b, open, many, servers) })
	}
	counts := []int{1_000, 10_000, 100_000}
	if os.Getenv("VILLAGE_BENCH_MILLION") != "" {
		counts = append(counts, 1_000_000)
	}
	for _, n := range counts {
		b.Run(fmt.Sprintf("lease and settle of %d", n), func(b *testing.B) { benchLease(b, open, n) })
	}
}

// change is one person's document and what is owed with it.
func change(i int64, now time.Time) store.Change {
	p := fmt.Sprintf("p/%d", i)
	return store.Change{
		Partition: p,
		Puts:      []store.Doc{{Key: store.Key{Partition: p, Kind: "session", ID: "s1"}, Body: make([]byte, 300), Listed: []store.Entry{at("when", i)}}},
		Jobs:      []store.Job{{Partition: p, ID: "n1", Kind: "notice", Due: now.Add(time.Hour), Body: []byte(`{"session":"s1"}`)}},
	}
}

func benchCommit(b *testing.B, open OpenBench) {
	c := &clock{t: start}
	s := open(b, c.now)
	i := int64(0)
	for b.Loop() {
		if i++; s.Commit(b.Context(), change(i, start)) != nil {
			b.Fatal("a commit failed")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

func benchTogether(b *testing.B, open OpenBench) {
	c := &clock{t: start}
	s := open(b, c.now)
	var i atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := s.Commit(b.Context(), change(i.Add(1), start)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// Yes is what a yes to a request changes, the nth time that somebody says one: two
// documents that stay where they are in their indexes, what is owed for them, and what
// is owed no more.
func Yes(request, nth int64, now time.Time) store.Change {
	p := fmt.Sprintf("p/%d", request%yesGroups)
	doc := func(kind string, size int) store.Doc {
		d := store.Doc{Key: store.Key{Partition: p, Kind: kind, ID: fmt.Sprint("n", request)}, Rev: nth, Body: make([]byte, size), Expires: now.Add(30 * 24 * time.Hour)}
		for _, name := range []string{"when", "open", "mine", "kind", "all"} {
			d.Listed = append(d.Listed, at(name+kind, request))
		}
		return d
	}
	c := store.Change{Partition: p, Puts: []store.Doc{doc("need", 600), doc("claim", 200)}}
	for i := range 6 {
		c.Jobs = append(c.Jobs, store.Job{Partition: p, ID: fmt.Sprintf("n%d-%d", request, i), Kind: "notice", Due: now.Add(time.Duration(i+1) * time.Hour), Body: []byte(`{"need":"n1"}`)})
	}
	for i := range 3 {
		c.Cancels = append(c.Cancels, fmt.Sprintf("n%d-%d", request, 6+i))
	}
	return c
}

// yesGroups is how many groups people say yes in.
const yesGroups = 20

func benchYes(b *testing.B, open OpenBench, many int, servers []*Server) {
	c := &clock{t: start}
	s := open(b, c.now)
	meter := NewMeter(b, servers...)
	EachAtOnce(b, many, func(worker, round int64) error { return s.Commit(b.Context(), Yes(worker, round, start)) })
	meter.Report(b, 1)
}

// EachAtOnce runs b.N rounds of something in all, by so many at a time, and reports how
// many a second. Each gets its own number and how often it did so before.
func EachAtOnce(b *testing.B, many int, do func(worker, round int64) error) {
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var all sync.WaitGroup
	for worker := range int64(many) {
		all.Go(func() {
			for round := int64(0); left.Add(-1) >= 0; round++ {
				if err := do(worker, round); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "a-second")
}

// FillJobs puts n jobs, ten to a person, that are due over the days to come.
func FillJobs(b *testing.B, s store.Store, n int, due func(i int) time.Time) {
	b.Helper()
	const each = 10
	var changes []store.Change
	for i := 0; i < n; i += each {
		p := fmt.Sprintf("p/%d", i/each)
		c := store.Change{Partition: p}
		for k := range min(each, n-i) {
			c.Jobs = append(c.Jobs, store.Job{Partition: p, ID: fmt.Sprintf("reminder-%d", i+k), Kind: "reminder", Due: due(i + k), Body: fmt.Appendf(nil, "session-%d", i/each)})
		}
		if changes = append(changes, c); len(changes) == 1000 || i+each >= n {
			if err := errors.Join(s.CommitAll(b.Context(), changes)...); err != nil {
				b.Fatal(err)
			}
			changes = nil
		}
	}
}

// benchLease measures what two workers handle while n jobs wait for later.
func benchLease(b *testing.B, open OpenBench, n int) {
	const workers, batch, page = 2, 20_000, store.MaxPage
	c := &clock{t: start}
	s := open(b, c.now)
	FillJobs(b, s, n, func(i int) time.Time { return start.Add(time.Hour + time.Duration(i)*time.Second) })
	handled := 0
	for b.Loop() {
		b.StopTimer()
		FillJobs(b, s, batch, func(int) time.Time { return start })
		b.StartTimer()
		handled += handleAll(b, s, workers, page)
	}
	b.ReportMetric(float64(handled)/b.Elapsed().Seconds(), "jobs/s")
	b.ReportMetric(0, "ns/op")
}

// handleAll leases and settles until nothing is due.
func handleAll(b *testing.B, s store.Store, workers, page int) int {
	var handled atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				jobs, err := s.Lease(b.Context(), page, hold)
				if err != nil {
					b.Error(err)
					return
				}
				if len(jobs) == 0 {
					return
				}
				settles := make([]store.Change, len(jobs))
				for i, j := range jobs {
					settles[i] = store.Change{Partition: j.Partition, Settles: done(j)}
				}
				if err := errors.Join(s.CommitAll(b.Context(), settles)...); err != nil {
					b.Error(err)
					return
				}
				handled.Add(int64(len(jobs)))
			}
		})
	}
	group.Wait()
	return int(handled.Load())
}
