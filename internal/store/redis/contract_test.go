package redis_test

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"village/internal/store"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

// Where the race detector watches, a real Redis is enough: what differs between the two
// is miniredis, which is not ours and interprets every script.
func TestContractOnMiniredis(t *testing.T) {
	t.Parallel()
	if storetest.RaceDetector && storetest.Redis(t) != nil {
		t.Skip("without the race detector it is held; the real Redis is held with it")
	}
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		return open(t, "redis://"+miniredis.RunT(t).Addr(), now)
	})
}

func TestContractOnRedis(t *testing.T) {
	t.Parallel()
	server := storetest.Redis(t)
	if server == nil {
		return // its log says that only miniredis was used
	}
	contract(t, server)
}

func contract(t *testing.T, server *storetest.Server) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		server.Flush(t)
		return open(t, server.URL, now)
	})
}

func open(t testing.TB, url string, now func() time.Time) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), url, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestRestart: a process takes back at once what it had leased in its name, and
// leaves to others what they have.
func TestRestart(t *testing.T) {
	t.Parallel()
	servers := map[string]string{"miniredis": "redis://" + miniredis.RunT(t).Addr()}
	if server := storetest.Redis(t); server != nil {
		servers["redis"] = server.URL
	}
	for name, url := range servers {
		t.Run(name, func(t *testing.T) {
			storetest.Restart(t, func(t *testing.T, now func() time.Time, name string) store.Store {
				s := open(t, url, now)
				if _, err := s.As(t.Context(), name, time.Minute); err != nil {
					t.Fatal(err)
				}
				return s
			})
			others(t, url)
		})
	}
}

func others(t *testing.T, url string) {
	now := time.UnixMilli(1_780_000_000_000)
	as := func(name string, freed int) *redis.Store {
		t.Helper()
		s := open(t, url, func() time.Time { return now })
		if name == "" {
			return s
		}
		if n, err := s.As(t.Context(), name, time.Minute); n != freed || err != nil {
			t.Fatalf("as %s: %d are due again, want %d: %v", name, n, freed, err)
		}
		return s
	}
	put := func(id string) {
		t.Helper()
		j := store.Job{Partition: "g/elm", ID: id, Kind: "notice", Due: now}
		if err := as("", 0).Commit(t.Context(), store.Change{Partition: "g/elm", Jobs: []store.Job{j}}); err != nil {
			t.Fatal(err)
		}
	}
	lease := func(s *redis.Store, want string) {
		t.Helper()
		got := ""
		jobs, err := s.Lease(t.Context(), 10, time.Minute)
		for _, j := range jobs {
			got += j.ID
		}
		if got != want || err != nil {
			t.Fatalf("leased %q, want %q: %v", got, want, err)
		}
	}
	put("a")
	lease(as("maple", 0), "a")
	put("b")
	lease(as("oak", 0), "b")
	put("c")
	lease(as("", 0), "c")
	lease(as("oak", 1), "b")
	lease(as("elm", 0), "")
	lease(as("maple", 1), "a")
}
