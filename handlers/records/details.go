package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
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

// KindCarried lists the messages that carried a need's private details to a helper.
const KindCarried = "carried"

// mostCarried is how many of them are remembered, the last ones.
const mostCarried = 40

// Carried is the names of such messages. Neither its key nor a name tells whose they
// are.
type Carried struct {
	Cards []string `json:"cards"`
	// Seen is when the helper was first sent them, or opened them.
	Seen time.Time `json:"seen"`
}

func unnamed(need, id string) string {
	sum := sha256.Sum256([]byte(need + "\x00" + id))
	return hex.EncodeToString(sum[:8])
}

func carriedKey(group, need, helper string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindCarried, ID: need + "/" + unnamed(need, helper)}
}

// Carrier names the message of a job (an ID) to a helper (a person's ID) that carries
// private details.
func Carrier(need, helper, job string, due time.Time) string {
	return fmt.Sprintf("private/%s/%s/%s/%d", need, unnamed(need, helper), unnamed(need, job), due.UnixMilli())
}

// PutCarried notes one more such message; an empty name, that they were opened in
// another way.
func (t *Tx) PutCarried(group string, n village.Need, helper, card string) error {
	key := carriedKey(group, n.ID, helper)
	var c Carried
	if err := t.Get(key, &c); err != nil {
		return err
	}
	if c.Seen.IsZero() {
		c.Seen = t.Rec.now().UTC()
	}
	if card != "" && !slices.Contains(c.Cards, card) {
		c.Cards = append(c.Cards, card)
	}
	c.Cards = c.Cards[max(0, len(c.Cards)-mostCarried):]
	t.Put(key, c, n.KeptUntil())
	return nil
}

// SeenBy is when a helper first had a need's private details; zero: never.
func (rec *Records) SeenBy(ctx context.Context, group, need, helper string) (time.Time, error) {
	var c Carried
	_, err := rec.Read(ctx, carriedKey(group, need, helper), &c)
	return c.Seen, err
}

// Carried are the names of the messages that carried private details to a helper.
func (t *Tx) Carried(group, need, helper string) ([]string, error) {
	var c Carried
	err := t.Get(carriedKey(group, need, helper), &c)
	return c.Cards, err
}
