package redis_test

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"village/internal/store"
	"village/internal/store/redis"
	"village/internal/store/storetest"
)

func TestContractOnMiniredis(t *testing.T) {
	t.Parallel()
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
