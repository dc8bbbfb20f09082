package redis

import (
	"hash/fnv"
	"strings"

	"village/internal/store"
)

// shards is how many hash tags the partitions are spread over. It is part of
// the keyspace's layout: to change it is a new version.
const shards = 16

// Every key is "village:{sNN}:WHAT". The part in braces is what Redis Cluster
// looks at, so everything of a shard lives on one node and one script may touch
// it. Names have no spaces, so a space keeps them apart, in the contract's order.

func shardOf(partition string) int {
	h := fnv.New32a()
	h.Write([]byte(partition))
	return int(h.Sum32() % shards)
}

func shardKey(shard int, what string) string {
	number := string([]byte{byte('0' + shard/10), byte('0' + shard%10)})
	return "village:{s" + number + "}:" + what
}

// versionKey holds the keyspace's layout. Every shard has one, so that each can tell
// whether what was kept in it is gone.
func versionKey(shard int) string { return shardKey(shard, "version") }

// healthKey is written to see whether a shard can be written.
func healthKey(shard int) string { return shardKey(shard, "health") }

// dueKey is the zset of a shard's jobs by due time or lease's end.
func dueKey(shard int) string { return shardKey(shard, "due") }

// leasesKey is the hash of a shard's first leases, see lua/job.lua.
func leasesKey(shard int) string { return shardKey(shard, "leases") }

// expiryKey is the zset of a shard's documents by expiry.
func expiryKey(shard int) string { return shardKey(shard, "exp") }

// jobsPrefix begins the hash of a partition's jobs; the partition follows.
func jobsPrefix(shard int) string { return shardKey(shard, "j:") }

// docsPrefix begins a document's key; "PARTITION KIND ID" follows.
func docsPrefix(shard int) string { return shardKey(shard, "d:") }

// indexPrefix begins an index's key; "PARTITION NAME" follows.
func indexPrefix(shard int) string { return shardKey(shard, "i:") }

// docsPattern and jobsPattern find all documents and all jobs hashes.
func docsPattern() string { return "village:{s??}:d:*" }
func jobsPattern() string { return "village:{s??}:j:*" }

func docKey(k store.Key) string {
	return docsPrefix(shardOf(k.Partition)) + k.Partition + " " + member(k)
}

func indexKey(partition, name string) string {
	return indexPrefix(shardOf(partition)) + partition + " " + name
}

func jobsKey(partition string) string { return jobsPrefix(shardOf(partition)) + partition }

// member is a document within its partition.
func member(k store.Key) string { return k.Kind + " " + k.ID }

func splitMember(partition, m string) store.Key {
	kind, id, _ := strings.Cut(m, " ")
	return store.Key{Partition: partition, Kind: kind, ID: id}
}

// splitKey takes the part behind "village:{sNN}:d:" or "village:{sNN}:j:".
func splitKey(key string) string { return key[len(docsPrefix(0)):] }

func splitDocKey(key string) store.Key {
	partition, m, _ := strings.Cut(splitKey(key), " ")
	return splitMember(partition, m)
}
