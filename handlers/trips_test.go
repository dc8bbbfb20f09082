package handlers

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/internal/store"
	"village/internal/store/bolt"
	"village/internal/village"
)

// counted is a store that counts what it is asked.
type counted struct {
	store.Store
	calls []string
}

func (c *counted) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	kinds := []string{}
	for _, k := range keys {
		kinds = append(kinds, k.Kind)
	}
	c.calls = append(c.calls, "get "+strings.Join(kinds, " "))
	return c.Store.Get(ctx, keys...)
}

func (c *counted) List(ctx context.Context, q store.Query) ([]store.Doc, error) {
	c.calls = append(c.calls, "list "+q.Index)
	return c.Store.List(ctx, q)
}

func (c *counted) Count(ctx context.Context, partition, index string, from, to int64) (int64, error) {
	c.calls = append(c.calls, "count "+index)
	return c.Store.Count(ctx, partition, index, from, to)
}

func (c *counted) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	c.calls = append(c.calls, "counts")
	return c.Store.Counts(ctx, ranges...)
}

func (c *counted) Commit(ctx context.Context, change store.Change) error {
	c.calls = append(c.calls, "commit")
	return c.Store.Commit(ctx, change)
}

func (c *counted) Pending(ctx context.Context, partition string, limit int) ([]store.Job, error) {
	c.calls = append(c.calls, "pending")
	return c.Store.Pending(ctx, partition, limit)
}

func (c *counted) Walk(ctx context.Context, doc func(store.Doc) error, job func(store.Job) error) error {
	c.calls = append(c.calls, "walk of everything")
	return c.Store.Walk(ctx, doc, job)
}

// A command asks the store a handful of times, whoever types it and however much
// there is: every round trip is time in which somebody waits.
func TestRoundTrips(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	var trips *counted
	kind := storeKind{name: "counted bolt", open: func(now func() time.Time) (store.Store, error) {
		s, err := bolt.OpenThrowaway(now)
		trips = &counted{Store: s}
		return trips, err
	}}
	b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 5)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	for _, who := range []string{"maya", "sam"} { // the bot knows them already
		b.mustSay(t, who, "/need mine")
	}
	code := func(s string) string {
		fields := strings.Fields(s)
		return fields[len(fields)-1]
	}
	asked := b.mustSay(t, "maya", "/ask ride-home thu 1:30pm from: near Union Station details: the blue door")
	need := code(asked.Messages[0].Buttons[0].Command)
	plan := b.mustSay(t, "maya", "/session add dec 1, 4, 8, 11, 15 and 18 at 1pm area: near Union Station help: ride home, childcare home: the west side")
	last := plan.Messages[len(plan.Messages)-1]
	save := last.Buttons[slices.IndexFunc(last.Buttons, func(b bot.Button) bool { return strings.HasPrefix(b.Command, "/session save") })].Command
	for range 15 { // a board asks no oftener for being long
		b.mustSay(t, "maya", "/ask errand thu 6pm where: the west side")
	}
	b.mustSay(t, "mod", "/need mine")
	type trip struct {
		who, line string
		most      int
	}
	check := func(test trip) {
		t.Helper()
		trips.calls = nil
		b.mustSay(t, test.who, test.line)
		if len(trips.calls) > test.most {
			t.Errorf("%s asks the store %d times, and %d is the most:\n%s", test.line, len(trips.calls), test.most, strings.Join(trips.calls, "\n"))
		}
	}
	for _, test := range []trip{
		{"sam", "/faq can I drive home after", 2},
		{"sam", "/help", 3},
		{"sam", "/need claim " + need, 8}, // one of them is whether the member was asked about them of late
		{"maya", save, 10},
		{"maya", "/home", 9},
		{"sam", "/need open", 5},
		{"sam", "/need open all", 5},
		{"maya", "/need mine", 5},
		{"mod", "/need uncovered", 5},
		{"maya", "/session list", 5},
	} {
		check(test)
	}
	needs, err := b.needs()
	if err != nil {
		t.Fatal(err)
	}
	ride := needs[slices.IndexFunc(needs, func(n village.Need) bool { return n.Series != "" && n.Kind == village.RideHome })].ID
	check(trip{"sam", "/need show " + ride + " day", 5})
	check(trip{"sam", "/need claim " + ride + " days: all", 12}) // six days cost little more than one
}
