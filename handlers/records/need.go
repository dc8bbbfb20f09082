package records

import (
	"context"
	"fmt"
	"slices"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// Week is how far the boards of moderators and the digest look ahead.
const Week = 7 * 24 * time.Hour

// needs are those in an index that start between two instants, the first first, at
// most limit; 0 is no limit.
func (rec *Records) needs(ctx context.Context, group, index string, from, to time.Time, limit int) ([]village.Need, error) {
	q := store.Query{Partition: GroupPartition(group), Index: index, From: max(from.UnixMilli(), 0), To: EndOfTime, Limit: limit}
	if !to.IsZero() {
		q.To = to.UnixMilli()
	}
	return List[village.Need](ctx, rec, q, KindNeed)
}

// Coming are a group's needs from now on for a week.
func (rec *Records) Coming(ctx context.Context, group string) ([]village.Need, error) {
	return rec.ComingUntil(ctx, group, rec.now().Add(Week))
}

// ComingUntil are a group's needs from now on to an instant.
func (rec *Records) ComingUntil(ctx context.Context, group string, until time.Time) ([]village.Need, error) {
	return rec.needs(ctx, group, liveIndex, rec.now(), until, 0)
}

// OpenNeeds are a group's open needs from now on to an instant, the first ones; the
// zero time means all of them.
func (rec *Records) OpenNeeds(ctx context.Context, group string, to time.Time, limit int) ([]village.Need, error) {
	return rec.needs(ctx, group, openIndex, rec.now(), to, limit)
}

// NeedsWith are the needs of a group that somebody asked for, helps with, stands by
// for or signed others up for.
func (rec *Records) NeedsWith(ctx context.Context, group, person string, from time.Time, limit int) ([]village.Need, error) {
	return rec.needs(ctx, group, PersonIndex(person), from, time.Time{}, limit)
}

// Ahead counts what a person has asked for that has not ended.
func (rec *Records) Ahead(ctx context.Context, group, person string) (int, error) {
	counts, err := rec.Counts(ctx, store.Range{Partition: GroupPartition(group), Index: AheadIndex(person), From: rec.now().UnixMilli(), To: EndOfTime})
	if err != nil {
		return 0, fmt.Errorf("counting requests: %w", err)
	}
	return int(counts[0]), nil
}

// Board counts a group's needs without reading them.
type Board struct {
	// Asked is how many are asked for in the next seven days, Open how many of them
	// have nobody yet or too few, and AllOpen how many have at any time ahead.
	Asked, Open, AllOpen int
}

// Covered is how many of the next seven days have somebody.
func (b Board) Covered() int { return b.Asked - b.Open }

// Board counts what is asked for and what is open, in one round trip.
func (rec *Records) Board(ctx context.Context, group string) (Board, error) {
	from, to := rec.now().UnixMilli(), rec.now().Add(Week).UnixMilli()
	partition := GroupPartition(group)
	counts, err := rec.Counts(ctx, store.Range{Partition: partition, Index: liveIndex, From: from, To: to},
		store.Range{Partition: partition, Index: openIndex, From: from, To: to}, store.Range{Partition: partition, Index: openIndex, From: from, To: EndOfTime})
	if err != nil {
		return Board{}, fmt.Errorf("counting requests: %w", err)
	}
	return Board{Asked: int(counts[0]), Open: int(counts[1]), AllOpen: int(counts[2])}, nil
}

// KindNeed is one thing that is asked for.
const KindNeed = "need"

// NeedKey is a need (ID) of a group.
func NeedKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindNeed, ID: id}
}

// The indexes of needs by start: all of them, those not cancelled, and those that
// are open.
const (
	allIndex  = "needs"
	liveIndex = "live"
	openIndex = "open"
)

// AheadIndex lists what somebody asked for by its end.
func AheadIndex(id string) string { return "ahead/" + KeyPart(id) }

// SteppedIndex lists the needs that somebody has stepped back from.
func SteppedIndex(id string) string { return "stepped/" + KeyPart(id) }

// PutNeed writes a need and everything it owes, with its place in every list.
func (rec *Records) PutNeed(t *Tx, g village.Group, n village.Need, owed []village.Owed) {
	start := n.Start.UnixMilli()
	listed := []store.Entry{{Name: allIndex, Score: start}}
	if n.Member != village.Forgotten() {
		listed = append(listed, store.Entry{Name: PersonIndex(n.Member.ID), Score: start})
	}
	if n.Why != village.Cancelled {
		listed = append(listed, store.Entry{Name: liveIndex, Score: start})
	}
	if n.State() == village.Open && !n.IsHeld() {
		listed = append(listed, store.Entry{Name: openIndex, Score: start})
	}
	if n.Why == "" {
		listed = append(listed, store.Entry{Name: AheadIndex(n.Member.ID), Score: n.End.UnixMilli()})
	}
	for _, id := range Helping(n) {
		listed = append(listed, store.Entry{Name: PersonIndex(id), Score: start})
	}
	if n.Series != "" {
		listed = append(listed, store.Entry{Name: SeriesIndex(n.Series), Score: start})
	}
	for _, id := range n.Stepped() {
		listed = append(listed, store.Entry{Name: SteppedIndex(id), Score: start})
	}
	w := owing{Tx: t, g: g, n: n, zone: village.ZoneNamed(g.Zone), rev: t.Revs[NeedKey(g.ID, n.ID)] + 1}
	for _, o := range owed {
		w.put(o)
	}
	t.Put(NeedKey(g.ID, n.ID), w.n, n.KeptUntil(), listed...)
}

// ChangeNeed changes one need by a rule, and writes what it owes; a rule that owes
// nothing has changed nothing. The need is as the rule left it, or as it was where
// the rule refuses; it is empty, and no rule is asked, where there is none (any
// more).
func (rec *Records) ChangeNeed(ctx context.Context, group, id string, rule func(t *Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error)) (village.Need, error) {
	var n village.Need
	err := rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		n = village.Need{}
		var g village.Group
		if err := t.Get(NeedKey(group, id), &n); err != nil || n.ID == "" {
			return err
		}
		if err := t.Get(GroupKey(group), &g); err != nil {
			return err
		}
		after, owed, err := rule(t, g, n)
		if err != nil {
			return err
		}
		if n = after; len(owed) > 0 {
			rec.PutNeed(t, g, n, owed)
		}
		return nil
	})
	return n, err
}

// PutCard has the card of a need posted in a room (ID), or edited there.
func (t *Tx) PutCard(group string, n village.Need, room string) {
	to := village.Address{Room: room}
	t.PutJob(CardJobID(n, to), KindNeedJob, t.Rec.now(), village.Notice{Group: group, Need: n.ID, What: village.OwedCard, To: to})
}

// Helping are the IDs of those who help, stand by, or answer for somebody without
// an account, without the member and each once.
func Helping(n village.Need) []string {
	var ids []string
	for _, c := range slices.Concat(n.Claims, n.Backups) {
		if id := c.AnswersFor(n); id != village.Forgotten().ID && id != n.Member.ID && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Addressees are the person, the moderators, or each of the group's channels.
// Where the moderators are is found out when it is due, see toModerators.
func Addressees(g village.Group, o village.Owed) []village.Address {
	switch {
	case o.What.ByClock():
		return []village.Address{{Person: o.To}}
	case village.IsGuest(o.To), o.To == village.Forgotten().ID:
		return nil // nobody is there to read it
	case o.To != "":
		return []village.Address{{Person: o.To}}
	}
	var to []village.Address
	for _, room := range g.Rooms {
		to = append(to, village.Address{Room: room.ID})
	}
	return to
}

// SeriesIndex lists what was asked for in one go, on several days.
func SeriesIndex(id string) string { return "series/" + id }

// InSeries are the needs that were asked for together with one, itself included, by
// start; what shares its card is among them.
func (rec *Records) InSeries(ctx context.Context, group string, n village.Need) ([]village.Need, error) {
	if n.Series == "" {
		return []village.Need{n}, nil
	}
	return rec.needs(ctx, group, SeriesIndex(n.Series), time.Time{}, time.Time{}, 0)
}

// JobID is the same for the same standing promise, and its own for each other.
func JobID(need string, o village.Owed, to village.Address, rev int64) string {
	id := "need/" + need + "/" + string(o.What) + "/" + KeyPart(to.Person+to.Room)
	if o.Each {
		id += "/" + KeyPart(o.About.ID)
	}
	if !o.Standing {
		id += "/" + fmt.Sprint(rev)
	}
	return id
}
