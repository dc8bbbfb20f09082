package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// PutDetails seals a need's private details anew, or removes them.
func (rec *Records) PutDetails(t *Tx, g village.Group, n village.Need, words string) error {
	key := DetailsKey(g.ID, n.ID)
	var d SealedDetails
	if err := t.Get(key, &d); err != nil {
		return err
	}
	if !n.Details {
		t.Remove(key)
		return nil
	}
	d.Sealed = rec.keyring.Seal(words, g.ID, n.ID, "details")
	t.Put(key, d, n.DetailsUntil(), store.Entry{Name: PersonIndex(n.Member.ID), Score: n.Start.UnixMilli()})
	return nil
}

// KindDetails is what is private about a need or a plan, sealed.
const KindDetails = "details"

// DetailsKey is the private details of a need (ID) of a group.
func DetailsKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindDetails, ID: id}
}

// SealedDetails is private details as they are kept.
type SealedDetails struct {
	Sealed []byte `json:"sealed"`
}

// KeepDetails keeps a need's private details for as long as its new day needs
// them, or replaces them.
func (rec *Records) KeepDetails(t *Tx, g village.Group, n village.Need, private string) error {
	if private != "" {
		return rec.PutDetails(t, g, n, private)
	}
	if !n.Details {
		return nil
	}
	var d SealedDetails
	key := DetailsKey(g.ID, n.ID)
	if err := t.Get(key, &d); err != nil || !t.Has(key) {
		return err
	}
	t.Put(key, d, n.DetailsUntil(), store.Entry{Name: PersonIndex(n.Member.ID), Score: n.Start.UnixMilli()})
	return nil
}

// PlanDetails begins the id of a plan's private words.
const PlanDetails = "plan-"

// PlanDetailsKey is where a plan's private words are. They are a document of
// their own, so that they are wiped long before the plan is.
func PlanDetailsKey(group, course string) store.Key { return DetailsKey(group, PlanDetails+course) }

// PutPlanWords seals a plan's private words.
func (rec *Records) PutPlanWords(t *Tx, group string, c village.Course, words string) {
	rec.PutSealed(t, group, c, SealedDetails{Sealed: rec.keyring.Seal(words, group, c.ID, "details")})
}

// PutSealed keeps a plan's private details for as long as its sessions need them.
func (rec *Records) PutSealed(t *Tx, group string, c village.Course, d SealedDetails) {
	t.Put(PlanDetailsKey(group, c.ID), d, c.DetailsUntil(), store.Entry{Name: PersonIndex(c.Member.ID), Score: c.Sessions[0].Start.UnixMilli()})
}

// KeepPlanWords keeps a plan's private words until they are to be wiped by its
// dates as they are now.
func (rec *Records) KeepPlanWords(t *Tx, group string, c village.Course) error {
	key := PlanDetailsKey(group, c.ID)
	if t.Puts(key) {
		return nil
	}
	if !c.Private {
		return t.Drop(key)
	}
	var d SealedDetails
	if err := t.Get(key, &d); err != nil || !t.Has(key) {
		return err
	}
	rec.PutSealed(t, group, c, d)
	return nil
}

// KindSeen is when a helper first opened a need's private details.
const KindSeen = "seen"

// Seen is when somebody first opened them. Its key does not tell who.
type Seen struct {
	At time.Time `json:"at"`
}

func unnamed(need, id string) string {
	sum := sha256.Sum256([]byte(need + "\x00" + id))
	return hex.EncodeToString(sum[:8])
}

func seenKey(group, need, helper string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindSeen, ID: need + "/" + unnamed(need, helper)}
}

// PutSeen notes that a helper opens a need's private details.
func (t *Tx) PutSeen(group string, n village.Need, helper string) error {
	key := seenKey(group, n.ID, helper)
	var s Seen
	if err := t.Get(key, &s); err != nil || !s.At.IsZero() {
		return err
	}
	t.Put(key, Seen{At: t.Rec.now().UTC()}, n.KeptUntil())
	return nil
}

// Openers are the helpers (IDs) who have opened a need's private details before they
// were told that they can.
func (rec *Records) Openers(t *Tx, group string, n village.Need) ([]string, error) {
	if !n.Details || !rec.now().Before(n.DetailsFrom()) || len(n.Claims) == 0 {
		return nil, nil
	}
	var keys []store.Key
	for _, c := range n.Claims {
		keys = append(keys, seenKey(group, n.ID, c.Helper.ID))
	}
	if err := rec.Fetch(t.Ctx, keys...); err != nil {
		return nil, err
	}
	var out []string
	for _, c := range n.Claims {
		var s Seen
		if err := t.Get(seenKey(group, n.ID, c.Helper.ID), &s); err != nil {
			return nil, err
		}
		if !s.At.IsZero() {
			out = append(out, c.Helper.ID)
		}
	}
	return out, nil
}

// SeenBy is when a helper first opened a need's private details; zero: never.
func (rec *Records) SeenBy(ctx context.Context, group, need, helper string) (time.Time, error) {
	var s Seen
	_, err := rec.Read(ctx, seenKey(group, need, helper), &s)
	return s.At, err
}
