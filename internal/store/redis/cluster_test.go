package redis_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"village/internal/store/redis"
	"village/internal/store/storetest"
)

// TestContractOnACluster: every script stays in its slot. One node that holds
// all slots refuses a command that crosses them just as many nodes would.
func TestContractOnACluster(t *testing.T) {
	t.Parallel()
	server := storetest.StartRedis(t, "--appendonly", "yes", "--cluster-enabled", "yes")
	if server == nil {
		return // its log says so
	}
	server.JoinSlots(t)
	contract(t, server)
}

// TestThroughSentinel: the Sentinel says where the server is.
func TestThroughSentinel(t *testing.T) {
	server := storetest.StartRedis(t, "--appendonly", "yes")
	if server == nil {
		return // its log says so
	}
	sentinel := server.StartSentinel(t, "village")
	s := open(t, sentinel.URL, time.Now)
	if err := errors.Join(s.Commit(t.Context(), note("a")), s.Health(t.Context())); err != nil {
		t.Fatal(err)
	}
	docs, err := open(t, server.URL, time.Now).Get(t.Context(), note("a").Puts[0].Key)
	if err != nil || docs[0].Rev != 1 {
		t.Errorf("it went elsewhere: %v, %v", docs, err)
	}
	if _, err := redis.Open(t.Context(), strings.Replace(sentinel.URL, "village", "town", 1), time.Now); err == nil {
		t.Error("a name that the Sentinel does not know was opened")
	} else {
		t.Log(err)
	}
}
