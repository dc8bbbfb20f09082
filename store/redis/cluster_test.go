package redis_test

import (
	"testing"

	"village/store/storetest"
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
