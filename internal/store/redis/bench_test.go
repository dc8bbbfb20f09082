package redis_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"village/internal/store"
	"village/internal/store/storetest"
)

func BenchmarkRedis(b *testing.B) {
	server := storetest.Redis(b)
	if server == nil {
		return // its log says so
	}
	storetest.Bench(b, func(b *testing.B, now func() time.Time) store.Store {
		server.Flush(b)
		return open(b, server.URL, now)
	})
}

// BenchmarkMemory says how much of Redis's memory a pending job takes: ten to a
// person as a course of sessions would have them, and all with one person.
func BenchmarkMemory(b *testing.B) {
	server := storetest.Redis(b)
	if server == nil {
		return // its log says so
	}
	const n = 100_000
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	options, err := goredis.ParseURL(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	client := goredis.NewClient(options)
	b.Cleanup(func() { _ = client.Close() })
	used := func() float64 {
		info, err := client.Info(b.Context(), "memory").Result()
		if err != nil {
			b.Fatal(err)
		}
		field := func(name string) float64 {
			_, rest, _ := strings.Cut(info, "\n"+name+":")
			bytes, _, _ := strings.Cut(rest, "\r\n")
			v, err := strconv.ParseFloat(bytes, 64)
			if err != nil {
				b.Fatal(err)
			}
			return v
		}
		// What waits for the disk and for clients is not the jobs'.
		return field("used_memory") - field("mem_aof_buffer") - field("mem_clients_normal")
	}
	for _, test := range []struct {
		name string
		fill func(b *testing.B, s store.Store)
	}{
		{"ten to a person", func(b *testing.B, s store.Store) {
			storetest.FillJobs(b, s, n, func(i int) time.Time { return now.Add(time.Duration(i) * time.Second) })
		}},
		{"one to a person", func(b *testing.B, s store.Store) { fillPartitions(b, s, n, n, now) }},
		{"a thousand to a group", func(b *testing.B, s store.Store) { fillPartitions(b, s, n, n/1000, now) }},
		{"all in one group", func(b *testing.B, s store.Store) { fillPartitions(b, s, n, 1, now) }},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				server.Flush(b)
				s := open(b, server.URL, func() time.Time { return now })
				before := used()
				b.StartTimer()
				test.fill(b, s)
				b.ReportMetric((used()-before)/n, "B/job")
			}
		})
	}
}

func fillPartitions(b *testing.B, s store.Store, jobs, partitions int, now time.Time) {
	b.Helper()
	each := jobs / partitions
	var changes []store.Change
	for i := range jobs {
		p := fmt.Sprintf("p/%d", i/each)
		changes = append(changes, store.Change{Partition: p, Jobs: []store.Job{{
			Partition: p, ID: fmt.Sprintf("reminder-%d", i), Kind: "reminder", Due: now.Add(time.Duration(i) * time.Second), Body: fmt.Appendf(nil, "session-%d", i/10),
		}}})
		if len(changes) == 1000 || i == jobs-1 {
			for _, err := range s.CommitAll(b.Context(), changes) {
				if err != nil {
					b.Fatal(err)
				}
			}
			changes = nil
		}
	}
}
