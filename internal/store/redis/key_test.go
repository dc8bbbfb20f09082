package redis

import (
	"fmt"
	"testing"
)

// TestShardsStay: where a partition lives is part of the keyspace's layout.
func TestShardsStay(t *testing.T) {
	for partition, want := range map[string]string{
		"sys":     "village:{s06}:j:sys",
		"g/maple": "village:{s00}:j:g/maple",
		"g/oak":   "village:{s04}:j:g/oak",
		"p/maya":  "village:{s00}:j:p/maya",
	} {
		if got := jobsKey(partition); got != want {
			t.Errorf("%s lives at %s, not at %s", partition, got, want)
		}
	}
	var sizes [shards]int
	const n = 16_000
	for i := range n {
		sizes[shardOf(fmt.Sprintf("p/%d", i))]++
	}
	for shard, size := range sizes {
		if size < n/shards/2 || size > n/shards*2 {
			t.Errorf("shard %d has %d of %d partitions", shard, size, n)
		}
	}
}
