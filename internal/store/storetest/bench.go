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

// Bench measures a store: single commits, commits of many goroutines, and lease
// and settle while many jobs are pending (up to 100,000, or a million when
// VILLAGE_BENCH_MILLION is set).
func Bench(b *testing.B, open OpenBench) {
	b.Run("commit", func(b *testing.B) { benchCommit(b, open) })
	b.Run("commits together", func(b *testing.B) { benchTogether(b, open) })
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
