package scheduler

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"village/bot"
	"village/internal/store"
)

// The kinds of document that the scheduler keeps in a job's partition.
const (
	// KindCard: a posted message under the name its Delivery gave, a [Card].
	KindCard = "card"
	// KindDead: a job that came to nothing, a [DeadLetter].
	KindDead = "dead"
	// kindTry: what is known of a job that did not work out at once, under
	// the job's ID.
	kindTry = "try"
)

// Card is the body of a document of kind KindCard.
type Card struct {
	To     bot.Address `json:"to"`
	Posted bot.Posted  `json:"posted"`
}

// Why a job became a dead letter.
const (
	// ReasonUnreachable: the person or room cannot be reached until somebody changes
	// something.
	ReasonUnreachable = "unreachable"
	// ReasonNotSent: the platform did not take the message for days.
	ReasonNotSent = "not-sent"
	// ReasonNotPrepared: what the job comes to could not be found out; it is a fault
	// of the program.
	ReasonNotPrepared = "not-prepared"
)

// DeadLetter is the body of a document of kind KindDead, in the partition of
// its job. It is listed under [DeadIndex] of "" and of the ID of the person or
// room that was not reached, by the Unix milliseconds of At.
type DeadLetter struct {
	// Kind, ID and Body are the job's.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Body []byte `json:"body,omitempty"`
	// Due is when it was first due, At when it was given up, in UTC.
	Due time.Time `json:"due"`
	At  time.Time `json:"at"`
	// Reason is one of the constants above.
	Reason string `json:"reason"`
	// To is the ID of the person or room, empty when it was not prepared.
	To string `json:"to,omitempty"`
}

// DeadIndex is the index that lists the dead letters to a person or a room by
// ID; for "", those to anybody.
func DeadIndex(id string) string {
	if id == "" {
		return KindDead
	}
	name := KindDead + "/" + id
	safe := !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
	if safe && len(name) <= store.MaxName {
		return name
	}
	return KindDead + "/" + shortHash(id)
}

// ReadDeadLetter reads the body of a document of kind KindDead.
func ReadDeadLetter(d store.Doc) (DeadLetter, error) {
	var letter DeadLetter
	if err := json.Unmarshal(d.Body, &letter); err != nil {
		return DeadLetter{}, fmt.Errorf("a dead letter cannot be read: %w", err)
	}
	return letter, nil
}

// tried is what is known of a job that did not work out at once. The store
// moves a job's due time with every retry, so the first one is kept here: it
// makes the nonce, and it is what lateness counts from.
type tried struct {
	// Due and Next are Unix milliseconds: when the job was first due, and when
	// it was to be tried again. A job that is due at another time than Next was
	// put anew, and this is about the one before.
	Due  int64 `json:"due"`
	Next int64 `json:"next"`
	// Seen is how many leases there had been when this was written.
	Seen int `json:"seen"`
	// Free is how many of the job's leases do not count as tries.
	Free int `json:"free,omitempty"`
	// Said is what was posted already, when only the commit was left to do.
	Said *Card `json:"said,omitempty"`
}

// nonce makes the repeats of one delivery recognisable. It has 22 characters.
func nonce(j store.Job) string {
	due := binary.BigEndian.AppendUint64(nil, uint64(store.DueMilli(j.Due)))
	return shortHash(j.Partition + "\x00" + j.ID + "\x00" + string(due))
}

// shortHash is 128 bits of a hash in 22 characters that fit everywhere.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
