package records

import (
	"time"

	"village/internal/store"
)

// KindHeld is what somebody typed and was asked about before it was posted.
const KindHeld = "held"

// HeldFor is how long it waits for an answer.
const HeldFor = 24 * time.Hour

// Held is a command that waits for its person's word, as it was typed.
type Held struct {
	ID        string            `json:"id"`
	Path      []string          `json:"path"`
	Args      map[string]string `json:"args"`
	Submitted bool              `json:"submitted,omitempty"`
	At        time.Time         `json:"at"`
}

// HeldKey is what is held back (an ID) of a person (an ID).
func HeldKey(person, id string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindHeld, ID: id}
}

// PutHeld keeps it for its person alone.
func (t *Tx) PutHeld(person string, h Held) {
	t.Put(HeldKey(person, h.ID), h, h.At.Add(HeldFor), store.Entry{Name: PersonIndex(person), Score: h.At.UnixMilli()})
}
