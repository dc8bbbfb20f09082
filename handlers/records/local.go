package records

import (
	"time"

	"village/internal/store"
)

const KindLocal = "local"

// LocalNote is one of a group's own notes.
type LocalNote struct {
	ID    string    `json:"id"`
	Topic string    `json:"topic"`
	Words string    `json:"words"`
	Since time.Time `json:"since"`
}

func LocalKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindLocal, ID: id}
}

func LocalIndex(topic string) string { return "local/" + KeyPart(topic) }
