package handlers

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"village/internal/store"
)

// gone is a store that answers nothing once it is away.
type gone struct {
	store.Store
	away *bool
}

var errAway = errors.New("the store is away")

func (g gone) Get(ctx context.Context, keys ...store.Key) ([]store.Doc, error) {
	if *g.away {
		return nil, errAway
	}
	return g.Store.Get(ctx, keys...)
}

func (g gone) Counts(ctx context.Context, ranges ...store.Range) ([]int64, error) {
	if *g.away {
		return nil, errAway
	}
	return g.Store.Counts(ctx, ranges...)
}

// What the bot can do is told without a store.
func TestHelpNeedsNoStore(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	away := false
	kind := storeKind{name: "gone", open: func(now func() time.Time) (store.Store, error) {
		s, err := boltStore.open(now)
		return gone{s, &away}, err
	}}
	b, err := newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer b.store.Close()
	before := b.mustSay(t, "maya", "/help")
	away = true
	after := b.mustSay(t, "maya", "/help")
	if len(after.Messages) != 1 || shown(after.Messages[0]) != shown(before.Messages[0]) {
		t.Errorf("without a store it says %+v", after.Messages)
	}
	if home := b.says("maya", "/home"); !strings.Contains(shown(home.Messages[0]), "Something went wrong on my side") {
		t.Errorf("what cannot be known is told: %q", shown(home.Messages[0]))
	}
}
