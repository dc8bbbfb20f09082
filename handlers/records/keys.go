package records

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
)

// SysPartition holds what belongs to no group and to nobody.
const SysPartition = "sys"

// GroupPartition holds what belongs to a group (ID).
func GroupPartition(group string) string { return "g/" + KeyPart(group) }

// MemberPartition holds what belongs to a person (ID) alone.
func MemberPartition(id string) string { return "p/" + KeyPart(id) }

// KeyPart keeps an id within what a store's key may be made of, whatever a
// platform calls its people.
func KeyPart(id string) string {
	part := url.QueryEscape(id)
	if len(part) > 150 {
		sum := sha256.Sum256([]byte(id))
		return part[:100] + "-" + hex.EncodeToString(sum[:])[:32]
	}
	return part
}

// PersonIndex lists every document of a group that is about somebody.
func PersonIndex(id string) string { return "person/" + KeyPart(id) }
