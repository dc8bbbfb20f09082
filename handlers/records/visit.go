package records

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"village/internal/store"
	"village/internal/village"
)

// visit is what one request has read. A document is read once, however many ask
// for it: who is there, where, in which group, and what they came for. What is
// committed on the strength of it names the revision that was read, so that a
// visit can be behind the truth and never against it.
type visit struct {
	mu     sync.Mutex
	docs   map[store.Key]store.Doc
	counts map[store.Range]int64
	lists  map[store.Query][]store.Doc // first pages
	caller *Caller
}

// Caller is what nearly every request looks at: where it comes from, who that is,
// and what the group of that place knows about them.
type Caller struct {
	Workspace string
	Place     Place
	Member    village.Member
	Group     village.Group
	Moderator Moderator // zero for somebody who is not known to moderate
}

// AtHome says that the workspace is a village of its own, as nearly all are.
func (c Caller) AtHome() bool {
	return c.Workspace != "" && c.Place.Group == c.Workspace && c.Group.ID == c.Workspace && c.Group.Joined == ""
}

// Caller reads who is there, and where, in one round trip and once a visit. In a
// direct message (no workspace) the person says which group it is.
func (rec *Records) Caller(ctx context.Context, workspace, person string) (Caller, error) {
	v := visitOf(ctx)
	if c, known := v.known(workspace, person); known {
		return c, nil
	}
	c := Caller{Workspace: workspace}
	group := workspace
	if workspace == "" {
		if _, err := rec.Read(ctx, MemberKey(person), &c.Member); err != nil || c.Member.Group == "" {
			return c, err
		}
		group = c.Member.Group
	}
	keys := []store.Key{MemberKey(person), GroupKey(group), ModeratorKey(group, person)}
	into := []any{&c.Member, &c.Group, &c.Moderator}
	if workspace != "" {
		keys, into = append(keys, PlaceKey(workspace)), append(into, &c.Place)
	}
	docs, err := rec.get(ctx, keys...)
	if err != nil {
		return c, fmt.Errorf("reading who is there: %w", err)
	}
	for i, d := range docs {
		if d.Rev == 0 {
			continue
		}
		if err := json.Unmarshal(d.Body, into[i]); err != nil {
			return c, fmt.Errorf("reading %s: %w", d.Kind, err)
		}
	}
	v.know(c)
	return c, nil
}

func (v *visit) known(workspace, person string) (Caller, bool) {
	if v == nil {
		return Caller{}, false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.caller == nil || v.caller.Workspace != workspace || v.caller.Member.ID != person {
		return Caller{}, false
	}
	return *v.caller, true
}

func (v *visit) know(c Caller) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.caller = &c
}

type visitKey struct{}

// Visit gives the context of one request, within which every document is read
// once. A change that turns out to be stale reads anew, and what the request
// commits itself it sees.
func Visit(ctx context.Context) context.Context {
	return context.WithValue(ctx, visitKey{}, &visit{docs: map[store.Key]store.Doc{}, counts: map[store.Range]int64{}, lists: map[store.Query][]store.Doc{}})
}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// get reads documents, in the order of the keys, those that the visit lacks in
// one round trip.
func (rec *Records) get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	v := visitOf(ctx)
	if v == nil {
		return rec.store.Get(ctx, keys...)
	}
	lacking := v.lacking(keys)
	if len(lacking) > 0 {
		docs, err := rec.store.Get(ctx, lacking...)
		if err != nil {
			return nil, err
		}
		v.keep(docs)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]store.Doc, len(keys))
	for i, key := range keys {
		out[i] = v.docs[key]
	}
	return out, nil
}

// Fetch reads what will be asked for, in one round trip. Outside of a visit it
// does nothing.
func (rec *Records) Fetch(ctx context.Context, keys ...store.Key) error {
	if visitOf(ctx) == nil {
		return nil
	}
	if _, err := rec.get(ctx, keys...); err != nil {
		return fmt.Errorf("reading ahead: %w", err)
	}
	return nil
}

// list reads a page of an index, a first page once a visit.
func (rec *Records) list(ctx context.Context, q store.Query) ([]store.Doc, error) {
	v := visitOf(ctx)
	if v == nil || q.After != nil {
		docs, err := rec.store.List(ctx, q)
		v.keep(docs)
		return docs, err
	}
	v.mu.Lock()
	docs, known := v.lists[q]
	v.mu.Unlock()
	if known {
		return docs, nil
	}
	docs, err := rec.store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	v.keep(docs)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lists[q] = docs
	return docs, nil
}

// Counts counts ranges of indexes, in their order, those that the visit lacks in
// one round trip.
func (rec *Records) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	v := visitOf(ctx)
	if v == nil {
		return rec.store.Counts(ctx, ranges...)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var lacking []store.Range
	for _, r := range ranges {
		if _, known := v.counts[r]; !known {
			lacking = append(lacking, r)
		}
	}
	if len(lacking) > 0 {
		counts, err := rec.store.Counts(ctx, lacking...)
		if err != nil {
			return nil, err
		}
		for i, r := range lacking {
			v.counts[r] = counts[i]
		}
	}
	out := make([]int64, len(ranges))
	for i, r := range ranges {
		out[i] = v.counts[r]
	}
	return out, nil
}

func (v *visit) lacking(keys []store.Key) []store.Key {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []store.Key
	for _, key := range keys {
		if _, known := v.docs[key]; !known && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// keep remembers documents as they were read.
func (v *visit) keep(docs []store.Doc) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, d := range docs {
		v.docs[d.Key] = d
	}
}

// forget lets what a change wrote or checked be read anew, and all be counted and
// listed anew.
func (v *visit) forget(c store.Change) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.caller = nil
	clear(v.counts)
	clear(v.lists)
	for _, d := range c.Puts {
		delete(v.docs, d.Key)
	}
	for _, checks := range [][]store.Check{c.Deletes, c.Checks} {
		for _, d := range checks {
			delete(v.docs, d.Key)
		}
	}
}
