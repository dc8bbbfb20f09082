package records

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindTrust is a member's word about a helper with children, kindBar that
// somebody is kept from helping.
const KindTrust = "trust"

// KindBar is a moderator's word that somebody is not to help with children.
const KindBar = "bar"

// Trust is a member's word about a helper: a yes lets them near the children, a no
// holds for everything. Its key is a hash, so that a no says nothing about anybody to whoever reads the store.
type Trust struct {
	Yes bool      `json:"yes"`
	At  time.Time `json:"at"`
}

// TrustKey is a member's word about a helper in a group, by IDs that it does not tell.
func TrustKey(group, member, helper string) store.Key {
	sum := sha256.Sum256([]byte(group + "\x00" + member + "\x00" + helper))
	return store.Key{Partition: GroupPartition(group), Kind: KindTrust, ID: hex.EncodeToString(sum[:16])}
}

// PutTrust remembers a member's word about a helper. A no is listed with the member
// alone: it says nothing about anybody to whoever reads the store.
func (rec *Records) PutTrust(t *Tx, group, member, helper string, yes bool) error {
	key := TrustKey(group, member, helper)
	if err := t.Get(key, &Trust{}); err != nil {
		return err
	}
	now := rec.now().UTC()
	listed := []store.Entry{{Name: PersonIndex(member), Score: now.UnixMilli()}}
	if yes {
		listed = append(listed, store.Entry{Name: PersonIndex(helper), Score: now.UnixMilli()})
	}
	t.Put(key, Trust{Yes: yes, At: now}, now.Add(village.MaxAhead), listed...)
	return nil
}

// PutBar keeps a helper from future needs, or lets them help again.
func (rec *Records) PutBar(t *Tx, group, helper string, on bool) error {
	key := BarKey(group, helper)
	var b Bar
	if err := t.Get(key, &b); err != nil {
		return err
	}
	if !on {
		t.Remove(key)
		return nil
	}
	b.Since = rec.now().UTC()
	t.putBar(group, helper, b)
	return nil
}

// putBar keeps a bar until it is taken back, and the bounds alone for as long as they
// matter. Neither is forgotten with its person: it would be no bar.
func (t *Tx) putBar(group, helper string, b Bar) {
	expires := t.Rec.now().Add(village.BoundsKept)
	if !b.Since.IsZero() || !b.Paused.IsZero() {
		expires = time.Time{}
	}
	t.Put(BarKey(group, helper), b, expires)
}

// Welcome looks at whether a helper may say yes here: approved where children are
// part of it, not kept away by a moderator, and not by whoever asks, whose no holds
// for all that they ask for until they take it back.
func (rec *Records) Welcome(t *Tx, group string, n village.Need, helper string) (approved bool, err error) {
	key := TrustKey(group, n.Member.ID, helper)
	if err := rec.Fetch(t.Ctx, BarKey(group, helper), key, HelperKey(group, helper)); err != nil {
		return false, err
	}
	var b Bar
	if err := t.Get(BarKey(group, helper), &b); err != nil {
		return false, err
	}
	if !b.Since.IsZero() {
		return false, village.Enough()
	}
	var w Trust
	if err := t.Get(key, &w); err != nil {
		return false, err
	}
	if t.Has(key) && !w.Yes {
		return false, village.Enough()
	}
	if err := b.MayClaim(); err != nil {
		return false, err
	}
	return w.Yes || !n.Kind.WithChildren(), nil
}

// Bar keeps a helper from future needs since then, if at all, and counts what is
// bounded. Like trust, it has a hash for a key.
type Bar struct {
	Since time.Time `json:"since,omitzero"`
	village.Bounds
}

// BarKey is a group's word about a helper, by an ID that it does not tell.
func BarKey(group, helper string) store.Key {
	sum := sha256.Sum256([]byte(group + "\x00" + helper))
	return store.Key{Partition: GroupPartition(group), Kind: KindBar, ID: hex.EncodeToString(sum[:16])}
}

// TakeBackNo forgets a member's no to a helper; where there is none, it gives the
// refusal.
func (rec *Records) TakeBackNo(t *Tx, group string, n village.Need, helper string, refusal error) (bool, error) {
	var w Trust
	key := TrustKey(group, n.Member.ID, helper)
	if err := t.Get(key, &w); err != nil {
		return false, err
	}
	if !t.Has(key) || w.Yes {
		return false, refusal
	}
	t.Remove(key)
	return true, nil
}
