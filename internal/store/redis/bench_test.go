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
	}, server)
	for _, many := range storetest.AtOnce() {
		b.Run(fmt.Sprintf("the same writes in one MULTI, %d at once", many), func(b *testing.B) { benchMulti(b, server, many) })
	}
}

// benchMulti writes what a yes writes, unlooked at, as a program without our promises
// would.
func benchMulti(b *testing.B, server *storetest.Server, many int) {
	server.Flush(b)
	options, err := goredis.ParseURL(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	options.PoolSize = many
	client := goredis.NewClient(options)
	defer client.Close()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	meter := storetest.NewMeter(b, server)
	storetest.EachAtOnce(b, many, func(worker, round int64) error {
		c := storetest.Yes(worker, round, now)
		_, err := client.TxPipelined(b.Context(), func(p goredis.Pipeliner) error {
			for _, d := range c.Puts {
				p.Set(b.Context(), d.Partition+d.Kind+d.ID, d.Body, 30*24*time.Hour)
				for _, e := range d.Listed {
					p.ZAdd(b.Context(), d.Partition+e.Name, goredis.Z{Score: float64(e.Score), Member: d.ID})
				}
			}
			for _, j := range c.Jobs {
				p.HSet(b.Context(), c.Partition+"jobs", j.ID, j.Body)
				p.ZAdd(b.Context(), "due", goredis.Z{Score: float64(j.Due.UnixMilli()), Member: j.ID})
			}
			for _, id := range c.Cancels {
				p.HDel(b.Context(), c.Partition+"jobs", id)
				p.ZRem(b.Context(), "due", id)
			}
			return nil
		})
		return err
	})
	meter.Report(b, 1)
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
