package bolt

import (
	"bytes"
	"encoding/binary"

	"village/internal/store"
)

// The parts of a key are printable, so a zero byte between them keeps them
// apart and in the contract's order.

func docKey(k store.Key) []byte {
	return joined(k.Partition, k.Kind, k.ID)
}

func jobKey(partition, id string) []byte {
	return joined(partition, id)
}

// prefix begins every key of what is inside the parts given.
func prefix(parts ...string) []byte {
	return append(joined(parts...), 0)
}

func joined(parts ...string) []byte {
	size := len(parts)
	for _, p := range parts {
		size += len(p)
	}
	key := make([]byte, 0, size)
	for i, p := range parts {
		if i > 0 {
			key = append(key, 0)
		}
		key = append(key, p...)
	}
	return key
}

func indexKey(k store.Key, e store.Entry) []byte {
	key := appendInt(prefix(k.Partition, e.Name), e.Score)
	return append(key, joined(k.Kind, k.ID)...)
}

// timedKey orders keys by a time in milliseconds.
func timedKey(ms int64, key []byte) []byte {
	return append(appendInt(make([]byte, 0, 8+len(key)), ms), key...)
}

func splitTimed(timed []byte) (ms int64, key []byte) {
	return readInt(timed), timed[8:]
}

// appendInt keeps the order of signed numbers in the order of bytes.
func appendInt(b []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(n)^1<<63)
}

func readInt(b []byte) int64 {
	return int64(binary.BigEndian.Uint64(b) ^ 1<<63)
}

func splitDocKey(key []byte) store.Key {
	partition, rest, _ := bytes.Cut(key, []byte{0})
	kind, id, _ := bytes.Cut(rest, []byte{0})
	return store.Key{Partition: string(partition), Kind: string(kind), ID: string(id)}
}

func splitJobKey(key []byte) (partition, id string) {
	p, i, _ := bytes.Cut(key, []byte{0})
	return string(p), string(i)
}
