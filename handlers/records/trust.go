package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindTrust is a member's word about a helper, see [village.Trust]. Its key is a
// hash, so that a no says nothing about anybody to whoever reads the store.
const KindTrust = "trust"

// KindBar is a moderator's word that somebody is not to help.
const KindBar = "bar"

// TrustKey is a member's word about a helper in a group, by IDs that it does not tell.
func TrustKey(group, member, helper string) store.Key {
	sum := sha256.Sum256([]byte(group + "\x00" + member + "\x00" + helper))
	return store.Key{Partition: GroupPartition(group), Kind: KindTrust, ID: hex.EncodeToString(sum[:16])}
}

// Trust is a member's word about a helper, as it stands.
func (rec *Records) Trust(t *Tx, group, member, helper string) (w village.Trust, err error) {
	err = t.Get(TrustKey(group, member, helper), &w)
	return w, err
}

// PutTrust remembers a member's word about a helper, which was read before. What is
// no yes is listed with the member alone: it says nothing about anybody to whoever
// reads the store.
func (rec *Records) PutTrust(t *Tx, group, member, helper string, w village.Trust) {
	w.At = rec.now().UTC()
	listed := []store.Entry{{Name: PersonIndex(member), Score: w.At.UnixMilli()}}
	if w.Yes {
		listed = append(listed, store.Entry{Name: PersonIndex(helper), Score: w.At.UnixMilli()})
	}
	t.Put(TrustKey(group, member, helper), w, w.At.Add(village.MaxAhead), listed...)
}

// Vouch remembers that a member, or a moderator for them, has said yes to a helper
// for this need and all like it.
func (rec *Records) Vouch(t *Tx, group string, n village.Need, helper string) error {
	w, err := rec.Trust(t, group, n.Member.ID, helper)
	if err == nil {
		rec.PutTrust(t, group, n.Member.ID, helper, w.And(n.Kind, rec.now()))
	}
	return err
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

// Welcome looks at whether a helper may say yes here: not kept away by a moderator,
// and not by whoever asks, whose no holds for all that they ask for until they take
// it back.
func (rec *Records) Welcome(t *Tx, group string, n village.Need, helper string) error {
	key := TrustKey(group, n.Member.ID, helper)
	if err := rec.Fetch(t.Ctx, BarKey(group, helper), key, HelperKey(group, helper)); err != nil {
		return err
	}
	var b Bar
	if err := t.Get(BarKey(group, helper), &b); err != nil {
		return err
	}
	if !b.Since.IsZero() {
		return village.Enough()
	}
	w, err := rec.Trust(t, group, n.Member.ID, helper)
	switch {
	case err != nil:
		return err
	case w.No():
		return village.Enough()
	}
	return b.MayClaim()
}

// Unwelcome are those of some needs (their IDs) to which a helper's yes would be
// refused, read in one round trip.
func (rec *Records) Unwelcome(ctx context.Context, group string, needs []village.Need, helper string) (map[string]bool, error) {
	keys := []store.Key{BarKey(group, helper), HelperKey(group, helper)}
	for _, n := range needs {
		keys = append(keys, TrustKey(group, n.Member.ID, helper))
	}
	if err := rec.Fetch(ctx, keys...); err != nil {
		return nil, err
	}
	t, out := rec.Begin(ctx, GroupPartition(group)), map[string]bool{}
	for _, n := range needs {
		err := rec.Welcome(t, group, n, helper)
		if err != nil && !village.IsCode(err, village.CodeEnough) && !village.IsCode(err, village.CodePaused) {
			return nil, err
		}
		out[n.ID] = err != nil
	}
	return out, nil
}

// Known says whether nobody has to say yes to a helper any more before they are let
// in to a need: they were asked about before, or the group lets anyone help. Who was
// let in before anybody was asked is known from then on.
func (rec *Records) Known(t *Tx, g village.Group, n village.Need, helper string) (bool, error) {
	w, err := rec.Trust(t, g.ID, n.Member.ID, helper)
	switch {
	case err != nil || w.For(n.Kind):
		return err == nil, err
	case g.Anyone && !n.Kind.WithChildren():
		return true, nil
	case w.Ask:
		return false, nil
	}
	theirs, err := rec.NeedsWith(t.Ctx, g.ID, helper, rec.now().Add(-village.MaxLasts), 0)
	if err != nil || !village.HasHelped(theirs, n.Member.ID, helper, n.Kind) {
		return false, err
	}
	return true, rec.Vouch(t, g.ID, n, helper)
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
	w, err := rec.Trust(t, group, n.Member.ID, helper)
	if err != nil {
		return false, err
	}
	if !w.No() {
		return false, refusal
	}
	rec.PutTrust(t, group, n.Member.ID, helper, village.Trust{Ask: true})
	return true, nil
}

// Said is what a member has said about helpers: to whom yes, and how often no, which
// names nobody.
type Said struct {
	Yes  []SaidYes
	Noes int
}

// SaidYes is a yes to a helper (a person's ID).
type SaidYes struct {
	Helper string
	village.Trust
}

// TrustOf is what a member has said about helpers in a group, the oldest word first.
func (rec *Records) TrustOf(ctx context.Context, group, member string) (Said, error) {
	var said Said
	docs, err := rec.All(ctx, store.Query{Partition: GroupPartition(group), Index: PersonIndex(member), To: EndOfTime})
	if err != nil {
		return said, err
	}
	for _, d := range docs {
		var w village.Trust
		if d.Kind != KindTrust {
			continue
		}
		if err := json.Unmarshal(d.Body, &w); err != nil {
			return said, fmt.Errorf("reading %s: %w", d.Kind, err)
		}
		helper, given := GaveTrust(d, group, member)
		switch {
		case w.No():
			said.Noes++
		case w.Yes && given:
			said.Yes = append(said.Yes, SaidYes{Helper: helper, Trust: w})
		}
	}
	return said, nil
}

// GaveTrust says whether a word is one that this person gave, and about whom, where
// it is a yes: only that is listed for both, and its key tells who gave it.
func GaveTrust(d store.Doc, group, person string) (helper string, given bool) {
	for _, e := range d.Listed {
		id, err := url.QueryUnescape(strings.TrimPrefix(e.Name, PersonIndex("")))
		if err == nil && TrustKey(group, person, id) == d.Key {
			return id, true
		}
	}
	return "", len(d.Listed) == 1
}
