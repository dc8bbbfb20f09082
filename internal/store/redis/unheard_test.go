package redis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"village/internal/store"
	"village/internal/store/storetest"
)

// TestLeasesNobodyHeardOf: what a server has handed out while the connection broke is due
// again with the next look, and not a lease later.
func TestLeasesNobodyHeardOf(t *testing.T) {
	server := storetest.StartRedis(t, "--appendonly", "yes")
	if server == nil {
		return // its log says so
	}
	proxy := cutter(t, strings.TrimSuffix(strings.TrimPrefix(server.URL, "redis://"), "/0"))
	proxy.holds = "swallowed"
	now := time.Now()
	clock := func() time.Time { return now }
	s := open(t, "redis://"+proxy.address, clock)
	for i, due := range []time.Time{now.Add(-time.Second), now.Add(-time.Minute)} {
		j := store.Job{Partition: "p/x", ID: fmt.Sprint("j", i), Kind: "note", Due: due, Body: []byte("swallowed"), Urgent: i > 0}
		if err := s.Commit(t.Context(), store.Change{Partition: j.Partition, Jobs: []store.Job{j}}); err != nil {
			t.Fatal(err)
		}
	}
	for attempt := 2; attempt < 6; attempt += 2 { // its first lease is kept in another way than later ones
		proxy.cut.Store(true)
		if jobs, err := s.Lease(t.Context(), 10, time.Minute); err == nil {
			t.Fatalf("%v was heard of", jobs)
		}
		if next, some, err := s.NextDue(t.Context()); err != nil || !some || next.After(now.Add(2*time.Second)) {
			t.Errorf("the next look is at %v, %v, %v, and now is %v", next, some, err, now)
		}
		jobs, err := s.Lease(t.Context(), 10, time.Minute)
		if err != nil || len(jobs) != 2 || jobs[1].Attempt != attempt || !jobs[1].Due.Equal(store.FromMilli(store.DueMilli(now.Add(-time.Second)))) {
			t.Fatalf("%v, %v", jobs, err)
		}
		for i, j := range jobs {
			if err := s.Commit(t.Context(), store.Change{Partition: j.Partition, Settles: []store.Settlement{{Job: j, RetryAt: j.Due}}}); err != nil {
				t.Fatal(i, err)
			}
		}
	}
	// what was leased and heard of stays leased, and nothing is remembered for ever
	if jobs, err := s.Lease(t.Context(), 10, time.Minute); err != nil || len(jobs) != 2 {
		t.Fatal(jobs, err)
	}
	now = now.Add(30 * time.Second)
	if jobs, err := s.Lease(t.Context(), 10, time.Minute); err != nil || len(jobs) != 0 {
		t.Errorf("leased twice: %v, %v", jobs, err)
	}
	if next, some, err := s.NextDue(t.Context()); err != nil || !some || next.Before(now.Add(20*time.Second)) {
		t.Errorf("it goes on looking: %v, %v, %v", next, some, err)
	}
}
