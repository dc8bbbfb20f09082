package scheduler

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

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
	// Fails is how many tries came to an end and failed: a process that was killed in the
	// middle of one says nothing about the next.
	Fails int `json:"fails,omitempty"`
	// Before is when a job that this one was put in place of may first have sent its
	// message (Unix milliseconds), and Words a hash of what the tries said, empty where
	// they said several things.
	Before int64  `json:"before,omitempty"`
	Words  string `json:"words,omitempty"`
	// Said is what was posted already, when only the commit was left to do.
	Said *Card `json:"said,omitempty"`
	// Lives are how many processes have noted, one after the other, that they would
	// try what never came to an end before, and Run is the last of them.
	Lives int    `json:"lives,omitempty"`
	Run   string `json:"run,omitempty"`
}

// nonce makes the repeats of one delivery recognisable. It has 22 characters.
func nonce(j store.Job) string {
	due := binary.BigEndian.AppendUint64(nil, uint64(store.DueMilli(j.Due)))
	return shortHash(j.Partition + "\x00" + j.ID + "\x00" + string(due))
}

// cardNonce is the same for every job that posts a card, until it stands: whatever one of
// them came to, the next one posts no other. before is what was posted earlier and is
// gone.
func cardNonce(partition, card string, before *Card) string {
	gone := ""
	if before != nil {
		gone = before.Posted.Message
	}
	return shortHash(partition + "\x00card\x00" + card + "\x00" + gone)
}

// shortHash is 128 bits of a hash in 22 characters that fit everywhere.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
